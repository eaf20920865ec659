//! Chooses the base of a review where the user names none, and says which it took and why.
//!
//! A base that leaves nothing to review (the head is already part of it) is passed over.

use std::fmt;

use git2::{BranchType, Oid};

use super::{Base, GitError, Repository, Target};

/// The branches that forges begin repositories with.
const USUAL_BRANCHES: [&str; 2] = ["main", "master"];

/// A base that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultBase {
    /// The base.
    pub base: Base,
    /// Why this one.
    pub choice: BaseChoice,
}

/// Why a base was chosen; `Display` says it to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseChoice {
    /// The branch has this upstream.
    Upstream(String),
    /// This is the default branch of the remote.
    RemoteHead(String),
    /// A branch of a usual name.
    UsualBranch(String),
    /// No other branch to compare with: the commit checked out (with uncommitted work on top of it).
    LastCommit,
    /// No other branch to compare with: the parent of the head.
    FirstParent,
    /// The first commit of a history.
    Nothing,
}

impl fmt::Display for BaseChoice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upstream(name) => write!(formatter, "`{name}`, the upstream of this branch"),
            Self::RemoteHead(name) => write!(formatter, "`{name}`, the default branch of the remote"),
            Self::UsualBranch(name) => write!(formatter, "the branch `{name}`"),
            Self::LastCommit => formatter.write_str("the last commit"),
            Self::FirstParent => formatter.write_str("the commit before the head"),
            Self::Nothing => formatter.write_str("nothing, as this is the first commit"),
        }
    }
}

impl Repository {
    /// The base to review `head` against: the upstream, the remote's default branch, `main` or `master`
    /// (of the remote `origin` first); else the commit before, else nothing.
    ///
    /// # Errors
    /// Where the head is unknown.
    pub fn default_base(&self, head: &Target) -> Result<DefaultBase, GitError> {
        let commit = match head {
            Target::Revision(revision) => Some(self.commit(revision)?),
            Target::Index | Target::WorkTree(_) => self.head_commit()?,
        };
        let Some(commit) = commit else {
            return Ok(DefaultBase { base: Base::EmptyTree, choice: BaseChoice::Nothing });
        };
        for (name, choice) in self.branches(head) {
            let Ok(base) = self.commit(&name) else { continue };
            match self.common_commit(base, commit) {
                Ok(common) if common != commit => {
                    return Ok(DefaultBase { base: Base::Revision(name), choice });
                }
                Err(error @ GitError::Shallow { .. }) => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        self.commit_before(head, commit)
    }

    /// The branches to compare with, best first.
    fn branches(&self, head: &Target) -> Vec<(String, BaseChoice)> {
        let mut branches = Vec::new();
        let name = match head {
            Target::Revision(revision) if revision != "HEAD" => Some(revision.clone()),
            _ => self.git.head().ok().and_then(|head| head.shorthand().map(str::to_owned).ok()),
        };
        let branch = name.and_then(|name| self.git.find_branch(&name, BranchType::Local).ok());
        if let Some(upstream) = branch.and_then(|branch| branch.upstream().ok())
            && let Ok(name) = upstream.get().name()
        {
            let short =
                name.strip_prefix("refs/remotes/").or(name.strip_prefix("refs/heads/")).unwrap_or(name);
            branches.push((name.to_owned(), BaseChoice::Upstream(short.to_owned())));
        }
        if let Ok(reference) = self.git.find_reference("refs/remotes/origin/HEAD")
            && let Ok(Some(name)) = reference.symbolic_target()
        {
            let short = name.strip_prefix("refs/remotes/").unwrap_or(name);
            branches.push((name.to_owned(), BaseChoice::RemoteHead(short.to_owned())));
        }
        for (folder, prefix) in [("refs/remotes/origin/", "origin/"), ("refs/heads/", "")] {
            for branch in USUAL_BRANCHES {
                let choice = BaseChoice::UsualBranch(format!("{prefix}{branch}"));
                branches.push((format!("{folder}{branch}"), choice));
            }
        }
        branches
    }

    fn commit_before(&self, head: &Target, commit: Oid) -> Result<DefaultBase, GitError> {
        let (base, choice) = match head {
            Target::Index | Target::WorkTree(_) => {
                (Base::Revision(commit.to_string()), BaseChoice::LastCommit)
            }
            Target::Revision(_) => match self.git.find_commit(commit)?.parent_id(0) {
                Ok(parent) => (Base::Revision(parent.to_string()), BaseChoice::FirstParent),
                Err(_) if self.git.is_shallow() => {
                    return Err(GitError::Shallow { base: format!("{commit}^"), head: commit.to_string() });
                }
                Err(_) => (Base::EmptyTree, BaseChoice::Nothing),
            },
        };
        Ok(DefaultBase { base, choice })
    }
}
