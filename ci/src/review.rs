//! `countersign review`: one change, at a developer's desk.

use analyzers::report::Detail;
use analyzers::review::{Request, Review};
use clap::Args;

use crate::change::{ChangeOptions, Occasion};
use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::options::{PolicyOptions, ReportOptions};
use crate::output::{Output, in_short};
use crate::progress::Progress;
use crate::remote::{Server, ServerOptions, Terms};

const EXAMPLES: &str = "\
Without flags the change is everything that this branch brings, with uncommitted work and new files.

Examples:
  countersign review
  countersign review --base origin/release-7 --head feature
  countersign review --staged --quiet                 in a pre-commit hook
  git diff main... | countersign review --diff -
  countersign review --format sarif --output findings.sarif
  countersign review --server https://countersign.bank.example --server-token-file ~/.countersign-token";

/// Review one change: of a branch, of uncommitted work, or of a diff
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ReviewCommand {
    #[command(flatten)]
    pub(crate) change: ChangeOptions,
    #[command(flatten)]
    pub(crate) policies: PolicyOptions,
    #[command(flatten)]
    pub(crate) report: ReportOptions,
    #[command(flatten)]
    pub(crate) server: ServerOptions,
}

/// Reviews and reports.
pub(crate) fn run(command: &ReviewCommand, desk: &Desk) -> Result<Exit, Failure> {
    run_for(command, Occasion::Desk, Detail::Full, desk)
}

/// Reviews for an occasion, here or on a server, and reports.
pub(crate) fn run_for(
    command: &ReviewCommand,
    occasion: Occasion,
    detail: Detail,
    desk: &Desk,
) -> Result<Exit, Failure> {
    let output = Output::open(command.report.output.as_deref())?;
    match command.server.open()? {
        Some(server) => ask(command, &server, &output, (occasion, detail), desk),
        None => {
            let review = conduct(command, occasion, desk)?;
            output.deliver(&review, command.report.format, detail, desk)?;
            Ok(review.state.into())
        }
    }
}

fn ask(
    command: &ReviewCommand,
    server: &Server,
    output: &Output,
    (occasion, detail): (Occasion, Detail),
    desk: &Desk,
) -> Result<Exit, Failure> {
    let budget = grammars::ParseBudget::default();
    let change = command.change.open(occasion, budget.max_bytes as u64, desk)?;
    let ReportOptions { format, fail_on, require_model, .. } = command.report;
    let terms = Terms { fail_on, require_model, format, options: output.options(detail, desk) };
    let verdict = server.review(&change, &terms, desk)?;
    let document = &verdict.document;
    let in_short = in_short(document.state, document.findings.len(), document.blocking);
    output.write(verdict.report.as_bytes(), &in_short, desk)?;
    Ok(verdict.exit)
}

/// The whole walk, from flags to a review.
fn conduct(command: &ReviewCommand, occasion: Occasion, desk: &Desk) -> Result<Review, Failure> {
    let policies = command.policies.read()?;
    let budget = grammars::ParseBudget::default();
    let change = command.change.open(occasion, budget.max_bytes as u64, desk)?;
    let progress = Progress::over(change.change_set().files.len(), desk);
    let mut request = Request::new(policies, change.sources());
    request.budget = budget;
    request.fail_on = command.report.fail_on;
    request.observer = &progress;
    let mut review = analyzers::review::review(change.change_set(), change.revisions(), &request);
    command.report.judge(&mut review);
    Ok(review)
}
