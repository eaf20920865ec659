//! Where a comment stands, in the words that GitLab checks it with.
//!
//! A line is named by one number on its own side, a context line by both, and in a range by a line code:
//! SHA-1 of the path, and both running counters. Numbers inside `line_range` are refused by GitLab and never sent.

use serde_json::{Value, json};
use sha1::{Digest, Sha1};

use crate::forge::gitlab::merge_request::VersionShas;
use crate::forge::{AnchorKind, ChangedPath, LineAnchor, Placement};

/// The `position` of a placement; `None` for a plain note.
pub(super) fn of(placement: &Placement, version: &VersionShas) -> Option<Value> {
    match placement {
        Placement::Lines { file, start, end } => Some(lines(file, *start, *end, version)),
        Placement::File(file) => Some(at(file, "file", version)),
        Placement::MergeRequest => None,
    }
}

/// Whether a refusal is about the place of a comment.
pub(super) fn is_meant(why: &str) -> bool {
    ["line_code", "line code", "position", "line_range"].iter().any(|word| why.contains(word))
}

fn at(file: &ChangedPath, kind: &str, version: &VersionShas) -> Value {
    json!({
        "position_type": kind,
        "base_sha": version.base,
        "start_sha": version.start,
        "head_sha": version.head,
        "old_path": file.base,
        "new_path": file.head,
    })
}

fn lines(file: &ChangedPath, start: LineAnchor, end: LineAnchor, version: &VersionShas) -> Value {
    let mut position = at(file, "text", version);
    if end.kind != AnchorKind::Added {
        position["old_line"] = json!(end.base);
    }
    if end.kind != AnchorKind::Removed {
        position["new_line"] = json!(end.head);
    }
    if start != end {
        position["line_range"] = json!({"start": bound(file, start), "end": bound(file, end)});
    }
    position
}

fn bound(file: &ChangedPath, line: LineAnchor) -> Value {
    // GitLab's documentation: `new` for added lines, otherwise `old`.
    let side = match line.kind {
        AnchorKind::Added => "new",
        AnchorKind::Removed | AnchorKind::Context => "old",
    };
    json!({"line_code": line_code(file, line), "type": side})
}

fn line_code(file: &ChangedPath, line: LineAnchor) -> String {
    let path = hex::encode(Sha1::digest(file.head.as_bytes()));
    format!("{path}_{}_{}", line.base, line.head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(base: &str, head: &str, is_new: bool) -> ChangedPath {
        ChangedPath { base: base.to_owned(), head: head.to_owned(), is_new }
    }

    fn line(kind: AnchorKind, base: u32, head: u32) -> LineAnchor {
        LineAnchor { kind, base, head }
    }

    fn position(file: &ChangedPath, start: LineAnchor, end: LineAnchor) -> Value {
        let version = VersionShas { base: "b".repeat(40), start: "c".repeat(40), head: "d".repeat(40) };
        let mut position = of(&Placement::Lines { file: file.clone(), start, end }, &version).unwrap();
        let fields = position.as_object_mut().unwrap();
        for (name, sha) in [("base_sha", "b"), ("start_sha", "c"), ("head_sha", "d")] {
            assert_eq!(fields.shift_remove(name), Some(json!(sha.repeat(40))));
        }
        position
    }

    fn one(file: &ChangedPath, line: LineAnchor) -> Value {
        position(file, line, line)
    }

    #[test]
    fn an_added_line_has_its_new_number_only() {
        let ledger = file("ledger.rs", "ledger.rs", false);
        assert_eq!(
            one(&ledger, line(AnchorKind::Added, 12, 10)),
            json!({"position_type": "text", "old_path": "ledger.rs", "new_path": "ledger.rs", "new_line": 10})
        );
    }

    #[test]
    fn a_removed_line_has_its_old_number_only() {
        let ledger = file("ledger.rs", "ledger.rs", false);
        assert_eq!(
            one(&ledger, line(AnchorKind::Removed, 11, 10)),
            json!({"position_type": "text", "old_path": "ledger.rs", "new_path": "ledger.rs", "old_line": 11})
        );
    }

    #[test]
    fn a_context_line_has_both_numbers() {
        let ledger = file("ledger.rs", "ledger.rs", false);
        let position = one(&ledger, line(AnchorKind::Context, 13, 11));
        assert_eq!((&position["old_line"], &position["new_line"]), (&json!(13), &json!(11)));
    }

    #[test]
    fn a_renamed_file_has_both_its_names_and_its_line_codes_are_of_the_new_one() {
        let renamed = file("book.rs", "ledger.rs", false);
        let position = position(&renamed, line(AnchorKind::Context, 8, 8), line(AnchorKind::Added, 12, 10));
        assert_eq!((&position["old_path"], &position["new_path"]), (&json!("book.rs"), &json!("ledger.rs")));
        assert_eq!(
            position["line_range"],
            json!({
                "start": {"line_code": "fd5092dee6f87b0cea8dcc802baf348c2f1000ca_8_8", "type": "old"},
                "end": {"line_code": "fd5092dee6f87b0cea8dcc802baf348c2f1000ca_12_10", "type": "new"},
            })
        );
        assert_eq!(position.get("old_line"), None, "{position}");
        assert_eq!(position["new_line"], 10);
    }

    #[test]
    fn a_range_over_removed_lines_ends_on_the_old_side() {
        let ledger = file("ledger.rs", "ledger.rs", false);
        let position =
            position(&ledger, line(AnchorKind::Removed, 10, 10), line(AnchorKind::Removed, 11, 10));
        assert_eq!(position["old_line"], 11);
        assert_eq!(position.get("new_line"), None);
        let code = "fd5092dee6f87b0cea8dcc802baf348c2f1000ca";
        assert_eq!(
            position["line_range"]["start"],
            json!({"line_code": format!("{code}_10_10"), "type": "old"})
        );
        assert_eq!(
            position["line_range"]["end"],
            json!({"line_code": format!("{code}_11_10"), "type": "old"})
        );
    }

    #[test]
    fn a_new_file_counts_no_old_lines() {
        let new = file("ledger.rs", "ledger.rs", true);
        let position = position(&new, line(AnchorKind::Added, 0, 1), line(AnchorKind::Added, 0, 3));
        assert_eq!(
            position["line_range"]["end"]["line_code"],
            "fd5092dee6f87b0cea8dcc802baf348c2f1000ca_0_3"
        );
        assert_eq!(
            (&position["old_path"], &position["new_path"]),
            (&json!("ledger.rs"), &json!("ledger.rs"))
        );
    }

    #[test]
    fn numbers_stand_beside_a_range_and_never_in_it() {
        let ledger = file("ledger.rs", "ledger.rs", false);
        let position = position(&ledger, line(AnchorKind::Context, 8, 8), line(AnchorKind::Context, 9, 9));
        for bound in ["start", "end"] {
            let names: Vec<_> = position["line_range"][bound].as_object().unwrap().keys().collect();
            assert_eq!(names, ["line_code", "type"]);
        }
        assert_eq!(one(&ledger, line(AnchorKind::Context, 9, 9)).get("line_range"), None);
    }

    #[test]
    fn a_file_has_a_position_without_lines_and_a_merge_request_none() {
        let version = VersionShas { base: "b".into(), start: "c".into(), head: "d".into() };
        let position = of(&Placement::File(file("a", "b", false)), &version).unwrap();
        assert_eq!(
            position,
            json!({"position_type": "file", "base_sha": "b", "start_sha": "c", "head_sha": "d",
                   "old_path": "a", "new_path": "b"})
        );
        assert_eq!(of(&Placement::MergeRequest, &version), None);
    }

    #[test]
    fn only_refusals_about_places_are_about_places() {
        assert!(is_meant("400: 400 Bad request - Note {:line_code=>[\"can't be blank\"]}"));
        assert!(is_meant("400: position must be a valid json schema"));
        assert!(is_meant("400: position[position_type] does not have a valid value"));
        assert!(!is_meant("400: Note {:note=>[\"is too long (maximum is 1000000 characters)\"]}"));
    }
}
