//! One line of the log and one tick of the meters for each request.
//!
//! Of a request only its method, the pattern of its route, its status and its duration are told: paths,
//! queries, headers and bodies hold ids, tokens and names.

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::Response;

use super::meters;

/// What stands for the route of a request that no route answers.
const NO_ROUTE: &str = "none";

/// Routes that are asked every few seconds, or thousands of times in one. The meters count them, and what a webhook
/// asked for is kept in the inbox.
const FREQUENT: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/webhooks/{forge}"];

/// Watches all routes of a router.
pub(crate) fn observe<S>(router: Router<S>) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    router.layer(middleware::from_fn(tell))
}

async fn tell(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = name(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    let (status, duration) = (response.status(), started.elapsed());
    meters::http_request(method, route, status.as_u16(), duration);
    log(method, route, status, duration);
    response
}

fn log(method: &'static str, route: &str, status: StatusCode, duration: Duration) {
    let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if FREQUENT.contains(&route) && status.is_success() {
        tracing::debug!(
            http.method = method,
            http.route = route,
            http.status = status.as_u16(),
            http.duration_ms = milliseconds,
            "A request of a frequent kind was answered"
        );
    } else {
        tracing::info!(
            http.method = method,
            http.route = route,
            http.status = status.as_u16(),
            http.duration_ms = milliseconds,
            "A request was answered"
        );
    }
}

/// The name of a method that HTTP knows; callers may make others up.
fn name(method: &Method) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use tower::ServiceExt;

    use super::*;

    #[test]
    fn a_request_is_told_by_the_pattern_of_its_route_and_never_by_its_path() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        metrics::with_local_recorder(&recorder, || {
            runtime.block_on(async {
                let router: Router = observe(Router::new().route("/reviews/{id}", get(async || "")));
                for (method, path) in [("GET", "/reviews/secret?token=secret"), ("BREW", "/secret")] {
                    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
                    router.clone().oneshot(request).await.unwrap();
                }
            });
        });
        let text = recorder.handle().render();
        assert!(text.contains(r#"{method="GET",route="/reviews/{id}",status="200"} 1"#), "{text}");
        assert!(text.contains(r#"{method="other",route="none",status="404"} 1"#), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
