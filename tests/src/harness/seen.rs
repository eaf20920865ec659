//! What people see of a merge request: comments with their threads, statuses, check runs.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::harness::anchor::Place;
use crate::harness::forge::FakeForge;
use crate::harness::world::{CheckRun, MergeRequest, Remark, Side, World};

/// A comment as people see it.
#[derive(Clone, Debug)]
pub struct SeenComment {
    /// Its id on the forge.
    pub id: u64,
    /// The name of its author.
    pub author: String,
    /// Its text.
    pub text: String,
    /// Where it stands; `None` in the conversation.
    pub place: Option<SeenPlace>,
    /// The comment that opens its thread: itself, or the one that it answers.
    pub thread: u64,
    /// Whether its thread is resolved.
    pub is_resolved: bool,
    /// Whether the lines beside which it was written have changed.
    pub is_outdated: bool,
}

/// Where a comment was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenPlace {
    /// The file; where it was deleted, its old path.
    pub path: String,
    /// The side of the lines.
    pub side: Side,
    /// The first line; 0 beside a file.
    pub start: u32,
    /// The last line; 0 beside a file.
    pub end: u32,
    /// Whether the place was in the change. Gitea takes comments on places that nobody sees.
    pub is_shown: bool,
}

/// A commit status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenStatus {
    /// The context, or on GitLab the name.
    pub name: String,
    /// The state in the forge's words.
    pub state: String,
    /// One line.
    pub description: Option<String>,
    /// Where to read more.
    pub url: Option<String>,
}

/// A check run.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenCheckRun {
    /// Its id.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// `queued`, `in_progress` or `completed`.
    pub status: String,
    /// How it ended.
    pub conclusion: Option<String>,
    /// `output.title`.
    pub title: Option<String>,
    /// `output.summary`.
    pub summary: Option<String>,
    /// The annotations of all requests.
    pub annotations: Vec<Value>,
}

impl FakeForge {
    /// The comments that stand on a merge request, oldest first, without the forge's own notes.
    pub fn comments(&self, number: u64) -> Vec<SeenComment> {
        let world = self.world();
        let merge_request = &world.merge_requests[&number];
        let told = world.standing(number).filter(|remark| !remark.is_system);
        let told = told.filter(|remark| !world.is_pending(remark.review));
        let mut seen: Vec<_> = told.map(|remark| comment(&world, merge_request, remark)).collect();
        for review in &world.reviews {
            let is_told = !review.is_deleted && review.state != "PENDING" && !review.text.is_empty();
            if is_told && review.merge_request == number {
                seen.push(SeenComment {
                    id: review.id,
                    author: world.person(review.author).login.clone(),
                    text: review.text.clone(),
                    place: None,
                    thread: review.id,
                    is_resolved: false,
                    is_outdated: false,
                });
            }
        }
        seen.sort_by_key(|comment| comment.id);
        seen
    }

    /// The comments of the service beside code.
    pub fn inline_comments(&self, number: u64) -> Vec<SeenComment> {
        let service = self.service();
        let wanted = |comment: &SeenComment| comment.author == service && comment.place.is_some();
        self.comments(number).into_iter().filter(wanted).collect()
    }

    /// Every status that a commit was given, oldest first.
    pub fn statuses(&self, commit: &str) -> Vec<SeenStatus> {
        let world = self.world();
        let given = world.statuses.iter().filter(|status| status.commit == commit);
        let seen = given.map(|status| SeenStatus {
            name: status.name.clone(),
            state: status.state.clone(),
            description: status.description.clone(),
            url: status.url.clone(),
        });
        seen.collect()
    }

    /// The newest status of a commit.
    pub fn status(&self, commit: &str) -> Option<SeenStatus> {
        self.statuses(commit).pop()
    }

    /// The check runs of a commit, oldest first.
    pub fn check_runs(&self, commit: &str) -> Vec<SeenCheckRun> {
        let world = self.world();
        world.check_runs.iter().filter(|run| run.head == commit).map(check_run).collect()
    }

    /// What the service posted more than once on a merge request, deleted comments too: by the hidden marker,
    /// `finding:<key>:<head>`, or where there is none by the whole text. Each should be there once.
    pub fn posted_twice(&self, number: u64) -> Vec<String> {
        let posted = posted(&self.world(), number, |_is_deleted| true);
        repeated(posted.iter().map(|text| marker(text).map_or_else(|| text.clone(), |parts| parts.join(":"))))
    }

    /// What stands more than once on a merge request in the service's name: by the marker without its head,
    /// or by the whole text.
    pub fn stands_twice(&self, number: u64) -> Vec<String> {
        let posted = posted(&self.world(), number, |is_deleted| !is_deleted);
        repeated(posted.iter().map(|text| match marker(text).as_deref() {
            Some([kind, key, ..]) => format!("{kind}:{key}"),
            _ => text.clone(),
        }))
    }

    /// The newest commit of a merge request.
    pub fn head(&self, number: u64) -> String {
        self.world().merge_requests[&number].head.clone()
    }

    /// Who approved a merge request.
    pub fn approved_by(&self, number: u64) -> Vec<String> {
        self.world().merge_requests[&number].approved_by.clone()
    }

    /// On GitLab: the commands that notes have fired, such as `/approve`.
    pub fn fired(&self, number: u64) -> Vec<String> {
        self.world().merge_requests[&number].fired.clone()
    }
}

fn comment(world: &World, merge_request: &MergeRequest, remark: &Remark) -> SeenComment {
    let opening = world.remarks.iter().find(|other| other.id == remark.thread);
    let is_shown = |remark: &Remark| remark.place.anchor().is_some_and(|anchor| !anchor.hunk.is_empty());
    let place = remark.place.anchor().map(|anchor| SeenPlace {
        path: anchor.new_path.clone(),
        side: anchor.end.side,
        start: anchor.start.unwrap_or(anchor.end).line,
        end: anchor.end.line,
        is_shown: is_shown(remark) || matches!(remark.place, Place::File(_)),
    });
    SeenComment {
        id: remark.id,
        author: world.person(remark.author).login.clone(),
        text: remark.text.clone(),
        is_outdated: place.is_some() && remark.place.now(world, merge_request).is_none(),
        place,
        thread: remark.thread,
        is_resolved: opening.is_some_and(|opening| opening.resolved_by.is_some()),
    }
}

fn check_run(run: &CheckRun) -> SeenCheckRun {
    let sent = Value::Object(run.sent.clone());
    let text = |place: &str| sent.pointer(place).and_then(Value::as_str).map(str::to_owned);
    SeenCheckRun {
        id: run.id,
        name: text("/name").unwrap_or_default(),
        status: text("/status").unwrap_or_default(),
        conclusion: text("/conclusion"),
        title: text("/output/title"),
        summary: text("/output/summary"),
        annotations: run.annotations.clone(),
    }
}

/// The texts that the service posted.
fn posted(world: &World, number: u64, counts: impl Fn(bool) -> bool) -> Vec<String> {
    let own = |remark: &&Remark| remark.merge_request == number && remark.author == world.service;
    let remarks = world.remarks.iter().filter(own).filter(|remark| counts(remark.is_deleted));
    let reviews = world.reviews.iter().filter(|review| {
        let is_own = review.merge_request == number && review.author == world.service;
        is_own && counts(review.is_deleted) && !review.text.is_empty()
    });
    remarks.map(|remark| remark.text.clone()).chain(reviews.map(|review| review.text.clone())).collect()
}

fn repeated(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut counted = BTreeMap::<String, usize>::new();
    for name in names {
        *counted.entry(name).or_default() += 1;
    }
    counted.into_iter().filter(|(_, count)| *count > 1).map(|(name, _)| name).collect()
}

/// What the hidden last line says by which the service knows its own comments: kind, key and head.
fn marker(text: &str) -> Option<Vec<&str>> {
    let line = text.trim_end().lines().last()?;
    let said = line.strip_prefix("<!-- countersign:v1:")?.strip_suffix(" -->")?;
    Some(said.split(':').take(3).collect())
}
