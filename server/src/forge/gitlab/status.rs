//! The commit status on GitLab: a job in the pipeline of the head.

use reqwest::Method;
use serde_json::json;

use crate::forge::gitlab::wire::{self, WireMergeRequest};
use crate::forge::http::answer::shortened;
use crate::forge::http::{TokenApi, call};
use crate::forge::{CommitStatus, ForgeError, Light, MAX_STATUS, STATUS_NAME};
use crate::merge_request::MergeRequest;

/// Sets the status of a commit. That it has it already is a success.
pub(super) async fn set(
    api: &TokenApi,
    merge_request: &MergeRequest,
    status: &CommitStatus,
) -> Result<(), ForgeError> {
    let mut body = json!({
        "state": state(status.light),
        "name": STATUS_NAME,
        "description": shortened(&status.description, MAX_STATUS),
    });
    if let Some(url) = &status.url {
        body["target_url"] = json!(url);
    }
    let found: WireMergeRequest = call::get(api, &wire::merge_request(&merge_request.key)).await?;
    place(&mut body, &found, &status.commit, merge_request);
    let route = wire::project(&merge_request.key.repository).then("statuses").then(&status.commit);
    match call::change(api, Method::POST, &route.named("the commit"), Some(&body)).await {
        Err(ForgeError::Rejected(why)) if is_so_already(&why, status.light) => Ok(()),
        answer => answer.map(drop),
    }
}

/// Names the pipeline that the status belongs to: without it GitLab would open one beside the merge request's own.
fn place(body: &mut serde_json::Value, found: &WireMergeRequest, commit: &str, merge_request: &MergeRequest) {
    let pipeline = found.head_pipeline.as_ref().filter(|pipeline| pipeline.sha.as_deref() == Some(commit));
    let is_fork = found.source_project_id != found.target_project_id;
    match pipeline {
        Some(pipeline) => {
            body["pipeline_id"] = json!(pipeline.id);
            body["ref"] = json!(pipeline.reference.as_deref().unwrap_or(&merge_request.source_branch));
        }
        None if is_fork => {
            body["ref"] = json!(format!("refs/merge-requests/{}/head", merge_request.key.number));
        }
        None => body["ref"] = json!(merge_request.source_branch),
    }
}

fn state(light: Light) -> &'static str {
    match light {
        Light::Pending => "running",
        Light::Green => "success",
        Light::Red => "failed",
    }
}

/// Whether GitLab refuses because the status has this very colour. Any other refused transition is a failure: it
/// could leave an old green standing.
fn is_so_already(why: &str, light: Light) -> bool {
    let states: &[&str] = match light {
        Light::Pending => &["from :running", "from :pending", "from :created"],
        Light::Green => &["from :success"],
        Light::Red => &["from :failed"],
    };
    why.contains("Cannot transition status") && states.iter().any(|state| why.contains(state))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_has_the_colour_already_is_set_and_one_of_another_colour_is_not() {
        let why =
            "400: Cannot transition status via :run from :running (Reason(s): Status cannot transition)";
        assert!(is_so_already(why, Light::Pending));
        assert!(!is_so_already(why, Light::Red));
        assert!(!is_so_already("400: Cannot transition status via :drop from :success", Light::Red));
        assert!(is_so_already("400: Cannot transition status via :drop from :failed", Light::Red));
        assert!(!is_so_already("400: from :running", Light::Pending));
    }
}
