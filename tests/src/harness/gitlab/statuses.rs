//! GitLab's commit statuses: a job that moves on from state to state, and refuses to stand still.

use serde_json::json;

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::gitlab::{malformed, not_found, refusal, shape};
use crate::harness::page::page;
use crate::harness::world::{Access, Status, World};

const LONGEST_DESCRIPTION: usize = 255;

/// The statuses of a commit.
pub(crate) fn list(world: &World, call: &Call, commit: &str) -> Reply {
    let mut newest: Vec<&Status> = Vec::new();
    for status in world.statuses.iter().rev().filter(|status| status.commit == commit) {
        let wanted = call.query("name").is_none_or(|name| name == status.name);
        if wanted && newest.iter().all(|known| known.name != status.name) {
            newest.push(status);
        }
    }
    Ok(page(world, call, newest.iter().map(|status| shape::status(world, status)).collect()))
}

/// Sets a status.
pub(crate) fn set(world: &mut World, call: &Call, author: u64, commit: &str) -> Reply {
    if world.person(author).access < Access::Write {
        return Err(refusal(403, "403 Forbidden"));
    }
    if !world.store.has_commit(commit) {
        return Err(not_found("Commit"));
    }
    let body = call.json();
    let text = |name: &str| body[name].as_str().or(call.query(name)).map(str::to_owned);
    let state = text("state").ok_or_else(|| malformed("state is missing"))?;
    let name = text("name").or(text("context")).unwrap_or_else(|| "default".to_owned());
    if !["pending", "running", "success", "failed", "canceled", "skipped"].contains(&state.as_str()) {
        return Err(malformed("state does not have a valid value"));
    }
    if text("description").is_some_and(|text| text.chars().count() > LONGEST_DESCRIPTION) {
        let problem = format!("is too long (maximum is {LONGEST_DESCRIPTION} characters)");
        return Err(Answer::json(400, &json!({ "message": { "description": [problem] } })));
    }
    let branch = text("ref");
    let job = world
        .statuses
        .iter()
        .rev()
        .find(|status| status.commit == commit && status.name == name && status.branch == branch);
    if let Some(job) = job {
        stands_still(&job.state, &state)?;
    }
    let (id, at) = (world.id(), world.now());
    let (description, url, commit) = (text("description"), text("target_url"), commit.to_owned());
    let status = Status { id, commit, name, state, description, url, author, branch, at };
    let answer = Answer::json(201, &shape::status(world, &status));
    world.statuses.push(status);
    Ok(answer)
}

/// A job that has not ended takes no step to where it is, and none back. After its end there is a new job.
fn stands_still(from: &str, to: &str) -> Result<(), Answer> {
    let event = match (from, to) {
        ("pending" | "running", "pending") => "enqueue",
        ("running", "running") => "run",
        _ => return Ok(()),
    };
    let reason = format!("Status cannot transition via \"{event}\"");
    Err(refusal(400, &format!("Cannot transition status via :{event} from :{from} (Reason(s): {reason})")))
}
