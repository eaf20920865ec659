//! The checks of one language: what each needs, and its rule and conditions, each compiled when first come to.

use std::sync::{Arc, OnceLock};

use ast_grep_config::{DeserializeEnv, RuleCore, SerializableRule, SerializableRuleCore};
use grammars::Language;
use serde_json::Value;

use crate::candidate::DecidedBy;
use crate::candidate::index::{Index, MatcherId, MatcherNeeds};
use crate::candidate::literal::Edge;
use crate::candidate::needs::{self, Reach, Regexes};
use crate::candidate::predicate::{self, Asked, Predicate};
use crate::candidate::regexes;
use crate::candidate::text_span::TextSpan;
use crate::policy::{
    Check, CheckKind, EndpointKind, EndpointRole, Policy, PolicyError, PolicySet, PredicateDocument,
    RuleExtras, RuleSource, TextRuleDocument, Vocabularies, chain,
};

/// One check of one policy, for one language.
pub(crate) struct Matcher {
    pub(crate) policy: Arc<Policy>,
    pub(crate) check: usize,
    pub(crate) decided_by: DecidedBy,
    /// Where it only says where values come from or go to: as what, and the captured variable that is meant.
    pub(crate) endpoint: Option<(EndpointRole, Option<String>)>,
    source: Source,
    /// Kinds of nodes that can match, where the rule states them.
    kinds: Option<Vec<u16>>,
    rule: OnceLock<Result<CompiledRule, PolicyError>>,
    conditions: Vec<Condition>,
}

/// A check as written.
enum Source {
    Ast(Arc<RuleSource>),
    Text(TextRuleDocument),
}

/// A condition as written and as it runs.
struct Condition {
    document: PredicateDocument,
    compiled: OnceLock<Result<Predicate, PolicyError>>,
}

/// What a matcher looks at.
pub(crate) enum CompiledRule {
    /// Nodes of the tree.
    Ast(AstRule),
    /// Spans of the text.
    Text(TextSpan),
}

/// A rule over nodes.
pub(crate) struct AstRule {
    pub(crate) core: Box<RuleCore>,
    /// Kinds of nodes that can match.
    kinds: Vec<u16>,
}

/// The matchers of one language.
pub(crate) struct Matchers {
    pub(crate) list: Vec<Matcher>,
    pub(crate) index: Index,
    language: Language,
    vocabularies: Arc<Vocabularies>,
}

impl Matcher {
    fn new(policy: Arc<Policy>, check: &Check, language: Language) -> Option<Self> {
        let (source, decided_by) = source_of(&check.kind, language)?;
        Some(Self::of_source(policy, check, language, source, decided_by))
    }

    /// The patterns of a check of data flow.
    fn endpoints<'a>(
        policy: &'a Arc<Policy>,
        check: &'a Check,
        language: Language,
    ) -> impl Iterator<Item = Self> + 'a {
        let rules = match &check.kind {
            CheckKind::Flow(rules) => rules.get(&language),
            _ => None,
        };
        let endpoints = rules.map(|rules| rules.endpoints.as_slice()).unwrap_or_default();
        endpoints.iter().filter_map(move |endpoint| {
            let EndpointKind::Pattern(rule, argument) = &endpoint.kind else { return None };
            let source = Source::Ast(rule.clone());
            let matcher = Self::of_source(policy.clone(), check, language, source, DecidedBy::Proof);
            Some(Self { endpoint: Some((endpoint.role, argument.clone())), ..matcher })
        })
    }

    fn of_source(
        policy: Arc<Policy>,
        check: &Check,
        language: Language,
        source: Source,
        decided_by: DecidedBy,
    ) -> Self {
        let kinds = match &source {
            Source::Ast(source) => needs::kinds(source, language),
            Source::Text(_) => None,
        };
        let documents = match &source {
            // Conditions that cannot be read are reported when the rule is compiled.
            Source::Ast(source) => source.extras.get("where").cloned().map(from_value).and_then(Result::ok),
            Source::Text(document) => Some(document.conditions.clone()),
        };
        let condition = |document| Condition { document, compiled: OnceLock::new() };
        Self {
            policy,
            check: check.index,
            decided_by,
            endpoint: None,
            source,
            kinds,
            rule: OnceLock::new(),
            conditions: documents.unwrap_or_default().into_iter().map(condition).collect(),
        }
    }

    /// Whether it looks at the text, not at nodes.
    pub(crate) fn is_of_text(&self) -> bool {
        matches!(self.source, Source::Text(_))
    }

    fn error(&self, language: Language, problem: String) -> PolicyError {
        let line = match &self.source {
            Source::Ast(source) => Some(source.line).filter(|&line| line > 0),
            Source::Text(_) => None,
        };
        PolicyError {
            file: self.policy.file.clone(),
            line,
            field: format!("checks[{}] ({language})", self.check),
            problem,
            remedy: "Mend the rule; `countersign policy test` shows what it matches.".to_owned(),
        }
    }

    fn needs(&self, language: Language, words: &Vocabularies, regexes: &Regexes) -> MatcherNeeds {
        let documents = || self.conditions.iter().map(|condition| &condition.document);
        match &self.source {
            Source::Ast(source) => {
                let of_reach = |reach| {
                    // Of a variable that no pattern binds, the text may be a part of a word.
                    let edge = |variable: Option<&str>| match (variable, reach) {
                        (None, _) => Some(Edge::Name),
                        // What a transformation makes need not stand anywhere.
                        (Some(name), _) if transformed(source, name) => None,
                        (Some(name), _) if needs::binds(source, language, reach, name) => Some(Edge::Name),
                        (Some(_), Reach::File) => Some(Edge::Any),
                        (Some(_), Reach::Node) => None,
                    };
                    let asked = Asked { words, regexes, reach, edge: &edge };
                    let mut needs = needs::of_rule(source, language, reach, regexes);
                    needs.extend(documents().flat_map(|document| predicate::needs(document, &asked)));
                    needs::telling(needs)
                };
                let named: Vec<_> =
                    documents().flat_map(|document| predicate::named(document, words)).collect();
                MatcherNeeds {
                    file: of_reach(Reach::File),
                    node: of_reach(Reach::Node),
                    fields: needs::fields(source, language, &named, regexes),
                    contexts: needs::contexts(source, language, &named, regexes),
                }
            }
            Source::Text(document) => {
                let asked = Asked { words, regexes, reach: Reach::File, edge: &|_| Some(Edge::Any) };
                let mut needs = regexes.needs(&document.start);
                needs.extend(document.has.iter().flat_map(|has| regexes.needs(has)));
                needs.extend(documents().flat_map(|document| predicate::needs(document, &asked)));
                MatcherNeeds { file: needs::telling(needs), ..MatcherNeeds::default() }
            }
        }
    }
}

impl Matchers {
    /// Gathers what the policies in force say about `language`.
    pub(crate) fn gather(set: &PolicySet, language: Language) -> Self {
        let mut list = Vec::new();
        for policy in set.in_force() {
            list.extend(
                policy.checks.iter().filter_map(|check| Matcher::new(policy.clone(), check, language)),
            );
            for check in &policy.checks {
                list.extend(Matcher::endpoints(policy, check, language));
            }
        }
        let regexes = Regexes::default();
        let needs: Vec<MatcherNeeds> =
            list.iter().map(|matcher| matcher.needs(language, set.vocabularies(), &regexes)).collect();
        let index = Index::new(&needs, |kind| language.kind_id(kind).unwrap_or(0));
        Self { list, index, language, vocabularies: set.shared_vocabularies() }
    }

    /// The rule of a number in the list, or what is wrong with it.
    pub(crate) fn rule(&self, id: MatcherId) -> Result<&CompiledRule, &PolicyError> {
        let matcher = &self.list[id];
        let compile = || {
            let rule = match &matcher.source {
                Source::Ast(source) => self.ast(source).map(CompiledRule::Ast),
                Source::Text(document) => TextSpan::compile(document).map(CompiledRule::Text),
            };
            rule.map_err(|problem| matcher.error(self.language, problem))
        };
        matcher.rule.get_or_init(compile).as_ref()
    }

    /// Kinds of nodes that can match; none for a rule over text.
    pub(crate) fn kinds(&self, id: MatcherId) -> Result<&[u16], &PolicyError> {
        if let Some(kinds) = &self.list[id].kinds {
            return Ok(kinds);
        }
        self.rule(id).map(|rule| match rule {
            CompiledRule::Ast(rule) => rule.kinds.as_slice(),
            CompiledRule::Text(_) => &[],
        })
    }

    /// The conditions beside the rule; each is compiled when it is come to.
    pub(crate) fn conditions(&self, id: MatcherId) -> impl Iterator<Item = Result<&Predicate, &PolicyError>> {
        let matcher = &self.list[id];
        matcher.conditions.iter().map(|condition| {
            let compile = || {
                let compiled = Predicate::compile(&condition.document, &self.vocabularies);
                compiled.map_err(|problem| matcher.error(self.language, problem))
            };
            condition.compiled.get_or_init(compile).as_ref()
        })
    }

    /// What is wrong with the checks; compiles them all.
    pub(crate) fn errors(&self) -> Vec<PolicyError> {
        let of_one = |id| self.rule(id).err().or_else(|| self.conditions(id).find_map(Result::err)).cloned();
        (0..self.list.len()).filter_map(of_one).collect()
    }

    fn ast(&self, source: &RuleSource) -> Result<AstRule, String> {
        let rule: SerializableRule = from_value(regexes::plain_rule(source.rule.clone()))?;
        let extras: RuleExtras = from_value(regexes::plain_rule(source.extras.clone()))?;
        let core = SerializableRuleCore {
            rule,
            constraints: extras.constraints.map(|map| map.into_iter().collect()),
            utils: extras.utils.map(|map| map.into_iter().collect()),
            transform: extras.transform.map(|map| map.into_iter().collect()),
        };
        let core = core.get_matcher(DeserializeEnv::new(self.language)).map_err(|error| chain(&error))?;
        let kinds = ast_grep_core::Matcher::potential_kinds(&core)
            .ok_or("the rule matches any kind of node; give it a `pattern` or a `kind`")?;
        let kinds = kinds.iter().filter_map(|kind| u16::try_from(kind).ok()).collect();
        Ok(AstRule { core: Box::new(core), kinds })
    }
}

fn transformed(source: &RuleSource, variable: &str) -> bool {
    source.extras.get("transform").is_some_and(|made| made.get(variable).is_some())
}

fn source_of(kind: &CheckKind, language: Language) -> Option<(Source, DecidedBy)> {
    let ast = |rule: &Arc<RuleSource>| Source::Ast(rule.clone());
    match kind {
        CheckKind::Pattern(rules) => Some((ast(rules.get(&language)?), DecidedBy::Proof)),
        CheckKind::Text(rules) => Some((Source::Text(rules.get(&language)?.clone()), DecidedBy::Proof)),
        CheckKind::Flow(_) => None,
        CheckKind::Question(question) => Some((ast(question.when.get(&language)?), DecidedBy::Question)),
    }
}

fn from_value<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
