//! The meters: every name and label that `/metrics` shows, each written in one place.
//!
//! Labels are words of the service from small closed sets, and ids of policies; never text that came from
//! outside.

use std::time::Duration;

use analyzers::finding::{Decider, Origin};
use analyzers::model::{Completion, Finish, ModelError};
use anyhow::Context;
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::merge_request::ForgeKind;
use crate::model::engine::State;
use crate::record::{Outcome, ReviewState};

const WEBHOOK_REQUESTS: &str = "countersign_webhook_requests_total";
const WEBHOOK_COMMIT: &str = "countersign_webhook_commit_seconds";
const QUEUE_DEPTH: &str = "countersign_queue_depth";
const QUEUE_OLDEST_READY: &str = "countersign_queue_oldest_ready_seconds";
const OUTBOX_PENDING: &str = "countersign_outbox_pending";
const JOB_ATTEMPTS: &str = "countersign_job_attempts_total";
const FORGE_REQUESTS: &str = "countersign_forge_api_requests_total";
const WORKER_KILLS: &str = "countersign_sandbox_kills_total";
const FINDINGS: &str = "countersign_findings_total";
const VERDICTS: &str = "countersign_verdict_total";
const VERDICT_SECONDS: &str = "countersign_verdict_seconds";
const RECONCILED: &str = "countersign_reconcile_repaired_total";
const HTTP_REQUESTS: &str = "countersign_http_requests_total";
const HTTP_SECONDS: &str = "countersign_http_request_seconds";
const MODEL_QUESTIONS: &str = "countersign_model_questions_total";
const MODEL_SECONDS: &str = "countersign_model_question_seconds";
const MODEL_TOKENS: &str = "countersign_model_tokens_total";
const MODEL_ATTEMPTS: &str = "countersign_model_attempts_total";
const MODEL_BREAKER: &str = "countersign_model_breaker_closed";
const ENGINE_REQUESTS: &str = "countersign_engine_requests";
const ENGINE_BLOCKS: &str = "countersign_engine_blocks";
const ENGINE_SPEED: &str = "countersign_engine_tokens_per_second";
const ENGINE_TOKENS: &str = "countersign_engine_tokens_total";
const ENGINE_PREEMPTIONS: &str = "countersign_engine_preemptions_total";
const BUILD_INFO: &str = "countersign_build_info";

/// Bounds of the histograms of short things, in seconds.
const SHORT: [f64; 11] = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0];

/// Bounds of the histogram of reviews, in seconds.
const LONG: [f64; 10] = [0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0];

/// How often what the histograms have gathered is put into its buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Starts the meters; the handle renders them.
pub(crate) fn start() -> anyhow::Result<PrometheusHandle> {
    let recorder = recorder()?;
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok().context("the meters have been started already")?;
    describe();
    Ok(handle)
}

/// Keeps the histograms small, for ever.
pub(crate) async fn keep_up(handle: PrometheusHandle) {
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        handle.run_upkeep();
    }
}

fn recorder() -> anyhow::Result<PrometheusRecorder> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(WEBHOOK_COMMIT.to_owned()), &SHORT)?
        .set_buckets_for_metric(Matcher::Full(HTTP_SECONDS.to_owned()), &SHORT)?
        .set_buckets_for_metric(Matcher::Full(MODEL_SECONDS.to_owned()), &LONG)?
        .set_buckets_for_metric(Matcher::Full(VERDICT_SECONDS.to_owned()), &LONG)?;
    Ok(builder.build_recorder())
}

fn describe() {
    describe_counter!(WEBHOOK_REQUESTS, "Webhooks by forge, event and what became of them");
    describe_histogram!(WEBHOOK_COMMIT, Unit::Seconds, "Time until a webhook was kept durably");
    describe_gauge!(QUEUE_DEPTH, "Jobs by kind and state");
    describe_gauge!(QUEUE_OLDEST_READY, Unit::Seconds, "How long the oldest job has been waiting");
    describe_gauge!(OUTBOX_PENDING, "Writes on forges that are planned or under way");
    describe_counter!(JOB_ATTEMPTS, "Attempts at jobs by kind and outcome");
    describe_counter!(FORGE_REQUESTS, "Calls of forges by forge and status");
    describe_counter!(WORKER_KILLS, "Review processes that were ended by force, by reason");
    describe_counter!(FINDINGS, "Introduced findings by policy, severity and origin");
    describe_counter!(VERDICTS, "Reviews by how they ended");
    describe_histogram!(VERDICT_SECONDS, Unit::Seconds, "Time from the event to the verdict");
    describe_counter!(RECONCILED, "Merge requests whose webhook was missed");
    describe_counter!(HTTP_REQUESTS, "Requests by method, route and status");
    describe_histogram!(HTTP_SECONDS, Unit::Seconds, "Time until a request was answered");
    describe_counter!(MODEL_QUESTIONS, "Questions for the model by what became of them");
    describe_histogram!(MODEL_SECONDS, Unit::Seconds, "Time until a question was answered or given up");
    describe_counter!(MODEL_TOKENS, "Tokens of prompts, of these cached ones, of thinking, of answers");
    describe_counter!(MODEL_ATTEMPTS, "Requests to the model's servers by endpoint and what became of them");
    describe_gauge!(
        MODEL_BREAKER,
        "1 where a model's server is asked, 0 where it is left alone after failures"
    );
    describe_gauge!(ENGINE_REQUESTS, "Requests in the engine on this machine by state");
    describe_gauge!(ENGINE_BLOCKS, "Blocks of KV memory by state");
    describe_gauge!(
        ENGINE_SPEED,
        "Tokens a second over the last ten seconds: of completions, and through the network"
    );
    describe_counter!(ENGINE_TOKENS, "Tokens since the start: of completions, and through the network");
    describe_counter!(
        ENGINE_PREEMPTIONS,
        "Times that a running request was put back because memory was short"
    );
    describe_gauge!(BUILD_INFO, "1; the labels say what runs");
}

/// A webhook came in.
pub(crate) fn webhook(forge: ForgeKind, event: &'static str, outcome: &'static str) {
    counter!(WEBHOOK_REQUESTS, "forge" => forge.name(), "event" => event, "outcome" => outcome).increment(1);
}

/// A webhook was handed to the store; it took this long.
pub(crate) fn webhook_commit(duration: Duration) {
    histogram!(WEBHOOK_COMMIT).record(duration);
}

/// So many jobs of a kind are in a state now.
pub(crate) fn queue_depth(kind: &'static str, state: &'static str, jobs: u64) {
    // A gauge is a float; beyond 2^53 jobs nobody counts.
    gauge!(QUEUE_DEPTH, "kind" => kind, "state" => state).set(jobs as f64);
}

/// The oldest job that is ready has been waiting for this long.
pub(crate) fn queue_oldest_ready(waiting: Duration) {
    gauge!(QUEUE_OLDEST_READY).set(waiting.as_secs_f64());
}

/// So many writes on forges are planned or under way.
pub(crate) fn outbox_pending(writes: u64) {
    gauge!(OUTBOX_PENDING).set(writes as f64);
}

/// An attempt at a job ended.
pub(crate) fn job_attempt(kind: &'static str, outcome: &'static str) {
    counter!(JOB_ATTEMPTS, "kind" => kind, "outcome" => outcome).increment(1);
}

/// A forge answered a call with this status, or not at all.
pub(crate) fn forge_request(forge: ForgeKind, status: Option<u16>) {
    let code = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    counter!(FORGE_REQUESTS, "forge" => forge.name(), "code" => code).increment(1);
}

/// A review's process was ended by force.
pub(crate) fn worker_killed(reason: &'static str) {
    counter!(WORKER_KILLS, "reason" => reason).increment(1);
}

/// A review came to its end: what it says that the change brought.
pub(crate) fn findings(outcome: &Outcome) {
    let Outcome::Reviewed(reviewed) = outcome else { return };
    for found in reviewed.document.findings.iter().filter(|found| found.origin == Origin::Introduced) {
        let decided_by = match found.decided_by {
            Decider::Proof => "proof",
            Decider::Model => "model",
        };
        finding(&found.policy.id, found.policy.severity.name(), decided_by);
    }
}

fn finding(policy: &str, severity: &'static str, origin: &'static str) {
    counter!(FINDINGS, "rule" => policy.to_owned(), "severity" => severity, "origin" => origin).increment(1);
}

/// A review ended, this long after it was asked for.
pub(crate) fn verdict(state: ReviewState, duration: Duration) {
    counter!(VERDICTS, "result" => state.name()).increment(1);
    histogram!(VERDICT_SECONDS).record(duration);
}

/// A look at the open merge requests found one whose webhook was missed.
pub(crate) fn reconciled(forge: ForgeKind) {
    counter!(RECONCILED, "forge" => forge.name()).increment(1);
}

/// A request was answered.
pub(super) fn http_request(method: &'static str, route: &str, status: u16, duration: Duration) {
    let route = route.to_owned();
    counter!(HTTP_REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!(HTTP_SECONDS, "method" => method, "route" => route).record(duration);
}

/// A question for the model was answered, or not, after this long.
pub(crate) fn model_question(answer: &Result<Completion, ModelError>, duration: Duration) {
    counter!(MODEL_QUESTIONS, "outcome" => model_outcome(answer)).increment(1);
    histogram!(MODEL_SECONDS).record(duration);
    let Ok(Completion { usage, .. }) = answer else { return };
    let kinds = [
        ("prompt", usage.prompt_tokens),
        ("cached", usage.cached_tokens),
        ("thinking", usage.thinking_tokens),
        ("answer", usage.answer_tokens),
    ];
    for (kind, tokens) in kinds {
        counter!(MODEL_TOKENS, "kind" => kind).increment(tokens.into());
    }
}

/// A question was answered from what is kept: it took no tokens.
pub(crate) fn model_reuse() {
    counter!(MODEL_QUESTIONS, "outcome" => "kept").increment(1);
}

/// What became of a question, in a word.
pub(crate) fn model_outcome(answer: &Result<Completion, ModelError>) -> &'static str {
    match answer {
        Ok(Completion { finish: Finish::Stop, .. }) => "answered",
        Ok(Completion { finish: Finish::Length, .. }) => "cut_off",
        Err(ModelError::Unavailable(_)) => "unavailable",
        Err(ModelError::DeadlineExceeded) => "timed_out",
        Err(ModelError::Cancelled) => "cancelled",
        Err(ModelError::Refused(_)) => "refused",
    }
}

/// A request to one of the model's servers ended.
pub(crate) fn model_attempt(endpoint: usize, outcome: &'static str) {
    counter!(MODEL_ATTEMPTS, "endpoint" => endpoint.to_string(), "outcome" => outcome).increment(1);
}

/// Whether one of the model's servers is asked.
pub(crate) fn model_breaker(endpoint: usize, is_closed: bool) {
    gauge!(MODEL_BREAKER, "endpoint" => endpoint.to_string()).set(f64::from(u8::from(is_closed)));
}

/// What the engine on this machine is doing.
pub(crate) fn engine(state: &State) {
    gauge!(ENGINE_REQUESTS, "state" => "running").set(state.running as f64);
    gauge!(ENGINE_REQUESTS, "state" => "waiting").set(state.waiting as f64);
    gauge!(ENGINE_BLOCKS, "state" => "in_use").set(state.blocks.in_use as f64);
    gauge!(ENGINE_BLOCKS, "state" => "cached").set(state.blocks.cached as f64);
    gauge!(ENGINE_BLOCKS, "state" => "free").set(state.blocks.free as f64);
    gauge!(ENGINE_SPEED, "kind" => "written").set(state.tokens_per_second);
    gauge!(ENGINE_SPEED, "kind" => "computed").set(state.computed_per_second);
    counter!(ENGINE_TOKENS, "kind" => "written").absolute(state.tokens);
    counter!(ENGINE_TOKENS, "kind" => "computed").absolute(state.computed);
    counter!(ENGINE_PREEMPTIONS).absolute(state.preemptions);
}

/// What runs: the version of the service, the digest of its policies, the name of its model.
pub(crate) fn build_info(policy_digest: &str, model: Option<&str>) {
    let labels = [
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("policy", policy_digest.to_owned()),
        ("model", model.unwrap_or("none").to_owned()),
    ];
    gauge!(BUILD_INFO, &labels).set(1.0);
}

#[cfg(test)]
mod tests {
    use analyzers::model::Usage;

    use super::*;

    fn completion() -> Completion {
        let usage = Usage { cached_tokens: 5, ..Usage::default() };
        Completion { thinking: None, text: String::new(), finish: Finish::Length, usage }
    }

    #[test]
    fn what_is_metered_is_rendered_under_the_published_names() {
        let recorder = recorder().unwrap();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            describe();
            webhook(ForgeKind::Gitlab, "changed", "stored");
            webhook_commit(Duration::from_millis(3));
            queue_depth("review", "ready", 7);
            queue_oldest_ready(Duration::from_secs(2));
            outbox_pending(3);
            job_attempt("review", "done");
            forge_request(ForgeKind::Github, None);
            worker_killed("memory");
            finding("money/float", "major", "proof");
            verdict(ReviewState::Partial, Duration::from_secs(3));
            reconciled(ForgeKind::Gitea);
            http_request("GET", "/v1/reviews/{id}", 200, Duration::from_millis(1));
            model_question(&Err(ModelError::DeadlineExceeded), Duration::from_secs(7));
            model_question(&Ok(completion()), Duration::from_secs(7));
            model_reuse();
            model_attempt(1, "busy");
            model_breaker(2, false);
            build_info("abc", None);
        });
        let text = handle.render();
        for line in [
            r#"countersign_webhook_requests_total{forge="gitlab",event="changed",outcome="stored"} 1"#,
            r#"countersign_webhook_commit_seconds_bucket{le="0.005"} 1"#,
            r#"countersign_queue_depth{kind="review",state="ready"} 7"#,
            "countersign_queue_oldest_ready_seconds 2",
            "countersign_outbox_pending 3",
            r#"countersign_job_attempts_total{kind="review",outcome="done"} 1"#,
            r#"countersign_forge_api_requests_total{forge="github",code="none"} 1"#,
            r#"countersign_sandbox_kills_total{reason="memory"} 1"#,
            r#"countersign_findings_total{rule="money/float",severity="major",origin="proof"} 1"#,
            r#"countersign_verdict_total{result="partial"} 1"#,
            r#"countersign_verdict_seconds_bucket{le="5"} 1"#,
            r#"countersign_reconcile_repaired_total{forge="gitea"} 1"#,
            r#"countersign_http_requests_total{method="GET",route="/v1/reviews/{id}",status="200"} 1"#,
            r#"countersign_model_questions_total{outcome="timed_out"} 1"#,
            r#"countersign_model_questions_total{outcome="cut_off"} 1"#,
            r#"countersign_model_questions_total{outcome="kept"} 1"#,
            r#"countersign_model_question_seconds_bucket{le="10"} 2"#,
            r#"countersign_model_tokens_total{kind="cached"} 5"#,
            r#"countersign_model_attempts_total{endpoint="1",outcome="busy"} 1"#,
            r#"countersign_model_breaker_closed{endpoint="2"} 0"#,
            r#"countersign_build_info{version="0.1.0",policy="abc",model="none"} 1"#,
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
