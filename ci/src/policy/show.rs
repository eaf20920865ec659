//! `countersign policy show`: one policy as a person reads it, with examples that prove it.

use std::collections::BTreeMap;

use analyzers::policy::example::{self, ExampleOutcome, ExampleResult};
use analyzers::policy::{Check, CheckKind, Enforcement, Policy, PolicyFile, builtin_files, read_directory};
use anstyle::Style;
use anyhow::anyhow;
use clap::Args;
use grammars::Language;

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::options::PolicyOptions;
use crate::output;
use crate::policy::list::table;

const EXAMPLES: &str = "\
Examples:
  countersign policy show money/binary-floating-point
  countersign policy show CB-MONEY-001 --lang zh";

/// Show one policy: what it demands and why, breaches and near misses, how to mend them
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ShowCommand {
    /// Its id or code
    #[arg(value_name = "ID|CODE")]
    name: String,
    #[command(flatten)]
    policies: PolicyOptions,
}

/// Prints the policy.
pub(crate) fn run(command: &ShowCommand, desk: &Desk) -> Result<Exit, Failure> {
    let set = command.policies.read()?;
    let Some(policy) = set.find(&command.name) else {
        let name = &command.name;
        return Err(anyhow!("there is no policy `{name}`; `countersign policy list` names them all").into());
    };
    let mut files: Vec<PolicyFile> = Vec::new();
    if !command.policies.no_builtin {
        files.extend(builtin_files());
    }
    for folder in &command.policies.folders {
        files.extend(read_directory(folder).map_err(|error| vec![error])?);
    }
    let examples = Examples::of(policy, example::run(&set, files.iter()), &files);
    output::print(page(policy, &examples, desk).as_bytes())?;
    Ok(Exit::Passed)
}

/// Lines of code that a policy reports, and lines that it rightly does not.
struct Examples {
    breaches: Vec<String>,
    near_misses: Vec<String>,
}

impl Examples {
    /// The first of each kind in each file.
    fn of(policy: &Policy, outcomes: Vec<ExampleOutcome>, files: &[PolicyFile]) -> Self {
        let mut first: BTreeMap<(bool, String), String> = BTreeMap::new();
        for outcome in outcomes.into_iter().filter(|outcome| outcome.policy == policy.id) {
            let file = files.iter().rfind(|file| file.shown_as == outcome.file);
            let code = file.and_then(|file| file.text.lines().nth(outcome.line.saturating_sub(1) as usize));
            let is_breach = match outcome.result {
                ExampleResult::Reported => true,
                ExampleResult::Quiet => false,
                ExampleResult::Missing | ExampleResult::Noisy => continue,
            };
            let place = format!("{}:{}", outcome.file, outcome.line);
            let shown = format!("{}\n  {place}", code.unwrap_or_default().trim());
            first.entry((is_breach, outcome.file)).or_insert(shown);
        }
        let of_kind = |wanted: bool| {
            let kind = first.iter().filter(|((is_breach, _), _)| *is_breach == wanted);
            kind.map(|(_, shown)| shown.clone()).collect()
        };
        Self { breaches: of_kind(true), near_misses: of_kind(false) }
    }
}

fn page(policy: &Policy, examples: &Examples, desk: &Desk) -> String {
    let locale = desk.locale;
    let authorities: Vec<String> =
        policy.authorities().map(|clause| format!("{} {}", clause.standard, clause.clause)).collect();
    let cwe: Vec<String> = policy.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    let clauses: Vec<String> = authorities.into_iter().chain(cwe).collect();
    let text = |text: &analyzers::text::Text| text.get(locale).trim().to_owned();
    let mut rows = table::<0>([]);
    let facts = [
        (locale.pick("policy", "规范"), format!("{} ({})", policy.id, policy.file)),
        (locale.pick("severity", "级别"), severity(policy)),
        (locale.pick("demands", "要求"), text(&policy.objective)),
        (locale.pick("why", "原因"), text(&policy.rationale)),
        (locale.pick("good", "合规"), text(&policy.success_criteria)),
        (locale.pick("breach", "违规"), text(&policy.failure_criteria)),
        (locale.pick("fix", "改法"), text(&policy.remedy)),
        (locale.pick("exceptions", "例外"), policy.exceptions.as_ref().map(text).unwrap_or_default()),
        (locale.pick("authority", "依据"), clauses.join("\n")),
        (locale.pick("checked by", "检查方式"), checks(policy)),
        (locale.pick("asks", "提问"), questions(policy, desk)),
        (locale.pick("reports", "报告示例"), examples.breaches.join("\n")),
        (locale.pick("lets pass", "放行示例"), examples.near_misses.join("\n")),
    ];
    for (label, body) in facts.iter().filter(|(_, body)| !body.is_empty()) {
        rows.add_row([*label, body]);
    }
    let bold = if output::is_coloured() { Style::new().bold() } else { Style::new() };
    format!("{bold}{} {}{bold:#}\n\n{}\n", policy.code, policy.title.get(locale), rows.trim_fmt())
}

fn severity(policy: &Policy) -> String {
    let effect = match policy.enforcement {
        Enforcement::Block => "blocks a merge",
        Enforcement::Warn => "warns",
        Enforcement::Off => "off",
    };
    format!("{}, {effect}", policy.severity)
}

/// Each language with the number of checks of each kind.
fn checks(policy: &Policy) -> String {
    let line = |language: &Language| {
        let kinds: Vec<String> = ["pattern", "text rule", "question"]
            .into_iter()
            .map(|kind| {
                (kind, policy.checks.iter().filter(|check| reads(check, *language) == Some(kind)).count())
            })
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| format!("{count} {kind}{}", if count == 1 { "" } else { "s" }))
            .collect();
        let kinds = if kinds.is_empty() { "through the code inside it".to_owned() } else { kinds.join(", ") };
        format!("{language}: {kinds}")
    };
    policy.languages.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The kind of a check that reads a language.
fn reads(check: &Check, language: Language) -> Option<&'static str> {
    let (kind, is_read) = match &check.kind {
        CheckKind::Pattern(rules) => ("pattern", rules.contains_key(&language)),
        CheckKind::Text(rules) => ("text rule", rules.contains_key(&language)),
        CheckKind::Question(question) => ("question", question.when.contains_key(&language)),
    };
    is_read.then_some(kind)
}

fn questions(policy: &Policy, desk: &Desk) -> String {
    let ask = |check: &Check| match &check.kind {
        CheckKind::Question(question) => Some(question.ask.get(desk.locale).trim().to_owned()),
        CheckKind::Pattern(_) | CheckKind::Text(_) => None,
    };
    policy.checks.iter().filter_map(ask).collect::<Vec<_>>().join("\n")
}
