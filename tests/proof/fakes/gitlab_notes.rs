//! GitLab's rules for notes, threads, commands and statuses.

use serde_json::{Value, json};
use tests::harness::{Access, FakeForge, Kind, Plan};

use super::{ask, bank, bearer};

const NOTES: &str = "/projects/5/merge_requests/1/notes";
const DISCUSSIONS: &str = "/projects/5/merge_requests/1/discussions";

fn gitlab() -> FakeForge {
    bank(Plan::new(Kind::Gitlab))
}

fn note(forge: &FakeForge, text: &str) -> u16 {
    ask(forge, "POST", NOTES, &json!({ "body": text })).status
}

#[test]
fn threads_are_resolved_and_single_notes_are_not() {
    let forge = gitlab();
    let opened = ask(&forge, "POST", DISCUSSIONS, &json!({ "body": "look" })).json();
    assert_eq!((&opened["individual_note"], &opened["notes"][0]["resolved"]), (&json!(false), &json!(false)));
    let thread = format!("{DISCUSSIONS}/{}", opened["id"].as_str().unwrap());
    let answer = ask(&forge, "POST", &format!("{thread}/notes"), &json!({ "body": "done" }));
    assert_eq!(answer.status, 201);
    let resolved = ask(&forge, "PUT", &thread, &json!({ "resolved": true })).json();
    assert_eq!(resolved["notes"][1]["resolved"], true);
    assert!(forge.comments(1)[0].is_resolved);
    assert_eq!(ask(&forge, "PUT", &thread, &json!({})).status, 400);
    note(&forge, "alone");
    let alone = ask(&forge, "GET", DISCUSSIONS, &Value::Null).json()[1].clone();
    assert_eq!(alone["individual_note"], true);
    let path = format!("{DISCUSSIONS}/{}", alone["id"].as_str().unwrap());
    assert_eq!(ask(&forge, "PUT", &path, &json!({ "resolved": true })).status, 400);
}

#[test]
fn notes_are_changed_by_their_authors() {
    let forge = gitlab();
    note(&forge, "first");
    let id = forge.comments(1)[0].id;
    let path = format!("{NOTES}/{id}");
    assert_eq!(ask(&forge, "PUT", &path, &json!({ "body": "second" })).json()["body"], "second");
    let bob = bearer(Kind::Gitlab, &forge.person("bob", Access::Write));
    let foreign = forge.ask(&bob, "PUT", &format!("/api/v4{path}"), &json!({ "body": "mine" }));
    assert_eq!(foreign.status, 403);
    assert_eq!(ask(&forge, "POST", NOTES, &json!({})).json()["error"], "body is missing");
    assert_eq!(ask(&forge, "POST", NOTES, &json!({ "body": " " })).status, 400);
    assert_eq!(ask(&forge, "DELETE", &path, &Value::Null).status, 204);
    assert_eq!(ask(&forge, "GET", &path, &Value::Null).status, 404);
}

#[test]
fn the_forge_writes_notes_of_its_own() {
    let forge = gitlab();
    note(&forge, "look");
    forge.push("feature", [("other.txt", "other\n")]);
    let notes = ask(&forge, "GET", NOTES, &Value::Null).json();
    assert_eq!((&notes[0]["system"], &notes[1]["system"]), (&json!(true), &json!(false)));
    assert_eq!(forge.comments(1).len(), 1, "people do not count them");
    let oldest = ask(&forge, "GET", &format!("{NOTES}?sort=asc"), &Value::Null).json();
    assert_eq!(oldest[0]["body"], "look");
}

#[test]
fn commands_in_notes_are_obeyed() {
    let harmless =
        ["see /approve", " /approve", "/tmp/file", "`/approve`", "```\n/approve\n```", "> /approve"];
    let forge = gitlab();
    for text in harmless {
        assert_eq!(note(&forge, text), 201);
    }
    assert!(forge.fired(1).is_empty() && forge.approved_by(1).is_empty());
    assert_eq!(note(&forge, "nice\n/approve\n/label ~x"), 201);
    assert_eq!(forge.fired(1), ["/approve", "/label"]);
    assert_eq!(forge.approved_by(1), ["countersign-bot"]);
    assert_eq!(forge.comments(1).last().unwrap().text, "nice", "the command is not shown");
    assert_eq!(note(&forge, "/merge"), 202, "nothing is left of a note of commands");
    let last = forge.comments(1).last().unwrap().id;
    ask(&forge, "PUT", &format!("{NOTES}/{last}"), &json!({ "body": "nice\n/unapprove" }));
    assert!(forge.approved_by(1).is_empty(), "edited notes are obeyed too");
}

#[test]
fn an_old_gitlab_knows_no_fence_but_three_backticks() {
    let plans = [(Plan::new(Kind::Gitlab), 0), (Plan::new(Kind::Gitlab).old(), 1)];
    for (plan, count) in plans {
        for text in ["````\n```\n/close\n````", "~~~\n/close\n~~~"] {
            let forge = bank(plan.clone());
            assert_eq!(note(&forge, text), 201);
            assert_eq!(forge.fired(1).len(), count, "{text}");
        }
    }
}

#[test]
fn a_status_that_stands_still_is_refused() {
    let forge = gitlab();
    let head = forge.head(1);
    let set = |state: &str| {
        let body = json!({ "state": state, "name": "countersign", "ref": "feature" });
        ask(&forge, "POST", &format!("/projects/5/statuses/{head}"), &body)
    };
    assert_eq!(set("pending").status, 201);
    assert!(set("pending").text().contains("Cannot transition status via :enqueue from :pending"));
    assert_eq!(set("running").status, 201);
    let again = set("running");
    assert_eq!(again.status, 400);
    assert!(again.text().contains("Cannot transition status via :run from :running"));
    assert_eq!(set("pending").status, 400);
    assert_eq!(set("success").status, 201);
    assert_eq!(set("failed").status, 201, "after its end there is a new job");
    assert_eq!(set("running").status, 201);
    assert_eq!(set("passed").status, 400);
    assert_eq!(forge.status(&head).unwrap().state, "running");
}

#[test]
fn statuses_are_for_known_commits_by_those_who_write() {
    let forge = gitlab();
    let body = |length: usize| json!({ "state": "success", "name": "countersign", "description": "x".repeat(length) });
    let path = format!("/projects/5/statuses/{}", forge.head(1));
    assert_eq!(ask(&forge, "POST", &path, &body(255)).status, 201);
    assert_eq!(ask(&forge, "POST", &path, &body(256)).status, 400);
    let unknown = format!("/projects/5/statuses/{}", "0".repeat(40));
    assert_eq!(ask(&forge, "POST", &unknown, &body(1)).status, 404);
    let reader = bearer(Kind::Gitlab, &forge.person("reader", Access::Read));
    assert_eq!(forge.ask(&reader, "POST", &format!("/api/v4{path}"), &body(1)).status, 403);
    let listed = ask(
        &forge,
        "GET",
        &format!("/projects/5/repository/commits/{}/statuses", forge.head(1)),
        &Value::Null,
    );
    assert_eq!(listed.json()[0]["name"], "countersign");
}

#[test]
fn members_have_levels_and_strangers_are_none() {
    let forge = gitlab();
    for (access, level) in
        [(Access::Read, 20), (Access::Write, 30), (Access::Maintain, 40), (Access::Admin, 50)]
    {
        forge.person("mary", access);
        let found = ask(&forge, "GET", "/projects/5/members/all?query=mary", &Value::Null).json();
        let id = found[0]["id"].clone();
        let member = ask(&forge, "GET", &format!("/projects/5/members/all/{id}"), &Value::Null).json();
        assert_eq!(member["access_level"], level);
    }
    forge.person("mary", Access::None);
    let found = ask(&forge, "GET", "/projects/5/members/all?query=mary", &Value::Null).json();
    assert_eq!(found, json!([]));
    assert_eq!(ask(&forge, "GET", "/projects/5/members/all/99999", &Value::Null).status, 404);
}

#[test]
fn an_approval_of_a_head_that_has_moved_is_refused() {
    let forge = gitlab();
    let approve = |sha: &str| {
        ask(&forge, "POST", "/projects/5/merge_requests/1/approve", &json!({ "sha": sha })).status
    };
    let old = forge.head(1);
    forge.push("feature", [("other.txt", "other\n")]);
    assert_eq!([approve(&old), approve(&forge.head(1))], [409, 201]);
}
