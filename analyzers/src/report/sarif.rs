//! The report that forges and editors read: SARIF 2.1.0.
//!
//! A review in; one run with its rules, results and what could not be read, out. Columns count Unicode
//! characters, and the run says so. Source: OASIS, SARIF Version 2.1.0 Plus Errata 01.

use std::collections::BTreeMap;
use std::io;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::shown::{Shown, ShownFinding, ShownFix, authorities};
use super::words::Words;
use super::{Options, reasons, summary, visible};
use crate::configuration;
use crate::finding::{Location, Origin};
use crate::gate::State;
use crate::policy::{Confidence, Policy, Severity};
use crate::review::Subject;
use crate::review::asked::{Asked, OpenQuestion};
use crate::text::Locale;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to; forges put the repository's root there.
const ROOT: &str = "%SRCROOT%";

/// Characters that stand for themselves in the path of a URI (RFC 3986, unreserved, and `/`).
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Open questions that a log names.
const MOST_OPEN: usize = 50;

/// Writes the log.
pub(super) fn render(shown: &Shown<'_>, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let rules = rules(shown);
    let indexes: BTreeMap<&str, usize> = rules.keys().copied().zip(0..).collect();
    let is_change = matches!(shown.subject, Subject::Change { .. });
    let of = |finding: &ShownFinding<'_>| {
        result(finding, indexes[finding.policy.id.as_str()], is_change, options.locale)
    };
    let dismissed = shown.dismissed.iter().map(|finding| suppressed(of(finding), finding));
    let results: Vec<_> = shown.findings.iter().map(of).chain(dismissed).collect();
    let mut run = json!({
        "tool": {"driver": {
            "name": "Countersign",
            "version": shown.basis.engine,
            "language": options.locale.pick("en", "zh-CN"),
            "rules": rules.values().map(|policy| rule(policy, options.locale)).collect::<Vec<_>>(),
        }},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the repository."}}},
        "invocations": [invocation(shown, options.locale)],
        "results": results,
        "properties": properties(shown),
    });
    if !shown.stand_ins.is_empty() {
        run["redactionTokens"] = json!(shown.stand_ins);
    }
    if let (Some(repository), Subject::Change { head: Some(head), .. }) = (&options.repository, shown.subject)
    {
        run["versionControlProvenance"] =
            json!([{"repositoryUri": repository, "revisionId": head, "mappedTo": {"uriBaseId": ROOT}}]);
    }
    visible::write_json(&json!({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}), out)
}

/// The policies that have findings, by id.
fn rules<'r>(shown: &Shown<'r>) -> BTreeMap<&'r str, &'r Policy> {
    let findings = shown.findings.iter().chain(&shown.dismissed);
    findings.map(|finding| (finding.policy.id.as_str(), finding.policy)).collect()
}

fn rule(policy: &Policy, locale: Locale) -> Value {
    let mut tags: Vec<_> = policy.cwe.iter().map(|number| format!("external/cwe/cwe-{number:03}")).collect();
    tags.extend(policy.id.split_once('/').map(|(domain, _)| domain.to_owned()));
    let mut properties = json!({"precision": precision(policy.confidence)});
    if !policy.cwe.is_empty() {
        tags.insert(0, "security".to_owned());
        properties["security-severity"] = json!(security_severity(policy.severity));
    }
    properties["tags"] = json!(tags);
    let (rationale, remedy) = (policy.rationale.get(locale), policy.remedy.get(locale));
    let authorities = authorities(policy);
    let help: Vec<_> = [rationale, remedy, &authorities]
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .map(str::trim)
        .collect();
    json!({
        "id": policy.id,
        "name": policy.code,
        "shortDescription": {"text": policy.title.get(locale)},
        "fullDescription": {"text": policy.objective.get(locale)},
        "help": {"text": help.join("\n"), "markdown": help.join("\n\n")},
        "defaultConfiguration": {"level": level(policy.severity)},
        "properties": properties,
    })
}

fn result(finding: &ShownFinding<'_>, rule: usize, is_change: bool, locale: Locale) -> Value {
    let mut result = json!({
        "ruleId": finding.policy.id,
        "ruleIndex": rule,
        "level": level(finding.policy.severity),
        "message": message(&told(finding, locale)),
        "locations": [location(finding)],
        "partialFingerprints": {"countersign/v1": finding.fingerprint},
        "properties": {"countersign/decidedBy": finding.decided_by},
    });
    if is_change {
        result["baselineState"] = json!(match finding.origin {
            Origin::Introduced => "new",
            Origin::PreExisting => "unchanged",
        });
    }
    if !finding.flow.is_empty() {
        let steps = finding.flow.iter().map(|step| json!({"location": {"physicalLocation": physical(step)}}));
        let steps: Vec<Value> = steps.collect();
        result["codeFlows"] = json!([{"threadFlows": [{"locations": steps}]}]);
    }
    if !finding.related.is_empty() {
        let related = finding.related.iter().zip(1..).map(|(related, id)| {
            let message = message(related.message.get(locale));
            json!({"id": id, "message": message, "physicalLocation": physical(&related.location)})
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = finding.fix.as_ref().and_then(|fix| self::fix(fix, finding.policy, locale)) {
        result["fixes"] = json!([fix]);
    }
    if let Some(why) = &finding.why {
        result["properties"]["countersign/why"] = json!(why);
    }
    result
}

/// What is wrong; viewers show little else, so also who says so where that is not proof.
fn told(finding: &ShownFinding<'_>, locale: Locale) -> String {
    let message = finding.message.get(locale);
    let judgement = summary::judgement(finding, Words::of(locale));
    judgement.map_or_else(|| message.to_owned(), |judgement| format!("{message}\n{judgement}"))
}

/// A finding that the model dismissed, for an auditor: viewers fold it away, and it counts for nothing.
fn suppressed(mut result: Value, finding: &ShownFinding<'_>) -> Value {
    let why = finding.why.as_deref().unwrap_or_default();
    result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": why}]);
    result
}

/// A message in which no code can make a link: viewers read `[text](target)` as one.
fn message(text: &str) -> Value {
    json!({"text": text.replace("](", "] (")})
}

fn location(finding: &ShownFinding<'_>) -> Value {
    let mut physical = physical(finding.location);
    if let Some(excerpt) = &finding.excerpt {
        let lines = excerpt.text.split('\n').count() as u32;
        physical["contextRegion"] = json!({
            "startLine": excerpt.first_line,
            "endLine": excerpt.first_line.saturating_add(lines - 1),
            "snippet": {"text": excerpt.text},
        });
    }
    let mut location = json!({"physicalLocation": physical});
    if !finding.location.declaration.is_empty() {
        let name = finding.location.declaration.join(".");
        location["logicalLocations"] = json!([{"fullyQualifiedName": name}]);
    }
    location
}

fn physical(location: &Location) -> Value {
    json!({"artifactLocation": artifact(&location.path), "region": region(location)})
}

fn artifact(path: &str) -> Value {
    json!({"uri": uri(path), "uriBaseId": ROOT})
}

/// The path as a relative reference: it can name no scheme and no host.
fn uri(path: &str) -> String {
    let relative = path.trim_start_matches('/');
    let slashes = "%2F".repeat(path.len() - relative.len());
    format!("{slashes}{}", utf8_percent_encode(relative, ESCAPED))
}

fn region(location: &Location) -> Value {
    json!({
        "startLine": location.start.line.max(1),
        "startColumn": location.start.column.max(1),
        "endLine": location.end.line.max(1),
        "endColumn": location.end.column.max(1),
    })
}

fn fix(fix: &ShownFix<'_>, policy: &Policy, locale: Locale) -> Option<Value> {
    let replacement =
        json!({"deletedRegion": region(fix.location), "insertedContent": {"text": fix.replacement?}});
    let change = json!({"artifactLocation": artifact(&fix.location.path), "replacements": [replacement]});
    Some(json!({"description": {"text": policy.remedy.get(locale)}, "artifactChanges": [change]}))
}

/// Whether everything was reviewed, and what was not.
fn invocation(shown: &Shown<'_>, locale: Locale) -> Value {
    let unread = shown.coverage.unread.iter().map(|unread| {
        let mut physical = json!({"artifactLocation": artifact(&unread.path)});
        if let Some((first, last)) = unread.lines {
            physical["region"] = json!({"startLine": first.max(1), "endLine": last.max(first).max(1)});
        }
        json!({
            "level": if unread.leaves_gap { "error" } else { "note" },
            "message": message(&unread.reason),
            "locations": [{"physicalLocation": physical}],
        })
    });
    let excluded = shown.coverage.excluded.iter().map(|excluded| {
        json!({
            "level": if excluded.leaves_gap { "error" } else { "note" },
            "message": message(&format!("left out by {} of {}", excluded.filter, configuration::PATH)),
            "locations": [{"physicalLocation": {"artifactLocation": artifact(&excluded.path)}}],
        })
    });
    let open = open_questions(shown, locale);
    json!({
        "executionSuccessful": match shown.state {
            State::Passed | State::Failed => !shown.coverage.has_gap(),
            State::NotReviewed | State::Partial => false,
        },
        "toolExecutionNotifications": unread.chain(excluded).chain(open).collect::<Vec<_>>(),
    })
}

/// The first questions for the model that are open; an error where they alone leave the review partial.
fn open_questions(shown: &Shown<'_>, locale: Locale) -> Vec<Value> {
    let is_partial = shown.state == State::Partial && shown.coverage.lacks_only_answers();
    let notification = |question: &OpenQuestion| {
        let why = reasons::reason(question.reason, locale);
        let region = json!({"startLine": question.line.max(1)});
        json!({
            "level": if is_partial { "error" } else { "note" },
            "message": message(&format!("{}{}{why}", question.policy, Words::of(locale).colon)),
            "locations": [{"physicalLocation": {"artifactLocation": artifact(&question.path), "region": region}}],
        })
    };
    let asked = shown.coverage.asked.iter();
    asked.flat_map(|asked| &asked.open).take(MOST_OPEN).map(notification).collect()
}

/// What SARIF has no word for.
fn properties(shown: &Shown<'_>) -> Map<String, Value> {
    let properties = [
        ("countersign/state", json!(shown.state)),
        ("countersign/subject", json!(shown.subject)),
        ("countersign/policiesDigest", json!(shown.basis.policies_digest)),
        ("countersign/regions", json!(shown.coverage.regions)),
        ("countersign/regionsReviewed", json!(shown.coverage.regions_reviewed)),
        ("countersign/questionsUnasked", json!(shown.coverage.questions_unasked)),
        ("countersign/questionsUnjudged", json!(shown.coverage.questions_unjudged)),
        ("countersign/asked", json!(shown.coverage.asked.as_ref().map(counts))),
        ("countersign/preExisting", json!(shown.pre_existing)),
    ];
    properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What the model was asked, in numbers; the questions that are open are notifications.
fn counts(asked: &Asked) -> Asked {
    Asked { open: Vec::new(), ..asked.clone() }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker | Severity::Major => "error",
        Severity::Minor => "warning",
        Severity::Info => "note",
    }
}

/// A number in the band that forges show as critical, high, medium or low.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "9.5",
        Severity::Major => "8.0",
        Severity::Minor => "5.0",
        Severity::Info => "2.0",
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Certain => "very-high",
        Confidence::Likely => "medium",
    }
}
