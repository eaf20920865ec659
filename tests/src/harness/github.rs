//! GitHub Enterprise Server, as far as a reviewer needs it: `/api/v3` and `/api/graphql`.
//!
//! This file is the table of its routes. Its rules are in the files beside it.

mod access;
mod apps;
mod checks;
mod comments;
mod graphql;
mod hooks;
mod query;
mod reviews;
mod schema;
mod shape;

use serde_json::{Value, json};

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::page::page;
use crate::harness::world::{MergeRequest, World};
use access::Caller;

pub(crate) use hooks::payload;
pub use schema::github_misfit;

/// Answers a call.
pub(crate) fn answer(world: &mut World, call: &Call, path: &[&str]) -> Answer {
    if call.header("user-agent").is_none() {
        return refusal(
            403,
            "Request forbidden by administrative rules. Please make sure your request has a \
                             User-Agent header",
        );
    }
    let reply = match path {
        ["api", "graphql"] => graphql::answer(world, call),
        ["api", "v3", path @ ..] => rest(world, call, path),
        _ => Err(not_found()),
    };
    reply.unwrap_or_else(|answer| answer)
}

fn rest(world: &mut World, call: &Call, path: &[&str]) -> Reply {
    let caller = access::caller(world, call)?;
    match (call.method.as_str(), path) {
        ("GET", ["user"]) => match caller {
            Caller::Person(person) => Ok(Answer::json(200, &shape::private_user(world, person))),
            Caller::App | Caller::Installation(_) => {
                Err(refusal(403, "Resource not accessible by integration"))
            }
        },
        ("GET", ["users", login]) => {
            let person = world.named(login).ok_or_else(not_found)?.id;
            Ok(Answer::json(200, &shape::user(world, person)))
        }
        (_, ["app", ..] | ["installation", ..] | ["repos", _, _, "installation"]) => {
            apps::route(world, call, caller, path)
        }
        (_, ["repos", owner, name, path @ ..]) => {
            access::sees(world, caller, &format!("{owner}/{name}"))?;
            repository(world, call, caller, path)
        }
        _ => Err(not_found()),
    }
}

fn repository(world: &mut World, call: &Call, caller: Caller, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("GET", []) => Ok(Answer::json(200, &shape::repository(world))),
        ("GET", ["branches", branch @ ..]) => {
            let name = branch.join("/");
            let tip = world.store.branch(&name).ok_or_else(not_found)?;
            let commit = shape::commit(world, &tip);
            Ok(Answer::json(200, &json!({ "name": name, "commit": commit, "protected": false })))
        }
        ("GET", ["git", "ref" | "refs", "heads", branch @ ..]) => {
            let name = branch.join("/");
            let tip = world.store.branch(&name).ok_or_else(not_found)?;
            let object = json!({ "type": "commit", "sha": tip, "url": shape::api(world, "git/commits") });
            Ok(Answer::json(200, &json!({ "ref": format!("refs/heads/{name}"), "object": object })))
        }
        ("GET", ["collaborators", login, "permission"]) => access::permission(world, login),
        ("GET", ["pulls"]) => {
            let state = call.query("state").unwrap_or("open");
            let wanted = world
                .merge_requests
                .values()
                .rev()
                .filter(|merge_request| state == "all" || state == shape::state(merge_request));
            let wanted = wanted.filter(|known| call.query("base").is_none_or(|base| known.target == base));
            let pulls = wanted.map(|merge_request| shape::pull(world, merge_request)).collect();
            Ok(page(world, call, pulls))
        }
        (_, ["pulls", "comments", id]) => comments::one(world, call, caller, number(id)?),
        (_, ["pulls", index, path @ ..]) => pull(world, call, caller, number(index)?, path),
        (_, ["issues", "comments", id]) => comments::one_of_issue(world, call, caller, number(id)?),
        ("GET", ["issues", index, "comments"]) => comments::list_of_issue(world, call, number(index)?),
        ("POST", ["issues", index, "comments"]) => {
            comments::write_to_issue(world, call, caller, number(index)?)
        }
        (_, ["check-runs", ..] | ["statuses", ..] | ["commits", ..]) => {
            checks::route(world, call, caller, path)
        }
        _ => Err(not_found()),
    }
}

fn pull(world: &mut World, call: &Call, caller: Caller, index: u64, path: &[&str]) -> Reply {
    let merge_request = merge_request(world, index)?;
    match (call.method.as_str(), path) {
        ("GET", []) if call.header("accept").is_some_and(|accept| accept.contains("diff")) => {
            Ok(Answer::text(200, &world.change(merge_request).1.text()))
        }
        ("GET", []) => Ok(Answer::json(200, &shape::pull(world, merge_request))),
        ("GET", ["files"]) => {
            let files = world.change(merge_request).1.files;
            let files = files.iter().map(|file| shape::file(world, file, &merge_request.head)).collect();
            Ok(page(world, call, files))
        }
        ("GET", ["reviews"]) => reviews::list(world, call, caller, index),
        ("POST", ["reviews"]) => reviews::create(world, call, caller, index),
        (_, ["reviews", id, path @ ..]) => reviews::one(world, call, caller, number(id)?, path),
        ("GET", ["comments"]) => comments::list(world, call, index),
        ("POST", ["comments"]) => comments::create(world, call, caller, index),
        ("POST", ["comments", id, "replies"]) => comments::reply(world, call, caller, number(id)?),
        _ => Err(not_found()),
    }
}

pub(crate) fn merge_request(world: &World, index: u64) -> Result<&MergeRequest, Answer> {
    world.merge_requests.get(&index).ok_or_else(not_found)
}

fn number(text: &str) -> Result<u64, Answer> {
    text.parse().map_err(|_| not_found())
}

/// A refusal as GitHub words it.
pub(crate) fn refusal(status: u16, message: &str) -> Answer {
    let page = "https://docs.github.com/rest";
    Answer::json(
        status,
        &json!({ "message": message, "documentation_url": page, "status": status.to_string() }),
    )
}

/// 404: it is not there, or nobody may know that it is.
pub(crate) fn not_found() -> Answer {
    refusal(404, "Not Found")
}

/// 422 with errors.
pub(crate) fn invalid(message: &str, errors: &Value) -> Answer {
    let page = "https://docs.github.com/rest";
    Answer::json(
        422,
        &json!({ "message": message, "errors": errors, "documentation_url": page, "status": "422" }),
    )
}

/// Counts content that is about to be written, or says how long to wait.
pub(crate) fn spend(world: &mut World, count: usize) -> Result<(), Answer> {
    let Some(budget) = &mut world.budget else {
        return Ok(());
    };
    budget.take(count).map_err(|wait| {
        let message = "You have exceeded a secondary rate limit and have been temporarily blocked from \
                       content creation. Please retry your request again later.";
        refusal(403, message).with("retry-after", wait.as_secs().max(1).to_string())
    })
}
