//! The traits of the doors, kept by the running service: inbox, tokens, shelf, answers, readiness.
//!
//! Each door owns a small trait; here the store stands behind all of them.

mod answers;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::access::Caller;
use crate::access::token::TokenHash;
use crate::access::{Grant, Tokens};
use crate::api::shelf::{
    DeadLetter, Feedback, FindingCount, QueueCounts, ReviewFilter, ReviewSummary, Shelf,
};
use crate::event::Delivery;
use crate::job;
use crate::record::{AskedBy, ReviewRecord};
use crate::service::Service;
use crate::store::queue::{self, JobState, QueueCount};
use crate::store::{findings, inbox, reviews};
use crate::telemetry::probes::Ready;
use crate::webhook::door::{Inbox, Received};

/// Dead letters that are shown.
const MOST_LETTERS: u32 = 200;

/// The service behind its doors.
#[derive(Clone)]
pub(crate) struct Doors {
    service: Arc<Service>,
}

impl Doors {
    /// The doors of a service.
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl Inbox for Doors {
    async fn receive(&self, delivery: Delivery) -> Result<Received, String> {
        let jobs = job::asked_for(&delivery, self.service.config.review.settle());
        match self.service.store.receive(&delivery, &jobs).await {
            Ok(inbox::Received::New) => Ok(Received::Stored),
            Ok(inbox::Received::Duplicate) => Ok(Received::Duplicate),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[async_trait]
impl Tokens for Doors {
    async fn find(&self, hash: &TokenHash) -> Result<Option<Grant>, String> {
        let found = self.service.store.token_by_hash(&hash.0).await.map_err(|error| error.to_string())?;
        let Some(token) = found else { return Ok(None) };
        if let Err(error) = self.service.store.touch_token(&token).await {
            tracing::warn!(error = %error, "when a token was last used was not kept");
        }
        let scopes = token.scopes.iter().map(|scope| scope.parse()).collect::<Result<_, _>>()?;
        Ok(Some(Grant { name: token.name, scopes, expires_at: token.expires_at }))
    }
}

#[async_trait]
impl Ready for Doors {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn check(&self) -> Result<(), String> {
        if self.service.stop.is_cancelled() {
            return Err("the service stops".to_owned());
        }
        match self.service.store.is_writable().await {
            true => Ok(()),
            false => Err("the store cannot be written".to_owned()),
        }
    }
}

#[async_trait]
impl Shelf for Doors {
    async fn review(&self, _caller: &Caller, id: &str) -> anyhow::Result<Option<ReviewRecord>> {
        Ok(self.service.store.review(id).await?)
    }

    async fn reviews(&self, _caller: &Caller, filter: &ReviewFilter) -> anyhow::Result<Vec<ReviewSummary>> {
        let filter = reviews::ReviewFilter {
            repository: filter.repository.clone(),
            state: filter.state,
            before: filter.before.clone(),
            limit: u32::try_from(filter.limit).unwrap_or(u32::MAX),
        };
        Ok(self.service.store.reviews(&filter).await?.into_iter().map(summary).collect())
    }

    async fn finding_counts(&self, _caller: &Caller, since: Date) -> anyhow::Result<Vec<FindingCount>> {
        let since = since.to_zoned(TimeZone::UTC)?.timestamp();
        let counts = self.service.store.finding_counts(since).await?.into_iter().map(|count| FindingCount {
            day: count.day,
            policy: count.policy,
            repository: count.repository,
            count: count.findings,
        });
        Ok(counts.collect())
    }

    async fn feedback(&self, _caller: &Caller, fingerprints: &[String]) -> anyhow::Result<Vec<Feedback>> {
        let all = self.service.store.feedback(fingerprints).await?.into_iter().map(said).collect();
        Ok(all)
    }

    async fn queue(&self, _caller: &Caller) -> anyhow::Result<QueueCounts> {
        let store = &self.service.store;
        let waited = Duration::from_secs_f64(store.oldest_ready_seconds().await?.max(0.0));
        Ok(counts(&store.queue_counts().await?, waited))
    }

    async fn dead_letters(&self, _caller: &Caller) -> anyhow::Result<Vec<DeadLetter>> {
        Ok(self.service.store.dead_letters(MOST_LETTERS).await?.into_iter().map(letter).collect())
    }
}

fn summary(review: reviews::ReviewSummary) -> ReviewSummary {
    let (merge_request, url, caller) = match review.asked_by {
        AskedBy::MergeRequest { merge_request, url } => (Some(merge_request.to_string()), Some(url), None),
        AskedBy::Caller { token } => (None, None, token),
    };
    ReviewSummary {
        id: review.id,
        state: review.state,
        repository: review.repository,
        merge_request,
        url,
        caller,
        head: review.head,
        asked_at: review.asked_at,
        ended_at: review.ended_at,
        findings: review.findings,
        blocking: review.blocking,
    }
}

fn said(feedback: findings::Feedback) -> Feedback {
    Feedback {
        fingerprint: feedback.fingerprint,
        verdict: feedback.verdict,
        reason: feedback.reason.unwrap_or_default(),
        caller: feedback.by,
        at: feedback.at,
    }
}

fn counts(counts: &[QueueCount], oldest_waits: Duration) -> QueueCounts {
    let sum = |state, number: fn(&QueueCount) -> u64| {
        let of_state = counts.iter().filter(|count| count.state == state);
        usize::try_from(of_state.map(number).sum::<u64>()).unwrap_or(usize::MAX)
    };
    let waiting = sum(JobState::Ready, |count| count.count.saturating_sub(count.tried));
    let retrying = sum(JobState::Ready, |count| count.tried);
    let since = || Timestamp::now().checked_sub(oldest_waits).ok();
    QueueCounts {
        waiting,
        running: sum(JobState::Running, |count| count.count),
        retrying,
        oldest_waiting_since: (waiting + retrying > 0).then(since).flatten(),
    }
}

fn letter(letter: queue::DeadLetter) -> DeadLetter {
    DeadLetter {
        kind: letter.kind.name().to_owned(),
        merge_request: letter.merge_request().map(str::to_owned),
        review: None,
        attempts: letter.attempts,
        reason: letter.error,
        died_at: letter.since,
        id: letter.key,
    }
}
