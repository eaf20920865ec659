//! GitHub's commit statuses, and check runs: for apps only, fifty annotations at a time.

use serde_json::{Map, Value, json};

use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::github::access::{Caller, writes};
use crate::harness::github::{invalid, not_found, number, refusal, schema, shape};
use crate::harness::page::{page, page_within};
use crate::harness::world::{CheckRun, Status, World};

const MOST_ANNOTATIONS: usize = 50;
const LONGEST_OUTPUT: usize = 65_535;
const LONGEST_DESCRIPTION: usize = 140;
const MOST_STATUSES: usize = 1000;

/// Answers the routes of statuses and check runs.
pub(crate) fn route(world: &mut World, call: &Call, caller: Caller, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("POST", ["statuses", commit]) => set_status(world, call, caller, commit),
        ("GET", ["commits", commit, "statuses"]) => {
            let given = world.statuses.iter().rev().filter(|status| status.commit == *commit);
            Ok(page(world, call, given.map(|status| shape::status(world, status)).collect()))
        }
        ("GET", ["commits", commit, "status"]) => Ok(Answer::json(200, &combined(world, commit))),
        ("GET", ["commits", commit, "check-runs"]) => {
            let runs = world.check_runs.iter().filter(|run| run.head == *commit);
            let named = |run: &&CheckRun| {
                call.query("check_name").is_none_or(|name| run.sent.get("name") == Some(&json!(name)))
            };
            // Every run of this world is the app's.
            let is_ours = match (call.query("app_id"), &world.app) {
                (Some(wanted), Some(app)) => wanted == app.id.to_string(),
                (wanted, _) => wanted.is_none(),
            };
            let runs =
                runs.filter(|_| is_ours).filter(named).map(|run| shape::check_run(world, run)).collect();
            Ok(page_within(world, call, "check_runs", runs))
        }
        ("GET", ["commits", commit]) if world.store.has_commit(commit) => {
            Ok(Answer::json(200, &shape::commit(world, commit)))
        }
        ("POST", ["check-runs"]) => create(world, call, caller),
        (_, ["check-runs", id, path @ ..]) => one(world, call, caller, number(id)?, path),
        _ => Err(not_found()),
    }
}

fn set_status(world: &mut World, call: &Call, caller: Caller, commit: &str) -> Reply {
    let author = writes(world, caller)?;
    let body = call.json();
    schema::check("POST /repos/{owner}/{repo}/statuses/{sha}", &body)?;
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    let name = text("context").unwrap_or_else(|| "default".to_owned());
    if !world.store.has_commit(commit) {
        return Err(refusal(422, &format!("No commit found for SHA: {commit}")));
    }
    let custom = |field: &str, message: String| {
        let error = json!([{ "resource": "Status", "code": "custom", "field": field, "message": message }]);
        invalid("Validation Failed", &error)
    };
    if text("description").is_some_and(|text| text.chars().count() > LONGEST_DESCRIPTION) {
        let message = format!("description is too long (maximum is {LONGEST_DESCRIPTION} characters)");
        return Err(custom("description", message));
    }
    let given = world.statuses.iter().filter(|status| status.commit == commit && status.name == name);
    if given.count() >= MOST_STATUSES {
        let message = "This SHA and context has reached the maximum number of statuses.";
        return Err(custom("context", message.to_owned()));
    }
    let (id, at) = (world.id(), world.now());
    let state = text("state").unwrap_or_default();
    let (description, url, commit) = (text("description"), text("target_url"), commit.to_owned());
    let status = Status { id, commit, name, state, description, url, author, branch: None, at };
    let answer = Answer::json(201, &shape::status(world, &status));
    world.statuses.push(status);
    Ok(answer)
}

fn combined(world: &World, commit: &str) -> Value {
    let mut newest: Vec<&Status> = Vec::new();
    for status in world.statuses.iter().rev().filter(|status| status.commit == commit) {
        if newest.iter().all(|known| known.name != status.name) {
            newest.push(status);
        }
    }
    let is = |state: &str| newest.iter().any(|status| status.state == state);
    let state = match () {
        () if is("failure") || is("error") => "failure",
        () if is("pending") || newest.is_empty() => "pending",
        () => "success",
    };
    let statuses: Vec<_> = newest.iter().map(|status| shape::status(world, status)).collect();
    json!({ "state": state, "sha": commit, "total_count": statuses.len(), "statuses": statuses })
}

fn create(world: &mut World, call: &Call, caller: Caller) -> Reply {
    is_app(caller)?;
    let body = call.json();
    schema::check("POST /repos/{owner}/{repo}/check-runs", &body)?;
    let head = body["head_sha"].as_str().unwrap_or_default().to_owned();
    if !world.store.has_commit(&head) {
        return Err(refusal(422, &format!("No commit found for SHA: {head}")));
    }
    let (id, at) = (world.id(), world.now());
    let mut run = CheckRun { id, head, sent: Map::new(), annotations: Vec::new(), at };
    run.sent.insert("status".to_owned(), json!("queued"));
    take(&mut run, &body)?;
    world.check_runs.push(run);
    Ok(Answer::json(201, &shape::check_run(world, world.check_runs.last().expect("it was written"))))
}

fn one(world: &mut World, call: &Call, caller: Caller, id: u64, path: &[&str]) -> Reply {
    let place = world.check_runs.iter().position(|run| run.id == id).ok_or_else(not_found)?;
    match (call.method.as_str(), path) {
        ("GET", []) => {}
        ("GET", ["annotations"]) => {
            return Ok(page(world, call, world.check_runs[place].annotations.clone()));
        }
        ("PATCH", []) => {
            is_app(caller)?;
            let body = call.json();
            schema::check("PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}", &body)?;
            let mut run = world.check_runs[place].clone();
            take(&mut run, &body)?;
            world.check_runs[place] = run;
        }
        _ => return Err(not_found()),
    }
    Ok(Answer::json(200, &shape::check_run(world, &world.check_runs[place])))
}

fn is_app(caller: Caller) -> Result<(), Answer> {
    match caller {
        Caller::Installation(_) => Ok(()),
        Caller::Person(_) => Err(refusal(403, "You must authenticate via a GitHub App.")),
        Caller::App => Err(refusal(401, "Bad credentials")),
    }
}

/// Takes over what was sent, if it is right.
fn take(run: &mut CheckRun, body: &Value) -> Result<(), Answer> {
    let wrong = |message: String| refusal(422, &format!("Invalid request.\n\n{message}"));
    for name in ["summary", "text"] {
        let text = body["output"][name].as_str().unwrap_or_default();
        if text.chars().count() > LONGEST_OUTPUT {
            return Err(wrong(format!(
                "Only {LONGEST_OUTPUT} characters are allowed; output.{name} has more."
            )));
        }
    }
    let annotations = body["output"]["annotations"].as_array().cloned().unwrap_or_default();
    if annotations.len() > MOST_ANNOTATIONS {
        let count = annotations.len();
        return Err(wrong(format!(
            "No more than {MOST_ANNOTATIONS} items are allowed; {count} were supplied."
        )));
    }
    for annotation in &annotations {
        let spans = annotation["start_line"] != annotation["end_line"];
        if spans && (annotation.get("start_column").is_some() || annotation.get("end_column").is_some()) {
            return Err(wrong("Columns are allowed on one line only.".to_owned()));
        }
    }
    for (name, value) in body.as_object().into_iter().flatten() {
        run.sent.insert(name.clone(), value.clone());
    }
    if body.get("conclusion").is_some() {
        run.sent.insert("status".to_owned(), json!("completed"));
    } else if run.sent.get("status") == Some(&json!("completed")) && !run.sent.contains_key("conclusion") {
        return Err(wrong("\"conclusion\" wasn't supplied.".to_owned()));
    }
    run.annotations.extend(annotations);
    Ok(())
}
