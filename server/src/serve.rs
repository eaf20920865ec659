//! `countersign-server serve`: opens everything, listens, works, and stops without losing anything.
//!
//! The router is the table of contents of what the service answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use analyzers::policy::{PolicyFile, builtin_files, read_directory};
use anyhow::Context;
use axum::Router;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::access::session::SessionKey;
use crate::access::{Access, Tokens, login};
use crate::api::policies::PolicyShelf;
use crate::api::shelf::Shelf;
use crate::config::Config;
use crate::doors::Doors;
use crate::job::{self, ServiceDesk};
use crate::service::Service;
use crate::store::secrets::SecretName;
use crate::telemetry::probes::{self, Named, Ready};
use crate::telemetry::{meters, requests};
use crate::webhook::door::{Inbox, Webhooks};
use crate::{access, api, command, dashboard, problem, webhook};

/// How long open connections may take to end.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// A service that has started.
pub(crate) struct Started {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// Ends when the service has stopped.
    pub(crate) ended: JoinHandle<anyhow::Result<()>>,
}

/// Serves until a signal asks to stop. A second one ends it at once, which is as safe.
pub(crate) async fn serve(config: Config) -> anyhow::Result<()> {
    let mut signals = StopSignals::listen()?;
    let stop = CancellationToken::new();
    let started = tokio::select! {
        started = start(config, stop.clone()) => started?,
        () = signals.next() => return Ok(()),
    };
    tracing::info!(address = %started.address, "Countersign listens");
    let mut ended = started.ended;
    tokio::select! {
        ended = &mut ended => return ended.context("the service broke")?,
        () = signals.next() => {}
    }
    tracing::info!("stopping: no new jobs are begun; a second signal stops at once");
    stop.cancel();
    tokio::select! {
        ended = ended => ended.context("the service broke")?,
        () = signals.next() => Ok(()),
    }
}

/// The signals that ask to stop. From the moment that they are listened to, they end nothing by themselves.
pub(crate) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Listens to them.
    ///
    /// # Errors
    /// Where the operating system does not let it.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Ends when the next one asks to stop.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Starts the service.
pub(crate) async fn start(config: Config, stop: CancellationToken) -> anyhow::Result<Started> {
    let listen = config.listen;
    let door = TcpListener::bind(listen)
        .await
        .with_context(|| format!("{listen} cannot be listened on; choose another address with `listen`"))?;
    let address = door.local_addr()?;
    let service = Arc::new(Service::open(config, stop.clone()).await?);
    say_what_is_missing(&service).await;
    let gauges = meters::start()?;
    meters::build_info(service.policies.digest(), service.model.as_ref().map(|model| model.name()));
    let session_key = SessionKey::new(service.store.secret(SecretName::Sessions).await?);
    let routes = routes(&service, session_key, gauges.clone())?;
    let tracker = TaskTracker::new();
    job::spawn_workers(&service, &tracker);
    tracker.spawn(job::watch(Arc::clone(&service)));
    tracker.spawn(job::gauge(Arc::clone(&service)));
    introduce(&service);
    let upkeep = tokio::spawn(meters::keep_up(gauges));
    let ended = tokio::spawn(async move {
        let routes = routes.into_make_service_with_connect_info::<SocketAddr>();
        let close = CancellationToken::new();
        let serving = axum::serve(door, routes).with_graceful_shutdown(close.clone().cancelled_owned());
        // While jobs end, webhooks are still taken in, and `/readyz` says that others should be asked.
        let drained = async {
            stop.cancelled().await;
            tracker.close();
            tracker.wait().await;
            close.cancel();
            tokio::time::sleep(LAST_WORDS).await;
        };
        tokio::select! {
            served = serving => served.context("serving HTTP")?,
            () = drained => {}
        }
        service.store.close().await;
        upkeep.abort();
        Ok(())
    });
    Ok(Started { address, ended })
}

/// Everything that the service answers.
fn routes(
    service: &Arc<Service>,
    session_key: SessionKey,
    meters: PrometheusHandle,
) -> anyhow::Result<Router> {
    let config = &service.config;
    let doors = Arc::new(Doors::new(Arc::clone(service)));
    let handle = config.handle.clone();
    let is_call = move |text: &str| command::parse(text, &handle).is_some();
    let webhooks = Webhooks::new(config, Arc::clone(&doors) as Arc<dyn Inbox>, is_call)?;
    let access = Arc::new(Access::new(config, Arc::clone(&doors) as Arc<dyn Tokens>, session_key));
    let interface = api::Service {
        shelf: Arc::clone(&doors) as Arc<dyn Shelf>,
        desk: Arc::new(ServiceDesk::new(Arc::clone(service))),
        policies: Arc::new(PolicyShelf::new(Arc::clone(&service.policies), policy_files(config)?)),
        limits: config.limits.clone(),
        language: config.language,
        public_url: config.public_url.clone(),
    };
    let routes = Router::new()
        .merge(webhook::door::routes(webhooks))
        .merge(probes::routes(
            meters,
            vec![doors as Arc<dyn Ready>],
            service.model.clone().map(|model| model as Arc<dyn Named>),
        ))
        .merge(login::routes(Arc::clone(&access), config.language))
        .merge(api::router(interface.clone(), |routes, scope| access::require(routes, &access, scope)))
        .merge(dashboard::router(interface, |routes, scope| access::require_page(routes, &access, scope)));
    Ok(problem::guard(requests::observe(routes)))
}

/// The files that the policies in force were read from, with their examples.
fn policy_files(config: &Config) -> anyhow::Result<Vec<PolicyFile>> {
    let mut files: Vec<_> = if config.policies.builtin { builtin_files().collect() } else { Vec::new() };
    for folder in &config.policies.folders {
        files.extend(read_directory(folder).map_err(|error| anyhow::anyhow!("{error}"))?);
    }
    Ok(files)
}

/// Has the model say what it is, which may take a while and need not succeed.
fn introduce(service: &Service) {
    if let Some(model) = service.model.clone() {
        tokio::spawn(async move { model.introduce().await });
    }
}

/// Says once, at the start, what cannot work with this configuration and how to mend it.
async fn say_what_is_missing(service: &Service) {
    let backend = service.store.backend().await.unwrap_or_else(|error| error.to_string());
    tracing::info!(
        store = backend,
        policies = service.policies.in_force().count(),
        policies.digest = service.policies.digest(),
        "state is kept, policies are read"
    );
    if service.forges.is_empty() {
        tracing::warn!(
            "no forge is configured, so no merge request is reviewed: add `[forge.gitlab]`, `[forge.github]` or `[forge.gitea]`"
        );
    }
    if !service.forges.is_empty() && service.config.public_url.is_none() {
        tracing::warn!("`public_url` is not set: comments and statuses have no link to the review's page");
    }
    match &service.model {
        Some(model) => tracing::info!(
            model.name = model.name(),
            model.place = model.place(),
            model.fingerprint = model.fingerprint(),
            "questions are answered by a model"
        ),
        None => tracing::info!(
            "no model is configured: reviews are by proof alone, and say how many questions were not asked"
        ),
    }
}
