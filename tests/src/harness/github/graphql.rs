//! GitHub's GraphQL, as far as threads need it: they are read, resolved and opened again.
//!
//! Answers hold what was asked for and nothing else; a field that GitHub does not have is an error.

use serde_json::{Map, Value, json};

use crate::harness::anchor::Place;
use crate::harness::exchange::{Answer, Call, Reply};
use crate::harness::github::access::{acting, caller};
use crate::harness::github::query::{Field, parse};
use crate::harness::github::shape;
use crate::harness::world::{Access, MergeRequest, Remark, World};

/// The most nodes that may be asked for at once.
const MOST_NODES: u64 = 100;

/// What is known of an actor before it is known whether that is a user or a bot.
const OF_ANY_ACTOR: [&str; 3] = ["__typename", "login", "url"];

/// Answers a call.
pub(crate) fn answer(world: &mut World, call: &Call) -> Reply {
    let person = acting(caller(world, call)?)?;
    let body = call.json();
    let text = body["query"].as_str().unwrap_or_default();
    let answered = parse(text, &body["variables"]).and_then(|operation| {
        let mut data = Map::new();
        for field in &operation.fields {
            let value = if operation.is_mutation {
                mutate(world, person, field)?
            } else {
                look_up(world, person, field)?
            };
            data.insert(field.alias.clone(), project(world, &value, field)?);
        }
        Ok(data)
    });
    // GraphQL says 200 whatever happened.
    Ok(Answer::json(
        200,
        &match answered {
            Ok(data) => json!({ "data": data }),
            Err(message) => json!({ "data": null, "errors": [error(&message)] }),
        },
    ))
}

/// An error; those that are not about the text of the query have a type.
fn error(message: &str) -> Value {
    if message.starts_with("Could not resolve") {
        json!({ "type": "NOT_FOUND", "message": message })
    } else if message.starts_with("Resource not accessible") {
        json!({ "type": "FORBIDDEN", "message": message })
    } else {
        json!({ "message": message })
    }
}

fn look_up(world: &World, person: u64, field: &Field) -> Result<Value, String> {
    let argument = |name: &str| field.arguments.get(name).and_then(Value::as_str).unwrap_or_default();
    match field.name.as_str() {
        "viewer" => Ok(actor(world, person)),
        "repository" => {
            let path = format!("{}/{}", argument("owner"), argument("name"));
            let is_seen = path == world.repository && world.person(person).access >= Access::Read;
            let missing = || format!("Could not resolve to a Repository with the name '{path}'.");
            let found = json!({ "__typename": "Repository", "nameWithOwner": path, "pullRequest": null });
            is_seen.then_some(found).ok_or_else(missing)
        }
        "node" => {
            let opening = opening(world, argument("id"))?;
            Ok(thread(world, opening))
        }
        name => Err(format!("Field '{name}' doesn't exist on type 'Query'")),
    }
}

fn mutate(world: &mut World, person: u64, field: &Field) -> Result<Value, String> {
    let resolved_by = match field.name.as_str() {
        "resolveReviewThread" => Some(person),
        "unresolveReviewThread" => None,
        name => return Err(format!("Field '{name}' doesn't exist on type 'Mutation'")),
    };
    let input = &field.arguments.get("input").cloned().unwrap_or_default();
    let id = opening(world, input["threadId"].as_str().unwrap_or_default())?.id;
    let remark = world.remark(id).expect("it was found");
    let is_author = world.merge_requests[&remark.merge_request].author == person;
    if !is_author && world.person(person).access < Access::Write {
        return Err("Resource not accessible by personal access token".to_owned());
    }
    world.remark_mut(id).expect("it was found").resolved_by = resolved_by;
    let thread = thread(world, world.remark(id).expect("it was found"));
    Ok(json!({ "thread": thread, "clientMutationId": input["clientMutationId"] }))
}

fn opening<'world>(world: &'world World, id: &str) -> Result<&'world Remark, String> {
    let number = id.strip_prefix("PRRT_").and_then(|number| number.parse().ok());
    let remark = number.and_then(|number| world.remark(number));
    remark.ok_or_else(|| format!("Could not resolve to a node with the global id of '{id}'"))
}

/// What was asked of a value. A list is a connection: it is asked for in pages.
fn project(world: &World, value: &Value, field: &Field) -> Result<Value, String> {
    if field.name == "pullRequest" {
        let number = field.arguments.get("number").and_then(Value::as_u64).unwrap_or_default();
        let found = world.merge_requests.get(&number);
        let found =
            found.ok_or_else(|| format!("Could not resolve to a PullRequest with number {number}."))?;
        return select(world, &pull(world, found), &field.fields);
    }
    match value {
        Value::Array(nodes) => select(world, &connection(nodes, field)?, &field.fields),
        Value::Object(_) => select(world, value, &field.fields),
        _ if !field.fields.is_empty() && !value.is_null() => {
            Err(format!("Selections can't be made on scalars (field '{}')", field.name))
        }
        _ => Ok(value.clone()),
    }
}

fn select(world: &World, value: &Value, fields: &[Field]) -> Result<Value, String> {
    let kind = value["__typename"].as_str().unwrap_or("object");
    if fields.is_empty() {
        return Err(format!("Objects of type '{kind}' must have a selection of subfields"));
    }
    let mut answer = Map::new();
    for field in fields {
        if field.only.as_deref().is_some_and(|only| only != kind) {
            continue;
        }
        let is_hidden = value.get("isActor").is_some() && field.only.is_none();
        let kind = if is_hidden && !OF_ANY_ACTOR.contains(&field.name.as_str()) { "Actor" } else { kind };
        let missing = || format!("Field '{}' doesn't exist on type '{kind}'", field.name);
        if kind == "Actor" {
            return Err(missing());
        }
        let found = value.get(&field.name).ok_or_else(missing)?;
        let projected = match found {
            // Nodes were cut to their page already.
            Value::Array(nodes) if kind.ends_with("Connection") => {
                let nodes = nodes.iter().map(|node| select(world, node, &field.fields));
                Value::Array(nodes.collect::<Result<_, _>>()?)
            }
            found => project(world, found, field)?,
        };
        answer.insert(field.alias.clone(), projected);
    }
    Ok(Value::Object(answer))
}

fn connection(nodes: &[Value], field: &Field) -> Result<Value, String> {
    let count = field.arguments.get("first").or(field.arguments.get("last")).and_then(Value::as_u64);
    let name = &field.name;
    let count =
        count.ok_or(format!("You must provide a `first` or `last` value on the `{name}` connection."))?;
    if count > MOST_NODES {
        return Err(format!(
            "Requesting {count} records on the `{name}` connection exceeds the `first` limit \
                            of {MOST_NODES} records."
        ));
    }
    let after = field.arguments.get("after").and_then(Value::as_str);
    let from: usize = after.map_or(Ok(0), |after| after.trim_start_matches("cursor").parse()).unwrap_or(0);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let shown: Vec<Value> = nodes.iter().skip(from).take(count).cloned().collect();
    let to = from + shown.len();
    let end = if shown.is_empty() { Value::Null } else { json!(format!("cursor{to}")) };
    let page = json!({ "__typename": "PageInfo", "hasNextPage": to < nodes.len(), "endCursor": end });
    Ok(json!({ "__typename": "NodeConnection", "nodes": shown, "pageInfo": page, "totalCount": nodes.len() }))
}

fn pull(world: &World, merge_request: &MergeRequest) -> Value {
    let opens = |remark: &&Remark| remark.thread == remark.id && remark.place.anchor().is_some();
    let opening = world.standing(merge_request.number).filter(opens);
    let opening = opening.filter(|remark| !world.is_pending(remark.review));
    let threads: Vec<Value> = opening.map(|remark| thread(world, remark)).collect();
    json!({
        "__typename": "PullRequest", "id": format!("PR_{}", merge_request.number),
        "number": merge_request.number, "state": shape::state(merge_request).to_uppercase(),
        "isDraft": merge_request.is_draft, "headRefOid": merge_request.head,
        "baseRefName": merge_request.target, "reviewThreads": threads,
    })
}

fn thread(world: &World, opening: &Remark) -> Value {
    let shown = shape::review_comment(world, opening);
    let in_thread = world.standing(opening.merge_request).filter(|remark| remark.thread == opening.id);
    let comments: Vec<Value> = in_thread.map(|remark| comment(world, remark)).collect();
    let is_file = matches!(opening.place, Place::File(_));
    json!({
        "__typename": "PullRequestReviewThread", "id": format!("PRRT_{}", opening.id),
        "isResolved": opening.resolved_by.is_some(), "isOutdated": shown["position"].is_null(),
        "isCollapsed": opening.resolved_by.is_some(), "viewerCanResolve": true, "path": shown["path"],
        "line": shown["line"], "originalLine": shown["original_line"], "startLine": shown["start_line"],
        "diffSide": shown["side"], "subjectType": if is_file { "FILE" } else { "LINE" },
        "resolvedBy": opening.resolved_by.map(|person| actor(world, person)), "comments": comments,
    })
}

fn comment(world: &World, remark: &Remark) -> Value {
    let mut author = actor(world, remark.author);
    author["isActor"] = json!(true);
    let mut shape = json!({
        "__typename": "PullRequestReviewComment", "id": format!("PRRC_{}", remark.id),
        "databaseId": remark.id, "body": remark.text,
        "author": author, "createdAt": remark.created, "updatedAt": remark.edited,
        "url": format!("{}/{}/pull/{}#discussion_r{}", world.root, world.repository, remark.merge_request,
                       remark.id),
    });
    if !world.is_old {
        shape["fullDatabaseId"] = json!(remark.id.to_string());
    }
    shape
}

fn actor(world: &World, id: u64) -> Value {
    let person = world.person(id);
    let kind = if person.is_bot { "Bot" } else { "User" };
    // GraphQL names a bot without the suffix that it has elsewhere.
    let login = person.login.trim_end_matches("[bot]");
    json!({ "__typename": kind, "login": login, "databaseId": id, "id": format!("U_{id}"),
            "url": format!("{}/{login}", world.root) })
}
