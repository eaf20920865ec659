//! The model as a review asks it: a trait that the doors implement, and what passes through it.
//!
//! One prompt in, one completion out, within a deadline that the implementation keeps. Batching, prefix cache and
//! streaming live behind it. What the model thinks is never read for a verdict and never shown.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Answers prompts. Called by several threads at once.
pub trait Model: Sync {
    /// The completion of one prompt. The same prompt has the same completion.
    ///
    /// # Errors
    /// Says why there is none; the question then counts as unjudged.
    fn complete(&self, prompt: &Prompt) -> Result<Completion, ModelError>;
}

/// What the model is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// What many prompts share: the task, the rules of evidence, the policy.
    pub prefix: String,
    /// What this prompt is about: code, with stand-ins for secrets.
    pub body: String,
    /// The JSON schema that the answer must have. Not every server holds a model to it.
    pub schema: Value,
    /// The seed of the draw.
    pub seed: u64,
    /// Tokens that the model may think.
    pub max_thinking_tokens: u32,
    /// Tokens that its answer may have.
    pub max_answer_tokens: u32,
}

/// What the model answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What it thought, where it is known.
    pub thinking: Option<String>,
    /// Its answer, without its thinking.
    pub text: String,
    /// Why it ended.
    pub finish: Finish,
    /// What it took.
    pub usage: Usage,
}

/// Why a completion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finish {
    /// The model had said everything.
    Stop,
    /// The tokens were used up: the answer is cut off.
    Length,
}

/// What a completion took, in tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Of the prompt.
    pub prompt_tokens: u32,
    /// Of these, those that were in the prefix cache.
    pub cached_tokens: u32,
    /// Of the thinking.
    pub thinking_tokens: u32,
    /// Of the answer.
    pub answer_tokens: u32,
}

/// How much one review may ask. Bounds count work, so that the same change is always asked the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelBudget {
    /// Prompts, second tries included.
    pub max_prompts: usize,
    /// Tokens that prompts, thinking and answers may take together, as estimated before they are asked.
    pub max_tokens: u64,
    /// Prompts under way at once.
    pub max_concurrent: usize,
    /// Tokens that the model may think about one prompt.
    pub max_thinking_tokens: u32,
}

impl Default for ModelBudget {
    fn default() -> Self {
        Self { max_prompts: 400, max_tokens: 6_000_000, max_concurrent: 8, max_thinking_tokens: 4096 }
    }
}

/// Why there is no completion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelError {
    /// The model cannot be reached, or failed.
    Unavailable(String),
    /// It did not answer in time.
    DeadlineExceeded,
    /// Nobody waits for the answer any more.
    Cancelled,
    /// It does not take this prompt: too long, or a schema that it cannot hold to.
    Refused(String),
}

impl fmt::Display for ModelError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unavailable(reason) => write!(formatter, "the model is not available: {reason}"),
            Self::DeadlineExceeded => formatter.write_str("the model did not answer in time"),
            Self::Cancelled => formatter.write_str("the question was withdrawn"),
            Self::Refused(reason) => write!(formatter, "the model does not take the prompt: {reason}"),
        }
    }
}
