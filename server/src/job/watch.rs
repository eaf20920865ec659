//! Looks again and again for what no webhook told: open merge requests whose head has no review.
//!
//! This is what makes "nothing is lost" true from end to end: webhooks are lost on the way, and forges give up.

use std::sync::Arc;
use std::time::Duration;

use super::order::ReviewJob;
use crate::forge::{Forge, ForgeError, OpenMergeRequest};
use crate::record::Outcome;
use crate::service::Service;
use crate::store::StoreError;
use crate::telemetry::meters;

/// How long deliveries and what was posted are remembered. Forges deliver again within three days.
const MEMORY: Duration = Duration::from_secs(30 * 24 * 3600);

/// Why a look did not see everything.
#[derive(Debug, thiserror::Error)]
enum WatchError {
    #[error("{0}")]
    Forge(#[from] ForgeError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Watches until the service stops.
pub(crate) async fn watch(service: Arc<Service>) {
    let pause = Duration::from_secs(service.config.review.reconcile_seconds.max(1));
    while !service.stop.is_cancelled() {
        look(&service).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = service.stop.cancelled() => {}
        }
    }
}

/// One look at every forge.
async fn look(service: &Service) {
    for (kind, forge) in &service.forges {
        match repair(service, forge.as_ref()).await {
            Ok(0) => {}
            Ok(repaired) => {
                tracing::info!(forge = kind.name(), repaired, "reviews that no webhook asked for are queued");
            }
            Err(error) => {
                tracing::warn!(forge = kind.name(), error = %error, "open merge requests cannot be compared with reviews");
            }
        }
    }
    if let Err(error) = forget(service).await {
        tracing::warn!(error = %error, "what is old cannot be forgotten");
    }
}

async fn forget(service: &Service) -> Result<(), StoreError> {
    let retention = service.config.model.clone().unwrap_or_default().retention();
    service.store.forget(MEMORY).await?;
    service.store.forget_answers(retention).await?;
    Ok(())
}

/// Queues a review for every open merge request whose head has none; how many.
async fn repair(service: &Service, forge: &dyn Forge) -> Result<u64, WatchError> {
    let mut repaired = 0;
    for merge_request in forge.open_merge_requests().await? {
        if !is_reviewed(service, &merge_request).await? && queue(service, &merge_request).await? {
            repaired += 1;
            meters::reconciled(forge.kind());
        }
    }
    Ok(repaired)
}

async fn is_reviewed(service: &Service, merge_request: &OpenMergeRequest) -> Result<bool, StoreError> {
    let latest = service.store.latest_review(&merge_request.key).await?;
    Ok(latest.is_some_and(|review| {
        let is_for_head = review.bound_to.head.as_deref() == Some(&merge_request.head);
        match review.outcome {
            Outcome::Reviewed(_) | Outcome::NotReviewed { .. } => is_for_head,
            Outcome::Running | Outcome::Stale => false,
        }
    }))
}

async fn queue(service: &Service, merge_request: &OpenMergeRequest) -> Result<bool, StoreError> {
    service.store.enqueue_if_idle(&ReviewJob::of_event(merge_request.key.clone()).queued()).await
}
