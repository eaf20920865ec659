//! Gitea's client against answers of a real server and others made after them.

use serde_json::{Value, json};

use super::*;
use crate::config::Network;
use crate::forge::http;
use crate::forge::replay::{Replay, reply, text};
use crate::forge::{ChangedPath, CheckDetail, LineAnchor};
use crate::merge_request::MergeRequestState;

const PULL: &str = include_str!("../../../../tests/fixtures/forges/gitea/api.pull.json");
const REVIEWS: &str = include_str!("../../../../tests/fixtures/forges/gitea/api.reviews.list.json");
const REVIEW_COMMENTS: &str =
    include_str!("../../../../tests/fixtures/forges/gitea/api.review1.comments.json");

const REPOSITORY: &str = "/git/api/v1/repos/bank/core";

async fn gitea() -> (Replay, Gitea) {
    let replay = Replay::start().await;
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, "0123abcd\n").unwrap();
    let config = TokenForge {
        url: replay.url.join("git/").unwrap(),
        token_file,
        webhook_secret_files: Vec::new(),
        repositories: vec!["bank/core".to_owned()],
    };
    let gitea = Gitea::new(http::client(&Network::default()).unwrap(), &config).unwrap();
    replay.on("GET /git/api/v1/user", reply(200, json!({"id": 2, "login": "alice"})));
    (replay, gitea)
}

fn key() -> MergeRequestKey {
    MergeRequestKey { forge: ForgeKind::Gitea, repository: "bank/core".to_owned(), number: 1 }
}

fn merge_request() -> MergeRequest {
    MergeRequest {
        key: key(),
        state: MergeRequestState::Open,
        is_draft: false,
        head: "f3dbc9d63c04ff7bb60b328edc141623b2a13c72".to_owned(),
        target_branch: "main".to_owned(),
        target: "5d45f7751c1a894aa541b110fc75f6c99d37506a".to_owned(),
        source_branch: "feat".to_owned(),
        author: "1".to_owned(),
        labels: Vec::new(),
        web_url: "http://127.0.0.1:3900/bank/core/pulls/1".to_owned(),
    }
}

fn at(body: &str, kind: AnchorKind, base: u32, head: u32) -> NewComment {
    let line = LineAnchor { kind, base, head };
    let file = ChangedPath { base: "book.rs".to_owned(), head: "ledger.rs".to_owned(), is_new: false };
    let start = LineAnchor { kind: AnchorKind::Context, base: 1, head: 1 };
    NewComment { body: body.to_owned(), placement: Placement::Lines { file, start, end: line } }
}

fn plain(body: &str) -> NewComment {
    NewComment { body: body.to_owned(), placement: Placement::MergeRequest }
}

#[tokio::test]
async fn a_pull_request_is_read_as_a_real_server_tells_it() {
    let (replay, gitea) = gitea().await;
    replay.on(&format!("GET {REPOSITORY}/pulls/1"), text(200, PULL));
    assert_eq!(gitea.merge_request(&key()).await.unwrap(), merge_request());
    assert_eq!(replay.seen()[0].headers["authorization"], "token 0123abcd");
}

#[tokio::test]
async fn a_draft_is_known_by_its_title_where_the_server_does_not_say() {
    for (title, is_draft) in
        [("WIP: x", true), ("[wip] x", true), ("Wiper", false), ("é", false), ("x WIP:", false)]
    {
        let (replay, gitea) = gitea().await;
        let mut pull: Value = serde_json::from_str(PULL).unwrap();
        pull["title"] = json!(title);
        replay.on(&format!("GET {REPOSITORY}/pulls"), reply(200, json!([pull])));
        let open = gitea.open_merge_requests().await.unwrap();
        assert_eq!(open[0].is_draft, is_draft, "{title}");
        assert_eq!((&open[0].key, &open[0].head), (&key(), &merge_request().head));
    }
}

#[tokio::test]
async fn what_merges_into_one_branch_is_picked_where_the_server_lists_all() {
    let (replay, gitea) = gitea().await;
    let mut other: Value = serde_json::from_str(PULL).unwrap();
    other["base"]["ref"] = json!("release");
    let pull: Value = serde_json::from_str(PULL).unwrap();
    let branch = merge_request().target_branch;
    replay.on(&format!("GET {REPOSITORY}/pulls"), reply(200, json!([other, pull])));
    let open = gitea.open_into("bank/core", &branch).await.unwrap();
    assert_eq!(open.iter().map(|open| &open.key).collect::<Vec<_>>(), [&key()]);
    assert!(replay.seen()[0].query.contains(&format!("base_branch={branch}")));
}

#[tokio::test]
async fn own_comments_are_gathered_from_reviews_and_from_the_conversation() {
    let (replay, gitea) = gitea().await;
    let reviews: Vec<Value> = serde_json::from_str(REVIEWS).unwrap();
    let pull = format!("GET {REPOSITORY}/pulls/1/reviews");
    replay.on(
        &pull,
        reply(200, json!([reviews[0]]))
            .with("link", format!("<{}x?page=2&limit=50>; rel=\"next\"", replay.url)),
    );
    let mut of_others = reviews[1].clone();
    of_others["user"]["id"] = json!(77);
    replay.on(&pull, reply(200, json!([of_others])));
    replay.on(&format!("{pull}/1/comments"), text(200, REVIEW_COMMENTS));
    let conversation = json!([
        {"id": 1, "body": "summary", "user": {"id": 2}},
        {"id": 4, "body": "not mine", "user": {"id": 77}},
        {"id": 5, "body": "of nobody", "user": null},
    ]);
    replay.on(&format!("GET {REPOSITORY}/issues/1/comments"), reply(200, conversation));
    let listed = gitea.posted(&merge_request()).await.unwrap();
    let short: Vec<_> = listed
        .iter()
        .map(|comment| (comment.id.as_str(), comment.body.as_str(), comment.is_inline, comment.is_resolved))
        .collect();
    assert_eq!(short, [("1", "summary", false, None), ("2", "on added", true, Some(false))]);
}

#[tokio::test]
async fn comments_beside_lines_are_one_review_with_lines_of_the_file() {
    let (replay, gitea) = gitea().await;
    let reviews = format!("{REPOSITORY}/pulls/1/reviews");
    replay.on(&format!("POST {reviews}"), reply(200, json!({"id": 9, "comments_count": 3})));
    let stored = json!([
        {"id": 31, "path": "ledger.rs", "body": "context"},
        {"id": 30, "path": "ledger.rs", "body": "added\r\nin two lines "},
        {"id": 32, "path": "book.rs", "body": "removed"},
    ]);
    replay.on(&format!("GET {reviews}/9/comments"), reply(200, stored));
    replay.on(&format!("POST {REPOSITORY}/issues/1/comments"), reply(201, json!({"id": 33})));
    let file = ChangedPath { base: "a".to_owned(), head: "a".to_owned(), is_new: true };
    let comments = [
        at("added\nin two lines", AnchorKind::Added, 12, 10),
        plain("summary"),
        at("context", AnchorKind::Context, 13, 11),
        NewComment { body: "file".to_owned(), placement: Placement::File(file) },
        at("removed", AnchorKind::Removed, 11, 10),
    ];
    let outcomes = gitea.post(&merge_request(), &comments).await;
    assert_eq!(
        format!("{outcomes:?}"),
        r#"[Posted("30"), Posted("33"), Posted("31"), Misplaced("Gitea has no comments on whole files"), Posted("32")]"#
    );
    assert_eq!(
        replay.bodies(&format!("POST {reviews}")),
        [json!({"event": "COMMENT", "commit_id": merge_request().head, "comments": [
            {"path": "ledger.rs", "body": "added\nin two lines", "new_position": 10, "old_position": 0},
            {"path": "ledger.rs", "body": "context", "new_position": 11, "old_position": 0},
            {"path": "book.rs", "body": "removed", "new_position": 0, "old_position": 11},
        ]})]
    );
}

#[tokio::test]
async fn a_review_whose_answer_is_lost_is_in_doubt_and_not_sent_again() {
    let (replay, gitea) = gitea().await;
    let reviews = format!("POST {REPOSITORY}/pulls/1/reviews");
    replay.on(&reviews, text(502, "Bad Gateway"));
    let comments = [at("1", AnchorKind::Added, 1, 1), plain("2"), at("3", AnchorKind::Added, 1, 2)];
    let outcomes = gitea.post(&merge_request(), &comments).await;
    assert!(
        matches!(&outcomes[..], [PostOutcome::InDoubt(_), PostOutcome::Refused(_), PostOutcome::InDoubt(_)]),
        "{outcomes:?}"
    );
    assert_eq!(replay.calls(), [reviews]);
}

#[tokio::test]
async fn a_review_that_cannot_be_looked_into_is_in_doubt() {
    let (replay, gitea) = gitea().await;
    let reviews = format!("{REPOSITORY}/pulls/1/reviews");
    replay.on(&format!("POST {reviews}"), reply(200, json!({"id": 9})));
    replay.on(
        &format!("GET {reviews}/9/comments"),
        reply(200, json!([{"id": 30, "path": "ledger.rs", "body": "1"}])),
    );
    let comments = [at("1", AnchorKind::Added, 1, 1), at("2", AnchorKind::Added, 1, 2)];
    let outcomes = gitea.post(&merge_request(), &comments).await;
    assert!(matches!(&outcomes[..], [PostOutcome::Posted(_), PostOutcome::InDoubt(_)]), "{outcomes:?}");
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_an_error() {
    let (replay, gitea) = gitea().await;
    let call = format!("PATCH {REPOSITORY}/issues/comments/30");
    replay.on(&call, reply(200, json!({"id": 30}))).on(&call, text(204, ""));
    let comment = PostedComment {
        id: "30".to_owned(),
        thread: None,
        author: "2".to_owned(),
        body: String::new(),
        is_inline: true,
        is_resolved: None,
    };
    gitea.edit(&merge_request(), &comment, "new").await.unwrap();
    gitea.edit(&merge_request(), &comment, "new").await.unwrap_err();
    assert_eq!(replay.bodies(&call)[0], json!({"body": "new"}));
    assert!(!gitea.set_resolved(&merge_request(), &comment, true).await.unwrap());
}

#[tokio::test]
async fn a_status_has_one_of_three_colours() {
    let (replay, gitea) = gitea().await;
    let call = format!("POST {REPOSITORY}/statuses/{}", merge_request().head);
    replay.on(&call, reply(201, json!({})));
    for light in [Light::Pending, Light::Green, Light::Red] {
        let status = CommitStatus {
            commit: merge_request().head,
            light,
            description: "2 findings".to_owned(),
            url: None,
            check: CheckDetail::default(),
        };
        gitea.set_status(&merge_request(), &status).await.unwrap();
    }
    let states: Vec<_> = replay.bodies(&call).iter().map(|body| body["state"].clone()).collect();
    assert_eq!(states, ["pending", "success", "failure"]);
    assert_eq!(replay.bodies(&call)[0]["context"], "countersign");
}

#[tokio::test]
async fn a_permission_is_that_of_the_user_who_wrote_and_not_of_a_namesake() {
    let (replay, gitea) = gitea().await;
    let call = format!("GET {REPOSITORY}/collaborators/bob/permission");
    for (permission, user) in
        [("owner", 5), ("admin", 5), ("write", 5), ("read", 5), ("none", 5), ("admin", 6)]
    {
        replay.on(&call, reply(200, json!({"permission": permission, "user": {"id": user}})));
    }
    let mut permissions = Vec::new();
    for _ in 0..6 {
        permissions.push(gitea.permission(&key(), "5", "bob").await.unwrap());
    }
    use Permission::{Maintain, None, Read, Write};
    assert_eq!(permissions, [Maintain, Maintain, Write, Read, None, None]);
    assert_eq!(gitea.permission(&key(), "5", "nobody").await.unwrap(), None);
}
