//! Random histories of the queue against a model of one screen: whatever happens, both say the same.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{MINUTE, count, on_postgres, on_sqlite, review, worker};
use crate::store::claim::{Claim, Completed, Failed, Retry};
use crate::store::queue::{JobState, NewJob};
use crate::store::{Store, StoreError};

const ATTEMPTS: u32 = 3;

/// What may happen. A claim is named by its number among all claims made so far, so that stale ones write too.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// Somebody asks, with these wishes.
    Enqueue(u64, i64),
    Claim,
    Extend(usize),
    Complete(usize),
    Fail(usize, Retry),
    Release(usize),
    /// The lease of this merge request's job ends.
    Expire(u64),
    RetryDead(u64),
}

/// A job as the model sees it.
#[derive(Clone, Debug)]
struct Row {
    state: JobState,
    has_expired: bool,
    is_superseded: bool,
    attempt: u32,
    epoch: i64,
    /// Wished since the last claim.
    wishes: i64,
    /// Wished before, by nobody granted yet.
    held: i64,
}

fn step() -> impl Strategy<Value = Step> {
    let claim = 0..12_usize;
    prop_oneof![
        3 => (0..3_u64, 0..4_i64).prop_map(|(number, wishes)| Step::Enqueue(number, wishes)),
        4 => Just(Step::Claim),
        1 => claim.clone().prop_map(Step::Extend),
        2 => claim.clone().prop_map(Step::Complete),
        2 => claim.clone().prop_map(|claim| Step::Fail(claim, Retry::After(Duration::ZERO))),
        1 => claim.clone().prop_map(|claim| Step::Fail(claim, Retry::Never)),
        1 => claim.prop_map(Step::Release),
        3 => (0..3_u64).prop_map(Step::Expire),
        1 => (0..3_u64).prop_map(Step::RetryDead),
    ]
}

#[derive(Default)]
struct Model {
    rows: BTreeMap<String, Row>,
    claims: Vec<Claim>,
}

impl Model {
    fn enqueue(&mut self, key: String, wishes: i64) {
        let row = self.rows.entry(key).or_insert(Row {
            state: JobState::Done,
            has_expired: false,
            is_superseded: false,
            attempt: 0,
            epoch: 0,
            wishes: 0,
            held: 0,
        });
        row.wishes |= wishes;
        match row.state {
            JobState::Running => row.is_superseded = true,
            JobState::Ready | JobState::Done | JobState::Dead => {
                (row.state, row.attempt) = (JobState::Ready, 0);
            }
        }
    }

    /// Takes note of a claim, which must have been possible.
    fn claim(&mut self, claimed: Option<Claim>) {
        for row in self.rows.values_mut() {
            let is_silent = row.state == JobState::Running && row.has_expired && !row.is_superseded;
            if is_silent && row.attempt > ATTEMPTS {
                row.state = JobState::Dead;
            }
        }
        let is_due =
            |row: &Row| row.state == JobState::Ready || (row.state == JobState::Running && row.has_expired);
        let Some(claim) = claimed else {
            assert!(!self.rows.values().any(is_due), "something was due: {:?}", self.rows);
            return;
        };
        let row = self.rows.get_mut(&claim.key).unwrap();
        assert!(is_due(row), "it was not due: {row:?}");
        assert!(claim.epoch > row.epoch, "an epoch came again");
        let attempt = if row.state == JobState::Running && row.is_superseded { 1 } else { row.attempt + 1 };
        assert_eq!(claim.attempt, attempt);
        assert_eq!(claim.is_exhausted(), attempt > ATTEMPTS);
        assert_eq!(claim.wishes, row.held | row.wishes, "a wish was lost, or granted twice");
        *row = Row {
            state: JobState::Running,
            has_expired: false,
            is_superseded: false,
            attempt,
            epoch: claim.epoch,
            wishes: 0,
            held: claim.wishes,
        };
        self.claims.push(claim);
    }

    /// The row of a claim that may write.
    fn held(&mut self, claim: &Claim) -> Option<&mut Row> {
        let row = self.rows.get_mut(&claim.key).unwrap();
        (row.state == JobState::Running && row.epoch == claim.epoch).then_some(row)
    }
}

fn end(row: &mut Row, state: JobState) -> JobState {
    row.state = if row.is_superseded { JobState::Ready } else { state };
    if row.is_superseded || state == JobState::Done {
        row.attempt = 0;
    }
    if state == JobState::Done {
        row.held = 0;
    }
    row.state
}

async fn take(store: &Store, model: &mut Model, step: Step) {
    let numbered = |number: usize, model: &Model| model.claims.get(number).cloned();
    match step {
        Step::Enqueue(number, wishes) => {
            let job = NewJob { wishes, ..review(number, "a") };
            store.enqueue(&job).await.unwrap();
            model.enqueue(job.key, wishes);
        }
        Step::Claim => {
            let claimed = store.claim(&worker()).await.unwrap();
            model.claim(claimed);
        }
        Step::Expire(number) => expire(store, model, &review(number, "a").key).await,
        Step::RetryDead(number) => {
            let key = review(number, "a").key;
            let row = model.rows.get_mut(&key).filter(|row| row.state == JobState::Dead);
            assert_eq!(store.retry_dead(&key).await.unwrap(), row.is_some());
            if let Some(row) = row {
                (row.state, row.attempt) = (JobState::Ready, 0);
            }
        }
        Step::Extend(number) | Step::Complete(number) | Step::Fail(number, _) | Step::Release(number) => {
            if let Some(claim) = numbered(number, model) {
                write(store, model, step, &claim).await;
            }
        }
    }
}

async fn expire(store: &Store, model: &mut Model, key: &str) {
    const EXPIRE: &str = "UPDATE job SET due_at = {now} WHERE key = $1 AND state = 'running'";
    store.execute(EXPIRE, [key.into()]).await.unwrap();
    if let Some(row) = model.rows.get_mut(key) {
        row.has_expired = true;
    }
}

async fn write(store: &Store, model: &mut Model, step: Step, claim: &Claim) {
    let held = model.held(claim);
    let (did, expected) = match step {
        Step::Extend(_) => {
            let lease = store.extend(claim, MINUTE).await.map(|lease| lease.is_superseded.to_string());
            (
                lease,
                held.map(|row| {
                    row.has_expired = false;
                    row.is_superseded.to_string()
                }),
            )
        }
        Step::Complete(_) => {
            let completed =
                store.complete(claim).await.map(|completed| (completed == Completed::Done).to_string());
            (completed, held.map(|row| (end(row, JobState::Done) == JobState::Done).to_string()))
        }
        Step::Fail(_, retry) => {
            let failed =
                store.fail(claim, "error", retry).await.map(|failed| (failed == Failed::Dead).to_string());
            (
                failed,
                held.map(|row| {
                    let is_last = retry == Retry::Never || row.attempt >= ATTEMPTS;
                    let state = if is_last { JobState::Dead } else { JobState::Ready };
                    (end(row, state) == JobState::Dead).to_string()
                }),
            )
        }
        Step::Release(_) => {
            let released = store.release(claim).await.map(|()| String::new());
            (
                released,
                held.map(|row| {
                    (row.state, row.attempt) = (JobState::Ready, row.attempt - 1);
                    String::new()
                }),
            )
        }
        Step::Enqueue(..) | Step::Claim | Step::Expire(_) | Step::RetryDead(_) => {
            unreachable!("not of a claim")
        }
    };
    assert_eq!(did, expected.ok_or(StoreError::Lost));
}

async fn live(store: &Store, history: &[Step]) {
    store.execute("DELETE FROM job", []).await.unwrap();
    let mut model = Model::default();
    for &step in history {
        take(store, &mut model, step).await;
    }
    for state in [JobState::Ready, JobState::Running, JobState::Done, JobState::Dead] {
        let expected = model.rows.values().filter(|row| row.state == state).count();
        assert_eq!(count(store, state).await, expected as u64, "{state:?}");
    }
}

/// Runs random histories on one store.
fn check(store: &Store, cases: u32) {
    let handle = tokio::runtime::Handle::current();
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let histories = prop::collection::vec(step(), 1..60);
    TestRunner::new(config)
        .run(&histories, |history| {
            handle.block_on(live(store, &history));
            Ok(())
        })
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_in_sqlite_does_what_the_model_does() {
    on_sqlite(async |store| tokio::task::block_in_place(|| check(&store, 100))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_in_postgres_does_what_the_model_does() {
    on_postgres(async |store| tokio::task::block_in_place(|| check(&store, 60))).await;
}
