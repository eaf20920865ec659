//! What is counted of an evaluation, and shares with the uncertainty that their number leaves.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::review::asked::{Rejection, Tokens, Unjudged};

/// Standard deviations to either side that hold 95 % of a normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What became of labelled places, and what it took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Breaches with a finding at their place.
    #[serde(rename = "tp")]
    pub true_positives: usize,
    /// Near misses with a finding at their place.
    #[serde(rename = "fp")]
    pub false_positives: usize,
    /// Breaches without.
    #[serde(rename = "fn")]
    pub false_negatives: usize,
    /// Near misses without.
    #[serde(rename = "tn")]
    pub true_negatives: usize,
    /// Findings at no labelled place.
    pub misplaced: usize,
    /// Labelled places that a check proves; they are not counted above.
    pub proved: usize,
    /// Near misses that nothing is asked about; they are not counted above.
    pub unasked: usize,
    /// Questions of these reviews with an answer that counts, whatever policy asks them.
    pub answered: usize,
    /// Questions of the policy that were asked and had no answer that counts, by reason.
    pub unjudged: BTreeMap<Unjudged, usize>,
    /// Questions of the policy that a review had no budget for.
    pub over_budget: usize,
    /// Statements that were thrown away in these reviews, first tries included, by reason.
    pub rejected: BTreeMap<Rejection, usize>,
    /// Prompts of these reviews, second tries included.
    pub prompts: usize,
    /// Of these, those that asked again.
    pub repairs: usize,
    /// Tokens of these reviews.
    pub tokens: Tokens,
    /// How long these reviews took, one after the other.
    pub milliseconds: u64,
}

/// A share of some cases, with its 95 % interval (Wilson's).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Cases that are so.
    pub hits: usize,
    /// All cases.
    pub of: usize,
    /// The share; nothing where there are no cases.
    pub value: Option<f64>,
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Share {
    /// So many of so many.
    pub fn new(hits: usize, of: usize) -> Self {
        if of == 0 {
            return Self { hits, of, value: None, low: 0.0, high: 1.0 };
        }
        let (cases, share) = (of as f64, hits as f64 / of as f64);
        let scale = 1.0 + Z * Z / cases;
        let middle = (share + Z * Z / (2.0 * cases)) / scale;
        let reach = Z / scale * (share * (1.0 - share) / cases + Z * Z / (4.0 * cases * cases)).sqrt();
        // Where all or none are so, the bound is exact, whatever is lost in rounding.
        let low = if hits == 0 { 0.0 } else { (middle - reach).max(0.0) };
        let high = if hits == of { 1.0 } else { (middle + reach).min(1.0) };
        Self { hits, of, value: Some(share), low, high }
    }

    /// Whether every value that this share may have is below every one that `other` may have.
    pub fn is_certainly_below(&self, other: &Self) -> bool {
        self.high < other.low
    }
}

impl Tally {
    /// Labelled places that are counted.
    pub fn places(&self) -> usize {
        self.true_positives + self.false_positives + self.false_negatives + self.true_negatives
    }

    /// Of the findings, those that stand at a breach. One at no labelled place counts against it.
    pub fn precision(&self) -> Share {
        let findings = self.true_positives + self.false_positives + self.misplaced;
        Share::new(self.true_positives, findings)
    }

    /// Of the breaches, those that are found.
    pub fn recall(&self) -> Share {
        Share::new(self.true_positives, self.true_positives + self.false_negatives)
    }

    /// Of the findings that are not at a near miss, those at the line that is the breach.
    pub fn right_place(&self) -> Share {
        Share::new(self.true_positives, self.true_positives + self.misplaced)
    }

    /// Questions whose answers had not the form, twice, or were cut off.
    pub fn format_failures(&self) -> usize {
        let count = |reason| self.unjudged.get(&reason).copied().unwrap_or_default();
        count(Unjudged::Malformed) + count(Unjudged::Truncated)
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        self.true_positives += other.true_positives;
        self.false_positives += other.false_positives;
        self.false_negatives += other.false_negatives;
        self.true_negatives += other.true_negatives;
        self.misplaced += other.misplaced;
        self.proved += other.proved;
        self.unasked += other.unasked;
        self.answered += other.answered;
        self.over_budget += other.over_budget;
        self.prompts += other.prompts;
        self.repairs += other.repairs;
        self.milliseconds += other.milliseconds;
        self.tokens.prompt += other.tokens.prompt;
        self.tokens.cached += other.tokens.cached;
        self.tokens.thinking += other.tokens.thinking;
        self.tokens.answer += other.tokens.answer;
        for (reason, count) in &other.unjudged {
            *self.unjudged.entry(*reason).or_default() += count;
        }
        for (reason, count) in &other.rejected {
            *self.rejected.entry(*reason).or_default() += count;
        }
    }
}
