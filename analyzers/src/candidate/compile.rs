//! The checks of one language: which literals each needs, and its matcher, compiled when a text first has those.

use std::sync::{Arc, OnceLock};

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRule, SerializableRuleCore};
use grammars::Language;
use serde_json::Value;

use crate::candidate::DecidedBy;
use crate::candidate::index::{Index, MatcherId};
use crate::candidate::literals::{self, Needs};
use crate::candidate::predicate::{self, Predicate};
use crate::candidate::text_span::TextSpan;
use crate::policy::{
    CheckKind, Policy, PolicyError, PolicySet, PredicateDocument, RuleExtras, RuleSource, TextRuleDocument,
    Vocabularies, chain,
};

/// One check of one policy, for one language.
pub(crate) struct Matcher {
    pub(crate) policy: Arc<Policy>,
    pub(crate) check: usize,
    pub(crate) decided_by: DecidedBy,
    source: Source,
    compiled: OnceLock<Result<Compiled, PolicyError>>,
}

/// A check as written.
enum Source {
    Ast(RuleSource),
    Text(TextRuleDocument),
}

/// A check ready to match.
pub(crate) struct Compiled {
    pub(crate) rule: CompiledRule,
    pub(crate) conditions: Vec<Predicate>,
    /// Kinds of nodes that can match; none for a rule over text.
    pub(crate) kinds: Vec<usize>,
}

/// What a matcher looks at.
pub(crate) enum CompiledRule {
    /// Nodes of the tree.
    Ast(Box<RuleCore>),
    /// Spans of the text.
    Text(TextSpan),
}

/// The matchers of one language.
pub(crate) struct Matchers {
    pub(crate) list: Vec<Matcher>,
    pub(crate) index: Index,
    language: Language,
    vocabularies: Arc<Vocabularies>,
}

impl Matchers {
    /// Gathers what the policies in force say about `language`.
    pub(crate) fn gather(set: &PolicySet, language: Language) -> Self {
        let mut list = Vec::new();
        for policy in set.in_force() {
            list.extend(policy.checks.iter().filter_map(|check| {
                let (source, decided_by) = source_of(&check.kind, language)?;
                let compiled = OnceLock::new();
                Some(Matcher { policy: policy.clone(), check: check.index, decided_by, source, compiled })
            }));
        }
        let needs: Vec<Needs> = list.iter().map(|matcher| matcher.source.needs(set.vocabularies())).collect();
        let node_needs: Vec<Needs> = list.iter().map(|matcher| matcher.source.node_needs()).collect();
        let index = Index::new(&needs, &node_needs);
        Self { list, index, language, vocabularies: set.shared_vocabularies() }
    }

    /// The compiled check of a number in the list, or what is wrong with it.
    pub(crate) fn compiled(&self, id: MatcherId) -> Result<&Compiled, &PolicyError> {
        let matcher = &self.list[id];
        matcher.compiled.get_or_init(|| self.compile(matcher)).as_ref()
    }

    /// What is wrong with the checks; compiles them all.
    pub(crate) fn errors(&self) -> Vec<PolicyError> {
        (0..self.list.len()).filter_map(|id| self.compiled(id).err().cloned()).collect()
    }

    fn compile(&self, matcher: &Matcher) -> Result<Compiled, PolicyError> {
        let (compiled, line) = match &matcher.source {
            Source::Ast(source) => (self.ast(source), source.line),
            Source::Text(document) => (self.text(document), 0),
        };
        compiled.map_err(|problem| PolicyError {
            file: matcher.policy.file.clone(),
            line: Some(line).filter(|&line| line > 0),
            field: format!("checks[{}] ({})", matcher.check, self.language),
            problem,
            remedy: "Mend the rule; `countersign policy test` shows what it matches.".to_owned(),
        })
    }

    fn ast(&self, source: &RuleSource) -> Result<Compiled, String> {
        let rule: SerializableRule = from_value(source.rule.clone())?;
        let extras: RuleExtras = from_value(source.extras.clone())?;
        let core = SerializableRuleCore {
            rule,
            constraints: extras.constraints.map(|map| map.into_iter().collect()),
            utils: extras.utils.map(|map| map.into_iter().collect()),
            transform: extras.transform.map(|map| map.into_iter().collect()),
        };
        let rule = core.get_matcher(DeserializeEnv::new(self.language)).map_err(|error| chain(&error))?;
        let kinds = ast_grep_core::Matcher::potential_kinds(&rule)
            .ok_or("the rule matches any kind of node; give it a `pattern` or a `kind`")?;
        Ok(Compiled {
            rule: CompiledRule::Ast(Box::new(rule)),
            conditions: self.conditions(&extras.conditions)?,
            kinds: kinds.iter().collect(),
        })
    }

    fn text(&self, document: &TextRuleDocument) -> Result<Compiled, String> {
        let rule = CompiledRule::Text(TextSpan::compile(document)?);
        Ok(Compiled { rule, conditions: self.conditions(&document.conditions)?, kinds: Vec::new() })
    }

    fn conditions(&self, documents: &[PredicateDocument]) -> Result<Vec<Predicate>, String> {
        documents.iter().map(|document| Predicate::compile(document, &self.vocabularies)).collect()
    }
}

fn source_of(kind: &CheckKind, language: Language) -> Option<(Source, DecidedBy)> {
    let ast = |rule: &RuleSource| Source::Ast(rule.clone());
    match kind {
        CheckKind::Pattern(rules) => Some((ast(rules.get(&language)?), DecidedBy::Proof)),
        CheckKind::Text(rules) => Some((Source::Text(rules.get(&language)?.clone()), DecidedBy::Proof)),
        CheckKind::Question(question) => Some((ast(question.when.get(&language)?), DecidedBy::Question)),
    }
}

impl Source {
    fn needs(&self, words: &Vocabularies) -> Needs {
        let conditions = |documents: &[PredicateDocument]| -> Needs {
            documents.iter().flat_map(|document| predicate::needs(document, words)).collect()
        };
        match self {
            Self::Ast(source) => {
                let documents: Vec<PredicateDocument> = source
                    .extras
                    .get("where")
                    .cloned()
                    .and_then(|list| from_value(list).ok())
                    .unwrap_or_default();
                let mut needs = literals::of_rule(source);
                needs.extend(conditions(&documents));
                needs
            }
            Self::Text(document) => {
                let mut needs = literals::of_regex(&document.start);
                needs.extend(document.has.iter().flat_map(|has| literals::of_regex(has)));
                needs.extend(conditions(&document.conditions));
                needs
            }
        }
    }

    fn node_needs(&self) -> Needs {
        match self {
            Self::Ast(source) => literals::of_node(source),
            Self::Text(_) => Needs::new(),
        }
    }
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
