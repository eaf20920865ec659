//! `/v1/policies`: what the bank demands, with the examples that prove it.

use std::collections::BTreeMap;
use std::sync::Arc;

use analyzers::policy::{
    CheckKind, Confidence, Enforcement, Policy, PolicyFile, PolicySet, Reference, Severity,
};
use analyzers::text::Text;
use axum::Json;
use axum::extract::State;
use grammars::Language;
use schemars::JsonSchema;
use serde::Serialize;

use crate::api::Service;
use crate::api::extract::{Named, not_found};
use crate::problem::Problem;

/// The policies of the service, with their example files by policy id.
pub(crate) struct PolicyShelf {
    /// The policies.
    pub(crate) set: Arc<PolicySet>,
    examples: BTreeMap<String, Vec<Example>>,
}

/// A file of examples: lines after a comment `breach:` are reported, lines after `near-miss:` are not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Example {
    /// Its name.
    pub(crate) file: String,
    /// Its language.
    pub(crate) language: String,
    /// Its text.
    pub(crate) text: String,
}

impl PolicyShelf {
    /// The policies, and the files that they were read from with what lies beside them.
    pub(crate) fn new(set: Arc<PolicySet>, files: impl IntoIterator<Item = PolicyFile>) -> Self {
        let mut examples: BTreeMap<String, Vec<Example>> = BTreeMap::new();
        for file in files {
            let Some(id) = example_of(&file.path) else { continue };
            let Some(language) = Language::detect(&file.path, file.text.as_bytes()) else { continue };
            examples.entry(id).or_default().push(Example {
                file: file.path.rsplit('/').next().unwrap_or_default().to_owned(),
                language: language.name().to_owned(),
                text: file.text,
            });
        }
        Self { set, examples }
    }

    /// A policy by its id or code.
    pub(crate) fn find(&self, name: &str) -> Option<&Arc<Policy>> {
        self.set.find(name)
    }

    /// The examples of a policy.
    pub(crate) fn examples(&self, id: &str) -> &[Example] {
        self.examples.get(id).map_or(&[], Vec::as_slice)
    }
}

/// The policy that a file is an example of: `domain/name.java` and `domain/name.example.yaml` are ones of
/// `domain/name`, `domain/name.yaml` is the policy itself.
fn example_of(path: &str) -> Option<String> {
    let mut parts = path.rsplit('/');
    let (file, domain) = (parts.next()?, parts.next()?);
    let (name, kind) = file.split_once('.')?;
    (kind != "yaml" && kind != "yml").then(|| format!("{domain}/{name}"))
}

/// A policy in short.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PolicySummary {
    /// Such as `money/binary-floating-point`.
    id: String,
    /// Such as `CB-MONEY-001`.
    code: String,
    /// One line for people.
    title: Text,
    /// How bad a breach is.
    severity: Severity,
    /// What a breach does to a merge.
    enforcement: Enforcement,
    /// How sure its checks are.
    confidence: Confidence,
    /// Languages that it reads.
    languages: Vec<String>,
    /// Number of checks that find breaches by proof.
    checks: usize,
    /// Number of questions for the model.
    questions: usize,
}

/// A policy.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PolicyAnswer {
    /// The policy in short.
    #[serde(flatten)]
    summary: PolicySummary,
    /// One testable sentence.
    objective: Text,
    /// Why a bank cares.
    rationale: Text,
    /// What good looks like.
    success_criteria: Text,
    /// What a breach looks like.
    failure_criteria: Text,
    /// How to mend a breach.
    remedy: Text,
    /// Where the policy rightly does not hold.
    exceptions: Option<Text>,
    /// CWE numbers.
    cwe: Vec<u32>,
    /// Clauses of standards; only `verified` ones were seen in the standard itself.
    references: Vec<Reference>,
    /// Code that it reports, and code that it rightly does not.
    examples: Vec<Example>,
}

/// Every policy, by id.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct PolicyList {
    /// SHA-256 over every policy file.
    digest: String,
    /// The policies, also those that are off.
    policies: Vec<PolicySummary>,
}

impl PolicySummary {
    fn of(policy: &Policy) -> Self {
        let is_question = |kind: &CheckKind| matches!(kind, CheckKind::Question(_));
        let questions = policy.checks.iter().filter(|check| is_question(&check.kind)).count();
        Self {
            id: policy.id.clone(),
            code: policy.code.clone(),
            title: policy.title.clone(),
            severity: policy.severity,
            enforcement: policy.enforcement,
            confidence: policy.confidence,
            languages: policy.languages.iter().map(|language| language.name().to_owned()).collect(),
            checks: policy.checks.len() - questions,
            questions,
        }
    }
}

/// `GET /v1/policies`
pub(super) async fn list(State(service): State<Service>) -> Json<PolicyList> {
    let set = &service.policies.set;
    let policies = set.all().iter().map(|policy| PolicySummary::of(policy)).collect();
    Json(PolicyList { digest: set.digest().to_owned(), policies })
}

/// `GET /v1/policies/{domain}/{name}`
pub(super) async fn show(
    State(service): State<Service>,
    Named((domain, name)): Named<(String, String)>,
) -> Result<Json<PolicyAnswer>, Problem> {
    let found = service.policies.find(&format!("{domain}/{name}"));
    let policy = found.ok_or_else(|| not_found("There is no such policy"))?;
    Ok(Json(PolicyAnswer {
        summary: PolicySummary::of(policy),
        objective: policy.objective.clone(),
        rationale: policy.rationale.clone(),
        success_criteria: policy.success_criteria.clone(),
        failure_criteria: policy.failure_criteria.clone(),
        remedy: policy.remedy.clone(),
        exceptions: policy.exceptions.clone(),
        cwe: policy.cwe.clone(),
        references: policy.references.clone(),
        examples: service.policies.examples(&policy.id).to_vec(),
    }))
}
