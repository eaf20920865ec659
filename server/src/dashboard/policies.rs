//! `/policies`: what the bank demands, and one page for each policy with the examples that prove it.

use std::collections::BTreeMap;

use analyzers::policy::{CheckKind, Confidence, Enforcement, Policy, Severity};
use analyzers::report::visible;
use analyzers::text::Text;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::change::code;
use super::page::{self, Page, Reader, Section};
use super::prose::Prose;
use crate::api::Service;
use crate::api::policies::Example;

#[derive(Template)]
#[template(path = "policies.html")]
struct PoliciesPage {
    page: Page,
    count: usize,
    domains: Vec<(String, Vec<PolicyRow>)>,
}

struct PolicyRow {
    id: String,
    code: String,
    title: String,
    severity: Severity,
    enforcement: Enforcement,
    languages: String,
}

#[derive(Template)]
#[template(path = "policy.html")]
struct PolicyPage {
    page: Page,
    id: String,
    code: String,
    title: String,
    severity: Severity,
    enforcement: Enforcement,
    confidence: Confidence,
    languages: String,
    texts: Vec<(&'static str, Prose)>,
    questions: Vec<Prose>,
    clauses: Vec<Clause>,
    cwe: Vec<u32>,
    examples: Vec<ExampleView>,
}

struct Clause {
    name: String,
    is_verified: bool,
    note: String,
}

struct ExampleView {
    file: String,
    lines: Vec<(usize, ExampleLine, String)>,
}

/// What a line of an example is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ExampleLine {
    Plain,
    Breach,
    NearMiss,
}

impl ExampleLine {
    fn class(&self) -> &'static str {
        match self {
            Self::Plain => "line",
            Self::Breach => "line breach",
            Self::NearMiss => "line near-miss",
        }
    }
}

/// `GET /policies`
pub(super) async fn list(State(service): State<Service>, reader: Reader) -> Response {
    let mut domains: BTreeMap<String, Vec<PolicyRow>> = BTreeMap::new();
    for policy in service.policies.set.all() {
        let domain = policy.id.split('/').next().unwrap_or_default();
        domains.entry(domain.to_owned()).or_default().push(PolicyRow {
            id: policy.id.clone(),
            code: policy.code.clone(),
            title: said(&policy.title, &reader),
            severity: policy.severity,
            enforcement: policy.enforcement,
            languages: languages(policy),
        });
    }
    for policies in domains.values_mut() {
        policies.sort_by(|a, b| (a.severity, &a.code).cmp(&(b.severity, &b.code)));
    }
    page::shown(&PoliciesPage {
        page: reader.page(Section::Policies, reader.words.policies),
        count: service.policies.set.all().len(),
        domains: domains.into_iter().collect(),
    })
}

/// `GET /policies/{domain}/{name}`
pub(super) async fn show(
    State(service): State<Service>,
    reader: Reader,
    Path((domain, name)): Path<(String, String)>,
) -> Response {
    let Some(policy) = service.policies.find(&format!("{domain}/{name}")) else {
        return page::not_found(&reader);
    };
    let examples = service.policies.examples(&policy.id);
    let title = said(&policy.title, &reader);
    page::shown(&PolicyPage {
        page: reader.page(Section::Policies, format!("{} {title}", policy.code)),
        id: policy.id.clone(),
        code: policy.code.clone(),
        title,
        severity: policy.severity,
        enforcement: policy.enforcement,
        confidence: policy.confidence,
        languages: languages(policy),
        texts: texts(policy, &reader),
        questions: questions(policy, &reader),
        clauses: clauses(policy),
        cwe: policy.cwe.clone(),
        examples: examples.iter().map(|example| example_view(example, &policy.id)).collect(),
    })
}

fn said(text: &Text, reader: &Reader) -> String {
    visible::lines(text.get(reader.words.locale()).trim()).into_owned()
}

fn languages(policy: &Policy) -> String {
    let names: Vec<&str> = policy.languages.iter().map(|language| language.name()).collect();
    names.join(", ")
}

fn texts(policy: &Policy, reader: &Reader) -> Vec<(&'static str, Prose)> {
    let words = reader.words;
    let texts = [
        (words.objective, Some(&policy.objective)),
        (words.why, Some(&policy.rationale)),
        (words.success, Some(&policy.success_criteria)),
        (words.failure, Some(&policy.failure_criteria)),
        (words.remedy, Some(&policy.remedy)),
        (words.exceptions, policy.exceptions.as_ref()),
    ];
    let texts = texts.into_iter().filter_map(|(label, text)| Some((label, Prose::of(text?, words))));
    texts.filter(|(_, text)| !text.is_empty()).collect()
}

fn questions(policy: &Policy, reader: &Reader) -> Vec<Prose> {
    let asked = policy.checks.iter().filter_map(|check| match &check.kind {
        CheckKind::Question(question) => Some(Prose::of(&question.ask, reader.words)),
        CheckKind::Pattern(_) | CheckKind::Text(_) | CheckKind::Flow(_) => None,
    });
    asked.collect()
}

fn clauses(policy: &Policy) -> Vec<Clause> {
    let seen = |text: &str| visible::line(text).into_owned();
    let clause = |reference: &analyzers::policy::Reference| Clause {
        name: seen(&format!("{} {}", reference.standard, reference.clause)),
        is_verified: reference.verified,
        note: seen(reference.note.as_deref().unwrap_or_default()),
    };
    policy.references.iter().map(clause).collect()
}

/// The file with the lines below its markers marked.
fn example_view(example: &Example, policy: &str) -> ExampleView {
    let mut next = ExampleLine::Plain;
    let lines = example.text.lines().enumerate().map(|(at, text)| {
        let kind = std::mem::replace(&mut next, marker(text, policy));
        (at + 1, kind, code(text))
    });
    ExampleView { file: example.file.clone(), lines: lines.collect() }
}

/// What the line below this one is. A breach names its policy; a near miss says what it is instead.
fn marker(text: &str, policy: &str) -> ExampleLine {
    let is_breach = text.split_once("breach:").is_some_and(|(_, rest)| rest.trim_start().starts_with(policy));
    match (is_breach, text.contains("near-miss:")) {
        (true, _) => ExampleLine::Breach,
        (false, true) => ExampleLine::NearMiss,
        (false, false) => ExampleLine::Plain,
    }
}
