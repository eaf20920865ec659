//! What jobs are about, and which of them an event asks for.
//!
//! A later asking for the same replaces an earlier one that waits, but takes back nothing that somebody wished.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::event::{Comment, Delivery, Event};
use crate::merge_request::{ForgeKind, MergeRequestKey};
use crate::store::queue::NewJob;

/// The wishes of a review, as the queue keeps them.
const ANEW: i64 = 1;
const PERSON: i64 = 2;

/// What a review job is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReviewJob {
    /// The merge request.
    pub(crate) merge_request: MergeRequestKey,
    /// Whether an earlier review of the same versions may stand for this one.
    pub(crate) freshness: Freshness,
    /// Who wants it.
    pub(crate) cause: Cause,
}

/// Who wants a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    /// Nobody in particular: something happened. A repository may not want it.
    Event,
    /// Somebody asked for it.
    Person,
}

/// Whether an earlier review may stand for a new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

/// What a target job is about: a branch that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TargetJob {
    /// The forge.
    pub(crate) forge: ForgeKind,
    /// The repository.
    pub(crate) repository: String,
    /// The branch.
    pub(crate) branch: String,
}

impl ReviewJob {
    /// A review because something happened.
    pub(crate) fn of_event(merge_request: MergeRequestKey) -> Self {
        Self { merge_request, freshness: Freshness::Reuse, cause: Cause::Event }
    }

    /// The job in the queue.
    pub(crate) fn queued(&self) -> NewJob {
        let anew = if self.freshness == Freshness::Anew { ANEW } else { 0 };
        let person = if self.cause == Cause::Person { PERSON } else { 0 };
        NewJob { wishes: anew | person, ..NewJob::review(&self.merge_request, json(self)) }
    }

    /// The job with what was wished of it earlier, and not granted yet.
    pub(super) fn with(mut self, wishes: i64) -> Self {
        if wishes & ANEW != 0 {
            self.freshness = Freshness::Anew;
        }
        if wishes & PERSON != 0 {
            self.cause = Cause::Person;
        }
        self
    }
}

impl CommandJob {
    /// The job in the queue. People wait for its answer.
    pub(crate) fn queued(&self) -> NewJob {
        let job = NewJob::command(&self.comment.merge_request, &self.comment.id, json(self));
        NewJob { priority: -1, ..job }
    }
}

impl TargetJob {
    /// The job in the queue, due when the branch has settled: pushes until then are one.
    fn queued(&self, settle: Duration) -> NewJob {
        NewJob { delay: settle, ..NewJob::target(self.forge, &self.repository, &self.branch, json(self)) }
    }
}

/// The jobs that a delivery asks for.
pub(crate) fn asked_for(delivery: &Delivery, settle: Duration) -> Vec<NewJob> {
    match &delivery.event {
        Event::Changed { merge_request } => vec![ReviewJob::of_event(merge_request.clone()).queued()],
        Event::RecheckRequested { merge_request } => {
            let (freshness, cause) = (Freshness::Anew, Cause::Person);
            vec![ReviewJob { merge_request: merge_request.clone(), freshness, cause }.queued()]
        }
        Event::Commented(comment) => vec![CommandJob { comment: comment.clone() }.queued()],
        Event::Pushed { repository, branch } => {
            let (repository, branch) = (repository.clone(), branch.clone());
            vec![TargetJob { forge: delivery.forge, repository, branch }.queued(settle)]
        }
        Event::Closed { .. } | Event::Ignored { .. } => Vec::new(),
    }
}

fn json(job: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(job).expect("a job is plain data")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLE: Duration = Duration::from_secs(3);

    fn asked(event: Event) -> Vec<NewJob> {
        asked_for(&Delivery { forge: ForgeKind::Gitlab, id: "1".to_owned(), event }, SETTLE)
    }

    fn key() -> MergeRequestKey {
        MergeRequestKey { forge: ForgeKind::Gitlab, repository: "bank/core".to_owned(), number: 7 }
    }

    fn read(job: &NewJob) -> ReviewJob {
        serde_json::from_value(job.payload.clone()).unwrap()
    }

    #[test]
    fn what_somebody_asked_for_anew_stays_so_whatever_happens_next() {
        let [recheck] = &asked(Event::RecheckRequested { merge_request: key() })[..] else { panic!() };
        let [changed] = &asked(Event::Changed { merge_request: key() })[..] else { panic!() };
        assert_eq!((&recheck.key, changed.wishes), (&changed.key, 0));
        let alone = read(changed).with(changed.wishes);
        assert_eq!((alone.freshness, alone.cause), (Freshness::Reuse, Cause::Event));
        let both = read(changed).with(recheck.wishes | changed.wishes);
        assert_eq!((both.freshness, both.cause), (Freshness::Anew, Cause::Person));
    }

    #[test]
    fn a_person_who_asks_for_no_new_review_wishes_none() {
        let review = ReviewJob { cause: Cause::Person, ..ReviewJob::of_event(key()) };
        let then = ReviewJob::of_event(key()).with(review.queued().wishes);
        assert_eq!(then, review);
    }

    #[test]
    fn a_row_without_wishes_is_read_as_it_was_written() {
        let row = serde_json::json!({
            "merge_request": {"forge": "gitlab", "repository": "bank/core", "number": 7},
            "freshness": "anew", "cause": "person",
        });
        let job = serde_json::from_value::<ReviewJob>(row).unwrap().with(0);
        assert_eq!((job.freshness, job.cause), (Freshness::Anew, Cause::Person));
    }

    #[test]
    fn pushes_to_a_branch_ask_for_one_look_once_it_has_settled() {
        let pushed = |branch: &str| {
            let event = Event::Pushed { repository: "bank/core".to_owned(), branch: branch.to_owned() };
            asked(event).remove(0)
        };
        let job = pushed("release/1#a");
        assert_eq!((job.key.as_str(), job.delay), ("target:gitlab:bank/core#release/1#a", SETTLE));
        assert_eq!(job.repository, "gitlab:bank/core");
        assert_eq!(job, pushed("release/1#a"));
        assert_ne!(job.key, pushed("release/1").key);
        let wanted = TargetJob {
            forge: ForgeKind::Gitlab,
            repository: "bank/core".to_owned(),
            branch: "release/1#a".to_owned(),
        };
        assert_eq!(serde_json::from_value::<TargetJob>(job.payload).unwrap(), wanted);
    }
}
