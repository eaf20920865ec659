//! What went wrong, in the form that OpenAI's clients know: a status and `{"error": {…}}`.

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::model::generate::Failure;

/// When a caller may come again where the engine is busy.
const BUSY: Duration = Duration::from_secs(2);

/// An error, ready to be answered with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ApiError {
    status: StatusCode,
    message: String,
    param: Option<String>,
    code: Option<&'static str>,
    retry_after: Option<Duration>,
}

impl ApiError {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), param: None, code: None, retry_after: None }
    }

    /// What is asked cannot be done as it stands.
    pub(super) fn bad(param: &str, message: impl Into<String>) -> Self {
        let param = Some(param.to_owned()).filter(|param| !param.is_empty());
        Self { param, ..Self::new(StatusCode::BAD_REQUEST, message) }
    }

    /// The prompt and what may come of it are longer than the model's context.
    pub(super) fn too_long(context: usize, prompt: usize, completion: u64) -> Self {
        let message = format!(
            "This model's context is {context} tokens, but {} are asked for ({prompt} in the prompt, {completion} for \
             the completion). Send a shorter prompt, or ask for fewer tokens.",
            prompt as u64 + completion
        );
        Self { code: Some("context_length_exceeded"), ..Self::bad("messages", message) }
    }

    /// The caller shows no key that is known.
    pub(super) fn unauthenticated(message: &str) -> Self {
        Self { code: Some("invalid_api_key"), ..Self::new(StatusCode::UNAUTHORIZED, message) }
    }

    /// The model is not served here.
    pub(super) fn no_such_model(asked: &str, served: &str) -> Self {
        let asked: String = asked.chars().filter(|letter| !letter.is_control()).take(100).collect();
        let message = format!("The model `{asked}` is not served here; `{served}` is.");
        let error = Self::new(StatusCode::NOT_FOUND, message);
        Self { code: Some("model_not_found"), param: Some("model".to_owned()), ..error }
    }

    /// There is nothing at this path.
    pub(super) fn no_such_path() -> Self {
        let message = "There is nothing at this path; `POST /v1/chat/completions`, `POST /v1/completions` and \
                       `GET /v1/models` are served.";
        Self { code: Some("unknown_url"), ..Self::new(StatusCode::NOT_FOUND, message) }
    }

    /// The path is there, but not with this method.
    pub(super) fn no_such_method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This path does not take this method.")
    }

    /// The request has too many bytes.
    pub(super) fn too_large(limit: usize) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, format!("The request is longer than {limit} bytes."))
    }

    /// The service itself is at fault.
    pub(super) fn broken() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "The server failed; its log says more.")
    }

    /// The document.
    pub(super) fn document(&self) -> Value {
        let kind = match self.status.as_u16() {
            401 => "authentication_error",
            429 => "rate_limit_error",
            400..=499 => "invalid_request_error",
            _ => "server_error",
        };
        json!({"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}})
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Busy(why) => Self {
                code: Some("engine_busy"),
                retry_after: Some(BUSY),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, format!("The engine is busy: {why}. Come again."))
            },
            Failure::Refused(why) => Self::bad("", why),
            Failure::DeadlineExceeded => {
                Self::new(StatusCode::GATEWAY_TIMEOUT, "The completion was not done in time.")
            }
            Failure::Cancelled => Self::new(StatusCode::SERVICE_UNAVAILABLE, "The completion was cancelled."),
            // What a device says is for the log.
            Failure::Broken(_) => Self {
                code: Some("engine_failed"),
                ..Self::new(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "The engine failed; the server's log says more.",
                )
            },
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.document())).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

/// A panic, answered without its words.
pub(super) fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request ended in a panic; the server goes on");
    ApiError::broken().into_response()
}
