//! Gitea, as far as a reviewer needs it: `/api/v1`, calibrated against a running server.
//!
//! This file is the table of its routes. Its rules, of which there are few, are in the files beside it.

mod comments;
mod hooks;
mod reviews;
mod shape;
mod statuses;

use serde_json::json;

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::page::page;
use crate::harness::world::{Access, MergeRequest, World};

pub(crate) use hooks::payload;

/// Answers a call.
pub(crate) fn answer(world: &mut World, call: &Call, path: &[&str]) -> Answer {
    let reply = match path {
        ["api", "v1", path @ ..] => route(world, call, path),
        _ => Err(not_found()),
    };
    reply.unwrap_or_else(|answer| answer)
}

fn route(world: &mut World, call: &Call, path: &[&str]) -> Reply {
    let caller = caller(world, call)?;
    match (call.method.as_str(), path) {
        ("GET", ["user"]) => Ok(Answer::json(200, &shape::user(world, caller))),
        ("GET", ["users", login]) => {
            let person = world.named(login).ok_or_else(not_found)?.id;
            Ok(Answer::json(200, &shape::user(world, person)))
        }
        ("GET", ["version"]) => Ok(Answer::json(200, &json!({ "version": "1.22.0" }))),
        (_, ["repos", owner, name, path @ ..]) => {
            let is_named = format!("{owner}/{name}") == world.repository;
            if !is_named || world.person(caller).access < Access::Read {
                return Err(not_found());
            }
            repository(world, call, caller, path)
        }
        _ => Err(not_found()),
    }
}

fn repository(world: &mut World, call: &Call, caller: u64, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("GET", []) => Ok(Answer::json(200, &shape::repository(world))),
        ("GET", ["branches", branch @ ..]) => {
            let name = branch.join("/");
            let tip = world.store.branch(&name).ok_or_else(not_found)?;
            let commit = json!({ "id": tip, "message": world.store.about(&tip).0 });
            Ok(Answer::json(200, &json!({ "name": name, "commit": commit, "protected": false })))
        }
        ("GET", ["collaborators", login, "permission"]) => permission(world, caller, login),
        ("GET", ["pulls"]) => {
            let state = call.query("state").unwrap_or("open");
            let wanted = world.merge_requests.values().rev();
            let wanted = wanted.filter(|known| state == "all" || state == shape::state(known));
            Ok(page(world, call, wanted.map(|known| shape::pull(world, known)).collect()))
        }
        ("GET", ["pulls", name]) if name.ends_with(".diff") => {
            let known = merge_request(world, name.trim_end_matches(".diff"))?;
            Ok(Answer::text(200, &world.change(known).1.text()))
        }
        ("GET", ["pulls", index]) => Ok(Answer::json(200, &shape::pull(world, merge_request(world, index)?))),
        ("GET", ["pulls", index, "files"]) => {
            let known = merge_request(world, index)?;
            let files = world.change(known).1.files;
            Ok(page(world, call, files.iter().map(|file| shape::file(world, file, &known.head)).collect()))
        }
        (_, ["pulls", index, "reviews", path @ ..]) => {
            let number = merge_request(world, index)?.number;
            reviews::route(world, call, caller, number, path)
        }
        (_, ["issues", "comments", id]) => {
            comments::one(world, call, caller, id.parse().map_err(|_| not_found())?)
        }
        (_, ["issues", index, "comments"]) => {
            let number = merge_request(world, index)?.number;
            comments::of_issue(world, call, caller, number)
        }
        (_, ["statuses", ..] | ["commits", ..]) => statuses::route(world, call, caller, path),
        _ => Err(not_found()),
    }
}

/// What somebody may do. Only those who decide about the repository may ask it of others.
fn permission(world: &World, caller: u64, login: &str) -> Reply {
    let asker = world.person(caller);
    if asker.login != login && asker.access < Access::Write {
        return Err(refusal(
            403,
            "Only admins can query all permissions, repo admins can query all repo \
                                 permissions, collaborators can query only their own",
        ));
    }
    let person = world.named(login).ok_or_else(not_found)?;
    let word = match person.access {
        Access::None => "none",
        Access::Read => "read",
        Access::Write => "write",
        Access::Maintain => "admin",
        Access::Admin => "owner",
    };
    let user = shape::user(world, person.id);
    Ok(Answer::json(200, &json!({ "permission": word, "role_name": word, "user": user })))
}

fn caller(world: &World, call: &Call) -> Result<u64, Answer> {
    let header = call.header("authorization").unwrap_or_default();
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    let is_token = scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer");
    let person = is_token.then(|| world.holder(token)).flatten();
    person.map(|person| person.id).ok_or_else(|| refusal(401, "token is required"))
}

fn merge_request<'world>(world: &'world World, index: &str) -> Result<&'world MergeRequest, Answer> {
    index.parse().ok().and_then(|number: u64| world.merge_requests.get(&number)).ok_or_else(not_found)
}

/// A refusal as Gitea words it.
pub(crate) fn refusal(status: u16, message: &str) -> Answer {
    Answer::json(status, &json!({ "message": message, "url": "http://127.0.0.1/api/swagger" }))
}

/// 404.
pub(crate) fn not_found() -> Answer {
    refusal(404, "The target couldn't be found.")
}

/// Counts content that is about to be written, or says how long to wait, as a proxy in front would.
pub(crate) fn spend(world: &mut World, count: usize) -> Result<(), Answer> {
    let Some(budget) = &mut world.budget else {
        return Ok(());
    };
    let wait = |wait: std::time::Duration| {
        Answer::text(429, "Too Many Requests").with("retry-after", wait.as_secs().max(1).to_string())
    };
    budget.take(count).map_err(wait)
}
