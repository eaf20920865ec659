//! A policy as written: the YAML file format, field by field. Unknown keys are errors.

use std::collections::BTreeMap;

use ast_grep_config::{SerializableRule, Transformation};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::policy::flow::FlowDocument;
use crate::policy::{Confidence, Enforcement, Reference, Severity};
use crate::text::Text;

/// A policy: one thing that the bank demands of its code.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolicyDocument {
    /// `domain/name` in small letters, digits and dashes; the file is `<domain>/<name>.yaml`.
    pub id: String,
    /// A short code for people, such as `CB-MONEY-001`.
    pub code: String,
    /// One line, in English or `{en, zh}`.
    pub title: Text,
    /// How bad a breach is.
    pub severity: Severity,
    /// What a breach does to a merge.
    #[serde(default = "default_enforcement")]
    pub enforcement: Enforcement,
    /// How sure the checks are.
    #[serde(default = "default_confidence")]
    pub confidence: Confidence,
    /// Languages that the policy reads, by name.
    pub languages: Vec<String>,
    /// Files it applies to.
    #[serde(default)]
    pub paths: PathsDocument,
    /// CWE numbers.
    #[serde(default)]
    pub cwe: Vec<u32>,
    /// Clauses of standards.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// What must hold, in one testable sentence.
    pub objective: Text,
    /// Why a bank cares.
    pub rationale: Text,
    /// What good looks like.
    pub success_criteria: Text,
    /// What a breach looks like.
    pub failure_criteria: Text,
    /// How to mend a breach.
    pub remedy: Text,
    /// Where the policy rightly does not hold.
    #[serde(default)]
    pub exceptions: Option<Text>,
    /// Ids of policies whose findings at the same place this one's stand for: two breaches, one mistake.
    #[serde(default)]
    pub supersedes: Vec<String>,
    /// How breaches are found.
    #[schemars(with = "Vec<CheckDocument>")]
    pub checks: Vec<Spanned<CheckDocument>>,
}

fn default_enforcement() -> Enforcement {
    Enforcement::Block
}

fn default_confidence() -> Confidence {
    Confidence::Certain
}

/// Which files a policy applies to, by glob or by the name of a set in `paths.yaml`; all where nothing is
/// said.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PathsDocument {
    /// Only these.
    #[serde(default)]
    pub include: Vec<String>,
    /// Not these.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// One way to find breaches: exactly one of `pattern`, `text`, `flow` and `question`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckDocument {
    /// Code patterns, by language (`java`, or several: `javascript, typescript`).
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, RuleSchema>>")]
    pub pattern: Option<ByLanguage>,
    /// Text spans, by language: for what no grammar reads.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, TextRuleDocument>>")]
    pub text: Option<BTreeMap<String, Spanned<TextRuleDocument>>>,
    /// Which values reach which places, by language.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, FlowDocument>>")]
    pub flow: Option<BTreeMap<String, Spanned<FlowDocument>>>,
    /// A question for the model.
    #[serde(default)]
    pub question: Option<QuestionDocument>,
    /// What is wrong at the place, with `$NAME` for what the pattern captured; else the title.
    #[serde(default)]
    pub message: Option<Text>,
    /// The captured variable that is the place to show; else the whole match.
    #[serde(default)]
    pub report: Option<String>,
    /// The captured variable that names the cause: matches of one outermost declaration with the same
    /// cause are one finding.
    #[serde(default)]
    pub cause: Option<String>,
    /// What to write instead of the match, by language, with `$NAME` for what was captured.
    #[serde(default)]
    pub fix: BTreeMap<String, String>,
}

/// Rules by language, with their places in the file.
pub(crate) type ByLanguage = BTreeMap<String, Spanned<serde_json::Value>>;

/// A code pattern: ast-grep rule syntax, with what patterns cannot say under `where`.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "describes the format for the schema")]
pub(crate) struct RuleSchema {
    #[serde(flatten)]
    rule: SerializableRule,
    #[serde(flatten)]
    extra: RuleExtras,
}

/// What a code pattern has beside its ast-grep rule.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleExtras {
    /// What captured variables must look like.
    #[serde(default)]
    pub constraints: Option<BTreeMap<String, SerializableRule>>,
    /// Rules named for `matches`.
    #[serde(default)]
    pub utils: Option<BTreeMap<String, SerializableRule>>,
    /// Variables made from captured ones.
    #[serde(default)]
    pub transform: Option<BTreeMap<String, Transformation>>,
    /// Conditions that all must hold.
    #[serde(default, rename = "where")]
    pub conditions: Vec<PredicateDocument>,
}

/// A condition that patterns cannot say.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PredicateDocument {
    /// The captured name belongs to a vocabulary.
    Name {
        /// The captured variable, without `$`.
        of: String,
        /// The vocabulary.
        means: String,
    },
    /// Some name inside belongs to a vocabulary.
    Mentions {
        /// The captured variable; the whole match where none is named.
        #[serde(default)]
        of: Option<String>,
        /// The vocabulary.
        means: String,
    },
    /// What the value is for (assigned variable, field, key, enclosing function) belongs to a vocabulary.
    Purpose {
        /// The vocabulary.
        means: String,
    },
    /// The declared type of the captured expression, as far as this file tells.
    Type {
        /// The captured variable.
        of: String,
        /// Type names without package and type arguments.
        is: OneOrMany,
    },
    /// The captured expression is a constant of this file.
    Constant {
        /// The captured variable.
        of: String,
        /// A regular expression that its value matches; any value where none is given.
        #[serde(default)]
        matches: Option<String>,
    },
    /// The captured expression is a literal that looks like a real secret, no placeholder or reference.
    Secret {
        /// The captured variable.
        of: String,
    },
    /// The captured expression is text put together of a constant part and a part that is neither constant
    /// nor a number, boolean or date.
    Composed {
        /// The captured variable.
        of: String,
        /// A vocabulary of names that do not count, such as those of tables and columns.
        #[serde(default)]
        besides: Option<String>,
    },
    /// An enclosing declaration bears an annotation, attribute or decorator.
    Annotated {
        /// Names without package.
        with: OneOrMany,
        /// Which enclosing declarations count.
        #[serde(default)]
        on: AnnotatedOn,
    },
    /// The type that the captured name stands for is declared with an annotation, here or in a file
    /// named after it.
    TypeAnnotated {
        /// The captured variable.
        of: String,
        /// Names without package.
        with: OneOrMany,
    },
    /// The text of the file (comments left out) matches.
    File {
        /// A regular expression.
        matches: String,
    },
    /// The text of the enclosing function matches.
    Function {
        /// A regular expression.
        matches: String,
    },
    /// The path of the file matches one of the globs.
    Path {
        /// Globs.
        matches: OneOrMany,
    },
    /// The condition does not hold.
    Not(Box<PredicateDocument>),
    /// All conditions hold.
    All(Vec<PredicateDocument>),
    /// Some condition holds.
    Any(Vec<PredicateDocument>),
}

/// Which enclosing declarations an annotation is looked for on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnnotatedOn {
    /// The innermost function, method or field.
    Member,
    /// The innermost class or similar type.
    Type,
    /// Either.
    #[default]
    Either,
}

/// A word or a list of words.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(from = "OneOrManyForm")]
pub struct OneOrMany(pub Vec<String>);

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrManyForm {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrManyForm> for OneOrMany {
    fn from(form: OneOrManyForm) -> Self {
        match form {
            OneOrManyForm::One(one) => Self(vec![one]),
            OneOrManyForm::Many(many) => Self(many),
        }
    }
}

/// A span of text, by regular expressions over the file without its comments (`(?im)` is on).
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextRuleDocument {
    /// Where a span begins; named groups `(?<NAME>…)` are captured as `$NAME`.
    #[serde(rename = "match")]
    pub start: String,
    /// Where it ends, searched after the start; the start's own end where none is given.
    #[serde(default)]
    pub until: Option<String>,
    /// What must stand in the span.
    #[serde(default)]
    pub has: Option<String>,
    /// What must not stand in the span.
    #[serde(default)]
    pub lacks: Option<String>,
    /// Whether comments are searched too.
    #[serde(default)]
    pub comments: bool,
    /// Conditions that all must hold.
    #[serde(default, rename = "where")]
    pub conditions: Vec<PredicateDocument>,
}

/// A question that only judgement can answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QuestionDocument {
    /// The regions it is asked for, by language: those that hold a match.
    #[schemars(with = "BTreeMap<String, RuleSchema>")]
    pub when: ByLanguage,
    /// The question.
    pub ask: Text,
    /// What an answer must quote.
    pub evidence: Text,
}
