//! Requests in, callers or problems out, through the layer as the service uses it.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::body::Body;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::routing::any;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::token::Token;
use super::*;

#[derive(Default)]
struct Memory {
    grants: Mutex<BTreeMap<String, Grant>>,
    is_down: bool,
}

#[async_trait]
impl Tokens for Memory {
    async fn find(&self, hash: &TokenHash) -> Result<Option<Grant>, String> {
        if self.is_down {
            return Err("the disk is full".to_owned());
        }
        Ok(self.grants.lock().unwrap().get(&hash.to_hex()).cloned())
    }
}

impl Memory {
    fn with(scopes: &[Scope], expires_at: Option<Timestamp>) -> (Arc<Self>, String) {
        let (memory, token) = (Self::default(), Token::generate().unwrap());
        let grant = Grant { name: "ide".to_owned(), scopes: scopes.iter().copied().collect(), expires_at };
        memory.grants.lock().unwrap().insert(token.hash().to_hex(), grant);
        (Arc::new(memory), token.reveal().to_owned())
    }
}

fn service(memory: &Arc<Memory>, change: impl FnOnce(&mut Config)) -> Router {
    let mut config = Config::default();
    config.api.require_token = Some(true);
    change(&mut config);
    let key = SessionKey::new([7; 32]);
    let access = Arc::new(Access::new(&config, Arc::clone(memory) as Arc<dyn Tokens>, key));
    let who = async |caller: Caller| caller.token.unwrap_or_else(|| "nobody".to_owned());
    let api = require(Router::new().route("/v1", any(who)), &access, Scope::Read);
    let pages = require_page(Router::new().route("/", any(who)), &access, Scope::Read);
    api.merge(pages).merge(login::routes(access, config.language))
}

async fn ask(router: &Router, request: Request) -> (u16, String, Response<()>) {
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(body.to_vec()).unwrap();
    (parts.status.as_u16(), text, Response::from_parts(parts, ()))
}

fn get(path: &str, headers: &[(axum::http::HeaderName, &str)]) -> Request {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(name, *value));
    request.body(Body::empty()).unwrap()
}

fn bearer(token: &str) -> Request {
    get("/v1", &[(AUTHORIZATION, &format!("Bearer {token}"))])
}

#[tokio::test]
async fn a_token_names_its_caller_and_its_scope_opens_the_door() {
    let (memory, token) = Memory::with(&[Scope::Read], None);
    let router = service(&memory, |_| {});
    assert_eq!(ask(&router, bearer(&token)).await.1, "ide");
    let (memory, token) = Memory::with(&[Scope::Feedback], None);
    let (status, problem, _) = ask(&service(&memory, |_| {}), bearer(&token)).await;
    assert!(status == 403 && problem.contains("`read`"), "{problem}");
    let (memory, token) = Memory::with(&[Scope::Admin], None);
    assert_eq!(ask(&service(&memory, |_| {}), bearer(&token)).await.0, 200);
}

#[tokio::test]
async fn no_token_a_mistyped_one_and_an_unknown_one_are_told_apart() {
    let (memory, token) = Memory::with(&[Scope::Read], None);
    let router = service(&memory, |_| {});
    let mistyped = token[..token.len() - 1].to_owned() + if token.ends_with('0') { "1" } else { "0" };
    let unknown = Token::generate().unwrap();
    for (request, said) in [
        (get("/v1", &[]), "Send `Authorization"),
        (bearer(&mistyped), "mistyped"),
        (bearer("hunter2"), "looks like"),
        (bearer(unknown.reveal()), "unknown, revoked"),
        (get("/v1", &[(AUTHORIZATION, "Basic eDp5")]), "Send `Authorization"),
        (get("/v1", &[(AUTHORIZATION, "Bearer a"), (AUTHORIZATION, "Bearer b")]), "more than once"),
    ] {
        let (status, problem, response) = ask(&router, request).await;
        assert!(status == 401 && problem.contains(said), "{problem}");
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        assert!(!problem.contains("hunter2"));
    }
}

#[tokio::test]
async fn an_expired_token_is_no_token() {
    for (seconds, expected) in [(60, 200), (-60, 401)] {
        let end = Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let (memory, token) = Memory::with(&[Scope::Read], Some(end));
        assert_eq!(ask(&service(&memory, |_| {}), bearer(&token)).await.0, expected);
    }
}

#[tokio::test]
async fn while_tokens_cannot_be_looked_up_nobody_gets_in() {
    let memory = Arc::new(Memory { is_down: true, ..Memory::default() });
    let token = Token::generate().unwrap();
    let (status, problem, _) = ask(&service(&memory, |_| {}), bearer(token.reveal())).await;
    assert!(status == 503 && !problem.contains("disk"), "{problem}");
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let (memory, token) = Memory::with(&[Scope::Read], None);
    let router = service(&memory, |config| config.limits.requests_per_minute = 2);
    for expected in [200, 200, 429] {
        assert_eq!(ask(&router, bearer(&token)).await.0, expected);
    }
    let (status, ..) = ask(&router, bearer("wrong")).await;
    assert_eq!(status, 401, "who has no token is counted apart");
}

async fn sign_in(router: &Router, token: &str, site: &str) -> (u16, Option<String>) {
    let request = Request::post(login::PATH)
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", site)
        .body(Body::from(format!("token={token}")))
        .unwrap();
    let (status, _, response) = ask(router, request).await;
    (status, response.headers().get(SET_COOKIE).map(|cookie| cookie.to_str().unwrap().to_owned()))
}

#[tokio::test]
async fn a_token_is_shown_once_and_then_a_session_does_until_the_token_is_revoked() {
    let (memory, token) = Memory::with(&[Scope::Read], None);
    let router =
        service(&memory, |config| config.public_url = Some("https://cs.bank.example".parse().unwrap()));
    let (status, cookie) = sign_in(&router, &token, "same-origin").await;
    let cookie = cookie.unwrap();
    assert!(status == 303 && cookie.contains("Secure") && !cookie.contains(&token), "{cookie}");
    let session = format!("other=1; {}", cookie.split(';').next().unwrap());
    assert_eq!(ask(&router, get("/", &[(COOKIE, &session)])).await.1, "ide");
    memory.grants.lock().unwrap().clear();
    assert_eq!(ask(&router, get("/", &[(COOKIE, &session)])).await.0, 303);
}

#[tokio::test]
async fn a_page_sends_strangers_to_the_login_and_the_login_refuses_wrong_tokens() {
    let (memory, _) = Memory::with(&[Scope::Read], None);
    let router = service(&memory, |_| {});
    let (status, _, response) = ask(&router, get("/", &[])).await;
    assert_eq!((status, &response.headers()[LOCATION]), (303, &"/login".parse().unwrap()));
    let (status, page, _) = ask(&router, get("/login", &[])).await;
    assert!(status == 200 && page.contains("API token"), "{page}");
    assert_eq!(sign_in(&router, "wrong", "same-origin").await, (401, None));
}

#[tokio::test]
async fn another_site_cannot_sign_a_browser_in_nor_use_its_session() {
    let (memory, token) = Memory::with(&[Scope::Read], None);
    let router = service(&memory, |_| {});
    assert_eq!(sign_in(&router, &token, "cross-site").await, (403, None));
    let (_, cookie) = sign_in(&router, &token, "same-origin").await;
    let cookie = cookie.unwrap();
    let session = cookie.split(';').next().unwrap();
    for (site, expected) in [("same-origin", 200), ("same-site", 403), ("cross-site", 403)] {
        let request = Request::post("/v1").header(COOKIE, session).header("sec-fetch-site", site);
        assert_eq!(ask(&router, request.body(Body::empty()).unwrap()).await.0, expected, "{site}");
    }
}

#[tokio::test]
async fn without_tokens_the_service_answers_under_its_own_names_only() {
    let router = service(&Arc::default(), |config| {
        config.api.require_token = Some(false);
        config.public_url = Some("https://cs.bank.example".parse().unwrap());
    });
    for (host, expected) in [
        ("127.0.0.1:8787", 200),
        ("[::1]:8787", 200),
        ("localhost:8787", 200),
        ("cs.bank.example", 200),
        ("rebound.example:8787", 403),
        ("", 403),
    ] {
        let (status, who, _) = ask(&router, get("/v1", &[(HOST, host)])).await;
        assert_eq!((status, who == "nobody"), (expected, expected == 200), "{host}");
    }
    assert_eq!(ask(&router, bearer("wrong")).await.0, 401, "a wrong token is wrong everywhere");
}

#[tokio::test]
async fn who_is_outside_the_layer_learns_nothing_of_callers() {
    let router: Router = Router::new().route("/", any(async |_: Caller| "in"));
    assert_eq!(ask(&router, get("/", &[])).await.0, 500);
}
