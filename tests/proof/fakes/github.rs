//! GitHub's rules.

use serde_json::{Value, json};
use tests::harness::{Access, FakeForge, Kind, Plan, Received, github_misfit};

use super::{ask, bank, bearer};

const REVIEWS: &str = "/repos/bank/core/pulls/1/reviews";
const COMMENTS: &str = "/repos/bank/core/pulls/1/comments";

fn github() -> FakeForge {
    bank(Plan::new(Kind::Github))
}

/// Posts a review with these comments.
fn review(forge: &FakeForge, comments: &Value) -> Received {
    let body = json!({ "event": "COMMENT", "body": "sum", "commit_id": forge.head(1), "comments": comments });
    ask(forge, "POST", REVIEWS, &body)
}

/// A comment beside lines of the ledger, with these properties besides.
fn on_ledger(besides: &Value) -> Value {
    let mut comment = json!({ "path": "ledger.rs", "body": "look" });
    for (name, value) in besides.as_object().expect("properties") {
        comment[name] = value.clone();
    }
    comment
}

/// The one text by which a review is refused.
fn refused(answer: &Received) -> String {
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(answer.json()["message"], "Unprocessable Entity");
    let errors = answer.json()["errors"].as_array().expect("errors").clone();
    assert_eq!(errors.len(), 1);
    errors[0].as_str().expect("a text").to_owned()
}

const OUTSIDE: &str = "Pull request review thread line must be part of the diff and Pull request review thread diff hunk can't be blank";

#[test]
fn comments_lie_in_a_hunk_with_three_lines_around() {
    let taken = [
        json!({ "line": 7 }),
        json!({ "line": 13, "side": "RIGHT" }),
        json!({ "line": 10, "side": "LEFT" }),
        json!({ "line": 14, "side": "LEFT" }),
        json!({ "line": 20 }),
    ];
    let outside = [
        json!({ "line": 6 }),
        json!({ "line": 14 }),
        json!({ "line": 15, "side": "LEFT" }),
        json!({ "line": 999 }),
        json!({}),
    ];
    let forge = github();
    for besides in taken {
        assert_eq!(review(&forge, &json!([on_ledger(&besides)])).status, 200, "{besides}");
    }
    for besides in outside {
        assert_eq!(refused(&review(&forge, &json!([on_ledger(&besides)]))), OUTSIDE, "{besides}");
    }
    let unknown = review(&forge, &json!([{ "path": "none.rs", "body": "look", "line": 1 }]));
    assert!(refused(&unknown).starts_with("Pull request review thread path is invalid and "));
    let renamed = review(&forge, &json!([{ "path": "ren2.txt", "body": "look", "line": 1 }]));
    assert_eq!(refused(&renamed), OUTSIDE, "a file that only has another name has no hunk");
}

#[test]
fn ranges_begin_strictly_before_their_end_in_the_same_hunk() {
    let forge = github();
    let range = |start: u32, line: u32| {
        review(&forge, &json!([on_ledger(&json!({ "start_line": start, "line": line }))]))
    };
    assert_eq!(range(8, 10).status, 200);
    let order = "Pull request review thread start line must precede the end line. and Pull request review thread \
                 diff hunk can't be blank";
    assert_eq!(refused(&range(10, 10)), order);
    assert_eq!(refused(&range(11, 10)), order);
    let apart = "Pull request review thread start line must be part of the same hunk as the line. and Pull request \
                 review thread diff hunk can't be blank";
    assert_eq!(refused(&range(10, 20)), apart);
    assert!(refused(&range(1, 2)).starts_with("Pull request review thread line must be part of the diff, Pull \
                                               request review thread start line must be part of the same hunk as \
                                               the line., and Pull request review thread diff hunk"));
    let sides = json!({ "start_line": 11, "start_side": "LEFT", "line": 10, "side": "RIGHT" });
    assert_eq!(review(&forge, &json!([on_ledger(&sides)])).status, 200, "removed, then added");
}

#[test]
fn one_bad_comment_rejects_the_whole_review() {
    let forge = github();
    let good = on_ledger(&json!({ "line": 10 }));
    refused(&review(&forge, &json!([good, on_ledger(&json!({ "line": 1 })), good])));
    assert!(forge.comments(1).is_empty());
    assert_eq!(review(&forge, &json!([good, good])).status, 200);
    assert_eq!(forge.comments(1).len(), 3, "the review's own text is one of them");
}

#[test]
fn single_comments_are_refused_with_objects() {
    let forge = github();
    let post = |besides: &Value| {
        let mut comment = on_ledger(besides);
        comment["commit_id"] = json!(forge.head(1));
        ask(&forge, "POST", COMMENTS, &comment)
    };
    let written = post(&json!({ "line": 10, "side": "RIGHT" }));
    assert_eq!((written.status, &written.json()["line"]), (201, &json!(10)));
    let refused = post(&json!({ "line": 1 }));
    let errors = &refused.json()["errors"];
    assert_eq!((refused.status, &refused.json()["message"]), (422, &json!("Validation Failed")));
    assert_eq!(errors[0]["field"], "pull_request_review_thread.line");
    assert_eq!(errors[0]["message"], "pull_request_review_thread.line must be part of the diff");
    assert_eq!(errors[1]["code"], "missing_field");
    assert_eq!(post(&json!({ "line": 10, "body": "" })).status, 422);
    assert_eq!(post(&json!({ "line": 10, "body": "x".repeat(65_537) })).status, 422);
    let nowhere = json!({ "path": "ledger.rs", "body": "look", "line": 10 });
    assert_eq!(ask(&forge, "POST", COMMENTS, &nowhere).status, 422, "commit_id is required here");
}

#[test]
fn comments_beside_a_file_are_single_only() {
    let forge = github();
    let comment =
        json!({ "path": "ledger.rs", "body": "look", "subject_type": "file", "commit_id": forge.head(1) });
    let written = ask(&forge, "POST", COMMENTS, &comment);
    assert_eq!((written.status, &written.json()["line"]), (201, &Value::Null));
    assert_eq!(forge.inline_comments(1)[0].place.as_ref().unwrap().end, 0);
    assert_eq!(refused(&review(&forge, &json!([on_ledger(&json!({ "subject_type": "file" }))]))), OUTSIDE);
}

#[test]
fn comments_are_for_a_head_that_the_merge_request_had() {
    let forge = github();
    let old = forge.head(1);
    forge.push("feature", [("ledger.rs", format!("first\n{}", super::changed_ledger()))]);
    let post = |commit: &str| {
        let comment = json!({ "path": "ledger.rs", "body": "look", "line": 10, "commit_id": commit });
        ask(&forge, "POST", COMMENTS, &comment)
    };
    let written = post(&old);
    assert_eq!(
        (written.status, &written.json()["line"], &written.json()["original_line"]),
        (201, &json!(11), &json!(10))
    );
    let foreign = post(&forge.tip("main"));
    assert_eq!((foreign.status, &foreign.json()["errors"][0]["field"]), (422, &json!("commit_id")));
    let body = json!({ "event": "COMMENT", "comments": [on_ledger(&json!({ "line": 10 }))] });
    let newest = ask(&forge, "POST", REVIEWS, &body).json();
    assert_eq!(newest["commit_id"], json!(forge.head(1)), "without commit_id it is for the newest");
}

#[test]
fn a_comment_tells_where_its_line_is_now() {
    let forge = github();
    review(&forge, &json!([on_ledger(&json!({ "line": 10 }))]));
    let line = |after: &str| {
        let ten = format!("line ten changed\n{after}");
        forge.push("feature", [("ledger.rs", super::changed_ledger().replace("line ten changed\n", &ten))]);
        let told = ask(&forge, "GET", COMMENTS, &Value::Null).json();
        (told[0]["line"].clone(), told[0]["original_line"].clone())
    };
    assert_eq!(line("below\n"), (json!(10), json!(10)), "a line below moves nothing");
    forge.push("feature", [("ledger.rs", super::changed_ledger().replace("line 9\n", "line 9\nabove\n"))]);
    let told = ask(&forge, "GET", COMMENTS, &Value::Null).json();
    assert_eq!(told[0]["line"], 11);
    forge.push("feature", [("ledger.rs", super::changed_ledger().replace("ten changed", "ten gone"))]);
    let told = ask(&forge, "GET", COMMENTS, &Value::Null).json();
    assert_eq!((&told[0]["line"], &told[0]["position"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_review_without_event_is_pending_and_there_is_only_one() {
    let forge = github();
    let body = json!({ "body": "sum", "comments": [on_ledger(&json!({ "line": 10 }))] });
    let pending = ask(&forge, "POST", REVIEWS, &body).json();
    assert_eq!(pending["state"], "PENDING");
    assert!(forge.comments(1).is_empty(), "nobody else sees it");
    assert_eq!(
        refused(&review(&forge, &json!([]))),
        "User can only have one pending review per pull request"
    );
    let submit = format!("{REVIEWS}/{}/events", pending["id"]);
    assert_eq!(ask(&forge, "POST", &submit, &json!({ "event": "COMMENT" })).json()["state"], "COMMENTED");
    assert_eq!(forge.comments(1).len(), 2);
    assert_eq!(review(&forge, &json!([])).status, 200);
    assert_eq!(refused(&ask(&forge, "POST", REVIEWS, &json!({ "event": "COMMENT" }))), "Body can't be blank");
}

#[test]
fn nobody_approves_their_own() {
    let forge = github();
    let alice = bearer(Kind::Github, &forge.person("alice", Access::Write));
    let approve = json!({ "event": "APPROVE" });
    let own = forge.ask(&alice, "POST", &format!("/api/v3{REVIEWS}"), &approve);
    assert_eq!(refused(&own), "Can not approve your own pull request");
    assert_eq!(ask(&forge, "POST", REVIEWS, &approve).json()["state"], "APPROVED");
}

#[test]
fn requests_fit_the_published_description() {
    let forge = github();
    let wrong = ask(&forge, "POST", "/repos/bank/core/issues/1/comments", &json!({ "text": "look" }));
    assert_eq!(wrong.status, 422);
    assert!(wrong.json()["message"].as_str().unwrap().starts_with("Invalid request."));
    let written = ask(&forge, "POST", "/repos/bank/core/issues/1/comments", &json!({ "body": "look" }));
    assert_eq!(written.status, 201);
    let comment = format!("/repos/bank/core/issues/comments/{}", written.json()["id"]);
    assert_eq!(ask(&forge, "PATCH", &comment, &json!({ "body": "edited" })).json()["body"], "edited");
    let bob = bearer(Kind::Github, &forge.person("bob", Access::Write));
    let foreign = forge.ask(&bob, "PATCH", &format!("/api/v3{comment}"), &json!({ "body": "mine" }));
    assert_eq!(foreign.status, 403);
    assert_eq!(ask(&forge, "DELETE", &comment, &Value::Null).status, 204);
    assert_eq!(ask(&forge, "GET", &comment, &Value::Null).status, 404);
}

#[test]
fn statuses_are_short_and_for_known_commits() {
    let forge = github();
    let set = |commit: &str, body: &Value| {
        ask(&forge, "POST", &format!("/repos/bank/core/statuses/{commit}"), body)
    };
    let status = |state: &str, length: usize| json!({ "state": state, "context": "countersign", "description": "x".repeat(length) });
    let head = forge.head(1);
    assert_eq!(set(&head, &status("pending", 140)).status, 201);
    assert_eq!(set(&head, &status("pending", 141)).status, 422);
    assert_eq!(set(&head, &status("passed", 1)).status, 422);
    assert_eq!(set(&"0".repeat(40), &status("pending", 1)).status, 422);
    assert_eq!(set(&head, &status("success", 1)).status, 201);
    assert_eq!(forge.status(&head).unwrap().state, "success");
    assert_eq!(forge.statuses(&head).len(), 2);
    let reader = bearer(Kind::Github, &forge.person("reader", Access::Read));
    let path = format!("/api/v3/repos/bank/core/statuses/{head}");
    assert_eq!(forge.ask(&reader, "POST", &path, &status("success", 1)).status, 403);
}

#[test]
fn a_maintainer_writes_in_the_word_of_old() {
    let forge = github();
    forge.person("mary", Access::Maintain);
    let asked = ask(&forge, "GET", "/repos/bank/core/collaborators/mary/permission", &Value::Null).json();
    assert_eq!((&asked["permission"], &asked["role_name"]), (&json!("write"), &json!("maintain")));
    let unknown = ask(&forge, "GET", "/repos/bank/core/collaborators/nobody/permission", &Value::Null);
    assert_eq!(unknown.status, 404);
}

/// Asks in GraphQL as the service's user.
fn query(forge: &FakeForge, text: &str, variables: &Value) -> Value {
    let body = json!({ "query": text, "variables": variables });
    let answer = forge.ask(&bearer(Kind::Github, &forge.token()), "POST", "/api/graphql", &body);
    assert_eq!(answer.status, 200, "GraphQL always says 200");
    answer.json()
}

const THREADS: &str = "query($number: Int!, $after: String) { repository(owner: \"bank\", name: \"core\") {
    pullRequest(number: $number) { reviewThreads(first: 2, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id isResolved isOutdated comments(first: 1) { nodes { databaseId author { login } } } } } } } }";

#[test]
fn threads_are_read_in_pages_and_resolved() {
    let forge = github();
    let on = |line: u32| on_ledger(&json!({ "line": line }));
    review(&forge, &json!([on(9), on(10), on(11)]));
    let first = query(&forge, THREADS, &json!({ "number": 1 }));
    let threads = &first["data"]["repository"]["pullRequest"]["reviewThreads"];
    assert_eq!(threads["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(threads["nodes"][0].as_object().unwrap().len(), 4, "what was asked for, and nothing else");
    let more = json!({ "number": 1, "after": threads["pageInfo"]["endCursor"] });
    let second = query(&forge, THREADS, &more);
    let last = &second["data"]["repository"]["pullRequest"]["reviewThreads"];
    assert_eq!(
        (last["nodes"].as_array().unwrap().len(), &last["pageInfo"]["hasNextPage"]),
        (1, &json!(false))
    );
    let resolve = |name: &str| {
        let text = format!(
            "mutation($id: ID!) {{ {name}(input: {{threadId: $id}}) {{ thread {{ isResolved }} }} }}"
        );
        query(&forge, &text, &json!({ "id": threads["nodes"][1]["id"] }))
    };
    assert_eq!(resolve("resolveReviewThread")["data"]["resolveReviewThread"]["thread"]["isResolved"], true);
    assert!(forge.inline_comments(1)[1].is_resolved && !forge.inline_comments(1)[0].is_resolved);
    resolve("unresolveReviewThread");
    assert!(!forge.inline_comments(1)[1].is_resolved);
}

#[test]
fn graphql_knows_its_fields() {
    let forge = github();
    review(&forge, &json!([on_ledger(&json!({ "line": 10 }))]));
    let wrong = |from: &str, to: &str| {
        let answer = query(&forge, &THREADS.replace(from, to), &json!({ "number": 1 }));
        answer["errors"][0]["message"].as_str().map(str::to_owned)
    };
    assert_eq!(wrong("isResolved", "isResolved"), None);
    assert!(wrong("isResolved", "resolved").unwrap().contains("'resolved' doesn't exist"));
    assert!(wrong("{ login }", "{ login databaseId }").unwrap().contains("on type 'Actor'"));
    assert_eq!(wrong("{ login }", "{ ... on User { databaseId } ... on Bot { databaseId } }"), None);
    assert!(wrong("first: 2", "first: 101").unwrap().contains("exceeds"));
    assert!(wrong("first: 1", "after: $after").unwrap().contains("You must provide"));
    let missing = query(&forge, THREADS, &json!({ "number": 2 }));
    assert_eq!(missing["errors"][0]["type"], "NOT_FOUND");
    let newer = |plan: Plan| {
        let forge = bank(plan);
        review(&forge, &json!([on_ledger(&json!({ "line": 10 }))]));
        query(&forge, &THREADS.replace("databaseId", "fullDatabaseId"), &json!({ "number": 1 }))["errors"]
            .is_null()
    };
    assert!(newer(Plan::new(Kind::Github)) && !newer(Plan::new(Kind::Github).old()));
}

#[test]
fn answers_fit_the_published_description() {
    let forge = github();
    review(
        &forge,
        &json!([on_ledger(&json!({ "line": 10 })), on_ledger(&json!({ "start_line": 9, "line": 10 }))]),
    );
    ask(&forge, "POST", "/repos/bank/core/issues/1/comments", &json!({ "body": "look" }));
    let status = json!({ "state": "success", "context": "countersign" });
    ask(&forge, "POST", &format!("/repos/bank/core/statuses/{}", forge.head(1)), &status);
    let routes = [
        ("/user", "/user".to_owned()),
        ("/repos/{owner}/{repo}/pulls/{pull_number}", "/repos/bank/core/pulls/1".to_owned()),
        ("/repos/{owner}/{repo}/pulls/{pull_number}/files", "/repos/bank/core/pulls/1/files".to_owned()),
        ("/repos/{owner}/{repo}/pulls/{pull_number}/comments", COMMENTS.to_owned()),
        ("/repos/{owner}/{repo}/pulls/{pull_number}/reviews", REVIEWS.to_owned()),
        (
            "/repos/{owner}/{repo}/issues/{issue_number}/comments",
            "/repos/bank/core/issues/1/comments".to_owned(),
        ),
        (
            "/repos/{owner}/{repo}/commits/{ref}/statuses",
            format!("/repos/bank/core/commits/{}/statuses", forge.head(1)),
        ),
    ];
    for (route, path) in routes {
        let answer = ask(&forge, "GET", &path, &Value::Null);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(github_misfit(&format!("GET {route}"), &answer.json()), None, "{path}");
    }
    assert!(github_misfit("GET /user", &json!({ "login": "x" })).is_some());
}
