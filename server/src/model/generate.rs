//! What the engine is asked and what it tells: a request of tokens in, a stream of pieces out.

use std::time::{Duration, Instant};

use serde_json::Value;

/// A completion that is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    /// The prompt, template and all. What several requests share at its beginning is computed once.
    pub(crate) prompt: Vec<u32>,
    /// How tokens are drawn.
    pub(crate) sampling: Sampling,
    /// How long the model may think before it answers; `None` where it answers at once.
    pub(crate) thinking: Option<Thinking>,
    /// The JSON schema of the answer, from the first token after the thinking.
    pub(crate) schema: Option<Value>,
    /// Tokens that the answer may have.
    pub(crate) max_answer_tokens: u32,
    /// Texts at which the answer ends, themselves left out.
    pub(crate) stop: Vec<String>,
    /// Who goes first.
    pub(crate) priority: Priority,
    /// For whom: requests of one priority take turns by this name (a repository, an API key).
    pub(crate) group: String,
    /// After this nobody waits for it.
    pub(crate) deadline: Option<Instant>,
}

/// How tokens are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sampling {
    /// 0 takes the likeliest.
    pub(crate) temperature: f32,
    /// Mass of the likeliest tokens that are drawn from.
    pub(crate) top_p: f32,
    /// The seed of the draws.
    pub(crate) seed: u64,
}

/// How long the model may think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Thinking {
    /// Tokens after which the closing tag is forced.
    pub(crate) max_tokens: u32,
}

/// Who goes first, the most urgent last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Priority {
    /// Evaluation, nightly runs.
    Background,
    /// A person waits at a desk.
    Interactive,
    /// A merge request waits for its gate.
    Gate,
}

/// What the engine tells about a request, in order; the last is always `Done` or `Failed`.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// More text of the thinking.
    Thinking(String),
    /// More text of the answer.
    Answer(String),
    /// The completion is whole.
    Done(Summary),
    /// There will be none.
    Failed(Failure),
}

/// How a completion ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Summary {
    /// Why.
    pub(crate) finish: Finish,
    /// What it took.
    pub(crate) usage: Usage,
    /// How long it took.
    pub(crate) timing: Timing,
    /// Whether the thinking was cut off at its budget or because it went in circles.
    pub(crate) is_thinking_cut: bool,
    /// Whether the same request would give the same bytes in any company.
    pub(crate) is_reproducible: bool,
}

/// Why a completion ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// The model, the schema or a stop text ended it.
    Stop,
    /// Its tokens were used up: it is cut off.
    Length,
}

/// Tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Of the prompt.
    pub(crate) prompt: u32,
    /// Of these, those found in the prefix cache.
    pub(crate) cached: u32,
    /// Of the thinking.
    pub(crate) thinking: u32,
    /// Of the answer.
    pub(crate) answer: u32,
}

/// Time in each phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timing {
    /// Until it was first scheduled.
    pub(crate) queued: Duration,
    /// Until its first token.
    pub(crate) prefill: Duration,
    /// From its first token to its last.
    pub(crate) decode: Duration,
}

/// Why there is no completion.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// The queue is full, or the memory is: come again.
    #[error("the engine is busy: {0}")]
    Busy(String),
    /// It can never be done.
    #[error("{0}")]
    Refused(String),
    /// Its deadline has passed.
    #[error("it was not done in time")]
    DeadlineExceeded,
    /// Nobody waits for it any more.
    #[error("it was cancelled")]
    Cancelled,
    /// The device failed.
    #[error("the engine failed: {0}")]
    Broken(String),
}
