//! What the interface answers of reviews, as JSON.
//!
//! A record, or the end of a running review, in; the answer out. Everything in it has stand-ins for secrets.

use analyzers::report::document::Document;
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::desk::Ended;
use crate::api::shelf::ReviewSummary;
use crate::record::{Binding, Outcome, ReviewRecord, ReviewState};

/// How a review ended.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReviewAnswer {
    /// The review's name, by which it can be read again.
    pub(crate) id: String,
    /// What the gate says. Only `passed` may merge.
    pub(crate) state: ReviewState,
    /// Why there is no review, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The review, where it came to an end of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) review: Option<Document>,
    /// The report that was ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<String>,
}

/// A review that is kept.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct KeptReview {
    /// The review in short.
    #[serde(flatten)]
    pub(crate) summary: ReviewSummary,
    /// The versions that it is bound to.
    pub(crate) bound_to: BoundTo,
    /// Why there is no review, where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The review, where it came to an end of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) review: Option<Document>,
}

/// The versions that a review is bound to: full object ids, where they are known.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct BoundTo {
    /// The newest commit of the change.
    pub(crate) head: Option<String>,
    /// The tip of the target branch.
    pub(crate) target: Option<String>,
    /// The commit that the change goes out from.
    pub(crate) merge_base: Option<String>,
    /// SHA-256 over the repository's configuration at the target.
    pub(crate) configuration: Option<String>,
    /// The engines and weights that answered questions, as far as they are known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) models: Vec<String>,
}

/// A page of reviews, the newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ReviewPage {
    /// The reviews.
    pub(crate) reviews: Vec<ReviewSummary>,
    /// What `before` must be for the next page; `null` on the last one.
    pub(crate) next: Option<String>,
}

impl ReviewAnswer {
    /// The answer to the caller who asked for the review.
    pub(crate) fn of(id: String, ended: Ended) -> Self {
        let state = ended.outcome.state();
        let (reason, review) = split(ended.outcome);
        Self { id, state, reason, review, report: ended.report }
    }
}

impl KeptReview {
    /// The answer to somebody who asks for it later.
    pub(crate) fn of(record: ReviewRecord) -> Self {
        let summary = ReviewSummary::of(&record);
        let Binding { head, target, merge_base, configuration, models, policies: _, earned: _ } =
            record.bound_to;
        let bound_to = BoundTo { head, target, merge_base, configuration, models };
        let (reason, review) = split(record.outcome);
        Self { summary, bound_to, reason, review }
    }
}

impl ReviewPage {
    /// A page of at most `limit` of these reviews; one more of them says that there is another page.
    pub(crate) fn of(mut reviews: Vec<ReviewSummary>, limit: usize) -> Self {
        let is_last = reviews.len() <= limit;
        reviews.truncate(limit);
        let next = reviews.last().filter(|_| !is_last).map(|review| review.id.clone());
        Self { reviews, next }
    }
}

fn split(outcome: Outcome) -> (Option<String>, Option<Document>) {
    match outcome {
        Outcome::Running | Outcome::Stale => (None, None),
        Outcome::Reviewed(reviewed) => (None, Some(reviewed.document)),
        Outcome::NotReviewed { reason } => (Some(reason), None),
    }
}
