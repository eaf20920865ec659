//! Fixes that may be applied with one click, each beside one that may not.

use analyzers::change::FileStatus;

use super::*;
use crate::posting::testing::{PATH, at, file, hunk};

fn change(diff: &str) -> ChangeRecord {
    ChangeRecord { files: vec![file(FileStatus::Modified, Some(PATH), Some(PATH), vec![hunk(10, 10, diff)])] }
}

fn fix(start: (u32, u32), end: (u32, u32), replacement: &str) -> FixRecord {
    FixRecord { location: at(PATH, start, end), replacement: replacement.to_owned() }
}

/// The block of one click, or nothing.
fn block(fix: &FixRecord, diff: &str, forge: ForgeKind) -> Option<String> {
    let change = change(diff);
    let replacement = replacement(fix, &change)?;
    one_click(&replacement, &fix.location, forge).map(|one_click| one_click.block)
}

const DIFF: &str = " void post() {\n+\tdouble 金额 = 1;\n+\tbook(金额);\n }\n";

#[test]
fn a_fix_inside_a_line_replaces_the_whole_line() {
    let fix = fix((11, 2), (11, 8), "BigDecimal");
    assert_eq!(
        block(&fix, DIFF, ForgeKind::Github).as_deref(),
        Some("```suggestion\n\tBigDecimal 金额 = 1;\n```\n")
    );
    assert_eq!(
        block(&fix, DIFF, ForgeKind::Gitlab).as_deref(),
        Some("```suggestion:-0+0\n\tBigDecimal 金额 = 1;\n```\n")
    );
    assert_eq!(block(&fix, DIFF, ForgeKind::Gitea), None, "Gitea has no such thing");
}

#[test]
fn a_fix_over_lines_hangs_at_its_last_line() {
    let fix = fix((11, 9), (12, 9), "x = 1;\n\tpost(x");
    let change = change(DIFF);
    let found = one_click(&replacement(&fix, &change).unwrap(), &fix.location, ForgeKind::Gitlab).unwrap();
    assert_eq!(found.block, "```suggestion:-1+0\n\tdouble x = 1;\n\tpost(x);\n```\n");
    let Placement::Lines { start, end, .. } = found.placement else { panic!("no lines") };
    assert_eq!((start.head, end.head), (11, 12));
}

#[test]
fn a_fix_of_whole_lines_leaves_the_next_line_alone() {
    let fix = fix((11, 1), (12, 1), "");
    assert_eq!(block(&fix, DIFF, ForgeKind::Github).as_deref(), Some("```suggestion\n```\n"));
}

#[test]
fn lines_that_the_change_does_not_show_are_not_replaced() {
    assert!(block(&fix((13, 1), (14, 2), "x"), DIFF, ForgeKind::Github).is_none());
    assert!(block(&fix((9, 1), (10, 2), "x"), DIFF, ForgeKind::Github).is_none());
    assert!(block(&fix((11, 40), (11, 41), "x"), DIFF, ForgeKind::Github).is_none(), "past the line's end");
    assert!(block(&fix((11, 0), (11, 2), "x"), DIFF, ForgeKind::Github).is_none());
    assert!(block(&fix((11, 2), (11, 8), "double"), DIFF, ForgeKind::Github).is_none(), "changes nothing");
}

#[test]
fn what_is_not_the_files_own_text_never_gets_into_code() {
    for line in ["+pay([card 1]);", "+caf\u{fffd};", "+\u{feff}pay();"] {
        assert!(replacement(&fix((10, 1), (10, 2), "x"), &change(line)).is_none(), "{line}");
    }
    assert!(replacement(&fix((10, 1), (10, 2), "x"), &change("+pay(card[1]);")).is_some());
}

#[test]
fn what_could_be_taken_for_something_else_is_a_diff() {
    for (line, replacement) in [
        ("+pay(); \u{202e}", "x"),
        ("+pay();\r", "x"),
        ("+pay();", "/merge\n"),
        ("+pay();", "// why\n"),
        ("+pay();", "```\n"),
        ("+pay();", "\u{200b}"),
    ] {
        let fix = fix((10, 1), (10, 2), replacement);
        assert!(block(&fix, line, ForgeKind::Gitlab).is_none(), "{line:?} {replacement:?}");
        let change = change(line);
        let shown = diff(&fix, super::replacement(&fix, &change).as_ref()).unwrap();
        assert!(shown.lines().all(|line| !line.starts_with('/')), "{shown}");
    }
}

#[test]
fn a_fix_elsewhere_in_the_file_is_no_click_on_the_finding() {
    let change = change(DIFF);
    let replacement = replacement(&fix((11, 2), (11, 8), "BigDecimal"), &change).unwrap();
    assert!(one_click(&replacement, &at(PATH, (12, 1), (12, 3)), ForgeKind::Github).is_none());
    assert!(one_click(&replacement, &at(PATH, (10, 1), (12, 3)), ForgeKind::Github).is_some());
}

#[test]
fn a_diff_shows_only_the_lines_that_differ() {
    let change = change(DIFF);
    let fix = fix((10, 1), (12, 1), "void post() {\n\tBigDecimal 金额 = 1;\n");
    let shown = diff(&fix, replacement(&fix, &change).as_ref()).unwrap();
    assert_eq!(shown, "```diff\n-     double 金额 = 1;\n+     BigDecimal 金额 = 1;\n```\n");
}

#[test]
fn a_fix_whose_lines_are_not_shown_is_what_comes_there() {
    assert_eq!(diff(&fix((99, 1), (99, 2), "a\nb\n"), None).as_deref(), Some("```diff\n+ a\n+ b\n```\n"));
    assert_eq!(diff(&fix((99, 1), (99, 2), " "), None), None);
}
