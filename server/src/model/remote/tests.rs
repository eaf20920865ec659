//! What is asked of servers and what is made of their answers, against servers that replay them.

use std::time::Duration;

use analyzers::model::{Completion, Finish, ModelError, Prompt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use url::Url;

use super::*;
use crate::config::Network;
use crate::config::model::{Dialect, Endpoint};
use crate::forge::http::client;
use crate::forge::replay::{Replay, Reply, reply, text};
use crate::model::generate::Priority;

const ASK: &str = "POST /v1/chat/completions";
const CLEAN: &str = r#"{"verdict":"clean"}"#;

fn endpoint(url: &Url, dialect: Dialect) -> Endpoint {
    Endpoint { url: url.clone(), model: "r1".to_owned(), api_key_file: None, dialect, allow_http: false }
}

fn remote(endpoints: Vec<Endpoint>) -> Remote {
    let remote = RemoteModel { endpoints, first_byte_seconds: 1, idle_seconds: 1 };
    let settings = Model { timeout_seconds: 10, ..Model::default() };
    Remote::new(&settings, &remote, &client(&Network::default()).unwrap()).unwrap()
}

fn prompt() -> Prompt {
    Prompt {
        prefix: "Rules".to_owned(),
        body: "canaryOfCode".to_owned(),
        schema: json!({
            "type": "object", "required": ["verdict"], "additionalProperties": false,
            "properties": {"verdict": {"enum": ["clean", "breach"]}},
        }),
        seed: 1,
        max_thinking_tokens: 100,
        max_answer_tokens: 50,
    }
}

async fn ask(remote: &Remote) -> Result<Completion, ModelError> {
    let purpose = Purpose { priority: Priority::Gate, group: "bank/core".to_owned() };
    remote.complete(&prompt(), &purpose).await.map(|given| given.completion)
}

/// A stream of these chunks, with its end.
fn streamed(chunks: &[Value]) -> Reply {
    let chunks: String = chunks.iter().map(|chunk| format!("data: {chunk}\n\n")).collect();
    text(200, format!(": ping\n\n{chunks}data: [DONE]\n\n")).with("content-type", "text/event-stream")
}

#[expect(clippy::needless_pass_by_value, reason = "`json!` makes one at each call")]
fn delta(delta: Value) -> Value {
    json!({"choices": [{"index": 0, "delta": delta, "finish_reason": null}]})
}

fn finish(reason: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
}

/// A good answer.
fn good() -> Reply {
    streamed(&[delta(json!({"reasoning_content": "hm"})), delta(json!({"content": CLEAN})), finish("stop")])
}

/// An address at which nobody listens.
fn nobody() -> Url {
    let door = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    Url::parse(&format!("http://{}/", door.local_addr().unwrap())).unwrap()
}

/// What comes of one answer, and how often the server was asked.
async fn after(answer: Reply) -> (Result<Completion, ModelError>, usize) {
    let replay = Replay::start().await;
    replay.on(ASK, answer);
    let completion = ask(&remote(vec![endpoint(&replay.url, Dialect::Openai)])).await;
    (completion, replay.calls().len())
}

#[tokio::test]
async fn a_stream_is_put_together() {
    let chunks = [
        delta(json!({"role": "assistant", "content": ""})),
        delta(json!({"reasoning": "h", "reasoning_content": "h"})),
        delta(json!({"reasoning": "m"})),
        delta(json!({"content": "{\"verdict\""})),
        delta(json!({"content": ":\"clean\"}", "tool_calls": []})),
        finish("stop"),
        json!({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}}),
    ];
    let completion = after(streamed(&chunks)).await.0.unwrap();
    assert_eq!((completion.text.as_str(), completion.thinking.as_deref()), (CLEAN, Some("hm")));
    assert_eq!((completion.usage.prompt_tokens, completion.usage.answer_tokens), (9, 4));
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_read_as_well() {
    let message = json!({"role": "assistant", "content": format!("<think>hm</think>```json\n{CLEAN}\n```")});
    let document = json!({
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 4},
    });
    let completion = after(reply(200, document).with("content-type", "application/json")).await.0.unwrap();
    assert_eq!((completion.text.as_str(), completion.thinking.as_deref()), (CLEAN, Some("hm")));
}

#[tokio::test]
async fn an_answer_of_another_form_is_handed_on_with_what_it_took() {
    for said in ["It is clean.", r#"{"verdict":"maybe"}"#, "[1]", ""] {
        let (answer, asked) = after(streamed(&[delta(json!({"content": said})), finish("stop")])).await;
        assert_eq!((answer.unwrap().text.as_str(), asked), (said, 1));
    }
    let cut = after(streamed(&[delta(json!({"reasoning": "hm"})), finish("length")])).await.0.unwrap();
    assert_eq!((cut.text.as_str(), cut.finish), ("", Finish::Length));
}

#[tokio::test]
async fn what_may_have_been_computed_is_never_asked_for_again() {
    let other = Replay::start().await;
    other.on(ASK, good());
    for answer in [
        text(500, ""),
        text(502, "<html>"),
        text(503, ""),
        good().cut(),
        streamed(&[delta(json!({"content": CLEAN}))]),
        streamed(&[delta(json!({"content": CLEAN})), finish("content_filter")]),
        streamed(&[delta(json!({"content": "{"})), json!({"error": {"message": "canaryOfCode"}})]),
        text(200, "data: hello\n\n"),
        text(200, ""),
    ] {
        let replay = Replay::start().await;
        replay.on(ASK, answer.clone());
        let remote =
            remote(vec![endpoint(&replay.url, Dialect::Openai), endpoint(&other.url, Dialect::Openai)]);
        let completion = ask(&remote).await;
        assert!(matches!(completion, Err(ModelError::Unavailable(_))), "{answer:?}: {completion:?}");
        assert!(!format!("{completion:?}").contains("canary"), "{completion:?}");
        assert_eq!((replay.calls().len(), other.calls().len()), (1, 0), "{answer:?}");
    }
}

#[tokio::test]
async fn what_certainly_was_not_computed_goes_to_the_next_server() {
    let other = Replay::start().await;
    other.on(ASK, good());
    let second = || endpoint(&other.url, Dialect::Openai);
    let first = remote(vec![endpoint(&nobody(), Dialect::Openai), second()]);
    assert_eq!(ask(&first).await.unwrap().text, CLEAN);
    for answer in [
        text(401, "canaryOfCode"),
        text(403, ""),
        text(404, ""),
        text(307, "").with("location", other.url.to_string()),
        text(429, "").with("retry-after", "100"),
        text(503, "").with("retry-after", "100"),
    ] {
        let replay = Replay::start().await;
        replay.on(ASK, answer.clone());
        let before = other.calls().len();
        let completion = ask(&remote(vec![endpoint(&replay.url, Dialect::Openai), second()])).await;
        assert_eq!(completion.unwrap().text, CLEAN, "{answer:?}");
        assert_eq!((replay.calls().len(), other.calls().len()), (1, before + 1), "{answer:?}");
    }
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_and_not_where_that_is_too_late() {
    let replay = Replay::start().await;
    replay.on(ASK, text(429, "").with("retry-after", "0")).on(ASK, text(429, "").with("retry-after", "1"));
    replay.on(ASK, good());
    let remote = remote(vec![endpoint(&replay.url, Dialect::Openai)]);
    assert_eq!(ask(&remote).await.unwrap().text, CLEAN);
    assert_eq!(replay.calls().len(), 3);
    let (late, asked) = after(text(429, "").with("retry-after", "60")).await;
    assert!(matches!(late, Err(ModelError::Unavailable(_))), "{late:?}");
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn a_request_at_fault_is_refused_and_asked_nowhere_else() {
    let long = json!({"error": {"message": "This model's maximum context length is 8 tokens. canaryOfCode"}});
    for (answer, words) in [
        (reply(400, long), "longer than the server's context"),
        (text(413, ""), "longer than the server's context"),
        (reply(400, json!({"error": {"message": "unknown field canaryOfCode"}})), "dialect"),
        (text(422, ""), "dialect"),
    ] {
        let (completion, asked) = after(answer).await;
        let Err(ModelError::Refused(why)) = completion else { panic!("{completion:?}") };
        assert!(why.contains(words) && !why.contains("canary"), "{why}");
        assert_eq!(asked, 1);
    }
}

#[tokio::test]
async fn a_server_that_fails_again_and_again_is_left_alone() {
    let replay = Replay::start().await;
    replay.on(ASK, text(500, ""));
    let remote = remote(vec![endpoint(&replay.url, Dialect::Openai)]);
    assert!(remote.is_up());
    for _ in 0..6 {
        assert!(matches!(ask(&remote).await, Err(ModelError::Unavailable(_))));
    }
    assert_eq!(replay.calls().len(), 3);
    assert!(!remote.is_up());
    let error = ask(&remote).await.unwrap_err().to_string();
    assert!(error.contains("asked again in"), "{error}");
}

/// A server that answers every connection with this, byte for byte, and then stays silent.
async fn silent_after(said: &'static str) -> Url {
    let door = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/", door.local_addr().unwrap())).unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut connection, _)) = door.accept().await {
            let mut buffer = [0; 4096];
            let _ = connection.read(&mut buffer).await;
            connection.write_all(said.as_bytes()).await.unwrap();
            open.push(connection);
        }
    });
    url
}

#[tokio::test]
async fn each_phase_has_its_own_end_of_patience() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    const BEGUN: &str =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"choices\":[]}\n\n";
    for said in ["", "HTTP/1.1 200 OK\r\n", HEAD, BEGUN] {
        let url = silent_after(said).await;
        let started = Instant::now();
        let answer = ask(&remote(vec![endpoint(&url, Dialect::Openai)])).await;
        assert_eq!(answer, Err(ModelError::DeadlineExceeded), "{said}");
        let took = started.elapsed();
        assert!(took > Duration::from_millis(900) && took < Duration::from_secs(6), "{said}: {took:?}");
    }
}

#[tokio::test]
async fn the_key_goes_to_its_server_and_a_bad_one_is_refused_without_being_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key");
    std::fs::write(&file, "sk-sesame\n").unwrap();
    let replay = Replay::start().await;
    replay.on(ASK, good());
    let with_key = Endpoint { api_key_file: Some(file.clone()), ..endpoint(&replay.url, Dialect::Openai) };
    ask(&remote(vec![with_key.clone()])).await.unwrap();
    assert_eq!(replay.seen()[0].headers["authorization"], "Bearer sk-sesame");
    std::fs::write(&file, "sk-se\u{7}same").unwrap();
    let settings = Model::default();
    let both = RemoteModel { endpoints: vec![with_key], ..RemoteModel::default() };
    let error = Remote::new(&settings, &both, &client(&Network::default()).unwrap()).err().unwrap();
    let error = format!("{error:#}");
    assert!(error.contains("key") && !error.contains("same"), "{error}");
}

#[tokio::test]
async fn what_answers_is_kept_as_the_server_names_it() {
    let replay = Replay::start().await;
    replay.on(
        "GET /v1/models",
        reply(
            200,
            json!({"object": "list", "data": [
                {"id": "other"}, {"id": "r1", "max_model_len": 8192, "weights_digest": "sha256:5c21"},
            ]}),
        ),
    );
    let mut chunk = delta(json!({"content": CLEAN}));
    chunk["system_fingerprint"] = json!("countersign-1+sha256:77\u{7}\n");
    replay.on(ASK, streamed(&[chunk, finish("stop")]));
    let remote = remote(vec![endpoint(&replay.url.join("v1/").unwrap(), Dialect::Countersign)]);
    remote.introduce().await;
    assert_eq!(remote.fingerprint().as_deref(), Some("sha256:5c21"));
    ask(&remote).await.unwrap();
    assert_eq!(remote.fingerprint().as_deref(), Some("countersign-1+sha256:77"));
    let purpose = Purpose { priority: Priority::Gate, group: "bank/core".to_owned() };
    let given = remote.complete(&prompt(), &purpose).await.unwrap();
    assert_eq!(
        (&given.by, given.by.as_deref()),
        (&remote.identity(), Some("countersign-1+sha256:77 Countersign r1"))
    );
    assert_eq!(replay.calls(), ["GET /v1/models", ASK, ASK]);
}

#[tokio::test]
async fn a_server_that_tells_beforehand_what_answers_is_known_by_it_at_once() {
    let replay = Replay::start().await;
    let listed =
        json!({"id": "r1", "weights_digest": "sha256:77", "system_fingerprint": "countersign-1+sha256:77"});
    replay.on("GET /v1/models", reply(200, json!({"object": "list", "data": [listed]})));
    let remote = remote(vec![endpoint(&replay.url.join("v1/").unwrap(), Dialect::Countersign)]);
    assert_eq!(remote.identity(), None);
    remote.introduce().await;
    assert_eq!(remote.identity().as_deref(), Some("countersign-1+sha256:77 Countersign r1"));
}
