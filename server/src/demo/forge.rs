//! The stand-in forge: as much of Gitea's interface as a reviewer calls, kept in memory, on this machine only.
//!
//! Says what it was given through a channel, so that a person can watch it land.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, patch, post};
use axum::{Json, response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use url::Url;

use super::git::{Bank, MAIN};
use super::page;

/// The repository's owner and name.
pub(super) const REPOSITORY: (&str, &str) = ("bank", "core");

/// The id of the service's own user.
const OWN_USER: u64 = 1;

/// What landed on the forge.
#[derive(Clone, Debug)]
pub(super) enum Landed {
    /// A comment beside a line.
    Inline { number: u64, path: String, line: u64, body: String },
    /// A comment on the merge request.
    Note { number: u64, body: String },
    /// A comment's text was replaced.
    Edited { number: u64, body: String },
    /// A commit status.
    Status { number: u64, state: String, description: String },
}

/// A merge request on the forge.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) number: u64,
    pub(super) title: String,
    pub(super) branch: String,
    pub(super) head: String,
}

/// A comment on the forge.
#[derive(Clone, Debug)]
pub(super) struct Comment {
    id: u64,
    pub(super) number: u64,
    /// The review it came with; `None` for a comment on the merge request itself.
    review: Option<u64>,
    pub(super) path: String,
    pub(super) line: u64,
    pub(super) body: String,
}

/// A commit status on the forge.
#[derive(Clone, Debug)]
pub(super) struct Status {
    pub(super) commit: String,
    pub(super) state: String,
    pub(super) description: String,
}

#[derive(Default)]
struct Kept {
    requests: Vec<Request>,
    comments: Vec<Comment>,
    statuses: Vec<Status>,
    last_id: u64,
}

/// The forge.
#[derive(Clone)]
pub(super) struct StandIn {
    pub(super) bank: Bank,
    pub(super) url: Url,
    kept: Arc<Mutex<Kept>>,
    landed: mpsc::UnboundedSender<Landed>,
}

impl StandIn {
    /// A forge with this repository, reached at `url`.
    pub(super) fn new(bank: Bank, url: Url, landed: mpsc::UnboundedSender<Landed>) -> Self {
        Self { bank, url, kept: Arc::default(), landed }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a merge request; its number.
    pub(super) fn open(&self, title: &str, branch: &str, head: String) -> u64 {
        let mut kept = self.kept();
        let number = kept.requests.len() as u64 + 1;
        let (title, branch) = (title.to_owned(), branch.to_owned());
        kept.requests.push(Request { number, title, branch, head });
        number
    }

    /// Moves the head of a merge request.
    pub(super) fn pushed(&self, number: u64, head: String) {
        let mut kept = self.kept();
        if let Some(request) = kept.requests.iter_mut().find(|request| request.number == number) {
            request.head = head;
        }
    }

    /// The address at which a merge request is seen.
    pub(super) fn page_of(&self, number: u64) -> String {
        let (owner, name) = REPOSITORY;
        format!("{}{owner}/{name}/pulls/{number}", self.url)
    }

    /// The routes.
    pub(super) fn routes(self) -> Router {
        let api = Router::new()
            .route("/user", get(user))
            .route("/repos/{owner}/{name}", get(repository))
            .route("/repos/{owner}/{name}/branches/{branch}", get(branch))
            .route("/repos/{owner}/{name}/pulls", get(pulls))
            .route("/repos/{owner}/{name}/pulls/{number}", get(pull))
            .route("/repos/{owner}/{name}/pulls/{number}/reviews", get(reviews).post(review))
            .route("/repos/{owner}/{name}/pulls/{number}/reviews/{review}/comments", get(review_comments))
            .route("/repos/{owner}/{name}/issues/{number}/comments", get(notes).post(note))
            .route("/repos/{owner}/{name}/issues/comments/{id}", patch(edit).delete(delete))
            .route("/repos/{owner}/{name}/statuses/{commit}", post(status).get(statuses))
            .route("/repos/{owner}/{name}/collaborators/{user}/permission", get(permission));
        Router::new()
            .nest("/api/v1", api)
            .route("/", get(index))
            .route("/{owner}/{name}/pulls/{number}", get(merge_request_page))
            .route("/{owner}/{name}/info/refs", get(references))
            .route("/{owner}/{name}/git-upload-pack", post(upload_pack))
            .with_state(self)
    }

    fn pull(&self, request: &Request) -> Value {
        let (owner, name) = REPOSITORY;
        let main = self.bank.tip(MAIN).unwrap_or_default();
        let repository = json!({"full_name": format!("{owner}/{name}"), "clone_url": format!("{}{owner}/{name}.git", self.url)});
        json!({
            "number": request.number, "state": "open", "merged": false, "draft": false, "title": request.title,
            "html_url": self.page_of(request.number), "user": {"id": 2, "login": "developer"}, "labels": [],
            "head": {"ref": request.branch, "sha": request.head, "repo": repository},
            "base": {"ref": MAIN, "sha": main, "repo": repository},
            "merge_base": main,
        })
    }

    fn comment(&self, comment: &Comment) -> Value {
        let issue = self.page_of(comment.number);
        json!({
            "id": comment.id, "user": {"id": OWN_USER, "login": "countersign"}, "body": comment.body,
            "path": comment.path, "position": comment.line, "original_position": 0,
            "diff_hunk": "@@", "pull_request_url": issue, "html_url": issue,
            "pull_request_review_id": comment.review,
        })
    }

    /// Keeps a new comment; its id.
    fn keep(&self, number: u64, review: Option<u64>, place: (String, u64), body: String) -> Comment {
        let mut kept = self.kept();
        kept.last_id += 1;
        let (path, line) = place;
        let comment = Comment { id: kept.last_id, number, review, path, line, body };
        kept.comments.push(comment.clone());
        comment
    }

    fn tell(&self, landed: Landed) {
        // Where nobody watches any more, nobody needs to be told.
        let _ = self.landed.send(landed);
    }

    /// A merge request with what was said about it.
    fn seen(&self, number: u64) -> Option<(Request, Vec<Comment>, Option<Status>)> {
        let kept = self.kept();
        let request = kept.requests.iter().find(|request| request.number == number)?.clone();
        let comments = kept.comments.iter().filter(|comment| comment.number == number).cloned().collect();
        let status = kept.statuses.iter().rev().find(|status| status.commit == request.head).cloned();
        Some((request, comments, status))
    }
}

async fn user() -> Json<Value> {
    Json(json!({"id": OWN_USER, "login": "countersign"}))
}

async fn repository(Path((owner, name)): Path<(String, String)>) -> Json<Value> {
    Json(json!({"full_name": format!("{owner}/{name}"), "default_branch": MAIN}))
}

async fn branch(
    State(forge): State<StandIn>,
    Path((_, _, branch)): Path<(String, String, String)>,
) -> Response {
    match forge.bank.tip(&branch) {
        Ok(tip) => Json(json!({"name": branch, "commit": {"id": tip}})).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn pulls(State(forge): State<StandIn>) -> Json<Value> {
    let requests = forge.kept().requests.clone();
    Json(requests.iter().map(|request| forge.pull(request)).collect())
}

async fn pull(State(forge): State<StandIn>, Path((_, _, number)): Path<(String, String, u64)>) -> Response {
    match forge.seen(number) {
        Some((request, ..)) => Json(forge.pull(&request)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn reviews(
    State(forge): State<StandIn>,
    Path((_, _, number)): Path<(String, String, u64)>,
) -> Json<Value> {
    let kept = forge.kept();
    let mut ids: Vec<u64> = kept
        .comments
        .iter()
        .filter(|comment| comment.number == number)
        .filter_map(|comment| comment.review)
        .collect();
    ids.dedup();
    let reviews = ids.iter().map(|id| {
        let count = kept.comments.iter().filter(|comment| comment.review == Some(*id)).count();
        json!({"id": id, "user": {"id": OWN_USER, "login": "countersign"}, "state": "COMMENT", "body": "", "comments_count": count})
    });
    Json(reviews.collect())
}

async fn review_comments(
    State(forge): State<StandIn>,
    Path((_, _, number, review)): Path<(String, String, u64, u64)>,
) -> Json<Value> {
    let comments = forge.kept().comments.clone();
    let of_review =
        comments.iter().filter(|comment| (comment.number, comment.review) == (number, Some(review)));
    Json(of_review.map(|comment| forge.comment(comment)).collect())
}

#[derive(Deserialize)]
struct NewReview {
    #[serde(default)]
    comments: Vec<NewInline>,
}

#[derive(Deserialize)]
struct NewInline {
    path: String,
    body: String,
    #[serde(default)]
    new_position: u64,
    #[serde(default)]
    old_position: u64,
}

async fn review(
    State(forge): State<StandIn>,
    Path((_, _, number)): Path<(String, String, u64)>,
    Json(review): Json<NewReview>,
) -> Json<Value> {
    let id = {
        let mut kept = forge.kept();
        kept.last_id += 1;
        kept.last_id
    };
    for NewInline { path, body, new_position, old_position } in review.comments {
        let line = new_position.max(old_position);
        forge.keep(number, Some(id), (path.clone(), line), body.clone());
        forge.tell(Landed::Inline { number, path, line, body });
    }
    Json(json!({"id": id, "user": {"id": OWN_USER, "login": "countersign"}, "state": "COMMENT", "body": ""}))
}

async fn notes(
    State(forge): State<StandIn>,
    Path((_, _, number)): Path<(String, String, u64)>,
) -> Json<Value> {
    let comments = forge.kept().comments.clone();
    let notes = comments.iter().filter(|comment| comment.number == number && comment.review.is_none());
    Json(notes.map(|comment| forge.comment(comment)).collect())
}

#[derive(Deserialize)]
struct NewNote {
    body: String,
}

async fn note(
    State(forge): State<StandIn>,
    Path((_, _, number)): Path<(String, String, u64)>,
    Json(NewNote { body }): Json<NewNote>,
) -> (StatusCode, Json<Value>) {
    let comment = forge.keep(number, None, (String::new(), 0), body.clone());
    forge.tell(Landed::Note { number, body });
    (StatusCode::CREATED, Json(forge.comment(&comment)))
}

async fn edit(
    State(forge): State<StandIn>,
    Path((_, _, id)): Path<(String, String, u64)>,
    Json(NewNote { body }): Json<NewNote>,
) -> Response {
    let edited = {
        let mut kept = forge.kept();
        let Some(comment) = kept.comments.iter_mut().find(|comment| comment.id == id) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        comment.body.clone_from(&body);
        comment.clone()
    };
    forge.tell(Landed::Edited { number: edited.number, body });
    Json(forge.comment(&edited)).into_response()
}

async fn delete(State(forge): State<StandIn>, Path((_, _, id)): Path<(String, String, u64)>) -> StatusCode {
    forge.kept().comments.retain(|comment| comment.id != id);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct NewStatus {
    state: String,
    #[serde(default)]
    description: String,
}

async fn status(
    State(forge): State<StandIn>,
    Path((_, _, commit)): Path<(String, String, String)>,
    Json(NewStatus { state, description }): Json<NewStatus>,
) -> (StatusCode, Json<Value>) {
    let number = {
        let mut kept = forge.kept();
        kept.statuses.push(Status {
            commit: commit.clone(),
            state: state.clone(),
            description: description.clone(),
        });
        kept.requests.iter().find(|request| request.head == commit).map(|request| request.number)
    };
    if let Some(number) = number {
        forge.tell(Landed::Status { number, state: state.clone(), description });
    }
    (StatusCode::CREATED, Json(json!({"status": state})))
}

async fn statuses(
    State(forge): State<StandIn>,
    Path((_, _, commit)): Path<(String, String, String)>,
) -> Json<Value> {
    let kept = forge.kept();
    let of_commit = kept.statuses.iter().rev().filter(|status| status.commit == commit);
    Json(of_commit.map(|status| json!({"status": status.state, "description": status.description})).collect())
}

async fn permission(Path((_, _, user)): Path<(String, String, String)>) -> Json<Value> {
    Json(json!({"permission": "write", "user": {"id": 2, "login": user}}))
}

async fn references(State(forge): State<StandIn>) -> Response {
    packets("application/x-git-upload-pack-advertisement", forge.bank.advertise())
}

async fn upload_pack(State(forge): State<StandIn>, body: Bytes) -> Response {
    packets("application/x-git-upload-pack-result", forge.bank.upload(&body))
}

fn packets(kind: &'static str, answer: anyhow::Result<Vec<u8>>) -> Response {
    match answer {
        Ok(bytes) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn index(State(forge): State<StandIn>) -> response::Result<Html<String>> {
    let requests = forge.kept().requests.clone();
    let seen: Vec<_> = requests.iter().filter_map(|request| forge.seen(request.number)).collect();
    Ok(Html(page::index(&seen)))
}

async fn merge_request_page(
    State(forge): State<StandIn>,
    Path((_, _, number)): Path<(String, String, u64)>,
) -> Response {
    let Some((request, comments, status)) = forge.seen(number) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let diff = forge.bank.diff(&request.head).unwrap_or_else(|error| error.to_string());
    Html(page::merge_request(&request, &comments, status.as_ref(), &diff)).into_response()
}
