//! One way to speak to both databases: statements are written once, what differs is filled in here.
//!
//! Statements are constants of this crate; everything else travels as a bound value.

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow};

use crate::store::StoreError;

/// A connection inside a transaction, or for reading.
pub(super) enum Connection<'c> {
    /// To SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// To PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// What a statement is given.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Text, or nothing.
    Text(Option<String>),
    /// A number, or nothing.
    Integer(Option<i64>),
    /// Yes or no.
    Bool(bool),
}

/// What both databases can answer with.
pub(super) trait Row:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// What the two databases say differently: the clock in milliseconds, how rows are locked for a claim, and the
/// texts, or as `listed` the objects, in the JSON array that is the first value.
struct Dialect {
    now: &'static str,
    for_update_skip_locked: &'static str,
    texts_of_1: &'static str,
    objects_of_1: &'static str,
}

// As a sub-query the clock is read once for each statement, and indexes on times stay usable. It is the clock of
// the statement, not of the transaction, which may have waited.
const POSTGRES: Dialect = Dialect {
    now: "(SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT))",
    for_update_skip_locked: "FOR UPDATE SKIP LOCKED",
    texts_of_1: "SELECT json_array_elements_text(CAST($1 AS json))",
    objects_of_1: "json_array_elements(CAST($1 AS json)) AS listed(value)",
};

const SQLITE: Dialect = Dialect {
    now: "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)",
    for_update_skip_locked: "",
    texts_of_1: "SELECT value FROM json_each($1)",
    objects_of_1: "json_each($1) AS listed",
};

impl Dialect {
    fn fill(&self, sql: &'static str) -> AssertSqlSafe<String> {
        let sql = sql.replace("{now}", self.now);
        let sql = sql.replace("{for_update_skip_locked}", self.for_update_skip_locked);
        let sql = sql.replace("{objects_of_1}", self.objects_of_1);
        AssertSqlSafe(sql.replace("{texts_of_1}", self.texts_of_1))
    }
}

/// Binds the values one after the other: the same code for both databases' types of query.
macro_rules! bind {
    ($query:expr, $values:expr) => {
        $values.into_iter().fold($query, |query, value| match value {
            Value::Text(text) => query.bind(text),
            Value::Integer(number) => query.bind(number),
            Value::Bool(bool) => query.bind(bool),
        })
    };
}

impl Connection<'_> {
    /// Runs a statement; the number of rows that it touched.
    pub(super) async fn execute<const N: usize>(
        &mut self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let query = bind!(sqlx::query(SQLITE.fill(sql)), values);
                query.execute(&mut **connection).await?.rows_affected()
            }
            Self::Postgres(connection) => {
                let query = bind!(sqlx::query(POSTGRES.fill(sql)), values);
                query.execute(&mut **connection).await?.rows_affected()
            }
        })
    }

    /// Runs a statement that answers with rows.
    pub(super) async fn all<T: Row, const N: usize>(
        &mut self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Vec<T>, StoreError> {
        Ok(match self {
            Self::Sqlite(connection) => {
                bind!(sqlx::query_as(SQLITE.fill(sql)), values).fetch_all(&mut **connection).await?
            }
            Self::Postgres(connection) => {
                bind!(sqlx::query_as(POSTGRES.fill(sql)), values).fetch_all(&mut **connection).await?
            }
        })
    }

    /// Runs a statement that answers with at most one row.
    pub(super) async fn first<T: Row, const N: usize>(
        &mut self,
        sql: &'static str,
        values: [Value; N],
    ) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }
}

/// The text as both databases keep it: PostgreSQL knows no U+0000 in text, and hostile input does.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "\u{FFFD}")
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        Self::Text(text.map(storable))
    }
}

impl From<&[String]> for Value {
    fn from(texts: &[String]) -> Self {
        serde_json::Value::from_iter(texts.iter().map(|text| storable(text))).to_string().into()
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Some(text).into()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Some(text.as_str()).into()
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.as_deref().into()
    }
}

impl From<Option<i64>> for Value {
    fn from(number: Option<i64>) -> Self {
        Self::Integer(number)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(Some(number))
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}
