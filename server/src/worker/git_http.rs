//! The two requests of a fetch, made for the child: the only place where a forge's token meets git.
//!
//! In: the child's question. Out: the forge's bytes, part by part, within a bound. Goes to one address, and
//! follows no redirect: the token is for that address alone.

use std::time::Duration;

use futures::TryStreamExt as _;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use secrecy::ExposeSecret as _;

use super::WorkerError;
use crate::forge::GitEndpoint;

/// Some forges answer only what calls itself git.
const AGENT: &str = concat!("git/2.0 (countersign ", env!("CARGO_PKG_VERSION"), ")");

/// One forge's git.
pub(super) struct GitHttp {
    client: Client,
    endpoint: GitEndpoint,
    timeout: Duration,
}

impl GitHttp {
    /// `timeout` is for each request: a pack takes longer than other calls, for which the client has its own.
    pub(super) fn new(client: Client, endpoint: GitEndpoint, timeout: Duration) -> Self {
        Self { client, endpoint, timeout }
    }

    /// Asks what the forge's git can do.
    pub(super) async fn info_refs(&self) -> Result<Body, WorkerError> {
        let mut url = self.below(&["info", "refs"])?;
        url.set_query(Some("service=git-upload-pack"));
        self.send(self.client.get(url), "application/x-git-upload-pack-advertisement").await
    }

    /// Asks for a pack.
    pub(super) async fn upload_pack(&self, request: Vec<u8>) -> Result<Body, WorkerError> {
        let url = self.below(&["git-upload-pack"])?;
        let request =
            self.client.post(url).header(CONTENT_TYPE, "application/x-git-upload-pack-request").body(request);
        self.send(request, "application/x-git-upload-pack-result").await
    }

    fn below(&self, parts: &[&str]) -> Result<url::Url, WorkerError> {
        let mut url = self.endpoint.url.clone();
        match url.path_segments_mut() {
            Ok(mut path) => drop(path.pop_if_empty().extend(parts)),
            Err(()) => return Err(WorkerError::Git("the repository's address has no path".to_owned())),
        }
        Ok(url)
    }

    async fn send(&self, request: RequestBuilder, form: &'static str) -> Result<Body, WorkerError> {
        let mut request = request
            .timeout(self.timeout)
            .header(USER_AGENT, AGENT)
            .header(ACCEPT, form)
            .header("Git-Protocol", "version=2");
        if let Some(secret) = &self.endpoint.authorization {
            let mut value = HeaderValue::from_str(secret.expose_secret()).map_err(|_| {
                WorkerError::Git("the forge's credentials hold characters that no header may".to_owned())
            })?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let response = request.send().await.map_err(unavailable)?;
        granted(&response)?;
        let found = response.headers().get(CONTENT_TYPE).and_then(|found| found.to_str().ok());
        if found.and_then(|found| found.split(';').next()).map(str::trim) != Some(form) {
            let why =
                "the forge answered something else than git's protocol: is this the address of a repository?";
            return Err(WorkerError::Git(why.to_owned()));
        }
        Ok(Body(response))
    }
}

/// The bytes of an answer.
pub(super) struct Body(Response);

impl Body {
    /// Hands every part to `take` as it comes.
    pub(super) async fn each<F>(self, mut take: impl FnMut(bytes::Bytes) -> F) -> Result<(), WorkerError>
    where
        F: Future<Output = Result<(), WorkerError>>,
    {
        let mut parts = self.0.bytes_stream();
        while let Some(part) = parts.try_next().await.map_err(unavailable)? {
            take(part).await?;
        }
        Ok(())
    }
}

fn granted(response: &Response) -> Result<(), WorkerError> {
    let status = response.status();
    match status {
        StatusCode::OK => Ok(()),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(WorkerError::Git(format!(
            "the forge's git does not accept this service's credentials ({status}): its user needs to read the \
             repository"
        ))),
        StatusCode::NOT_FOUND => Err(WorkerError::Git(
            "the forge's git has no such repository, or this service's user may not see it".to_owned(),
        )),
        status if status.is_redirection() => Err(WorkerError::Git(format!(
            "the forge's git redirects ({status}), which is not followed: a token is for one address; set the \
             forge's `url` to the address that it redirects to"
        ))),
        status => Err(WorkerError::Unavailable(format!("the forge's git answered {status}"))),
    }
}

/// Errors of the connection, without the address, which may hold what a log may not.
fn unavailable(error: reqwest::Error) -> WorkerError {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    WorkerError::Unavailable(format!("the forge's git cannot be reached, or broke off: {words}"))
}
