//! GitHub's comments: single ones beside code, answers, and those in the conversation.

use serde_json::{Value, json};

use crate::harness::anchor::{Anchor, Place, Spot};
use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::github::access::{Caller, acting};
use crate::harness::github::reviews::{Problem, commit, place};
use crate::harness::github::{invalid, merge_request, not_found, refusal, schema, shape, spend};
use crate::harness::page::page;
use crate::harness::world::{Access, Remark, Review, Side, World};

/// The longest text of a comment, in characters.
const LONGEST: usize = 65_536;

/// The comments beside the code of a merge request.
pub(crate) fn list(world: &World, call: &Call, index: u64) -> Reply {
    let beside = world.standing(index).filter(|remark| remark.place.anchor().is_some());
    let told = beside.filter(|remark| !world.is_pending(remark.review));
    Ok(page(world, call, told.map(|remark| shape::review_comment(world, remark)).collect()))
}

/// Writes one comment beside code.
pub(crate) fn create(world: &mut World, call: &Call, caller: Caller, index: u64) -> Reply {
    let author = acting(caller)?;
    let body = call.json();
    schema::check("POST /repos/{owner}/{repo}/pulls/{pull_number}/comments", &body)?;
    let text = text(&body)?;
    let merge_request = merge_request(world, index)?;
    let commit = commit(merge_request, &body["commit_id"])
        .map_err(|problem| invalid("Validation Failed", &json!([custom("commit_id", &problem)])))?;
    let change = world.change_at(merge_request, &commit);
    let place = if body["subject_type"] == "file" {
        let path = body["path"].as_str().unwrap_or_default();
        let file = change.1.file(path).ok_or_else(|| refused(&[("path", "is invalid")]))?;
        Place::File(Anchor {
            old_path: file.old_path.clone(),
            new_path: file.new_path.clone(),
            start: None,
            end: Spot { side: Side::New, line: 0 },
            base: change.0,
            head: commit.clone(),
            hunk: String::new(),
            sent: Value::Null,
        })
    } else {
        Place::Lines(place(&change, &commit, &body).map_err(|problems| refused(&problems))?)
    };
    spend(world, 1)?;
    // A single comment is a review of one.
    let (review, at) = (world.id(), world.now());
    let (state, text_of_review) = ("COMMENTED".to_owned(), String::new());
    world.reviews.push(Review {
        id: review,
        merge_request: index,
        author,
        text: text_of_review,
        state,
        commit,
        is_deleted: false,
        at,
    });
    let id = world.write(index, author, &text, place);
    world.remark_mut(id).expect("it was written").review = Some(review);
    written(world, id, shape::review_comment)
}

/// Answers a comment beside code.
pub(crate) fn reply(world: &mut World, call: &Call, caller: Caller, id: u64) -> Reply {
    let author = acting(caller)?;
    let body = call.json();
    schema::check("POST /repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies", &body)?;
    let text = text(&body)?;
    let opening = world.remark(id).filter(|remark| remark.place.anchor().is_some()).ok_or_else(not_found)?;
    let review = opening.review;
    spend(world, 1)?;
    let answer = world.answer(id, author, &text);
    world.remark_mut(answer).expect("it was written").review = review;
    written(world, answer, shape::review_comment)
}

/// One comment beside code: read, edited, deleted.
pub(crate) fn one(world: &mut World, call: &Call, caller: Caller, id: u64) -> Reply {
    let is_beside = world.remark(id).is_some_and(|remark| remark.place.anchor().is_some());
    if !is_beside {
        return Err(not_found());
    }
    let route = "PATCH /repos/{owner}/{repo}/pulls/comments/{comment_id}";
    change(world, call, caller, id, route, shape::review_comment)
}

/// The comments in the conversation.
pub(crate) fn list_of_issue(world: &World, call: &Call, index: u64) -> Reply {
    merge_request(world, index)?;
    let told = world.standing(index).filter(|remark| remark.place.anchor().is_none());
    Ok(page(world, call, told.map(|remark| shape::issue_comment(world, remark)).collect()))
}

/// Writes a comment in the conversation.
pub(crate) fn write_to_issue(world: &mut World, call: &Call, caller: Caller, index: u64) -> Reply {
    let author = acting(caller)?;
    let body = call.json();
    schema::check("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", &body)?;
    let text = text(&body)?;
    merge_request(world, index)?;
    spend(world, 1)?;
    let id = world.write(index, author, &text, Place::Note);
    written(world, id, shape::issue_comment)
}

/// One comment in the conversation: read, edited, deleted.
pub(crate) fn one_of_issue(world: &mut World, call: &Call, caller: Caller, id: u64) -> Reply {
    let is_there = world.remark(id).is_some_and(|remark| remark.place.anchor().is_none());
    if !is_there {
        return Err(not_found());
    }
    let route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
    change(world, call, caller, id, route, shape::issue_comment)
}

fn change(
    world: &mut World,
    call: &Call,
    caller: Caller,
    id: u64,
    route: &str,
    shape: fn(&World, &Remark) -> Value,
) -> Reply {
    let person = acting(caller)?;
    let may_write_any = world.person(person).access >= Access::Maintain;
    let now = world.now();
    let remark = world.remark_mut(id).ok_or_else(not_found)?;
    let may_change = remark.author == person || may_write_any;
    match call.method.as_str() {
        "GET" => {}
        _ if !may_change => return Err(refusal(403, "Must have admin rights to Repository.")),
        "PATCH" => {
            let body = call.json();
            schema::check(route, &body)?;
            remark.text = text(&body)?;
            remark.edited = now;
        }
        "DELETE" => {
            remark.is_deleted = true;
            return Ok(Answer::empty(204));
        }
        _ => return Err(not_found()),
    }
    let remark = world.remark(id).expect("it is there");
    Ok(Answer::json(200, &shape(world, remark)))
}

fn text(body: &Value) -> Result<String, Answer> {
    let text = body["body"].as_str().unwrap_or_default();
    if text.trim().is_empty() {
        return Err(invalid("Validation Failed", &json!([custom("body", "body can't be blank")])));
    }
    if text.chars().count() > LONGEST {
        let why = format!("body is too long (maximum is {LONGEST} characters)");
        return Err(invalid("Validation Failed", &json!([custom("body", &why)])));
    }
    Ok(text.to_owned())
}

fn custom(field: &str, message: &str) -> Value {
    let resource = "PullRequestReviewComment";
    json!({ "resource": resource, "code": "custom", "field": field, "message": message })
}

/// The problems as objects: how the endpoint for one comment tells them.
fn refused(problems: &[Problem]) -> Answer {
    let told = problems.iter().map(|(name, why)| {
        let field = format!("pull_request_review_thread.{name}");
        if *name == "diff_hunk" {
            json!({ "resource": "PullRequestReviewComment", "code": "missing_field", "field": field })
        } else {
            custom(&field, &format!("{field} {why}"))
        }
    });
    invalid("Validation Failed", &told.collect())
}

fn written(world: &World, id: u64, shape: fn(&World, &Remark) -> Value) -> Reply {
    Ok(Answer::json(201, &shape(world, world.remark(id).expect("it was written"))))
}
