//! What is to be done: one row for each thing. Asking for it again changes its row and never adds one.
//!
//! So a newer head replaces a waiting one, and there is one sender for each merge request.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::merge_request::{ForgeKind, MergeRequestKey};
use crate::store::connection::{Connection, storable};
use crate::store::inbox::key;
use crate::store::{Store, StoreError, milliseconds, timestamp, word};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JobKind {
    /// Reviews a merge request as it is now.
    Review,
    /// Obeys a comment.
    Command,
    /// Looks again at what merges into a branch that moved.
    Target,
}

/// Where a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JobState {
    /// It waits.
    Ready,
    /// A worker has it.
    Running,
    /// It is done.
    Done,
    /// It failed too often, or for good.
    Dead,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NewJob {
    /// What it is about. Asking for the same again changes the row and adds none.
    pub(crate) key: String,
    /// What it does.
    pub(crate) kind: JobKind,
    /// The repository; repositories take turns.
    pub(crate) repository: String,
    /// What the worker needs to know.
    pub(crate) payload: Json,
    /// Bits that hold until a run that knew of them is done, whatever is asked for meanwhile.
    pub(crate) wishes: i64,
    /// Smaller goes first.
    pub(crate) priority: i64,
    /// How long it waits at least.
    pub(crate) delay: Duration,
}

/// A job that nobody tries again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct DeadLetter {
    /// What it is about.
    pub(crate) key: String,
    /// What it does.
    pub(crate) kind: JobKind,
    /// Why the last attempt failed.
    pub(crate) error: String,
    /// Attempts made.
    pub(crate) attempts: u32,
    /// Since when it is dead.
    pub(crate) since: Timestamp,
}

/// How many jobs of a kind are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueCount {
    /// The kind.
    pub(crate) kind: JobKind,
    /// The state.
    pub(crate) state: JobState,
    /// How many.
    pub(crate) count: u64,
    /// Of those, the ones with an attempt behind them or at work: ready ones that are tried again.
    pub(crate) tried: u64,
}

impl JobKind {
    /// Every kind.
    pub(crate) const ALL: [Self; 3] = [Self::Review, Self::Command, Self::Target];

    /// The name in records and metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Command => "command",
            Self::Target => "target",
        }
    }
}

impl JobState {
    /// Every state.
    pub(crate) const ALL: [Self; 4] = [Self::Ready, Self::Running, Self::Done, Self::Dead];

    /// The name in records and metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
        }
    }
}

impl DeadLetter {
    /// The merge request that it was for, such as `gitlab:bank/core!7`; `None` where it was for a branch.
    pub(crate) fn merge_request(&self) -> Option<&str> {
        match self.kind {
            JobKind::Review | JobKind::Command => {
                let about = self.key.split_once(':').map_or(self.key.as_str(), |(_, about)| about);
                about.split('#').next()
            }
            JobKind::Target => None,
        }
    }
}

impl NewJob {
    /// The review of a merge request. There is at most one at a time.
    pub(crate) fn review(merge_request: &MergeRequestKey, payload: Json) -> Self {
        Self::new(JobKind::Review, &place(merge_request), &merge_request.to_string(), payload)
    }

    /// A comment that calls the service.
    pub(crate) fn command(merge_request: &MergeRequestKey, comment_id: &str, payload: Json) -> Self {
        Self::new(JobKind::Command, &place(merge_request), &format!("{merge_request}#{comment_id}"), payload)
    }

    /// A branch that moved.
    pub(crate) fn target(forge: ForgeKind, repository: &str, branch: &str, payload: Json) -> Self {
        let repository = format!("{forge}:{repository}");
        Self::new(JobKind::Target, &repository, &format!("{repository}#{branch}"), payload)
    }

    fn new(kind: JobKind, repository: &str, about: &str, payload: Json) -> Self {
        Self {
            key: key(&format!("{}:{about}", kind.name())),
            kind,
            repository: repository.to_owned(),
            payload,
            wishes: 0,
            priority: 0,
            delay: Duration::ZERO,
        }
    }
}

fn place(merge_request: &MergeRequestKey) -> String {
    format!("{}:{}", merge_request.forge, merge_request.repository)
}

impl Store {
    /// Asks for a job. A waiting one gets the new payload and keeps its wishes; a running one comes again when it
    /// ends.
    pub(crate) async fn enqueue(&self, job: &NewJob) -> Result<(), StoreError> {
        self.enqueue_all(std::slice::from_ref(job)).await
    }

    /// Asks for several jobs, for all of them or for none.
    pub(crate) async fn enqueue_all(&self, jobs: &[NewJob]) -> Result<(), StoreError> {
        let jobs = jobs.to_vec();
        self.write(move |mut db| Box::pin(async move { put(&mut db, &jobs).await })).await?;
        self.work.notify_one();
        Ok(())
    }

    /// Asks for a job unless one waits, runs or is dead: for whoever looks for what was missed. Asking again and
    /// again with `enqueue` would start the count of attempts anew each time. Whether it was needed.
    pub(crate) async fn enqueue_if_idle(&self, job: &NewJob) -> Result<bool, StoreError> {
        const IS_IDLE: &str = "SELECT COUNT(*) FROM job WHERE key = $1 AND state <> 'done'";
        let job = job.clone();
        let is_needed = self
            .write(move |mut db| {
                Box::pin(async move {
                    let busy: Option<(i64,)> = db.first(IS_IDLE, [job.key.as_str().into()]).await?;
                    let is_needed = busy == Some((0,));
                    if is_needed {
                        put(&mut db, &[job]).await?;
                    }
                    Ok(is_needed)
                })
            })
            .await?;
        self.work.notify_one();
        Ok(is_needed)
    }

    /// Waits until something may be there to claim. A hint only: another node's jobs, and those whose time comes,
    /// are found by asking now and then.
    pub(crate) async fn wait_for_work(&self) {
        self.work.notified().await;
    }

    /// The jobs that nobody tries again, newest first.
    pub(crate) async fn dead_letters(&self, limit: u32) -> Result<Vec<DeadLetter>, StoreError> {
        const DEAD: &str = "SELECT key, kind, COALESCE(last_error, ''), attempt, updated_at FROM job \
             WHERE state = 'dead' ORDER BY updated_at DESC, key LIMIT $1";
        let rows: Vec<(String, String, String, i64, i64)> = self.all(DEAD, [i64::from(limit).into()]).await?;
        let read = |(key, kind, error, attempts, since): (String, String, String, i64, i64)| {
            let attempts = u32::try_from(attempts).unwrap_or(u32::MAX);
            Ok(DeadLetter { key, kind: word("job", &kind)?, error, attempts, since: timestamp(since)? })
        };
        rows.into_iter().map(read).collect()
    }

    /// Gives a dead letter all its attempts again. Whether there was one.
    pub(crate) async fn retry_dead(&self, key: &str) -> Result<bool, StoreError> {
        const RETRY: &str = "UPDATE job SET state = 'ready', attempt = 0, due_at = {now}, updated_at = {now} \
             WHERE key = $1 AND state = 'dead'";
        let rows = self.execute(RETRY, [key.into()]).await?;
        self.work.notify_one();
        Ok(rows == 1)
    }

    /// How many jobs there are, by kind and state. What is not there is not listed.
    pub(crate) async fn queue_counts(&self) -> Result<Vec<QueueCount>, StoreError> {
        const COUNT: &str = "SELECT kind, state, COUNT(*), COUNT(CASE WHEN attempt > 0 THEN 1 END) FROM job \
             GROUP BY kind, state ORDER BY kind, state";
        let rows: Vec<(String, String, i64, i64)> = self.all(COUNT, []).await?;
        let read = |(kind, state, count, tried): (String, String, i64, i64)| {
            let (kind, state) = (word("job", &kind)?, word("job", &state)?);
            Ok(QueueCount { kind, state, count: count.unsigned_abs(), tried: tried.unsigned_abs() })
        };
        rows.into_iter().map(read).collect()
    }

    /// For how many seconds the job that is due longest has been waiting; 0 where none is.
    pub(crate) async fn oldest_ready_seconds(&self) -> Result<f64, StoreError> {
        const OLDEST: &str = "SELECT {now} - MIN(due_at) FROM job WHERE state = 'ready' AND due_at <= {now}";
        let row: Option<(Option<i64>,)> = self.first(OLDEST, []).await?;
        let waited = row.and_then(|(waited,)| waited).unwrap_or_default().unsigned_abs();
        Ok(Duration::from_millis(waited).as_secs_f64())
    }
}

/// Puts jobs into the queue, inside a transaction, as if one after the other.
///
/// The turn of each comes after the turns of its repository that still wait, and not before that of the row that
/// waits longest: a repository with a thousand jobs holds up one job of another by one place.
pub(super) async fn put(db: &mut Connection<'_>, jobs: &[NewJob]) -> Result<(), StoreError> {
    // In the order of their keys, so that two transactions never wait for each other's rows.
    const PUT: &str = "INSERT INTO job (key, kind, repository, payload, wishes, state, generation, claimed, epoch, \
         attempt, priority, turn, due_at, created_at, updated_at) \
         SELECT value ->> 'key', value ->> 'kind', value ->> 'repository', value ->> 'payload', \
         CAST(value ->> 'wishes' AS BIGINT), 'ready', 1, 0, {now}, 0, CAST(value ->> 'priority' AS BIGINT), \
         (SELECT COALESCE(MAX(turn), 0) FROM (SELECT MIN(turn) AS turn FROM job WHERE state = 'ready' UNION ALL \
         SELECT MAX(turn) + 1 FROM job WHERE state IN ('ready', 'running') AND repository = value ->> 'repository') \
         AS turns) + CAST(value ->> 'place' AS BIGINT), \
         {now} + CAST(value ->> 'delay' AS BIGINT), {now}, {now} FROM {objects_of_1} WHERE true ORDER BY 1 \
         ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, wishes = job.wishes | excluded.wishes, \
         generation = job.generation + 1, \
         state = CASE WHEN job.state = 'running' THEN 'running' ELSE 'ready' END, \
         attempt = CASE WHEN job.state = 'running' THEN job.attempt ELSE 0 END, \
         priority = CASE WHEN job.state IN ('ready', 'running') AND job.priority < excluded.priority \
         THEN job.priority ELSE excluded.priority END, \
         turn = CASE WHEN job.state IN ('ready', 'running') THEN job.turn ELSE excluded.turn END, \
         due_at = CASE WHEN job.state = 'running' OR (job.state = 'ready' AND job.due_at < excluded.due_at) \
         THEN job.due_at ELSE excluded.due_at END, \
         updated_at = excluded.updated_at";
    if jobs.is_empty() {
        return Ok(());
    }
    db.execute(PUT, [Json::Array(rows(jobs)).to_string().into()]).await.map(drop)
}

/// One row for each key, with its place among the new rows of its repository.
fn rows(jobs: &[NewJob]) -> Vec<Json> {
    let mut at: HashMap<&str, usize> = HashMap::new();
    let mut merged: Vec<NewJob> = Vec::new();
    for job in jobs {
        match at.get(job.key.as_str()) {
            None => {
                at.insert(&job.key, merged.len());
                merged.push(job.clone());
            }
            Some(&earlier) => {
                let earlier = &mut merged[earlier];
                earlier.payload.clone_from(&job.payload);
                earlier.wishes |= job.wishes;
                earlier.priority = earlier.priority.min(job.priority);
                earlier.delay = earlier.delay.min(job.delay);
            }
        }
    }
    let mut places: HashMap<&str, i64> = HashMap::new();
    let row = |job: &NewJob, place: i64| {
        json!({
            "key": storable(&job.key),
            "kind": job.kind.name(),
            "repository": storable(&job.repository),
            "payload": job.payload.to_string(),
            "wishes": job.wishes,
            "priority": job.priority,
            "delay": milliseconds(job.delay),
            "place": place,
        })
    };
    merged
        .iter()
        .map(|job| {
            let place = places.entry(&job.repository).and_modify(|place| *place += 1).or_default();
            row(job, *place)
        })
        .collect()
}
