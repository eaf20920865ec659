//! The table of contents of `/v1`: every operation with what it takes and what it answers.
//!
//! From this table come the router and `/openapi.json`, so that neither has what the other lacks.

use axum::http::{Method, StatusCode};
use axum::routing::{MethodRouter, get, post};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::access::Scope;
use crate::api::answer::{KeptReview, ReviewAnswer, ReviewPage};
use crate::api::findings::FeedbackForm;
use crate::api::policies::{PolicyAnswer, PolicyList};
use crate::api::queue::QueueAnswer;
use crate::api::request::ReviewRequest;
use crate::api::reviews::ReviewQuery;
use crate::api::{Service, findings, openapi, policies, queue, reviews};

/// Writes the schema of a type.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One thing that callers can ask for.
pub(super) struct Operation {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) need: Scope,
    pub(super) handler: MethodRouter<Service>,
    pub(super) query: Option<SchemaOf>,
    pub(super) body: Option<SchemaOf>,
    pub(super) answer: Answer,
    /// Statuses that it answers with problem documents, beside those that every operation may.
    pub(super) problems: &'static [StatusCode],
}

/// What an operation answers when it succeeds.
pub(super) enum Answer {
    /// Nothing.
    Done,
    /// JSON.
    Json(SchemaOf),
    /// JSON, or the same as the last of several server-sent events.
    Events(SchemaOf),
    /// The description of the interface.
    Description,
}

const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;
const SENSELESS: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const TOO_LARGE: StatusCode = StatusCode::PAYLOAD_TOO_LARGE;
const BUSY: StatusCode = StatusCode::SERVICE_UNAVAILABLE;

/// Every operation.
pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::post("/v1/reviews", "createReview", post(reviews::create))
            .says("Reviews a change, or scans whole files")
            .needs(Scope::Review)
            .takes::<ReviewRequest>()
            .answers(Answer::Events(schema::<ReviewAnswer>))
            .fails(&[SENSELESS, TOO_LARGE, BUSY]),
        Operation::get("/v1/reviews", "listReviews", get(reviews::list))
            .says("Lists reviews, the newest first")
            .asks::<ReviewQuery>()
            .answers(Answer::Json(schema::<ReviewPage>))
            .fails(&[SENSELESS]),
        Operation::get("/v1/reviews/{id}", "getReview", get(reviews::show))
            .says("Shows a review")
            .answers(Answer::Json(schema::<KeptReview>))
            .fails(&[NOT_FOUND]),
        Operation::post("/v1/findings/{fingerprint}/feedback", "addFeedback", post(findings::add_feedback))
            .says("Says whether a finding is right")
            .needs(Scope::Feedback)
            .takes::<FeedbackForm>()
            .fails(&[NOT_FOUND, SENSELESS, TOO_LARGE]),
        Operation::get("/v1/policies", "listPolicies", get(policies::list))
            .says("Lists the policies")
            .answers(Answer::Json(schema::<PolicyList>)),
        Operation::get("/v1/policies/{domain}/{name}", "getPolicy", get(policies::show))
            .says("Shows a policy with its examples")
            .answers(Answer::Json(schema::<PolicyAnswer>))
            .fails(&[NOT_FOUND]),
        Operation::get("/v1/queue", "getQueue", get(queue::show))
            .says("Shows what waits and what was given up")
            .answers(Answer::Json(schema::<QueueAnswer>)),
        Operation::post("/v1/queue/{id}/retry", "retryJob", post(queue::retry))
            .says("Puts a job that was given up back into the queue")
            .needs(Scope::Admin)
            .fails(&[NOT_FOUND]),
        Operation::get("/openapi.json", "getDescription", get(openapi::show))
            .says("Describes this interface")
            .answers(Answer::Description),
    ]
}

fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

impl Operation {
    fn get(path: &'static str, name: &'static str, handler: MethodRouter<Service>) -> Self {
        Self::new(Method::GET, path, name, handler)
    }

    fn post(path: &'static str, name: &'static str, handler: MethodRouter<Service>) -> Self {
        Self::new(Method::POST, path, name, handler)
    }

    fn new(method: Method, path: &'static str, name: &'static str, handler: MethodRouter<Service>) -> Self {
        let (query, body, answer) = (None, None, Answer::Done);
        let need = Scope::Read;
        Self { method, path, name, summary: "", need, handler, query, body, answer, problems: &[] }
    }

    fn says(mut self, summary: &'static str) -> Self {
        self.summary = summary;
        self
    }

    /// What the caller must be allowed; left out: to read.
    fn needs(mut self, need: Scope) -> Self {
        self.need = need;
        self
    }

    fn asks<T: JsonSchema>(mut self) -> Self {
        self.query = Some(schema::<T>);
        self
    }

    fn takes<T: JsonSchema>(mut self) -> Self {
        self.body = Some(schema::<T>);
        self
    }

    fn answers(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    fn fails(mut self, problems: &'static [StatusCode]) -> Self {
        self.problems = problems;
        self
    }
}
