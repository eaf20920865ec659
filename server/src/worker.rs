//! The part of the service that touches what strangers wrote: in a child process without tokens or network.
//!
//! `Host` is the service's side: it starts a child for each fetch and each review, answers what the child asks,
//! and ends it when it takes too long or nobody wants its answer. `child` is the other side, in the same binary.

pub(crate) mod child;
mod confine;
mod desk;
mod fetch;
mod frame;
mod git_http;
mod message;
mod mirror;
mod pipe;
mod process;
mod review;
mod upload_pack;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use analyzers::model::{Completion, ModelError, Prompt};
use analyzers::policy::Severity;
use analyzers::report::document::{ChangeRecord, Document, FindingRecord};
use analyzers::report::{Format, Options};
use analyzers::sources::{Side, SourceError};
use async_trait::async_trait;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::forge::GitEndpoint;
use crate::merge_request::ForgeKind;
use desk::{FetchDesk, ReviewDesk};
use message::{Bounds, ChangeOrder, FetchOrder, Order, ReviewOrder, Task};
use mirror::Mirror;
use process::{Ended, Program};

/// Which commits of a repository are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FetchTask {
    /// The forge.
    pub(crate) forge: ForgeKind,
    /// The repository's full path on it.
    pub(crate) repository: String,
    /// The full object id of the head.
    pub(crate) head: String,
    /// The full object id of the target branch's tip.
    pub(crate) target: String,
}

/// What a fetch did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fetched {
    /// The mirror that has the commits.
    pub(crate) mirror: PathBuf,
    /// Objects that came; 0 where everything was there.
    pub(crate) objects: usize,
    /// Bytes of them, packed.
    pub(crate) bytes: u64,
}

/// A review to make.
#[derive(Clone, Debug)]
pub(crate) struct ReviewTask {
    /// The change.
    pub(crate) change: Change,
    /// Whether the built-in policies are in force.
    pub(crate) builtin: bool,
    /// Folders of further policies.
    pub(crate) policies: Vec<PathBuf>,
    /// The lowest severity at which an enforced finding blocks.
    pub(crate) fail_on: Severity,
    /// Whether a question without an answer leaves the review partial.
    pub(crate) require_model: bool,
    /// Files that the change may touch.
    pub(crate) max_files: usize,
    /// A report to render beside the document.
    pub(crate) rendering: Option<Rendering>,
}

/// Where a change comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Two commits of a mirror, from where the head left the target.
    Versions {
        /// The mirror.
        mirror: PathBuf,
        /// The full object id of the head.
        head: String,
        /// The full object id of the target branch's tip.
        target: String,
    },
    /// A unified diff; contents come from the seam's files, as far as it has them.
    Diff(Bytes),
    /// The files that the seam lists at head, as a whole.
    Files,
}

/// A report to render.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rendering {
    /// Its form.
    pub(crate) format: Format,
    /// Its looks, and the reader's language.
    pub(crate) options: Options,
}

/// A review that was made.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The review.
    pub(crate) document: Document,
    /// The lines of its change.
    pub(crate) change: ChangeRecord,
    /// The full object id of the commit that the change goes out from; `None` for a diff or files.
    pub(crate) merge_base: Option<String>,
    /// The full object id of the target branch's tip; `None` for a diff or files.
    pub(crate) target: Option<String>,
    /// SHA-256 over the repository's configuration at the target, where it has one.
    pub(crate) configuration: Option<String>,
    /// The report that was asked for.
    pub(crate) rendered: Option<Vec<u8>>,
    /// What the system could not do to confine the child; empty where it did everything.
    pub(crate) confinement: Vec<String>,
}

/// How far a review is.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub(crate) enum WorkerEvent {
    /// A region is under review.
    Region {
        /// The file.
        path: String,
        /// Its first line, from 1.
        start_line: u32,
        /// Its last line.
        end_line: u32,
    },
    /// A check points at a place.
    Candidate {
        /// The policy's id.
        policy: String,
        /// The file.
        path: String,
        /// The line, from 1.
        line: u32,
    },
    /// A finding is certain to be in the review.
    Finding(Box<FindingRecord>),
    /// A file is done.
    FileDone {
        /// The file.
        path: String,
        /// How many are.
        done: usize,
        /// How many there are.
        total: usize,
    },
}

/// What a review asks of the rest of the service.
#[derive(Clone, Default)]
pub(crate) struct Seam {
    /// Contents of a diff's files, or the files.
    pub(crate) files: Option<Arc<dyn FileHost>>,
    /// Who answers questions; without it they are not asked.
    pub(crate) model: Option<Arc<dyn ModelHost>>,
}

/// Has the files of a change in memory.
pub(crate) trait FileHost: Send + Sync {
    /// One file. `Missing` where only the other version is known, too: the diff leads from one to the other.
    fn read(&self, side: Side, path: &str) -> Result<Bytes, SourceError>;

    /// Every path of one version.
    fn list(&self, side: Side) -> Result<Vec<String>, SourceError>;
}

/// Answers prompts.
#[async_trait]
pub(crate) trait ModelHost: Send + Sync {
    /// The completion of one prompt, within the host's own deadline.
    async fn complete(&self, prompt: Prompt) -> Result<Completion, ModelError>;
}

/// Why a child did not do its work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WorkerError {
    /// Nobody wants it any more.
    #[error("it was cancelled")]
    Cancelled,
    /// It took too long.
    #[error("it took longer than `review.timeout_seconds` allows")]
    TimedOut,
    /// Something ended it.
    #[error("the process that did it was ended: {why}")]
    Killed {
        /// What.
        why: String,
    },
    /// It will not be done of this input, however often it is tried.
    #[error("{0}")]
    Refused(String),
    /// The forge's git, or what came from it.
    #[error("{0}")]
    Git(String),
    /// The forge cannot be reached, or failed.
    #[error("{0}")]
    Unavailable(String),
    /// The service itself is at fault.
    #[error("the process that does it is broken: {0}")]
    Broken(String),
}

/// Starts children and answers them.
pub(crate) struct Host {
    program: Program,
    client: reqwest::Client,
    data: PathBuf,
    timeout: Duration,
    bounds: Bounds,
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
            Err(process::Fault::Mirror(why)) => {
                tracing::warn!(mirror.fault = why, "a mirror is damaged and is fetched afresh");
                mirror.discard()?;
                self.fetch_into(&mirror, task, endpoint, cancellation)
                    .await
                    .map_err(process::Fault::into_error)
            }
            fetched => fetched.map_err(process::Fault::into_error),
        }
    }

    async fn fetch_into(
        &self,
        mirror: &Mirror,
        task: &FetchTask,
        endpoint: &GitEndpoint,
        cancellation: &CancellationToken,
    ) -> Result<Fetched, process::Fault> {
        let folder = mirror.folder()?;
        let order = FetchOrder {
            mirror: folder.clone(),
            commits: vec![task.target.clone(), task.head.clone()],
            max_objects: self.fetch_objects,
        };
        let index_bytes = INDEX_BYTES.saturating_mul(self.fetch_objects as u64);
        let bounds = Bounds { file_bytes: self.fetch_bytes.saturating_add(index_bytes), ..self.bounds };
        let desk = FetchDesk::new(self.client.clone(), endpoint.clone(), self.fetch_bytes);
        let order = Order { task: Task::Fetch(order), bounds };
        match self.run(order, Arc::new(desk), None, cancellation).await?.0 {
            Ended::Fetched(report) => {
                Ok(Fetched { mirror: folder, objects: report.objects, bytes: report.bytes })
            }
            _ => Err(process::Fault::out_of_turn()),
        }
    }

    /// Reviews a change. Events are told while somebody takes them.
    pub(crate) async fn review(
        &self,
        task: ReviewTask,
        seam: Seam,
        events: Option<mpsc::Sender<WorkerEvent>>,
        cancellation: &CancellationToken,
    ) -> Result<Answer, WorkerError> {
        let (change, diff, target) = ordered(task.change)?;
        let policies: Result<Vec<_>, _> = task.policies.iter().map(std::path::absolute).collect();
        let order = ReviewOrder {
            change,
            builtin: task.builtin,
            policies: policies.map_err(|error| WorkerError::Broken(error.to_string()))?,
            fail_on: task.fail_on,
            require_model: task.require_model,
            has_model: seam.model.is_some(),
            is_watched: events.is_some(),
            max_files: task.max_files,
            rendering: task.rendering,
        };
        let order = Order { task: Task::Review(Box::new(order)), bounds: self.bounds };
        let desk = Arc::new(ReviewDesk { diff, seam });
        let (ended, confinement) =
            self.run(order, desk, events, cancellation).await.map_err(process::Fault::into_error)?;
        let Ended::Reviewed(report, rendered) = ended else {
            return Err(process::Fault::out_of_turn().into_error());
        };
        Ok(Answer {
            document: report.document,
            change: report.change,
            merge_base: report.merge_base,
            target,
            configuration: report.configuration,
            rendered: report.is_rendered.then_some(rendered),
            confinement,
        })
    }

    async fn run(
        &self,
        order: Order,
        desk: Arc<dyn desk::Desk>,
        events: Option<mpsc::Sender<WorkerEvent>>,
        cancellation: &CancellationToken,
    ) -> Result<(Ended, Vec<String>), process::Fault> {
        let run = process::Run { order, desk, events, timeout: self.timeout };
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

impl ReviewTask {
    /// A review under the operator's configuration.
    pub(crate) fn new(config: &Config, change: Change) -> Self {
        Self {
            change,
            builtin: config.policies.builtin,
            policies: config.policies.folders.clone(),
            fail_on: config.review.fail_on,
            require_model: config.review.require_model,
            max_files: config.limits.files,
            rendering: None,
        }
    }
}

/// A change as the child is told of it, with what it will ask for, and the target.
fn ordered(change: Change) -> Result<(ChangeOrder, Bytes, Option<String>), WorkerError> {
    Ok(match change {
        Change::Versions { mirror, head, target } => {
            object_id(&head)?;
            object_id(&target)?;
            let order = ChangeOrder::Versions { mirror, head, target: target.clone() };
            (order, Bytes::new(), Some(target))
        }
        Change::Diff(diff) => (ChangeOrder::Diff, diff, None),
        Change::Files => (ChangeOrder::Files, Bytes::new(), None),
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

#[cfg(test)]
mod tests;
