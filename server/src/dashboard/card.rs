//! A finding as a card: what is wrong, why it matters, how to mend it, what people said of it.
//!
//! A document, its change and the files on the page in; one card for each finding out. The first card of a
//! policy on the page tells the policy in full, the others leave it folded.

use std::collections::{BTreeMap, BTreeSet};

use analyzers::finding::Decider;
use analyzers::policy::{Reference, Severity};
use analyzers::report::document::{ChangeRecord, Document, FindingRecord, LocationRecord, RelatedRecord};
use analyzers::report::visible;
use analyzers::text::Text;
use jiff::Timestamp;

use super::change::{FileView, Part, code};
use super::fix::{self, FixView};
use super::prose::Prose;
use super::questions;
use super::when::When;
use super::words::Words;
use crate::api::shelf::Feedback;
use crate::record::FeedbackVerdict;

/// A finding.
pub(super) struct Card {
    pub(super) fingerprint: String,
    pub(super) blocks: bool,
    pub(super) severity: Severity,
    pub(super) policy: String,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) declaration: String,
    pub(super) message: Prose,
    /// What the model says of it, where it decided.
    pub(super) judged: Option<Prose>,
    pub(super) why: Prose,
    pub(super) remedy: Prose,
    /// Whether this is the first finding of its policy: only there the policy is told in full.
    pub(super) is_first: bool,
    pub(super) clauses: Vec<String>,
    pub(super) steps: Vec<Step>,
    pub(super) fix: Option<FixView>,
    pub(super) excerpt: Vec<ExcerptLine>,
    pub(super) feedback: Vec<Opinion>,
}

/// Another place of the same cause.
pub(super) struct Step {
    pub(super) place: String,
    pub(super) message: Prose,
    /// The line on this page, where it is here.
    pub(super) anchor: Option<String>,
}

pub(super) struct ExcerptLine {
    pub(super) number: u32,
    pub(super) text: String,
    pub(super) is_meant: bool,
}

pub(super) struct Opinion {
    pub(super) is_right: bool,
    pub(super) reason: String,
    pub(super) who: String,
    pub(super) at: When,
}

/// The findings of a document, in its order.
pub(super) fn cards(
    document: &Document,
    change: &ChangeRecord,
    files: &[FileView],
    feedback: Vec<Feedback>,
    words: &Words,
    now: Timestamp,
) -> Vec<Card> {
    let mut said: BTreeMap<String, Vec<Opinion>> = BTreeMap::new();
    for one in feedback {
        said.entry(one.fingerprint).or_default().push(Opinion {
            is_right: one.verdict == FeedbackVerdict::Right,
            reason: visible::line(&one.reason).into_owned(),
            who: visible::line(&one.caller.unwrap_or_default()).into_owned(),
            at: When::of(one.at, now, words),
        });
    }
    let anchors = Anchors::of(files);
    let cards = document.findings.iter().map(|finding| Card {
        steps: steps(finding, &anchors, words),
        fix: finding.fix.as_ref().map(|fix| fix::view(fix, change)),
        feedback: said.remove(&finding.fingerprint).unwrap_or_default(),
        ..card(finding, words)
    });
    let mut cards: Vec<Card> = cards.collect();
    let mut told = BTreeSet::new();
    for at in reading_order(files) {
        cards[at].is_first = told.insert(cards[at].policy.clone());
    }
    cards
}

/// The findings as they stand on the page.
fn reading_order(files: &[FileView]) -> Vec<usize> {
    let of_part = |part: &Part| match part {
        Part::Finding(at) => Some(*at),
        Part::Rows(_) | Part::Fold(_) => None,
    };
    let of_file = |file: &FileView| -> Vec<usize> {
        let inside = file.hunks.iter().flat_map(|hunk| hunk.parts.iter().filter_map(of_part));
        inside.chain(file.outside.iter().copied()).collect()
    };
    files.iter().flat_map(of_file).collect()
}

fn card(finding: &FindingRecord, words: &Words) -> Card {
    let said = |text: &Text| visible::lines(text.get(words.locale()).trim()).into_owned();
    let policy = &finding.policy;
    let clause = |reference: &Reference| {
        visible::line(&format!("{} {}", reference.standard, reference.clause)).into_owned()
    };
    let is_law =
        |reference: &&Reference| reference.verified && !reference.standard.contains("cross-reference");
    let mut clauses: Vec<String> = policy.references.iter().filter(is_law).map(clause).collect();
    clauses.extend(policy.cwe.iter().map(|number| format!("CWE-{number}")));
    Card {
        fingerprint: finding.fingerprint.clone(),
        blocks: finding.blocks,
        severity: policy.severity,
        policy: policy.id.clone(),
        code: policy.code.clone(),
        title: said(&policy.title),
        place: place(&finding.location),
        declaration: visible::line(&finding.location.declaration.join(" › ")).into_owned(),
        message: Prose::of(&finding.message, words),
        judged: match finding.decided_by {
            Decider::Proof => None,
            Decider::Model => Some(questions::said(finding, words)),
        },
        why: Prose::of(&policy.rationale, words),
        remedy: Prose::of(&policy.remedy, words),
        is_first: false,
        clauses,
        steps: Vec::new(),
        fix: None,
        excerpt: excerpt(finding),
        feedback: Vec::new(),
    }
}

fn place(location: &LocationRecord) -> String {
    format!("{}:{}", visible::line(&location.path), location.start.line)
}

fn excerpt(finding: &FindingRecord) -> Vec<ExcerptLine> {
    let Some(excerpt) = &finding.excerpt else { return Vec::new() };
    let meant = finding.location.start.line..=finding.location.end.line;
    let lines = (excerpt.first_line..).zip(&excerpt.lines);
    let line = |(number, text): (u32, &String)| ExcerptLine {
        number,
        text: code(text),
        is_meant: meant.contains(&number),
    };
    lines.map(line).collect()
}

fn steps(finding: &FindingRecord, anchors: &Anchors, words: &Words) -> Vec<Step> {
    let step = |related: &RelatedRecord| Step {
        place: place(&related.location),
        message: Prose::of(&related.message, words),
        anchor: anchors.find(&related.location.path, related.location.start.line),
    };
    finding.related.iter().map(step).collect()
}

/// Where lines of the head version stand on the page.
struct Anchors(BTreeMap<(String, u32), String>);

impl Anchors {
    fn of(files: &[FileView]) -> Self {
        let mut anchors = BTreeMap::new();
        for file in files.iter().filter(|file| file.findings > 0) {
            for part in file.hunks.iter().flat_map(|hunk| &hunk.parts) {
                let rows = match part {
                    Part::Rows(rows) | Part::Fold(rows) => rows.as_slice(),
                    Part::Finding(_) => &[],
                };
                for line in rows.iter().filter_map(|row| row.head) {
                    anchors.insert((file.path.clone(), line), format!("L{}-{line}", file.number));
                }
            }
        }
        Self(anchors)
    }

    fn find(&self, path: &str, line: u32) -> Option<String> {
        self.0.get(&(visible::line(path).into_owned(), line)).cloned()
    }
}
