//! The report of an evaluation: what was measured, of which model, on which pairs, under which policies.
//!
//! Counts are what is kept; shares are worked out of them again when a report is read. From a report of the very model
//! and policies that review, policies earn that what the model finds blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::evaluation::tally::{Share, Tally};

/// What the lower bound of a policy's precision must reach before what the model finds blocks.
pub const LEAST_PRECISION: f64 = 0.9;

/// Labelled places that a policy must have been measured at before what the model finds blocks.
pub const LEAST_PLACES: usize = 20;

/// The version of the report's form.
const SCHEMA_VERSION: u32 = 1;

/// What tells a report of an evaluation from other JSON.
const KIND: &str = "countersign-model-evaluation";

/// An evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluationReport {
    kind: String,
    schema_version: u32,
    /// Version of the engine that asked.
    pub engine: String,
    /// When it ended, in UTC: `2026-01-31T02:00:00Z`.
    pub made_at: String,
    /// What was asked.
    pub model: ModelRecord,
    /// SHA-256 over the policies in force.
    pub policies_digest: String,
    /// What it was asked about.
    pub set: SetRecord,
    /// How long it took.
    pub wall_milliseconds: u64,
    /// All policies together.
    pub overall: Figures,
    /// Each policy by its id.
    pub policies: BTreeMap<String, Figures>,
}

/// The model of an evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelRecord {
    /// Its name.
    pub name: String,
    /// Where it runs.
    pub place: String,
    /// Its weights and engine, as far as they are known.
    pub fingerprint: Option<String>,
}

/// The labelled pairs of an evaluation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetRecord {
    /// SHA-256 over them.
    pub digest: String,
    /// Where they are from.
    pub source: String,
    /// Example files.
    pub files: usize,
}

/// What was counted, and the shares that follow from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "Tally")]
pub struct Figures {
    /// The counts.
    #[serde(flatten)]
    pub tally: Tally,
    /// Labelled places that are counted.
    pub places: usize,
    /// Of the findings, those that are breaches.
    pub precision: Share,
    /// Of the breaches, those that are found.
    pub recall: Share,
    /// Of the findings that are not at a near miss, those at the right line.
    pub right_place: Share,
}

impl From<Tally> for Figures {
    fn from(tally: Tally) -> Self {
        Self {
            places: tally.places(),
            precision: tally.precision(),
            recall: tally.recall(),
            right_place: tally.right_place(),
            tally,
        }
    }
}

/// Why a report earns no policy anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NothingEarned {
    /// It is of other policies than those in force.
    OtherPolicies,
    /// It is of another model than the one that answers.
    OtherModel,
    /// It does not know what model it is of, or nobody knows what answers now.
    UnknownModel,
}

impl fmt::Display for NothingEarned {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::OtherPolicies => "it is of other policies than those in force",
            Self::OtherModel => "it is of another model than the one that answers",
            Self::UnknownModel => "it is not known that it is of the model that answers",
        })
    }
}

impl EvaluationReport {
    /// The report of what was counted, by policy id.
    pub fn new(
        made_at: String,
        model: ModelRecord,
        policies_digest: String,
        set: SetRecord,
        wall_milliseconds: u64,
        tallies: BTreeMap<String, Tally>,
    ) -> Self {
        let mut overall = Tally::default();
        tallies.values().for_each(|tally| overall.add(tally));
        Self {
            kind: KIND.to_owned(),
            schema_version: SCHEMA_VERSION,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            model,
            policies_digest,
            set,
            wall_milliseconds,
            overall: overall.into(),
            policies: tallies.into_iter().map(|(id, tally)| (id, tally.into())).collect(),
        }
    }

    /// Reads a report.
    ///
    /// # Errors
    /// Says why the text is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let report: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match (report.kind.as_str(), report.schema_version) {
            (KIND, SCHEMA_VERSION) => Ok(report),
            (KIND, version) => Err(format!("it has version {version}; this program reads {SCHEMA_VERSION}")),
            (kind, _) => Err(format!("its kind is `{kind}`, not `{KIND}`")),
        }
    }

    /// Whether a text is JSON of some other kind.
    pub fn is_something_else(text: &str) -> bool {
        serde_json::from_str::<Value>(text).is_ok_and(|value| value["kind"] != KIND)
    }

    /// The report as JSON.
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self).expect("a report holds nothing that JSON does not");
        format!("{text}\n")
    }

    /// The policies that were right often enough, among those that were measured enough.
    pub fn worthy(&self) -> BTreeSet<String> {
        let is_worthy = |figures: &Figures| {
            figures.tally.places() >= LEAST_PLACES && figures.tally.precision().low >= LEAST_PRECISION
        };
        let worthy = self.policies.iter().filter(|(_, figures)| is_worthy(figures));
        worthy.map(|(id, _)| id.clone()).collect()
    }

    /// The policies that have earned their block where these policies are in force and this model answers.
    ///
    /// # Errors
    /// Says why the report does not count here.
    pub fn earned(
        &self,
        policies_digest: &str,
        fingerprint: Option<&str>,
    ) -> Result<BTreeSet<String>, NothingEarned> {
        if self.policies_digest != policies_digest {
            return Err(NothingEarned::OtherPolicies);
        }
        match (self.model.fingerprint.as_deref(), fingerprint) {
            (Some(measured), Some(present)) if measured == present => Ok(self.worthy()),
            (Some(_), Some(_)) => Err(NothingEarned::OtherModel),
            (None, _) | (_, None) => Err(NothingEarned::UnknownModel),
        }
    }
}
