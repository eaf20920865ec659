//! Shows how long the queue is, on the meters.

use std::sync::Arc;
use std::time::Duration;

use crate::service::Service;
use crate::store::StoreError;
use crate::store::outbox::OutboxState;
use crate::store::queue::{JobKind, JobState};
use crate::telemetry::meters;

/// Between two looks.
const PAUSE: Duration = Duration::from_secs(5);

/// Looks again and again until the service stops.
pub(crate) async fn gauge(service: Arc<Service>) {
    while !service.stop.is_cancelled() {
        if let Err(error) = look(&service).await {
            tracing::warn!(error = %error, "the queue cannot be counted");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = service.stop.cancelled() => {}
        }
    }
}

async fn look(service: &Service) -> Result<(), StoreError> {
    let counts = service.store.queue_counts().await?;
    for kind in JobKind::ALL {
        for state in JobState::ALL {
            let counted = counts.iter().find(|count| (count.kind, count.state) == (kind, state));
            meters::queue_depth(kind.name(), state.name(), counted.map_or(0, |count| count.count));
        }
    }
    let writes = service.store.outbox_counts().await?;
    let pending =
        writes.iter().filter(|(state, _)| matches!(state, OutboxState::Planned | OutboxState::Sending));
    meters::outbox_pending(pending.map(|(_, count)| count).sum());
    let oldest = service.store.oldest_ready_seconds().await?;
    meters::queue_oldest_ready(Duration::from_secs_f64(oldest.max(0.0)));
    Ok(())
}
