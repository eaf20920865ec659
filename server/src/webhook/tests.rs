//! What the forges say, in the service's words: real bodies where they may be kept, small ones of our own else.

mod gitlab;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use axum::http::{HeaderName, HeaderValue};
use proptest::prelude::{any, prop};
use proptest::proptest;
use serde_json::{Value, json};

use super::*;
use crate::event::{Comment, Event};
use crate::merge_request::MergeRequestKey;

fn is_call(text: &str) -> bool {
    text.contains("@countersign")
}

fn fixtures(forge: &str) -> BTreeMap<String, PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/webhooks").join(forge);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = files.map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), file));
    named.filter(|(name, _)| !name.contains("headers")).collect()
}

fn key(forge: ForgeKind, repository: &str, number: u64) -> MergeRequestKey {
    MergeRequestKey { forge, repository: repository.to_owned(), number }
}

fn ignored(what: &str) -> Event {
    Event::Ignored { what: what.to_owned() }
}

fn named(name: &'static str, event: &str) -> HeaderMap {
    HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_str(event).unwrap())])
}

fn github(event: &str, body: &Value) -> Result<Event, Unreadable> {
    github::decode(&named("x-github-event", event), body.to_string().as_bytes(), &is_call)
}

fn read_gitlab(body: &Value) -> Result<Event, Unreadable> {
    super::gitlab::decode(body.to_string().as_bytes(), &is_call)
}

fn gitea(event: &str, body: &Value) -> Result<Event, Unreadable> {
    gitea::decode(&named("x-gitea-event", event), body.to_string().as_bytes(), &is_call)
}

#[test]
fn every_example_of_github_says_what_it_should() {
    const HELLO: &str = "Codertocat/Hello-World";
    let changed = |number| Event::Changed { merge_request: key(ForgeKind::Github, HELLO, number) };
    let expected = |name: &str| match name {
        "pull_request.opened" | "pull_request.reopened" | "pull_request.synchronize" => changed(2),
        "pull_request.ready_for_review" | "pull_request.converted_to_draft" => changed(2),
        "pull_request.closed" => Event::Closed { merge_request: key(ForgeKind::Github, HELLO, 2) },
        "check_suite.rerequested" => {
            Event::RecheckRequested { merge_request: key(ForgeKind::Github, HELLO, 2) }
        }
        "check_run.rerequested" => ignored("check_run.no_merge_request"),
        "pull_request_review_comment.created" => ignored("pull_request_review_comment.no_call"),
        "push.event.0" => ignored("push.tag"),
        "push.event.4" => Event::Pushed { repository: HELLO.to_owned(), branch: "master".to_owned() },
        other => ignored(other),
    };
    for (file, path) in fixtures("github") {
        let parts: Vec<&str> = file.split('.').collect();
        let known_by_number = if parts[0] == "push" { 3 } else { 2 };
        let mut name = parts[..known_by_number].join(".");
        let headers = named("x-github-event", parts[0]);
        let event = github::decode(&headers, &fs::read(path).unwrap(), &is_call).unwrap();
        let is_told_by_name_only =
            ["ping", "merge_group", "pull_request_review", "pull_request_review_thread"];
        if is_told_by_name_only.contains(&parts[0]) {
            parts[0].clone_into(&mut name);
        }
        assert_eq!(event, expected(&name), "{file}");
    }
}

#[test]
fn every_delivery_that_gitea_sent_is_believed_and_read() {
    let mut secrets = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut secrets, b"s3cret\n").unwrap();
    let secrets = Secrets::read(ForgeKind::Gitea, &[secrets.path().to_owned()]).unwrap();
    let one = || key(ForgeKind::Gitea, "bank/core", 1);
    for (file, path) in fixtures("gitea") {
        let headers = path.with_file_name(format!("{}.headers.json", &file[..2]));
        let headers: Value = serde_json::from_str(&fs::read_to_string(headers).unwrap()).unwrap();
        let headers: HeaderMap = headers["headers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                (name.parse::<HeaderName>().unwrap(), value.as_str().unwrap().parse().unwrap())
            })
            .collect();
        let body = fs::read(path).unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let delivery = read(ForgeKind::Gitea, &headers, &body, &secrets, &is_call, now).unwrap();
        assert_eq!(delivery.id, headers["x-gitea-delivery"].to_str().unwrap());
        let event = delivery.event;
        match &file[3..file.len() - 5] {
            "push.-" => {
                assert!(matches!(&event, Event::Pushed { repository, .. } if repository == "bank/core"));
            }
            "pull_request.opened" | "pull_request_sync.synchronized" => {
                assert_eq!(event, Event::Changed { merge_request: one() }, "{file}");
            }
            "pull_request_comment.created" => assert_eq!(event, ignored("issue_comment.no_call")),
            "pull_request_comment.edited" => assert_eq!(event, ignored("issue_comment.edited")),
            "pull_request_review_comment.reviewed" => {
                assert_eq!(event, ignored("pull_request_comment.reviewed"));
            }
            "pull_request_review_rejected.reviewed" => assert_eq!(event, ignored("pull_request_rejected")),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn the_same_delivery_again_has_the_same_id_and_says_the_same() {
    let secrets = secrets_of(ForgeKind::Gitlab, "t");
    let headers = named("x-gitlab-token", "t");
    let body = gitlab::merge_request(&json!({"action": "open"}), &json!({})).to_string();
    let receive = |now: &str| {
        read(ForgeKind::Gitlab, &headers, body.as_bytes(), &secrets, &is_call, now.parse().unwrap()).unwrap()
    };
    assert_eq!(receive("2026-01-01T00:00:00Z"), receive("2027-01-01T00:00:00Z"));
}

fn secrets_of(kind: ForgeKind, text: &str) -> Secrets {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    Secrets::read(kind, &[file.path().to_owned()]).unwrap()
}

fn repository() -> Value {
    json!({"full_name": "bank/core"})
}

#[test]
fn a_github_merge_request_is_changed_by_another_base_but_not_by_another_title() {
    let edited = |changes: Value| {
        let body = json!({"action": "edited", "pull_request": {"number": 7}, "changes": changes,
            "repository": repository()});
        github("pull_request", &body).unwrap()
    };
    let merge_request = key(ForgeKind::Github, "bank/core", 7);
    assert_eq!(edited(json!({"base": {"ref": {"from": "main"}}})), Event::Changed { merge_request });
    assert_eq!(edited(json!({"title": {"from": "x"}})), ignored("pull_request.edited"));
}

fn github_comment(action: &str, text: &str, of_pull_request: &Value) -> Event {
    let body = json!({"action": action, "issue": {"number": 7, "pull_request": of_pull_request},
        "comment": {"id": 11, "body": text, "user": {"id": 5, "login": "ada"}}, "repository": repository()});
    github("issue_comment", &body).unwrap()
}

fn comment(forge: ForgeKind, thread: Option<&str>) -> Comment {
    Comment {
        merge_request: key(forge, "bank/core", 7),
        id: "11".to_owned(),
        author: "5".to_owned(),
        author_name: "ada".to_owned(),
        thread: thread.map(str::to_owned),
        text: "@countersign review".to_owned(),
    }
}

#[test]
fn a_comment_counts_only_new_on_a_merge_request_and_calling_the_service() {
    let call = "@countersign review";
    assert_eq!(
        github_comment("created", call, &json!({})),
        Event::Commented(comment(ForgeKind::Github, None))
    );
    assert_eq!(github_comment("edited", call, &json!({})), ignored("issue_comment.edited"));
    assert_eq!(github_comment("created", call, &Value::Null), ignored("issue_comment.created"));
    assert_eq!(github_comment("created", "nice work", &json!({})), ignored("issue_comment.no_call"));
    let long = format!("{call} {}", "x".repeat(65_536));
    assert_eq!(github_comment("created", &long, &json!({})), ignored("issue_comment.no_call"));
}

#[test]
fn a_github_review_comment_stands_in_the_thread_of_its_first_one() {
    let review_comment = |in_reply_to: Value| {
        let body = json!({"action": "created", "pull_request": {"number": 7}, "repository": repository(),
            "comment": {"id": 11, "in_reply_to_id": in_reply_to, "body": "@countersign review",
                "user": {"id": 5, "login": "ada"}}});
        github("pull_request_review_comment", &body).unwrap()
    };
    assert_eq!(review_comment(Value::Null), Event::Commented(comment(ForgeKind::Github, Some("11"))));
    assert_eq!(review_comment(json!(3)), Event::Commented(comment(ForgeKind::Github, Some("3"))));
}

#[test]
fn a_check_names_its_merge_request_only_within_its_own_repository() {
    let rerequested = |external_id: &str, pull_requests: Value| {
        let check = json!({"external_id": external_id, "pull_requests": pull_requests});
        let body = json!({"action": "rerequested", "check_run": check, "repository": repository()});
        github("check_run", &body).unwrap()
    };
    let asked =
        |number| Event::RecheckRequested { merge_request: key(ForgeKind::Github, "bank/core", number) };
    assert_eq!(rerequested("github:bank/core!7", json!([{"number": 3}])), asked(7));
    assert_eq!(rerequested("github:bank/other!7", json!([{"number": 3}])), asked(3));
    assert_eq!(rerequested("github:bank/other!7", json!([])), ignored("check_run.no_merge_request"));
}

#[test]
fn a_gitea_merge_request_is_changed_by_another_target_or_title() {
    let edited = |changes: Value| {
        let body = json!({"action": "edited", "number": 7, "changes": changes, "repository": repository()});
        gitea("pull_request", &body).unwrap()
    };
    let changed = Event::Changed { merge_request: key(ForgeKind::Gitea, "bank/core", 7) };
    assert_eq!(edited(json!({"ref": {"from": "main"}})), changed);
    assert_eq!(edited(json!({"title": {"from": "WIP: x"}})), changed);
    assert_eq!(edited(json!({"body": {"from": "x"}})), ignored("pull_request.edited"));
}

#[test]
fn a_gitea_comment_counts_only_on_a_merge_request() {
    let commented = |is_pull: bool| {
        let body = json!({"action": "created", "issue": {"number": 7}, "is_pull": is_pull,
            "comment": {"id": 11, "body": "@countersign review", "user": {"id": 5, "login": "ada"}},
            "repository": repository()});
        gitea("issue_comment", &body).unwrap()
    };
    assert_eq!(commented(true), Event::Commented(comment(ForgeKind::Gitea, None)));
    assert_eq!(commented(false), ignored("issue_comment.created"));
}

#[test]
fn names_that_cannot_be_are_not_let_in() {
    let opened = |path: &str, number: i64| {
        let body = json!({"action": "opened", "pull_request": {"number": number}, "repository": {"full_name": path}});
        github("pull_request", &body)
    };
    assert!(opened("bank/core.rs", 1).is_ok());
    for path in
        ["core", "", "/core", "bank/", "bank/../etc", "bank/co re", "bank/core\n", "bank/co%2e", "bank//core"]
    {
        assert!(opened(path, 1).is_err(), "{path}");
    }
    assert!(opened("bank/core", 0).is_err() && opened("bank/core", -1).is_err());
    assert_eq!(github("De[2Jploy", &json!({})), Ok(ignored("unknown")));
}

#[test]
fn what_cannot_be_read_is_told_without_its_content() {
    let secret = "a-secret-in-the-body";
    for body in
        [format!("{{\"{secret}\":"), format!("\"{secret}\""), format!("{{\"object_kind\": [\"{secret}\"]}}")]
    {
        let error = super::gitlab::decode(body.as_bytes(), &is_call).unwrap_err();
        assert!(!error.to_string().contains(secret) && error.to_string().contains("line 1"), "{error}");
    }
}

/// Values that look like a body of a webhook here and there.
fn bodies() -> impl proptest::strategy::Strategy<Value = Value> {
    use proptest::prelude::{Just, Strategy, prop_oneof};
    const WORDS: [&str; 24] = [
        "action",
        "number",
        "pull_request",
        "repository",
        "full_name",
        "object_kind",
        "merge_request",
        "note",
        "object_attributes",
        "iid",
        "target",
        "path_with_namespace",
        "bank/core",
        "ref",
        "refs/heads/x",
        "issue",
        "comment",
        "body",
        "user",
        "created",
        "opened",
        "changes",
        "project",
        "push",
    ];
    let word = || prop::sample::select(WORDS.to_vec());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        word().prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((word(), inner), 0..8)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_makes_the_readers_panic(body in bodies(), event in 0..4_usize, noise in prop::collection::vec(any::<u8>(), 0..99)) {
        let event = ["pull_request", "issue_comment", "push", "check_run"][event];
        let _ = (github(event, &body), gitea(event, &body), read_gitlab(&body));
        let _ = super::gitlab::decode(&noise, &is_call);
    }
}
