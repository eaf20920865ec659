//! `/healthz`, `/readyz` and `/metrics`: for those who run the service.
//!
//! Alive is who answers; ready is who passes all checks. Why a check fails stands in the log, not in the
//! answer, which anybody may read.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use futures::future::join_all;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

/// How long a check may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something that the service cannot work without.
#[async_trait]
pub(crate) trait Ready: Send + Sync {
    /// Its name, such as `store`.
    fn name(&self) -> &'static str;

    /// Whether it works now, or why not.
    async fn check(&self) -> Result<(), String>;
}

/// Something that the service works without, but worse.
pub(crate) trait Named: Send + Sync {
    /// Its name.
    fn name(&self) -> &str;

    /// Whether it works, as far as is known.
    fn is_up(&self) -> bool;
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    checks: Vec<Checked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<ModelState>,
}

#[derive(Serialize)]
struct ModelState {
    name: String,
    ok: bool,
}

#[derive(Clone)]
struct Checks {
    needed: Arc<Vec<Arc<dyn Ready>>>,
    model: Option<Arc<dyn Named>>,
}

#[derive(Serialize)]
struct Checked {
    name: &'static str,
    ok: bool,
}

/// The routes for those who run the service. None asks for a token.
pub(crate) fn routes<S>(
    meters: PrometheusHandle,
    checks: Vec<Arc<dyn Ready>>,
    model: Option<Arc<dyn Named>>,
) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let ready =
        Router::new().route("/readyz", get(readiness)).with_state(Checks { needed: Arc::new(checks), model });
    let metrics = Router::new().route("/metrics", get(render)).with_state(meters);
    Router::new().route("/healthz", get(async || "ok\n")).with_state(()).merge(ready).merge(metrics)
}

async fn readiness(State(checks): State<Checks>) -> impl IntoResponse {
    let model = checks.model.map(|model| ModelState { name: model.name().to_owned(), ok: model.is_up() });
    let checks = join_all(checks.needed.iter().map(|check| passes(check.as_ref(), PATIENCE))).await;
    let ready = checks.iter().all(|check| check.ok);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, checks, model }))
}

async fn passes(check: &dyn Ready, patience: Duration) -> Checked {
    let name = check.name();
    let outcome = tokio::time::timeout(patience, check.check()).await;
    let outcome = outcome.unwrap_or_else(|_| Err(format!("no answer in {patience:?}")));
    if let Err(reason) = &outcome {
        tracing::warn!(check.name = name, reason, "The service is not ready");
    }
    Checked { name, ok: outcome.is_ok() }
}

async fn render(State(meters): State<PrometheusHandle>) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], meters.render())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt;

    use super::*;

    struct Store(Result<(), String>);

    #[async_trait]
    impl Ready for Store {
        fn name(&self) -> &'static str {
            "store"
        }

        async fn check(&self) -> Result<(), String> {
            self.0.clone()
        }
    }

    struct Hangs;

    #[async_trait]
    impl Ready for Hangs {
        fn name(&self) -> &'static str {
            "hangs"
        }

        async fn check(&self) -> Result<(), String> {
            std::future::pending().await
        }
    }

    struct Down;

    impl Named for Down {
        fn name(&self) -> &str {
            "r1"
        }

        fn is_up(&self) -> bool {
            false
        }
    }

    async fn ask(path: &str, checks: Vec<Arc<dyn Ready>>) -> (u16, String) {
        ask_with(path, checks, None).await
    }

    async fn ask_with(
        path: &str,
        checks: Vec<Arc<dyn Ready>>,
        model: Option<Arc<dyn Named>>,
    ) -> (u16, String) {
        let meters = PrometheusBuilder::new().build_recorder().handle();
        let router: Router = routes(meters, checks, model);
        let response = router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn who_passes_all_checks_is_ready() {
        let answer = ask("/readyz", vec![Arc::new(Store(Ok(())))]).await;
        assert_eq!(answer, (200, r#"{"ready":true,"checks":[{"name":"store","ok":true}]}"#.to_owned()));
    }

    #[tokio::test]
    async fn who_fails_one_is_alive_but_not_ready_and_keeps_the_reason_inside() {
        let failing = || vec![Arc::new(Store(Err("10.1.2.3 refused".to_owned()))) as Arc<dyn Ready>];
        let (status, body) = ask("/readyz", failing()).await;
        assert_eq!(status, 503);
        assert!(body.contains(r#"{"name":"store","ok":false}"#) && !body.contains("10.1.2.3"), "{body}");
        assert_eq!(ask("/healthz", failing()).await, (200, "ok\n".to_owned()));
    }

    #[tokio::test]
    async fn a_model_that_is_down_is_told_and_keeps_nobody_from_being_ready() {
        let answer = ask_with("/readyz", vec![Arc::new(Store(Ok(())))], Some(Arc::new(Down))).await;
        let told = r#"{"ready":true,"checks":[{"name":"store","ok":true}],"model":{"name":"r1","ok":false}}"#;
        assert_eq!(answer, (200, told.to_owned()));
    }

    #[tokio::test]
    async fn a_check_that_never_answers_has_failed() {
        assert!(!passes(&Hangs, Duration::ZERO).await.ok);
    }
}
