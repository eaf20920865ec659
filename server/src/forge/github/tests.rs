//! GitHub's client against replayed answers.

mod posting;
mod runs;

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::config::Network;
use crate::forge::http;
use crate::forge::replay::{Replay, reply, text};
use crate::forge::{AnchorKind, ChangedPath, LineAnchor};
use crate::merge_request::MergeRequestState;

const HEAD: &str = "ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091";
const OLD_BASE: &str = "6dcb09b5b57875f334f61aebed695e2e4193db5e";
const TIP: &str = "1111111111111111111111111111111111111111";
const TOKEN: &str = "ghp_notarealone";
const APP_KEY: &str = include_str!("../fixtures/github.app-key.pem");

const REPOSITORY: &str = "/ghes/api/v3/repos/bank/core";

fn open(replay: &Replay, edit: impl FnOnce(&mut config::Github, PathBuf)) -> Github {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let mut config = config::Github {
        url: replay.url.join("ghes").unwrap(),
        token_file: None,
        app_id: None,
        private_key_file: None,
        webhook_secret_files: Vec::new(),
        repositories: vec!["bank/core".to_owned()],
    };
    edit(&mut config, folder.path().join("secret"));
    Github::new(http::client(&Network::default()).unwrap(), &config).unwrap()
}

/// GitHub entered with a token.
async fn github() -> (Replay, Github) {
    let replay = Replay::start().await;
    let github = open(&replay, |config, file| {
        std::fs::write(&file, TOKEN).unwrap();
        config.token_file = Some(file);
    });
    replay.on("GET /ghes/api/v3/user", reply(200, json!({"id": 42, "login": "countersign"})));
    (replay, github)
}

/// GitHub entered as app 99, installed as 5, with tokens that live so many seconds.
async fn app(life_seconds: i64) -> (Replay, Github) {
    let replay = Replay::start().await;
    let github = open(&replay, |config, file| {
        std::fs::write(&file, APP_KEY).unwrap();
        (config.app_id, config.private_key_file) = (Some(99), Some(file));
    });
    let end = Timestamp::now() + SignedDuration::from_secs(life_seconds);
    replay.on(&format!("GET {REPOSITORY}/installation"), reply(200, json!({"id": 5})));
    let tokens = "POST /ghes/api/v3/app/installations/5/access_tokens";
    replay.on(tokens, reply(201, json!({"token": "ghs_first", "expires_at": end.to_string()})));
    replay.on(tokens, reply(201, json!({"token": "ghs_second", "expires_at": end.to_string()})));
    (replay, github)
}

fn key() -> MergeRequestKey {
    MergeRequestKey { forge: ForgeKind::Github, repository: "bank/core".to_owned(), number: 7 }
}

fn merge_request() -> MergeRequest {
    MergeRequest {
        key: key(),
        state: MergeRequestState::Open,
        is_draft: false,
        head: HEAD.to_owned(),
        target_branch: "release/1".to_owned(),
        target: TIP.to_owned(),
        source_branch: "feat".to_owned(),
        author: "3".to_owned(),
        labels: vec!["risk".to_owned()],
        web_url: "https://github.bank.example/bank/core/pull/7".to_owned(),
    }
}

fn wire_pull() -> Value {
    json!({
        "number": 7, "state": "open", "merged": false, "merged_at": null, "draft": false,
        "user": {"id": 3, "login": "eve"}, "labels": [{"name": "risk"}],
        "html_url": "https://github.bank.example/bank/core/pull/7",
        "head": {"ref": "feat", "sha": HEAD}, "base": {"ref": "release/1", "sha": OLD_BASE},
    })
}

fn at(path: &str, start: LineAnchor, end: LineAnchor, body: &str) -> NewComment {
    let file = ChangedPath { base: format!("old/{path}"), head: path.to_owned(), is_new: false };
    NewComment { body: body.to_owned(), placement: Placement::Lines { file, start, end } }
}

fn added(head: u32) -> LineAnchor {
    LineAnchor { kind: AnchorKind::Added, base: 1, head }
}

fn comment(id: &str) -> PostedComment {
    PostedComment {
        id: id.to_owned(),
        thread: None,
        author: "42".to_owned(),
        body: String::new(),
        is_inline: true,
        is_resolved: None,
    }
}

#[tokio::test]
async fn a_pull_request_is_read_with_the_tip_of_its_target_as_it_is_now() {
    let (replay, github) = github().await;
    replay.on(&format!("GET {REPOSITORY}/pulls/7"), reply(200, wire_pull()));
    let tip = format!("GET {REPOSITORY}/branches/release%2F1");
    replay.on(&tip, reply(200, json!({"name": "release/1", "commit": {"sha": TIP}}))).on(&tip, text(404, ""));
    assert_eq!(github.merge_request(&key()).await.unwrap(), merge_request());
    let without_branch = github.merge_request(&key()).await.unwrap();
    assert_eq!(without_branch.target, OLD_BASE);
    assert!(replay.seen().iter().all(|seen| seen.headers["authorization"] == format!("Bearer {TOKEN}")));
}

#[tokio::test]
async fn a_merged_pull_request_is_closed_no_more() {
    let (replay, github) = github().await;
    let mut pull = wire_pull();
    (pull["state"], pull["merged"]) = (json!("closed"), json!(true));
    replay.on(&format!("GET {REPOSITORY}/pulls/7"), reply(200, pull.clone()));
    pull["merged"] = json!(false);
    replay.on(&format!("GET {REPOSITORY}/pulls/7"), reply(200, pull));
    assert_eq!(github.merge_request(&key()).await.unwrap().state, MergeRequestState::Merged);
    assert_eq!(github.merge_request(&key()).await.unwrap().state, MergeRequestState::Closed);
}

#[tokio::test]
async fn both_kinds_of_own_comments_are_listed_in_their_order() {
    let (replay, github) = github().await;
    let of = |id: u64, user: u64, at: &str| json!({"id": id, "user": {"id": user}, "body": "b", "path": "a", "created_at": at});
    let mut answer = of(12, 42, "2026-01-03T00:00:00Z");
    answer["in_reply_to_id"] = json!(11);
    let inline = format!("GET {REPOSITORY}/pulls/7/comments");
    let next = format!("<{}anything?per_page=100&page=2>; rel=\"next\"", replay.url);
    replay.on(
        &inline,
        reply(200, json!([of(11, 42, "2026-01-02T00:00:00Z"), of(9, 3, "2026-01-01T00:00:00Z")]))
            .with("link", next),
    );
    replay.on(&inline, reply(200, json!([answer, {"id": 8, "user": null}])));
    let plain = json!([of(10, 42, "2026-01-01T00:00:00Z")]);
    replay.on(&format!("GET {REPOSITORY}/issues/7/comments"), reply(200, plain));
    let thread = json!({"id": "T1", "isResolved": true, "comments": {"nodes": [{"fullDatabaseId": "11"}]}});
    replay.on("POST /ghes/api/graphql", reply(200, threads(&thread, false)));
    let listed = github.posted(&merge_request()).await.unwrap();
    let short: Vec<_> = listed
        .iter()
        .map(|comment| {
            (comment.id.as_str(), comment.thread.as_deref(), comment.is_inline, comment.is_resolved)
        })
        .collect();
    assert_eq!(
        short,
        [
            ("issue:10", None, false, None),
            ("review:11", Some("11"), true, Some(true)),
            ("review:12", None, true, None),
        ]
    );
    let pages: Vec<_> =
        replay.seen().into_iter().filter(|seen| seen.call == inline).map(|seen| seen.query).collect();
    assert_eq!(pages, ["per_page=100", "per_page=100&page=2"]);
}

fn threads(thread: &Value, has_next: bool) -> Value {
    json!({"data": {"repository": {"pullRequest": {"reviewThreads": {
        "nodes": [thread], "pageInfo": {"hasNextPage": has_next, "endCursor": "c1"},
    }}}}})
}

#[tokio::test]
async fn a_thread_is_resolved_by_the_comment_that_opens_it() {
    let (replay, github) = github().await;
    let graphql = "POST /ghes/api/graphql";
    let other =
        json!({"id": "T1", "isResolved": false, "comments": {"nodes": [{"fullDatabaseId": "3000000001"}]}});
    let wanted =
        json!({"id": "T2", "isResolved": false, "comments": {"nodes": [{"fullDatabaseId": "3000000002"}]}});
    replay.on(graphql, reply(200, threads(&other, true))).on(graphql, reply(200, threads(&wanted, false)));
    replay
        .on(graphql, reply(200, json!({"data": {"resolveReviewThread": {"thread": {"isResolved": true}}}})));
    assert!(github.set_resolved(&merge_request(), &comment("review:3000000002"), true).await.unwrap());
    let sent = replay.bodies(graphql);
    assert_eq!(sent[0]["variables"], json!({"owner": "bank", "name": "core", "number": 7, "after": null}));
    assert_eq!(sent[1]["variables"]["after"], "c1");
    assert_eq!(sent[2]["variables"], json!({"thread": "T2"}));
    assert!(sent[2]["query"].as_str().unwrap().contains("{ resolveReviewThread("));
    assert!(!github.set_resolved(&merge_request(), &comment("issue:1"), true).await.unwrap());
    assert_eq!(replay.calls().len(), 3);
}

#[tokio::test]
async fn a_thread_that_is_as_wanted_is_left_and_an_older_server_is_asked_in_older_words() {
    let (replay, github) = github().await;
    let graphql = "POST /ghes/api/graphql";
    let unknown = "Field 'fullDatabaseId' doesn't exist on type 'PullRequestReviewComment'";
    replay.on(graphql, reply(200, json!({"errors": [{"message": unknown}]})));
    let thread = json!({"id": "T1", "isResolved": true, "comments": {"nodes": [{"databaseId": 11}]}});
    replay.on(graphql, reply(200, threads(&thread, false)));
    assert!(github.set_resolved(&merge_request(), &comment("review:11"), true).await.unwrap());
    assert_eq!(replay.calls().len(), 2);
    let error = github.set_resolved(&merge_request(), &comment("review:12"), true).await.unwrap_err();
    assert!(matches!(error, ForgeError::NotFound(_)), "{error}");
}

#[tokio::test]
async fn comments_of_both_kinds_are_edited_deleted_and_answered() {
    let (replay, github) = github().await;
    let calls = [
        format!("PATCH {REPOSITORY}/pulls/comments/11"),
        format!("PATCH {REPOSITORY}/issues/comments/12"),
        format!("DELETE {REPOSITORY}/pulls/comments/11"),
        format!("DELETE {REPOSITORY}/issues/comments/12"),
        format!("POST {REPOSITORY}/pulls/7/comments/11/replies"),
        format!("POST {REPOSITORY}/pulls/7/comments/11/replies"),
        format!("POST {REPOSITORY}/issues/7/comments"),
    ];
    for call in &calls {
        replay.on(call, reply(200, json!({"id": 1})));
    }
    let merge_request = merge_request();
    github.edit(&merge_request, &comment("review:11"), "new").await.unwrap();
    github.edit(&merge_request, &comment("issue:12"), "new").await.unwrap();
    github.delete(&merge_request, &comment("review:11")).await.unwrap();
    github.delete(&merge_request, &comment("issue:12")).await.unwrap();
    github.reply(&merge_request, Some("11"), "hi").await.unwrap();
    github.reply(&merge_request, Some("review:11"), "hi").await.unwrap();
    github.reply(&merge_request, None, "hi").await.unwrap();
    assert_eq!(replay.calls(), calls);
    for odd in ["11", "review:x", "note:1", "review:../1"] {
        assert!(github.edit(&merge_request, &comment(odd), "new").await.is_err(), "{odd}");
    }
}

#[tokio::test]
async fn a_permission_is_that_of_the_user_who_wrote_and_not_of_a_namesake() {
    use Permission::{Maintain, None, Read, Write};
    let (replay, github) = github().await;
    let call = format!("GET {REPOSITORY}/collaborators/bob/permission");
    let cases = [
        (json!({"permission": "admin", "role_name": "admin", "user": {"id": 5}}), Maintain),
        (json!({"permission": "write", "role_name": "maintain", "user": {"id": 5}}), Maintain),
        (json!({"permission": "write", "role_name": "write", "user": {"id": 5}}), Write),
        (json!({"permission": "write", "role_name": "ledger-team", "user": {"id": 5}}), Write),
        (json!({"permission": "read", "role_name": "triage", "user": {"id": 5}}), Read),
        (json!({"permission": "none", "user": {"id": 5}}), None),
        (json!({"permission": "admin", "role_name": "admin", "user": {"id": 6}}), None),
        (json!({"permission": "admin", "role_name": "admin", "user": null}), None),
    ];
    for (answer, _) in &cases {
        replay.on(&call, reply(200, answer.clone()));
    }
    for (answer, wanted) in &cases {
        assert_eq!(github.permission(&key(), "5", "bob").await.unwrap(), *wanted, "{answer}");
    }
    assert_eq!(github.permission(&key(), "5", "nobody").await.unwrap(), None);
}

#[tokio::test]
async fn an_app_asks_once_for_a_token_of_one_repository() {
    let (replay, github) = app(3600).await;
    replay.on(&format!("GET {REPOSITORY}/pulls/7"), reply(200, wire_pull()));
    github.merge_request(&key()).await.unwrap();
    let endpoint = github.git("bank/core").await.unwrap();
    let authorization = endpoint.authorization.unwrap();
    assert_eq!(
        authorization.expose_secret(),
        basic("x-access-token", &"ghs_first".to_owned().into()).expose_secret()
    );
    assert_eq!(endpoint.url.as_str(), format!("{}ghes/bank/core.git", replay.url));
    let tokens = "POST /ghes/api/v3/app/installations/5/access_tokens";
    assert_eq!(replay.bodies(tokens), [json!({"repositories": ["core"]})]);
    for seen in replay.seen() {
        let is_app = seen.call == tokens || seen.call.ends_with("/installation");
        let identity = seen.headers["authorization"].to_str().unwrap();
        assert_eq!(identity.starts_with("Bearer ey"), is_app, "{}", seen.call);
        assert_eq!(identity == "Bearer ghs_first", !is_app, "{}", seen.call);
    }
}

#[tokio::test]
async fn a_token_that_is_about_to_end_or_was_rejected_is_asked_for_anew() {
    let (replay, github) = app(30).await;
    github.git("bank/core").await.unwrap();
    github.git("bank/core").await.unwrap();
    let tokens = "POST /ghes/api/v3/app/installations/5/access_tokens";
    assert_eq!(replay.bodies(tokens).len(), 2);

    let (replay, github) = app(3600).await;
    let pull = format!("GET {REPOSITORY}/pulls/7");
    replay
        .on(&pull, reply(401, json!({"message": "Bad credentials ghs_first"})))
        .on(&pull, reply(200, wire_pull()));
    let error = github.merge_request(&key()).await.unwrap_err();
    assert!(matches!(error, ForgeError::Unauthenticated(_)), "{error}");
    assert!(!error.to_string().contains("ghs_first"), "{error}");
    github.merge_request(&key()).await.unwrap();
    assert_eq!(replay.seen().last().unwrap().headers["authorization"], "Bearer ghs_second");
}

#[tokio::test]
async fn an_app_is_its_bot_and_watches_all_that_it_is_installed_in() {
    let (replay, github) = app(3600).await;
    let installations =
        json!([{"id": 4, "suspended_at": "2026-01-01T00:00:00Z"}, {"id": 5, "suspended_at": null}]);
    replay.on("GET /ghes/api/v3/app", reply(200, json!({"id": 99, "slug": "countersign"})));
    replay.on("GET /ghes/api/v3/app/installations", reply(200, installations));
    replay.on("GET /ghes/api/v3/users/countersign%5Bbot%5D", reply(200, json!({"id": 4242})));
    assert_eq!(github.own_user().await.unwrap(), "4242");
    assert_eq!(github.own_user().await.unwrap(), "4242");
    let repositories = json!({"repositories": [
        {"full_name": "bank/core"}, {"full_name": "bank/closed"}, {"full_name": "bank/old", "archived": true},
    ]});
    replay.on("GET /ghes/api/v3/installation/repositories", reply(200, repositories));
    replay.on(&format!("GET {REPOSITORY}/pulls"), reply(200, json!([wire_pull()])));
    let open = github.open_merge_requests().await.unwrap();
    let key = key();
    assert_eq!(
        open,
        [OpenMergeRequest {
            key,
            head: HEAD.to_owned(),
            target_branch: "release/1".to_owned(),
            is_draft: false
        }]
    );
    let calls = replay.calls();
    assert_eq!(calls.iter().filter(|call| call.ends_with("/access_tokens")).count(), 1);
    assert!(calls.contains(&"GET /ghes/api/v3/repos/bank/closed/pulls".to_owned()));
    assert!(!calls.iter().any(|call| call.contains("bank/old")));
}

#[tokio::test]
async fn what_merges_into_one_branch_is_asked_for_alone() {
    let (replay, github) = github().await;
    let mut other = wire_pull();
    other["base"]["ref"] = json!("main");
    replay.on(&format!("GET {REPOSITORY}/pulls"), reply(200, json!([wire_pull(), other])));
    let open = github.open_into("bank/core", "release/1").await.unwrap();
    assert_eq!(open.iter().map(|open| &open.key).collect::<Vec<_>>(), [&key()]);
    assert!(replay.seen()[0].query.contains("base=release%2F1"), "{}", replay.seen()[0].query);
}

#[test]
fn an_app_key_that_is_none_is_named_and_not_told() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("app.pem");
    std::fs::write(&file, "no key but a secret").unwrap();
    let config = config::Github {
        url: Url::parse("https://github.com").unwrap(),
        token_file: None,
        app_id: Some(1),
        private_key_file: Some(file),
        webhook_secret_files: Vec::new(),
        repositories: Vec::new(),
    };
    let error = Github::new(http::client(&Network::default()).unwrap(), &config).err().unwrap();
    let told = format!("{error:#}");
    assert!(told.contains("app.pem") && !told.contains("but a secret"), "{told}");
}
