//! Gitea's comments in the conversation. Those beside code are edited here too, but not deleted.

use crate::harness::anchor::Place;
use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::gitea::{not_found, refusal, shape, spend};
use crate::harness::world::{Access, World};

/// The comments in the conversation: all of them, for this list has no pages.
pub(crate) fn of_issue(world: &mut World, call: &Call, caller: u64, number: u64) -> Reply {
    match call.method.as_str() {
        "GET" => {
            let told = world.standing(number).filter(|remark| remark.place.anchor().is_none());
            Ok(Answer::json(200, &told.map(|remark| shape::comment(world, remark)).collect()))
        }
        "POST" => {
            let body = call.json();
            let text = body["body"].as_str().ok_or_else(|| refusal(422, "[Body]: Required"))?;
            spend(world, 1)?;
            let id = world.write(number, caller, text, Place::Note);
            Ok(Answer::json(201, &shape::comment(world, world.remark(id).expect("it was written"))))
        }
        _ => Err(not_found()),
    }
}

/// One comment: read, edited, deleted.
pub(crate) fn one(world: &mut World, call: &Call, caller: u64, id: u64) -> Reply {
    let may_change_any = world.person(caller).access >= Access::Write;
    let now = world.now();
    let remark = world.remark_mut(id).ok_or_else(not_found)?;
    let is_beside_code = remark.place.anchor().is_some();
    let may_change = remark.author == caller || may_change_any;
    match call.method.as_str() {
        // A comment beside code is neither shown nor deleted here; the answer sounds as if it were.
        "GET" if is_beside_code => return Ok(Answer::empty(204)),
        "GET" => {}
        _ if !may_change => return Err(Answer::empty(403)),
        "PATCH" => {
            let body = call.json();
            let text = body["body"].as_str().ok_or_else(|| refusal(422, "[Body]: Required"))?;
            text.clone_into(&mut remark.text);
            remark.edited = now;
        }
        "DELETE" => {
            remark.is_deleted = !is_beside_code;
            return Ok(Answer::empty(204));
        }
        _ => return Err(not_found()),
    }
    Ok(Answer::json(200, &shape::comment(world, world.remark(id).expect("it is there"))))
}
