//! The traits of the doors, kept by the running service: inbox, tokens, shelf, readiness.
//!
//! Each door owns a small trait; here the store stands behind all of them.

use std::sync::Arc;

use analyzers::policy::Severity;
use async_trait::async_trait;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::access::token::TokenHash;
use crate::access::{Grant, Tokens};
use crate::api::Caller;
use crate::api::shelf::{self, DeadLetter, Feedback, FindingCount, QueueCounts, ReviewFilter, ReviewSummary, Shelf};
use crate::event::Delivery;
use crate::job;
use crate::record::ReviewRecord;
use crate::service::Service;
use crate::store::inbox;
use crate::telemetry::probes::Ready;
use crate::webhook::door::{Inbox, Received};

/// The service behind its doors.
#[derive(Clone)]
pub(crate) struct Doors {
    service: Arc<Service>,
}

impl Doors {
    /// The doors of a service.
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self { service }
    }
}

#[async_trait]
impl Inbox for Doors {
    async fn receive(&self, delivery: Delivery) -> Result<Received, String> {
        let jobs = job::asked_for(&delivery.event);
        match self.service.store.receive(&delivery, &jobs).await {
            Ok(inbox::Received::New) => Ok(Received::Stored),
            Ok(inbox::Received::Duplicate) => Ok(Received::Duplicate),
            Err(error) => Err(error.to_string()),
        }
    }
}

#[async_trait]
impl Tokens for Doors {
    async fn find(&self, hash: &TokenHash) -> Result<Option<Grant>, String> {
        let found = self.service.store.token_by_hash(&hash.0).await.map_err(|error| error.to_string())?;
        let Some(token) = found else { return Ok(None) };
        if let Err(error) = self.service.store.touch_token(&token).await {
            tracing::warn!(error = %error, "when a token was last used was not kept");
        }
        let scopes = token.scopes.iter().map(|scope| scope.parse()).collect::<Result<_, _>>()?;
        Ok(Some(Grant { name: token.name, scopes, expires_at: token.expires_at }))
    }
}

#[async_trait]
impl Ready for Doors {
    fn name(&self) -> &'static str {
        "store"
    }

    async fn check(&self) -> Result<(), String> {
        if self.service.stop.is_cancelled() {
            return Err("the service stops".to_owned());
        }
        match self.service.store.is_writable().await {
            true => Ok(()),
            false => Err("the store cannot be written".to_owned()),
        }
    }
}
