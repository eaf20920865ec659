//! GitHub's objects, made from ones that GitHub has sent.

use serde_json::{Value, json};

use crate::harness::anchor::{Place, Spot};
use crate::harness::diff::{Change, FileDiff};
use crate::harness::template::{fill, template};
use crate::harness::world::{
    Access, CheckRun, MergeRequest, Person, Remark, Review, Side, State, Status, World,
};

const PULL_REQUEST: &str = include_str!("../../../fixtures/forges/github/pull_request.json");
const ISSUE_COMMENT: &str = include_str!("../../../fixtures/forges/github/issue_comment.json");
const REVIEW_COMMENT: &str = include_str!("../../../fixtures/forges/github/pull_request_review_comment.json");

/// A payload of GitHub's in this world.
pub(crate) fn payload(world: &World, text: &str, number: u64) -> Value {
    let (owner, name) = world.repository.split_once('/').expect("owner and name");
    let api = format!("{}/api/v3", world.root);
    let ends = ["pulls", "pull", "issues"].map(|kind| (format!("/{kind}/2"), format!("/{kind}/{number}")));
    let mut replaced = vec![
        ("https://api.github.com", api.as_str()),
        ("https://github.com", world.root.as_str()),
        ("Codertocat/Hello-World", world.repository.as_str()),
        ("Hello-World", name),
        ("Codertocat", owner),
    ];
    replaced.extend(ends.iter().map(|(from, to)| (from.as_str(), to.as_str())));
    template(text, &replaced)
}

/// An address of the repository's API.
pub(crate) fn api(world: &World, path: &str) -> String {
    format!("{}/api/v3/repos/{}/{path}", world.root, world.repository)
}

/// Somebody.
pub(crate) fn user(world: &World, id: u64) -> Value {
    let person = world.person(id);
    let text = serde_json::from_str::<Value>(PULL_REQUEST).expect("a payload")["sender"].to_string();
    let api = format!("{}/api/v3", world.root);
    let replaced = [
        ("https://api.github.com", api.as_str()),
        ("https://github.com", world.root.as_str()),
        ("Codertocat", person.login.as_str()),
    ];
    let mut user = template(&text, &replaced);
    let kind = if person.is_bot { "Bot" } else { "User" };
    fill(&mut user, [("/id", json!(id)), ("/node_id", json!(format!("U_{id}"))), ("/type", json!(kind))]);
    user
}

/// Somebody, as told to that one.
pub(crate) fn private_user(world: &World, id: u64) -> Value {
    let mut user = user(world, id);
    for name in ["name", "company", "blog", "location", "email", "hireable", "bio"] {
        user[name] = Value::Null;
    }
    for name in ["public_repos", "public_gists", "followers", "following"] {
        user[name] = json!(0);
    }
    let times =
        [("/created_at", json!("2026-01-01T00:00:00Z")), ("/updated_at", json!("2026-01-01T00:00:00Z"))];
    fill(&mut user, times);
    user
}

/// The app.
pub(crate) fn app(world: &World) -> Value {
    let app = world.app.as_ref().expect("a forge with an app");
    json!({
        "id": app.id, "slug": app.slug, "node_id": format!("A_{}", app.id), "name": "Countersign",
        "owner": user(world, world.service), "description": "", "external_url": "https://bank.example",
        "html_url": format!("{}/apps/{}", world.root, app.slug), "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z", "permissions": { "checks": "write" }, "events": ["check_run"],
    })
}

/// The repository.
pub(crate) fn repository(world: &World) -> Value {
    let mut repository = payload(world, PULL_REQUEST, 0)["repository"].take();
    let places = [("/private", json!(true)), ("/default_branch", json!("main"))];
    fill(&mut repository, places);
    repository
}

/// A commit in short.
pub(crate) fn commit(world: &World, id: &str) -> Value {
    let (message, parent) = world.store.about(id);
    let who = json!({ "name": "Nobody", "email": "nobody@bank.example", "date": "2026-01-01T00:00:00Z" });
    let parents: Vec<_> = parent.iter().map(|parent| json!({ "sha": parent })).collect();
    json!({ "sha": id, "url": api(world, &format!("commits/{id}")), "parents": parents,
            "commit": { "message": message, "author": who, "committer": who } })
}

/// The state of a merge request.
pub(crate) fn state(merge_request: &MergeRequest) -> &'static str {
    if merge_request.state == State::Open { "open" } else { "closed" }
}

/// A merge request.
pub(crate) fn pull(world: &World, merge_request: &MergeRequest) -> Value {
    let number = merge_request.number;
    let mut pull = payload(world, PULL_REQUEST, number)["pull_request"].take();
    let author = user(world, merge_request.author);
    let repository = repository(world);
    let is_merged = merge_request.state == State::Merged;
    let base = merge_request.versions.last().map(|version| version.start.clone());
    let ended = (merge_request.state != State::Open).then_some(&merge_request.updated);
    let labels = merge_request.labels.iter().enumerate().map(|(id, name)| {
        json!({ "id": id, "node_id": "", "url": "", "name": name, "color": "d73a4a", "default": false,
                "description": null })
    });
    let places = [
        ("/id", json!(number + 279_147_000)),
        ("/node_id", json!(format!("PR_{number}"))),
        ("/number", json!(number)),
        ("/state", json!(state(merge_request))),
        ("/title", json!(merge_request.title)),
        ("/draft", json!(merge_request.is_draft)),
        ("/merged", json!(is_merged)),
        ("/merged_at", json!(ended.filter(|_| is_merged))),
        ("/closed_at", json!(ended)),
        ("/created_at", json!(merge_request.opened)),
        ("/updated_at", json!(merge_request.updated)),
        ("/labels", labels.collect()),
        ("/assignees", json!([])),
        ("/requested_reviewers", json!([])),
        ("/user", author.clone()),
        ("/head/ref", json!(merge_request.source)),
        ("/head/sha", json!(merge_request.head)),
        ("/head/user", author),
        ("/head/repo", repository.clone()),
        ("/base/ref", json!(merge_request.target)),
        // The tip of the target when the merge request last moved: not where it is now.
        ("/base/sha", json!(base)),
        ("/base/repo", repository),
        ("/changed_files", json!(world.change(merge_request).1.files.len())),
    ];
    fill(&mut pull, places);
    pull
}

/// A changed file.
pub(crate) fn file(world: &World, file: &FileDiff, head: &str) -> Value {
    let status = match file.change {
        Change::Added => "added",
        Change::Deleted => "removed",
        Change::Changed => "modified",
        Change::Renamed => "renamed",
    };
    let (additions, deletions) = file.counts();
    let path = &file.new_path;
    let mut shape = json!({
        "sha": head, "filename": path, "status": status, "additions": additions, "deletions": deletions,
        "changes": additions + deletions,
        "blob_url": format!("{}/{}/blob/{head}/{path}", world.root, world.repository),
        "raw_url": format!("{}/{}/raw/{head}/{path}", world.root, world.repository),
        "contents_url": api(world, &format!("contents/{path}?ref={head}")),
    });
    if !file.hunks.is_empty() {
        shape["patch"] = json!(file.patch());
    }
    if file.change == Change::Renamed {
        shape["previous_filename"] = json!(file.old_path);
    }
    shape
}

fn association(person: &Person) -> &'static str {
    match person.access {
        Access::Admin => "OWNER",
        Access::Maintain | Access::Write => "MEMBER",
        Access::Read | Access::None => "NONE",
    }
}

/// A comment in the conversation.
pub(crate) fn issue_comment(world: &World, remark: &Remark) -> Value {
    let mut comment = payload(world, ISSUE_COMMENT, 0)["comment"].take();
    let (id, number) = (remark.id, remark.merge_request);
    let page = format!("{}/{}/pull/{number}#issuecomment-{id}", world.root, world.repository);
    fill(
        &mut comment,
        [
            ("/id", json!(id)),
            ("/node_id", json!(format!("IC_{id}"))),
            ("/url", json!(api(world, &format!("issues/comments/{id}")))),
            ("/html_url", json!(page)),
            ("/issue_url", json!(api(world, &format!("issues/{number}")))),
            ("/user", user(world, remark.author)),
            ("/author_association", json!(association(world.person(remark.author)))),
            ("/body", json!(remark.text)),
            ("/created_at", json!(remark.created)),
            ("/updated_at", json!(remark.edited)),
        ],
    );
    comment
}

/// A comment beside code.
pub(crate) fn review_comment(world: &World, remark: &Remark) -> Value {
    let (id, number) = (remark.id, remark.merge_request);
    let merge_request = &world.merge_requests[&number];
    let then = remark.place.anchor().expect("a place in the change");
    let now = remark.place.now(world, merge_request);
    let is_file = matches!(remark.place, Place::File(_));
    let line = |spot: Option<Spot>| json!(spot.filter(|_| !is_file).map(|spot| spot.line));
    let side = |spot: Spot| if spot.side == Side::Old { "LEFT" } else { "RIGHT" };
    let start = now.as_ref().and_then(|now| now.start);
    let page = format!("{}/{}/pull/{number}#discussion_r{id}", world.root, world.repository);
    let mut comment = payload(world, REVIEW_COMMENT, number)["comment"].take();
    let links = json!({ "self": { "href": api(world, &format!("pulls/comments/{id}")) },
                        "html": { "href": page }, "pull_request": { "href": api(world, &format!("pulls/{number}")) } });
    let places = [
        ("/id", json!(id)),
        ("/node_id", json!(format!("PRRC_{id}"))),
        ("/url", json!(api(world, &format!("pulls/comments/{id}")))),
        ("/html_url", json!(page)),
        ("/pull_request_url", json!(api(world, &format!("pulls/{number}")))),
        ("/_links", links),
        ("/pull_request_review_id", json!(remark.review)),
        ("/user", user(world, remark.author)),
        ("/author_association", json!(association(world.person(remark.author)))),
        ("/body", json!(remark.text)),
        ("/diff_hunk", json!(then.hunk)),
        ("/path", json!(now.as_ref().map_or(&then.new_path, |now| &now.new_path))),
        ("/subject_type", json!(if is_file { "file" } else { "line" })),
        ("/side", json!(side(then.end))),
        ("/line", line(now.as_ref().map(|now| now.end))),
        ("/original_line", line(Some(then.end))),
        ("/start_side", json!(then.start.map(side))),
        ("/start_line", line(start)),
        ("/original_start_line", line(then.start)),
        // Nobody should use positions; whether there is one tells whether the comment is outdated.
        ("/position", json!(now.as_ref().map(|_| 1))),
        ("/original_position", json!(1)),
        ("/commit_id", json!(now.as_ref().map_or(&then.head, |now| &now.head))),
        ("/original_commit_id", json!(then.head)),
        ("/created_at", json!(remark.created)),
        ("/updated_at", json!(remark.edited)),
    ];
    fill(&mut comment, places);
    if remark.thread != id {
        comment["in_reply_to_id"] = json!(remark.thread);
    }
    comment
}

/// A review.
pub(crate) fn review(world: &World, review: &Review) -> Value {
    let (id, number) = (review.id, review.merge_request);
    let page = format!("{}/{}/pull/{number}#pullrequestreview-{id}", world.root, world.repository);
    let pull = api(world, &format!("pulls/{number}"));
    let mut shape = json!({
        "id": id, "node_id": format!("PRR_{id}"), "user": user(world, review.author), "body": review.text,
        "state": review.state, "html_url": page, "pull_request_url": pull,
        "author_association": association(world.person(review.author)),
        "_links": { "html": { "href": page }, "pull_request": { "href": pull } },
        "commit_id": review.commit,
    });
    if review.state != "PENDING" {
        shape["submitted_at"] = json!(review.at);
    }
    shape
}

/// A commit status.
pub(crate) fn status(world: &World, status: &Status) -> Value {
    json!({
        "url": api(world, &format!("statuses/{}", status.commit)), "avatar_url": null, "id": status.id,
        "node_id": format!("SC_{}", status.id), "state": status.state, "description": status.description,
        "target_url": status.url, "context": status.name, "created_at": status.at, "updated_at": status.at,
        "creator": user(world, status.author),
    })
}

/// A check run.
pub(crate) fn check_run(world: &World, run: &CheckRun) -> Value {
    let sent = |name: &str| run.sent.get(name).cloned().unwrap_or_default();
    let output = sent("output");
    let url = api(world, &format!("check-runs/{}", run.id));
    let on_head = world.merge_requests.values().filter(|known| known.head == run.head);
    let pulls = on_head.map(|known| {
        let side = |branch: &str, commit: &str| {
            json!({ "ref": branch, "sha": commit,
                    "repo": { "id": 1, "url": api(world, ""), "name": world.repository } })
        };
        json!({ "id": known.number + 279_147_000, "number": known.number,
                "url": api(world, &format!("pulls/{}", known.number)),
                "head": side(&known.source, &known.head),
                "base": side(&known.target, &world.tip(&known.target)) })
    });
    json!({
        "id": run.id, "node_id": format!("CR_{}", run.id), "head_sha": run.head, "name": sent("name"),
        "external_id": sent("external_id"), "url": url, "details_url": sent("details_url"),
        "html_url": format!("{}/{}/runs/{}", world.root, world.repository, run.id),
        "status": sent("status"), "conclusion": sent("conclusion"), "started_at": run.at,
        "completed_at": if sent("status") == "completed" { json!(run.at) } else { Value::Null },
        "output": { "title": output["title"], "summary": output["summary"], "text": output["text"],
                    "annotations_count": run.annotations.len(), "annotations_url": format!("{url}/annotations") },
        "check_suite": { "id": 5 }, "app": app(world), "pull_requests": pulls.collect::<Vec<_>>(),
    })
}
