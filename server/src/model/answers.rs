//! Answers that are kept: what was asked once is not asked again of the same weights.
//!
//! An answer's name is the digest of all that it follows from: the prompt, how tokens are drawn, who answers. Where it
//! is not known who answers, nothing is kept. A store that fails costs an answer at most, never a review.

use std::sync::Arc;

use analyzers::model::{Completion, Finish, ModelError, Prompt};
use analyzers::redact::Redactor;
use async_trait::async_trait;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::config::model::Model;

/// Bytes of an answer, at most: reviews read none that is as long.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// Bytes of the thinking that are kept: a server may let a model think for longer than it was asked to.
const MAX_THINKING_BYTES: usize = 1 << 20;

/// Keeps answers, and which review asked what.
#[async_trait]
pub(crate) trait Answers: Send + Sync {
    /// The answer of this name, which from now on is that of the question, too.
    async fn reuse(&self, name: &str, question: &Question) -> Result<Option<Completion>, String>;

    /// Keeps an answer, its thinking included, unless one of this name is there already; the one that is kept.
    async fn keep(
        &self,
        name: &str,
        question: &Question,
        completion: &Completion,
    ) -> Result<Completion, String>;

    /// Keeps that a question has no answer that is kept, and what it has instead.
    async fn miss(&self, question: &Question, outcome: &Result<Completion, ModelError>)
    -> Result<(), String>;
}

/// One question of one review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// The name of the review.
    pub(crate) review: String,
    /// The digest of the prompt.
    pub(crate) prompt: String,
}

/// The answers, as one review uses them.
pub(crate) struct Notebook {
    answers: Arc<dyn Answers>,
    review: String,
    settings: Model,
}

impl Notebook {
    /// For the questions of a review; `None` where the operator has no answers kept.
    pub(crate) fn new(answers: Arc<dyn Answers>, review: &str, settings: &Model) -> Option<Self> {
        let notebook = || Self { answers, review: review.to_owned(), settings: settings.clone() };
        (settings.keep_answers_days > 0).then(notebook)
    }

    /// The answer of a model to a prompt, where it is kept.
    pub(crate) async fn find(&self, prompt: &Prompt, by: &str) -> Option<Completion> {
        let found = self.answers.reuse(&self.name(prompt, by), &self.question(prompt)).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(error, "kept answers cannot be read; the model is asked");
            None
        })
    }

    /// Keeps what came of a prompt. The answer that counts: the first one, where several reviews asked at once.
    pub(crate) async fn note(
        &self,
        prompt: &Prompt,
        by: Option<&str>,
        outcome: Result<Completion, ModelError>,
    ) -> Result<Completion, ModelError> {
        let question = self.question(prompt);
        let kept = match (&outcome, by) {
            (Ok(completion), Some(by)) if is_whole(completion) => {
                self.answers.keep(&self.name(prompt, by), &question, &self.cleared(completion)).await.map(Ok)
            }
            // Nobody can tell whose it is, and so whether the next one would be the same.
            (Ok(completion), None) if is_whole(completion) => return outcome,
            (Ok(_) | Err(_), _) => {
                let without_text = outcome.as_ref().map(without_text).map_err(Clone::clone);
                self.answers.miss(&question, &without_text).await.map(|()| outcome.clone())
            }
        };
        kept.unwrap_or_else(|error| {
            tracing::warn!(error, "an answer was not kept");
            outcome
        })
    }

    fn question(&self, prompt: &Prompt) -> Question {
        Question { review: self.review.clone(), prompt: digest(prompt) }
    }

    fn name(&self, prompt: &Prompt, by: &str) -> String {
        let Model { temperature, top_p, max_thinking_tokens, .. } = &self.settings;
        digest(&("answer", prompt, temperature, top_p, max_thinking_tokens, by))
    }

    /// The completion as it may be kept: with its thinking only where the operator wants it, and then redacted.
    fn cleared(&self, completion: &Completion) -> Completion {
        let is_kept = self.settings.keep_thinking_days > 0;
        let thinking = completion.thinking.as_deref().filter(|_| is_kept);
        let thinking = thinking.map(|thinking| {
            let end = thinking.floor_char_boundary(MAX_THINKING_BYTES);
            Redactor::new().redact(&thinking[..end]).into_owned()
        });
        Completion { thinking, ..completion.clone() }
    }
}

/// The digest under which a prompt is known.
pub(crate) fn digest(value: &impl Serialize) -> String {
    let json = serde_json::to_vec(value).expect("a prompt is plain data");
    hex::encode(Sha256::digest(json))
}

/// Whether an answer has come to its end, and is none of those that no review reads.
fn is_whole(completion: &Completion) -> bool {
    completion.finish == Finish::Stop && completion.text.len() <= MAX_ANSWER_BYTES
}

/// What is kept of an answer that was cut off: that it was, and what it took.
fn without_text(completion: &Completion) -> Completion {
    Completion { thinking: None, text: String::new(), finish: completion.finish, usage: completion.usage }
}

#[cfg(test)]
mod tests;
