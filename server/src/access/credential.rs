//! What a request shows of who makes it, and whether a browser was talked into making it.
//!
//! Headers in; a token's digest, nothing, or a reason out. Nothing is looked up here.

use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use url::{Host, Url};

use super::session::{self, SessionKey};
use super::token::{Token, TokenHash};
use crate::problem::Problem;

/// What a request shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Credential {
    /// A token in its header.
    Token(TokenHash),
    /// A session in its cookie.
    Session(TokenHash),
}

/// What a request shows; a header that is wrong is told so, an old cookie is like none.
pub(super) fn read(
    headers: &HeaderMap,
    key: &SessionKey,
    now: Timestamp,
) -> Result<Option<Credential>, String> {
    if let Some(bearer) = bearer(headers)? {
        let token = Token::parse(bearer).map_err(|error| error.to_string())?;
        return Ok(Some(Credential::Token(token.hash())));
    }
    let session = session::cookie(headers).and_then(|value| key.read(value, now));
    Ok(session.map(Credential::Session))
}

// Other schemes are for a proxy in front, which may pass its own header on.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, String> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err("The header `Authorization` is there more than once.".to_owned());
    }
    let value = value.to_str().map_err(|_| "The header `Authorization` is malformed.".to_owned())?;
    let scheme = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    Ok(scheme.map(|(_, token)| token.trim()))
}

/// Passes unless another site made a browser send a request that changes something.
pub(super) fn is_same_site(parts: &Parts) -> Result<(), Problem> {
    let is_safe = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
    let site = parts.headers.get("sec-fetch-site").map(axum::http::HeaderValue::as_bytes);
    if is_safe || matches!(site, None | Some(b"same-origin" | b"none")) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::FORBIDDEN, "Not permitted", "Another site sent this request."))
}

/// Passes if a request without a token was meant for this service: by address, by `localhost`, or by its public
/// name. A page of another name that was made to point here is none of these.
pub(super) fn is_at_home(parts: &Parts, public_url: Option<&Url>) -> Result<(), Problem> {
    is_same_site(parts)?;
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = host.or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str));
    let parsed = host.and_then(|host| Url::parse(&format!("http://{host}/")).ok());
    let is_known = match parsed.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        Some(Host::Domain(name)) => {
            name == "localhost" || public_url.and_then(Url::host_str).is_some_and(|public| public == name)
        }
        None => false,
    };
    if is_known {
        return Ok(());
    }
    let detail =
        "Without a token the service answers under its address, `localhost` or its `public_url` only.";
    Err(Problem::new(StatusCode::FORBIDDEN, "Not permitted", detail))
}
