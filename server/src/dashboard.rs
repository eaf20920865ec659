//! The dashboard: pages for people, rendered here, readable without scripts, in English and Chinese.
//!
//! Each page is one module with its template in `templates/`. Everything shown is escaped, and hidden
//! characters are written out. Pages hold code: no cache keeps them, no other site may frame or script them.

mod card;
mod change;
mod chart;
mod findings;
mod fix;
mod origin;
mod page;
mod policies;
mod prose;
mod questions;
mod queue;
mod review;
mod reviews;
#[cfg(test)]
mod tests;
mod when;
mod words;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::access::Scope;
use crate::api::Service;

/// Bytes of a form: a reason and a few names.
const FORM_BYTES: usize = 32 << 10;

/// What a page may do: show itself, with our own style. No script at all.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
                                       form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The pages, and the forms on them, each behind the `guard` of the access layer.
pub(crate) fn router(service: Service, guard: impl Fn(Router<Service>, Scope) -> Router<Service>) -> Router {
    let pages = Router::new()
        .route("/", get(reviews::show))
        .route("/reviews/{id}", get(review::show))
        .route("/findings", get(findings::show))
        .route("/queue", get(queue::show))
        .route("/policies", get(policies::list))
        .route("/policies/{domain}/{name}", get(policies::show));
    let feedback = Router::new().route("/findings/{fingerprint}/feedback", post(review::give_feedback));
    let retry = Router::new().route("/queue/{id}/retry", post(queue::retry));
    let form = |routes: Router<Service>| {
        let own = from_fn_with_state(service.clone(), own_forms_only);
        routes.layer(own).layer(DefaultBodyLimit::max(FORM_BYTES))
    };
    guard(pages, Scope::Read)
        .merge(guard(form(feedback), Scope::Feedback))
        .merge(guard(form(retry), Scope::Admin))
        .layer(from_fn(page::remember_language))
        .layer(map_response(shielded))
        .route(page::style_path(), get(page::style))
        .with_state(service)
}

/// Lets a form pass that was sent from a page of this service.
async fn own_forms_only(
    State(service): State<Service>,
    reader: page::Reader,
    request: Request,
    next: Next,
) -> Response {
    if origin::is_own(request.headers(), service.public_url.as_ref()) {
        return next.run(request).await;
    }
    page::foreign(&reader).into_response()
}

async fn shielded(mut response: Response) -> Response {
    let shields = [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in shields {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
