//! The fence before every write to a forge: whoever has lost the lease, or soon will, writes nothing.

use async_trait::async_trait;

use super::{Running, margin};
use crate::posting::deliver::{Fence, Lost};

/// The fence of one claim. Each write is a row of the outbox, so that it is known later who wrote what.
pub(super) struct LeaseFence<'r> {
    running: &'r Running<'r>,
}

impl<'r> LeaseFence<'r> {
    /// The fence of a running job.
    pub(super) fn new(running: &'r Running<'r>) -> Self {
        Self { running }
    }
}

#[async_trait]
impl Fence for LeaseFence<'_> {
    async fn may_send(&self, key: &str) -> Result<(), Lost> {
        let Running { service, claim, cancel, .. } = self.running;
        if cancel.is_cancelled() {
            return Err(Lost);
        }
        service.store.sending(claim, key, margin(&service.config)).await.map_err(|error| {
            tracing::warn!(job.key = claim.key, error = %error, "a write was held back");
            Lost
        })
    }

    async fn sent(&self, key: &str, forge_id: &str) {
        let Running { service, claim, .. } = self.running;
        if let Err(error) = service.store.sent(claim, key, forge_id).await {
            tracing::warn!(job.key = claim.key, error = %error, "a write that was made was not noted");
        }
    }
}
