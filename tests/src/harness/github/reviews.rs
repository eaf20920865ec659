//! GitHub's reviews: all comments or none, one pending review each, nobody approves their own.

use serde_json::{Value, json};

use crate::harness::anchor::{Anchor, Place, Spot};
use crate::harness::diff::{Diff, Found};
use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::github::access::{Caller, acting};
use crate::harness::github::{invalid, merge_request, not_found, schema, shape, spend};
use crate::harness::page::page;
use crate::harness::world::{MergeRequest, Review, Side, World};

/// What is wrong with a comment: the property of its thread, and why.
pub(crate) type Problem = (&'static str, &'static str);

const NO_HUNK: Problem = ("diff_hunk", "can't be blank");

/// The reviews that the caller may see.
pub(crate) fn list(world: &World, call: &Call, caller: Caller, index: u64) -> Reply {
    let reader = acting(caller)?;
    let seen = world.reviews.iter().filter(|review| {
        let is_open = review.state != "PENDING" || review.author == reader;
        review.merge_request == index && !review.is_deleted && is_open
    });
    Ok(page(world, call, seen.map(|review| shape::review(world, review)).collect()))
}

/// Makes a review with all of its comments, or refuses it for the first that is wrong.
pub(crate) fn create(world: &mut World, call: &Call, caller: Caller, index: u64) -> Reply {
    let author = acting(caller)?;
    let body = call.json();
    schema::check("POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews", &body)?;
    let merge_request = merge_request(world, index)?;
    let text = body["body"].as_str().unwrap_or_default();
    let comments = body["comments"].as_array().cloned().unwrap_or_default();
    let state = wanted_state(merge_request, author, &body)?;
    let has_pending = world
        .reviews
        .iter()
        .any(|review| review.merge_request == index && review.author == author && review.state == "PENDING");
    if has_pending {
        return Err(unprocessable("User can only have one pending review per pull request"));
    }
    let commit = commit(merge_request, &body["commit_id"]).map_err(|problem| unprocessable(&problem))?;
    let change = world.change_at(merge_request, &commit);
    let mut placed = Vec::new();
    for comment in &comments {
        let anchor =
            place(&change, &commit, comment).map_err(|problems| unprocessable(&sentence(&problems)))?;
        placed.push((anchor, comment["body"].as_str().unwrap_or_default().to_owned()));
    }
    spend(world, comments.len().max(1))?;
    let (id, at) = (world.id(), world.now());
    let (text, state, is_deleted) = (text.to_owned(), state.to_owned(), false);
    world.reviews.push(Review { id, merge_request: index, author, text, state, commit, is_deleted, at });
    for (anchor, text) in placed {
        let comment = world.write(index, author, &text, Place::Lines(anchor));
        world.remark_mut(comment).expect("it was written").review = Some(id);
    }
    let review = world.reviews.last().expect("it was written");
    Ok(Answer::json(200, &shape::review(world, review)))
}

/// One review: read, edited, submitted, or deleted while it is pending.
pub(crate) fn one(world: &mut World, call: &Call, caller: Caller, id: u64, path: &[&str]) -> Reply {
    let author = acting(caller)?;
    let known = |review: &&mut Review| review.id == id && !review.is_deleted;
    let review = world.reviews.iter_mut().find(known).ok_or_else(not_found)?;
    let body = call.json();
    match (call.method.as_str(), path) {
        ("GET", []) => {}
        ("GET", ["comments"]) => {
            let comments =
                world.remarks.iter().filter(|remark| remark.review == Some(id) && !remark.is_deleted);
            let comments = comments.map(|remark| shape::review_comment(world, remark)).collect();
            return Ok(page(world, call, comments));
        }
        _ if review.author != author => return Err(not_found()),
        ("PUT", []) => {
            schema::check("PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}", &body)?;
            body["body"].as_str().unwrap_or_default().clone_into(&mut review.text);
        }
        ("POST", ["events"]) if review.state == "PENDING" => {
            body["event"].as_str().and_then(submitted).ok_or_else(not_found)?.clone_into(&mut review.state);
        }
        ("DELETE", []) if review.state == "PENDING" => review.is_deleted = true,
        ("DELETE", []) => return Err(unprocessable("Can not delete a non-pending pull request review")),
        _ => return Err(not_found()),
    }
    let review = world.reviews.iter().find(|review| review.id == id).expect("it is there");
    Ok(Answer::json(200, &shape::review(world, review)))
}

fn submitted(event: &str) -> Option<&'static str> {
    match event {
        "APPROVE" => Some("APPROVED"),
        "REQUEST_CHANGES" => Some("CHANGES_REQUESTED"),
        "COMMENT" => Some("COMMENTED"),
        _ => None,
    }
}

/// The state that an event leads to.
fn wanted_state(merge_request: &MergeRequest, author: u64, body: &Value) -> Result<&'static str, Answer> {
    let Some(event) = body["event"].as_str() else {
        return Ok("PENDING");
    };
    let is_own = merge_request.author == author;
    let is_empty = body["body"].as_str().is_none_or(str::is_empty);
    let has_comments = body["comments"].as_array().is_some_and(|comments| !comments.is_empty());
    match event {
        "APPROVE" if is_own => Err(unprocessable("Can not approve your own pull request")),
        "REQUEST_CHANGES" if is_own => Err(unprocessable("Can not request changes on your own pull request")),
        "COMMENT" | "REQUEST_CHANGES" if is_empty && !has_comments => {
            Err(unprocessable("Body can't be blank"))
        }
        event => submitted(event).ok_or_else(|| unprocessable("Event is not included in the list")),
    }
}

/// The commit that comments are for: the one that was named, if it was ever the head, or the head.
pub(crate) fn commit(merge_request: &MergeRequest, named: &Value) -> Result<String, String> {
    let Some(named) = named.as_str() else {
        return Ok(merge_request.head.clone());
    };
    let is_known = merge_request.versions.iter().any(|version| version.head == named);
    if is_known { Ok(named.to_owned()) } else { Err("commit_id is not part of the pull request".to_owned()) }
}

/// Finds the lines that a comment is for.
pub(crate) fn place(change: &(String, Diff), head: &str, comment: &Value) -> Result<Anchor, Vec<Problem>> {
    let (base, diff) = change;
    let path = comment["path"].as_str().unwrap_or_default();
    let file = diff.file(path).ok_or_else(|| vec![("path", "is invalid"), NO_HUNK])?;
    let spot = |line: &str, side: &str, otherwise: Side| {
        let number = u32::try_from(comment[line].as_u64()?).ok()?;
        let side = match comment[side].as_str() {
            Some("LEFT") => Side::Old,
            Some(_) => Side::New,
            None => otherwise,
        };
        Some(Spot { side, line: number })
    };
    let outside = || vec![("line", "must be part of the diff"), NO_HUNK];
    let end = spot("line", "side", Side::New).ok_or_else(outside)?;
    let found = file.find(end.side, end.line);
    let start = spot("start_line", "start_side", end.side);
    let started = start.and_then(|start| file.find(start.side, start.line));
    let mut problems = Vec::new();
    if found.is_none() {
        problems.push(("line", "must be part of the diff"));
    }
    problems.extend(start.and_then(|_| wrong_start(started, found)));
    let Some(found) = found.filter(|_| problems.is_empty()) else {
        problems.push(NO_HUNK);
        return Err(problems);
    };
    Ok(Anchor {
        old_path: file.old_path.clone(),
        new_path: file.new_path.clone(),
        start,
        end,
        base: base.clone(),
        head: head.to_owned(),
        hunk: found.hunk.excerpt(0, found.index + 1),
        sent: Value::Null,
    })
}

fn wrong_start(started: Option<Found<'_>>, found: Option<Found<'_>>) -> Option<Problem> {
    match (started, found) {
        (Some(started), Some(found)) if started.precedes(&found) => None,
        (Some(started), Some(found)) if started.is_with(&found) => {
            Some(("start_line", "must precede the end line."))
        }
        _ => Some(("start_line", "must be part of the same hunk as the line.")),
    }
}

/// The problems as one sentence: how the endpoint for whole reviews tells them.
fn sentence(problems: &[Problem]) -> String {
    let told = problems
        .iter()
        .map(|(name, why)| format!("Pull request review thread {} {why}", name.replace('_', " ")));
    let told: Vec<String> = told.collect();
    match told.as_slice() {
        [one, other] => format!("{one} and {other}"),
        [first @ .., last] if !first.is_empty() => format!("{}, and {last}", first.join(", ")),
        told => told.concat(),
    }
}

/// 422 with one error, a text.
fn unprocessable(error: &str) -> Answer {
    invalid("Unprocessable Entity", &json!([error]))
}
