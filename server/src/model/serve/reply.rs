//! A completion as OpenAI's clients read it: as one document, or as chunks that end in `[DONE]`.
//!
//! The thinking is in `reasoning_content`, as DeepSeek's own API has it. What else the engine tells is under
//! `countersign`.

use std::convert::Infallible;

use axum::response::sse::Event as Sent;
use futures::Stream;
use futures::StreamExt;
use futures::stream;
use serde_json::{Value, json};

use super::error::ApiError;
use super::request::Telling;
use crate::model::generate::{Event, Failure, Finish, Summary, Usage};
use crate::model::generator::EventStream;

/// The kind of completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Of a conversation.
    Chat,
    /// Of a text.
    Text,
}

/// What every chunk and every document of a completion says.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    /// The kind.
    pub(super) kind: Kind,
    /// Its id.
    pub(super) id: String,
    /// When it was asked for, in seconds since 1970.
    pub(super) created: i64,
    /// The model.
    pub(super) model: String,
    /// Engine and weights.
    pub(super) fingerprint: String,
}

impl Heading {
    fn document(&self, object: &str, choices: &Value) -> Value {
        json!({
            "id": self.id,
            "object": object,
            "created": self.created,
            "model": self.model,
            "system_fingerprint": self.fingerprint,
            "choices": choices,
        })
    }

    #[expect(clippy::needless_pass_by_value, reason = "`json!` makes one at each call")]
    fn chunk(&self, choices: Value) -> Value {
        let object = match self.kind {
            Kind::Chat => "chat.completion.chunk",
            Kind::Text => "text_completion",
        };
        self.document(object, &choices)
    }

    /// A part of the completion.
    fn part(&self, delta: &Value, text: &str, finish: Option<Finish>) -> Value {
        let finish = finish.map(word);
        self.chunk(match self.kind {
            Kind::Chat => json!([{"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish}]),
            Kind::Text => json!([{"index": 0, "text": text, "logprobs": null, "finish_reason": finish}]),
        })
    }
}

/// The whole completion.
pub(super) async fn whole(heading: &Heading, mut events: EventStream) -> Result<Value, ApiError> {
    let (mut thinking, mut text) = (String::new(), String::new());
    let summary = loop {
        match events.next().await {
            Some(Event::Thinking(more)) => thinking.push_str(&more),
            Some(Event::Answer(more)) => text.push_str(&more),
            Some(Event::Done(summary)) => break summary,
            Some(Event::Failed(failure)) => return Err(told(failure)),
            None => return Err(told(stopped())),
        }
    };
    let finish = word(summary.finish);
    let mut document = match heading.kind {
        Kind::Chat => {
            let mut message = json!({"role": "assistant", "content": text, "refusal": null});
            if !thinking.is_empty() {
                message["reasoning_content"] = thinking.into();
            }
            let choice = json!([{"index": 0, "message": message, "logprobs": null, "finish_reason": finish}]);
            heading.document("chat.completion", &choice)
        }
        Kind::Text => {
            let choice = json!([{"index": 0, "text": text, "logprobs": null, "finish_reason": finish}]);
            heading.document("text_completion", &choice)
        }
    };
    document["usage"] = usage(summary.usage);
    document["countersign"] = particulars(&summary);
    Ok(document)
}

/// The completion in chunks, as it comes.
pub(super) fn chunks(
    heading: Heading,
    events: EventStream,
    telling: Telling,
) -> impl Stream<Item = Result<Sent, Infallible>> + Send {
    let opening = match heading.kind {
        Kind::Chat => Some(heading.part(&json!({"role": "assistant", "content": ""}), "", None)),
        Kind::Text => None,
    };
    let ending = stream::once(async { Event::Failed(stopped()) });
    let rest = events.chain(ending).scan(false, move |has_ended, event| {
        let chunks = if *has_ended { None } else { Some(of_event(&heading, &event, telling)) };
        *has_ended = matches!(event, Event::Done(_) | Event::Failed(_));
        async move { chunks }
    });
    let is_with_usage = telling == Telling::StreamWithUsage;
    let chunks = stream::iter(opening).map(Some).chain(rest.flat_map(stream::iter));
    chunks.map(move |chunk| {
        let Some(mut chunk) = chunk else { return Ok(Sent::default().data("[DONE]")) };
        if is_with_usage && chunk.get("choices").is_some() && chunk.get("usage").is_none() {
            chunk["usage"] = Value::Null;
        }
        Ok(Sent::default().data(chunk.to_string()))
    })
}

/// The chunks that tell of an event; `None` is the end.
fn of_event(heading: &Heading, event: &Event, telling: Telling) -> Vec<Option<Value>> {
    match event {
        // A text completion has no thinking of its own.
        Event::Thinking(more) => vec![Some(heading.part(&json!({"reasoning_content": more}), more, None))],
        Event::Answer(more) => vec![Some(heading.part(&json!({"content": more}), more, None))],
        Event::Failed(failure) => vec![Some(told(failure.clone()).document())],
        Event::Done(summary) => {
            let mut last = heading.part(&json!({}), "", Some(summary.finish));
            last["countersign"] = particulars(summary);
            let mut chunks = vec![Some(last)];
            if telling == Telling::StreamWithUsage {
                let mut took = heading.chunk(json!([]));
                took["usage"] = usage(summary.usage);
                chunks.push(Some(took));
            }
            chunks.push(None);
            chunks
        }
    }
}

/// A failure as the caller is told of it; what broke is told to the log.
pub(super) fn told(failure: Failure) -> ApiError {
    if let Failure::Broken(why) = &failure {
        tracing::error!(reason = why, "the engine failed");
    }
    failure.into()
}

fn stopped() -> Failure {
    Failure::Broken("it stopped in the middle of a completion".to_owned())
}

fn word(finish: Finish) -> &'static str {
    match finish {
        Finish::Stop => "stop",
        Finish::Length => "length",
    }
}

fn usage(usage: Usage) -> Value {
    let completion = u64::from(usage.thinking) + u64::from(usage.answer);
    json!({
        "prompt_tokens": usage.prompt,
        "completion_tokens": completion,
        "total_tokens": u64::from(usage.prompt) + completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
        "completion_tokens_details": {"reasoning_tokens": usage.thinking},
    })
}

fn particulars(summary: &Summary) -> Value {
    let milliseconds = |phase: std::time::Duration| u64::try_from(phase.as_millis()).unwrap_or(u64::MAX);
    json!({
        "queued_ms": milliseconds(summary.timing.queued),
        "prefill_ms": milliseconds(summary.timing.prefill),
        "decode_ms": milliseconds(summary.timing.decode),
        "thinking_cut": summary.is_thinking_cut,
        "reproducible": summary.is_reproducible,
    })
}
