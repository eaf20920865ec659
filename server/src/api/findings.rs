//! `/v1/findings`: what people say of findings.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::access::Caller;
use crate::api::desk::{ActError, NewFeedback};
use crate::api::extract::{Body, Named, not_found};
use crate::api::{Service, check, failure};
use crate::problem::Problem;
use crate::record::FeedbackVerdict;

/// Longer reasons are not read by anybody.
const MAX_REASON_BYTES: usize = 4000;

/// What a person says of a finding.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FeedbackForm {
    /// Whether it is a breach (`right`) or none (`wrong`).
    pub(crate) verdict: FeedbackVerdict,
    /// Why, in a sentence or two, without code and without names of persons.
    #[serde(default)]
    pub(crate) reason: String,
}

/// `POST /v1/findings/{fingerprint}/feedback`
pub(super) async fn add_feedback(
    State(service): State<Service>,
    Extension(caller): Extension<Caller>,
    Named(fingerprint): Named<String>,
    Body(form): Body<FeedbackForm>,
) -> Result<StatusCode, Problem> {
    let feedback = feedback(fingerprint, form)?;
    match service.desk.add_feedback(&caller, feedback).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(ActError::NotFound) => Err(not_found("There is no such finding")),
        Err(ActError::Failed(error)) => Err(failure("keeping the feedback", &error)),
    }
}

/// Feedback as it is kept. To say that a finding is wrong takes a reason.
pub(crate) fn feedback(fingerprint: String, form: FeedbackForm) -> Result<NewFeedback, Problem> {
    let FeedbackForm { verdict, reason } = form;
    let reason = reason.trim().to_owned();
    if reason.len() > MAX_REASON_BYTES {
        return Err(check::wrong("reason", "is longer than 4000 bytes; say it in a sentence or two"));
    }
    if reason.is_empty() && verdict == FeedbackVerdict::Wrong {
        return Err(check::wrong(
            "reason",
            "is empty; say why the finding is wrong, so that its policy can be mended",
        ));
    }
    Ok(NewFeedback { fingerprint, verdict, reason })
}
