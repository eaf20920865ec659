//! One thin client for every forge: how other machines are reached, what is sent, what is made of the answers.
//!
//! In: the operator's `[network]`, an address, a token. Out: JSON calls with pages, and a `ForgeError` for the rest.
//! Nothing comes from the environment, no redirect is followed, no write is repeated, and a token goes to the
//! configured address and nowhere else.

pub(crate) mod answer;
pub(crate) mod call;
pub(crate) mod route;

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use async_trait::async_trait;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Certificate, Client, Identity, Method, NoProxy, Proxy};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::config::Network;
use crate::forge::ForgeError;
use crate::forge::http::answer::{Answer, broken};
use crate::forge::http::route::Route;
use crate::merge_request::ForgeKind;
use crate::telemetry::meters;

/// A connection that takes longer will not come.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Shorter than servers keep idle connections, so that a write rarely meets one that is just being closed.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// Sends one request and reads its answer.
#[async_trait]
pub(crate) trait Transport: Send + Sync {
    /// One request, never repeated. An answer that is no success is an error.
    async fn send(&self, method: Method, route: &Route, body: Option<&Value>) -> Result<Answer, ForgeError>;
}

/// The client through which every other machine is reached.
pub(crate) fn client(network: &Network) -> anyhow::Result<Client> {
    let timeout = network.timeout();
    let mut builder = Client::builder()
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .pool_idle_timeout(IDLE_TIMEOUT);
    if let Some(file) = &network.ca_file {
        builder = builder.tls_certs_merge(authorities(file).context("`network.ca_file`")?);
    }
    if let Some(file) = &network.client_certificate_file {
        builder = builder.identity(identity(file).context("`network.client_certificate_file`")?);
    }
    if let Some(address) = &network.proxy {
        builder = builder.proxy(proxy(address)?);
    }
    builder.build().context("the client for other machines cannot be made of `[network]`")
}

fn authorities(file: &Path) -> anyhow::Result<Vec<Certificate>> {
    let unreadable = || format!("{}: no certificates (PEM) can be read", file.display());
    let text = std::fs::read(file).with_context(unreadable)?;
    let certificates = Certificate::from_pem_bundle(&text).with_context(unreadable)?;
    ensure!(!certificates.is_empty(), "{}: the file holds no certificate", file.display());
    Ok(certificates)
}

fn identity(file: &Path) -> anyhow::Result<Identity> {
    let unreadable = || format!("{}: no certificate with its key (PEM) can be read", file.display());
    let text = std::fs::read(file).with_context(unreadable)?;
    Identity::from_pem(&text).with_context(unreadable)
}

/// What is sent to this machine never goes through the proxy: it may be unencrypted.
fn proxy(address: &Url) -> anyhow::Result<Proxy> {
    let proxy = Proxy::all(address.clone()).context("`network.proxy` is no address of a proxy")?;
    Ok(proxy.no_proxy(NoProxy::from_string("localhost,127.0.0.0/8,::1")))
}

/// A forge that knows this service by a token in a header.
pub(crate) struct TokenApi {
    kind: ForgeKind,
    client: Client,
    base: String,
    header: HeaderName,
    value: HeaderValue,
    token: SecretString,
}

impl TokenApi {
    /// A forge at `url`, which may be served under a path. `scheme` stands before the token in the header.
    pub(crate) fn new(
        kind: ForgeKind,
        client: Client,
        url: &Url,
        header: HeaderName,
        scheme: &str,
        token: SecretString,
    ) -> anyhow::Result<Self> {
        let mut value = HeaderValue::from_str(&format!("{scheme}{}", token.expose_secret()))
            .ok()
            .context("the token holds characters that no token has")?;
        value.set_sensitive(true);
        Ok(Self { kind, client, base: base(url), header, value, token })
    }

    /// The token.
    pub(crate) fn token(&self) -> &SecretString {
        &self.token
    }
}

/// An address without the slash at its end.
pub(crate) fn base(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().trim_end_matches('/').to_owned()
}

#[async_trait]
impl Transport for TokenApi {
    async fn send(&self, method: Method, route: &Route, body: Option<&Value>) -> Result<Answer, ForgeError> {
        let url = format!("{}{}", self.base, route.render()?);
        let mut request = self
            .client
            .request(method, url)
            .header(self.header.clone(), self.value.clone())
            .header(reqwest::header::ACCEPT, "application/json");
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await;
        meters::forge_request(self.kind, response.as_ref().ok().map(|response| response.status().as_u16()));
        let response = response.map_err(|error| broken(&error))?;
        let (parts, body) = axum::http::Response::from(response).into_parts();
        Answer::read(parts.status, parts.headers, body).await?.accept(route, &self.token)
    }
}
