//! Findings over time, and what people say of them.

use analyzers::policy::Severity;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::record::{self, FeedbackVerdict, Outcome, ReviewRecord};
use crate::store::connection::Connection;
use crate::store::{Store, StoreError, timestamp, word};

const DAY_MILLISECONDS: i64 = 24 * 60 * 60 * 1000;

/// A finding of a review that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FindingRow {
    /// The review.
    pub(crate) review: String,
    /// Its stable name.
    pub(crate) fingerprint: String,
    /// The policy that is breached.
    pub(crate) policy: String,
    /// How bad it is.
    pub(crate) severity: Severity,
    /// Whether it alone keeps the change from merging.
    pub(crate) blocks: bool,
    /// The file, at head.
    pub(crate) path: String,
    /// The line, from 1.
    pub(crate) line: u32,
    /// The repository, where it is known.
    pub(crate) repository: Option<String>,
    /// When the review ended.
    pub(crate) ended_at: Timestamp,
}

/// How many findings of one policy one repository had on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FindingCount {
    /// The day on which the reviews ended, in UTC.
    pub(crate) day: Date,
    /// The policy's id.
    pub(crate) policy: String,
    /// The repository, where it is known.
    pub(crate) repository: Option<String>,
    /// Number of findings.
    pub(crate) findings: usize,
    /// Of those, the ones that blocked.
    pub(crate) blocking: usize,
}

/// What somebody says of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Feedback {
    /// The finding.
    pub(crate) fingerprint: String,
    /// Whether it was one.
    pub(crate) verdict: FeedbackVerdict,
    /// Why.
    pub(crate) reason: Option<String>,
    /// Who says so, where it is known.
    pub(crate) by: Option<String>,
    /// When.
    pub(crate) at: Timestamp,
}

impl Store {
    /// The finding of this name in the review that ended last.
    pub(crate) async fn finding(&self, fingerprint: &str) -> Result<Option<FindingRow>, StoreError> {
        const LATEST: &str = "SELECT review, fingerprint, policy, severity, blocks, path, line, repository, ended_at \
             FROM finding WHERE fingerprint = $1 ORDER BY ended_at DESC, review DESC, place LIMIT 1";
        let row: Option<Columns> = self.first(LATEST, [fingerprint.into()]).await?;
        row.map(Columns::read).transpose()
    }

    /// How many findings there were on each day since, oldest day first. Each merge request counts once: by its
    /// last review that came to an end of its own. What callers ask for themselves does not count.
    pub(crate) async fn finding_counts(&self, since: Timestamp) -> Result<Vec<FindingCount>, StoreError> {
        const COUNT: &str = "SELECT finding.ended_at / $2 AS day, finding.policy, finding.repository, COUNT(*), \
             COUNT(CASE WHEN finding.blocks THEN 1 END) \
             FROM finding JOIN review ON review.id = finding.review \
             WHERE finding.ended_at >= $1 AND review.merge_request IS NOT NULL AND NOT EXISTS (\
             SELECT 1 FROM review AS newer WHERE newer.merge_request = review.merge_request \
             AND newer.engine IS NOT NULL AND (newer.asked_at, newer.id) > (review.asked_at, review.id)) \
             GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
        let values = [since.as_millisecond().into(), DAY_MILLISECONDS.into()];
        let rows: Vec<CountRow> = self.all(COUNT, values).await?;
        let number = |count: i64| usize::try_from(count).unwrap_or_default();
        let read = |(day, policy, repository, findings, blocking): CountRow| {
            let day = timestamp(day.saturating_mul(DAY_MILLISECONDS))?.to_zoned(TimeZone::UTC).date();
            let (findings, blocking) = (number(findings), number(blocking));
            Ok(FindingCount { day, policy, repository, findings, blocking })
        };
        rows.into_iter().map(read).collect()
    }

    /// Keeps what somebody says of a finding. Nothing said earlier is changed.
    pub(crate) async fn add_feedback(&self, feedback: &Feedback) -> Result<(), StoreError> {
        const ADD: &str = "INSERT INTO feedback (id, fingerprint, verdict, reason, by_whom, at) \
             VALUES ($1, $2, $3, $4, $5, $6)";
        let values = [
            record::new_id().into(),
            feedback.fingerprint.as_str().into(),
            feedback.verdict.name().into(),
            feedback.reason.as_deref().into(),
            feedback.by.as_deref().into(),
            feedback.at.as_millisecond().into(),
        ];
        self.execute(ADD, values).await.map(drop)
    }

    /// What people say of these findings, oldest first.
    pub(crate) async fn feedback(&self, fingerprints: &[String]) -> Result<Vec<Feedback>, StoreError> {
        const SAID: &str = "SELECT fingerprint, verdict, reason, by_whom, at FROM feedback \
             WHERE fingerprint IN ({texts_of_1}) ORDER BY at, id";
        type Said = (String, String, Option<String>, Option<String>, i64);
        let rows: Vec<Said> = self.all(SAID, [fingerprints.into()]).await?;
        let read = |(fingerprint, verdict, reason, by, at): Said| {
            let (verdict, at) = (word("feedback", &verdict)?, timestamp(at)?);
            Ok(Feedback { fingerprint, verdict, reason, by, at })
        };
        rows.into_iter().map(read).collect()
    }
}

/// Keeps the findings of a review in place of those kept before, inside a transaction.
pub(super) async fn replace(db: &mut Connection<'_>, review: &ReviewRecord) -> Result<(), StoreError> {
    const ADD: &str = "INSERT INTO finding \
         (review, place, fingerprint, policy, severity, blocks, path, line, repository, ended_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    db.execute("DELETE FROM finding WHERE review = $1", [review.id.as_str().into()]).await?;
    let (Outcome::Reviewed(reviewed), Some(ended_at)) = (&review.outcome, review.ended_at) else {
        return Ok(());
    };
    for (place, finding) in (0_i64..).zip(&reviewed.document.findings) {
        let values = [
            review.id.as_str().into(),
            place.into(),
            finding.fingerprint.as_str().into(),
            finding.policy.id.as_str().into(),
            finding.policy.severity.to_string().into(),
            finding.blocks.into(),
            finding.location.path.as_str().into(),
            i64::from(finding.location.start.line).into(),
            review.repository.as_deref().into(),
            ended_at.as_millisecond().into(),
        ];
        db.execute(ADD, values).await?;
    }
    Ok(())
}

type CountRow = (i64, String, Option<String>, i64, i64);

#[derive(sqlx::FromRow)]
struct Columns {
    review: String,
    fingerprint: String,
    policy: String,
    severity: String,
    blocks: bool,
    path: String,
    line: i64,
    repository: Option<String>,
    ended_at: i64,
}

impl Columns {
    fn read(self) -> Result<FindingRow, StoreError> {
        Ok(FindingRow {
            severity: word("finding", &self.severity)?,
            line: u32::try_from(self.line).unwrap_or_default(),
            ended_at: timestamp(self.ended_at)?,
            review: self.review,
            fingerprint: self.fingerprint,
            policy: self.policy,
            blocks: self.blocks,
            path: self.path,
            repository: self.repository,
        })
    }
}
