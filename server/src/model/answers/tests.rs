//! What is asked once is not asked again; what is not known to be the same is.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::json;

use super::*;
use crate::model::embedded::Embedded;
use crate::model::generate::Priority;
use crate::model::host::{Asker, Installed, Purpose};
use crate::model::scripted::{Play, Scripted};
use crate::worker::ModelHost;

const CLEAN: &str = r#"{"verdict":"clean"}"#;
const BREACH: &str = r#"{"verdict":"breach"}"#;

/// Answers in memory, and the questions that had none.
#[derive(Default)]
struct Memory {
    kept: Mutex<BTreeMap<String, Completion>>,
    missed: Mutex<Vec<Result<Completion, ModelError>>>,
    is_broken: bool,
}

impl Memory {
    fn check(&self) -> Result<(), String> {
        if self.is_broken { Err("the disk is full".to_owned()) } else { Ok(()) }
    }
}

#[async_trait]
impl Answers for Memory {
    async fn reuse(&self, name: &str, _question: &Question) -> Result<Option<Completion>, String> {
        self.check()?;
        Ok(self.kept.lock().unwrap().get(name).cloned())
    }

    async fn keep(&self, name: &str, _: &Question, completion: &Completion) -> Result<Completion, String> {
        self.check()?;
        Ok(self.kept.lock().unwrap().entry(name.to_owned()).or_insert_with(|| completion.clone()).clone())
    }

    async fn miss(&self, _: &Question, outcome: &Result<Completion, ModelError>) -> Result<(), String> {
        self.check()?;
        self.missed.lock().unwrap().push(outcome.clone());
        Ok(())
    }
}

fn settings() -> Model {
    Model { timeout_seconds: 1, ..Model::default() }
}

/// The model of an engine, asked with what is kept in a memory.
fn asker(engine: &Arc<Scripted>, memory: &Arc<Memory>, settings: &Model) -> Arc<Asker> {
    let installed = Installed::here(Embedded::new(engine.clone(), settings.clone()));
    let purpose = Purpose { priority: Priority::Gate, group: "bank/core".to_owned() };
    let notebook = Notebook::new(memory.clone(), "a review", settings);
    Arc::new(installed).asked_for(purpose, notebook)
}

fn prompt(body: &str) -> Prompt {
    Prompt {
        prefix: "Rules".to_owned(),
        body: body.to_owned(),
        schema: json!({"type": "object"}),
        seed: 7,
        max_thinking_tokens: 60,
        max_answer_tokens: 60,
    }
}

#[tokio::test]
async fn the_same_question_is_asked_once_and_has_the_same_answer() {
    let engine = Scripted::playing(&[Play::Says("hm", CLEAN), Play::Says("hm", BREACH)]);
    let memory = Arc::default();
    let first = asker(&engine, &memory, &settings());
    let given = first.complete(prompt("Code")).await.unwrap();
    let second = asker(&engine, &memory, &settings());
    let again = second.complete(prompt("Code")).await.unwrap();
    assert_eq!((again.text.as_str(), again.usage), (CLEAN, given.usage), "it took what it took");
    assert_eq!(engine.seen().len(), 1);
    assert_eq!((first.answered_by(), first.answered_by().len()), (second.answered_by(), 1));
}

#[tokio::test]
async fn whatever_an_answer_follows_from_makes_it_another_question() {
    let engine = Scripted::playing(&[Play::Says("hm", CLEAN)]);
    let memory = Arc::default();
    let others = [
        (prompt("Other code"), settings()),
        (Prompt { prefix: "Other rules".to_owned(), ..prompt("Code") }, settings()),
        (Prompt { prefix: "RulesC".to_owned(), body: "ode".to_owned(), ..prompt("") }, settings()),
        (Prompt { schema: json!({"type": "array"}), ..prompt("Code") }, settings()),
        (Prompt { seed: 8, ..prompt("Code") }, settings()),
        (Prompt { max_thinking_tokens: 61, ..prompt("Code") }, settings()),
        (Prompt { max_answer_tokens: 61, ..prompt("Code") }, settings()),
        (prompt("Code"), Model { temperature: 0.5, ..settings() }),
        (prompt("Code"), Model { top_p: 0.5, ..settings() }),
        (prompt("Code"), Model { max_thinking_tokens: 50, ..settings() }),
    ];
    asker(&engine, &memory, &settings()).complete(prompt("Code")).await.unwrap();
    for (number, (prompt, settings)) in others.into_iter().enumerate() {
        asker(&engine, &memory, &settings).complete(prompt).await.unwrap();
        assert_eq!(engine.seen().len(), number + 2);
    }
    let notebook = Notebook::new(memory.clone(), "a review", &settings()).unwrap();
    let engine = "countersign-0.1.0+sha256:5c21";
    assert_ne!(notebook.name(&prompt("Code"), engine), notebook.name(&prompt("Code"), "sha256:5c21"));
}

#[tokio::test]
async fn only_whole_answers_of_known_weights_are_kept() {
    let long = r#"{"verdict":"clean","reason":"because because because because because because because"}"#;
    let cut = Play::Says("canary", long);
    for (play, missed) in [(cut, 1), (Play::Hangs, 1), (Play::Vanishes, 1)] {
        let engine = Scripted::playing(&[play, Play::Says("hm", CLEAN)]);
        let memory: Arc<Memory> = Arc::default();
        let asker = asker(&engine, &memory, &settings());
        let first = asker.complete(prompt("Code")).await;
        assert_ne!(first.map(|completion| completion.finish), Ok(Finish::Stop));
        assert_eq!(asker.complete(prompt("Code")).await.unwrap().text, CLEAN);
        assert_eq!(memory.missed.lock().unwrap().len(), missed);
        assert!(!format!("{:?}", memory.missed.lock().unwrap()).contains("because"));
    }
    let memory: Arc<Memory> = Arc::default();
    let notebook = Notebook::new(memory.clone(), "a review", &settings()).unwrap();
    let whole = || Completion {
        thinking: None,
        text: CLEAN.to_owned(),
        finish: Finish::Stop,
        usage: analyzers::model::Usage::default(),
    };
    assert_eq!(notebook.note(&prompt("Code"), None, Ok(whole())).await, Ok(whole()));
    let flood = Completion { text: "x".repeat(MAX_ANSWER_BYTES + 1), ..whole() };
    assert_eq!(notebook.note(&prompt("Code"), Some("r1"), Ok(flood.clone())).await, Ok(flood));
    assert_eq!(memory.kept.lock().unwrap().len(), 0);
    assert_eq!(memory.missed.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn thinking_is_kept_only_where_it_is_wanted_and_then_redacted() {
    const THINKING: &str = "card 4111 1111 1111 1111 is not one to log";
    for (keep_thinking_days, is_kept) in [(0, false), (1, true)] {
        let engine = Scripted::playing(&[Play::Says(THINKING, CLEAN)]);
        let memory: Arc<Memory> = Arc::default();
        let settings = Model { keep_thinking_days, ..settings() };
        asker(&engine, &memory, &settings).complete(prompt("Code")).await.unwrap();
        let kept = memory.kept.lock().unwrap();
        let thinking = kept.values().next().unwrap().thinking.clone();
        assert_eq!(thinking.is_some(), is_kept);
        let thinking = thinking.unwrap_or_else(|| "is not one to log".to_owned());
        assert!(thinking.contains("is not one to log") && !thinking.contains("4111"), "{thinking}");
    }
}

#[tokio::test]
async fn a_store_that_fails_costs_no_review_its_answer() {
    let engine = Scripted::playing(&[Play::Says("hm", CLEAN)]);
    let memory = Arc::new(Memory { is_broken: true, ..Memory::default() });
    for _ in 0..2 {
        let answer = asker(&engine, &memory, &settings()).complete(prompt("Code")).await.unwrap();
        assert_eq!(answer.text, CLEAN);
    }
    assert_eq!(engine.seen().len(), 2);
}

#[tokio::test]
async fn where_answers_are_not_to_be_kept_none_is() {
    let engine = Scripted::playing(&[Play::Says("hm", CLEAN)]);
    let memory: Arc<Memory> = Arc::default();
    let settings = Model { keep_answers_days: 0, ..settings() };
    for _ in 0..2 {
        asker(&engine, &memory, &settings).complete(prompt("Code")).await.unwrap();
    }
    assert_eq!((engine.seen().len(), memory.kept.lock().unwrap().len()), (2, 0));
}
