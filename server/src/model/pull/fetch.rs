//! Files from a server: in pieces that outlive a broken connection, followed through redirects, checked when whole.

use std::io::{Read, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use indicatif::ProgressBar;
use reqwest::header::{AUTHORIZATION, CONTENT_RANGE, LOCATION, RANGE};
use reqwest::{Client, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use url::Url;

use super::hub::{HubFile, Listing, Sum};
use super::{PullError, entry};
use crate::model::manifest::{self, Entry};

/// Tries in a row that bring nothing before it is given up.
const MAX_FRUITLESS_TRIES: u32 = 5;
/// A server that sends nothing for so long sends nothing any more.
const STALL_TIMEOUT: Duration = Duration::from_secs(60);
/// A file of tens of gigabytes over a slow line; stalls are noticed by `STALL_TIMEOUT`.
const FILE_TIMEOUT: Duration = Duration::from_secs(7 * 24 * 3600);
const MAX_REDIRECTS: usize = 10;
/// Far above the listing of any repository.
const MAX_SMALL_BYTES: usize = 32 << 20;

/// Fetches from one server.
#[derive(Debug)]
pub(crate) struct Fetcher {
    client: Client,
    endpoint: Url,
    token: Option<SecretString>,
    pause: Duration,
}

/// Where one try ended.
enum Try {
    Whole,
    Broken(String),
}

impl Fetcher {
    /// `client` follows no redirects by itself. `token` goes to the endpoint and nowhere else. Between tries it waits
    /// `pause`, doubled each time.
    pub(crate) fn new(
        client: Client,
        mut endpoint: Url,
        token: Option<SecretString>,
        pause: Duration,
    ) -> Self {
        if !endpoint.path().ends_with('/') {
            endpoint.set_path(&format!("{}/", endpoint.path()));
        }
        Self { client, endpoint, token, pause }
    }

    /// A small answer, with the address that it came from.
    pub(super) async fn get_small(&self, path: &str) -> Result<(String, Vec<u8>), PullError> {
        let url = self.url(path)?;
        let unreachable = |reason: String| PullError::Unreachable { url: url.to_string(), reason };
        let mut response = self.send(url.clone(), 0).await.map_err(unreachable)?;
        if !response.status().is_success() {
            return Err(PullError::Refused { url: url.to_string(), status: response.status().as_u16() });
        }
        let mut text = Vec::new();
        while let Some(chunk) = next_chunk(&mut response).await.map_err(unreachable)? {
            text.extend_from_slice(&chunk);
            if text.len() > MAX_SMALL_BYTES {
                let reason = format!("it is longer than {MAX_SMALL_BYTES} bytes");
                return Err(PullError::Answer { url: url.to_string(), reason });
            }
        }
        Ok((url.to_string(), text))
    }

    /// One file into a folder, from where an earlier try ended; its entry in the manifest.
    pub(super) async fn fetch(
        &self,
        listing: &Listing,
        file: &HubFile,
        folder: &Path,
        bar: &ProgressBar,
    ) -> Result<Entry, PullError> {
        let settled = folder.join(&file.name);
        if settled.exists() {
            if let Check::Right(entry) = check(&settled, file)? {
                bar.inc(file.bytes);
                return Ok(entry);
            }
            std::fs::remove_file(&settled).map_err(manifest::io_error(&settled))?;
        }
        let part = folder.join(format!("{}.part", file.name));
        let url = self.url(&format!("{}/resolve/{}/{}", listing.repository, listing.commit, file.name))?;
        self.fetch_part(url, file.bytes, &part, bar).await?;
        bar.set_message(format!("checking {}", file.name));
        match check(&part, file)? {
            Check::Right(entry) => {
                std::fs::rename(&part, &settled).map_err(manifest::io_error(&settled))?;
                Ok(entry)
            }
            Check::Wrong { wanted, found } => {
                std::fs::remove_file(&part).map_err(manifest::io_error(&part))?;
                Err(PullError::Sum { file: file.name.clone(), wanted, found })
            }
        }
    }

    async fn fetch_part(
        &self,
        url: Url,
        bytes: u64,
        part: &Path,
        bar: &ProgressBar,
    ) -> Result<(), PullError> {
        let before = bar.position();
        let mut fruitless = 0;
        loop {
            let length = length_of(part);
            bar.set_position(before + length.min(bytes));
            if length == bytes && part.exists() {
                return Ok(());
            }
            let reason = match self.one_try(url.clone(), length, bytes, part, bar).await? {
                Try::Whole => continue,
                Try::Broken(reason) => reason,
            };
            fruitless = if length_of(part) > length { 0 } else { fruitless + 1 };
            if fruitless >= MAX_FRUITLESS_TRIES {
                return Err(PullError::Unreachable { url: url.to_string(), reason });
            }
            tokio::time::sleep(self.pause * 2_u32.pow(fruitless)).await;
        }
    }

    async fn one_try(
        &self,
        url: Url,
        start: u64,
        bytes: u64,
        part: &Path,
        bar: &ProgressBar,
    ) -> Result<Try, PullError> {
        let start = if start > bytes { 0 } else { start };
        let mut response = match self.send(url.clone(), start).await {
            Ok(response) => response,
            Err(reason) => return Ok(Try::Broken(reason)),
        };
        let start = match response.status() {
            StatusCode::PARTIAL_CONTENT if starts_at(&response, start) => start,
            // The server sends all of it again.
            StatusCode::OK => 0,
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                return Ok(Try::Broken(format!("the server answers {status}")));
            }
            status => return Err(PullError::Refused { url: url.to_string(), status: status.as_u16() }),
        };
        receive(&mut response, &url, part, start..bytes, bar).await
    }

    /// One request from byte `start` on, through redirects.
    async fn send(&self, mut url: Url, start: u64) -> Result<Response, String> {
        for _ in 0..MAX_REDIRECTS {
            let mut request = self.client.get(url.clone()).timeout(FILE_TIMEOUT);
            if start > 0 {
                request = request.header(RANGE, format!("bytes={start}-"));
            }
            if let Some(token) = self.token.as_ref().filter(|_| url.origin() == self.endpoint.origin()) {
                request = request.header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()));
            }
            let response = tokio::time::timeout(STALL_TIMEOUT, request.send()).await;
            let response = response.map_err(|_| "no answer came".to_owned())?.map_err(|e| words(&e))?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            let next = location.and_then(|location| url.join(location).ok());
            let next = next.ok_or_else(|| "it redirects to nowhere".to_owned())?;
            if url.scheme() == "https" && next.scheme() != "https" {
                return Err("it redirects to an unencrypted address".to_owned());
            }
            url = next;
        }
        Err(format!("it redirects more than {MAX_REDIRECTS} times"))
    }

    fn url(&self, path: &str) -> Result<Url, PullError> {
        self.endpoint.join(path).map_err(|error| PullError::Answer {
            url: format!("{}{path}", self.endpoint),
            reason: error.to_string(),
        })
    }
}

/// Writes what comes of an answer that begins at `range.start` of a file that ends at `range.end`.
async fn receive(
    response: &mut Response,
    url: &Url,
    part: &Path,
    range: Range<u64>,
    bar: &ProgressBar,
) -> Result<Try, PullError> {
    let (mut length, bytes) = (range.start, range.end);
    let mut file = open_at(part, length).await.map_err(manifest::io_error(part))?;
    let outcome = loop {
        match next_chunk(response).await {
            Ok(Some(chunk)) if length + chunk.len() as u64 > bytes => {
                let reason = format!("it is longer than the {bytes} bytes that were promised");
                return Err(PullError::Answer { url: url.to_string(), reason });
            }
            Ok(Some(chunk)) => {
                file.write_all(&chunk).await.map_err(manifest::io_error(part))?;
                length += chunk.len() as u64;
                bar.inc(chunk.len() as u64);
            }
            Ok(None) if length == bytes => break Try::Whole,
            Ok(None) => break Try::Broken(format!("the connection ended after {length} of {bytes} bytes")),
            Err(reason) => break Try::Broken(reason),
        }
    };
    file.sync_all().await.map_err(manifest::io_error(part))?;
    Ok(outcome)
}

async fn next_chunk(response: &mut Response) -> Result<Option<bytes::Bytes>, String> {
    let chunk = tokio::time::timeout(STALL_TIMEOUT, response.chunk()).await;
    chunk.map_err(|_| "the server stopped sending".to_owned())?.map_err(|error| words(&error))
}

/// An error without its address, which is said beside it, and with its cause, which says more.
fn words(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        text = error.to_string();
        cause = error.source();
    }
    if text.is_empty() { error.to_string() } else { text }
}

fn starts_at(response: &Response, start: u64) -> bool {
    let range = response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {start}-")))
}

fn length_of(part: &Path) -> u64 {
    std::fs::metadata(part).map_or(0, |metadata| metadata.len())
}

async fn open_at(part: &Path, start: u64) -> std::io::Result<tokio::fs::File> {
    let mut options = tokio::fs::OpenOptions::new();
    let mut file = options.create(true).write(true).truncate(false).open(part).await?;
    file.set_len(start).await?;
    file.seek(SeekFrom::Start(start)).await?;
    Ok(file)
}

/// Whether a file is what was promised.
enum Check {
    Right(Entry),
    Wrong { wanted: String, found: String },
}

fn check(path: &Path, file: &HubFile) -> Result<Check, PullError> {
    let entry = entry(path, &ProgressBar::hidden())?;
    let (wanted, found) = match &file.sum {
        Sum::Sha256(wanted) => (wanted, entry.sha256.clone()),
        Sum::GitBlob(wanted) => (wanted, git_blob(path).map_err(manifest::io_error(path))?),
    };
    if *wanted == found {
        Ok(Check::Right(entry))
    } else {
        Ok(Check::Wrong { wanted: wanted.clone(), found })
    }
}

/// The id that git gives a file.
fn git_blob(path: &Path) -> std::io::Result<String> {
    let mut file = std::fs::File::open(path)?;
    let mut hasher = Sha1::new();
    hasher.update(format!("blob {}\0", file.metadata()?.len()));
    let mut chunk = vec![0; 1 << 16];
    loop {
        let count = file.read(&mut chunk)?;
        if count == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(&chunk[..count]);
    }
}
