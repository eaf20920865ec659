//! `/queue`: what waits, and what was given up, with a button to try it again.

use analyzers::report::visible;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;

use super::page::{self, Page, Reader, Section};
use super::reviews::REFRESH_SECONDS;
use super::when::When;
use crate::api::Service;
use crate::api::desk::ActError;
use crate::api::shelf::QueueCounts;

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    page: Page,
    counts: QueueCounts,
    oldest: Option<When>,
    dead: Vec<DeadRow>,
}

struct DeadRow {
    id: String,
    kind: String,
    about: String,
    review: Option<String>,
    attempts: u32,
    reason: String,
    died: When,
}

/// `GET /queue`
pub(super) async fn show(State(service): State<Service>, reader: Reader) -> Response {
    let read = async {
        let counts = service.shelf.queue(&reader.caller).await?;
        anyhow::Ok((counts, service.shelf.dead_letters(&reader.caller).await?))
    };
    let (counts, dead) = match read.await {
        Ok(read) => read,
        Err(error) => return page::failed(&reader, "reading the queue", &error),
    };
    let (now, words) = (Timestamp::now(), reader.words);
    let seen = |text: &str| visible::line(text).into_owned();
    let mut frame = reader.page(Section::Queue, words.queue);
    let is_busy = counts.waiting + counts.running + counts.retrying > 0;
    frame.refresh_seconds = is_busy.then_some(REFRESH_SECONDS);
    let row = |letter: crate::api::shelf::DeadLetter| DeadRow {
        kind: seen(&letter.kind),
        about: seen(letter.merge_request.as_deref().unwrap_or_else(|| about(&letter.id))),
        reason: seen(&letter.reason),
        died: When::of(letter.died_at, now, words),
        id: letter.id,
        review: letter.review,
        attempts: letter.attempts,
    };
    page::shown(&QueuePage {
        page: frame,
        oldest: counts.oldest_waiting_since.map(|since| When::of(since, now, words)),
        counts,
        dead: dead.into_iter().map(row).collect(),
    })
}

/// What a job is about where it is for no merge request, by its id: `gitlab:bank/core#main`.
fn about(id: &str) -> &str {
    id.split_once(':').map_or(id, |(_, about)| about)
}

/// `POST /queue/{id}/retry`
pub(super) async fn retry(
    State(service): State<Service>,
    reader: Reader,
    Path(id): Path<String>,
) -> Response {
    match service.desk.retry(&reader.caller, &id).await {
        Ok(()) => Redirect::to("/queue").into_response(),
        Err(ActError::NotFound) => page::not_found(&reader),
        Err(ActError::Failed(error)) => page::failed(&reader, "putting the job back", &error),
    }
}
