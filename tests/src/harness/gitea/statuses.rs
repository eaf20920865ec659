//! Gitea's commit statuses: any number of them, the newest of each context counts.

use serde_json::{Value, json};

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::gitea::{not_found, refusal, shape};
use crate::harness::page::page;
use crate::harness::world::{Access, Status, World};

/// The states, the worst first.
const STATES: [&str; 5] = ["error", "failure", "pending", "warning", "success"];

/// Answers the routes of statuses.
pub(crate) fn route(world: &mut World, call: &Call, caller: u64, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("POST", ["statuses", commit]) => set(world, call, caller, commit),
        ("GET", ["statuses", commit] | ["commits", commit, "statuses"]) => {
            let given = world.statuses.iter().rev().filter(|status| status.commit == *commit);
            Ok(page(world, call, given.map(|status| shape::status(world, status)).collect()))
        }
        ("GET", ["commits", commit, "status"]) => Ok(Answer::json(200, &combined(world, commit))),
        _ => Err(not_found()),
    }
}

fn set(world: &mut World, call: &Call, author: u64, commit: &str) -> Reply {
    if world.person(author).access < Access::Write {
        return Err(refusal(403, "user should have a permission to write to a repo"));
    }
    if !world.store.has_commit(commit) {
        return Err(not_found());
    }
    let body = call.json();
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let state = text("state").unwrap_or_default();
    if !STATES.contains(&state.as_str()) {
        return Err(refusal(400, "state is not one of pending, success, error, failure, warning"));
    }
    let (id, at) = (world.id(), world.now());
    let name = text("context").filter(|name| !name.is_empty()).unwrap_or_else(|| "default".to_owned());
    let (description, url, commit) = (text("description"), text("target_url"), commit.to_owned());
    let status = Status { id, commit, name, state, description, url, author, branch: None, at };
    let answer = Answer::json(201, &shape::status(world, &status));
    world.statuses.push(status);
    Ok(answer)
}

fn combined(world: &World, commit: &str) -> Value {
    let mut newest: Vec<&Status> = Vec::new();
    for status in world.statuses.iter().rev().filter(|status| status.commit == commit) {
        if newest.iter().all(|known| known.name != status.name) {
            newest.push(status);
        }
    }
    let api = format!("{}/api/v1/repos/{}", world.root, world.repository);
    let state = STATES.into_iter().find(|state| newest.iter().any(|status| status.state == *state));
    let Some(state) = state else {
        // Without a status there is not even a commit.
        return json!({ "state": "", "sha": "", "total_count": 0, "statuses": null, "repository": null,
                       "commit_url": "", "url": "" });
    };
    let statuses: Vec<_> = newest.iter().map(|status| shape::status(world, status)).collect();
    json!({
        "state": state, "sha": commit, "total_count": statuses.len(), "statuses": statuses,
        "repository": shape::repository(world), "commit_url": format!("{api}/commits/{commit}"),
        "url": format!("{api}/commits/{commit}/status"),
    })
}
