//! A git repository as a review needs it: the change between two versions, and the contents of both.
//!
//! Reads only: what must be stored for a work tree's files is kept in memory. Runs no filter programs, hooks or
//! network, follows no symbolic link, and reads no attributes to decide what is text.

mod choice;
mod error;
#[cfg(test)]
mod histories;
mod pairs;
mod pool;
mod rename;
mod similarity;
mod sources;
mod work_tree;

pub use choice::{BaseChoice, DefaultBase};
pub use error::GitError;
pub use sources::GitSources;
pub use work_tree::WorkTree;

use std::path::Path;

use git2::{ErrorCode, Oid};

use super::{ChangeSet, ContentChange, FileChange, FileStatus, hunks, path};
use pairs::{Entry, Pair};
use rename::Change;

/// The id of the empty tree, which every repository knows.
const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// The store in memory goes before those on disk (packs have 2, loose objects 1).
const MEMORY_PRIORITY: i32 = 1000;

/// An open repository, with or without a work tree.
pub struct Repository {
    git: git2::Repository,
}

/// The version that a change goes out from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A revision in any of git's notations; the change goes out from where the head left it.
    Revision(String),
    /// Nothing: everything is added.
    EmptyTree,
}

/// The version that a change leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A revision in any of git's notations.
    Revision(String),
    /// What is staged for the next commit.
    Index,
    /// The files as they lie in the work tree.
    WorkTree(Untracked),
}

/// Whether files that git does not know, and is not told to ignore, belong to the work tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Untracked {
    /// They do not.
    Skip,
    /// They are added by the change.
    Include,
}

/// Two versions and the change between them.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What changed.
    pub change_set: ChangeSet,
    /// The full id of the commit that the change goes out from (of a tree, where the base is one).
    pub merge_base: String,
    /// The full id of the head commit; `None` for the index and the work tree.
    pub head: Option<String>,
    base_tree: Oid,
    version: Version,
}

/// The head as contents are read from it.
#[derive(Clone, Copy, Debug)]
enum Version {
    Tree(Oid),
    Index,
    WorkTree(Untracked),
}

impl Repository {
    /// Opens the repository that `path` lies in.
    ///
    /// # Errors
    /// Where there is none, or where it belongs to another user and is not declared safe.
    pub fn open(path: &Path) -> Result<Self, GitError> {
        let git = git2::Repository::discover(path).map_err(|error| GitError::opening(path, &error))?;
        store_in_memory(&git)?;
        Ok(Self { git })
    }

    /// The change from where `head` left `base` to `head`, as `git diff -M -C base...head` shows it.
    ///
    /// # Errors
    /// For unknown revisions, histories without a common commit, conflicts, and objects that are not there.
    pub fn change_set(&self, base: &Base, head: &Target) -> Result<Comparison, GitError> {
        self.change_set_within(base, head, usize::MAX)
    }

    /// The same, for a change of at most so many files; a larger one is not read.
    ///
    /// # Errors
    /// As [`Self::change_set`], and for more files.
    pub fn change_set_within(
        &self,
        base: &Base,
        head: &Target,
        max_files: usize,
    ) -> Result<Comparison, GitError> {
        let head_commit = match head {
            Target::Revision(revision) => Some(self.commit(revision)?),
            Target::Index | Target::WorkTree(_) => self.head_commit()?,
        };
        let (merge_base, base_tree) = self.merge_base(base, head_commit)?;
        let version = match (head, head_commit) {
            (Target::Revision(_), Some(commit)) => Version::Tree(self.git.find_commit(commit)?.tree_id()),
            (Target::WorkTree(untracked), _) => Version::WorkTree(*untracked),
            (Target::Index | Target::Revision(_), _) => Version::Index,
        };
        let pairs = pairs::between(&self.git, base_tree, version)?;
        if pairs.len() > max_files {
            return Err(GitError::TooManyFiles { files: pairs.len(), max_files });
        }
        Ok(Comparison {
            change_set: self.changes(rename::detect(&self.git, pairs)?)?,
            merge_base: merge_base.to_string(),
            head: matches!(head, Target::Revision(_)).then(|| head_commit.map(|id| id.to_string())).flatten(),
            base_tree,
            version,
        })
    }

    /// The contents of both versions; files of more than `max_file_bytes` are not read.
    ///
    /// # Errors
    /// Where the repository cannot be opened or listed.
    pub fn sources(&self, comparison: &Comparison, max_file_bytes: u64) -> Result<GitSources, GitError> {
        GitSources::new(&self.git, comparison.base_tree, comparison.version, max_file_bytes)
    }

    /// The files of the work tree, where there is one.
    ///
    /// # Errors
    /// Where the repository has no work tree, or it cannot be listed.
    pub fn work_tree(&self, untracked: Untracked) -> Result<WorkTree, GitError> {
        WorkTree::of(&self.git, untracked)
    }

    /// The content of the one blob whose id begins with `id`, where it is there and at most so large.
    pub(super) fn blob(&self, id: &str, max_bytes: u64) -> Option<Vec<u8>> {
        let odb = self.git.odb().ok()?;
        let id = odb.exists_prefix(Oid::from_str(id).ok()?, id.len()).ok()?;
        let (bytes, kind) = odb.read_header(id).ok()?;
        if kind != git2::ObjectType::Blob || bytes as u64 > max_bytes {
            return None;
        }
        Some(self.git.find_blob(id).ok()?.content().to_vec())
    }

    /// The commit of a revision.
    fn commit(&self, revision: &str) -> Result<Oid, GitError> {
        let object = self.object(revision)?;
        let commit = object.peel_to_commit().map_err(|_| GitError::NotACommit(revision.to_owned()))?;
        Ok(commit.id())
    }

    fn object(&self, revision: &str) -> Result<git2::Object<'_>, GitError> {
        self.git.revparse_single(revision).map_err(|error| match error.code() {
            ErrorCode::Ambiguous => GitError::Ambiguous(revision.to_owned()),
            _ => GitError::unknown_revision(&self.git, revision),
        })
    }

    /// The commit checked out; `None` before the first one.
    fn head_commit(&self) -> Result<Option<Oid>, GitError> {
        match self.git.head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok(Some(commit.id())),
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The commit (or tree) that a change from `base` to `head` goes out from, and its tree.
    fn merge_base(&self, base: &Base, head: Option<Oid>) -> Result<(Oid, Oid), GitError> {
        let Base::Revision(revision) = base else {
            let tree = Oid::from_str(EMPTY_TREE)?;
            return Ok((tree, tree));
        };
        let object = self.object(revision)?;
        let Ok(commit) = object.peel_to_commit() else {
            let tree = object.peel_to_tree().map_err(|_| GitError::NotACommit(revision.clone()))?.id();
            return Ok((tree, tree));
        };
        let merge_base = match head {
            Some(head) => self.common_commit(commit.id(), head)?,
            None => commit.id(),
        };
        Ok((merge_base, self.git.find_commit(merge_base)?.tree_id()))
    }

    /// The newest of the best common commits.
    fn common_commit(&self, base: Oid, head: Oid) -> Result<Oid, GitError> {
        let lost = || match self.git.is_shallow() {
            true => GitError::Shallow { base: base.to_string(), head: head.to_string() },
            false => GitError::Unrelated { base: base.to_string(), head: head.to_string() },
        };
        let found = match self.git.merge_bases(base, head) {
            Err(error) if error.code() == ErrorCode::NotFound => return Err(lost()),
            found => found?,
        };
        let mut newest: Option<(i64, Oid)> = None;
        for id in found.iter() {
            let seconds = self.git.find_commit(*id)?.time().seconds();
            if newest.is_none_or(|(newest, _)| seconds > newest) {
                newest = Some((seconds, *id));
            }
        }
        newest.map(|(_, id)| id).ok_or_else(lost)
    }

    fn changes(&self, changes: Vec<Change>) -> Result<ChangeSet, GitError> {
        let mut files = Vec::with_capacity(changes.len());
        for Change { status, base, head } in changes {
            match (base, head) {
                (Some(base), Some(head)) if !base.is_same_type(&head) => {
                    files.push(self.file(FileStatus::Deleted, Some(&base), None)?);
                    files.push(self.file(FileStatus::Added, None, Some(&head))?);
                }
                (base, head) => files.push(self.file(status, base.as_ref(), head.as_ref())?),
            }
        }
        Ok(ChangeSet::new(files))
    }

    fn file(
        &self,
        status: FileStatus,
        base: Option<&Entry>,
        head: Option<&Entry>,
    ) -> Result<FileChange, GitError> {
        let has_moved_only = matches!((base, head), (Some(base), Some(head))
            if base.path != head.path && base.id == head.id && base.mode == head.mode);
        let mode = |entry: Option<&Entry>| entry.filter(|_| !has_moved_only).map(|entry| entry.mode);
        let path = |entry: Option<&Entry>| entry.map(|entry| path::to_text(&entry.path));
        let blob = |entry: Option<&Entry>| {
            entry.filter(|entry| !entry.id.is_zero()).map(|entry| entry.id.to_string())
        };
        Ok(FileChange {
            status,
            base_path: path(base),
            head_path: path(head),
            base_mode: mode(base),
            head_mode: mode(head),
            base_blob: blob(base),
            head_blob: blob(head),
            content: self.content_change(base, head)?,
        })
    }

    fn content_change(&self, base: Option<&Entry>, head: Option<&Entry>) -> Result<ContentChange, GitError> {
        if let (Some(base), Some(head)) = (base, head)
            && base.id == head.id
        {
            return Ok(ContentChange::Text(Vec::new()));
        }
        let content = |entry: Option<&Entry>| match entry {
            Some(entry) => entry.content(&self.git),
            None => Ok(Some(Vec::new())),
        };
        Ok(match (content(base)?, content(head)?) {
            (Some(base), Some(head)) => hunks::between(&base, &head),
            (None, _) | (_, None) => ContentChange::Binary,
        })
    }
}

/// Makes what is stored from now on stay in memory; the empty tree is there from the start, as in git.
fn store_in_memory(git: &git2::Repository) -> Result<(), git2::Error> {
    git.odb()?.add_new_mempack_backend(MEMORY_PRIORITY)?;
    git.treebuilder(None)?.write().map(drop)
}

/// The two sides of a file, before it is known what became of it.
type Pairs = Vec<Pair>;
