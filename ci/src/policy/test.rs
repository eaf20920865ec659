//! `countersign policy test`: proves policies by their examples.

use std::collections::BTreeMap;
use std::path::PathBuf;

use analyzers::policy::example::{ExampleOutcome, ExampleResult};
use clap::Args;
use comfy_table::Table;
use serde::Serialize;

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::output;
use crate::policy::list::{TableFormat, lines, table};
use crate::policy::pack::{Pack, counted};

const EXAMPLES: &str = "\
An example is code beside its policy, marked on the line above: `breach: <id>` must be reported, `near-miss: why` \
must not. Missing is a breach that was not reported, noisy is something reported that is no breach.

Examples:
  countersign policy test
  countersign policy test policies/
  countersign policy test policies/money/binary-floating-point.yaml";

/// Prove policies by their examples; end in exit code 1 where one is missing or noisy
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct TestCommand {
    /// Folders of policies, or single policies [default: the built-in pack]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Do not let the policies build on the built-in pack
    #[arg(long)]
    no_builtin: bool,
    /// Form of the outcome
    #[arg(short, long, value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
}

/// How often each outcome came of one policy's examples.
#[derive(Default, Serialize)]
struct Tally {
    policy: String,
    reported: usize,
    quiet: usize,
    missing: usize,
    noisy: usize,
    failures: Vec<Wrong>,
}

/// An example that does not prove its policy.
#[derive(Serialize)]
struct Wrong {
    file: String,
    line: u32,
    result: &'static str,
}

impl Tally {
    fn add(&mut self, outcome: ExampleOutcome) {
        let (count, name) = match outcome.result {
            ExampleResult::Reported => (&mut self.reported, "reported"),
            ExampleResult::Quiet => (&mut self.quiet, "quiet"),
            ExampleResult::Missing => (&mut self.missing, "missing"),
            ExampleResult::Noisy => (&mut self.noisy, "noisy"),
        };
        *count += 1;
        if !outcome.result.is_right() {
            self.failures.push(Wrong { file: outcome.file, line: outcome.line, result: name });
        }
    }

    fn counts(&self) -> [usize; 4] {
        [self.reported, self.quiet, self.missing, self.noisy]
    }
}

/// Runs the examples and says what became of them.
pub(crate) fn run(command: &TestCommand, _desk: &Desk) -> Result<Exit, Failure> {
    let pack = Pack::read(&command.paths, !command.no_builtin)?;
    let broken = pack.compile_errors();
    if !broken.is_empty() {
        return Err(broken.into());
    }
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for id in pack.policies() {
        tallies.insert(id.to_owned(), Tally { policy: id.to_owned(), ..Tally::default() });
    }
    for outcome in pack.examples() {
        tallies.entry(outcome.policy.clone()).or_default().add(outcome);
    }
    let tallies: Vec<Tally> = tallies.into_values().collect();
    let text = match command.format {
        TableFormat::Text => as_text(&tallies),
        TableFormat::Json => output::json(&tallies)?,
    };
    output::print(text.as_bytes())?;
    let is_proved = tallies.iter().all(|tally| tally.failures.is_empty());
    Ok(if is_proved { Exit::Passed } else { Exit::Findings })
}

fn as_text(tallies: &[Tally]) -> String {
    let mut rows: Table = table(["POLICY", "REPORTED", "QUIET", "MISSING", "NOISY"]);
    for tally in tallies {
        let mut row = vec![tally.policy.clone()];
        row.extend(tally.counts().map(|count| count.to_string()));
        rows.add_row(row);
    }
    let mut text = format!("{}\n", lines(rows));
    for wrong in tallies.iter().flat_map(|tally| &tally.failures) {
        text.push_str(&format!("{}:{}: {}\n", wrong.file, wrong.line, wrong.result));
    }
    let total = |at: usize| tallies.iter().map(|tally| tally.counts()[at]).sum::<usize>();
    text.push_str(&format!(
        "{}: {} reported, {} quiet, {} missing, {} noisy\n",
        counted(tallies.len()),
        total(0),
        total(1),
        total(2),
        total(3)
    ));
    let unproved: Vec<&str> = tallies
        .iter()
        .filter(|tally| tally.counts().iter().sum::<usize>() == 0)
        .map(|tally| tally.policy.as_str())
        .collect();
    if !unproved.is_empty() {
        text.push_str(&format!("without examples: {}\n", unproved.join(", ")));
    }
    text
}
