//! Claims: a job belongs to one worker until its lease ends.
//!
//! A claim has an epoch. Whatever a worker writes later names it, and is refused once the row was claimed again.
//! A worker that is asked for the same anew is left alone: it learns so from `extend`, and the row comes again.

use std::time::Duration;

use serde_json::Value as Json;

use crate::store::queue::{JobKind, JobState};
use crate::store::{Store, StoreError, milliseconds, word};

/// Longest error that is kept of an attempt.
const LONGEST_ERROR: usize = 2000;
const FIRST_BACKOFF: Duration = Duration::from_secs(5);
const LONGEST_BACKOFF: Duration = Duration::from_secs(600);

/// Who claims.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    /// Its name, for people.
    pub(crate) name: String,
    /// The only kind it takes; `None` for any.
    pub(crate) kind: Option<JobKind>,
    /// How long a claim is its own unless extended.
    pub(crate) lease: Duration,
    /// Attempts before a job is dead.
    pub(crate) attempts: u32,
}

/// A job that is this worker's until its lease ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Claim {
    /// What it is about.
    pub(crate) key: String,
    /// What it does.
    pub(crate) kind: JobKind,
    /// What the worker needs to know.
    pub(crate) payload: Json,
    /// What was wished of it, as bits, since a run was last done.
    pub(crate) wishes: i64,
    /// The number of the claim: larger than that of every earlier claim of the same key.
    pub(crate) epoch: i64,
    /// How often the job was asked for.
    pub(crate) generation: i64,
    /// The number of the attempt, from 1.
    pub(crate) attempt: u32,
    /// Attempts before it is dead.
    pub(crate) attempts: u32,
}

/// What a worker learns when it extends its lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lease {
    /// Whether the job was asked for anew since the claim. It comes again when this worker lets go of it.
    pub(crate) is_superseded: bool,
}

/// What became of a completed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Completed {
    /// It is done.
    Done,
    /// It was asked for anew meanwhile, and is ready again.
    Again,
}

/// Whether a failed job may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// After this time, unless it was the last attempt.
    After(Duration),
    /// Never: trying again cannot help.
    Never,
}

/// What became of a failed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// It is tried again.
    Retried,
    /// It is a dead letter. Its gate must be red.
    Dead,
}

/// How long to wait after an attempt failed: doubling, with a ceiling, and spread so that jobs that failed
/// together do not come back together.
pub(crate) fn backoff(attempt: u32) -> Duration {
    let doubled = FIRST_BACKOFF.saturating_mul(1 << attempt.saturating_sub(1).min(16));
    doubled.min(LONGEST_BACKOFF).mul_f64(rand::random_range(0.75..=1.0))
}

impl Claim {
    /// Whether the attempts are used up, the last one without a word of its worker. The job is handed out this
    /// once more so that its gate turns red: do not work on it again, say so and `fail` it.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.attempt > self.attempts
    }
}

impl Store {
    /// Takes the next job that is due, or whose worker has let its lease end.
    pub(crate) async fn claim(&self, worker: &Worker) -> Result<Option<Claim>, StoreError> {
        // Its gate was to turn red, and that worker too stopped without a word.
        const BURY: &str = "UPDATE job SET state = 'dead', worker = NULL, updated_at = {now} \
             WHERE state = 'running' AND due_at <= {now} AND attempt > $1 AND generation = claimed";
        const CLAIM: &str = "UPDATE job SET state = 'running', epoch = epoch + 1, claimed = generation, \
             held = held | wishes, wishes = 0, \
             attempt = CASE WHEN state = 'running' AND generation <> claimed THEN 1 ELSE attempt + 1 END, \
             last_error = CASE WHEN state = 'running' THEN 'its worker stopped without a word' ELSE last_error END, \
             due_at = {now} + $2, worker = $1, updated_at = {now} \
             WHERE key = (SELECT key FROM job WHERE state IN ('ready', 'running') AND due_at <= {now} \
             AND ($3 IS NULL OR kind = $3) ORDER BY priority, turn, due_at, key LIMIT 1 {for_update_skip_locked}) \
             RETURNING key, kind, payload, held, epoch, generation, attempt";
        let attempts = worker.attempts;
        let lease = milliseconds(worker.lease);
        let claim = [worker.name.as_str().into(), lease.into(), worker.kind.map(JobKind::name).into()];
        let row: Option<ClaimRow> = self
            .write(move |mut db| {
                Box::pin(async move {
                    db.execute(BURY, [i64::from(attempts).into()]).await?;
                    db.first(CLAIM, claim).await
                })
            })
            .await?;
        if row.is_some() {
            // Where there was one there may be another, and `notify_one` woke only this worker.
            self.work.notify_one();
        }
        row.map(|row| row.read(attempts)).transpose()
    }

    /// Ends the leases of all running jobs: for a service that nobody else shares the store with, and that ended
    /// without a word. A job whose last write may still be under way is left alone for the time of `margin`. How
    /// many jobs there were.
    pub(crate) async fn end_leases(&self, margin: Duration) -> Result<u64, StoreError> {
        const END: &str = "UPDATE job SET due_at = (SELECT COALESCE(MAX(outbox.updated_at) + $1, {now}) FROM outbox \
             WHERE outbox.job = job.key AND outbox.epoch = job.epoch AND outbox.state = 'sending') \
             WHERE state = 'running'";
        self.execute(END, [milliseconds(margin).into()]).await
    }

    /// Keeps a claim for this long from now.
    pub(crate) async fn extend(&self, claim: &Claim, lease: Duration) -> Result<Lease, StoreError> {
        const EXTEND: &str = "UPDATE job SET due_at = {now} + $3, updated_at = {now} \
             WHERE key = $1 AND epoch = $2 AND state = 'running' RETURNING generation, claimed";
        let values = [claim.key.as_str().into(), claim.epoch.into(), milliseconds(lease).into()];
        let row = self.write_first(EXTEND, values).await?;
        let (generation, claimed): (i64, i64) = row.ok_or(StoreError::Lost)?;
        Ok(Lease { is_superseded: generation != claimed })
    }

    /// Ends a job that was done.
    pub(crate) async fn complete(&self, claim: &Claim) -> Result<Completed, StoreError> {
        const COMPLETE: &str = "UPDATE job SET state = CASE WHEN generation = claimed THEN 'done' ELSE 'ready' END, \
             held = 0, attempt = 0, due_at = {now}, worker = NULL, last_error = NULL, updated_at = {now} \
             WHERE key = $1 AND epoch = $2 AND state = 'running' RETURNING state";
        let values = [claim.key.as_str().into(), claim.epoch.into()];
        let row = self.write_first(COMPLETE, values).await?;
        let (state,): (String,) = row.ok_or(StoreError::Lost)?;
        self.work.notify_one();
        Ok(if state == JobState::Done.name() { Completed::Done } else { Completed::Again })
    }

    /// Ends an attempt that failed. The error must hold no code, secret or comment text.
    pub(crate) async fn fail(&self, claim: &Claim, error: &str, retry: Retry) -> Result<Failed, StoreError> {
        const FAIL: &str = "UPDATE job SET \
             state = CASE WHEN generation <> claimed OR attempt < $3 THEN 'ready' ELSE 'dead' END, \
             due_at = CASE WHEN generation <> claimed THEN {now} ELSE {now} + $4 END, \
             attempt = CASE WHEN generation <> claimed THEN 0 ELSE attempt END, \
             last_error = $5, worker = NULL, updated_at = {now} \
             WHERE key = $1 AND epoch = $2 AND state = 'running' RETURNING state";
        let (attempts, delay) = match retry {
            Retry::After(delay) => (claim.attempts, delay),
            Retry::Never => (0, Duration::ZERO),
        };
        let error: String = error.chars().take(LONGEST_ERROR).collect();
        let values = [
            claim.key.as_str().into(),
            claim.epoch.into(),
            i64::from(attempts).into(),
            milliseconds(delay).into(),
            error.into(),
        ];
        let row = self.write_first(FAIL, values).await?;
        let (state,): (String,) = row.ok_or(StoreError::Lost)?;
        self.work.notify_one();
        Ok(if state == JobState::Dead.name() { Failed::Dead } else { Failed::Retried })
    }

    /// Gives a job back as if it had not been claimed: for a service that shuts down.
    pub(crate) async fn release(&self, claim: &Claim) -> Result<(), StoreError> {
        self.postpone(claim, Duration::ZERO).await
    }

    /// Gives a job back as if it had not been claimed, and not before this time: for what is not the job's fault.
    pub(crate) async fn postpone(&self, claim: &Claim, delay: Duration) -> Result<(), StoreError> {
        const RELEASE: &str = "UPDATE job SET state = 'ready', attempt = attempt - 1, due_at = {now} + $3, \
             worker = NULL, updated_at = {now} WHERE key = $1 AND epoch = $2 AND state = 'running'";
        let values = [claim.key.as_str().into(), claim.epoch.into(), milliseconds(delay).into()];
        let rows = self.execute(RELEASE, values).await?;
        self.work.notify_one();
        if rows == 1 { Ok(()) } else { Err(StoreError::Lost) }
    }
}

#[derive(sqlx::FromRow)]
struct ClaimRow {
    key: String,
    kind: String,
    payload: String,
    held: i64,
    epoch: i64,
    generation: i64,
    attempt: i64,
}

impl ClaimRow {
    fn read(self, attempts: u32) -> Result<Claim, StoreError> {
        Ok(Claim {
            kind: word("job", &self.kind)?,
            payload: serde_json::from_str(&self.payload).map_err(StoreError::unreadable("job"))?,
            key: self.key,
            wishes: self.held,
            epoch: self.epoch,
            generation: self.generation,
            attempt: u32::try_from(self.attempt).unwrap_or(u32::MAX),
            attempts,
        })
    }
}
