//! What travels between: git, pages, faults, limits, the log.

use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tests::harness::{Access, Fault, Kind, Plan};

use super::{ask, bank, bearer};

fn git(folder: &std::path::Path, authorization: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new("git");
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_TERMINAL_PROMPT", "0").current_dir(folder);
    command.args(["-c", &format!("http.extraHeader=Authorization: {authorization}")]).args(arguments);
    command.output().expect("git runs").status.success()
}

fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

#[test]
fn the_repository_is_fetched_with_a_token_and_not_without() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind).under("/code"));
        let folder = tempfile::tempdir().unwrap();
        let first = forge.tip("feature");
        forge.force_push("feature", &forge.tip("main"), [("ledger.rs", "new\n")]);
        assert!(git(folder.path(), "", &["init", "-q"]));
        let fetch = |authorization: &str| {
            git(folder.path(), authorization, &["fetch", "-q", &forge.git_url(), &first])
        };
        assert!(!fetch("Basic bm9ib2R5Og=="), "{kind:?}: nobody may read");
        assert!(!fetch(&bearer(kind, &forge.token())), "{kind:?}: git wants Basic");
        forge.person("stranger", Access::None);
        let stranger = forge.person("stranger", Access::None);
        assert!(!fetch(&basic("stranger", &stranger)), "{kind:?}: a stranger may not read");
        assert!(fetch(&basic("anybody", &forge.token())), "{kind:?}: a commit that no branch has");
        assert!(git(folder.path(), "", &["cat-file", "-e", &first]));
    }
}

#[test]
fn lists_come_in_pages_that_name_the_next_one() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind));
        for number in 0..7 {
            forge.commit(&format!("other{number}"), [("other.txt", number.to_string())]);
            forge.open_merge_request(&format!("other{number}"), "main", "alice");
        }
        let (mut path, size) = match kind {
            Kind::Github => ("/repos/bank/core/pulls?per_page=100".to_owned(), 3),
            Kind::Gitlab => ("/projects/bank%2Fcore/merge_requests?state=opened&per_page=2".to_owned(), 2),
            Kind::Gitea => ("/repos/bank/core/pulls?limit=50".to_owned(), 3),
        };
        let mut seen = Vec::new();
        loop {
            let page = ask(&forge, "GET", &path, &Value::Null);
            let items = page.json().as_array().unwrap().clone();
            assert!(items.len() <= size);
            seen.extend(
                items.iter().map(|item| item.get("iid").unwrap_or(&item["number"]).as_u64().unwrap()),
            );
            let link = page.header("link").unwrap_or_default().to_owned();
            let next = link.split(", ").find(|link| link.ends_with("rel=\"next\""));
            if kind == Kind::Gitlab {
                assert_eq!(next.is_none(), page.header("x-next-page") == Some(""));
            }
            let Some(next) = next else { break };
            let next = next.split(['<', '>']).nth(1).unwrap();
            path = next.split_once("/api/v").unwrap().1[1..].to_owned();
        }
        assert_eq!(seen, [8, 7, 6, 5, 4, 3, 2, 1], "{kind:?}");
    }
}

/// Posts a comment in the conversation; `None` where no whole answer came.
fn post(forge: &tests::harness::FakeForge, text: &str) -> Option<u16> {
    let token = bearer(Kind::Gitea, &forge.token());
    let path = "/api/v1/repos/bank/core/issues/1/comments";
    forge.try_ask(&token, "POST", path, &json!({ "body": text })).ok().map(|answer| answer.status)
}

#[test]
fn faults_are_played_once_each_at_their_route() {
    let forge = bank(Plan::new(Kind::Gitea));
    let before_commit = [
        (Fault::Unprocessable("no".to_owned()), Some(422)),
        (Fault::Forbidden(Some(1)), Some(403)),
        (Fault::TooManyRequests(None), Some(429)),
        (Fault::InternalError, Some(500)),
        (Fault::BadGateway, Some(502)),
        (Fault::Closed, None),
    ];
    for (fault, status) in before_commit {
        forge.inject("POST issues/*/comments", std::slice::from_ref(&fault));
        assert_eq!(ask(&forge, "GET", "/repos/bank/core/issues/1/comments", &Value::Null).status, 200);
        assert_eq!(post(&forge, "text"), status, "{fault:?}");
        assert!(forge.faults_are_played());
        assert_eq!(forge.comments(1).len(), 0, "{fault:?} comes before the forge");
    }
    assert_eq!(post(&forge, "text"), Some(201));
}

#[test]
fn some_faults_come_after_the_forge_did_it() {
    let after_commit = [
        (Fault::BadGatewayAfterCommit, Some(502)),
        (Fault::Truncated, None),
        (Fault::ClosedAfterCommit, None),
    ];
    for (fault, status) in after_commit {
        let forge = bank(Plan::new(Kind::Gitea));
        forge.inject("POST comments", std::slice::from_ref(&fault));
        assert_eq!(post(&forge, "text"), status, "{fault:?}");
        assert_eq!(forge.comments(1).len(), 1, "{fault:?} comes after the forge");
        assert!(forge.posted_twice(1).is_empty());
        post(&forge, "text");
        assert_eq!(forge.posted_twice(1), ["text"], "who tries again blindly posts twice");
        assert_eq!(forge.log()[0].fault, Some(fault));
    }
}

#[test]
fn what_is_there_twice_is_told_by_its_marker() {
    let forge = bank(Plan::new(Kind::Gitea));
    let marked =
        |text: &str, head: &str| format!("{text}\n\n<!-- countersign:v1:finding:fp1:{head}:00ff -->");
    post(&forge, &marked("for one head", "aaaa"));
    assert!(forge.posted_twice(1).is_empty() && forge.stands_twice(1).is_empty());
    post(&forge, &marked("for the next", "bbbb"));
    assert!(forge.posted_twice(1).is_empty());
    assert_eq!(forge.stands_twice(1), ["finding:fp1"]);
    post(&forge, &marked("in other words", "bbbb"));
    assert_eq!(forge.posted_twice(1), ["finding:fp1:bbbb"]);
    for twin in &forge.comments(1)[1..] {
        let path = format!("/repos/bank/core/issues/comments/{}", twin.id);
        assert_eq!(ask(&forge, "DELETE", &path, &Value::Null).status, 204);
    }
    assert!(forge.stands_twice(1).is_empty());
    assert_eq!(forge.posted_twice(1), ["finding:fp1:bbbb"], "a deleted twin was posted all the same");
}

#[test]
fn a_slow_answer_is_slow_and_a_standing_fault_stays() {
    let forge = bank(Plan::new(Kind::Gitea));
    forge.inject("POST comments", &[Fault::Slow(Duration::from_millis(80))]);
    let begun = Instant::now();
    assert_eq!(post(&forge, "text"), Some(201));
    assert!(begun.elapsed() >= Duration::from_millis(80));
    forge.inject_always("POST comments", Fault::InternalError);
    assert_eq!([post(&forge, "more"), post(&forge, "more")], [Some(500), Some(500)]);
    forge.clear_faults();
    assert_eq!(post(&forge, "more"), Some(201));
}

#[test]
fn who_writes_too_much_is_asked_to_wait() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind));
        forge.limit_content(2, Duration::from_secs(60));
        let path = match kind {
            Kind::Gitlab => "/projects/5/merge_requests/1/notes",
            Kind::Github | Kind::Gitea => "/repos/bank/core/issues/1/comments",
        };
        let write = || ask(&forge, "POST", path, &json!({ "body": "text" }));
        assert_eq!([write().status, write().status], [201, 201]);
        let refused = write();
        assert_eq!(refused.status, if kind == Kind::Github { 403 } else { 429 });
        assert_eq!(refused.header("retry-after"), Some("60"));
        assert_eq!(refused.text().contains("secondary rate limit"), kind == Kind::Github);
        forge.limit_content(1, Duration::ZERO);
        assert_eq!([write().status, write().status], [201, if kind == Kind::Github { 403 } else { 429 }]);
        assert_eq!(write().status, 201, "the time to wait is over");
        assert_eq!(forge.comments(1).len(), 4);
    }
}

#[test]
fn the_log_keeps_everything_but_credentials() {
    let forge = bank(Plan::new(Kind::Gitea));
    post(&forge, "text");
    forge.ask("", "GET", "/api/v1/user", &Value::Null);
    let log = forge.log();
    assert_eq!(
        (log[0].method.as_str(), log[0].status, log[0].json()),
        ("POST", 201, json!({ "body": "text" }))
    );
    assert!(log[0].has_authorization && log[0].is_write() && !log[1].has_authorization && !log[1].is_write());
    assert_eq!(log[1].status, 401);
    assert!(!format!("{log:?}").contains(&forge.token()));
    assert_eq!(forge.calls("POST", "/comments").len(), 1);
    forge.clear_log();
    assert!(forge.log().is_empty());
}

#[test]
fn a_token_is_wanted_and_a_stranger_sees_nothing() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind));
        let path = match kind {
            Kind::Github => "/api/v3/repos/bank/core/pulls/1",
            Kind::Gitlab => "/api/v4/projects/bank%2Fcore/merge_requests/1",
            Kind::Gitea => "/api/v1/repos/bank/core/pulls/1",
        };
        let get = |authorization: &str| forge.ask(authorization, "GET", path, &Value::Null).status;
        assert_eq!(get(""), 401, "{kind:?}");
        assert_eq!(get(&bearer(kind, "wrong")), 401, "{kind:?}");
        let stranger = forge.person("stranger", Access::None);
        assert_eq!(get(&bearer(kind, &stranger)), 404, "{kind:?}");
        let reader = forge.person("reader", Access::Read);
        assert_eq!(get(&bearer(kind, &reader)), 200, "{kind:?}");
    }
}

#[test]
fn nothing_is_served_outside_of_the_path() {
    let forge = bank(Plan::new(Kind::Gitlab).under("/gitlab").repository("bank/ledger/core"));
    assert!(forge.url().ends_with("/gitlab"));
    let found = ask(&forge, "GET", "/projects/bank%2Fledger%2Fcore", &Value::Null);
    assert_eq!(found.json()["path_with_namespace"], "bank/ledger/core");
    let outside = forge.ask("Bearer x", "GET", "/../api/v4/user", &Value::Null);
    assert_eq!(outside.status, 404);
}
