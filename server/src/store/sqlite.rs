//! The store in one SQLite file: a few readers, and one writer that commits waiting writes together.
//!
//! A write is answered only after the COMMIT that holds it is on disk. Each stands in a SAVEPOINT of its own, so
//! that one that fails takes nothing with it. That connections are durable is asserted on every one of them.

mod filesystem;

use std::fs::DirBuilder;
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use futures::future::BoxFuture;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::store::connection::Connection;
use crate::store::{MIGRATIONS, StoreError};

/// Writes that share one COMMIT at most.
const BATCH: usize = 128;
/// Writes that may wait; further ones wait to wait.
const QUEUE: usize = 1024;
const READERS: u32 = 4;
/// The journal is cut back to this after a checkpoint, so that one long reader does not leave a large file.
const JOURNAL_BYTES: &str = "67108864";

/// What must hold on every connection. `synchronous` 2 is FULL: a COMMIT is on disk when it returns.
const ASSERTED: [(&str, &str); 5] = [
    ("journal_mode", "wal"),
    ("synchronous", "2"),
    ("busy_timeout", "5000"),
    ("foreign_keys", "1"),
    ("trusted_schema", "0"),
];

/// An open SQLite store.
#[derive(Clone, Debug)]
pub(super) struct Database {
    readers: SqlitePool,
    writes: mpsc::Sender<Box<dyn Write>>,
    closing: CancellationToken,
    writer: TaskTracker,
}

/// A write that waits for its transaction.
trait Write: Send {
    /// Whether somebody still waits for its answer.
    fn is_wanted(&self) -> bool;
    /// Does it; whether it may be kept.
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, bool>;
    /// Says how it ended, once the transaction has.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

struct Pending<T, W> {
    work: Option<W>,
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

/// Opens the store in a folder, which is made where it is missing.
pub(super) async fn open(data: &Path) -> anyhow::Result<Database> {
    make_folder(data).with_context(|| format!("making the folder {}", data.display()))?;
    filesystem::refuse_network(data)?;
    let file = data.join("countersign.db");
    let writer = pool(options(&file), 1).await.with_context(|| file.display().to_string())?;
    MIGRATIONS.run(&writer).await.with_context(|| format!("{}: updating its tables", file.display()))?;
    let readers = pool(options(&file).pragma("query_only", "ON"), READERS).await?;
    let (writes, queue) = mpsc::channel(QUEUE);
    let closing = CancellationToken::new();
    let tracker = TaskTracker::new();
    tracker.spawn(write_all(writer, queue, closing.clone()));
    tracker.close();
    Ok(Database { readers, writes, closing, writer: tracker })
}

impl Database {
    /// A connection that cannot write.
    pub(super) async fn reader(&self) -> Result<PoolConnection<Sqlite>, StoreError> {
        Ok(self.readers.acquire().await?)
    }

    /// Hands a write to the writer and waits for its commit.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(Connection<'c>) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let pending = Pending { work: Some(work), outcome: None, reply };
        let stopped = || StoreError::Unavailable("the store is closed".to_owned());
        self.writes.send(Box::new(pending)).await.map_err(|_| stopped())?;
        answer.await.map_err(|_| stopped())?
    }

    /// How many writes wait for the writer.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.writes.max_capacity() - self.writes.capacity()
    }

    /// Finishes the writes that wait, and moves the journal into the database.
    pub(super) async fn close(&self) {
        self.closing.cancel();
        self.writer.wait().await;
        self.readers.close().await;
    }
}

impl<T, W> Write for Pending<T, W>
where
    T: Send,
    W: for<'c> FnOnce(Connection<'c>) -> BoxFuture<'c, Result<T, StoreError>> + Send,
{
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, bool> {
        Box::pin(async move {
            let work = self.work.take().expect("a write runs once");
            let outcome = work(Connection::Sqlite(connection)).await;
            let is_kept = outcome.is_ok();
            self.outcome = Some(outcome);
            is_kept
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let outcome = match (committed, self.outcome) {
            (Ok(()), Some(outcome)) | (Err(_), Some(outcome @ Err(_))) => outcome,
            (Err(error), _) => Err(error),
            // It was not run, because nobody waits.
            (Ok(()), None) => return,
        };
        // Who asked may have gone.
        let _ = self.reply.send(outcome);
    }
}

async fn write_all(pool: SqlitePool, mut queue: mpsc::Receiver<Box<dyn Write>>, closing: CancellationToken) {
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            () = closing.cancelled(), if !queue.is_closed() => queue.close(),
            count = queue.recv_many(&mut batch, BATCH) => {
                if count == 0 {
                    break;
                }
                let committed = commit(&pool, &mut batch).await.map_err(StoreError::from);
                batch.drain(..).for_each(|write| write.answer(committed.clone()));
            }
        }
    }
    if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&pool).await {
        tracing::warn!(%error, "the journal could not be moved into the database; the next start does it");
    }
    pool.close().await;
}

async fn commit(pool: &SqlitePool, batch: &mut [Box<dyn Write>]) -> Result<(), sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let committed = commit_on(&mut connection, batch).await;
    if committed.is_err() {
        // SQLite may have rolled back by itself; what this connection thinks of its transaction is not trusted.
        let _ = connection.close().await;
    }
    committed
}

async fn commit_on(
    connection: &mut SqliteConnection,
    batch: &mut [Box<dyn Write>],
) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for write in batch.iter_mut().filter(|write| write.is_wanted()) {
        let mut savepoint = transaction.begin().await?;
        if write.run(&mut savepoint).await {
            savepoint.commit().await?;
        } else {
            savepoint.rollback().await?;
        }
    }
    transaction.commit().await
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        .pragma("journal_size_limit", JOURNAL_BYTES)
        // macOS only: there a plain fsync does not reach the disk.
        .pragma("fullfsync", "ON")
        .pragma("checkpoint_fullfsync", "ON")
}

async fn pool(options: SqliteConnectOptions, connections: u32) -> Result<SqlitePool, sqlx::Error> {
    // The pool would try again and again, and not say why.
    let mut first = options.connect().await?;
    assert_durable(&mut first).await?;
    first.close().await?;
    SqlitePoolOptions::new()
        .max_connections(connections)
        .after_connect(|connection, _| Box::pin(assert_durable(connection)))
        .connect_with(options)
        .await
}

async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for (pragma, wanted) in ASSERTED {
        let sql = sqlx::AssertSqlSafe(format!("PRAGMA {pragma}"));
        let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
        let found: String = row.try_get_unchecked(0)?;
        if found != wanted {
            let message = format!("SQLite does not obey: `PRAGMA {pragma}` is {found}, not {wanted}");
            return Err(sqlx::Error::Configuration(message.into()));
        }
    }
    Ok(())
}

fn make_folder(data: &Path) -> std::io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data)
}
