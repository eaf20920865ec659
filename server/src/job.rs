//! Works jobs off: claims one, holds its lease while it runs, and writes down how it ended.
//!
//! A job may run twice, or be cut off anywhere: each step looks first at what is already there. Whoever has lost
//! the lease can write nothing any more.

mod command;
mod desk;
mod fence;
mod gauge;
mod order;
pub(crate) mod review;
mod target;
mod watch;

pub(crate) use desk::ServiceDesk;
pub(crate) use gauge::gauge;
pub(crate) use order::asked_for;
pub(crate) use watch::watch;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::forge::ForgeError;
use crate::job::order::{CommandJob, ReviewJob, TargetJob};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::claim::{Claim, Failed, Retry, Worker, backoff};
use crate::store::queue::JobKind;
use crate::telemetry::meters;
use crate::worker::WorkerError;

/// How often a running job says that it still runs, where its lease is not a very short one.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// How long a job waits while its forge cannot be reached.
const OUTAGE: Duration = Duration::from_secs(10);

/// How often an idle worker looks for jobs that other replicas left.
const IDLE: Duration = Duration::from_millis(500);

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

/// What is to become of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// It is not the job's fault: it waits, and no attempt is counted.
    Wait(Duration),
    /// Another attempt, as long as there is one.
    Retry(Retry),
}

impl JobError {
    fn fate(&self, attempt: u32) -> Fate {
        match self {
            Self::Forge(ForgeError::RateLimited(pause)) => Fate::Wait((*pause).max(OUTAGE)),
            Self::Forge(ForgeError::Unavailable(_)) | Self::Worker(WorkerError::Unavailable(_)) => {
                Fate::Wait(OUTAGE)
            }
            Self::Forge(
                ForgeError::NotFound(_)
                | ForgeError::Unauthenticated(_)
                | ForgeError::Forbidden(_)
                | ForgeError::Rejected(_)
                | ForgeError::Unreadable(_),
            )
            | Self::Worker(
                WorkerError::Cancelled
                | WorkerError::TimedOut
                | WorkerError::Killed { .. }
                | WorkerError::Git(_)
                | WorkerError::Broken(_),
            )
            | Self::Store(_) => Fate::Retry(Retry::After(backoff(attempt))),
            Self::Worker(WorkerError::Refused(_) | WorkerError::Skipped(_)) | Self::Hopeless(_) => {
                Fate::Retry(Retry::Never)
            }
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
    let worker = Worker {
        name: name.to_owned(),
        kind: None,
        lease: service.config.review.lease(),
        attempts: service.config.review.attempts,
    };
    while !service.stop.is_cancelled() {
        match service.store.claim(&worker).await {
            Ok(Some(claim)) => hold(service, &claim).await,
            Ok(None) => idle(service).await,
            Err(error) => {
                tracing::error!(error = %error, "jobs cannot be claimed");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}

async fn idle(service: &Service) {
    tokio::select! {
        () = service.store.wait_for_work() => {}
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
    meters::job_attempt(claim.kind.name(), if ended.is_ok() { "done" } else { "failed" });
    let written = match ended {
        Ok(Ended::Done) => service.store.complete(claim).await.map(drop),
        Ok(Ended::Superseded) => service.store.release(claim).await,
        Err(_) if service.stop.is_cancelled() => service.store.release(claim).await,
        Err(JobError::Store(StoreError::Lost)) => Err(StoreError::Lost),
        Err(error) => failed(&running, &error).await,
    };
    match written {
        Ok(()) => {}
        Err(StoreError::Lost) => {
            tracing::warn!(job.key = claim.key, "a job's lease was lost; another worker has it");
            sweep(&running).await;
        }
        Err(error) => {
            tracing::warn!(job.key = claim.key, error = %error, "the end of a job was not written down; it will run again");
        }
    }
}

async fn conduct(running: &Running<'_>) -> Result<Ended, JobError> {
    let claim = running.claim;
    if claim.is_exhausted() {
        return Err(JobError::Hopeless("its worker ended without a word, each time".to_owned()));
    }
    let unreadable =
        |error: serde_json::Error| JobError::Hopeless(format!("the job cannot be read: {error}"));
    match claim.kind {
        JobKind::Review => {
            let job: ReviewJob = serde_json::from_value(claim.payload.clone()).map_err(unreadable)?;
            review::run(running, &job.with(claim.wishes)).await
        }
        JobKind::Command => {
            let job: CommandJob = serde_json::from_value(claim.payload.clone()).map_err(unreadable)?;
            command::run(running, &job).await
        }
        JobKind::Target => {
            let job: TargetJob = serde_json::from_value(claim.payload.clone()).map_err(unreadable)?;
            target::run(running, &job).await
        }
    }
}

/// Keeps the lease. Tells the job to stop where it is lost, or where the service has waited long enough.
async fn beat(running: &Running<'_>) -> Infallible {
    let lease = running.service.config.review.lease();
    let mut grace = std::pin::pin!(running.service.grace_is_over());
    loop {
        tokio::select! {
            () = tokio::time::sleep(heartbeat(lease)) => {}
            () = &mut grace, if !running.cancel.is_cancelled() => running.cancel.cancel(),
        }
        match running.service.store.extend(running.claim, lease).await {
            Ok(lease) if lease.is_superseded => running.asked_again.cancel(),
            Ok(_) => {}
            Err(StoreError::Lost) => {
                running.cancel.cancel();
            }
            Err(error) => tracing::warn!(error = %error, "a lease cannot be extended"),
        }
    }
}

fn heartbeat(lease: Duration) -> Duration {
    HEARTBEAT.min(lease / 8)
}

/// What must be left of the lease before a write: more than twice what one call to a forge may take.
pub(crate) fn margin(config: &Config) -> Duration {
    config.network.timeout() * 2 + heartbeat(config.review.lease())
}

/// A process that stood still may have written after its lease had ended, beside whoever has the job now. One more
/// look at the merge request deletes what stands there twice, and sets its light once more.
async fn sweep(running: &Running<'_>) {
    let payload = || running.claim.payload.clone();
    let merge_request = match running.claim.kind {
        JobKind::Review => serde_json::from_value(payload()).map(|job: ReviewJob| job.merge_request),
        JobKind::Command => {
            serde_json::from_value(payload()).map(|job: CommandJob| job.comment.merge_request)
        }
        // It writes nothing.
        JobKind::Target => return,
    };
    let Ok(merge_request) = merge_request else { return };
    let job = ReviewJob::of_event(merge_request);
    if let Err(error) = running.service.store.enqueue(&job.queued()).await {
        tracing::warn!(job.key = running.claim.key, error = %error, "one more look at a merge request was not queued");
    }
}

async fn failed(running: &Running<'_>, error: &JobError) -> Result<(), StoreError> {
    let (service, claim) = (running.service, running.claim);
    tracing::warn!(job.key = claim.key, job.attempt = claim.attempt, error = %error, "a job failed");
    let retry = match error.fate(claim.attempt) {
        Fate::Wait(pause) => return service.store.postpone(claim, pause).await,
        Fate::Retry(retry) => retry,
    };
    let is_last = claim.attempt >= claim.attempts || retry == Retry::Never;
    if is_last && claim.kind == JobKind::Review {
        // The gate is red before the letter is dead: after a crash in between it is set once more.
        review::give_up(running, error).await;
    }
    match service.store.fail(claim, &error.to_string(), retry).await? {
        Failed::Retried => {}
        Failed::Dead => tracing::error!(job.key = claim.key, "a job is a dead letter; see the queue's page"),
    }
    Ok(())
}
