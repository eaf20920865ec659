//! Finds out in which order the commits of a text follow one another: oldest first, as in mails, or newest
//! first, as in a log.
//!
//! What can follow what on one path tells it; where nothing does, the marks of the commits decide.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::{Commit, Order, file};
use crate::change::FileStatus;

/// The order of the commits. A step that cannot follow another decides; then the mark of mails, which never
/// come in another order; then blobs that meet; then the mark of a log.
pub(super) fn of(commits: &[Commit]) -> Order {
    let mut before: HashMap<&str, Step<'_>> = HashMap::new();
    let (mut possible, mut met) = (Tally::default(), Tally::default());
    for commit in commits {
        for (path, step) in steps(commit) {
            if let Some(earlier) = before.insert(path, step) {
                let (forward, backward) = (earlier.meets(step), step.meets(earlier));
                possible.count(forward != Meeting::Impossible, backward != Meeting::Impossible);
                met.count(forward == Meeting::Certain, backward == Meeting::Certain);
            }
        }
    }
    let mark = commits.first().map_or(Order::Unknown, |commit| commit.order);
    let of_mails = (mark == Order::OldestFirst).then_some(mark);
    possible.order().or(of_mails).or(met.order()).unwrap_or(mark)
}

/// How many paths speak for one order and not for the other.
#[derive(Default)]
struct Tally {
    oldest_first: usize,
    newest_first: usize,
}

impl Tally {
    fn count(&mut self, oldest_first: bool, newest_first: bool) {
        self.oldest_first += usize::from(oldest_first && !newest_first);
        self.newest_first += usize::from(newest_first && !oldest_first);
    }

    fn order(&self) -> Option<Order> {
        match self.oldest_first.cmp(&self.newest_first) {
            Ordering::Greater => Some(Order::OldestFirst),
            Ordering::Less => Some(Order::NewestFirst),
            Ordering::Equal => None,
        }
    }
}

/// Whether a path is left by one step as the next finds it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meeting {
    Impossible,
    Possible,
    /// With the same blob.
    Certain,
}

/// What a commit does to a path: whether it is there before and after, and with which blob.
#[derive(Clone, Copy, Default)]
struct Step<'a> {
    before: Option<Option<&'a str>>,
    after: Option<Option<&'a str>>,
}

impl Step<'_> {
    fn meets(self, next: Self) -> Meeting {
        match (self.after, next.before) {
            (Some(after), Some(before)) => match file::same_blob(after, before) {
                Some(true) => Meeting::Certain,
                Some(false) => Meeting::Impossible,
                None => Meeting::Possible,
            },
            (None, None) => Meeting::Possible,
            (Some(_), None) | (None, Some(_)) => Meeting::Impossible,
        }
    }
}

/// What the commit does to each path. A path that one file leaves and another takes is there on both sides.
fn steps(commit: &Commit) -> HashMap<&str, Step<'_>> {
    let mut steps: HashMap<&str, Step<'_>> = HashMap::new();
    let files = || commit.files.iter().map(|(_, file)| file);
    for file in files().filter(|file| file.status == FileStatus::Copied) {
        // A copy says nothing of what becomes of its source, and that it is there before.
        steps.entry(at(&file.base_path)).or_insert(Step { before: Some(None), after: Some(None) });
    }
    for file in files().filter(|file| file.status != FileStatus::Copied && file.base_path.is_some()) {
        let step = Step { before: Some(file.base_blob.as_deref()), after: None };
        steps.insert(at(&file.base_path), step);
    }
    for file in files().filter(|file| file.head_path.is_some()) {
        steps.entry(at(&file.head_path)).or_default().after = Some(file.head_blob.as_deref());
    }
    steps
}

fn at(path: &Option<String>) -> &str {
    path.as_deref().unwrap_or_default()
}
