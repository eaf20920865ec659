//! GitHub's own description of its requests: a body that does not fit is refused before anything else.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::harness::exchange::Answer;
use crate::harness::github::refusal;

const OPENAPI: &str = include_str!("../../../fixtures/forges/github/openapi.json");

fn openapi() -> &'static Value {
    static READ: OnceLock<Value> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str(OPENAPI).expect("the description is JSON"))
}

/// Whether a body fits the description of its route.
pub(crate) fn check(route: &str, body: &Value) -> Result<(), Answer> {
    misfit(&openapi()["requests"], route, body)
        .map_or(Ok(()), |problem| Err(refusal(422, &format!("Invalid request.\n\n{problem}"))))
}

/// Why an answer of GitHub's does not fit GitHub's description of it, if so. A route is one of the
/// description, such as `GET /repos/{owner}/{repo}/pulls/{pull_number}`.
pub fn github_misfit(route: &str, answer: &Value) -> Option<String> {
    misfit(&openapi()["answers"], route, answer)
}

fn misfit(schemas: &Value, route: &str, body: &Value) -> Option<String> {
    let schema = schemas.get(route).unwrap_or_else(|| panic!("no such route: {route}"));
    let schema = json!({ "allOf": [schema], "components": openapi()["components"] });
    let validator = jsonschema::draft202012::new(&schema).expect("a well-formed schema");
    let problem = validator.iter_errors(body).next()?;
    Some(format!("{}: {problem}", problem.instance_path()))
}
