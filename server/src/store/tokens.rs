//! Callers' tokens. Only their SHA-256 is kept; a token that is revoked or has expired is not found.

use std::time::Duration;

use jiff::Timestamp;

use crate::store::{Store, StoreError, milliseconds, timestamp};

/// How exactly the last use of a token is known: a write for each call would be too many.
const LAST_USED: Duration = Duration::from_secs(60);

/// A token to make.
#[derive(Clone, Debug)]
pub(crate) struct NewToken {
    /// Its name, for people.
    pub(crate) name: String,
    /// The SHA-256 of the token.
    pub(crate) hash: [u8; 32],
    /// What it permits.
    pub(crate) scopes: Vec<String>,
    /// When it ends; `None` for never.
    pub(crate) expires_at: Option<Timestamp>,
}

/// A token as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its name, for people.
    pub(crate) name: String,
    /// What it permits.
    pub(crate) scopes: Vec<String>,
    /// When it was made.
    pub(crate) created_at: Timestamp,
    /// When it ends; `None` for never.
    pub(crate) expires_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub(crate) last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub(crate) revoked_at: Option<Timestamp>,
}

impl Store {
    /// Makes a token.
    pub(crate) async fn create_token(&self, token: &NewToken) -> Result<(), StoreError> {
        const CREATE: &str = "INSERT INTO token (name, hash, scopes, created_at, expires_at) \
             VALUES ($1, $2, $3, {now}, $4) ON CONFLICT (name) DO NOTHING";
        let scopes = serde_json::to_string(&token.scopes).map_err(StoreError::unreadable("token"))?;
        let values = [
            token.name.as_str().into(),
            hex::encode(token.hash).into(),
            scopes.into(),
            token.expires_at.map(Timestamp::as_millisecond).into(),
        ];
        match self.execute(CREATE, values).await? {
            0 => Err(StoreError::NameTaken(token.name.clone())),
            _ => Ok(()),
        }
    }

    /// The live token with this SHA-256.
    pub(crate) async fn token_by_hash(&self, hash: &[u8; 32]) -> Result<Option<Token>, StoreError> {
        const LIVE: &str = "SELECT name, scopes, created_at, expires_at, last_used_at, revoked_at FROM token \
             WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > {now})";
        let row: Option<TokenRow> = self.first(LIVE, [hex::encode(hash).into()]).await?;
        row.map(TokenRow::read).transpose()
    }

    /// Notes that a token was used, if the last note is more than a minute old.
    pub(crate) async fn touch_token(&self, token: &Token) -> Result<(), StoreError> {
        const TOUCH: &str = "UPDATE token SET last_used_at = {now} \
             WHERE name = $1 AND (last_used_at IS NULL OR last_used_at < {now} - $2)";
        let is_fresh = |at: Timestamp| Timestamp::now().duration_since(at).unsigned_abs() < LAST_USED;
        if token.last_used_at.is_some_and(is_fresh) {
            return Ok(());
        }
        let values = [token.name.as_str().into(), milliseconds(LAST_USED).into()];
        self.execute(TOUCH, values).await.map(drop)
    }

    /// Revokes a token for good. Whether there was a live one of this name.
    pub(crate) async fn revoke_token(&self, name: &str) -> Result<bool, StoreError> {
        const REVOKE: &str = "UPDATE token SET revoked_at = {now} WHERE name = $1 AND revoked_at IS NULL";
        Ok(self.execute(REVOKE, [name.into()]).await? == 1)
    }

    /// Every token, also revoked ones, by name.
    pub(crate) async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        const ALL: &str =
            "SELECT name, scopes, created_at, expires_at, last_used_at, revoked_at FROM token ORDER BY name";
        let rows: Vec<TokenRow> = self.all(ALL, []).await?;
        rows.into_iter().map(TokenRow::read).collect()
    }
}

#[derive(sqlx::FromRow)]
struct TokenRow {
    name: String,
    scopes: String,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TokenRow {
    fn read(self) -> Result<Token, StoreError> {
        Ok(Token {
            name: self.name,
            scopes: serde_json::from_str(&self.scopes).map_err(StoreError::unreadable("token"))?,
            created_at: timestamp(self.created_at)?,
            expires_at: self.expires_at.map(timestamp).transpose()?,
            last_used_at: self.last_used_at.map(timestamp).transpose()?,
            revoked_at: self.revoked_at.map(timestamp).transpose()?,
        })
    }
}
