//! What a change brings is told from what was there before, whatever happened to the files.

use tests::{Desk, Outcome};

use crate::{AMOUNT, RATIO, posting};

/// A review of the change between two versions of files: path and content.
fn review(base: &[(&str, &str)], head: &[(&str, &str)]) -> Outcome {
    let desk = Desk::new();
    let repository = desk.repository();
    base.iter().for_each(|(path, content)| repository.write(path, content));
    repository.write("README.md", "A ledger.\n");
    repository.commit("base");
    base.iter().for_each(|(path, _)| repository.remove(path));
    head.iter().for_each(|(path, content)| repository.write(path, content));
    repository.commit("head");
    desk.run(&["review", "--base", "HEAD~1", "--head", "HEAD"])
}

#[test]
fn a_breach_that_the_change_brings_fails() {
    let outcome = review(&[("A.java", &posting(RATIO))], &[("A.java", &posting(AMOUNT))]);
    outcome.ends(1).reports("TEST-MONEY-1").reports("A.java:3:").reports("1 finding blocks the merge");
}

#[test]
fn a_breach_that_was_there_before_is_counted_and_passes() {
    let both = format!("{AMOUNT}{RATIO}");
    let outcome = review(&[("A.java", &posting(AMOUNT))], &[("A.java", &posting(&both))]);
    outcome.ends(0).does_not_report("TEST-MONEY-1").reports("1 before this change");
}

#[test]
fn a_second_breach_beside_an_old_one_fails() {
    let both = format!("{AMOUNT}{AMOUNT}");
    review(&[("A.java", &posting(AMOUNT))], &[("A.java", &posting(&both))]).ends(1);
}

#[test]
fn a_moved_function_brings_nothing_new() {
    let one =
        format!("class Posting {{\n    void post() {{\n{AMOUNT}    }}\n    void other() {{\n    }}\n}}\n");
    let other =
        format!("class Posting {{\n    void other() {{\n    }}\n    void post() {{\n{AMOUNT}    }}\n}}\n");
    review(&[("A.java", &one)], &[("A.java", &other)]).ends(0).reports("1 before this change");
}

#[test]
fn a_function_moved_into_another_file_brings_nothing_new() {
    let empty = "class Posting {\n}\n";
    let before = [("A.java", posting(AMOUNT)), ("B.java", empty.to_owned())];
    let after = [("A.java", empty.to_owned()), ("B.java", posting(AMOUNT))];
    let base: Vec<(&str, &str)> = before.iter().map(|(path, content)| (*path, content.as_str())).collect();
    let head: Vec<(&str, &str)> = after.iter().map(|(path, content)| (*path, content.as_str())).collect();
    review(&base, &head).ends(0).reports("1 before this change");
}

#[test]
fn a_renamed_file_brings_nothing_new() {
    let before = posting(&format!("{AMOUNT}{}", RATIO.repeat(10)));
    let after = posting(&format!("{AMOUNT}{}", RATIO.repeat(11)));
    review(&[("old/A.java", &before)], &[("new/B.java", &after)]).ends(0).reports("1 before this change");
}

#[test]
fn a_reformatted_file_brings_nothing_new() {
    let after = "class Posting\n{\n  void post()\n  {\n    double  amount\n      = 1.5 ;\n  }\n}\n";
    review(&[("A.java", &posting(AMOUNT))], &[("A.java", after)]).ends(0).reports("1 before this change");
}

#[test]
fn a_deleted_file_is_nothing_to_review() {
    review(&[("A.java", &posting(AMOUNT))], &[]).ends(0).reports("passed");
}

#[test]
fn everything_in_a_first_commit_is_new() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(AMOUNT));
    repository.commit("first");
    desk.run(&["review"]).ends(1).says("nothing, as this is the first commit");
}

#[test]
fn without_flags_a_review_takes_the_branch_with_uncommitted_and_new_files() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(RATIO));
    repository.commit("base");
    repository.branch("feature");
    repository.write("B.java", posting(AMOUNT));
    repository.commit("on the branch");
    repository.write("A.java", posting(AMOUNT));
    repository.write("C.java", posting(AMOUNT));
    let outcome = desk.run(&["review"]);
    outcome.ends(1).says("the work tree against the branch `main`").reports("3 findings block the merge");
    desk.run(&["review", "--work-tree"]).ends(1).reports("2 findings block").does_not_report("B.java");
    desk.run(&["review", "--head", "HEAD"]).ends(1).reports("1 finding blocks").reports("B.java");
}

#[test]
fn a_staged_review_takes_what_the_next_commit_would_change() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(RATIO));
    repository.commit("base");
    repository.write("A.java", posting(AMOUNT));
    desk.run(&["review", "--staged"]).ends(0).says("nothing changed");
    repository.stage();
    repository.write("A.java", posting(RATIO));
    desk.run(&["review", "--staged"]).ends(1).reports("A.java:3:");
}

#[test]
fn staged_files_are_reviewed_before_the_first_commit() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(AMOUNT));
    repository.stage();
    desk.run(&["review", "--staged"]).ends(1);
    desk.run(&["review"]).ends(1);
}

#[test]
fn a_gate_is_for_the_commit_and_not_for_the_work_tree() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(RATIO));
    repository.commit("base");
    repository.write("B.java", posting(RATIO));
    repository.commit("head");
    repository.write("B.java", posting(AMOUNT));
    desk.run(&["gate"]).ends(0);
    desk.run(&["review"]).ends(1);
}

#[test]
fn a_diff_in_a_repository_is_reviewed_with_whole_files() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(&format!("{AMOUNT}{}", RATIO.repeat(20))));
    repository.commit("base");
    repository.write("A.java", posting(&format!("{AMOUNT}{}{AMOUNT}", RATIO.repeat(20))));
    repository.commit("head");
    let diff = repository.diff("HEAD~1", "HEAD");
    let outcome = desk.run_with(&["review", "--diff", "-"], &diff);
    outcome.ends(1).reports("1 finding blocks").reports("1 before this change").does_not_report("not read");
}

#[test]
fn a_diff_without_a_repository_is_reviewed_as_far_as_it_tells() {
    let (with, without) = (Desk::new(), Desk::new());
    let repository = with.repository();
    repository.write("A.java", posting(&RATIO.repeat(20)));
    repository.commit("base");
    repository.write("A.java", posting(&format!("{}{RATIO}", RATIO.repeat(20))));
    repository.write("New.java", posting(AMOUNT));
    repository.commit("head");
    let diff = repository.diff("HEAD~1", "HEAD");
    let outcome = without.run_with(&["review", "--diff", "-"], &diff);
    outcome.ends(1).reports("New.java:3:").reports("A.java: only the lines of the diff are known");
    without.write("change.diff", &diff);
    without.run(&["review", "--diff", "change.diff"]).ends(1);
    without.write("A.java", posting(&format!("{}{RATIO}", RATIO.repeat(20))));
    without
        .run(&["review", "--diff", "change.diff", "--repo", "."])
        .ends(1)
        .does_not_report("only the lines");
}

#[test]
fn a_change_of_unchanged_lines_alone_leaves_a_diff_partial_without_its_files() {
    let (with, without) = (Desk::new(), Desk::new());
    let repository = with.repository();
    repository.write("A.java", posting(&RATIO.repeat(20)));
    repository.commit("base");
    repository.write("A.java", posting(&RATIO.repeat(21)));
    repository.commit("head");
    let diff = repository.diff("HEAD~1", "HEAD");
    without.run_with(&["review", "--diff", "-"], &diff).ends(3).reports("partial");
    with.run_with(&["review", "--diff", "-"], &diff).ends(0);
}
