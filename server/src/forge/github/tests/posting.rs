//! Comments on GitHub: one bad one rejects a review, and none may be posted twice.

use super::*;

const ONE_STRING: &str = "Pull request review thread line must be part of the diff, Pull request review thread start \
                          line must be part of the same hunk as the line., and Pull request review thread diff hunk \
                          can't be blank";

fn reviews() -> String {
    format!("POST {REPOSITORY}/pulls/7/reviews")
}

fn unprocessable(errors: impl Into<Value>) -> Value {
    json!({"message": "Unprocessable Entity", "errors": errors.into(), "status": "422"})
}

fn one(path: &str, line: u32, body: &str) -> NewComment {
    at(path, added(line), added(line), body)
}

/// Lets GitHub answer that a review stands, and tell its comments.
fn review_stands(replay: &Replay, id: u64, comments: &[(u64, &str, &str)]) {
    replay.on(&reviews(), reply(200, json!({"id": id})));
    let comments: Vec<Value> =
        comments.iter().map(|(id, path, body)| json!({"id": id, "path": path, "body": body})).collect();
    replay.on(&format!("GET {REPOSITORY}/pulls/7/reviews/{id}/comments"), reply(200, json!(comments)));
}

fn sent(replay: &Replay) -> Vec<Vec<String>> {
    let bodies = |review: &Value| {
        let comments = review["comments"].as_array().unwrap().clone();
        comments.iter().map(|comment| comment["body"].as_str().unwrap().to_owned()).collect()
    };
    replay.bodies(&reviews()).iter().map(bodies).collect()
}

fn short(outcomes: &[PostOutcome]) -> Vec<String> {
    outcomes
        .iter()
        .map(|outcome| match outcome {
            PostOutcome::Posted(id) => id.clone(),
            PostOutcome::Misplaced(_) => "misplaced".to_owned(),
            PostOutcome::InDoubt(_) => "in doubt".to_owned(),
            PostOutcome::Refused(_) => "refused".to_owned(),
        })
        .collect()
}

#[tokio::test]
async fn comments_beside_lines_are_one_review_of_the_reviewed_head() {
    let (replay, github) = github().await;
    review_stands(
        &replay,
        80,
        &[(1, "a.rs", "one"), (2, "a.rs", "range"), (3, "b.rs", "left"), (4, "b.rs", "both")],
    );
    replay.on(&format!("POST {REPOSITORY}/pulls/7/comments"), reply(201, json!({"id": 5})));
    replay.on(&format!("POST {REPOSITORY}/issues/7/comments"), reply(201, json!({"id": 6})));
    let removed = LineAnchor { kind: AnchorKind::Removed, base: 11, head: 10 };
    let context = LineAnchor { kind: AnchorKind::Context, base: 9, head: 8 };
    let file = ChangedPath { base: "c.rs".to_owned(), head: "d.rs".to_owned(), is_new: false };
    let comments = [
        one("a.rs", 10, "one"),
        at("a.rs", context, added(12), "range"),
        NewComment { body: "file".to_owned(), placement: Placement::File(file) },
        at("b.rs", removed, removed, "left"),
        NewComment { body: "summary".to_owned(), placement: Placement::MergeRequest },
        at("b.rs", removed, added(10), "both"),
    ];
    let outcomes = github.post(&merge_request(), &comments).await;
    assert_eq!(short(&outcomes), ["review:1", "review:2", "review:5", "review:3", "issue:6", "review:4"]);
    assert_eq!(
        replay.bodies(&reviews()),
        [json!({"commit_id": HEAD, "event": "COMMENT", "body": "", "comments": [
            {"path": "a.rs", "body": "one", "line": 10, "side": "RIGHT"},
            {"path": "a.rs", "body": "range", "line": 12, "side": "RIGHT", "start_line": 8, "start_side": "RIGHT"},
            {"path": "b.rs", "body": "left", "line": 11, "side": "LEFT"},
            {"path": "b.rs", "body": "both", "line": 10, "side": "RIGHT", "start_line": 11, "start_side": "LEFT"},
        ]})]
    );
    assert_eq!(
        replay.bodies(&format!("POST {REPOSITORY}/pulls/7/comments")),
        [json!({"body": "file", "commit_id": HEAD, "path": "d.rs", "subject_type": "file"})]
    );
}

#[tokio::test]
async fn thirty_comments_are_a_review() {
    let (replay, github) = github().await;
    let bodies: Vec<String> = (0..31).map(|number| format!("finding {number}")).collect();
    let listed: Vec<(u64, &str, &str)> =
        bodies.iter().zip(100..).map(|(body, id)| (id, "a.rs", body.as_str())).collect();
    review_stands(&replay, 80, &listed[..30]);
    review_stands(&replay, 81, &listed[30..]);
    let comments: Vec<_> = bodies.iter().map(|body| one("a.rs", 1, body)).collect();
    let outcomes = github.post(&merge_request(), &comments).await;
    assert_eq!(short(&outcomes)[30], "review:130");
    assert_eq!(sent(&replay).iter().map(Vec::len).collect::<Vec<_>>(), [30, 1]);
}

#[tokio::test]
async fn a_bad_comment_is_left_out_and_the_others_are_one_review() {
    for errors in [
        json!([ONE_STRING]),
        json!(["Line could not be resolved"]),
        json!([{"resource": "PullRequestReviewComment", "code": "custom",
                "field": "pull_request_review_thread.line", "message": "must be part of the diff"}]),
    ] {
        let (replay, github) = github().await;
        replay.on(&reviews(), reply(422, unprocessable(errors)));
        review_stands(&replay, 80, &[(1, "a.rs", "good"), (2, "b.bin", "unknown")]);
        let files = json!([
            {"filename": "a.rs", "patch": "@@ -9,3 +9,2 @@ fn x()\n line 9\n-line 10\n-line 11\n+line ten"},
            {"filename": "b.bin"},
        ]);
        replay.on(&format!("GET {REPOSITORY}/pulls/7/files"), reply(200, files));
        let comments = [
            one("a.rs", 99, "off"),
            one("a.rs", 10, "good"),
            one("z.rs", 1, "no file"),
            one("b.bin", 3, "unknown"),
        ];
        let outcomes = github.post(&merge_request(), &comments).await;
        assert_eq!(short(&outcomes), ["misplaced", "review:1", "misplaced", "review:2"]);
        assert_eq!(sent(&replay)[1], ["good", "unknown"]);
        assert_eq!(sent(&replay).len(), 2);
    }
}

#[tokio::test]
async fn what_githubs_patches_do_not_explain_is_found_by_halves() {
    let (replay, github) = github().await;
    let bad = || reply(422, unprocessable(json!([ONE_STRING])));
    replay.on(&format!("GET {REPOSITORY}/pulls/7/files"), text(406, ""));
    replay.on(&reviews(), bad());
    review_stands(&replay, 80, &[(1, "a.rs", "1"), (2, "a.rs", "2")]);
    replay.on(&reviews(), bad()).on(&reviews(), bad());
    review_stands(&replay, 81, &[(4, "a.rs", "4")]);
    let comments: Vec<_> = ["1", "2", "3", "4"].iter().map(|body| one("a.rs", 1, body)).collect();
    let outcomes = github.post(&merge_request(), &comments).await;
    assert_eq!(short(&outcomes), ["review:1", "review:2", "misplaced", "review:4"]);
    assert_eq!(
        sent(&replay),
        [vec!["1", "2", "3", "4"], vec!["1", "2"], vec!["3", "4"], vec!["3"], vec!["4"]]
    );
}

#[tokio::test]
async fn another_refusal_of_a_review_is_no_matter_of_places() {
    let (replay, github) = github().await;
    let why = "User can only have one pending review per pull request";
    replay.on(&reviews(), reply(422, unprocessable(json!([why]))));
    let outcomes = github.post(&merge_request(), &[one("a.rs", 1, "1"), one("a.rs", 2, "2")]).await;
    assert_eq!(short(&outcomes), ["refused", "refused"]);
    assert_eq!(replay.calls(), [reviews()]);
}

#[tokio::test]
async fn a_file_that_github_does_not_know_is_a_bad_place() {
    let (replay, github) = github().await;
    let errors = json!([{"resource": "PullRequestReviewComment", "code": "custom",
                         "field": "pull_request_review_thread.path", "message": "could not be resolved"}]);
    let call = format!("POST {REPOSITORY}/pulls/7/comments");
    replay.on(&call, reply(422, json!({"message": "Validation Failed", "errors": errors})));
    let file = ChangedPath { base: "c.rs".to_owned(), head: "c.rs".to_owned(), is_new: false };
    let comments = [NewComment { body: "file".to_owned(), placement: Placement::File(file) }];
    assert_eq!(short(&github.post(&merge_request(), &comments).await), ["misplaced"]);
}

#[tokio::test]
async fn a_502_may_have_posted_the_review_and_is_one_request() {
    for answer in [text(502, "<html>"), reply(200, json!({"id": 80})).cut(), text(200, "<html>")] {
        let (replay, github) = github().await;
        replay.on(&reviews(), answer);
        let summary = NewComment { body: "s".to_owned(), placement: Placement::MergeRequest };
        let comments = [one("a.rs", 1, "1"), one("a.rs", 2, "2"), summary];
        let outcomes = github.post(&merge_request(), &comments).await;
        assert_eq!(short(&outcomes)[..2], ["in doubt", "in doubt"]);
        assert_eq!(sent(&replay).len(), 1);
    }
}

#[tokio::test]
async fn a_secondary_limit_halts_the_rest() {
    let (replay, github) = github().await;
    let limit = json!({"message": "You have exceeded a secondary rate limit"});
    replay.on(&reviews(), reply(403, limit).with("retry-after", "90"));
    let summary = NewComment { body: "s".to_owned(), placement: Placement::MergeRequest };
    let outcomes = github.post(&merge_request(), &[one("a.rs", 1, "1"), summary]).await;
    for outcome in outcomes {
        assert!(
            matches!(&outcome, PostOutcome::Refused(ForgeError::RateLimited(wait)) if wait.as_secs() == 90),
            "{outcome:?}"
        );
    }
    assert_eq!(replay.calls(), [reviews()]);
}
