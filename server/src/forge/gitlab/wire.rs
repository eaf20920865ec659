//! GitLab's answers, as much of them as is read. Old versions leave fields out; unknown ones are passed over.

use serde::Deserialize;

use crate::forge::http::route::Route;
use crate::forge::{Permission, PostedComment};
use crate::merge_request::{MergeRequestKey, MergeRequestState};

/// GitLab's access levels (`lib/gitlab/access.rs`), from which on a member may decide, push and read.
const MAINTAINER: u32 = 40;
const DEVELOPER: u32 = 30;
const GUEST: u32 = 10;

/// The route of a project, whose id is its path.
pub(super) fn project(path: &str) -> Route {
    Route::new("/api/v4/projects").then(path.trim_matches('/')).named(format_args!("the project {path}"))
}

/// The route of a merge request.
pub(super) fn merge_request(key: &MergeRequestKey) -> Route {
    project(&key.repository)
        .then("merge_requests")
        .then(key.number)
        .named(format_args!("the merge request {key}"))
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: u64,
}

#[derive(Deserialize)]
pub(super) struct WireMergeRequest {
    pub(super) iid: u64,
    pub(super) state: String,
    draft: Option<bool>,
    work_in_progress: Option<bool>,
    pub(super) sha: Option<String>,
    pub(super) target_branch: String,
    pub(super) source_branch: String,
    pub(super) author: Option<User>,
    labels: Option<Vec<Label>>,
    pub(super) web_url: Option<String>,
    pub(super) diff_refs: Option<DiffRefs>,
    pub(super) head_pipeline: Option<Pipeline>,
    pub(super) source_project_id: Option<u64>,
    pub(super) target_project_id: Option<u64>,
}

/// Labels are strings, or objects where details were asked for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Label {
    Name(String),
    Detailed { name: String },
}

#[derive(Deserialize)]
pub(super) struct DiffRefs {
    pub(super) head_sha: Option<String>,
    pub(super) start_sha: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Pipeline {
    pub(super) id: u64,
    pub(super) sha: Option<String>,
    #[serde(rename = "ref")]
    pub(super) reference: Option<String>,
}

/// A version of a merge request: what its diff is made of.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Version {
    pub(super) base_commit_sha: Option<String>,
    pub(super) start_commit_sha: Option<String>,
    pub(super) head_commit_sha: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Branch {
    pub(super) commit: Commit,
}

#[derive(Deserialize)]
pub(super) struct Commit {
    pub(super) id: String,
}

#[derive(Deserialize)]
pub(super) struct Discussion {
    id: String,
    #[serde(default)]
    pub(super) notes: Vec<Note>,
}

#[derive(Deserialize)]
pub(super) struct Note {
    pub(super) id: u64,
    #[serde(rename = "type")]
    kind: Option<String>,
    body: Option<String>,
    author: Option<User>,
    #[serde(default)]
    system: bool,
    #[serde(default)]
    resolvable: bool,
    resolved: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Member {
    id: Option<u64>,
    access_level: u32,
    state: Option<String>,
    membership_state: Option<String>,
}

impl WireMergeRequest {
    pub(super) fn state(&self) -> MergeRequestState {
        match self.state.as_str() {
            "merged" => MergeRequestState::Merged,
            "closed" => MergeRequestState::Closed,
            // `locked` is what GitLab says while it merges.
            _ => MergeRequestState::Open,
        }
    }

    pub(super) fn is_draft(&self) -> bool {
        self.draft.or(self.work_in_progress).unwrap_or(false)
    }

    /// The head, once GitLab has computed the diff that ends in it.
    pub(super) fn computed_head(&self) -> Option<&str> {
        let head = self.sha.as_deref()?;
        let of_diff = self.diff_refs.as_ref()?.head_sha.as_deref()?;
        (head == of_diff).then_some(head)
    }

    pub(super) fn take_labels(&mut self) -> Vec<String> {
        let name = |label| match label {
            Label::Name(name) | Label::Detailed { name } => name,
        };
        self.labels.take().unwrap_or_default().into_iter().map(name).collect()
    }
}

impl Discussion {
    /// The notes of a user in this discussion. The first note opens the thread.
    pub(super) fn written_by(self, user: &str) -> Vec<PostedComment> {
        let is_own = |note: &Note| {
            !note.system && note.author.as_ref().is_some_and(|author| author.id.to_string() == user)
        };
        let thread = self.id;
        let comments = self.notes.into_iter().enumerate().filter(|(_, note)| is_own(note));
        comments
            .map(|(index, note)| PostedComment {
                thread: (index == 0 && note.resolvable).then(|| thread.clone()),
                id: note.id.to_string(),
                author: user.to_owned(),
                is_inline: note.kind.as_deref() == Some("DiffNote"),
                is_resolved: note.resolved.filter(|_| note.resolvable),
                body: note.body.unwrap_or_default(),
            })
            .collect()
    }
}

impl Member {
    /// What this member may do, if it is the one that was asked for and is let in.
    pub(super) fn permission(&self, user: &str) -> Permission {
        let is_asked_for = self.id.is_none_or(|id| id.to_string() == user);
        let is_active = [&self.state, &self.membership_state]
            .into_iter()
            .all(|state| state.as_deref().is_none_or(|state| state == "active"));
        match self.access_level {
            _ if !is_asked_for || !is_active => Permission::None,
            MAINTAINER.. => Permission::Maintain,
            DEVELOPER.. => Permission::Write,
            GUEST.. => Permission::Read,
            _ => Permission::None,
        }
    }
}
