//! What the service and its child say to one another, frame by frame.
//!
//! The service sends one `Order`; the child asks, reports, and ends with `Done` or `Failed`. Nothing that an
//! attacker wrote is in an order: diffs, files and packs are asked for when the child has confined itself.

use std::collections::BTreeSet;
use std::path::PathBuf;

use analyzers::model::{Completion, ModelBudget, ModelError, Prompt};
use analyzers::policy::Severity;
use analyzers::report::document::{ChangeRecord, Document};
use analyzers::sources::{Side, SourceError};
use analyzers::text::Locale;
use serde::{Deserialize, Serialize};

use super::{Rendering, Unasked, WorkerEvent};
use crate::record::Settings;

/// What a child is started for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    /// The work.
    pub(super) task: Task,
    /// How much it may take.
    pub(super) bounds: Bounds,
}

/// What a child may take.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Bounds {
    /// Bytes of address space.
    pub(super) memory_bytes: u64,
    /// Seconds of processor time, over all threads.
    pub(super) cpu_seconds: u64,
    /// Bytes of the largest file that it may write.
    pub(super) file_bytes: u64,
}

/// The work of a child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Task {
    /// Bring commits into a mirror.
    Fetch(FetchOrder),
    /// Review a change.
    Review(Box<ReviewOrder>),
    /// Try what a confined process must not do.
    #[cfg(test)]
    Probe(super::tests::probe::Probe),
}

/// Which commits are to be in which mirror.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FetchOrder {
    /// The mirror's folder, which is there; empty before the first fetch.
    pub(super) mirror: PathBuf,
    /// Full object ids of commits.
    pub(super) commits: Vec<String>,
    /// Objects that the forge may send.
    pub(super) max_objects: usize,
}

/// What is reviewed, and how.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReviewOrder {
    /// The change.
    pub(super) change: ChangeOrder,
    /// Whether the built-in policies are in force.
    pub(super) builtin: bool,
    /// Folders of further policies.
    pub(super) policies: Vec<PathBuf>,
    /// The lowest severity at which an enforced finding blocks.
    pub(super) fail_on: Severity,
    /// Whether a question without an answer leaves the review partial.
    pub(super) require_model: bool,
    /// Whether there is a model to ask.
    pub(super) has_model: bool,
    /// How much it may be asked.
    pub(super) model_budget: ModelBudget,
    /// The language in which it says why, where the repository's configuration names none.
    pub(super) language: Locale,
    /// Whether somebody listens to events.
    pub(super) is_watched: bool,
    /// Files that a change may touch.
    pub(super) max_files: usize,
    /// A report to render beside the document.
    pub(super) rendering: Option<Rendering>,
    /// What decides whether a merge request is reviewed unasked; `None` where somebody asked.
    pub(super) unasked: Option<Unasked>,
    /// Whether what a repository leaves out is out of scope.
    pub(super) path_filters: bool,
    /// Policies that have earned it that what the model finds blocks.
    pub(super) earned: BTreeSet<String>,
}

/// Where a change comes from.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ChangeOrder {
    /// Two commits of a mirror.
    Versions {
        /// The mirror.
        mirror: PathBuf,
        /// The head.
        head: String,
        /// The tip of the target branch.
        target: String,
    },
    /// A diff, which is asked for.
    Diff {
        /// The revision that the diff goes out from, as the caller names it.
        base: Option<String>,
        /// The revision that it leads to.
        head: Option<String>,
    },
    /// Whole files, which are asked for.
    Files,
}

/// What a child says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromChild {
    /// It has confined itself; what the system could not do for it.
    Confined(Vec<String>),
    /// It asks. Answers bear the same number.
    Ask(u64, Question),
    /// How far it is.
    Event(WorkerEvent),
    /// It has done a fetch.
    Fetched(FetchReport),
    /// It has reviewed: so many of the bytes are a `ReviewReport`, the others the rendered report.
    Reviewed(usize),
    /// It was probed.
    #[cfg(test)]
    Probed(String),
    /// It could not do its work.
    Failed(Failure),
}

/// What a child asks.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Question {
    /// What the forge's git says that it can.
    InfoRefs,
    /// The forge's answer to the request in the bytes.
    UploadPack,
    /// The diff under review.
    Diff,
    /// A file of the change.
    Read(Side, String),
    /// The files of one version.
    List(Side),
    /// A completion.
    Complete(Box<Prompt>),
}

/// What a child is answered.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answered {
    /// The bytes go on.
    Part,
    /// The bytes are the last.
    End,
    /// The bytes are a file.
    File(Result<(), SourceError>),
    /// Paths.
    Paths(Result<Vec<String>, SourceError>),
    /// What the model said.
    Completed(Result<Completion, ModelError>),
}

/// What a fetch did.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FetchReport {
    /// Objects that came.
    pub(super) objects: usize,
    /// Bytes of the pack that came.
    pub(super) bytes: u64,
}

/// What a review found.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReviewReport {
    pub(super) document: Document,
    pub(super) change: ChangeRecord,
    pub(super) merge_base: Option<String>,
    pub(super) configuration: Option<String>,
    pub(super) settings: Settings,
    pub(super) is_rendered: bool,
}

/// Why a child could not do its work; the words are for a person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Failure {
    /// It will not, and never will of this input.
    Refused(String),
    /// The repository wants no review that nobody asked for.
    Skipped(String),
    /// The forge's git, or what came from it.
    Git(String),
    /// The mirror is damaged; a fresh one may do.
    Mirror(String),
    /// The child itself is at fault.
    Broken(String),
}

impl From<git2::Error> for Failure {
    fn from(error: git2::Error) -> Self {
        Self::Git(format!("git: {}", error.message()))
    }
}
