//! The review of a merge request: what is true now, its objects, the review, its record, what is posted, the light.
//!
//! The record is durable before anything is posted, and the light is the last thing: whatever happens in between,
//! nothing is green that was not reviewed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use analyzers::gate::State;
use jiff::Timestamp;

use super::fence::LeaseFence;
use super::order::{Cause, Freshness, ReviewJob};
use super::{Ended, JobError, Running};
use crate::forge::{CommitStatus, Forge, ForgeError};
use crate::merge_request::{MergeRequest, MergeRequestKey, MergeRequestState};
use crate::model::generate::Priority;
use crate::posting::deliver::Fence as _;
use crate::posting::deliver::report;
use crate::posting::{deliver, status};
use crate::record::{AskedBy, Binding, Outcome, ReviewRecord, Reviewed, Settings, new_id};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::outbox::Effect;
use crate::telemetry::meters;
use crate::worker::{Answer, Change, FetchTask, ModelHost, ReviewTask, Seam, Unasked, WorkerError};

/// How often a review starts over because the versions moved under it, before the job is queued again.
const MOST_ROUNDS: u32 = 3;

/// The name of the commit status among the effects of a job.
const LIGHT: &str = "status";

/// Reviews one merge request.
pub(super) async fn run(running: &Running<'_>, job: &ReviewJob) -> Result<Ended, JobError> {
    let forge = running.service.forge(job.merge_request.forge).ok_or_else(|| {
        JobError::Hopeless(format!("no {} is configured any more", job.merge_request.forge))
    })?;
    let mut merge_request = forge.merge_request(&job.merge_request).await?;
    for _ in 0..MOST_ROUNDS {
        if merge_request.state != MergeRequestState::Open {
            return Ok(Ended::Done);
        }
        let made = record(running, job, forge, &merge_request).await?;
        let record = match &made {
            Made::New(record) | Made::Earlier(record) => record,
            Made::Skipped(why) => {
                let status = status::without_verdict(&merge_request.head, why);
                light(running, forge, &merge_request, &status).await?;
                return Ok(Ended::Done);
            }
        };
        let now = forge.merge_request(&job.merge_request).await?;
        let is_same = (&now.head, &now.target_branch) == (&merge_request.head, &merge_request.target_branch);
        let has_same_target = now.target == merge_request.target;
        merge_request = now;
        if is_same && has_same_target {
            conclude(running, forge, &merge_request, record).await?;
            return Ok(Ended::Done);
        }
        if let (false, Made::New(mut record)) = (is_same, made) {
            end(running, &mut record, Outcome::Stale).await?;
        }
    }
    Ok(Ended::Superseded)
}

/// What came of asking for a review.
enum Made {
    /// A review that was made now.
    New(Box<ReviewRecord>),
    /// A review that was made before and says the same.
    Earlier(Box<ReviewRecord>),
    /// The repository, or the draft's author, wants none unasked. There is no verdict, and so no green light.
    Skipped(String),
}

/// The record of a review of these versions: an earlier one where it says the same, else a new one.
async fn record(
    running: &Running<'_>,
    job: &ReviewJob,
    forge: &dyn Forge,
    merge_request: &MergeRequest,
) -> Result<Made, JobError> {
    let service = running.service;
    let earned = service.earned().await;
    if job.freshness == Freshness::Reuse {
        let earlier = service.earlier_review(merge_request, &earned).await?;
        if let Some(earlier) = earlier {
            return Ok(Made::Earlier(Box::new(earlier)));
        }
    }
    let mut record = begin(service, merge_request, &earned);
    service.store.save_review(&record).await?;
    let pending = status::pending(&merge_request.head, &service.posting(&record.settings));
    light(running, forge, merge_request, &pending).await?;
    let asker = service.answerer(Priority::Gate, &record);
    let seam = Seam { files: None, model: asker.clone().map(|asker| asker as Arc<dyn ModelHost>) };
    let outcome = match review(running, job.cause, forge, merge_request, seam, earned).await {
        Ok(answer) => {
            record.bound_to.models = asker.map(|asker| asker.answered_by()).unwrap_or_default();
            record.bound_to.merge_base = answer.merge_base;
            record.bound_to.configuration = answer.configuration;
            record.settings = answer.settings;
            Outcome::Reviewed(Box::new(Reviewed { document: answer.document, change: answer.change }))
        }
        Err(JobError::Worker(WorkerError::Refused(reason))) => Outcome::NotReviewed { reason },
        Err(JobError::Worker(WorkerError::Skipped(reason))) => {
            end(running, &mut record, Outcome::NotReviewed { reason: reason.clone() }).await?;
            return Ok(Made::Skipped(reason));
        }
        Err(JobError::Worker(WorkerError::Cancelled)) if running.asked_again.is_cancelled() => Outcome::Stale,
        Err(error) => {
            // The next attempt has a record of its own.
            end(running, &mut record, Outcome::NotReviewed { reason: error.to_string() }).await?;
            return Err(error);
        }
    };
    end(running, &mut record, outcome).await?;
    Ok(Made::New(Box::new(record)))
}

/// Keeps how a review ended, as long as the job is still ours.
async fn end(running: &Running<'_>, record: &mut ReviewRecord, outcome: Outcome) -> Result<(), StoreError> {
    record.outcome = outcome;
    record.ended_at = Some(Timestamp::now());
    // That the light is owed is kept together with what it will say.
    let light = Effect {
        key: LIGHT.to_owned(),
        kind: LIGHT.to_owned(),
        body_hash: record.outcome.state().name().to_owned(),
    };
    running.service.store.finish_review(running.claim, record, &[light]).await?;
    meters::findings(&record.outcome);
    Ok(())
}

fn begin(service: &Service, merge_request: &MergeRequest, earned: &BTreeSet<String>) -> ReviewRecord {
    let key = &merge_request.key;
    ReviewRecord {
        id: new_id(),
        asked_by: AskedBy::MergeRequest { merge_request: key.clone(), url: merge_request.web_url.clone() },
        repository: Some(format!("{}:{}", key.forge, key.repository)),
        bound_to: Binding {
            head: Some(merge_request.head.clone()),
            target: Some(merge_request.target.clone()),
            policies: Some(service.policies.digest_earning(earned)),
            earned: earned.clone(),
            ..Binding::default()
        },
        asked_at: Timestamp::now(),
        ended_at: None,
        settings: Settings::default(),
        outcome: Outcome::Running,
    }
}

/// Fetches both versions and reviews them in a child process. Stops where a newer head makes it useless.
async fn review(
    running: &Running<'_>,
    cause: Cause,
    forge: &dyn Forge,
    merge_request: &MergeRequest,
    seam: Seam,
    earned: BTreeSet<String>,
) -> Result<Answer, JobError> {
    let service = running.service;
    let key = &merge_request.key;
    let cancel = running.cancel.child_token();
    let moved = watch_head(running, forge, merge_request);
    let work = async {
        let endpoint = forge.git(&key.repository).await?;
        let (head, target) = (merge_request.head.clone(), merge_request.target.clone());
        let wanted = FetchTask {
            forge: key.forge,
            repository: key.repository.clone(),
            head: head.clone(),
            target: target.clone(),
        };
        let fetched = service.host.fetch(&wanted, &endpoint, &cancel).await?;
        let mut task =
            ReviewTask::new(&service.config, Change::Versions { mirror: fetched.mirror, head, target });
        task.earned = earned;
        task.unasked = match cause {
            Cause::Event => Some(unasked(service, merge_request)),
            Cause::Person => None,
        };
        Ok(service.host.review(task, seam, None, &cancel).await?)
    };
    tokio::select! {
        answer = work => answer,
        () = moved => Err(WorkerError::Cancelled.into()),
    }
}

fn unasked(service: &Service, merge_request: &MergeRequest) -> Unasked {
    Unasked {
        target_branch: merge_request.target_branch.clone(),
        labels: merge_request.labels.clone(),
        is_draft: merge_request.is_draft,
        drafts: service.config.review.drafts,
    }
}

/// Ends once the head is another one than that under review.
async fn watch_head(running: &Running<'_>, forge: &dyn Forge, reviewed: &MergeRequest) {
    running.asked_again.cancelled().await;
    match forge.merge_request(&reviewed.key).await {
        Ok(now) if now.head != reviewed.head || now.state != MergeRequestState::Open => {}
        // The same head, or nobody can tell: what runs goes on, and the job runs once more after it.
        Ok(_) | Err(_) => std::future::pending().await,
    }
}

/// Posts what the record says, and sets the light.
async fn conclude(
    running: &Running<'_>,
    forge: &dyn Forge,
    merge_request: &MergeRequest,
    record: &ReviewRecord,
) -> Result<(), JobError> {
    let service = running.service;
    let (own_user, fence, options) =
        (forge.own_user().await?, LeaseFence::new(running), service.posting(&record.settings));
    let desk = deliver::Desk { forge, fence: &fence, signer: &service.signer, own_user: &own_user };
    let delivery = deliver::tell(desk, record, merge_request, &options).await;
    for failure in &delivery.report.failures {
        tracing::warn!(review.id = record.id, effect = failure.key, error = %failure.error, "a comment was not written");
    }
    let is_complete = delivery.is_complete();
    match delivery.ended {
        report::Ended::Done => {}
        report::Ended::RetryAfter(pause) => return Err(ForgeError::RateLimited(pause).into()),
        report::Ended::Lost => return Err(StoreError::Lost.into()),
        report::Ended::Failed(error) => return Err(error.into()),
    }
    light(running, forge, merge_request, &status::commit_status(record, &merge_request.head, &options))
        .await?;
    meters::verdict(record.outcome.state(), took(record));
    if is_complete {
        return Ok(());
    }
    // The light is true already; comments that may yet be written make the job come again.
    let passing =
        |error: &ForgeError| matches!(error, ForgeError::Unavailable(_) | ForgeError::RateLimited(_));
    match delivery.report.failures.into_iter().find(|failure| passing(&failure.error)) {
        Some(failure) => Err(failure.error.into()),
        None => Ok(()),
    }
}

/// Sets the light, behind the fence: one that comes late must not cover that of whoever has the job now.
async fn light(
    running: &Running<'_>,
    forge: &dyn Forge,
    merge_request: &MergeRequest,
    status: &CommitStatus,
) -> Result<(), JobError> {
    let fence = LeaseFence::new(running);
    fence.may_send(LIGHT).await.map_err(|_| StoreError::Lost)?;
    forge.set_status(merge_request, status).await?;
    fence.sent(LIGHT, &merge_request.head).await;
    Ok(())
}

fn took(record: &ReviewRecord) -> Duration {
    let ended_at = record.ended_at.unwrap_or(record.asked_at);
    ended_at.duration_since(record.asked_at).try_into().unwrap_or_default()
}

/// The last attempt failed: the light is red, and says why. Where even that fails, it stays as it was: not green.
pub(super) async fn give_up(running: &Running<'_>, error: &JobError) {
    let Ok(job) = serde_json::from_value::<ReviewJob>(running.claim.payload.clone()) else { return };
    if let Err(second) = red(running, &job.merge_request, error).await {
        tracing::error!(error = %second, "a gate could not be set red; it is not green either");
    }
}

async fn red(running: &Running<'_>, key: &MergeRequestKey, error: &JobError) -> Result<(), JobError> {
    let service = running.service;
    let Some(forge) = service.forge(key.forge) else { return Ok(()) };
    let merge_request = forge.merge_request(key).await?;
    let mut record = begin(service, &merge_request, &BTreeSet::new());
    record.outcome = Outcome::NotReviewed { reason: error.to_string() };
    record.ended_at = Some(Timestamp::now());
    let status = status::commit_status(&record, &merge_request.head, &service.posting(&record.settings));
    light(running, forge, &merge_request, &status).await?;
    service.store.save_review(&record).await?;
    Ok(())
}

/// Whether a record may stand for a new review: one that came to an end of its own.
pub(crate) fn is_final(record: &ReviewRecord) -> bool {
    match &record.outcome {
        Outcome::Reviewed(reviewed) => match reviewed.document.state {
            State::Passed | State::Failed | State::Partial | State::NotReviewed => true,
        },
        Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale => false,
    }
}
