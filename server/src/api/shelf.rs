//! What is kept and can be read: reviews, counts of findings, feedback, the queue.
//!
//! A trait that the store implements, and its values. What a caller may not see is, to that caller, not there.

use std::collections::BTreeMap;

use analyzers::policy::Severity;
use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Caller;
use crate::record::FeedbackVerdict;
use crate::record::{AskedBy, Outcome, ReviewRecord, ReviewState};

/// Reads what is kept.
#[async_trait]
pub(crate) trait Shelf: Send + Sync {
    /// A review by its id.
    async fn review(&self, caller: &Caller, id: &str) -> anyhow::Result<Option<ReviewRecord>>;

    /// Reviews, the newest first, at most `filter.limit`.
    async fn reviews(&self, caller: &Caller, filter: &ReviewFilter) -> anyhow::Result<Vec<ReviewSummary>>;

    /// How many introduced findings there were on each day since `since`, in reviews of merge requests by their
    /// newest head. No zeros.
    async fn finding_counts(&self, caller: &Caller, since: Date) -> anyhow::Result<Vec<FindingCount>>;

    /// What people said of these findings, oldest first.
    async fn feedback(&self, caller: &Caller, fingerprints: &[String]) -> anyhow::Result<Vec<Feedback>>;

    /// What waits and what runs.
    async fn queue(&self, caller: &Caller) -> anyhow::Result<QueueCounts>;

    /// Jobs that were given up, the newest first.
    async fn dead_letters(&self, caller: &Caller) -> anyhow::Result<Vec<DeadLetter>>;
}

/// Which reviews are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReviewFilter {
    /// Of this repository: `gitlab:bank/core`, or `bank/core` on any forge.
    pub(crate) repository: Option<String>,
    /// In this state.
    pub(crate) state: Option<ReviewState>,
    /// Asked for before the review of this id; an unknown id leaves nothing.
    pub(crate) before: Option<String>,
    /// How many at most.
    pub(crate) limit: usize,
}

/// A review in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct ReviewSummary {
    /// Its name: 32 hexadecimal digits.
    pub(crate) id: String,
    /// What the gate says. Only `passed` may merge.
    pub(crate) state: ReviewState,
    /// The repository, where it is known.
    pub(crate) repository: Option<String>,
    /// The merge request, such as `gitlab:bank/core!7`, where it was one.
    pub(crate) merge_request: Option<String>,
    /// Where people see that merge request.
    pub(crate) url: Option<String>,
    /// The token of the caller who asked, where it was one.
    pub(crate) caller: Option<String>,
    /// The newest commit of the change: its full object id.
    pub(crate) head: Option<String>,
    /// When it was asked for.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) asked_at: Timestamp,
    /// When it ended; `null` while it runs.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    pub(crate) ended_at: Option<Timestamp>,
    /// Number of findings that the change brought, by severity; severities without any are left out.
    pub(crate) findings: BTreeMap<Severity, usize>,
    /// Number of findings that block.
    pub(crate) blocking: usize,
}

impl ReviewSummary {
    /// The short form of a review.
    pub(crate) fn of(record: &ReviewRecord) -> Self {
        let (merge_request, url, caller) = match &record.asked_by {
            AskedBy::MergeRequest { merge_request, url } => {
                (Some(merge_request.to_string()), Some(url.clone()), None)
            }
            AskedBy::Caller { token } => (None, None, token.clone()),
        };
        let mut findings = BTreeMap::new();
        let mut blocking = 0;
        if let Outcome::Reviewed(reviewed) = &record.outcome {
            blocking = reviewed.document.blocking;
            for finding in &reviewed.document.findings {
                *findings.entry(finding.policy.severity).or_default() += 1;
            }
        }
        Self {
            id: record.id.clone(),
            state: record.outcome.state(),
            repository: record.repository.clone(),
            merge_request,
            url,
            caller,
            head: record.bound_to.head.clone(),
            asked_at: record.asked_at,
            ended_at: record.ended_at,
            findings,
            blocking,
        }
    }
}

/// How many findings of one policy one repository had on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FindingCount {
    /// The day the reviews ended on, in UTC.
    pub(crate) day: Date,
    /// The policy's id.
    pub(crate) policy: String,
    /// The repository, where it is known.
    pub(crate) repository: Option<String>,
    /// Number of findings.
    pub(crate) count: usize,
}

/// Feedback on a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Feedback {
    /// The finding's fingerprint.
    pub(crate) fingerprint: String,
    /// What was said.
    pub(crate) verdict: FeedbackVerdict,
    /// Why.
    pub(crate) reason: String,
    /// The token of who said it.
    pub(crate) caller: Option<String>,
    /// When.
    pub(crate) at: Timestamp,
}

/// What waits and what runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueueCounts {
    /// Jobs that wait for their turn.
    pub(crate) waiting: usize,
    /// Jobs at work.
    pub(crate) running: usize,
    /// Jobs that failed and will be tried again.
    pub(crate) retrying: usize,
    /// Since when the oldest waiting job waits.
    pub(crate) oldest_waiting_since: Option<Timestamp>,
}

/// A job that was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct DeadLetter {
    /// Its id.
    pub(crate) id: String,
    /// What it was for: `review`, `command` (of a comment) or `target` (a branch that moved).
    pub(crate) kind: String,
    /// The merge request, where it was for one: `gitlab:bank/core!7`.
    pub(crate) merge_request: Option<String>,
    /// The review, where it had one.
    pub(crate) review: Option<String>,
    /// How often it was tried.
    pub(crate) attempts: u32,
    /// Why the last attempt failed, for a person.
    pub(crate) reason: String,
    /// When it was given up.
    #[schemars(with = "String", extend("format" = "date-time"))]
    pub(crate) died_at: Timestamp,
}
