//! Countersign's own JSON report: everything that a review says, in a published form.
//!
//! A review in; one document of `schemas/review.schema.json` out. Texts are in every language they have.
//! Fields may be added within a schema version; none is renamed or removed.

use std::collections::BTreeMap;
use std::io;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;

use super::shown::{Shown, ShownFinding, ShownFix};
use super::{Options, visible};
use crate::finding::{self, Origin, Related};
use crate::gate::State;
use crate::policy::{Confidence, Enforcement, Policy, Reference, Severity};
use crate::review::{Basis, Coverage, Subject};
use crate::text::Text;

/// The version of the form; it changes when a reader of the old form would go wrong.
const SCHEMA_VERSION: u32 = 1;

/// A review.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Countersign review")]
struct Document<'r> {
    /// Version of this form.
    schema_version: u32,
    /// What was reviewed.
    subject: &'r Subject,
    /// What the gate says. Only `passed` may merge.
    state: State,
    /// The lowest severity at which an enforced finding blocks.
    fail_on: Severity,
    /// Number of findings that block.
    blocking: usize,
    /// What decided: engine and policies.
    basis: &'r Basis,
    /// What was and was not read, and which questions nobody asked.
    coverage: &'r Coverage,
    /// Findings that the change brought.
    findings: Vec<Item<'r>>,
    /// Number of findings that were there before, by policy id.
    pre_existing: &'r BTreeMap<String, usize>,
}

/// A finding.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
struct Item<'r> {
    /// Stable name: the same breach has the same name after lines, names and files have moved.
    fingerprint: &'r str,
    /// Whether the change brought it.
    origin: Origin,
    /// Whether it alone keeps the change from merging.
    blocks: bool,
    /// The policy that is breached.
    policy: Rule<'r>,
    /// Where it is.
    location: Place<'r>,
    /// What is wrong there.
    message: Text,
    /// The source lines around it, with stand-ins for secrets and hidden characters written out.
    #[serde(skip_serializing_if = "Option::is_none")]
    excerpt: Option<Lines<'r>>,
    /// Other places of the same cause.
    related: Vec<See<'r>>,
    /// A replacement that removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Replacement<'r>>,
}

/// A policy in short.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Policy")]
struct Rule<'r> {
    /// Such as `money/binary-floating-point`.
    id: &'r str,
    /// Such as `CB-MONEY-001`.
    code: &'r str,
    /// One line for people.
    title: &'r Text,
    /// How bad a breach is.
    severity: Severity,
    /// What a breach does to a merge.
    enforcement: Enforcement,
    /// How sure the check is.
    confidence: Confidence,
    /// CWE numbers.
    cwe: &'r [u32],
    /// Clauses of standards; only `verified` ones were seen in the standard itself.
    references: &'r [Reference],
    /// Why a bank cares.
    rationale: &'r Text,
    /// How to mend a breach.
    remedy: &'r Text,
}

/// A stretch of a file at head. Lines and columns count from 1; columns count Unicode characters.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Location")]
struct Place<'r> {
    /// Repository path.
    path: &'r str,
    /// Where it begins.
    start: finding::Position,
    /// Where it ends, exclusive.
    end: finding::Position,
    /// Enclosing declarations, outermost first.
    declaration: &'r [String],
}

/// Source lines.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Excerpt")]
struct Lines<'r> {
    /// Number of the first line.
    first_line: u32,
    /// The lines.
    lines: Vec<&'r str>,
}

/// Another place of the same cause.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Related")]
struct See<'r> {
    /// Where.
    location: Place<'r>,
    /// What is there.
    message: &'r Text,
}

/// A replacement. A fix that would carry a secret is left out.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Fix")]
struct Replacement<'r> {
    /// The stretch to replace.
    location: Place<'r>,
    /// What to put there.
    replacement: &'r str,
}

/// Writes the document.
pub(super) fn render(shown: &Shown<'_>, _options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        schema_version: SCHEMA_VERSION,
        subject: shown.subject,
        state: shown.state,
        fail_on: shown.fail_on,
        blocking: shown.blocking(),
        basis: shown.basis,
        coverage: &shown.coverage,
        findings: shown.findings.iter().map(item).collect(),
        pre_existing: shown.pre_existing,
    };
    visible::write_json(&document, out)
}

/// The schema of the JSON report.
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document<'_>>()
}

fn item<'s>(finding: &'s ShownFinding<'_>) -> Item<'s> {
    Item {
        fingerprint: finding.fingerprint,
        origin: finding.origin,
        blocks: finding.blocks,
        policy: rule(finding.policy),
        location: place(finding.location),
        message: finding.message.clone(),
        excerpt: finding.excerpt.as_ref().map(|excerpt| Lines {
            first_line: excerpt.first_line,
            lines: excerpt.text.split('\n').collect(),
        }),
        related: finding.related.iter().map(see).collect(),
        fix: finding.fix.as_ref().and_then(replacement),
    }
}

fn rule(policy: &Policy) -> Rule<'_> {
    Rule {
        id: &policy.id,
        code: &policy.code,
        title: &policy.title,
        severity: policy.severity,
        enforcement: policy.enforcement,
        confidence: policy.confidence,
        cwe: &policy.cwe,
        references: &policy.references,
        rationale: &policy.rationale,
        remedy: &policy.remedy,
    }
}

fn place(location: &finding::Location) -> Place<'_> {
    Place {
        path: &location.path,
        start: location.start,
        end: location.end,
        declaration: &location.declaration,
    }
}

fn see(related: &Related) -> See<'_> {
    See { location: place(&related.location), message: &related.message }
}

fn replacement<'s>(fix: &'s ShownFix<'_>) -> Option<Replacement<'s>> {
    Some(Replacement { location: place(fix.location), replacement: fix.replacement? })
}
