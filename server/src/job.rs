//! Works jobs off: claims one, holds its lease while it runs, and writes down how it ended.
//!
//! A job may run twice, or be cut off anywhere: each step looks first at what is already there. Whoever has lost
//! the lease can write nothing any more.

mod announce;
mod command;
mod desk;
mod fence;
mod model;
mod posted;
mod review;
mod watch;

pub(crate) use desk::Desk;
pub(crate) use watch::watch;

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::event::Comment;
use crate::forge::ForgeError;
use crate::merge_request::MergeRequestKey;
use crate::service::Service;
use crate::store::{Claim, Failed, JobKind, Retry, StoreError};
use crate::worker::WorkerError;

/// How long a claim holds without a heartbeat: many times what one call to a forge may take.
pub(super) const LEASE: Duration = Duration::from_secs(120);

/// How often a running job says that it still runs.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// How often an idle worker looks for jobs that other replicas left.
const IDLE: Duration = Duration::from_millis(500);

/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);

/// What a review job is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReviewJob {
    /// The merge request.
    pub(crate) merge_request: MergeRequestKey,
    /// Whether an earlier review of the same versions may stand for this one.
    pub(crate) freshness: Freshness,
}

/// Whether an earlier review may stand for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Freshness {
    /// A review of the same versions under the same policies says the same.
    Reuse,
    /// Somebody asked for a new one.
    Anew,
}

/// What a command job is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CommandJob {
    /// The comment that holds the command.
    pub(crate) comment: Comment,
}

/// How a job ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// There is nothing more to do.
    Done,
    /// A newer head takes its place.
    Superseded,
}

/// Why a job failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum JobError {
    /// The forge.
    #[error("{0}")]
    Forge(#[from] ForgeError),
    /// The child process.
    #[error("{0}")]
    Worker(#[from] WorkerError),
    /// The store.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// What no other attempt would mend.
    #[error("{0}")]
    Hopeless(String),
}

impl JobError {
    /// Whether and when another attempt makes sense.
    fn retry(&self, attempt: u32) -> Retry {
        let doubled = Duration::from_secs(2_u64.saturating_pow(attempt.min(16)));
        match self {
            Self::Forge(ForgeError::RateLimited(pause)) => Retry::After((*pause).max(Duration::from_secs(1))),
            Self::Forge(
                ForgeError::Unavailable(_)
                | ForgeError::Unreadable(_)
                | ForgeError::NotFound(_)
                | ForgeError::Unauthenticated(_)
                | ForgeError::Forbidden(_)
                | ForgeError::Rejected(_),
            )
            | Self::Worker(_)
            | Self::Store(_) => Retry::After(doubled.min(LONGEST_PAUSE)),
            Self::Hopeless(_) => Retry::Never,
        }
    }
}

/// A job in hand: its claim, and what tells it to stop.
pub(super) struct Running<'s> {
    pub(super) service: &'s Service,
    pub(super) claim: &'s Claim,
    /// Cancelled when the lease is lost or the service stops.
    pub(super) cancel: CancellationToken,
    /// Set when somebody asked for the same job again while it runs.
    pub(super) asked_again: CancellationToken,
}

/// Works until the service stops. Each worker has one job at a time.
pub(crate) fn spawn_workers(service: &Arc<Service>, tracker: &TaskTracker) {
    for number in 0..service.workers() {
        let (service, name) = (Arc::clone(service), format!("{}-{number}", service.name));
        tracker.spawn(async move { work(&service, &name).await });
    }
}

async fn work(service: &Service, name: &str) {
    while !service.stop.is_cancelled() {
        match service.store.claim(name, LEASE, &JobKind::ALL).await {
            Ok(Some(claim)) => hold(service, &claim).await,
            Ok(None) => idle(service).await,
            Err(error) => {
                tracing::error!(error = %error, "jobs cannot be claimed");
                idle(service).await;
            }
        }
    }
}

async fn idle(service: &Service) {
    tokio::select! {
        () = service.wake.notified() => {}
        () = tokio::time::sleep(IDLE) => {}
        () = service.stop.cancelled() => {}
    }
}

/// Runs one claim with its heartbeat, and writes down how it ended.
async fn hold(service: &Service, claim: &Claim) {
    let running =
        Running { service, claim, cancel: CancellationToken::new(), asked_again: CancellationToken::new() };
    let ended = tokio::select! {
        ended = conduct(&running) => ended,
        never = beat(&running) => match never {},
    };
    metrics::counter!("countersign_job_attempts_total", "kind" => claim.kind.name(),
        "outcome" => if ended.is_ok() { "done" } else { "failed" })
    .increment(1);
    let written = match ended {
        Ok(Ended::Done | Ended::Superseded) => service.store.complete(claim).await,
        Err(_) if service.stop.is_cancelled() => service.store.release(claim).await,
        Err(JobError::Store(StoreError::Lost)) => Ok(()),
        Err(error) => failed(&running, &error).await,
    };
    if let Err(error) = written {
        tracing::warn!(job.id = claim.id, error = %error, "the end of a job was not written down; it will run again");
    }
    service.wake.notify_one();
}

async fn conduct(running: &Running<'_>) -> Result<Ended, JobError> {
    let unreadable = |error: serde_json::Error| JobError::Hopeless(format!("the job cannot be read: {error}"));
    match running.claim.kind {
        JobKind::Review => {
            let job: ReviewJob = serde_json::from_value(running.claim.payload.clone()).map_err(unreadable)?;
            review::run(running, &job).await
        }
        JobKind::Command => {
            let job: CommandJob = serde_json::from_value(running.claim.payload.clone()).map_err(unreadable)?;
            command::run(running, &job).await
        }
    }
}

/// Keeps the lease. Tells the job to stop where it is lost, or the service does not go on.
async fn beat(running: &Running<'_>) -> std::convert::Infallible {
    loop {
        tokio::select! {
            () = tokio::time::sleep(HEARTBEAT) => {}
            () = running.service.stopped_hard(), if !running.cancel.is_cancelled() => running.cancel.cancel(),
        }
        match running.service.store.extend(running.claim, LEASE).await {
            Ok(lease) if lease.is_superseded => running.asked_again.cancel(),
            Ok(_) => {}
            Err(StoreError::Lost) => {
                metrics::counter!("countersign_lease_lost_total").increment(1);
                running.cancel.cancel();
            }
            Err(error) => tracing::warn!(error = %error, "a lease cannot be extended"),
        }
    }
}

async fn failed(running: &Running<'_>, error: &JobError) -> Result<(), StoreError> {
    let (service, claim) = (running.service, running.claim);
    tracing::warn!(job.id = claim.id, job.kind = claim.kind.name(), job.attempt = claim.attempt, error = %error, "a job failed");
    let is_last = claim.attempt >= service.config.review.attempts || matches!(error.retry(claim.attempt), Retry::Never);
    if is_last && claim.kind == JobKind::Review {
        // The gate is red before the letter is dead: a crash in between runs the job once more.
        review::give_up(running, error).await;
    }
    let retry = error.retry(claim.attempt);
    match service.store.fail(claim, &error.to_string(), retry, service.config.review.attempts).await? {
        Failed::Retried => {}
        Failed::Dead => tracing::error!(job.id = claim.id, "a job is a dead letter: see the queue's page"),
    }
    Ok(())
}
