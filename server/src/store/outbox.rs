//! What a job writes on a forge: planned where that is known before, fenced right before, and noted after.
//!
//! A row that is `sending` when a job is claimed again is in doubt: the forge may have it. Whoever finds one looks
//! at the forge before writing again.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::store::claim::Claim;
use crate::store::connection::Connection;
use crate::store::inbox::key;
use crate::store::{Store, StoreError, milliseconds, word};

/// Something to write on a forge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Effect {
    /// Its name among the effects of its job: the same when it is planned again.
    pub(crate) key: String,
    /// What it is, such as `comment` or `status`.
    pub(crate) kind: String,
    /// The digest of what is written.
    pub(crate) body_hash: String,
}

/// Where an effect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OutboxState {
    /// Nothing was sent.
    Planned,
    /// It is being sent; after a crash nobody knows whether the forge has it.
    Sending,
    /// The forge has it.
    Sent,
    /// The forge refused it.
    Failed,
}

/// An effect as it was kept before it was planned again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutboxEntry {
    /// Its name.
    pub(crate) key: String,
    /// Where it was.
    pub(crate) state: OutboxState,
    /// The digest of what was written, or was to be.
    pub(crate) body_hash: String,
    /// Its id on the forge, once sent.
    pub(crate) forge_id: Option<String>,
}

impl Store {
    /// Plans effects as this claim's. One answer for each: what was kept of it before, if anything. One that was
    /// sent with the same body stays `sent`, one in doubt stays `sending`, any other is `planned`.
    #[cfg(test)]
    pub(crate) async fn plan(
        &self,
        claim: &Claim,
        effects: &[Effect],
    ) -> Result<Vec<Option<OutboxEntry>>, StoreError> {
        let (claim, effects) = (claim.clone(), effects.to_vec());
        let write = self.write(move |mut db| {
            Box::pin(async move {
                fence(&mut db, &claim).await?;
                plan(&mut db, &claim, &effects).await
            })
        });
        write.await
    }

    /// The fence right before a write on the forge: the claim is still this worker's and will be for more than
    /// `margin`, which should be twice as long as the write may take. An effect that was not planned is noted now.
    pub(crate) async fn sending(
        &self,
        claim: &Claim,
        effect: &str,
        margin: Duration,
    ) -> Result<(), StoreError> {
        const SENDING: &str = "INSERT INTO outbox (job, key, epoch, kind, body_hash, state, created_at, updated_at) \
             SELECT key, $1, epoch, '', '', 'sending', {now}, {now} FROM job \
             WHERE key = $2 AND epoch = $3 AND state = 'running' AND due_at - {now} > $4 \
             ON CONFLICT (job, key) DO UPDATE SET epoch = excluded.epoch, state = 'sending', \
             updated_at = excluded.updated_at";
        let margin = milliseconds(margin).into();
        let values = [key(effect).into(), claim.key.as_str().into(), claim.epoch.into(), margin];
        one_row(self.execute(SENDING, values).await?)
    }

    /// Notes that the forge has it, under this id. Allowed after the lease, unless another claim planned it since.
    pub(crate) async fn sent(&self, claim: &Claim, effect: &str, forge_id: &str) -> Result<(), StoreError> {
        const SENT: &str = "UPDATE outbox SET state = 'sent', forge_id = $4, updated_at = {now} \
             WHERE key = $1 AND job = $2 AND epoch = $3";
        let values = [key(effect).into(), claim.key.as_str().into(), claim.epoch.into(), forge_id.into()];
        one_row(self.execute(SENT, values).await?)
    }

    /// How many effects there are in each state. What is not there is not listed.
    pub(crate) async fn outbox_counts(&self) -> Result<Vec<(OutboxState, u64)>, StoreError> {
        const COUNT: &str = "SELECT state, COUNT(*) FROM outbox GROUP BY state ORDER BY state";
        let rows: Vec<(String, i64)> = self.all(COUNT, []).await?;
        let read = |(state, count): (String, i64)| Ok((word("post", &state)?, count.unsigned_abs()));
        rows.into_iter().map(read).collect()
    }
}

/// Fails unless the claim is still its worker's; inside a transaction the row stays so until the commit.
pub(super) async fn fence(db: &mut Connection<'_>, claim: &Claim) -> Result<(), StoreError> {
    const FENCE: &str =
        "UPDATE job SET updated_at = {now} WHERE key = $1 AND epoch = $2 AND state = 'running'";
    one_row(db.execute(FENCE, [claim.key.as_str().into(), claim.epoch.into()]).await?)
}

/// Plans effects, inside a transaction behind the fence.
pub(super) async fn plan(
    db: &mut Connection<'_>,
    claim: &Claim,
    effects: &[Effect],
) -> Result<Vec<Option<OutboxEntry>>, StoreError> {
    const BEFORE: &str = "SELECT key, state, body_hash, forge_id FROM outbox WHERE key = $1 AND job = $2";
    const PLAN: &str = "INSERT INTO outbox (key, job, epoch, kind, body_hash, state, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, 'planned', {now}, {now}) \
         ON CONFLICT (job, key) DO UPDATE SET epoch = excluded.epoch, kind = excluded.kind, \
         body_hash = excluded.body_hash, updated_at = excluded.updated_at, \
         state = CASE WHEN outbox.state = 'sending' \
         OR (outbox.state = 'sent' AND outbox.body_hash = excluded.body_hash) THEN outbox.state ELSE 'planned' END";
    let mut before = Vec::with_capacity(effects.len());
    for effect in effects {
        let name = key(&effect.key);
        let row: Option<EntryRow> =
            db.first(BEFORE, [name.as_str().into(), claim.key.as_str().into()]).await?;
        let values = [
            name.into(),
            claim.key.as_str().into(),
            claim.epoch.into(),
            effect.kind.as_str().into(),
            effect.body_hash.as_str().into(),
        ];
        db.execute(PLAN, values).await?;
        before.push(row.map(EntryRow::read).transpose()?);
    }
    Ok(before)
}

fn one_row(rows: u64) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Lost) }
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    key: String,
    state: String,
    body_hash: String,
    forge_id: Option<String>,
}

impl EntryRow {
    fn read(self) -> Result<OutboxEntry, StoreError> {
        let Self { key, state, body_hash, forge_id } = self;
        Ok(OutboxEntry { key, state: word("post", &state)?, body_hash, forge_id })
    }
}
