//! Files in; what they change, or what is wrong with them, out.

use std::path::Path;

use proptest::prelude::{any, prop};
use proptest::proptest;

use super::*;
use crate::change::{ChangeSet, ContentChange, FileChange, FileStatus};
use crate::policy::{Enforcement, PolicySet};

fn read(text: &str) -> Configuration {
    Configuration::read(text.as_bytes()).unwrap()
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    let errors = Configuration::read(text.as_bytes()).unwrap_err();
    let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert!(told.iter().any(|error| error.contains(expected)), "{told:?} does not say {expected:?}");
}

fn changed(base: Option<&str>, head: Option<&str>) -> FileChange {
    let status = match (base, head) {
        (None, _) => FileStatus::Added,
        (_, None) => FileStatus::Deleted,
        (base, head) if base == head => FileStatus::Modified,
        _ => FileStatus::Renamed,
    };
    FileChange {
        status,
        base_path: base.map(str::to_owned),
        head_path: head.map(str::to_owned),
        base_mode: None,
        head_mode: None,
        base_blob: None,
        head_blob: None,
        content: ContentChange::Text(Vec::new()),
    }
}

fn change_set(paths: &[&str]) -> ChangeSet {
    ChangeSet::new(paths.iter().map(|path| changed(Some(path), Some(path))).collect())
}

const WHOLE: &str = r#"
language: zh-CN
path_filters: ["src/**", "!**/generated/**"]
path_instructions:
  - {path: "**/ledger/**", instructions: "Balances are in minor units."}
auto_review: {enabled: true, drafts: true, base_branches: [main, "release/*"], labels: [ready]}
severity_threshold: major
max_comments: 5
fail_on: minor
tiers: {"**/ledger/**": critical, "**/tools/**": low}
policies:
  money/binary-floating-point: {enforcement: block, severity: blocker}
"#;

#[test]
fn every_key_says_what_it_is_for() {
    let configuration = read(WHOLE);
    assert_eq!(configuration.language, Some(Locale::Zh));
    assert_eq!((configuration.most_comments(20), configuration.most_comments(3)), (5, 3));
    assert_eq!(configuration.fail_on(Severity::Major), Ok(Severity::Minor));
    assert_eq!(configuration.tier("a/ledger/tools/X.java"), Tier::Critical);
    assert_eq!(
        (configuration.tier("tools/x/Y.java"), configuration.tier("Y.java")),
        (Tier::Low, Tier::Standard)
    );
    let told: Vec<_> = configuration.instructions("src/ledger/A.java").collect();
    assert_eq!(told, ["Balances are in minor units."]);
    assert_eq!(configuration.instructions("src/A.java").count(), 0);
    assert_eq!(configuration.digest.len(), 64);
}

#[test]
fn a_file_that_says_nothing_changes_nothing() {
    for text in ["", "# nothing\n", "{}\n", "\u{feff}---\n"] {
        let configuration = read(text);
        let narrowed = configuration.narrow(change_set(&["A.java"]), Approval::NotApproved);
        assert_eq!((narrowed.change_set.files.len(), narrowed.excluded.len()), (1, 0), "{text:?}");
        assert_eq!(configuration.fail_on(Severity::Major), Ok(Severity::Major));
        assert_eq!(configuration.auto_review.skips("main", &[], false, false), None);
        assert!(configuration.comments_on(Severity::Info, false));
    }
}

#[test]
fn what_is_left_out_is_named_with_the_filter_and_deletions_go_by_their_path() {
    let configuration = read(r#"path_filters: ["src/**", "!**/generated/**"]"#);
    let mut files = change_set(&["src/A.java", "src/generated/B.java", "docs/C.java"]).files;
    files.push(changed(Some("lib/D.java"), None));
    let narrowed = configuration.narrow(ChangeSet::new(files), Approval::Approved);
    let kept: Vec<_> = narrowed.change_set.files.iter().map(FileChange::path).collect();
    assert_eq!(kept, ["src/A.java"]);
    let excluded: Vec<_> =
        narrowed.excluded.iter().map(|file| (file.path.as_str(), file.filter.as_str())).collect();
    let expected =
        [("docs/C.java", "src/**"), ("lib/D.java", "src/**"), ("src/generated/B.java", "!**/generated/**")];
    assert_eq!(excluded, expected);
}

#[test]
fn the_configuration_itself_cannot_be_left_out() {
    let configuration = read(r#"path_filters: ["src/**", "!**/*.yaml"]"#);
    let change_set = change_set(&[".countersign.yaml", "countersign/policies/money/x.yaml", "a.yaml"]);
    let narrowed = configuration.narrow(change_set, Approval::Approved);
    assert_eq!(narrowed.change_set.files.len(), 2);
    assert_eq!(narrowed.excluded[0].path, "a.yaml");
}

#[test]
fn a_filter_for_everything_is_refused() {
    for filter in ["!**", "!**/*", "!*", "!"] {
        check_error(&format!("path_filters: [\"{filter}\"]"), ".countersign.yaml:1: `path_filters`: ");
    }
}

#[test]
fn a_merge_request_that_touches_its_own_review_is_seen_even_where_it_deletes() {
    let files = vec![
        changed(Some(PATH), None),
        changed(Some("countersign/policies/a/b.yaml"), Some("old/b.yaml")),
        changed(Some("src/.countersign.yaml"), Some("src/.countersign.yaml")),
    ];
    assert_eq!(touched_by(&ChangeSet::new(files)), [PATH, "countersign/policies/a/b.yaml"]);
}

#[test]
fn reviews_unasked_go_by_draft_branch_and_label() {
    let auto_review = read(WHOLE).auto_review;
    let ready = ["ready".to_owned()];
    assert_eq!(auto_review.skips("main", &ready, true, false), None);
    assert_eq!(auto_review.skips("release/1", &ready, false, false), None);
    assert_eq!(auto_review.skips("release/1/x", &ready, false, false), Some(Skipped::Branch));
    assert_eq!(auto_review.skips("main", &[], false, false), Some(Skipped::Label));
    assert_eq!(AutoReview::default().skips("main", &[], true, false), Some(Skipped::Draft));
    let off = read("auto_review: {enabled: false}").auto_review;
    assert_eq!(off.skips("main", &ready, false, false), Some(Skipped::TurnedOff));
}

#[test]
fn what_blocks_is_commented_on_whatever_the_threshold() {
    let configuration = read("severity_threshold: major");
    assert!(
        configuration.comments_on(Severity::Major, false) && configuration.comments_on(Severity::Minor, true)
    );
    assert!(!configuration.comments_on(Severity::Minor, false));
}

#[test]
fn nothing_can_be_loosened() {
    let policies = PolicySet::builtin().unwrap();
    let tightened = read(WHOLE).tighten(&policies).unwrap();
    let policy = tightened.find("money/binary-floating-point").unwrap();
    assert_eq!((policy.enforcement, policy.severity), (Enforcement::Block, Severity::Blocker));
    let weaker = read("policies:\n  money/binary-floating-point:\n    severity: info\n  money/nothing: {}\n");
    let errors = weaker.tighten(&policies).err().unwrap();
    assert_eq!((errors[0].line, errors[0].key.as_str()), (Some(3), "policies.money/binary-floating-point"));
    assert!(
        errors[0].problem.contains("weaker") && errors[1].problem.contains("no such policy"),
        "{errors:?}"
    );
    let weaker = read("\nfail_on: blocker\n").fail_on(Severity::Major).unwrap_err();
    assert_eq!((weaker.line, weaker.key.as_str()), (Some(2), "fail_on"));
    check_error("policies: {money/x: {enforcement: off}}", "unknown variant `off`");
}

#[test]
fn mistakes_are_told_with_line_and_remedy() {
    check_error(
        "language: en\nlanguages: zh\n",
        ".countersign.yaml:2: `languages`: unknown field `languages`",
    );
    check_error("language: fr\n", "unknown variant `fr`");
    check_error("auto_review: {ignore_title_keywords: [wip]}", "Titles are written by those");
    check_error("path_filters: ['a', '[']", ".countersign.yaml:1: `path_filters`: ");
    check_error("tiers: {'[': low}", "`tiers`: ");
    check_error("language: en\nlanguage: zh\n", "duplicate");
    check_error("max_comments: -1", ".countersign.yaml:1: `max_comments`: here must be a whole number");
    check_error("- a list", "here must be keys and values");
}

#[test]
fn what_is_too_large_or_repeats_itself_is_refused() {
    check_error(&"#".repeat(70_000), "more than 65536 bytes");
    check_error("path_filters: &a [x, x]\nauto_review: {labels: *a}\n", "write the values out");
    check_error("<<: {language: en}", "unknown field `<<`");
    check_error(&format!("path_filters: {}", "[".repeat(1000)), ".countersign.yaml");
    check_error(&format!("path_filters: [{}]", "a,".repeat(600)), "more than 500 globs");
    let braces = format!("path_filters: ['{}']", "{a,b}".repeat(50));
    assert!(Configuration::read(braces.as_bytes()).is_ok(), "alternatives are not multiplied out");
    assert!(Configuration::read(b"language: \xff").is_err());
    check_error("---\nlanguage: en\n---\nlanguage: zh\n", ".countersign.yaml");
}

#[test]
fn the_published_schema_is_fresh() {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/configuration.schema.json");
    let fresh = schema();
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&published, &fresh).unwrap();
    }
    let told = "run the test with UPDATE_SCHEMAS=1";
    assert_eq!(std::fs::read_to_string(&published).unwrap(), fresh, "{told}");
}

#[test]
fn the_schema_accepts_what_is_read() {
    let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let whole: serde_json::Value = serde_saphyr::from_str(WHOLE).unwrap();
    assert!(validator.is_valid(&whole));
    assert!(!validator.is_valid(&serde_json::json!({"languages": "en"})));
}

proptest! {
    #[test]
    fn no_file_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[a-z_:{}\\[\\]!*&\\-\" \n]{0,200}") {
        let _ = (Configuration::read(&bytes), Configuration::read(text.as_bytes()));
    }
}
