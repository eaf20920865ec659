//! Gitea's objects, made from ones that a running Gitea has sent.

use serde_json::{Value, json};

use crate::harness::diff::{Change, FileDiff};
use crate::harness::template::{fill, template};
use crate::harness::world::{MergeRequest, Remark, Review, Side, State, Status, World};

const PULL: &str = include_str!("../../../fixtures/forges/gitea/api.pull.json");
const REVIEWS: &str = include_str!("../../../fixtures/forges/gitea/api.reviews.list.json");
const REVIEW_COMMENTS: &str = include_str!("../../../fixtures/forges/gitea/api.review1.comments.json");
const COMMENT: &str =
    include_str!("../../../../server/fixtures/webhooks/gitea/11.pull_request_comment.created.json");

/// A payload of Gitea's in this world, with a merge request's number.
pub(crate) fn payload(world: &World, text: &str, number: u64) -> Value {
    let (owner, name) = world.repository.split_once('/').expect("owner and name");
    let pulls = format!("/pulls/{number}");
    let replaced = [
        ("http://127.0.0.1:3900", world.root.as_str()),
        ("bank/core", world.repository.as_str()),
        ("\"bank\"", &json!(owner).to_string()),
        ("\"core\"", &json!(name).to_string()),
        ("/pulls/1", pulls.as_str()),
    ];
    template(text, &replaced)
}

/// Somebody.
pub(crate) fn user(world: &World, id: u64) -> Value {
    let mut user = payload(world, PULL, 1)["user"].take();
    let login = json!(world.person(id).login);
    let places = [
        ("/id", json!(id)),
        ("/login", login.clone()),
        ("/username", login),
        ("/email", json!(format!("{}@noreply.127.0.0.1", world.person(id).login))),
    ];
    fill(&mut user, places);
    user
}

/// The repository.
pub(crate) fn repository(world: &World) -> Value {
    payload(world, PULL, 1)["base"]["repo"].take()
}

/// The state of a merge request.
pub(crate) fn state(merge_request: &MergeRequest) -> &'static str {
    if merge_request.state == State::Open { "open" } else { "closed" }
}

/// The title, with the words that say that it is not ready.
pub(crate) fn title(merge_request: &MergeRequest) -> String {
    let draft = if merge_request.is_draft { "WIP: " } else { "" };
    format!("{draft}{}", merge_request.title)
}

/// A merge request.
pub(crate) fn pull(world: &World, merge_request: &MergeRequest) -> Value {
    let number = merge_request.number;
    let mut pull = payload(world, PULL, number);
    let tip = world.tip(&merge_request.target);
    let is_merged = merge_request.state == State::Merged;
    let ended = (merge_request.state != State::Open).then_some(&merge_request.updated);
    let label =
        |name: &String| json!({ "id": 1, "name": name, "color": "ff0000", "description": "", "url": "" });
    let comments = world.standing(number).filter(|remark| remark.place.anchor().is_none()).count();
    let places = [
        ("/id", json!(number)),
        ("/number", json!(number)),
        ("/user", user(world, merge_request.author)),
        ("/title", json!(title(merge_request))),
        ("/labels", merge_request.labels.iter().map(label).collect()),
        ("/requested_reviewers", Value::Null),
        ("/state", json!(state(merge_request))),
        ("/comments", json!(comments)),
        ("/merged", json!(is_merged)),
        ("/merged_at", json!(ended.filter(|_| is_merged))),
        ("/closed_at", json!(ended)),
        ("/base/label", json!(merge_request.target)),
        ("/base/ref", json!(merge_request.target)),
        ("/base/sha", json!(tip)),
        ("/head/label", json!(merge_request.source)),
        ("/head/ref", json!(merge_request.source)),
        ("/head/sha", json!(merge_request.head)),
        ("/merge_base", json!(world.store.merge_base(&tip, &merge_request.head))),
        ("/created_at", json!(merge_request.opened)),
        ("/updated_at", json!(merge_request.updated)),
    ];
    fill(&mut pull, places);
    // This build has no property for drafts; newer ones do. The title tells it everywhere.
    if !world.is_old {
        pull["draft"] = json!(merge_request.is_draft);
    }
    pull
}

/// A changed file.
pub(crate) fn file(world: &World, file: &FileDiff, head: &str) -> Value {
    let status = match file.change {
        Change::Added => "added",
        Change::Deleted => "deleted",
        Change::Changed => "changed",
        Change::Renamed => "renamed",
    };
    let (additions, deletions) = file.counts();
    let (path, page) = (&file.new_path, format!("{}/{}", world.root, world.repository));
    let api = format!("{}/api/v1/repos/{}", world.root, world.repository);
    json!({
        "filename": path, "status": status, "additions": additions, "deletions": deletions,
        "changes": additions + deletions, "html_url": format!("{page}/src/commit/{head}/{path}"),
        "contents_url": format!("{api}/contents/{path}?ref={head}"),
        "raw_url": format!("{page}/raw/commit/{head}/{path}"),
    })
}

/// A comment in the conversation.
pub(crate) fn comment(world: &World, remark: &Remark) -> Value {
    let number = remark.merge_request;
    let mut comment = payload(world, COMMENT, number)["comment"].take();
    let pull = format!("{}/{}/pulls/{number}", world.root, world.repository);
    let places = [
        ("/id", json!(remark.id)),
        ("/html_url", json!(format!("{pull}#issuecomment-{}", remark.id))),
        ("/user", user(world, remark.author)),
        ("/body", json!(remark.text)),
        ("/created_at", json!(remark.created)),
        ("/updated_at", json!(remark.edited)),
    ];
    fill(&mut comment, places);
    comment
}

/// A comment beside code.
pub(crate) fn review_comment(world: &World, remark: &Remark) -> Value {
    let number = remark.merge_request;
    let anchor = remark.place.anchor().expect("a place in the change");
    let mut comment = payload(world, REVIEW_COMMENTS, number)[0].take();
    let on = |side: Side| if anchor.end.side == side { anchor.end.line } else { 0 };
    // A line that stands at head tells the commit that it comes from, which need not be the head.
    let origin = (anchor.end.side == Side::New)
        .then(|| world.store.blame(&anchor.head, &anchor.new_path, anchor.end.line))
        .flatten();
    let pull = format!("{}/{}/pulls/{number}", world.root, world.repository);
    let places = [
        ("/id", json!(remark.id)),
        ("/body", json!(remark.text)),
        ("/user", user(world, remark.author)),
        ("/resolver", json!(remark.resolved_by.map(|person| user(world, person)))),
        ("/pull_request_review_id", json!(remark.review)),
        ("/created_at", json!(remark.created)),
        ("/updated_at", json!(remark.edited)),
        ("/path", json!(anchor.new_path)),
        ("/commit_id", json!(origin.unwrap_or_else(|| anchor.head.clone()))),
        ("/diff_hunk", json!(anchor.hunk)),
        ("/position", json!(on(Side::New))),
        ("/original_position", json!(on(Side::Old))),
        ("/html_url", json!(format!("{pull}#issuecomment-{}", remark.id))),
    ];
    fill(&mut comment, places);
    comment
}

/// A review.
pub(crate) fn review(world: &World, review: &Review) -> Value {
    let number = review.merge_request;
    let mut shape = payload(world, REVIEWS, number)[0].take();
    let comments = world.standing(number).filter(|remark| remark.review == Some(review.id)).count();
    let pull = format!("{}/{}/pulls/{number}", world.root, world.repository);
    let places = [
        ("/id", json!(review.id)),
        ("/user", user(world, review.author)),
        ("/state", json!(review.state)),
        ("/body", json!(review.text)),
        ("/commit_id", json!(review.commit)),
        ("/stale", json!(review.commit != world.merge_requests[&number].head)),
        ("/comments_count", json!(comments)),
        ("/submitted_at", json!(review.at)),
        ("/updated_at", json!(review.at)),
        ("/html_url", json!(format!("{pull}#issuecomment-{}", review.id))),
    ];
    fill(&mut shape, places);
    shape
}

/// A commit status.
pub(crate) fn status(world: &World, status: &Status) -> Value {
    json!({
        "id": status.id, "status": status.state, "target_url": status.url.clone().unwrap_or_default(),
        "description": status.description.clone().unwrap_or_default(), "context": status.name,
        "url": format!("{}/api/v1/repos/{}/statuses/{}", world.root, world.repository, status.commit),
        "creator": user(world, status.author), "created_at": status.at, "updated_at": status.at,
    })
}
