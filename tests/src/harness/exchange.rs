//! A call as it comes in, an answer as it goes out, and both as the log keeps them.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::harness::fault::Fault;

/// A call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    /// The path's segments, decoded: `bank%2Fcore` is one.
    pub(crate) segments: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// An answer, or in place of it why there is none.
pub(crate) type Reply = Result<Answer, Answer>;

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// A call and its answer, as the log keeps them.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// `GET`, `POST` …
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// Whether an `Authorization` or `PRIVATE-TOKEN` header was sent.
    pub has_authorization: bool,
    /// The headers, but for those that hold credentials.
    pub headers: Vec<(String, String)>,
    /// What was sent.
    pub body: String,
    /// The status of the answer that the forge made; 0 where a fault came before it.
    pub status: u16,
    /// The fault that was played.
    pub fault: Option<Fault>,
}

const CREDENTIALS: [&str; 2] = ["authorization", "private-token"];

impl Call {
    /// A call from its parts.
    pub(crate) fn new(
        method: &str,
        path: &str,
        query: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Self {
        let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let segments = path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(&value.replace('+', " ")))
        });
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            segments,
            query: query.collect(),
            headers,
            body,
        }
    }

    /// A header by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A value of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A number of the query.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.query(name)?.parse().ok()
    }

    /// The body as JSON; `null` where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// As the log keeps it.
    pub(crate) fn exchange(&self, status: u16, fault: Option<Fault>) -> Exchange {
        let is_secret = |name: &str| CREDENTIALS.contains(&name);
        Exchange {
            method: self.method.clone(),
            path: self.path.clone(),
            query: self.query.clone(),
            has_authorization: self.headers.iter().any(|(name, _)| is_secret(name)),
            headers: self.headers.iter().filter(|(name, _)| !is_secret(name)).cloned().collect(),
            body: String::from_utf8_lossy(&self.body).into_owned(),
            status,
            fault,
        }
    }
}

impl Answer {
    /// A JSON body.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let body = serde_json::to_vec(body).expect("JSON is written");
        Self::bytes(status, "application/json; charset=utf-8", body)
    }

    /// A body of text.
    pub(crate) fn text(status: u16, body: &str) -> Self {
        Self::bytes(status, "text/plain; charset=utf-8", body.as_bytes().to_vec())
    }

    /// Any body.
    pub(crate) fn bytes(status: u16, kind: &str, body: Vec<u8>) -> Self {
        Self { status, headers: vec![("content-type".to_owned(), kind.to_owned())], body }
    }

    /// No body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new() }
    }

    /// With one more header.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

impl Exchange {
    /// What was sent, as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// Whether the call wants to change something.
    pub fn is_write(&self) -> bool {
        self.method != "GET" && !self.path.ends_with("/git-upload-pack")
    }
}
