//! `countersign policy list`: the policies at a glance, for people or for machines.

use analyzers::policy::{Confidence, Enforcement, Policy, Severity};
use analyzers::text::Text;
use clap::{Args, ValueEnum};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};
use grammars::Language;
use serde::Serialize;

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::options::{PolicyOptions, one_of};
use crate::output;

const EXAMPLES: &str = "\
Examples:
  countersign policy list --language cobol
  countersign policy list --severity blocker --lang zh
  countersign policy list --format json | jq -r '.[].code'";

/// List the policies
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ListCommand {
    /// Only policies that read this language
    #[arg(long, value_name = "LANGUAGE", value_parser = one_of::<Language>(Language::all()))]
    language: Option<Language>,
    /// Only policies of this severity
    #[arg(long, value_name = "SEVERITY", value_parser = one_of::<Severity>(Severity::ALL))]
    severity: Option<Severity>,
    /// Form of the list
    #[arg(short, long, value_enum, default_value_t = TableFormat::Text)]
    format: TableFormat,
    #[command(flatten)]
    policies: PolicyOptions,
}

/// The form of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// A table for people
    Text,
    /// JSON for machines
    Json,
}

#[derive(Serialize)]
struct Entry<'p> {
    code: &'p str,
    id: &'p str,
    title: &'p Text,
    severity: Severity,
    enforcement: Enforcement,
    confidence: Confidence,
    languages: &'p [Language],
    cwe: &'p [u32],
    file: &'p str,
}

/// Prints the list.
pub(crate) fn run(command: &ListCommand, desk: &Desk) -> Result<Exit, Failure> {
    let set = command.policies.read()?;
    let policies: Vec<&Policy> = set
        .all()
        .iter()
        .map(AsRef::as_ref)
        .filter(|policy| command.language.is_none_or(|language| policy.languages.contains(&language)))
        .filter(|policy| command.severity.is_none_or(|severity| policy.severity == severity))
        .collect();
    let text = match command.format {
        TableFormat::Text => as_table(&policies, desk),
        TableFormat::Json => output::json(&policies.iter().map(|policy| entry(policy)).collect::<Vec<_>>())?,
    };
    output::print(text.as_bytes())?;
    Ok(Exit::Passed)
}

fn as_table(policies: &[&Policy], desk: &Desk) -> String {
    let mut rows = table(["CODE", "SEVERITY", "POLICY", "TITLE"]);
    for policy in policies {
        let severity = match policy.enforcement {
            Enforcement::Block => policy.severity.to_string(),
            Enforcement::Warn => format!("{}, warns", policy.severity),
            Enforcement::Earned => format!("{}, warns until earned", policy.severity),
            Enforcement::Off => "off".to_owned(),
        };
        rows.add_row([&policy.code, &severity, &policy.id, policy.title.get(desk.locale)]);
    }
    lines(rows)
}

/// A table with this head (none where it is empty); only the last column is wrapped, at the terminal's edge.
pub(super) fn table<const N: usize>(head: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if N > 0 {
        table.set_header(head);
    }
    if let Some(columns) = output::columns() {
        let width = u16::try_from(columns).unwrap_or(u16::MAX);
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    }
    table
}

/// The lines of a table.
pub(super) fn lines(mut table: Table) -> String {
    let last = table.column_count().saturating_sub(1);
    for column in table.column_iter_mut().take(last) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    format!("{}\n", table.trim_fmt())
}

fn entry(policy: &Policy) -> Entry<'_> {
    Entry {
        code: &policy.code,
        id: &policy.id,
        title: &policy.title,
        severity: policy.severity,
        enforcement: policy.enforcement,
        confidence: policy.confidence,
        languages: &policy.languages,
        cwe: &policy.cwe,
        file: &policy.file,
    }
}
