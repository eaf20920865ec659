//! A webhook becomes a delivery: verified over its raw bytes, then read into the service's own words.
//!
//! Headers and body in; a delivery or a rejection out. The route names the forge, the headers never do. A
//! delivery that comes again has the same id.

pub(crate) mod door;
mod gitea;
mod github;
mod gitlab;
pub(crate) mod payload;
pub(crate) mod verify;

use axum::http::HeaderMap;
use jiff::Timestamp;

use crate::event::Delivery;
use crate::merge_request::ForgeKind;
use payload::{IsCall, Unreadable};
use verify::{Refusal, Secrets};

/// Why a webhook is no delivery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Rejection {
    /// It is not proved to come from the forge. Nothing of it may be believed, kept or logged.
    #[error("the webhook is not believed: {0}")]
    Refused(#[from] Refusal),
    /// It comes from the forge, but its body is not understood.
    #[error("the webhook is not understood: {0}")]
    Unreadable(#[from] Unreadable),
}

/// Verifies and reads one webhook. `is_call` says whether a comment calls the service; others are not kept.
pub(crate) fn read(
    kind: ForgeKind,
    headers: &HeaderMap,
    body: &[u8],
    secrets: &Secrets,
    is_call: IsCall<'_>,
    now: Timestamp,
) -> Result<Delivery, Rejection> {
    let id = verify::verify(kind, headers, body, secrets, now)?;
    let event = match kind {
        ForgeKind::Github => github::decode(headers, body, is_call)?,
        ForgeKind::Gitlab => gitlab::decode(body, is_call)?,
        ForgeKind::Gitea => gitea::decode(headers, body, is_call)?,
    };
    Ok(Delivery { forge: kind, id, event })
}

#[cfg(test)]
mod tests;
