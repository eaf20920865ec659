//! Who calls `/v1` and the dashboard, and what they may: a token, a session made from one, or nobody on loopback.
//!
//! A request in; the same request with its `Caller`, or a problem out. Only digests of tokens are looked up;
//! who may what is asked anew for each request, so that a revoked token ends its sessions too.

mod credential;
pub(crate) mod limit;
pub(crate) mod login;
pub(crate) mod session;
#[cfg(test)]
mod tests;
pub(crate) mod token;

use std::collections::BTreeSet;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::access::credential::Credential;
use crate::access::limit::{Limiter, Principal};
use crate::access::session::SessionKey;
use crate::access::token::TokenHash;
use crate::config::Config;
use crate::problem::Problem;

/// What a token permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    /// To have code reviewed.
    Review,
    /// To read reviews, findings and policies.
    Read,
    /// To say what a finding was worth.
    Feedback,
    /// Everything.
    Admin,
}

impl Scope {
    /// Every scope.
    pub(crate) const ALL: [Self; 4] = [Self::Review, Self::Read, Self::Feedback, Self::Admin];

    /// The name in records and on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Read => "read",
            Self::Feedback => "feedback",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scope| scope.name() == name)
            .ok_or_else(|| format!("unknown scope `{name}`; use review, read, feedback or admin"))
    }
}

/// What is known of a token that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Its name.
    pub(crate) name: String,
    /// What it permits.
    pub(crate) scopes: BTreeSet<Scope>,
    /// When it ends to be good.
    pub(crate) expires_at: Option<Timestamp>,
}

/// Where tokens are looked up.
#[async_trait]
pub(crate) trait Tokens: Send + Sync {
    /// The token with this digest, unless it was revoked; or why it cannot be looked up.
    async fn find(&self, hash: &TokenHash) -> Result<Option<Grant>, String>;
}

/// Who calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The name of the caller's token; `None` where none is asked for and none was given.
    pub(crate) token: Option<String>,
    /// What the caller may.
    pub(crate) scopes: BTreeSet<Scope>,
}

impl Caller {
    /// Passes if the caller may do what is in a scope.
    pub(crate) fn permits(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin) {
            return Ok(());
        }
        let detail = format!("This needs a token with the scope `{scope}`.");
        Err(Problem::new(StatusCode::FORBIDDEN, "Not permitted", detail))
    }

    /// Who calls where no token is asked for: everything but administration.
    fn nobody() -> Self {
        Self { token: None, scopes: [Scope::Review, Scope::Read, Scope::Feedback].into() }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            tracing::error!("A route that wants to know its caller stands outside the access layer");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "The service failed", "It has been logged.")
        })
    }
}

/// All that decides who gets in.
pub(crate) struct Access {
    tokens: Arc<dyn Tokens>,
    session_key: SessionKey,
    requires_token: bool,
    public_url: Option<Url>,
    limiter: Limiter,
}

impl Access {
    /// The access of a configured service.
    pub(crate) fn new(config: &Config, tokens: Arc<dyn Tokens>, session_key: SessionKey) -> Self {
        Self {
            tokens,
            session_key,
            requires_token: config.requires_token(),
            public_url: config.public_url.clone(),
            limiter: Limiter::new(config.limits.requests_per_minute),
        }
    }

    /// Who makes a request, or why it goes no further.
    pub(crate) async fn admit(&self, parts: &Parts, now: Timestamp) -> Result<Caller, Problem> {
        let address = Principal::at(address(parts));
        let admitted = match credential::read(&parts.headers, &self.session_key, now) {
            Ok(Some(credential)) => self.recognise(&credential, parts, now).await,
            Ok(None) if self.requires_token => Err(unauthorized("Send `Authorization: Bearer cs_…`.")),
            Ok(None) => {
                credential::is_at_home(parts, self.public_url.as_ref()).map(|()| (Caller::nobody(), None))
            }
            Err(reason) => Err(unauthorized(reason)),
        };
        let (caller, token) = match admitted {
            Ok((caller, token)) => (Ok(caller), token),
            Err(problem) => (Err(problem), None),
        };
        self.limiter.check(&token.map_or(address, Principal::Token))?;
        caller
    }

    async fn recognise(
        &self,
        credential: &Credential,
        parts: &Parts,
        now: Timestamp,
    ) -> Result<(Caller, Option<TokenHash>), Problem> {
        let hash = match credential {
            Credential::Token(hash) => hash,
            Credential::Session(hash) => {
                credential::is_same_site(parts)?;
                hash
            }
        };
        let grant = self.grant(hash, now).await?;
        let grant = grant.ok_or_else(|| unauthorized("The token is unknown, revoked or has expired."))?;
        Ok((Caller { token: Some(grant.name), scopes: grant.scopes }, Some(hash.clone())))
    }

    async fn grant(&self, hash: &TokenHash, now: Timestamp) -> Result<Option<Grant>, Problem> {
        let found = self.tokens.find(hash).await.map_err(|reason| {
            tracing::error!(reason, "A token could not be looked up");
            let detail = "Tokens cannot be looked up now; try again.";
            let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "Not now", detail);
            problem.retry_after(std::time::Duration::from_secs(5))
        })?;
        Ok(found.filter(|grant| grant.expires_at.is_none_or(|end| now < end)))
    }
}

/// Lets only callers with a scope come to the routes of a router, and tells the routes who calls.
pub(crate) fn require<S>(router: Router<S>, access: &Arc<Access>, scope: Scope) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    guard(router, access, scope, Problem::into_response)
}

/// The same for pages: who is not known is sent to the login.
pub(crate) fn require_page<S>(router: Router<S>, access: &Arc<Access>, scope: Scope) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    guard(router, access, scope, |problem| match problem.status() {
        StatusCode::UNAUTHORIZED => Redirect::to(login::PATH).into_response(),
        _ => problem.into_response(),
    })
}

fn guard<S>(
    router: Router<S>,
    access: &Arc<Access>,
    scope: Scope,
    refuse: fn(Problem) -> Response,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let access = Arc::clone(access);
    router.layer(middleware::from_fn(move |request: Request, next: Next| {
        let access = Arc::clone(&access);
        async move { pass(&access, scope, request, next).await.unwrap_or_else(refuse) }
    }))
}

async fn pass(access: &Access, scope: Scope, request: Request, next: Next) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let caller = access.admit(&parts, Timestamp::now()).await?;
    caller.permits(scope)?;
    parts.extensions.insert(caller);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

fn unauthorized(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "Who calls?", detail)
}

// Not from `X-Forwarded-For`: callers write that themselves. Behind a proxy those without a token share a limit.
fn address(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())
}
