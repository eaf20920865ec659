//! Reports that tools read: each holds to its schema, and says what the review says.

use std::collections::HashSet;
use std::path::Path;

use serde_json::Value;

use crate::finding::{Origin, Position};
use crate::gate::State;
use crate::report::testing::{failed, judged, passed, report};
use crate::report::{Format, Options, schema};
use crate::review::Review;

const SARIF_SCHEMA: &str = include_str!("../../../tests/schemas/sarif-2.1.0.schema.json");
const REVIEW_SCHEMA: &str = "schemas/review.schema.json";

fn json(review: &Review, format: Format) -> Value {
    let options = Options { repository: Some("https://git.bank.example/core".into()), ..Options::default() };
    serde_json::from_str(&report(review, format, &options)).unwrap()
}

/// Reviews in which every part of a report is there in some, and missing in others.
fn reviews() -> Vec<Review> {
    let mut bare = failed();
    for finding in &mut bare.findings {
        finding.frame.lines.clear();
        finding.location.declaration.clear();
        finding.message.zh = None;
        finding.origin = Origin::PreExisting;
        finding.location.start = Position { line: 0, column: 0 };
    }
    vec![
        failed(),
        passed(),
        judged(),
        bare,
        Review { state: State::NotReviewed, ..passed() },
        super::hostile::review(),
    ]
}

#[track_caller]
fn validates(schema: &Value, report: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(report)
        .map(|error| format!("{} at {}", error, error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_published_schema_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(REVIEW_SCHEMA);
    let fresh = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &fresh).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == fresh, "{REVIEW_SCHEMA} is stale; run this test with UPDATE_SCHEMAS=1");
}

#[test]
fn json_holds_to_the_published_schema() {
    for review in reviews() {
        validates(&serde_json::to_value(schema()).unwrap(), &json(&review, Format::Json));
    }
}

#[test]
fn sarif_holds_to_the_standard() {
    // The schema's pattern of a language has a bracket too many, which a strict reader refuses.
    let schema =
        SARIF_SCHEMA.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema = serde_json::from_str(&schema).unwrap();
    for review in reviews() {
        validates(&schema, &json(&review, Format::Sarif));
    }
}

#[test]
fn sarif_names_rules_weaknesses_and_revisions() {
    let log = json(&failed(), Format::Sarif);
    let run = &log["runs"][0];
    let rule = &run["tool"]["driver"]["rules"][1];
    assert_eq!(rule["id"], "money/binary-floating-point");
    assert_eq!(
        rule["properties"]["tags"],
        serde_json::json!(["security", "external/cwe/cwe-1339", "external/cwe/cwe-079", "money"])
    );
    assert_eq!(rule["properties"]["security-severity"], "9.5");
    assert_eq!(run["versionControlProvenance"][0]["revisionId"], "b".repeat(40));
    let result = &run["results"][1];
    assert_eq!((&result["ruleIndex"], &result["level"]), (&Value::from(1), &Value::from("error")));
    assert_eq!(result["baselineState"], "new");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false, "a file was not read");
    let whole = json(&passed(), Format::Sarif);
    assert_eq!(whole["runs"][0]["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn sarif_paths_are_relative_references() {
    let mut review = failed();
    for (path, uri) in [
        ("src/余额 100%.java", "src/%E4%BD%99%E9%A2%9D%20100%25.java"),
        ("javascript:alert", "javascript%3Aalert"),
        ("//evil.example/x", "%2F%2Fevil.example/x"),
        ("a?b#c\n", "a%3Fb%23c%0A"),
    ] {
        review.findings[0].location.path = path.to_owned();
        let log = json(&review, Format::Sarif);
        let artifact = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(artifact["uri"], uri);
    }
}

#[test]
fn code_quality_fingerprints_are_unique() {
    let mut review = failed();
    review.findings.extend(failed().findings);
    review.findings.extend(failed().findings);
    let report = json(&review, Format::CodeQuality);
    let entries = report.as_array().unwrap();
    let fingerprints: HashSet<_> =
        entries.iter().map(|entry| entry["fingerprint"].as_str().unwrap()).collect();
    assert_eq!((entries.len(), fingerprints.len()), (6, 6));
    assert_eq!(entries[1]["severity"], "blocker");
    assert_eq!(entries[1]["location"]["lines"]["begin"], 42);
}

#[test]
fn junit_tells_failures_errors_and_advice_apart() {
    for review in reviews() {
        let xml = report(&review, Format::Junit, &Options::default());
        let read = quick_junit::Report::deserialize_from_str(&xml).unwrap();
        let gaps = review.coverage.unread.iter().filter(|unread| unread.leaves_gap).count();
        let not_green = usize::from(matches!(review.state, State::NotReviewed | State::Partial));
        assert_eq!(read.errors, gaps + not_green, "{xml}");
        assert_eq!(read.failures + read.errors == 0, review.state == State::Passed, "{xml}");
    }
    let xml = report(&failed(), Format::Junit, &Options::default());
    let read = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    assert_eq!((read.tests, read.failures, read.errors, read.skipped), (5, 2, 1, 2), "{xml}");
}
