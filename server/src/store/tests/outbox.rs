//! Posting: planned, fenced, noted, and in doubt after a crash.

use std::time::Duration;

use super::{MINUTE, claim, claimed, on_every_database, review, rows, slow_worker};
use crate::store::outbox::{Effect, OutboxState};
use crate::store::{Store, StoreError};

on_every_database!(
    an_effect_goes_from_planned_to_sent,
    a_lease_about_to_end_stops_a_post,
    an_effect_is_in_doubt_after_a_crash_while_it_was_sent,
    what_was_sent_is_not_sent_again_unless_its_body_changed,
    an_effect_that_was_not_planned_is_noted_when_it_is_sent,
    effects_of_different_jobs_may_have_one_name,
    what_was_sent_is_noted_after_the_lease_too,
    finished_posts_are_forgotten_and_waiting_ones_kept,
);

pub(super) fn effect(key: &str) -> Effect {
    Effect { key: key.to_owned(), kind: "comment".to_owned(), body_hash: "00ff".to_owned() }
}

async fn an_effect_goes_from_planned_to_sent(store: Store) {
    let claim = claimed(&store).await;
    assert_eq!(store.plan(&claim, &[effect("x"), effect("y")]).await.unwrap(), [None, None]);
    assert_eq!(store.outbox_counts().await.unwrap(), [(OutboxState::Planned, 2)]);
    store.sending(&claim, "x", MINUTE / 2).await.unwrap();
    store.sent(&claim, "x", "note 12").await.unwrap();
    let counts = store.outbox_counts().await.unwrap();
    assert_eq!(counts, [(OutboxState::Planned, 1), (OutboxState::Sent, 1)]);
}

async fn a_lease_about_to_end_stops_a_post(store: Store) {
    let claim = claimed(&store).await;
    store.plan(&claim, &[effect("x")]).await.unwrap();
    assert_eq!(store.sending(&claim, "x", MINUTE).await, Err(StoreError::Lost));
    assert_eq!(store.sending(&claim, "x", MINUTE / 2).await, Ok(()));
    store.extend(&claim, Duration::ZERO).await.unwrap();
    assert_eq!(store.sending(&claim, "x", Duration::ZERO).await, Err(StoreError::Lost));
}

async fn an_effect_is_in_doubt_after_a_crash_while_it_was_sent(store: Store) {
    let crashed = claimed(&store).await;
    store.plan(&crashed, &[effect("x"), effect("y")]).await.unwrap();
    store.sending(&crashed, "x", Duration::ZERO).await.unwrap();
    store.extend(&crashed, Duration::ZERO).await.unwrap();
    let next = claim(&store).await;
    let before = store.plan(&next, &[effect("x"), effect("y"), effect("z")]).await.unwrap();
    let states: Vec<_> = before.iter().map(|entry| entry.as_ref().map(|entry| entry.state)).collect();
    assert_eq!(states, [Some(OutboxState::Sending), Some(OutboxState::Planned), None]);
    assert_eq!(store.sent(&crashed, "x", "1").await, Err(StoreError::Lost), "it is another's now");
    store.sending(&next, "x", Duration::ZERO).await.unwrap();
    store.sent(&next, "x", "1").await.unwrap();
}

async fn what_was_sent_is_not_sent_again_unless_its_body_changed(store: Store) {
    let claim = claimed(&store).await;
    store.plan(&claim, &[effect("x")]).await.unwrap();
    store.sending(&claim, "x", Duration::ZERO).await.unwrap();
    store.sent(&claim, "x", "note 12").await.unwrap();
    let before = store.plan(&claim, &[effect("x")]).await.unwrap();
    let entry = before[0].clone().unwrap();
    assert_eq!((entry.state, entry.forge_id.as_deref()), (OutboxState::Sent, Some("note 12")));
    assert_eq!(store.outbox_counts().await.unwrap(), [(OutboxState::Sent, 1)]);
    let changed = Effect { body_hash: "01".to_owned(), ..effect("x") };
    let before = store.plan(&claim, &[changed]).await.unwrap();
    assert_eq!(before[0].as_ref().unwrap().forge_id.as_deref(), Some("note 12"), "that one is edited");
    store.sending(&claim, "x", Duration::ZERO).await.unwrap();
}

async fn an_effect_that_was_not_planned_is_noted_when_it_is_sent(store: Store) {
    let claim = claimed(&store).await;
    assert_eq!(store.sent(&claim, "x", "1").await, Err(StoreError::Lost), "nobody asked the fence");
    store.sending(&claim, "x", Duration::ZERO).await.unwrap();
    assert_eq!(store.outbox_counts().await.unwrap(), [(OutboxState::Sending, 1)]);
    store.sent(&claim, "x", "1").await.unwrap();
    assert_eq!(store.outbox_counts().await.unwrap(), [(OutboxState::Sent, 1)]);
}

async fn effects_of_different_jobs_may_have_one_name(store: Store) {
    let one = claimed(&store).await;
    store.enqueue(&review(8, "a")).await.unwrap();
    let other = claim(&store).await;
    store.plan(&one, &[effect("summary")]).await.unwrap();
    assert_eq!(store.plan(&other, &[effect("summary")]).await.unwrap(), [None]);
    store.sending(&other, "summary", Duration::ZERO).await.unwrap();
    store.sent(&one, "summary", "1").await.unwrap();
    let counts = store.outbox_counts().await.unwrap();
    assert_eq!(counts, [(OutboxState::Sending, 1), (OutboxState::Sent, 1)]);
}

async fn what_was_sent_is_noted_after_the_lease_too(store: Store) {
    let first = claimed(&store).await;
    store.plan(&first, &[effect("x")]).await.unwrap();
    store.sending(&first, "x", Duration::ZERO).await.unwrap();
    store.extend(&first, Duration::ZERO).await.unwrap();
    let second = store.claim(&slow_worker()).await.unwrap().unwrap();
    store.sent(&first, "x", "note 12").await.unwrap();
    let before = store.plan(&second, &[effect("x")]).await.unwrap();
    assert_eq!(before[0].as_ref().unwrap().state, OutboxState::Sent, "so that nobody sends it twice");
}

async fn finished_posts_are_forgotten_and_waiting_ones_kept(store: Store) {
    let claim = claimed(&store).await;
    store.plan(&claim, &[effect("sent"), effect("planned")]).await.unwrap();
    store.sent(&claim, "sent", "1").await.unwrap();
    assert_eq!(store.forget(MINUTE).await.unwrap(), 0, "nothing is old");
    store.execute("UPDATE outbox SET updated_at = 0", []).await.unwrap();
    assert_eq!(store.forget(MINUTE).await.unwrap(), 1);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM outbox WHERE key = 'planned'").await, 1);
}
