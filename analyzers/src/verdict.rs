//! Judges candidates: proof decides by itself; a question stays unjudged, because nobody answers here.
//!
//! Everything that goes in comes out with its verdict: a dropped candidate would be a gate that fails open.

use crate::candidate::{Candidate, DecidedBy};

/// A candidate and what was decided of it.
pub(crate) struct Judged {
    pub(crate) candidate: Candidate,
    pub(crate) verdict: Verdict,
}

/// What was decided of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A deterministic check matched: it is a breach.
    Proved,
    /// A question that was not asked.
    NotAsked,
}

/// Gives every candidate its verdict.
pub(crate) fn judge(candidates: Vec<Candidate>) -> Vec<Judged> {
    let verdict = |candidate: &Candidate| match candidate.decided_by {
        DecidedBy::Proof => Verdict::Proved,
        DecidedBy::Question => Verdict::NotAsked,
    };
    candidates.into_iter().map(|candidate| Judged { verdict: verdict(&candidate), candidate }).collect()
}
