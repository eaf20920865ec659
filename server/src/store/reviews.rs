//! The reviews that were asked for, with what they found.
//!
//! A review's record, its findings and what is to be posted of it are kept in one transaction, behind the fence of
//! the claim that made it.

use std::collections::BTreeMap;

use analyzers::policy::Severity;
use jiff::Timestamp;

use crate::merge_request::MergeRequestKey;
use crate::record::{AskedBy, Binding, Outcome, ReviewRecord, ReviewState};
use crate::store::claim::Claim;
use crate::store::connection::{Connection, Value};
use crate::store::outbox::{self, Effect, OutboxEntry};
use crate::store::{Store, StoreError, findings, timestamp, word};

/// Which reviews to list.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReviewFilter {
    /// Of this repository only: `gitlab:bank/core`, or `bank/core` on any forge.
    pub(crate) repository: Option<String>,
    /// In this state only.
    pub(crate) state: Option<ReviewState>,
    /// Asked for before this review: the id of the last one of the page before.
    pub(crate) before: Option<String>,
    /// At most so many.
    pub(crate) limit: u32,
}

/// A review in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReviewSummary {
    /// Its name.
    pub(crate) id: String,
    /// Who asked.
    pub(crate) asked_by: AskedBy,
    /// The repository, where it is known.
    pub(crate) repository: Option<String>,
    /// How it ended.
    pub(crate) state: ReviewState,
    /// The newest commit of its change.
    pub(crate) head: Option<String>,
    /// Number of findings that the change brought, by severity; severities without any are left out.
    pub(crate) findings: BTreeMap<Severity, usize>,
    /// Number of findings that block.
    pub(crate) blocking: usize,
    /// When it was asked for.
    pub(crate) asked_at: Timestamp,
    /// When it ended; `None` while it runs.
    pub(crate) ended_at: Option<Timestamp>,
}

impl Store {
    /// Keeps a review as it is now, and its findings once it has ended. The same id replaces.
    pub(crate) async fn save_review(&self, review: &ReviewRecord) -> Result<(), StoreError> {
        let (review, values) = (review.clone(), values(review)?);
        self.write(move |mut db| Box::pin(async move { save(&mut db, &review, values).await })).await
    }

    /// Keeps a review and plans what is to be posted of it, if the claim is still this worker's: all or nothing.
    /// The answers are those of `plan`.
    pub(crate) async fn finish_review(
        &self,
        claim: &Claim,
        review: &ReviewRecord,
        effects: &[Effect],
    ) -> Result<Vec<Option<OutboxEntry>>, StoreError> {
        let values = values(review)?;
        let (claim, review, effects) = (claim.clone(), review.clone(), effects.to_vec());
        let write = self.write(move |mut db| {
            Box::pin(async move {
                outbox::fence(&mut db, &claim).await?;
                save(&mut db, &review, values).await?;
                outbox::plan(&mut db, &claim, &effects).await
            })
        });
        write.await
    }

    /// A review by its name.
    pub(crate) async fn review(&self, id: &str) -> Result<Option<ReviewRecord>, StoreError> {
        record(self.first("SELECT record FROM review WHERE id = $1", [id.into()]).await?)
    }

    /// Reviews, newest first.
    pub(crate) async fn reviews(&self, filter: &ReviewFilter) -> Result<Vec<ReviewSummary>, StoreError> {
        const LIST: &str = "SELECT id, asked_by, repository, state, head, findings, blocking, asked_at, ended_at \
             FROM review WHERE ($1 IS NULL \
             OR repository IN ($1, 'github:' || $1, 'gitlab:' || $1, 'gitea:' || $1)) AND ($2 IS NULL OR state = $2) \
             AND ($3 IS NULL OR (asked_at, id) < (SELECT asked_at, id FROM review WHERE id = $3)) \
             ORDER BY asked_at DESC, id DESC LIMIT $4";
        let values = [
            filter.repository.as_deref().into(),
            filter.state.map(ReviewState::name).into(),
            filter.before.as_deref().into(),
            i64::from(filter.limit).into(),
        ];
        let rows: Vec<SummaryRow> = self.all(LIST, values).await?;
        rows.into_iter().map(SummaryRow::read).collect()
    }

    /// The review of a merge request that was asked for last.
    pub(crate) async fn latest_review(
        &self,
        merge_request: &MergeRequestKey,
    ) -> Result<Option<ReviewRecord>, StoreError> {
        const LATEST: &str =
            "SELECT record FROM review WHERE merge_request = $1 ORDER BY asked_at DESC, id DESC LIMIT 1";
        record(self.first(LATEST, [merge_request.to_string().into()]).await?)
    }

    /// A review that came to an end of its own and would come out the same: bound to the same head, target (and so
    /// to the same configuration) and policies, decided by the same engine. After a crash posting goes on from it.
    pub(crate) async fn find_review(
        &self,
        merge_request: &MergeRequestKey,
        bound_to: &Binding,
        engine: &str,
    ) -> Result<Option<ReviewRecord>, StoreError> {
        const FIND: &str = "SELECT record FROM review WHERE merge_request = $1 AND head = $2 AND target = $3 \
             AND engine = $4 AND policies = $5 \
             ORDER BY asked_at DESC, id DESC LIMIT 1";
        let values = [
            merge_request.to_string().into(),
            bound_to.head.as_deref().into(),
            bound_to.target.as_deref().into(),
            engine.into(),
            bound_to.policies.as_deref().into(),
        ];
        record(self.first(FIND, values).await?)
    }
}

fn record(row: Option<(String,)>) -> Result<Option<ReviewRecord>, StoreError> {
    row.map(|(text,)| serde_json::from_str(&text).map_err(StoreError::unreadable("review"))).transpose()
}

/// The columns of a review, in the order of `SAVE`.
fn values(review: &ReviewRecord) -> Result<[Value; 15], StoreError> {
    let json = StoreError::unreadable("review");
    let merge_request = match &review.asked_by {
        AskedBy::MergeRequest { merge_request, .. } => Some(merge_request.to_string()),
        AskedBy::Caller { .. } => None,
    };
    let document = match &review.outcome {
        Outcome::Reviewed(reviewed) => Some(&reviewed.document),
        Outcome::Running | Outcome::NotReviewed { .. } | Outcome::Stale => None,
    };
    let mut findings: BTreeMap<Severity, usize> = BTreeMap::new();
    for finding in document.iter().flat_map(|document| &document.findings) {
        *findings.entry(finding.policy.severity).or_default() += 1;
    }
    let texts = || {
        let (asked_by, findings) =
            (serde_json::to_string(&review.asked_by)?, serde_json::to_string(&findings)?);
        Ok((asked_by, findings, serde_json::to_string(review)?))
    };
    let (asked_by, findings, record) = texts().map_err(json)?;
    Ok([
        review.id.as_str().into(),
        merge_request.into(),
        review.repository.as_deref().into(),
        asked_by.into(),
        review.outcome.state().name().into(),
        review.bound_to.head.as_deref().into(),
        review.bound_to.target.as_deref().into(),
        review.bound_to.configuration.as_deref().into(),
        document.map(|document| document.basis.engine.as_str()).into(),
        document.and(review.bound_to.policies.as_deref()).into(),
        findings.into(),
        document.map_or(0, |document| i64::try_from(document.blocking).unwrap_or(i64::MAX)).into(),
        review.asked_at.as_millisecond().into(),
        review.ended_at.map(Timestamp::as_millisecond).into(),
        record.into(),
    ])
}

async fn save(db: &mut Connection<'_>, review: &ReviewRecord, values: [Value; 15]) -> Result<(), StoreError> {
    const SAVE: &str = "INSERT INTO review (id, merge_request, repository, asked_by, state, head, target, \
         configuration, engine, policies, findings, blocking, asked_at, ended_at, record) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
         ON CONFLICT (id) DO UPDATE SET merge_request = excluded.merge_request, repository = excluded.repository, \
         asked_by = excluded.asked_by, state = excluded.state, head = excluded.head, target = excluded.target, \
         configuration = excluded.configuration, engine = excluded.engine, policies = excluded.policies, \
         findings = excluded.findings, blocking = excluded.blocking, asked_at = excluded.asked_at, \
         ended_at = excluded.ended_at, record = excluded.record";
    db.execute(SAVE, values).await?;
    findings::replace(db, review).await
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    id: String,
    asked_by: String,
    repository: Option<String>,
    state: String,
    head: Option<String>,
    findings: String,
    blocking: i64,
    asked_at: i64,
    ended_at: Option<i64>,
}

impl SummaryRow {
    fn read(self) -> Result<ReviewSummary, StoreError> {
        Ok(ReviewSummary {
            asked_by: serde_json::from_str(&self.asked_by).map_err(StoreError::unreadable("review"))?,
            state: word("review", &self.state)?,
            id: self.id,
            repository: self.repository,
            head: self.head,
            findings: serde_json::from_str(&self.findings).map_err(StoreError::unreadable("review"))?,
            blocking: usize::try_from(self.blocking).unwrap_or_default(),
            asked_at: timestamp(self.asked_at)?,
            ended_at: self.ended_at.map(timestamp).transpose()?,
        })
    }
}
