//! What stands on GitHub: open pull requests of the watched repositories, and this service's own comments.

use std::collections::HashMap;

use serde::Deserialize;

use crate::forge::github::Github;
use crate::forge::github::door::{Door, Identity};
use crate::forge::github::session::Session;
use crate::forge::github::threads;
use crate::forge::github::wire::{CommentId, WireComment, WirePull};
use crate::forge::http::call;
use crate::forge::http::route::Route;
use crate::forge::support::{object_id, skip_unreadable};
use crate::forge::{ForgeError, OpenMergeRequest, PostedComment};
use crate::merge_request::{ForgeKind, MergeRequestKey, MergeRequestState};

#[derive(Deserialize)]
struct Repositories {
    repositories: Vec<Repository>,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
    #[serde(default)]
    archived: bool,
}

/// The open pull requests of the configured repositories, or of all that the app is installed in.
pub(super) async fn open(door: &Door) -> Result<Vec<OpenMergeRequest>, ForgeError> {
    let mut open = Vec::new();
    match door.identity() {
        Identity::Token(session, repositories) => {
            for repository in repositories {
                open.extend(open_of(session, repository, None).await?);
            }
        }
        Identity::App(app) => {
            for installation in app.installations().await? {
                let session = door.installation(app, installation.id).await?;
                for repository in reached(&session).await? {
                    open.extend(open_of(&session, &repository, None).await?);
                }
            }
        }
    }
    Ok(open)
}

/// The repositories that an installation reaches and that can still be pushed to.
async fn reached(session: &Session) -> Result<Vec<String>, ForgeError> {
    let route = Route::new("/installation/repositories").with("per_page", 100);
    let mut names = Vec::new();
    call::pages(session, route, |page: Repositories| {
        let live = page.repositories.into_iter().filter(|repository| !repository.archived);
        names.extend(live.map(|repository| repository.full_name));
    })
    .await?;
    Ok(names)
}

/// The open pull requests of a repository, of all or of those into one branch.
pub(super) async fn open_of(
    session: &Session,
    repository: &str,
    branch: Option<&str>,
) -> Result<Vec<OpenMergeRequest>, ForgeError> {
    let route = Github::repository(repository).then("pulls").with("state", "open").with("per_page", 100);
    let route = branch.into_iter().fold(route, |route, branch| route.with("base", branch));
    let in_short = |pull: WirePull| {
        let is_open = pull.state() == MergeRequestState::Open;
        let key = MergeRequestKey {
            forge: ForgeKind::Github,
            repository: repository.to_owned(),
            number: pull.number,
        };
        let head = object_id(&pull.head.sha).ok()?;
        let is_draft = pull.draft.unwrap_or(false);
        is_open.then_some(OpenMergeRequest { key, head, target_branch: pull.base.reference, is_draft })
    };
    skip_unreadable(ForgeKind::Github, repository, call::list(session, route, in_short).await)
}

/// The comments of a user on a pull request, oldest first.
pub(super) async fn posted(
    session: &Session,
    key: &MergeRequestKey,
    own: &str,
) -> Result<Vec<PostedComment>, ForgeError> {
    let keep_own = |comment: WireComment| comment.is_by(own).then_some(comment);
    let inline = Github::pull(key).then("comments").with("per_page", 100);
    let inline = call::list(session, inline, keep_own).await?;
    let plain = call::list(session, Github::issue_comments(key).with("per_page", 100), keep_own).await?;
    let resolved = if inline.is_empty() { HashMap::new() } else { resolved(session, key).await? };
    let mut comments: Vec<(String, PostedComment)> = Vec::new();
    for comment in inline {
        let is_resolved = resolved.get(&comment.id).copied();
        // Only the comment that opens a thread stands for it.
        let thread = comment.in_reply_to_id.is_none().then(|| comment.id.to_string());
        let id = CommentId::Review(comment.id);
        comments.push(dated(comment, id, own, thread, is_resolved));
    }
    for comment in plain {
        let id = CommentId::Issue(comment.id);
        comments.push(dated(comment, id, own, None, None));
    }
    comments.sort_by(|(earlier, _), (later, _)| earlier.cmp(later));
    Ok(comments.into_iter().map(|(_, comment)| comment).collect())
}

fn dated(
    comment: WireComment,
    id: CommentId,
    own: &str,
    thread: Option<String>,
    is_resolved: Option<bool>,
) -> (String, PostedComment) {
    let posted = PostedComment {
        id: id.to_string(),
        thread,
        author: own.to_owned(),
        body: comment.body.unwrap_or_default(),
        is_inline: matches!(id, CommentId::Review(_)),
        is_resolved,
    };
    (comment.created_at.unwrap_or_default(), posted)
}

/// Which threads are resolved, by the comment that opens them. A server that does not tell says nothing of any.
async fn resolved(session: &Session, key: &MergeRequestKey) -> Result<HashMap<u64, bool>, ForgeError> {
    match threads::of(session, key).await {
        Ok(threads) => Ok(threads.into_iter().map(|thread| (thread.opened_by, thread.is_resolved)).collect()),
        Err(
            error
            @ (ForgeError::RateLimited(_) | ForgeError::Unavailable(_) | ForgeError::Unauthenticated(_)),
        ) => Err(error),
        Err(error) => {
            tracing::warn!(forge.kind = "github", error = %error, "GitHub does not tell which threads are resolved");
            Ok(HashMap::new())
        }
    }
}
