//! What a forge knows: people, merge requests, comments, reviews, statuses, check runs.
//!
//! One vocabulary for the three forges; each of them writes it in its own shapes and has its own rules.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use crate::harness::anchor::Place;
use crate::harness::diff::Diff;
use crate::harness::forge::Kind;
use crate::harness::git::Store;
use crate::harness::signature::AppKey;

/// When a forge's story begins; its clock goes on by a second with each thing that happens.
const BEGINNING: i64 = 1_767_268_800;

/// What somebody may do in the repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Write.
    Write,
    /// Maintain.
    Maintain,
    /// Everything.
    Admin,
}

/// A side of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The base version: removed lines.
    Old,
    /// The head version: added lines, and lines around.
    New,
}

/// Somebody, or an app's bot.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) id: u64,
    pub(crate) login: String,
    pub(crate) access: Access,
    pub(crate) is_bot: bool,
    pub(crate) token: String,
}

/// A GitHub App.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) key: AppKey,
    pub(crate) id: u64,
    pub(crate) installation: u64,
    pub(crate) slug: String,
    /// The person that its installation acts as.
    pub(crate) bot: u64,
    /// Tokens that were asked for, and when each ends.
    pub(crate) tokens: Vec<(String, Instant)>,
    pub(crate) token_time: Duration,
}

/// Whether a merge request can still merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Closed,
    Merged,
}

/// A merge request.
#[derive(Clone, Debug)]
pub(crate) struct MergeRequest {
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) author: u64,
    pub(crate) source: String,
    pub(crate) target: String,
    pub(crate) head: String,
    pub(crate) state: State,
    pub(crate) is_draft: bool,
    pub(crate) labels: Vec<String>,
    /// One for each push, oldest first.
    pub(crate) versions: Vec<Version>,
    /// Reads that still find no versions: a forge computes them after it has answered.
    pub(crate) unready_reads: u32,
    pub(crate) approved_by: Vec<String>,
    /// Commands that notes have fired.
    pub(crate) fired: Vec<String>,
    pub(crate) opened: String,
    pub(crate) updated: String,
}

/// A merge request as it stood after a push.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) id: u64,
    /// The commit that source and target have in common.
    pub(crate) base: String,
    /// The tip of the target at that time.
    pub(crate) start: String,
    pub(crate) head: String,
    pub(crate) at: String,
}

/// A comment.
#[derive(Clone, Debug)]
pub(crate) struct Remark {
    pub(crate) id: u64,
    pub(crate) merge_request: u64,
    pub(crate) author: u64,
    pub(crate) text: String,
    pub(crate) place: Place,
    /// The comment that opens its thread: itself, or the one that it answers.
    pub(crate) thread: u64,
    pub(crate) review: Option<u64>,
    /// Who resolved the thread that it opens.
    pub(crate) resolved_by: Option<u64>,
    pub(crate) is_system: bool,
    pub(crate) is_deleted: bool,
    pub(crate) created: String,
    pub(crate) edited: String,
}

/// A review on GitHub or Gitea.
#[derive(Clone, Debug)]
pub(crate) struct Review {
    pub(crate) id: u64,
    pub(crate) merge_request: u64,
    pub(crate) author: u64,
    pub(crate) text: String,
    /// In the forge's own words; `PENDING` until it is submitted.
    pub(crate) state: String,
    pub(crate) commit: String,
    pub(crate) is_deleted: bool,
    pub(crate) at: String,
}

/// A commit status.
#[derive(Clone, Debug)]
pub(crate) struct Status {
    pub(crate) id: u64,
    pub(crate) commit: String,
    /// The context, or on GitLab the name.
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) description: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) author: u64,
    pub(crate) branch: Option<String>,
    pub(crate) at: String,
}

/// A check run.
#[derive(Clone, Debug)]
pub(crate) struct CheckRun {
    pub(crate) id: u64,
    pub(crate) head: String,
    /// What was last sent of each property.
    pub(crate) sent: serde_json::Map<String, Value>,
    /// All annotations, of all requests.
    pub(crate) annotations: Vec<Value>,
    pub(crate) at: String,
}

/// How much may be written before the forge asks to wait.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    pub(crate) left: usize,
    pub(crate) allowance: usize,
    pub(crate) wait: Duration,
    pub(crate) refused_at: Option<Instant>,
}

/// Everything that a forge knows.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) kind: Kind,
    /// The address of the forge, with the path that it is served under.
    pub(crate) root: String,
    /// The full path of its only repository.
    pub(crate) repository: String,
    pub(crate) store: Store,
    pub(crate) people: Vec<Person>,
    /// The person that the service is.
    pub(crate) service: u64,
    pub(crate) app: Option<App>,
    pub(crate) merge_requests: BTreeMap<u64, MergeRequest>,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) reviews: Vec<Review>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) check_runs: Vec<CheckRun>,
    pub(crate) page_size: usize,
    pub(crate) budget: Option<Budget>,
    /// Whether payloads and rules are those of a forge some years old.
    pub(crate) is_old: bool,
    pub(crate) unready_reads: u32,
    pub(crate) last_id: u64,
    pub(crate) ticks: i64,
}

impl World {
    /// A new id. Ids are shared by everything, so that one taken for another is never there by luck.
    pub(crate) fn id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// The time, and it goes on.
    pub(crate) fn now(&mut self) -> String {
        self.ticks += 1;
        Timestamp::from_second(BEGINNING + self.ticks).expect("a time in range").to_string()
    }

    /// Somebody by id.
    pub(crate) fn person(&self, id: u64) -> &Person {
        self.people.iter().find(|person| person.id == id).expect("a person of this forge")
    }

    /// Somebody by name.
    pub(crate) fn named(&self, login: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.login == login)
    }

    /// Somebody by token.
    pub(crate) fn holder(&self, token: &str) -> Option<&Person> {
        self.people.iter().find(|person| !person.is_bot && person.token == token)
    }

    /// The bot that holds a token of an app's installation.
    pub(crate) fn bot(&self, token: &str) -> Option<u64> {
        let app = self.app.as_ref()?;
        let is_good = |(known, end): &&(String, Instant)| known == token && Instant::now() < *end;
        app.tokens.iter().find(is_good).map(|_| app.bot)
    }

    /// The tip of a branch that is there.
    pub(crate) fn tip(&self, branch: &str) -> String {
        self.store.branch(branch).unwrap_or_else(|| panic!("there is no branch `{branch}`"))
    }

    /// The change that a merge request makes now, and the commit that it goes out from.
    pub(crate) fn change(&self, merge_request: &MergeRequest) -> (String, Diff) {
        self.change_at(merge_request, &merge_request.head)
    }

    /// The change that a merge request made when this was its newest commit.
    pub(crate) fn change_at(&self, merge_request: &MergeRequest, head: &str) -> (String, Diff) {
        let base = self.store.merge_base(&self.tip(&merge_request.target), head);
        let diff = self.store.diff(&base, head);
        (base, diff)
    }

    /// The comments of a merge request that stand, oldest first.
    pub(crate) fn standing(&self, merge_request: u64) -> impl Iterator<Item = &Remark> {
        let stands = move |remark: &&Remark| remark.merge_request == merge_request && !remark.is_deleted;
        self.remarks.iter().filter(stands)
    }

    /// A comment that stands.
    pub(crate) fn remark(&self, id: u64) -> Option<&Remark> {
        self.remarks.iter().find(|remark| remark.id == id && !remark.is_deleted)
    }

    /// A comment that stands, to be changed.
    pub(crate) fn remark_mut(&mut self, id: u64) -> Option<&mut Remark> {
        self.remarks.iter_mut().find(|remark| remark.id == id && !remark.is_deleted)
    }

    /// Writes a comment that opens a thread of its own; its id.
    pub(crate) fn write(&mut self, merge_request: u64, author: u64, text: &str, place: Place) -> u64 {
        let id = self.id();
        let now = self.now();
        self.remarks.push(Remark {
            id,
            merge_request,
            author,
            text: text.to_owned(),
            place,
            thread: id,
            review: None,
            resolved_by: None,
            is_system: false,
            is_deleted: false,
            created: now.clone(),
            edited: now,
        });
        id
    }

    /// Writes a comment that answers another one; its id.
    pub(crate) fn answer(&mut self, thread: u64, author: u64, text: &str) -> u64 {
        let opening = self.remark(thread).expect("a thread of this forge");
        let (merge_request, thread) = (opening.merge_request, opening.thread);
        let place = opening.place.clone();
        let id = self.write(merge_request, author, text, place);
        self.remark_mut(id).expect("it was written").thread = thread;
        id
    }

    /// Whether a review waits for being submitted, so that only its author sees it.
    pub(crate) fn is_pending(&self, review: Option<u64>) -> bool {
        let pending =
            |review: u64| self.reviews.iter().any(|known| known.id == review && known.state == "PENDING");
        review.is_some_and(pending)
    }
}

impl Budget {
    /// Takes this much out, or says how long to wait.
    pub(crate) fn take(&mut self, count: usize) -> Result<(), Duration> {
        if self.refused_at.is_some_and(|refused_at| refused_at.elapsed() >= self.wait) {
            self.left = self.allowance;
            self.refused_at = None;
        }
        if self.left < count {
            self.refused_at.get_or_insert_with(Instant::now);
            return Err(self.wait);
        }
        self.left -= count;
        Ok(())
    }
}
