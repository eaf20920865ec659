//! One OpenAI-compatible server, asked once: what it said, or what is known of an attempt that failed.
//!
//! What matters of a failure is whether the question may have reached generation: only where it certainly did not may
//! it be asked again. Errors hold nothing of what was asked or answered.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use futures::StreamExt;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::answer::Heard;
use super::breaker::Breaker;
use super::chunk::Collected;
use crate::config::model::{Dialect, Endpoint};
use crate::config::secret;
use crate::forge::http::answer::after;
use crate::forge::http::base;

/// Bytes of one answer, with all that stands around its tokens.
const MAX_BYTES: usize = 64 << 20;

/// Bytes of an answer that is no completion: an error, or the list of models.
const MAX_SMALL_BYTES: usize = 1 << 20;

/// How long to wait where a server that is busy does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);

/// Longer than any phase that is limited by itself.
const NO_LIMIT: Duration = Duration::from_secs(24 * 3600);

/// How long the list of models may take.
const LIST_TIMEOUT: Duration = Duration::from_secs(10);

/// A server.
pub(super) struct Server {
    /// Its number among the endpoints, from 1.
    pub(super) number: usize,
    /// The name under which it serves the model.
    pub(super) model: String,
    /// What kind it is.
    pub(super) dialect: Dialect,
    /// Whether it is asked.
    pub(super) breaker: Breaker,
    client: Client,
    base: String,
    authorization: Option<HeaderValue>,
    fingerprint: Mutex<Option<String>>,
}

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) first_byte: Duration,
    pub(super) idle: Duration,
    /// After this nobody waits.
    pub(super) until: Instant,
}

/// What became of an attempt that brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It never arrived: asking elsewhere, or again, costs nothing twice.
    Unreached(String),
    /// The server is busy and did not begin; it may be asked again after this.
    Busy(Duration),
    /// The server does not serve this caller or this model.
    TurnedAway(String),
    /// The request itself is at fault: no server will take it.
    Refused(String),
    /// It may have been computed, wholly or in part.
    Unknown(String),
    /// No answer came in time; it may have been computed.
    TimedOut(&'static str),
}

/// A model that a server lists.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) max_model_len: Option<u64>,
    pub(super) weights_digest: Option<String>,
    /// What it will say of each answer, where it tells beforehand.
    pub(super) system_fingerprint: Option<String>,
}

#[derive(Deserialize)]
struct Models {
    data: Vec<Listed>,
}

impl Server {
    /// The server of an endpoint.
    pub(super) fn new(number: usize, client: Client, endpoint: &Endpoint) -> anyhow::Result<Self> {
        let base = base(&endpoint.url);
        let authorization = match &endpoint.api_key_file {
            None => None,
            Some(file) => {
                let key = secret(file).context("`model.remote.endpoints`: `api_key_file`")?;
                let value = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())).ok();
                let mut value = value.with_context(|| {
                    format!("{}: the API key holds characters that no key has", file.display())
                })?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        Ok(Self {
            number,
            model: endpoint.model.clone(),
            dialect: endpoint.dialect,
            breaker: Breaker::default(),
            client,
            base: base.strip_suffix("/v1").unwrap_or(&base).to_owned(),
            authorization,
            fingerprint: Mutex::default(),
        })
    }

    /// What it says of its weights and engine.
    pub(super) fn fingerprint(&self) -> Option<String> {
        self.fingerprint.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same, with what else its answers follow from: some fingerprints are those of an engine alone.
    pub(super) fn identity(&self) -> Option<String> {
        Some(format!("{} {:?} {}", self.fingerprint()?, self.dialect, self.model))
    }

    /// Keeps what it says of its weights and engine; whether that is news.
    pub(super) fn is_news(&self, fingerprint: &str) -> bool {
        let mut known = self.fingerprint.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = known.as_deref() != Some(fingerprint);
        *known = Some(fingerprint.to_owned());
        is_news
    }

    /// Asks for one completion.
    pub(super) async fn ask(&self, body: &Value, patience: Patience) -> Result<Answered, Fault> {
        let first = patience.until.min(Instant::now() + patience.first_byte);
        let mut request = self.client.post(format!("{}/v1/chat/completions", self.base)).json(body);
        if let Some(key) = &self.authorization {
            request = request.header(AUTHORIZATION, key.clone());
        }
        // The client's own limit is for short calls; here each phase has its own.
        let request = request.header(ACCEPT, "text/event-stream").timeout(NO_LIMIT);
        let response = timeout_at(first, request.send()).await.map_err(|_| late_start(patience))?;
        let response = response.map_err(|error| unsent(&error))?;
        if !response.status().is_success() {
            return Err(timeout_at(first, refusal(response)).await.map_err(|_| late_start(patience))?);
        }
        read(response, patience, first).await
    }

    /// The models that it says it has.
    pub(super) async fn list(&self) -> Result<Vec<Listed>, Fault> {
        let mut request = self.client.get(format!("{}/v1/models", self.base)).timeout(LIST_TIMEOUT);
        if let Some(key) = &self.authorization {
            request = request.header(AUTHORIZATION, key.clone());
        }
        let response = request.send().await.map_err(|error| unsent(&error))?;
        if !response.status().is_success() {
            return Err(refusal(response).await);
        }
        let body = small_body(response).await?;
        let models: Models = serde_json::from_slice(&body)
            .map_err(|_| Fault::Unknown("its list of models is none".to_owned()))?;
        Ok(models.data)
    }
}

/// What a server answered.
#[derive(Debug)]
pub(super) struct Answered {
    /// The answer.
    pub(super) heard: Heard,
    /// What it says of the weights and the engine.
    pub(super) fingerprint: Option<String>,
}

/// Reads an answer to its end, as events or, where the server does not stream, as one document.
async fn read(response: Response, patience: Patience, first: Instant) -> Result<Answered, Fault> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let mut collected = Collected::new(kind.starts_with("application/json"));
    let mut stream = response.bytes_stream();
    let (mut until, mut bytes) = (first, 0_usize);
    while !collected.is_done() {
        let late = || if bytes == 0 { late_start(patience) } else { late_rest(patience) };
        let part = timeout_at(until, stream.next()).await.map_err(|_| late())?;
        let Some(part) = part else { break };
        let part =
            part.map_err(|_| Fault::Unknown("the connection broke in the middle of the answer".to_owned()))?;
        bytes = bytes.saturating_add(part.len());
        if bytes > MAX_BYTES {
            return Err(Fault::Unknown(format!("its answer is longer than {MAX_BYTES} bytes")));
        }
        collected.take(&part)?;
        until = patience.until.min(Instant::now() + patience.idle);
    }
    let (heard, fingerprint) = collected.end()?;
    Ok(Answered { heard, fingerprint })
}

fn late_start(patience: Patience) -> Fault {
    match Instant::now() >= patience.until {
        true => Fault::TimedOut("`model.timeout_seconds` is over"),
        false => Fault::TimedOut("the answer did not begin within `model.remote.first_byte_seconds`"),
    }
}

fn late_rest(patience: Patience) -> Fault {
    match Instant::now() >= patience.until {
        true => Fault::TimedOut("`model.timeout_seconds` is over"),
        false => Fault::TimedOut("the answer stopped for longer than `model.remote.idle_seconds`"),
    }
}

/// Why no answer came at all. Only what failed while connecting certainly never arrived.
fn unsent(error: &reqwest::Error) -> Fault {
    let crate::forge::ForgeError::Unavailable(words) = crate::forge::http::answer::broken(error) else {
        return Fault::Unknown("the connection broke".to_owned());
    };
    if error.is_connect() || error.is_builder() { Fault::Unreached(words) } else { Fault::Unknown(words) }
}

/// What an answer that is no success means. Its words may quote the prompt, so only what kind it is goes on.
async fn refusal(response: Response) -> Fault {
    let status = response.status();
    let wait = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()).and_then(after);
    match (status, wait) {
        (StatusCode::TOO_MANY_REQUESTS, wait) => return Fault::Busy(wait.unwrap_or(DEFAULT_WAIT)),
        (StatusCode::SERVICE_UNAVAILABLE, Some(wait)) => return Fault::Busy(wait),
        _ => {}
    }
    let code = status.as_u16();
    let words = small_body(response).await.map(|body| String::from_utf8_lossy(&body).to_lowercase());
    let is_too_long = words.is_ok_and(|words| words.contains("context") || words.contains("too long"));
    match code {
        300..=399 => Fault::TurnedAway(format!(
            "it answers {code} with a redirect, which is not followed; correct `url` in `model.remote.endpoints`"
        )),
        401 | 403 => {
            Fault::TurnedAway(format!("it answers {code}: the API key in `api_key_file` is not taken"))
        }
        404 | 405 => Fault::TurnedAway(format!(
            "it answers {code}: nothing is served there under this `url` and `model`"
        )),
        408 | 500.. => Fault::Unknown(format!("it answers {code}")),
        _ if code == 413 || is_too_long => {
            Fault::Refused("it is longer than the server's context".to_owned())
        }
        _ => Fault::Refused(format!("the server answers {code}; does `dialect` fit the server?")),
    }
}

async fn small_body(response: Response) -> Result<Vec<u8>, Fault> {
    let mut stream = response.bytes_stream();
    let mut body = Vec::new();
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| Fault::Unknown("the connection broke".to_owned()))?;
        if body.len() + part.len() > MAX_SMALL_BYTES {
            return Err(Fault::Unknown(format!("its answer is longer than {MAX_SMALL_BYTES} bytes")));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}
