//! Gitea's webhooks, made from ones that a running Gitea has sent.

use serde_json::{Value, json};

use crate::harness::delivery::{Happening, Payload};
use crate::harness::gitea::shape;
use crate::harness::template::fill;
use crate::harness::world::{Remark, World};

const PULL_REQUEST: &str =
    include_str!("../../../../server/fixtures/webhooks/gitea/02.pull_request.opened.json");
const COMMENT: &str =
    include_str!("../../../../server/fixtures/webhooks/gitea/11.pull_request_comment.created.json");
const COMMENT_EDITED: &str =
    include_str!("../../../../server/fixtures/webhooks/gitea/12.pull_request_comment.edited.json");
const PUSH: &str = include_str!("../../../../server/fixtures/webhooks/gitea/13.push.-.json");

/// A title that changed, with what stood before it.
fn retitled(world: &World, number: u64, before: &str) -> Payload {
    let mut payload = pull_request(world, "pull_request", "edited", number);
    let title = &world.merge_requests[&number].title;
    payload.body["changes"] = json!({ "title": { "from": format!("{before}{title}") } });
    payload
}

/// The payload of a happening.
pub(crate) fn payload(world: &World, happening: &Happening) -> Option<Payload> {
    let of = |kind, action, number: &u64| Some(pull_request(world, kind, action, *number));
    match happening {
        Happening::Opened(number) => of("pull_request", "opened", number),
        Happening::Reopened(number) => of("pull_request", "reopened", number),
        Happening::Closed(number) | Happening::Merged(number) => of("pull_request", "closed", number),
        // Ready or not is a matter of the title.
        Happening::Ready(number) => Some(retitled(world, *number, "WIP: ")),
        Happening::Drafted(number) => Some(retitled(world, *number, "")),
        Happening::Labelled(number) => of("pull_request_label", "label_updated", number),
        // The payload is made when it is sent: after two quick pushes both tell the last head.
        Happening::Pushed { number, .. } => of("pull_request_sync", "synchronized", number),
        Happening::Retargeted { number, from } => {
            let mut payload = pull_request(world, "pull_request", "edited", *number);
            payload.body["changes"] = json!({ "ref": { "from": from } });
            Some(payload)
        }
        Happening::Commented(id) => {
            let remark = world.remark(*id)?;
            Some(if remark.place.anchor().is_some() {
                reviewed(world, remark)
            } else {
                comment(world, COMMENT, remark)
            })
        }
        Happening::CommentEdited(id) => Some(comment(world, COMMENT_EDITED, world.remark(*id)?)),
        Happening::CheckRerequested(_) | Happening::SuiteRerequested(_) => None,
        Happening::BranchPushed { branch, before, after } => Some(push(world, branch, before, after)),
    }
}

fn pull_request(world: &World, kind: &'static str, action: &str, number: u64) -> Payload {
    let known = &world.merge_requests[&number];
    let mut body = shape::payload(world, PULL_REQUEST, number);
    let places = [
        ("/action", json!(action)),
        ("/number", json!(number)),
        ("/pull_request", shape::pull(world, known)),
        ("/repository", shape::repository(world)),
        ("/sender", shape::user(world, known.author)),
    ];
    fill(&mut body, places);
    Payload { event: "pull_request", kind, body }
}

/// A comment beside code is told as a review, without its id and place.
fn reviewed(world: &World, remark: &Remark) -> Payload {
    let kind = "pull_request_review_comment";
    let mut payload = pull_request(world, kind, "reviewed", remark.merge_request);
    payload.event = "pull_request_comment";
    payload.body["review"] = json!({ "type": kind, "content": remark.text });
    payload.body["sender"] = shape::user(world, remark.author);
    payload
}

fn comment(world: &World, text: &str, remark: &Remark) -> Payload {
    let number = remark.merge_request;
    let known = &world.merge_requests[&number];
    let mut body = shape::payload(world, text, number);
    let places = [
        ("/comment", shape::comment(world, remark)),
        ("/issue/id", json!(number)),
        ("/issue/number", json!(number)),
        ("/issue/url", json!(format!("{}/api/v1/repos/{}/issues/{number}", world.root, world.repository))),
        ("/issue/title", json!(shape::title(known))),
        ("/issue/user", shape::user(world, known.author)),
        ("/issue/state", json!(shape::state(known))),
        ("/repository", shape::repository(world)),
        ("/sender", shape::user(world, remark.author)),
    ];
    fill(&mut body, places);
    Payload { event: "issue_comment", kind: "pull_request_comment", body }
}

fn push(world: &World, branch: &str, before: &str, after: &str) -> Payload {
    let who = world.merge_requests.values().find(|known| known.source == branch);
    let who: Value = shape::user(world, who.map_or(world.service, |known| known.author));
    let page = format!("{}/{}", world.root, world.repository);
    let mut body = shape::payload(world, PUSH, 1);
    let places = [
        ("/ref", json!(format!("refs/heads/{branch}"))),
        ("/before", json!(before)),
        ("/after", json!(after)),
        ("/compare_url", json!(format!("{page}/compare/{before}...{after}"))),
        ("/commits/0/id", json!(after)),
        ("/head_commit/id", json!(after)),
        ("/repository", shape::repository(world)),
        ("/pusher", who.clone()),
        ("/sender", who),
    ];
    fill(&mut body, places);
    Payload { event: "push", kind: "push", body }
}
