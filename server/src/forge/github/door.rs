//! How this service gets in at GitHub: with a token, or as an app that asks for a token for each repository.
//!
//! An app's tokens are for one repository, live an hour, and are kept until shortly before their end.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context;
use jiff::Timestamp;
use octocrab::Octocrab;
use octocrab::models::AppId;
use reqwest::header::ACCEPT;
use reqwest::{Client, Method};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use url::Url;

use crate::config;
use crate::forge::ForgeError;
use crate::forge::github::session::{Caller, Session};
use crate::forge::github::wire::{Created, User};
use crate::forge::http::route::Route;
use crate::forge::http::{base, call};

/// Sessions that are kept. More repositories at a time than this ask for their tokens again.
const MAX_SESSIONS: usize = 10_000;

/// The way in.
pub(super) struct Door {
    rest: Octocrab,
    graphql: Octocrab,
    identity: Identity,
}

/// Who this service is on GitHub.
pub(super) enum Identity {
    /// The user of a token, and the repositories to watch.
    Token(Arc<Session>, Vec<String>),
    /// An app.
    App(Box<App>),
}

/// An app and its tokens.
pub(super) struct App {
    id: u64,
    caller: Caller,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

/// A token of an installation.
#[derive(Deserialize)]
struct Minted {
    token: SecretString,
    expires_at: Option<Timestamp>,
}

/// An installation of the app.
#[derive(Deserialize)]
pub(super) struct Installation {
    /// Its number.
    pub(super) id: u64,
    suspended_at: Option<String>,
}

#[derive(Deserialize)]
struct AppName {
    slug: String,
}

impl Door {
    /// Reads the secrets. Must be called inside the runtime.
    pub(super) fn new(client: Client, config: &config::Github) -> anyhow::Result<Self> {
        let (rest_url, graphql_url) = addresses(&config.url);
        let addressed = |url: &str| -> anyhow::Result<_> {
            let builder = Octocrab::builder().add_header(ACCEPT, "application/vnd.github+json".to_owned());
            builder.base_uri(url).with_context(|| format!("`url = \"{}\"`", config.url))
        };
        let rest = addressed(&rest_url)?.build_with_reqwest(client.clone())?;
        let graphql = addressed(&graphql_url)?.build_with_reqwest(client.clone())?;
        let identity = match (&config.token_file, config.app_id, &config.private_key_file) {
            (Some(file), _, _) => {
                let token = config::secret(file)?;
                let session = Session::new(&rest, &graphql, token, None)?;
                Identity::Token(Arc::new(session), config.repositories.clone())
            }
            (None, Some(id), Some(file)) => {
                let key = config::secret(file)?;
                let signed = addressed(&rest_url)?
                    .app_from_rsa_pem(AppId(id), key.expose_secret().as_bytes())
                    .ok()
                    .with_context(|| {
                        format!("{}: this is no private RSA key (PEM) of an app", file.display())
                    })?;
                let caller = Caller::new(signed.build_with_reqwest(client)?, key);
                Identity::App(Box::new(App { id, caller, sessions: Mutex::default() }))
            }
            (None, _, _) => anyhow::bail!("there is neither `token_file` nor an app"),
        };
        Ok(Self { rest, graphql, identity })
    }

    /// Who this service is.
    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The app's number, if this service is one.
    pub(super) fn app_id(&self) -> Option<u64> {
        match &self.identity {
            Identity::Token(..) => None,
            Identity::App(app) => Some(app.id),
        }
    }

    /// A session for one repository and no other.
    pub(super) async fn session(&self, repository: &str) -> Result<Arc<Session>, ForgeError> {
        let app = match &self.identity {
            Identity::Token(session, _) => return Ok(Arc::clone(session)),
            Identity::App(app) => app,
        };
        if let Some(session) = app.kept(repository).await {
            return Ok(session);
        }
        let route = Route::new("/repos").repository(repository).then("installation");
        let subject = format!("the app's installation in {repository}");
        let installation: Created = call::get(&app.caller, &route.named(subject)).await?;
        let name = repository.rsplit('/').next().unwrap_or(repository);
        let session = self.mint(app, installation.id, &json!({"repositories": [name]})).await?;
        app.keep(repository, &session).await;
        Ok(session)
    }

    /// A session for everything that an installation reaches.
    pub(super) async fn installation(&self, app: &App, id: u64) -> Result<Arc<Session>, ForgeError> {
        let name = format!("installation {id}");
        if let Some(session) = app.kept(&name).await {
            return Ok(session);
        }
        let session = self.mint(app, id, &json!({})).await?;
        app.keep(&name, &session).await;
        Ok(session)
    }

    async fn mint(
        &self,
        app: &App,
        installation: u64,
        body: &serde_json::Value,
    ) -> Result<Arc<Session>, ForgeError> {
        let route = Route::new("/app/installations").then(installation).then("access_tokens");
        let minted: Minted =
            call::write(&app.caller, Method::POST, &route.named("the app's installation"), body).await?;
        Ok(Arc::new(Session::new(&self.rest, &self.graphql, minted.token, minted.expires_at)?))
    }

    /// The id of the token's user, or of the app's bot.
    pub(super) async fn own_user(&self) -> Result<String, ForgeError> {
        let user: User = match &self.identity {
            Identity::Token(session, _) => {
                call::get(session.as_ref(), &Route::new("/user").named("the token's user")).await?
            }
            Identity::App(app) => {
                let name: AppName = call::get(&app.caller, &Route::new("/app").named("the app")).await?;
                let not_installed = || ForgeError::NotFound("an installation of the app".to_owned());
                let installation = app.installations().await?.into_iter().next().ok_or_else(not_installed)?;
                let session = self.installation(app, installation.id).await?;
                let route = Route::new("/users").then(format_args!("{}[bot]", name.slug));
                call::get(session.as_ref(), &route.named("the app's bot")).await?
            }
        };
        Ok(user.id.to_string())
    }
}

impl App {
    /// Where the app is installed and not suspended.
    pub(super) async fn installations(&self) -> Result<Vec<Installation>, ForgeError> {
        let route = Route::new("/app/installations").with("per_page", 100).named("the app's installations");
        let in_force =
            |installation: Installation| installation.suspended_at.is_none().then_some(installation);
        call::list(&self.caller, route, in_force).await
    }

    async fn kept(&self, name: &str) -> Option<Arc<Session>> {
        let sessions = self.sessions.lock().await;
        sessions.get(name).filter(|session| session.is_fresh()).cloned()
    }

    async fn keep(&self, name: &str, session: &Arc<Session>) {
        let mut sessions = self.sessions.lock().await;
        if sessions.len() >= MAX_SESSIONS {
            sessions.clear();
        }
        sessions.insert(name.to_owned(), Arc::clone(session));
    }
}

/// The addresses of both interfaces: github.com and its tenants have hosts for them, other servers paths.
fn addresses(url: &Url) -> (String, String) {
    let host = url.host_str().unwrap_or_default();
    match host.strip_prefix("www.").unwrap_or(host) {
        "github.com" => ("https://api.github.com".to_owned(), "https://api.github.com".to_owned()),
        tenant if tenant.ends_with(".ghe.com") => {
            (format!("https://api.{tenant}"), format!("https://api.{tenant}"))
        }
        _ => (format!("{}/api/v3", base(url)), format!("{}/api", base(url))),
    }
}
