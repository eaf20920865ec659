//! The text of a diff in, a change set or a clear error out: each form that tools write, beside its near miss.

use analyzers::change::diff_text::{DiffProblem, parse, write};
use analyzers::change::{ChangeSet, ContentChange, FileChange, FileStatus, LineKind};

/// One line a file: status, paths, modes, and the hunks as git writes them.
fn shown(change_set: &ChangeSet) -> String {
    change_set.files.iter().map(show_file).collect::<Vec<_>>().join("\n")
}

fn show_file(file: &FileChange) -> String {
    let paths = match (&file.base_path, &file.head_path) {
        (Some(base), Some(head)) if base != head => format!("{base} > {head}"),
        _ => file.path().to_owned(),
    };
    let mode = |mode: Option<u32>| mode.map_or("-".to_owned(), |mode| format!("{mode:o}"));
    let modes = match (file.base_mode, file.head_mode) {
        (None, None) => String::new(),
        (base, head) => format!(" {}>{}", mode(base), mode(head)),
    };
    let content = match &file.content {
        ContentChange::Binary => " binary".to_owned(),
        ContentChange::Text(hunks) => hunks.iter().map(show_hunk).collect(),
    };
    format!("{:?} {paths}{modes}{content}", file.status)
}

fn show_hunk(hunk: &analyzers::change::Hunk) -> String {
    let line = |line: &analyzers::change::HunkLine| {
        let mark = match line.kind {
            LineKind::Context => ' ',
            LineKind::Removed => '-',
            LineKind::Added => '+',
        };
        let end = if line.ends_without_newline { "\\" } else { "" };
        format!("{mark}{:?}{end}", String::from_utf8_lossy(&line.bytes)).replace('"', "'")
    };
    let lines: Vec<String> = hunk.lines.iter().map(line).collect();
    let (base, head) = ((hunk.base_start, hunk.base_count), (hunk.head_start, hunk.head_count));
    format!(" @{},{} {},{}@ {}", base.0, base.1, head.0, head.1, lines.join(" "))
}

fn check(text: &str, expected: &str) {
    check_bytes(text.as_bytes(), expected);
}

fn check_bytes(text: &[u8], expected: &str) {
    match parse(text) {
        Ok(change_set) => {
            assert_eq!(shown(&change_set), expected, "{}", String::from_utf8_lossy(text));
            comes_back(&change_set);
        }
        Err(error) => panic!("{error}\n{}", String::from_utf8_lossy(text)),
    }
}

/// What is written of a change is read as the same change.
fn comes_back(change_set: &ChangeSet) {
    let written = write(change_set);
    let again =
        parse(&written).unwrap_or_else(|error| panic!("{error}\n{}", String::from_utf8_lossy(&written)));
    assert_eq!(again, *change_set, "{}", String::from_utf8_lossy(&written));
}

/// The error of a text: its line and words that it must have.
fn check_error(text: &str, line: usize, words: &str) {
    let error = parse(text.as_bytes()).expect_err("no error");
    assert_eq!(error.line, line, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

const BODY: &str = "@@ -1 +1 @@\n-a\n+b\n";

fn with_body(header: &str) -> String {
    format!("{header}{BODY}")
}

#[test]
fn a_blank_text_changes_nothing_and_prose_is_not_a_diff() {
    check("", "");
    check(" \n\r\n", "");
    check_error("hello\n", 1, "not a unified diff");
    check_error("\u{1b}[1mdiff --git a/x b/x\u{1b}[m\n", 1, "--no-color");
    check_error("*** a\n--- b\n***************\n*** 1 ****\n", 1, "context diff");
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("diff".bytes().flat_map(|byte| [byte, 0])).collect();
    let error = parse(&utf16).expect_err("no error");
    assert!(error.to_string().contains("PowerShell"), "{error}");
}

#[test]
fn the_headers_of_git_tell_what_became_of_a_file() {
    check(
        &with_body("diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n"),
        "Modified x 100644>100644 @1,1 1,1@ -'a' +'b'",
    );
    check("diff --git a/x b/x\nold mode 100644\nnew mode 100755\n", "Modified x 100644>100755");
    check(
        "diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n\
         diff --git a/x b/z\nsimilarity index 100%\ncopy from x\ncopy to z\n",
        "Renamed x > y\nCopied x > z",
    );
    check(
        "diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n\
         diff --git a/f b/f\ndeleted file mode 100755\nindex e69de29..0000000\n",
        "Added e ->100644\nDeleted f 100755>-",
    );
    check(
        "diff --git a/l b/l\ndeleted file mode 100644\nindex 1111111..0000000\n--- a/l\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n\
         diff --git a/l b/l\nnew file mode 120000\nindex 0000000..2222222\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+t\n\\ No newline at end of file\n",
        "Deleted l 100644>- @1,1 0,0@ -'a'\nAdded l ->120000 @0,0 1,1@ +'t'\\",
    );
}

#[test]
fn a_header_that_promises_content_must_show_it() {
    check_error("diff --git a/x b/x\nindex 1111111..2222222 100644\n", 1, "hunks after this header");
    check_error("diff --git a/x b/x\nnew file mode 100644\nindex 0000000..2222222\n", 1, "hunks after");
    check_error("diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n", 5, "a hunk after");
    check_error("diff --git a/x b/x\n", 1, "hunks after");
    check_error("diff --git a/x b/x\nindex 12..zz 100644\n", 2, "blob ids");
    check_error("diff --git a/x b/x\nold mode rwx\n", 2, "a mode");
    check_error(
        "diff --git\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n",
        6,
        "expected 1 more base and 1 more head",
    );
}

#[test]
fn paths_are_read_quoted_or_not_and_with_spaces() {
    check(
        &with_body(
            "diff --git \"a/\\346\\226\\207.java\" \"b/\\346\\226\\207.java\"\n--- \"a/\\346\\226\\207.java\"\n+++ \"b/\\346\\226\\207.java\"\n",
        ),
        "Modified 文.java @1,1 1,1@ -'a' +'b'",
    );
    check(
        "diff --git a/my file b/my file\nold mode 100644\nnew mode 100755\n",
        "Modified my file 100644>100755",
    );
    check("diff --git a/x b/x b/x b/x\nold mode 100644\nnew mode 100755\n", "Modified x b/x 100644>100755");
    check(
        "diff --git a/plain \"b/a\\tb\"\nsimilarity index 100%\nrename from plain\nrename to \"a\\tb\"\n",
        "Renamed plain > a\tb",
    );
    check(
        "diff --git \"a/\\262.c\" \"b/\\262.c\"\nold mode 100644\nnew mode 100755\n",
        "Modified \"\\262.c\" 100644>100755",
    );
    check_error("diff --git a/x b/y\nold mode 100644\nnew mode 100755\n", 1, "two paths");
    check_error("diff --git \"a/x b/x\nold mode 100644\nnew mode 100755\n", 1, "two paths");
}

#[test]
fn prefixes_are_taken_off_where_they_are_prefixes() {
    let modified = "Modified x @1,1 1,1@ -'a' +'b'";
    for (base, head) in
        [("a/", "b/"), ("i/", "w/"), ("c/", "i/"), ("c/", "w/"), ("o/", "w/"), ("b/", "a/"), ("", "")]
    {
        let sides = format!("--- {base}x\n+++ {head}x\n");
        check(&with_body(&format!("diff --git {base}x {head}x\n{sides}")), modified);
        check(&with_body(&sides), modified);
    }
    check(&with_body("diff --git before/x after/x\n--- before/x\n+++ after/x\n"), modified);
    check(&with_body("diff --git a/x a/x\n--- a/x\n+++ a/x\n"), "Modified a/x @1,1 1,1@ -'a' +'b'");
    check(
        &with_body(
            "diff --git a/x b/x\nsimilarity index 50%\nrename from a/x\nrename to b/x\n--- a/x\n+++ b/x\n",
        ),
        "Renamed a/x > b/x @1,1 1,1@ -'a' +'b'",
    );
    check(
        "diff --git b/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
        "Added b/x ->100644 @0,0 1,1@ +'a'",
    );
}

#[test]
fn a_plain_diff_has_timestamps_and_no_header_of_git() {
    let stamp = "\t2024-05-06 07:08:09.000000000 +0200";
    check(&with_body(&format!("--- a/x y{stamp}\n+++ b/x y{stamp}\n")), "Modified x y @1,1 1,1@ -'a' +'b'");
    check(
        &format!(
            "diff -ruN old/x new/x\n--- old/x\t1970-01-01 01:00:00.000000000 +0100\n+++ new/x{stamp}\n@@ -0,0 +1 @@\n+a\n"
        ),
        "Added new/x @0,0 1,1@ +'a'",
    );
    check(&format!("--- x{stamp}\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"), "Deleted x @1,1 0,0@ -'a'");
    check("Binary files a/x and b/x differ\n", "Modified x binary");
    check_error("Only in new: x\n", 1, "diff -ruN");
    check_error("--- a/x\n+++ b/x\nno hunk\n", 3, "a hunk after");
    check_error(BODY, 1, "`---` and `+++` lines before");
}

#[test]
fn the_end_of_a_file_without_a_line_feed_is_known() {
    let header = "--- a/x\n+++ b/x\n";
    check(
        &format!("{header}@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n"),
        "Modified x @1,1 1,1@ -'a'\\ +'b'",
    );
    check(
        &format!("{header}@@ -1 +1,2 @@\n a\n+b\n\\ Kein Zeilenumbruch\n"),
        "Modified x @1,1 1,2@ 'a' +'b'\\".replace("@ 'a'", "@  'a'").as_str(),
    );
    check_error(
        &format!("{header}@@ -1,2 +1 @@\n-a\n\\ No newline at end of file\n-b\n+b\n"),
        6,
        "No newline",
    );
    check_error(&format!("{header}@@ -1 +1 @@\n\\ No newline at end of file\n-a\n+b\n"), 4, "more base");
}

#[test]
fn carriage_returns_are_of_the_diff_or_of_the_content() {
    check("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\r\n+b\r\n", "Modified x @1,1 1,1@ -'a\\r' +'b\\r'");
    check(
        "diff --git a/x b/x\r\nindex 1111111..2222222 100644\r\n--- a/x\r\n+++ b/x\r\n@@ -1,2 +1,2 @@\r\n-a\r\n \r\n+b\r\n",
        "Modified x 100644>100644 @1,2 1,2@ -'a'  '' +'b'",
    );
}

#[test]
fn empty_context_lines_may_have_lost_their_space() {
    check("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n-a\n+b\n\n c\n", "Modified x @1,3 1,3@ -'a' +'b'  ''  'c'");
    check_error("--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-a\n\n+b\n", 6, "fewer lines");
}

#[test]
fn hunk_counts_and_places_are_verified() {
    let header = "--- a/x\n+++ b/x\n";
    check(
        &format!("{header}@@ -1 +1,2 @@ fn a()\n a\n+b\n@@ -9,0 +11 @@\n+c\n"),
        "Modified x @1,1 1,2@  'a' +'b' @9,0 11,1@ +'c'",
    );
    check_error(&format!("{header}@@ -1 +1 @@\n-a\n+b\n+c\n"), 6, "fewer lines");
    check_error(&format!("{header}@@ -1 +1 @@\n-a\n-b\n"), 5, "fewer lines");
    check_error(&format!("{header}@@ -1,9 +1,9 @@\n-a\n"), 5, "expected 8 more base and 9 more head lines");
    check_error(
        &format!("{header}@@ -1 +1 @@\n-a\n+b\n@@ -1 +1 @@\n-a\n+b\n"),
        6,
        "follow from the hunks before",
    );
    check_error(&format!("{header}@@ -5 +7 @@\n-a\n+b\n"), 3, "base line 5 is head line 5");
    check_error(&format!("{header}@@ -1 +99999999999 @@\n-a\n+b\n"), 3, "a hunk");
    check_error(&format!("{header}@@ -0 +1 @@\n-a\n+b\n"), 3, "a hunk");
}

#[test]
fn binary_changes_show_no_lines() {
    let header = "diff --git a/x b/x\nindex 1111111..2222222 100644\n";
    check(&format!("{header}Binary files a/x and b/x differ\n"), "Modified x 100644>100644 binary");
    check(
        &format!(
            "{header}GIT binary patch\nliteral 3\nKcmZQzWMT#Y01f~L\n\ndelta 4\nLcmZQzWMXDv\n\n{}",
            with_body("diff --git a/y b/y\n--- a/y\n+++ b/y\n")
        ),
        "Modified x 100644>100644 binary\nModified y @1,1 1,1@ -'a' +'b'",
    );
}

#[test]
fn what_leaves_changes_out_is_refused() {
    check_error("diff --cc x\nindex 1,2..3\n--- a/x\n+++ b/x\n@@@ -1 -1 +1 @@@\n", 1, "git diff base...head");
    check_error("* Unmerged path x\n", 1, "unresolved merge conflict");
    check_error("Submodule lib 1234567..89abcde:\n  > More\n", 1, "--submodule=short");
    check(&with_body("Submodule support is here\n--- a/x\n+++ b/x\n"), "Modified x @1,1 1,1@ -'a' +'b'");
}

const MAIL: &str = "From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001\n\
    From: A <a@example.com>\nSubject: [PATCH] Things\n\nProse.\n---\n x | 2 +-\n\n\
    diff --git a/x b/x\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n2.47.3\n\n";

#[test]
fn mails_and_logs_are_read_with_their_prose() {
    check(MAIL, "Modified x 100644>100644 @1,1 1,1@ -'a' +'b'");
    let log = "commit 1111111111111111111111111111111111111111 (HEAD -> main)\nAuthor: A <a@example.com>\n\n    --- a\n\n";
    check(
        &with_body(&format!("{log}diff --git a/x b/x\n--- a/x\n+++ b/x\n")),
        "Modified x @1,1 1,1@ -'a' +'b'",
    );
}

#[test]
fn several_commits_become_one_change_in_either_order() {
    let patch = |from: &str, to: &str, old: char, new: char| {
        format!(
            "diff --git a/x b/x\nindex {from}..{to} 100644\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-{old}\n+{new}\n"
        )
    };
    let (first, second) = (patch("1111111", "2222222", 'a', 'b'), patch("2222222", "3333333", 'b', 'c'));
    let whole = "Modified x 100644>100644 @1,1 1,1@ -'a' +'c'";
    check(&format!("{first}{second}"), whole);
    check(&format!("{second}{first}"), whole);
    check(&format!("{first}{}", patch("2222222", "1111111", 'b', 'a')), "");
    check_error(&format!("{first}{}", patch("4444444", "3333333", 'b', 'c')), 8, "do not follow one another");
    check_error(&format!("{first}{}", patch("2222222", "3333333", 'z', 'c')), 8, "do not follow one another");
}

#[test]
fn commits_that_rename_delete_and_add_again_are_followed() {
    let added = "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@ -0,0 +1,2 @@\n+a\n+b\n";
    let renamed = "diff --git a/x b/y\nsimilarity index 60%\nrename from x\nrename to y\n--- a/x\n+++ b/y\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n";
    let deleted =
        "diff --git a/x b/x\ndeleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\n";
    let commits = |first: &str, second: &str| {
        let mark = |digit: &str| format!("From {} Mon Sep 17 00:00:00 2001\n", digit.repeat(40));
        format!("{}{first}{}{second}", mark("1"), mark("2"))
    };
    check(&commits(added, renamed), "Added y ->100644 @0,0 1,2@ +'a' +'c'");
    check(&commits(added, deleted), "");
    check(&commits(deleted, &added.replace("+b", "+c")), "Modified x 100644>100644 @1,2 1,2@  'a' -'b' +'c'");
    check_error(&commits(renamed, renamed), 13, "do not follow one another");
    // Without marks of commits, it may also be one change that moves a file and puts another in its place.
    check(
        &format!("{added}{renamed}"),
        "Added x ->100644 @0,0 1,2@ +'a' +'b'\nRenamed x > y @1,2 1,2@  'a' -'b' +'c'",
    );
}

#[test]
fn an_error_names_what_a_caller_can_branch_on() {
    let error = parse(b"diff --cc x\n").expect_err("no error");
    assert_eq!(error.problem, DiffProblem::Combined);
}

#[test]
fn hostile_texts_end_in_time_and_without_panic() {
    let long = "a/".repeat(2_000_000);
    assert!(parse(format!("diff --git {long} {long}\n").as_bytes()).is_err());
    assert!(parse(format!("diff --git {}x\n", "a ".repeat(4_000_000)).as_bytes()).is_err());
    assert!(
        parse(format!("--- {long}\n+++ {long}\n@@ -1,4000000000 +1,4000000000 @@\n").as_bytes()).is_err()
    );
    assert!(parse(format!("--- a\n+++ b\n@@ -1,2147483640 +1,2147483640 @@\n {long}\n").as_bytes()).is_err());
    let seed =
        with_body("diff --git a/x \"b/\\303\\244\"\nindex 1111111..2222222 100644\n--- a/x\n+++ b/x\n")
            + MAIL;
    for at in 0..seed.len() {
        let _ = parse(&seed.as_bytes()[..at]);
        for byte in [0, b'\n', b'\\', b'"', b'-', b'@', b'9', 0xff] {
            let mut text = seed.clone().into_bytes();
            text[at] = byte;
            let _ = parse(&text);
        }
    }
}

#[test]
fn blob_ids_are_kept_and_are_not_the_change() {
    let text = with_body("diff --git a/x b/x\nindex 1111111..2222222\n--- a/x\n+++ b/x\n");
    let with_ids = parse(text.as_bytes()).expect("a diff");
    let without = parse(text.replace("index 1111111..2222222\n", "").as_bytes()).expect("a diff");
    assert_eq!(with_ids.files[0].base_blob.as_deref(), Some("1111111"));
    assert_eq!(with_ids, without);
    assert_eq!(with_ids.files[0].status, FileStatus::Modified);
}
