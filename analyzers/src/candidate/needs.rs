//! What a text must hold for a rule to match at all: an AND of ORs of literal strings.
//!
//! Sound, not complete: a text without these literals cannot match; a text with them may still not.
//! Letter case is ignored, which only makes the requirement weaker.

use std::cell::RefCell;
use std::collections::BTreeMap;

use grammars::Language;
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, Hir, HirKind, Look};
use serde_json::Value;

use crate::candidate::literal::{Edge, Literal, is_word_sign};
use crate::policy::RuleSource;

/// Literals of which one must occur.
pub(crate) type Clause = Vec<Literal>;

/// Clauses that must all hold.
pub(crate) type Needs = Vec<Clause>;

/// Shorter literals occur everywhere and decide nothing; a whole word may be one shorter.
const SHORTEST: usize = 3;

/// More alternatives than this decide little and cost memory.
const MOST_ALTERNATIVES: usize = 80;

/// What a rule needs of the file, or of the matching node: the same without what stands around the node.
pub(crate) fn of_rule(source: &RuleSource, language: Language, reach: Reach, regexes: &Regexes) -> Needs {
    Reader::new(source, language, reach, regexes).of(source)
}

/// Whether every match binds the variable to a node within reach.
pub(crate) fn binds(source: &RuleSource, language: Language, reach: Reach, name: &str) -> bool {
    Reader::new(source, language, reach, &Regexes::default()).always_binds(&source.rule, name)
}

/// The kinds of nodes that a rule states; none where it may match others, or where a kind is not of the language.
pub(crate) fn kinds(source: &RuleSource, language: Language) -> Option<Vec<u16>> {
    let kinds = Reader::new(source, language, Reach::Node, &Regexes::default()).kinds(&source.rule, 0)?;
    kinds.iter().map(|kind| language.kind_id(kind)).collect()
}

/// What must enclose a matching node: a node of one of the kinds, whose text meets the needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Context {
    pub(crate) kinds: Vec<String>,
    pub(crate) needs: Needs,
}

/// Contexts of which one encloses every match; empty where that cannot be told. `named` gives what the text of
/// a variable must hold.
pub(crate) fn contexts(
    source: &RuleSource,
    language: Language,
    named: &[(String, Clause)],
    regexes: &Regexes,
) -> Vec<Context> {
    let reader = Reader::new(source, language, Reach::Node, regexes);
    let contexts = reader.around(&source.rule, named, 0).unwrap_or_default();
    let is_known = |kind: &String| language.kind_id(kind).is_some();
    if contexts.iter().flat_map(|context| &context.kinds).all(is_known) { contexts } else { Vec::new() }
}

/// What the children of a matching node must hold, by field. `named` gives what the text of a variable must hold.
pub(crate) fn fields(
    source: &RuleSource,
    language: Language,
    named: &[(String, Clause)],
    regexes: &Regexes,
) -> Vec<(u16, Needs)> {
    let reader = Reader::new(source, language, Reach::Node, regexes);
    let fields = reader.fields(&source.rule, named, 0);
    fields.into_iter().filter_map(|(field, needs)| Some((language.field_id(field)?, needs))).collect()
}

/// Which text the literals are asked of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The whole file.
    File,
    /// The node that matches.
    Node,
}

/// What regular expressions need, each read once.
#[derive(Default)]
pub(crate) struct Regexes(RefCell<BTreeMap<String, Needs>>);

impl Regexes {
    /// What a regular expression needs.
    pub(crate) fn needs(&self, pattern: &str) -> Needs {
        if let Some(known) = self.0.borrow().get(pattern) {
            return known.clone();
        }
        let needs = of_regex(pattern);
        self.0.borrow_mut().insert(pattern.to_owned(), needs.clone());
        needs
    }
}

fn of_regex(pattern: &str) -> Needs {
    let pattern = case_sensitive(pattern);
    // Classes of bytes are read faster; not every pattern can be read so.
    let parse = |unicode: bool| {
        regex_syntax::ParserBuilder::new().unicode(unicode).utf8(unicode).build().parse(&pattern).ok()
    };
    let parsed = parse(false).or_else(|| parse(true));
    parsed.map(|hir| of_hir(&hir, false, false)).unwrap_or_default()
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

/// The clause that fewest texts will hold: few alternatives, long literals, whole words, none of them common.
fn best(needs: Needs) -> Option<Clause> {
    let weight = |literal: &Literal| {
        let is_common = COMMON.contains(&literal.text.as_str());
        if is_common { 0 } else { literal.text.len().min(6) + 2 * usize::from(is_word(literal)) }
    };
    needs.into_iter().max_by_key(|clause| {
        let weakest = clause.iter().map(weight).min().unwrap_or(0);
        let shortest = clause.iter().map(|literal| literal.text.len()).min().unwrap_or(0);
        (weakest, std::cmp::Reverse(clause.len()), shortest)
    })
}

struct Reader<'a> {
    utils: Option<&'a Value>,
    language: Language,
    reach: Reach,
    regexes: &'a Regexes,
}

/// Words that most files hold: a clause with one of them decides little, and finding them all costs time.
const COMMON: &[&str] = &[
    "add",
    "class",
    "data",
    "end",
    "error",
    "exception",
    "final",
    "for",
    "from",
    "get",
    "import",
    "int",
    "integer",
    "log",
    "long",
    "message",
    "name",
    "new",
    "null",
    "path",
    "private",
    "public",
    "put",
    "read",
    "return",
    "set",
    "str",
    "string",
    "table",
    "text",
    "this",
    "throw",
    "type",
    "user",
    "value",
    "with",
];

/// The clauses that decide something; all of them where none does.
pub(crate) fn telling(needs: Needs) -> Needs {
    let is_telling = |clause: &Clause| !clause.iter().any(|literal| COMMON.contains(&literal.text.as_str()));
    if needs.iter().any(is_telling) { needs.into_iter().filter(is_telling).collect() } else { needs }
}

/// Rules that name each other deeper than this are not looked into.
const DEEPEST: usize = 16;

impl<'a> Reader<'a> {
    fn new(source: &'a RuleSource, language: Language, reach: Reach, regexes: &'a Regexes) -> Self {
        Self { utils: source.extras.get("utils"), language, reach, regexes }
    }

    fn of(&self, source: &RuleSource) -> Needs {
        let mut needs = self.rule(&source.rule, 0);
        if let Some(Value::Object(constraints)) = source.extras.get("constraints") {
            for (name, constraint) in constraints {
                if self.always_binds(&source.rule, name) {
                    needs.extend(self.rule(constraint, 0));
                }
            }
        }
        needs
    }

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
                "kind" => value.as_str().map(|kind| self.kind(kind)).unwrap_or_default(),
                "regex" => value.as_str().map(|pattern| self.regexes.needs(pattern)).unwrap_or_default(),
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

    /// Contexts of which one encloses what the rule matches.
    fn around(&self, rule: &Value, named: &[(String, Clause)], depth: usize) -> Option<Vec<Context>> {
        if depth > DEEPEST {
            return None;
        }
        let each = |list: &Value| -> Option<Vec<Context>> {
            let all = self::list(list).iter().map(|sub| self.around(sub, named, depth + 1));
            all.collect::<Option<Vec<_>>>().map(|contexts| contexts.concat())
        };
        let inside = rule.get("inside").and_then(|outer| self.enclosing(outer, named, depth + 1));
        inside
            .or_else(|| list(rule.get("all")?).iter().find_map(|sub| self.around(sub, named, depth + 1)))
            .or_else(|| each(rule.get("any")?))
            .filter(|contexts| !contexts.is_empty())
    }

    /// The same for a rule that what encloses a match must meet.
    fn enclosing(&self, outer: &Value, named: &[(String, Clause)], depth: usize) -> Option<Vec<Context>> {
        if depth > DEEPEST {
            return None;
        }
        let mut needs = self.relation(outer, depth);
        let bound = named.iter().filter(|(variable, _)| self.always_binds(outer, variable));
        needs.extend(bound.map(|(_, clause)| clause.clone()));
        if let Some(kinds) = self.kinds(outer, depth).filter(|_| !needs.is_empty()) {
            return Some(vec![Context { kinds, needs }]);
        }
        self.around(outer, named, depth + 1).or_else(|| {
            let each = list(outer.get("any")?).iter().map(|sub| self.enclosing(sub, named, depth + 1));
            each.collect::<Option<Vec<_>>>().map(|contexts| contexts.concat())
        })
    }

    fn fields<'v>(&self, rule: &'v Value, named: &[(String, Clause)], depth: usize) -> Vec<(&'v str, Needs)> {
        if depth > DEEPEST {
            return Vec::new();
        }
        let own = rule.get("has").and_then(|has| {
            let mut needs = self.relation(has, depth);
            let bound = named.iter().filter(|(variable, _)| self.always_binds(has, variable));
            needs.extend(bound.map(|(_, clause)| clause.clone()));
            Some((has.get("field")?.as_str()?, needs)).filter(|(_, needs)| !needs.is_empty())
        });
        let inside = rule.get("all").into_iter().flat_map(list);
        own.into_iter().chain(inside.flat_map(|sub| self.fields(sub, named, depth + 1))).collect()
    }

    /// The kinds of node that the rule matches; none where it may match others.
    fn kinds(&self, rule: &Value, depth: usize) -> Option<Vec<String>> {
        if depth > DEEPEST {
            return None;
        }
        let of_util = || self.kinds(self.utils?.get(rule.get("matches")?.as_str()?)?, depth + 1);
        let of_any = || {
            let each = list(rule.get("any")?).iter().map(|sub| self.kinds(sub, depth + 1));
            each.collect::<Option<Vec<_>>>().map(|kinds| kinds.concat())
        };
        let of_all = || list(rule.get("all")?).iter().find_map(|sub| self.kinds(sub, depth + 1));
        let own = rule.get("kind").and_then(Value::as_str).map(|kind| vec![kind.to_owned()]);
        let is_plain = |kind: &String| kind.chars().all(|c| c.is_alphanumeric() || c == '_');
        own.or_else(of_util)
            .or_else(of_any)
            .or_else(of_all)
            .filter(|kinds| !kinds.is_empty() && kinds.iter().all(is_plain))
    }

    /// The words that every node of a kind is written with.
    fn kind(&self, kind: &str) -> Needs {
        self.language.words_of_kind(kind).map(|word| vec![Literal::new(word, Edge::Word)]).collect()
    }

    /// A relation is a rule with `stopBy` and `field` beside it, which need nothing.
    fn relation(&self, relation: &Value, depth: usize) -> Needs {
        if relation.is_object() { self.rule(relation, depth + 1) } else { Needs::new() }
    }

    fn util(&self, name: &Value, depth: usize) -> Needs {
        let rule = name.as_str().and_then(|name| self.utils?.get(name));
        rule.map(|rule| self.rule(rule, depth + 1)).unwrap_or_default()
    }

    /// A pattern in a context needs what its selected part needs, which its text does not tell.
    fn pattern_style(value: &Value) -> Needs {
        let strictness = value.get("strictness").and_then(Value::as_str).unwrap_or("smart");
        if !matches!(strictness, "cst" | "smart" | "template") {
            return Needs::new();
        }
        let selected = value.get("selector").is_some_and(|selector| !selector.is_null());
        let text = value.as_str().or_else(|| value.get("context")?.as_str()).filter(|_| !selected);
        text.map(words_of_pattern).unwrap_or_default()
    }

    /// Whether every way to match the rule binds the variable, so that its constraint always holds.
    fn always_binds(&self, rule: &Value, name: &str) -> bool {
        let bound = |text: &str| {
            text.match_indices(&format!("${name}")).any(|(at, found)| {
                !text[..at].ends_with('$') && !text[at + found.len()..].starts_with(is_word_sign)
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
                "has" => self.always_binds(value, name),
                "inside" | "precedes" | "follows" => {
                    self.reach == Reach::File && self.always_binds(value, name)
                }
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
    let mut needs = Needs::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(is_word_sign) {
        let is_variable = rest[..at].ends_with('$');
        let end = rest[at..].find(|c| !is_word_sign(c)).map_or(rest.len(), |length| at + length);
        if !is_variable {
            needs.extend(literal(&rest[at..end], true, true));
        }
        rest = &rest[end..];
    }
    needs
}

fn literal(text: &str, word_left: bool, word_right: bool) -> Option<Clause> {
    // A word has an edge; a sign beside a letter has none.
    let edge = |word: bool, is_word: bool| if word && is_word { Edge::Word } else { Edge::Any };
    let trimmed = text.trim();
    let left = edge(word_left || text.starts_with(char::is_whitespace), trimmed.starts_with(is_word_sign));
    let right = edge(word_right || text.ends_with(char::is_whitespace), trimmed.ends_with(is_word_sign));
    let literal = Literal::between(left, trimmed, right);
    (literal.text.is_ascii() && literal.text.len() >= SHORTEST - usize::from(is_word(&literal)))
        .then(|| vec![literal])
}

/// Whether the literal stands alone.
fn is_word(literal: &Literal) -> bool {
    literal.left != Edge::Any && literal.right != Edge::Any
}

/// What a regular expression needs whose match has the edge of a word at its left, at its right.
fn of_hir(hir: &Hir, left: bool, right: bool) -> Needs {
    match hir.kind() {
        HirKind::Literal(bytes) => std::str::from_utf8(&bytes.0)
            .ok()
            .and_then(|text| literal(text, left, right))
            .into_iter()
            .collect(),
        HirKind::Capture(capture) => of_hir(&capture.sub, left, right),
        HirKind::Repetition(repetition) if repetition.min > 0 => of_hir(&repetition.sub, false, false),
        HirKind::Concat(parts) => of_parts(parts, left, right),
        HirKind::Alternation(parts) => either(parts.iter().map(|part| of_hir(part, left, right))),
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) | HirKind::Repetition(_) => Needs::new(),
    }
}

fn of_parts(parts: &[Hir], left: bool, right: bool) -> Needs {
    let mut needs = Needs::new();
    let mut is_told = false;
    for (at, part) in parts.iter().enumerate() {
        let left = at.checked_sub(1).map_or(left, |before| ends_word(&parts[before]));
        let right = parts.get(at + 1).map_or(right, ends_word);
        let own = of_hir(part, left, right);
        let is_look = matches!(part.kind(), HirKind::Look(_));
        if own.is_empty() && !is_look && !is_told {
            let beginnings = beginnings(&parts[at..], left);
            is_told = beginnings.is_some();
            needs.extend(beginnings);
        }
        needs.extend(own);
    }
    needs
}

/// Whether what the part matches parts words: a blank, a sign, a border.
fn ends_word(part: &Hir) -> bool {
    let is_word = |first: char, last: char| ('0'..='z').any(|c| is_word_sign(c) && first <= c && c <= last);
    match part.kind() {
        HirKind::Look(look) => is_edge(*look),
        HirKind::Class(Class::Unicode(class)) => {
            !class.iter().any(|range| is_word(range.start(), range.end()))
        }
        HirKind::Class(Class::Bytes(class)) => {
            !class.iter().any(|range| is_word(range.start().into(), range.end().into()))
        }
        HirKind::Repetition(repetition) => repetition.min > 0 && ends_word(&repetition.sub),
        _ => false,
    }
}

/// Whether no letter, digit or underscore stands at both sides. An anchor stands at the edge of a token.
fn is_edge(look: Look) -> bool {
    matches!(
        look,
        Look::Start
            | Look::End
            | Look::StartLF
            | Look::EndLF
            | Look::StartCRLF
            | Look::EndCRLF
            | Look::WordAscii
            | Look::WordUnicode
    )
}

/// With what the parts together begin, where that is one of a few texts: `@(lombok\.)?(Data|Value)`.
fn beginnings(parts: &[Hir], left: bool) -> Option<Clause> {
    let mut extractor = Extractor::new();
    extractor.kind(ExtractKind::Prefix).limit_total(MOST_ALTERNATIVES);
    let sequence = extractor.extract(&Hir::concat(parts.to_vec()));
    let found = sequence.literals()?.iter().map(|found| std::str::from_utf8(found.as_bytes()).ok());
    let found: Clause = found.map(|text| literal(text?, left, false)).collect::<Option<Vec<_>>>()?.concat();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &str, expected: &[&[&str]]) {
        let source = RuleSource { rule: serde_saphyr::from_str(rule).unwrap(), extras: Value::Null, line: 1 };
        let mut needs = texts(of_rule(&source, Language::Java, Reach::File, &Regexes::default()));
        needs.sort();
        assert_eq!(needs, expected, "{rule}");
    }

    fn texts(needs: Needs) -> Vec<Vec<String>> {
        needs.into_iter().map(|clause| clause.into_iter().map(|literal| literal.text).collect()).collect()
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
    fn what_encloses_a_match_is_known_by_kind_and_words() {
        let check = |rule: &str, expected: &[(&str, &str)]| {
            let source =
                RuleSource { rule: serde_saphyr::from_str(rule).unwrap(), extras: Value::Null, line: 1 };
            let named = [("NAME".to_owned(), vec![Literal::new("pin", Edge::Name)])];
            let found = contexts(&source, Language::Java, &named, &Regexes::default());
            let found: Vec<(String, String)> = found
                .into_iter()
                .map(|context| (context.kinds.join(" "), texts(context.needs).concat().join(" ")))
                .collect();
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(found, expected, "{rule}");
        };
        check(
            "{kind: identifier, inside: {stopBy: end, any: [{kind: block, has: {pattern: $NAME}}, {kind: class_body, regex: word}]}}",
            &[("block", "pin"), ("class_body", "word")],
        );
        check(
            "{kind: identifier, inside: {kind: block, inside: {kind: class_body, has: {pattern: $NAME}}}}",
            &[("class_body", "pin")],
        );
        check("{any: [{kind: identifier, inside: {kind: block, regex: word}}, {kind: block}]}", &[]);
        check("{kind: identifier, inside: {has: {pattern: $NAME}}}", &[]);
        check("{kind: identifier, inside: {kind: 'block > block', regex: word}}", &[]);
    }

    #[test]
    fn only_words_have_edges() {
        let edges = |pattern: &str| {
            let needs = of_regex(pattern);
            needs.concat().iter().map(|literal| (literal.left, literal.right)).collect::<Vec<_>>()
        };
        assert_eq!(edges(r"^\(true\)$"), [(Edge::Any, Edge::Any)]);
        assert_eq!(edges(r"\bjava\.\b"), [(Edge::Word, Edge::Any)]);
        assert_eq!(edges(r"^true$"), [(Edge::Word, Edge::Word)]);
        assert_eq!(edges(r"true\w"), [(Edge::Any, Edge::Any)]);
    }

    #[test]
    fn what_a_pattern_may_skip_is_not_needed() {
        check("pattern: {context: 'let $A = first', strictness: relaxed}", &[]);
        check("{pattern: foo($$$ARGS), constraints: {ARGS: {regex: secret}}}", &[&["foo"]]);
    }

    #[test]
    fn a_regular_expression_needs_what_every_match_holds() {
        let check =
            |pattern: &str, expected: &[&[&str]]| assert_eq!(texts(of_regex(pattern)), expected, "{pattern}");
        check("(?i)with\\s+nolock", &[&["with"], &["nolock"]]);
        check("a+b*", &[]);
        check("@(a\\.)?(Data|Value)$", &[&["@a.data", "@a.value", "@data", "@value"], &["data", "value"]]);
    }
}
