//! What policies have earned by an evaluation: the report of `[model] evaluation`, held against what answers now.
//!
//! Read once, at the start. For each review, the ids of the policies whose model findings block, out: none where the
//! report is of other policies or of another model, and the log says so when that changes.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use analyzers::evaluation::{EvaluationReport, NothingEarned};
use analyzers::model::Prompt;
use analyzers::policy::{Enforcement, PolicySet};
use anyhow::Context;
use serde_json::json;

use super::eval::archive;
use super::host::Installed;
use crate::config::Config;

/// Tokens that a model may use to say that it is there.
const FEW_TOKENS: u32 = 64;

/// What an evaluation is worth to the policies in force.
pub(crate) struct Earned {
    report: Option<EvaluationReport>,
    policies_digest: String,
    /// The policies in force that may earn their block.
    may_earn: BTreeSet<String>,
    /// What the log was told last.
    told: Mutex<Option<Result<BTreeSet<String>, NothingEarned>>>,
    /// Whether the model was asked who it is.
    has_asked: tokio::sync::Mutex<bool>,
}

impl Earned {
    /// Reads the report that the configuration names.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(crate) fn open(config: &Config, policies: &PolicySet) -> anyhow::Result<Self> {
        let file = config.model.as_ref().and_then(|model| model.evaluation.as_deref());
        let report = file.map(archive::read).transpose().context("`model.evaluation`")?;
        let earning = policies.in_force().filter(|policy| policy.enforcement == Enforcement::Earned);
        let may_earn: BTreeSet<String> = earning.map(|policy| policy.id.clone()).collect();
        if report.is_none() && !may_earn.is_empty() {
            tracing::info!(
                policies = may_earn.len(),
                "policies with `enforcement: earned` only warn: `model.evaluation` names no report"
            );
        }
        let policies_digest = policies.digest().to_owned();
        Ok(Self { report, policies_digest, may_earn, told: Mutex::default(), has_asked: Default::default() })
    }

    /// The policies whose model findings block while this model answers.
    pub(crate) async fn by(&self, model: Option<&Installed>) -> BTreeSet<String> {
        let (Some(report), Some(model)) = (&self.report, model) else { return BTreeSet::new() };
        let standing = || report.earned(&self.policies_digest, model.fingerprint().as_deref());
        let mut earned = standing();
        if !self.may_earn.is_empty() && earned.as_ref().is_err_and(|why| *why != NothingEarned::OtherPolicies)
        {
            self.ask_once(model).await;
            earned = standing();
        }
        let earned = earned.map(|worthy| worthy.intersection(&self.may_earn).cloned().collect());
        self.tell(&earned);
        earned.unwrap_or_default()
    }

    /// Has the model answer once: many servers say who they are with an answer only.
    async fn ask_once(&self, model: &Installed) {
        let mut has_asked = self.has_asked.lock().await;
        if !*has_asked {
            *has_asked = model.ask(&who()).await.is_ok();
        }
    }

    fn tell(&self, earned: &Result<BTreeSet<String>, NothingEarned>) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_ref() == Some(earned) {
            return;
        }
        match earned {
            Ok(earned) => tracing::info!(
                policies.earned = earned.iter().map(String::as_str).collect::<Vec<_>>().join(", "),
                "the evaluation is of the model that answers; what it finds under these policies blocks"
            ),
            Err(why) => tracing::warn!(
                reason = %why,
                "the report of `model.evaluation` earns nothing, so policies with `enforcement: earned` only warn; \
                 make a new one by `countersign-server model eval`"
            ),
        }
        *told = Some(earned.clone());
    }
}

/// A question that any model answers in a word.
fn who() -> Prompt {
    Prompt {
        prefix: "Answer with JSON alone: {\"ready\": true}".to_owned(),
        body: String::new(),
        schema: json!({
            "type": "object",
            "properties": {"ready": {"type": "boolean"}},
            "required": ["ready"],
            "additionalProperties": false,
        }),
        seed: 1,
        max_thinking_tokens: FEW_TOKENS,
        max_answer_tokens: FEW_TOKENS,
    }
}
