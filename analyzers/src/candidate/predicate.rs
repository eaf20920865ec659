//! Conditions that patterns cannot say, compiled: each is general, and policies name it under `where`.

use globset::GlobSet;
use regex::Regex;

use crate::candidate::literal::{Edge, Literal};
use crate::candidate::needs::{self, Clause, Needs, Reach, Regexes};
use crate::candidate::place::Place;
use crate::candidate::regexes::compile as regex;
use crate::candidate::{SyntaxNode, composed, constant, names, scope, secret, types};
use crate::policy::{AnnotatedOn, PredicateDocument, Vocabularies, Vocabulary};

/// A compiled condition.
pub(crate) enum Predicate {
    Name { of: String, vocabulary: Vocabulary },
    Mentions { of: Option<String>, vocabulary: Vocabulary },
    Purpose { vocabulary: Vocabulary },
    Type { of: String, is: Vec<String> },
    Constant { of: String, matches: Option<Regex> },
    Secret { of: String },
    Composed { of: String, besides: Option<Vocabulary> },
    Annotated { with: Vec<String>, on: AnnotatedOn },
    TypeAnnotated { of: String, with: Vec<String> },
    File(Regex),
    Function(Regex),
    Path(GlobSet),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Predicate {
    /// Compiles a condition.
    pub(crate) fn compile(document: &PredicateDocument, words: &Vocabularies) -> Result<Self, String> {
        let many = |documents: &[PredicateDocument]| -> Result<Vec<Self>, String> {
            documents.iter().map(|document| Self::compile(document, words)).collect()
        };
        Ok(match document {
            PredicateDocument::Name { of, means } => {
                Self::Name { of: variable(of), vocabulary: vocabulary(words, means)? }
            }
            PredicateDocument::Mentions { of, means } => {
                Self::Mentions { of: of.as_deref().map(variable), vocabulary: vocabulary(words, means)? }
            }
            PredicateDocument::Purpose { means } => Self::Purpose { vocabulary: vocabulary(words, means)? },
            PredicateDocument::Type { of, is } => Self::Type { of: variable(of), is: is.0.clone() },
            PredicateDocument::Constant { of, matches } => {
                Self::Constant { of: variable(of), matches: matches.as_deref().map(regex).transpose()? }
            }
            PredicateDocument::Secret { of } => Self::Secret { of: variable(of) },
            PredicateDocument::Composed { of, besides } => Self::Composed {
                of: variable(of),
                besides: besides.as_deref().map(|name| vocabulary(words, name)).transpose()?,
            },
            PredicateDocument::Annotated { with, on } => Self::Annotated { with: with.0.clone(), on: *on },
            PredicateDocument::TypeAnnotated { of, with } => {
                Self::TypeAnnotated { of: variable(of), with: with.0.clone() }
            }
            PredicateDocument::File { matches } => Self::File(regex(matches)?),
            PredicateDocument::Function { matches } => Self::Function(regex(matches)?),
            PredicateDocument::Path { matches } => {
                Self::Path(crate::policy::globs(&matches.0).map_err(|error| error.to_string())?)
            }
            PredicateDocument::Not(inner) => Self::Not(Box::new(Self::compile(inner, words)?)),
            PredicateDocument::All(list) => Self::All(many(list)?),
            PredicateDocument::Any(list) => Self::Any(many(list)?),
        })
    }

    /// Whether the condition holds at the place.
    pub(crate) fn holds(&self, place: &Place<'_>) -> bool {
        match self {
            Self::Name { of, vocabulary } => {
                place.text(of).is_some_and(|name| vocabulary.holds(last_name(&name)))
            }
            Self::Mentions { of, vocabulary } => {
                mentioned(place, of.as_deref()).iter().any(|name| vocabulary.holds(name))
            }
            Self::Purpose { vocabulary } => {
                let names = place.node.as_ref().map(names::purpose).unwrap_or_default();
                names.iter().any(|name| vocabulary.holds(last_name(name)))
            }
            Self::Type { of, is } => place
                .captured_node(of)
                .and_then(|node| types::type_of(&node))
                .is_some_and(|kind| is.contains(&kind)),
            Self::Constant { of, matches } => constant_of(place, of)
                .is_some_and(|value| matches.as_ref().is_none_or(|matches| matches.is_match(&value))),
            Self::Secret { of } => {
                place.text(of).is_some_and(|text| secret::is_secret(constant::unquote(&text)))
            }
            Self::Composed { of, besides } => {
                place.captured_node(of).is_some_and(|node| composed::is_composed(&node, besides.as_ref()))
            }
            Self::Annotated { with, on } => {
                place.node.as_ref().is_some_and(|node| annotated(node, with, *on))
            }
            Self::TypeAnnotated { of, with } => type_annotated(place, of, with),
            Self::File(regex) => regex.is_match(place.file.uncommented()),
            Self::Function(regex) => place
                .node
                .as_ref()
                .and_then(scope::function)
                .is_some_and(|function| regex.is_match(&place.file.uncommented()[function.range()])),
            Self::Path(globs) => globs.is_match(&place.file.path),
            Self::Not(inner) => !inner.holds(place),
            Self::All(list) => list.iter().all(|inner| inner.holds(place)),
            Self::Any(list) => list.iter().any(|inner| inner.holds(place)),
        }
    }
}

/// What is asked about the needs of a condition.
pub(crate) struct Asked<'a> {
    pub(crate) words: &'a Vocabularies,
    pub(crate) regexes: &'a Regexes,
    /// Whether the file or the matching node must meet them.
    pub(crate) reach: Reach,
    /// How the words of a variable (none: of the match) stand in the text; none where the variable lies outside
    /// of the node.
    pub(crate) edge: &'a dyn Fn(Option<&str>) -> Option<Edge>,
}

/// What a text must hold for a condition to hold in it.
pub(crate) fn needs(document: &PredicateDocument, asked: &Asked<'_>) -> Needs {
    let names = |vocabulary: &str, edge: Option<Edge>| -> Needs {
        edge.and_then(|edge| terms(asked.words, vocabulary, edge)).into_iter().collect()
    };
    let in_file = |needs: Needs| if asked.reach == Reach::File { needs } else { Needs::new() };
    match document {
        PredicateDocument::Name { of, means } => names(means, (asked.edge)(Some(&variable(of)))),
        PredicateDocument::Mentions { of, means } => {
            names(means, (asked.edge)(of.as_deref().map(variable).as_deref()))
        }
        PredicateDocument::Purpose { means } => in_file(names(means, Some(Edge::Name))),
        PredicateDocument::Annotated { with, .. } => {
            in_file(vec![with.0.iter().map(|name| Literal::new(name, Edge::Word)).collect()])
        }
        PredicateDocument::File { matches } | PredicateDocument::Function { matches } => {
            in_file(asked.regexes.needs(matches))
        }
        PredicateDocument::Type { is, .. } => in_file(types::literals(&is.0)),
        PredicateDocument::All(list) => list.iter().flat_map(|inner| needs(inner, asked)).collect(),
        PredicateDocument::Any(list) => needs::either(list.iter().map(|inner| needs(inner, asked))),
        PredicateDocument::Constant { .. }
        | PredicateDocument::Secret { .. }
        | PredicateDocument::Composed { .. }
        | PredicateDocument::TypeAnnotated { .. }
        | PredicateDocument::Path { .. }
        | PredicateDocument::Not(_) => Needs::new(),
    }
}

/// The terms of a vocabulary.
fn terms(words: &Vocabularies, vocabulary: &str, edge: Edge) -> Option<Clause> {
    let vocabulary = words.get(vocabulary)?;
    // Only the case of ASCII letters is looked over.
    let has_case = |c: char| !c.is_ascii() && (c.is_lowercase() || c.is_uppercase());
    if vocabulary.terms().flatten().any(|word| word.contains(has_case)) {
        return None;
    }
    let literals = vocabulary.terms().filter_map(Literal::of_name);
    Some(literals.map(|term| if edge == Edge::Any { term.anywhere() } else { term }).collect())
}

/// The variables whose text must hold a term of a vocabulary for the condition to hold, and the terms.
pub(crate) fn named(document: &PredicateDocument, words: &Vocabularies) -> Vec<(String, Clause)> {
    match document {
        PredicateDocument::Name { of, means } | PredicateDocument::Mentions { of: Some(of), means } => {
            terms(words, means, Edge::Name).map(|terms| (variable(of), terms)).into_iter().collect()
        }
        PredicateDocument::All(list) => list.iter().flat_map(|inner| named(inner, words)).collect(),
        _ => Vec::new(),
    }
}

fn variable(name: &str) -> String {
    name.trim_start_matches('$').to_owned()
}

fn vocabulary(words: &Vocabularies, name: &str) -> Result<Vocabulary, String> {
    words.get(name).cloned().ok_or_else(|| {
        let known: Vec<_> = words.keys().map(String::as_str).collect();
        format!("unknown vocabulary `{name}`; `vocabularies.yaml` has {}", known.join(", "))
    })
}

/// `this.order.amount` is `amount`.
fn last_name(text: &str) -> &str {
    text.trim().rsplit(['.', '>', ':']).next().unwrap_or(text).trim_matches(['"', '\'', '`', ' '])
}

fn mentioned(place: &Place<'_>, of: Option<&str>) -> Vec<String> {
    let node = match of {
        Some(name) => place.captured_node(name),
        None => place.node.clone(),
    };
    match (node, of) {
        (Some(node), _) => names::inside(&node),
        (None, Some(name)) => place.text(name).map(std::borrow::Cow::into_owned).into_iter().collect(),
        (None, None) => vec![place.file.text()[place.range.clone()].to_owned()],
    }
}

fn constant_of(place: &Place<'_>, of: &str) -> Option<String> {
    match place.captured_node(of) {
        Some(node) => constant::value(&node),
        None => place.text(of).map(|text| constant::unquote(&text).to_owned()),
    }
}

fn annotated(node: &SyntaxNode<'_>, with: &[String], on: AnnotatedOn) -> bool {
    let bears = |declaration: Option<SyntaxNode<'_>>| {
        declaration.is_some_and(|declaration| {
            scope::annotations(&declaration).iter().any(|name| with.contains(name))
        })
    };
    let (member, enclosing) = (on != AnnotatedOn::Type, on != AnnotatedOn::Member);
    member && bears(scope::member(node)) || enclosing && bears(scope::enclosing_type(node))
}

/// Whether the type named by the captured text is declared with an annotation, here or in its own file.
fn type_annotated(place: &Place<'_>, of: &str, with: &[String]) -> bool {
    let Some(name) = place.text(of).map(|text| types::plain(&text)) else { return false };
    let Some(node) = &place.node else { return false };
    let root = scope::outward(node).last();
    let here = root.and_then(|root| {
        root.dfs()
            .filter(scope::is_type)
            .find(|declaration| scope::name_of(declaration).as_ref() == Some(&name))
    });
    match here {
        Some(declaration) => scope::annotations(&declaration).iter().any(|bears| with.contains(bears)),
        None => place
            .elsewhere
            .file_named(&name, place.file.language)
            .is_some_and(|text| text_annotates(&text, &name, with)),
    }
}

/// Whether a file's text annotates the type of the given name: the annotation stands before `class Name`.
fn text_annotates(text: &str, name: &str, with: &[String]) -> bool {
    let head = ["class ", "record ", "interface "]
        .iter()
        .find_map(|keyword| text.split_once(&format!("{keyword}{name}")))
        .map(|(head, _)| head);
    head.is_some_and(|head| {
        with.iter().any(|annotation| {
            let written = [format!("@{annotation}"), format!("[{annotation}"), format!(".{annotation}")];
            written.iter().any(|written| {
                head.match_indices(written.as_str()).any(|(at, found)| {
                    let after = head[at + found.len()..].chars().next();
                    after.is_none_or(|c| !c.is_alphanumeric() && c != ';' && c != '.')
                })
            })
        })
    })
}
