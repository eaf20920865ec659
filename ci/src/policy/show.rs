//! `countersign policy show`: one policy as a person reads it, with examples that prove it.

use std::collections::BTreeMap;

use analyzers::policy::example::{self, ExampleOutcome, ExampleResult};
use analyzers::policy::{
    Check, CheckKind, Enforcement, Policy, PolicyFile, Severity, builtin_files, read_directory,
};
use analyzers::text::{Locale, Text};
use anstyle::Style;
use anyhow::anyhow;
use clap::Args;
use grammars::Language;

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::options::PolicyOptions;
use crate::output;
use crate::policy::list::{lines, table};

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
    let examples = Examples::of(policy, example::run(set, files.iter()), &files);
    output::print(page(policy, &examples, desk.locale).as_bytes())?;
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

fn page(policy: &Policy, examples: &Examples, locale: Locale) -> String {
    let authorities: Vec<String> =
        policy.authorities().map(|clause| format!("{} {}", clause.standard, clause.clause)).collect();
    let cwe: Vec<String> = policy.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    let text = |text: &Text| text.get(locale).trim().to_owned();
    let mut rows = table::<0>([]);
    let facts = [
        (locale.pick("policy", "规范"), format!("{} ({})", policy.id, policy.file)),
        (locale.pick("severity", "级别"), severity(policy, locale)),
        (locale.pick("demands", "要求"), text(&policy.objective)),
        (locale.pick("why", "原因"), text(&policy.rationale)),
        (locale.pick("good", "合规"), text(&policy.success_criteria)),
        (locale.pick("breach", "违规"), text(&policy.failure_criteria)),
        (locale.pick("fix", "改法"), text(&policy.remedy)),
        (locale.pick("exceptions", "例外"), policy.exceptions.as_ref().map(text).unwrap_or_default()),
        (locale.pick("authority", "依据"), authorities.join("\n")),
        (locale.pick("weakness", "缺陷类型"), cwe.join(", ")),
        (locale.pick("checked by", "检查方式"), checks(policy, locale)),
        (locale.pick("asks", "提问"), questions(policy, locale)),
        (locale.pick("reports", "报告示例"), examples.breaches.join("\n")),
        (locale.pick("lets pass", "放行示例"), examples.near_misses.join("\n")),
    ];
    for (label, body) in facts.iter().filter(|(_, body)| !body.is_empty()) {
        rows.add_row([*label, body]);
    }
    let bold = if output::is_coloured() { Style::new().bold() } else { Style::new() };
    format!("{bold}{} {}{bold:#}\n\n{}", policy.code, policy.title.get(locale), lines(rows))
}

fn severity(policy: &Policy, locale: Locale) -> String {
    let name = match policy.severity {
        Severity::Blocker => locale.pick("blocker", "阻断"),
        Severity::Major => locale.pick("major", "严重"),
        Severity::Minor => locale.pick("minor", "一般"),
        Severity::Info => locale.pick("info", "提示"),
    };
    let effect = match policy.enforcement {
        Enforcement::Block => locale.pick(", blocks a merge", "，阻止合并"),
        Enforcement::Warn => locale.pick(", warns", "，仅警告"),
        Enforcement::Earned => {
            locale.pick(", warns until the model has earned that it blocks", "，模型达标前仅警告")
        }
        Enforcement::Off => locale.pick(", off", "，停用"),
    };
    format!("{name}{effect}")
}

/// Each language with the number of checks of each kind.
fn checks(policy: &Policy, locale: Locale) -> String {
    let line = |language: &Language| {
        let kinds: Vec<String> = KINDS
            .into_iter()
            .map(|kind| {
                (kind, policy.checks.iter().filter(|check| reads(check, *language) == Some(kind)).count())
            })
            .filter(|(_, count)| *count > 0)
            .map(|(kind, count)| kind.counted(count, locale))
            .collect();
        let inside = locale.pick("through code of other languages in it", "检查其中嵌入的其他语言代码");
        let kinds = if kinds.is_empty() { inside.to_owned() } else { kinds.join(locale.pick(", ", "，")) };
        format!("{language}: {kinds}")
    };
    policy.languages.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// How a check reads code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pattern,
    Text,
    Flow,
    Question,
}

const KINDS: [Kind; 4] = [Kind::Pattern, Kind::Text, Kind::Flow, Kind::Question];

impl Kind {
    fn counted(self, count: usize, locale: Locale) -> String {
        let (one, many, zh) = match self {
            Self::Pattern => ("pattern", "patterns", "个代码模式"),
            Self::Text => ("text rule", "text rules", "个文本规则"),
            Self::Flow => ("data flow", "data flows", "个数据流检查"),
            Self::Question => ("question for the model", "questions for the model", "个向模型提出的问题"),
        };
        format!("{count} {}", locale.pick(if count == 1 { one } else { many }, zh))
    }
}

/// How a check reads a language, where it does.
fn reads(check: &Check, language: Language) -> Option<Kind> {
    let (kind, is_read) = match &check.kind {
        CheckKind::Pattern(rules) => (Kind::Pattern, rules.contains_key(&language)),
        CheckKind::Text(rules) => (Kind::Text, rules.contains_key(&language)),
        CheckKind::Flow(rules) => (Kind::Flow, rules.contains_key(&language)),
        CheckKind::Question(question) => (Kind::Question, question.when.contains_key(&language)),
    };
    is_read.then_some(kind)
}

fn questions(policy: &Policy, locale: Locale) -> String {
    let ask = |check: &Check| match &check.kind {
        CheckKind::Question(question) => Some(question.ask.get(locale).trim().to_owned()),
        CheckKind::Pattern(_) | CheckKind::Text(_) | CheckKind::Flow(_) => None,
    };
    policy.checks.iter().filter_map(ask).collect::<Vec<_>>().join("\n")
}
