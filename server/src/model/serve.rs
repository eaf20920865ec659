//! `countersign-server model serve`: an engine behind OpenAI's interface, for the service on another machine and for
//! any client library.
//!
//! The router is the table of contents. What is asked and answered is never logged.

mod error;
mod fields;
pub(crate) mod keys;
mod reply;
mod request;
#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, Request as HttpRequest, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::KeepAlive;
use axum::response::{IntoResponse, Response, Sse};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

use self::error::ApiError;
use self::keys::Keys;
use self::reply::{Heading, Kind, told};
pub(crate) use self::request::Defaults;
use self::request::{Subject, Telling, Wanted};
use super::generate::{Request, Thinking};
use super::generator::{EventStream, Generator, ModelCard};
use crate::record::new_id;
use crate::serve::StopSignals;
use crate::telemetry::{meters, probes, requests};

/// How often a silent stream shows that it lives: often enough for the proxies on the way.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// How long completions may go on after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(20);

/// How an engine is served.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Who may ask.
    pub(crate) keys: Keys,
    /// What holds where a request does not say.
    pub(crate) defaults: Defaults,
    /// How long one completion may take.
    pub(crate) timeout: Duration,
    /// Bytes of a request.
    pub(crate) request_bytes: usize,
}

#[derive(Clone)]
struct Server {
    generator: Arc<dyn Generator>,
    settings: Settings,
}

/// The number of the key that a request showed.
#[derive(Clone, Copy)]
struct KeyNumber(u32);

/// Serves until a signal asks to stop.
pub(crate) async fn serve(
    generator: Arc<dyn Generator>,
    listen: SocketAddr,
    settings: Settings,
) -> anyhow::Result<()> {
    ensure!(
        listen.ip().is_loopback() || matches!(settings.keys, Keys::These(_)),
        "{listen} can be reached by others, and anybody could ask: name a file with API keys by `--api-keys`, or \
         listen on 127.0.0.1"
    );
    let mut signals = StopSignals::listen()?;
    let door = TcpListener::bind(listen)
        .await
        .with_context(|| format!("{listen} cannot be listened on; choose another address with `--listen`"))?;
    let address = door.local_addr()?;
    let card = generator.card();
    let gauges = meters::start()?;
    let routes = routes(generator, settings).merge(probes::routes(gauges.clone(), Vec::new(), None));
    let upkeep = tokio::spawn(meters::keep_up(gauges));
    let stop = CancellationToken::new();
    let serving = axum::serve(door, routes).with_graceful_shutdown(stop.clone().cancelled_owned());
    tracing::info!(%address, model.name = card.name, model.context = card.context,
        model.fingerprint = card.fingerprint(), "the model listens");
    let over = async {
        signals.next().await;
        tracing::info!("stopping: what runs may end; a second signal stops at once");
        stop.cancel();
        tokio::select! {
            () = tokio::time::sleep(GRACE) => {}
            () = signals.next() => {}
        }
    };
    tokio::select! {
        served = serving => served.context("serving HTTP")?,
        () = over => {}
    }
    upkeep.abort();
    Ok(())
}

/// Everything that the server answers.
pub(crate) fn routes(generator: Arc<dyn Generator>, settings: Settings) -> Router {
    let limit = DefaultBodyLimit::max(settings.request_bytes);
    let server = Server { generator, settings };
    let guarded = Router::new()
        .route("/v1/chat/completions", post(chat))
        .route("/v1/completions", post(text))
        .route("/v1/models", get(models))
        .route("/v1/models/{*name}", get(model))
        .route_layer(from_fn_with_state(server.clone(), admit))
        .layer(limit);
    let routes = Router::new()
        .route("/health", get(async || Json(json!({"status": "ok"}))))
        .merge(guarded)
        .fallback(async || ApiError::no_such_path())
        .method_not_allowed_fallback(async || ApiError::no_such_method())
        .layer(CatchPanicLayer::custom(error::panicked))
        .with_state(server);
    requests::observe(routes)
}

async fn admit(State(server): State<Server>, mut request: HttpRequest, next: Next) -> Response {
    match server.settings.keys.admit(request.headers()) {
        Ok(number) => {
            request.extensions_mut().insert(KeyNumber(number));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn chat(
    State(server): State<Server>,
    Extension(key): Extension<KeyNumber>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = server.body(&headers, body)?;
    let wanted = request::chat(&body, server.settings.defaults)?;
    server.complete(Kind::Chat, wanted, key).await
}

async fn text(
    State(server): State<Server>,
    Extension(key): Extension<KeyNumber>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, ApiError> {
    let body = server.body(&headers, body)?;
    let wanted = request::text(&body, server.settings.defaults)?;
    server.complete(Kind::Text, wanted, key).await
}

async fn models(State(server): State<Server>) -> Json<Value> {
    Json(json!({"object": "list", "data": [listed(&server.generator.card())]}))
}

async fn model(State(server): State<Server>, Path(name): Path<String>) -> Result<Json<Value>, ApiError> {
    let card = server.generator.card();
    match name == card.name {
        true => Ok(Json(listed(&card))),
        false => Err(ApiError::no_such_model(&name, &card.name)),
    }
}

fn listed(card: &ModelCard) -> Value {
    json!({
        "id": card.name,
        "object": "model",
        "created": card.created,
        "owned_by": "countersign",
        "max_model_len": card.context,
        "weights_digest": card.weights_digest,
        "system_fingerprint": card.fingerprint(),
        "reproducible": card.is_reproducible,
    })
}

impl Server {
    /// The body of a request. Only JSON: a page in a browser cannot send that elsewhere unasked.
    fn body(&self, headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Bytes, ApiError> {
        let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.trim_start().to_ascii_lowercase().starts_with("application/json") {
            return Err(ApiError::bad("", "The header `Content-Type` must be `application/json`."));
        }
        body.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => ApiError::too_large(self.settings.request_bytes),
            _ => ApiError::bad("", "The body could not be read to its end."),
        })
    }

    async fn complete(&self, kind: Kind, wanted: Wanted, key: KeyNumber) -> Result<Response, ApiError> {
        let card = self.generator.card();
        if wanted.model != card.name {
            return Err(ApiError::no_such_model(&wanted.model, &card.name));
        }
        let telling = wanted.telling;
        let heading = Heading {
            kind,
            id: match kind {
                Kind::Chat => format!("chatcmpl-{}", new_id()),
                Kind::Text => format!("cmpl-{}", new_id()),
            },
            created: Timestamp::now().as_second(),
            model: card.name.clone(),
            fingerprint: card.fingerprint(),
        };
        let events = self.begin(wanted, &card, key).await?;
        match telling {
            Telling::Whole => Ok(Json(reply::whole(&heading, events).await?).into_response()),
            Telling::Stream | Telling::StreamWithUsage => {
                let chunks = reply::chunks(heading, events, telling);
                Ok(Sse::new(chunks).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response())
            }
        }
    }

    async fn begin(
        &self,
        mut wanted: Wanted,
        card: &ModelCard,
        KeyNumber(key): KeyNumber,
    ) -> Result<EventStream, ApiError> {
        let is_chat = matches!(wanted.subject, Subject::Chat(_));
        let subject = std::mem::replace(&mut wanted.subject, Subject::Text(String::new()));
        let prompt = self.tokens(subject).await?;
        let (thinking, answer) =
            shares(&wanted, is_chat, prompt.len(), card.context, self.settings.defaults)?;
        let request = Request {
            prompt,
            sampling: wanted.sampling,
            thinking,
            schema: wanted.schema,
            max_answer_tokens: answer,
            stop: wanted.stop,
            priority: wanted.priority,
            group: format!("{key}/{}", wanted.user.unwrap_or_default()),
            deadline: Some(Instant::now() + self.settings.timeout),
        };
        self.generator.generate(request).await.map_err(told)
    }

    async fn tokens(&self, subject: Subject) -> Result<Vec<u32>, ApiError> {
        let generator = Arc::clone(&self.generator);
        let tokens = tokio::task::spawn_blocking(move || match subject {
            Subject::Chat(messages) => generator.prompt_of_chat(&messages),
            Subject::Text(text) => Ok(generator.prompt_of_text(&text)),
        });
        let tokens = tokens.await.map_err(|_| ApiError::broken())?;
        tokens.map_err(|why| ApiError::bad("messages", why))
    }
}

/// The tokens that thinking and answer may have each, of those that they may have together. A thinking that is not
/// bounded by the request leaves a quarter to the answer.
fn shares(
    wanted: &Wanted,
    is_chat: bool,
    prompt: usize,
    context: usize,
    defaults: Defaults,
) -> Result<(Option<Thinking>, u32), ApiError> {
    let room = u32::try_from(context.saturating_sub(prompt)).unwrap_or(u32::MAX);
    let all = wanted.max_tokens.unwrap_or(room);
    if room == 0 || all > room {
        return Err(ApiError::too_long(context, prompt, u64::from(all.max(1))));
    }
    if !is_chat {
        return Ok((None, all));
    }
    let budget =
        wanted.thinking_budget.unwrap_or_else(|| defaults.thinking_tokens.min(all - all.div_ceil(4)));
    if budget >= all {
        return Err(ApiError::too_long(context, prompt, u64::from(budget) + 1));
    }
    Ok((Some(Thinking { max_tokens: budget }), all - budget))
}
