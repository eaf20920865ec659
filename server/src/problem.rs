//! Problem documents (RFC 9457): the one form in which every HTTP part says that something went wrong.
//!
//! A kind and a sentence for the caller in, a response with `application/problem+json` out. A detail never
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

/// What went wrong, by its nature. Each has a type that programs can rely on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The request cannot be understood.
    BadRequest,
    /// Nobody knows who asks.
    Unauthorized,
    /// Who asks may not do this.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// The thing is there, but not for this method.
    MethodNotAllowed,
    /// It contradicts what is there.
    Conflict,
    /// The body is larger than is allowed.
    TooLarge,
    /// The body is not of a type that is read here.
    UnsupportedMediaType,
    /// The request is well-formed, and says something impossible.
    Unprocessable,
    /// The caller asks too often.
    TooManyRequests,
    /// The service has a fault.
    Internal,
    /// The service cannot do it now.
    Unavailable,
}

impl Kind {
    /// The status of the response.
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unprocessable => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn slug(self) -> &'static str {
        match self {
            Self::BadRequest => "bad-request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::MethodNotAllowed => "method-not-allowed",
            Self::Conflict => "conflict",
            Self::TooLarge => "too-large",
            Self::UnsupportedMediaType => "unsupported-media-type",
            Self::Unprocessable => "unprocessable",
            Self::TooManyRequests => "too-many-requests",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
        }
    }

    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::UNPROCESSABLE_ENTITY => Self::Unprocessable,
            status if status.is_server_error() => Self::Internal,
            _ => Self::BadRequest,
        }
    }
}

/// A problem, ready to be answered with.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    kind: Kind,
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
    /// The kind of problem for people.
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
    /// A problem with a sentence for the caller.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), instance: None, retry_after: None }
    }

    /// The same, naming the path that it happened to.
    pub(crate) fn at(self, uri: &Uri) -> Self {
        Self { instance: Some(uri.path().to_owned()), ..self }
    }

    /// The same, saying when to come again.
    pub(crate) fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    fn document(self) -> ProblemDocument {
        let status = self.kind.status();
        ProblemDocument {
            problem_type: format!("urn:countersign:problem:{}", self.kind.slug()),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: status.as_u16(),
            detail: self.detail,
            instance: self.instance,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (kind, retry_after) = (self.kind, self.retry_after);
        let mut response = (kind.status(), Json(self.document())).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if kind == Kind::Unauthorized {
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
        Self::new(Kind::of_status(rejection.status()), rejection.body_text())
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        Self::new(Kind::of_status(rejection.status()), rejection.body_text())
    }
}

impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Self::new(Kind::of_status(rejection.status()), rejection.body_text())
    }
}

impl From<QueryRejection> for Problem {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(Kind::of_status(rejection.status()), rejection.body_text())
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
    Problem::new(Kind::NotFound, "There is nothing at this path.").at(&uri)
}

async fn no_such_method(method: Method, uri: Uri) -> Problem {
    Problem::new(Kind::MethodNotAllowed, format!("`{method}` is not possible here; see `Allow`.")).at(&uri)
}

// What a panic says may hold anything: it is neither answered nor logged here. The default hook has written
// it to stderr with its place.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("A request ended in a panic; the service goes on");
    Problem::new(Kind::Internal, "The service has a fault. It has been logged.").into_response()
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
            "type": "urn:countersign:problem:not-found", "title": "Not Found", "status": 404,
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
            let problem =
                Problem::new(Kind::TooManyRequests, "").retry_after(Duration::from_millis(milliseconds));
            problem.into_response().headers()[RETRY_AFTER].to_str().unwrap().to_owned()
        };
        assert_eq!(wait(0), "1");
        assert_eq!(wait(1500), "2");
        assert_eq!(wait(2000), "2");
    }
}
