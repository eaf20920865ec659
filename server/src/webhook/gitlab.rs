//! GitLab's webhooks in the service's words: project, group and system hooks, of versions old and new.
//!
//! The body says what it is; the header of a system hook does not. What an old version leaves out is taken as
//! a hint that something happened: a look too many is cheap, one too few is not.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::payload::{self, IsCall, Unreadable, ignored};
use crate::event::{self, Event};
use crate::merge_request::{ForgeKind, MergeRequestKey};

#[derive(Deserialize)]
struct Kind {
    object_kind: Option<String>,
    event_name: Option<String>,
}

#[derive(Deserialize)]
struct Project {
    path_with_namespace: Option<String>,
}

#[derive(Deserialize)]
struct MergeRequestBody {
    project: Option<Project>,
    object_attributes: MergeRequest,
    changes: Option<Changes>,
}

#[derive(Deserialize)]
struct MergeRequest {
    iid: u64,
    action: Option<String>,
    state: Option<String>,
    oldrev: Option<String>,
    draft: Option<bool>,
    target: Option<Project>,
}

#[derive(Default, Deserialize)]
struct Changes {
    draft: Option<IgnoredAny>,
    work_in_progress: Option<IgnoredAny>,
    target_branch: Option<IgnoredAny>,
    title: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct NoteBody {
    project: Option<Project>,
    user: Option<User>,
    object_attributes: Note,
    merge_request: Option<MergeRequest>,
}

#[derive(Deserialize)]
struct User {
    username: String,
}

#[derive(Deserialize)]
struct Note {
    id: u64,
    note: Option<String>,
    noteable_type: Option<String>,
    author_id: Option<u64>,
    system: Option<bool>,
    action: Option<String>,
    #[serde(rename = "type")]
    note_type: Option<String>,
    discussion_id: Option<String>,
}

#[derive(Deserialize)]
struct PushBody {
    #[serde(rename = "ref")]
    reference: String,
    after: Option<String>,
    project: Project,
}

/// What a delivery says.
pub(super) fn decode(body: &[u8], is_call: IsCall<'_>) -> Result<Event, Unreadable> {
    let kind: Kind = payload::parse(body)?;
    let kind = kind.object_kind.or(kind.event_name).unwrap_or_default();
    match kind.as_str() {
        "merge_request" => merge_request(body),
        "note" => note(body, is_call),
        "push" => push(body),
        other => Ok(ignored(other, None)),
    }
}

fn key(merge_request: &MergeRequest, project: Option<&Project>) -> Result<MergeRequestKey, Unreadable> {
    let target = merge_request.target.as_ref().and_then(|target| target.path_with_namespace.as_deref());
    let path = target.or_else(|| project?.path_with_namespace.as_deref()).unwrap_or_default();
    payload::merge_request(ForgeKind::Gitlab, path, merge_request.iid)
}

fn merge_request(body: &[u8]) -> Result<Event, Unreadable> {
    let body: MergeRequestBody = payload::parse(body)?;
    let merge_request = key(&body.object_attributes, body.project.as_ref())?;
    let is_over = matches!(body.object_attributes.state.as_deref(), Some("closed" | "merged"));
    Ok(match body.object_attributes.action.as_deref() {
        Some("open" | "reopen") => Event::Changed { merge_request },
        Some("close" | "merge") => Event::Closed { merge_request },
        Some("update") if is_change(&body.object_attributes, body.changes.as_ref()) => {
            Event::Changed { merge_request }
        }
        Some(other) => ignored("merge_request", Some(other)),
        None if is_over => Event::Closed { merge_request },
        None => Event::Changed { merge_request },
    })
}

/// Whether an update can change a verdict: new commits, another target, ready or not. Old versions tell the
/// last only by the title; those before that tell nothing.
fn is_change(merge_request: &MergeRequest, changes: Option<&Changes>) -> bool {
    let has_new_commits = merge_request.oldrev.is_some();
    let Some(changes) = changes else { return true };
    let is_draft_in_title = merge_request.draft.is_none() && changes.title.is_some();
    has_new_commits
        || changes.target_branch.is_some()
        || changes.draft.is_some()
        || changes.work_in_progress.is_some()
        || is_draft_in_title
}

fn note(body: &[u8], is_call: IsCall<'_>) -> Result<Event, Unreadable> {
    let body: NoteBody = payload::parse(body)?;
    let note = body.object_attributes;
    // Versions that name no action told of new notes only.
    let is_new = matches!(note.action.as_deref(), None | Some("create"));
    let is_about_merge_request = note.noteable_type.as_deref() == Some("MergeRequest");
    let (Some(merge_request), true, true) = (body.merge_request, is_new, is_about_merge_request) else {
        return Ok(ignored("note", note.action.as_deref()));
    };
    let merge_request = key(&merge_request, body.project.as_ref())?;
    let (Some(author), Some(user), Some(text), None | Some(false)) =
        (note.author_id, body.user, note.note, note.system)
    else {
        return Ok(ignored("note", Some("no_author")));
    };
    let comment = event::Comment {
        merge_request,
        id: note.id.to_string(),
        author: author.to_string(),
        author_name: user.username,
        thread: note.note_type.and(note.discussion_id),
        text,
    };
    Ok(payload::comment(comment, "note", is_call))
}

fn push(body: &[u8]) -> Result<Event, Unreadable> {
    let body: PushBody = payload::parse(body)?;
    let path = body.project.path_with_namespace.unwrap_or_default();
    payload::push(&path, &body.reference, body.after.as_deref())
}
