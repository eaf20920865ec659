//! What a text must hold for a rule to match at all: an AND of ORs of literal strings.
//!
//! Sound, not complete: a text without these literals cannot match; a text with them may still not.
//! Letter case is ignored, which only makes the requirement weaker.

use regex_syntax::hir::{Hir, HirKind};
use serde_json::Value;

use crate::policy::RuleSource;

/// Literals of which one must occur.
pub(crate) type Clause = Vec<String>;

/// Clauses that must all hold.
pub(crate) type Needs = Vec<Clause>;

/// Shorter literals occur everywhere and decide nothing.
const SHORTEST: usize = 3;

/// More alternatives than this decide little and cost memory.
const MOST_ALTERNATIVES: usize = 80;

/// What a rule needs.
pub(crate) fn of_rule(source: &RuleSource) -> Needs {
    let reader = Reader { utils: source.extras.get("utils"), reach: Reach::File };
    let mut needs = reader.rule(&source.rule, 0);
    if let Some(Value::Object(constraints)) = source.extras.get("constraints") {
        for (name, constraint) in constraints {
            if reader.always_binds(&source.rule, name) {
                needs.extend(reader.rule(constraint, 0));
            }
        }
    }
    needs
}

/// What the text of a matching node itself must hold: the same without what stands around the node.
pub(crate) fn of_node(source: &RuleSource) -> Needs {
    Reader { utils: source.extras.get("utils"), reach: Reach::Node }.rule(&source.rule, 0)
}

/// Which text the literals are asked of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The whole file.
    File,
    /// The node that matches.
    Node,
}

/// What a regular expression needs.
pub(crate) fn of_regex(pattern: &str) -> Needs {
    let parsed = regex_syntax::ParserBuilder::new().build().parse(&case_sensitive(pattern));
    parsed.map(|hir| of_hir(&hir)).unwrap_or_default()
}

/// The pattern without its leading case flag: the literals are looked up without regard to case anyway.
fn case_sensitive(pattern: &str) -> String {
    pattern.replacen("(?i)", "", 1).replacen("(?is)", "(?s)", 1).replacen("(?im)", "(?m)", 1)
}

/// One clause from several alternatives: each gives its best clause, or there is none.
pub(crate) fn either(alternatives: impl IntoIterator<Item = Needs>) -> Needs {
    let mut merged = Clause::new();
    for needs in alternatives {
        match best(needs) {
            Some(clause) => merged.extend(clause),
            None => return Needs::new(),
        }
    }
    merged.sort();
    merged.dedup();
    if merged.is_empty() || merged.len() > MOST_ALTERNATIVES { Needs::new() } else { vec![merged] }
}

/// The clause that fewest texts will hold: few alternatives, long literals.
fn best(needs: Needs) -> Option<Clause> {
    needs.into_iter().max_by_key(|clause| {
        let shortest = clause.iter().map(String::len).min().unwrap_or(0);
        (shortest.min(6), std::cmp::Reverse(clause.len()), shortest)
    })
}

struct Reader<'a> {
    utils: Option<&'a Value>,
    reach: Reach,
}

/// Rules that name each other deeper than this are not looked into.
const DEEPEST: usize = 16;

impl Reader<'_> {
    fn rule(&self, rule: &Value, depth: usize) -> Needs {
        let Value::Object(keys) = rule else {
            return rule.as_str().map(words_of_pattern).unwrap_or_default();
        };
        if depth > DEEPEST {
            return Needs::new();
        }
        let mut needs = Needs::new();
        for (key, value) in keys {
            needs.extend(match key.as_str() {
                "pattern" => Self::pattern_style(value),
                "regex" => value.as_str().map(of_regex).unwrap_or_default(),
                "all" => list(value).iter().flat_map(|sub| self.rule(sub, depth + 1)).collect(),
                "any" => either(list(value).iter().map(|sub| self.rule(sub, depth + 1))),
                "has" => self.relation(value, depth),
                "inside" | "precedes" | "follows" if self.reach == Reach::File => self.relation(value, depth),
                "matches" => self.util(value, depth),
                _ => Needs::new(),
            });
        }
        needs
    }

    fn relation(&self, relation: &Value, depth: usize) -> Needs {
        let Value::Object(keys) = relation else { return Needs::new() };
        let rule: serde_json::Map<String, Value> = keys
            .iter()
            .filter(|(key, _)| *key != "stopBy" && *key != "field")
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        self.rule(&Value::Object(rule), depth + 1)
    }

    fn util(&self, name: &Value, depth: usize) -> Needs {
        let rule = name.as_str().and_then(|name| self.utils?.get(name));
        rule.map(|rule| self.rule(rule, depth + 1)).unwrap_or_default()
    }

    /// A pattern in a context needs what its selected part needs, which its text does not tell.
    fn pattern_style(value: &Value) -> Needs {
        let selected = value.get("selector").is_some_and(|selector| !selector.is_null());
        let text = value.as_str().or_else(|| value.get("context")?.as_str()).filter(|_| !selected);
        text.map(words_of_pattern).unwrap_or_default()
    }

    /// Whether every way to match the rule binds the variable, so that its constraint always holds.
    fn always_binds(&self, rule: &Value, name: &str) -> bool {
        let bound = |text: &str| {
            text.match_indices(&format!("${name}")).any(|(at, found)| {
                !text[at + found.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            })
        };
        match rule {
            Value::String(pattern) => bound(pattern),
            Value::Object(keys) => keys.iter().any(|(key, value)| match key.as_str() {
                "pattern" => {
                    bound(value.as_str().or_else(|| value.get("context")?.as_str()).unwrap_or_default())
                }
                "all" => list(value).iter().any(|sub| self.always_binds(sub, name)),
                "any" => list(value).iter().all(|sub| self.always_binds(sub, name)),
                "inside" | "has" | "precedes" | "follows" => self.always_binds(value, name),
                _ => false,
            }),
            _ => false,
        }
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The words that a pattern's code holds besides its variables.
fn words_of_pattern(pattern: &str) -> Needs {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut needs = Needs::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(is_word) {
        let is_variable = rest[..at].ends_with('$');
        let end = rest[at..].find(|c| !is_word(c)).map_or(rest.len(), |length| at + length);
        if !is_variable {
            needs.extend(literal(&rest[at..end]));
        }
        rest = &rest[end..];
    }
    needs
}

fn literal(text: &str) -> Option<Clause> {
    let text = text.trim();
    (text.len() >= SHORTEST && text.is_ascii()).then(|| vec![text.to_ascii_lowercase()])
}

fn of_hir(hir: &Hir) -> Needs {
    match hir.kind() {
        HirKind::Literal(bytes) => std::str::from_utf8(&bytes.0).ok().and_then(literal).into_iter().collect(),
        HirKind::Capture(capture) => of_hir(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_hir(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(of_hir).collect(),
        HirKind::Alternation(parts) => either(parts.iter().map(of_hir)),
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => Needs::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &str, expected: &[&[&str]]) {
        let source = RuleSource { rule: serde_saphyr::from_str(rule).unwrap(), extras: Value::Null, line: 1 };
        let mut needs = of_rule(&source);
        needs.sort();
        assert_eq!(needs, expected, "{rule}");
    }

    #[test]
    fn a_rule_needs_the_words_of_its_patterns() {
        check("pattern: MessageDigest.getInstance($A)", &[&["getinstance"], &["messagedigest"]]);
        check("{any: [{pattern: foo.barrel($A)}, {pattern: quux()}]}", &[&["barrel", "quux"]]);
        check("{any: [{pattern: foo.bar($A)}, {kind: identifier}]}", &[]);
        check("{kind: string_literal, regex: '(?i)DES|RC4.*x'}", &[&["des", "rc4"]]);
        check("{pattern: foo($A), not: {pattern: foo(bar)}}", &[&["foo"]]);
        check("{kind: block, has: {pattern: run($$$), stopBy: end}}", &[&["run"]]);
    }

    #[test]
    fn a_regular_expression_needs_what_every_match_holds() {
        assert_eq!(of_regex("(?i)with\\s+nolock"), [["with"], ["nolock"]]);
        assert_eq!(of_regex("a+b*"), Needs::new());
    }
}
