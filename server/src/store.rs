//! The durable state: deliveries, jobs, what is to be posted, reviews, findings, feedback, answers, tokens, keys.
//!
//! One cheap value over SQLite or PostgreSQL. A write is one transaction and is answered only after its commit.
//! Time is the database's own, so that nodes with different clocks agree about leases.

pub(crate) mod answers;
pub(crate) mod claim;
mod connection;
pub(crate) mod findings;
pub(crate) mod inbox;
pub(crate) mod outbox;
mod postgres;
pub(crate) mod queue;
pub(crate) mod reviews;
pub(crate) mod secrets;
mod sqlite;
#[cfg(test)]
mod tests;
pub(crate) mod tokens;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use futures::future::BoxFuture;
use jiff::Timestamp;
use serde::de::{DeserializeOwned, IntoDeserializer};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use tokio::sync::Notify;

use crate::config::{self, Database};
use crate::store::connection::{Connection, Row, Value};
use crate::store::inbox::Deliveries;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The store.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    backend: Backend,
    /// What the forges sent, on its way into the database.
    deliveries: Deliveries,
    /// Wakes a worker when there is something to claim.
    work: Arc<Notify>,
}

#[derive(Clone, Debug)]
enum Backend {
    Sqlite(sqlite::Database),
    Postgres(PgPool),
}

/// Why the store did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreError {
    /// The claim is no longer this worker's, or soon will not be.
    #[error("the lease on this job is lost or about to end; this worker must write nothing more for it")]
    Lost,
    /// Nothing was written; it may be tried again. After a broken connection the write may have happened.
    #[error("the database cannot be reached, or refuses: {0}")]
    Unavailable(String),
    /// Something was stored that this version does not understand.
    #[error("the database holds a {what} that this version cannot read: {reason}")]
    Unreadable {
        /// What it is.
        what: &'static str,
        /// Why it cannot be read.
        reason: String,
    },
    /// The name belongs to another token, perhaps a revoked one.
    #[error("the name `{0}` is taken; choose another one (names of revoked tokens stay taken)")]
    NameTaken(String),
}

impl Store {
    /// Opens the store, and makes or updates its tables.
    pub(crate) async fn open(database: &Database, data: &Path) -> anyhow::Result<Self> {
        let backend =
            match &database.url_file {
                None => Backend::Sqlite(sqlite::open(data).await.context("opening the SQLite store")?),
                Some(file) => {
                    let url = config::secret(file)?;
                    let pool = postgres::open(&url).await;
                    Backend::Postgres(pool.with_context(|| {
                        format!("opening the PostgreSQL store that {} names", file.display())
                    })?)
                }
            };
        Ok(Self { deliveries: Deliveries::open(backend.clone()), backend, work: Arc::default() })
    }

    /// The database and its version, for the log.
    pub(crate) async fn backend(&self) -> Result<String, StoreError> {
        let (name, sql) = match &self.backend {
            Backend::Sqlite(_) => ("SQLite", "SELECT sqlite_version()"),
            Backend::Postgres(_) => ("PostgreSQL", "SELECT current_setting('server_version')"),
        };
        let version: Option<(String,)> = self.first(sql, []).await?;
        Ok(format!("{name} {}", version.map(|(version,)| version).unwrap_or_default()))
    }

    /// Whether a write comes through now.
    pub(crate) async fn is_writable(&self) -> bool {
        const PROBE: &str = "INSERT INTO probe (id, at) VALUES (1, {now}) \
             ON CONFLICT (id) DO UPDATE SET at = excluded.at";
        self.write(|mut db| Box::pin(async move { db.execute(PROBE, []).await })).await.is_ok()
    }

    /// Forgets deliveries, ended posts and finished jobs that are older than this. Returns the number of rows.
    pub(crate) async fn forget(&self, older_than: Duration) -> Result<u64, StoreError> {
        const FORGET: [&str; 3] = [
            "DELETE FROM inbox WHERE received_at < {now} - $1",
            "DELETE FROM outbox WHERE state IN ('sent', 'failed') AND updated_at < {now} - $1",
            "DELETE FROM job WHERE state = 'done' AND updated_at < {now} - $1",
        ];
        let age = milliseconds(older_than);
        self.write(move |mut db| {
            Box::pin(async move {
                let mut rows = 0;
                for sql in FORGET {
                    rows += db.execute(sql, [age.into()]).await?;
                }
                Ok(rows)
            })
        })
        .await
    }

    /// Finishes the writes that wait, and closes. Later writes are `Unavailable`.
    pub(crate) async fn close(&self) {
        match &self.backend {
            Backend::Sqlite(database) => database.close().await,
            Backend::Postgres(pool) => pool.close().await,
        }
    }

    /// Runs one transaction: all of it is kept, or with an error nothing.
    async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(Connection<'c>) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        self.backend.write(work).await
    }

    /// One write of a single statement; the number of rows that it touched.
    async fn execute<const N: usize>(
        &self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<u64, StoreError> {
        self.write(move |mut db| Box::pin(async move { db.execute(sql, values).await })).await
    }

    /// One write of a single statement that answers with at most one row.
    async fn write_first<T: Row + 'static, const N: usize>(
        &self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Option<T>, StoreError> {
        self.write(move |mut db| Box::pin(async move { db.first(sql, values).await })).await
    }

    /// Reads rows as of the last commit.
    async fn all<T: Row, const N: usize>(
        &self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Vec<T>, StoreError> {
        match &self.backend {
            Backend::Sqlite(database) => {
                Connection::Sqlite(&mut *database.reader().await?).all(sql, values).await
            }
            Backend::Postgres(pool) => {
                Connection::Postgres(&mut *pool.acquire().await?).all(sql, values).await
            }
        }
    }

    /// Reads the first row as of the last commit.
    async fn first<T: Row, const N: usize>(
        &self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }
}

impl Backend {
    /// Runs one transaction: all of it is kept, or with an error nothing.
    async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(Connection<'c>) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        match self {
            Backend::Sqlite(database) => database.write(work).await,
            Backend::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let outcome = work(Connection::Postgres(&mut transaction)).await?;
                transaction.commit().await?;
                Ok(outcome)
            }
        }
    }
}

impl StoreError {
    fn unreadable(what: &'static str) -> impl FnOnce(serde_json::Error) -> Self {
        move |error| Self::Unreadable { what, reason: error.to_string() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Reads the name of one of a closed set of things.
fn word<T: DeserializeOwned>(what: &'static str, name: &str) -> Result<T, StoreError> {
    T::deserialize(name.into_deserializer())
        .map_err(|error: serde_json::Error| StoreError::unreadable(what)(error))
}

fn timestamp(milliseconds: i64) -> Result<Timestamp, StoreError> {
    let unreadable = |error: jiff::Error| StoreError::Unreadable { what: "time", reason: error.to_string() };
    Timestamp::from_millisecond(milliseconds).map_err(unreadable)
}

fn milliseconds(duration: Duration) -> i64 {
    // A quarter of the range, so that no sum with a time of day overflows.
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).min(i64::MAX / 4)
}
