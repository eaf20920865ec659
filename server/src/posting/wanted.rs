//! What should stand on a merge request after a review: texts and places, not yet compared with what stands.
//!
//! A record, the merge request and options in; comments worst first, and the summary, out.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use analyzers::finding::Decider;
use analyzers::gate::State;
use analyzers::report::document::{ChangeRecord, Document, FindingRecord};

use super::comment::{self, Told};
use super::summary::{self, Summary};
use super::{Options, anchor};
use crate::forge::Placement;
use crate::merge_request::{ForgeKind, MergeRequest, MergeRequestKey};
use crate::record::{Outcome, ReviewRecord};

/// What should stand on a merge request.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Which merge request.
    pub(crate) merge_request: MergeRequestKey,
    /// The reviewed head.
    pub(crate) head: String,
    /// How it is told.
    pub(crate) options: Options,
    /// The findings, worst first.
    pub(crate) comments: Vec<WantedComment>,
    /// The summary.
    pub(crate) summary: Summary,
    /// When the summary is written.
    pub(crate) presence: Presence,
    /// Whether a finding that is not wanted is known to be gone.
    pub(crate) knows_what_is_gone: bool,
    /// Whether the model was not asked everything, or did not answer.
    pub(crate) has_open_questions: bool,
    /// Findings that the model dismissed: they are not told, and nobody has mended them either.
    pub(crate) dismissed: BTreeSet<String>,
}

/// When a summary is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Whether or not one stands.
    Always,
    /// Only where one stands: nobody is bothered with good news.
    WhereOneStands,
    /// Not now: the review still runs.
    Untouched,
}

/// A finding that wants to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WantedComment {
    /// The finding.
    pub(crate) fingerprint: String,
    /// Who found it.
    pub(crate) decided_by: Decider,
    /// Its row, for where it has no comment.
    pub(crate) row: String,
    /// Its text.
    pub(crate) told: Told,
    /// Where it may stand beside code, best first; none where the change does not show its
    /// file, or where nobody wants to be told.
    pub(crate) places: Vec<Placement>,
}

/// What a review wants.
pub(crate) fn wanted(record: &ReviewRecord, merge_request: &MergeRequest, options: &Options) -> Wanted {
    let head = record.bound_to.head.as_deref().unwrap_or(&merge_request.head);
    let mut wanted = Wanted {
        merge_request: merge_request.key.clone(),
        head: head.to_owned(),
        options: options.clone(),
        comments: Vec::new(),
        summary: summary::of(record, head, options),
        presence: presence(&record.outcome),
        knows_what_is_gone: false,
        has_open_questions: false,
        dismissed: BTreeSet::new(),
    };
    if let Outcome::Reviewed(reviewed) = &record.outcome {
        wanted.knows_what_is_gone = read_everything(&reviewed.document);
        let coverage = &reviewed.document.coverage;
        wanted.has_open_questions =
            !coverage.questions_unasked.is_empty() || !coverage.questions_unjudged.is_empty();
        let dismissed = reviewed.document.dismissed.iter();
        wanted.dismissed = dismissed.map(|finding| finding.fingerprint.clone()).collect();
        wanted.comments = worst_first(&reviewed.document)
            .into_iter()
            .map(|finding| comment_on(finding, &reviewed.change, merge_request.key.forge, options))
            .collect();
    }
    wanted
}

fn comment_on(
    finding: &FindingRecord,
    change: &ChangeRecord,
    forge: ForgeKind,
    options: &Options,
) -> WantedComment {
    let mut places = anchor::ladder(&finding.location, change);
    places.retain(|place| *place != Placement::MergeRequest);
    let is_quiet = options.severity_threshold.is_some_and(|threshold| finding.policy.severity > threshold);
    if is_quiet && !finding.blocks {
        places.clear();
    }
    WantedComment {
        fingerprint: finding.fingerprint.clone(),
        decided_by: finding.decided_by,
        row: comment::row(finding, options),
        told: comment::tell(finding, change, forge, options),
        places,
    }
}

fn presence(outcome: &Outcome) -> Presence {
    match outcome {
        Outcome::Running => Presence::Untouched,
        Outcome::Stale => Presence::WhereOneStands,
        Outcome::NotReviewed { .. } => Presence::Always,
        Outcome::Reviewed(reviewed) => {
            let document = &reviewed.document;
            let is_clean = document.state == State::Passed && document.findings.is_empty();
            if is_clean { Presence::WhereOneStands } else { Presence::Always }
        }
    }
}

/// Whether a finding that was not found is gone. Where part of the change was not read it may be there.
fn read_everything(document: &Document) -> bool {
    document.state != State::NotReviewed && !document.coverage.unread.iter().any(|unread| unread.leaves_gap)
}

/// Blocking ones first, then by severity, then where they stand; each fingerprint once.
fn worst_first(document: &Document) -> Vec<&FindingRecord> {
    let mut findings: Vec<_> = document.findings.iter().collect();
    findings.sort_by_key(|finding| {
        let location = &finding.location;
        (
            Reverse(finding.blocks),
            finding.policy.severity,
            &location.path,
            location.start,
            &finding.fingerprint,
        )
    });
    let mut seen = BTreeSet::new();
    findings.retain(|finding| seen.insert(&finding.fingerprint));
    findings
}
