//! Reads the text of a unified diff into a `ChangeSet`: of git or of `diff -u`, one change or several commits.
//!
//! One pass over the bytes, line by line. Text around the files (commit messages, mails) is passed over; what
//! cannot be read as a whole is an error, so that no part of a change is left out in silence.

mod cursor;
mod error;
mod header;
mod hunk;
mod names;
mod write;

pub use error::{DiffError, DiffProblem, Resemblance};
pub use write::write;

use std::collections::HashSet;

use crate::change::compose::{self, Commit, Order};
use crate::change::{ChangeSet, FILE_TYPE, FileChange, FileStatus};
use cursor::Cursor;

/// The change that `text` shows. A blank text is a change of nothing.
///
/// # Errors
/// Says at which line of the text what was expected, and what to do.
pub fn parse(text: &[u8]) -> Result<ChangeSet, DiffError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.trim_ascii().is_empty() {
        return Ok(ChangeSet::default());
    }
    let commits = Reader::new(text).commits()?;
    if commits.iter().all(|commit| commit.files.is_empty()) {
        return Err(DiffError { line: 1, problem: DiffProblem::NotADiff(Resemblance::of(text)) });
    }
    compose::commits(commits).map(ChangeSet::new)
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    commits: Vec<Commit>,
    paths: HashSet<String>,
    /// Whether the text has shown marks of git; then a line of prose is not a message of `diff`.
    is_of_git: bool,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Self {
        let cursor = Cursor::new(text);
        Self { cursor, commits: vec![Commit::new(Order::Unknown)], paths: HashSet::new(), is_of_git: false }
    }

    fn commits(mut self) -> Result<Vec<Commit>, DiffError> {
        while let Some(line) = self.cursor.line() {
            let number = self.cursor.number();
            if let Some(file) = self.file(line)? {
                self.add(number, file);
            } else {
                self.pass_over(line).map_err(|problem| DiffError { line: number, problem })?;
                self.cursor.advance();
            }
        }
        Ok(self.commits)
    }

    /// Reads the file that begins with `line`, if one does.
    fn file(&mut self, line: &[u8]) -> Result<Option<FileChange>, DiffError> {
        if line.starts_with(b"diff --git ") {
            self.is_of_git = true;
            return header::git_file(&mut self.cursor).map(Some);
        }
        if line.starts_with(b"--- ") && self.cursor.next_line().is_some_and(|next| next.starts_with(b"+++ "))
        {
            return header::plain_file(&mut self.cursor).map(Some);
        }
        let file = header::plain_binary(line.strip_suffix(b"\r").unwrap_or(line));
        if file.is_some() {
            self.cursor.advance();
        }
        Ok(file)
    }

    /// Looks at a line outside of files: the begin of a commit, a sign of what cannot be read, or prose.
    fn pass_over(&mut self, line: &[u8]) -> Result<(), DiffProblem> {
        if let Some(order) = commit_mark(line) {
            self.is_of_git = true;
            self.begin_commit(order);
        }
        let starts = |text: &str| line.starts_with(text.as_bytes());
        if starts("diff --cc ") || starts("diff --combined ") || starts("@@@ -") {
            return Err(DiffProblem::Combined);
        }
        if starts("@@ -") {
            return Err(DiffProblem::HunkWithoutFile);
        }
        if let Some(path) = line.strip_prefix(b"* Unmerged path ") {
            return Err(DiffProblem::Unmerged(String::from_utf8_lossy(path).into_owned()));
        }
        if is_submodule_log(line) {
            return Err(DiffProblem::SubmoduleLog);
        }
        if !self.is_of_git && starts("Only in ") && memchr::memmem::find(line, b": ").is_some() {
            return Err(DiffProblem::OneSided);
        }
        Ok(())
    }

    fn begin_commit(&mut self, order: Order) {
        self.paths.clear();
        match self.commits.last_mut() {
            Some(last) if last.files.is_empty() && last.order == Order::Unknown => last.order = order,
            Some(last) if last.files.is_empty() => {}
            _ => self.commits.push(Commit::new(order)),
        }
    }

    /// Adds a file; one that the commit at hand has changed already begins the next commit.
    fn add(&mut self, line: usize, file: FileChange) {
        if self.paths.contains(file.path()) && !self.completes_a_type_change(&file) {
            let order = self.commits.last().map_or(Order::Unknown, |commit| commit.order);
            self.begin_commit(order);
        }
        self.paths.insert(file.path().to_owned());
        let commit = self.commits.last_mut().expect("a reader begins with a commit and takes none away");
        commit.files.push((line, file));
    }

    /// Whether git writes `file` and the one before it for one file that became of another type.
    fn completes_a_type_change(&self, file: &FileChange) -> bool {
        let before = self.commits.last().and_then(|commit| commit.files.last());
        let Some((_, before)) = before else { return false };
        let file_type = |mode: Option<u32>| mode.map(|mode| mode & FILE_TYPE);
        (before.status, file.status) == (FileStatus::Deleted, FileStatus::Added)
            && before.base_path == file.head_path
            && file_type(before.base_mode) != file_type(file.head_mode)
    }
}

/// Whether a commit begins here: `commit <id>` in a log, newest first by default, `From <id> <date>` in mails,
/// oldest first.
fn commit_mark(line: &[u8]) -> Option<Order> {
    let (id, order) = match line.strip_prefix(b"commit ") {
        Some(rest) => (rest, Order::NewestFirst),
        None => (line.strip_prefix(b"From ")?, Order::OldestFirst),
    };
    let end = id.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(id.len());
    let is_id = matches!(end, 40 | 64) || (order == Order::NewestFirst && end >= 7);
    let rest = id.get(end..).unwrap_or_default();
    let is_mark = match order {
        Order::OldestFirst => rest.starts_with(b" "),
        _ => rest.is_empty() || rest == b"\r" || rest.starts_with(b" ("),
    };
    (is_id && is_mark).then_some(order)
}

/// Whether the line is of `--submodule=log`: `Submodule <path> <id>..<id>:`, or says so with a word.
fn is_submodule_log(line: &[u8]) -> bool {
    let Some(words) = line.strip_prefix(b"Submodule ") else { return false };
    let ids = |word: &[u8]| {
        let hex = word.iter().filter(|byte| byte.is_ascii_hexdigit()).count();
        hex >= 14 && word.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'))
    };
    words.split(|byte| *byte == b' ').any(ids)
}
