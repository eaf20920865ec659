//! The service's side: a child for each fetch and each review, within the operator's bounds.
//!
//! Tasks in; what was fetched or found, or why not, out. Only full object ids reach git, and only folders that the
//! operator or this service named reach a child.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::desk::{Desk, FetchDesk, ReviewDesk};
use super::git_http::GitHttp;
use super::message::{Bounds, ChangeOrder, FetchOrder, Order, ReviewOrder, Task};
use super::mirror::Mirror;
use super::process::{self, Ended, Fault, Program, Run};
use super::{Answer, Change, FetchTask, Fetched, ReviewTask, Seam, WorkerError, WorkerEvent, review};
use crate::config::Config;
use crate::forge::GitEndpoint;
use crate::merge_request::ForgeKind;

/// Starts children and answers them.
pub(crate) struct Host {
    program: Program,
    client: reqwest::Client,
    data: PathBuf,
    timeout: Duration,
    pub(super) bounds: Bounds,
    fetch_bytes: u64,
    fetch_objects: usize,
    has_told: AtomicBool,
}

/// Processor seconds that starting and ending take, above those that the timeout allows.
const SPARE_CPU_SECONDS: u64 = 10;

/// Bytes of an index for each object of a pack, with room to spare.
const INDEX_BYTES: u64 = 64;

impl Host {
    /// For a configuration. `client` follows no redirects; it alone knows proxies and certificates.
    pub(crate) fn new(config: &Config, client: reqwest::Client) -> anyhow::Result<Self> {
        let timeout = config.review_timeout();
        let processors = review::threads() as u64;
        Ok(Self {
            program: Program::own()?,
            client,
            data: std::path::absolute(&config.data)?,
            timeout,
            bounds: Bounds {
                memory_bytes: config.limits.review_memory_bytes,
                cpu_seconds: timeout.as_secs().saturating_mul(processors).saturating_add(SPARE_CPU_SECONDS),
                file_bytes: 0,
            },
            fetch_bytes: config.limits.fetch_bytes,
            fetch_objects: config.limits.fetch_objects,
            has_told: AtomicBool::new(false),
        })
    }

    /// The mirror of a repository, where something was fetched into it before.
    pub(crate) fn mirror(&self, forge: ForgeKind, repository: &str) -> Option<PathBuf> {
        Mirror::of(&self.data, forge, repository).existing()
    }

    /// Brings head and target of a merge request into the repository's mirror. No request goes out where both are
    /// there; a mirror that is damaged is made afresh, once.
    pub(crate) async fn fetch(
        &self,
        task: &FetchTask,
        endpoint: &GitEndpoint,
        cancellation: &CancellationToken,
    ) -> Result<Fetched, WorkerError> {
        for id in [&task.head, &task.target] {
            object_id(id)?;
        }
        let mirror = Mirror::of(&self.data, task.forge, &task.repository);
        let _lock = mirror.lock(self.timeout, cancellation).await?;
        match self.fetch_into(&mirror, task, endpoint, cancellation).await {
            Err(Fault::Mirror(why)) => {
                tracing::warn!(mirror.fault = why, "a mirror is damaged and is fetched afresh");
                mirror.discard().await?;
                self.fetch_into(&mirror, task, endpoint, cancellation).await.map_err(Fault::into_error)
            }
            fetched => fetched.map_err(Fault::into_error),
        }
    }

    async fn fetch_into(
        &self,
        mirror: &Mirror,
        task: &FetchTask,
        endpoint: &GitEndpoint,
        cancellation: &CancellationToken,
    ) -> Result<Fetched, Fault> {
        let folder = mirror.folder()?;
        let order = FetchOrder {
            mirror: folder.clone(),
            commits: vec![task.target.clone(), task.head.clone()],
            max_objects: self.fetch_objects,
        };
        let index_bytes = INDEX_BYTES.saturating_mul(self.fetch_objects as u64);
        let bounds = Bounds { file_bytes: self.fetch_bytes.saturating_add(index_bytes), ..self.bounds };
        let git = GitHttp::new(self.client.clone(), endpoint.clone(), self.timeout);
        let desk = FetchDesk::new(git, self.fetch_bytes);
        let order = Order { task: Task::Fetch(order), bounds };
        match self.run(order, Arc::new(desk), None, cancellation).await?.0 {
            Ended::Fetched(report) => {
                Ok(Fetched { mirror: folder, objects: report.objects, bytes: report.bytes })
            }
            _ => Err(Fault::out_of_turn()),
        }
    }

    /// Reviews a change. Events are told while somebody takes them; who takes them slowly slows the review.
    pub(crate) async fn review(
        &self,
        task: ReviewTask,
        seam: Seam,
        events: Option<mpsc::Sender<WorkerEvent>>,
        cancellation: &CancellationToken,
    ) -> Result<Answer, WorkerError> {
        let (change, diff) = ordered(task.change)?;
        let policies: Result<Vec<_>, _> = task.policies.iter().map(std::path::absolute).collect();
        let order = ReviewOrder {
            change,
            builtin: task.builtin,
            policies: policies.map_err(|error| WorkerError::Broken(error.to_string()))?,
            fail_on: task.fail_on,
            require_model: task.require_model,
            has_model: seam.model.is_some(),
            model_budget: task.model_budget,
            language: task.language,
            is_watched: events.is_some(),
            max_files: task.max_files,
            rendering: task.rendering,
            unasked: task.unasked,
            path_filters: task.path_filters,
            earned: task.earned,
        };
        let order = Order { task: Task::Review(Box::new(order)), bounds: self.bounds };
        let desk = Arc::new(ReviewDesk { diff, seam });
        let (ended, _) = self.run(order, desk, events, cancellation).await.map_err(Fault::into_error)?;
        let Ended::Reviewed(report, rendered) = ended else {
            return Err(Fault::out_of_turn().into_error());
        };
        Ok(Answer {
            document: report.document,
            change: report.change,
            merge_base: report.merge_base,
            configuration: report.configuration,
            settings: report.settings,
            rendered: report.is_rendered.then_some(rendered),
        })
    }

    /// Runs one child, and tells the operator once what the system cannot do.
    pub(super) async fn run(
        &self,
        order: Order,
        desk: Arc<dyn Desk>,
        events: Option<mpsc::Sender<WorkerEvent>>,
        cancellation: &CancellationToken,
    ) -> Result<(Ended, Vec<String>), Fault> {
        let run = Run { order, desk, events, timeout: self.timeout };
        let (ended, missing) = process::run(&self.program, &self.data, run, cancellation).await?;
        if !missing.is_empty() && !self.has_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                confinement.missing = missing.join("; "),
                "this system cannot confine the processes that read strangers' code as tightly as they should be"
            );
        }
        Ok((ended, missing))
    }
}

/// A change as the child is told of it, with what it will ask for.
fn ordered(change: Change) -> Result<(ChangeOrder, Bytes), WorkerError> {
    Ok(match change {
        Change::Versions { mirror, head, target } => {
            object_id(&head)?;
            object_id(&target)?;
            (ChangeOrder::Versions { mirror, head, target }, Bytes::new())
        }
        Change::Diff { text, base, head } => (ChangeOrder::Diff { base, head }, text),
        Change::Files => (ChangeOrder::Files, Bytes::new()),
    })
}

/// Makes sure that what goes to git is an object's full id and nothing else.
fn object_id(id: &str) -> Result<(), WorkerError> {
    let is_hexadecimal = id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    match (id.len(), is_hexadecimal) {
        (40, true) => Ok(()),
        (64, true) => Err(WorkerError::Refused(
            "the repository names its objects by SHA-256, which is not supported yet".to_owned(),
        )),
        _ => Err(WorkerError::Refused(
            "the forge named a commit by something else than its full object id".to_owned(),
        )),
    }
}
