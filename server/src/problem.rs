//! Problem documents (RFC 9457): the one form in which every HTTP part says that something went wrong.
//!
//! A status and a sentence for the caller in, a response with `application/problem+json` out. A detail never
//! holds what the service knows of its inside, only what the caller sent or can change.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::rejection::{BytesRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;

/// What kind of thing went wrong when a request cannot be taken apart.
const UNREADABLE: &str = "The request cannot be read";

/// A problem, ready to be answered with.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    title: String,
    detail: String,
    instance: Option<String>,
    retry_after: Option<Duration>,
}

/// The document that the caller reads.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ProblemDocument {
    /// The kind of problem: `urn:countersign:problem:` and a name that stays the same.
    #[serde(rename = "type")]
    problem_type: String,
    /// What kind of thing went wrong, in a few words.
    title: String,
    /// The status of the response.
    status: u16,
    /// What went wrong this time, and what to do.
    detail: String,
    /// What it happened to: a path of this service.
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
}

impl Problem {
    /// A problem: its status, what kind of thing went wrong, and what is wrong here and what to do.
    pub(crate) fn new(status: StatusCode, title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { status, title: title.into(), detail: detail.into(), instance: None, retry_after: None }
    }

    /// The same, naming the path that it happened to.
    pub(crate) fn at(self, uri: &Uri) -> Self {
        Self { instance: Some(uri.path().to_owned()), ..self }
    }

    /// The same, saying when to come again.
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// The status of the response.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    fn document(self) -> ProblemDocument {
        ProblemDocument {
            problem_type: problem_type(self.status),
            title: self.title,
            status: self.status.as_u16(),
            detail: self.detail,
            instance: self.instance,
        }
    }
}

/// The type of a problem follows its status: programs need no more, and titles may become better.
fn problem_type(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("unknown");
    format!("urn:countersign:problem:{}", reason.to_ascii_lowercase().replace(' ', "-"))
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, retry_after) = (self.status, self.retry_after);
        let mut response = (status, Json(self.document())).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = retry_after {
            let part_of_a_second = u64::from(wait.subsec_nanos() > 0);
            headers.insert(
                RETRY_AFTER,
                HeaderValue::from(wait.as_secs().saturating_add(part_of_a_second).max(1)),
            );
        }
        response
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::new(rejection.status(), UNREADABLE, rejection.body_text())
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        Self::new(rejection.status(), UNREADABLE, rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(rejection.status(), UNREADABLE, rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(rejection.status(), UNREADABLE, rejection.body_text())
    }
}

/// Answers what no route answers, and panics, with problem documents. Applied last, around all routes.
pub(crate) fn guard<S>(router: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(CatchPanicLayer::custom(panicked))
}

async fn no_such_path(uri: Uri) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "Not found", "There is nothing at this path.").at(&uri)
}

async fn no_such_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("`{method}` is not possible here; the header `Allow` says what is.");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "There is no such operation", detail).at(&uri)
}

// What a panic says may hold anything: it is neither answered nor logged here. The default hook has written
// it to stderr with its place.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("A request ended in a panic; the service goes on");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The service failed", "It has been logged.")
        .into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::ALLOW;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    async fn panics() -> &'static str {
        panic!("a secret that must stay inside")
    }

    async fn ask(request: Request<Body>) -> (StatusCode, Response<()>, Value) {
        let router: Router = guard(Router::new().route("/here", get(panics)));
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (parts.status, Response::from_parts(parts, ()), serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn an_unknown_path_is_a_problem_that_names_it_without_its_query() {
        let request = Request::get("/nowhere?token=x").body(Body::empty()).unwrap();
        let (status, response, document) = ask(request).await;
        assert_eq!(status, 404);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let expected = json!({
            "type": "urn:countersign:problem:not-found", "title": "Not found", "status": 404,
            "detail": "There is nothing at this path.", "instance": "/nowhere",
        });
        assert_eq!(document, expected);
    }

    #[tokio::test]
    async fn a_wrong_method_is_a_problem_and_the_right_ones_are_named() {
        let request = Request::delete("/here").body(Body::empty()).unwrap();
        let (status, response, document) = ask(request).await;
        assert_eq!(status, 405);
        assert_eq!(response.headers()[ALLOW], "GET,HEAD");
        assert_eq!(document["type"], "urn:countersign:problem:method-not-allowed");
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_tells_nothing() {
        let (status, _, document) = ask(Request::get("/here").body(Body::empty()).unwrap()).await;
        assert_eq!(status, 500);
        assert!(!document.to_string().contains("secret"));
    }

    #[test]
    fn waiting_is_told_in_whole_seconds_and_never_in_none() {
        let wait = |milliseconds| {
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "", "")
                .retry_after(Duration::from_millis(milliseconds));
            problem.into_response().headers()[RETRY_AFTER].to_str().unwrap().to_owned()
        };
        assert_eq!(wait(0), "1");
        assert_eq!(wait(1500), "2");
        assert_eq!(wait(2000), "2");
    }
}
