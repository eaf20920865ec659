//! A comment that calls the service: who asks may ask it now, it is done, and it is answered once.
//!
//! A comment configures nothing. What it asks for is decided by the forge's permission of its author's id.

use analyzers::report::document::FindingRecord;
use jiff::Timestamp;

use super::fence::LeaseFence;
use super::order::{Cause, CommandJob, Freshness, ReviewJob};
use super::{Ended, JobError, Running};
use crate::command::{self, Command, Subject};
use crate::event::Comment;
use crate::forge::Forge;
use crate::merge_request::MergeRequest;
use crate::posting::deliver::Fence as _;
use crate::posting::{Options, reply};
use crate::record::{FeedbackVerdict, Outcome, ReviewRecord};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::findings::Feedback;

/// Obeys one comment.
pub(super) async fn run(running: &Running<'_>, job: &CommandJob) -> Result<Ended, JobError> {
    let service = running.service;
    let comment = &job.comment;
    let Some(parsed) = command::parse(&comment.text, &service.config.handle) else { return Ok(Ended::Done) };
    let forge = service.forge(comment.merge_request.forge).ok_or_else(|| {
        JobError::Hopeless(format!("no {} is configured any more", comment.merge_request.forge))
    })?;
    let own_user = forge.own_user().await?;
    if comment.author == own_user {
        return Ok(Ended::Done);
    }
    let merge_request = forge.merge_request(&comment.merge_request).await?;
    let posted = forge.posted(&merge_request).await?;
    if reply::is_answered(&comment.id, &merge_request.key, &posted, &own_user, &service.signer) {
        return Ok(Ended::Done);
    }
    let latest = service.store.latest_review(&merge_request.key).await?;
    let options = service.posting(&latest.as_ref().map(|record| record.settings.clone()).unwrap_or_default());
    let answer = match parsed {
        Ok(command) => match permitted(forge, comment, &command).await? {
            true => obey(service, &merge_request, comment, &command, latest.as_ref(), &options).await?,
            false => reply::not_permitted(command::required_permission(&command), &options),
        },
        Err(unknown) => reply::unknown(&unknown, &options),
    };
    let body = reply::sign(&answer, &comment.id, &merge_request.head, &merge_request.key, &service.signer);
    LeaseFence::new(running).may_send("reply").await.map_err(|_| StoreError::Lost)?;
    forge.reply(&merge_request, comment.thread.as_deref(), &body).await?;
    Ok(Ended::Done)
}

async fn permitted(forge: &dyn Forge, comment: &Comment, command: &Command) -> Result<bool, JobError> {
    let has = forge.permission(&comment.merge_request, &comment.author, &comment.author_name).await?;
    Ok(has >= command::required_permission(command))
}

/// Does what is asked; the answer.
async fn obey(
    service: &Service,
    merge_request: &MergeRequest,
    comment: &Comment,
    command: &Command,
    latest: Option<&ReviewRecord>,
    options: &Options,
) -> Result<String, JobError> {
    Ok(match command {
        Command::Review => review(service, merge_request, Freshness::Reuse, options).await?,
        Command::ReviewFull | Command::Recheck => {
            review(service, merge_request, Freshness::Anew, options).await?
        }
        Command::Explain(subject) => explain(service, latest, subject, options),
        Command::FalsePositive { fingerprint, reason } => match named(latest, fingerprint, options) {
            Ok(finding) => {
                keep(service, finding, comment, reason).await?;
                reply::recorded(finding, options)
            }
            Err(answer) => answer,
        },
        Command::Status => reply::status(latest, &merge_request.head, options),
        Command::Help => reply::help(options),
    })
}

async fn review(
    service: &Service,
    merge_request: &MergeRequest,
    freshness: Freshness,
    options: &Options,
) -> Result<String, JobError> {
    let job = ReviewJob { merge_request: merge_request.key.clone(), freshness, cause: Cause::Person };
    service.store.enqueue(&job.queued()).await?;
    Ok(reply::asked_for(options))
}

fn explain(service: &Service, latest: Option<&ReviewRecord>, subject: &Subject, options: &Options) -> String {
    let policies = || service.policies.in_force();
    match subject {
        Subject::Finding(fingerprint) => match named(latest, fingerprint, options) {
            Ok(finding) => {
                let policy = policies().find(|policy| policy.id == finding.policy.id);
                reply::explain_finding(finding, policy.map(AsRef::as_ref), options)
            }
            Err(answer) => answer,
        },
        Subject::Policy(name) => {
            let is_named = |id: &str, code: &str| id == name || code.eq_ignore_ascii_case(name);
            match policies().find(|policy| is_named(&policy.id, &policy.code)) {
                Some(policy) => reply::explain_policy(policy, options),
                None => reply::no_such(name, options),
            }
        }
    }
}

/// The one finding whose fingerprint begins so, or an answer that says why there is none.
fn named<'r>(
    latest: Option<&'r ReviewRecord>,
    fingerprint: &str,
    options: &Options,
) -> Result<&'r FindingRecord, String> {
    let findings = match latest.map(|record| &record.outcome) {
        Some(Outcome::Reviewed(reviewed)) => reviewed.document.findings.as_slice(),
        Some(Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale) | None => &[],
    };
    match reply::findings_named(fingerprint, findings).as_slice() {
        [] => Err(reply::no_such(fingerprint, options)),
        [finding] => Ok(finding),
        [_, _, ..] => Err(reply::ambiguous(fingerprint, options)),
    }
}

async fn keep(
    service: &Service,
    finding: &FindingRecord,
    comment: &Comment,
    reason: &str,
) -> Result<(), StoreError> {
    let feedback = Feedback {
        fingerprint: finding.fingerprint.clone(),
        verdict: FeedbackVerdict::Wrong,
        reason: Some(reason.to_owned()),
        by: Some(format!("{}:{}", comment.merge_request.forge, comment.author)),
        at: Timestamp::now(),
    };
    service.store.add_feedback(&feedback).await
}
