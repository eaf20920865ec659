//! A prompt's way through the engine and back.

use std::sync::Arc;
use std::time::Duration;

use analyzers::model::{Finish, ModelError, Prompt};
use serde_json::json;

use super::{LocalModel, Manner, Speech};
use crate::model::engine::tests::fake::{Fake, VOCABULARY, spell};
use crate::model::engine::{Engine, Limits};
use crate::model::generate::Priority;
use crate::worker::ModelHost;

struct Plain;

impl Speech for Plain {
    fn render(&self, prefix: &str, body: &str) -> Vec<u32> {
        spell(&format!("{prefix}{body}"))
    }
}

fn model(manner: Manner) -> LocalModel {
    let engine = Engine::start(Fake::new(512).0, Arc::clone(&VOCABULARY), Limits::default());
    LocalModel::new(engine, Arc::new(Plain), manner)
}

fn prompt(body: &str) -> Prompt {
    Prompt {
        prefix: "You review a change of a bank's code against one policy.".to_owned(),
        body: body.to_owned(),
        schema: json!({"type": "object", "properties": {"verdict": {"enum": ["breach", "clean"]}},
            "required": ["verdict"], "additionalProperties": false}),
        seed: 1,
        max_thinking_tokens: 50,
        max_answer_tokens: 30,
    }
}

#[tokio::test]
async fn a_prompt_has_a_bound_completion_with_its_thinking_and_usage() {
    let model = model(Manner::default());
    let first = model.complete(prompt("a")).await.unwrap();
    let verdict: serde_json::Value = serde_json::from_str(&first.text).unwrap();
    assert!(["breach", "clean"].contains(&verdict["verdict"].as_str().unwrap()));
    assert_eq!(first.finish, Finish::Stop);
    assert_eq!((first.usage.prompt_tokens, first.usage.cached_tokens), (57, 0));
    assert!(!first.thinking.unwrap().is_empty());
    let second = model.on_behalf(Priority::Background, "bank/core".to_owned()).complete(prompt("b")).await;
    assert_eq!(second.unwrap().usage.cached_tokens, 32);
}

#[tokio::test]
async fn each_failure_has_its_error() {
    let hurried = model(Manner { timeout: Duration::ZERO, ..Manner::default() });
    assert_eq!(hurried.complete(prompt("a")).await, Err(ModelError::DeadlineExceeded));
    let patient = model(Manner::default());
    let refused = patient.complete(prompt(&"a".repeat(5000))).await;
    assert!(matches!(refused, Err(ModelError::Refused(reason)) if reason.contains("4096 tokens")));
    let foreign = Prompt { schema: json!({"type": "banknote"}), ..prompt("a") };
    assert!(matches!(patient.complete(foreign).await, Err(ModelError::Refused(_))));
}

#[tokio::test]
async fn whoever_stops_waiting_frees_the_engine() {
    let model = model(Manner::default());
    let mut long = prompt("a");
    (long.max_thinking_tokens, long.schema) = (3000, json!({"type": "string", "minLength": 1000}));
    let until_it_runs = async {
        while model.engine.state().running == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        completion = model.complete(long) => panic!("{completion:?}"),
        () = until_it_runs => {}
    }
    while model.engine.state().running > 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let state = model.engine.state();
    assert_eq!((state.waiting, state.blocks.in_use), (0, 0));
    assert!(state.computed < 3000, "{state:?}");
}
