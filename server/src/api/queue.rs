//! `/v1/queue`: what waits, and what was given up.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::Caller;
use crate::api::desk::ActError;
use crate::api::extract::{Named, not_found};
use crate::api::shelf::DeadLetter;
use crate::api::{Service, failure};
use crate::problem::Problem;

/// The queue.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct QueueAnswer {
    /// Jobs that wait for their turn.
    waiting: usize,
    /// Jobs at work.
    running: usize,
    /// Jobs that failed and will be tried again.
    retrying: usize,
    /// Since when the oldest waiting job waits; `null` where none does.
    #[schemars(with = "Option<String>", extend("format" = "date-time"))]
    oldest_waiting_since: Option<Timestamp>,
    /// Jobs that were given up, the newest first. Their gates are red.
    dead: Vec<DeadLetter>,
}

/// `GET /v1/queue`
pub(super) async fn show(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<QueueAnswer>, Problem> {
    let failed = |error: anyhow::Error| failure("reading the queue", &error);
    let counts = service.shelf.queue(&caller).await.map_err(failed)?;
    let dead = service.shelf.dead_letters(&caller).await.map_err(failed)?;
    Ok(Json(QueueAnswer {
        waiting: counts.waiting,
        running: counts.running,
        retrying: counts.retrying,
        oldest_waiting_since: counts.oldest_waiting_since,
        dead,
    }))
}

/// `POST /v1/queue/{id}/retry`
pub(super) async fn retry(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<String>,
) -> Result<StatusCode, Problem> {
    match service.desk.retry(&caller, &id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(ActError::NotFound) => Err(not_found("There is no such dead letter")),
        Err(ActError::Failed(error)) => Err(failure("putting the job back", &error)),
    }
}
