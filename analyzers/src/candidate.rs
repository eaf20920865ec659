//! Candidates: places that a policy's check points at, found in one file.
//!
//! In: a parsed file and the compiled checks of its language. Out: candidates in rising order of position.
//! `compile` makes matchers of policies, `index` decides which of them can match a text at all, `detect`
//! runs those over the tree in one traversal.

mod compile;
mod composed;
mod constant;
mod detect;
mod fixes;
mod format_verbs;
mod index;
mod literal;
mod names;
mod needs;
mod place;
mod predicate;
mod regexes;
mod scope;
pub(crate) mod secret;
mod text_span;
mod types;

use std::ops::Range;
use std::sync::Arc;

use ast_grep_core::tree_sitter::StrDoc;
use grammars::Language;

pub(crate) use crate::candidate::compile::Matchers;
pub(crate) use crate::candidate::detect::{FlowMark, Scope, detect, find, marks};
pub(crate) use crate::candidate::fixes::finds_less;
pub(crate) use crate::candidate::place::Elsewhere;
pub(crate) use crate::candidate::scope::{
    annotations, function, function_name, is_function, is_identifier, is_type, name_of, outward,
    smallest_node,
};
pub(crate) use crate::candidate::types::{callee, declared_names, plain, type_of_name};
use crate::finding::Location;
use crate::policy::Policy;
use crate::text::Text;

/// A node of a syntax tree.
pub(crate) type SyntaxNode<'tree> = ast_grep_core::Node<'tree, StrDoc<Language>>;

/// A place that a check points at.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The policy whose check it is.
    pub(crate) policy: Arc<Policy>,
    /// Which of the policy's checks.
    pub(crate) check: usize,
    /// Whether the check decides by itself or asks the model.
    pub(crate) decided_by: DecidedBy,
    /// The place to show, in bytes of the file's text.
    pub(crate) range: Range<usize>,
    /// What is wrong, with the captured names filled in.
    pub(crate) message: Text,
    /// The captured text that names the cause.
    pub(crate) cause: Option<String>,
    /// A proved replacement.
    pub(crate) fix: Option<Replacement>,
    /// Why it is so here, in the words of a model.
    pub(crate) why: Option<String>,
    /// The way of the value, from its source to the place; nothing where no flow is meant.
    pub(crate) flow: Vec<Location>,
}

/// Who decides whether a candidate is a breach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecidedBy {
    /// The check: a match is proof.
    Proof,
    /// The model.
    Question,
}

/// New text for a stretch of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// The stretch, in bytes of the file's text.
    pub(crate) range: Range<usize>,
    /// The new text.
    pub(crate) text: String,
}
