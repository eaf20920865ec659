//! A review as a value that travels: what the JSON report holds, what a service stores and sends.
//!
//! A review in; an owned document of `schemas/review.schema.json`, and the change's lines beside it, out.
//! Secrets and personal data have stand-ins, the same for the same value in both. Texts are in every
//! language they have. Fields may be added within a schema version; none is renamed or removed.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use super::shown::{self, Shown, ShownFinding, ShownFix};
use crate::change::{ChangeSet, ContentChange, FileChange, FileStatus, Hunk, LineKind};
use crate::finding::{self, Decider, Finding, Origin, Related};
use crate::gate::State;
use crate::policy::{Confidence, Enforcement, Policy, Reference, Severity};
use crate::redact::Redactor;
use crate::review::{Basis, Coverage, Review, Subject};
use crate::text::Text;

/// The version of the form; it changes when a reader of the old form would go wrong.
const SCHEMA_VERSION: u32 = 1;

/// A review.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(title = "Countersign review")]
pub struct Document {
    /// Version of this form.
    pub schema_version: u32,
    /// What was reviewed.
    pub subject: Subject,
    /// What the gate says. Only `passed` may merge.
    pub state: State,
    /// The lowest severity at which an enforced finding blocks.
    pub fail_on: Severity,
    /// Number of findings that block.
    pub blocking: usize,
    /// What decided: engine and policies.
    pub basis: Basis,
    /// What was and was not read, and which questions nobody asked.
    pub coverage: Coverage,
    /// Findings that the change brought.
    pub findings: Vec<FindingRecord>,
    /// Findings that the model dismissed, with its reason in `why`: shown, and in no count. None could have blocked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dismissed: Vec<FindingRecord>,
    /// Number of findings that were there before, by policy id.
    pub pre_existing: BTreeMap<String, usize>,
}

/// A finding.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub struct FindingRecord {
    /// Stable name: the same breach has the same name after lines, names and files have moved.
    pub fingerprint: String,
    /// Whether the change brought it.
    pub origin: Origin,
    /// Who found it.
    #[serde(default)]
    pub decided_by: Decider,
    /// Whether it alone keeps the change from merging.
    pub blocks: bool,
    /// The policy that is breached.
    pub policy: PolicyRecord,
    /// Where it is.
    pub location: LocationRecord,
    /// What is wrong there.
    pub message: Text,
    /// Why it is so here, or why it is none, in one line of the model's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The source lines around it, with stand-ins for secrets and hidden characters written out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<ExcerptRecord>,
    /// The way of a value, from its source to the place; nothing where no flow is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flow: Vec<LocationRecord>,
    /// Other places of the same cause.
    pub related: Vec<RelatedRecord>,
    /// A replacement that removes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<FixRecord>,
}

/// A policy in short.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Policy")]
pub struct PolicyRecord {
    /// Such as `money/binary-floating-point`.
    pub id: String,
    /// Such as `CB-MONEY-001`.
    pub code: String,
    /// One line for people.
    pub title: Text,
    /// How bad a breach is.
    pub severity: Severity,
    /// What a breach does to a merge.
    pub enforcement: Enforcement,
    /// How sure the check is.
    pub confidence: Confidence,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// Clauses of standards; only `verified` ones were seen in the standard itself.
    pub references: Vec<Reference>,
    /// Why a bank cares.
    pub rationale: Text,
    /// How to mend a breach.
    pub remedy: Text,
}

/// A stretch of a file at head. Lines and columns count from 1; columns count Unicode characters.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Location")]
pub struct LocationRecord {
    /// Repository path.
    pub path: String,
    /// Where it begins.
    pub start: finding::Position,
    /// Where it ends, exclusive.
    pub end: finding::Position,
    /// Enclosing declarations, outermost first.
    pub declaration: Vec<String>,
}

/// Source lines.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Excerpt")]
pub struct ExcerptRecord {
    /// Number of the first line.
    pub first_line: u32,
    /// The lines.
    pub lines: Vec<String>,
}

/// Another place of the same cause.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Related")]
pub struct RelatedRecord {
    /// Where.
    pub location: LocationRecord,
    /// What is there.
    pub message: Text,
}

/// A replacement. A fix that would carry a secret is left out.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Fix")]
pub struct FixRecord {
    /// The stretch to replace.
    pub location: LocationRecord,
    /// What to put there.
    pub replacement: String,
}

/// The lines of a change as they may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRecord {
    /// The files, sorted by path.
    pub files: Vec<FileRecord>,
}

/// One file of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The kind of change.
    pub status: FileStatus,
    /// The path before; `None` for an added file.
    pub base_path: Option<String>,
    /// The path after; `None` for a deleted file.
    pub head_path: Option<String>,
    /// Whether git shows no lines of it.
    pub is_binary: bool,
    /// The changed lines with their context.
    pub hunks: Vec<HunkRecord>,
}

/// A run of changed lines with the context around it. Positions count lines from 1 and name the first line
/// from here on, also where the hunk has no lines of that side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HunkRecord {
    /// Where the hunk begins at base.
    pub base_position: u32,
    /// Where it begins at head.
    pub head_position: u32,
    /// The lines in the order of the diff.
    pub lines: Vec<LineRecord>,
}

/// One line of a hunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRecord {
    /// Where the line stands.
    pub kind: LineKind,
    /// Its text, with stand-ins for secrets.
    pub text: String,
}

impl FileRecord {
    /// The path by which people know the file.
    pub fn path(&self) -> &str {
        self.head_path.as_deref().or(self.base_path.as_deref()).unwrap_or_default()
    }
}

/// The document of a review.
pub fn of(review: &Review) -> Document {
    document(&Shown::of(review))
}

/// The document of a review and the lines of its change; a value has the same stand-in in both.
pub fn with_change(review: &Review, change_set: &ChangeSet) -> (Document, ChangeRecord) {
    let mut redactor = Redactor::new();
    let document = document(&Shown::with(review, &mut redactor));
    let files = change_set.files.iter().map(|file| file_record(file, &mut redactor)).collect();
    (document, ChangeRecord { files })
}

/// One finding before its review has ended, with the stand-ins of `redactor`.
pub fn of_finding(finding: &Finding, fail_on: Severity, redactor: &mut Redactor) -> FindingRecord {
    finding_record(&shown::shown(finding, fail_on, redactor))
}

/// The schema of the JSON report.
pub fn schema() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Document>()
}

pub(super) fn document(shown: &Shown<'_>) -> Document {
    Document {
        schema_version: SCHEMA_VERSION,
        subject: shown.subject.clone(),
        state: shown.state,
        fail_on: shown.fail_on,
        blocking: shown.blocking(),
        basis: shown.basis.clone(),
        coverage: shown.coverage.clone(),
        findings: shown.findings.iter().map(finding_record).collect(),
        dismissed: shown.dismissed.iter().map(finding_record).collect(),
        pre_existing: shown.pre_existing.clone(),
    }
}

fn finding_record(finding: &ShownFinding<'_>) -> FindingRecord {
    FindingRecord {
        fingerprint: finding.fingerprint.to_owned(),
        origin: finding.origin,
        decided_by: finding.decided_by,
        blocks: finding.blocks,
        policy: finding.policy.into(),
        location: location_record(finding.location),
        message: finding.message.clone(),
        why: finding.why.clone(),
        excerpt: finding.excerpt.as_ref().map(|excerpt| ExcerptRecord {
            first_line: excerpt.first_line,
            lines: excerpt.text.split('\n').map(str::to_owned).collect(),
        }),
        flow: finding.flow.iter().map(location_record).collect(),
        related: finding.related.iter().map(related_record).collect(),
        fix: finding.fix.as_ref().and_then(fix_record),
    }
}

impl From<&Policy> for PolicyRecord {
    fn from(policy: &Policy) -> Self {
        Self {
            id: policy.id.clone(),
            code: policy.code.clone(),
            title: policy.title.clone(),
            severity: policy.severity,
            enforcement: policy.enforcement,
            confidence: policy.confidence,
            cwe: policy.cwe.clone(),
            references: policy.references.clone(),
            rationale: policy.rationale.clone(),
            remedy: policy.remedy.clone(),
        }
    }
}

fn location_record(location: &finding::Location) -> LocationRecord {
    LocationRecord {
        path: location.path.clone(),
        start: location.start,
        end: location.end,
        declaration: location.declaration.clone(),
    }
}

fn related_record(related: &Related) -> RelatedRecord {
    RelatedRecord { location: location_record(&related.location), message: related.message.clone() }
}

fn fix_record(fix: &ShownFix<'_>) -> Option<FixRecord> {
    Some(FixRecord { location: location_record(fix.location), replacement: fix.replacement?.to_owned() })
}

fn file_record(file: &FileChange, redactor: &mut Redactor) -> FileRecord {
    FileRecord {
        status: file.status,
        base_path: file.base_path.clone(),
        head_path: file.head_path.clone(),
        is_binary: matches!(file.content, ContentChange::Binary),
        hunks: file.hunks().iter().map(|hunk| hunk_record(hunk, redactor)).collect(),
    }
}

fn hunk_record(hunk: &Hunk, redactor: &mut Redactor) -> HunkRecord {
    let lines: Vec<_> = hunk.lines.iter().map(|line| String::from_utf8_lossy(&line.bytes)).collect();
    let shown = redactor.redact_lines(&lines);
    let lines = hunk.lines.iter().zip(shown).map(|(line, text)| LineRecord { kind: line.kind, text });
    HunkRecord {
        base_position: hunk.base_position(),
        head_position: hunk.head_position(),
        lines: lines.collect(),
    }
}
