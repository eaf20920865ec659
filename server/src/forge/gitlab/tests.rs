//! GitLab's client against replayed answers.

use serde_json::{Value, json};

use super::*;
use crate::config::Network;
use crate::forge::http;
use crate::forge::replay::{Replay, reply, text};
use crate::forge::{AnchorKind, ChangedPath, CheckDetail, Light, LineAnchor};
use crate::merge_request::MergeRequestState;

const HEAD: &str = "8e0b45049b6253b8984cde9241830d2851168142";
const BASE: &str = "dd692733bb84bc3e9e862e66c099daec2fa00c83";
const TIP: &str = "1111111111111111111111111111111111111111";
const TOKEN: &str = "glpat-not-a-real-one";

/// The path of the merge request that all tests are about.
const MERGE_REQUEST: &str = "/git/api/v4/projects/bank%2Fcore%2Fledger/merge_requests/7";

async fn gitlab() -> (Replay, Gitlab) {
    let replay = Replay::start().await;
    let folder = tempfile::tempdir().unwrap();
    let token_file = folder.path().join("token");
    std::fs::write(&token_file, format!("{TOKEN}\n")).unwrap();
    let config = TokenForge {
        url: replay.url.join("git").unwrap(),
        token_file,
        webhook_secret_files: Vec::new(),
        repositories: vec!["bank/core/ledger".to_owned(), "bank/gone".to_owned()],
    };
    let mut gitlab = Gitlab::new(http::client(&Network::default()).unwrap(), &config).unwrap();
    gitlab.version_pause = Duration::from_millis(1);
    replay.on("GET /git/api/v4/user", reply(200, json!({"id": 42, "username": "countersign"})));
    (replay, gitlab)
}

fn key() -> MergeRequestKey {
    MergeRequestKey { forge: ForgeKind::Gitlab, repository: "bank/core/ledger".to_owned(), number: 7 }
}

fn merge_request() -> MergeRequest {
    MergeRequest {
        key: key(),
        state: MergeRequestState::Open,
        is_draft: false,
        head: HEAD.to_owned(),
        target_branch: "main".to_owned(),
        target: TIP.to_owned(),
        source_branch: "feat".to_owned(),
        author: "3".to_owned(),
        labels: Vec::new(),
        web_url: String::new(),
    }
}

/// A merge request as old versions tell it, without `draft`.
fn wire_merge_request() -> Value {
    json!({
        "iid": 7, "state": "opened", "work_in_progress": true, "sha": HEAD, "target_branch": "main",
        "source_branch": "feat", "author": {"id": 3}, "labels": ["risk", {"name": "ledger"}],
        "web_url": "https://gitlab.bank.example/bank/core/ledger/-/merge_requests/7",
        "diff_refs": {"base_sha": BASE, "head_sha": HEAD, "start_sha": BASE},
    })
}

fn comment(body: &str, placement: Placement) -> NewComment {
    NewComment { body: body.to_owned(), placement }
}

fn ledger() -> ChangedPath {
    ChangedPath { base: "ledger.rs".to_owned(), head: "ledger.rs".to_owned(), is_new: false }
}

fn added(head: u32) -> Placement {
    let line = LineAnchor { kind: AnchorKind::Added, base: 12, head };
    Placement::Lines { file: ledger(), start: line, end: line }
}

fn versions() -> Value {
    json!([
        {"id": 3, "head_commit_sha": "9".repeat(40), "base_commit_sha": BASE, "start_commit_sha": BASE},
        {"id": 2, "head_commit_sha": HEAD, "base_commit_sha": BASE, "start_commit_sha": TIP},
    ])
}

fn posted(id: u64) -> Value {
    json!({"id": "6a9c", "individual_note": false, "notes": [{"id": id, "author": {"id": 42}}]})
}

#[tokio::test]
async fn a_merge_request_is_waited_for_until_its_version_is_computed() {
    let (replay, gitlab) = gitlab().await;
    let path = format!("GET {MERGE_REQUEST}");
    let mut none = wire_merge_request();
    none["diff_refs"] = Value::Null;
    let mut lagging = wire_merge_request();
    lagging["diff_refs"]["head_sha"] = json!(BASE);
    replay
        .on(&path, reply(200, none))
        .on(&path, reply(200, lagging))
        .on(&path, reply(200, wire_merge_request()));
    let tip = "GET /git/api/v4/projects/bank%2Fcore%2Fledger/repository/branches/main";
    replay.on(tip, reply(200, json!({"name": "main", "commit": {"id": TIP}})));
    let found = gitlab.merge_request(&key()).await.unwrap();
    let wanted = MergeRequest {
        is_draft: true,
        labels: vec!["risk".to_owned(), "ledger".to_owned()],
        web_url: "https://gitlab.bank.example/bank/core/ledger/-/merge_requests/7".to_owned(),
        ..merge_request()
    };
    assert_eq!(found, wanted);
    assert_eq!(replay.calls(), [&path, &path, &path, tip]);
    assert!(replay.seen().iter().all(|seen| seen.headers["private-token"] == TOKEN));
}

#[tokio::test]
async fn a_merge_request_that_is_never_computed_is_unavailable() {
    let (replay, gitlab) = gitlab().await;
    let mut empty = wire_merge_request();
    empty["sha"] = Value::Null;
    replay.on(&format!("GET {MERGE_REQUEST}"), reply(200, empty));
    let error = gitlab.merge_request(&key()).await.unwrap_err();
    assert!(matches!(error, ForgeError::Unavailable(_)), "{error}");
    assert_eq!(replay.calls().len(), 4);
}

#[tokio::test]
async fn comments_stand_in_the_version_that_was_reviewed() {
    let (replay, gitlab) = gitlab().await;
    replay.on(&format!("GET {MERGE_REQUEST}/versions"), reply(200, versions()));
    let discussions = format!("POST {MERGE_REQUEST}/discussions");
    let notes = format!("POST {MERGE_REQUEST}/notes");
    replay.on(&discussions, reply(201, posted(501))).on(&discussions, reply(201, posted(502)));
    replay.on(&notes, reply(201, json!({"id": 503})));
    let comments = [
        comment("one", added(10)),
        comment("summary", Placement::MergeRequest),
        comment("two", Placement::File(ledger())),
    ];
    let outcomes = gitlab.post(&merge_request(), &comments).await;
    assert_eq!(format!("{outcomes:?}"), r#"[Posted("501"), Posted("503"), Posted("502")]"#);
    assert_eq!(
        replay.bodies(&discussions)[0],
        json!({"body": "one", "position": {
            "position_type": "text", "base_sha": BASE, "start_sha": TIP, "head_sha": HEAD,
            "old_path": "ledger.rs", "new_path": "ledger.rs", "new_line": 10,
        }})
    );
    assert_eq!(replay.bodies(&discussions)[1]["position"]["position_type"], "file");
    assert_eq!(replay.bodies(&notes), [json!({"body": "summary"})]);
}

#[tokio::test]
async fn a_bad_place_costs_one_comment() {
    let (replay, gitlab) = gitlab().await;
    replay.on(&format!("GET {MERGE_REQUEST}/versions"), reply(200, versions()));
    let discussions = format!("POST {MERGE_REQUEST}/discussions");
    let why = r#"400 Bad request - Note {:line_code=>["can't be blank", "must be a valid line code"]}"#;
    replay.on(&discussions, reply(400, json!({"message": why})));
    replay.on(&discussions, reply(400, json!({"message": {"note": ["is too long"]}})));
    replay.on(&discussions, reply(201, posted(503)));
    let comments = [comment("1", added(999)), comment("2", added(10)), comment("3", added(11))];
    let outcomes = gitlab.post(&merge_request(), &comments).await;
    assert!(
        matches!(&outcomes[..], [PostOutcome::Misplaced(_), PostOutcome::Refused(_), PostOutcome::Posted(_)]),
        "{outcomes:?}"
    );
}

#[tokio::test]
async fn after_a_failure_the_rest_is_not_tried() {
    for (answer, is_in_doubt) in
        [(text(502, ""), true), (reply(201, posted(1)).cut(), true), (text(429, ""), false)]
    {
        let (replay, gitlab) = gitlab().await;
        replay.on(&format!("GET {MERGE_REQUEST}/versions"), reply(200, versions()));
        let discussions = format!("POST {MERGE_REQUEST}/discussions");
        replay.on(&discussions, answer);
        let comments = [comment("1", added(9)), comment("2", Placement::MergeRequest)];
        let outcomes = gitlab.post(&merge_request(), &comments).await;
        assert_eq!(matches!(outcomes[0], PostOutcome::InDoubt(_)), is_in_doubt, "{outcomes:?}");
        assert!(matches!(outcomes[1], PostOutcome::Refused(_)), "{outcomes:?}");
        assert_eq!(replay.bodies(&discussions).len(), 1);
        assert_eq!(replay.calls().len(), 2);
    }
}

#[tokio::test]
async fn without_a_version_plain_comments_are_posted_still() {
    let (replay, gitlab) = gitlab().await;
    replay.on(&format!("GET {MERGE_REQUEST}/versions"), reply(404, json!({})));
    replay.on(&format!("POST {MERGE_REQUEST}/notes"), reply(201, json!({"id": 9})));
    let comments = [comment("1", added(9)), comment("2", Placement::MergeRequest)];
    let outcomes = gitlab.post(&merge_request(), &comments).await;
    assert!(matches!(&outcomes[..], [PostOutcome::Refused(_), PostOutcome::Posted(_)]), "{outcomes:?}");
}

#[tokio::test]
async fn only_own_notes_are_listed() {
    let (replay, gitlab) = gitlab().await;
    let discussions = format!("GET {MERGE_REQUEST}/discussions");
    let of = |author: u64, id: u64| {
        json!({"id": id, "type": "DiffNote", "body": "x", "author": {"id": author}, "system": false,
               "resolvable": true, "resolved": true})
    };
    let first = json!([
        {"id": "aaa", "notes": [of(42, 11), of(3, 12), of(42, 13)]},
        {"id": "bbb", "notes": [of(3, 9), of(42, 14)]},
    ]);
    let second = json!([
        {"id": "ccc", "individual_note": true, "notes": [{"id": 10, "author": {"id": 42}, "system": false}]},
        {"id": "ddd", "notes": [{"id": 8, "body": "added 1 commit", "author": {"id": 42}, "system": true}]},
    ]);
    replay.on(&discussions, reply(200, first).with("x-next-page", "2")).on(&discussions, reply(200, second));
    let listed = gitlab.posted(&merge_request()).await.unwrap();
    let short: Vec<_> = listed
        .iter()
        .map(|comment| {
            (comment.id.as_str(), comment.thread.as_deref(), comment.is_inline, comment.is_resolved)
        })
        .collect();
    assert_eq!(
        short,
        [
            ("10", None, false, None),
            ("11", Some("aaa"), true, Some(true)),
            ("13", None, true, Some(true)),
            ("14", None, true, Some(true)),
        ]
    );
    assert!(listed.iter().all(|comment| comment.author == "42"));
}

#[tokio::test]
async fn a_comment_is_edited_resolved_answered_and_deleted() {
    let (replay, gitlab) = gitlab().await;
    let comment = PostedComment {
        id: "11".to_owned(),
        thread: Some("aaa".to_owned()),
        author: "42".to_owned(),
        body: String::new(),
        is_inline: true,
        is_resolved: Some(false),
    };
    let plain = PostedComment { thread: None, ..comment.clone() };
    let calls = [
        format!("PUT {MERGE_REQUEST}/notes/11"),
        format!("PUT {MERGE_REQUEST}/discussions/aaa"),
        format!("POST {MERGE_REQUEST}/discussions/aaa/notes"),
        format!("POST {MERGE_REQUEST}/notes"),
        format!("DELETE {MERGE_REQUEST}/discussions/aaa/notes/11"),
        format!("DELETE {MERGE_REQUEST}/notes/11"),
    ];
    for call in &calls {
        replay.on(call, reply(200, json!({"id": 1})));
    }
    let merge_request = merge_request();
    gitlab.edit(&merge_request, &comment, "new").await.unwrap();
    assert!(gitlab.set_resolved(&merge_request, &comment, true).await.unwrap());
    assert!(!gitlab.set_resolved(&merge_request, &plain, true).await.unwrap());
    gitlab.reply(&merge_request, Some("aaa"), "hi").await.unwrap();
    gitlab.reply(&merge_request, None, "hi").await.unwrap();
    gitlab.delete(&merge_request, &comment).await.unwrap();
    gitlab.delete(&merge_request, &plain).await.unwrap();
    assert_eq!(replay.calls(), calls);
    assert_eq!(replay.bodies(&calls[1]), [json!({"resolved": true})]);
}

fn status(light: Light) -> CommitStatus {
    CommitStatus {
        commit: HEAD.to_owned(),
        light,
        description: "é".repeat(200),
        url: Some("https://countersign.bank.example/r/1".to_owned()),
        check: CheckDetail::default(),
    }
}

#[tokio::test]
async fn a_status_belongs_to_the_pipeline_of_its_commit() {
    let (replay, gitlab) = gitlab().await;
    let path = format!("GET {MERGE_REQUEST}");
    let statuses = format!("POST /git/api/v4/projects/bank%2Fcore%2Fledger/statuses/{HEAD}");
    let mut with_pipeline = wire_merge_request();
    with_pipeline["head_pipeline"] = json!({"id": 77, "sha": HEAD, "ref": "refs/merge-requests/7/head"});
    let mut of_older_commit = wire_merge_request();
    of_older_commit["head_pipeline"] = json!({"id": 76, "sha": BASE, "ref": "feat"});
    let mut from_fork = wire_merge_request();
    (from_fork["source_project_id"], from_fork["target_project_id"]) = (json!(1), json!(2));
    for answer in [with_pipeline, of_older_commit, from_fork] {
        replay.on(&path, reply(200, answer));
    }
    replay.on(&statuses, reply(201, json!({})));
    for light in [Light::Pending, Light::Green, Light::Red] {
        gitlab.set_status(&merge_request(), &status(light)).await.unwrap();
    }
    let sent = replay.bodies(&statuses);
    let short = |body: &Value| (body["state"].clone(), body["ref"].clone(), body["pipeline_id"].clone());
    assert_eq!(short(&sent[0]), (json!("running"), json!("refs/merge-requests/7/head"), json!(77)));
    assert_eq!(short(&sent[1]), (json!("success"), json!("feat"), Value::Null));
    assert_eq!(short(&sent[2]), (json!("failed"), json!("refs/merge-requests/7/head"), Value::Null));
    assert_eq!(sent[0]["description"].as_str().unwrap().chars().count(), 140);
}

#[tokio::test]
async fn a_status_that_stands_already_is_a_success_and_another_colour_is_not() {
    let (replay, gitlab) = gitlab().await;
    replay.on(&format!("GET {MERGE_REQUEST}"), reply(200, wire_merge_request()));
    let statuses = format!("POST /git/api/v4/projects/bank%2Fcore%2Fledger/statuses/{HEAD}");
    let why = json!({"message": "Cannot transition status via :run from :running (Reason(s): ...)"});
    replay.on(&statuses, reply(400, why));
    gitlab.set_status(&merge_request(), &status(Light::Pending)).await.unwrap();
    gitlab.set_status(&merge_request(), &status(Light::Red)).await.unwrap_err();
}

#[tokio::test]
async fn a_member_may_what_the_access_level_says() {
    let (replay, gitlab) = gitlab().await;
    let members = "/git/api/v4/projects/bank%2Fcore%2Fledger/members/all";
    let cases = [
        (json!({"id": 5, "access_level": 50}), Permission::Maintain),
        (json!({"id": 5, "access_level": 40}), Permission::Maintain),
        (json!({"id": 5, "access_level": 30, "state": "active"}), Permission::Write),
        (json!({"id": 5, "access_level": 20}), Permission::Read),
        (json!({"id": 5, "access_level": 10}), Permission::Read),
        (json!({"id": 5, "access_level": 5}), Permission::None),
        (json!({"id": 6, "access_level": 50}), Permission::None),
        (json!({"id": 5, "access_level": 50, "state": "blocked"}), Permission::None),
        (json!({"id": 5, "access_level": 50, "membership_state": "awaiting"}), Permission::None),
    ];
    for (member, _) in &cases {
        replay.on(&format!("GET {members}/5"), reply(200, member.clone()));
    }
    for (member, wanted) in &cases {
        assert_eq!(gitlab.permission(&key(), "5", "eve").await.unwrap(), *wanted, "{member}");
    }
    assert_eq!(gitlab.permission(&key(), "8", "eve").await.unwrap(), Permission::None);
    replay.on(&format!("GET {members}/9"), text(403, ""));
    assert!(gitlab.permission(&key(), "9", "eve").await.is_err());
}

#[tokio::test]
async fn a_project_that_is_gone_does_not_hide_the_others() {
    let (replay, gitlab) = gitlab().await;
    let list = "GET /git/api/v4/projects/bank%2Fcore%2Fledger/merge_requests";
    replay.on(list, reply(200, json!([wire_merge_request()])));
    let open = gitlab.open_merge_requests().await.unwrap();
    let wanted = OpenMergeRequest {
        key: key(),
        head: HEAD.to_owned(),
        target_branch: "main".to_owned(),
        is_draft: true,
    };
    assert_eq!(open, [wanted]);
    assert_eq!(replay.calls().len(), 2);
}

#[tokio::test]
async fn what_merges_into_one_branch_is_asked_for_alone() {
    let (replay, gitlab) = gitlab().await;
    let list = "GET /git/api/v4/projects/bank%2Fcore%2Fledger/merge_requests";
    let mut other = wire_merge_request();
    other["target_branch"] = json!("release");
    for _ in 0..2 {
        replay.on(list, reply(200, json!([wire_merge_request(), other])));
    }
    let into_main = gitlab.open_into("bank/core/ledger", "main").await.unwrap();
    assert_eq!(into_main.iter().map(|open| &open.key).collect::<Vec<_>>(), [&key()]);
    assert_eq!(gitlab.open_into("bank/core/ledger", "feature").await.unwrap(), []);
    assert!(replay.seen()[0].query.contains("target_branch=main"));
    assert_eq!(gitlab.open_into("bank/gone", "main").await.unwrap(), [], "it was closed to us meanwhile");
}

#[tokio::test]
async fn objects_are_fetched_with_the_token_from_the_forges_own_address() {
    let (replay, gitlab) = gitlab().await;
    let endpoint = gitlab.git("bank/core/ledger").await.unwrap();
    assert_eq!(endpoint.url.as_str(), format!("{}git/bank/core/ledger.git", replay.url));
    let shown = format!("{endpoint:?}");
    assert!(!shown.contains("Basic") && !shown.contains(TOKEN), "{shown}");
    assert!(gitlab.git("bank/../core").await.is_err());
}
