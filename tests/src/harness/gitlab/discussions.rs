//! GitLab's discussions: opened beside code or without, answered, resolved.

use serde_json::Value;

use crate::harness::anchor::Place;
use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::gitlab::{
    commands, malformed, merge_request, not_found, notes, position, refusal, required, shape, spend,
};
use crate::harness::page::page;
use crate::harness::world::{Access, World};

/// Answers the routes of discussions.
pub(crate) fn route(world: &mut World, call: &Call, caller: u64, number: u64, path: &[&str]) -> Reply {
    let body = call.json();
    match (call.method.as_str(), path) {
        ("GET", []) => {
            let opening = world.standing(number).filter(|remark| remark.thread == remark.id);
            Ok(page(world, call, opening.map(|opening| shape::discussion(world, opening)).collect()))
        }
        ("POST", []) => open(world, caller, number, &body),
        (method, [id, path @ ..]) => {
            let thread = thread(world, number, id)?;
            match (method, path) {
                ("GET", []) => Ok(shown(world, thread, 200)),
                ("PUT", []) => resolve(world, caller, thread, &body),
                ("POST", ["notes"]) => answer(world, caller, thread, &body),
                (_, ["notes", note]) => {
                    let note = note.parse().map_err(|_| not_found(""))?;
                    if method == "PUT" && body["resolved"].is_boolean() {
                        resolve(world, caller, thread, &body)?;
                        return notes::one(world, "GET", caller, note, &body);
                    }
                    notes::one(world, method, caller, note, &body)
                }
                _ => Err(not_found("Page")),
            }
        }
        _ => Err(not_found("Page")),
    }
}

fn open(world: &mut World, caller: u64, number: u64, body: &Value) -> Reply {
    let text = required(body, "body")?;
    let place = if body["position"].is_null() {
        Place::Thread
    } else {
        position::place(world, merge_request(world, number)?, &body["position"])?
    };
    spend(world)?;
    let text = commands::fire(world, caller, number, &text)?;
    let id = world.write(number, caller, &text, place);
    Ok(shown(world, id, 201))
}

fn answer(world: &mut World, caller: u64, thread: u64, body: &Value) -> Reply {
    let text = required(body, "body")?;
    let opening = world.remark(thread).ok_or_else(|| not_found("Discussion"))?;
    let number = opening.merge_request;
    if opening.is_system {
        return Err(refusal(400, "400 Bad request - Discussion can not be replied to"));
    }
    spend(world)?;
    let text = commands::fire(world, caller, number, &text)?;
    let id = world.answer(thread, caller, &text);
    // Whoever answers a single note makes a thread of it.
    let opening = world.remark_mut(thread).expect("it is there");
    if matches!(opening.place, Place::Note) {
        opening.place = Place::Thread;
    }
    Ok(Answer::json(201, &shape::note(world, world.remark(id).expect("it was written"))))
}

fn resolve(world: &mut World, caller: u64, thread: u64, body: &Value) -> Reply {
    let resolved = body["resolved"].as_bool().ok_or_else(|| malformed("resolved is missing"))?;
    let access = world.person(caller).access;
    let opening = world.remark_mut(thread).ok_or_else(|| not_found("Discussion"))?;
    if matches!(opening.place, Place::Note) {
        return Err(refusal(400, "400 Bad request - Discussion can not be resolved"));
    }
    if access < Access::Write && opening.author != caller {
        return Err(refusal(403, "403 Forbidden"));
    }
    opening.resolved_by = resolved.then_some(caller);
    Ok(shown(world, thread, 200))
}

fn thread(world: &World, number: u64, id: &str) -> Result<u64, Answer> {
    let mut opening = world.remarks.iter().filter(|remark| remark.merge_request == number);
    let found = opening.find(|remark| remark.thread == remark.id && shape::discussion_id(remark.id) == id);
    found.map(|remark| remark.id).ok_or_else(|| not_found("Discussion"))
}

fn shown(world: &World, thread: u64, status: u16) -> Answer {
    let opening = world.remarks.iter().find(|remark| remark.id == thread).expect("it is there");
    Answer::json(status, &shape::discussion(world, opening))
}
