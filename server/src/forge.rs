//! What the service asks of a forge: one trait, owned by the review job, and the values that pass through it.
//!
//! One file for each forge; no forge knows another. A forge says what it did or why not; it decides nothing,
//! and it repeats no write by itself.

pub(crate) mod gitea;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod http;
mod matching;
mod outcome;
#[cfg(test)]
pub(crate) mod replay;
mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use secrecy::SecretString;

use crate::config::Config;
use crate::forge::gitea::Gitea;
use crate::forge::github::Github;
use crate::forge::gitlab::Gitlab;
use crate::merge_request::{ForgeKind, MergeRequest, MergeRequestKey};

/// The name under which commits are given their status on every forge.
pub(crate) const STATUS_NAME: &str = "countersign";

/// Characters of a commit status that every forge takes.
pub(crate) const MAX_STATUS: usize = 140;

/// Opens every configured forge: reads its secrets and makes its client. Nothing is asked of a forge yet.
/// Must be called inside the runtime: GitHub's client lives on it.
pub(crate) fn open(config: &Config) -> anyhow::Result<BTreeMap<ForgeKind, Arc<dyn Forge>>> {
    let client = http::client(&config.network)?;
    let mut forges: BTreeMap<ForgeKind, Arc<dyn Forge>> = BTreeMap::new();
    if let Some(settings) = &config.forge.github {
        let github = Github::new(client.clone(), settings).context("`[forge.github]`")?;
        forges.insert(ForgeKind::Github, Arc::new(github));
    }
    if let Some(settings) = &config.forge.gitlab {
        let gitlab = Gitlab::new(client.clone(), settings).context("`[forge.gitlab]`")?;
        forges.insert(ForgeKind::Gitlab, Arc::new(gitlab));
    }
    if let Some(settings) = &config.forge.gitea {
        let gitea = Gitea::new(client, settings).context("`[forge.gitea]`")?;
        forges.insert(ForgeKind::Gitea, Arc::new(gitea));
    }
    Ok(forges)
}

/// A forge.
#[async_trait]
pub(crate) trait Forge: Send + Sync {
    /// Which kind it is.
    fn kind(&self) -> ForgeKind;

    /// The id of the user (or app's bot) that this service is on the forge. Only its comments are trusted.
    async fn own_user(&self) -> Result<String, ForgeError>;

    /// A merge request as it is now.
    async fn merge_request(&self, key: &MergeRequestKey) -> Result<MergeRequest, ForgeError>;

    /// The open merge requests of the repositories that this service watches, with their heads.
    async fn open_merge_requests(&self) -> Result<Vec<OpenMergeRequest>, ForgeError>;

    /// The open merge requests of a repository that merge into a branch.
    async fn open_into(&self, repository: &str, branch: &str) -> Result<Vec<OpenMergeRequest>, ForgeError>;

    /// What this service's own user has posted on a merge request, oldest first.
    async fn posted(&self, merge_request: &MergeRequest) -> Result<Vec<PostedComment>, ForgeError>;

    /// Posts new comments, together where the forge can. One outcome for each, in the same order.
    async fn post(&self, merge_request: &MergeRequest, comments: &[NewComment]) -> Vec<PostOutcome>;

    /// Replaces the text of a comment.
    async fn edit(
        &self,
        merge_request: &MergeRequest,
        comment: &PostedComment,
        body: &str,
    ) -> Result<(), ForgeError>;

    /// Deletes a comment: only for a twin that was posted by mistake.
    async fn delete(&self, merge_request: &MergeRequest, comment: &PostedComment) -> Result<(), ForgeError>;

    /// Resolves a thread or opens it again. `false` where this forge has no such thing.
    async fn set_resolved(
        &self,
        merge_request: &MergeRequest,
        comment: &PostedComment,
        resolved: bool,
    ) -> Result<bool, ForgeError>;

    /// Answers a comment, in its thread where it has one.
    async fn reply(
        &self,
        merge_request: &MergeRequest,
        thread: Option<&str>,
        body: &str,
    ) -> Result<(), ForgeError>;

    /// Sets the commit status of the head, and where the forge has check runs, the check run.
    async fn set_status(&self, merge_request: &MergeRequest, status: &CommitStatus)
    -> Result<(), ForgeError>;

    /// What a user may do in a repository, asked now.
    async fn permission(
        &self,
        key: &MergeRequestKey,
        user: &str,
        user_name: &str,
    ) -> Result<Permission, ForgeError>;

    /// Where and with which credentials the objects of a repository are fetched. Short-lived.
    async fn git(&self, repository: &str) -> Result<GitEndpoint, ForgeError>;
}

/// An open merge request in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpenMergeRequest {
    /// Which one.
    pub(crate) key: MergeRequestKey,
    /// The object id of its newest commit.
    pub(crate) head: String,
    /// The branch it merges into.
    pub(crate) target_branch: String,
    /// Whether its author says that it is not ready.
    pub(crate) is_draft: bool,
}

/// A comment that stands on a merge request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PostedComment {
    /// Its id on the forge; what it is an id of (note, review comment) is the forge's matter.
    pub(crate) id: String,
    /// The thread that it opens, where it can be resolved.
    pub(crate) thread: Option<String>,
    /// The id of its author.
    pub(crate) author: String,
    /// Its text.
    pub(crate) body: String,
    /// Whether it stands beside code.
    pub(crate) is_inline: bool,
    /// Whether its thread is resolved; `None` where the forge does not say.
    pub(crate) is_resolved: Option<bool>,
}

/// A comment to post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewComment {
    /// Its text.
    pub(crate) body: String,
    /// Where it stands.
    pub(crate) placement: Placement,
}

/// Where a comment stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// Beside lines of one hunk of the change. `start` equals `end` for one line.
    Lines {
        /// The file.
        file: ChangedPath,
        /// The first line.
        start: LineAnchor,
        /// The last line; the comment hangs here.
        end: LineAnchor,
    },
    /// At a file of the change.
    File(ChangedPath),
    /// On the merge request itself.
    MergeRequest,
}

/// A changed file by both its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ChangedPath {
    /// The path at base; that at head for a new file.
    pub(crate) base: String,
    /// The path at head; that at base for a deleted file.
    pub(crate) head: String,
    /// Whether the file is new.
    pub(crate) is_new: bool,
}

/// A line of the change on both sides, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LineAnchor {
    /// What the line is.
    pub(crate) kind: AnchorKind,
    /// Its number at base; for an added line the number of the next base line (0 in a new file).
    pub(crate) base: u32,
    /// Its number at head; for a removed line the number of the next head line (0 in a deleted file).
    pub(crate) head: u32,
}

/// On which side of the change a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnchorKind {
    /// At head only.
    Added,
    /// At base only.
    Removed,
    /// On both sides, in the context of a hunk.
    Context,
}

/// What became of one comment.
#[derive(Debug)]
pub(crate) enum PostOutcome {
    /// It stands, under this id.
    Posted(String),
    /// The forge does not know the place; a comment further up the ladder may do.
    Misplaced(String),
    /// Nobody knows: the connection broke or the server failed after it had the comment. Look before writing
    /// again.
    InDoubt(ForgeError),
    /// It was not posted.
    Refused(ForgeError),
}

/// What the gate says of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommitStatus {
    /// The commit's full object id.
    pub(crate) commit: String,
    /// Red, green, or still at work.
    pub(crate) light: Light,
    /// One line, at most 140 characters.
    pub(crate) description: String,
    /// Where to read more.
    pub(crate) url: Option<String>,
    /// What a check run tells besides.
    pub(crate) check: CheckDetail,
}

/// The colour of a commit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Light {
    /// At work.
    Pending,
    /// Only for `passed`.
    Green,
    /// Everything else.
    Red,
}

/// What a check run tells: GitHub only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CheckDetail {
    /// One line.
    pub(crate) title: String,
    /// Markdown.
    pub(crate) summary: String,
    /// Findings beside lines.
    pub(crate) annotations: Vec<Annotation>,
}

/// A finding beside lines of the head version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Annotation {
    /// The file.
    pub(crate) path: String,
    /// First line, from 1.
    pub(crate) start_line: u32,
    /// Last line.
    pub(crate) end_line: u32,
    /// How bad it is.
    pub(crate) level: AnnotationLevel,
    /// One line.
    pub(crate) title: String,
    /// Plain text.
    pub(crate) message: String,
}

/// How bad an annotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnnotationLevel {
    /// It blocks.
    Failure,
    /// It does not block.
    Warning,
    /// Advice.
    Notice,
}

/// What a user may do in a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Permission {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Write: push to branches.
    Write,
    /// Decide about the repository.
    Maintain,
}

/// Where the objects of a repository are fetched.
#[derive(Clone, Debug)]
pub(crate) struct GitEndpoint {
    /// The address of the repository, such as `https://gitlab.bank.example/core/ledger.git`.
    pub(crate) url: url::Url,
    /// The `Authorization` header for that address and no other.
    pub(crate) authorization: Option<SecretString>,
}

/// Why a forge did not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ForgeError {
    /// There is no such thing, or this service may not see it.
    #[error("{0} is not there, or this service may not see it")]
    NotFound(String),
    /// The forge does not accept who we are.
    #[error("the forge does not accept this service's credentials: {0}")]
    Unauthenticated(String),
    /// The forge knows us and says no.
    #[error("the forge does not permit it: {0}")]
    Forbidden(String),
    /// Too many calls; it may be tried again after this time.
    #[error("the forge asks to wait {0:?}")]
    RateLimited(Duration),
    /// The forge understood and refused.
    #[error("the forge refused it: {0}")]
    Rejected(String),
    /// The forge cannot be reached, or failed. A write may or may not have happened.
    #[error("the forge cannot be reached, or failed: {0}")]
    Unavailable(String),
    /// The forge answered something that is not its contract.
    #[error("the forge's answer cannot be read: {0}")]
    Unreadable(String),
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn configured(folder: &Path, text: &str) -> Config {
        let file = folder.join("countersign.toml");
        std::fs::write(&file, text).unwrap();
        Config::read(&file).unwrap()
    }

    #[tokio::test]
    async fn every_configured_forge_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("token"), "a-token\n").unwrap();
        let config = configured(
            folder.path(),
            r#"
            [forge.github]
            token_file = "token"
            webhook_secret_files = ["hook"]
            [forge.gitea]
            url = "https://git.bank.example/gitea"
            token_file = "token"
            webhook_secret_files = ["hook"]
            "#,
        );
        let forges = open(&config).unwrap();
        let kinds: Vec<_> = forges.iter().map(|(kind, forge)| (*kind, forge.kind())).collect();
        assert_eq!(kinds, [(ForgeKind::Github, ForgeKind::Github), (ForgeKind::Gitea, ForgeKind::Gitea)]);
        let endpoint = forges[&ForgeKind::Github].git("bank/core").await.unwrap();
        assert_eq!(endpoint.url.as_str(), "https://github.com/bank/core.git");
    }

    #[tokio::test]
    async fn a_forge_whose_token_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let config = configured(
            folder.path(),
            r#"
            [forge.gitlab]
            url = "https://gitlab.bank.example"
            token_file = "missing"
            webhook_secret_files = ["hook"]
            "#,
        );
        let told = format!("{:#}", open(&config).err().unwrap());
        assert!(told.contains("[forge.gitlab]") && told.contains("missing"), "{told}");
    }
}
