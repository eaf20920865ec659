//! The lines of a change as a forge counts them: hunks with three lines of context.
//!
//! Two commits in; files with hunks out. Renames are found as git finds them.

use git2::{Delta, DiffOptions, Patch};

use crate::harness::world::Side;

/// Lines of context around a change, on every forge.
pub(crate) const CONTEXT_LINES: u32 = 3;

/// What lies between two commits.
#[derive(Debug)]
pub(crate) struct Diff {
    pub(crate) files: Vec<FileDiff>,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Deleted,
    Changed,
    Renamed,
}

/// One file of a change. Both paths are always there; where one side has no file, they are the same.
#[derive(Debug)]
pub(crate) struct FileDiff {
    pub(crate) old_path: String,
    pub(crate) new_path: String,
    pub(crate) change: Change,
    pub(crate) hunks: Vec<Hunk>,
}

/// A hunk.
#[derive(Debug)]
pub(crate) struct Hunk {
    pub(crate) old_start: u32,
    pub(crate) old_lines: u32,
    pub(crate) new_start: u32,
    pub(crate) new_lines: u32,
    pub(crate) lines: Vec<Line>,
}

/// A line of a hunk.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its number at base; none for an added line.
    pub(crate) old: Option<u32>,
    /// Its number at head; none for a removed line.
    pub(crate) new: Option<u32>,
    /// Both running counters at this line: what line codes are made of.
    pub(crate) counters: (u32, u32),
    pub(crate) text: String,
}

/// A line of a file's diff, by its hunk and its place in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found<'diff> {
    pub(crate) hunk: &'diff Hunk,
    pub(crate) index: usize,
}

impl Diff {
    /// Reads the change between two commits.
    pub(crate) fn between(git: &git2::Repository, base: &str, head: &str, context: u32) -> Self {
        let tree = |commit: &str| git.revparse_single(commit).and_then(|object| object.peel_to_tree());
        let (base, head) = (tree(base).expect("a commit"), tree(head).expect("a commit"));
        let mut options = DiffOptions::new();
        options.context_lines(context).interhunk_lines(0);
        let mut diff = git.diff_tree_to_tree(Some(&base), Some(&head), Some(&mut options)).expect("a diff");
        diff.find_similar(None).expect("renames are looked for");
        let files = (0..diff.deltas().len()).map(|index| FileDiff::read(&diff, index)).collect();
        Self { files }
    }

    /// The file with this path at head, or at base where it was deleted.
    pub(crate) fn file(&self, path: &str) -> Option<&FileDiff> {
        self.files.iter().find(|file| file.new_path == path)
    }

    /// The diff as git writes it, without index lines.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for file in &self.files {
            text += &format!("diff --git a/{} b/{}\n", file.old_path, file.new_path);
            text += &format!("--- a/{}\n+++ b/{}\n", file.old_path, file.new_path);
            text += &file.patch();
        }
        text
    }
}

impl FileDiff {
    fn read(diff: &git2::Diff<'_>, index: usize) -> Self {
        let delta = diff.get_delta(index).expect("a delta of the diff");
        let path = |file: git2::DiffFile<'_>| file.path().map(|path| path.display().to_string());
        let (old, new) = (path(delta.old_file()), path(delta.new_file()));
        let change = match delta.status() {
            Delta::Added => Change::Added,
            Delta::Deleted => Change::Deleted,
            Delta::Renamed => Change::Renamed,
            _ => Change::Changed,
        };
        let patch = Patch::from_diff(diff, index).expect("a readable patch");
        let hunks = patch.map_or_else(Vec::new, |patch| {
            (0..patch.num_hunks()).map(|hunk| Hunk::read(&patch, hunk)).collect()
        });
        let either = || new.clone().or(old.clone()).expect("a delta has a path");
        Self {
            old_path: old.clone().unwrap_or_else(either),
            new_path: new.clone().unwrap_or_else(either),
            change,
            hunks,
        }
    }

    /// Finds a line by its number on one side.
    pub(crate) fn find(&self, side: Side, number: u32) -> Option<Found<'_>> {
        self.hunks.iter().find_map(|hunk| {
            let index = hunk.lines.iter().position(|line| line.number(side) == Some(number))?;
            Some(Found { hunk, index })
        })
    }

    /// Lines added and lines removed.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let lines = || self.hunks.iter().flat_map(|hunk| &hunk.lines);
        (lines().filter(|line| line.old.is_none()).count(), lines().filter(|line| line.new.is_none()).count())
    }

    /// The hunks as git writes them.
    pub(crate) fn patch(&self) -> String {
        let hunk = |hunk: &Hunk| hunk.excerpt(0, hunk.lines.len()) + "\n";
        self.hunks.iter().map(hunk).collect()
    }
}

impl Hunk {
    fn read(patch: &Patch<'_>, index: usize) -> Self {
        let (hunk, count) = patch.hunk(index).expect("a hunk of the patch");
        let mut counters = (hunk.old_start(), hunk.new_start());
        let mut lines = Vec::new();
        for line in 0..count {
            let line = patch.line_in_hunk(index, line).expect("a line of the hunk");
            if !matches!(line.origin(), '+' | '-' | ' ') {
                continue;
            }
            let text = String::from_utf8_lossy(line.content()).trim_end_matches('\n').to_owned();
            let (old, new) = (line.old_lineno(), line.new_lineno());
            lines.push(Line { old, new, counters, text });
            counters.0 += u32::from(old.is_some());
            counters.1 += u32::from(new.is_some());
        }
        Self {
            old_start: hunk.old_start(),
            old_lines: hunk.old_lines(),
            new_start: hunk.new_start(),
            new_lines: hunk.new_lines(),
            lines,
        }
    }

    /// Some of its lines under a heading of their own.
    pub(crate) fn excerpt(&self, from: usize, to: usize) -> String {
        let lines = &self.lines[from..to];
        let counts = |side| lines.iter().filter(|line| line.number(side).is_some()).count();
        let (old, new) = lines.first().map_or((self.old_start, self.new_start), |line| line.counters);
        let heading = format!("@@ -{old},{} +{new},{} @@", counts(Side::Old), counts(Side::New));
        lines.iter().fold(heading, |text, line| format!("{text}\n{}{}", line.sign(), line.text))
    }
}

impl Line {
    /// Its number on one side.
    pub(crate) fn number(&self, side: Side) -> Option<u32> {
        match side {
            Side::Old => self.old,
            Side::New => self.new,
        }
    }

    fn sign(&self) -> char {
        match (self.old, self.new) {
            (None, _) => '+',
            (_, None) => '-',
            _ => ' ',
        }
    }
}

impl Found<'_> {
    /// The line itself.
    pub(crate) fn line(&self) -> &Line {
        &self.hunk.lines[self.index]
    }

    /// Whether the other line is further down in the same hunk.
    pub(crate) fn precedes(&self, other: &Self) -> bool {
        self.is_with(other) && self.index < other.index
    }

    /// Whether both are in one hunk.
    pub(crate) fn is_with(&self, other: &Self) -> bool {
        std::ptr::eq(self.hunk, other.hunk)
    }
}
