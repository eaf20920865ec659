//! The model in this process: a prompt to an engine, its events to one completion.

use std::sync::Arc;
use std::time::{Duration, Instant};

use analyzers::model::{Completion, Finish, ModelError, Prompt, Usage};
use futures::StreamExt;

use super::generate::{self, Event, Failure, Request, Sampling, Summary, Thinking};
use super::generator::{EventStream, Generator, Message, ModelCard, Role, message};
use super::host::Purpose;
use crate::config::model::Model;

/// How long an engine that is busy is left before it is asked again.
const BUSY: Duration = Duration::from_millis(500);

/// An engine as a model that reviews can ask.
pub(crate) struct Embedded {
    generator: Arc<dyn Generator>,
    settings: Model,
}

impl Embedded {
    /// The engine, asked as the configuration says.
    pub(crate) fn new(generator: Arc<dyn Generator>, settings: Model) -> Self {
        Self { generator, settings }
    }

    /// What it is.
    pub(crate) fn card(&self) -> ModelCard {
        self.generator.card()
    }

    /// The completion of one prompt, within the configured time.
    pub(crate) async fn complete(
        &self,
        prompt: &Prompt,
        purpose: &Purpose,
    ) -> Result<Completion, ModelError> {
        let until = Instant::now() + self.settings.timeout();
        let answer = async {
            let request = self.request(prompt, purpose, until).await?;
            whole(self.begin(request, until).await.map_err(reason)?).await
        };
        match tokio::time::timeout_at(until.into(), answer).await {
            Ok(answer) => answer,
            Err(_) => Err(ModelError::DeadlineExceeded),
        }
    }

    async fn request(
        &self,
        prompt: &Prompt,
        purpose: &Purpose,
        until: Instant,
    ) -> Result<Request, ModelError> {
        let generator = Arc::clone(&self.generator);
        let messages = [Message { role: Role::User, content: message(prompt) }];
        let tokens = tokio::task::spawn_blocking(move || generator.prompt_of_chat(&messages)).await;
        let tokens =
            tokens.map_err(|_| ModelError::Unavailable("the prompt could not be read".to_owned()))?;
        let thinking = prompt.max_thinking_tokens.min(self.settings.max_thinking_tokens);
        Ok(Request {
            prompt: tokens.map_err(ModelError::Refused)?,
            // The engine's numbers are single ones.
            sampling: Sampling {
                temperature: self.settings.temperature as f32,
                top_p: self.settings.top_p as f32,
                seed: prompt.seed,
            },
            thinking: Some(Thinking { max_tokens: thinking }),
            schema: Some(prompt.schema.clone()),
            max_answer_tokens: prompt.max_answer_tokens,
            stop: Vec::new(),
            priority: purpose.priority,
            group: purpose.group.clone(),
            deadline: Some(until),
        })
    }

    /// Begins; an engine that is busy is asked again while there is time.
    async fn begin(&self, request: Request, until: Instant) -> Result<EventStream, Failure> {
        loop {
            match self.generator.generate(request.clone()).await {
                Err(Failure::Busy(_)) if Instant::now() + BUSY < until => tokio::time::sleep(BUSY).await,
                begun => return begun,
            }
        }
    }
}

/// The events of a completion as a whole.
async fn whole(mut events: EventStream) -> Result<Completion, ModelError> {
    let (mut thinking, mut text) = (String::new(), String::new());
    while let Some(event) = events.next().await {
        match event {
            Event::Thinking(more) => thinking.push_str(&more),
            Event::Answer(more) => text.push_str(&more),
            Event::Done(summary) => return Ok(completion(&thinking, &text, &summary)),
            Event::Failed(failure) => return Err(reason(failure)),
        }
    }
    Err(ModelError::Unavailable("the engine stopped in the middle of the answer".to_owned()))
}

fn completion(thinking: &str, text: &str, summary: &Summary) -> Completion {
    let usage = summary.usage;
    Completion {
        thinking: Some(thinking.trim().to_owned()).filter(|thinking| !thinking.is_empty()),
        text: text.trim().to_owned(),
        finish: match summary.finish {
            generate::Finish::Stop => Finish::Stop,
            generate::Finish::Length => Finish::Length,
        },
        usage: Usage {
            prompt_tokens: usage.prompt,
            cached_tokens: usage.cached,
            thinking_tokens: usage.thinking,
            answer_tokens: usage.answer,
        },
    }
}

fn reason(failure: Failure) -> ModelError {
    match failure {
        Failure::Busy(_) | Failure::Broken(_) => ModelError::Unavailable(failure.to_string()),
        Failure::Refused(why) => ModelError::Refused(why),
        Failure::DeadlineExceeded => ModelError::DeadlineExceeded,
        Failure::Cancelled => ModelError::Cancelled,
    }
}
