//! Where comments may stand, and where they may not.

use super::*;
use crate::posting::testing::{PATH, at, file, hunk};

const OLD: &str = "core/Old.java";

/// Head lines 8 to 12: context, added, added, context, context; 9 at base is gone.
const DIFF: &str = " eight\n-nine\n+NINE\n+TEN\n ten\n eleven\n";

fn change(
    status: FileStatus,
    base: Option<&str>,
    head: Option<&str>,
    hunks: Vec<HunkRecord>,
) -> ChangeRecord {
    ChangeRecord { files: vec![file(status, base, head, hunks)] }
}

fn modified() -> ChangeRecord {
    let hunks = vec![hunk(8, 8, DIFF), hunk(30, 31, " a\n+b\n c\n")];
    change(FileStatus::Modified, Some(PATH), Some(PATH), hunks)
}

fn anchor(kind: AnchorKind, base: u32, head: u32) -> LineAnchor {
    LineAnchor { kind, base, head }
}

/// The rungs in short: lines as `start-end`, the file, the merge request.
fn rungs(location: &LocationRecord, change: &ChangeRecord) -> Vec<String> {
    let short = |placement: &Placement| match placement {
        Placement::Lines { start, end, .. } => format!("{}-{}", start.head, end.head),
        Placement::File(_) => "file".to_owned(),
        Placement::MergeRequest => "merge request".to_owned(),
    };
    ladder(location, change).iter().map(short).collect()
}

#[test]
fn a_place_in_one_hunk_has_every_rung() {
    assert_eq!(rungs(&at(PATH, (9, 1), (11, 4)), &modified()), ["9-11", "9-9", "file", "merge request"]);
}

#[test]
fn one_line_is_one_rung() {
    assert_eq!(rungs(&at(PATH, (10, 1), (10, 4)), &modified()), ["10-10", "file", "merge request"]);
    assert_eq!(rungs(&at(PATH, (10, 1), (11, 1)), &modified()), ["10-10", "file", "merge request"]);
}

#[test]
fn a_place_over_two_hunks_or_past_one_is_one_line() {
    assert_eq!(rungs(&at(PATH, (10, 1), (32, 2)), &modified()), ["10-10", "file", "merge request"]);
    assert_eq!(rungs(&at(PATH, (5, 1), (50, 2)), &modified()), ["9-9", "file", "merge request"]);
    assert_eq!(rungs(&at(PATH, (11, 1), (20, 2)), &modified()), ["11-11", "file", "merge request"]);
    assert_eq!(rungs(&at(PATH, (12, 1), (20, 2)), &modified()), ["12-12", "file", "merge request"]);
}

#[test]
fn lines_outside_of_every_hunk_carry_no_comment() {
    assert_eq!(rungs(&at(PATH, (7, 1), (7, 2)), &modified()), ["file", "merge request"]);
    assert_eq!(rungs(&at(PATH, (13, 1), (30, 2)), &modified()), ["file", "merge request"]);
    assert_eq!(rungs(&at("core/Other.java", (9, 1), (9, 2)), &modified()), ["merge request"]);
    assert_eq!(rungs(&at(PATH, (0, 0), (0, 0)), &modified()), ["file", "merge request"]);
    assert_eq!(rungs(&at(PATH, (9, 1), (u32::MAX, 2)), &modified()), ["9-9", "file", "merge request"]);
    assert_eq!(rungs(&at(PATH, (12, 1), (9, 2)), &modified()), ["12-12", "file", "merge request"]);
}

#[test]
fn counters_run_on_both_sides() {
    let change = modified();
    let lines: Vec<_> = shown(&change.files[0], 8, 12).unwrap().iter().map(|line| line.anchor).collect();
    let expected = [
        anchor(AnchorKind::Context, 8, 8),
        anchor(AnchorKind::Added, 10, 9),
        anchor(AnchorKind::Added, 10, 10),
        anchor(AnchorKind::Context, 10, 11),
        anchor(AnchorKind::Context, 11, 12),
    ];
    assert_eq!(lines, expected);
    assert!(shown(&change.files[0], 8, 13).is_none(), "one line too many");
}

#[test]
fn a_new_file_counts_from_nothing_at_base() {
    let change = change(FileStatus::Added, None, Some(PATH), vec![hunk(1, 1, "+one\n+two\n")]);
    let Placement::Lines { file, start, end } = ladder(&at(PATH, (1, 1), (2, 2)), &change).remove(0) else {
        panic!("no lines");
    };
    assert_eq!(file, ChangedPath { base: PATH.to_owned(), head: PATH.to_owned(), is_new: true });
    assert_eq!((start, end), (anchor(AnchorKind::Added, 0, 1), anchor(AnchorKind::Added, 0, 2)));
}

#[test]
fn a_file_that_was_empty_counts_as_its_diff_does() {
    let change = change(FileStatus::Modified, Some(PATH), Some(PATH), vec![hunk(1, 1, "+one\n")]);
    assert_eq!(shown(&change.files[0], 1, 1).unwrap()[0].anchor, anchor(AnchorKind::Added, 0, 1));
}

#[test]
fn a_renamed_file_has_both_names_and_a_copy_is_a_new_file() {
    let path = |status| {
        let change = change(status, Some(OLD), Some(PATH), vec![hunk(8, 8, DIFF)]);
        match ladder(&at(PATH, (8, 1), (8, 2)), &change).remove(0) {
            Placement::Lines { file, end, .. } => (file.base, file.is_new, end),
            Placement::File(_) | Placement::MergeRequest => panic!("no lines"),
        }
    };
    assert_eq!(path(FileStatus::Renamed), (OLD.to_owned(), false, anchor(AnchorKind::Context, 8, 8)));
    assert_eq!(path(FileStatus::Copied), (PATH.to_owned(), true, anchor(AnchorKind::Added, 0, 8)));
}

#[test]
fn a_deleted_or_binary_file_has_no_lines() {
    let deleted = change(FileStatus::Deleted, Some(OLD), None, vec![hunk(1, 1, "-one\n")]);
    let places = ladder(&at(OLD, (1, 1), (1, 2)), &deleted);
    let path = ChangedPath { base: OLD.to_owned(), head: OLD.to_owned(), is_new: false };
    assert_eq!(places, [Placement::File(path), Placement::MergeRequest]);
    let mut binary = change(FileStatus::Modified, Some(PATH), Some(PATH), Vec::new());
    binary.files[0].is_binary = true;
    assert_eq!(rungs(&at(PATH, (1, 1), (1, 2)), &binary), ["file", "merge request"]);
}

proptest::proptest! {
    #[test]
    fn every_line_of_a_ladder_is_one_that_the_diff_shows(
        diff in proptest::collection::vec("[ +-]x", 0..12),
        starts in (1..20u32, 1..20u32),
        place in ((0..40u32, 0..5u32), (0..40u32, 0..5u32)),
    ) {
        let hunks = vec![hunk(starts.0, starts.1, &diff.join("\n"))];
        let change = change(FileStatus::Modified, Some(PATH), Some(PATH), hunks);
        let heads = diff.iter().filter(|line| !line.starts_with('-')).count() as u32;
        let shown = starts.1..starts.1 + heads;
        let rungs = ladder(&at(PATH, place.0, place.1), &change);
        proptest::prop_assert_eq!(rungs.last(), Some(&Placement::MergeRequest));
        for rung in rungs {
            if let Placement::Lines { start, end, .. } = rung {
                proptest::prop_assert!(shown.contains(&start.head) && shown.contains(&end.head));
                proptest::prop_assert!(start.head <= end.head && start.base <= end.base);
                proptest::prop_assert!(start.kind != AnchorKind::Removed);
            }
        }
    }
}
