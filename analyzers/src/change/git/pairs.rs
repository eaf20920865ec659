//! The files that differ between a base tree and a head, paired by path, in the order of their paths.
//!
//! Every side has a blob id: files of a work tree are stored in memory, as git would store them.

use git2::{Delta, DiffOptions, FileMode, ObjectType, Oid};

use super::{GitError, Pairs, Untracked, Version, work_tree};
use crate::change::{hunks, path};

/// One file in one version.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) path: Vec<u8>,
    pub(super) mode: u32,
    /// The blob (the commit of a submodule); zero for a file too large to be stored in memory.
    pub(super) id: Oid,
}

/// A path in both versions.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) base: Option<Entry>,
    pub(super) head: Option<Entry>,
}

/// The pairs that differ.
pub(super) fn between(git: &git2::Repository, base: Oid, head: Version) -> Result<Pairs, GitError> {
    let base = git.find_tree(base)?;
    let mut options = DiffOptions::new();
    options.include_typechange(true).skip_binary_check(true);
    let diff = match head {
        Version::Tree(tree) => {
            git.diff_tree_to_tree(Some(&base), Some(&git.find_tree(tree)?), Some(&mut options))?
        }
        Version::Index => git.diff_tree_to_index(Some(&base), None, Some(&mut options))?,
        Version::WorkTree(untracked) => {
            git.workdir().ok_or(GitError::NoWorkTree)?;
            let include = untracked == Untracked::Include;
            options.include_untracked(include).recurse_untracked_dirs(include);
            git.diff_tree_to_workdir_with_index(Some(&base), Some(&mut options))?
        }
    };
    let mut pairs = Vec::with_capacity(diff.deltas().len());
    for delta in diff.deltas() {
        if delta.status() == Delta::Conflicted {
            let file = [delta.old_file(), delta.new_file()].into_iter().find_map(|file| file.path_bytes());
            return Err(GitError::Conflicted(path::to_text(file.unwrap_or_default())));
        }
        let base = Entry::of(&delta.old_file())?;
        let head = match head {
            Version::Tree(_) | Version::Index => Entry::of(&delta.new_file())?,
            Version::WorkTree(_) => work_tree::stored(git, Entry::of(&delta.new_file())?)?,
        };
        let is_same = matches!((&base, &head), (Some(base), Some(head))
            if (base.id, base.mode) == (head.id, head.mode) && !base.id.is_zero());
        if !is_same && (base.is_some() || head.is_some()) {
            pairs.push(Pair { base, head });
        }
    }
    pairs.sort_by(|one, other| one.path().cmp(other.path()));
    Ok(pairs)
}

impl Pair {
    pub(super) fn path(&self) -> &[u8] {
        self.head.as_ref().or(self.base.as_ref()).map(|entry| entry.path.as_slice()).unwrap_or_default()
    }
}

impl Entry {
    /// The side of a delta; `None` where it has no file (an untracked repository is a folder, not a file).
    fn of(file: &git2::DiffFile<'_>) -> Result<Option<Self>, GitError> {
        let path = file.path_bytes().unwrap_or_default().to_vec();
        let mode = match file.mode() {
            FileMode::Blob | FileMode::BlobGroupWritable => 0o100_644,
            FileMode::BlobExecutable => 0o100_755,
            FileMode::Link => 0o120_000,
            FileMode::Commit => 0o160_000,
            FileMode::Tree | FileMode::Unreadable => return Ok(None),
        };
        Ok((file.exists() || !file.id().is_zero() || mode != 0).then_some(Self { path, mode, id: file.id() }))
    }

    pub(super) fn is_regular(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }

    pub(super) fn is_submodule(&self) -> bool {
        self.mode == 0o160_000
    }

    pub(super) fn is_same_type(&self, other: &Self) -> bool {
        self.mode & 0o170_000 == other.mode & 0o170_000
    }

    /// Its size; a submodule has none.
    pub(super) fn bytes(&self, git: &git2::Repository) -> Result<usize, GitError> {
        if self.id.is_zero() {
            return Ok(usize::MAX);
        }
        Ok(git.odb()?.read_header(self.id)?.0)
    }

    /// What git compares of it: a file's bytes, a link's target, a submodule's commit in words. `None` where
    /// it is too large to compare.
    pub(super) fn content(&self, git: &git2::Repository) -> Result<Option<Vec<u8>>, GitError> {
        if self.is_submodule() {
            return Ok(Some(format!("Subproject commit {}\n", self.id).into_bytes()));
        }
        if self.bytes(git)? > hunks::MAX_TEXT_BYTES {
            return Ok(None);
        }
        let object = git.find_object(self.id, Some(ObjectType::Blob))?;
        Ok(object.as_blob().map(|blob| blob.content().to_vec()))
    }
}
