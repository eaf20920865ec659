//! A policy as run: what the bank demands, ready to be matched.
//!
//! Written form in `document`, reading in `load`, the pack inside the binary in `builtin`, all policies of
//! a review in `set`, what
//! they share in `shared`, the examples that prove a policy in `example`.

mod builtin;
mod document;
mod earned;
mod error;
pub mod example;
mod flow;
mod load;
mod paths;
pub mod schema;
mod set;
mod shared;
mod tighten;
mod vocabulary;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use grammars::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::policy::builtin::files as builtin_files;
pub use crate::policy::document::{AnnotatedOn, OneOrMany, PredicateDocument, RuleExtras, TextRuleDocument};
pub use crate::policy::error::PolicyError;
pub(crate) use crate::policy::error::chain;
pub use crate::policy::flow::FlowRules;
pub(crate) use crate::policy::flow::{EndpointKind, EndpointRole};
pub use crate::policy::load::{PolicyFile, read_directory};
pub(crate) use crate::policy::paths::PathAnswers;
pub use crate::policy::paths::PathScope;
pub(crate) use crate::policy::paths::set as globs;
pub use crate::policy::set::{PolicySet, Selection};
pub use crate::policy::tighten::{Tightening, TighteningError};
pub(crate) use crate::policy::vocabulary::is_border;
pub use crate::policy::vocabulary::{Vocabularies, Vocabulary};
use crate::text::Text;

/// One thing that the bank demands of its code.
#[derive(Clone, Debug)]
pub struct Policy {
    /// `domain/name`, such as `money/binary-floating-point`.
    pub id: String,
    /// The catalogue's code, such as `CB-MONEY-001`.
    pub code: String,
    /// One line for people.
    pub title: Text,
    /// How bad a breach is.
    pub severity: Severity,
    /// What a breach does to a merge.
    pub enforcement: Enforcement,
    /// Whether an evaluation has earned it that what the model finds blocks, too.
    pub has_earned_block: bool,
    /// How sure a deterministic check is.
    pub confidence: Confidence,
    /// Languages it reads.
    pub languages: Vec<Language>,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// Clauses of standards.
    pub references: Vec<Reference>,
    /// One testable sentence.
    pub objective: Text,
    /// Why a bank cares.
    pub rationale: Text,
    /// What good looks like.
    pub success_criteria: Text,
    /// What a breach looks like.
    pub failure_criteria: Text,
    /// How to mend a breach.
    pub remedy: Text,
    /// Where the policy rightly does not hold.
    pub exceptions: Option<Text>,
    /// Ids of policies whose findings at the same place this one's stand for.
    pub supersedes: Vec<String>,
    /// Files it applies to.
    pub paths: PathScope,
    /// How breaches are found.
    pub checks: Vec<Check>,
    /// The file it was read from.
    pub file: String,
}

/// One way to find breaches.
#[derive(Clone, Debug)]
pub struct Check {
    /// What is looked for.
    pub kind: CheckKind,
    /// What is wrong at the place; the policy's title where nothing is said.
    pub message: Option<Text>,
    /// The captured variable that is the place to show.
    pub report: Option<String>,
    /// The captured variable that names the cause.
    pub cause: Option<String>,
    /// Replacement templates.
    pub fix: BTreeMap<Language, String>,
    /// Where the check stands in its file: its position in the list.
    pub index: usize,
}

/// What a check looks for, by language.
#[derive(Clone, Debug)]
pub enum CheckKind {
    /// Code that matches a rule.
    Pattern(BTreeMap<Language, Arc<RuleSource>>),
    /// Text that matches regular expressions.
    Text(BTreeMap<Language, TextRuleDocument>),
    /// Values that reach places where they must not come.
    Flow(BTreeMap<Language, Arc<FlowRules>>),
    /// A question for the model about regions that hold a match.
    Question(Question),
}

/// A question that only judgement can answer.
#[derive(Clone, Debug)]
pub struct Question {
    /// The regions it is asked for.
    pub when: BTreeMap<Language, Arc<RuleSource>>,
    /// The question.
    pub ask: Text,
    /// What an answer must quote.
    pub evidence: Text,
}

/// An ast-grep rule not yet compiled, with its place for error messages.
#[derive(Clone, Debug)]
pub struct RuleSource {
    /// The rule's own keys.
    pub rule: serde_json::Value,
    /// The keys beside the rule: constraints, utils, transform, where.
    pub extras: serde_json::Value,
    /// Line of the rule in the policy file.
    pub line: u64,
}

/// How bad a breach is, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Must not merge: loss, unlawful storage or exposure, or a bypassed control.
    Blocker,
    /// Fix before release.
    Major,
    /// Fix when touched.
    Minor,
    /// Advice.
    Info,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 4] = [Self::Blocker, Self::Major, Self::Minor, Self::Info];

    /// The name as written in a policy.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blocker => "blocker",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|severity| severity.name() == name)
            .ok_or_else(|| format!("unknown severity `{name}`; use blocker, major, minor or info"))
    }
}

/// What a breach does to a merge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Enforcement {
    /// Blocks the merge.
    Block,
    /// Is reported, and does not block.
    Warn,
    /// Warns until an evaluation of the model shows that it is right often enough; blocks from then on.
    Earned,
    /// The policy does not run.
    Off,
}

/// How sure a deterministic check is of what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A match is a breach.
    Certain,
    /// A match is worth a look; the model triages it where there is one.
    Likely,
}

/// A clause of a standard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The standard, such as `PCI DSS v4.0.1`.
    pub standard: String,
    /// The clause, such as `6.2.4`.
    pub clause: String,
    /// Whether the clause was seen in the standard itself; only then is it printed as authority.
    #[serde(default)]
    pub verified: bool,
    /// What to know about the clause.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Policy {
    /// Whether what its checks prove blocks a merge.
    pub fn blocks_by_proof(&self) -> bool {
        self.enforcement == Enforcement::Block || self.has_earned_block
    }

    /// Whether a check of it asks the model.
    pub fn asks(&self) -> bool {
        self.checks.iter().any(|check| matches!(check.kind, CheckKind::Question(_)))
    }

    /// The clauses that may be printed as authority: verified ones, without the rules of other tools.
    pub fn authorities(&self) -> impl Iterator<Item = &Reference> {
        self.references.iter().filter(|reference| reference.is_authority())
    }
}

impl Reference {
    /// Whether the clause may be printed as authority: verified, and not the rule of another tool.
    pub fn is_authority(&self) -> bool {
        self.verified && !self.standard.contains("cross-reference")
    }
}
