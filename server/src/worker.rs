//! The part of the service that touches what strangers wrote: in a child process without tokens or network.
//!
//! Here is what goes in and comes out. `host` is the service's side: it starts a child for each fetch and each
//! review, answers what it asks and ends it in time. `child` is the other side, in the same binary.

pub(crate) mod child;
mod configured;
mod confine;
mod desk;
mod fetch;
mod frame;
mod git_http;
pub(crate) mod host;
mod message;
mod mirror;
mod pipe;
mod process;
mod review;
mod upload_pack;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use analyzers::model::{Completion, ModelBudget, ModelError, Prompt};
use analyzers::policy::Severity;
use analyzers::report::document::{ChangeRecord, Document, FindingRecord};
use analyzers::report::{Format, Options};
use analyzers::sources::{Side, SourceError};
use analyzers::text::Locale;
use async_trait::async_trait;
use bytes::Bytes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::config::model::Model;
use crate::merge_request::ForgeKind;
use crate::record::Settings;

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
    /// How much the model may be asked.
    pub(crate) model_budget: ModelBudget,
    /// The language in which the model says why, where the repository's configuration names none.
    pub(crate) language: Locale,
    /// Files that the change may touch.
    pub(crate) max_files: usize,
    /// A report to render beside the document.
    pub(crate) rendering: Option<Rendering>,
    /// What decides whether a merge request is reviewed unasked; `None` where somebody asked.
    pub(crate) unasked: Option<Unasked>,
    /// Whether what a repository's configuration leaves out is out of scope.
    pub(crate) path_filters: bool,
    /// Policies that have earned it that what the model finds blocks.
    pub(crate) earned: BTreeSet<String>,
}

/// A merge request that nobody asked to be reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Unasked {
    /// The branch it merges into.
    pub(crate) target_branch: String,
    /// Its labels.
    pub(crate) labels: Vec<String>,
    /// Whether its author says that it is not ready.
    pub(crate) is_draft: bool,
    /// Whether the operator has drafts reviewed.
    pub(crate) drafts: bool,
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
    Diff {
        /// The text.
        text: Bytes,
        /// The revision that it goes out from, as the caller names it.
        base: Option<String>,
        /// The revision that it leads to.
        head: Option<String>,
    },
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
    /// SHA-256 over the repository's configuration at the target, where it has one.
    pub(crate) configuration: Option<String>,
    /// How the repository wants to be told.
    pub(crate) settings: Settings,
    /// The report that was asked for.
    pub(crate) rendered: Option<Vec<u8>>,
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
    /// The repository wants no review that nobody asked for.
    #[error("{0}")]
    Skipped(String),
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

impl ReviewTask {
    /// A review under the operator's configuration.
    pub(crate) fn new(config: &Config, change: Change) -> Self {
        Self {
            change,
            builtin: config.policies.builtin,
            policies: config.policies.folders.clone(),
            fail_on: config.review.fail_on,
            require_model: config.review.require_model,
            model_budget: config.model.as_ref().map(Model::budget).unwrap_or_default(),
            language: config.language,
            max_files: config.limits.files,
            rendering: None,
            unasked: None,
            path_filters: config.review.path_filters,
            earned: BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests;
