//! GitLab, as far as a reviewer needs it: `/api/v4`, also under a path.
//!
//! This file is the table of its routes. Its rules are in the files beside it.

mod commands;
mod discussions;
mod hooks;
mod notes;
mod position;
mod shape;
mod statuses;

use serde_json::{Value, json};

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::page::page;
use crate::harness::world::{Access, MergeRequest, State, World};

pub(crate) use hooks::payload;

/// The number that the repository has beside its path.
pub(crate) const PROJECT: u64 = 5;

/// Answers a call.
pub(crate) fn answer(world: &mut World, call: &Call, path: &[&str]) -> Answer {
    let reply = match path {
        ["api", "v4", path @ ..] => route(world, call, path),
        _ => Err(not_found("Page")),
    };
    reply.unwrap_or_else(|answer| answer)
}

fn route(world: &mut World, call: &Call, path: &[&str]) -> Reply {
    let caller = caller(world, call)?;
    match (call.method.as_str(), path) {
        ("GET", ["user"]) => Ok(Answer::json(200, &shape::user(world, caller))),
        ("GET", ["version"]) => Ok(Answer::json(200, &json!({ "version": "18.5.0", "revision": "abc" }))),
        (_, ["projects", project, path @ ..]) => {
            let is_named = *project == world.repository || *project == PROJECT.to_string();
            if !is_named || world.person(caller).access < Access::Read {
                return Err(not_found("Project"));
            }
            in_project(world, call, caller, path)
        }
        _ => Err(not_found("Page")),
    }
}

fn in_project(world: &mut World, call: &Call, caller: u64, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("GET", []) => Ok(Answer::json(200, &shape::project(world))),
        ("GET", ["members", "all", id]) => {
            let person = world.people.iter().find(|person| person.id.to_string() == *id);
            let member = person.filter(|person| person.access > Access::None);
            let member = member.ok_or_else(|| not_found(""))?;
            Ok(Answer::json(200, &shape::member(world, member)))
        }
        ("GET", ["members", "all"]) => {
            let wanted = world.people.iter().filter(|person| {
                person.access > Access::None
                    && call.query("query").is_none_or(|query| person.login.contains(query))
            });
            Ok(page(world, call, wanted.map(|person| shape::member(world, person)).collect()))
        }
        ("GET", ["repository", "branches", name]) => {
            let tip = world.store.branch(name).ok_or_else(|| not_found("Branch"))?;
            let commit = shape::commit(world, &tip);
            Ok(Answer::json(200, &json!({ "name": name, "commit": commit, "merged": false })))
        }
        ("GET", ["repository", "commits", id]) if world.store.has_commit(id) => {
            Ok(Answer::json(200, &shape::commit(world, id)))
        }
        ("GET", ["repository", "commits", id, "statuses"]) => statuses::list(world, call, id),
        ("POST", ["statuses", commit]) => statuses::set(world, call, caller, commit),
        ("GET", ["merge_requests"]) => {
            let state = call.query("state").unwrap_or("all");
            let wanted = world.merge_requests.values().rev();
            let wanted = wanted.filter(|known| state == "all" || state == shape::state(known));
            let wanted = wanted
                .filter(|known| call.query("target_branch").is_none_or(|target| known.target == target));
            Ok(page(world, call, wanted.map(|known| shape::merge_request(world, known)).collect()))
        }
        (_, ["merge_requests", index, path @ ..]) => {
            let number = index.parse().map_err(|_| not_found(""))?;
            merge_request(world, number)?;
            in_merge_request(world, call, caller, number, path)
        }
        _ => Err(not_found("Page")),
    }
}

fn in_merge_request(world: &mut World, call: &Call, caller: u64, number: u64, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("GET", []) => {
            let answer = Answer::json(200, &shape::merge_request(world, merge_request(world, number)?));
            read_once(world, number);
            Ok(answer)
        }
        ("GET", ["versions"]) => {
            let merge_request = merge_request(world, number)?;
            let ready = if merge_request.unready_reads > 0 { 1 } else { 0 };
            // The newest one is computed after the answer to the push.
            let versions = merge_request.versions.iter().rev().skip(ready);
            let answer = page(world, call, versions.map(|version| shape::version(number, version)).collect());
            read_once(world, number);
            Ok(answer)
        }
        ("GET", ["diffs"]) => {
            let files = world.change(merge_request(world, number)?).1.files;
            Ok(page(world, call, files.iter().map(shape::file).collect()))
        }
        ("POST", ["approve"]) => {
            let login = world.person(caller).login.clone();
            let merge_request = world.merge_requests.get_mut(&number).expect("it is there");
            if call.json()["sha"].as_str().is_some_and(|sha| sha != merge_request.head) {
                return Err(refusal(409, "SHA does not match HEAD of source branch"));
            }
            merge_request.approved_by.push(login);
            Ok(Answer::json(201, &json!({ "approved": true })))
        }
        (_, ["discussions", path @ ..]) => discussions::route(world, call, caller, number, path),
        (_, ["notes", path @ ..]) => notes::route(world, call, caller, number, path),
        _ => Err(not_found("Page")),
    }
}

/// Time goes on for a merge request whose diff is not ready.
fn read_once(world: &mut World, number: u64) {
    let merge_request = world.merge_requests.get_mut(&number).expect("it is there");
    merge_request.unready_reads = merge_request.unready_reads.saturating_sub(1);
}

fn caller(world: &World, call: &Call) -> Result<u64, Answer> {
    let bearer = call.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let token = call.header("private-token").or(bearer);
    let person = token.and_then(|token| world.holder(token));
    person.map(|person| person.id).ok_or_else(|| refusal(401, "401 Unauthorized"))
}

pub(crate) fn merge_request(world: &World, number: u64) -> Result<&MergeRequest, Answer> {
    world.merge_requests.get(&number).ok_or_else(|| not_found(""))
}

/// A refusal as GitLab words it.
pub(crate) fn refusal(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message }))
}

/// 404 for one kind of thing.
pub(crate) fn not_found(what: &str) -> Answer {
    let what = if what.is_empty() { String::new() } else { format!("{what} ") };
    refusal(404, &format!("404 {what}Not Found"))
}

/// 400 of a request that does not fit its description.
pub(crate) fn malformed(error: &str) -> Answer {
    Answer::json(400, &json!({ "error": error }))
}

/// A text that a request must have.
pub(crate) fn required(body: &Value, name: &str) -> Result<String, Answer> {
    let text = body[name].as_str().ok_or_else(|| malformed(&format!("{name} is missing")))?;
    if text.trim().is_empty() {
        return Err(refusal(400, "400 Bad request - Note {:note=>[\"can't be blank\"]}"));
    }
    Ok(text.to_owned())
}

/// Counts content that is about to be written, or says how long to wait.
pub(crate) fn spend(world: &mut World) -> Result<(), Answer> {
    let Some(budget) = &mut world.budget else {
        return Ok(());
    };
    budget.take(1).map_err(|wait| {
        let message = "This endpoint has been requested too many times. Try again later.";
        Answer::json(429, &json!({ "message": { "error": message } }))
            .with("retry-after", wait.as_secs().max(1).to_string())
    })
}

/// Whether a merge request can still merge.
pub(crate) fn is_open(merge_request: &MergeRequest) -> bool {
    merge_request.state == State::Open
}
