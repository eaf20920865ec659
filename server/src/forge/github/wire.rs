//! GitHub's answers, as much of them as is read; unknown fields are passed over.

use std::fmt;

use serde::Deserialize;

use crate::forge::{ForgeError, Permission};
use crate::merge_request::MergeRequestState;

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
}

/// Anything that has a number.
#[derive(Deserialize)]
pub(super) struct Created {
    pub(super) id: u64,
}

/// A branch of the repository.
#[derive(Deserialize)]
pub(super) struct Branch {
    pub(super) commit: Sha,
}

#[derive(Deserialize)]
pub(super) struct Sha {
    pub(super) sha: String,
}

#[derive(Deserialize)]
pub(super) struct Label {
    pub(super) name: Option<String>,
}

/// One end of a pull request.
#[derive(Deserialize)]
pub(super) struct End {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) sha: String,
}

#[derive(Deserialize)]
pub(super) struct WirePull {
    pub(super) number: u64,
    state: String,
    merged: Option<bool>,
    merged_at: Option<String>,
    pub(super) draft: Option<bool>,
    pub(super) user: Option<User>,
    pub(super) labels: Option<Vec<Label>>,
    pub(super) html_url: Option<String>,
    pub(super) head: End,
    pub(super) base: End,
}

#[derive(Deserialize)]
pub(super) struct WireComment {
    pub(super) id: u64,
    pub(super) path: Option<String>,
    pub(super) body: Option<String>,
    pub(super) user: Option<User>,
    pub(super) in_reply_to_id: Option<u64>,
    pub(super) created_at: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Collaborator {
    permission: String,
    role_name: Option<String>,
    user: Option<User>,
}

/// The id of a comment: GitHub counts those beside code and those on the pull request apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CommentId {
    /// Beside code, or at a file.
    Review(u64),
    /// On the pull request.
    Issue(u64),
}

impl WirePull {
    pub(super) fn state(&self) -> MergeRequestState {
        let is_merged = self.merged.unwrap_or(false) || self.merged_at.is_some();
        match self.state.as_str() {
            _ if is_merged => MergeRequestState::Merged,
            "closed" => MergeRequestState::Closed,
            _ => MergeRequestState::Open,
        }
    }
}

impl WireComment {
    pub(super) fn is_by(&self, user: &str) -> bool {
        self.user.as_ref().is_some_and(|author| author.id.to_string() == user)
    }
}

impl Collaborator {
    /// What this user may do, if it is the one that was asked for: names pass from one user to another.
    pub(super) fn permission(&self, user: &str) -> Permission {
        let is_asked_for = self.user.as_ref().is_some_and(|found| found.id.to_string() == user);
        // A role of the organisation's own making says nothing; what it amounts to stands in `permission`.
        let role = self.role_name.as_deref().and_then(known).or_else(|| known(&self.permission));
        if is_asked_for { role.unwrap_or(Permission::None) } else { Permission::None }
    }
}

fn known(role: &str) -> Option<Permission> {
    match role {
        "admin" | "maintain" => Some(Permission::Maintain),
        "write" => Some(Permission::Write),
        "triage" | "read" => Some(Permission::Read),
        "none" => Some(Permission::None),
        _ => None,
    }
}

impl CommentId {
    /// Reads `review:123` and `issue:45`.
    pub(super) fn parse(id: &str) -> Result<Self, ForgeError> {
        let parsed = match id.split_once(':') {
            Some(("review", number)) => number.parse().ok().map(Self::Review),
            Some(("issue", number)) => number.parse().ok().map(Self::Issue),
            _ => None,
        };
        parsed.ok_or_else(|| ForgeError::NotFound("the comment".to_owned()))
    }

    /// The number of the comment that opens a thread, from `123` or `review:123`.
    pub(super) fn of_thread(thread: &str) -> Option<u64> {
        thread.strip_prefix("review:").unwrap_or(thread).parse().ok()
    }
}

impl fmt::Display for CommentId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Review(number) => write!(formatter, "review:{number}"),
            Self::Issue(number) => write!(formatter, "issue:{number}"),
        }
    }
}
