//! The checks of one language: which literals each needs, and its matcher, compiled when a text first has those.

use std::sync::{Arc, OnceLock};

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRule, SerializableRuleCore};
use grammars::Language;
use serde_json::Value;

use crate::candidate::DecidedBy;
use crate::candidate::index::{Index, MatcherId, MatcherNeeds};
use crate::candidate::literal::Edge;
use crate::candidate::needs::{self, Needs, Reach};
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
        let words = set.vocabularies();
        let needs: Vec<MatcherNeeds> =
            list.iter().map(|matcher| matcher.source.all_needs(language, words)).collect();
        let grammar = language.grammar();
        let index = Index::new(&needs, |kind| {
            grammar.as_ref().map_or(0, |grammar| grammar.id_for_node_kind(kind, true))
        });
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
    fn all_needs(&self, language: Language, words: &Vocabularies) -> MatcherNeeds {
        MatcherNeeds {
            file: needs::telling(self.needs(language, words, Reach::File)),
            node: needs::telling(self.needs(language, words, Reach::Node)),
            contexts: match self {
                Self::Ast(source) => {
                    let named = predicate::named(&conditions_of(source), words);
                    needs::contexts(source, language, &named)
                }
                Self::Text(_) => Vec::new(),
            },
        }
    }

    /// What a file must hold for a match, or the matching node.
    fn needs(&self, language: Language, words: &Vocabularies, reach: Reach) -> Needs {
        match (self, reach) {
            (Self::Ast(source), _) => {
                // Of a variable that no pattern binds, the text may be a part of a word.
                let edge = |variable: Option<&str>| match (variable, reach) {
                    (None, _) => Some(Edge::Name),
                    (Some(name), _) if needs::binds(source, language, reach, name) => Some(Edge::Name),
                    (Some(_), Reach::File) => Some(Edge::Any),
                    (Some(_), Reach::Node) => None,
                };
                let mut needs = needs::of_rule(source, language, reach);
                needs.extend(of_conditions(&conditions_of(source), words, reach, &edge));
                needs
            }
            (Self::Text(document), Reach::File) => {
                let mut needs = needs::of_regex(&document.start);
                needs.extend(document.has.iter().flat_map(|has| needs::of_regex(has)));
                needs.extend(of_conditions(&document.conditions, words, reach, &|_| Some(Edge::Any)));
                needs
            }
            (Self::Text(_), Reach::Node) => Needs::new(),
        }
    }
}

fn of_conditions(
    conditions: &[PredicateDocument],
    words: &Vocabularies,
    reach: Reach,
    edge: &dyn Fn(Option<&str>) -> Option<Edge>,
) -> Needs {
    conditions.iter().flat_map(|condition| predicate::needs(condition, words, reach, edge)).collect()
}

/// The conditions of a rule; none where they cannot be read, which compiling the rule reports.
fn conditions_of(source: &RuleSource) -> Vec<PredicateDocument> {
    source.extras.get("where").cloned().and_then(|list| from_value(list).ok()).unwrap_or_default()
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
