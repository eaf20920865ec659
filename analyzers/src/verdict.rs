//! Judges candidates: proof decides by itself; a question goes to the model, where there is one.
//!
//! Everything that goes in comes out with its verdict: a dropped candidate would be a gate that fails open.

mod question;

use std::ops::Range;

use crate::candidate::{Candidate, DecidedBy};
use crate::model::Model;
use crate::region::{ChangedRegion, SourceFile};

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
    /// The model says it is a breach, and its quote stands in the change; the candidate's place is the quote.
    Told,
    /// The model says that it is none.
    Clean,
    /// The model was asked and gave no answer that counts.
    Unjudged,
    /// A question that was not asked, for want of a model.
    NotAsked,
    /// A question about lines that the change does not touch.
    Untouched,
}

/// Gives every candidate of a file its verdict; questions are asked where they touch a region.
pub(crate) fn judge(
    candidates: Vec<Candidate>,
    file: &SourceFile,
    regions: &[ChangedRegion],
    model: Option<&dyn Model>,
) -> Vec<Judged> {
    let judged = |mut candidate: Candidate| {
        let touched: Vec<Range<usize>> = regions
            .iter()
            .filter(|region| region.touches(&candidate.range))
            .flat_map(|region| region.ranges.iter().cloned())
            .collect();
        let verdict = match (candidate.decided_by, model) {
            (DecidedBy::Proof, _) => Verdict::Proved,
            (DecidedBy::Question, _) if touched.is_empty() => Verdict::Untouched,
            (DecidedBy::Question, None) => Verdict::NotAsked,
            (DecidedBy::Question, Some(model)) => question::ask(&mut candidate, file, &touched, model),
        };
        Judged { candidate, verdict }
    };
    candidates.into_iter().map(judged).collect()
}

#[cfg(test)]
mod tests;
