//! GitLab's objects, after its documentation.

use serde_json::{Value, json};

use crate::harness::anchor::{Anchor, Place};
use crate::harness::diff::{Change, FileDiff};
use crate::harness::gitlab::{PROJECT, is_open};
use crate::harness::signature::sha1;
use crate::harness::world::{Access, MergeRequest, Person, Remark, State, Status, Version, World};

/// Somebody.
pub(crate) fn user(world: &World, id: u64) -> Value {
    let person = world.person(id);
    json!({
        "id": id, "username": person.login, "name": person.login, "state": "active", "locked": false,
        "avatar_url": null, "web_url": format!("{}/{}", world.root, person.login),
    })
}

/// Somebody as a member.
pub(crate) fn member(world: &World, person: &Person) -> Value {
    let level = match person.access {
        Access::None => 0,
        Access::Read => 20,
        Access::Write => 30,
        Access::Maintain => 40,
        Access::Admin => 50,
    };
    let mut member = user(world, person.id);
    member["access_level"] = json!(level);
    member["expires_at"] = Value::Null;
    member["membership_state"] = json!("active");
    member
}

/// The repository.
pub(crate) fn project(world: &World) -> Value {
    let (namespace, path) = world.repository.rsplit_once('/').expect("a group and a name");
    let page = format!("{}/{}", world.root, world.repository);
    json!({
        "id": PROJECT, "name": path, "path": path, "path_with_namespace": world.repository,
        "default_branch": "main", "visibility": "private", "web_url": page,
        "http_url_to_repo": format!("{page}.git"), "namespace": { "full_path": namespace },
        "archived": false,
    })
}

/// A commit.
pub(crate) fn commit(world: &World, id: &str) -> Value {
    let (message, parent) = world.store.about(id);
    json!({ "id": id, "short_id": &id[..8], "title": message, "message": message,
            "parent_ids": parent.into_iter().collect::<Vec<_>>() })
}

/// The state of a merge request.
pub(crate) fn state(merge_request: &MergeRequest) -> &'static str {
    match merge_request.state {
        State::Open => "opened",
        State::Closed => "closed",
        State::Merged => "merged",
    }
}

/// The title, with the word that says that it is not ready.
pub(crate) fn title(merge_request: &MergeRequest) -> String {
    let draft = if merge_request.is_draft { "Draft: " } else { "" };
    format!("{draft}{}", merge_request.title)
}

/// The page of a merge request.
pub(crate) fn page(world: &World, number: u64) -> String {
    format!("{}/{}/-/merge_requests/{number}", world.root, world.repository)
}

/// A merge request.
pub(crate) fn merge_request(world: &World, merge_request: &MergeRequest) -> Value {
    let version = merge_request.versions.last().filter(|_| merge_request.unready_reads == 0);
    let refs = version.map(
        |version| json!({ "base_sha": version.base, "start_sha": version.start, "head_sha": version.head }),
    );
    let ended = (!is_open(merge_request)).then_some(&merge_request.updated);
    let number = merge_request.number;
    json!({
        "id": number + 33_092_000, "iid": number, "project_id": PROJECT, "title": title(merge_request),
        "description": "", "state": state(merge_request), "created_at": merge_request.opened,
        "updated_at": merge_request.updated, "merged_at": ended.filter(|_| merge_request.state == State::Merged),
        "closed_at": ended.filter(|_| merge_request.state == State::Closed),
        "target_branch": merge_request.target, "source_branch": merge_request.source, "upvotes": 0,
        "author": user(world, merge_request.author), "assignees": [], "reviewers": [],
        "source_project_id": PROJECT, "target_project_id": PROJECT, "labels": merge_request.labels,
        "draft": merge_request.is_draft, "work_in_progress": merge_request.is_draft,
        "merge_status": "can_be_merged", "detailed_merge_status": "mergeable", "sha": merge_request.head,
        "merge_commit_sha": null, "web_url": page(world, number),
        "references": { "full": format!("{}!{number}", world.repository) }, "diff_refs": refs,
        "has_conflicts": false, "head_pipeline": null,
    })
}

/// A version of a merge request.
pub(crate) fn version(number: u64, version: &Version) -> Value {
    json!({
        "id": version.id, "head_commit_sha": version.head, "base_commit_sha": version.base,
        "start_commit_sha": version.start, "created_at": version.at, "merge_request_id": number + 33_092_000,
        "state": "collected", "real_size": "1", "patch_id_sha": version.head,
    })
}

/// A changed file.
pub(crate) fn file(file: &FileDiff) -> Value {
    json!({
        "old_path": file.old_path, "new_path": file.new_path, "a_mode": "100644", "b_mode": "100644",
        "diff": file.patch(), "new_file": file.change == Change::Added,
        "renamed_file": file.change == Change::Renamed, "deleted_file": file.change == Change::Deleted,
        "collapsed": false, "too_large": false,
    })
}

/// The name of a thread.
pub(crate) fn discussion_id(thread: u64) -> String {
    sha1(&format!("discussion {thread}"))
}

/// A thread with its notes.
pub(crate) fn discussion(world: &World, opening: &Remark) -> Value {
    let notes = world.standing(opening.merge_request).filter(|remark| remark.thread == opening.id);
    json!({
        "id": discussion_id(opening.id),
        "individual_note": matches!(opening.place, Place::Note),
        "notes": notes.map(|remark| note(world, remark)).collect::<Vec<_>>(),
    })
}

/// A note.
pub(crate) fn note(world: &World, remark: &Remark) -> Value {
    let opening = world.remarks.iter().find(|other| other.id == remark.thread).unwrap_or(remark);
    let resolvable = !matches!(opening.place, Place::Note);
    let kind = match opening.place {
        Place::Note => None,
        Place::Thread => Some("DiscussionNote"),
        Place::File(_) | Place::Lines(_) => Some("DiffNote"),
    };
    let resolved_by = opening.resolved_by.map(|person| user(world, person));
    let mut note = json!({
        "id": remark.id, "type": kind, "body": remark.text, "attachment": null,
        "author": user(world, remark.author), "created_at": remark.created, "updated_at": remark.edited,
        "system": remark.is_system, "noteable_id": remark.merge_request + 33_092_000,
        "noteable_type": "MergeRequest", "project_id": PROJECT, "resolvable": resolvable,
        "confidential": false, "internal": false, "noteable_iid": remark.merge_request,
        "commands_changes": {},
    });
    if resolvable {
        note["resolved"] = json!(opening.resolved_by.is_some());
        note["resolved_by"] = json!(resolved_by);
        note["resolved_at"] = json!(opening.resolved_by.map(|_| &opening.edited));
    }
    if let Some(then) = opening.place.anchor() {
        let merge_request = &world.merge_requests[&remark.merge_request];
        // Lines that were touched keep the place at which they were commented on.
        let now = opening.place.now(world, merge_request);
        note["position"] = position(world, merge_request, then, now.as_ref());
        note["commit_id"] = Value::Null;
    }
    note
}

fn position(world: &World, merge_request: &MergeRequest, then: &Anchor, now: Option<&Anchor>) -> Value {
    let mut position = then.sent.clone();
    let Some(now) = now.filter(|now| now.head != then.head) else {
        return position;
    };
    let version = merge_request.versions.last().expect("an open merge request has a version");
    position["base_sha"] = json!(version.base);
    position["start_sha"] = json!(version.start);
    position["head_sha"] = json!(version.head);
    position["old_path"] = json!(now.old_path);
    position["new_path"] = json!(now.new_path);
    let (_, diff) = world.change(merge_request);
    if let Some(found) = diff.file(&now.new_path).and_then(|file| file.find(now.end.side, now.end.line)) {
        position["old_line"] = json!(found.line().old);
        position["new_line"] = json!(found.line().new);
    }
    position
}

/// A commit status.
pub(crate) fn status(world: &World, status: &Status) -> Value {
    json!({
        "id": status.id, "sha": status.commit, "ref": status.branch, "status": status.state,
        "name": status.name, "target_url": status.url, "description": status.description,
        "created_at": status.at, "started_at": null, "finished_at": null, "allow_failure": false,
        "coverage": null, "pipeline_id": 15641, "author": user(world, status.author),
    })
}
