//! Bad input: a clear message and the right exit code; what can be reviewed still is, what cannot is named.

use std::fmt::Write as _;

use tests::Desk;

use crate::{AMOUNT, RATIO, posting};

/// A desk with a repository of two commits; the second brings a breach.
fn desk() -> Desk {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(RATIO));
    repository.commit("base");
    repository.write("A.java", posting(AMOUNT));
    repository.commit("head");
    desk
}

#[test]
fn no_repository() {
    Desk::new().run(&["review"]).ends(2).says("not in a git repository").says("--diff");
    Desk::new().run(&["review", "--repo", "nowhere"]).ends(2).says("nowhere");
}

#[test]
fn an_unknown_revision() {
    desk().run(&["review", "--base", "mian"]).ends(2).says("no revision `mian`").says("did you mean `main`");
    desk().run(&["gate", "--head", "nonesuch"]).ends(2).says("nonesuch");
}

#[test]
fn a_base_from_the_pipeline_that_was_not_fetched() {
    let desk = desk().with("GITLAB_CI", "true").with("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "release");
    desk.run(&["gate"]).ends(2).says("origin/release").says("CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
}

#[test]
fn an_empty_change() {
    let desk = desk();
    desk.run(&["review", "--base", "HEAD", "--head", "HEAD"]).ends(0).says("nothing changed");
    desk.run(&["review", "--diff", "-"]).ends(0).says("the diff is empty");
    desk.run(&["gate", "--diff", "-"]).ends(3).says("the diff is empty");
}

#[test]
fn an_unreadable_diff() {
    let desk = Desk::new();
    desk.run_with(&["review", "--diff", "-"], b"hello\n")
        .ends(2)
        .says("line 1 of the diff")
        .says("not a unified diff");
    let cut = "--- a/A.java\n+++ b/A.java\n@@ -1,2 +1,9 @@\n class A {\n+int a;\n";
    desk.run_with(&["review", "--diff", "-"], cut.as_bytes())
        .ends(2)
        .says("of the diff")
        .says("more head lines");
    desk.run(&["review", "--diff", "nowhere.diff"]).ends(2).says("nowhere.diff: the diff cannot be read");
    desk.run(&["review", "--diff", "."]).ends(2).says(".: the diff cannot be read");
}

#[test]
fn flags_that_contradict_each_other() {
    desk().run(&["review", "--diff", "-", "--base", "main"]).ends(2).says("cannot be used with");
    desk().run(&["review", "--staged", "--work-tree"]).ends(2).says("cannot be used with");
    desk()
        .run(&["review", "--fail-on", "bad"])
        .ends(2)
        .says("[possible values: blocker, major, minor, info]");
    desk().run(&["scan"]).ends(2).says("<PATH>");
    desk().run(&["scan", ".", "--jobs", "0"]).ends(2).says("0");
}

#[test]
fn a_missing_file() {
    let desk = Desk::new();
    desk.write("A.java", posting(AMOUNT));
    desk.run(&["scan", "A.java", "B.java", "C.java"])
        .ends(2)
        .says("B.java: No such file")
        .says("C.java: No such file");
    desk.run(&["scan", "/dev/null"]).ends(2).says("neither a file nor a folder");
}

#[test]
fn a_binary_that_calls_itself_java_is_named() {
    let desk = Desk::new();
    desk.write("A.java", posting(RATIO));
    desk.write("B.java", [0, 159, 146, 150, 0, 1, 2, 3].repeat(100));
    desk.write("logo.png", [0, 159, 146, 150, 0, 1, 2, 3].repeat(100));
    let outcome = desk.run(&["scan", "."]);
    outcome.ends(3).reports("B.java: ").reports("1 of 2 files").does_not_report("logo.png");
}

#[test]
fn a_java_file_that_a_change_turns_into_a_binary_is_named() {
    let desk = desk();
    let repository = desk.repository();
    repository.write("A.java", [posting(AMOUNT).as_bytes(), b"\0\x01\x02\xff\xfe"].concat());
    repository.commit("binary");
    desk.run(&["gate", "--base", "HEAD~1"]).ends(3).reports("A.java: ");
}

#[test]
fn a_line_of_fifty_megabytes_is_named_and_the_rest_reviewed() {
    let desk = Desk::new();
    desk.write("Long.java", format!("class Long {{ String s = \"{}\"; }}\n", "x".repeat(50 << 20)));
    desk.write("A.java", posting(RATIO));
    desk.run(&["scan", "."]).ends(3).reports("partial").reports("Long.java: 52428").reports("1 of 2 files");
    desk.write("A.java", posting(AMOUNT));
    desk.run(&["scan", "."]).ends(1).reports("A.java:3:").reports("Long.java: 52428");
}

#[test]
fn a_diff_of_a_million_lines_is_reviewed_to_the_last() {
    let desk = Desk::new();
    let mut diff = String::new();
    for file in 0..100 {
        let _ = write!(
            diff,
            "diff --git a/F{file}.java b/F{file}.java\nnew file mode 100644\n--- /dev/null\n+++ b/F{file}.java\n\
             @@ -0,0 +1,10000 @@\n+class F{file} {{ void post() {{\n"
        );
        let last = if file == 99 { "double amount = 1.5;" } else { "int i;" };
        (0..9_997).for_each(|line| {
            let _ = writeln!(diff, "+int a{line};");
        });
        let _ = write!(diff, "+{last}\n+}} }}\n");
    }
    let outcome = desk.run_with(&["review", "--diff", "-"], diff.as_bytes());
    outcome.ends(1).reports("F99.java:9999:1").reports("100 of 100 files, 1000000 lines");
}

#[test]
fn nesting_of_a_hundred_thousand_is_named_and_harms_nothing() {
    let desk = Desk::new();
    let (open, close) = ("(".repeat(100_000), ")".repeat(100_000));
    desk.write("Deep.java", format!("class Deep {{ double amount = {open}1{close}; }}\n"));
    let (open, close) = ("{".repeat(100_000), "}".repeat(100_000));
    desk.write("Blocks.java", format!("class B {{ double amount; void b() {open} {close} }}"));
    // Nothing in it is what a check looks for, however deep: that much is known without a tree.
    desk.write("Quiet.java", format!("class B {{ void b() {open} {close} }}"));
    desk.write("A.java", posting(AMOUNT));
    let outcome = desk.run(&["scan", "."]);
    outcome
        .ends(1)
        .reports("A.java:3:")
        .reports("Deep.java: ")
        .reports("Blocks.java: ")
        .reports("2 of 4 files");
}

#[test]
fn broken_code_is_reviewed_where_it_can_be_read() {
    let desk = Desk::new();
    desk.write("A.java", format!("{}class Broken {{ void ) oops(\n", posting(AMOUNT)));
    desk.run(&["scan", "."]).ends(1).reports("A.java:3:");
}

#[test]
fn a_policy_with_an_unknown_key() {
    let desk = Desk::new().with_builtin_policies();
    desk.write("A.java", posting(RATIO));
    desk.write("bank/money/own.yaml", "id: money/own\nseverty: major\n");
    let outcome = desk.run(&["scan", "A.java", "--policies", "bank"]);
    outcome.ends(2).says("bank/money/own.yaml:2").says("severty").says("countersign policy schema");
    assert_eq!(outcome.stdout, "");
}

#[test]
fn a_policy_with_a_bad_pattern() {
    let policy = "id: money/own\ncode: OWN-1\ntitle: T\nseverity: major\nlanguages: [java]\nobjective: O\n\
                  rationale: R\nsuccess_criteria: S\nfailure_criteria: F\nremedy: M\nchecks:\n  - pattern:\n      \
                  java: {pattern: \"double $A = ;;; class\", kind: no_such_kind}\n";
    let desk = Desk::new().with_builtin_policies();
    desk.write("A.java", posting(RATIO));
    desk.write("bank/money/own.yaml", policy);
    desk.run(&["scan", "A.java", "--policies", "bank"])
        .ends(2)
        .says("bank/money/own.yaml:")
        .says("checks[0]");
    desk.run(&["policy", "check", "bank"]).ends(2).says("bank/money/own.yaml:").says("checks[0]");
}

#[test]
fn no_policies_at_all() {
    let desk = Desk::new().with_builtin_policies();
    desk.write("A.java", posting(AMOUNT));
    desk.run(&["scan", ".", "--no-builtin"]).ends(2).says("no policy in force").says("--policies");
    desk.run(&["scan", ".", "--policies", "nowhere"]).ends(2).says("nowhere").says("cannot be read");
}

#[test]
fn an_output_that_cannot_be_written() {
    let desk = Desk::new();
    desk.write("A.java", posting(AMOUNT));
    desk.run(&["scan", ".", "--output", "nowhere/report.json"])
        .ends(2)
        .says("nowhere/report.json: the report cannot be written");
    desk.run(&["scan", ".", "--output", "."]).ends(2).says("it is a folder");
    desk.run(&["scan", ".", "--output", "/dev/full"]).ends(2).says("/dev/full");
}

#[test]
fn a_run_that_fails_leaves_an_old_report_alone() {
    let desk = Desk::new();
    desk.write("report.json", "old");
    desk.run(&["review", "--output", "report.json"]).ends(2);
    assert_eq!(std::fs::read_to_string(desk.file("report.json")).unwrap(), "old");
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 1);
}

#[test]
fn file_names_that_would_command_a_terminal_are_shown_harmless() {
    let desk = Desk::new();
    desk.write("A\u{1b}[2Jb.java", posting(AMOUNT));
    desk.run(&["scan", "."]).ends(1).reports("A<U+001B>[2Jb.java").does_not_report("\u{1b}");
    desk.run(&["scan", "\u{1b}[2J"]).ends(2).says("<U+001B>[2J: No such file");
}
