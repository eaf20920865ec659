//! Reads policy files: YAML text in, policies out, or every mistake in it with file, line, field and remedy.
//!
//! The only place in this module tree that touches the disk is [`read_directory`].

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use grammars::Language;
use serde_json::Value;
use serde_saphyr::Spanned;

use crate::policy::document::{ByLanguage, CheckDocument, PolicyDocument, TextRuleDocument};
use crate::policy::flow::{AllModels, FlowDocument, FlowRules};
use crate::policy::paths::PathReader;
use crate::policy::shared::NamedPaths;
use crate::policy::{Check, CheckKind, PathScope, Policy, PolicyError, Question, RuleSource};

/// A policy file, or a file beside it, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// Path below the policies' folder, with `/`: `money/binary-floating-point.yaml`.
    pub path: String,
    /// How error messages name it.
    pub shown_as: String,
    /// Its text.
    pub text: String,
    /// The same as JSON, where the pack's build converted it. Places in it are not known.
    pub(crate) json: Option<&'static str>,
}

impl PolicyFile {
    /// A file of this path below the policies' folder, name for people, and text.
    pub fn new(path: String, shown_as: String, text: String) -> Self {
        Self { path, shown_as, text, json: None }
    }
}

/// Every file of a folder of policies, sorted by path.
///
/// # Errors
/// Names the folder or file that cannot be read.
pub fn read_directory(folder: &Path) -> Result<Vec<PolicyFile>, PolicyError> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(current) = pending.pop() {
        let entries = std::fs::read_dir(&current).map_err(|error| unreadable(&current, &error))?;
        for entry in entries {
            let path = entry.map_err(|error| unreadable(&current, &error))?.path();
            if path.is_dir() {
                pending.push(path);
            } else {
                files.push(read_file(folder, &path)?);
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn read_file(folder: &Path, path: &Path) -> Result<PolicyFile, PolicyError> {
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(PolicyFile::new(parts.join("/"), path.display().to_string(), text))
}

fn unreadable(path: &Path, error: &std::io::Error) -> PolicyError {
    PolicyError {
        file: path.display().to_string(),
        line: None,
        field: String::new(),
        problem: format!("cannot be read: {error}"),
        remedy: "Name a folder of policy files that you may read.".to_owned(),
    }
}

/// Reads one policy file.
pub(crate) fn parse(
    file: &PolicyFile,
    named_paths: &NamedPaths,
    models: &AllModels,
    paths: &mut PathReader,
) -> Result<Policy, Vec<PolicyError>> {
    let document: PolicyDocument = parse_yaml(file).map_err(|error| vec![error])?;
    let named = |globs: &[String]| -> Vec<String> {
        let set = |glob: &String| named_paths.get(glob).cloned().unwrap_or_else(|| vec![glob.clone()]);
        globs.iter().flat_map(set).collect()
    };
    let scope = paths.scope(named(&document.paths.include), named(&document.paths.exclude));
    let reader = Reader { file, id: document.id.clone(), models };
    reader.policy(document, scope)
}

/// Reads YAML into a document type, with people's words for what is wrong.
pub(crate) fn parse_yaml<T: serde::de::DeserializeOwned>(file: &PolicyFile) -> Result<T, PolicyError> {
    if let Some(read) = file.json.and_then(|json| serde_json::from_str(json).ok()) {
        return Ok(read);
    }
    ast_grep_config::from_str(&file.text).map_err(|error| {
        let problem = error.without_snippet().to_string();
        PolicyError {
            file: file.shown_as.clone(),
            line: error.location().map(|location| location.line()).filter(|&line| line > 0),
            field: String::new(),
            remedy: remedy(&problem),
            problem,
        }
    })
}

fn remedy(problem: &str) -> String {
    let remedy = if problem.contains("unknown field") {
        "Remove the key or mend its spelling; `countersign policy schema` prints every key."
    } else if problem.contains("missing field") {
        "Add the field; `countersign policy schema` says what it holds."
    } else {
        "Compare with `countersign policy schema` or a built-in policy (`countersign policy show ID`)."
    };
    remedy.to_owned()
}

/// Turns one document into a policy and gathers what is wrong with it.
struct Reader<'a> {
    file: &'a PolicyFile,
    id: String,
    models: &'a AllModels,
}

impl Reader<'_> {
    fn policy(
        &self,
        document: PolicyDocument,
        scope: Result<PathScope, globset::Error>,
    ) -> Result<Policy, Vec<PolicyError>> {
        let mut errors = Vec::new();
        errors.extend(self.check_id());
        let languages = self.languages(&document.languages).unwrap_or_else(|error| {
            errors.push(error);
            Vec::new()
        });
        let paths = scope
            .map_err(|error| {
                errors.push(self.error("paths", error.to_string(), "Write a glob such as `**/ledger/**`."));
            })
            .unwrap_or_default();
        let mut checks = Vec::new();
        for (index, check) in document.checks.into_iter().enumerate() {
            match self.check(index, check, &languages) {
                Ok(check) => checks.push(check),
                Err(error) => errors.push(error),
            }
        }
        if checks.is_empty() && errors.is_empty() {
            errors.push(self.error(
                "checks",
                "the list is empty".into(),
                "Add a `pattern`, `text`, `flow` or `question` check.",
            ));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Policy {
            id: document.id,
            code: document.code,
            title: document.title,
            severity: document.severity,
            enforcement: document.enforcement,
            has_earned_block: false,
            confidence: document.confidence,
            languages,
            cwe: document.cwe,
            references: document.references,
            objective: document.objective,
            rationale: document.rationale,
            success_criteria: document.success_criteria,
            failure_criteria: document.failure_criteria,
            remedy: document.remedy,
            exceptions: document.exceptions,
            supersedes: document.supersedes,
            paths,
            checks,
            file: self.file.shown_as.clone(),
        })
    }

    fn check_id(&self) -> Option<PolicyError> {
        let is_name = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        let well_formed =
            self.id.split_once('/').is_some_and(|(domain, name)| is_name(domain) && is_name(name));
        if !well_formed {
            let remedy =
                "Write `domain/name` in small letters, digits and dashes, such as `money/rounding-mode`.";
            return Some(self.error("id", format!("`{}` is not a policy id", self.id), remedy));
        }
        let expected = format!("{}.yaml", self.id);
        (self.file.path != expected && !self.file.path.ends_with(&format!("/{expected}"))).then(|| {
            self.error(
                "id",
                format!("the file is not `{expected}`"),
                "Rename the file or the id, so that they agree.",
            )
        })
    }

    fn languages(&self, names: &[String]) -> Result<Vec<Language>, PolicyError> {
        let mut languages = Vec::new();
        for name in names {
            let remedy = "Name languages that `countersign policy schema` lists.";
            languages.extend(expand(name).map_err(|problem| self.error("languages", problem, remedy))?);
        }
        Ok(languages)
    }

    fn check(
        &self,
        index: usize,
        check: Spanned<CheckDocument>,
        languages: &[Language],
    ) -> Result<Check, PolicyError> {
        let line = check.referenced.line();
        let check = check.value;
        let field = |name: &str| format!("checks[{index}]{name}");
        let kind = match (check.pattern, check.text, check.flow, check.question) {
            (Some(pattern), None, None, None) => {
                CheckKind::Pattern(self.rules(pattern, &field(".pattern"), languages)?)
            }
            (None, Some(text), None, None) => {
                CheckKind::Text(self.text_rules(text, &field(".text"), languages)?)
            }
            (None, None, Some(flow), None) => {
                CheckKind::Flow(self.flow_rules(flow, &field(".flow"), languages)?)
            }
            (None, None, None, Some(question)) => CheckKind::Question(Question {
                when: self.rules(question.when, &field(".question.when"), languages)?,
                ask: question.ask,
                evidence: question.evidence,
            }),
            _ => {
                let problem = "a check is exactly one of `pattern`, `text`, `flow` and `question`".to_owned();
                return Err(self.error_at(&field(""), line, problem, "Split it into several checks."));
            }
        };
        let mut fix = BTreeMap::new();
        for (names, template) in check.fix {
            for language in self.key(&names, &field(".fix"), line, languages)? {
                fix.insert(language, template.clone());
            }
        }
        Ok(Check { kind, message: check.message, report: check.report, cause: check.cause, fix, index })
    }

    fn rules(
        &self,
        rules: ByLanguage,
        field: &str,
        languages: &[Language],
    ) -> Result<BTreeMap<Language, Arc<RuleSource>>, PolicyError> {
        let mut by_language = BTreeMap::new();
        for (names, rule) in rules {
            let line = rule.referenced.line();
            let source = Arc::new(split(rule.value, line));
            for language in self.key(&names, field, line, languages)? {
                if language.grammar().is_none() {
                    let problem = format!("{language} has no grammar");
                    return Err(self.error_at(field, line, problem, "Use a `text` check for this language."));
                }
                by_language.insert(language, source.clone());
            }
        }
        Ok(by_language)
    }

    fn text_rules(
        &self,
        rules: BTreeMap<String, Spanned<TextRuleDocument>>,
        field: &str,
        languages: &[Language],
    ) -> Result<BTreeMap<Language, TextRuleDocument>, PolicyError> {
        let mut by_language = BTreeMap::new();
        for (names, rule) in rules {
            for language in self.key(&names, field, rule.referenced.line(), languages)? {
                by_language.insert(language, rule.value.clone());
            }
        }
        Ok(by_language)
    }

    fn flow_rules(
        &self,
        rules: BTreeMap<String, Spanned<FlowDocument>>,
        field: &str,
        languages: &[Language],
    ) -> Result<BTreeMap<Language, Arc<FlowRules>>, PolicyError> {
        let mut by_language = BTreeMap::new();
        for (names, rule) in rules {
            let line = rule.referenced.line();
            for language in self.key(&names, field, line, languages)? {
                if !language.has_flow() {
                    let problem = format!("data flow of {language} is not known");
                    return Err(self.error_at(
                        field,
                        line,
                        problem,
                        "Use a `pattern` or `text` check for this language.",
                    ));
                }
                let models = self.models.get(&crate::flow::model_language(language));
                let remedy = "Compare with `countersign policy schema` and the files in `policies/models`.";
                let read = FlowRules::read(&rule.value, models, line)
                    .map_err(|problem| self.error_at(field, line, problem, remedy))?;
                by_language.insert(language, Arc::new(read));
            }
        }
        Ok(by_language)
    }

    /// The languages of a key such as `javascript, typescript`.
    fn key(
        &self,
        names: &str,
        field: &str,
        line: u64,
        of: &[Language],
    ) -> Result<Vec<Language>, PolicyError> {
        let mut languages = Vec::new();
        for name in names.split(',') {
            let remedy = "Write the names of languages, separated by commas.";
            let expanded =
                expand(name.trim()).map_err(|problem| self.error_at(field, line, problem, remedy))?;
            languages.extend(expanded);
        }
        match languages.iter().find(|language| !of.contains(language)) {
            Some(stranger) => {
                let problem = format!("`{stranger}` is not among the policy's languages");
                Err(self.error_at(field, line, problem, "Add it to `languages`."))
            }
            None => Ok(languages),
        }
    }

    fn error(&self, field: &str, problem: String, remedy: &str) -> PolicyError {
        let line = line_of_key(&self.file.text, field);
        PolicyError {
            file: self.file.shown_as.clone(),
            line,
            field: field.to_owned(),
            problem,
            remedy: remedy.to_owned(),
        }
    }

    fn error_at(&self, field: &str, line: u64, problem: String, remedy: &str) -> PolicyError {
        PolicyError { line: Some(line), ..self.error(field, problem, remedy) }
    }
}

/// The languages a name in a policy stands for: TypeScript is written in `.tsx` files too.
fn expand(name: &str) -> Result<Vec<Language>, String> {
    let language = Language::from_str(name)?;
    Ok(if language == Language::TypeScript { vec![language, Language::Tsx] } else { vec![language] })
}

/// Parts a rule into ast-grep's keys and ours.
pub(crate) fn split(rule: Value, line: u64) -> RuleSource {
    let mut own = match rule {
        Value::Object(map) => map,
        pattern => serde_json::Map::from_iter([("pattern".to_owned(), pattern)]),
    };
    let mut extras = serde_json::Map::new();
    for key in ["constraints", "utils", "transform", "where"] {
        if let Some(value) = own.remove(key) {
            extras.insert(key.to_owned(), value);
        }
    }
    RuleSource { rule: Value::Object(own), extras: Value::Object(extras), line }
}

/// The line on which a top-level key stands.
fn line_of_key(text: &str, field: &str) -> Option<u64> {
    let key = format!("{field}:");
    text.lines().position(|line| line.starts_with(&key)).map(|index| index as u64 + 1)
}
