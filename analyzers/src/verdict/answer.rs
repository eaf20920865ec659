//! The form of an answer, and its strict reading. A model's thinking never gets here.
//!
//! A completion in; one entry for each policy or finding asked about, or what is wrong with it in words for
//! another try, out. Extra keys, missing entries and entries given twice are no answer.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::model::{Completion, Finish};

/// Answers longer than this are floods, in bytes.
const MAX_ANSWER_BYTES: usize = 64 << 10;

/// What claims may be about: kinds that the syntax tree can contradict, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ClaimKind {
    /// The function around the quote calls nothing named `subject`.
    CallAbsent,
    /// The function or type around the quote does not bear the annotation `subject`.
    AnnotationAbsent,
    /// The handler at the quote does nothing.
    HandlerEmpty,
    /// What stands at the quote and the call of `subject` are not done in one transaction.
    TransactionsDiffer,
    /// The name `subject` has the type `value`.
    DeclaredType,
    /// Anything else.
    Other,
}

const CLAIM_KINDS: [&str; 6] =
    ["call_absent", "annotation_absent", "handler_empty", "transactions_differ", "declared_type", "other"];

/// What is said to be so at the quote.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Claim {
    pub(super) kind: ClaimKind,
    pub(super) subject: String,
    pub(super) value: String,
}

/// A word on a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Word {
    Breach,
    Clean,
    Unclear,
}

/// New code for quoted code.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Mending {
    pub(super) replace: String,
    pub(super) with: String,
}

/// The answer to one policy's question.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    pub(super) policy: String,
    pub(super) verdict: Word,
    pub(super) quote: String,
    pub(super) claim: Claim,
    pub(super) reason: String,
    #[serde(default)]
    pub(super) fix: Option<Mending>,
}

/// A word on a finding in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Judgement {
    Dismiss,
    Keep,
    Unclear,
}

/// The triage of one finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Triage {
    pub(super) finding: String,
    pub(super) verdict: Judgement,
    pub(super) quote: String,
    pub(super) reason: String,
    #[serde(default)]
    pub(super) fix: Option<Mending>,
}

/// An entry of an answer.
pub(super) trait Entry: DeserializeOwned {
    /// What it is about.
    fn about(&self) -> &str;
}

impl Entry for Answer {
    fn about(&self) -> &str {
        &self.policy
    }
}

impl Entry for Triage {
    fn about(&self) -> &str {
        &self.finding
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form<T> {
    answers: Vec<T>,
}

/// Why a completion, or an entry of it, is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Malformed {
    /// It was cut off.
    Truncated,
    /// It is not the JSON that was asked for.
    NotTheForm,
    /// There is no entry, or more than one.
    NotOnce,
}

/// The entries of an answer.
pub(super) struct Entries<T> {
    /// By what they are about; all that was asked, and nothing else.
    pub(super) of: BTreeMap<String, Result<T, Malformed>>,
    /// How many further ones there are, about what was not asked.
    pub(super) unasked: usize,
}

/// The entries of a completion, or why it has none.
pub(super) fn read<T: Entry>(completion: &Completion, asked: &[&str]) -> Result<Entries<T>, Malformed> {
    if completion.finish == Finish::Length {
        return Err(Malformed::Truncated);
    }
    if completion.text.len() > MAX_ANSWER_BYTES {
        return Err(Malformed::NotTheForm);
    }
    let form: Form<T> = serde_json::from_str(&completion.text).map_err(|_| Malformed::NotTheForm)?;
    let mut entries: BTreeMap<String, Result<T, Malformed>> = BTreeMap::new();
    let mut unasked = 0;
    for entry in form.answers {
        if !asked.contains(&entry.about()) {
            unasked += 1;
            continue;
        }
        let about = entry.about().to_owned();
        let once = if entries.contains_key(&about) { Err(Malformed::NotOnce) } else { Ok(entry) };
        entries.insert(about, once);
    }
    for about in asked {
        entries.entry((*about).to_owned()).or_insert(Err(Malformed::NotOnce));
    }
    Ok(Entries { of: entries, unasked })
}

/// The schema of answers to the questions of these policies.
pub(super) fn questions(policies: &[&str]) -> Value {
    let claim = json!({
        "type": "object",
        "properties": {
            "kind": {"enum": CLAIM_KINDS},
            "subject": {"type": "string"},
            "value": {"type": "string"},
        },
        "required": ["kind", "subject", "value"],
        "additionalProperties": false,
    });
    form(
        &json!({
            "type": "object",
            "properties": {
                "policy": {"enum": policies},
                "quote": {"type": "string"},
                "claim": claim,
                "reason": {"type": "string"},
                "verdict": {"enum": ["breach", "clean", "unclear"]},
                "fix": mending(),
            },
            "required": ["policy", "quote", "claim", "reason", "verdict"],
            "additionalProperties": false,
        }),
        policies.len(),
    )
}

/// The schema of a triage of these findings.
pub(super) fn triage(findings: &[&str]) -> Value {
    form(
        &json!({
            "type": "object",
            "properties": {
                "finding": {"enum": findings},
                "quote": {"type": "string"},
                "reason": {"type": "string"},
                "verdict": {"enum": ["dismiss", "keep", "unclear"]},
                "fix": mending(),
            },
            "required": ["finding", "quote", "reason", "verdict"],
            "additionalProperties": false,
        }),
        findings.len(),
    )
}

fn mending() -> Value {
    json!({
        "type": "object",
        "properties": {"replace": {"type": "string"}, "with": {"type": "string"}},
        "required": ["replace", "with"],
        "additionalProperties": false,
    })
}

fn form(entry: &Value, count: usize) -> Value {
    json!({
        "type": "object",
        "properties": {"answers": {"type": "array", "items": entry, "minItems": count, "maxItems": count}},
        "required": ["answers"],
        "additionalProperties": false,
    })
}
