//! Makes matchers of the policies' checks for one language, and lists what is wrong with them.

use std::sync::Arc;

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRule, SerializableRuleCore};
use grammars::Language;
use serde_json::Value;

use crate::candidate::DecidedBy;
use crate::candidate::index::Index;
use crate::candidate::literals::{self, Needs};
use crate::candidate::predicate::Predicate;
use crate::candidate::text_span::TextSpan;
use crate::policy::{
    CheckKind, Policy, PolicyError, PolicySet, RuleExtras, RuleSource, TextRuleDocument, Vocabularies, chain,
};

/// One check of one policy, ready for one language.
pub(crate) struct Matcher {
    pub(crate) policy: Arc<Policy>,
    pub(crate) check: usize,
    pub(crate) decided_by: DecidedBy,
    pub(crate) rule: CompiledRule,
    pub(crate) conditions: Vec<Predicate>,
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
    errors: Vec<PolicyError>,
}

impl Matchers {
    /// Compiles what the policies in force say about `language`.
    pub(crate) fn compile(set: &PolicySet, language: Language) -> Self {
        let mut compiler = Compiler {
            language,
            vocabularies: set.vocabularies(),
            list: Vec::new(),
            needs: Vec::new(),
            errors: Vec::new(),
        };
        for policy in set.in_force() {
            compiler.policy(policy);
        }
        let index = Index::new(&compiler.list, &compiler.needs);
        Self { list: compiler.list, index, errors: compiler.errors }
    }

    /// What is wrong with the policies.
    pub(crate) fn errors(&self) -> &[PolicyError] {
        &self.errors
    }
}

struct Compiler<'a> {
    language: Language,
    vocabularies: &'a Vocabularies,
    list: Vec<Matcher>,
    needs: Vec<Needs>,
    errors: Vec<PolicyError>,
}

impl Compiler<'_> {
    fn policy(&mut self, policy: &Arc<Policy>) {
        for check in &policy.checks {
            let compiled = match &check.kind {
                CheckKind::Pattern(rules) => {
                    rules.get(&self.language).map(|rule| (self.ast(rule), rule.line, DecidedBy::Proof))
                }
                CheckKind::Text(rules) => {
                    rules.get(&self.language).map(|rule| (self.text(rule), 0, DecidedBy::Proof))
                }
                CheckKind::Question(question) => question
                    .when
                    .get(&self.language)
                    .map(|rule| (self.ast(rule), rule.line, DecidedBy::Question)),
            };
            match compiled {
                None => {}
                Some((Ok((rule, conditions, needs)), _, decided_by)) => {
                    let policy = Arc::clone(policy);
                    self.list.push(Matcher { policy, check: check.index, decided_by, rule, conditions });
                    self.needs.push(needs);
                }
                Some((Err(problem), line, _)) => self.errors.push(PolicyError {
                    file: policy.file.clone(),
                    line: Some(line).filter(|&line| line > 0),
                    field: format!("checks[{}] ({})", check.index, self.language),
                    problem,
                    remedy: "Mend the rule; `countersign policy test` shows what it matches.".to_owned(),
                }),
            }
        }
    }

    fn ast(&self, source: &RuleSource) -> Result<(CompiledRule, Vec<Predicate>, Needs), String> {
        let rule: SerializableRule = from_value(source.rule.clone())?;
        let extras: RuleExtras = from_value(source.extras.clone())?;
        let core = SerializableRuleCore {
            rule,
            constraints: extras.constraints.map(|map| map.into_iter().collect()),
            utils: extras.utils.map(|map| map.into_iter().collect()),
            transform: extras.transform.map(|map| map.into_iter().collect()),
        };
        let matcher = core.get_matcher(DeserializeEnv::new(self.language)).map_err(|error| chain(&error))?;
        if ast_grep_core::Matcher::potential_kinds(&matcher).is_none() {
            return Err("the rule matches any kind of node; give it a `pattern` or a `kind`".to_owned());
        }
        let conditions = self.conditions(&extras.conditions)?;
        let mut needs = literals::of_rule(source, self.language);
        needs.extend(conditions.iter().flat_map(Predicate::needs));
        Ok((CompiledRule::Ast(Box::new(matcher)), conditions, needs))
    }

    fn text(&self, document: &TextRuleDocument) -> Result<(CompiledRule, Vec<Predicate>, Needs), String> {
        let span = TextSpan::compile(document)?;
        let conditions = self.conditions(&document.conditions)?;
        let mut needs = span.needs();
        needs.extend(conditions.iter().flat_map(Predicate::needs));
        Ok((CompiledRule::Text(span), conditions, needs))
    }

    fn conditions(&self, documents: &[crate::policy::PredicateDocument]) -> Result<Vec<Predicate>, String> {
        documents.iter().map(|document| Predicate::compile(document, self.vocabularies)).collect()
    }
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
