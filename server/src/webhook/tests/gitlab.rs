//! What GitLab says: bodies of our own, in the shapes of old and new versions.

use serde_json::{Value, json};

use super::{comment, ignored, key, read_gitlab};
use crate::event::Event;
use crate::merge_request::ForgeKind;

pub(super) fn merge_request(attributes: &Value, changes: &Value) -> Value {
    let mut object = json!({"iid": 7, "state": "opened", "target": {"path_with_namespace": "bank/pay/core"}});
    object.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
    json!({"object_kind": "merge_request", "object_attributes": object, "changes": changes,
        "project": {"path_with_namespace": "bank/pay/core"}})
}

#[test]
fn a_gitlab_merge_request_is_changed_by_what_can_change_its_verdict() {
    let change = Event::Changed { merge_request: key(ForgeKind::Gitlab, "bank/pay/core", 7) };
    let nothing = ignored("merge_request.update");
    let some = || json!({"previous": 1, "current": 2});
    let none = Value::Null;
    for (attributes, changes, expected) in [
        (json!({"action": "open"}), json!({}), &change),
        (json!({"action": "reopen"}), json!({}), &change),
        (json!({"action": "update", "oldrev": "8ad9"}), json!({}), &change),
        (json!({"action": "update"}), json!({"labels": some()}), &nothing),
        (json!({"action": "update"}), json!({"target_branch": some()}), &change),
        (json!({"action": "update", "draft": false}), json!({"draft": some(), "title": some()}), &change),
        (json!({"action": "update", "draft": false}), json!({"title": some()}), &nothing),
        (json!({"action": "update", "work_in_progress": false}), json!({"title": some()}), &change),
        (json!({"action": "update"}), none.clone(), &change),
        (json!({"action": "approved"}), json!({}), &ignored("merge_request.approved")),
        (json!({}), none, &change),
    ] {
        let body = merge_request(&attributes, &changes);
        assert_eq!(read_gitlab(&body).as_ref(), Ok(expected), "{body}");
    }
}

#[test]
fn a_gitlab_merge_request_is_over_by_action_or_where_none_is_named_by_state() {
    let over = Event::Closed { merge_request: key(ForgeKind::Gitlab, "bank/pay/core", 7) };
    for attributes in [json!({"action": "close"}), json!({"action": "merge"}), json!({"state": "merged"})] {
        assert_eq!(read_gitlab(&merge_request(&attributes, &Value::Null)).as_ref(), Ok(&over));
    }
}

fn note(attributes: &Value) -> Event {
    let mut object = json!({"id": 11, "note": "@countersign review", "noteable_type": "MergeRequest",
        "author_id": 5, "system": false, "type": null, "discussion_id": "d1"});
    object.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
    let body = json!({"object_kind": "note", "user": {"username": "ada"}, "object_attributes": object,
        "merge_request": {"iid": 7}, "project": {"path_with_namespace": "bank/core"}});
    read_gitlab(&body).unwrap()
}

#[test]
fn a_gitlab_note_is_a_comment_with_and_without_an_action() {
    let commented = |thread| Event::Commented(comment(ForgeKind::Gitlab, thread));
    assert_eq!(note(&json!({})), commented(None));
    assert_eq!(note(&json!({"action": "create", "type": "DiffNote"})), commented(Some("d1")));
    assert_eq!(note(&json!({"action": "update"})), ignored("note.update"));
    assert_eq!(note(&json!({"system": true})), ignored("note.no_author"));
    assert_eq!(note(&json!({"noteable_type": "Issue"})), ignored("note"));
    assert_eq!(note(&json!({"note": "nice work"})), ignored("note.no_call"));
}

#[test]
fn a_gitlab_push_moves_a_branch_also_by_a_system_hook() {
    let push = |reference: &str, after: &str| {
        let body = json!({"event_name": "push", "ref": reference, "after": after,
            "project": {"path_with_namespace": "bank/core"}});
        read_gitlab(&body).unwrap()
    };
    let pushed = Event::Pushed { repository: "bank/core".to_owned(), branch: "release/1".to_owned() };
    assert_eq!(push("refs/heads/release/1", "da15"), pushed);
    assert_eq!(push("refs/heads/release/1", "0000"), ignored("push.deleted"));
    assert_eq!(push("refs/tags/v1", "da15"), ignored("push.tag"));
    assert_eq!(read_gitlab(&json!({"event_name": "repository_update"})), Ok(ignored("repository_update")));
}
