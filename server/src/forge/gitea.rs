//! Gitea and Forgejo: pull requests, reviews, comments and commit statuses over their API, version 1.
//!
//! In: the values of `forge`. Out: what the forge did or why not. Gitea checks no line of a comment: whatever is sent
//! stands, so only placements out of our own diff are sent. It has no check runs, no comments on files, and no way to
//! resolve a thread.

#[cfg(test)]
mod tests;
mod wire;

use anyhow::Context;
use async_trait::async_trait;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use url::Url;

use crate::config::{self, TokenForge};
use crate::forge::gitea::wire::{Collaborator, IssueComment, Pull, Review, ReviewComment};
use crate::forge::http::answer::shortened;
use crate::forge::http::route::Route;
use crate::forge::http::{TokenApi, call};
use crate::forge::matching::Matching;
use crate::forge::outcome::Outcomes;
use crate::forge::support::{basic, into_branch, object_id, repository_url, skip_unreadable};
use crate::forge::{
    AnchorKind, CommitStatus, Forge, ForgeError, GitEndpoint, Light, MAX_STATUS, NewComment,
    OpenMergeRequest, Permission, Placement, PostOutcome, PostedComment, STATUS_NAME,
};
use crate::merge_request::{ForgeKind, MergeRequest, MergeRequestKey};

/// Items of a page: the most that Gitea gives with its own settings.
const PAGE: u32 = 50;

/// Comments of one review: three hundred were taken in a few seconds.
const BATCH: usize = 100;

/// A Gitea or Forgejo.
pub(crate) struct Gitea {
    api: TokenApi,
    url: Url,
    repositories: Vec<String>,
    own: OnceCell<String>,
}

impl Gitea {
    /// Reads the token and is ready; nothing is asked of the forge yet.
    pub(crate) fn new(client: Client, config: &TokenForge) -> anyhow::Result<Self> {
        let token = config::secret(&config.token_file)?;
        let api = TokenApi::new(ForgeKind::Gitea, client, &config.url, AUTHORIZATION, "token ", token)
            .with_context(|| format!("{}", config.token_file.display()))?;
        let (url, repositories) = (config.url.clone(), config.repositories.clone());
        Ok(Self { api, url, repositories, own: OnceCell::new() })
    }

    fn repository(path: &str) -> Route {
        Route::new("/api/v1/repos").repository(path).named(format_args!("the repository {path}"))
    }

    fn pull(key: &MergeRequestKey) -> Route {
        let route = Self::repository(&key.repository).then("pulls").then(key.number);
        route.named(format_args!("the pull request {key}"))
    }

    fn issue_comments(key: &MergeRequestKey) -> Route {
        Self::repository(&key.repository).then("issues").then(key.number).then("comments")
    }

    fn comment(key: &MergeRequestKey, id: &str) -> Route {
        Self::repository(&key.repository).then("issues").then("comments").then(id).named("the comment")
    }

    fn review_comments(key: &MergeRequestKey, review: u64) -> Route {
        Self::pull(key).then("reviews").then(review).then("comments").with("limit", PAGE)
    }

    async fn post_plain(&self, merge_request: &MergeRequest, body: &str) -> Result<String, ForgeError> {
        let route = Self::issue_comments(&merge_request.key);
        let comment: IssueComment =
            call::write(&self.api, Method::POST, &route, &json!({"body": body})).await?;
        Ok(comment.id.to_string())
    }

    /// Posts comments beside lines as one review, then looks under which ids they stand.
    async fn post_review(
        &self,
        merge_request: &MergeRequest,
        batch: &[(usize, &NewComment)],
        outcomes: &mut Outcomes,
    ) {
        let comments: Vec<Value> = batch.iter().filter_map(|(_, comment)| inline(comment)).collect();
        let body = json!({"event": "COMMENT", "commit_id": merge_request.head, "comments": comments});
        let route = Self::pull(&merge_request.key).then("reviews");
        let review = match call::write::<Review>(&self.api, Method::POST, &route, &body).await {
            Ok(review) => review,
            Err(error) => {
                batch.iter().for_each(|(index, _)| outcomes.set(*index, Err(error.clone())));
                return;
            }
        };
        let route = Self::review_comments(&merge_request.key, review.id);
        let identified = |comment: ReviewComment| {
            Some((comment.path.unwrap_or_default(), comment.body.unwrap_or_default(), comment.id.to_string()))
        };
        match call::list(&self.api, route, identified).await {
            Ok(posted) => Matching::new(posted).assign(batch, outcomes),
            Err(error) => batch.iter().for_each(|(index, _)| outcomes.in_doubt(*index, error.clone())),
        }
    }

    /// The open pull requests of a repository, of all or of those into one branch, where it knows that parameter.
    async fn open_of(
        &self,
        repository: &str,
        branch: Option<&str>,
    ) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        let route = Self::repository(repository).then("pulls").with("state", "open").with("limit", PAGE);
        let route = branch.into_iter().fold(route, |route, branch| route.with("base_branch", branch));
        let list = call::list(&self.api, route, |pull: Pull| pull.in_short(repository)).await;
        skip_unreadable(ForgeKind::Gitea, repository, list)
    }

    async fn own_reviews(&self, key: &MergeRequestKey, own: &str) -> Result<Vec<u64>, ForgeError> {
        let route = Self::pull(key).then("reviews").with("limit", PAGE);
        call::list(&self.api, route, |review: Review| {
            (review.is_by(own) && review.comments_count != Some(0)).then_some(review.id)
        })
        .await
    }
}

/// A comment as Gitea takes it: its lines are those of the file, on one side. It knows no ranges.
fn inline(comment: &NewComment) -> Option<Value> {
    let Placement::Lines { file, end, .. } = &comment.placement else { return None };
    Some(match end.kind {
        AnchorKind::Added | AnchorKind::Context => {
            json!({"path": file.head, "body": comment.body, "new_position": end.head, "old_position": 0})
        }
        AnchorKind::Removed => {
            json!({"path": file.base, "body": comment.body, "new_position": 0, "old_position": end.base})
        }
    })
}

#[async_trait]
impl Forge for Gitea {
    fn kind(&self) -> ForgeKind {
        ForgeKind::Gitea
    }

    async fn own_user(&self) -> Result<String, ForgeError> {
        call::own_user(&self.api, "/api/v1/user", &self.own).await
    }

    async fn merge_request(&self, key: &MergeRequestKey) -> Result<MergeRequest, ForgeError> {
        let pull: Pull = call::get(&self.api, &Self::pull(key)).await?;
        Ok(MergeRequest {
            key: key.clone(),
            state: pull.state(),
            is_draft: pull.is_draft(),
            head: object_id(&pull.head.sha)?,
            target: object_id(&pull.base.sha)?,
            labels: pull.labels.unwrap_or_default().into_iter().map(|label| label.name).collect(),
            target_branch: pull.base.reference,
            source_branch: pull.head.reference,
            author: pull.user.map(|user| user.id.to_string()).unwrap_or_default(),
            web_url: pull.html_url.unwrap_or_default(),
        })
    }

    async fn open_merge_requests(&self) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        let mut open = Vec::new();
        for repository in &self.repositories {
            open.extend(self.open_of(repository, None).await?);
        }
        Ok(open)
    }

    async fn open_into(&self, repository: &str, branch: &str) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        Ok(into_branch(self.open_of(repository, Some(branch)).await?, branch))
    }

    async fn posted(&self, merge_request: &MergeRequest) -> Result<Vec<PostedComment>, ForgeError> {
        let own = self.own_user().await?;
        let key = &merge_request.key;
        let mut comments =
            call::list(&self.api, Self::issue_comments(key), |comment: IssueComment| comment.by(&own))
                .await?;
        for review in self.own_reviews(key, &own).await? {
            let route = Self::review_comments(key, review);
            comments.extend(call::list(&self.api, route, |comment: ReviewComment| comment.by(&own)).await?);
        }
        comments.sort_by_key(|comment| comment.id.parse::<u64>().unwrap_or(u64::MAX));
        comments.dedup_by(|later, earlier| later.id == earlier.id);
        Ok(comments)
    }

    async fn post(&self, merge_request: &MergeRequest, comments: &[NewComment]) -> Vec<PostOutcome> {
        let mut outcomes = Outcomes::new(comments.len());
        let mut lines = Vec::new();
        let mut plain = Vec::new();
        for (index, comment) in comments.iter().enumerate() {
            match &comment.placement {
                Placement::Lines { .. } => lines.push((index, comment)),
                Placement::File(_) => {
                    outcomes.misplaced(index, "Gitea has no comments on whole files".to_owned());
                }
                Placement::MergeRequest => plain.push((index, comment)),
            }
        }
        for batch in lines.chunks(BATCH) {
            if !outcomes.is_halted() {
                self.post_review(merge_request, batch, &mut outcomes).await;
            }
        }
        for (index, comment) in plain {
            if !outcomes.is_halted() {
                outcomes.set(index, self.post_plain(merge_request, &comment.body).await);
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
        let route = Self::comment(&merge_request.key, &comment.id);
        let answer = call::change(&self.api, Method::PATCH, &route, Some(&json!({"body": body}))).await?;
        // So it answers where it does not edit this kind of comment, and changes nothing.
        if answer.status == StatusCode::NO_CONTENT {
            return Err(ForgeError::Rejected(
                "this version of Gitea does not edit such a comment".to_owned(),
            ));
        }
        Ok(())
    }

    async fn delete(&self, merge_request: &MergeRequest, comment: &PostedComment) -> Result<(), ForgeError> {
        let route = Self::comment(&merge_request.key, &comment.id);
        call::change(&self.api, Method::DELETE, &route, None).await.map(drop)
    }

    async fn set_resolved(
        &self,
        _merge_request: &MergeRequest,
        _comment: &PostedComment,
        _resolved: bool,
    ) -> Result<bool, ForgeError> {
        Ok(false)
    }

    async fn reply(
        &self,
        merge_request: &MergeRequest,
        _thread: Option<&str>,
        body: &str,
    ) -> Result<(), ForgeError> {
        self.post_plain(merge_request, body).await.map(drop)
    }

    async fn set_status(
        &self,
        merge_request: &MergeRequest,
        status: &CommitStatus,
    ) -> Result<(), ForgeError> {
        let state = match status.light {
            Light::Pending => "pending",
            Light::Green => "success",
            Light::Red => "failure",
        };
        let body = json!({
            "context": STATUS_NAME,
            "state": state,
            "description": shortened(&status.description, MAX_STATUS),
            "target_url": status.url.as_deref().unwrap_or_default(),
        });
        let route = Self::repository(&merge_request.key.repository).then("statuses").then(&status.commit);
        call::change(&self.api, Method::POST, &route.named("the commit"), Some(&body)).await.map(drop)
    }

    async fn permission(
        &self,
        key: &MergeRequestKey,
        user: &str,
        user_name: &str,
    ) -> Result<Permission, ForgeError> {
        let route =
            Self::repository(&key.repository).then("collaborators").then(user_name).then("permission");
        match call::get::<Collaborator>(&self.api, &route).await {
            Ok(collaborator) => Ok(collaborator.permission(user)),
            Err(ForgeError::NotFound(_)) => Ok(Permission::None),
            Err(error) => Err(error),
        }
    }

    async fn git(&self, repository: &str) -> Result<GitEndpoint, ForgeError> {
        // Gitea takes a token as the password of any user.
        let authorization = Some(basic("oauth2", self.api.token()));
        Ok(GitEndpoint { url: repository_url(&self.url, repository)?, authorization })
    }
}
