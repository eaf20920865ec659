//! What the parts of a running service share: configuration, store, forges, the way to the child process, keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use analyzers::policy::{PolicySet, Selection};
use anyhow::Context;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::forge::{self, Forge};
use crate::job::{self, review::is_final};
use crate::merge_request::{ForgeKind, MergeRequest};
use crate::model::answers::Notebook;
use crate::model::earned::Earned;
use crate::model::generate::Priority;
use crate::model::host::{self, Asker, Installed, Purpose};
use crate::posting;
use crate::posting::marker::Signer;
use crate::record::{Binding, ReviewRecord, Settings};
use crate::store::secrets::SecretName;
use crate::store::{Store, StoreError};
use crate::worker::host::Host;

/// How long reviews at work may go on after the service was asked to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Reviews for callers of `/v1` that may run at a time; others are asked to come again.
const CALLERS: usize = 8;

/// How often, and how long apart, a data folder that another service still has is looked at: one that was killed
/// may take a moment to be gone.
const LOOKS: u32 = 10;
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// A running service.
pub(crate) struct Service {
    /// The operator's configuration.
    pub(crate) config: Config,
    /// The durable state.
    pub(crate) store: Store,
    /// The forges that are configured.
    pub(crate) forges: BTreeMap<ForgeKind, Arc<dyn Forge>>,
    /// The way to child processes, which read untrusted code.
    pub(crate) host: Host,
    /// Signs and knows the service's own comments.
    pub(crate) signer: Signer,
    /// The policies in force.
    pub(crate) policies: Arc<PolicySet>,
    /// What policies have earned by an evaluation of the model.
    pub(crate) earned: Earned,
    /// The model that answers questions, where there is one.
    pub(crate) model: Option<Arc<Installed>>,
    /// This replica's name: no other one has it, and it has no other after a restart.
    pub(crate) name: String,
    /// Reviews for callers that may run at a time.
    pub(crate) callers: Arc<Semaphore>,
    /// Cancelled when the service should stop.
    pub(crate) stop: CancellationToken,
    /// Keeps other services away from a store that only one may have.
    _alone: Option<File>,
}

impl Service {
    /// Opens everything that the service needs, or says what is wrong.
    pub(crate) async fn open(config: Config, stop: CancellationToken) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("{}: the data folder cannot be made", config.data.display()))?;
        let policies = policies(&config)?;
        let http = forge::http::client(&config.network)?;
        let model = host::open(&config, &http)?;
        let alone = match config.database.url_file {
            Some(_) => None,
            None => Some(alone(&config.data).await?),
        };
        let store = Store::open(&config.database, &config.data).await?;
        if alone.is_some() {
            let jobs = store.end_leases(job::margin(&config)).await?;
            tracing::debug!(jobs, "what a service left in hand that ended without a word is taken up again");
        }
        Ok(Self {
            forges: forge::open(&config)?,
            host: Host::new(&config, http)?,
            signer: Signer::with_key(store.secret(SecretName::Markers).await?),
            earned: Earned::open(&config, &policies)?,
            policies: Arc::new(policies),
            model,
            name: format!("{}-{}", std::process::id(), &crate::record::new_id()[..8]),
            callers: Arc::new(Semaphore::new(CALLERS)),
            store,
            config,
            stop,
            _alone: alone,
        })
    }

    /// Reviews at a time.
    pub(crate) fn workers(&self) -> usize {
        match self.config.review.workers {
            0 => std::thread::available_parallelism().map_or(2, usize::from),
            workers => workers,
        }
    }

    /// A configured forge.
    pub(crate) fn forge(&self, kind: ForgeKind) -> Option<&dyn Forge> {
        self.forges.get(&kind).map(AsRef::as_ref)
    }

    /// Who answers the questions of a review.
    pub(crate) fn answerer(&self, priority: Priority, review: &ReviewRecord) -> Option<Arc<Asker>> {
        let (model, settings) = (self.model.as_ref()?, self.config.model.as_ref()?);
        let group = review.repository.clone().unwrap_or_default();
        let notebook = Notebook::new(Arc::new(self.store.clone()), &review.id, settings);
        Some(model.asked_for(Purpose { priority, group }, notebook))
    }

    /// How a merge request is told of a review: as its repository wants it, within what the operator allows.
    pub(crate) fn posting(&self, settings: &Settings) -> posting::Options {
        let most = self.config.review.max_comments;
        posting::Options {
            locale: settings.language.unwrap_or(self.config.language),
            handle: self.config.handle.clone(),
            max_comments: settings.max_comments.map_or(most, |own| own.min(most)),
            severity_threshold: settings.severity_threshold,
            public_url: self.config.public_url.clone(),
        }
    }

    /// The policies that have earned it that what the model finds blocks.
    pub(crate) async fn earned(&self) -> BTreeSet<String> {
        self.earned.by(self.model.as_deref()).await
    }

    /// A review that has come to its end, of the same versions under the same policies, which have earned the same.
    pub(crate) async fn earlier_review(
        &self,
        merge_request: &MergeRequest,
        earned: &BTreeSet<String>,
    ) -> Result<Option<ReviewRecord>, StoreError> {
        let bound_to = Binding {
            head: Some(merge_request.head.clone()),
            target: Some(merge_request.target.clone()),
            policies: Some(self.policies.digest_earning(earned)),
            ..Binding::default()
        };
        let found = self.store.find_review(&merge_request.key, &bound_to, env!("CARGO_PKG_VERSION")).await?;
        Ok(found.filter(is_final))
    }

    /// Ends once jobs at work have had their time after the service was asked to stop.
    pub(crate) async fn grace_is_over(&self) {
        self.stop.cancelled().await;
        tokio::time::sleep(GRACE).await;
    }
}

/// Makes sure that no other service works on this folder; as long as the file is open.
async fn alone(data: &Path) -> anyhow::Result<File> {
    let path = data.join("service.lock");
    let file = File::create(&path).with_context(|| path.display().to_string())?;
    for _ in 0..LOOKS {
        if file.try_lock().is_ok() {
            return Ok(file);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    anyhow::bail!(
        "{}: another countersign-server works on this folder; stop it, choose another `data`, or let several share a \
         PostgreSQL by `database.url_file`",
        data.display()
    )
}

/// The policies in force, at least one.
pub(crate) fn policies(config: &Config) -> anyhow::Result<PolicySet> {
    let selection = Selection { builtin: config.policies.builtin, folders: &config.policies.folders };
    let policies = PolicySet::read(selection).map_err(|errors| {
        let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", errors.join("\n"))
    })?;
    anyhow::ensure!(
        policies.in_force().next().is_some(),
        "there is no policy in force; set `policies.builtin = true` or name a folder in `policies.folders`"
    );
    Ok(policies)
}
