//! An answer of a forge: read whole within a bound, then accepted or turned into an error for people.
//!
//! Answers are hostile: too long, cut off, of the wrong shape. What an error quotes of one is short, on one line, and
//! never holds the token.

use std::error::Error;
use std::time::Duration;

use analyzers::redact::Redactor;
use axum::body::HttpBody;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, LINK, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::forge::ForgeError;
use crate::forge::http::route::Route;

/// Bytes of one answer. A page of a hundred of the longest comments would have more; such a page is refused.
const MAX_BYTES: usize = 64 << 20;

/// Characters that an error quotes of an answer.
const MAX_QUOTE: usize = 300;

/// How long to wait where a forge does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(60);

/// The longest wait that is believed.
const MAX_WAIT: Duration = Duration::from_secs(3600);

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its status.
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    /// Reads the body to its end.
    pub(crate) async fn read<B>(status: StatusCode, headers: HeaderMap, body: B) -> Result<Self, ForgeError>
    where
        B: HttpBody<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        match Limited::new(body, MAX_BYTES).collect().await {
            Ok(body) => Ok(Self { status, headers, body: body.to_bytes() }),
            Err(error) if error.is::<LengthLimitError>() => {
                Err(ForgeError::Unreadable(format!("it is longer than {MAX_BYTES} bytes")))
            }
            Err(error) => Err(broken(error.as_ref())),
        }
    }

    /// This answer if it is a success; otherwise why not.
    pub(crate) fn accept(self, route: &Route, token: &SecretString) -> Result<Self, ForgeError> {
        let status = self.status;
        if status.is_success() {
            return Ok(self);
        }
        let words = quote(&words(&self.body), token);
        if let Some(wait) = self.wait(&words) {
            return Err(ForgeError::RateLimited(wait));
        }
        Err(match status.as_u16() {
            300..=399 => ForgeError::Rejected(format!(
                "it answers {} with a redirect, which is not followed; the repository was renamed, or the \
                 configured address is not the forge's own",
                status.as_u16()
            )),
            401 => ForgeError::Unauthenticated(words),
            403 => ForgeError::Forbidden(words),
            404 | 410 => ForgeError::NotFound(route.subject().to_owned()),
            408 | 500.. => ForgeError::Unavailable(format!("{}: {words}", status.as_u16())),
            _ => ForgeError::Rejected(format!("{}: {words}", status.as_u16())),
        })
    }

    /// The body as what it should be. The error says where it is not, never what is there.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T, ForgeError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let text = error.to_string();
            let what = if text.starts_with("missing field") {
                text
            } else {
                format!("not as expected, {}", place(&error))
            };
            ForgeError::Unreadable(what)
        })
    }

    /// The parameters of the next page. Only these are taken of the forge's links, never their address.
    pub(crate) fn next_page(&self, route: &Route) -> Option<Vec<(String, String)>> {
        let links = self.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
        if let Some(url) = links.filter_map(next_link).next() {
            return Some(
                url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            );
        }
        let page: u64 = self.header("x-next-page")?.parse().ok()?;
        let mut query: Vec<_> = route.query().iter().filter(|(name, _)| name != "page").cloned().collect();
        query.push(("page".to_owned(), page.to_string()));
        Some(query)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok().map(str::trim)
    }

    /// How long the forge asks to wait, if it does.
    fn wait(&self, words: &str) -> Option<Duration> {
        let is_spent = ["x-ratelimit-remaining", "ratelimit-remaining"]
            .iter()
            .any(|name| self.header(name) == Some("0"));
        let is_limit = match self.status {
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::FORBIDDEN => {
                self.headers.contains_key(RETRY_AFTER)
                    || is_spent
                    || words.to_ascii_lowercase().contains("rate limit")
            }
            _ => false,
        };
        if !is_limit {
            return None;
        }
        let reset = ["x-ratelimit-reset", "ratelimit-reset"].iter().find_map(|name| self.header(name));
        let asked = self.header(RETRY_AFTER.as_str()).and_then(after);
        let wait = asked.or_else(|| reset.filter(|_| is_spent).and_then(until)).unwrap_or(DEFAULT_WAIT);
        Some(wait.clamp(Duration::from_secs(1), MAX_WAIT))
    }
}

/// `Retry-After`: seconds, or a date.
pub(crate) fn after(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::try_from(date.duration_since(Timestamp::now())).unwrap_or_default())
}

/// `RateLimit-Reset`: seconds since 1970 at most forges, seconds from now in the draft standard.
fn until(value: &str) -> Option<Duration> {
    let seconds: u64 = value.parse().ok()?;
    let now = u64::try_from(Timestamp::now().as_second()).ok()?;
    Some(Duration::from_secs(if seconds > 1_000_000_000 { seconds.saturating_sub(now) } else { seconds }))
}

/// The address in a `Link` header that is marked as the next page.
fn next_link(header: &str) -> Option<Url> {
    header.split('<').skip(1).find_map(|link| {
        let (address, parameters) = link.split_once('>')?;
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let parameter: String =
                parameter.chars().filter(|character| !" \"".contains(*character)).collect();
            parameter.eq_ignore_ascii_case("rel=next")
        });
        // A relative link only lacks the address, which is not used.
        let anywhere = Url::parse("https://forge.invalid/").ok()?;
        if is_next { anywhere.join(address).ok() } else { None }
    })
}

/// What a forge says about a failure: its message and the details that it lists.
fn words(body: &[u8]) -> String {
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        let text = String::from_utf8_lossy(body);
        let is_page = text.trim_start().starts_with('<');
        return if is_page { "a web page, not an answer of its API".to_owned() } else { text.into_owned() };
    };
    let mut said = Vec::new();
    for name in ["message", "error", "error_description", "errors"] {
        if let Some(value) = answer.get(name) {
            said.extend(sayings(value));
        }
    }
    if said.is_empty() { "without a reason".to_owned() } else { said.join("; ") }
}

fn sayings(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(sayings).collect(),
        Value::Object(fields) if fields.contains_key("code") || fields.contains_key("message") => {
            let named = ["field", "code", "message"].iter().filter_map(|name| fields.get(*name)?.as_str());
            vec![named.collect::<Vec<_>>().join(" ")]
        }
        Value::Object(fields) => {
            let named = |(name, value)| sayings(value).into_iter().map(move |said| format!("{name} {said}"));
            fields.iter().flat_map(named).collect()
        }
        Value::Number(_) | Value::Bool(_) => vec![value.to_string()],
    }
}

/// `text` on one short line, without the token and other secrets.
pub(crate) fn quote(text: &str, token: &SecretString) -> String {
    let token = token.expose_secret();
    let text = if token.is_empty() { text.to_owned() } else { text.replace(token, "[token]") };
    let text = Redactor::new().redact(&text).into_owned();
    let line: String =
        text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    shortened(line.trim(), MAX_QUOTE)
}

/// The first characters of a text, with a sign where some are left out.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A connection that did not come about, or broke.
pub(crate) fn broken(error: &(dyn Error + 'static)) -> ForgeError {
    let mut deepest = error;
    let mut what = "the connection broke";
    loop {
        if let Some(error) = deepest.downcast_ref::<reqwest::Error>() {
            what = match error {
                error if error.is_timeout() => "no answer in time",
                error if error.is_connect() => "no connection",
                _ => what,
            };
        }
        match deepest.source() {
            Some(source) => deepest = source,
            None => break,
        }
    }
    // The deepest cause names no address: it is the system's or the TLS library's word.
    let cause = if deepest.is::<reqwest::Error>() { String::new() } else { format!(": {deepest}") };
    ForgeError::Unavailable(shortened(&format!("{what}{cause}").replace(char::is_control, " "), MAX_QUOTE))
}

fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}
