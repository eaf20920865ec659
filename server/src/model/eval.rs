//! `countersign-server model eval`: how good the configured model is at the questions of policies.
//!
//! The operator's configuration and labelled pairs in; a table for people and a report for machines out. Every pair is
//! reviewed as a merge request's file is, by the model that reviews ask. The report is what policies earn blocks by.

pub(crate) mod archive;
mod ask;
mod pairs;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use analyzers::evaluation::{self, EvaluationReport, ModelRecord, SetRecord, Tally};
use analyzers::review::asked::Unjudged;
use analyzers::text::Locale;
use anyhow::{Context, bail};
use jiff::{Timestamp, Unit};
use tokio::runtime::Runtime;

use self::archive::Archive;
use self::pairs::Pairs;
use super::host::{self, Installed};
use crate::config::Config;
use crate::forge::http;
use crate::telemetry::probes::Named;

/// Repositories take turns at a model; evaluations are one of them.
const GROUP: &str = "evaluation";

/// What is evaluated, and where it is told.
pub(crate) struct Evaluation {
    /// A folder of labelled pairs, in place of the examples of the policies in force.
    pub(crate) set: Option<PathBuf>,
    /// Where the report goes; by default a file of its own in the data folder.
    pub(crate) report: Option<PathBuf>,
    /// Only these policies, by id or code; all that ask where none is named.
    pub(crate) policies: Vec<String>,
    /// Whether the last report of the same pairs is compared with.
    pub(crate) watch: bool,
    /// The language of the table.
    pub(crate) language: Locale,
}

/// How an evaluation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It was made, and nothing has become worse as far as it was looked.
    Quiet,
    /// Something has become worse.
    Alarm,
}

/// Makes one evaluation, prints it and keeps it.
///
/// # Errors
/// Says why it could not be made.
pub(crate) fn run(config: &Config, evaluation: &Evaluation, runtime: &Runtime) -> anyhow::Result<Ended> {
    if config.model.is_none() {
        bail!(
            "there is no model to evaluate: name one in `[model]` of the configuration, and the file by `--config`"
        );
    }
    let pairs = Pairs::read(config, evaluation.set.as_deref(), &evaluation.policies)?;
    let archive = Archive::open(&config.data, evaluation.report.as_deref())?;
    let before = match evaluation.watch {
        true => archive.last(&pairs.labels.digest)?,
        false => None,
    };
    let client = http::client(&config.network)?;
    let model = runtime.block_on(async { host::open(config, &client) })?.context("there is no model")?;
    runtime.block_on(model.introduce());
    let started = Instant::now();
    let tallies = ask::ask_all(&pairs, &model, runtime);
    let report = report(&pairs, &model, started, tallies)?;
    let file = archive.keep(&report)?;
    let language = evaluation.language;
    print!("{}", table::of(&report, language));
    println!("{}", table::kept(&file, language));
    if !evaluation.watch {
        return Ok(Ended::Quiet);
    }
    let Some(before) = before else {
        println!("{}", table::nothing_before(language));
        return Ok(Ended::Quiet);
    };
    let alarms = evaluation::alarms(&before, &report);
    print!("{}", table::compared(&before, &report, &alarms, language));
    Ok(if alarms.is_empty() { Ended::Quiet } else { Ended::Alarm })
}

fn report(
    pairs: &Pairs,
    model: &Installed,
    started: Instant,
    tallies: BTreeMap<String, Tally>,
) -> anyhow::Result<EvaluationReport> {
    let report = EvaluationReport::new(
        Timestamp::now().round(Unit::Second)?.to_string(),
        ModelRecord {
            name: model.name().to_owned(),
            place: model.place().to_owned(),
            fingerprint: model.fingerprint(),
        },
        pairs.policies.digest().to_owned(),
        SetRecord {
            digest: pairs.labels.digest.clone(),
            source: pairs.source.clone(),
            files: pairs.labels.files.len(),
        },
        u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        tallies,
    );
    let tally = &report.overall.tally;
    if tally.answered == 0 && !tally.unjudged.keys().any(|reason| is_models_own(*reason)) {
        let reasons = table::reasons(&tally.unjudged, Locale::En);
        bail!("the model answered no question ({reasons}), so nothing is measured; the log says why");
    }
    Ok(report)
}

/// Whether the model did answer, though nothing that counts.
fn is_models_own(reason: Unjudged) -> bool {
    match reason {
        Unjudged::Unclear | Unjudged::Truncated | Unjudged::Malformed | Unjudged::Unfounded => true,
        Unjudged::Unavailable
        | Unjudged::DeadlineExceeded
        | Unjudged::Cancelled
        | Unjudged::Refused
        | Unjudged::Unreadable => false,
    }
}
