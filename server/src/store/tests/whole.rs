//! The store as a whole: it opens, is writable, closes, and is there again.

use super::{claimed, count, on_every_database, postgres_database, review, worker};
use crate::config::Database;
use crate::store::queue::JobState;
use crate::store::{Store, StoreError};

on_every_database!(
    the_store_is_writable_until_it_closes,
    the_log_can_name_the_database,
    every_write_is_atomic
);

async fn the_store_is_writable_until_it_closes(store: Store) {
    assert!(store.is_writable().await);
    assert!(store.is_writable().await);
    store.close().await;
    assert!(!store.is_writable().await);
    let late = store.enqueue(&review(7, "a")).await;
    assert!(matches!(late, Err(StoreError::Unavailable(_))), "{late:?}");
}

async fn the_log_can_name_the_database(store: Store) {
    let backend = store.backend().await.unwrap();
    let is_known = backend.starts_with("SQLite 3.") || backend.starts_with("PostgreSQL 1");
    assert!(is_known, "{backend}");
}

async fn every_write_is_atomic(store: Store) {
    claimed(&store).await;
    let failed: Result<(), StoreError> = store
        .write(|mut db| {
            Box::pin(async move {
                assert_eq!(db.execute("DELETE FROM job", []).await?, 1);
                Err(StoreError::Lost)
            })
        })
        .await;
    assert_eq!(failed, Err(StoreError::Lost));
    assert_eq!(count(&store, JobState::Running).await, 1);
}

async fn opens_again(database: Database, folder: &std::path::Path) {
    let store = Store::open(&database, folder).await.unwrap();
    store.enqueue(&review(7, "a")).await.unwrap();
    store.close().await;
    let store = Store::open(&database, folder).await.unwrap();
    assert_eq!(count(&store, JobState::Ready).await, 1);
    store.close().await;
}

#[tokio::test]
async fn what_was_kept_in_sqlite_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    opens_again(Database::default(), &folder.path().join("made/on/demand")).await;
}

#[tokio::test]
async fn what_was_kept_in_postgres_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    opens_again(postgres_database(folder.path()), folder.path()).await;
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_not_repeated() {
    let folder = tempfile::tempdir().unwrap();
    let url_file = folder.path().join("url");
    for address in ["postgres://user:hunter2@host:port/name", "mysql://user:hunter2@host/name", "hunter2"] {
        std::fs::write(&url_file, address).unwrap();
        let database = Database { url_file: Some(url_file.clone()) };
        let error = format!("{:#}", Store::open(&database, folder.path()).await.unwrap_err());
        assert!(error.contains("postgres://user:password@host/name"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_that_start_together_share_one_database() {
    let folder = tempfile::tempdir().unwrap();
    let database = postgres_database(folder.path());
    let opens = (0..4).map(|_| Store::open(&database, folder.path()));
    let stores: Vec<Store> = futures::future::try_join_all(opens).await.unwrap();
    stores[0].enqueue(&review(7, "a")).await.unwrap();
    let claims = stores.iter().map(|store| async { store.claim(&worker()).await.unwrap() });
    let claims = futures::future::join_all(claims).await;
    assert_eq!(claims.iter().flatten().count(), 1);
    for store in stores {
        store.close().await;
    }
}
