//! What a review asked a model and what became of the answers, as the record and the reports say it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Usage;

/// What was asked of a model in one review.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// Prompts, second tries included.
    pub prompts: usize,
    /// Prompts that asked again for what had no answer that counts.
    pub repairs: usize,
    /// Questions in them: one for each policy and place.
    pub questions: usize,
    /// Questions with an answer that counts.
    pub answered: usize,
    /// Findings of checks that are not sure of themselves, given to the model to decide.
    pub doubts: usize,
    /// Of these, the findings that it dismissed.
    pub dismissed: usize,
    /// Questions without an answer that counts, by reason.
    pub unjudged: BTreeMap<Unjudged, usize>,
    /// Statements of the model that were thrown away, by reason.
    pub rejected: BTreeMap<Rejection, usize>,
    /// Tokens that it took.
    pub tokens: Tokens,
    /// Questions that nobody asked or that have no answer that counts: the first of them, by path and line.
    pub open: Vec<OpenQuestion>,
}

/// Tokens of all prompts of a review, as answers took them when they were given; a kept one takes none anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tokens {
    /// Of the prompts.
    pub prompt: u64,
    /// Of these, those that were in the prefix cache.
    pub cached: u64,
    /// Of the thinking.
    pub thinking: u64,
    /// Of the answers.
    pub answer: u64,
}

impl Tokens {
    /// Of prompts, thinking and answers together.
    pub fn all(&self) -> u64 {
        self.prompt + self.thinking + self.answer
    }

    pub(crate) fn add(&mut self, usage: Usage) {
        self.prompt += u64::from(usage.prompt_tokens);
        self.cached += u64::from(usage.cached_tokens);
        self.thinking += u64::from(usage.thinking_tokens);
        self.answer += u64::from(usage.answer_tokens);
    }
}

/// Why a question that was asked has no answer that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unjudged {
    /// The model says that the code does not decide it.
    Unclear,
    /// The answer was cut off.
    Truncated,
    /// The answer has not the form, twice.
    Malformed,
    /// What it says does not hold, twice.
    Unfounded,
    /// The model cannot be reached, or failed.
    Unavailable,
    /// It did not answer in time.
    DeadlineExceeded,
    /// Nobody waited for the answer any more.
    Cancelled,
    /// The model does not take the prompt.
    Refused,
    /// The file could not be read again.
    Unreadable,
}

/// Why a statement of the model was thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// The answer has not the form.
    Malformed,
    /// It is about a policy or a finding that was not asked about.
    NotAsked,
    /// The quote says nothing.
    QuoteTooShort,
    /// The quote does not stand in the changed code.
    QuoteNotFound,
    /// The quote stands in several places.
    QuoteAmbiguous,
    /// The policy is not for this file.
    PolicyDoesNotApply,
    /// The syntax tree says otherwise.
    ClaimContradicted,
    /// The proposed replacement is not proved.
    FixUnproved,
}

/// A question without an answer that counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct OpenQuestion {
    /// The file.
    pub path: String,
    /// The first line that it is about.
    pub line: u32,
    /// The policy's id.
    pub policy: String,
    /// Why it has none; nothing where it was not asked, because the review may ask no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Unjudged>,
}
