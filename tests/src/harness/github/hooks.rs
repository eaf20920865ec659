//! GitHub's webhooks, made from ones that GitHub has sent.

use serde_json::{Value, json};

use crate::harness::delivery::{Happening, Payload};
use crate::harness::github::shape;
use crate::harness::template::fill;
use crate::harness::world::World;

const PULL_REQUEST: &str = include_str!("../../../fixtures/forges/github/pull_request.json");
const ISSUE_COMMENT: &str = include_str!("../../../fixtures/forges/github/issue_comment.json");
const PUSH: &str = include_str!("../../../fixtures/forges/github/push.json");
const CHECK_RUN: &str = include_str!("../../../fixtures/forges/github/check_run.json");
const CHECK_SUITE: &str = include_str!("../../../fixtures/forges/github/check_suite.json");

/// The payload of a happening.
pub(crate) fn payload(world: &World, happening: &Happening) -> Option<Payload> {
    match happening {
        Happening::Opened(number) => Some(pull_request(world, "opened", *number)),
        Happening::Reopened(number) => Some(pull_request(world, "reopened", *number)),
        Happening::Closed(number) | Happening::Merged(number) => Some(pull_request(world, "closed", *number)),
        Happening::Ready(number) => Some(pull_request(world, "ready_for_review", *number)),
        Happening::Drafted(number) => Some(pull_request(world, "converted_to_draft", *number)),
        Happening::Labelled(number) => Some(pull_request(world, "labeled", *number)),
        Happening::Pushed { number, before } => {
            let mut payload = pull_request(world, "synchronize", *number);
            payload.body["before"] = json!(before);
            payload.body["after"] = payload.body["pull_request"]["head"]["sha"].clone();
            Some(payload)
        }
        Happening::Retargeted { number, from } => {
            let mut payload = pull_request(world, "edited", *number);
            payload.body["changes"] = json!({ "base": { "ref": { "from": from }, "sha": { "from": "" } } });
            Some(payload)
        }
        Happening::Commented(id) => comment(world, "created", *id),
        Happening::CommentEdited(id) => comment(world, "edited", *id),
        Happening::CheckRerequested(id) => check_run(world, *id),
        Happening::SuiteRerequested(head) => Some(check_suite(world, head)),
        Happening::BranchPushed { branch, before, after } => Some(push(world, branch, before, after)),
    }
}

/// What every payload has.
fn finish(world: &World, event: &'static str, mut body: Value, sender: u64) -> Payload {
    body["sender"] = shape::user(world, sender);
    // A push names the repository in a shape of its own.
    if event != "push" {
        body["repository"] = shape::repository(world);
    }
    let object = body.as_object_mut().expect("a payload is an object");
    object.shift_remove("organization");
    match &world.app {
        Some(app) => {
            let id = app.installation;
            object.insert("installation".to_owned(), json!({ "id": id, "node_id": format!("MDIz{id}") }));
        }
        None => {
            object.shift_remove("installation");
        }
    }
    Payload { event, kind: event, body }
}

fn pull_request(world: &World, action: &str, number: u64) -> Payload {
    let merge_request = &world.merge_requests[&number];
    let mut body = shape::payload(world, PULL_REQUEST, number);
    let pull = shape::pull(world, merge_request);
    fill(&mut body, [("/action", json!(action)), ("/number", json!(number)), ("/pull_request", pull)]);
    let object = body.as_object_mut().expect("a payload is an object");
    object.shift_remove("before");
    object.shift_remove("after");
    finish(world, "pull_request", body, merge_request.author)
}

fn comment(world: &World, action: &str, id: u64) -> Option<Payload> {
    let remark = world.remark(id)?;
    let merge_request = &world.merge_requests[&remark.merge_request];
    if remark.place.anchor().is_some() {
        let comment = shape::review_comment(world, remark);
        let pull = shape::pull(world, merge_request);
        let body = json!({ "action": action, "comment": comment, "pull_request": pull });
        return Some(finish(world, "pull_request_review_comment", body, remark.author));
    }
    let number = remark.merge_request;
    let mut body = shape::payload(world, ISSUE_COMMENT, number);
    let pull = shape::api(world, &format!("pulls/{number}"));
    let page = format!("{}/{}/pull/{number}", world.root, world.repository);
    let places = [
        ("/action", json!(action)),
        ("/comment", shape::issue_comment(world, remark)),
        ("/issue/number", json!(number)),
        ("/issue/url", json!(shape::api(world, &format!("issues/{number}")))),
        ("/issue/html_url", json!(page)),
        ("/issue/title", json!(merge_request.title)),
        ("/issue/user", shape::user(world, merge_request.author)),
        ("/issue/state", json!(shape::state(merge_request))),
        ("/issue/labels", json!([])),
        // What tells a merge request from an issue.
        ("/issue/pull_request", json!({ "url": pull, "html_url": page })),
    ];
    fill(&mut body, places);
    Some(finish(world, "issue_comment", body, remark.author))
}

fn check_run(world: &World, id: u64) -> Option<Payload> {
    let run = world.check_runs.iter().find(|run| run.id == id)?;
    let mut body = shape::payload(world, CHECK_RUN, 0);
    let mut shown = shape::check_run(world, run);
    shown["check_suite"] = body["check_run"]["check_suite"].take();
    let places = [("/head_sha", json!(run.head)), ("/pull_requests", shown["pull_requests"].clone())];
    fill(&mut shown["check_suite"], places);
    shown["check_suite"]["app"] = shown["app"].clone();
    body["check_run"] = shown;
    Some(finish(world, "check_run", body, world.service))
}

fn check_suite(world: &World, head: &str) -> Payload {
    let mut body = shape::payload(world, CHECK_SUITE, 0);
    let on_head = world.merge_requests.values().filter(|known| known.head == head);
    let pulls = on_head.map(|known| {
        json!({ "id": known.number + 279_147_000, "number": known.number,
                "head": { "ref": known.source, "sha": known.head },
                "base": { "ref": known.target, "sha": world.tip(&known.target) } })
    });
    let pulls: Vec<Value> = pulls.collect();
    let places = [("/check_suite/head_sha", json!(head)), ("/check_suite/pull_requests", json!(pulls))];
    fill(&mut body, places);
    body["action"] = json!("rerequested");
    if world.app.is_some() {
        body["check_suite"]["app"] = shape::app(world);
    }
    finish(world, "check_suite", body, world.service)
}

fn push(world: &World, branch: &str, before: &str, after: &str) -> Payload {
    let mut body = shape::payload(world, PUSH, 0);
    let who = world.merge_requests.values().find(|known| known.source == branch);
    let places = [
        ("/ref", json!(format!("refs/heads/{branch}"))),
        ("/before", json!(before)),
        ("/after", json!(after)),
        ("/created", json!(before.bytes().all(|byte| byte == b'0'))),
    ];
    fill(&mut body, places);
    for commit in ["/commits/0/id", "/head_commit/id"] {
        fill(&mut body, [(commit, json!(after))]);
    }
    finish(world, "push", body, who.map_or(world.service, |known| known.author))
}
