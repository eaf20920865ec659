//! The request for one completion, as each kind of server wants it.
//!
//! One message of the user and no system message, as the makers of DeepSeek-R1 advise. vLLM and SGLang take the schema
//! as `response_format` in every version; vLLM's `guided_json` and `structured_outputs` exist in some only.

use analyzers::model::Prompt;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::config::model::Dialect;
use crate::model::generate::Priority;
use crate::model::generator::message;
use crate::model::host::Purpose;

/// Seeds are signed at most servers.
const MAX_SEED: u64 = i64::MAX as u64;

/// How tokens are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Draw {
    pub(super) temperature: f64,
    pub(super) top_p: f64,
    pub(super) max_thinking_tokens: u32,
}

/// The body of a request.
pub(super) fn body(
    prompt: &Prompt,
    purpose: &Purpose,
    (model, dialect): (&str, Dialect),
    draw: Draw,
) -> Value {
    let thinking = prompt.max_thinking_tokens.min(draw.max_thinking_tokens);
    let mut body = json!({
        "model": model,
        "messages": [{"role": "user", "content": content(prompt, dialect)}],
        "max_tokens": thinking.saturating_add(prompt.max_answer_tokens),
        "temperature": draw.temperature,
        "top_p": draw.top_p,
        "seed": prompt.seed & MAX_SEED,
        "stream": true,
        "stream_options": {"include_usage": true},
    });
    for (key, value) in particular(prompt, purpose, dialect, thinking) {
        body[key] = value;
    }
    body
}

fn content(prompt: &Prompt, dialect: Dialect) -> String {
    let Prompt { prefix, body, schema, .. } = prompt;
    match dialect {
        // Nothing binds the answer there, and its JSON mode asks for the word and the form in the prompt.
        Dialect::Deepseek => {
            format!(
                "{prefix}\n\nAnswer with one JSON object and nothing else. It has this schema:\n{schema}\n\n{body}"
            )
        }
        Dialect::Openai | Dialect::Countersign | Dialect::Vllm | Dialect::Sglang | Dialect::LlamaCpp => {
            message(prompt)
        }
    }
}

/// What only this kind of server is told.
fn particular(
    prompt: &Prompt,
    purpose: &Purpose,
    dialect: Dialect,
    thinking: u32,
) -> Vec<(&'static str, Value)> {
    let schema = &prompt.schema;
    let form = (
        "response_format",
        json!({
            "type": "json_schema",
            "json_schema": {"name": "answer", "strict": true, "schema": schema},
        }),
    );
    match dialect {
        Dialect::Openai => vec![form],
        Dialect::Countersign => vec![
            form,
            ("thinking_budget", thinking.into()),
            ("priority", priority(purpose.priority).into()),
            ("user", turn(&purpose.group).into()),
        ],
        Dialect::Vllm => vec![form, ("include_reasoning", true.into())],
        Dialect::Sglang => vec![form, ("separate_reasoning", true.into())],
        Dialect::LlamaCpp => vec![
            ("json_schema", schema.clone()),
            ("reasoning_format", "deepseek".into()),
            ("thinking_budget_tokens", thinking.into()),
            ("reasoning_budget_tokens", thinking.into()),
            ("cache_prompt", true.into()),
        ],
        Dialect::Deepseek => vec![("response_format", json!({"type": "json_object"}))],
    }
}

/// The word of a priority, as `model serve` reads it.
pub(crate) fn priority(priority: Priority) -> &'static str {
    match priority {
        Priority::Background => "background",
        Priority::Interactive => "interactive",
        Priority::Gate => "gate",
    }
}

/// Who takes turns, without a name.
fn turn(group: &str) -> String {
    hex::encode(&Sha256::digest(group)[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(dialect: Dialect) -> Value {
        let prompt = Prompt {
            prefix: "Rules".to_owned(),
            body: "Code".to_owned(),
            schema: json!({"type": "object"}),
            seed: u64::MAX,
            max_thinking_tokens: 4096,
            max_answer_tokens: 100,
        };
        let draw = Draw { temperature: 0.6, top_p: 0.95, max_thinking_tokens: 1000 };
        let purpose = Purpose { priority: Priority::Gate, group: "bank/core".to_owned() };
        body(&prompt, &purpose, ("r1", dialect), draw)
    }

    #[test]
    fn every_server_gets_one_message_with_bounded_tokens_and_a_seed_that_it_can_read() {
        for dialect in [
            Dialect::Openai,
            Dialect::Countersign,
            Dialect::Vllm,
            Dialect::Sglang,
            Dialect::LlamaCpp,
            Dialect::Deepseek,
        ] {
            let body = request(dialect);
            assert_eq!(body["messages"].as_array().unwrap().len(), 1);
            assert_eq!(body["messages"][0]["role"], "user");
            let content = body["messages"][0]["content"].as_str().unwrap();
            assert!(content.starts_with("Rules\n\n") && content.ends_with("\n\nCode"), "{content}");
            assert_eq!(body["max_tokens"], 1100);
            assert_eq!((&body["temperature"], &body["top_p"]), (&json!(0.6), &json!(0.95)));
            assert_eq!(body["seed"], json!(i64::MAX));
            assert_eq!(body["stream_options"]["include_usage"], true);
        }
    }

    #[test]
    fn the_schema_stands_where_each_server_looks_for_it() {
        for dialect in [Dialect::Openai, Dialect::Countersign, Dialect::Vllm, Dialect::Sglang] {
            let form = &request(dialect)["response_format"];
            assert_eq!(
                (&form["type"], &form["json_schema"]["schema"]["type"]),
                (&json!("json_schema"), &json!("object"))
            );
        }
        let own = request(Dialect::Countersign);
        assert_eq!((&own["thinking_budget"], &own["priority"]), (&json!(1000), &json!("gate")));
        assert!(!own.to_string().contains("bank/core"), "{own}");
        let llama = request(Dialect::LlamaCpp);
        assert_eq!(
            (&llama["json_schema"]["type"], &llama["response_format"]),
            (&json!("object"), &Value::Null)
        );
        let deepseek = request(Dialect::Deepseek);
        assert_eq!(deepseek["response_format"], json!({"type": "json_object"}));
        assert!(deepseek["messages"][0]["content"].as_str().unwrap().contains(
            r#"JSON object and nothing else. It has this schema:
{"type":"object"}"#
        ));
    }
}
