//! The real service for its callers: the command line through it, tokens, events, the pages in a real browser.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tests::harness::{Client, Received};
use tests::{Browser, Desk, Service, Site, Window};

use crate::{AMOUNT, RATIO, posting};

/// A desk whose branch brings these lines.
fn desk(lines: &str) -> Desk {
    let desk = Desk::new();
    let repository = desk.repository();
    desk.write("Posting.java", posting(RATIO));
    repository.commit("before");
    desk.write("Posting.java", posting(lines));
    repository.commit("after");
    desk
}

fn call(service: &Service, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Received {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let url = format!("{}{path}", service.url());
    Client::default().send(method, &url, &headers, body).expect("an answer")
}

/// A review of one new file.
fn ask() -> Value {
    json!({"repository": "bank/core", "files": [{"path": "Posting.java", "head": posting(AMOUNT)}]})
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn the_command_line_gates_through_the_service() {
    let service = Site::new().start("");
    let server = service.url();
    let gate = ["gate", "--base", "HEAD~1", "--server", server.as_str()];
    desk(AMOUNT).with_builtin_policies().run(&gate).ends(1).reports("CB-MONEY-001");
    desk(RATIO).with_builtin_policies().run(&gate).ends(0);
    service.kill();
    desk(RATIO).with_builtin_policies().run(&gate).ends(3).says("cannot be reached");
}

#[test]
fn a_report_from_the_service_is_that_of_the_desk() {
    let service = Site::new().start("");
    let server = service.url();
    let desk = desk(AMOUNT).with_builtin_policies();
    let review = ["review", "--base", "HEAD~1", "--format", "json"];
    let here = desk.run(&review);
    let there = desk.run(&[review.as_slice(), &["--server", server.as_str()]].concat());
    assert_eq!(here.ends(1).json(), there.ends(1).json());
}

#[test]
fn tokens_open_what_their_scopes_permit_and_nothing_after_they_are_revoked() {
    let site = Site::new();
    let service = site.start("[api]\nrequire_token = true\n");
    let token = |arguments: &[&str]| {
        let mut command = Command::new(tests::countersign_server());
        let file = site.path().join("countersign.toml");
        command.arg("token").args(arguments).arg("--config").arg(file);
        let ran = command.output().expect("the command runs");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).expect("text").trim().to_owned()
    };
    let reader = format!("Bearer {}", token(&["create", "auditor", "--scope", "read"]));
    let editor = format!("Bearer {}", token(&["create", "editor", "--scope", "review", "--scope", "read"]));
    let review = |authorization: &str| {
        call(&service, "POST", "/v1/reviews", &[JSON, ("authorization", authorization)], &ask()).status
    };
    assert_eq!(call(&service, "POST", "/v1/reviews", &[JSON], &ask()).status, 401);
    assert_eq!(review("Bearer cs_made_up"), 401);
    assert_eq!(review(&reader), 403);
    assert_eq!(review(&editor), 200);
    assert_eq!(call(&service, "GET", "/v1/reviews", &[("authorization", &reader)], &Value::Null).status, 200);
    assert_eq!(call(&service, "GET", "/", &[], &Value::Null).header("location"), Some("/login"));
    token(&["revoke", "editor"]);
    assert_eq!(review(&editor), 401);
    let file = site.write("reader", reader.trim_start_matches("Bearer "));
    let server = service.url();
    let file = file.to_str().expect("a path");
    let gate = ["gate", "--base", "HEAD~1", "--server", &server, "--server-token-file", file];
    desk(RATIO).with_builtin_policies().run(&gate).ends(3).says("scope");
}

#[test]
fn a_review_is_told_as_it_happens_and_kept() {
    let service = Site::new().start("");
    let stream = call(&service, "POST", "/v1/reviews", &[JSON, ("accept", "text/event-stream")], &ask());
    let text = stream.text();
    for event in ["event: region", "event: candidate", "event: finding", "event: outcome"] {
        assert!(text.contains(event), "no `{event}` in:\n{text}");
    }
    let outcome = text
        .lines()
        .skip_while(|line| *line != "event: outcome")
        .find_map(|line| line.strip_prefix("data: "));
    let outcome: Value = serde_json::from_str(outcome.expect("the outcome's data")).expect("JSON");
    assert_eq!(outcome["state"], "failed");
    let id = outcome["id"].as_str().expect("an id");
    let kept = call(&service, "GET", &format!("/v1/reviews/{id}"), &[], &Value::Null).json();
    assert_eq!(kept["review"]["findings"], outcome["review"]["findings"]);
    let bad = call(&service, "POST", "/v1/reviews", &[JSON], &json!({"diff": "", "fail_on": "high"}));
    assert_eq!((bad.status, bad.header("content-type")), (422, Some("application/problem+json")));
}

#[test]
fn the_pages_are_whole_in_a_real_browser_in_both_languages() {
    let service = Site::new().start("");
    let made = call(&service, "POST", "/v1/reviews", &[JSON], &ask()).json();
    let browser = Browser::find();
    let reviews = browser.dom(&format!("{}/?lang=en", service.url()));
    assert!(reviews.contains("failed") && reviews.contains("bank/core"), "{reviews}");
    let page = format!("{}/reviews/{}", service.url(), made["id"].as_str().expect("an id"));
    let english = browser.dom(&format!("{page}?lang=en"));
    for words in ["CB-MONEY-001", "Why it matters", "double amount = 1.5;"] {
        assert!(english.contains(words), "no `{words}` in:\n{english}");
    }
    let chinese = browser.dom(&format!("{page}?lang=zh"));
    assert!(chinese.contains("未通过") && !chinese.contains("Why it matters"), "{chinese}");
    for path in ["/findings", "/queue", "/policies", "/policies/money/binary-floating-point"] {
        let page = browser.dom(&format!("{}{path}", service.url()));
        assert!(page.contains("Countersign"), "{path}:\n{page}");
    }
    let picture = tempfile::tempdir().expect("a folder").path().join("page.png");
    fs::create_dir_all(picture.parent().expect("a folder")).expect("a folder");
    browser.screenshot(&page, Window { width: 1280, height: 1800 }, &picture);
    assert!(fs::metadata(&picture).expect("a picture").len() > 20_000, "the page is all but empty");
}

#[test]
fn the_description_of_the_interface_is_served() {
    let service = Site::new().start("");
    let description = call(&service, "GET", "/openapi.json", &[], &Value::Null).json();
    assert_eq!(description["openapi"], "3.1.0");
    assert!(description["paths"]["/v1/reviews"]["post"].is_object());
}
