//! What callers can have done: reviews, feedback, another try of a dead letter.
//!
//! A trait that the review job and the store implement, and its values. All that is in an order was checked.

use std::time::Duration;

use analyzers::policy::Severity;
use analyzers::report::document::FindingRecord;
use analyzers::report::{Format, Options};
use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::access::Caller;
use crate::record::FeedbackVerdict;
use crate::record::Outcome;

/// Does what callers ask.
#[async_trait]
pub(crate) trait Desk: Send + Sync {
    /// Begins a review.
    async fn review(&self, caller: &Caller, order: ReviewOrder) -> Result<Running, Refusal>;

    /// Keeps what a person says of a finding.
    async fn add_feedback(&self, caller: &Caller, feedback: NewFeedback) -> Result<(), ActError>;

    /// Puts a dead letter back into the queue.
    async fn retry(&self, caller: &Caller, id: &str) -> Result<(), ActError>;
}

/// A review that a caller asks for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ReviewOrder {
    /// What the caller calls the repository.
    pub(crate) repository: Option<String>,
    /// What is reviewed.
    pub(crate) subject: OrderSubject,
    /// The lowest severity at which an enforced finding blocks; the operator's choice where nothing is said.
    pub(crate) fail_on: Option<Severity>,
    /// Whether an unasked question leaves the review partial; the operator's choice where nothing is said.
    pub(crate) require_model: Option<bool>,
    /// The report to send along.
    pub(crate) report: Option<ReportOrder>,
}

/// What is reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OrderSubject {
    /// A change. The diff was not parsed yet: that is for the process that reads untrusted code.
    Change {
        /// Unified diff text, in whatever encodings its files have.
        diff: Vec<u8>,
        /// Contents of files, as far as the caller knows them; no path twice.
        files: Vec<OrderFile>,
        /// The full object id of the base.
        base: Option<String>,
        /// The full object id of the head.
        head: Option<String>,
    },
    /// Whole files: everything found counts.
    Tree {
        /// Path and content; no path twice.
        files: Vec<(String, Vec<u8>)>,
    },
}

/// A file that came with a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrderFile {
    /// Its repository path.
    pub(crate) path: String,
    /// What it is at base.
    pub(crate) base: Version,
    /// What it is at head.
    pub(crate) head: Version,
}

/// What a caller says of a file at one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Version {
    /// Nothing: what the diff does not show is not known.
    #[default]
    Untold,
    /// The version has no such file.
    Missing,
    /// Its content.
    Content(Vec<u8>),
}

/// A report to make of the review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportOrder {
    /// Its form.
    pub(crate) format: Format,
    /// How it should look.
    pub(crate) options: Options,
}

/// A review at work. To drop it is to cancel the review.
#[derive(Debug)]
pub(crate) struct Running {
    /// The review's id.
    pub(crate) id: String,
    /// What happens, the last event `Ended`. A channel that closes without it is a review that was given up.
    pub(crate) events: mpsc::Receiver<ReviewEvent>,
}

/// Something that happened in a review.
#[derive(Clone, Debug)]
pub(crate) enum ReviewEvent {
    /// A file's changed regions were reviewed.
    Region(RegionEvent),
    /// A check points at a place.
    Candidate(CandidateEvent),
    /// A finding.
    Finding(Box<FindingRecord>),
    /// It is over.
    Ended(Box<Ended>),
}

/// A file's changed regions were reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct RegionEvent {
    /// The file.
    pub(crate) path: String,
    /// Files done so far.
    pub(crate) done: usize,
    /// Files in all.
    pub(crate) of: usize,
}

/// A check points at a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CandidateEvent {
    /// The policy's id.
    pub(crate) policy: String,
    /// The file.
    pub(crate) path: String,
    /// The line at head.
    pub(crate) line: u32,
}

/// How a review ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    /// The outcome.
    pub(crate) outcome: Outcome,
    /// The report, where one was ordered and there is a review to report.
    pub(crate) report: Option<String>,
}

/// Why a review was not begun.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The queue is full; it may be tried again after this time.
    #[error("the queue is full")]
    Busy(Duration),
    /// The service failed.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// What a person says of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewFeedback {
    /// The finding's fingerprint.
    pub(crate) fingerprint: String,
    /// Whether it is a breach.
    pub(crate) verdict: FeedbackVerdict,
    /// Why.
    pub(crate) reason: String,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActError {
    /// There is no such thing, or the caller may not see it.
    #[error("there is no such thing")]
    NotFound,
    /// The service failed.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}
