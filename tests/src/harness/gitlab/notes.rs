//! GitLab's notes: written, edited, deleted by their authors.

use serde_json::Value;

use crate::harness::anchor::Place;
use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::gitlab::{commands, not_found, refusal, required, shape, spend};
use crate::harness::page::page;
use crate::harness::world::{Access, World};

/// The longest text of a note, in characters.
const LONGEST: usize = 1_000_000;

/// Answers the routes of notes.
pub(crate) fn route(world: &mut World, call: &Call, caller: u64, number: u64, path: &[&str]) -> Reply {
    let body = call.json();
    match (call.method.as_str(), path) {
        ("GET", []) => {
            let mut notes: Vec<_> = world.standing(number).map(|remark| shape::note(world, remark)).collect();
            // Newest first, unless asked otherwise.
            if call.query("sort") != Some("asc") {
                notes.reverse();
            }
            Ok(page(world, call, notes))
        }
        ("POST", []) => {
            let text = required(&body, "body")?;
            if text.chars().count() > LONGEST {
                let problem = "{:note=>[\"is too long (maximum is 1000000 characters)\"]}";
                return Err(refusal(400, &format!("400 Bad request - Note {problem}")));
            }
            spend(world)?;
            let text = commands::fire(world, caller, number, &text)?;
            let id = world.write(number, caller, &text, Place::Note);
            Ok(Answer::json(201, &shape::note(world, world.remark(id).expect("it was written"))))
        }
        (method, [id]) => one(world, method, caller, id.parse().map_err(|_| not_found(""))?, &body),
        _ => Err(not_found("Page")),
    }
}

/// One note: read, edited, deleted.
pub(crate) fn one(world: &mut World, method: &str, caller: u64, id: u64, body: &Value) -> Reply {
    let may_change_any = world.person(caller).access >= Access::Maintain;
    let remark = world.remark(id).ok_or_else(|| not_found("Note"))?;
    let (number, may_change) = (remark.merge_request, remark.author == caller || may_change_any);
    match method {
        "GET" => {}
        _ if !may_change => return Err(refusal(403, "403 Forbidden")),
        "PUT" => {
            let text = commands::fire(world, caller, number, &required(body, "body")?)?;
            let now = world.now();
            let remark = world.remark_mut(id).expect("it is there");
            remark.text = text;
            remark.edited = now;
        }
        "DELETE" => {
            world.remark_mut(id).expect("it is there").is_deleted = true;
            return Ok(Answer::empty(204));
        }
        _ => return Err(not_found("Page")),
    }
    Ok(Answer::json(200, &shape::note(world, world.remark(id).expect("it is there"))))
}
