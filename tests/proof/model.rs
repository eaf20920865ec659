//! Questions through the real service and a model's server: what comes of answers, and of none.

use std::time::Duration;

use serde_json::{Value, json};
use tests::harness::{Client, FakeForge, FakeModel, Happening, Kind, Received, Saying};
use tests::{Service, Site, eventually};

use crate::{RATIO, RETRY, posting};

pub(super) const POLICY: &str = "\
id: trust/retry
code: TEST-1
title: A retry without a key
severity: major
enforcement: warn
languages: [java]
objective: What is sent twice is booked once.
rationale: A booking that is sent twice is booked twice.
success_criteria: The call has a key.
failure_criteria: The call has no key.
remedy: Give it a key.
checks:
  - question:
      when:
        java: {pattern: \"$CLIENT.retry($$$)\"}
      ask: Is the call safe to send twice?
      evidence: the call
";

/// A service that keeps no answers, and whose only policy asks that question, of the server at this address.
fn service(site: &Site, url: &str, more: &str) -> Service {
    let model = "timeout_seconds = 5\nkeep_answers_days = 0\n[model.remote]\nidle_seconds = 1\n";
    site.start(&configuration(site, url, more, model))
}

/// The configuration of such a service, with these lines of `[model]`.
pub(super) fn configuration(site: &Site, url: &str, more: &str, model: &str) -> String {
    site.write("policies/trust/retry.yaml", POLICY);
    format!(
        "{more}[policies]\nbuiltin = false\nfolders = [\"policies\"]\n[model]\n{model}\
         [[model.remote.endpoints]]\nurl = \"{url}\"\nmodel = \"{}\"\ndialect = \"vllm\"\n",
        FakeModel::NAME
    )
}

pub(super) fn get(service: &Service, path: &str) -> Received {
    Client::default().send("GET", &format!("{}{path}", service.url()), &[], Vec::new()).expect("an answer")
}

/// The review of one new file with these lines.
fn review(service: &Service, lines: &str) -> Value {
    let body =
        json!({"repository": "bank/core", "files": [{"path": "Posting.java", "head": posting(lines)}]});
    let json = ("content-type".to_owned(), "application/json".to_owned());
    let url = format!("{}/v1/reviews", service.url());
    let answer = Client::default().send("POST", &url, &[json], body.to_string().into_bytes());
    let answer = answer.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["review"].clone()
}

pub(super) fn verdict(verdict: &str, quote: &str) -> Saying {
    let claim = json!({"kind": "other", "subject": "", "value": ""});
    let entry = json!({
        "policy": "trust/retry", "quote": quote, "claim": claim, "reason": "canaryOfReason", "verdict": verdict,
    });
    Saying::Answer("canaryOfThinking </think> {".to_owned(), json!({"answers": [entry]}).to_string())
}

/// How many questions a review says that nobody settled.
fn unjudged(review: &Value) -> &Value {
    &review["coverage"]["questions_unjudged"]["trust/retry"]
}

#[test]
fn an_answer_with_evidence_is_a_finding_and_nothing_of_it_is_in_the_log() {
    let model = FakeModel::start([verdict("breach", "client.retry(call)"), verdict("clean", "")]);
    let site = Site::new();
    let service = service(&site, &model.url(), "");
    let found = review(&service, RETRY);
    assert_eq!(found["findings"][0]["policy"]["id"], "trust/retry", "{found}");
    assert_eq!(found["findings"][0]["decided_by"], "model");
    assert_eq!(unjudged(&found), &Value::Null);
    assert_eq!(review(&service, RETRY)["findings"], json!([]));
    let asked = model.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!((&asked[0]["model"], &asked[0]["stream"]), (&json!(FakeModel::NAME), &json!(true)));
    assert_eq!(asked[0]["response_format"]["json_schema"]["schema"]["required"][0], "answers");
    let message = asked[0]["messages"][0]["content"].as_str().expect("a message");
    assert!(message.contains("safe to send twice") && message.contains("client.retry(call)"), "{message}");
    assert_eq!(asked[0], asked[1], "the same question is the same request");
    for meter in [
        r#"countersign_model_questions_total{outcome="answered"} 2"#,
        r#"countersign_model_tokens_total{kind="thinking"} 50"#,
        r#"countersign_model_attempts_total{endpoint="1",outcome="answered"} 2"#,
        r#"countersign_model_breaker_closed{endpoint="1"} 1"#,
        r#"model="DeepSeek-R1-Fake""#,
    ] {
        let metrics = get(&service, "/metrics").text();
        assert!(metrics.contains(meter), "{meter} is not in\n{metrics}");
    }
    let log = service.log().join("\n");
    for said in ["questions are answered by a model", FakeModel::NAME, "sha256:77"] {
        assert!(log.contains(said), "no `{said}` in\n{log}");
    }
    assert!(!log.contains("canary") && !log.contains("client.retry"), "{log}");
}

#[test]
fn a_model_that_is_down_leaves_questions_unjudged_and_the_service_up() {
    let gone = FakeModel::start([Saying::Status(500)]).url();
    let site = Site::new();
    let service = service(&site, &gone, "");
    for _ in 0..4 {
        let found = review(&service, RETRY);
        assert_eq!((&found["findings"], &found["state"]), (&json!([]), &json!("passed")), "{found}");
        assert_eq!(unjudged(&found), 1, "{found}");
    }
    let ready = get(&service, "/readyz");
    assert_eq!(ready.status, 200);
    assert_eq!(ready.json()["model"], json!({"name": FakeModel::NAME, "ok": false}));
    assert!(get(&service, "/metrics").text().contains(r#"countersign_model_breaker_closed{endpoint="1"} 0"#));
    assert_eq!(review(&service, RATIO)["coverage"]["questions_unjudged"], json!({}));
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn what_is_no_answer_leaves_the_question_unjudged() {
    let answer = |text: &str| Saying::Answer("hm".to_owned(), text.to_owned());
    let model = FakeModel::start([
        // What a second try may help gets one.
        answer("It is clean."),
        answer(r#"{"verdict":"clean"}"#),
        verdict("breach", "client.retry(twice)"),
        verdict("breach", "client.retry(thrice)"),
        verdict("unclear", ""),
        Saying::Status(400),
        Saying::Status(502),
        Saying::Break,
        answer("It is clean."),
        verdict("clean", ""),
        Saying::Silence,
    ]);
    let site = Site::new();
    let service = service(&site, &model.url(), "[review]\nrequire_model = true\n");
    for reason in ["malformed", "unfounded", "unclear", "refused", "unavailable", "unavailable"] {
        let found = review(&service, RETRY);
        assert_eq!((unjudged(&found), &found["state"]), (&json!(1), &json!("partial")), "{found}");
        assert_eq!(found["coverage"]["asked"]["unjudged"], json!({reason: 1}), "{found}");
    }
    let found = review(&service, RETRY);
    assert_eq!((unjudged(&found), &found["state"]), (&Value::Null, &json!("passed")), "{found}");
    let started = std::time::Instant::now();
    assert_eq!(unjudged(&review(&service, RETRY)), 1);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(model.asked().len(), 11, "what was sent is not sent again");
}

#[test]
fn a_merge_request_is_told_what_the_model_found_and_is_not_held_up_by_it() {
    let model = FakeModel::start([verdict("breach", "client.retry(call)")]);
    let (site, forge) = (Site::new(), FakeForge::start(Kind::Gitea));
    forge.commit("main", [("Posting.java", posting(RATIO))]);
    forge.commit("feature", [("Posting.java", posting(RETRY))]);
    let number = forge.open_merge_request("feature", "main", "developer");
    site.write("token", &forge.token());
    site.write("secret", "a secret of a proof");
    let gitea = format!(
        "[forge.gitea]\nurl = \"{}\"\ntoken_file = \"token\"\nwebhook_secret_files = [\"secret\"]\n",
        forge.url()
    );
    let service = service(&site, &model.url(), &gitea);
    let delivery = forge.delivery(&Happening::Opened(number), "a secret of a proof");
    assert_eq!(forge.deliver(&delivery, &format!("{}/webhooks/gitea", service.url())).status, 202);
    let state = eventually("a verdict", || {
        let status = forge.status(&forge.head(number)).map(|status| status.state);
        status.filter(|state| state != "pending")
    });
    assert_eq!(state, "success");
    let comments: Vec<_> = forge.comments(number).into_iter().map(|comment| comment.text).collect();
    let comments = comments.join("\n");
    assert!(comments.contains("TEST-1") && !comments.contains("canaryOfThinking"), "{comments}");
    assert_eq!(model.asked().len(), 1);
}

#[test]
fn editors_and_pipelines_hear_why_and_what_was_asked() {
    let model = FakeModel::start([verdict("breach", "client.retry(call)"), verdict("unclear", "")]);
    let site = Site::new();
    let service = service(&site, &model.url(), "");
    let body =
        json!({"repository": "bank/core", "files": [{"path": "Posting.java", "head": posting(RETRY)}]});
    let headers = [("content-type", "application/json"), ("accept", "text/event-stream")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let url = format!("{}/v1/reviews", service.url());
    let streamed = Client::default().send("POST", &url, &headers, body.to_string().into_bytes());
    let streamed = streamed.expect("an answer").text();
    let told = |name: &str| -> Value {
        let (_, rest) = streamed.split_once(&format!("event: {name}\ndata: ")).expect("the event");
        serde_json::from_str(rest.lines().next().unwrap_or_default()).expect("JSON")
    };
    let finding = told("finding");
    assert_eq!((&finding["decided_by"], &finding["why"]), (&json!("model"), &json!("canaryOfReason")));
    let outcome = told("outcome");
    assert_eq!(outcome["review"]["findings"][0], finding);
    assert_eq!(outcome["review"]["coverage"]["asked"]["answered"], 1);
    let kept = get(&service, &format!("/v1/reviews/{}", outcome["id"].as_str().unwrap_or_default())).json();
    assert_eq!(kept["review"], outcome["review"]);
    let open = &review(&service, RETRY)["coverage"]["asked"]["open"];
    assert_eq!(
        open[0],
        json!({"path": "Posting.java", "line": 2, "policy": "trust/retry", "reason": "unclear"})
    );
}
