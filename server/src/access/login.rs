//! `/login` and `/logout`: a token is shown once and a session is given for it.
//!
//! A small page without scripts. After a login people come to the start page; no address is taken from outside.

use std::sync::Arc;

use analyzers::text::Locale;
use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, SET_COOKIE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{RequestExt, Router};
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::limit::Principal;
use super::token::{Token, TokenHash};
use super::{Access, address, credential, session};
use crate::problem::Problem;

/// Where the login is.
pub(crate) const PATH: &str = "/login";

/// Nothing is loaded, nothing is run, nobody frames the page, and the form goes to this service only.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'";

#[derive(Clone)]
struct Desk {
    access: Arc<Access>,
    locale: Locale,
}

#[derive(Deserialize)]
struct Filled {
    token: String,
}

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"<!doctype html>
<html lang="{{ locale }}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Countersign</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1rem; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input, button { margin-top: .5rem; padding: .5rem; }
:root { color-scheme: light dark; }
</style>
<main>
<h1>Countersign</h1>
{% if let Some(problem) = problem %}<p role="alert">{{ problem }}</p>{% endif %}
<form method="post" action="{{ action }}">
<label for="token">{{ label }}</label>
<input id="token" name="token" type="password" autocomplete="current-password" spellcheck="false" required autofocus>
<button>{{ button }}</button>
</form>
</main>
"#
)]
struct Page<'a> {
    locale: Locale,
    action: &'a str,
    label: &'a str,
    button: &'a str,
    problem: Option<&'a str>,
}

/// The routes of the login. They stand outside the access layer.
pub(crate) fn routes<S>(access: Arc<Access>, locale: Locale) -> Router<S> {
    Router::new()
        .route(PATH, get(show).post(enter))
        .route("/logout", post(leave))
        .with_state(Desk { access, locale })
}

async fn show(State(desk): State<Desk>) -> Response {
    page(desk.locale, StatusCode::OK, None)
}

async fn enter(State(desk): State<Desk>, request: Request) -> Response {
    let Desk { access, locale } = desk;
    match admitted(&access, request).await {
        Ok(Some(hash)) => {
            let value = access.session_key.open(&hash, Timestamp::now());
            let cookie = session::set_cookie(&value, is_secure(access.public_url.as_ref()));
            ([(SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Ok(None) => {
            let problem = locale.pick("This token is not known, or no longer.", "令牌无效或已过期。");
            page(locale, StatusCode::UNAUTHORIZED, Some(problem))
        }
        Err(problem) => problem.into_response(),
    }
}

async fn admitted(access: &Access, request: Request) -> Result<Option<TokenHash>, Problem> {
    let (parts, body) = request.into_parts();
    access.limiter.check(&Principal::at(address(&parts)))?;
    credential::is_same_site(&parts)?;
    let request = Request::from_parts(parts, body);
    let filled: Result<Form<Filled>, FormRejection> = request.extract().await;
    let Ok(Form(filled)) = filled else {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "The request cannot be read", "Send the form."));
    };
    let Ok(token) = Token::parse(filled.token.trim()) else { return Ok(None) };
    let hash = token.hash();
    Ok(access.grant(&hash, Timestamp::now()).await?.map(|_| hash))
}

async fn leave(State(desk): State<Desk>) -> Response {
    let cookie = session::unset_cookie(is_secure(desk.access.public_url.as_ref()));
    ([(SET_COOKIE, cookie)], Redirect::to(PATH)).into_response()
}

fn page(locale: Locale, status: StatusCode, problem: Option<&str>) -> Response {
    let page = Page {
        locale,
        action: PATH,
        label: locale.pick("API token", "API 令牌"),
        button: locale.pick("Sign in", "登录"),
        problem,
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("referrer-policy"), "no-referrer"),
    ];
    let html = page.render().expect("the page is made of strings");
    (status, headers, Html(html)).into_response()
}

fn is_secure(public_url: Option<&Url>) -> bool {
    public_url.is_some_and(|url| url.scheme() == "https")
}
