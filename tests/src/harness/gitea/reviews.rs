//! Gitea's reviews. Nothing of a comment's place is checked: whoever names a line that is in no hunk is told
//! 200, and the comment is seen by nobody.

use serde_json::Value;

use crate::harness::anchor::{Anchor, Place, Spot};
use crate::harness::diff::Diff;
use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::gitea::{not_found, refusal, shape, spend};
use crate::harness::page::page;
use crate::harness::world::{Access, Review, Side, World};

/// Lines that are kept of a hunk, down to the one that is commented on.
const HUNK_LINES: usize = 4;

/// Answers the routes of reviews.
pub(crate) fn route(world: &mut World, call: &Call, caller: u64, number: u64, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("GET", []) => {
            let reviews = world.reviews.iter().filter(|review| {
                let is_open = review.state != "PENDING" || review.author == caller;
                review.merge_request == number && !review.is_deleted && is_open
            });
            Ok(page(world, call, reviews.map(|review| shape::review(world, review)).collect()))
        }
        ("POST", []) => create(world, call, caller, number),
        (method, [id, path @ ..]) => {
            let id = id.parse::<u64>().map_err(|_| not_found())?;
            let known = |review: &&Review| review.id == id && !review.is_deleted;
            let review = world.reviews.iter().find(known).ok_or_else(not_found)?;
            match (method, path) {
                ("GET", []) => Ok(Answer::json(200, &shape::review(world, review))),
                ("GET", ["comments"]) => {
                    let comments = world.standing(number).filter(|remark| remark.review == Some(id));
                    let comments = comments.map(|remark| shape::review_comment(world, remark));
                    // This list has no pages.
                    Ok(Answer::json(200, &comments.collect()))
                }
                ("DELETE", []) => delete(world, caller, id),
                _ => Err(not_found()),
            }
        }
        _ => Err(not_found()),
    }
}

fn create(world: &mut World, call: &Call, author: u64, number: u64) -> Reply {
    let body = call.json();
    let text = body["body"].as_str().unwrap_or_default();
    let comments = body["comments"].as_array().cloned().unwrap_or_default();
    let state = state(world, author, number, &body)?;
    spend(world, comments.len().max(1))?;
    let head = world.merge_requests[&number].head.clone();
    let commit = body["commit_id"].as_str().filter(|commit| !commit.is_empty()).unwrap_or(&head).to_owned();
    let at = world.now();
    let waiting = |review: &&mut Review| {
        review.merge_request == number && review.author == author && review.state == "PENDING"
    };
    // Whatever was left pending goes out with the next real review of the same user.
    let id = if let Some(review) = world.reviews.iter_mut().find(waiting) {
        state.clone_into(&mut review.state);
        text.clone_into(&mut review.text);
        review.at = at;
        review.id
    } else {
        let (id, text) = (world.id(), text.to_owned());
        let (merge_request, is_deleted, state) = (number, false, state.to_owned());
        world.reviews.push(Review { id, merge_request, author, text, state, commit, is_deleted, at });
        id
    };
    let (base, diff) = world.change(&world.merge_requests[&number]);
    for comment in &comments {
        let place = Place::Lines(place(&base, &head, &diff, comment));
        let written = world.write(number, author, comment["body"].as_str().unwrap_or_default(), place);
        world.remark_mut(written).expect("it was written").review = Some(id);
    }
    let review = world.reviews.iter().find(|review| review.id == id).expect("it was written");
    Ok(Answer::json(200, &shape::review(world, review)))
}

/// The state that an event leads to. An unknown event leaves the review pending, without a word.
fn state(world: &World, author: u64, number: u64, body: &Value) -> Result<&'static str, Answer> {
    let event = body["event"].as_str().unwrap_or_default();
    let is_empty = body["body"].as_str().is_none_or(|text| text.trim().is_empty());
    let has_comments = body["comments"].as_array().is_some_and(|comments| !comments.is_empty());
    let is_own = world.merge_requests[&number].author == author;
    match event {
        "APPROVED" if is_own => Err(refusal(422, "approve your own pull is not allowed")),
        "REQUEST_CHANGES" if is_own => Err(refusal(422, "reject your own pull is not allowed")),
        "APPROVED" => Ok("APPROVED"),
        "REQUEST_CHANGES" | "COMMENT" if is_empty && !has_comments => {
            Err(refusal(422, &format!("review event {event} requires a body or a comment")))
        }
        "REQUEST_CHANGES" => Ok("REQUEST_CHANGES"),
        "COMMENT" => Ok("COMMENT"),
        "" if is_empty => Err(refusal(422, "review event  requires a body")),
        _ => Ok("PENDING"),
    }
}

fn place(base: &str, head: &str, diff: &Diff, comment: &Value) -> Anchor {
    let number =
        |name: &str| comment[name].as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    let path = comment["path"].as_str().unwrap_or_default();
    let end = match number("old_position") {
        0 => Spot { side: Side::New, line: number("new_position") },
        line => Spot { side: Side::Old, line },
    };
    let file = diff.files.iter().find(|file| file.new_path == path || file.old_path == path);
    let found = file.and_then(|file| file.find(end.side, end.line));
    let hunk = found.map(|found| {
        let to = found.index + 1;
        found.hunk.excerpt(to.saturating_sub(HUNK_LINES), to)
    });
    Anchor {
        old_path: file.map_or(path, |file| &file.old_path).to_owned(),
        new_path: path.to_owned(),
        start: None,
        end,
        base: base.to_owned(),
        head: head.to_owned(),
        hunk: hunk.unwrap_or_default(),
        sent: Value::Null,
    }
}

/// Deletes a review with its comments.
fn delete(world: &mut World, caller: u64, id: u64) -> Reply {
    let may_delete_any = world.person(caller).access >= Access::Maintain;
    let review = world.reviews.iter_mut().find(|review| review.id == id).expect("it is there");
    if review.author != caller && !may_delete_any {
        return Err(refusal(403, "user should be the author of the review or an admin"));
    }
    review.is_deleted = true;
    for remark in world.remarks.iter_mut().filter(|remark| remark.review == Some(id)) {
        remark.is_deleted = true;
    }
    Ok(Answer::empty(204))
}
