//! What is sent and what is made of the answers, against a server that replays them.

use std::time::Duration;

use axum::http::HeaderMap;
use bytes::Bytes;
use http_body_util::Full;
use reqwest::StatusCode;
use reqwest::header::HeaderName;
use serde_json::json;

use super::*;
use crate::forge::http::answer::quote;
use crate::forge::replay::{Replay, Reply, reply, text};
use crate::merge_request::ForgeKind;

const TOKEN: &str = "sesame-4711";

fn api_at(url: &Url, network: &Network) -> TokenApi {
    let header = HeaderName::from_static("private-token");
    TokenApi::new(ForgeKind::Gitlab, client(network).unwrap(), url, header, "", SecretString::from(TOKEN))
        .unwrap()
}

async fn api() -> (Replay, TokenApi) {
    let replay = Replay::start().await;
    let api = api_at(&replay.url, &Network::default());
    (replay, api)
}

async fn error_of(reply: Reply) -> ForgeError {
    let (replay, api) = api().await;
    replay.on("POST /things", reply);
    let answer = call::change(&api, Method::POST, &Route::new("/things"), Some(&json!({}))).await;
    assert_eq!(replay.calls(), ["POST /things"]);
    answer.unwrap_err()
}

#[tokio::test]
async fn a_forge_may_be_served_under_a_path() {
    let replay = Replay::start().await;
    replay.on("GET /dev/gitlab/api/v4/user", reply(200, json!(7)));
    for path in ["dev/gitlab", "dev/gitlab/"] {
        let api = api_at(&replay.url.join(path).unwrap(), &Network::default());
        assert_eq!(call::get::<u32>(&api, &Route::new("/api/v4/user")).await.unwrap(), 7);
    }
    assert_eq!(replay.seen()[0].headers["private-token"], TOKEN);
}

#[tokio::test]
async fn pages_are_followed_by_link_and_by_number() {
    let (replay, api) = api().await;
    let link = r#"<https://elsewhere.example/first?page=1>; rel="first", <https://elsewhere.example/x,y?page=2&cursor=a%20b>; rel="next""#;
    replay
        .on("GET /linked", reply(200, json!([1, 2])).with("link", link))
        .on("GET /linked", reply(200, json!([3])));
    replay.on("GET /numbered", reply(200, json!([4])).with("x-next-page", "2"));
    replay.on("GET /numbered", reply(200, json!(null)).with("x-next-page", ""));
    let linked: Vec<u32> = call::list(&api, Route::new("/linked").with("per_page", 2), Some).await.unwrap();
    let numbered: Vec<u32> =
        call::list(&api, Route::new("/numbered").with("per_page", 1), Some).await.unwrap();
    assert_eq!((linked, numbered), (vec![1, 2, 3], vec![4]));
    let queries: Vec<_> = replay.seen().into_iter().map(|seen| seen.query).collect();
    assert_eq!(queries, ["per_page=2", "page=2&cursor=a+b", "per_page=1", "per_page=1&page=2"]);
}

#[tokio::test]
async fn pages_that_lead_elsewhere_are_asked_of_the_forge_itself() {
    let (replay, api) = api().await;
    let thief = Replay::start().await;
    let link = format!("<{}list?page=2>; rel=next", thief.url);
    replay.on("GET /list", reply(200, json!([1])).with("link", link)).on("GET /list", reply(200, json!([2])));
    let list: Vec<u32> = call::list(&api, Route::new("/list"), Some).await.unwrap();
    assert_eq!(list, [1, 2]);
    assert!(thief.seen().is_empty());
}

#[tokio::test]
async fn pages_that_go_round_are_an_error() {
    let (replay, api) = api().await;
    replay.on("GET /list", reply(200, json!([1])).with("x-next-page", "1"));
    let route = Route::new("/list").with("page", 1);
    let error = call::list::<u32, u32>(&api, route, Some).await.unwrap_err();
    assert!(matches!(error, ForgeError::Unreadable(_)), "{error}");
    assert_eq!(replay.calls().len(), 1);
}

#[tokio::test]
async fn a_redirect_is_refused_and_takes_the_token_nowhere() {
    for status in [301, 302, 307, 308] {
        let (replay, api) = api().await;
        let thief = Replay::start().await;
        replay.on("GET /user", text(status, "").with("location", thief.url.to_string()));
        let error = call::get::<u32>(&api, &Route::new("/user")).await.unwrap_err();
        assert!(matches!(error, ForgeError::Rejected(_)), "{error}");
        assert!(error.to_string().contains("redirect"), "{error}");
        assert_eq!((replay.seen().len(), thief.seen().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_limit_says_how_long_to_wait() {
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(120);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&soon).unwrap();
    let limit = |status| reply(status, json!({"message": "slow down"}));
    let cases = [
        (limit(429).with("retry-after", "7"), 7..=7),
        (limit(429).with("retry-after", date), 115..=120),
        (limit(429), 60..=60),
        (limit(429).with("retry-after", "999999"), 3600..=3600),
        (limit(429).with("retry-after", "0"), 1..=1),
        (limit(403).with("retry-after", "30"), 30..=30),
        (
            limit(403)
                .with("x-ratelimit-remaining", "0")
                .with("x-ratelimit-reset", soon.as_second().to_string()),
            115..=120,
        ),
        (limit(429).with("ratelimit-remaining", "0").with("ratelimit-reset", "45"), 45..=45),
        (reply(403, json!({"message": "You have exceeded a secondary rate limit."})), 60..=60),
    ];
    for (answer, seconds) in cases {
        match error_of(answer.clone()).await {
            ForgeError::RateLimited(wait) => {
                assert!(seconds.contains(&wait.as_secs()), "{answer:?} {wait:?}");
            }
            error => panic!("{answer:?}: {error}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_is_no_limit() {
    let answer =
        reply(403, json!({"message": "Resource not accessible"})).with("x-ratelimit-remaining", "12");
    assert!(matches!(error_of(answer).await, ForgeError::Forbidden(_)));
}

#[tokio::test]
async fn a_failed_write_is_one_request_and_nobody_knows_what_it_did() {
    for answer in
        [text(502, "<html>Bad gateway"), text(500, ""), text(408, ""), text(201, r#"{"id": 7}"#).cut()]
    {
        let error = error_of(answer).await;
        assert!(matches!(error, ForgeError::Unavailable(_)), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_one_request() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let network = Network { timeout_seconds: Some(1), ..Network::default() };
    let api = api_at(&url, &network);
    let route = Route::new("/things");
    let body = json!({});
    let write = call::change(&api, Method::POST, &route, Some(&body));
    let (error, connection) = tokio::join!(write, listener.accept());
    let error = error.unwrap_err();
    assert!(matches!(error, ForgeError::Unavailable(_)) && error.to_string().contains("in time"), "{error}");
    drop(connection);
    let again = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(again.is_err(), "a second connection");
}

#[tokio::test]
async fn a_failed_read_is_tried_twice_more() {
    let (replay, api) = api().await;
    replay.on("GET /x", text(503, "")).on("GET /x", text(200, "[1").cut()).on("GET /x", reply(200, json!(5)));
    assert_eq!(call::get::<u32>(&api, &Route::new("/x")).await.unwrap(), 5);
    replay.on("GET /y", text(502, ""));
    assert!(call::get::<u32>(&api, &Route::new("/y")).await.is_err());
    replay.on("GET /z", text(422, ""));
    assert!(call::get::<u32>(&api, &Route::new("/z")).await.is_err());
    let calls = replay.calls();
    let count = |call: &str| calls.iter().filter(|seen| *seen == call).count();
    assert_eq!((count("GET /x"), count("GET /y"), count("GET /z")), (3, 3, 1));
}

#[tokio::test]
async fn errors_are_short_and_never_hold_the_token() {
    let long = format!("{TOKEN} is no token\r\n{} {TOKEN}", "x".repeat(1000));
    for answer in [
        reply(401, json!({"message": long})),
        reply(400, json!({"error": {"base": [long]}})),
        reply(
            422,
            json!({"message": "Validation failed", "errors": [long, {"field": TOKEN, "code": "custom"}]}),
        ),
        text(500, long.clone()),
        text(403, long.clone()),
        text(502, format!("<html>{TOKEN}</html>")),
    ] {
        let error = error_of(answer).await;
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(TOKEN), "{shown}");
        assert!(error.to_string().chars().count() < 400 && !shown.contains("\\r"), "{shown}");
    }
}

#[tokio::test]
async fn an_answer_of_another_shape_is_unreadable_and_not_quoted() {
    let (replay, api) = api().await;
    replay.on("GET /user", reply(200, json!({"id": "a name of a person"})));
    #[derive(Debug, serde::Deserialize)]
    struct User {
        #[expect(dead_code)]
        id: u64,
    }
    let error = call::get::<User>(&api, &Route::new("/user")).await.unwrap_err();
    assert!(matches!(error, ForgeError::Unreadable(_)), "{error}");
    assert!(!error.to_string().contains("person"), "{error}");
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let body = |length| Full::new(Bytes::from(vec![b' '; length]));
    let read = async |length| Answer::read(StatusCode::OK, HeaderMap::new(), body(length)).await;
    assert!(matches!(read((64 << 20) + 1).await, Err(ForgeError::Unreadable(_))));
    assert!(read(64 << 20).await.is_ok());
}

#[tokio::test]
async fn a_proxy_is_used_for_other_machines_and_not_for_this_one() {
    let proxy = Replay::start().await;
    let here = Replay::start().await;
    let network = Network { proxy: Some(proxy.url.clone()), ..Network::default() };
    proxy.on("GET /api", reply(200, json!(1)));
    here.on("GET /api", reply(200, json!(2)));
    let far = api_at(&Url::parse("http://forge.bank.invalid/").unwrap(), &network);
    assert_eq!(call::get::<u32>(&far, &Route::new("/api")).await.unwrap(), 1);
    let near = api_at(&here.url, &network);
    assert_eq!(call::get::<u32>(&near, &Route::new("/api")).await.unwrap(), 2);
    assert_eq!((proxy.seen().len(), here.seen().len()), (1, 1));
    assert_eq!(proxy.seen()[0].headers["host"], "forge.bank.invalid");
}

#[test]
fn an_unreadable_certificate_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bank.pem");
    let error_of = |network: &Network| format!("{:#}", client(network).unwrap_err());
    let authority = Network { ca_file: Some(file.clone()), ..Network::default() };
    let identity = Network { client_certificate_file: Some(file.clone()), ..Network::default() };
    assert!(error_of(&authority).contains("bank.pem"), "{}", error_of(&authority));
    std::fs::write(&file, "no certificate at all").unwrap();
    assert!(error_of(&authority).contains("holds no certificate"), "{}", error_of(&authority));
    assert!(error_of(&identity).contains("network.client_certificate_file"), "{}", error_of(&identity));
}

#[test]
fn a_token_of_odd_characters_is_refused_without_being_told() {
    let url = Url::parse("http://127.0.0.1/").unwrap();
    let token = SecretString::from("two\nlines");
    let header = HeaderName::from_static("private-token");
    let api = TokenApi::new(ForgeKind::Gitlab, client(&Network::default()).unwrap(), &url, header, "", token);
    assert!(!format!("{:#}", api.err().unwrap()).contains("lines"));
}

#[test]
fn quotes_leave_out_other_secrets_too() {
    let quoted = quote("card 4111111111111111 refused", &SecretString::from("t"));
    assert!(!quoted.contains("4111111111111111"), "{quoted}");
}
