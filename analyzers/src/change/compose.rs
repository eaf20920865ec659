//! Puts the commits of one text together: the changes of each file, one after the other, become one change.
//!
//! What does not follow from what came before is an error, never a guess. The work is bounded.

mod file;
mod order;
mod script;

use std::collections::BTreeMap;

use super::diff_text::{DiffError, DiffProblem};
use super::{FileChange, FileStatus};

/// How many hunk lines are read again at most while commits are put together: some seconds of work.
const MAX_LINES_READ_AGAIN: usize = 20_000_000;

/// The files that one commit changes, each with the line of the text where it begins.
pub(super) struct Commit {
    pub(super) order: Order,
    pub(super) files: Vec<(usize, FileChange)>,
}

/// In which order the commits of a text follow one another, as far as its marks tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Unknown,
    OldestFirst,
    NewestFirst,
}

impl Commit {
    pub(super) fn new(order: Order) -> Self {
        Self { order, files: Vec::new() }
    }
}

/// The files that all commits together change.
pub(super) fn commits(mut commits: Vec<Commit>) -> Result<Vec<FileChange>, DiffError> {
    commits.retain(|commit| !commit.files.is_empty());
    if order::of(&commits) == Order::NewestFirst {
        commits.reverse();
    }
    let mut commits = commits.into_iter();
    let mut state = State::default();
    if let Some(first) = commits.next() {
        state.begin(first);
    }
    for commit in commits {
        state.follow(commit)?;
    }
    Ok(state.files())
}

/// What the commits so far have made of the files they touched.
#[derive(Default)]
struct State {
    /// By the path after these commits.
    live: BTreeMap<String, FileChange>,
    /// Paths that are no more: deleted with this change, or moved away or never there at base.
    gone: BTreeMap<String, Option<FileChange>>,
    lines_read_again: usize,
}

impl State {
    fn begin(&mut self, commit: Commit) {
        for (_, file) in commit.files {
            self.enter(file);
        }
    }

    /// Lets `commit` act on the files as they are now. Copies read them first, then what takes a path away,
    /// then what needs a free path.
    fn follow(&mut self, mut commit: Commit) -> Result<(), DiffError> {
        commit.files.sort_by_key(|(_, file)| match file.status {
            FileStatus::Copied => 0,
            FileStatus::Deleted | FileStatus::Modified | FileStatus::Renamed => 1,
            FileStatus::Added => 2,
        });
        let mut results = Vec::with_capacity(commit.files.len());
        for (line, file) in commit.files {
            let path = file.path().to_owned();
            let result = match &file.base_path {
                Some(base_path) => {
                    let base_path = base_path.clone();
                    self.change(&base_path, file)
                }
                None => self.add(file),
            };
            let result = result.map_err(|reason| self.error(line, path.clone(), reason))?;
            results.push((line, path, result));
        }
        for (line, path, result) in results {
            match result {
                Some(file) if file.head_path.as_ref().is_some_and(|path| self.live.contains_key(path)) => {
                    return Err(self.error(line, path, "two files get this path"));
                }
                Some(file) => self.enter(file),
                None => {
                    self.gone.entry(path).or_insert(None);
                }
            }
        }
        Ok(())
    }

    fn error(&self, line: usize, path: String, reason: &'static str) -> DiffError {
        let problem = if self.lines_read_again > MAX_LINES_READ_AGAIN {
            DiffProblem::CompositionTooLong
        } else {
            DiffProblem::Composition { path, reason }
        };
        DiffError { line, problem }
    }

    fn enter(&mut self, file: FileChange) {
        match (file.status, &file.base_path, &file.head_path) {
            (FileStatus::Deleted, Some(base), _) => {
                self.gone.insert(base.clone(), Some(file));
            }
            (status, base, Some(head)) => {
                if status == FileStatus::Renamed
                    && let Some(base) = base
                {
                    self.gone.entry(base.clone()).or_insert(None);
                }
                self.live.insert(head.clone(), file);
            }
            (_, _, None) => {}
        }
    }

    /// A change of the file at `base_path`; `None` where nothing is left of both.
    fn change(&mut self, base_path: &str, file: FileChange) -> Result<Option<FileChange>, &'static str> {
        let earlier = if file.status == FileStatus::Copied {
            self.live.get(base_path).cloned()
        } else {
            self.live.remove(base_path)
        };
        match earlier {
            Some(earlier) => {
                self.spend(&earlier, &file)?;
                file::compose(earlier, file)
            }
            None if self.gone.contains_key(base_path) => Err("it was deleted or moved before"),
            None => Ok(Some(file)),
        }
    }

    /// A file that is added: again, where an earlier commit deleted it.
    fn add(&mut self, file: FileChange) -> Result<Option<FileChange>, &'static str> {
        if self.live.contains_key(file.path()) {
            return Err("it was there before it is added");
        }
        match self.gone.get_mut(file.path()).and_then(Option::take) {
            Some(deleted) if file::same_type(&deleted, &file) => {
                self.gone.remove(file.path());
                self.spend(&deleted, &file)?;
                file::replace(deleted, file)
            }
            Some(deleted) => {
                self.gone.insert(file.path().to_owned(), Some(deleted));
                Ok(Some(file))
            }
            None => Ok(Some(file)),
        }
    }

    fn spend(&mut self, one: &FileChange, other: &FileChange) -> Result<(), &'static str> {
        let lines = |file: &FileChange| file.hunks().iter().map(|hunk| hunk.lines.len()).sum::<usize>();
        self.lines_read_again += lines(one) + lines(other);
        if self.lines_read_again > MAX_LINES_READ_AGAIN { Err("too many commits") } else { Ok(()) }
    }

    fn files(self) -> Vec<FileChange> {
        self.live.into_values().chain(self.gone.into_values().flatten()).collect()
    }
}
