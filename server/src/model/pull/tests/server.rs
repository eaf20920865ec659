//! A server of one repository that speaks the Hub's contract, as badly as a test wants it to.
//!
//! Files are answered by a redirect to a second address, as the Hub does for large ones.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::json;
use sha1::Digest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

use super::NAME;

/// The commit that it says it has.
pub(super) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
/// Above this a file is in LFS.
const LARGE_BYTES: usize = 50_000;

/// What it serves, and what it saw.
#[derive(Clone, Default)]
pub(super) struct Served(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    files: BTreeMap<String, Vec<u8>>,
    breaks: BTreeMap<String, Vec<usize>>,
    changed: Option<String>,
    ignores_ranges: bool,
    seen: Vec<Seen>,
}

struct Seen {
    path: String,
    range: String,
    has_token: bool,
}

impl Served {
    pub(super) fn of(folder: &Path) -> Self {
        let served = Self::default();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            served.0.lock().unwrap().files.insert(name, std::fs::read(path).unwrap());
        }
        served
    }

    /// The next answers with this file end after so many bytes.
    pub(super) fn breaks_off(&self, name: &str, after: &[usize]) {
        self.0.lock().unwrap().breaks.insert(name.to_owned(), after.to_vec());
    }

    pub(super) fn changes_a_byte(&self, name: &str) {
        self.0.lock().unwrap().changed = Some(name.to_owned());
    }

    pub(super) fn is_honest_again(&self) {
        self.0.lock().unwrap().changed = None;
    }

    pub(super) fn ignores_ranges(&self) {
        self.0.lock().unwrap().ignores_ranges = true;
    }

    /// The ranges that were asked of a path, in order.
    pub(super) fn requests_for(&self, path: &str) -> Vec<String> {
        let state = self.0.lock().unwrap();
        state.seen.iter().filter(|seen| seen.path == path).map(|seen| seen.range.clone()).collect()
    }

    /// The paths that were asked for with the token, and those without.
    pub(super) fn who_saw_the_token(&self) -> (Vec<String>, Vec<String>) {
        let state = self.0.lock().unwrap();
        let (with, without): (Vec<_>, Vec<_>) = state.seen.iter().partition(|seen| seen.has_token);
        let paths = |seen: Vec<&Seen>| seen.into_iter().map(|seen| seen.path.clone()).collect();
        (paths(with), paths(without))
    }

    /// Begins to serve; its address.
    pub(super) async fn endpoint(&self) -> Url {
        let hub = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let files = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let files_port = files.local_addr().unwrap().port();
        let endpoint = format!("http://127.0.0.1:{}", hub.local_addr().unwrap().port());
        for listener in [hub, files] {
            let served = self.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    served.answer(stream, files_port).await;
                }
            });
        }
        Url::parse(&endpoint).unwrap()
    }

    async fn answer(&self, mut stream: TcpStream, files_port: u16) {
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => request.push(byte),
                Err(_) => return,
            }
        }
        let request = String::from_utf8(request).unwrap();
        let answer = self.answer_to(&request, files_port);
        let _ = stream.write_all(&answer).await;
        let _ = stream.shutdown().await;
    }

    fn answer_to(&self, request: &str, files_port: u16) -> Vec<u8> {
        let path = request.split(' ').nth(1).unwrap().trim_start_matches('/').to_owned();
        let header = |name: &str| {
            let mut lines = request.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        let range = header("range").unwrap_or_default();
        let has_token = header("authorization").as_deref() == Some("Bearer secret");
        let mut state = self.0.lock().unwrap();
        state.seen.push(Seen { path: path.clone(), range: range.clone(), has_token });
        if path == format!("api/models/{NAME}/revision/main?blobs=true") {
            let listing = state.listing().to_string();
            return answer("200 OK", "", listing.as_bytes(), listing.len());
        }
        if let Some(name) = path.strip_prefix(&format!("{NAME}/resolve/{COMMIT}/")) {
            let location = format!("Location: http://127.0.0.1:{files_port}/cdn/{name}\r\n");
            return answer("302 Found", &location, b"", 0);
        }
        match path.strip_prefix("cdn/").filter(|name| state.files.contains_key(*name)) {
            Some(name) => state.file(name, &range),
            None => answer("404 Not Found", "", b"", 0),
        }
    }
}

impl State {
    fn listing(&self) -> serde_json::Value {
        let sibling = |(name, bytes): (&String, &Vec<u8>)| {
            let header = format!("blob {}\0", bytes.len());
            let blob = sha1::Sha1::digest([header.as_bytes(), bytes].concat());
            let mut sibling = json!({"rfilename": name, "size": bytes.len(), "blobId": hex::encode(blob)});
            if bytes.len() > LARGE_BYTES {
                let sum = hex::encode(sha2::Sha256::digest(bytes));
                sibling["lfs"] = json!({"sha256": sum, "size": bytes.len(), "pointerSize": 134});
            }
            sibling
        };
        json!({"id": NAME, "sha": COMMIT, "siblings": self.files.iter().map(sibling).collect::<Vec<_>>()})
    }

    fn file(&mut self, name: &str, range: &str) -> Vec<u8> {
        let mut bytes = self.files[name].clone();
        if self.changed.as_deref() == Some(name) {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        let start = range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-'));
        let start = start.filter(|_| !self.ignores_ranges).map(|start| start.parse::<usize>().unwrap());
        let breaks = self.breaks.get_mut(name).filter(|breaks| !breaks.is_empty());
        let rest = &bytes[start.unwrap_or(0)..];
        let sent = breaks.map_or(rest.len(), |breaks| breaks.remove(0));
        match start {
            Some(start) => {
                let last = bytes.len() - 1;
                let range = format!("Content-Range: bytes {start}-{last}/{}\r\n", bytes.len());
                answer("206 Partial Content", &range, &rest[..sent], rest.len())
            }
            None => answer("200 OK", "", &rest[..sent], rest.len()),
        }
    }
}

fn answer(status: &str, headers: &str, body: &[u8], length: usize) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}
