//! `countersign scan`: whole files, not a change.

use std::path::PathBuf;

use analyzers::gate;
use analyzers::report::Detail;
use analyzers::review::Request;
use clap::Args;

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::options::{PolicyOptions, ReportOptions};
use crate::output::Output;
use crate::progress::Progress;
use crate::tree::{Noise, Tree};

const EXAMPLES: &str = "\
Folders are read without what .gitignore and .ignore files name, and with hidden files such as .env. Symbolic links \
inside of folders are not followed. Files that are too large to review are named, and end in exit code 3.

Examples:
  countersign scan .
  countersign scan src/main config/application.yml --fail-on blocker
  countersign scan . --format markdown --output findings.md";

/// Read whole files, not a change: everything found counts
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ScanCommand {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read also what .gitignore and .ignore files name
    #[arg(long)]
    no_ignore: bool,
    #[command(flatten)]
    policies: PolicyOptions,
    #[command(flatten)]
    report: ReportOptions,
}

/// Scans and reports.
pub(crate) fn run(command: &ScanCommand, desk: &Desk) -> Result<Exit, Failure> {
    let output = Output::open(command.report.output.as_deref())?;
    let policies = command.policies.read()?;
    let budget = grammars::ParseBudget::default();
    let noise = if command.no_ignore { Noise::Read } else { Noise::Skip };
    let tree = Tree::walk(&command.paths, noise, budget.max_bytes as u64)?;
    let paths = tree.paths();
    let progress = Progress::over(paths.len(), desk);
    let mut request = Request::new(policies, &tree);
    request.budget = budget;
    request.fail_on = command.report.fail_on;
    request.observer = &progress;
    let mut review = analyzers::review::scan(&paths, &request);
    review.coverage.unread.extend(tree.into_unread());
    review.coverage.unread.sort();
    review.state = gate::decide(&review.findings, &review.coverage, review.fail_on);
    command.report.judge(&mut review);
    drop(progress);
    output.deliver(&review, command.report.format, Detail::Full, desk)?;
    Ok(review.state.into())
}
