//! What a delivery did and how it ended, as values for the job and its log.

use std::time::Duration;

use super::super::marker::Mark;
use super::super::reconcile::{Action, EditReason};
use crate::forge::ForgeError;

/// What a delivery did, by what the comments are about.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// New comments.
    pub(crate) posted: Vec<String>,
    /// Comments that say something else now.
    pub(crate) updated: Vec<String>,
    /// Comments whose finding is gone.
    pub(crate) resolved: Vec<String>,
    /// Comments whose finding is there again.
    pub(crate) reopened: Vec<String>,
    /// Comments that had been posted twice.
    pub(crate) deleted: Vec<String>,
    /// Findings for which the forge had no place: the summary tells them.
    pub(crate) fallen: Vec<String>,
    /// What could not be done.
    pub(crate) failures: Vec<Failure>,
}

/// A write that was not made, or of which nobody knows.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The name of its effect.
    pub(crate) key: String,
    /// Why.
    pub(crate) error: ForgeError,
}

/// How a delivery ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Everything was tried.
    Done,
    /// The forge asks to come back after this time. What is left follows when it is reconciled again.
    RetryAfter(Duration),
    /// Somebody else sends now.
    Lost,
    /// The forge cannot be worked with.
    Failed(ForgeError),
}

/// A delivery.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// What was done.
    pub(crate) report: Report,
    /// How it ended.
    pub(crate) ended: Ended,
}

impl Delivery {
    /// Whether everything that should stand stands.
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.ended, Ended::Done) && self.report.failures.is_empty()
    }
}

impl Report {
    /// Writes a change down that was made.
    pub(super) fn note(&mut self, action: &Action) {
        match action {
            Action::Edit { mark, reason: EditReason::Updated, .. } => self.updated.push(about(mark)),
            Action::Edit { mark, reason: EditReason::Fixed, .. } => self.resolved.push(about(mark)),
            Action::Edit { mark, reason: EditReason::Regressed, .. } => self.reopened.push(about(mark)),
            Action::Delete(comment) => self.deleted.push(comment.id.clone()),
            Action::SetResolved { .. } | Action::Post(_) => {}
        }
    }
}

/// What a comment is about, such as `finding:0123…` or `summary:summary`.
pub(super) fn about(mark: &Mark) -> String {
    format!("{}:{}", mark.kind.name(), mark.key)
}
