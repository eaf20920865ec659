//! Webhooks: signed, in the forge's form, told when people act.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tests::harness::{Delivery, FakeForge, Happening, Kind, Plan};

use super::bank;
use super::gitea::assert_same_form;

fn hmac(key: &[u8], body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

fn opened(forge: &FakeForge, secret: &str) -> Delivery {
    forge.delivery(&Happening::Opened(1), secret)
}

#[test]
fn github_signs_the_body() {
    let told = opened(&bank(Plan::new(Kind::Github)), "s3cret");
    let signature = format!("sha256={}", hex::encode(hmac(b"s3cret", &told.body)));
    assert_eq!(told.header("x-hub-signature-256"), Some(signature.as_str()));
    assert_eq!(told.header("x-github-event"), Some("pull_request"));
    assert_eq!((&told.json()["action"], &told.json()["number"]), (&json!("opened"), &json!(1)));
    assert!(told.json().get("installation").is_none(), "there is no app");
}

#[test]
fn gitlab_shows_a_token_or_signs() {
    let forge = bank(Plan::new(Kind::Gitlab));
    let told = opened(&forge, "s3cret");
    assert_eq!(told.header("x-gitlab-token"), Some("s3cret"));
    assert!(told.header("webhook-signature").is_none() && told.header("idempotency-key").is_some());
    let secret = format!("whsec_{}", STANDARD.encode([7; 32]));
    let told = opened(&forge, &secret);
    assert!(told.header("x-gitlab-token").is_none());
    let head =
        format!("{}.{}.", told.header("webhook-id").unwrap(), told.header("webhook-timestamp").unwrap());
    let signed = [head.as_bytes(), &told.body].concat();
    let signature = format!("v1,{}", STANDARD.encode(hmac(&[7; 32], &signed)));
    assert_eq!(told.header("webhook-signature"), Some(signature.as_str()));
    assert_eq!(told.header("webhook-id"), told.header("idempotency-key"));
}

#[test]
fn an_old_gitlab_tells_less() {
    for (plan, is_old) in [(Plan::new(Kind::Gitlab), false), (Plan::new(Kind::Gitlab).old(), true)] {
        let forge = bank(plan);
        let comment = forge.comment(1, "alice", "hello");
        let told = forge.delivery(&Happening::Commented(comment), "s3cret");
        assert_eq!(told.header("idempotency-key").is_none(), is_old);
        assert_eq!(told.json()["object_attributes"].get("action").is_none(), is_old);
        assert_eq!(told.json()["object_attributes"]["note"], "hello");
    }
}

#[test]
fn gitlab_tells_new_commits_by_the_old_head_only() {
    let forge = bank(Plan::new(Kind::Gitlab));
    let before = forge.head(1);
    forge.push("feature", [("other.txt", "other\n")]);
    let pushed = forge.delivery(&Happening::Pushed { number: 1, before: before.clone() }, "s").json();
    assert_eq!(pushed["object_attributes"]["oldrev"], json!(before));
    let labelled = forge.delivery(&Happening::Labelled(1), "s").json();
    assert_eq!(labelled["object_attributes"]["action"], "update");
    assert!(labelled["object_attributes"].get("oldrev").is_none());
}

/// What Gitea sent while it was recorded.
fn captured() -> Vec<(&'static str, &'static str)> {
    vec![
        (
            include_str!("../../../server/fixtures/webhooks/gitea/02.pull_request.opened.json"),
            include_str!("../../../server/fixtures/webhooks/gitea/02.headers.json"),
        ),
        (
            include_str!("../../../server/fixtures/webhooks/gitea/15.pull_request_sync.synchronized.json"),
            include_str!("../../../server/fixtures/webhooks/gitea/15.headers.json"),
        ),
        (
            include_str!(
                "../../../server/fixtures/webhooks/gitea/03.pull_request_review_comment.reviewed.json"
            ),
            include_str!("../../../server/fixtures/webhooks/gitea/03.headers.json"),
        ),
        (
            include_str!("../../../server/fixtures/webhooks/gitea/11.pull_request_comment.created.json"),
            include_str!("../../../server/fixtures/webhooks/gitea/11.headers.json"),
        ),
        (
            include_str!("../../../server/fixtures/webhooks/gitea/13.push.-.json"),
            include_str!("../../../server/fixtures/webhooks/gitea/13.headers.json"),
        ),
    ]
}

#[test]
fn gitea_tells_as_captured() {
    let forge = bank(Plan::new(Kind::Gitea).old());
    let before = forge.head(1);
    let review =
        json!({ "event": "COMMENT", "comments": [{ "path": "ledger.rs", "body": "x", "new_position": 10 }] });
    super::ask(&forge, "POST", "/repos/bank/core/pulls/1/reviews", &review);
    let beside = forge.inline_comments(1)[0].id;
    let comment = forge.comment(1, "alice", "hello");
    let after = forge.push("feature", [("other.txt", "other\n")]);
    let happenings = [
        Happening::Opened(1),
        Happening::Pushed { number: 1, before: before.clone() },
        Happening::Commented(beside),
        Happening::Commented(comment),
        Happening::BranchPushed { branch: "feature".to_owned(), before, after },
    ];
    for (happening, (body, headers)) in happenings.iter().zip(captured()) {
        let told = forge.delivery(happening, "s3cret");
        assert_same_form(&told.json(), &serde_json::from_str(body).unwrap(), &format!("{happening:?}"));
        let headers: Value = serde_json::from_str(headers).unwrap();
        for (name, value) in headers["headers"].as_object().unwrap() {
            let is_of_transport = ["Host", "Content-Length", "Accept-Encoding"].contains(&name.as_str());
            let names_event = name.contains("-Event");
            let ours = told.header(name);
            assert!(ours.is_some() || is_of_transport, "{happening:?} has no {name}");
            assert!(!names_event || ours == value.as_str(), "{happening:?}: {name} is {ours:?}, not {value}");
        }
        let signature = hex::encode(hmac(b"s3cret", &told.body));
        assert_eq!(told.header("x-gitea-signature"), Some(signature.as_str()));
    }
    let edited = forge.delivery(&Happening::CommentEdited(comment), "s3cret").json();
    let pattern = include_str!("../../../server/fixtures/webhooks/gitea/12.pull_request_comment.edited.json");
    assert_same_form(&edited, &serde_json::from_str(pattern).unwrap(), "edited");
}

#[test]
fn captured_bodies_have_the_signatures_that_they_came_with() {
    for (body, headers) in captured() {
        let headers: Value = serde_json::from_str(headers).unwrap();
        let signature = hex::encode(hmac(b"s3cret", body.as_bytes()));
        assert_eq!(headers["headers"]["X-Gitea-Signature"], json!(signature));
    }
}

#[test]
fn after_two_quick_pushes_gitea_tells_the_last_head_twice() {
    let forge = bank(Plan::new(Kind::Gitea));
    let first = forge.head(1);
    let second = forge.push("feature", [("other.txt", "other\n")]);
    let third = forge.push("feature", [("other.txt", "more\n")]);
    for before in [first, second] {
        let told = forge.delivery(&Happening::Pushed { number: 1, before }, "s").json();
        assert_eq!(told["pull_request"]["head"]["sha"], json!(third));
        assert!(told.get("before").is_none());
    }
}

/// Takes this many webhooks and gives back the lines in which their events are named.
fn receiver(count: usize, header: &'static str) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/webhooks", listener.local_addr().expect("an address"));
    let taken = thread::spawn(move || {
        let take = |_| {
            let (mut stream, _) = listener.accept().expect("a caller");
            let mut text = Vec::new();
            let mut part = [0; 65_536];
            loop {
                let count = stream.read(&mut part).expect("a call");
                text.extend_from_slice(&part[..count]);
                let text = String::from_utf8_lossy(&text).to_lowercase();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let line =
                    |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
                if body.len()
                    >= line("content-length: ").expect("a whole call").parse().expect("a whole call")
                {
                    stream
                        .write_all(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                        .expect("a whole call");
                    return line(header).expect("a whole call");
                }
            }
        };
        (0..count).map(take).collect()
    });
    (url, taken)
}

#[test]
fn what_people_do_is_told_where_somebody_listens() {
    let forge = bank(Plan::new(Kind::Github));
    forge.push("feature", [("other.txt", "nobody listens\n")]);
    let (url, taken) = receiver(4, "x-github-event: ");
    forge.subscribe(&url, "s3cret");
    forge.push("feature", [("other.txt", "other\n")]);
    forge.comment(1, "alice", "hello");
    forge.close(1);
    forge.unsubscribe();
    forge.reopen(1);
    assert_eq!(taken.join().unwrap(), ["push", "pull_request", "issue_comment", "pull_request"]);
}

#[test]
fn every_forge_tells_every_happening_that_it_knows() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind));
        let comment = forge.comment(1, "alice", "hello");
        let head = forge.head(1);
        let happenings = [
            Happening::Opened(1),
            Happening::Pushed { number: 1, before: head.clone() },
            Happening::Retargeted { number: 1, from: "old".to_owned() },
            Happening::Reopened(1),
            Happening::Closed(1),
            Happening::Merged(1),
            Happening::Drafted(1),
            Happening::Ready(1),
            Happening::Labelled(1),
            Happening::Commented(comment),
            Happening::CommentEdited(comment),
            Happening::BranchPushed {
                branch: "feature".to_owned(),
                before: head.clone(),
                after: head.clone(),
            },
        ];
        for happening in happenings {
            let told = forge.delivery(&happening, "secret");
            assert!(told.json().is_object() && told.header("content-type") == Some("application/json"));
            let text = String::from_utf8(told.body).unwrap();
            assert!(!text.contains("Hello-World") && !text.contains("127.0.0.1:3900"), "{happening:?}");
        }
    }
}
