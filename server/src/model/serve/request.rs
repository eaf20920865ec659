//! A request as OpenAI's clients send it, checked, as what the engine is asked.
//!
//! A body in; what to complete and how to tell of it, or an error that names the field, out. Nothing that would change
//! the completion is passed over in silence.

use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::fields::Fields;
use crate::model::generate::{Priority, Sampling};
use crate::model::generator::{Message, Role};

/// Stop texts of one request, and characters of one.
const MOST_STOPS: usize = 16;
const LONGEST_STOP: usize = 256;

/// Tokens of a text completion that names no number, as at OpenAI.
const TEXT_TOKENS: u32 = 16;

/// What is wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The model's name.
    pub(super) model: String,
    /// What is completed.
    pub(super) subject: Subject,
    /// How tokens are drawn.
    pub(super) sampling: Sampling,
    /// Tokens that thinking and answer may have together.
    pub(super) max_tokens: Option<u32>,
    /// Of these, those of the thinking.
    pub(super) thinking_budget: Option<u32>,
    /// The schema of the answer.
    pub(super) schema: Option<Value>,
    /// Where the answer ends.
    pub(super) stop: Vec<String>,
    /// Who goes first.
    pub(super) priority: Priority,
    /// Who takes turns, among those with the same key.
    pub(super) user: Option<String>,
    /// How it is told.
    pub(super) telling: Telling,
}

/// What is completed.
#[derive(Debug)]
pub(super) enum Subject {
    /// A conversation.
    Chat(Vec<Message>),
    /// A text.
    Text(String),
}

/// How a completion is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// At its end.
    Whole,
    /// As it comes.
    Stream,
    /// As it comes, and at the end what it took.
    StreamWithUsage,
}

/// How tokens are drawn where a request does not say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Defaults {
    /// The temperature.
    pub(crate) temperature: f64,
    /// The mass that is drawn from.
    pub(crate) top_p: f64,
    /// Tokens of thinking.
    pub(crate) thinking_tokens: u32,
}

#[derive(Deserialize)]
struct WireMessage {
    role: String,
    content: Content,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Content {
    Text(String),
    Parts(Vec<Part>),
}

#[derive(Deserialize)]
struct Part {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stop {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
    // Padding against listeners on the line; there is none here, and its absence is no harm.
    #[serde(default, rename = "include_obfuscation")]
    _include_obfuscation: bool,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Format {
    Text,
    JsonObject,
    JsonSchema { json_schema: Named },
}

#[derive(Deserialize)]
struct Named {
    schema: Value,
}

/// A request to `/v1/chat/completions`.
pub(super) fn chat(body: &[u8], defaults: Defaults) -> Result<Wanted, ApiError> {
    let mut fields = Fields::read(body)?;
    let messages = messages(fields.need("messages")?)?;
    let thinking_budget = fields.take("thinking_budget")?;
    let newer = fields.take("max_completion_tokens")?;
    let older = fields.take("max_tokens")?;
    for name in ["tools", "functions"] {
        fields.refuse(name, &[json!([])])?;
    }
    for name in ["tool_choice", "function_call"] {
        fields.refuse(name, &[json!("none"), json!("auto")])?;
    }
    fields.refuse("modalities", &[json!(["text"])])?;
    fields.refuse("logprobs", &[json!(false)])?;
    let wanted = common(fields, Subject::Chat(messages), defaults)?;
    within(Wanted { max_tokens: newer.or(older), thinking_budget, ..wanted })
}

/// A request to `/v1/completions`.
pub(super) fn text(body: &[u8], defaults: Defaults) -> Result<Wanted, ApiError> {
    let mut fields = Fields::read(body)?;
    let Value::String(prompt) = fields.need("prompt")? else {
        return Err(ApiError::bad(
            "prompt",
            "`prompt` must be one text; several, or tokens, are not supported.",
        ));
    };
    let max_tokens = fields.take("max_tokens")?;
    fields.refuse("suffix", &[json!("")])?;
    fields.refuse("echo", &[json!(false)])?;
    fields.refuse("best_of", &[json!(1)])?;
    fields.refuse("logprobs", &[json!(0)])?;
    let wanted = common(fields, Subject::Text(prompt), defaults)?;
    within(Wanted { max_tokens: Some(max_tokens.unwrap_or(TEXT_TOKENS)), ..wanted })
}

/// What both kinds of requests have.
fn common(mut fields: Fields, subject: Subject, defaults: Defaults) -> Result<Wanted, ApiError> {
    let temperature = fields.take("temperature")?.unwrap_or(defaults.temperature);
    let top_p = fields.take("top_p")?.unwrap_or(defaults.top_p);
    bounded("temperature", temperature, (0.0..=2.0).contains(&temperature), "between 0 and 2")?;
    bounded("top_p", top_p, top_p > 0.0 && top_p <= 1.0, "above 0 and at most 1")?;
    let wanted = Wanted {
        model: fields.need("model")?,
        subject,
        // The engine's numbers are single ones.
        sampling: Sampling {
            temperature: temperature as f32,
            top_p: top_p as f32,
            seed: seed(fields.take("seed")?)?,
        },
        max_tokens: None,
        thinking_budget: None,
        schema: schema(fields.take("response_format")?)?,
        stop: stops(fields.take("stop")?)?,
        priority: priority(fields.take::<String>("priority")?.as_deref())?,
        user: fields.take("user")?,
        telling: telling(fields.take("stream")?, fields.take("stream_options")?)?,
    };
    fields.refuse("n", &[json!(1)])?;
    fields.refuse("logit_bias", &[json!({})])?;
    fields.refuse("top_logprobs", &[json!(0)])?;
    for name in ["presence_penalty", "frequency_penalty"] {
        fields.refuse(name, &[json!(0)])?;
    }
    fields.end()?;
    Ok(wanted)
}

fn bounded(name: &str, value: f64, is_good: bool, bounds: &str) -> Result<(), ApiError> {
    if is_good {
        return Ok(());
    }
    Err(ApiError::bad(name, format!("`{name}` is {value}; it must be {bounds}.")))
}

/// Refuses numbers of tokens that cannot be meant.
fn within(wanted: Wanted) -> Result<Wanted, ApiError> {
    if wanted.max_tokens == Some(0) {
        return Err(ApiError::bad("max_tokens", "`max_tokens` must be at least 1."));
    }
    if let (Some(budget), Some(all)) = (wanted.thinking_budget, wanted.max_tokens)
        && budget >= all
    {
        let message = format!(
            "`thinking_budget` ({budget}) must be less than `max_tokens` ({all}), which bounds thinking and answer \
             together."
        );
        return Err(ApiError::bad("thinking_budget", message));
    }
    Ok(wanted)
}

fn messages(messages: Vec<WireMessage>) -> Result<Vec<Message>, ApiError> {
    if messages.is_empty() {
        return Err(ApiError::bad("messages", "`messages` is empty; at least one message is needed."));
    }
    messages.into_iter().map(message).collect()
}

fn message(message: WireMessage) -> Result<Message, ApiError> {
    let role = match message.role.as_str() {
        "system" | "developer" => Role::System,
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => {
            let words = "`role` of a message must be `system`, `developer`, `user` or `assistant`.";
            return Err(ApiError::bad("messages", words));
        }
    };
    let content = match message.content {
        Content::Text(text) => text,
        Content::Parts(parts) => {
            if parts.iter().any(|part| part.kind != "text") {
                let words =
                    "`content` of a message must be text: this model takes no images, sounds or files.";
                return Err(ApiError::bad("messages", words));
            }
            parts.into_iter().map(|part| part.text).collect()
        }
    };
    Ok(Message { role, content })
}

/// The seed; without one, any. Signed and unsigned ones are the same bits.
fn seed(seed: Option<Value>) -> Result<u64, ApiError> {
    let Some(seed) = seed else { return Ok(rand::random()) };
    let signed = || seed.as_i64().map(i64::cast_unsigned);
    seed.as_u64()
        .or_else(signed)
        .ok_or_else(|| ApiError::bad("seed", "`seed` must be a whole number of 64 bits."))
}

fn schema(format: Option<Format>) -> Result<Option<Value>, ApiError> {
    match format {
        None | Some(Format::Text) => Ok(None),
        Some(Format::JsonObject) => Ok(Some(json!({"type": "object"}))),
        Some(Format::JsonSchema { json_schema: Named { schema } }) if schema.is_object() => Ok(Some(schema)),
        Some(Format::JsonSchema { .. }) => Err(ApiError::bad(
            "response_format",
            "`response_format.json_schema.schema` must be a JSON schema.",
        )),
    }
}

fn stops(stop: Option<Stop>) -> Result<Vec<String>, ApiError> {
    let stops = match stop {
        None => Vec::new(),
        Some(Stop::One(stop)) => vec![stop],
        Some(Stop::Many(stops)) => stops,
    };
    let is_good = |stop: &String| !stop.is_empty() && stop.len() <= LONGEST_STOP;
    if stops.len() > MOST_STOPS || !stops.iter().all(is_good) {
        let words = format!("`stop` may hold {MOST_STOPS} texts of 1 to {LONGEST_STOP} bytes.");
        return Err(ApiError::bad("stop", words));
    }
    Ok(stops)
}

fn priority(priority: Option<&str>) -> Result<Priority, ApiError> {
    match priority {
        Some("background") => Ok(Priority::Background),
        None | Some("interactive") => Ok(Priority::Interactive),
        Some("gate") => Ok(Priority::Gate),
        Some(_) => {
            Err(ApiError::bad("priority", "`priority` must be `background`, `interactive` or `gate`."))
        }
    }
}

fn telling(stream: Option<bool>, options: Option<StreamOptions>) -> Result<Telling, ApiError> {
    match (stream.unwrap_or(false), options) {
        (false, None) => Ok(Telling::Whole),
        (true, Some(StreamOptions { include_usage: true, .. })) => Ok(Telling::StreamWithUsage),
        (true, _) => Ok(Telling::Stream),
        (false, Some(_)) => {
            Err(ApiError::bad("stream_options", "`stream_options` is allowed only with `stream: true`."))
        }
    }
}
