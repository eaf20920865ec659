//! GitHub and GitHub Enterprise Server: pull requests, reviews, check runs and commit statuses.
//!
//! In: the values of `forge`. Out: what GitHub did or why not. Comments beside lines are posted as reviews, of which
//! one bad comment rejects the whole; what survives is posted as one review. With a token instead of an app there
//! are no check runs.

mod check;
mod diff;
mod door;
mod listing;
mod review;
mod session;
#[cfg(test)]
mod tests;
mod threads;
mod wire;

use async_trait::async_trait;
use reqwest::{Client, Method};
use serde_json::json;
use tokio::sync::OnceCell;
use url::Url;

use crate::config;
use crate::forge::github::door::Door;
use crate::forge::github::session::Session;
use crate::forge::github::wire::{Branch, Collaborator, CommentId, Created, Sha, WirePull};
use crate::forge::http::call;
use crate::forge::http::route::Route;
use crate::forge::outcome::Outcomes;
use crate::forge::support::{basic, into_branch, object_id, repository_url};
use crate::forge::{
    CommitStatus, Forge, ForgeError, GitEndpoint, NewComment, OpenMergeRequest, Permission, Placement,
    PostOutcome, PostedComment,
};
use crate::merge_request::{ForgeKind, MergeRequest, MergeRequestKey};

/// Comments of one review. Longer ones are answered with 502 while GitHub still makes them.
const BATCH: usize = 30;

/// A GitHub.
pub(crate) struct Github {
    door: Door,
    url: Url,
    own: OnceCell<String>,
}

impl Github {
    /// Reads the secrets and is ready; nothing is asked of the forge yet. Must be called inside the runtime.
    pub(crate) fn new(client: Client, config: &config::Github) -> anyhow::Result<Self> {
        Ok(Self { door: Door::new(client, config)?, url: config.url.clone(), own: OnceCell::new() })
    }

    fn repository(path: &str) -> Route {
        Route::new("/repos").repository(path).named(format_args!("the repository {path}"))
    }

    fn pull(key: &MergeRequestKey) -> Route {
        let route = Self::repository(&key.repository).then("pulls").then(key.number);
        route.named(format_args!("the pull request {key}"))
    }

    fn issue_comments(key: &MergeRequestKey) -> Route {
        Self::repository(&key.repository).then("issues").then(key.number).then("comments")
    }

    fn comment(key: &MergeRequestKey, id: CommentId) -> Route {
        let (kind, number) = match id {
            CommentId::Review(number) => ("pulls", number),
            CommentId::Issue(number) => ("issues", number),
        };
        Self::repository(&key.repository).then(kind).then("comments").then(number).named("the comment")
    }

    async fn session(&self, merge_request: &MergeRequest) -> Result<std::sync::Arc<Session>, ForgeError> {
        self.door.session(&merge_request.key.repository).await
    }

    /// The tip of a branch now. What a pull request says of its base is as old as its last push.
    async fn tip(session: &Session, repository: &str, branch: &str) -> Result<Sha, ForgeError> {
        let route = Self::repository(repository).then("branches").then(branch).named("the target branch");
        call::get::<Branch>(session, &route).await.map(|branch| branch.commit)
    }
}

async fn post_plain(session: &Session, key: &MergeRequestKey, body: &str) -> Result<String, ForgeError> {
    let route = Github::issue_comments(key);
    let created: Created = call::write(session, Method::POST, &route, &json!({"body": body})).await?;
    Ok(CommentId::Issue(created.id).to_string())
}

async fn post_to_file(
    session: &Session,
    merge_request: &MergeRequest,
    path: &str,
    body: &str,
) -> Result<String, ForgeError> {
    let body = json!({"body": body, "commit_id": merge_request.head, "path": path, "subject_type": "file"});
    let route = Github::pull(&merge_request.key).then("comments");
    let created: Created = call::write(session, Method::POST, &route, &body).await?;
    Ok(CommentId::Review(created.id).to_string())
}

#[async_trait]
impl Forge for Github {
    fn kind(&self) -> ForgeKind {
        ForgeKind::Github
    }

    async fn own_user(&self) -> Result<String, ForgeError> {
        self.own.get_or_try_init(|| self.door.own_user()).await.cloned()
    }

    async fn merge_request(&self, key: &MergeRequestKey) -> Result<MergeRequest, ForgeError> {
        let session = self.door.session(&key.repository).await?;
        let pull: WirePull = call::get(session.as_ref(), &Self::pull(key)).await?;
        let target = match Self::tip(&session, &key.repository, &pull.base.reference).await {
            Ok(tip) => object_id(&tip.sha)?,
            // The branch is gone, as after a merge: what it was at the last push is all there is.
            Err(ForgeError::NotFound(_)) => object_id(&pull.base.sha)?,
            Err(error) => return Err(error),
        };
        Ok(MergeRequest {
            key: key.clone(),
            state: pull.state(),
            is_draft: pull.draft.unwrap_or(false),
            head: object_id(&pull.head.sha)?,
            target,
            labels: pull.labels.unwrap_or_default().into_iter().filter_map(|label| label.name).collect(),
            target_branch: pull.base.reference,
            source_branch: pull.head.reference,
            author: pull.user.map(|user| user.id.to_string()).unwrap_or_default(),
            web_url: pull.html_url.unwrap_or_default(),
        })
    }

    async fn open_merge_requests(&self) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        listing::open(&self.door).await
    }

    async fn open_into(&self, repository: &str, branch: &str) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        let session = self.door.session(repository).await?;
        let open = listing::open_of(&session, repository, Some(branch)).await?;
        Ok(into_branch(open, branch))
    }

    async fn posted(&self, merge_request: &MergeRequest) -> Result<Vec<PostedComment>, ForgeError> {
        let own = self.own_user().await?;
        let session = self.session(merge_request).await?;
        listing::posted(&session, &merge_request.key, &own).await
    }

    async fn post(&self, merge_request: &MergeRequest, comments: &[NewComment]) -> Vec<PostOutcome> {
        let mut outcomes = Outcomes::new(comments.len());
        let session = match self.session(merge_request).await {
            Ok(session) => session,
            Err(error) => {
                (0..comments.len()).for_each(|index| outcomes.refuse(index, error.clone()));
                return outcomes.finish();
            }
        };
        let (lines, others): (Vec<_>, Vec<_>) = comments
            .iter()
            .enumerate()
            .partition(|(_, comment)| matches!(comment.placement, Placement::Lines { .. }));
        for batch in lines.chunks(BATCH) {
            if !outcomes.is_halted() {
                review::post(&session, merge_request, batch, &mut outcomes).await;
            }
        }
        for (index, comment) in others {
            if outcomes.is_halted() {
                break;
            }
            let result = match &comment.placement {
                Placement::File(file) => {
                    post_to_file(&session, merge_request, &file.head, &comment.body).await
                }
                Placement::Lines { .. } | Placement::MergeRequest => {
                    post_plain(&session, &merge_request.key, &comment.body).await
                }
            };
            match result {
                Err(ForgeError::Rejected(why)) if review::is_about_a_place(&why) => {
                    outcomes.misplaced(index, why);
                }
                result => outcomes.set(index, result),
            }
        }
        outcomes.finish()
    }

    async fn edit(
        &self,
        merge_request: &MergeRequest,
        comment: &PostedComment,
        body: &str,
    ) -> Result<(), ForgeError> {
        let session = self.session(merge_request).await?;
        let route = Self::comment(&merge_request.key, CommentId::parse(&comment.id)?);
        call::change(session.as_ref(), Method::PATCH, &route, Some(&json!({"body": body}))).await.map(drop)
    }

    async fn delete(&self, merge_request: &MergeRequest, comment: &PostedComment) -> Result<(), ForgeError> {
        let session = self.session(merge_request).await?;
        let route = Self::comment(&merge_request.key, CommentId::parse(&comment.id)?);
        call::change(session.as_ref(), Method::DELETE, &route, None).await.map(drop)
    }

    async fn set_resolved(
        &self,
        merge_request: &MergeRequest,
        comment: &PostedComment,
        resolved: bool,
    ) -> Result<bool, ForgeError> {
        let CommentId::Review(id) = CommentId::parse(&comment.id)? else { return Ok(false) };
        let session = self.session(merge_request).await?;
        threads::set_resolved(&session, &merge_request.key, id, resolved).await?;
        Ok(true)
    }

    async fn reply(
        &self,
        merge_request: &MergeRequest,
        thread: Option<&str>,
        body: &str,
    ) -> Result<(), ForgeError> {
        let session = self.session(merge_request).await?;
        let Some(thread) = thread.and_then(CommentId::of_thread) else {
            return post_plain(&session, &merge_request.key, body).await.map(drop);
        };
        let route = Self::pull(&merge_request.key).then("comments").then(thread).then("replies");
        call::change(session.as_ref(), Method::POST, &route, Some(&json!({"body": body}))).await.map(drop)
    }

    async fn set_status(
        &self,
        merge_request: &MergeRequest,
        status: &CommitStatus,
    ) -> Result<(), ForgeError> {
        let session = self.session(merge_request).await?;
        if let Some(app) = self.door.app_id() {
            check::set_run(&session, app, &merge_request.key, status).await?;
        }
        check::set_status(&session, &merge_request.key.repository, status).await
    }

    async fn permission(
        &self,
        key: &MergeRequestKey,
        user: &str,
        user_name: &str,
    ) -> Result<Permission, ForgeError> {
        let session = self.door.session(&key.repository).await?;
        let route =
            Self::repository(&key.repository).then("collaborators").then(user_name).then("permission");
        match call::get::<Collaborator>(session.as_ref(), &route).await {
            Ok(collaborator) => Ok(collaborator.permission(user)),
            Err(ForgeError::NotFound(_)) => Ok(Permission::None),
            Err(error) => Err(error),
        }
    }

    async fn git(&self, repository: &str) -> Result<GitEndpoint, ForgeError> {
        let session = self.door.session(repository).await?;
        let authorization = Some(basic("x-access-token", session.token()));
        Ok(GitEndpoint { url: repository_url(&self.url, repository)?, authorization })
    }
}
