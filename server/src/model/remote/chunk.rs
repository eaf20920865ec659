//! The parts of a streamed answer, put together; or the one document of a server that does not stream.
//!
//! Bytes in; what was heard out, or a fault where the server reports an error or says something else.

use serde::Deserialize;
use serde_json::Value;

use super::answer::{Heard, ToldUsage};
use super::server::Fault;
use super::sse::Events;

/// Bytes of thinking and answer together.
const MAX_TEXT_BYTES: usize = 4 << 20;

/// What the last event of a stream says.
const DONE: &str = "[DONE]";

/// A part of an answer, or the whole of one.
#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<ToldUsage>,
    #[serde(default)]
    system_fingerprint: Option<String>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default, alias = "message")]
    delta: Option<Said>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    reasoning_content: Option<String>,
    #[serde(default)]
    reasoning: Option<String>,
}

/// An answer as it comes.
pub(super) struct Collected {
    form: Form,
    heard: Heard,
    fingerprint: Option<String>,
    is_done: bool,
}

enum Form {
    Events(Events),
    Document(Vec<u8>),
}

impl Collected {
    /// An answer that comes as one document, or as events.
    pub(super) fn new(is_document: bool) -> Self {
        let form = if is_document { Form::Document(Vec::new()) } else { Form::Events(Events::default()) };
        Self { form, heard: Heard::default(), fingerprint: None, is_done: false }
    }

    /// Whether nothing more will come.
    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// Takes bytes as they come.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let events = match &mut self.form {
            Form::Events(events) => events.take(bytes).map_err(|_| too_long())?,
            Form::Document(document) => {
                // The text of a document and what stands around it.
                if document.len() + bytes.len() > 2 * MAX_TEXT_BYTES {
                    return Err(too_long());
                }
                document.extend_from_slice(bytes);
                return Ok(());
            }
        };
        events.iter().try_for_each(|event| self.hear(event))
    }

    /// What was heard, at the end of the bytes.
    pub(super) fn end(mut self) -> Result<(Heard, Option<String>), Fault> {
        let rest = match &mut self.form {
            Form::Events(events) => events.rest(),
            Form::Document(document) => Some(String::from_utf8_lossy(document).into_owned()),
        };
        if let Some(rest) = rest {
            self.hear(&rest)?;
        }
        Ok((self.heard, self.fingerprint))
    }

    fn hear(&mut self, event: &str) -> Result<(), Fault> {
        if event.trim() == DONE {
            self.is_done = true;
            return Ok(());
        }
        let chunk: Chunk = serde_json::from_str(event)
            .map_err(|_| Fault::Unknown("it answers something else than a completion".to_owned()))?;
        if chunk.error.is_some_and(|error| !error.is_null()) {
            return Err(Fault::Unknown("it reports an error in the middle of the answer".to_owned()));
        }
        if let Some(usage) = chunk.usage {
            self.heard.usage = usage;
        }
        self.fingerprint = chunk.system_fingerprint.or(self.fingerprint.take());
        let Some(choice) = chunk.choices.into_iter().next() else { return Ok(()) };
        if let Some(said) = choice.delta {
            self.heard.content.push_str(&said.content.unwrap_or_default());
            // Some versions send both, with the same words.
            let reasoning = said.reasoning_content.or(said.reasoning);
            self.heard.reasoning.push_str(&reasoning.unwrap_or_default());
        }
        self.heard.finish = choice.finish_reason.or(self.heard.finish.take());
        match self.heard.content.len() + self.heard.reasoning.len() > MAX_TEXT_BYTES {
            true => Err(too_long()),
            false => Ok(()),
        }
    }
}

fn too_long() -> Fault {
    Fault::Unknown(format!("its answer is longer than {MAX_TEXT_BYTES} bytes"))
}
