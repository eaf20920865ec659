//! The command line: flags, exit codes, and what goes to stdout and stderr.

use std::process::Stdio;

use tests::Desk;

use crate::{AMOUNT, PRINT, RATIO, RETRY, SLEEP, posting};

/// A desk with one Java file of these lines.
fn desk(lines: &str) -> Desk {
    let desk = Desk::new();
    desk.write("src/A.java", posting(lines));
    desk
}

#[test]
fn a_scan_without_findings_passes() {
    desk(RATIO).run(&["scan", "src"]).ends(0).reports("passed: nothing found").says_nothing();
}

#[test]
fn a_scan_with_a_blocking_finding_fails() {
    desk(AMOUNT).run(&["scan", "."]).ends(1).reports("--> src/A.java:3:").reports("Use BigDecimal.");
}

#[test]
fn findings_below_the_threshold_pass() {
    let desk = desk(PRINT);
    desk.run(&["scan", "src"]).ends(0).reports("TEST-STYLE-1");
    desk.run(&["scan", "src", "--fail-on", "minor"]).ends(1);
}

#[test]
fn findings_of_a_policy_that_warns_never_fail() {
    desk(SLEEP).run(&["scan", "src", "--fail-on", "info"]).ends(0).reports("TEST-STYLE-2");
}

#[test]
fn unasked_questions_are_counted_and_fail_only_where_the_model_is_required() {
    let asked = desk(RETRY);
    asked.run(&["scan", "src"]).ends(0).reports("1 question that need").says_nothing();
    asked.run(&["scan", "src", "--require-model"]).ends(3).reports("partial");
    desk(RATIO).run(&["scan", "src", "--require-model"]).ends(0);
    desk(&format!("{RETRY}{AMOUNT}")).run(&["scan", "src", "--require-model"]).ends(1);
}

#[test]
fn reports_are_in_chinese_on_demand() {
    desk(AMOUNT).run(&["scan", "src", "--lang", "zh"]).ends(1).reports("金额是双精度数").reports("未通过");
}

#[test]
fn the_number_of_jobs_does_not_change_the_report() {
    let desk = Desk::new();
    for number in 0..40 {
        desk.write(&format!("src/A{number}.java"), posting(if number % 3 == 0 { AMOUNT } else { RATIO }));
    }
    let (one, many) = (desk.run(&["scan", ".", "--jobs", "1"]), desk.run(&["scan", ".", "--jobs", "8"]));
    assert_eq!(one.ends(1).stdout, many.ends(1).stdout);
}

#[test]
fn a_gate_names_what_blocks_in_one_line_each() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(&format!("{AMOUNT}{PRINT}")));
    repository.commit("first");
    let outcome = desk.run(&["gate"]);
    outcome.ends(1).reports("A.java:3:9: blocker[TEST-MONEY-1] `amount`").does_not_report("TEST-STYLE-1");
    outcome.reports("1 blocker, 1 minor").does_not_report("-->");
    desk.run(&["gate", "--fail-on", "minor"]).ends(1).reports("minor[TEST-STYLE-1]");
}

#[test]
fn a_pipeline_names_the_base() {
    for (mark, variable, value) in [
        ("GITLAB_CI", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "HEAD~2"),
        ("GITHUB_ACTIONS", "GITHUB_BASE_REF", "main"),
        ("JENKINS_URL", "CHANGE_TARGET", "main"),
    ] {
        let desk = Desk::new().with(mark, "true").with(variable, value);
        let repository = desk.repository();
        repository.write("A.java", posting(RATIO));
        let base = repository.commit("base");
        repository.write("A.java", posting(AMOUNT));
        repository.commit("one");
        repository.write("B.java", posting(RATIO));
        repository.commit("two");
        desk.write(".git/refs/remotes/origin/main", format!("{base}\n"));
        desk.run(&["gate"]).ends(1).says(variable);
        desk.run(&["gate", "--base", "HEAD~1"]).ends(0);
    }
}

#[test]
fn a_report_goes_into_a_file_and_stdout_stays_empty() {
    let desk = desk(AMOUNT);
    let outcome = desk.run(&["scan", "src", "--format", "json", "--output", "out.json"]);
    outcome.ends(1).says("failed: 1 finding, 1 blocking; see ").says("out.json");
    assert_eq!(outcome.stdout, "");
    let report = std::fs::read_to_string(desk.file("out.json")).unwrap();
    assert!(report.contains("\"state\": \"failed\""));
    desk.run(&["scan", "src", "-o", "out.json", "--quiet"]).ends(1).says_nothing();
    let names = std::fs::read_dir(desk.path()).unwrap().count();
    assert_eq!(names, 2, "the folder holds src, the report and nothing else");
}

#[test]
fn a_scan_reads_hidden_files_and_leaves_ignored_ones_and_links_alone() {
    let desk = desk(RATIO);
    desk.write(".hidden/B.java", posting(AMOUNT));
    desk.write("build/C.java", posting(AMOUNT));
    desk.write(".gitignore", "build/\n");
    let elsewhere = self::desk(AMOUNT);
    std::os::unix::fs::symlink(elsewhere.path(), desk.file("link")).unwrap();
    let outcome = desk.run(&["scan", "."]);
    outcome.ends(1).reports(".hidden/B.java").does_not_report("build/C.java").does_not_report("link");
    desk.run(&["scan", ".", "--no-ignore"]).ends(1).reports("build/C.java");
    desk.run(&["scan", "build/C.java"]).ends(1).reports("build/C.java");
}

#[test]
fn paths_are_relative_to_the_current_folder_and_named_once() {
    let desk = desk(AMOUNT);
    let absolute = desk.file("src").canonicalize().unwrap();
    let outcome = desk.run(&["scan", "./src", "src/A.java", absolute.to_str().unwrap()]);
    outcome.ends(1).reports("1 finding blocks").reports("--> src/A.java:3:");
}

#[test]
fn colours_come_only_on_demand_or_on_a_terminal() {
    let desk = desk(AMOUNT);
    desk.run(&["scan", "src"]).ends(1).does_not_report("\u{1b}[");
    desk.run(&["scan", "src", "--color", "always"]).ends(1).reports("\u{1b}[");
    desk.run(&["scan", "src", "--color", "always", "-o", "report"]).ends(1);
    assert!(!std::fs::read_to_string(desk.file("report")).unwrap().contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let desk = Desk::new();
    for number in 0..400 {
        desk.write(&format!("src/A{number}.java"), posting(&AMOUNT.repeat(5)));
    }
    let mut command = desk.command(&["scan", "src"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    assert!(ended.stderr.is_empty(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn an_interrupted_run_ends_in_130_and_leaves_nothing_behind() {
    let desk = desk(AMOUNT);
    let mut command = desk.command(&["review", "--diff", "-", "--output", "report"]);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let process = nix::unistd::Pid::from_raw(child.id().try_into().unwrap());
    // The run waits for its diff by then.
    while !handles_interrupts(child.id()) {
        std::thread::yield_now();
    }
    nix::sys::signal::kill(process, nix::sys::signal::Signal::SIGINT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(std::fs::read_dir(desk.path()).unwrap().count(), 1);
}

/// Whether a process has a handler for SIGINT (the second bit of the mask).
fn handles_interrupts(process: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).expect("Linux tells the mask");
    u64::from_str_radix(mask.trim(), 16).expect("the mask is hexadecimal") & 0b10 != 0
}

#[test]
fn help_has_examples_for_every_command() {
    let desk = Desk::new();
    for command in [
        &["review"][..],
        &["scan"],
        &["gate"],
        &["policy", "list"],
        &["policy", "show"],
        &["policy", "test"],
        &["policy", "check"],
        &["completions"],
        &[],
    ] {
        let mut arguments = command.to_vec();
        arguments.push("--help");
        desk.run(&arguments).ends(0).reports("Examples:").reports("  countersign ");
    }
    desk.run(&[]).ends(2).says("Usage:");
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Desk::new().run(&["completions", shell]).ends(0).reports("countersign").reports("require-model");
    }
}

#[test]
fn the_version_names_the_policies() {
    let version = Desk::new().run(&["--version"]);
    let digest = version.ends(0).stdout.split_whitespace().find(|word| word.len() == 64).unwrap().to_owned();
    let desk = desk(RATIO).with_builtin_policies();
    assert_eq!(desk.run(&["scan", "src", "-f", "json"]).json()["basis"]["policies_digest"], digest.as_str());
}
