//! Who calls GitHub, and what that one may see and do.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::github::{not_found, refusal, shape};
use crate::harness::world::{Access, World};

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody with a personal access token.
    Person(u64),
    /// An app's installation, as its bot.
    Installation(u64),
    /// The app itself.
    App,
}

/// The longest time for which a token of an app may be made.
const LONGEST_SECONDS: i64 = 600;

/// Tells who calls by the `Authorization` header.
pub(crate) fn caller(world: &World, call: &Call) -> Result<Caller, Answer> {
    let header = call.header("authorization").ok_or_else(|| refusal(401, "Requires authentication"))?;
    let (scheme, token) = header.split_once(' ').unwrap_or_default();
    if !(scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token")) {
        return Err(refusal(401, "Bad credentials"));
    }
    if token.matches('.').count() == 2 {
        return app(world, token);
    }
    let person = world.holder(token).map(|person| Caller::Person(person.id));
    let caller = person.or_else(|| world.bot(token).map(Caller::Installation));
    caller.ok_or_else(|| refusal(401, "Bad credentials"))
}

fn app(world: &World, token: &str) -> Result<Caller, Answer> {
    let app = world.app.as_ref().ok_or_else(|| refusal(401, "Bad credentials"))?;
    let claims =
        app.key.claims(token).ok_or_else(|| refusal(401, "A JSON web token could not be decoded"))?;
    let issuer = claims["iss"].as_str().map_or_else(|| claims["iss"].to_string(), str::to_owned);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs().cast_signed();
    let time = |name: &str| claims[name].as_i64().ok_or_else(|| refusal(401, "A claim is missing"));
    if time("exp")? > now + LONGEST_SECONDS {
        return Err(refusal(401, "'Expiration time' claim ('exp') is too far in the future"));
    }
    if time("exp")? < now || time("iat")? > now {
        return Err(refusal(401, "'Issued at' or 'Expiration time' claim is not of now"));
    }
    if issuer != app.id.to_string() {
        return Err(refusal(404, "Integration not found"));
    }
    Ok(Caller::App)
}

/// Whether the caller may know of a repository.
pub(crate) fn sees(world: &World, caller: Caller, repository: &str) -> Result<(), Answer> {
    let person = acting(caller)?;
    let may_read = world.person(person).access >= Access::Read;
    if repository == world.repository && may_read { Ok(()) } else { Err(not_found()) }
}

/// Whether the caller may write.
pub(crate) fn writes(world: &World, caller: Caller) -> Result<u64, Answer> {
    let person = acting(caller)?;
    if world.person(person).access >= Access::Write {
        return Ok(person);
    }
    let message = match caller {
        Caller::Person(_) => "Must have push access to repository",
        Caller::App | Caller::Installation(_) => "Resource not accessible by integration",
    };
    Err(refusal(403, message))
}

/// The person that a caller acts as.
pub(crate) fn acting(caller: Caller) -> Result<u64, Answer> {
    match caller {
        Caller::Person(person) | Caller::Installation(person) => Ok(person),
        Caller::App => Err(refusal(401, "Bad credentials")),
    }
}

/// What somebody may do: the four words of old, and the role.
pub(crate) fn permission(world: &World, login: &str) -> Reply {
    let person = world.named(login).ok_or_else(not_found)?;
    let (word, role) = match person.access {
        Access::None => ("none", ""),
        Access::Read => ("read", "read"),
        Access::Write => ("write", "write"),
        // The old word for somebody who maintains is that of somebody who writes.
        Access::Maintain => ("write", "maintain"),
        Access::Admin => ("admin", "admin"),
    };
    let user: Value = shape::user(world, person.id);
    Ok(Answer::json(200, &json!({ "permission": word, "role_name": role, "user": user })))
}
