//! `/openapi.json`: the interface described by OpenAPI 3.1, from the operations and the very types they use.
//!
//! The table of operations in; the document out. Requests are described as they are read, answers as they are
//! written.

use std::sync::LazyLock;

use analyzers::report::document::FindingRecord;
use axum::Json;
use axum::http::StatusCode;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::api::desk::{CandidateEvent, RegionEvent};
use crate::api::operations::{Answer, Operation, operations};
use crate::problem::ProblemDocument;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document(&operations()));

/// `GET /openapi.json`
pub(super) async fn show() -> Json<&'static Value> {
    Json(&DOCUMENT)
}

/// The description of these operations.
pub(super) fn document(operations: &[Operation]) -> Value {
    let mut writer = Writer::new();
    let mut paths: Map<String, Value> = Map::new();
    for operation in operations {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = writer.operation(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Countersign",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Reviews changes of a bank's code against its coding and compliance policies. Only a \
                            review in the state `passed` lets its head merge.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": { "schemas": writer.schemas(), "securitySchemes": { "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of this service. Without one only a service on loopback answers.",
        } } },
    })
}

/// Writes schemas, each once: of what is read and of what is written.
struct Writer {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl Writer {
    fn new() -> Self {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Self {
            read: settings().for_deserialize().into_generator(),
            written: settings().for_serialize().into_generator(),
        }
    }

    fn schemas(mut self) -> Map<String, Value> {
        for event in [
            SchemaGenerator::subschema_for::<RegionEvent>,
            SchemaGenerator::subschema_for::<CandidateEvent>,
            SchemaGenerator::subschema_for::<FindingRecord>,
        ] {
            event(&mut self.written);
        }
        let mut schemas = self.read.take_definitions(true);
        for (name, schema) in self.written.take_definitions(true) {
            let twin = schemas.insert(name.clone(), schema.clone());
            assert!(twin.is_none_or(|twin| twin == schema), "two types are called {name}");
        }
        schemas
    }

    fn operation(&mut self, operation: &Operation) -> Value {
        let mut described = json!({
            "operationId": operation.name,
            "summary": operation.summary,
            "security": [{ "token": [operation.need.name()] }, {}],
            "parameters": self.parameters(operation),
            "responses": self.responses(operation),
        });
        if let Some(body) = operation.body {
            let schema = body(&mut self.read);
            described["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        described
    }

    fn parameters(&mut self, operation: &Operation) -> Vec<Value> {
        let names = operation.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
        let mut parameters: Vec<Value> = names
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        let Some(query) = operation.query else { return parameters };
        let reference = query(&mut self.read).to_value();
        let name = reference["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
        // What a query may hold is told by its parameters; a schema of the whole would say it twice.
        let schema = self.read.definitions_mut().remove(name).unwrap_or_default();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let (mut schema, description) = (schema.clone(), schema["description"].clone());
            schema.as_object_mut().into_iter().for_each(|schema| drop(schema.remove("description")));
            parameters.push(
                json!({ "name": name, "in": "query", "required": false, "description": description, "schema": schema }),
            );
        }
        parameters
    }

    fn responses(&mut self, operation: &Operation) -> Value {
        let mut responses = json!({});
        let (status, done) = match operation.answer {
            Answer::Done => ("204", json!({ "description": "Done" })),
            Answer::Json(schema) => (
                "200",
                json!({
                    "description": "As asked",
                    "content": { "application/json": { "schema": schema(&mut self.written) } },
                }),
            ),
            Answer::Events(schema) => (
                "200",
                json!({
                    "description": "The outcome; with `Accept: text/event-stream` the events `region` (RegionEvent), \
                                    `candidate` (CandidateEvent), `finding` (Finding) as they happen, and last \
                                    `outcome` with the same JSON. To close the connection is to cancel the review.",
                    "content": {
                        "application/json": { "schema": schema(&mut self.written) },
                        "text/event-stream": { "schema": { "type": "string" } },
                    },
                }),
            ),
            Answer::Description => (
                "200",
                json!({
                    "description": "As asked",
                    "content": { "application/json": { "schema": { "type": "object" } } },
                }),
            ),
        };
        responses[status] = done;
        let always =
            [StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS, StatusCode::INTERNAL_SERVER_ERROR];
        let senseless =
            (operation.body.is_some() || operation.query.is_some()).then_some(StatusCode::BAD_REQUEST);
        let media = operation.body.map(|_| StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let problem = self.written.subschema_for::<ProblemDocument>();
        for status in operation.problems.iter().copied().chain(always).chain(senseless).chain(media) {
            responses[status.as_str()] = json!({
                "description": status.canonical_reason().unwrap_or_default(),
                "content": { "application/problem+json": { "schema": problem } },
            });
        }
        responses
    }
}
