//! Gitea, calibrated: recorded calls get answers of the same form, and where it matters the same.

use serde_json::{Value, json};
use tests::harness::{Access, FakeForge, Kind, Plan, Received};

use super::{ask, bank, bearer};

const REVIEWS: &str = "/repos/bank/core/pulls/1/reviews";

/// The Gitea that was recorded.
fn gitea() -> FakeForge {
    bank(Plan::new(Kind::Gitea).old())
}

fn review(forge: &FakeForge, event: &str, text: &str, comments: &Value) -> Received {
    let body = json!({ "event": event, "body": text, "commit_id": forge.head(1), "comments": comments });
    ask(forge, "POST", REVIEWS, &body)
}

fn at(line: u32) -> Value {
    json!([{ "path": "ledger.rs", "body": "on added", "new_position": line }])
}

/// Every name and the kind of its value, as long as both have one; the names must be the same.
pub(super) fn assert_same_form(ours: &Value, captured: &Value, place: &str) {
    match (ours, captured) {
        (Value::Object(ours), Value::Object(captured)) => {
            let names = |object: &serde_json::Map<String, Value>| {
                let mut names: Vec<String> = object.keys().cloned().collect();
                names.sort();
                names
            };
            assert_eq!(names(ours), names(captured), "at {place}");
            for (name, value) in captured {
                assert_same_form(&ours[name], value, &format!("{place}/{name}"));
            }
        }
        (Value::Array(ours), Value::Array(captured)) => {
            for (value, pattern) in ours.iter().zip(captured) {
                assert_same_form(value, pattern, &format!("{place}/*"));
            }
        }
        (Value::Null, _) | (_, Value::Null) => {}
        (ours, captured) => {
            let same = std::mem::discriminant(ours) == std::mem::discriminant(captured);
            assert!(same, "at {place}: {ours} is not like {captured}");
        }
    }
}

fn captured(text: &str) -> Value {
    serde_json::from_str(text).expect("a capture is JSON")
}

#[test]
fn answers_have_the_form_of_captured_ones() {
    let forge = gitea();
    review(&forge, "COMMENT", "sum", &at(10));
    let number = ask(&forge, "GET", REVIEWS, &Value::Null).json()[0]["id"].clone();
    let routes = [
        (
            "/repos/bank/core/pulls/1".to_owned(),
            captured(include_str!("../../fixtures/forges/gitea/api.pull.json")),
        ),
        (REVIEWS.to_owned(), captured(include_str!("../../fixtures/forges/gitea/api.reviews.list.json"))),
        (
            format!("{REVIEWS}/{number}/comments"),
            captured(include_str!("../../fixtures/forges/gitea/api.review1.comments.json")),
        ),
        (
            "/repos/bank/core/commits/main/status".to_owned(),
            captured(include_str!("../../fixtures/forges/gitea/api.combined_status.json")),
        ),
    ];
    for (path, pattern) in routes {
        let answer = ask(&forge, "GET", &path, &Value::Null);
        assert_eq!(answer.status, 200, "{path}");
        assert_same_form(&answer.json(), &pattern, &path);
    }
}

#[test]
fn a_comment_on_the_added_line_is_told_as_captured() {
    let forge = gitea();
    let id = review(&forge, "COMMENT", "sum", &at(10)).json()["id"].clone();
    let told = ask(&forge, "GET", &format!("{REVIEWS}/{id}/comments"), &Value::Null).json();
    let pattern = captured(include_str!("../../fixtures/forges/gitea/api.review1.comments.json"));
    for name in
        ["body", "path", "diff_hunk", "position", "original_position", "original_commit_id", "resolver"]
    {
        assert_eq!(told[0][name], pattern[0][name], "{name}");
    }
    assert_eq!(told[0]["commit_id"], json!(forge.head(1)), "the added line comes from the head");
    let id = review(&forge, "COMMENT", "sum", &at(8)).json()["id"].clone();
    let told = ask(&forge, "GET", &format!("{REVIEWS}/{id}/comments"), &Value::Null).json();
    assert_eq!(told[0]["commit_id"], json!(forge.tip("main")), "a line of the context does not");
    let id =
        review(&forge, "COMMENT", "", &json!([{ "path": "ledger.rs", "body": "x", "old_position": 11 }]));
    let told = ask(&forge, "GET", &format!("{REVIEWS}/{}/comments", id.json()["id"]), &Value::Null).json();
    assert_eq!((&told[0]["position"], &told[0]["original_position"]), (&json!(0), &json!(11)));
}

#[test]
fn the_changed_files_are_told_as_captured() {
    let forge = bank(Plan::new(Kind::Gitea).old().page_size(50));
    let told = ask(&forge, "GET", "/repos/bank/core/pulls/1/files", &Value::Null).json();
    let pattern = captured(include_str!("../../fixtures/forges/gitea/api.pull.files.json"));
    assert_same_form(&told, &pattern, "files");
    for (told, pattern) in told.as_array().unwrap().iter().zip(pattern.as_array().unwrap()) {
        for name in ["filename", "status", "additions", "deletions", "changes"] {
            assert_eq!(told[name], pattern[name]);
        }
    }
}

#[test]
fn no_place_is_refused_and_those_outside_are_seen_by_nobody() {
    let forge = gitea();
    let outside = [
        json!({ "path": "ledger.rs", "body": "x", "new_position": 1 }),
        json!({ "path": "ledger.rs", "body": "x", "new_position": 999 }),
        json!({ "path": "none.rs", "body": "x", "new_position": 1 }),
        json!({ "path": "ledger.rs", "body": "x", "new_position": 0, "old_position": 0 }),
    ];
    for comment in outside {
        let answer = review(&forge, "COMMENT", "", &json!([comment]));
        assert_eq!(answer.status, 200);
        let path = format!("{REVIEWS}/{}/comments", answer.json()["id"]);
        assert_eq!(ask(&forge, "GET", &path, &Value::Null).json()[0]["diff_hunk"], "", "{comment}");
        assert!(!forge.inline_comments(1).last().unwrap().place.as_ref().unwrap().is_shown);
    }
    review(&forge, "COMMENT", "", &at(10));
    assert!(forge.inline_comments(1).last().unwrap().place.as_ref().unwrap().is_shown);
}

#[test]
fn an_unknown_event_leaves_the_review_pending_until_the_next_one() {
    let forge = gitea();
    let pending = review(&forge, "NOPE", "", &at(10)).json();
    assert_eq!(pending["state"], "PENDING");
    assert!(forge.comments(1).is_empty());
    let next = review(&forge, "COMMENT", "sum", &at(11)).json();
    assert_eq!((&next["id"], &next["state"]), (&pending["id"], &json!("COMMENT")));
    assert_eq!(next["comments_count"], 2);
    let after = review(&forge, "COMMENT", "sum", &at(11)).json();
    assert_ne!(after["id"], pending["id"]);
    let zeros = json!({ "event": "COMMENT", "body": "x", "commit_id": "0".repeat(40) });
    assert_eq!(ask(&forge, "POST", REVIEWS, &zeros).status, 200);
}

#[test]
fn empty_reviews_and_own_approvals_are_refused() {
    let forge = gitea();
    let none = json!([]);
    assert_eq!(review(&forge, "", "", &none).json()["message"], "review event  requires a body");
    assert_eq!(review(&forge, "COMMENT", "", &none).status, 422);
    assert_eq!(review(&forge, "COMMENT", "sum", &none).status, 200);
    assert_eq!(review(&forge, "APPROVED", "", &none).json()["state"], "APPROVED");
    let alice = bearer(Kind::Gitea, &forge.person("alice", Access::Write));
    let own = forge.ask(&alice, "POST", &format!("/api/v1{REVIEWS}"), &json!({ "event": "APPROVED" }));
    assert_eq!((own.status, &own.json()["message"]), (422, &json!("approve your own pull is not allowed")));
}

#[test]
fn reviews_are_stale_after_a_push() {
    let forge = gitea();
    review(&forge, "COMMENT", "sum", &at(10));
    let is_stale = || ask(&forge, "GET", REVIEWS, &Value::Null).json()[0]["stale"].clone();
    assert_eq!(is_stale(), false);
    forge.push("feature", [("other.txt", "other\n")]);
    assert_eq!(is_stale(), true);
}

#[test]
fn comments_beside_code_are_edited_but_not_deleted_like_others() {
    let forge = gitea();
    let path = "/repos/bank/core/issues/1/comments";
    let written = ask(&forge, "POST", path, &json!({ "body": "hello" })).json();
    let one = |id: &Value| format!("/repos/bank/core/issues/comments/{id}");
    let edited = ask(&forge, "PATCH", &one(&written["id"]), &json!({ "body": "edited" }));
    assert_eq!((edited.status, &edited.json()["body"]), (200, &json!("edited")));
    assert_eq!(ask(&forge, "DELETE", &one(&written["id"]), &Value::Null).status, 204);
    assert_eq!(ask(&forge, "GET", path, &Value::Null).json(), json!([]));
    let review = review(&forge, "COMMENT", "", &at(10)).json();
    let beside = json!(forge.inline_comments(1)[0].id);
    assert_eq!(ask(&forge, "PATCH", &one(&beside), &json!({ "body": "edited" })).status, 200);
    assert_eq!(ask(&forge, "DELETE", &one(&beside), &Value::Null).status, 204);
    assert_eq!(forge.inline_comments(1)[0].text, "edited", "it is still there");
    assert_eq!(ask(&forge, "DELETE", &format!("{REVIEWS}/{}", review["id"]), &Value::Null).status, 204);
    assert!(forge.inline_comments(1).is_empty());
}

#[test]
fn statuses_are_combined_and_want_the_right_to_write() {
    let forge = gitea();
    let head = forge.head(1);
    let path = format!("/repos/bank/core/statuses/{head}");
    let status = |state: &str| json!({ "state": state, "context": "countersign", "description": "x" });
    assert_eq!(ask(&forge, "POST", &path, &status("pending")).status, 201);
    assert_eq!(ask(&forge, "POST", &path, &status("passed")).status, 400);
    assert_eq!(ask(&forge, "POST", &path, &status("failure")).status, 201);
    let combined =
        ask(&forge, "GET", &format!("/repos/bank/core/commits/{head}/status"), &Value::Null).json();
    assert_eq!((&combined["state"], &combined["total_count"]), (&json!("failure"), &json!(1)));
    let reader = bearer(Kind::Gitea, &forge.person("reader", Access::Read));
    let refused = forge.ask(&reader, "POST", &format!("/api/v1{path}"), &status("success"));
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["message"], "user should have a permission to write to a repo");
}

#[test]
fn permissions_are_told_in_one_word() {
    let forge = gitea();
    for (access, word) in [(Access::Read, "read"), (Access::Write, "write"), (Access::Maintain, "admin")] {
        forge.person("mary", access);
        let asked = ask(&forge, "GET", "/repos/bank/core/collaborators/mary/permission", &Value::Null);
        assert_eq!(asked.json()["permission"], word);
    }
}
