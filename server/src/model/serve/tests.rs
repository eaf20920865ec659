//! What the door answers to clients that speak OpenAI's interface, well and badly.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request as HttpRequest;
use axum::http::header::AUTHORIZATION;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::model::generate::{Failure, Priority};
use crate::model::scripted::{Play, Scripted};

const MODEL: &str = "deepseek-ai/DeepSeek-R1-Scripted";
const KEY: &str = "sk-a-key-of-twenty-characters-and-more";
const CHAT: &str = "/v1/chat/completions";
const TEXT: &str = "/v1/completions";

struct Answered {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Answered {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Asserts an error in OpenAI's form.
    #[track_caller]
    fn refuses(&self, status: u16, words: &str) -> Value {
        let error = self.json()["error"].clone();
        assert_eq!(self.status, status, "{error}");
        assert!(error["message"].as_str().unwrap().contains(words), "no `{words}` in {error}");
        for field in ["type", "param", "code"] {
            assert!(error.get(field).is_some(), "{error}");
        }
        error
    }

    /// The chunks of a stream, which ends as it should.
    #[track_caller]
    fn chunks(&self) -> Vec<Value> {
        assert_eq!(self.headers["content-type"], "text/event-stream");
        let mut data: Vec<_> = self.text.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        assert_eq!(data.pop(), Some("[DONE]"), "{}", self.text);
        data.into_iter().map(|chunk| serde_json::from_str(chunk).unwrap()).collect()
    }
}

fn door(engine: &Arc<Scripted>, keys: Keys) -> Router {
    let defaults = Defaults { temperature: 0.6, top_p: 0.95, thinking_tokens: 400 };
    let settings = Settings { keys, defaults, timeout: Duration::from_secs(30), request_bytes: 8000 };
    routes(engine.clone(), settings)
}

async fn send(door: Router, request: HttpRequest<Body>) -> Answered {
    let response = door.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answered {
        status: parts.status.as_u16(),
        headers: parts.headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn post_to(engine: &Arc<Scripted>, path: &str, body: Value) -> Answered {
    let request = HttpRequest::post(path).header(CONTENT_TYPE, "application/json; charset=utf-8");
    send(door(engine, Keys::Nobody), request.body(Body::from(body.to_string())).unwrap()).await
}

/// A request to chat with these fields more.
#[expect(clippy::needless_pass_by_value, reason = "`json!` makes one at each call")]
fn chat_with(more: Value) -> Value {
    let mut body = json!({"model": MODEL, "messages": [{"role": "user", "content": "Hello"}]});
    for (key, value) in more.as_object().unwrap() {
        body[key] = value.clone();
    }
    body
}

async fn asked(play: Play, more: Value) -> Answered {
    post_to(&Scripted::playing(&[play]), CHAT, chat_with(more)).await
}

/// What the engine is asked for a request with these fields more.
async fn request_of(more: Value) -> Request {
    let engine = Scripted::playing(&[Play::Says("hm", "yes")]);
    let answered = post_to(&engine, CHAT, chat_with(more)).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    engine.seen().remove(0)
}

#[tokio::test]
async fn a_completion_is_one_document_with_thinking_beside_the_answer() {
    let answer = asked(Play::Says("hm, so", "yes"), json!({})).await.json();
    assert_eq!((&answer["object"], &answer["model"]), (&json!("chat.completion"), &json!(MODEL)));
    assert!(answer["id"].as_str().unwrap().starts_with("chatcmpl-"));
    assert!(answer["system_fingerprint"].as_str().unwrap().contains("sha256:5c21"));
    let choice = &answer["choices"][0];
    assert_eq!((&choice["message"]["content"], &choice["finish_reason"]), (&json!("yes"), &json!("stop")));
    assert_eq!(choice["message"]["reasoning_content"], "hm, so");
    let usage = json!({
        "prompt_tokens": 5, "completion_tokens": 9, "total_tokens": 14,
        "prompt_tokens_details": {"cached_tokens": 2}, "completion_tokens_details": {"reasoning_tokens": 6},
    });
    assert_eq!(answer["usage"], usage);
    assert_eq!(
        (&answer["countersign"]["prefill_ms"], &answer["countersign"]["reproducible"]),
        (&json!(7), &json!(true))
    );
}

#[tokio::test]
async fn a_stream_is_the_same_in_chunks() {
    let options = json!({"stream": true, "stream_options": {"include_usage": true}});
    let chunks = asked(Play::Says("hm, so", "yes it is"), options).await.chunks();
    assert_eq!(chunks[0]["choices"][0]["delta"], json!({"role": "assistant", "content": ""}));
    let all = |field: &str| -> String {
        chunks.iter().filter_map(|chunk| chunk["choices"][0]["delta"][field].as_str()).collect()
    };
    assert_eq!((all("reasoning_content").as_str(), all("content").as_str()), ("hm, so", "yes it is"));
    let (last, rest) = chunks.split_last().unwrap();
    assert_eq!((&last["choices"], &last["usage"]["total_tokens"]), (&json!([]), &json!(20)));
    assert!(rest.iter().all(|chunk| chunk["usage"].is_null() && chunk.get("usage").is_some()));
    assert_eq!(rest.last().unwrap()["choices"][0]["finish_reason"], "stop");
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk["id"] == chunks[0]["id"] && chunk["object"] == "chat.completion.chunk")
    );
    let without = asked(Play::Says("", "yes"), json!({"stream": true})).await.chunks();
    assert!(without.iter().all(|chunk| chunk.get("usage").is_none()));
}

#[tokio::test]
async fn a_text_is_completed_without_thinking() {
    let engine = Scripted::playing(&[Play::Says("hm", "a text that goes on and on")]);
    let body = json!({"model": MODEL, "prompt": "Once", "stop": " on"});
    let answer = post_to(&engine, TEXT, body.clone()).await.json();
    assert_eq!(answer["object"], "text_completion");
    assert_eq!(
        (&answer["choices"][0]["text"], &answer["choices"][0]["finish_reason"]),
        (&json!("a text that goes"), &json!("length"))
    );
    let seen = &engine.seen()[0];
    assert_eq!((seen.thinking, seen.max_answer_tokens), (None, 16));
    let mut streamed = body;
    streamed["stream"] = json!(true);
    let chunks = post_to(&engine, TEXT, streamed).await.chunks();
    let text: String = chunks.iter().filter_map(|chunk| chunk["choices"][0]["text"].as_str()).collect();
    assert_eq!(text, "a text that goes");
}

#[tokio::test]
async fn what_is_asked_for_is_what_the_engine_is_asked() {
    let plain = request_of(json!({})).await;
    assert_eq!((plain.sampling.temperature, plain.sampling.top_p), (0.6, 0.95));
    assert_eq!((plain.schema, plain.priority), (None, Priority::Interactive));
    assert_eq!(plain.thinking, Some(Thinking { max_tokens: 400 }));
    assert_eq!(plain.max_answer_tokens, 2000 - 5 - 400);
    let full = request_of(json!({
        "temperature": 0, "top_p": 0.5, "seed": -1, "max_completion_tokens": 100, "max_tokens": 7,
        "stop": ["\n\n", "END"], "thinking_budget": 60, "priority": "gate", "user": "bank",
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": {"type": "array"}}},
        "n": 1, "presence_penalty": 0.0, "logit_bias": {}, "tools": [], "store": false, "metadata": null,
    }))
    .await;
    assert_eq!((full.sampling.temperature, full.sampling.top_p, full.sampling.seed), (0.0, 0.5, u64::MAX));
    assert_eq!((full.thinking, full.max_answer_tokens), (Some(Thinking { max_tokens: 60 }), 40));
    assert_eq!((full.schema, full.stop.len()), (Some(json!({"type": "array"})), 2));
    assert_eq!((full.priority, full.group.as_str()), (Priority::Gate, "0/bank"));
    assert!(full.deadline.is_some());
    let small = request_of(json!({"max_tokens": 10, "response_format": {"type": "json_object"}})).await;
    assert_eq!((small.thinking, small.max_answer_tokens), (Some(Thinking { max_tokens: 7 }), 3));
    assert_eq!(small.schema, Some(json!({"type": "object"})));
    let at_once = request_of(json!({"thinking_budget": 0, "max_tokens": 1})).await;
    assert_eq!((at_once.thinking, at_once.max_answer_tokens), (Some(Thinking { max_tokens: 0 }), 1));
    let parts = json!({"messages": [{"role": "developer", "content": "Be short."},
        {"role": "user", "content": [{"type": "text", "text": "He"}, {"type": "text", "text": "llo"}]}]});
    assert_eq!(Scripted::prompt(&request_of(parts).await), "Be short.\nHello");
}

#[tokio::test]
async fn what_would_change_the_completion_unseen_is_refused_by_name() {
    let image = json!([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]);
    for (more, param, words) in [
        (json!({"max_token": 5}), "max_token", "Unrecognized"),
        (json!({"temperature": 3}), "temperature", "between 0 and 2"),
        (json!({"temperature": "hot"}), "temperature", "temperature"),
        (json!({"top_p": 0}), "top_p", "above 0"),
        (json!({"n": 2}), "n", "not supported"),
        (json!({"tools": [{"type": "function"}]}), "tools", "not supported"),
        (json!({"logprobs": true}), "logprobs", "not supported"),
        (json!({"presence_penalty": 0.5}), "presence_penalty", "not supported"),
        (json!({"max_tokens": 0}), "max_tokens", "at least 1"),
        (json!({"max_tokens": -1}), "max_tokens", "max_tokens"),
        (json!({"thinking_budget": 10, "max_tokens": 10}), "thinking_budget", "less than"),
        (json!({"seed": 0.5}), "seed", "whole number"),
        (json!({"stop": [""]}), "stop", "stop"),
        (json!({"priority": "mine"}), "priority", "gate"),
        (json!({"stream_options": {"include_usage": true}}), "stream_options", "only with"),
        (json!({"response_format": {"type": "xml"}}), "response_format", "response_format"),
        (
            json!({"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": 1}}}),
            "response_format",
            "JSON schema",
        ),
        (json!({"messages": []}), "messages", "empty"),
        (json!({"messages": null}), "messages", "must provide"),
        (json!({"messages": [{"role": "tool", "content": "x"}]}), "messages", "role"),
        (json!({"messages": image}), "messages", "must be text"),
        (json!({"model": null}), "model", "must provide"),
    ] {
        let engine = Scripted::playing(&[Play::Says("", "yes")]);
        let error = post_to(&engine, CHAT, chat_with(more.clone())).await.refuses(400, words);
        assert_eq!(error["param"], param, "{more}");
        assert!(engine.seen().is_empty(), "{more}");
    }
    let engine = Scripted::playing(&[Play::Says("", "yes")]);
    let many = json!({"model": MODEL, "prompt": ["a", "b"]});
    post_to(&engine, TEXT, many).await.refuses(400, "one text");
    post_to(&engine, TEXT, json!({"model": MODEL, "prompt": "a", "echo": true})).await.refuses(400, "echo");
}

#[tokio::test]
async fn a_prompt_beyond_the_context_is_refused_with_the_numbers() {
    let long = json!({"messages": [{"role": "user", "content": "x".repeat(1990)}]});
    request_of(long.clone()).await;
    let mut more = long;
    more["max_tokens"] = json!(11);
    let error = asked(Play::Hangs, more).await.refuses(400, "context is 2000 tokens, but 2001");
    assert_eq!(error["code"], "context_length_exceeded");
    let all = json!({"messages": [{"role": "user", "content": "x".repeat(2000)}]});
    asked(Play::Hangs, all).await.refuses(400, "2000 in the prompt");
}

#[tokio::test]
async fn another_model_and_another_path_are_not_found() {
    let error = asked(Play::Hangs, json!({"model": "gpt-4"})).await.refuses(404, "`gpt-4` is not served");
    assert_eq!(error["code"], "model_not_found");
    let engine = Scripted::playing(&[Play::Hangs]);
    let get =
        |path: &str| send(door(&engine, Keys::Nobody), HttpRequest::get(path).body(Body::empty()).unwrap());
    assert_eq!(get("/v1/models").await.json()["data"][0]["id"], MODEL);
    let listed = get(&format!("/v1/models/{MODEL}")).await.json();
    assert_eq!(listed["max_model_len"], 2000);
    assert!(listed["system_fingerprint"].as_str().unwrap().ends_with("+sha256:5c21"), "{listed}");
    get("/v1/models/gpt-4").await.refuses(404, "is not served");
    get("/v1/embeddings").await.refuses(404, "nothing at this path");
    get(CHAT).await.refuses(405, "method");
    assert_eq!(get("/health").await.status, 200);
}

#[tokio::test]
async fn without_a_known_key_nothing_but_health_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    std::fs::write(&file, KEY).unwrap();
    let engine = Scripted::playing(&[Play::Says("", "yes")]);
    let ask = async |key: Option<&str>, method: &str, path: &str| {
        let mut request =
            HttpRequest::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header(AUTHORIZATION, format!("Bearer {key}"));
        }
        let door = door(&engine, Keys::read(&file).unwrap());
        send(door, request.body(Body::from(chat_with(json!({})).to_string())).unwrap()).await
    };
    for key in [None, Some("sk-another-key-of-twenty-characters")] {
        let answered = ask(key, "POST", CHAT).await;
        assert_eq!(answered.headers["www-authenticate"], "Bearer");
        assert_eq!(answered.refuses(401, "key")["code"], "invalid_api_key");
        ask(key, "GET", "/v1/models").await.refuses(401, "key");
        assert_eq!(ask(key, "GET", "/health").await.status, 200);
    }
    assert!(engine.seen().is_empty());
    assert_eq!(ask(Some(KEY), "POST", CHAT).await.status, 200);
    assert_eq!(engine.seen()[0].group, "1/");
}

#[tokio::test]
async fn what_is_no_request_is_told_so() {
    let engine = Scripted::playing(&[Play::Hangs]);
    let ask = async |kind: &str, body: String| {
        let request = HttpRequest::post(CHAT).header(CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        send(door(&engine, Keys::Nobody), request).await
    };
    ask("application/json", "{".to_owned()).await.refuses(400, "no JSON");
    ask("application/json", "[]".to_owned()).await.refuses(400, "object");
    ask("text/plain", chat_with(json!({})).to_string()).await.refuses(400, "Content-Type");
    ask("application/json", " ".repeat(8001)).await.refuses(413, "8000 bytes");
}

#[tokio::test]
async fn a_failure_has_the_status_that_clients_act_on() {
    let busy = || Failure::Busy("the queue is full".to_owned());
    let answered = asked(Play::Fails(busy()), json!({})).await;
    assert_eq!(answered.headers["retry-after"], "2");
    assert_eq!(answered.refuses(429, "the queue is full")["type"], "rate_limit_error");
    asked(Play::Fails(Failure::Refused("no such schema".to_owned())), json!({}))
        .await
        .refuses(400, "no such schema");
    asked(Play::Breaks(Failure::DeadlineExceeded), json!({})).await.refuses(504, "in time");
    let broken = Failure::Broken("address 0x7f".to_owned());
    let told = asked(Play::Breaks(broken.clone()), json!({})).await;
    assert!(!told.refuses(500, "engine failed").to_string().contains("0x7f"));
    asked(Play::Vanishes, json!({})).await.refuses(500, "engine failed");
    for play in [Play::Breaks(broken), Play::Vanishes] {
        let stream = asked(play, json!({"stream": true})).await;
        assert_eq!(stream.status, 200);
        let last = stream.text.lines().rfind(|line| line.starts_with("data: ")).unwrap();
        assert!(last.contains(r#""error""#) && last.contains("engine failed"), "{last}");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_stops_its_completion() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    for more in [json!({}), json!({"stream": true})] {
        let engine = Scripted::playing(&[Play::Hangs]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = door(&engine, Keys::Nobody);
        tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let body = chat_with(more).to_string();
        let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST {CHAT} HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        client.write_all((head + &body).as_bytes()).await.unwrap();
        while engine.under_way() == 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut some = [0; 1];
        let _ = tokio::time::timeout(Duration::from_millis(50), client.read(&mut some)).await;
        drop(client);
        engine.is_free().await;
    }
}

/// An engine behind a door of its own.
async fn listening(plays: &[Play], keys: Keys) -> (Arc<Scripted>, String) {
    let engine = Scripted::playing(plays);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = door(&engine, keys);
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    (engine, format!("http://{address}/v1"))
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Python, Node and the registries"]
async fn unmodified_client_libraries_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    std::fs::write(&file, KEY).unwrap();
    let keys = || Keys::read(&file).unwrap();
    let says = || Play::Says("hm, so", r#"{"verdict":"clean"}"#);
    let busy = || Play::Fails(Failure::Busy("the queue is full".to_owned()));
    let (_, base) = listening(&[says()], keys()).await;
    let (busy_engine, busy) = listening(&[busy(), says(), busy(), says()], keys()).await;
    let (hanging_engine, hangs) = listening(&[Play::Hangs], keys()).await;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/openai/run.sh");
    let mut command = tokio::process::Command::new(script);
    command.env("BASE", base).env("BUSY", busy).env("HANGS", hangs).env("KEY", KEY);
    let ran = command.output().await.unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    println!("{said}");
    assert!(ran.status.success(), "{said}");
    assert_eq!(busy_engine.seen().len(), 4);
    assert_eq!(hanging_engine.seen().len(), 4);
    hanging_engine.is_free().await;
}
