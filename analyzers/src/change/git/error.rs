//! What can go wrong with a repository, and what to do about it.

use std::path::{Path, PathBuf};

use git2::ErrorCode;
use thiserror::Error;

/// How alike a name must be to be offered for one that is not there, and how many are offered.
const NEAR_NAME_RATIO: f32 = 0.6;
const NEAR_NAMES: usize = 3;

/// Why a repository did not give what was asked.
#[derive(Debug, Error)]
pub enum GitError {
    /// There is no repository.
    #[error("`{}` is not in a git repository; name one with `--repo`, or give a diff with `--diff`", .0.display())]
    NotARepository(PathBuf),
    /// The repository belongs to somebody else.
    #[error(
        "the repository at `{}` belongs to another user, so git does not trust it ({reason}); if it is yours to \
         review, run `git config --global --add safe.directory '{}'`", path.display(), path.display()
    )]
    Owner {
        /// The repository.
        path: PathBuf,
        /// What libgit2 says.
        reason: String,
    },
    /// No revision of this name.
    #[error("there is no revision `{revision}`{}{}", did_you_mean(near), fetch(*is_shallow))]
    UnknownRevision {
        /// The revision asked for.
        revision: String,
        /// Names that exist and look like it.
        near: Vec<String>,
        /// Whether the repository has only a part of its history.
        is_shallow: bool,
    },
    /// A short id that several objects have.
    #[error("`{0}` is the start of several object ids; write more of it")]
    Ambiguous(String),
    /// Something else than a commit.
    #[error("`{0}` names something that is not a commit")]
    NotACommit(String),
    /// Two histories that never met.
    #[error("{base} and {head} have no commit in common; choose a base from the same history")]
    Unrelated {
        /// The base commit.
        base: String,
        /// The head commit.
        head: String,
    },
    /// The common commit was not fetched.
    #[error(
        "this is a shallow clone that lacks the commit which {base} and {head} have in common; fetch more history \
         with `git fetch --unshallow` (GitHub: `fetch-depth: 0`, GitLab: `GIT_DEPTH: \"0\"`)"
    )]
    Shallow {
        /// The base commit.
        base: String,
        /// The head commit.
        head: String,
    },
    /// A change that is too large to be read.
    #[error("the change touches {files} files, more than the {max_files} that one review reads; split it")]
    TooManyFiles {
        /// Files that it touches.
        files: usize,
        /// Files that it may touch.
        max_files: usize,
    },
    /// A bare repository was asked for its work tree.
    #[error("this repository is bare and has no work tree; name a head revision with `--head`")]
    NoWorkTree,
    /// A merge was left unfinished.
    #[error("`{0}` has an unresolved merge conflict; resolve it first")]
    Conflicted(String),
    /// A file of the work tree that cannot be read.
    #[error("`{path}` in the work tree cannot be read: {reason}")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// An object that is not stored here, or anything else that libgit2 reports.
    #[error("git: {}{}", .0.message(), missing(.0))]
    Git(#[from] git2::Error),
}

impl GitError {
    pub(super) fn opening(path: &Path, error: &git2::Error) -> Self {
        match error.code() {
            ErrorCode::Owner => {
                let root = git2::Repository::discover_path(path, &[] as &[&Path]).ok();
                let root = root.as_deref().map_or(path, without_git_folder);
                Self::Owner { path: root.to_owned(), reason: error.message().to_owned() }
            }
            ErrorCode::NotFound => Self::NotARepository(path.to_owned()),
            _ => Self::Git(git2::Error::new(error.code(), error.class(), error.message())),
        }
    }

    pub(super) fn unknown_revision(git: &git2::Repository, revision: &str) -> Self {
        let names = reference_names(git).unwrap_or_default();
        let mut near: Vec<String> = Vec::new();
        let is_below = |name: &&String| name.strip_suffix(revision).is_some_and(|start| start.ends_with('/'));
        near.extend(names.iter().filter(is_below).take(NEAR_NAMES).cloned());
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for name in similar::get_close_matches(revision, &names, NEAR_NAMES, NEAR_NAME_RATIO) {
            if near.len() < NEAR_NAMES && !near.iter().any(|known| known == name) {
                near.push(name.to_owned());
            }
        }
        Self::UnknownRevision { revision: revision.to_owned(), near, is_shallow: git.is_shallow() }
    }
}

/// The short names of branches and tags.
fn reference_names(git: &git2::Repository) -> Result<Vec<String>, git2::Error> {
    let mut names = Vec::new();
    for name in git.references()?.names() {
        let name = name?;
        let short =
            ["refs/heads/", "refs/tags/", "refs/remotes/"].iter().find_map(|at| name.strip_prefix(at));
        names.extend(short.map(str::to_owned));
    }
    Ok(names)
}

fn without_git_folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if path.ends_with(".git") => parent,
        _ => path,
    }
}

fn did_you_mean(names: &[String]) -> String {
    match names {
        [] => String::new(),
        _ => format!(
            "; did you mean {}?",
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        ),
    }
}

fn fetch(is_shallow: bool) -> &'static str {
    if is_shallow {
        "; this is a shallow clone, so it may have to be fetched first (`git fetch --unshallow`)"
    } else {
        ""
    }
}

fn missing(error: &git2::Error) -> &'static str {
    match (error.code(), error.class()) {
        (ErrorCode::NotFound, git2::ErrorClass::Odb) => {
            "; a part of the repository was not fetched (a partial clone?): fetch it whole, without `--filter`"
        }
        _ => "",
    }
}
