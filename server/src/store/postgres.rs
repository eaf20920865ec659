//! The store in PostgreSQL: a pool whose every session commits to disk and gives up in time.
//!
//! The address of the database in, secret; the pool, or an error that does not repeat the address, out.

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use secrecy::{ExposeSecret, SecretString};
use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgSslMode};
use url::{Host, Url};

use crate::store::MIGRATIONS;

const CONNECTIONS: u32 = 16;
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Values of `synchronous_commit` with which an answered COMMIT is on disk.
const DURABLE: [&str; 2] = ["on", "remote_apply"];

/// A session that hangs must not hold a row, nor a worker its lease.
const LIMITS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET application_name = 'countersign'";

/// Connects, and makes or updates the tables.
pub(super) async fn open(url: &SecretString) -> anyhow::Result<PgPool> {
    let options = options(url.expose_secret())?;
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .after_connect(|connection, _| Box::pin(prepare(connection)))
        .connect_with(options.clone())
        .await;
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => return Err(explain(&options, error).await).context("connecting"),
    };
    MIGRATIONS.run(&pool).await.context("updating the tables")?;
    Ok(pool)
}

/// The pool waits for a server that starts, and then says only that it waited: one more try says why.
async fn explain(options: &PgConnectOptions, error: sqlx::Error) -> sqlx::Error {
    match options.connect().await {
        Ok(mut connection) => prepare(&mut connection).await.err().unwrap_or(error),
        Err(error) => error,
    }
}

/// How an address is connected to.
pub(super) fn options(url: &str) -> anyhow::Result<PgConnectOptions> {
    // Errors of the parsers may repeat what they could not read: the password.
    let unreadable =
        || anyhow!("the file does not hold an address such as postgres://user:password@host/name");
    let address = Url::parse(url).map_err(|_| unreadable())?;
    ensure!(["postgres", "postgresql"].contains(&address.scheme()), unreadable());
    let options = PgConnectOptions::from_str(url).map_err(|_| unreadable())?;
    let names_mode = address.query_pairs().any(|(key, _)| key == "sslmode" || key == "ssl-mode");
    Ok(match names_mode {
        true => options,
        false if is_near(&address) => options.ssl_mode(PgSslMode::Prefer),
        // Over a network nobody may listen or answer instead; whoever wants less says so with `sslmode`.
        false => options.ssl_mode(PgSslMode::VerifyFull),
    })
}

/// Whether the address is of this machine: loopback or a socket's folder.
fn is_near(address: &Url) -> bool {
    let given = address.query_pairs().find(|(key, _)| key == "host").map(|(_, host)| host.into_owned());
    let host = given.or_else(|| address.host_str().map(str::to_owned)).unwrap_or_default();
    if host.is_empty() || host.starts_with('/') || host.to_ascii_lowercase().starts_with("%2f") {
        return true;
    }
    match Host::parse(&host) {
        Ok(Host::Domain(name)) => name == "localhost",
        Ok(Host::Ipv4(ip)) => ip.is_loopback(),
        Ok(Host::Ipv6(ip)) => ip.is_loopback(),
        Err(_) => false,
    }
}

async fn prepare(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(LIMITS).execute(&mut *connection).await?;
    if !DURABLE.contains(&setting(connection, "SHOW synchronous_commit").await?.as_str()) {
        sqlx::raw_sql("SET synchronous_commit = on").execute(&mut *connection).await?;
    }
    let synchronous_commit = setting(connection, "SHOW synchronous_commit").await?;
    let fsync = setting(connection, "SHOW fsync").await?;
    if !DURABLE.contains(&synchronous_commit.as_str()) || fsync != "on" {
        let message = format!(
            "PostgreSQL would answer before a commit is on disk: synchronous_commit = {synchronous_commit}, \
             fsync = {fsync}; both must be on"
        );
        return Err(sqlx::Error::Configuration(message.into()));
    }
    Ok(())
}

async fn setting(connection: &mut PgConnection, show: &'static str) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(show).fetch_one(connection).await
}
