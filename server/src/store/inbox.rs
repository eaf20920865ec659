//! What the forges sent: a delivery and the jobs that it asks for are kept together or not at all.

use crate::event::Delivery;
use crate::store::queue::{self, NewJob};
use crate::store::{Store, StoreError};

/// Longest name that both databases take as a key. Real ones have tens of bytes.
const LONGEST_KEY: usize = 1024;

/// Whether a delivery was news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// It is kept, and its jobs are in the queue.
    New,
    /// It had come before: nothing was changed.
    Duplicate,
}

impl Store {
    /// Keeps a delivery and puts its jobs into the queue, in one transaction.
    pub(crate) async fn receive(&self, delivery: &Delivery, jobs: &[NewJob]) -> Result<Received, StoreError> {
        const KEEP: &str = "INSERT INTO inbox (forge, delivery, event, received_at) VALUES ($1, $2, $3, {now}) \
             ON CONFLICT (forge, delivery) DO NOTHING";
        let event = serde_json::to_string(&delivery.event).map_err(StoreError::unreadable("webhook"))?;
        let keep = [delivery.forge.name().into(), key(&delivery.id).into(), event.into()];
        // In one order, so that two deliveries never wait for each other's rows.
        let mut jobs = jobs.to_vec();
        jobs.sort_by(|one, other| one.key.cmp(&other.key));
        let received = self
            .write(move |mut db| {
                Box::pin(async move {
                    if db.execute(KEEP, keep).await? == 0 {
                        return Ok(Received::Duplicate);
                    }
                    for job in &jobs {
                        queue::put(&mut db, job).await?;
                    }
                    Ok(Received::New)
                })
            })
            .await?;
        self.work.notify_one();
        Ok(received)
    }
}

/// The name itself, or for one that no database takes as a key its digest.
pub(super) fn key(name: &str) -> String {
    use sha2::{Digest, Sha256};
    if name.len() <= LONGEST_KEY {
        return name.to_owned();
    }
    format!("sha256:{}", hex::encode(Sha256::digest(name)))
}
