//! Merge requests of GitLab and their versions.
//!
//! GitLab computes versions after a push has been answered: until the newest one ends in the head, a merge request
//! is not read but waited for, and after a few tries called unavailable.

use std::time::Duration;

use crate::forge::gitlab::VERSION_TRIES;
use crate::forge::gitlab::wire::{self, Branch, Version, WireMergeRequest};
use crate::forge::http::{TokenApi, call};
use crate::forge::support::{object_id, skip_unreadable};
use crate::forge::{ForgeError, OpenMergeRequest};
use crate::merge_request::{ForgeKind, MergeRequest, MergeRequestKey, MergeRequestState};

/// The commits that a version is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VersionShas {
    /// The merge base.
    pub(super) base: String,
    /// The tip of the target branch at the time.
    pub(super) start: String,
    /// The newest commit.
    pub(super) head: String,
}

/// A merge request as it is now.
pub(super) async fn read(
    api: &TokenApi,
    key: &MergeRequestKey,
    pause: Duration,
) -> Result<MergeRequest, ForgeError> {
    let route = wire::merge_request(key);
    for turn in 0..VERSION_TRIES {
        wait(turn, pause).await;
        let mut found: WireMergeRequest = call::get(api, &route).await?;
        if let Some(head) = found.computed_head() {
            let head = object_id(head)?;
            let target = target(api, key, &found).await?;
            return Ok(MergeRequest {
                key: key.clone(),
                state: found.state(),
                is_draft: found.is_draft(),
                head,
                target,
                labels: found.take_labels(),
                target_branch: found.target_branch,
                source_branch: found.source_branch,
                author: found.author.map(|author| author.id.to_string()).unwrap_or_default(),
                web_url: found.web_url.unwrap_or_default(),
            });
        }
    }
    Err(not_computed())
}

/// The tip of the target branch. One that is gone, as after a merge, is what it was when the diff was computed.
async fn target(
    api: &TokenApi,
    key: &MergeRequestKey,
    found: &WireMergeRequest,
) -> Result<String, ForgeError> {
    let route = wire::project(&key.repository).then("repository").then("branches").then(&found.target_branch);
    match call::get::<Branch>(api, &route.named("the target branch")).await {
        Ok(branch) => object_id(&branch.commit.id),
        Err(ForgeError::NotFound(what)) => {
            let start = found.diff_refs.as_ref().and_then(|refs| refs.start_sha.as_deref());
            object_id(start.ok_or(ForgeError::NotFound(what))?)
        }
        Err(error) => Err(error),
    }
}

/// The newest version that ends in the head that was reviewed: comments are placed in it.
pub(super) async fn version(
    api: &TokenApi,
    merge_request: &MergeRequest,
    pause: Duration,
) -> Result<VersionShas, ForgeError> {
    let route = wire::merge_request(&merge_request.key).then("versions");
    for turn in 0..VERSION_TRIES {
        wait(turn, pause).await;
        let versions: Option<Vec<Version>> = call::get(api, &route).await?;
        let complete = |version: Version| {
            let head = version.head_commit_sha.filter(|head| *head == merge_request.head)?;
            Some(VersionShas { base: version.base_commit_sha?, start: version.start_commit_sha?, head })
        };
        if let Some(version) = versions.unwrap_or_default().into_iter().find_map(complete) {
            return Ok(version);
        }
    }
    Err(not_computed())
}

/// The open merge requests of a project, all or those into one branch.
pub(super) async fn open(
    api: &TokenApi,
    repository: &str,
    branch: Option<&str>,
) -> Result<Vec<OpenMergeRequest>, ForgeError> {
    let route =
        wire::project(repository).then("merge_requests").with("state", "opened").with("per_page", 100);
    let route = branch.into_iter().fold(route, |route, branch| route.with("target_branch", branch));
    let in_short = |found: WireMergeRequest| {
        let is_open = found.state() == MergeRequestState::Open;
        let head = object_id(found.sha.as_deref()?).ok()?;
        let is_draft = found.is_draft();
        let key = MergeRequestKey {
            forge: ForgeKind::Gitlab,
            repository: repository.to_owned(),
            number: found.iid,
        };
        is_open.then_some(OpenMergeRequest { key, head, target_branch: found.target_branch, is_draft })
    };
    skip_unreadable(ForgeKind::Gitlab, repository, call::list(api, route, in_short).await)
}

async fn wait(turn: u32, pause: Duration) {
    if turn > 0 {
        tokio::time::sleep(pause).await;
    }
}

fn not_computed() -> ForgeError {
    ForgeError::Unavailable("GitLab has not computed the merge request's newest version yet".to_owned())
}
