//! `/v1/reviews`: reviews are asked for, read and listed.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::Caller;
use crate::api::answer::{KeptReview, ReviewPage};
use crate::api::desk::{Refusal, Running};
use crate::api::extract::{Asked, Body, Named, not_found};
use crate::api::request::ReviewRequest;
use crate::api::shelf::ReviewFilter;
use crate::api::{Service, check, failure, stream};
use crate::problem::Problem;
use crate::record::ReviewState;

/// Reviews on a page where nothing is said, and at most.
const PAGE: usize = 50;
const LARGEST_PAGE: usize = 200;

/// Which reviews are listed.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviewQuery {
    /// Of this repository: `gitlab:bank/core`, or `bank/core` on any forge.
    repository: Option<String>,
    /// In this state.
    state: Option<ReviewState>,
    /// After a page: its `next`.
    before: Option<String>,
    /// Reviews on a page, at most 200. Left out: 50.
    limit: Option<usize>,
}

/// `POST /v1/reviews`
pub(super) async fn create(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Body(request): Body<ReviewRequest>,
) -> Result<Response, Problem> {
    let order = check::order(request, &service.limits)?;
    let running = service.desk.review(&caller, order).await;
    let running = match running {
        Ok(running) => running,
        Err(refusal) => return Ok(refused(refusal)),
    };
    let place = location(&running);
    let mut response = if wants_events(&headers) {
        stream::events(running, stream::HEARTBEAT).into_response()
    } else {
        Json(stream::end(running).await).into_response()
    };
    response.headers_mut().extend(place.map(|place| (header::LOCATION, place)));
    Ok(response)
}

/// `GET /v1/reviews/{id}`
pub(super) async fn show(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    Named(id): Named<String>,
) -> Result<Json<KeptReview>, Problem> {
    let record = service.shelf.review(&caller, &id).await;
    let record = record.map_err(|error| failure("reading the review", &error))?;
    record.map(|record| Json(KeptReview::of(record))).ok_or_else(|| not_found("There is no such review"))
}

/// `GET /v1/reviews`
pub(super) async fn list(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    Asked(query): Asked<ReviewQuery>,
) -> Result<Json<ReviewPage>, Problem> {
    let limit = query.limit.unwrap_or(PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(check::wrong("limit", "must be 1 to 200"));
    }
    let ReviewQuery { repository, state, before, limit: _ } = query;
    let filter = ReviewFilter { repository, state, before, limit: limit + 1 };
    let reviews = service.shelf.reviews(&caller, &filter).await;
    let reviews = reviews.map_err(|error| failure("listing the reviews", &error))?;
    Ok(Json(ReviewPage::of(reviews, limit)))
}

fn refused(refusal: Refusal) -> Response {
    match refusal {
        Refusal::Busy(wait) => {
            let seconds = wait.as_secs().max(1);
            let detail = format!("As many reviews wait as may wait. Try again in {seconds} seconds.");
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "The queue is full", detail);
            ([(header::RETRY_AFTER, seconds.to_string())], problem).into_response()
        }
        Refusal::Failed(error) => failure("beginning the review", &error).into_response(),
    }
}

fn location(running: &Running) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("/v1/reviews/{}", running.id)).ok()
}

fn wants_events(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|kind| {
        let kind = kind.split(';').next().unwrap_or_default();
        kind.trim().eq_ignore_ascii_case("text/event-stream")
    })
}
