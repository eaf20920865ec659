//! An OpenAI-compatible server that says what a proof wants it to say, streamed as vLLM and others do.
//!
//! It remembers every question. All calls are synchronous.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::{Json, Router};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::harness::serve::lock;

/// The largest question that is read.
const QUESTION_BYTES: usize = 8 << 20;

/// What the server says to a question.
#[derive(Clone, Debug)]
pub enum Saying {
    /// It thinks this, and answers that.
    Answer(String, String),
    /// A status and nothing else.
    Status(u16),
    /// It begins, and the connection breaks.
    Break,
    /// It begins, and never goes on.
    Silence,
}

/// A model's server that listens on loopback, and is gone when it is dropped.
pub struct FakeModel {
    address: SocketAddr,
    book: Arc<Mutex<Book>>,
    runtime: Option<Runtime>,
}

struct Book {
    script: Script,
    asked: Vec<Value>,
    left: usize,
}

/// An answer that never ends, for as long as somebody waits for it.
struct Waiting(Arc<Mutex<Book>>);

impl Drop for Waiting {
    fn drop(&mut self) {
        lock(&self.0).left += 1;
    }
}

/// What decides what the server says.
enum Script {
    /// One saying to each question, the last again and again.
    Said(VecDeque<Saying>),
    /// A function of the prompt.
    Answers(Box<dyn Fn(&str) -> Saying + Send>),
}

impl Book {
    fn say(&mut self, question: Value) -> Saying {
        let saying = match &mut self.script {
            Script::Said(sayings) if sayings.len() == 1 => sayings[0].clone(),
            Script::Said(sayings) => sayings.pop_front().unwrap_or(Saying::Status(500)),
            Script::Answers(answer) => {
                answer(question["messages"][0]["content"].as_str().unwrap_or_default())
            }
        };
        self.asked.push(question);
        saying
    }
}

impl FakeModel {
    /// The name of its model.
    pub const NAME: &'static str = "DeepSeek-R1-Fake";

    /// Starts; it says these, one to each question, the last again and again.
    ///
    /// # Panics
    /// Where no port is free.
    pub fn start(sayings: impl IntoIterator<Item = Saying>) -> Self {
        Self::playing(Script::Said(sayings.into_iter().collect()))
    }

    /// Starts; what it says is a function of the prompt.
    ///
    /// # Panics
    /// Where no port is free.
    pub fn answering(answer: impl Fn(&str) -> Saying + Send + 'static) -> Self {
        Self::playing(Script::Answers(Box::new(answer)))
    }

    fn playing(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
        listener.set_nonblocking(true).expect("a listener of the runtime");
        let address = listener.local_addr().expect("an address");
        let book = Arc::new(Mutex::new(Book { script, asked: Vec::new(), left: 0 }));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&book));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            axum::serve(listener, router).await.expect("it is served");
        });
        Self { address, book, runtime: Some(runtime) }
    }

    /// Its address as OpenAI's clients have it.
    pub fn url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// The bodies of the questions so far.
    pub fn asked(&self) -> Vec<Value> {
        lock(&self.book).asked.clone()
    }

    /// How many of its silences nobody waits for any more.
    pub fn left(&self) -> usize {
        lock(&self.book).left
    }
}

impl Drop for FakeModel {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

async fn answer(State(book): State<Arc<Mutex<Book>>>, request: Request) -> Response {
    use axum::response::IntoResponse;
    if request.uri().path() == "/v1/models" {
        return Json(json!({"object": "list", "data": [{"id": FakeModel::NAME, "object": "model"}]}))
            .into_response();
    }
    let body = to_bytes(request.into_body(), QUESTION_BYTES).await.unwrap_or_default();
    let saying = lock(&book).say(serde_json::from_slice(&body).unwrap_or_default());
    match saying {
        Saying::Status(status) => Response::builder().status(status).body(Body::empty()).expect("an answer"),
        Saying::Answer(thinking, text) => streamed(stream::iter(said(&thinking, &text)).map(Ok).boxed()),
        Saying::Break => streamed(stream::iter([Ok(begun()), Err(std::io::Error::other("cut"))]).boxed()),
        Saying::Silence => {
            let waiting = Waiting(Arc::clone(&book));
            let silence = stream::pending().map(move |never| {
                let _ = &waiting;
                never
            });
            streamed(stream::iter([Ok(begun())]).chain(silence).boxed())
        }
    }
}

fn streamed(parts: stream::BoxStream<'static, std::io::Result<String>>) -> Response {
    let body = Body::from_stream(parts);
    Response::builder().header("content-type", "text/event-stream").body(body).expect("an answer")
}

fn event(value: &Value) -> String {
    format!("data: {value}\n\n")
}

fn delta(delta: &Value) -> String {
    event(&json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]}))
}

fn begun() -> String {
    delta(&json!({"role": "assistant", "content": ""}))
}

fn said(thinking: &str, text: &str) -> Vec<String> {
    let pieces = |text: &str| -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        letters.chunks(5).map(|piece| piece.iter().collect()).collect()
    };
    let mut parts = vec![begun()];
    parts.extend(pieces(thinking).iter().map(|piece| delta(&json!({"reasoning_content": piece}))));
    parts.extend(pieces(text).iter().map(|piece| delta(&json!({"content": piece}))));
    parts.push(event(&json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})));
    let usage = json!({"prompt_tokens": 300, "completion_tokens": 40, "completion_tokens_details": {"reasoning_tokens": 25}});
    parts.push(event(&json!({"choices": [], "usage": usage, "system_fingerprint": "fake-1+sha256:77"})));
    parts.push("data: [DONE]\n\n".to_owned());
    parts
}
