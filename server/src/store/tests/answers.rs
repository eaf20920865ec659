//! Answers: kept once, used again, known to the reviews that asked, and forgotten in time.

use std::time::Duration;

use analyzers::model::{Completion, Finish, ModelError, Usage};

use super::{MINUTE, on_every_database, rows};
use crate::config::model::Retention;
use crate::model::answers::Question;
use crate::store::Store;

on_every_database!(
    an_answer_is_kept_once_and_used_again,
    a_review_knows_what_it_was_answered,
    thinking_is_beside_its_answer_for_as_long_as_it_may,
    answers_are_forgotten_in_time,
    of_too_many_answers_the_least_used_go,
);

const LONG: Retention = Retention { answers: MINUTE, thinking: MINUTE, max_answers: 10 };

fn question(review: &str, prompt: &str) -> Question {
    Question { review: review.to_owned(), prompt: prompt.to_owned() }
}

fn completion(text: &str) -> Completion {
    let usage = Usage { prompt_tokens: 9, ..Usage::default() };
    let thinking = Some("hm\0".to_owned());
    Completion { thinking, text: text.to_owned(), finish: Finish::Stop, usage }
}

/// What is read of it: never its thinking.
fn plain(text: &str) -> Completion {
    Completion { thinking: None, ..completion(text) }
}

async fn keep(store: &Store, name: &str, review: &str, text: &str) -> Completion {
    store.keep_answer(name, &question(review, "p"), &completion(text)).await.unwrap()
}

async fn an_answer_is_kept_once_and_used_again(store: Store) {
    assert_eq!(store.reuse_answer("a", &question("r1", "p")).await.unwrap(), None);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM asked").await, 0);
    keep(&store, "a", "r1", "clean \0 or not").await;
    assert_eq!(keep(&store, "a", "r2", "another").await, plain("clean \0 or not"), "the first one counts");
    let found = store.reuse_answer("a", &question("r3", "p")).await.unwrap();
    assert_eq!(found, Some(plain("clean \0 or not")));
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM answer").await, 1);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM asked WHERE answer = 'a'").await, 3);
    assert_eq!(store.reuse_answer("b", &question("r3", "q")).await.unwrap(), None);
}

async fn a_review_knows_what_it_was_answered(store: Store) {
    keep(&store, "a", "r1", "clean").await;
    let cut = Ok(Completion { finish: Finish::Length, ..plain("") });
    for (prompt, outcome) in [("late", Err(ModelError::DeadlineExceeded)), ("cut", cut)] {
        store.keep_outcome(&question("r1", prompt), &outcome).await.unwrap();
        assert_eq!(store.outcome(&question("r1", prompt)).await.unwrap(), Some(outcome));
    }
    assert_eq!(store.outcome(&question("r1", "p")).await.unwrap(), Some(Ok(plain("clean"))));
    assert_eq!(store.outcome(&question("r2", "p")).await.unwrap(), None, "another review");
    assert_eq!(store.outcome(&question("r1", "q")).await.unwrap(), None, "another question");
    store.execute("DELETE FROM answer", []).await.unwrap();
    assert_eq!(store.outcome(&question("r1", "p")).await.unwrap(), None, "it is gone");
}

async fn thinking_is_beside_its_answer_for_as_long_as_it_may(store: Store) {
    let thoughts = "SELECT COUNT(*) FROM answer WHERE thinking LIKE 'hm%'";
    keep(&store, "a", "r1", "clean").await;
    store.forget_answers(LONG).await.unwrap();
    assert_eq!(rows(&store, thoughts).await, 1);
    store.execute("UPDATE answer SET given_at = given_at - 60000", []).await.unwrap();
    store.forget_answers(LONG).await.unwrap();
    assert_eq!(rows(&store, thoughts).await, 0);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM answer").await, 1);
}

async fn answers_are_forgotten_in_time(store: Store) {
    keep(&store, "old", "r1", "clean").await;
    keep(&store, "used", "r2", "clean").await;
    store.execute("UPDATE answer SET used_at = used_at - 60000", []).await.unwrap();
    store.execute("UPDATE asked SET asked_at = asked_at - 60000", []).await.unwrap();
    store.reuse_answer("used", &question("r3", "p")).await.unwrap();
    // One answer, and what two reviews asked.
    assert_eq!(store.forget_answers(LONG).await.unwrap(), 3);
    assert!(store.reuse_answer("used", &question("r4", "p")).await.unwrap().is_some());
    let never = Retention { answers: Duration::ZERO, thinking: Duration::ZERO, ..LONG };
    store.forget_answers(never).await.unwrap();
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM answer").await, 0);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM asked").await, 0);
}

async fn of_too_many_answers_the_least_used_go(store: Store) {
    for name in ["a", "b", "c", "d"] {
        keep(&store, name, "r1", name).await;
    }
    // All of one time, but for one that was used later.
    store.execute("UPDATE answer SET used_at = used_at - 1000", []).await.unwrap();
    store.execute("UPDATE answer SET used_at = (SELECT MIN(used_at) FROM answer)", []).await.unwrap();
    store.reuse_answer("a", &question("r2", "p")).await.unwrap();
    let two = Retention { max_answers: 2, ..LONG };
    assert_eq!(store.forget_answers(two).await.unwrap(), 2);
    assert_eq!(store.forget_answers(two).await.unwrap(), 0);
    for (name, is_kept) in [("a", true), ("b", false), ("c", false), ("d", true)] {
        assert_eq!(
            store.reuse_answer(name, &question("r3", name)).await.unwrap().is_some(),
            is_kept,
            "{name}"
        );
    }
    assert_eq!(store.forget_answers(Retention { max_answers: 0, ..LONG }).await.unwrap(), 2);
}
