//! What became of each of several comments, in their order, whatever the order in which they were posted.
//!
//! After a failure that the next call would meet as well, nothing more is tried: the rest is refused for the same
//! reason.

use crate::forge::{ForgeError, PostOutcome};

/// The outcomes of a batch, filled one by one.
pub(crate) struct Outcomes {
    slots: Vec<Option<PostOutcome>>,
    halt: Option<ForgeError>,
}

impl Outcomes {
    /// Outcomes of that many comments, none of them known yet.
    pub(crate) fn new(count: usize) -> Self {
        Self { slots: (0..count).map(|_| None).collect(), halt: None }
    }

    /// Says what a write answered: the comment's id, or why there is none.
    pub(crate) fn set(&mut self, index: usize, result: Result<String, ForgeError>) {
        let outcome = match result {
            Ok(id) => PostOutcome::Posted(id),
            Err(error) => {
                self.halt_for(&error);
                refused_or_in_doubt(error)
            }
        };
        self.put(index, outcome);
    }

    /// Says that a comment's place is unknown to the forge.
    pub(crate) fn misplaced(&mut self, index: usize, why: String) {
        self.put(index, PostOutcome::Misplaced(why));
    }

    /// Says that a comment was never sent.
    pub(crate) fn refuse(&mut self, index: usize, error: ForgeError) {
        self.halt_for(&error);
        self.put(index, PostOutcome::Refused(error));
    }

    /// Says that a comment may stand.
    pub(crate) fn in_doubt(&mut self, index: usize, error: ForgeError) {
        self.put(index, PostOutcome::InDoubt(error));
    }

    /// Whether nothing more should be tried.
    pub(crate) fn is_halted(&self) -> bool {
        self.halt.is_some()
    }

    /// All outcomes. What was not reached is refused for the reason that halted the batch.
    pub(crate) fn finish(self) -> Vec<PostOutcome> {
        let rest = self.halt.unwrap_or_else(|| ForgeError::Rejected("it was not reached".to_owned()));
        self.slots
            .into_iter()
            .map(|slot| slot.unwrap_or_else(|| PostOutcome::Refused(rest.clone())))
            .collect()
    }

    fn put(&mut self, index: usize, outcome: PostOutcome) {
        if let Some(slot) = self.slots.get_mut(index) {
            *slot = Some(outcome);
        }
    }

    fn halt_for(&mut self, error: &ForgeError) {
        match error {
            ForgeError::Unauthenticated(_) | ForgeError::RateLimited(_) | ForgeError::Unavailable(_) => {
                self.halt.get_or_insert_with(|| error.clone());
            }
            ForgeError::NotFound(_)
            | ForgeError::Forbidden(_)
            | ForgeError::Rejected(_)
            | ForgeError::Unreadable(_) => {}
        }
    }
}

/// A failed write: refused where the forge said so, in doubt where nobody knows whether it happened.
fn refused_or_in_doubt(error: ForgeError) -> PostOutcome {
    match error {
        ForgeError::Unavailable(_) | ForgeError::Unreadable(_) => PostOutcome::InDoubt(error),
        ForgeError::NotFound(_)
        | ForgeError::Unauthenticated(_)
        | ForgeError::Forbidden(_)
        | ForgeError::RateLimited(_)
        | ForgeError::Rejected(_) => PostOutcome::Refused(error),
    }
}
