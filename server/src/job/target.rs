//! A branch that moved: what merges into it is another thing now, and is reviewed again.
//!
//! The forge says which merge requests these are; each gets its job, and what has not changed says the same.

use super::order::{ReviewJob, TargetJob};
use super::{Ended, JobError, Running};
use crate::forge::OpenMergeRequest;
use crate::record::Outcome;
use crate::service::Service;
use crate::store::StoreError;
use crate::store::queue::NewJob;

/// Behind the reviews that somebody waits for.
const LATER: i64 = 1;

/// Queues the reviews of the open merge requests into a branch.
pub(super) async fn run(running: &Running<'_>, job: &TargetJob) -> Result<Ended, JobError> {
    let service = running.service;
    let forge = service
        .forge(job.forge)
        .ok_or_else(|| JobError::Hopeless(format!("no {} is configured any more", job.forge)))?;
    let mut reviews = Vec::new();
    for merge_request in forge.open_into(&job.repository, &job.branch).await? {
        if is_concerned(service, &merge_request).await? {
            let review = ReviewJob::of_event(merge_request.key).queued();
            reviews.push(NewJob { priority: LATER, ..review });
        }
    }
    service.store.enqueue_all(&reviews).await?;
    Ok(Ended::Done)
}

/// A draft is left alone unless it was reviewed, as repository or author wanted.
async fn is_concerned(service: &Service, merge_request: &OpenMergeRequest) -> Result<bool, StoreError> {
    if !merge_request.is_draft {
        return Ok(true);
    }
    let latest = service.store.latest_review(&merge_request.key).await?;
    Ok(latest.is_some_and(|review| match review.outcome {
        Outcome::Reviewed(_) | Outcome::Running | Outcome::Stale => true,
        Outcome::NotReviewed { .. } => false,
    }))
}
