//! `countersign gate`: the step of a pipeline that lets a change pass or not.

use analyzers::report::Detail;
use clap::Args;

use crate::change::Occasion;
use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::review::{self, ReviewCommand};

const EXAMPLES: &str = "\
The gate is bound to commits: its head is HEAD, whatever lies uncommitted in the work tree. In merge request pipelines \
of GitLab, GitHub, Gitea and Jenkins the base is taken from the environment. What could not be reviewed keeps the gate \
shut (exit code 3), and so does an empty diff from --diff.

Examples:
  countersign gate
  countersign gate --fail-on blocker
  countersign gate --format codequality --output quality.json
  countersign gate --base origin/main --require-model
  countersign gate --server https://countersign.bank.example --server-token-file /run/secrets/countersign";

/// Let a change pass or not: the step of a pipeline
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct GateCommand {
    #[command(flatten)]
    review: ReviewCommand,
}

/// Reviews, and says in short what stands in the way.
pub(crate) fn run(command: &GateCommand, desk: &Desk) -> Result<Exit, Failure> {
    review::run_for(&command.review, Occasion::Gate, Detail::Brief, desk)
}
