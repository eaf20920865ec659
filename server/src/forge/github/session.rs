//! Calls to GitHub under one identity: a token, or an app that signs each call.
//!
//! octocrab addresses and signs; its own retries are not compiled in, so a call is one request (after a 401, which
//! did nothing, the caller may open a new session).

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use axum::http::Request;
use jiff::{SignedDuration, Timestamp};
use octocrab::Octocrab;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;

use crate::forge::ForgeError;
use crate::forge::http::Transport;
use crate::forge::http::answer::{Answer, broken};
use crate::forge::http::route::Route;
use crate::merge_request::ForgeKind;
use crate::telemetry::meters;

/// A token that ends sooner is not begun with: a fetch may take minutes.
const LEAST_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// A way to call GitHub.
pub(super) struct Caller {
    crab: Octocrab,
    /// What must not show in errors.
    secret: SecretString,
    is_rejected: AtomicBool,
}

/// One identity at both of GitHub's interfaces.
pub(super) struct Session {
    rest: Caller,
    graphql: Caller,
    token: SecretString,
    expires: Option<Timestamp>,
}

impl Caller {
    /// Calls with the identity of `crab`.
    pub(super) fn new(crab: Octocrab, secret: SecretString) -> Self {
        Self { crab, secret, is_rejected: AtomicBool::new(false) }
    }

    /// What must not show in errors.
    pub(super) fn secret(&self) -> &SecretString {
        &self.secret
    }
}

impl Session {
    /// A session of a token, at clients that are addressed but have no identity yet.
    pub(super) fn new(
        rest: &Octocrab,
        graphql: &Octocrab,
        token: &SecretString,
        expires: Option<Timestamp>,
    ) -> Result<Self, ForgeError> {
        let signed = |crab: &Octocrab| {
            crab.user_access_token(token.clone())
                .map(|crab| Caller::new(crab, token.clone()))
                .map_err(|_| ForgeError::Unauthenticated("the token cannot be used".to_owned()))
        };
        let (rest, graphql) = (signed(rest)?, signed(graphql)?);
        Ok(Self { rest, graphql, token: token.clone(), expires })
    }

    /// Whether the token will do for a while.
    pub(super) fn is_fresh(&self) -> bool {
        let is_rejected =
            [&self.rest, &self.graphql].iter().any(|caller| caller.is_rejected.load(Ordering::Relaxed));
        let lasts = self.expires.is_none_or(|end| end.duration_since(Timestamp::now()) > LEAST_LIFE);
        lasts && !is_rejected
    }

    /// The token.
    pub(super) fn token(&self) -> &SecretString {
        &self.token
    }

    /// The GraphQL interface.
    pub(super) fn graphql(&self) -> &Caller {
        &self.graphql
    }
}

#[async_trait]
impl Transport for Caller {
    async fn send(&self, method: Method, route: &Route, body: Option<&Value>) -> Result<Answer, ForgeError> {
        // Without an address of its own a request goes to the configured one, and only then it is signed.
        let request = Request::builder().method(method).uri(route.render()?);
        let request = self.crab.build_request(request, body).map_err(|error| broken(&error))?;
        let response = self.crab.execute(request).await;
        let status = response.as_ref().ok().map(|response| response.status().as_u16());
        meters::forge_request(ForgeKind::Github, status);
        let response = response.map_err(|error| broken(&error))?;
        let (parts, body) = response.into_parts();
        let answer = Answer::read(parts.status, parts.headers, body).await?.accept(route, &self.secret);
        if matches!(answer, Err(ForgeError::Unauthenticated(_))) {
            self.is_rejected.store(true, Ordering::Relaxed);
        }
        answer
    }
}

#[async_trait]
impl Transport for Session {
    async fn send(&self, method: Method, route: &Route, body: Option<&Value>) -> Result<Answer, ForgeError> {
        self.rest.send(method, route, body).await
    }
}
