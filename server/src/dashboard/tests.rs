//! Every page from outside: what it shows, in both languages, and what hostile input cannot do to it.

mod bank;
mod questions;

use std::sync::Arc;

use analyzers::report::document::FixRecord;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use jiff::Timestamp;

use self::bank::{LIMITS, bank, counts};
use super::router;
use crate::api::testing::{Answered, Memory, PAYMENTS, admit, get, id, record, reviewed, send, service};
use crate::record::{AskedBy, Outcome};

fn desk(memory: Memory) -> (Arc<Memory>, Router) {
    let memory = Arc::new(memory);
    (memory.clone(), router(service(&memory), admit(Some("li-wei-ide"))))
}

async fn page(path: &str) -> Answered {
    get(&desk(bank()).1, path).await
}

/// Asserts that a page has these words.
#[track_caller]
fn shows(answered: &Answered, words: &str) {
    assert!(answered.text.contains(words), "no `{words}` in:\n{}", answered.text);
}

#[tokio::test]
async fn the_first_page_lists_reviews_with_their_states_in_words() {
    let answered = page("/").await;
    for words in ["running", "failed", "passed", "partial", "not reviewed", "stale", "gitlab:bank/core!42"] {
        shows(&answered, words);
    }
    shows(&answered, &format!("href=\"/reviews/{}\"", id(2)));
    shows(&answered, "http-equiv=\"refresh\"");
    let filtered = page("/?state=failed&repository=bank/core").await;
    shows(&filtered, "value=\"bank/core\"");
    assert!(!filtered.text.contains(&format!("/reviews/{}\"", id(4))), "a passed review is left out");
    assert!(!filtered.text.contains("http-equiv"), "nothing runs here");
}

#[tokio::test]
async fn older_reviews_are_a_page_away() {
    let reviews = (1..=51).map(|number| record(number, number as i64, Outcome::Stale)).collect();
    let memory = Memory { reviews, ..Memory::default() };
    let (_, router) = desk(memory);
    let first = get(&router, "/?repository=bank/core").await;
    shows(&first, &format!("/?repository=bank%2Fcore&#38;before={}", id(50)));
    let second = get(&router, &format!("/?before={}", id(50))).await;
    shows(&second, &id(51));
    assert!(!second.text.contains(&id(50)) || !second.text.contains("Older"));
}

#[tokio::test]
async fn a_review_says_why_and_shows_findings_under_their_lines() {
    let answered = page(&format!("/reviews/{}", id(3))).await;
    shows(&answered, "5 findings block the merge.");
    shows(&answered, "1 finding does not block.");
    let at = |words: &str| answered.text.find(words).unwrap_or_else(|| panic!("no `{words}`"));
    let line = at("<mark>amount</mark>");
    let card = answered.text[line..].find("CB-MONEY-001").expect("a card under the line");
    assert!(card < 1000, "the card stands right under its line");
    shows(&answered, "24 more lines");
    shows(&answered, "&#60;U+202E&#62;");
    assert!(!answered.text.contains('\u{202e}'));
}

#[tokio::test]
async fn every_state_tells_its_reason() {
    for (number, words) in [
        (1, "The gate stays shut until it ends."),
        (4, "Everything in scope was read, and nothing blocks."),
        (5, "1 place in scope could not be read."),
        (6, "A newer head took its place."),
        (8, "Reason: gitlab.bank.example could not be reached for 5 attempts."),
    ] {
        shows(&page(&format!("/reviews/{}", id(number))).await, words);
    }
    shows(&page(&format!("/reviews/{}", id(5))).await, "core/generated/Rates.java");
}

#[tokio::test]
async fn every_finding_is_on_the_page_wherever_its_lines_are() {
    let mut reviewed = reviewed(LIMITS);
    reviewed.change.files.clear();
    let fingerprints: Vec<_> =
        reviewed.document.findings.iter().map(|finding| finding.fingerprint.clone()).collect();
    let memory =
        Memory { reviews: vec![record(1, 0, Outcome::Reviewed(Box::new(reviewed)))], ..Memory::default() };
    let answered = get(&desk(memory).1, &format!("/reviews/{}", id(1))).await;
    for fingerprint in fingerprints {
        shows(&answered, &format!("id=\"finding-{fingerprint}\""));
    }
    shows(&answered, "double amount = spent.doubleValue();");
}

#[tokio::test]
async fn a_suggested_fix_is_shown_as_a_diff() {
    let mut reviewed = reviewed(LIMITS);
    let finding = reviewed.document.findings.iter_mut().find(|one| one.location.start.line == 46).unwrap();
    let mut location = finding.location.clone();
    location.start.column = 9;
    location.end.column = 15;
    finding.fix = Some(FixRecord { location, replacement: "BigDecimal".to_owned() });
    let memory =
        Memory { reviews: vec![record(1, 0, Outcome::Reviewed(Box::new(reviewed)))], ..Memory::default() };
    let answered = get(&desk(memory).1, &format!("/reviews/{}", id(1))).await;
    shows(&answered, "<i>-</i>        double amount = spent.doubleValue();");
    shows(&answered, "<i>+</i>        BigDecimal amount = spent.doubleValue();");
}

#[tokio::test]
async fn a_change_that_is_too_long_says_so_and_keeps_its_findings() {
    let mut reviewed = reviewed(LIMITS);
    let many = vec![reviewed.change.files[1].hunks[0].lines[0].clone(); 4001];
    reviewed.change.files[1].hunks[0].lines.extend(many);
    let memory =
        Memory { reviews: vec![record(1, 0, Outcome::Reviewed(Box::new(reviewed)))], ..Memory::default() };
    let answered = get(&desk(memory).1, &format!("/reviews/{}", id(1))).await;
    shows(&answered, "too long to show");
    assert_eq!(answered.text.matches("<article").count(), 6);
}

#[tokio::test]
async fn hostile_text_is_shown_and_does_nothing() {
    let evil = "<script>alert(1)</script>\u{202e}\"'";
    let mut reviewed = reviewed(LIMITS);
    let finding = &mut reviewed.document.findings[0];
    finding.message.en = evil.to_owned();
    finding.location.path = format!("{evil}.java");
    finding.policy.title.en = evil.to_owned();
    finding.location.declaration = vec![evil.to_owned()];
    reviewed.change.files[0].head_path = Some(evil.to_owned());
    let mut record = record(1, 0, Outcome::Reviewed(Box::new(reviewed)));
    record.repository = Some(evil.to_owned());
    record.bound_to.head = Some(evil.to_owned());
    let mut other = record.clone();
    other.id = id(2);
    other.asked_by = AskedBy::Caller { token: Some(evil.to_owned()) };
    if let AskedBy::MergeRequest { merge_request, url } = &mut record.asked_by {
        merge_request.repository = evil.to_owned();
        *url = "javascript:alert(1)".to_owned();
    }
    let mut memory =
        Memory { reviews: vec![record, other], counts: counts(Timestamp::now()), ..Memory::default() };
    memory.counts[0].policy = evil.to_owned();
    memory.counts[0].repository = Some(evil.to_owned());
    memory.dead[0].reason = evil.to_owned();
    memory.dead[0].id = "\"><script>".to_owned();
    let (_, router) = desk(memory);
    let paths = [
        "/".to_owned(),
        format!("/reviews/{}", id(1)),
        format!("/reviews/{}", id(2)),
        "/findings".to_owned(),
        "/queue".to_owned(),
        "/?repository=%3Cscript%3E".to_owned(),
    ];
    for path in paths {
        let answered = get(&router, &path).await;
        assert_eq!(answered.status, 200, "{path}");
        let text = &answered.text;
        assert!(!text.contains("<script") && !text.contains("javascript:"), "{path}:\n{text}");
        assert!(text.contains("&#60;script"), "{path} shows it");
        assert!(!text.contains('\u{202e}') || path == "/findings", "{path} hides nothing");
    }
}

#[tokio::test]
async fn pages_may_do_nothing_but_show_themselves() {
    let (_, router) = desk(bank());
    for path in ["/", "/findings", "/queue", "/policies", "/reviews/none"] {
        let answered = get(&router, path).await;
        let policy = answered.headers["content-security-policy"].to_str().unwrap();
        for rule in ["default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'"]
        {
            assert!(policy.contains(rule), "{path}: {policy}");
        }
        assert_eq!(answered.headers["cache-control"], "no-store");
        assert_eq!(answered.headers["x-content-type-options"], "nosniff");
        for forbidden in ["<script", " style=", " onclick", "http-equiv=\"Content"] {
            assert!(!answered.text.contains(forbidden), "{path} has {forbidden}");
        }
    }
    let style = get(&router, super::page::style_path()).await;
    assert_eq!(style.status, 200);
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}

#[tokio::test]
async fn the_language_is_chosen_remembered_or_preferred() {
    let (_, router) = desk(bank());
    let chosen = get(&router, "/policies?lang=zh").await;
    shows(&chosen, "<html lang=\"zh\">");
    shows(&chosen, "href=\"/policies?lang=en\"");
    let cookie = chosen.headers["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.starts_with("countersign-language=zh;") && cookie.contains("SameSite=Lax"));
    let with = async |name: &str, value: &str, path: &str| {
        send(&router, Request::get(path).header(name, value).body(Body::empty()).unwrap()).await
    };
    shows(&with("cookie", "a=b; countersign-language=zh", "/").await, "<html lang=\"zh\">");
    shows(&with("cookie", "countersign-language=zh", "/?lang=en").await, "<html lang=\"en\">");
    shows(&with("accept-language", "de-DE, zh-CN;q=0.9, en;q=0.8", "/").await, "<html lang=\"zh\">");
    shows(&with("accept-language", "de", "/").await, "<html lang=\"en\">");
    assert!(with("accept-language", "zh", "/").await.headers.get("set-cookie").is_none());
}

#[tokio::test]
async fn every_page_is_there_in_chinese() {
    let (_, router) = desk(bank());
    let review = format!("/reviews/{}?lang=zh", id(3));
    for (path, words) in [
        ("/?lang=zh", "未通过"),
        (review.as_str(), "5 个问题阻止合并。"),
        ("/findings?lang=zh", "问题趋势"),
        ("/queue?lang=zh", "已放弃的任务"),
        ("/policies?lang=zh", "规范"),
        ("/policies/money/binary-floating-point?lang=zh", "如何修改"),
        ("/reviews/none?lang=zh", "未找到"),
    ] {
        shows(&get(&router, path).await, words);
    }
}

fn form(path: &str, body: &str, headers: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

const OWN: &[(&str, &str)] = &[("origin", "http://127.0.0.1:8787"), ("host", "127.0.0.1:8787")];

#[tokio::test]
async fn a_dead_letter_is_tried_again_by_a_form_of_our_own_only() {
    let (memory, router) = desk(bank());
    let foreign = send(
        &router,
        form("/queue/17/retry", "", &[("origin", "https://evil.example"), ("host", "127.0.0.1")]),
    )
    .await;
    assert_eq!(foreign.status, 403);
    shows(&foreign, "This form did not come from here");
    assert!(memory.retried.lock().unwrap().is_empty());
    let own = send(&router, form("/queue/17/retry", "", OWN)).await;
    assert_eq!((own.status.as_u16(), own.headers["location"].to_str().unwrap()), (303, "/queue"));
    assert_eq!(send(&router, form("/queue/18/retry", "", OWN)).await.status, 404);
    assert!(get(&router, "/queue/17/retry").await.status.is_client_error(), "a link cannot do it");
    assert_eq!(*memory.retried.lock().unwrap(), ["17"]);
}

#[tokio::test]
async fn feedback_is_kept_and_leads_back_to_the_finding() {
    let (memory, router) = desk(bank());
    let fingerprint = reviewed(PAYMENTS).document.findings[0].fingerprint.clone();
    let path = format!("/findings/{fingerprint}/feedback");
    let body = format!("review={}&verdict=wrong&reason=A+rate", id(2));
    let kept = send(&router, form(&path, &body, OWN)).await;
    assert_eq!(kept.status, 303);
    assert_eq!(kept.headers["location"], format!("/reviews/{}#finding-{fingerprint}", id(2)));
    shows(&get(&router, &format!("/reviews/{}", id(2))).await, "A rate");
    let elsewhere = send(&router, form(&path, "review=//evil.example&verdict=right", OWN)).await;
    assert_eq!(elsewhere.headers["location"], "/");
    let empty = send(&router, form(&path, &format!("review={}&verdict=wrong&reason=+", id(2)), OWN)).await;
    assert_eq!(empty.status, 422);
    shows(&empty, "Say why the finding is wrong");
    assert_eq!(send(&router, form(&path, &body, &[])).await.status, 403);
    assert_eq!(memory.feedback.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn findings_are_counted_by_policy_and_repository() {
    let answered = page("/findings?days=7&repository=github:bank/risk").await;
    shows(&answered, "CB-MONEY-001");
    shows(&answered, "github:bank/risk");
    shows(&answered, "<option value=\"7\" selected>");
    shows(&get(&desk(Memory::default()).1, "/findings").await, "No findings in this time.");
}

#[tokio::test]
async fn a_policy_is_shown_with_marked_examples() {
    let answered = page("/policies/money/binary-floating-point").await;
    shows(&answered, "BCBS 239");
    shows(&answered, "class=\"line breach\"");
    shows(&answered, "class=\"line near-miss\"");
}
