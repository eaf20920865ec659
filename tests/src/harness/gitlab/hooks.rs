//! GitLab's webhooks, after its documentation. An old GitLab leaves out what newer ones have added.

use serde_json::{Value, json};

use crate::harness::anchor::Place;
use crate::harness::delivery::{Happening, Payload};
use crate::harness::gitlab::{PROJECT, shape};
use crate::harness::world::{MergeRequest, State, World};

/// The payload of a happening.
pub(crate) fn payload(world: &World, happening: &Happening) -> Option<Payload> {
    let draft = |before: bool, after: bool| json!({ "draft": { "previous": before, "current": after } });
    match happening {
        Happening::Opened(number) => Some(merge_request(world, "open", *number, &json!({}))),
        Happening::Reopened(number) => Some(merge_request(world, "reopen", *number, &json!({}))),
        Happening::Closed(number) => Some(merge_request(world, "close", *number, &json!({}))),
        Happening::Merged(number) => Some(merge_request(world, "merge", *number, &json!({}))),
        Happening::Ready(number) => Some(merge_request(world, "update", *number, &draft(true, false))),
        Happening::Drafted(number) => Some(merge_request(world, "update", *number, &draft(false, true))),
        Happening::Labelled(number) => {
            let changes = json!({ "labels": { "previous": [], "current": [] } });
            Some(merge_request(world, "update", *number, &changes))
        }
        Happening::Retargeted { number, from } => {
            let target = &world.merge_requests[number].target;
            let changes = json!({ "target_branch": { "previous": from, "current": target } });
            Some(merge_request(world, "update", *number, &changes))
        }
        Happening::Pushed { number, before } => {
            let mut payload = merge_request(world, "update", *number, &json!({}));
            // Only an update that has this brings new commits.
            payload.body["object_attributes"]["oldrev"] = json!(before);
            Some(payload)
        }
        Happening::Commented(id) => note(world, "create", *id),
        Happening::CommentEdited(id) => note(world, "update", *id),
        Happening::CheckRerequested(_) | Happening::SuiteRerequested(_) => None,
        Happening::BranchPushed { branch, before, after } => Some(push(world, branch, before, after)),
    }
}

fn user(world: &World, id: u64) -> Value {
    let login = &world.person(id).login;
    json!({ "id": id, "name": login, "username": login, "avatar_url": null, "email": "[REDACTED]" })
}

fn project(world: &World) -> Value {
    let page = format!("{}/{}", world.root, world.repository);
    let (namespace, name) = world.repository.rsplit_once('/').expect("a group and a name");
    json!({
        "id": PROJECT, "name": name, "description": null, "web_url": page, "avatar_url": null,
        "git_ssh_url": format!("git@127.0.0.1:{}.git", world.repository), "git_http_url": format!("{page}.git"),
        "namespace": namespace, "visibility_level": 0, "path_with_namespace": world.repository,
        "default_branch": "main", "ci_config_path": null, "homepage": page, "url": format!("{page}.git"),
        "ssh_url": format!("git@127.0.0.1:{}.git", world.repository), "http_url": format!("{page}.git"),
    })
}

fn attributes(world: &World, known: &MergeRequest) -> Value {
    let (message, _) = world.store.about(&known.head);
    let commit = json!({ "id": known.head, "message": message, "title": message,
                         "timestamp": known.updated, "url": "",
                         "author": { "name": "Nobody", "email": "[REDACTED]" } });
    let state = match known.state {
        State::Open => 1,
        State::Closed => 2,
        State::Merged => 3,
    };
    let mut attributes = json!({
        "assignee_id": null, "author_id": known.author, "created_at": known.opened, "description": "",
        "head_pipeline_id": null, "id": known.number + 33_092_000, "iid": known.number,
        "last_edited_at": null, "merge_commit_sha": null, "merge_status": "unchecked",
        "source_branch": known.source, "source_project_id": PROJECT, "state_id": state,
        "target_branch": known.target, "target_project_id": PROJECT, "title": shape::title(known),
        "updated_at": known.updated, "url": shape::page(world, known.number), "source": project(world),
        "target": project(world), "last_commit": commit, "work_in_progress": known.is_draft,
        "labels": labels(known), "state": shape::state(known),
    });
    if !world.is_old {
        attributes["draft"] = json!(known.is_draft);
        attributes["detailed_merge_status"] = json!("checking");
        attributes["reviewer_ids"] = json!([]);
    }
    attributes
}

fn labels(known: &MergeRequest) -> Value {
    let label = |name: &String| json!({ "id": 1, "title": name, "color": "#ffffff", "project_id": PROJECT });
    known.labels.iter().map(label).collect()
}

fn repository(world: &World) -> Value {
    let page = format!("{}/{}", world.root, world.repository);
    json!({ "name": world.repository, "url": format!("{page}.git"), "description": "", "homepage": page })
}

fn merge_request(world: &World, action: &str, number: u64, changes: &Value) -> Payload {
    let known = &world.merge_requests[&number];
    let mut attributes = attributes(world, known);
    attributes["action"] = json!(action);
    let body = json!({
        "object_kind": "merge_request", "event_type": "merge_request", "user": user(world, known.author),
        "project": project(world), "object_attributes": attributes, "labels": labels(known),
        "changes": changes, "repository": repository(world),
    });
    Payload { event: "Merge Request Hook", kind: "Merge Request Hook", body }
}

fn note(world: &World, action: &str, id: u64) -> Option<Payload> {
    let remark = world.remark(id)?;
    let known = &world.merge_requests[&remark.merge_request];
    let opening = world.remark(remark.thread).unwrap_or(remark);
    let kind = match opening.place {
        Place::Note => None,
        Place::Thread => Some("DiscussionNote"),
        Place::File(_) | Place::Lines(_) => Some("DiffNote"),
    };
    let mut attributes = json!({
        "attachment": null, "author_id": remark.author, "change_position": null, "commit_id": null,
        "created_at": remark.created, "discussion_id": shape::discussion_id(remark.thread), "id": id,
        "line_code": null, "note": remark.text, "noteable_id": known.number + 33_092_000,
        "noteable_type": "MergeRequest", "original_position": null, "position": null,
        "project_id": PROJECT, "resolved_at": null, "resolved_by_id": opening.resolved_by,
        "st_diff": null, "system": remark.is_system, "type": kind, "updated_at": remark.edited,
        "updated_by_id": null, "description": remark.text,
        "url": format!("{}#note_{id}", shape::page(world, known.number)),
    });
    if let Some(anchor) = opening.place.anchor() {
        attributes["position"] = anchor.sent.clone();
        attributes["original_position"] = anchor.sent.clone();
    }
    if !world.is_old {
        attributes["action"] = json!(action);
        attributes["internal"] = json!(false);
    }
    let body = json!({
        "object_kind": "note", "event_type": "note", "user": user(world, remark.author),
        "project_id": PROJECT, "project": project(world), "object_attributes": attributes,
        "repository": repository(world), "merge_request": self::attributes(world, known),
    });
    Some(Payload { event: "Note Hook", kind: "Note Hook", body })
}

fn push(world: &World, branch: &str, before: &str, after: &str) -> Payload {
    let who = world.merge_requests.values().find(|known| known.source == branch);
    let who = who.map_or(world.service, |known| known.author);
    let (message, _) = world.store.about(after);
    let commit = json!({ "id": after, "message": message, "title": message, "url": "", "added": [],
                         "modified": [], "removed": [], "author": { "name": "Nobody", "email": "" } });
    let login = &world.person(who).login;
    let body = json!({
        "object_kind": "push", "event_name": "push", "before": before, "after": after,
        "ref": format!("refs/heads/{branch}"), "ref_protected": false, "checkout_sha": after,
        "message": null, "user_id": who, "user_name": login, "user_username": login, "user_email": "",
        "user_avatar": null, "project_id": PROJECT, "project": project(world), "commits": [commit],
        "total_commits_count": 1, "push_options": {}, "repository": repository(world),
    });
    Payload { event: "Push Hook", kind: "Push Hook", body }
}
