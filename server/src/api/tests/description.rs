//! The description against the router, the standard, and what is really sent and answered.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::{Value, json};

use super::{desk, file};
use crate::api::operations::{Answer, operations};
use crate::api::testing::judged::judged;
use crate::api::testing::{Memory, PAYMENTS, admit, get, id, post, record, send, service};
use crate::api::{openapi, router};
use crate::record::Outcome;

/// The path of an operation with names that exist in the memory.
fn example_path(path: &str) -> String {
    let path = path.replace("{domain}/{name}", "money/binary-floating-point");
    let named = if path.starts_with("/v1/queue") { "17".to_owned() } else { id(2) };
    path.replace("{id}", &named).replace("{fingerprint}", "none")
}

#[tokio::test]
async fn every_route_is_described_and_every_description_is_routed() {
    let (_, router) = desk();
    let document = openapi::document(&operations());
    let mut described = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            described += 1;
            let known = operations()
                .iter()
                .any(|row| row.path == path && row.method.as_str().eq_ignore_ascii_case(method));
            assert!(known, "{method} {path} is described and in no table");
        }
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
            let request =
                Request::builder().method(&method).uri(example_path(path)).body(Body::empty()).unwrap();
            let is_routed = send(&router, request).await.status != 405;
            let is_described = methods.get(method.as_str().to_ascii_lowercase()).is_some();
            assert_eq!(is_routed, is_described, "{method} {path}");
        }
    }
    assert_eq!(described, operations().len(), "every operation of the table is described");
    let served = get(&router, "/openapi.json").await.succeeds(200).json();
    assert_eq!(served, document);
}

#[test]
fn the_description_has_the_structure_that_openapi_demands() {
    let document = openapi::document(&operations());
    assert_eq!(document["openapi"], "3.1.0");
    let mut names = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for operation in methods.as_object().unwrap().values() {
            assert!(names.insert(operation["operationId"].as_str().unwrap()), "an id is there twice");
            assert!(!operation["summary"].as_str().unwrap().is_empty());
            let parameters = operation["parameters"].as_array().unwrap();
            for parameter in parameters {
                let in_path = parameter["in"] == "path";
                assert_eq!(parameter["required"], in_path);
                let name = parameter["name"].as_str().unwrap();
                assert_eq!(path.contains(&format!("{{{name}}}")), in_path, "{path}: {name}");
                assert!(parameter["schema"].is_object());
            }
            let in_path = parameters.iter().filter(|parameter| parameter["in"] == "path").count();
            assert_eq!(in_path, path.matches('{').count(), "{path} names all its parts");
            for (status, response) in operation["responses"].as_object().unwrap() {
                assert!(status.parse::<u16>().is_ok() && response["description"].is_string());
            }
        }
    }
    let list = &document["paths"]["/v1/reviews"]["get"]["parameters"];
    let queries: Vec<_> = list.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(queries, ["repository", "state", "before", "limit"]);
    references_lead_somewhere(&document, &document);
}

fn references_lead_somewhere(value: &Value, document: &Value) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                let place = reference.strip_prefix('#').expect("references stay in the document");
                assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
            }
            fields.values().for_each(|field| references_lead_somewhere(field, document));
        }
        Value::Array(items) => items.iter().for_each(|item| references_lead_somewhere(item, document)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A validator of a schema that may refer to all others.
fn validator(schema: &Value, document: &Value) -> jsonschema::Validator {
    let mut whole = schema.clone();
    whole["components"] = document["components"].clone();
    jsonschema::draft202012::new(&whole).unwrap()
}

#[test]
fn every_schema_compiles() {
    let document = openapi::document(&operations());
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("ReviewRequest") && schemas.contains_key("Finding"));
    for schema in schemas.values() {
        assert!(jsonschema::draft202012::meta::is_valid(schema));
        validator(schema, &document);
    }
}

#[tokio::test]
async fn answers_and_requests_fit_their_schemas() {
    let (_, router) = desk();
    let document = openapi::document(&operations());
    let bodies = [
        ("createReview", json!({ "diff": PAYMENTS, "report": { "format": "sarif" }, "files": [file("a")] })),
        ("addFeedback", json!({ "verdict": "right" })),
        ("retryJob", Value::Null),
    ];
    for row in operations() {
        let described = &document["paths"][row.path][row.method.as_str().to_ascii_lowercase()];
        let answered = if row.method == Method::POST {
            let (_, body) =
                bodies.iter().find(|(name, _)| *name == row.name).expect("every post has a body here");
            if row.body.is_some() {
                let schema = &described["requestBody"]["content"]["application/json"]["schema"];
                validator(schema, &document).validate(body).unwrap();
                let wrong = json!({ "unheard": "of" });
                assert!(!validator(schema, &document).is_valid(&wrong));
            }
            post(&router, &example_path(row.path), body).await
        } else {
            get(&router, &example_path(row.path)).await
        };
        let response = &described["responses"][answered.status.as_str()];
        assert!(response.is_object(), "{}: {} is not described", row.path, answered.status);
        if let Answer::Json(_) | Answer::Events(_) = row.answer {
            let schema = &response["content"]["application/json"]["schema"];
            validator(schema, &document).validate(&answered.json()).unwrap();
        }
        if answered.status.is_client_error() {
            let schema = &response["content"]["application/problem+json"]["schema"];
            validator(schema, &document).validate(&answered.json()).unwrap();
        }
    }
}

#[tokio::test]
async fn what_a_model_did_is_described_and_answered() {
    let outcome = Outcome::Reviewed(Box::new(judged("sent again without a key")));
    let memory = Arc::new(Memory { reviews: vec![record(1, 0, outcome)], ..Memory::default() });
    let router = router(service(&memory), admit(Some("ide")));
    let document = openapi::document(&operations());
    let schemas = &document["components"]["schemas"];
    for (schema, fields) in [
        ("Finding", ["decided_by", "why"].as_slice()),
        ("Coverage", &["asked", "questions_unasked", "questions_unjudged"]),
        ("Asked", &["questions", "answered", "unjudged", "rejected", "tokens", "open", "dismissed"]),
        ("OpenQuestion", &["path", "line", "policy", "reason"]),
    ] {
        for field in fields {
            let described = &schemas[schema]["properties"][field]["description"];
            assert!(described.as_str().is_some_and(|text| !text.is_empty()), "{schema}.{field}");
        }
    }
    let answered = get(&router, &format!("/v1/reviews/{}", id(1))).await.succeeds(200).json();
    let described = &document["paths"]["/v1/reviews/{id}"]["get"]["responses"]["200"];
    let schema = &described["content"]["application/json"]["schema"];
    validator(schema, &document).validate(&answered).unwrap();
    let review = &answered["review"];
    let told = review["findings"].as_array().unwrap().iter().find(|finding| finding["decided_by"] == "model");
    assert_eq!(told.unwrap()["why"], "sent again without a key");
    assert_eq!(review["dismissed"][0]["why"], "sent again without a key");
    assert_eq!(review["coverage"]["asked"]["open"][2]["reason"], "deadline_exceeded");
    assert_eq!(review["coverage"]["asked"]["tokens"]["thinking"], 18_400);
    assert!(review["coverage"]["asked"]["open"][3]["reason"].is_null(), "it was not asked");
}
