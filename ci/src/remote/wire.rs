//! The exchange with a server: one request, its events, its last word.
//!
//! Bytes in; the answer, or why there is none, out. Redirects are not followed: code and token go where the
//! caller said, and nowhere else.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Error};

use super::{Answer, Server};
use crate::exit::Failure;
use crate::progress::Progress;

/// A server that is there answers a connection in this time.
const CONNECT: Duration = Duration::from_secs(20);

/// A review that takes longer was given up: a server's own limits are shorter.
const WHOLE: Duration = Duration::from_secs(45 * 60);

/// An answer has findings and a report, and no more.
const MAX_ANSWER_BYTES: u64 = 512 << 20;

/// A body from which on it is asked first whether the server takes it.
const LARGE_BODY_BYTES: usize = 1 << 20;

/// Where a review is: the `region` events.
#[derive(Deserialize)]
struct Region {
    done: u64,
    of: u64,
}

/// What a server says that does not do what it is asked: RFC 9457.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    title: String,
    detail: String,
}

/// Sends the request and waits for the outcome.
pub(super) fn ask(server: &Server, body: &[u8], progress: &Progress) -> Result<Answer, Failure> {
    let agent = agent(server.ca_file.as_deref())?;
    let mut request = agent
        .post(format!("{}/v1/reviews", server.address))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::ACCEPT, "text/event-stream");
    if let Some(token) = &server.token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if body.len() >= LARGE_BODY_BYTES {
        request = request.header(header::EXPECT, "100-continue");
    }
    let told = |reason: String| {
        Failure::NothingToTell(format!("{}: {reason}; the change was not reviewed", server.address))
    };
    let response = request.send(body).map_err(|error| told(unreachable(&error, body.len())))?;
    if response.status() != StatusCode::OK {
        return Err(told(refusal(response)));
    }
    outcome(response, progress).map_err(|error| told(format!("{error:#}")))
}

fn agent(ca_file: Option<&Path>) -> anyhow::Result<Agent> {
    let roots = match ca_file {
        Some(file) => from_file(file)?,
        None => rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|certificate| Certificate::from_der(certificate).to_owned())
            .collect(),
    };
    let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&roots)).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")))
        .timeout_connect(Some(CONNECT))
        .timeout_global(Some(WHOLE));
    Ok(config.build().into())
}

fn from_file(file: &Path) -> anyhow::Result<Vec<Certificate<'static>>> {
    let named = || format!("--ca-file {}: the certificates cannot be read", file.display());
    let text = std::fs::read(file).with_context(named)?;
    let mut certificates = Vec::new();
    for item in parse_pem(&text) {
        if let PemItem::Certificate(certificate) = item.with_context(named)? {
            certificates.push(certificate);
        }
    }
    ensure!(!certificates.is_empty(), "--ca-file {}: it holds no certificate in PEM form", file.display());
    Ok(certificates)
}

fn unreachable(error: &Error, sent: usize) -> String {
    match error {
        Error::HostNotFound => "there is no such host".to_owned(),
        Error::Timeout(_) => "the server does not answer in time".to_owned(),
        Error::Rustls(_) | Error::Tls(_) => {
            format!(
                "the server cannot prove who it is ({error}); `--ca-file` names the authority of its certificate"
            )
        }
        Error::Io(error) if sent >= LARGE_BODY_BYTES => {
            format!(
                "the connection broke ({error}) while {sent} bytes were sent; perhaps the server takes less"
            )
        }
        other => format!("the server cannot be reached ({other})"),
    }
}

/// Why a server did not do what it was asked, in its own words where it has some.
fn refusal(response: Response<Body>) -> String {
    let status = response.status();
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    let wait = wait.map(|seconds| format!("; try again in {seconds} seconds")).unwrap_or_default();
    let mut text = String::new();
    // An answer that cannot be read leaves its status.
    let _ = response.into_body().into_reader().take(64 << 10).read_to_string(&mut text);
    let Problem { title, detail } = serde_json::from_str(&text).unwrap_or_default();
    let detail = if detail.is_empty() { title } else { detail };
    match (status, detail.is_empty()) {
        (StatusCode::UNAUTHORIZED, true) => {
            "the server wants a token; name it with `--server-token-file`".to_owned()
        }
        (_, true) => format!("the server answers {status}{wait}"),
        (StatusCode::UNAUTHORIZED, false) => {
            format!("the server answers {status}: {detail} (`--server-token-file`)")
        }
        (_, false) => format!("the server answers {status}: {}{wait}", detail.trim_end_matches('.')),
    }
}

/// Reads events until the outcome.
fn outcome(response: Response<Body>, progress: &Progress) -> anyhow::Result<Answer> {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_stream = kind.is_some_and(|kind| kind.starts_with("text/event-stream"));
    ensure!(is_stream, "the answer is not of a countersign-server");
    let body = response.into_body().into_with_config().limit(MAX_ANSWER_BYTES).reader();
    let (mut event, mut data) = (String::new(), String::new());
    for line in BufReader::new(body).lines() {
        let line = line.context("the connection broke before the outcome")?;
        if let Some(name) = line.strip_prefix("event:") {
            event = name.trim().to_owned();
        } else if let Some(more) = line.strip_prefix("data:") {
            data.push_str(more.trim_start());
        } else if line.is_empty() {
            match event.as_str() {
                "outcome" => return serde_json::from_str(&data).context("the outcome cannot be read"),
                "region" => show(&data, progress),
                _ => {}
            }
            event.clear();
            data.clear();
        }
    }
    anyhow::bail!("the answer ends before the outcome")
}

/// Progress is for people: an event that cannot be read moves nothing.
fn show(data: &str, progress: &Progress) {
    if let Ok(Region { done, of }) = serde_json::from_str(data) {
        progress.at(done, of);
    }
}
