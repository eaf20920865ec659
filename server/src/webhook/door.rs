//! `POST /webhooks/{github|gitlab|gitea}`: takes webhooks in and answers in less than a second.
//!
//! A request in; a delivery in the inbox and 202, or a problem out. Only what the inbox holds durably is
//! answered with 202, and what the service has no use for. Of a body that is not proved nothing is kept.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Serialize;

use super::verify::{self, Secrets};
use super::{Rejection, read};
use crate::config::Config;
use crate::event::{Delivery, Event};
use crate::merge_request::ForgeKind;
use crate::problem::Problem;
use crate::telemetry::meters;

/// When a forge may try again while the store is down.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// Where deliveries are kept until they are worked on.
#[async_trait]
pub(crate) trait Inbox: Send + Sync {
    /// Keeps a delivery durably, or says why not. The same delivery is kept once.
    async fn receive(&self, delivery: Delivery) -> Result<Received, String>;
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Received {
    /// It is new, and kept.
    Stored,
    /// It was there already.
    Duplicate,
}

/// All that the door for webhooks needs.
pub(crate) struct Webhooks {
    secrets: BTreeMap<ForgeKind, Secrets>,
    inbox: Arc<dyn Inbox>,
    is_call: Box<dyn Fn(&str) -> bool + Send + Sync>,
    body_limit: usize,
}

impl Webhooks {
    /// The door of the configured forges. `is_call` says whether a comment calls the service.
    pub(crate) fn new(
        config: &Config,
        inbox: Arc<dyn Inbox>,
        is_call: impl Fn(&str) -> bool + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let doors = config.forge_doors().into_iter();
        let secrets = doors.map(|(kind, _, files)| Ok((kind, Secrets::read(kind, files)?)));
        Ok(Self {
            secrets: secrets.collect::<anyhow::Result<_>>()?,
            inbox,
            is_call: Box::new(is_call),
            body_limit: config.limits.webhook_bytes,
        })
    }
}

/// The route of webhooks.
pub(crate) fn routes<S>(webhooks: Webhooks) -> Router<S> {
    let limit = DefaultBodyLimit::max(webhooks.body_limit);
    Router::new().route("/webhooks/{forge}", post(receive)).layer(limit).with_state(Arc::new(webhooks))
}

/// What a forge is told of a webhook that was taken in.
#[derive(Serialize)]
struct Answer {
    outcome: &'static str,
}

/// How a webhook ended: for the answer and the meters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Stored,
    Duplicate,
    Ignored,
    Unreadable,
    Refused,
    TooLarge,
    NotJson,
    Failed,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Duplicate => "duplicate",
            Self::Ignored => "ignored",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
            Self::TooLarge => "too_large",
            Self::NotJson => "not_json",
            Self::Failed => "failed",
        }
    }

    // What cannot be read is taken in all the same: GitLab switches a hook off whose answers are errors, and
    // the next look at the open merge requests repairs what was missed.
    fn answer(self) -> Response {
        let (status, title, detail) = match self {
            Self::Stored | Self::Duplicate | Self::Ignored | Self::Unreadable => {
                return (StatusCode::ACCEPTED, Json(Answer { outcome: self.name() })).into_response();
            }
            Self::Refused => {
                (StatusCode::UNAUTHORIZED, "Not believed", "The webhook is not signed with a known secret.")
            }
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "Too large", "The body is too large, or broken off.")
            }
            Self::NotJson => {
                let detail = "Set the content type of the webhook to `application/json`.";
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "Not JSON", detail)
            }
            Self::Failed => (StatusCode::SERVICE_UNAVAILABLE, "Not kept", "The webhook could not be kept."),
        };
        let problem = Problem::new(status, title, detail);
        if self == Self::Failed { problem.retry_after(RETRY_AFTER) } else { problem }.into_response()
    }
}

async fn receive(
    State(webhooks): State<Arc<Webhooks>>,
    Path(forge): Path<String>,
    request: Request,
) -> Response {
    let configured = forge.parse().ok().and_then(|kind| Some((kind, webhooks.secrets.get(&kind)?)));
    let Some((kind, secrets)) = configured else {
        return Problem::new(StatusCode::NOT_FOUND, "Not found", "No such forge is configured.")
            .into_response();
    };
    let (event, outcome) = match proved(kind, secrets, &webhooks, request).await {
        Ok(delivery) => (label(&delivery.event), keep(&webhooks, delivery).await),
        Err(outcome) => ("none", outcome),
    };
    meters::webhook(kind, event, outcome.name());
    outcome.answer()
}

async fn proved(
    kind: ForgeKind,
    secrets: &Secrets,
    webhooks: &Webhooks,
    request: Request,
) -> Result<Delivery, Outcome> {
    // Who proves nothing cannot make the service read megabytes.
    if !verify::carries_proof(kind, request.headers()) {
        tracing::warn!(webhook.forge = %kind, "A webhook was refused: it carries no signature or token");
        return Err(Outcome::Refused);
    }
    if is_form(request.headers()) {
        tracing::warn!(webhook.forge = %kind, "A webhook was refused: its content type must be application/json");
        return Err(Outcome::NotJson);
    }
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, &()).await.map_err(|_| Outcome::TooLarge)?;
    let is_call = &*webhooks.is_call;
    read(kind, &headers, &body, secrets, &is_call, Timestamp::now()).map_err(|rejection| {
        tracing::warn!(webhook.forge = %kind, "{rejection}");
        match rejection {
            Rejection::Refused(_) => Outcome::Refused,
            Rejection::Unreadable(_) => Outcome::Unreadable,
        }
    })
}

async fn keep(webhooks: &Webhooks, delivery: Delivery) -> Outcome {
    if let Event::Ignored { what } = &delivery.event {
        tracing::debug!(webhook.forge = %delivery.forge, webhook.event = what, "A webhook asks for nothing");
        return Outcome::Ignored;
    }
    let (forge, started) = (delivery.forge, Instant::now());
    let received = webhooks.inbox.receive(delivery).await;
    meters::webhook_commit(started.elapsed());
    match received {
        Ok(Received::Stored) => Outcome::Stored,
        Ok(Received::Duplicate) => Outcome::Duplicate,
        Err(reason) => {
            tracing::error!(webhook.forge = %forge, reason, "A webhook could not be kept");
            Outcome::Failed
        }
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

fn label(event: &Event) -> &'static str {
    match event {
        Event::Changed { .. } => "changed",
        Event::Closed { .. } => "closed",
        Event::Commented(_) => "commented",
        Event::RecheckRequested { .. } => "recheck_requested",
        Event::Pushed { .. } => "pushed",
        Event::Ignored { .. } => "ignored",
    }
}

#[cfg(test)]
mod tests;
