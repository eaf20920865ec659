//! The configuration as written: `.countersign.yaml`, key by key. Unknown keys are errors.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::Tier;
use crate::policy::Severity;
use crate::text::Locale;

/// What a repository says about its reviews. It is read from the target branch.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Countersign repository configuration")]
pub(super) struct ConfigurationDocument {
    /// The language of comments.
    pub language: Option<LanguageName>,
    /// Globs of files to review; `!` before one leaves files out. What is left out is listed in each review.
    #[schemars(with = "Vec<String>")]
    pub path_filters: Vec<Spanned<String>>,
    /// What the model is told about files. It can add to what is found, never take away.
    pub path_instructions: Vec<InstructionDocument>,
    /// When a merge request is reviewed without being asked for.
    pub auto_review: AutoReviewDocument,
    /// The lowest severity that is commented on. What blocks is commented on whatever it is.
    pub severity_threshold: Option<Severity>,
    /// Inline comments on one merge request; at most as many as the operator allows.
    pub max_comments: Option<u32>,
    /// The lowest severity at which an enforced finding blocks; not higher than the operator's.
    #[schemars(with = "Option<Severity>")]
    pub fail_on: Option<Spanned<Severity>>,
    /// How much files matter, by glob. Where several match, the most critical holds.
    #[schemars(with = "BTreeMap<String, Tier>")]
    pub tiers: BTreeMap<String, Spanned<Tier>>,
    /// Policies that this repository holds more strictly, by id.
    #[schemars(with = "BTreeMap<String, TighteningDocument>")]
    pub policies: BTreeMap<String, Spanned<TighteningDocument>>,
}

/// A language of comments.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
pub(super) enum LanguageName {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Chinese.
    #[serde(rename = "zh")]
    Zh,
    /// Chinese.
    #[serde(rename = "zh-CN")]
    ZhCn,
}

impl From<LanguageName> for Locale {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::En => Self::En,
            LanguageName::Zh | LanguageName::ZhCn => Self::Zh,
        }
    }
}

/// What the model is told about files.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InstructionDocument {
    /// A glob of files.
    #[schemars(with = "String")]
    pub path: Spanned<String>,
    /// What to look at in them.
    #[schemars(with = "String")]
    pub instructions: Spanned<String>,
}

/// When a merge request is reviewed without being asked for.
#[derive(Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AutoReviewDocument {
    /// Whether any is. Without a review the gate stays shut.
    pub enabled: bool,
    /// Whether drafts are.
    pub drafts: Option<bool>,
    /// Globs of target branches; all where nothing is said.
    #[schemars(with = "Vec<String>")]
    pub base_branches: Vec<Spanned<String>>,
    /// Labels of which the merge request must bear one; none where nothing is said.
    pub labels: Vec<String>,
}

impl Default for AutoReviewDocument {
    fn default() -> Self {
        Self { enabled: true, drafts: None, base_branches: Vec::new(), labels: Vec::new() }
    }
}

/// A policy that this repository holds more strictly. What is weaker than the bank's is an error.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TighteningDocument {
    /// What a breach does to a merge.
    #[serde(default)]
    pub enforcement: Option<EnforcementDocument>,
    /// How bad a breach is.
    #[serde(default)]
    pub severity: Option<Severity>,
}

/// What a breach does to a merge; a repository cannot turn a policy off.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum EnforcementDocument {
    /// Blocks the merge.
    Block,
    /// Is reported, and does not block.
    Warn,
}
