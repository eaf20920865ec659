//! A finding: one cause, at one place, under one policy, told to a person.

pub(crate) mod collect;
mod fingerprint;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::policy::Policy;
use crate::text::Text;

/// One breach of one policy.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The policy that is breached.
    pub policy: Arc<Policy>,
    /// Stable name of this breach: 32 hexadecimal digits that survive shifted lines, reformatting,
    /// renamed files and moved functions.
    pub fingerprint: String,
    /// Whether the change brought it.
    pub origin: Origin,
    /// Who found it.
    pub decided_by: Decider,
    /// Where it is.
    pub location: Location,
    /// The source lines around it.
    pub frame: Frame,
    /// What is wrong here, with the names of this place filled in.
    pub message: Text,
    /// Why it is so here, or why it is none, in one line of the model's own words.
    pub why: Option<String>,
    /// Whether the model, with a quote that stands in the code, says that it is none. What blocks never is.
    pub is_dismissed: bool,
    /// The way of a value from its source to the place, both included; nothing where no flow is meant.
    pub flow: Vec<Location>,
    /// Other places of the same cause, in the same file.
    pub related: Vec<Related>,
    /// A replacement that removes the breach.
    pub fix: Option<Fix>,
}

/// Whether a finding came with the change under review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Not in the base version (or there is none, as in a scan).
    Introduced,
    /// In the base version already: counted, never gated.
    PreExisting,
}

/// Who decided that a finding is one.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    /// A deterministic check: a match is proof.
    #[default]
    Proof,
    /// The model, with a quote that stands in the change. It blocks only where its policy has earned that.
    Model,
}

/// A place in a file of the head version.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    /// Repository path with `/`.
    pub path: String,
    /// Where the text begins.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
    /// Enclosing declarations, outermost first: `["LedgerService", "post"]`.
    pub declaration: Vec<String>,
}

/// A point between two characters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode characters, from 1.
    pub column: u32,
}

/// Source lines to show around a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Number of the first line, from 1.
    pub first_line: u32,
    /// The lines without line ends, cut to a readable width.
    pub lines: Vec<String>,
}

/// Another place of the same cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub location: Location,
    /// What is there.
    pub message: Text,
}

/// A replacement for a stretch of the head version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The stretch to replace.
    pub location: Location,
    /// What to put there.
    pub replacement: String,
}
