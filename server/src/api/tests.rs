//! Every operation from outside: a request in, an answer out.

mod description;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::StreamExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::access::Scope;
use crate::api::desk::{OrderFile, OrderSubject, Running, Version};
use crate::api::testing::{Memory, PAYMENTS, admit, get, id, post, send, service};
use crate::api::{Service, router, stream};
use crate::record::FeedbackVerdict;

fn desk() -> (Arc<Memory>, Router) {
    let memory = Arc::new(Memory::default());
    let router = router(service(&memory), admit(Some("ide")));
    (memory, router)
}

fn file(path: &str) -> Value {
    json!({ "path": path, "base": null, "head": "class A {}" })
}

#[tokio::test]
async fn a_change_is_reviewed_and_the_report_comes_along() {
    let (memory, router) = desk();
    let request = json!({
        "repository": "bank/core",
        "diff": PAYMENTS,
        "files": [{ "path": "a.java", "base": null, "head": STANDARD.encode("class A {}"), "encoding": "base64" },
                  { "path": "b.java", "head": "class B {}" }],
        "head": "A".repeat(40),
        "fail_on": "minor",
        "report": { "format": "text", "language": "zh", "width": 80 },
    });
    let answered = post(&router, "/v1/reviews", &request).await;
    let answer = answered.succeeds(200).json();
    assert_eq!(answered.headers["location"], format!("/v1/reviews/{}", id(97)));
    assert_eq!(answer["state"], "failed");
    assert_eq!(answer["review"]["state"], "failed");
    assert!(answer["report"].as_str().unwrap().contains("未通过"));
    let orders = memory.orders.lock().unwrap();
    let OrderSubject::Change { diff, files, base, head } = &orders[0].subject else { panic!("a change") };
    assert_eq!(
        (diff.as_slice(), base, head.as_deref()),
        (PAYMENTS.as_bytes(), &None, Some("a".repeat(40).as_str()))
    );
    let content = |text: &str| Version::Content(text.as_bytes().to_vec());
    let expected = [
        OrderFile { path: "a.java".to_owned(), base: Version::Missing, head: content("class A {}") },
        OrderFile { path: "b.java".to_owned(), base: Version::Untold, head: content("class B {}") },
    ];
    assert_eq!(files.as_slice(), expected);
}

#[tokio::test]
async fn a_diff_of_files_in_other_encodings_comes_as_base64() {
    let (memory, router) = desk();
    let request = json!({ "diff": STANDARD.encode(PAYMENTS), "diff_encoding": "base64" });
    post(&router, "/v1/reviews", &request).await.succeeds(200);
    let wrong = json!({ "diff": "diff --git", "diff_encoding": "base64" });
    post(&router, "/v1/reviews", &wrong).await.refuses(422, "`diff` is not base64");
    let orders = memory.orders.lock().unwrap();
    assert!(matches!(&orders[0].subject, OrderSubject::Change { diff, .. } if diff == PAYMENTS.as_bytes()));
}

#[tokio::test]
async fn files_without_a_diff_are_scanned_whole() {
    let (memory, router) = desk();
    let request = json!({ "files": [{ "path": "src/A.java", "head": "class A {}" }] });
    post(&router, "/v1/reviews", &request).await.succeeds(200);
    let orders = memory.orders.lock().unwrap();
    let files = vec![("src/A.java".to_owned(), b"class A {}".to_vec())];
    assert_eq!(orders[0].subject, OrderSubject::Tree { files });
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_told_which_field_and_what_to_write() {
    let (memory, router) = desk();
    let path = |path: &str| json!({ "files": [{ "path": path, "head": "" }] });
    let report =
        |field: &str, value: Value| json!({ "diff": "", "report": { "format": "text", field: value } });
    for (request, words) in [
        (json!({}), "`diff` is missing; send a `diff`, or `files`"),
        (path("/etc/passwd"), "`files[0].path` must be a path in the repository"),
        (path("a/../b"), "`files[0].path` must be"),
        (path("a//b"), "`files[0].path` must be"),
        (path("./a"), "`files[0].path` must be"),
        (path(""), "`files[0].path` must be"),
        (path("C:/a"), "`files[0].path` must be"),
        (path("a\0b"), "`files[0].path` must be"),
        (path(&"a".repeat(4097)), "longer than 4096 bytes"),
        (json!({ "files": [file("a"), file("a")], "diff": "" }), "`files[1].path` was named before"),
        (json!({ "files": [file("a")] }), "`files[0].base` belongs to a change"),
        (json!({ "files": [{ "path": "a" }] }), "`files[0].head` is missing"),
        (json!({ "files": [{ "path": "a", "head": null }] }), "`files[0].head` is missing"),
        (
            json!({ "files": [{ "path": "a", "head": "?", "encoding": "base64" }] }),
            "`files[0].head` is not base64",
        ),
        (
            json!({ "files": [{ "path": "a", "head": "" }], "head": "a".repeat(40) }),
            "`head` belongs to a change",
        ),
        (json!({ "diff": "", "base": "main" }), "`base` must be a full object id"),
        (json!({ "diff": "", "repository": "a\nb" }), "`repository` must be a name"),
        (report("width", json!(5)), "`report.width` must be 20 to 1000"),
        (report("repository", json!("file:///a")), "`report.repository` must be an address"),
        (
            json!({ "files": (0..11).map(|at| file(&format!("{at}"))).collect::<Vec<_>>() }),
            "a review takes 10",
        ),
        (json!({ "diff": "", "files": [{ "path": "a", "mode": 7 }] }), "files[0].mode: unknown field `mode`"),
        (json!({ "diff": "", "policies": [] }), "unknown field `policies`"),
        (json!({ "diff": "", "fail_on": "high" }), "fail_on: unknown variant `high`"),
    ] {
        post(&router, "/v1/reviews", &request).await.refuses(422, words);
    }
    assert!(memory.orders.lock().unwrap().is_empty(), "nothing was begun");
}

#[tokio::test]
async fn near_misses_of_bad_paths_are_good() {
    let (_, router) = desk();
    for path in ["..a/b..", "a b", "测试.java", "\"\\262\\342.java\"", ".env", "a:b", "1:/a"] {
        let request = json!({ "files": [{ "path": path, "head": "" }] });
        post(&router, "/v1/reviews", &request).await.succeeds(200);
    }
}

#[tokio::test]
async fn what_is_no_json_or_too_large_is_refused() {
    let (_, router) = desk();
    let send_as = async |kind: &str, body: String| {
        let request =
            Request::post("/v1/reviews").header("content-type", kind).body(Body::from(body)).unwrap();
        send(&router, request).await
    };
    send_as("application/json", "{".to_owned()).await.refuses(400, "EOF");
    send_as("text/plain", "{}".to_owned()).await.refuses(415, "Content-Type: application/json");
    let large = json!({ "diff": "x".repeat(1 << 20) }).to_string();
    let announced = Request::post("/v1/reviews").header("content-length", (1 << 20) + 1);
    let announced = send(&router, announced.body(Body::empty()).unwrap()).await;
    announced.refuses(413, "1048576 bytes (`limits.request_bytes`)");
    send_as("application/json", large).await.refuses(413, "1048576 bytes (`limits.request_bytes`)");
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back() {
    let (_, router) = desk();
    let answered = post(&router, "/v1/reviews", &json!({ "diff": "busy" })).await;
    answered.refuses(503, "30 seconds");
    assert_eq!(answered.headers["retry-after"], "30");
}

#[tokio::test]
async fn a_review_that_was_given_up_is_not_reviewed() {
    let (_, router) = desk();
    let answer = post(&router, "/v1/reviews", &json!({ "diff": "crash" })).await.succeeds(200).json();
    assert_eq!(answer["state"], "not_reviewed");
    assert!(answer["reason"].as_str().unwrap().contains("ask for it again"));
    assert!(answer.get("review").is_none());
}

fn streamed(body: &Value) -> Request<Body> {
    let request = Request::post("/v1/reviews").header("content-type", "application/json");
    let request = request.header("accept", "application/json;q=0.5, Text/Event-Stream");
    request.body(Body::from(body.to_string())).unwrap()
}

#[tokio::test]
async fn events_come_as_they_happen_and_the_outcome_last() {
    let (_, router) = desk();
    let request = json!({ "diff": PAYMENTS, "report": { "format": "json" } });
    let answered = send(&router, streamed(&request)).await;
    assert_eq!(answered.headers["content-type"], "text/event-stream");
    let mut events = Vec::new();
    for event in answered.succeeds(200).text.trim_end().split("\n\n") {
        let (name, data) = event.split_once('\n').unwrap();
        let data: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        events.push((name.strip_prefix("event: ").unwrap().to_owned(), data));
    }
    let names: Vec<&str> = events.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..3], ["region", "candidate", "finding"]);
    let (last, outcome) = events.last().unwrap();
    assert_eq!(last, "outcome");
    let whole = post(&router, "/v1/reviews", &request).await.json();
    assert_eq!(*outcome, whole, "the stream ends in the very answer that comes without one");
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_its_review() {
    let (memory, router) = desk();
    let response = router.oneshot(streamed(&json!({ "diff": "for ever" }))).await.unwrap();
    drop(response);
    memory.cancelled.notified().await;
}

#[tokio::test]
async fn a_silent_stream_has_heartbeats() {
    let (_keep, events) = tokio::sync::mpsc::channel(1);
    let stream = stream::events(Running { id: id(98), events }, Duration::from_millis(1));
    let first = stream.into_response().into_body().into_data_stream().next().await.unwrap().unwrap();
    assert!(first.starts_with(b":"), "a comment that readers pass over");
}

fn blockers(kept: &Value) -> u64 {
    let findings = kept["review"]["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["policy"]["severity"] == "blocker").count() as u64
}

#[tokio::test]
async fn a_review_is_read_by_its_id() {
    let (_, router) = desk();
    let kept = get(&router, &format!("/v1/reviews/{}", id(2))).await.succeeds(200).json();
    assert_eq!(kept["merge_request"], "gitlab:bank/core!42");
    assert_eq!(kept["review"]["state"], "failed");
    assert_eq!(kept["findings"]["blocker"].as_u64(), Some(blockers(&kept)));
    let failed = get(&router, &format!("/v1/reviews/{}", id(3))).await.succeeds(200).json();
    assert_eq!(
        (&failed["state"], &failed["reason"]),
        (&json!("not_reviewed"), &json!("the forge could not be reached"))
    );
}

#[tokio::test]
async fn what_another_tenant_has_is_not_there() {
    let memory = Arc::new(Memory { only_for: Some("bank".to_owned()), ..Memory::default() });
    let others = router(service(&memory), admit(Some("other")));
    let own = router(service(&memory), admit(Some("bank")));
    let path = format!("/v1/reviews/{}", id(2));
    let strange = get(&others, &format!("/v1/reviews/{}", id(77))).await;
    let hidden = get(&others, &path).await;
    assert_eq!((hidden.status, &hidden.text), (strange.status, &strange.text), "nothing tells the two apart");
    hidden.refuses(404, "no such review");
    let finding = get(&own, &path).await.succeeds(200).json()["review"]["findings"][0]["fingerprint"].clone();
    let feedback = format!("/v1/findings/{}/feedback", finding.as_str().unwrap());
    post(&others, &feedback, &json!({ "verdict": "right" })).await.refuses(404, "no such finding");
    let listed = get(&others, "/v1/reviews").await.succeeds(200).json();
    assert_eq!(listed["reviews"], json!([]));
}

#[tokio::test]
async fn without_the_access_layer_nothing_is_answered() {
    let router = router(service(&Arc::new(Memory::default())), |routes, _need| routes);
    assert_eq!(get(&router, "/v1/reviews").await.status, 500);
}

#[tokio::test]
async fn what_changes_something_needs_more_than_to_read() {
    let readers_only = |routes: Router<Service>, need: Scope| match need {
        Scope::Read => admit(None)(routes, need),
        Scope::Review | Scope::Feedback | Scope::Admin => {
            routes.layer(from_fn(async |_: Request<Body>, _: Next| StatusCode::FORBIDDEN))
        }
    };
    let router = router(service(&Arc::new(Memory::default())), readers_only);
    get(&router, "/v1/reviews").await.succeeds(200);
    for path in ["/v1/reviews", "/v1/queue/17/retry", "/v1/findings/none/feedback"] {
        assert_eq!(post(&router, path, &json!({})).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn reviews_are_listed_page_by_page() {
    let (_, router) = desk();
    let ids = |page: &Value| -> Vec<String> {
        let reviews = page["reviews"].as_array().unwrap().iter();
        reviews.map(|review| review["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = get(&router, "/v1/reviews?limit=3").await.succeeds(200).json();
    assert_eq!(ids(&first), [id(1), id(2), id(3)]);
    let second =
        get(&router, &format!("/v1/reviews?limit=3&before={}", first["next"].as_str().unwrap())).await.json();
    assert_eq!(ids(&second), [id(4)]);
    assert_eq!(second["next"], Value::Null);
    let exact = get(&router, "/v1/reviews?limit=4").await.json();
    assert_eq!(exact["next"], Value::Null, "a full last page has no next one");
    let filtered = get(&router, "/v1/reviews?state=not_reviewed&repository=bank/core").await.json();
    assert_eq!(ids(&filtered), [id(3)]);
    get(&router, "/v1/reviews?limit=0").await.refuses(422, "`limit` must be 1 to 200");
    get(&router, "/v1/reviews?state=green").await.refuses(400, "unknown variant `green`");
    get(&router, "/v1/reviews?page=2").await.refuses(400, "unknown field `page`");
}

#[tokio::test]
async fn people_say_whether_a_finding_is_right() {
    let (memory, router) = desk();
    let review = get(&router, &format!("/v1/reviews/{}", id(2))).await.json();
    let fingerprint = review["review"]["findings"][0]["fingerprint"].as_str().unwrap();
    let path = format!("/v1/findings/{fingerprint}/feedback");
    post(&router, &path, &json!({ "verdict": "wrong", "reason": " The amount is a ratio. " }))
        .await
        .succeeds(204);
    post(&router, &path, &json!({ "verdict": "right" })).await.succeeds(204);
    post(&router, &path, &json!({ "verdict": "wrong", "reason": " " }))
        .await
        .refuses(422, "`reason` is empty");
    post(&router, &path, &json!({ "verdict": "wrong", "reason": "x".repeat(4001) }))
        .await
        .refuses(422, "4000 bytes");
    post(&router, "/v1/findings/none/feedback", &json!({ "verdict": "right" }))
        .await
        .refuses(404, "no such finding");
    let kept = memory.feedback.lock().unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!(
        (kept[0].verdict, kept[0].reason.as_str()),
        (FeedbackVerdict::Wrong, "The amount is a ratio.")
    );
    assert_eq!(kept[0].caller.as_deref(), Some("ide"));
}

#[tokio::test]
async fn policies_are_listed_and_shown_with_their_examples() {
    let (_, router) = desk();
    let list = get(&router, "/v1/policies").await.succeeds(200).json();
    assert!(list["policies"].as_array().unwrap().len() > 20);
    let policy = get(&router, "/v1/policies/money/binary-floating-point").await.succeeds(200).json();
    assert_eq!(policy["code"], "CB-MONEY-001");
    let files: Vec<_> =
        policy["examples"].as_array().unwrap().iter().map(|example| &example["file"]).collect();
    assert!(files.contains(&&json!("binary-floating-point.java")));
    get(&router, "/v1/policies/money/none").await.refuses(404, "no such policy");
}

#[tokio::test]
async fn the_queue_is_shown_and_a_dead_letter_is_tried_again() {
    let (memory, router) = desk();
    let queue = get(&router, "/v1/queue").await.succeeds(200).json();
    assert_eq!((&queue["waiting"], &queue["dead"][0]["id"]), (&json!(3), &json!("17")));
    post(&router, "/v1/queue/17/retry", &Value::Null).await.succeeds(204);
    post(&router, "/v1/queue/18/retry", &Value::Null).await.refuses(404, "no such dead letter");
    assert_eq!(*memory.retried.lock().unwrap(), ["17"]);
}
