//! What the doors ask of an engine: what it is, prompts as tokens, and completions as they come.
//!
//! The engine implements it; the embedded model and `model serve` stand on it alone.

use analyzers::model::Prompt;
use async_trait::async_trait;
use futures::stream::BoxStream;

use super::generate::{Event, Failure, Request};

/// The events of one completion. Dropped before its end, the completion is cancelled.
pub(crate) type EventStream = BoxStream<'static, Event>;

/// An engine with a model.
#[async_trait]
pub(crate) trait Generator: Send + Sync {
    /// What it is.
    fn card(&self) -> ModelCard;

    /// A conversation as tokens, up to where the thinking begins. Blocks for as long as tokenizing takes.
    ///
    /// # Errors
    /// Says what of the conversation the model's template does not take.
    fn prompt_of_chat(&self, messages: &[Message]) -> Result<Vec<u32>, String>;

    /// A text as tokens. Blocks for as long as tokenizing takes.
    fn prompt_of_text(&self, text: &str) -> Vec<u32>;

    /// Begins a completion.
    ///
    /// # Errors
    /// Says why it cannot even begin: `Busy`, or `Refused` for what can never be done.
    async fn generate(&self, request: Request) -> Result<EventStream, Failure>;
}

/// What an engine serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModelCard {
    /// The name by which it is asked for.
    pub(crate) name: String,
    /// When its weights were made or brought here, in seconds since 1970.
    pub(crate) created: i64,
    /// Tokens that prompt and completion may have together.
    pub(crate) context: usize,
    /// A digest of its weights, such as `sha256:…`.
    pub(crate) weights_digest: String,
    /// Whether the same request has the same bytes in any company.
    pub(crate) is_reproducible: bool,
}

/// One message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Whose it is.
    pub(crate) role: Role,
    /// Its text; never a special token.
    pub(crate) content: String,
}

/// Whose a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Of who runs the conversation.
    System,
    /// Of who asks.
    User,
    /// Of the model.
    Assistant,
}

impl ModelCard {
    /// The engine and the weights, as `system_fingerprint` names them.
    pub(crate) fn fingerprint(&self) -> String {
        format!("countersign-{}+{}", env!("CARGO_PKG_VERSION"), self.weights_digest)
    }
}

/// A prompt as the one message that the model gets: what prompts share comes first.
pub(crate) fn message(prompt: &Prompt) -> String {
    format!("{}\n\n{}", prompt.prefix, prompt.body)
}
