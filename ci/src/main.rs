//! The command line `countersign`: arguments in, a report on stdout and an exit code out.
//!
//! This file is the table of contents; each command is one module.

mod change;
mod completions;
mod desk;
mod exit;
mod gate;
mod options;
mod output;
mod pipeline;
mod policy;
mod progress;
mod remote;
mod review;
mod scan;
mod tree;
mod version;

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

use crate::desk::{Desk, DeskOptions};
use crate::exit::{Exit, Failure};

const EXAMPLES: &str = "\
Examples:
  countersign review                          what this branch changes, with uncommitted work
  countersign review --staged                 what the next commit would change
  git diff main... | countersign review --diff -
  countersign scan src --format sarif --output findings.sarif
  countersign gate --fail-on blocker          the step of a pipeline
  countersign policy show CB-MONEY-001

Exit codes:
  0  passed
  1  findings at or above the threshold
  2  wrong use, or input that cannot be read
  3  something could not be reviewed, so nobody can tell";

/// Reviews changes of a bank's code against its coding and compliance policies, by proof.
#[derive(Parser)]
#[command(name = "countersign", version, after_help = EXAMPLES, arg_required_else_help = true)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    desk: DeskOptions,
}

#[derive(Subcommand)]
enum Command {
    Review(review::ReviewCommand),
    Scan(scan::ScanCommand),
    Gate(gate::GateCommand),
    #[command(subcommand)]
    Policy(policy::PolicyCommand),
    Completions(completions::CompletionsCommand),
}

fn main() -> ExitCode {
    exit::on_signals();
    exit::on_panics();
    let line = match CommandLine::try_parse() {
        Ok(line) => line,
        Err(error) if error.kind() == ErrorKind::DisplayVersion => return end(version::run()),
        Err(error) => error.exit(),
    };
    end(panic::catch_unwind(AssertUnwindSafe(|| run(line))).unwrap_or(Ok(Exit::NotReviewed)))
}

fn run(line: CommandLine) -> Result<Exit, Failure> {
    let desk = Desk::new(&line.desk)?;
    match line.command {
        Command::Review(command) => review::run(&command, &desk),
        Command::Scan(command) => scan::run(&command, &desk),
        Command::Gate(command) => gate::run(&command, &desk),
        Command::Policy(command) => policy::run(&command, &desk),
        Command::Completions(command) => completions::run(&command, &mut CommandLine::command()),
    }
}

fn end(result: Result<Exit, Failure>) -> ExitCode {
    let exit = result.unwrap_or_else(|failure| {
        failure.tell();
        failure.exit()
    });
    exit.into()
}
