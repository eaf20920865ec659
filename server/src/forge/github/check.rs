//! The gate on GitHub: a commit status for everybody, and a check run with annotations where this service is an app.
//!
//! A check run in progress is brought to its end; one that has ended is replaced, because annotations only add up.
//! One that says the same already is left as it is.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::forge::github::Github;
use crate::forge::github::session::Session;
use crate::forge::github::wire::Created;
use crate::forge::http::answer::shortened;
use crate::forge::http::call;
use crate::forge::{Annotation, AnnotationLevel, CommitStatus, ForgeError, Light, MAX_STATUS, STATUS_NAME};
use crate::merge_request::MergeRequestKey;

/// Annotations of one request; further ones are added by further requests.
const ANNOTATIONS: usize = 50;

/// Characters that GitHub takes: of a summary or a message, and of a title.
const MAX_TEXT: usize = 16_000;
const MAX_TITLE: usize = 255;

#[derive(Deserialize)]
struct Runs {
    check_runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    id: u64,
    name: String,
    status: Option<String>,
    conclusion: Option<String>,
    app: Option<Created>,
    output: Option<Output>,
}

#[derive(Deserialize)]
struct Output {
    title: Option<String>,
    summary: Option<String>,
    annotations_count: Option<usize>,
}

/// Sets the commit status.
pub(super) async fn set_status(
    session: &Session,
    repository: &str,
    status: &CommitStatus,
) -> Result<(), ForgeError> {
    let state = match status.light {
        Light::Pending => "pending",
        Light::Green => "success",
        Light::Red => "failure",
    };
    let mut body = json!({
        "context": STATUS_NAME,
        "state": state,
        "description": shortened(&status.description, MAX_STATUS),
    });
    if let Some(url) = &status.url {
        body["target_url"] = json!(url);
    }
    let route = Github::repository(repository).then("statuses").then(&status.commit).named("the commit");
    call::change(session, Method::POST, &route, Some(&body)).await.map(drop)
}

/// Sets the check run of an app.
pub(super) async fn set_run(
    session: &Session,
    app: u64,
    merge_request: &MergeRequestKey,
    status: &CommitStatus,
) -> Result<(), ForgeError> {
    let repository = &merge_request.repository;
    let runs = Github::repository(repository).then("check-runs");
    let wanted = wanted(status);
    let id = match newest(session, app, repository, &status.commit).await? {
        Some(run) if run.says(status, &wanted) => return Ok(()),
        Some(run) if run.is_open() => {
            let route = runs.clone().then(run.id);
            call::change(session, Method::PATCH, &route, Some(&wanted)).await?;
            run.id
        }
        _ => {
            let mut body = wanted.clone();
            body["name"] = json!(STATUS_NAME);
            body["head_sha"] = json!(status.commit);
            // A webhook that asks for it again says no merge request where that comes from a fork.
            body["external_id"] = json!(merge_request.to_string());
            call::write::<Created>(session, Method::POST, &runs, &body).await?.id
        }
    };
    for more in status.check.annotations.chunks(ANNOTATIONS).skip(1) {
        let mut output = wanted["output"].clone();
        output["annotations"] = more.iter().map(annotation).collect();
        let route = runs.clone().then(id);
        call::change(session, Method::PATCH, &route, Some(&json!({"output": output}))).await?;
    }
    Ok(())
}

/// The newest check run of this app for a commit.
async fn newest(
    session: &Session,
    app: u64,
    repository: &str,
    commit: &str,
) -> Result<Option<Run>, ForgeError> {
    let route = Github::repository(repository).then("commits").then(commit).then("check-runs");
    let route = route.with("check_name", STATUS_NAME).with("app_id", app).with("per_page", 100);
    let mut newest: Option<Run> = None;
    call::pages(session, route.named("the commit"), |page: Runs| {
        for run in page.check_runs {
            let is_own = run.name == STATUS_NAME && run.app.as_ref().is_some_and(|owner| owner.id == app);
            if is_own && newest.as_ref().is_none_or(|known| known.id < run.id) {
                newest = Some(run);
            }
        }
    })
    .await?;
    Ok(newest)
}

/// The fields of a check run, with the annotations that fit.
fn wanted(status: &CommitStatus) -> Value {
    let detail = &status.check;
    let title = if detail.title.is_empty() { &status.description } else { &detail.title };
    let summary = if detail.summary.is_empty() { title } else { &detail.summary };
    let first: Vec<Value> = detail.annotations.iter().take(ANNOTATIONS).map(annotation).collect();
    let mut output = json!({
        "title": shortened(title, MAX_TITLE),
        "summary": shortened(summary, MAX_TEXT),
    });
    if !first.is_empty() {
        output["annotations"] = json!(first);
    }
    let mut wanted = match conclusion(status.light) {
        None => json!({"status": "in_progress"}),
        Some(conclusion) => json!({"status": "completed", "conclusion": conclusion}),
    };
    wanted["output"] = output;
    if let Some(url) = &status.url {
        wanted["details_url"] = json!(url);
    }
    wanted
}

fn conclusion(light: Light) -> Option<&'static str> {
    match light {
        Light::Pending => None,
        Light::Green => Some("success"),
        Light::Red => Some("failure"),
    }
}

fn annotation(annotation: &Annotation) -> Value {
    let level = match annotation.level {
        AnnotationLevel::Failure => "failure",
        AnnotationLevel::Warning => "warning",
        AnnotationLevel::Notice => "notice",
    };
    json!({
        "path": annotation.path,
        "start_line": annotation.start_line,
        "end_line": annotation.end_line,
        "annotation_level": level,
        "title": shortened(&annotation.title, MAX_TITLE),
        "message": shortened(&annotation.message, MAX_TEXT),
    })
}

impl Run {
    fn is_open(&self) -> bool {
        let annotated = self.output.as_ref().and_then(|output| output.annotations_count).unwrap_or(0);
        self.status.as_deref() != Some("completed") && annotated == 0
    }

    /// Whether this run says what is wanted already.
    fn says(&self, status: &CommitStatus, wanted: &Value) -> bool {
        let Some(output) = &self.output else { return false };
        self.status.as_deref() == wanted["status"].as_str()
            && self.conclusion.as_deref() == wanted["conclusion"].as_str()
            && output.title.as_deref() == wanted["output"]["title"].as_str()
            && output.summary.as_deref() == wanted["output"]["summary"].as_str()
            && output.annotations_count.unwrap_or(0) == status.check.annotations.len()
    }
}
