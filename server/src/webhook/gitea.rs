//! Gitea's and Forgejo's webhooks in the service's words.
//!
//! They also carry GitHub's headers: the route has chosen this module, so only their own are read. A body is
//! made late and may tell of a newer state than its event did.

use axum::http::HeaderMap;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::payload::{self, IsCall, Unreadable, ignored};
use crate::event::{self, Event};
use crate::merge_request::{ForgeKind, MergeRequestKey};

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

#[derive(Deserialize)]
struct PullRequestBody {
    action: String,
    number: u64,
    repository: Repository,
    changes: Option<Changes>,
}

#[derive(Deserialize)]
struct Changes {
    #[serde(rename = "ref", alias = "base")]
    target: Option<IgnoredAny>,
    title: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Action {
    action: String,
}

#[derive(Deserialize)]
struct CommentBody {
    issue: Issue,
    comment: Comment,
    repository: Repository,
    #[serde(default)]
    is_pull: bool,
}

#[derive(Deserialize)]
struct Issue {
    number: u64,
    pull_request: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    body: Option<String>,
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    id: i64,
    login: String,
}

#[derive(Deserialize)]
struct PushBody {
    #[serde(rename = "ref")]
    reference: String,
    after: Option<String>,
    repository: Repository,
}

/// What a delivery says.
pub(super) fn decode(headers: &HeaderMap, body: &[u8], is_call: IsCall<'_>) -> Result<Event, Unreadable> {
    match payload::event_name(headers, &["x-gitea-event", "x-forgejo-event"])? {
        "pull_request" | "pull_request_sync" => pull_request(body),
        event @ ("issue_comment" | "pull_request_comment") => comment(event, body, is_call),
        "push" => push(body),
        other => Ok(ignored(other, None)),
    }
}

fn key(repository: &Repository, number: u64) -> Result<MergeRequestKey, Unreadable> {
    payload::merge_request(ForgeKind::Gitea, &repository.full_name, number)
}

fn pull_request(body: &[u8]) -> Result<Event, Unreadable> {
    let body: PullRequestBody = payload::parse(body)?;
    let merge_request = key(&body.repository, body.number)?;
    // Whether it is a draft stands in the title, in words that each server chooses.
    let is_edited = body.changes.is_some_and(|changes| changes.target.is_some() || changes.title.is_some());
    Ok(match body.action.as_str() {
        "opened" | "reopened" | "synchronized" => Event::Changed { merge_request },
        "edited" if is_edited => Event::Changed { merge_request },
        "closed" => Event::Closed { merge_request },
        other => ignored("pull_request", Some(other)),
    })
}

fn comment(event: &str, body: &[u8], is_call: IsCall<'_>) -> Result<Event, Unreadable> {
    // A review comes under the same name with the action `reviewed`, and without its comments.
    let Action { action } = payload::parse(body)?;
    if action != "created" {
        return Ok(ignored(event, Some(&action)));
    }
    let body: CommentBody = payload::parse(body)?;
    if !body.is_pull && body.issue.pull_request.is_none() {
        return Ok(ignored(event, Some(&action)));
    }
    let merge_request = key(&body.repository, body.issue.number)?;
    let (Some(user), Some(text)) = (body.comment.user, body.comment.body) else {
        return Ok(ignored(event, Some("no_author")));
    };
    let comment = event::Comment {
        merge_request,
        id: body.comment.id.to_string(),
        author: user.id.to_string(),
        author_name: user.login,
        thread: None,
        text,
    };
    Ok(payload::comment(comment, event, is_call))
}

fn push(body: &[u8]) -> Result<Event, Unreadable> {
    let body: PushBody = payload::parse(body)?;
    payload::push(&body.repository.full_name, &body.reference, body.after.as_deref())
}
