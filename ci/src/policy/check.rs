//! `countersign policy check`: every mistake of policy files, with file, line, field and remedy.

use std::path::PathBuf;

use analyzers::policy::PolicyError;
use analyzers::policy::example::{ExampleOutcome, ExampleResult};
use clap::Args;

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::policy::pack::{Pack, counted};

const EXAMPLES: &str = "\
Examples:
  countersign policy check policies/
  countersign policy check policies/money/binary-floating-point.yaml";

/// Check format, patterns and examples of policies; end in exit code 2 where something is wrong
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckCommand {
    /// Folders of policies, or single policies [default: the built-in pack]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Do not let the policies build on the built-in pack
    #[arg(long)]
    no_builtin: bool,
}

/// Checks, and lists what is wrong.
pub(crate) fn run(command: &CheckCommand, _desk: &Desk) -> Result<Exit, Failure> {
    let pack = Pack::read(&command.paths, !command.no_builtin)?;
    let mut mistakes = pack.compile_errors();
    if mistakes.is_empty() {
        mistakes.extend(pack.examples().iter().filter_map(mistake));
    }
    if !mistakes.is_empty() {
        return Err(mistakes.into());
    }
    output::print(format!("in order: {}\n", counted(pack.policies().len())).as_bytes())?;
    Ok(Exit::Passed)
}

fn mistake(outcome: &ExampleOutcome) -> Option<PolicyError> {
    let (problem, remedy) = match outcome.result {
        ExampleResult::Reported | ExampleResult::Quiet => return None,
        ExampleResult::Missing => {
            ("this breach is not reported", "Widen the check, or remove the marker above it.")
        }
        ExampleResult::Noisy => {
            ("this is reported and no breach", "Narrow the check, or mark the line above with `breach:`.")
        }
    };
    Some(PolicyError {
        file: outcome.file.clone(),
        line: Some(outcome.line.into()),
        field: outcome.policy.clone(),
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    })
}
