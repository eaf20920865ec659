//! What is kept of a review: who asked for it, what it was bound to, what it found, how it ended.
//!
//! Everything here is safe to store and to show: source lines and messages have stand-ins for secrets.

use std::collections::BTreeSet;

use analyzers::gate::State;
use analyzers::policy::Severity;
use analyzers::report::document::{ChangeRecord, Document};
use analyzers::text::Locale;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::merge_request::MergeRequestKey;

/// A review that was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReviewRecord {
    /// Its name: 32 hexadecimal digits.
    pub(crate) id: String,
    /// Who asked.
    pub(crate) asked_by: AskedBy,
    /// The repository, where it is known: `gitlab:bank/core`, or what an IDE calls it.
    pub(crate) repository: Option<String>,
    /// What it is bound to.
    pub(crate) bound_to: Binding,
    /// When it was asked for.
    pub(crate) asked_at: Timestamp,
    /// When it ended; `None` while it runs.
    pub(crate) ended_at: Option<Timestamp>,
    /// How the repository wants to be told.
    #[serde(default)]
    pub(crate) settings: Settings,
    /// How it ended.
    pub(crate) outcome: Outcome,
}

/// What a repository's configuration says about how its merge requests are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// The language of comments.
    pub(crate) language: Option<Locale>,
    /// Inline comments on one merge request, at most.
    pub(crate) max_comments: Option<usize>,
    /// The lowest severity that is commented on; what blocks always is.
    pub(crate) severity_threshold: Option<Severity>,
}

/// Who asked for a review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum AskedBy {
    /// A merge request.
    MergeRequest {
        /// Which one.
        merge_request: MergeRequestKey,
        /// Where people see it.
        url: String,
    },
    /// A caller of `/v1/reviews`.
    Caller {
        /// The name of the caller's token; `None` on loopback without tokens.
        token: Option<String>,
    },
}

/// The versions that a review is bound to: full object ids, where they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Binding {
    /// The newest commit of the change.
    pub(crate) head: Option<String>,
    /// The tip of the target branch.
    pub(crate) target: Option<String>,
    /// The commit that the change goes out from.
    pub(crate) merge_base: Option<String>,
    /// SHA-256 over the operator's policies and what they have earned, before a repository tightened them.
    #[serde(default)]
    pub(crate) policies: Option<String>,
    /// The policies that had earned it that what the model finds blocks.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) earned: BTreeSet<String>,
    /// SHA-256 over the repository's configuration at the target; `None` where it has none.
    pub(crate) configuration: Option<String>,
    /// The engines and weights that answered questions, as far as they are known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) models: Vec<String>,
}

/// How a review ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum Outcome {
    /// It has not ended.
    Running,
    /// It came to an end of its own.
    Reviewed(Box<Reviewed>),
    /// It could not be made, for this reason: the gate is red.
    NotReviewed {
        /// Why, for a person.
        reason: String,
    },
    /// A newer head took its place before it ended.
    Stale,
}

/// A review that came to an end of its own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reviewed {
    /// The review.
    pub(crate) document: Document,
    /// The lines of its change.
    pub(crate) change: ChangeRecord,
}

/// The five states of a review, and that it still runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReviewState {
    /// It runs, or waits for its turn.
    Running,
    /// Everything in scope was reviewed and nothing blocks. The only green one.
    Passed,
    /// A finding blocks.
    Failed,
    /// Nothing could be reviewed.
    NotReviewed,
    /// Part of what is in scope could not be reviewed, and nothing in the rest blocks.
    Partial,
    /// The head has moved on.
    Stale,
}

impl Outcome {
    /// The state that people and gates see.
    pub(crate) fn state(&self) -> ReviewState {
        match self {
            Self::Running => ReviewState::Running,
            Self::Reviewed(reviewed) => match reviewed.document.state {
                State::Passed => ReviewState::Passed,
                State::Failed => ReviewState::Failed,
                State::NotReviewed => ReviewState::NotReviewed,
                State::Partial => ReviewState::Partial,
            },
            Self::NotReviewed { .. } => ReviewState::NotReviewed,
            Self::Stale => ReviewState::Stale,
        }
    }
}

impl ReviewState {
    /// The name in records and answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotReviewed => "not_reviewed",
            Self::Partial => "partial",
            Self::Stale => "stale",
        }
    }
}

/// Whether a finding was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FeedbackVerdict {
    /// It was.
    Right,
    /// It was not.
    Wrong,
}

impl FeedbackVerdict {
    /// The name in records and answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
        }
    }
}

/// A new name for a review.
pub(crate) fn new_id() -> String {
    hex::encode(rand::random::<[u8; 16]>())
}
