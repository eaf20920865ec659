//! Holds a claim against the syntax tree: what the tree contradicts is not believed.
//!
//! A claim, the place of its quote and the file in; whether the tree says otherwise out. Where the tree cannot
//! tell, it does not contradict.

use std::ops::Range;

use grammars::Language;

use crate::candidate::{
    SyntaxNode, annotations, callee, function, is_identifier, is_type, outward, plain, smallest_node,
    type_of_name,
};
use crate::region::SourceFile;
use crate::verdict::answer::{Claim, ClaimKind};

/// Node kinds, over all grammars, that call something.
const CALLS: &[&str] = &[
    "call",
    "call_expression",
    "invocation_expression",
    "method_invocation",
    "object_creation_expression",
    "new_expression",
];

/// Node kinds that handle an exception.
const HANDLERS: &[&str] = &["catch_block", "catch_clause", "except_clause", "exception_handler"];

/// Annotations that make a function, or all of a type, one transaction.
const TRANSACTIONS: &[&str] = &["Transactional", "TransactionAttribute", "GlobalTransactional"];

/// Languages whose handlers are such nodes.
const WITH_HANDLERS: &[Language] = &[
    Language::Java,
    Language::Kotlin,
    Language::CSharp,
    Language::Cpp,
    Language::Python,
    Language::JavaScript,
    Language::TypeScript,
    Language::Tsx,
];

/// Whether the tree says otherwise.
pub(super) fn is_contradicted(claim: &Claim, place: &Range<usize>, file: &SourceFile) -> bool {
    let Some(node) = file.tree().and_then(|tree| smallest_node(tree, place)) else { return false };
    let subject = plain(claim.subject.trim().trim_start_matches('@').trim_end_matches("()"));
    match claim.kind {
        ClaimKind::CallAbsent => !subject.is_empty() && calls(&around(&node), &subject),
        ClaimKind::AnnotationAbsent => !subject.is_empty() && bears(&node, &subject),
        ClaimKind::HandlerEmpty => WITH_HANDLERS.contains(&file.language) && !handler_is_empty(&node, place),
        ClaimKind::TransactionsDiffer => {
            let is_one = TRANSACTIONS.iter().any(|annotation| bears(&node, annotation));
            is_one && !subject.is_empty() && calls(&around(&node), &subject)
        }
        ClaimKind::DeclaredType => {
            let declared = type_near(&node, place, &subject);
            declared.is_some_and(|declared| !declared.eq_ignore_ascii_case(&plain(claim.value.trim())))
        }
        ClaimKind::Other => false,
    }
}

/// The function around a node; the node where there is none.
fn around<'a>(node: &SyntaxNode<'a>) -> SyntaxNode<'a> {
    function(node).unwrap_or_else(|| node.clone())
}

fn calls(node: &SyntaxNode<'_>, name: &str) -> bool {
    let is_call = |node: &SyntaxNode<'_>| CALLS.contains(&node.kind().as_ref());
    node.dfs().filter(is_call).any(|call| callee(&call).is_some_and(|(called, _)| called == name))
}

fn bears(node: &SyntaxNode<'_>, name: &str) -> bool {
    let declarations = function(node).into_iter().chain(outward(node).find(is_type));
    declarations.into_iter().any(|declaration| annotations(&declaration).iter().any(|own| own == name))
}

/// Whether the handler that the place is in, or that it quotes, does nothing.
fn handler_is_empty(node: &SyntaxNode<'_>, place: &Range<usize>) -> bool {
    let is_handler = |node: &SyntaxNode<'_>| HANDLERS.contains(&node.kind().as_ref());
    let quoted = |node: &SyntaxNode<'_>| {
        let range = node.range();
        is_handler(node) && range.start < place.end && place.start < range.end
    };
    let handler = outward(node).find(is_handler).or_else(|| node.dfs().find(quoted));
    handler.is_some_and(|handler| !handler.dfs().any(|inner| is_statement(&inner, &handler)))
}

/// Whether a node is something that the body of a handler does.
fn is_statement(node: &SyntaxNode<'_>, handler: &SyntaxNode<'_>) -> bool {
    let kind = node.kind();
    let in_body = node.parent().is_some_and(|parent| {
        let kind = parent.kind();
        kind.ends_with("block") || kind == "compound_statement" || kind == "statements"
    });
    node.is_named()
        && in_body
        && node.node_id() != handler.node_id()
        && !kind.contains("comment")
        && kind != "pass_statement"
        && kind != "block"
        && kind != "statements"
        && !(kind.starts_with("catch") || is_identifier(node) || kind.ends_with("_type"))
}

/// The type of a name that stands in the place, or is seen from it.
fn type_near(node: &SyntaxNode<'_>, place: &Range<usize>, name: &str) -> Option<String> {
    let stands_here = |found: &SyntaxNode<'_>| {
        let range = found.range();
        place.start <= range.start && range.end <= place.end && found.is_leaf() && found.text() == name
    };
    let from = node.dfs().find(stands_here).unwrap_or_else(|| node.clone());
    type_of_name(&from, name)
}
