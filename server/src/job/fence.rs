//! The fence before every write to a forge: whoever has lost the lease, or soon will, writes nothing.

use async_trait::async_trait;

use super::{Running, margin};
use crate::posting::deliver::{Fence, Lost};
use crate::record::new_id;
use crate::store::outbox::Effect;

/// The fence of one claim. Each write is a row of the outbox, so that it is known later who wrote what.
pub(super) struct LeaseFence<'r> {
    running: &'r Running<'r>,
}

impl<'r> LeaseFence<'r> {
    /// The fence of a running job.
    pub(super) fn new(running: &'r Running<'r>) -> Self {
        Self { running }
    }

    fn effect(&self, key: &str) -> String {
        format!("{} {key}", self.running.claim.key)
    }
}

#[async_trait]
impl Fence for LeaseFence<'_> {
    async fn may_send(&self, key: &str) -> Result<(), Lost> {
        let Running { service, claim, cancel, .. } = self.running;
        if cancel.is_cancelled() {
            return Err(Lost);
        }
        let kind = key.split(' ').next().unwrap_or(key).to_owned();
        // What stands on the forge decides what is written, so no two writes are the same one here.
        let effect = Effect { key: self.effect(key), kind, body_hash: new_id() };
        let planned = service.store.plan(claim, std::slice::from_ref(&effect)).await;
        let fenced = match planned {
            Ok(_) => service.store.sending(claim, &effect.key, margin(&service.config)).await,
            Err(error) => Err(error),
        };
        fenced.map_err(|error| {
            tracing::warn!(job.key = claim.key, error = %error, "a write was held back");
            Lost
        })
    }

    async fn sent(&self, key: &str, forge_id: &str) {
        let Running { service, claim, .. } = self.running;
        if let Err(error) = service.store.sent(claim, &self.effect(key), forge_id).await {
            tracing::warn!(job.key = claim.key, error = %error, "a write that was made was not noted");
        }
    }
}
