//! The HTTP interface `/v1`: what bots, editors and pipelines ask of the service.
//!
//! `operations` is its table of contents; from it come the router and `/openapi.json`. Handlers ask the `Shelf`
//! (what is kept) and the `Desk` (what is done), two traits that the rest of the service implements.

mod answer;
mod check;
pub(crate) mod desk;
mod extract;
pub(crate) mod findings;
mod openapi;
mod operations;
pub(crate) mod policies;
mod queue;
mod request;
mod reviews;
pub(crate) mod shelf;
mod stream;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use analyzers::text::Locale;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::access::Scope;
use crate::api::desk::Desk;
use crate::api::policies::PolicyShelf;
use crate::api::shelf::Shelf;
use crate::config::Limits;
use crate::problem::Problem;

/// All that the handlers of `/v1` and of the dashboard work with.
#[derive(Clone)]
pub(crate) struct Service {
    /// What is kept.
    pub(crate) shelf: Arc<dyn Shelf>,
    /// What is done.
    pub(crate) desk: Arc<dyn Desk>,
    /// The policies in force.
    pub(crate) policies: Arc<PolicyShelf>,
    /// How large requests may be.
    pub(crate) limits: Limits,
    /// The language of the dashboard for readers who do not choose one.
    pub(crate) language: Locale,
    /// The address at which people reach the service.
    pub(crate) public_url: Option<Url>,
}

/// The routes of `/v1` and `/openapi.json`, each behind the `guard` of the access layer.
pub(crate) fn router(service: Service, guard: impl Fn(Router<Service>, Scope) -> Router<Service>) -> Router {
    let limit = DefaultBodyLimit::max(service.limits.request_bytes);
    let routes = operations::operations().into_iter().fold(Router::new(), |router, operation| {
        router.merge(guard(Router::new().route(operation.path, operation.handler), operation.need))
    });
    let announced = from_fn_with_state(service.clone(), refuse_announced);
    routes.method_not_allowed_fallback(not_allowed).layer(limit).layer(announced).with_state(service)
}

/// Refuses a body that says beforehand that it is too large: its sender need not send it first.
async fn refuse_announced(State(service): State<Service>, request: Request, next: Next) -> Response {
    let limit = service.limits.request_bytes;
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    match length.and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > limit as u64 => extract::too_large(limit).into_response(),
        Some(_) | None => next.run(request).await,
    }
}

async fn not_allowed() -> Problem {
    Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "There is no such operation",
        "The path exists, but not with this method; `/openapi.json` lists what does.",
    )
}

/// A failure of the service itself: logged here, once, and told without its inside.
pub(crate) fn failure(doing: &'static str, error: &anyhow::Error) -> Problem {
    tracing::error!(error = format!("{error:#}"), "{doing} failed");
    Problem::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "The service failed",
        format!(
            "Something went wrong while {doing}; the service's log says what. The request may be sent again."
        ),
    )
}
