//! Questions of a review in a child: how they are asked, what comes of the answers, when they are taken back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use analyzers::finding::Decider;
use analyzers::gate::State;
use analyzers::model::{Completion, Finish, ModelBudget, ModelError, Prompt, Usage};
use analyzers::text::Locale;
use async_trait::async_trait;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::reviews::{Files, Scene, found};
use super::{config, host};
use crate::worker::{Change, ModelHost, ReviewTask, Seam, WorkerError};

/// Hears prompts, and answers none.
#[derive(Default)]
struct Silent(Mutex<Vec<Prompt>>);

#[async_trait]
impl ModelHost for Silent {
    async fn complete(&self, prompt: Prompt) -> Result<Completion, ModelError> {
        self.0.lock().unwrap().push(prompt);
        Err(ModelError::DeadlineExceeded)
    }
}

/// Never answers; says when it is asked, and when nobody waits any more.
#[derive(Default)]
struct Hanging {
    asked: Notify,
    left: Arc<Notify>,
}

/// A question under way.
struct UnderWay(Arc<Notify>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[async_trait]
impl ModelHost for Hanging {
    async fn complete(&self, _prompt: Prompt) -> Result<Completion, ModelError> {
        let _under_way = UnderWay(Arc::clone(&self.left));
        self.asked.notify_one();
        std::future::pending().await
    }
}

/// Says the same to everybody.
struct Scripted(Result<String, ModelError>);

#[async_trait]
impl ModelHost for Scripted {
    async fn complete(&self, _prompt: Prompt) -> Result<Completion, ModelError> {
        let text = self.0.clone()?;
        Ok(Completion { thinking: None, text, finish: Finish::Stop, usage: Usage::default() })
    }
}

fn model(answer: Result<&str, ModelError>) -> Seam {
    Seam { files: None, model: Some(Arc::new(Scripted(answer.map(str::to_owned)))) }
}

#[tokio::test]
async fn a_model_at_the_other_end_adds_findings_and_takes_none_away() {
    let scene = Scene::new();
    let says = |verdict: &str, quote: &str| {
        let claim = serde_json::json!({"kind": "other", "subject": "", "value": ""});
        let entry = serde_json::json!({
            "policy": "trust/retry", "quote": quote, "claim": claim, "reason": "no key", "verdict": verdict,
        });
        serde_json::json!({ "answers": [entry] }).to_string()
    };
    let breach = says("breach", "client.retry(amount);");
    let proved = ("money/double-amount", 3, Decider::Proof);
    let answer = scene.review(scene.versions(), model(Ok(&breach))).await.unwrap();
    assert_eq!(found(&answer), [proved, ("trust/retry", 4, Decider::Model)]);
    assert_eq!(answer.document.blocking, 1);
    let (clean, elsewhere) = (says("clean", ""), says("breach", "client.retry(sum);"));
    let unjudged = BTreeMap::from([("trust/retry".to_owned(), 1)]);
    for (said, unjudged) in [
        (Ok(clean.as_str()), BTreeMap::new()),
        (Ok(elsewhere.as_str()), unjudged.clone()),
        (Ok("nothing of the kind"), unjudged.clone()),
        (Err(ModelError::DeadlineExceeded), unjudged),
    ] {
        let answer = scene.review(scene.versions(), model(said.clone())).await.unwrap();
        assert_eq!(found(&answer), [proved], "{said:?}");
        assert_eq!(answer.document.coverage.questions_unjudged, unjudged, "{said:?}");
        assert_eq!(answer.document.coverage.questions_unasked, BTreeMap::new());
    }
}

#[tokio::test]
async fn the_model_is_asked_in_the_readers_language_and_within_the_operators_budget() {
    let scene = Scene::new();
    let (chinese, english) = ("Write `reason` in Chinese", "Write `reason` in English");
    for (task, language) in [
        // The target branch says `language: zh`.
        (scene.versions(), chinese),
        (scene.diff(), english),
        (ReviewTask { language: Locale::Zh, ..scene.diff() }, chinese),
    ] {
        let heard = Arc::new(Silent::default());
        let model_budget = ModelBudget { max_thinking_tokens: 77, ..ModelBudget::default() };
        let seam = Seam { files: Files::at_head(), model: Some(heard.clone()) };
        scene.review(ReviewTask { model_budget, ..task }, seam).await.unwrap();
        let heard = heard.0.lock().unwrap();
        assert_eq!((heard.len(), heard[0].max_thinking_tokens), (1, 77));
        assert!(heard[0].prefix.contains(language), "{}", heard[0].prefix);
    }
    let heard = Arc::new(Silent::default());
    let model_budget = ModelBudget { max_tokens: 10, ..ModelBudget::default() };
    let seam = Seam { files: None, model: Some(heard.clone()) };
    let answer = scene.review(ReviewTask { model_budget, ..scene.versions() }, seam).await.unwrap();
    assert_eq!(heard.0.lock().unwrap().len(), 0);
    assert_eq!(answer.document.coverage.questions_unasked, BTreeMap::from([("trust/retry".to_owned(), 1)]));
}

#[tokio::test]
async fn a_review_that_nobody_wants_any_more_takes_its_questions_back() {
    let scene = Scene::new();
    let host = host(&config(scene.data.path()));
    for is_dropped in [false, true] {
        let (model, token) = (Arc::new(Hanging::default()), CancellationToken::new());
        let seam = Seam { files: None, model: Some(model.clone()) };
        let mut review = Box::pin(host.review(scene.versions(), seam, None, &token));
        tokio::select! {
            ended = &mut review => panic!("{ended:?}"),
            () = model.asked.notified() => {}
        }
        if is_dropped {
            drop(review);
        } else {
            token.cancel();
            assert_eq!(review.await.unwrap_err(), WorkerError::Cancelled);
        }
        let left = tokio::time::timeout(Duration::from_secs(10), model.left.notified()).await;
        assert!(left.is_ok(), "the question is still under way");
    }
}

#[tokio::test]
async fn a_required_model_that_does_not_answer_leaves_a_review_partial() {
    let scene = Scene::new();
    let harmless = scene.origin.commit(
        "harmless",
        Some(&scene.target),
        &[("T.java", "class T { void b(C c) { c.retry(1); } }\n")],
    );
    let change = Change::Versions {
        mirror: scene.origin.path().to_owned(),
        head: harmless,
        target: scene.target.clone(),
    };
    for (require_model, state) in [(true, State::Partial), (false, State::Passed)] {
        let task = ReviewTask { require_model, ..scene.task(change.clone()) };
        let answer = scene.review(task, Seam::default()).await.unwrap();
        assert_eq!(answer.document.state, state);
    }
}
