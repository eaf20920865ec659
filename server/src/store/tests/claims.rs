//! Claims: exclusive, fenced by their epoch, bounded by their lease and their attempts.

use std::collections::HashSet;
use std::time::Duration;

use super::{MINUTE, claim, claimed, count, on_every_database, pass_an_hour, review, slow_worker, worker};
use crate::store::claim::{Claim, Completed, Failed, Retry, Worker, backoff};
use crate::store::queue::JobState;
use crate::store::{Store, StoreError};

on_every_database!(
    a_job_is_claimed_by_one_of_many,
    a_stale_epoch_cannot_write,
    an_ended_lease_is_claimed_by_another_and_counts_as_an_attempt,
    a_kept_lease_is_claimed_by_nobody,
    an_ended_lease_that_nobody_took_is_still_its_workers,
    after_a_crash_jobs_come_back_at_once_unless_a_write_may_be_under_way,
    a_job_whose_workers_all_fall_silent_is_handed_out_once_more_and_then_buried,
    a_job_that_fails_too_often_is_dead,
    failed_jobs_come_back_in_the_order_of_their_waits,
    a_released_job_burns_no_attempt,
    a_released_claim_cannot_write,
    a_forgotten_job_comes_back_with_a_higher_epoch,
);

async fn after_a_crash_jobs_come_back_at_once_unless_a_write_may_be_under_way(store: Store) {
    for number in 0..3 {
        store.enqueue(&review(number, "a")).await.unwrap();
    }
    let (idle, sent, in_doubt) = (claim(&store).await, claim(&store).await, claim(&store).await);
    for writing in [&sent, &in_doubt] {
        store.sending(writing, "status", Duration::ZERO).await.unwrap();
    }
    store.sent(&sent, "status", "1").await.unwrap();
    assert_eq!(store.end_leases(MINUTE / 2).await, Ok(3));
    for expected in [&idle, &sent] {
        let again = claim(&store).await;
        assert_eq!((&again.key, again.attempt), (&expected.key, 2));
        assert!(store.extend(expected, MINUTE).await.is_err(), "its former worker can write nothing more");
    }
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    pass_an_hour(&store).await;
    assert!([idle.key, sent.key, in_doubt.key].contains(&claim(&store).await.key));
}

async fn a_job_is_claimed_by_one_of_many(store: Store) {
    const JOBS: u64 = 60;
    for number in 0..JOBS {
        store.enqueue(&review(number, "a")).await.unwrap();
    }
    let claimers: Vec<_> = (0..20)
        .map(|number| {
            let (store, worker) = (store.clone(), Worker { name: number.to_string(), ..worker() });
            tokio::spawn(async move {
                let mut keys = Vec::new();
                while let Some(claim) = store.claim(&worker).await.unwrap() {
                    keys.push(claim.key);
                }
                keys
            })
        })
        .collect();
    let mut keys = Vec::new();
    for claimer in claimers {
        keys.extend(claimer.await.unwrap());
    }
    let different: HashSet<&String> = keys.iter().collect();
    assert_eq!(keys.len(), different.len(), "a job was claimed twice");
    assert_eq!(different.len() as u64, JOBS);
}

/// Everything that a claim may write, by name.
async fn writes(store: &Store, claim: &Claim) -> Vec<(&'static str, Result<(), StoreError>)> {
    let review = super::reviews::passed("r1", 7);
    vec![
        ("extend", store.extend(claim, MINUTE).await.map(drop)),
        ("plan", store.plan(claim, &[super::outbox::effect("x")]).await.map(drop)),
        ("sending", store.sending(claim, "x", Duration::ZERO).await),
        ("finish_review", store.finish_review(claim, &review, &[]).await.map(drop)),
        ("fail", store.fail(claim, "late", Retry::Never).await.map(drop)),
        ("release", store.release(claim).await),
        ("complete", store.complete(claim).await.map(drop)),
    ]
}

async fn a_stale_epoch_cannot_write(store: Store) {
    store.enqueue(&review(7, "a")).await.unwrap();
    let stale = store.claim(&slow_worker()).await.unwrap().unwrap();
    store.plan(&stale, &[super::outbox::effect("x")]).await.unwrap();
    let current = claim(&store).await;
    for (name, outcome) in writes(&store, &stale).await {
        assert_eq!(outcome, Err(StoreError::Lost), "{name}");
    }
    assert_eq!(store.review("r1").await.unwrap().map(|review| review.id), None);
    assert_eq!(store.complete(&current).await.unwrap(), Completed::Done);
    for (name, outcome) in writes(&store, &current).await {
        assert_eq!(outcome, Err(StoreError::Lost), "{name} after the end");
    }
}

async fn an_ended_lease_is_claimed_by_another_and_counts_as_an_attempt(store: Store) {
    store.enqueue(&review(7, "a")).await.unwrap();
    let first = store.claim(&slow_worker()).await.unwrap().unwrap();
    let second = claim(&store).await;
    assert_eq!((first.attempt, second.attempt), (1, 2));
    assert!(second.epoch > first.epoch);
}

async fn a_kept_lease_is_claimed_by_nobody(store: Store) {
    store.enqueue(&review(7, "a")).await.unwrap();
    let first = claim(&store).await;
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    pass_an_hour(&store).await;
    store.extend(&first, MINUTE).await.unwrap();
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    pass_an_hour(&store).await;
    assert!(store.claim(&worker()).await.unwrap().is_some());
}

async fn an_ended_lease_that_nobody_took_is_still_its_workers(store: Store) {
    store.enqueue(&review(7, "a")).await.unwrap();
    let late = store.claim(&slow_worker()).await.unwrap().unwrap();
    assert_eq!(store.complete(&late).await.unwrap(), Completed::Done);
}

async fn a_job_whose_workers_all_fall_silent_is_handed_out_once_more_and_then_buried(store: Store) {
    store.enqueue(&review(7, "a")).await.unwrap();
    for attempt in 1..=3 {
        let claim = store.claim(&slow_worker()).await.unwrap().unwrap();
        assert_eq!((claim.attempt, claim.is_exhausted()), (attempt, false));
    }
    let last = store.claim(&slow_worker()).await.unwrap().unwrap();
    assert!(last.is_exhausted(), "so that its gate turns red");
    assert_eq!(store.claim(&slow_worker()).await.unwrap(), None);
    let letters = store.dead_letters(10).await.unwrap();
    assert_eq!(letters[0].error, "its worker stopped without a word");
    assert_eq!(store.complete(&last).await, Err(StoreError::Lost));
}

async fn a_job_that_fails_too_often_is_dead(store: Store) {
    store.enqueue(&review(7, "a")).await.unwrap();
    let mut outcomes = Vec::new();
    while let Some(claim) = store.claim(&worker()).await.unwrap() {
        outcomes.push(store.fail(&claim, "again", Retry::After(Duration::ZERO)).await.unwrap());
    }
    assert_eq!(outcomes, [Failed::Retried, Failed::Retried, Failed::Dead]);
    assert_eq!(count(&store, JobState::Dead).await, 1);
}

async fn failed_jobs_come_back_in_the_order_of_their_waits(store: Store) {
    for number in [1, 2] {
        store.enqueue(&review(number, "a")).await.unwrap();
    }
    let (one, two) = (claim(&store).await, claim(&store).await);
    store.fail(&one, "busy", Retry::After(MINUTE * 90)).await.unwrap();
    store.fail(&two, "busy", Retry::After(MINUTE * 30)).await.unwrap();
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    pass_an_hour(&store).await;
    assert_eq!(claim(&store).await.key, two.key);
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    pass_an_hour(&store).await;
    assert_eq!(claim(&store).await.key, one.key);
}

async fn a_released_job_burns_no_attempt(store: Store) {
    let first = claimed(&store).await;
    store.release(&first).await.unwrap();
    let second = claim(&store).await;
    assert_eq!((first.attempt, second.attempt), (1, 1));
    assert!(second.epoch > first.epoch);
}

async fn a_released_claim_cannot_write(store: Store) {
    let first = claimed(&store).await;
    store.release(&first).await.unwrap();
    for (name, outcome) in writes(&store, &first).await {
        assert_eq!(outcome, Err(StoreError::Lost), "{name}");
    }
}

async fn a_forgotten_job_comes_back_with_a_higher_epoch(store: Store) {
    let first = claimed(&store).await;
    store.complete(&first).await.unwrap();
    store.execute("UPDATE job SET updated_at = 0", []).await.unwrap();
    assert_eq!(store.forget(MINUTE).await.unwrap(), 1);
    let second = claimed(&store).await;
    assert!(second.epoch > first.epoch, "or a worker of long ago could write");
}

#[test]
fn waits_double_up_to_a_ceiling() {
    let seconds: Vec<f64> = (1..40).map(|attempt| backoff(attempt).as_secs_f64()).collect();
    assert!((3.75..=5.0).contains(&seconds[0]), "{seconds:?}");
    assert!((7.5..=10.0).contains(&seconds[1]), "{seconds:?}");
    assert!(seconds[10..].iter().all(|wait| (450.0..=600.0).contains(wait)), "{seconds:?}");
}
