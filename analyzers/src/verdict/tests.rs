//! Proves what counts as an answer, and that a model can add to a review but take nothing from it.

mod adversary;
mod fixes;
mod grounding;
mod injection;
mod prompts;
mod rounds;
mod triage;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use serde_json::{Value, json};

use crate::change::{ChangeSet, diff_text};
use crate::finding::{Decider, Finding};
use crate::model::{Completion, Finish, Model, ModelBudget, ModelError, Prompt, Usage};
use crate::policy::{PolicyFile, PolicySet};
use crate::review::{Request, Review, review};
use crate::sources::{Side, SourceError, Sources};

/// What a model says to a prompt.
type Said = Result<(String, Finish), ModelError>;

/// Answers as it is told, and remembers what it was asked.
struct Scripted<'a> {
    script: Box<dyn Fn(&Prompt) -> Said + Sync + 'a>,
    asked: Mutex<Vec<Prompt>>,
}

impl<'a> Scripted<'a> {
    fn new(script: impl Fn(&Prompt) -> Said + Sync + 'a) -> Self {
        Self { script: Box::new(script), asked: Mutex::default() }
    }

    /// Says the same to everybody.
    fn saying(text: &str) -> Self {
        let text = text.to_owned();
        Self::new(move |_| Ok((text.clone(), Finish::Stop)))
    }

    /// Gives the same entry for everything that is asked.
    fn entering(entry: impl Fn(&str) -> Value + Sync + 'a) -> Self {
        Self::new(move |prompt| {
            let entries: Vec<Value> = asked(prompt).iter().map(|about| entry(about)).collect();
            Ok((json!({ "answers": entries }).to_string(), Finish::Stop))
        })
    }

    fn prompts(&self) -> Vec<Prompt> {
        let mut prompts = self.asked.lock().unwrap().clone();
        prompts.sort_by(|a, b| (&a.prefix, &a.body).cmp(&(&b.prefix, &b.body)));
        prompts
    }
}

impl Model for Scripted<'_> {
    fn complete(&self, prompt: &Prompt) -> Result<Completion, ModelError> {
        self.asked.lock().unwrap().push(prompt.clone());
        let (text, finish) = (self.script)(prompt)?;
        let usage = Usage { prompt_tokens: 100, cached_tokens: 60, thinking_tokens: 10, answer_tokens: 5 };
        Ok(Completion { thinking: Some("a breach!".to_owned()), text, finish, usage })
    }
}

/// What a prompt asks about.
fn asked(prompt: &Prompt) -> Vec<String> {
    let entry = prompt.schema.pointer("/properties/answers/items/properties").unwrap();
    let about = entry.get("policy").or(entry.get("finding")).unwrap();
    about["enum"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn is_triage(prompt: &Prompt) -> bool {
    prompt.schema.pointer("/properties/answers/items/properties/finding").is_some()
}

fn breach(policy: &str, quote: &str) -> Value {
    answer(policy, "breach", quote)
}

fn answer(policy: &str, verdict: &str, quote: &str) -> Value {
    let claim = json!({"kind": "other", "subject": "", "value": ""});
    json!({"policy": policy, "quote": quote, "claim": claim, "reason": "so it is", "verdict": verdict})
}

/// A repository, what of it is changed, and the policies.
struct World {
    base: BTreeMap<String, String>,
    head: BTreeMap<String, String>,
    policies: Arc<PolicySet>,
    budget: ModelBudget,
}

impl Sources for World {
    fn read(&self, side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        let files = if side == Side::Base { &self.base } else { &self.head };
        files.get(path).map(|text| text.clone().into_bytes()).ok_or(SourceError::Missing)
    }

    fn list(&self, side: Side) -> Result<Vec<String>, SourceError> {
        let files = if side == Side::Base { &self.base } else { &self.head };
        Ok(files.keys().cloned().collect())
    }
}

impl World {
    /// Files that are all new.
    fn of(files: &[(&str, &str)]) -> Self {
        Self::between(&[], files)
    }

    fn between(base: &[(&str, &str)], head: &[(&str, &str)]) -> Self {
        let owned = |files: &[(&str, &str)]| {
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
        };
        Self { base: owned(base), head: owned(head), policies: policies(), budget: ModelBudget::default() }
    }

    fn change_set(&self) -> ChangeSet {
        let mut diff = String::new();
        for (path, text) in &self.head {
            let before = self.base.get(path);
            if before == Some(text) {
                continue;
            }
            let name = before.map_or("/dev/null".to_owned(), |_| format!("a/{path}"));
            let mark = if before.is_none() { "new file mode 100644\n" } else { "" };
            let changes = similar::TextDiff::from_lines(before.map_or("", String::as_str), text);
            let hunks = changes.unified_diff().context_radius(3).to_string();
            diff.push_str(&format!("diff --git a/{path} b/{path}\n{mark}--- {name}\n+++ b/{path}\n{hunks}"));
        }
        diff_text::parse(diff.as_bytes()).unwrap()
    }

    fn reviewed(&self, model: Option<&dyn Model>) -> Review {
        let mut request = Request::new(&self.policies, self);
        request.model = model;
        request.model_budget = self.budget;
        review(&self.change_set(), (None, None), &request)
    }
}

/// A small pack: two questions, a proof that blocks, one that is in doubt and warns, one in doubt that blocks.
fn policies() -> Arc<PolicySet> {
    static PACK: LazyLock<Arc<PolicySet>> = LazyLock::new(|| pack(&small()));
    PACK.clone()
}

fn pack(files: &[PolicyFile]) -> Arc<PolicySet> {
    Arc::new(PolicySet::from_files(files.iter()).unwrap())
}

fn small() -> [PolicyFile; 5] {
    let retry = "java: {pattern: \"$CLIENT.retry($$$)\"}";
    let question = |when: &str| {
        format!(
            "  - question:\n      when:\n        {when}\n      ask: Is it safe?\n      evidence: the call\n"
        )
    };
    let pattern = |rule: &str| format!("  - pattern:\n      {rule}\n");
    [
        policy("trust/retry", "block", "certain", &question(retry)),
        policy("trust/lock", "block", "certain", &question(retry)),
        policy("money/retry", "block", "certain", &pattern(retry)),
        policy("doubt/warns", "warn", "likely", &pattern("java: {pattern: \"$A.maybe($$$)\"}")),
        policy("doubt/blocks", "block", "likely", &pattern("java: {pattern: \"$A.perhaps($$$)\"}")),
    ]
}

fn policy(id: &str, enforcement: &str, confidence: &str, checks: &str) -> PolicyFile {
    PolicyFile {
        path: format!("{id}.yaml"),
        shown_as: id.to_owned(),
        json: None,
        text: format!(
            "id: {id}\ncode: TEST-{id}\ntitle: A title of {id}\nseverity: major\nenforcement: {enforcement}\n\
             confidence: {confidence}\nlanguages: [java]\nobjective: An objective.\nrationale: A rationale.\n\
             success_criteria: Good.\nfailure_criteria: Bad.\nremedy: Mend it.\nchecks:\n{checks}"
        ),
    }
}

const TELLER: &str = "class Teller {
    void book(Client client) {
        double amount = 1;
        client.retry(amount, key(\"4111111111111111\"));
    }
}
";

fn teller() -> World {
    World::of(&[("Teller.java", TELLER)])
}

fn told(review: &Review) -> Vec<(&str, u32)> {
    let told = review.findings.iter().filter(|finding| finding.decided_by == Decider::Model);
    told.map(|finding| (finding.policy.id.as_str(), finding.location.start.line)).collect()
}

fn proved(review: &Review) -> Vec<String> {
    let proved = |finding: &&Finding| finding.decided_by == Decider::Proof;
    review
        .findings
        .iter()
        .filter(proved)
        .map(|found| format!("{} {}", found.policy.id, found.fingerprint))
        .collect()
}
