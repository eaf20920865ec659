//! The model of a running service, wherever it runs: made of `[model]`, asked by reviews, metered.
//!
//! What was asked before is answered from what is kept, where that is known to be the same model's.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use analyzers::model::{Completion, ModelError, Prompt};
use async_trait::async_trait;
use reqwest::Client;

use super::answers::Notebook;
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

/// A completion, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    /// The completion.
    pub(crate) completion: Completion,
    /// The engine and weights, as far as they are known.
    pub(crate) by: Option<String>,
}

/// The model, asked for one review.
pub(crate) struct Asker {
    model: Arc<Installed>,
    purpose: Purpose,
    notebook: Option<Notebook>,
    answered_by: Mutex<BTreeSet<String>>,
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

    /// Who would be asked now, as answers are kept under it.
    fn identity(&self) -> Option<String> {
        match &self.place {
            Place::Remote(remote) => remote.identity(),
            Place::Here(embedded) => Some(embedded.card().fingerprint()),
        }
    }

    /// One completion for nobody's review; what is kept is not looked at.
    pub(crate) async fn ask(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        let purpose = Purpose { priority: Priority::Interactive, group: String::new() };
        self.complete(prompt, &purpose).await.0
    }

    /// One completion, metered, and who gave it.
    async fn complete(
        &self,
        prompt: &Prompt,
        purpose: &Purpose,
    ) -> (Result<Completion, ModelError>, Option<String>) {
        let started = Instant::now();
        let (answer, by) = match self.answer(prompt, purpose).await {
            Ok(Given { completion, by }) => (Ok(completion), by),
            Err(error) => (Err(error), None),
        };
        meters::model_question(&answer, started.elapsed());
        if let Err(error) = &answer {
            tracing::warn!(reason = meters::model_outcome(&answer), "a question was not answered: {error}");
        }
        (answer, by)
    }

    async fn answer(&self, prompt: &Prompt, purpose: &Purpose) -> Result<Given, ModelError> {
        match &self.place {
            Place::Remote(remote) => remote.complete(prompt, purpose).await,
            Place::Here(embedded) => {
                let completion = embedded.complete(prompt, purpose).await?;
                Ok(Given { completion, by: self.identity() })
            }
        }
    }

    /// The model, asked for a purpose. What the notebook has is not asked again.
    pub(crate) fn asked_for(self: &Arc<Self>, purpose: Purpose, notebook: Option<Notebook>) -> Arc<Asker> {
        Arc::new(Asker { model: Arc::clone(self), purpose, notebook, answered_by: Mutex::default() })
    }
}

impl Asker {
    /// Who answered so far: engines and weights, as far as they are known.
    pub(crate) fn answered_by(&self) -> Vec<String> {
        self.answered_by.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn was_answered_by(&self, who: String) {
        self.answered_by.lock().unwrap_or_else(PoisonError::into_inner).insert(who);
    }

    async fn find(&self, prompt: &Prompt) -> Option<Completion> {
        let by = self.model.identity()?;
        let found = self.notebook.as_ref()?.find(prompt, &by).await?;
        self.was_answered_by(by);
        Some(found)
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
        if let Some(kept) = self.find(&prompt).await {
            meters::model_reuse();
            return Ok(kept);
        }
        let (answer, by) = self.model.complete(&prompt, &self.purpose).await;
        let answer = match &self.notebook {
            Some(notebook) => notebook.note(&prompt, by.as_deref(), answer).await,
            None => answer,
        };
        by.into_iter().for_each(|by| self.was_answered_by(by));
        answer
    }
}
