//! What only SQLite has: connections that must be told to be durable, and writes that share a COMMIT.

use std::sync::Arc;

use tokio::sync::{Notify, oneshot};

use super::{count, on_sqlite, review};
use crate::store::connection::Connection;
use crate::store::queue::{self, JobState};
use crate::store::{Backend, Store, StoreError};

/// A write that holds the writer until it is told to go on, so that the writes after it share one COMMIT.
async fn hold_the_writer(store: &Store) -> Arc<Notify> {
    let (started, has_started) = oneshot::channel();
    let go_on = Arc::new(Notify::new());
    let (held, released) = (store.clone(), go_on.clone());
    tokio::spawn(async move {
        let write = held.write(move |_| {
            Box::pin(async move {
                let _ = started.send(());
                released.notified().await;
                Ok(())
            })
        });
        write.await
    });
    has_started.await.unwrap();
    go_on
}

/// Runs these statements as one write.
async fn run(store: Store, number: u64, then: &'static str) -> Result<(), StoreError> {
    let write = store.write(move |mut db| {
        Box::pin(async move {
            queue::put(&mut db, &[review(number, "a")]).await?;
            db.execute(then, []).await.map(drop)
        })
    });
    write.await
}

/// Runs several writes in one batch: what each was told.
async fn run_together(store: &Store, thens: &[&'static str]) -> Vec<Result<(), StoreError>> {
    let go_on = hold_the_writer(store).await;
    let mut writes = Vec::new();
    for (number, then) in (0..).zip(thens) {
        writes.push(tokio::spawn(run(store.clone(), number, then)));
        while waiting(store) < writes.len() {
            tokio::task::yield_now().await;
        }
    }
    go_on.notify_one();
    let mut outcomes = Vec::new();
    for write in writes {
        outcomes.push(write.await.unwrap());
    }
    outcomes
}

fn waiting(store: &Store) -> usize {
    let Backend::Sqlite(database) = &store.backend else { panic!("not SQLite") };
    database.waiting()
}

#[tokio::test]
async fn a_bad_write_in_a_batch_takes_no_other_with_it() {
    on_sqlite(async |store| {
        let outcomes = run_together(&store, &["SELECT 1", "SELECT * FROM nothing", "SELECT 1"]).await;
        assert_eq!(outcomes[0], Ok(()));
        assert!(matches!(outcomes[1], Err(StoreError::Unavailable(_))), "{outcomes:?}");
        assert_eq!(outcomes[2], Ok(()));
        assert_eq!(count(&store, JobState::Ready).await, 2);
    })
    .await;
}

#[tokio::test]
async fn where_the_batch_is_rolled_back_nobody_is_told_that_it_was_kept() {
    on_sqlite(async |store| {
        // As SQLite does by itself when the disk is full.
        let outcomes = run_together(&store, &["SELECT 1", "ROLLBACK", "SELECT 1"]).await;
        let are_told = outcomes.iter().all(|outcome| matches!(outcome, Err(StoreError::Unavailable(_))));
        assert!(are_told, "{outcomes:?}");
        assert_eq!(count(&store, JobState::Ready).await, 0);
        assert!(store.is_writable().await, "the next batch has a connection of its own");
        let outcomes = run_together(&store, &["SELECT 1", "SELECT 1"]).await;
        assert_eq!(outcomes, [Ok(()), Ok(())]);
        assert_eq!(count(&store, JobState::Ready).await, 2);
    })
    .await;
}

#[tokio::test]
async fn a_write_that_nobody_waits_for_any_more_is_not_made() {
    on_sqlite(async |store| {
        let go_on = hold_the_writer(&store).await;
        let abandoned = tokio::spawn(run(store.clone(), 1, "SELECT 1"));
        while waiting(&store) < 1 {
            tokio::task::yield_now().await;
        }
        abandoned.abort();
        assert!(abandoned.await.is_err());
        go_on.notify_one();
        assert!(store.is_writable().await);
        assert_eq!(count(&store, JobState::Ready).await, 0);
    })
    .await;
}

#[tokio::test]
async fn writes_that_wait_are_kept_when_the_store_closes() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&Default::default(), folder.path()).await.unwrap();
    let go_on = hold_the_writer(&store).await;
    let waits = tokio::spawn(run(store.clone(), 1, "SELECT 1"));
    while waiting(&store) < 1 {
        tokio::task::yield_now().await;
    }
    let closing = {
        let store = store.clone();
        tokio::spawn(async move { store.close().await })
    };
    go_on.notify_one();
    assert_eq!(waits.await.unwrap(), Ok(()));
    closing.await.unwrap();
    assert!(!folder.path().join("countersign.db-wal").exists(), "the journal is in the database");
    let store = Store::open(&Default::default(), folder.path()).await.unwrap();
    assert_eq!(count(&store, JobState::Ready).await, 1);
}

#[tokio::test]
async fn every_connection_is_durable() {
    const FULL: &str = "SELECT synchronous FROM pragma_synchronous";
    on_sqlite(async |store| {
        let Backend::Sqlite(database) = &store.backend else { panic!("not SQLite") };
        let mut readers = Vec::new();
        for _ in 0..4 {
            let mut reader = database.reader().await.unwrap();
            let mut connection = Connection::Sqlite(&mut reader);
            let synchronous: Option<(i64,)> = connection.first(FULL, []).await.unwrap();
            assert_eq!(synchronous, Some((2,)));
            let write = connection.execute("DELETE FROM job", []).await;
            assert!(write.is_err(), "a reader cannot write");
            readers.push(reader);
        }
        drop(readers);
        // Over and over: also on the connections that take the place of broken ones.
        for _ in 0..3 {
            let synchronous: Option<(i64,)> = store.write_first(FULL, []).await.unwrap();
            assert_eq!(synchronous, Some((2,)));
            run_together(&store, &["ROLLBACK"]).await;
        }
    })
    .await;
}
