//! The repository's configuration, `.countersign.yaml`: what a repository may say about its own reviews.
//!
//! The file's bytes at the target branch in, a `Configuration` or every mistake in it out. A repository may choose
//! how it is spoken to and tighten what the bank demands; it can loosen nothing. What its filters leave out is
//! listed in the coverage of each review.

mod apply;
mod document;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use globset::{GlobMatcher, GlobSet};
use schemars::JsonSchema;
use serde::Deserialize;

pub use crate::configuration::apply::{Approval, Narrowed, Skipped, touched_by};
use crate::configuration::document::ConfigurationDocument;
use crate::policy::{Severity, Tightening};
use crate::text::Locale;

/// Where the configuration lies in a repository.
pub const PATH: &str = ".countersign.yaml";

/// The folder of a repository's own policies.
pub const POLICIES: &str = "countersign/policies/";

/// What a repository says about its reviews.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// The language of comments.
    pub language: Option<Locale>,
    /// The lowest severity that is commented on. What blocks is commented on whatever it is.
    pub severity_threshold: Option<Severity>,
    /// Inline comments on one merge request.
    pub max_comments: Option<usize>,
    /// When a merge request is reviewed without being asked for.
    pub auto_review: AutoReview,
    /// SHA-256 over the file, in hexadecimal; empty where there is none.
    pub digest: String,
    fail_on: Option<Placed<Severity>>,
    filters: Filters,
    instructions: Vec<Instruction>,
    tiers: Vec<(GlobMatcher, Tier)>,
    policies: BTreeMap<String, Placed<Tightening>>,
}

/// When a merge request is reviewed without being asked for.
#[derive(Clone, Debug)]
pub struct AutoReview {
    /// Whether any is.
    pub enabled: bool,
    /// Whether drafts are; `None` leaves it to the operator.
    pub drafts: Option<bool>,
    base_branches: Option<GlobSet>,
    labels: Vec<String>,
}

/// What the model is told about files.
#[derive(Clone, Debug)]
struct Instruction {
    files: GlobMatcher,
    text: String,
}

/// Files that are reviewed: included (all, where nothing is said) and not excluded.
#[derive(Clone, Debug, Default)]
struct Filters {
    includes: Vec<GlobMatcher>,
    excludes: Vec<GlobMatcher>,
}

/// A value with its line in the file.
#[derive(Clone, Copy, Debug)]
struct Placed<T> {
    value: T,
    line: Option<u64>,
}

/// How much a file matters to the bank, most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Money, keys, customers' data.
    Critical,
    /// What is not named.
    Standard,
    /// Tools, examples.
    Low,
}

/// One mistake in the configuration, for the person who wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationError {
    /// Line in the file, from 1; `None` where the whole file is meant.
    pub line: Option<u64>,
    /// The key, such as `policies.money/rounding`; empty where the whole file is meant.
    pub key: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(PATH)?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(formatter, ": `{}`", self.key)?;
        }
        write!(formatter, ": {} {}", self.problem, self.remedy)
    }
}

impl std::error::Error for ConfigurationError {}

impl Default for AutoReview {
    fn default() -> Self {
        Self { enabled: true, drafts: None, base_branches: None, labels: Vec::new() }
    }
}

/// The JSON Schema of the file, as pretty JSON with a line feed at its end.
pub fn schema() -> String {
    let schema = schemars::schema_for!(ConfigurationDocument);
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
