//! The service's own keys: random, made once by whoever asks first, and the same for every replica.
//!
//! A key is never replaced: without it the service would not know its own comments.

use crate::store::{Store, StoreError};

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SecretName {
    /// Signs the markers of comments.
    Markers,
    /// Signs the sessions of the dashboard.
    Sessions,
}

impl SecretName {
    /// The name in records.
    fn name(self) -> &'static str {
        match self {
            Self::Markers => "markers",
            Self::Sessions => "sessions",
        }
    }
}

impl Store {
    /// The key of this name.
    pub(crate) async fn secret(&self, name: SecretName) -> Result<[u8; 32], StoreError> {
        const MAKE: &str = "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
        const READ: &str = "SELECT value FROM secret WHERE name = $1";
        let name = name.name();
        let made = hex::encode(rand::random::<[u8; 32]>());
        let kept: Option<(String,)> = self
            .write(move |mut db| {
                Box::pin(async move {
                    db.execute(MAKE, [name.into(), made.into()]).await?;
                    db.first(READ, [name.into()]).await
                })
            })
            .await?;
        let (kept,) = kept.unwrap_or_default();
        let mut key = [0; 32];
        // The error would repeat a digit of the key.
        hex::decode_to_slice(&kept, &mut key).map_err(|_| StoreError::Unreadable {
            what: "key",
            reason: format!("`{name}` is not 64 hexadecimal digits; put the row of the last backup there"),
        })?;
        Ok(key)
    }
}
