//! What all pages share: the reader's language, the frame around the content, and pages for what goes wrong.
//!
//! The language is that of `?lang=`, of the cookie, of the browser, or the operator's, in this order.

use std::fmt::Display;
use std::sync::LazyLock;

use analyzers::report::visible;
use analyzers::text::Locale;
use askama::Template;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::words::Words;
use crate::access::Caller;
use crate::api::Service;
use crate::problem::Problem;

pub(super) const STYLE: &str = include_str!("../../templates/dashboard.css");
const COOKIE: &str = "countersign-language";

/// Who reads.
#[derive(Clone)]
pub(super) struct Reader {
    pub(super) caller: Caller,
    pub(super) words: &'static Words,
    /// The page, and the same page in the other language.
    other_language: String,
    style: &'static str,
    basis: String,
}

/// The frame around a page.
pub(super) struct Page {
    pub(super) words: &'static Words,
    pub(super) title: String,
    pub(super) section: Section,
    pub(super) other_language: String,
    pub(super) style: &'static str,
    /// Engine and policies, at the foot.
    pub(super) basis: String,
    /// The name of the reader's token.
    pub(super) reader: String,
    /// Seconds after which the page is read anew; `None` where nothing on it runs.
    pub(super) refresh_seconds: Option<u32>,
}

/// The part of the dashboard that a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Reviews,
    Findings,
    Queue,
    Policies,
    Nowhere,
}

impl Section {
    /// What `aria-current` says of a link to `other`.
    pub(super) fn is(&self, other: &str) -> bool {
        let name = match self {
            Self::Reviews => "reviews",
            Self::Findings => "findings",
            Self::Queue => "queue",
            Self::Policies => "policies",
            Self::Nowhere => "",
        };
        name == other
    }
}

impl Reader {
    /// The frame of a page with this title.
    pub(super) fn page(&self, section: Section, title: impl Display) -> Page {
        Page {
            words: self.words,
            title: visible::line(&title.to_string()).into_owned(),
            section,
            other_language: self.other_language.clone(),
            style: self.style,
            basis: self.basis.clone(),
            reader: self.caller.token.as_deref().map(visible::line).unwrap_or_default().into_owned(),
            refresh_seconds: None,
        }
    }
}

impl FromRequestParts<Service> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Caller>().cloned().ok_or_else(|| {
            let detail = "The access layer has not let this request in.";
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The service failed", detail)
        })?;
        let query = parts.uri.query().unwrap_or_default();
        let locale = chosen(query)
            .or_else(|| remembered(&parts.headers))
            .or_else(|| preferred(&parts.headers))
            .unwrap_or(service.language);
        let words = Words::of(locale);
        let set = &service.policies.set;
        let digest: String = set.digest().chars().take(12).collect();
        let count = (words.counts.policies)(set.in_force().count());
        Ok(Self {
            caller,
            words,
            other_language: in_language(parts.uri.path(), query, words.other.1),
            style: style_path(),
            basis: format!("Countersign {} · {count} · {digest}", env!("CARGO_PKG_VERSION")),
        })
    }
}

fn chosen(query: &str) -> Option<Locale> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "lang")?.1.parse().ok()
}

fn remembered(headers: &HeaderMap) -> Option<Locale> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE)?.1.parse().ok()
}

/// The first language of the browser that the dashboard speaks. Browsers name the best one first.
fn preferred(headers: &HeaderMap) -> Option<Locale> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let languages = accepted.split(',').filter_map(|range| range.split([';', '-']).next());
    languages.map(str::trim).find_map(|language| language.parse().ok())
}

fn in_language(path: &str, query: &str, language: &str) -> String {
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key != "lang");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .append_pair("lang", language)
        .finish();
    format!("{path}?{query}")
}

/// Keeps the language that a reader chose.
pub(super) async fn remember_language(request: Request, next: Next) -> Response {
    let locale = chosen(request.uri().query().unwrap_or_default());
    let mut response = next.run(request).await;
    if let Some(locale) = locale {
        let cookie = format!("{COOKIE}={locale}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly");
        let cookie = HeaderValue::try_from(cookie).expect("a locale has a plain name");
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The address of the style: another one for another style, so that it may be kept for ever.
pub(super) fn style_path() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let digest = hex::encode(Sha256::digest(STYLE.as_bytes()));
        format!("/assets/{}.css", &digest[..16])
    });
    &PATH
}

/// The style.
pub(super) async fn style() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, STYLE)
}

/// A rendered page.
pub(super) fn shown(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    page: Page,
    hint: &'static str,
}

fn trouble(reader: &Reader, status: StatusCode, title: &'static str, hint: &'static str) -> Response {
    let page = reader.page(Section::Nowhere, title);
    (status, shown(&TroublePage { page, hint })).into_response()
}

/// There is no such page, or none that the reader may see.
pub(super) fn not_found(reader: &Reader) -> Response {
    trouble(reader, StatusCode::NOT_FOUND, reader.words.not_found, reader.words.not_found_hint)
}

/// The service failed: logged here, once.
pub(super) fn failed(reader: &Reader, doing: &'static str, error: &anyhow::Error) -> Response {
    tracing::error!(error = format!("{error:#}"), "{doing} failed");
    trouble(reader, StatusCode::INTERNAL_SERVER_ERROR, reader.words.failed, reader.words.failed_hint)
}

/// The form came from another site.
pub(super) fn foreign(reader: &Reader) -> Response {
    trouble(reader, StatusCode::FORBIDDEN, reader.words.foreign, reader.words.foreign_hint)
}

/// The form lacks a reason.
pub(super) fn reason_missing(reader: &Reader) -> Response {
    let words = reader.words;
    trouble(reader, StatusCode::UNPROCESSABLE_ENTITY, words.unreadable, words.reason_missing)
}
