//! The people of a forge: what they do is there for git, for the API and for them.

use serde_json::{Value, json};
use tests::harness::{FakeForge, Kind, Plan, Side};

use super::{ask, bank, changed_ledger, ledger};

/// A comment of the service beside the changed line 10; its id.
fn comment_on_line_ten(forge: &FakeForge) -> u64 {
    let head = forge.head(1);
    let answer = match forge.kind() {
        Kind::Github => {
            let body = json!({ "body": "look", "commit_id": head, "path": "ledger.rs", "line": 10 });
            ask(forge, "POST", "/repos/bank/core/pulls/1/comments", &body)
        }
        Kind::Gitlab => {
            let versions = ask(forge, "GET", "/projects/5/merge_requests/1/versions", &Value::Null).json();
            let position = json!({
                "base_sha": versions[0]["base_commit_sha"], "start_sha": versions[0]["start_commit_sha"],
                "head_sha": versions[0]["head_commit_sha"], "position_type": "text",
                "old_path": "ledger.rs", "new_path": "ledger.rs", "new_line": 10,
            });
            let body = json!({ "body": "look", "position": position });
            ask(forge, "POST", "/projects/5/merge_requests/1/discussions", &body)
        }
        Kind::Gitea => {
            let comments = json!([{ "path": "ledger.rs", "body": "look", "new_position": 10 }]);
            let body = json!({ "event": "COMMENT", "body": "", "commit_id": head, "comments": comments });
            ask(forge, "POST", "/repos/bank/core/pulls/1/reviews", &body)
        }
    };
    assert!(answer.status < 300, "{}", answer.text());
    forge.inline_comments(1)[0].id
}

#[test]
fn a_comment_goes_with_its_line_and_is_outdated_when_the_line_is_touched() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind));
        comment_on_line_ten(&forge);
        let seen = || forge.inline_comments(1).remove(0);
        let place = seen().place.unwrap();
        assert_eq!((place.path.as_str(), place.side, place.end), ("ledger.rs", Side::New, 10));
        assert!(place.is_shown && !seen().is_outdated);
        forge.push("feature", [("ledger.rs", format!("first\n{}", changed_ledger()))]);
        assert!(!seen().is_outdated, "{kind:?}: the line only moved");
        forge.push("feature", [("ledger.rs", format!("first\n{}", ledger().concat()))]);
        assert!(seen().is_outdated, "{kind:?}: the line is as it was before the change");
    }
}

#[test]
fn answers_stand_in_the_thread_and_resolving_it_is_seen() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind));
        let comment = comment_on_line_ten(&forge);
        forge.reply(comment, "alice", "done");
        forge.comment(1, "alice", "hello");
        let seen = forge.comments(1);
        let threads: Vec<_> = seen.iter().map(|comment| (comment.author.as_str(), comment.thread)).collect();
        let alone = seen[2].id;
        assert_eq!(threads, [("countersign-bot", comment), ("alice", comment), ("alice", alone)]);
        assert!(seen.iter().all(|comment| !comment.is_resolved));
        forge.resolve(comment, "alice");
        let seen = forge.comments(1);
        assert_eq!([seen[0].is_resolved, seen[1].is_resolved, seen[2].is_resolved], [true, true, false]);
    }
}

#[test]
fn a_rebase_keeps_the_change_and_moves_the_head() {
    let forge = bank(Plan::new(Kind::Gitea));
    let before = forge.head(1);
    forge.push("main", [("news.txt", "news\n")]);
    assert_eq!(forge.head(1), before, "a push to the target does not move the head");
    let files = || {
        let files = ask(&forge, "GET", "/repos/bank/core/pulls/1/files?limit=3", &Value::Null).json();
        files.as_array().unwrap().iter().map(|file| file["filename"].as_str().unwrap().to_owned()).collect()
    };
    let changed: Vec<String> = files();
    forge.rebase(1);
    assert_ne!(forge.head(1), before);
    assert_eq!(files() as Vec<String>, changed);
    let pull = ask(&forge, "GET", "/repos/bank/core/pulls/1", &Value::Null).json();
    assert_eq!(pull["merge_base"], json!(forge.tip("main")));
}

#[test]
fn merge_requests_are_closed_merged_and_retargeted() {
    for kind in Kind::ALL {
        let forge = bank(Plan::new(kind));
        let path = match kind {
            Kind::Gitlab => "/projects/5/merge_requests/1",
            Kind::Github | Kind::Gitea => "/repos/bank/core/pulls/1",
        };
        let get = || ask(&forge, "GET", path, &Value::Null).json();
        let open = get()["state"].clone();
        forge.close(1);
        assert_eq!(get()["state"], "closed");
        forge.reopen(1);
        assert_eq!(get()["state"], open);
        forge.commit("release", [("release.txt", "1\n")]);
        forge.retarget(1, "release");
        let target = get();
        assert_eq!(target.get("target_branch").unwrap_or(&target["base"]["ref"]), "release");
        forge.merge(1);
        assert_eq!(get()["state"], if kind == Kind::Gitlab { "merged" } else { "closed" });
        assert!(!get()["merged_at"].is_null());
    }
}
