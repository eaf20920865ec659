//! GitLab's rules for places: a line is named by exactly its numbers, or not found.

use serde_json::{Value, json};
use tests::harness::{FakeForge, Kind, Plan, Received};

use super::{ask, bank};

const DISCUSSIONS: &str = "/projects/bank%2Fcore/merge_requests/1/discussions";
const NO_LINE: &str =
    "400 Bad request - Note {:line_code=>[\"can't be blank\", \"must be a valid line code\"]}";

fn gitlab() -> FakeForge {
    bank(Plan::new(Kind::Gitlab))
}

/// The position that the newest version begins with.
fn position(forge: &FakeForge) -> Value {
    let versions = ask(forge, "GET", "/projects/5/merge_requests/1/versions", &Value::Null).json();
    json!({
        "base_sha": versions[0]["base_commit_sha"], "start_sha": versions[0]["start_commit_sha"],
        "head_sha": versions[0]["head_commit_sha"], "position_type": "text",
        "old_path": "ledger.rs", "new_path": "ledger.rs",
    })
}

/// Opens a discussion at a position with these properties besides.
fn discuss(forge: &FakeForge, besides: &Value) -> Received {
    let mut position = position(forge);
    for (name, value) in besides.as_object().expect("properties") {
        position[name] = value.clone();
    }
    ask(forge, "POST", DISCUSSIONS, &json!({ "body": "look", "position": position }))
}

fn is_not_found(answer: &Received) -> bool {
    answer.status == 400 && answer.json()["message"] == NO_LINE
}

#[test]
fn a_line_is_named_by_exactly_its_numbers() {
    let forge = gitlab();
    let taken = [
        json!({ "new_line": 10 }),
        json!({ "old_line": 11 }),
        json!({ "old_line": 8, "new_line": 8 }),
        json!({ "old_line": 12, "new_line": 11 }),
        json!({ "new_line": 20 }),
    ];
    let not_found = [
        json!({ "old_line": 10, "new_line": 10 }),
        json!({ "old_line": 12, "new_line": 10 }),
        json!({ "new_line": 8 }),
        json!({ "old_line": 12 }),
        json!({ "old_line": 12, "new_line": 12 }),
        json!({ "old_line": 1, "new_line": 1 }),
        json!({ "new_line": 999 }),
        json!({}),
    ];
    for besides in taken {
        let answer = discuss(&forge, &besides);
        assert_eq!(answer.status, 201, "{besides}: {}", answer.text());
        assert_eq!(answer.json()["notes"][0]["type"], "DiffNote");
        assert_eq!(answer.json()["notes"][0]["resolvable"], true);
    }
    for besides in not_found {
        assert!(is_not_found(&discuss(&forge, &besides)), "{besides}");
    }
}

#[test]
fn both_paths_are_wanted() {
    let forge = gitlab();
    let on = |old: &str, new: &str, besides: &Value| {
        let mut position = besides.clone();
        position["old_path"] = json!(old);
        position["new_path"] = json!(new);
        discuss(&forge, &position)
    };
    assert_eq!(on("added.rs", "added.rs", &json!({ "new_line": 2 })).status, 201);
    assert_eq!(on("gone.txt", "gone.txt", &json!({ "old_line": 1 })).status, 201);
    assert!(is_not_found(&on("", "added.rs", &json!({ "new_line": 2 }))));
    assert!(is_not_found(&on("ledger.rs", "added.rs", &json!({ "new_line": 2 }))));
    assert!(is_not_found(&on("none.rs", "none.rs", &json!({ "new_line": 2 }))));
    let one = json!({ "old_path": null, "new_line": 10 });
    assert!(is_not_found(&discuss(&forge, &one)));
}

#[test]
fn a_stale_commit_is_not_found() {
    let forge = gitlab();
    let stale = position(&forge);
    forge.push("feature", [("other.txt", "other\n")]);
    let old = json!({ "new_line": 10, "head_sha": stale["head_sha"] });
    assert!(is_not_found(&discuss(&forge, &old)));
    assert_eq!(discuss(&forge, &json!({ "new_line": 10 })).status, 201);
    let without = json!({ "new_line": 10, "start_sha": null });
    assert_eq!(discuss(&forge, &without).json()["error"], "position[start_sha] is missing");
}

/// The code of a ledger's line.
fn code(old: u32, new: u32) -> String {
    format!("fd5092dee6f87b0cea8dcc802baf348c2f1000ca_{old}_{new}")
}

#[test]
fn ranges_have_codes_of_both_counters() {
    let forge = gitlab();
    let range = |start: &Value, end: &Value| {
        discuss(&forge, &json!({ "new_line": 10, "line_range": { "start": start, "end": end } }))
    };
    let context = json!({ "line_code": code(8, 8), "type": "new" });
    let deleted = json!({ "line_code": code(11, 10), "type": "old" });
    let added = json!({ "line_code": code(12, 10), "type": "new" });
    assert_eq!(range(&context, &added).status, 201);
    assert_eq!(range(&deleted, &added).status, 201);
    assert_eq!(forge.comments(1)[0].place.as_ref().unwrap().start, 8);
    assert!(is_not_found(&range(&json!({ "line_code": code(0, 10), "type": "new" }), &added)));
    assert!(is_not_found(&range(&json!({ "line_code": code(12, 10), "type": "old" }), &added)));
    assert!(is_not_found(&range(&added, &context)), "the end is the line of the position");
    assert!(
        is_not_found(&range(&json!({ "line_code": code(18, 17), "type": "new" }), &added)),
        "another hunk"
    );
    let added_file = |path: &str| {
        let end = |line: u32| json!({ "line_code": format!("{path}_0_{line}"), "type": "new" });
        let range = json!({ "start": end(1), "end": end(2) });
        let file =
            json!({ "old_path": "added.rs", "new_path": "added.rs", "new_line": 2, "line_range": range });
        discuss(&forge, &file)
    };
    assert_eq!(added_file("aa2f8351fa3cfdebdcaa90115450ce842478a9f2").status, 201, "0 in a new file");
    assert!(is_not_found(&added_file(&code(0, 1)[..40])), "the code of another path");
}

#[test]
fn lines_inside_of_a_range_never_fit_the_schema() {
    let forge = gitlab();
    for line in [json!(10), json!("10")] {
        let end = json!({ "line_code": code(12, 10), "type": "new", "new_line": line });
        let refused = discuss(&forge, &json!({ "new_line": 10, "line_range": { "start": end, "end": end } }));
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains("must be a valid json schema"), "{}", refused.text());
    }
    let unknown = discuss(&forge, &json!({ "new_line": 10, "line_code": "x" }));
    assert!(unknown.text().contains("must be a valid json schema"));
    let text = discuss(&forge, &json!({ "new_line": "10" }));
    assert!(text.text().contains("must be a valid json schema"));
}

#[test]
fn files_are_places_for_newer_ones_only() {
    let file = json!({ "position_type": "file" });
    let forge = gitlab();
    let answer = discuss(&forge, &file);
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(forge.comments(1)[0].place.as_ref().unwrap().end, 0);
    let unchanged = json!({ "position_type": "file", "old_path": "none.rs", "new_path": "none.rs" });
    assert!(is_not_found(&discuss(&forge, &unchanged)));
    let old = bank(Plan::new(Kind::Gitlab).old());
    assert_eq!(discuss(&old, &file).json()["error"], "position[position_type] does not have a valid value");
    assert_eq!(discuss(&old, &json!({ "new_line": 10 })).status, 201);
}

#[test]
fn the_diff_of_a_new_head_is_late() {
    let forge = gitlab();
    let merge_request = || ask(&forge, "GET", "/projects/5/merge_requests/1", &Value::Null).json();
    assert_eq!(merge_request()["diff_refs"]["head_sha"], merge_request()["sha"]);
    forge.delay_diffs(2);
    forge.push("feature", [("other.txt", "other\n")]);
    assert_eq!(merge_request()["diff_refs"], Value::Null);
    let versions = ask(&forge, "GET", "/projects/5/merge_requests/1/versions", &Value::Null).json();
    assert_ne!(versions[0]["head_commit_sha"], json!(forge.head(1)));
    assert_eq!(merge_request()["diff_refs"]["head_sha"], json!(forge.head(1)));
}

#[test]
fn a_place_goes_with_its_line_and_stays_where_the_line_was_touched() {
    let forge = gitlab();
    discuss(&forge, &json!({ "old_line": 8, "new_line": 8 }));
    let first = forge.head(1);
    let place = || ask(&forge, "GET", DISCUSSIONS, &Value::Null).json()[0]["notes"][0]["position"].clone();
    forge.push("feature", [("ledger.rs", format!("first\n{}", super::changed_ledger()))]);
    assert_eq!((&place()["old_line"], &place()["new_line"]), (&json!(8), &json!(9)));
    assert_eq!(place()["head_sha"], json!(forge.head(1)));
    forge.push("feature", [("ledger.rs", super::changed_ledger().replace("line 8\n", "line eight\n"))]);
    assert_eq!((&place()["new_line"], &place()["head_sha"]), (&json!(8), &json!(first)));
}
