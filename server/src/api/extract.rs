//! What callers send, read into types: JSON bodies, queries and paths.
//!
//! A request in; the value, or a problem document that names the field and what is wrong with it, out.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::api::Service;
use crate::problem::Problem;

const SEE: &str = "`/openapi.json` tells the form";

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Service> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, service: &Service) -> Result<Self, Problem> {
        match Json::<T>::from_request(request, service).await {
            Ok(Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(unreadable(&rejection, service.limits.request_bytes)),
        }
    }
}

fn unreadable(rejection: &JsonRejection, limit: usize) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(limit),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The request is not JSON",
            "Send JSON with the header `Content-Type: application/json`.",
        ),
        status => Problem::new(
            status,
            "The request cannot be read",
            format!("{}; {SEE}.", for_people(&rejection.body_text())),
        ),
    }
}

/// A request with more bytes than the operator lets in.
pub(super) fn too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The request is too large",
        format!(
            "A request may have {limit} bytes (`limits.request_bytes`); send the change in parts, or leave out \
             contents that the review does not need."
        ),
    )
}

/// What is wrong, without the words that tell programmers which step failed.
fn for_people(text: &str) -> &str {
    let steps = [
        "Failed to deserialize the JSON body into the target type: ",
        "Failed to parse the request body as JSON: ",
        "Failed to deserialize query string: ",
    ];
    steps.iter().find_map(|step| text.strip_prefix(step)).unwrap_or(text).trim_end_matches('.')
}

/// The query of an address.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Service> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, service).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => Err(Problem::new(
                StatusCode::BAD_REQUEST,
                "The query cannot be read",
                format!("{}; {SEE}.", for_people(&rejection.body_text())),
            )),
        }
    }
}

/// The variable parts of a path. One that is no text names nothing.
pub(crate) struct Named<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Service> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, service).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_) => Err(not_found("Nothing of this name is")),
        }
    }
}

/// `what` is not there: said in the same words whether it never was or the caller may not see it.
pub(crate) fn not_found(what: &str) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "Not found",
        format!("{what} here, or none that this caller may see."),
    )
}
