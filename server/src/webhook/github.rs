//! GitHub's webhooks in the service's words.
//!
//! The header names the event, the body its action; both of a verified delivery. Unknown fields are ignored.

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
struct Numbered {
    number: u64,
}

#[derive(Deserialize)]
struct PullRequestBody {
    action: String,
    pull_request: Numbered,
    repository: Repository,
    changes: Option<Changes>,
}

#[derive(Deserialize)]
struct Changes {
    base: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct IssueCommentBody {
    action: String,
    issue: Issue,
    comment: Comment,
    repository: Repository,
}

#[derive(Deserialize)]
struct Issue {
    number: u64,
    pull_request: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct ReviewCommentBody {
    action: String,
    pull_request: Numbered,
    comment: Comment,
    repository: Repository,
}

#[derive(Deserialize)]
struct Comment {
    id: u64,
    in_reply_to_id: Option<u64>,
    body: Option<String>,
    user: Option<User>,
}

#[derive(Deserialize)]
struct User {
    id: u64,
    login: String,
}

#[derive(Deserialize)]
struct CheckBody {
    action: String,
    #[serde(alias = "check_suite")]
    check_run: Option<Check>,
    repository: Repository,
}

#[derive(Deserialize)]
struct Check {
    external_id: Option<String>,
    #[serde(default)]
    pull_requests: Vec<Numbered>,
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
    let event = payload::event_name(headers, &["x-github-event"])?;
    match event {
        "pull_request" => pull_request(body),
        "issue_comment" => issue_comment(body, is_call),
        "pull_request_review_comment" => review_comment(body, is_call),
        "check_run" | "check_suite" => check(event, body),
        "push" => push(body),
        other => Ok(ignored(other, None)),
    }
}

fn key(repository: &Repository, number: u64) -> Result<MergeRequestKey, Unreadable> {
    payload::merge_request(ForgeKind::Github, &repository.full_name, number)
}

fn pull_request(body: &[u8]) -> Result<Event, Unreadable> {
    let body: PullRequestBody = payload::parse(body)?;
    let merge_request = key(&body.repository, body.pull_request.number)?;
    let is_retargeted = body.changes.is_some_and(|changes| changes.base.is_some());
    Ok(match body.action.as_str() {
        "opened" | "reopened" | "synchronize" | "ready_for_review" | "converted_to_draft" => {
            Event::Changed { merge_request }
        }
        "edited" if is_retargeted => Event::Changed { merge_request },
        "closed" => Event::Closed { merge_request },
        other => ignored("pull_request", Some(other)),
    })
}

fn issue_comment(body: &[u8], is_call: IsCall<'_>) -> Result<Event, Unreadable> {
    const EVENT: &str = "issue_comment";
    let body: IssueCommentBody = payload::parse(body)?;
    if body.action != "created" || body.issue.pull_request.is_none() {
        return Ok(ignored(EVENT, Some(&body.action)));
    }
    let merge_request = key(&body.repository, body.issue.number)?;
    Ok(comment(EVENT, merge_request, None, body.comment, is_call))
}

fn review_comment(body: &[u8], is_call: IsCall<'_>) -> Result<Event, Unreadable> {
    const EVENT: &str = "pull_request_review_comment";
    let body: ReviewCommentBody = payload::parse(body)?;
    if body.action != "created" {
        return Ok(ignored(EVENT, Some(&body.action)));
    }
    let merge_request = key(&body.repository, body.pull_request.number)?;
    // A thread is known by its first comment, and only that one can be answered.
    let thread = body.comment.in_reply_to_id.unwrap_or(body.comment.id);
    Ok(comment(EVENT, merge_request, Some(thread), body.comment, is_call))
}

fn comment(
    event: &str,
    merge_request: MergeRequestKey,
    thread: Option<u64>,
    comment: Comment,
    is_call: IsCall<'_>,
) -> Event {
    let (Some(user), Some(text)) = (comment.user, comment.body) else {
        return ignored(event, Some("no_author"));
    };
    let comment = event::Comment {
        merge_request,
        id: comment.id.to_string(),
        author: user.id.to_string(),
        author_name: user.login,
        thread: thread.map(|thread| thread.to_string()),
        text,
    };
    payload::comment(comment, event, is_call)
}

fn check(event: &str, body: &[u8]) -> Result<Event, Unreadable> {
    let body: CheckBody = payload::parse(body)?;
    if body.action != "rerequested" {
        return Ok(ignored(event, Some(&body.action)));
    }
    let asked = body.check_run.and_then(|check| asked_for(&check, &body.repository));
    let Some(number) = asked else {
        return Ok(ignored(event, Some("no_merge_request")));
    };
    Ok(Event::RecheckRequested { merge_request: key(&body.repository, number)? })
}

/// The merge request that a check belongs to: the one that the service wrote into it when it made it, or the
/// first of those that GitHub names. GitHub names none from forks.
fn asked_for(check: &Check, repository: &Repository) -> Option<u64> {
    let ours = format!("{}:{}!", ForgeKind::Github, repository.full_name);
    let written = check.external_id.as_ref().and_then(|id| id.strip_prefix(&ours)?.parse().ok());
    written.or_else(|| check.pull_requests.first().map(|pull_request| pull_request.number))
}

fn push(body: &[u8]) -> Result<Event, Unreadable> {
    let body: PushBody = payload::parse(body)?;
    payload::push(&body.repository.full_name, &body.reference, body.after.as_deref())
}
