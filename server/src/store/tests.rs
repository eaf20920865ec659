//! One suite over both databases: a test is a function of an open store, and runs on SQLite and on PostgreSQL.

mod answers;
mod claims;
mod findings;
mod histories;
mod outbox;
mod postgres;
mod queue;
mod reviews;
mod secrets;
mod sqlite;
mod tokens;
mod whole;

use std::time::Duration;

use serde_json::json;

use crate::config::Database;
use crate::merge_request::{ForgeKind, MergeRequestKey};
use crate::store::Store;
use crate::store::claim::{Claim, Worker};
use crate::store::queue::{JobState, NewJob};

/// Runs each named test on each database.
macro_rules! on_every_database {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                $crate::store::tests::on_sqlite(super::$test).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                $crate::store::tests::on_postgres(super::$test).await;
            })+
        }
    };
}
use on_every_database;

const MINUTE: Duration = Duration::from_secs(60);

async fn on_sqlite<F: Future>(test: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Database::default(), folder.path()).await.unwrap();
    test(store.clone()).await;
    store.close().await;
}

async fn on_postgres<F: Future>(test: impl FnOnce(Store) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&postgres_database(folder.path()), folder.path()).await.unwrap();
    test(store.clone()).await;
    store.close().await;
}

fn postgres_database(folder: &std::path::Path) -> Database {
    let url_file = folder.join("url");
    std::fs::write(&url_file, ::tests::postgres().new_database()).unwrap();
    Database { url_file: Some(url_file) }
}

fn merge_request(repository: &str, number: u64) -> MergeRequestKey {
    MergeRequestKey { forge: ForgeKind::Gitlab, repository: repository.to_owned(), number }
}

/// The review of `bank/core!number`, whose payload is `head`.
fn review(number: u64, head: &str) -> NewJob {
    NewJob::review(&merge_request("bank/core", number), json!(head))
}

fn worker() -> Worker {
    Worker { name: "worker".to_owned(), kind: None, lease: MINUTE, attempts: 3 }
}

/// A worker whose lease ends as soon as it has claimed.
fn slow_worker() -> Worker {
    Worker { lease: Duration::ZERO, ..worker() }
}

async fn claim(store: &Store) -> Claim {
    store.claim(&worker()).await.unwrap().expect("something is due")
}

/// An open store with one job, and the claim on it.
async fn claimed(store: &Store) -> Claim {
    store.enqueue(&review(7, "a")).await.unwrap();
    claim(store).await
}

/// The number of jobs in a state.
async fn count(store: &Store, state: JobState) -> u64 {
    let counts = store.queue_counts().await.unwrap();
    counts.iter().filter(|count| count.state == state).map(|count| count.count).sum()
}

/// The number of rows of a table.
async fn rows(store: &Store, count: &'static str) -> i64 {
    let row: Option<(i64,)> = store.first(count, []).await.unwrap();
    row.unwrap().0
}

/// Lets time pass for every job: what was due in an hour is due now.
async fn pass_an_hour(store: &Store) {
    store.execute("UPDATE job SET due_at = due_at - 3600000", []).await.unwrap();
}
