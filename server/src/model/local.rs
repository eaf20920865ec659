//! The engine as the worker asks it: one prompt in, one completion out, within a deadline.
//!
//! What a prompt's two texts become in tokens is the tokenizer's and the template's business, behind `Speech`.
//! Whoever stops waiting for a completion cancels it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use analyzers::model::{Completion, Finish, ModelError, Prompt, Usage};
use async_trait::async_trait;

use super::engine::{Engine, Stream};
use super::generate::{self, Event, Failure, Priority, Request, Sampling, Summary, Thinking};
use crate::worker::ModelHost;

/// Puts a prompt into the model's own words.
pub(crate) trait Speech: Send + Sync {
    /// The tokens of a whole prompt up to the opened thinking. Prompts with the same `prefix` begin with the same
    /// tokens; nothing in either text becomes a token with a meaning.
    fn render(&self, prefix: &str, body: &str) -> Vec<u32>;
}

/// How questions are put.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manner {
    /// 0 takes the likeliest token; the makers of R1 advise 0.6.
    pub(crate) temperature: f32,
    /// Mass of the likeliest tokens that are drawn from; they advise 0.95.
    pub(crate) top_p: f32,
    /// How long an answer is waited for.
    pub(crate) timeout: Duration,
    /// Who goes first.
    pub(crate) priority: Priority,
    /// For whom: the repository.
    pub(crate) group: String,
}

/// An engine that answers prompts.
#[derive(Clone)]
pub(crate) struct LocalModel {
    engine: Engine,
    speech: Arc<dyn Speech>,
    manner: Manner,
}

impl Default for Manner {
    fn default() -> Self {
        let (priority, group) = (Priority::Gate, String::new());
        Self { temperature: 0.6, top_p: 0.95, timeout: Duration::from_secs(600), priority, group }
    }
}

impl LocalModel {
    /// One that puts questions so.
    pub(crate) fn new(engine: Engine, speech: Arc<dyn Speech>, manner: Manner) -> Self {
        Self { engine, speech, manner }
    }

    /// The same engine on behalf of somebody else.
    pub(crate) fn on_behalf(&self, priority: Priority, group: String) -> Self {
        let manner = Manner { priority, group, ..self.manner.clone() };
        Self { manner, ..self.clone() }
    }

    fn request(&self, prompt: Prompt, deadline: Instant) -> Request {
        Request {
            prompt: self.speech.render(&prompt.prefix, &prompt.body),
            sampling: Sampling {
                temperature: self.manner.temperature,
                top_p: self.manner.top_p,
                seed: prompt.seed,
            },
            thinking: Some(Thinking { max_tokens: prompt.max_thinking_tokens }),
            schema: Some(prompt.schema),
            max_answer_tokens: prompt.max_answer_tokens,
            stop: Vec::new(),
            priority: self.manner.priority,
            group: self.manner.group.clone(),
            deadline: Some(deadline),
        }
    }
}

#[async_trait]
impl ModelHost for LocalModel {
    async fn complete(&self, prompt: Prompt) -> Result<Completion, ModelError> {
        let deadline = Instant::now() + self.manner.timeout;
        let model = self.clone();
        // Tokenizing a prompt and compiling a schema would hold up everybody on this thread.
        let submit = move || model.engine.submit(model.request(prompt, deadline));
        let submitted = tokio::task::spawn_blocking(submit).await;
        let stream =
            submitted.map_err(|error| ModelError::Unavailable(format!("it was not asked: {error}")))?;
        collect(stream.map_err(error)?).await
    }
}

async fn collect(mut stream: Stream) -> Result<Completion, ModelError> {
    let (mut thinking, mut text) = (String::new(), String::new());
    while let Some(event) = stream.recv().await {
        match event {
            Event::Thinking(more) => thinking.push_str(&more),
            Event::Answer(more) => text.push_str(&more),
            Event::Done(summary) => return Ok(completion(thinking, text, &summary)),
            Event::Failed(failure) => return Err(error(failure)),
        }
    }
    Err(ModelError::Unavailable("the engine has ended".to_owned()))
}

fn completion(thinking: String, text: String, summary: &Summary) -> Completion {
    let finish = match summary.finish {
        generate::Finish::Stop => Finish::Stop,
        generate::Finish::Length => Finish::Length,
    };
    let usage = Usage {
        prompt_tokens: summary.usage.prompt,
        cached_tokens: summary.usage.cached,
        thinking_tokens: summary.usage.thinking,
        answer_tokens: summary.usage.answer,
    };
    Completion { thinking: Some(thinking), text, finish, usage }
}

fn error(failure: Failure) -> ModelError {
    match failure {
        Failure::Refused(reason) => ModelError::Refused(reason),
        Failure::DeadlineExceeded => ModelError::DeadlineExceeded,
        Failure::Cancelled => ModelError::Cancelled,
        Failure::Busy(_) | Failure::Broken(_) => ModelError::Unavailable(failure.to_string()),
    }
}

#[cfg(test)]
mod tests;
