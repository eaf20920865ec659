//! Reviews by a server: what the command line sends, and that only a clear answer lets a change pass.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};
use tests::{Desk, Outcome};

use crate::{AMOUNT, RATIO, posting};

/// A server for one proof: it answers every request with the same bytes, and remembers what it was asked.
struct FakeServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Asked>>>,
}

/// A request.
#[derive(Clone, Debug)]
struct Asked {
    head: String,
    body: Vec<u8>,
}

impl Asked {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the command line sends JSON")
    }
}

impl FakeServer {
    fn answering(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.expect("a connection");
                seen.lock().expect("no proof fails while it holds this").push(read(&stream));
                // A client that has heard enough goes away.
                let _ = (&stream).write_all(answer.as_bytes());
            }
        });
        Self { address, requests }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The only request.
    fn asked(&self) -> Asked {
        let requests = self.requests.lock().expect("no proof fails while it holds this");
        assert_eq!(requests.len(), 1);
        requests[0].clone()
    }
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert!(reader.read_line(&mut head).expect("a line") > 0, "the request ends in its head");
    }
    let head = head.to_ascii_lowercase();
    if head.contains("expect: 100-continue") {
        (&mut &*stream).write_all(b"HTTP/1.1 100 Continue\r\n\r\n").expect("the client listens");
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    let mut body = vec![0; length.trim().parse().expect("a number")];
    reader.read_exact(&mut body).expect("a body");
    Asked { head, body }
}

fn http(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The events of a review that ends in this outcome.
fn events(outcome: &Value) -> String {
    let body = format!(
        ": heartbeat\n\nevent: region\ndata: {{\"path\":\"A.java\",\"done\":1,\"of\":1}}\n\n\
         event: finding\ndata: {{}}\n\nevent: outcome\ndata: {outcome}\n\n"
    );
    http("200 OK", "text/event-stream", &body)
}

/// A repository with one change, and what a server would say of it.
fn change(before: &str, after: &str) -> (Desk, Value) {
    let desk = Desk::new().with_builtin_policies();
    let repository = desk.repository();
    repository.write("src/A.java", posting(before));
    repository.write("old name.java", posting(RATIO));
    repository.commit("base");
    repository.branch("work");
    repository.write("src/A.java", posting(after));
    repository.remove("old name.java");
    repository.write("new.java", posting(RATIO));
    repository.commit("head");
    let review: Value = desk.run(&["gate", "--base", "main", "--format", "json"]).json();
    let state = review["state"].clone();
    (desk, json!({ "id": "a".repeat(32), "state": state, "review": review, "report": "the report\n" }))
}

fn ask(desk: &Desk, server: &FakeServer, more: &[&str]) -> Outcome {
    desk.run(&[&["gate", "--base", "main", "--server", &server.url()], more].concat())
}

#[test]
fn a_change_that_passes_on_the_server_passes_and_its_report_is_printed() {
    let (desk, outcome) = change(RATIO, RATIO);
    let server = FakeServer::answering(events(&outcome));
    let run = ask(&desk, &server, &[]);
    run.ends(0).says(&format!("see {}/reviews/{}", server.url(), "a".repeat(32)));
    assert_eq!(run.stdout, "the report\n");
    let review =
        desk.run(&["review", "--base", "main", "--head", "work", "--server", &server.url(), "--quiet"]);
    review.ends(0).reports("the report").says_nothing();
}

#[test]
fn a_change_that_fails_on_the_server_fails() {
    let (desk, outcome) = change(RATIO, AMOUNT);
    assert_eq!(outcome["state"], "failed");
    let server = FakeServer::answering(events(&outcome));
    ask(&desk, &server, &[]).ends(1).reports("the report");
    let into_a_file = ask(&desk, &server, &["--output", "report.txt"]);
    into_a_file.ends(1).says("failed: 1 finding, 1 blocking; see ");
    assert_eq!(std::fs::read_to_string(desk.file("report.txt")).unwrap(), "the report\n");
}

#[test]
fn the_server_gets_the_change_both_versions_and_how_the_report_should_look() {
    let (desk, outcome) = change(RATIO, AMOUNT);
    desk.write("token", "cs_secret\n");
    let server = FakeServer::answering(events(&outcome));
    let flags = ["--server-token-file", "token", "--format", "sarif", "--lang", "zh", "--fail-on", "minor"];
    ask(&desk, &server, &[&flags[..], &["--require-model"]].concat()).ends(1);
    let asked = server.asked();
    assert!(asked.head.starts_with("post /v1/reviews http/1.1"));
    assert!(asked.head.contains("authorization: bearer cs_secret"));
    assert!(asked.head.contains("accept: text/event-stream"));
    let request = asked.json();
    assert_eq!((&request["fail_on"], &request["require_model"]), (&json!("minor"), &json!(true)));
    let report = json!({
        "format": "sarif", "language": "zh", "width": 100, "colour": false, "detail": "brief", "repository": null,
    });
    assert_eq!(request["report"], report);
    let diff = request["diff"].as_str().unwrap();
    let sent = analyzers::change::diff_text::parse(diff.as_bytes()).unwrap();
    let paths: Vec<_> = sent.files.iter().map(|file| (file.base_path.as_deref(), file.path())).collect();
    assert_eq!(paths, [(Some("old name.java"), "new.java"), (Some("src/A.java"), "src/A.java")]);
    let files = json!([
        { "path": "new.java", "base": null, "head": posting(RATIO), "encoding": "utf-8" },
        { "path": "old name.java", "base": posting(RATIO), "head": null, "encoding": "utf-8" },
        { "path": "src/A.java", "base": posting(RATIO), "head": posting(AMOUNT), "encoding": "utf-8" },
    ]);
    assert_eq!(request["files"], files);
    assert_eq!(request["head"], outcome["review"]["subject"]["head"]);
}

#[test]
fn files_in_other_encodings_arrive_byte_by_byte_and_files_in_no_language_stay_here() {
    let desk = Desk::new().with_builtin_policies();
    let repository = desk.repository();
    repository.write("A.java", b"class A {\n    // \xb2\xe2\xca\xd4\n}\n");
    repository.write("logo.png", [0, 159, 146, 150]);
    repository.commit("base");
    repository.branch("work");
    repository.write("A.java", b"class A {\n    // \xb2\xe2\xca\xd4\n    int a;\n}\n");
    repository.write("logo.png", [0, 159, 146, 151]);
    repository.commit("head");
    let server = FakeServer::answering(http("500 Internal Server Error", "text/plain", ""));
    ask(&desk, &server, &[]).ends(3);
    let request = server.asked().json();
    assert_eq!(request["diff_encoding"], "base64");
    let files = request["files"].as_array().unwrap();
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!((&files[0]["path"], &files[0]["encoding"]), (&json!("A.java"), &json!("base64")));
    assert_eq!(files[0]["base"], "Y2xhc3MgQSB7CiAgICAvLyCy4srUCn0K");
}

#[test]
fn whatever_is_not_a_clear_pass_keeps_the_gate_shut() {
    let (desk, passed) = change(RATIO, RATIO);
    let with = |field: &str, value: Value| {
        let mut outcome = passed.clone();
        outcome[field] = value;
        events(&outcome)
    };
    let mut of_another_head = passed.clone();
    of_another_head["review"]["subject"]["head"] = json!("b".repeat(40));
    let mut failed_inside = passed.clone();
    failed_inside["review"]["state"] = json!("failed");
    let not_reviewed =
        json!({ "id": "a", "state": "not_reviewed", "reason": "the worker ran out of memory" });
    let problem =
        json!({ "title": "Large", "detail": "A request may have 64 bytes.", "status": 413 }).to_string();
    let busy = http("503 Service Unavailable", "application/problem+json", "{}")
        .replace("\r\n\r\n", "\r\nRetry-After: 9\r\n\r\n");
    for (answer, words) in [
        (with("state", json!("partial")), "reviewed by"),
        (with("state", json!("stale")), "reviewed by"),
        (with("state", json!("green")), "reviewed by"),
        (with("review", Value::Null), "says `passed` and nothing more"),
        (with("report", Value::Null), "says `passed` and nothing more"),
        (events(&of_another_head), "its answer is about another change"),
        (events(&failed_inside), "its answer contradicts itself"),
        (events(&not_reviewed), "did not review the change: the worker ran out of memory"),
        (http("200 OK", "text/event-stream", "event: outcome\ndata: {\n\n"), "the outcome cannot be read"),
        (http("200 OK", "text/event-stream", ": heartbeat\n\n"), "the answer ends before the outcome"),
        (http("200 OK", "text/html", "<p>Welcome</p>"), "the answer is not of a countersign-server"),
        (
            http("401 Unauthorized", "text/plain", ""),
            "the server wants a token; name it with `--server-token-file`",
        ),
        (
            http("413 Payload Too Large", "application/problem+json", &problem),
            "413 Payload Too Large: A request may have 64 bytes; the change was not reviewed",
        ),
        (http("500 Internal Server Error", "text/html", "<p>"), "the server answers 500"),
        (busy, "try again in 9 seconds"),
        (http("204 No Content", "text/plain", ""), "the server answers 204"),
        (String::new(), "the change was not reviewed"),
    ] {
        let server = FakeServer::answering(answer);
        ask(&desk, &server, &[]).ends(3).says(words);
    }
}

#[test]
fn an_answer_that_breaks_off_keeps_the_gate_shut() {
    let (desk, passed) = change(RATIO, RATIO);
    let whole = events(&passed);
    let server = FakeServer::answering(whole[..whole.len() - 3].to_owned());
    ask(&desk, &server, &[]).ends(3).says("the change was not reviewed");
}

#[test]
fn a_server_that_is_not_there_keeps_the_gate_shut() {
    let (desk, _) = change(RATIO, RATIO);
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = desk.run(&["gate", "--base", "main", "--server", &format!("http://{gone}")]);
    run.ends(3).says("the server cannot be reached").says("the change was not reviewed");
}

#[test]
fn code_and_token_follow_no_redirect() {
    let (desk, passed) = change(RATIO, RATIO);
    let elsewhere = FakeServer::answering(events(&passed));
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("\r\nLocation: {}/v1/reviews\r\n\r\n", elsewhere.url());
        let server = FakeServer::answering(http(status, "text/plain", "").replace("\r\n\r\n", &location));
        ask(&desk, &server, &[]).ends(3);
        assert!(elsewhere.requests.lock().unwrap().is_empty(), "{status}");
    }
}

#[test]
fn wrong_use_of_a_server_is_told_before_anything_is_sent() {
    let (desk, _) = change(RATIO, RATIO);
    desk.write("empty", "\n");
    desk.write("no-certificate", "hello\n");
    let with = |flags: &[&str]| desk.run(&[&["gate", "--base", "main"], flags].concat());
    with(&["--server", "http://countersign.bank.example"]).ends(2).says("over `https` only");
    with(&["--server", "http://127.0.0.1.evil.example"]).ends(2).says("over `https` only");
    with(&["--server", "https://user:word@bank.example"]).ends(2).says("no address of a server");
    with(&["--server", "countersign"]).ends(2).says("no address of a server");
    let here = ["--server", "http://127.0.0.1:9"];
    with(&[&here[..], &["--server-token-file", "none"]].concat()).ends(2).says("the token cannot be read");
    with(&[&here[..], &["--server-token-file", "empty"]].concat()).ends(2).says("it holds no token");
    with(&[&here[..], &["--ca-file", "no-certificate"]].concat()).ends(2).says("no certificate in PEM form");
    with(&[&here[..], &["--no-builtin"]].concat()).ends(2).says("cannot be used with");
    with(&["--server-token-file", "empty"]).ends(2).says("--server");
}

#[test]
fn a_large_change_is_announced_before_it_is_sent() {
    let (desk, _) = change(RATIO, RATIO);
    desk.write("src/Large.java", posting(&RATIO.repeat(60_000)));
    let (_, passed) = change(RATIO, RATIO);
    let server = FakeServer::answering(events(&passed));
    desk.run(&["review", "--work-tree", "--server", &server.url()]).ends(3).says("another change");
    assert!(server.asked().head.contains("expect: 100-continue"));
}
