//! The model of a running service, wherever it runs: made of `[model]`, asked by reviews, metered.

use std::sync::Arc;
use std::time::Instant;

use analyzers::model::{Completion, ModelError, Prompt};
use async_trait::async_trait;
use reqwest::Client;

use super::embedded::Embedded;
use super::generate::Priority;
use super::local;
use super::remote::Remote;
use crate::config::Config;
use crate::telemetry::meters;
use crate::telemetry::probes::Named;
use crate::worker::ModelHost;

/// A model that is there.
pub(crate) struct Installed {
    name: String,
    place: Place,
}

enum Place {
    Remote(Remote),
    Here(Embedded),
}

/// For whom a question is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Purpose {
    /// Who goes first.
    pub(crate) priority: Priority,
    /// Who takes turns: a repository.
    pub(crate) group: String,
}

/// The model, asked for one purpose.
pub(crate) struct Asker {
    model: Arc<Installed>,
    purpose: Purpose,
}

/// The model that the configuration names, if it does. Other machines are reached through `client`.
///
/// # Errors
/// Says what of `[model]` cannot be had.
pub(crate) fn open(config: &Config, client: &Client) -> anyhow::Result<Option<Arc<Installed>>> {
    let Some(settings) = &config.model else { return Ok(None) };
    let installed = match (&settings.remote, &settings.local) {
        (Some(remote), _) => Installed::remote(Remote::new(settings, remote, client)?),
        (None, Some(local)) => {
            Installed::here(Embedded::new(local::open(local, &config.data)?, settings.clone()))
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(Arc::new(installed)))
}

impl Installed {
    /// A model on other machines.
    pub(crate) fn remote(remote: Remote) -> Self {
        Self { name: remote.name().to_owned(), place: Place::Remote(remote) }
    }

    /// A model in this process.
    pub(crate) fn here(embedded: Embedded) -> Self {
        Self { name: embedded.card().name, place: Place::Here(embedded) }
    }

    /// Where it runs, for the log.
    pub(crate) fn place(&self) -> &'static str {
        match self.place {
            Place::Remote(_) => "remote",
            Place::Here(_) => "local",
        }
    }

    /// The engine and weights that answer, as far as they are known.
    pub(crate) fn fingerprint(&self) -> Option<String> {
        match &self.place {
            Place::Remote(remote) => remote.fingerprint(),
            Place::Here(embedded) => Some(embedded.card().fingerprint()),
        }
    }

    /// Finds out what other machines serve, and tells the log.
    pub(crate) async fn introduce(&self) {
        match &self.place {
            Place::Remote(remote) => remote.introduce().await,
            Place::Here(embedded) => {
                let card = embedded.card();
                tracing::info!(
                    model.name = card.name,
                    model.context = card.context,
                    model.fingerprint = card.fingerprint(),
                    "the model is ready"
                );
            }
        }
    }

    /// One completion for nobody's review.
    pub(crate) async fn ask(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        let purpose = Purpose { priority: Priority::Interactive, group: String::new() };
        self.complete(prompt, &purpose).await
    }

    /// One completion, metered.
    async fn complete(&self, prompt: &Prompt, purpose: &Purpose) -> Result<Completion, ModelError> {
        let started = Instant::now();
        let answer = match &self.place {
            Place::Remote(remote) => remote.complete(prompt, purpose).await,
            Place::Here(embedded) => embedded.complete(prompt, purpose).await,
        };
        meters::model_question(&answer, started.elapsed());
        if let Err(error) = &answer {
            tracing::warn!(reason = meters::model_outcome(&answer), "a question was not answered: {error}");
        }
        answer
    }

    /// The model, asked for a purpose.
    pub(crate) fn asked_for(self: &Arc<Self>, priority: Priority, group: &str) -> Arc<dyn ModelHost> {
        let purpose = Purpose { priority, group: group.to_owned() };
        Arc::new(Asker { model: Arc::clone(self), purpose })
    }
}

impl Named for Installed {
    fn name(&self) -> &str {
        &self.name
    }

    fn is_up(&self) -> bool {
        match &self.place {
            Place::Remote(remote) => remote.is_up(),
            Place::Here(_) => true,
        }
    }
}

#[async_trait]
impl ModelHost for Asker {
    async fn complete(&self, prompt: Prompt) -> Result<Completion, ModelError> {
        self.model.complete(&prompt, &self.purpose).await
    }
}
