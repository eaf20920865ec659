//! Asking for jobs: replacing, superseding, taking turns.

use std::time::Duration;

use serde_json::json;

use super::{
    MINUTE, claim, claimed, count, merge_request, on_every_database, pass_an_hour, review, rows, slow_worker,
    worker,
};
use crate::event::{Delivery, Event};
use crate::merge_request::ForgeKind;
use crate::store::claim::{Completed, Failed, Retry, Worker};
use crate::store::inbox::Received;
use crate::store::queue::{JobKind, JobState, NewJob, QueueCount};
use crate::store::{Store, StoreError};

on_every_database!(
    a_newer_head_replaces_a_waiting_one,
    a_newer_head_supersedes_a_running_one,
    a_wish_holds_until_a_run_that_knew_of_it_is_done,
    a_wish_outlives_a_run_that_did_not_know_of_it,
    a_wish_is_kept_among_jobs_that_come_together,
    a_superseded_job_that_fails_for_good_comes_again,
    a_done_job_that_is_asked_for_again_starts_anew,
    a_job_that_waits_for_its_retry_starts_anew_with_a_newer_head,
    jobs_are_claimed_in_order_of_priority_then_age,
    a_noisy_repository_does_not_hold_up_a_quiet_one,
    a_worker_for_one_kind_leaves_the_others,
    a_delayed_job_waits,
    looking_for_missed_work_asks_only_where_nothing_is_under_way,
    a_delivery_and_its_jobs_are_kept_once,
    a_delivery_whose_jobs_cannot_be_kept_is_not_kept,
    deliveries_that_come_together_are_each_kept_once,
    jobs_that_come_together_stand_in_line_as_if_they_came_apart,
    dead_letters_are_listed_and_tried_again_when_told,
    a_branch_whose_job_was_given_up_is_no_merge_request,
    the_oldest_waiting_job_is_known,
    text_that_a_database_refuses_is_kept_readable,
    endless_names_are_keys_too,
    whoever_waits_for_work_is_woken,
);

async fn a_newer_head_replaces_a_waiting_one(store: Store) {
    store.enqueue(&review(7, "old")).await.unwrap();
    store.enqueue(&review(7, "new")).await.unwrap();
    let claim = claim(&store).await;
    assert_eq!((claim.payload.clone(), claim.generation), (json!("new"), 2));
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    assert_eq!(store.complete(&claim).await.unwrap(), Completed::Done);
    assert_eq!(count(&store, JobState::Done).await, 1);
}

async fn a_newer_head_supersedes_a_running_one(store: Store) {
    let first = claimed(&store).await;
    assert!(!store.extend(&first, MINUTE).await.unwrap().is_superseded);
    store.enqueue(&review(7, "b")).await.unwrap();
    assert_eq!(store.claim(&worker()).await.unwrap(), None, "one sender for each merge request");
    assert!(store.extend(&first, MINUTE).await.unwrap().is_superseded);
    assert_eq!(store.complete(&first).await.unwrap(), Completed::Again);
    let second = claim(&store).await;
    assert_eq!((second.payload.clone(), second.attempt), (json!("b"), 1));
    assert!(second.epoch > first.epoch);
    assert!(!store.extend(&second, MINUTE).await.unwrap().is_superseded);
    assert_eq!(store.complete(&second).await.unwrap(), Completed::Done);
}

async fn a_wish_holds_until_a_run_that_knew_of_it_is_done(store: Store) {
    store.enqueue(&NewJob { wishes: 1, ..review(7, "old") }).await.unwrap();
    store.enqueue(&NewJob { wishes: 2, ..review(7, "new") }).await.unwrap();
    store.enqueue(&review(7, "newest")).await.unwrap();
    let first = claim(&store).await;
    assert_eq!((first.payload.clone(), first.wishes), (json!("newest"), 3));
    store.fail(&first, "the forge is down", Retry::After(Duration::ZERO)).await.unwrap();
    let second = claim(&store).await;
    assert_eq!(second.wishes, 3, "it was not granted");
    store.release(&second).await.unwrap();
    let third = claim(&store).await;
    assert_eq!(third.wishes, 3, "nor was it now");
    store.fail(&third, "unreadable", Retry::Never).await.unwrap();
    store.retry_dead(&third.key).await.unwrap();
    let last = claim(&store).await;
    assert_eq!(last.wishes, 3);
    store.complete(&last).await.unwrap();
    store.enqueue(&review(7, "a")).await.unwrap();
    assert_eq!(claim(&store).await.wishes, 0, "it was granted once");
}

async fn a_wish_outlives_a_run_that_did_not_know_of_it(store: Store) {
    let first = claimed(&store).await;
    store.enqueue(&NewJob { wishes: 1, ..review(7, "b") }).await.unwrap();
    store.enqueue(&review(7, "c")).await.unwrap();
    assert_eq!(first.wishes, 0);
    assert_eq!(store.complete(&first).await.unwrap(), Completed::Again);
    let second = claim(&store).await;
    assert_eq!(second.wishes, 1);
    store.enqueue(&review(7, "d")).await.unwrap();
    assert_eq!(store.complete(&second).await.unwrap(), Completed::Again);
    assert_eq!(claim(&store).await.wishes, 0, "what came after it wished nothing");
}

async fn a_wish_is_kept_among_jobs_that_come_together(store: Store) {
    let jobs = [NewJob { wishes: 1, ..review(7, "a") }, review(7, "b")];
    store.receive(&delivery("1"), &jobs).await.unwrap();
    let claim = claim(&store).await;
    assert_eq!((claim.payload, claim.wishes), (json!("b"), 1));
}

async fn a_superseded_job_that_fails_for_good_comes_again(store: Store) {
    let first = claimed(&store).await;
    store.enqueue(&review(7, "b")).await.unwrap();
    let failed = store.fail(&first, "unreadable", Retry::Never).await.unwrap();
    assert_eq!(failed, Failed::Retried, "it was another head that failed");
    assert_eq!(claim(&store).await.attempt, 1);
}

async fn a_done_job_that_is_asked_for_again_starts_anew(store: Store) {
    let first = claimed(&store).await;
    store.complete(&first).await.unwrap();
    store.enqueue(&review(7, "b")).await.unwrap();
    let second = claim(&store).await;
    assert_eq!((second.payload.clone(), second.attempt), (json!("b"), 1));
    assert!(second.epoch > first.epoch);
}

async fn a_job_that_waits_for_its_retry_starts_anew_with_a_newer_head(store: Store) {
    let first = claimed(&store).await;
    store.enqueue(&review(8, "a")).await.unwrap();
    store.fail(&first, "the forge is down", Retry::After(MINUTE * 30)).await.unwrap();
    let counts = store.queue_counts().await.unwrap();
    let ready = QueueCount { kind: JobKind::Review, state: JobState::Ready, count: 2, tried: 1 };
    assert_eq!(counts, [ready]);
    store.complete(&claim(&store).await).await.unwrap();
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    store.enqueue(&review(7, "b")).await.unwrap();
    assert_eq!(claim(&store).await.attempt, 1);
}

async fn jobs_are_claimed_in_order_of_priority_then_age(store: Store) {
    for number in [1, 2] {
        store.enqueue(&review(number, "a")).await.unwrap();
    }
    store.enqueue(&NewJob { priority: -1, ..review(3, "a") }).await.unwrap();
    let mut order = Vec::new();
    while let Some(claim) = store.claim(&worker()).await.unwrap() {
        order.push(claim.key);
    }
    let expected = [3, 1, 2].map(|number| format!("review:gitlab:bank/core!{number}"));
    assert_eq!(order, expected);
}

async fn a_noisy_repository_does_not_hold_up_a_quiet_one(store: Store) {
    for number in 1..=20 {
        store.enqueue(&review(number, "a")).await.unwrap();
    }
    let first = claim(&store).await;
    let quiet = NewJob::review(&merge_request("bank/quiet", 1), json!("a"));
    store.enqueue(&quiet).await.unwrap();
    store.complete(&first).await.unwrap();
    let next = [claim(&store).await.key, claim(&store).await.key];
    assert!(next.contains(&quiet.key), "{next:?}");
}

async fn a_worker_for_one_kind_leaves_the_others(store: Store) {
    store.enqueue(&review(7, "a")).await.unwrap();
    let commands = Worker { kind: Some(JobKind::Command), ..worker() };
    assert_eq!(store.claim(&commands).await.unwrap(), None);
    let command = NewJob::command(&merge_request("bank/core", 7), "12", json!("explain"));
    store.enqueue(&command).await.unwrap();
    let claim = store.claim(&commands).await.unwrap().unwrap();
    assert_eq!((claim.kind, claim.key.as_str()), (JobKind::Command, "command:gitlab:bank/core!7#12"));
}

async fn a_delayed_job_waits(store: Store) {
    store.enqueue(&NewJob { delay: MINUTE, ..review(7, "a") }).await.unwrap();
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    pass_an_hour(&store).await;
    assert_eq!(claim(&store).await.payload, json!("a"));
}

async fn looking_for_missed_work_asks_only_where_nothing_is_under_way(store: Store) {
    let ask = async || store.enqueue_if_idle(&review(7, "a")).await.unwrap();
    assert!(ask().await);
    assert!(!ask().await, "it waits");
    let first = claim(&store).await;
    assert!(!ask().await, "it runs");
    store.fail(&first, "unreadable", Retry::Never).await.unwrap();
    assert!(!ask().await, "it is dead, and stays so until somebody does something");
    store.retry_dead(&first.key).await.unwrap();
    store.complete(&claim(&store).await).await.unwrap();
    assert!(ask().await);
}

fn delivery(id: &str) -> Delivery {
    let event = Event::Changed { merge_request: merge_request("bank/core", 7) };
    Delivery { forge: ForgeKind::Gitlab, id: id.to_owned(), event }
}

async fn a_delivery_and_its_jobs_are_kept_once(store: Store) {
    let job = review(7, "a");
    assert_eq!(store.receive(&delivery("1"), std::slice::from_ref(&job)).await.unwrap(), Received::New);
    let first = claim(&store).await;
    let again = store.receive(&delivery("1"), &[job]).await.unwrap();
    assert_eq!(again, Received::Duplicate);
    assert!(!store.extend(&first, MINUTE).await.unwrap().is_superseded, "a duplicate changes nothing");
    let other_forge = Delivery { forge: ForgeKind::Gitea, ..delivery("1") };
    assert_eq!(store.receive(&other_forge, &[]).await.unwrap(), Received::New);
}

async fn deliveries_that_come_together_are_each_kept_once(store: Store) {
    let receive = |number: u64| {
        let store = store.clone();
        async move {
            // Every delivery comes twice, and every merge request is spoken of by three deliveries.
            let jobs = [review(number / 2 % 50, &number.to_string())];
            store.receive(&delivery(&(number / 2).to_string()), &jobs).await.unwrap()
        }
    };
    let received = futures::future::join_all((0..300).map(receive)).await;
    assert_eq!(received.iter().filter(|received| **received == Received::New).count(), 150);
    assert_eq!(count(&store, JobState::Ready).await, 50);
    assert_eq!(rows(&store, "SELECT COUNT(*) FROM inbox").await, 150);
}

async fn jobs_that_come_together_stand_in_line_as_if_they_came_apart(store: Store) {
    let job = |repository: &str, number: u64, head: &str| {
        NewJob::review(&merge_request(repository, number), json!(head))
    };
    let jobs = [
        NewJob { delay: MINUTE, ..job("bank/core", 10, "old") },
        job("bank/core", 2, "b"),
        job("bank/pay", 1, "c"),
        NewJob { priority: 1, ..job("bank/core", 10, "new") },
    ];
    store.receive(&delivery("1"), &jobs).await.unwrap();
    let mut line = Vec::new();
    while let Some(claim) = store.claim(&worker()).await.unwrap() {
        line.push((claim.key, claim.payload));
    }
    let wanted = [("core!10", "new"), ("pay!1", "c"), ("core!2", "b")];
    let wanted = wanted.map(|(about, head)| (format!("review:gitlab:bank/{about}"), json!(head)));
    assert_eq!(line, wanted);
}

async fn a_delivery_whose_jobs_cannot_be_kept_is_not_kept(store: Store) {
    let jobs = [review(7, "a"), review(8, "a")];
    store.execute("ALTER TABLE job RENAME TO lost", []).await.unwrap();
    let failed = store.receive(&delivery("1"), &jobs).await;
    assert!(matches!(failed, Err(StoreError::Unavailable(_))), "{failed:?}");
    store.execute("ALTER TABLE lost RENAME TO job", []).await.unwrap();
    let again = store.receive(&delivery("1"), &jobs).await.unwrap();
    assert_eq!(again, Received::New, "the forge sends it again, and this time it counts");
    assert_eq!(count(&store, JobState::Ready).await, 2);
}

async fn dead_letters_are_listed_and_tried_again_when_told(store: Store) {
    let first = claimed(&store).await;
    let failed = store.fail(&first, "the repository is gone", Retry::Never).await.unwrap();
    assert_eq!(failed, Failed::Dead);
    let letters = store.dead_letters(10).await.unwrap();
    assert_eq!(letters.len(), 1);
    assert_eq!((letters[0].error.as_str(), letters[0].attempts), ("the repository is gone", 1));
    assert_eq!(letters[0].merge_request(), Some("gitlab:bank/core!7"));
    assert_eq!(store.claim(&worker()).await.unwrap(), None);
    assert!(!store.retry_dead("review:nothing").await.unwrap());
    assert!(store.retry_dead(&first.key).await.unwrap());
    assert!(!store.retry_dead(&first.key).await.unwrap(), "it is no dead letter now");
    assert_eq!(claim(&store).await.attempt, 1);
}

async fn a_branch_whose_job_was_given_up_is_no_merge_request(store: Store) {
    let job = NewJob::target(ForgeKind::Gitlab, "bank/core", "main", json!("main"));
    store.enqueue_all(&[job.clone(), job]).await.unwrap();
    let claim = claim(&store).await;
    assert_eq!((claim.kind, claim.generation), (JobKind::Target, 1), "pushes that come together are one");
    store.fail(&claim, "the forge refused it", Retry::Never).await.unwrap();
    let letter = store.dead_letters(10).await.unwrap().remove(0);
    assert_eq!((letter.key.as_str(), letter.merge_request()), ("target:gitlab:bank/core#main", None));
}

async fn the_oldest_waiting_job_is_known(store: Store) {
    assert_eq!(store.oldest_ready_seconds().await.unwrap(), 0.0);
    store.enqueue(&NewJob { delay: MINUTE, ..review(6, "a") }).await.unwrap();
    assert_eq!(store.oldest_ready_seconds().await.unwrap(), 0.0, "it is not due");
    pass_an_hour(&store).await;
    let waited = store.oldest_ready_seconds().await.unwrap();
    assert!((3540.0..3600.0).contains(&waited), "{waited}");
    store.claim(&worker()).await.unwrap();
    assert_eq!(store.oldest_ready_seconds().await.unwrap(), 0.0);
}

async fn text_that_a_database_refuses_is_kept_readable(store: Store) {
    let hostile = delivery("1\0'; DROP TABLE job; --");
    let job = NewJob::review(&merge_request("bank/\0core", 1), json!({"text": "\0 \u{202E} 你"}));
    assert_eq!(store.receive(&hostile, std::slice::from_ref(&job)).await.unwrap(), Received::New);
    assert_eq!(store.receive(&hostile, &[]).await.unwrap(), Received::Duplicate);
    let claim = claim(&store).await;
    assert_eq!(claim.payload, job.payload);
    store.fail(&claim, "no\0", Retry::Never).await.unwrap();
    assert_eq!(store.dead_letters(1).await.unwrap()[0].error, "no\u{FFFD}");
}

async fn endless_names_are_keys_too(store: Store) {
    // Digits of a pseudo-random row, so that no database can squeeze them below its limit.
    let endless = |seed: u64| -> String {
        (0..8000_u64)
            .map(|place| ((place * 2_654_435_761 + seed) >> 7) % 10)
            .map(|digit| digit.to_string())
            .collect()
    };
    assert_eq!(store.receive(&delivery(&endless(1)), &[]).await.unwrap(), Received::New);
    assert_eq!(store.receive(&delivery(&endless(1)), &[]).await.unwrap(), Received::Duplicate);
    assert_eq!(store.receive(&delivery(&endless(2_000_000)), &[]).await.unwrap(), Received::New);
    let merge_request = merge_request("bank/core", 7);
    store.enqueue(&NewJob::command(&merge_request, &endless(1), json!(1))).await.unwrap();
    store.complete(&claim(&store).await).await.unwrap();
}

async fn whoever_waits_for_work_is_woken(store: Store) {
    let wait = |store: Store| async move { tokio::time::timeout(MINUTE, store.wait_for_work()).await };
    let waiting = tokio::spawn(wait(store.clone()));
    store.enqueue(&review(7, "a")).await.unwrap();
    assert!(waiting.await.unwrap().is_ok());
    let second = tokio::spawn(wait(store.clone()));
    claim(&store).await;
    assert!(second.await.unwrap().is_ok(), "whoever claims wakes the next");
    let nothing = tokio::time::timeout(Duration::from_millis(10), store.wait_for_work()).await;
    assert!(nothing.is_err());
    assert_eq!(store.claim(&slow_worker()).await.unwrap(), None);
}
