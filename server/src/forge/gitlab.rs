//! GitLab: merge requests, discussions and commit statuses over its API, version 4.
//!
//! In: the values of `forge`. Out: what GitLab did or why not. Comments are posted one by one, so one bad place costs
//! one comment. The token's user must be the service's own: only its notes are read, edited and deleted.

mod merge_request;
mod position;
mod status;
#[cfg(test)]
mod tests;
mod wire;

use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use reqwest::header::HeaderName;
use reqwest::{Client, Method};
use secrecy::SecretString;
use serde_json::json;
use tokio::sync::OnceCell;
use url::Url;

use crate::config::{self, TokenForge};
use crate::forge::gitlab::wire::{Discussion, Member, Note};
use crate::forge::http::route::Route;
use crate::forge::http::{TokenApi, call};
use crate::forge::outcome::Outcomes;
use crate::forge::support::{basic, into_branch, repository_url};
use crate::forge::{
    CommitStatus, Forge, ForgeError, GitEndpoint, NewComment, OpenMergeRequest, Permission, Placement,
    PostOutcome, PostedComment,
};
use crate::merge_request::{ForgeKind, MergeRequest, MergeRequestKey};

/// How long GitLab is given to compute a new version of a merge request, and how often it is asked meanwhile.
const VERSION_PAUSE: Duration = Duration::from_millis(700);
const VERSION_TRIES: u32 = 4;

/// A GitLab.
pub(crate) struct Gitlab {
    api: TokenApi,
    url: Url,
    repositories: Vec<String>,
    version_pause: Duration,
    own: OnceCell<String>,
}

impl Gitlab {
    /// Reads the token and is ready; nothing is asked of the forge yet.
    pub(crate) fn new(client: Client, config: &TokenForge) -> anyhow::Result<Self> {
        let token = config::secret(&config.token_file)?;
        let api = TokenApi::new(
            ForgeKind::Gitlab,
            client,
            &config.url,
            HeaderName::from_static("private-token"),
            "",
            token,
        )
        .with_context(|| format!("{}", config.token_file.display()))?;
        Ok(Self {
            api,
            url: config.url.clone(),
            repositories: config.repositories.clone(),
            version_pause: VERSION_PAUSE,
            own: OnceCell::new(),
        })
    }

    fn notes(merge_request: &MergeRequest) -> Route {
        wire::merge_request(&merge_request.key).then("notes")
    }

    fn discussions(merge_request: &MergeRequest) -> Route {
        wire::merge_request(&merge_request.key).then("discussions")
    }

    async fn post_placed(
        &self,
        merge_request: &MergeRequest,
        comment: &NewComment,
        position: serde_json::Value,
    ) -> Result<String, ForgeError> {
        let body = json!({"body": comment.body, "position": position});
        let route = Self::discussions(merge_request);
        let discussion: Discussion = call::write(&self.api, Method::POST, &route, &body).await?;
        let note = discussion.notes.first();
        note.map(|note| note.id.to_string())
            .ok_or_else(|| ForgeError::Unreadable("a new discussion has no note".to_owned()))
    }

    async fn post_plain(&self, merge_request: &MergeRequest, body: &str) -> Result<String, ForgeError> {
        let route = Self::notes(merge_request);
        let note: Note = call::write(&self.api, Method::POST, &route, &json!({"body": body})).await?;
        Ok(note.id.to_string())
    }
}

#[async_trait]
impl Forge for Gitlab {
    fn kind(&self) -> ForgeKind {
        ForgeKind::Gitlab
    }

    async fn own_user(&self) -> Result<String, ForgeError> {
        call::own_user(&self.api, "/api/v4/user", &self.own).await
    }

    async fn merge_request(&self, key: &MergeRequestKey) -> Result<MergeRequest, ForgeError> {
        merge_request::read(&self.api, key, self.version_pause).await
    }

    async fn open_merge_requests(&self) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        let mut open = Vec::new();
        for repository in &self.repositories {
            open.extend(merge_request::open(&self.api, repository, None).await?);
        }
        Ok(open)
    }

    async fn open_into(&self, repository: &str, branch: &str) -> Result<Vec<OpenMergeRequest>, ForgeError> {
        Ok(into_branch(merge_request::open(&self.api, repository, Some(branch)).await?, branch))
    }

    async fn posted(&self, merge_request: &MergeRequest) -> Result<Vec<PostedComment>, ForgeError> {
        let own = self.own_user().await?;
        let route = Self::discussions(merge_request).with("per_page", 100);
        let of_discussion = |discussion: Discussion| Some(discussion.written_by(&own));
        let mut comments: Vec<PostedComment> =
            call::list(&self.api, route, of_discussion).await?.into_iter().flatten().collect();
        comments.sort_by_key(|comment| comment.id.parse::<u64>().unwrap_or(u64::MAX));
        Ok(comments)
    }

    async fn post(&self, merge_request: &MergeRequest, comments: &[NewComment]) -> Vec<PostOutcome> {
        let mut outcomes = Outcomes::new(comments.len());
        let is_placed = |comment: &NewComment| comment.placement != Placement::MergeRequest;
        let versions = if comments.iter().any(is_placed) {
            merge_request::version(&self.api, merge_request, self.version_pause).await.map(Some)
        } else {
            Ok(None)
        };
        for (index, comment) in comments.iter().enumerate() {
            if outcomes.is_halted() {
                break;
            }
            let position = match &versions {
                Ok(Some(version)) => position::of(&comment.placement, version),
                Ok(None) => None,
                Err(error) if is_placed(comment) => {
                    outcomes.refuse(index, error.clone());
                    continue;
                }
                Err(_) => None,
            };
            let result = match position {
                Some(position) => self.post_placed(merge_request, comment, position).await,
                None => self.post_plain(merge_request, &comment.body).await,
            };
            match result {
                Err(ForgeError::Rejected(why)) if position::is_meant(&why) => outcomes.misplaced(index, why),
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
        let route = Self::notes(merge_request).then(&comment.id).named("the comment");
        call::change(&self.api, Method::PUT, &route, Some(&json!({"body": body}))).await.map(drop)
    }

    async fn delete(&self, merge_request: &MergeRequest, comment: &PostedComment) -> Result<(), ForgeError> {
        let route = match &comment.thread {
            Some(thread) => Self::discussions(merge_request).then(thread).then("notes"),
            None => Self::notes(merge_request),
        };
        call::change(&self.api, Method::DELETE, &route.then(&comment.id).named("the comment"), None)
            .await
            .map(drop)
    }

    async fn set_resolved(
        &self,
        merge_request: &MergeRequest,
        comment: &PostedComment,
        resolved: bool,
    ) -> Result<bool, ForgeError> {
        let Some(thread) = &comment.thread else { return Ok(false) };
        let route = Self::discussions(merge_request).then(thread).named("the thread");
        call::change(&self.api, Method::PUT, &route, Some(&json!({"resolved": resolved}))).await?;
        Ok(true)
    }

    async fn reply(
        &self,
        merge_request: &MergeRequest,
        thread: Option<&str>,
        body: &str,
    ) -> Result<(), ForgeError> {
        let route = match thread {
            Some(thread) => Self::discussions(merge_request).then(thread).then("notes"),
            None => Self::notes(merge_request),
        };
        call::change(&self.api, Method::POST, &route, Some(&json!({"body": body}))).await.map(drop)
    }

    async fn set_status(
        &self,
        merge_request: &MergeRequest,
        status: &CommitStatus,
    ) -> Result<(), ForgeError> {
        status::set(&self.api, merge_request, status).await
    }

    async fn permission(
        &self,
        key: &MergeRequestKey,
        user: &str,
        _user_name: &str,
    ) -> Result<Permission, ForgeError> {
        let route = wire::project(&key.repository).then("members").then("all").then(user);
        match call::get::<Member>(&self.api, &route).await {
            Ok(member) => Ok(member.permission(user)),
            Err(ForgeError::NotFound(_)) => Ok(Permission::None),
            Err(error) => Err(error),
        }
    }

    async fn git(&self, repository: &str) -> Result<GitEndpoint, ForgeError> {
        let token: &SecretString = self.api.token();
        Ok(GitEndpoint {
            url: repository_url(&self.url, repository)?,
            authorization: Some(basic("oauth2", token)),
        })
    }
}
