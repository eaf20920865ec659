//! Gitea's answers, as much of them as is read. Versions differ in fields; unknown ones are passed over.

use serde::Deserialize;

use crate::forge::support::object_id;
use crate::forge::{OpenMergeRequest, Permission, PostedComment};
use crate::merge_request::{ForgeKind, MergeRequestKey, MergeRequestState};

/// What a title begins with where its author is not ready, as Gitea is set up. Older versions say it no other way.
const DRAFT_PREFIXES: [&str; 2] = ["WIP:", "[WIP]"];

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
}

#[derive(Deserialize)]
pub(super) struct Label {
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct Branch {
    #[serde(rename = "ref")]
    pub(super) reference: String,
    pub(super) sha: String,
}

#[derive(Deserialize)]
pub(super) struct Pull {
    number: u64,
    state: String,
    #[serde(default)]
    merged: bool,
    draft: Option<bool>,
    title: Option<String>,
    pub(super) user: Option<User>,
    pub(super) labels: Option<Vec<Label>>,
    pub(super) html_url: Option<String>,
    pub(super) head: Branch,
    pub(super) base: Branch,
}

#[derive(Deserialize)]
pub(super) struct Review {
    pub(super) id: u64,
    user: Option<User>,
    pub(super) comments_count: Option<u64>,
}

#[derive(Deserialize)]
pub(super) struct ReviewComment {
    pub(super) id: u64,
    pub(super) path: Option<String>,
    pub(super) body: Option<String>,
    user: Option<User>,
    resolver: Option<User>,
}

#[derive(Deserialize)]
pub(super) struct IssueComment {
    pub(super) id: u64,
    body: Option<String>,
    user: Option<User>,
}

#[derive(Deserialize)]
pub(super) struct Collaborator {
    permission: String,
    user: Option<User>,
}

impl User {
    fn is(&self, id: &str) -> bool {
        self.id.to_string() == id
    }
}

impl Pull {
    pub(super) fn state(&self) -> MergeRequestState {
        match self.state.as_str() {
            _ if self.merged => MergeRequestState::Merged,
            "closed" => MergeRequestState::Closed,
            _ => MergeRequestState::Open,
        }
    }

    pub(super) fn is_draft(&self) -> bool {
        let title = self.title.as_deref().unwrap_or_default().trim_start();
        let begins =
            |prefix: &&str| title.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        self.draft.unwrap_or(false) || DRAFT_PREFIXES.iter().any(begins)
    }

    pub(super) fn in_short(self, repository: &str) -> Option<OpenMergeRequest> {
        let head = object_id(&self.head.sha).ok()?;
        let is_draft = self.is_draft();
        let is_open = self.state() == MergeRequestState::Open;
        let key = MergeRequestKey {
            forge: ForgeKind::Gitea,
            repository: repository.to_owned(),
            number: self.number,
        };
        is_open.then_some(OpenMergeRequest { key, head, target_branch: self.base.reference, is_draft })
    }
}

impl Review {
    pub(super) fn is_by(&self, user: &str) -> bool {
        self.user.as_ref().is_some_and(|author| author.is(user))
    }
}

impl ReviewComment {
    /// This comment, if that user wrote it.
    pub(super) fn by(self, user: &str) -> Option<PostedComment> {
        self.user.filter(|author| author.is(user))?;
        Some(PostedComment {
            id: self.id.to_string(),
            thread: None,
            author: user.to_owned(),
            body: self.body.unwrap_or_default(),
            is_inline: true,
            is_resolved: Some(self.resolver.is_some()),
        })
    }
}

impl IssueComment {
    /// This comment, if that user wrote it.
    pub(super) fn by(self, user: &str) -> Option<PostedComment> {
        self.user.filter(|author| author.is(user))?;
        Some(PostedComment {
            id: self.id.to_string(),
            thread: None,
            author: user.to_owned(),
            body: self.body.unwrap_or_default(),
            is_inline: false,
            is_resolved: None,
        })
    }
}

impl Collaborator {
    /// What this user may do, if it is the one that was asked for: names pass from one user to another.
    pub(super) fn permission(&self, user: &str) -> Permission {
        let is_asked_for = self.user.as_ref().is_some_and(|found| found.is(user));
        match self.permission.as_str() {
            _ if !is_asked_for => Permission::None,
            "owner" | "admin" => Permission::Maintain,
            "write" => Permission::Write,
            "read" => Permission::Read,
            _ => Permission::None,
        }
    }
}
