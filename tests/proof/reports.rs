//! Reports: each format holds to its schema and says what the review says.

use jsonschema::Validator;
use serde_json::Value;
use tests::{Desk, Outcome};

use crate::{AMOUNT, PRINT, RETRY, SLEEP, posting};

const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../analyzers");

fn schema(path: &str) -> Value {
    let text = std::fs::read_to_string(format!("{SCHEMAS}/{path}")).expect("the schema is there");
    // The official SARIF schema has a bracket too many in a pattern, which a strict reader refuses.
    let text = text.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    serde_json::from_str(&text).expect("a schema is JSON")
}

#[track_caller]
fn holds_to(schema: &Value, report: &Value) {
    let validator: Validator = jsonschema::validator_for(schema).expect("the schema is sound");
    let errors: Vec<String> =
        validator.iter_errors(report).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// A change with findings of every kind, something unread and an unasked question.
fn review(format: &str) -> Outcome {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("Old.java", posting(AMOUNT));
    repository.commit("base");
    repository.write("Old.java", posting(&format!("{AMOUNT}{RETRY}{SLEEP}")));
    repository.write("src/New.java", posting(&format!("{AMOUNT}{PRINT}")));
    repository
        .write("Deep.java", format!("class D {{ int a = {}1{}; }}", "(".repeat(5000), ")".repeat(5000)));
    repository.commit("head");
    desk.run(&["review", "--base", "HEAD~1", "--head", "HEAD", "--format", format])
}

#[test]
fn json_holds_to_the_published_schema() {
    let report = review("json").ends(1).json();
    holds_to(&schema("schemas/review.schema.json"), &report);
    assert_eq!(report["state"], "failed");
    assert_eq!(report["blocking"], 1);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(3));
    assert_eq!(report["pre_existing"]["money/double-amount"], 1);
    assert_eq!(report["coverage"]["questions_unasked"]["trust/retry"], 1);
    assert_eq!(report["coverage"]["unread"][0]["path"], "Deep.java");
    assert_eq!(report["subject"]["head"].as_str().map(str::len), Some(40));
}

#[test]
fn sarif_holds_to_the_standard() {
    let report = review("sarif").ends(1).json();
    holds_to(&schema("tests/schemas/sarif-2.1.0.schema.json"), &report);
    let results = report["runs"][0]["results"].as_array().unwrap();
    let money = results.iter().find(|result| result["ruleId"] == "money/double-amount").unwrap();
    assert_eq!(money["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "src/New.java");
    assert!(money["fixes"][0].is_object());
    assert!(money["partialFingerprints"].is_object());
}

#[test]
fn codequality_has_what_gitlab_asks_for() {
    let report = review("codequality").ends(1).json();
    let entries = report.as_array().unwrap();
    assert_eq!(entries.len(), 3);
    for entry in entries {
        for key in ["description", "check_name", "fingerprint", "severity"] {
            assert!(entry[key].is_string(), "{key} in {entry}");
        }
        assert!(entry["location"]["path"].is_string() && entry["location"]["lines"]["begin"].is_u64());
    }
}

#[test]
fn junit_fails_where_a_finding_blocks() {
    review("junit").ends(1).reports("<?xml").reports("<failure").reports("src/New.java");
}

#[test]
fn markdown_has_a_table_and_the_state() {
    review("markdown").ends(1).reports("|").reports("TEST-MONEY-1").reports("failed");
}

#[test]
fn text_tells_what_why_and_how_to_mend() {
    let report = review("text");
    report.ends(1).reports("--> src/New.java:3:").reports("= why: Sums of such numbers drift.");
    report.reports("+         BigDecimal amount = BigDecimal.valueOf(1.5);").reports("Deep.java: nested");
}

#[test]
fn the_same_change_gives_the_same_bytes() {
    for format in ["text", "json", "sarif", "codequality", "junit", "markdown"] {
        let (one, other) = (review(format), review(format));
        assert_eq!(one.stdout, other.stdout, "{format}");
    }
}
