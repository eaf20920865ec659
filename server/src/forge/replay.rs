//! A server for tests that replays scripted answers and remembers every request.
//!
//! What is not in the script is answered 404 and remembered as well, so a test can prove that nothing else was asked.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use bytes::Bytes;
use serde_json::{Value, json};
use url::Url;

/// The server.
pub(crate) struct Replay {
    /// Where it listens.
    pub(crate) url: Url,
    book: Arc<Mutex<Book>>,
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and path, as `GET /api/v4/user`.
    pub(crate) call: String,
    /// The query.
    pub(crate) query: String,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body, if it was JSON.
    pub(crate) body: Value,
}

/// A scripted answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    is_cut: bool,
}

#[derive(Default)]
struct Book {
    script: HashMap<String, VecDeque<Reply>>,
    seen: Vec<Seen>,
}

/// An answer of that status with JSON.
pub(crate) fn reply(status: u16, body: impl Into<Value>) -> Reply {
    text(status, body.into().to_string())
}

/// An answer of that status with any text.
pub(crate) fn text(status: u16, body: impl Into<Bytes>) -> Reply {
    Reply { status, headers: Vec::new(), body: body.into(), is_cut: false }
}

impl Reply {
    /// The same with a header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same, but the connection breaks in the body.
    pub(crate) fn cut(mut self) -> Self {
        self.is_cut = true;
        self
    }
}

impl Replay {
    /// Starts on a port of its own.
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let book = Arc::new(Mutex::new(Book::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&book));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, book }
    }

    /// Answers a call, such as `GET /api/v4/user`. Several answers to one call are given in turn, the last again.
    pub(crate) fn on(&self, call: &str, reply: Reply) -> &Self {
        self.book.lock().unwrap().script.entry(call.to_owned()).or_default().push_back(reply);
        self
    }

    /// Everything that arrived.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.book.lock().unwrap().seen.clone()
    }

    /// The calls that arrived, in their order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.call).collect()
    }

    /// The bodies that arrived with a call.
    pub(crate) fn bodies(&self, call: &str) -> Vec<Value> {
        self.seen().into_iter().filter(|seen| seen.call == call).map(|seen| seen.body).collect()
    }
}

async fn answer(State(book): State<Arc<Mutex<Book>>>, request: Request) -> Response {
    let call = format!("{} {}", request.method(), request.uri().path());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let headers = request.headers().clone();
    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let reply = {
        let mut book = book.lock().unwrap();
        book.seen.push(Seen { call: call.clone(), query, headers, body });
        match book.script.get_mut(&call) {
            Some(replies) if replies.len() > 1 => replies.pop_front().unwrap(),
            Some(replies) => replies[0].clone(),
            None => reply(404, json!({"message": "not in the script"})),
        }
    };
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).unwrap());
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = if reply.is_cut {
        let half = reply.body.slice(..reply.body.len() / 2);
        let parts = [Ok(half), Err(std::io::Error::other("cut"))];
        Body::from_stream(futures::stream::iter(parts))
    } else {
        Body::from(reply.body)
    };
    response.body(body).unwrap()
}
