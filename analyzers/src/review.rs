//! The review as a value: what was asked, what was found, what could not be read, what the gate says.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::finding::Finding;
use crate::gate::State;
use crate::policy::Severity;

/// Everything that one review found out. Reports are renderings of it.
#[derive(Clone, Debug)]
pub struct Review {
    /// What was reviewed.
    pub subject: Subject,
    /// What the gate says.
    pub state: State,
    /// The lowest severity at which an enforced finding blocks.
    pub fail_on: Severity,
    /// Introduced findings, by path and position.
    pub findings: Vec<Finding>,
    /// How many findings of the changed files were there before, by policy id.
    pub pre_existing: BTreeMap<String, usize>,
    /// What was and was not read.
    pub coverage: Coverage,
    /// What decided: engine and policies.
    pub basis: Basis,
}

/// What a review looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Subject {
    /// A change between two versions; revisions are full object ids where git named them.
    Change {
        /// The base revision.
        base: Option<String>,
        /// The head revision.
        head: Option<String>,
    },
    /// Whole files.
    Tree,
}

/// What decided: enough to say later why a change passed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Basis {
    /// Version of the engine.
    pub engine: String,
    /// SHA-256 over the policies in force.
    pub policies_digest: String,
    /// Number of policies in force.
    pub policies: usize,
}

/// How much of what is in scope was reviewed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Coverage {
    /// Files in the change or under the scanned paths.
    pub files: usize,
    /// Files in a language that some policy reads.
    pub files_in_scope: usize,
    /// Of those, the files that were read.
    pub files_reviewed: usize,
    /// Changed regions in scope (a scanned file is one region).
    pub regions: usize,
    /// Of those, the regions reviewed.
    pub regions_reviewed: usize,
    /// Lines of source that were read at head.
    pub lines: usize,
    /// Files or parts of files in scope that were not read.
    pub unread: Vec<Unread>,
    /// Questions for the model, by policy id, that nobody asked.
    pub questions_unasked: BTreeMap<String, usize>,
}

/// Something in scope that was not read wholly.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Unread {
    /// The file.
    pub path: String,
    /// First and last line that was not understood; `None` for the whole file.
    pub lines: Option<(u32, u32)>,
    /// Why, for a person.
    pub reason: String,
    /// Whether this leaves the review partial. A syntax error that the parser recovered from does not.
    pub leaves_gap: bool,
}

impl Coverage {
    /// Number of questions that nobody asked.
    pub fn questions(&self) -> usize {
        self.questions_unasked.values().sum()
    }
}
