//! Requests in, answers and an inbox out.

use std::sync::Mutex;

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, RETRY_AFTER};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::*;

#[derive(Default)]
struct Memory {
    deliveries: Mutex<Vec<Delivery>>,
    is_down: bool,
}

#[async_trait]
impl Inbox for Memory {
    async fn receive(&self, delivery: Delivery) -> Result<Received, String> {
        if self.is_down {
            return Err("the disk is full".to_owned());
        }
        let mut deliveries = self.deliveries.lock().unwrap();
        if deliveries.iter().any(|known| known.id == delivery.id) {
            return Ok(Received::Duplicate);
        }
        deliveries.push(delivery);
        Ok(Received::Stored)
    }
}

fn webhooks(inbox: &Arc<Memory>) -> Webhooks {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("secret"), "t0ken\n").unwrap();
    let file = folder.join("countersign.toml");
    let text = "[limits]\nwebhook_bytes = 2000\n[forge.gitlab]\nurl = \"https://gitlab.bank.example\"\n\
        token_file = \"secret\"\nwebhook_secret_files = [\"secret\"]\n";
    std::fs::write(&file, text).unwrap();
    let config = Config::read(&file).unwrap();
    Webhooks::new(&config, Arc::clone(inbox) as Arc<dyn Inbox>, |_| false).unwrap()
}

fn router(inbox: &Arc<Memory>) -> Router {
    routes(webhooks(inbox))
}

fn hook(path: &str, token: Option<&str>, body: impl Into<Body>) -> Request {
    let request =
        Request::post(path).header(CONTENT_TYPE, "application/json").header("idempotency-key", "k1");
    let request = match token {
        Some(token) => request.header("x-gitlab-token", token),
        None => request,
    };
    request.body(body.into()).unwrap()
}

async fn ask(inbox: &Arc<Memory>, request: Request) -> (u16, Value) {
    let response = router(inbox).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&body).unwrap())
}

const OPENED: &str = r#"{"object_kind": "merge_request", "project": {"path_with_namespace": "bank/core"},
    "object_attributes": {"iid": 7, "action": "open"}}"#;
const GITLAB: &str = "/webhooks/gitlab";
const TOKEN: Option<&str> = Some("t0ken");

#[tokio::test]
async fn a_webhook_is_kept_once_however_often_it_comes() {
    let inbox = Arc::new(Memory::default());
    for outcome in ["stored", "duplicate", "duplicate"] {
        let (status, answer) = ask(&inbox, hook(GITLAB, TOKEN, OPENED)).await;
        assert_eq!((status, &answer["outcome"]), (202, &outcome.into()));
    }
    assert_eq!(inbox.deliveries.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn what_asks_for_nothing_or_cannot_be_read_is_taken_and_not_kept() {
    let inbox = Arc::new(Memory::default());
    let pipeline = r#"{"object_kind": "pipeline"}"#;
    for (body, outcome) in [(pipeline, "ignored"), ("{", "unreadable"), ("", "unreadable")] {
        let (status, answer) = ask(&inbox, hook(GITLAB, TOKEN, body)).await;
        assert_eq!((status, &answer["outcome"]), (202, &outcome.into()));
    }
    assert!(inbox.deliveries.lock().unwrap().is_empty());
}

#[tokio::test]
async fn who_is_not_believed_hears_nothing_of_why_and_leaves_nothing() {
    let inbox = Arc::new(Memory::default());
    let (wrong, absent) = (hook(GITLAB, Some("t0keN"), OPENED), hook(GITLAB, None, OPENED));
    let (first, second) = (ask(&inbox, wrong).await, ask(&inbox, absent).await);
    assert_eq!(first.0, 401);
    assert_eq!(first, second);
    assert!(inbox.deliveries.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_forge_that_is_not_configured_has_no_door() {
    let inbox = Arc::new(Memory::default());
    for path in ["/webhooks/github", "/webhooks/bitbucket"] {
        assert_eq!(ask(&inbox, hook(path, TOKEN, OPENED)).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_and_one_without_proof_is_not_even_read() {
    let inbox = Arc::new(Memory::default());
    let large = || OPENED.to_owned() + &" ".repeat(2000);
    assert_eq!(ask(&inbox, hook(GITLAB, TOKEN, large())).await.0, 413);
    let mut endless =
        hook(GITLAB, None, Body::from_stream(futures::stream::pending::<Result<Bytes, String>>()));
    endless.headers_mut().insert(CONTENT_LENGTH, "100".parse().unwrap());
    assert_eq!(ask(&inbox, endless).await.0, 401);
}

#[tokio::test]
async fn a_form_is_answered_with_what_to_set() {
    let inbox = Arc::new(Memory::default());
    let mut form = hook(GITLAB, TOKEN, "payload=%7B%7D");
    form.headers_mut().insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
    let (status, problem) = ask(&inbox, form).await;
    assert_eq!(status, 415);
    assert!(problem["detail"].as_str().unwrap().contains("application/json"));
}

#[tokio::test]
async fn while_the_store_is_down_the_forge_is_asked_to_come_again() {
    let inbox = Arc::new(Memory { is_down: true, ..Memory::default() });
    let response = router(&inbox).oneshot(hook(GITLAB, TOKEN, OPENED)).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()[RETRY_AFTER]), (503, &"30".parse().unwrap()));
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(!String::from_utf8_lossy(&body).contains("disk"));
}
