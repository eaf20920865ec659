//! GitHub Apps: who the app is, where it is installed, and the tokens of its installation.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::github::access::Caller;
use crate::harness::github::{not_found, refusal, schema, shape};
use crate::harness::page::{page, page_within};
use crate::harness::world::World;

/// Answers the routes of apps.
pub(crate) fn route(world: &mut World, call: &Call, caller: Caller, path: &[&str]) -> Reply {
    let is_app = caller == Caller::App;
    match (call.method.as_str(), path) {
        ("GET", ["installation", "repositories"]) => match caller {
            Caller::Installation(_) => {
                Ok(page_within(world, call, "repositories", vec![shape::repository(world)]))
            }
            Caller::App | Caller::Person(_) => {
                Err(refusal(403, "You must authenticate with an installation access token"))
            }
        },
        _ if !is_app => Err(refusal(401, "A JSON web token could not be decoded")),
        ("GET", ["app"]) => Ok(Answer::json(200, &shape::app(world))),
        ("GET", ["app", "installations"]) => Ok(page(world, call, vec![installation(world)])),
        ("GET", ["repos", owner, name, "installation"]) if format!("{owner}/{name}") == world.repository => {
            Ok(Answer::json(200, &installation(world)))
        }
        ("GET", ["app", "installations", id]) if *id == installation_id(world) => {
            Ok(Answer::json(200, &installation(world)))
        }
        ("POST", ["app", "installations", id, "access_tokens"]) if *id == installation_id(world) => {
            let route = "POST /app/installations/{installation_id}/access_tokens";
            schema::check(route, &if call.body.is_empty() { json!({}) } else { call.json() })?;
            Ok(token(world))
        }
        _ => Err(not_found()),
    }
}

fn installation_id(world: &World) -> String {
    world.app.as_ref().map(|app| app.installation.to_string()).unwrap_or_default()
}

fn permissions() -> Value {
    json!({ "checks": "write", "contents": "read", "metadata": "read", "pull_requests": "write",
            "statuses": "write" })
}

fn token(world: &mut World) -> Answer {
    let serial = world.id();
    let app = world.app.as_mut().expect("an app asked");
    let token = format!("ghs_fake{serial}");
    app.tokens.push((token.clone(), Instant::now() + app.token_time));
    let end = Timestamp::now() + app.token_time;
    let end = end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let permissions = permissions();
    Answer::json(
        201,
        &json!({ "token": token, "expires_at": end, "permissions": permissions,
                 "repository_selection": "selected" }),
    )
}

fn installation(world: &World) -> Value {
    let app = world.app.as_ref().expect("an app asked");
    let owner = shape::user(world, world.service);
    let api = format!("{}/api/v3", world.root);
    json!({
        "id": app.installation,
        "account": owner,
        "access_tokens_url": format!("{api}/app/installations/{}/access_tokens", app.installation),
        "repositories_url": format!("{api}/installation/repositories"),
        "html_url": format!("{}/settings/installations/{}", world.root, app.installation),
        "app_id": app.id,
        "app_slug": app.slug,
        "target_id": 1,
        "target_type": "Organization",
        "permissions": permissions(),
        "events": ["check_run", "issue_comment", "pull_request"],
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "single_file_name": null,
        "repository_selection": "selected",
        "suspended_by": null,
        "suspended_at": null,
    })
}
