//! Threads of a pull request and whether they are resolved: only GraphQL knows.

use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::forge::ForgeError;
use crate::forge::github::session::{Caller, Session};
use crate::forge::http::answer::quote;
use crate::forge::http::call;
use crate::forge::http::route::Route;
use crate::merge_request::MergeRequestKey;

/// Pages of a hundred threads. More is an error, not a part of them.
const MAX_PAGES: usize = 100;

/// The number of a comment: the first outgrew its type on github.com, the second is unknown to older servers.
const COMMENT_IDS: [&str; 2] = ["fullDatabaseId", "databaseId"];

/// A thread beside code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thread {
    id: String,
    /// The number of its first comment.
    pub(super) opened_by: u64,
    /// Whether it is resolved.
    pub(super) is_resolved: bool,
}

#[derive(Deserialize)]
struct Reply<T> {
    data: Option<T>,
    errors: Option<Vec<Fault>>,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(rename = "type")]
    kind: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
struct Data {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    pull_request: Option<PullRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullRequest {
    review_threads: Connection<Option<ThreadNode>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection<T> {
    nodes: Option<Vec<T>>,
    page_info: Option<PageInfo>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ThreadNode {
    id: String,
    is_resolved: bool,
    comments: Connection<Option<CommentNode>>,
}

/// The number is a string under its newer name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CommentNode {
    full_database_id: Option<Value>,
    database_id: Option<u64>,
}

/// All threads of a pull request.
pub(super) async fn of(session: &Session, key: &MergeRequestKey) -> Result<Vec<Thread>, ForgeError> {
    let [newer, older] = COMMENT_IDS;
    match threads(session.graphql(), key, newer).await {
        Err(ForgeError::Rejected(why)) if why.contains(newer) => threads(session.graphql(), key, older).await,
        answer => answer,
    }
}

/// Resolves the thread that a comment opens, or opens it again.
pub(super) async fn set_resolved(
    session: &Session,
    key: &MergeRequestKey,
    comment: u64,
    resolved: bool,
) -> Result<(), ForgeError> {
    let threads = of(session, key).await?;
    let thread = threads.into_iter().find(|thread| thread.opened_by == comment);
    let thread = thread.ok_or_else(|| ForgeError::NotFound("the thread of the comment".to_owned()))?;
    if thread.is_resolved == resolved {
        return Ok(());
    }
    let name = if resolved { "resolveReviewThread" } else { "unresolveReviewThread" };
    let query = format!(
        "mutation($thread: ID!) {{ {name}(input: {{threadId: $thread}}) {{ thread {{ isResolved }} }} }}"
    );
    ask::<Value>(session.graphql(), &query, &json!({"thread": thread.id})).await.map(drop)
}

async fn threads(graphql: &Caller, key: &MergeRequestKey, id: &str) -> Result<Vec<Thread>, ForgeError> {
    let query = format!(
        "query($owner: String!, $name: String!, $number: Int!, $after: String) {{ \
         repository(owner: $owner, name: $name) {{ pullRequest(number: $number) {{ \
         reviewThreads(first: 100, after: $after) {{ \
         nodes {{ id isResolved comments(first: 1) {{ nodes {{ {id} }} }} }} \
         pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
    );
    let (owner, name) = key.repository.split_once('/').unwrap_or_default();
    let mut threads = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let variables = json!({"owner": owner, "name": name, "number": key.number, "after": after});
        let data: Data = ask(graphql, &query, &variables).await?;
        let pull = data.repository.and_then(|repository| repository.pull_request);
        let page =
            pull.ok_or_else(|| ForgeError::NotFound(format!("the pull request {key}")))?.review_threads;
        threads.extend(page.nodes.unwrap_or_default().into_iter().flatten().filter_map(ThreadNode::read));
        match page.page_info {
            Some(PageInfo { has_next_page: true, end_cursor: Some(cursor) }) => after = Some(cursor),
            _ => return Ok(threads),
        }
    }
    Err(ForgeError::Unreadable(format!("a pull request has more than {MAX_PAGES} pages of threads")))
}

async fn ask<T: DeserializeOwned>(graphql: &Caller, query: &str, variables: &Value) -> Result<T, ForgeError> {
    let body = json!({"query": query, "variables": variables});
    let reply: Reply<T> = call::write(graphql, Method::POST, &Route::new("/graphql"), &body).await?;
    if let Some(fault) = reply.errors.unwrap_or_default().into_iter().next() {
        let message = quote(&fault.message.unwrap_or_default(), graphql.secret());
        return Err(match fault.kind.as_deref() {
            Some("NOT_FOUND") => ForgeError::NotFound("the pull request or its thread".to_owned()),
            Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => ForgeError::Forbidden(message),
            Some("RATE_LIMITED") => ForgeError::RateLimited(std::time::Duration::from_secs(60)),
            _ => ForgeError::Rejected(message),
        });
    }
    reply.data.ok_or_else(|| ForgeError::Unreadable("an answer of GraphQL has no data".to_owned()))
}

impl ThreadNode {
    /// A thread without a comment that has a number is none of ours.
    fn read(self) -> Option<Thread> {
        let comment = self.comments.nodes?.into_iter().flatten().next()?;
        let newer = match comment.full_database_id {
            Some(Value::String(text)) => text.parse().ok(),
            Some(Value::Number(number)) => number.as_u64(),
            _ => None,
        };
        let opened_by = newer.or(comment.database_id)?;
        Some(Thread { id: self.id, opened_by, is_resolved: self.is_resolved })
    }
}
