//! What encloses a node: functions, types, and the annotations they bear.

use std::ops::Range;

use grammars::{SyntaxTree, Walk, one_inside, walk};

use crate::candidate::SyntaxNode;

/// Node kinds, over all grammars, that are functions with a body of their own.
const FUNCTIONS: &[&str] = &[
    "anonymous_function",
    "arrow_function",
    "compact_constructor_declaration",
    "constructor_declaration",
    "create_function",
    "func_literal",
    "function_declaration",
    "function_definition",
    "function_expression",
    "function_item",
    "generator_function_declaration",
    "lambda",
    "lambda_expression",
    "lambda_literal",
    "local_function_statement",
    "method_declaration",
    "method_definition",
    "secondary_constructor",
];

/// Functions that are values inside another function.
const LAMBDAS: &[&str] = &[
    "anonymous_function",
    "arrow_function",
    "func_literal",
    "function_expression",
    "lambda",
    "lambda_expression",
    "lambda_literal",
];

/// Node kinds that are types with members.
const TYPES: &[&str] = &[
    "annotation_type_declaration",
    "class_declaration",
    "class_definition",
    "class_specifier",
    "enum_declaration",
    "impl_item",
    "interface_declaration",
    "object_declaration",
    "object_definition",
    "record_declaration",
    "struct_declaration",
    "struct_specifier",
    "trait_definition",
    "trait_item",
];

/// Other members that may bear annotations.
const MEMBERS: &[&str] = &[
    "annotation_type_element_declaration",
    "class_parameter",
    "decorated_definition",
    "field_declaration",
    "field_definition",
    "formal_parameter",
    "parameter",
    "property_declaration",
    "public_field_definition",
    "required_parameter",
];

/// Node kinds that are an annotation, an attribute or a decorator.
const ANNOTATIONS: &[&str] = &["annotation", "attribute", "decorator", "marker_annotation"];

/// Node kinds between a declaration and its annotations.
const ANNOTATION_LISTS: &[&str] = &["annotations", "attribute_list", "modifiers"];

pub(crate) fn is_function(node: &SyntaxNode<'_>) -> bool {
    FUNCTIONS.contains(&node.kind().as_ref())
}

pub(crate) fn is_type(node: &SyntaxNode<'_>) -> bool {
    TYPES.contains(&node.kind().as_ref())
}

fn is_member(node: &SyntaxNode<'_>) -> bool {
    is_function(node) || MEMBERS.contains(&node.kind().as_ref())
}

/// The smallest node that holds a stretch of the tree's text.
pub(crate) fn smallest_node<'a>(tree: &'a SyntaxTree, range: &Range<usize>) -> Option<SyntaxNode<'a>> {
    let root = tree.root();
    let inner = root.get_inner_node().descendant_for_byte_range(range.start, range.end)?;
    Some(root.root().adopt(inner))
}

/// Where a name stands in a tree's text: whatever is said of the name is said around one of these places.
pub(crate) struct Mentions(Vec<usize>);

impl Mentions {
    pub(crate) fn of(name: &str, tree: &SyntaxNode<'_>) -> Self {
        Self(memchr::memmem::find_iter(tree.get_doc().src.as_bytes(), name).collect())
    }

    /// Whether the name stands inside the node.
    pub(crate) fn are_in(&self, node: &SyntaxNode<'_>) -> bool {
        one_inside(&self.0, &node.range())
    }

    /// The node and what is inside it, in the order of the text, as far as the name stands in it.
    pub(crate) fn nodes<'a>(&self, node: &SyntaxNode<'a>) -> Vec<SyntaxNode<'a>> {
        let mut found = Vec::new();
        walk(node.get_inner_node(), |inner| {
            if !one_inside(&self.0, &inner.byte_range()) {
                return Walk::Past;
            }
            found.push(node.root().adopt(inner));
            Walk::Into
        });
        found
    }
}

/// The node and what encloses it, innermost first.
pub(crate) fn outward<'a>(node: &SyntaxNode<'a>) -> impl Iterator<Item = SyntaxNode<'a>> {
    std::iter::once(node.clone()).chain(node.ancestors())
}

/// The innermost function around the node that is no lambda, or the outermost lambda.
pub(crate) fn function<'a>(node: &SyntaxNode<'a>) -> Option<SyntaxNode<'a>> {
    let functions: Vec<_> = outward(node).filter(is_function).collect();
    functions
        .iter()
        .find(|function| !LAMBDAS.contains(&function.kind().as_ref()))
        .or(functions.last())
        .cloned()
}

/// The innermost member (function, field, parameter) around the node, within its type.
pub(crate) fn member<'a>(node: &SyntaxNode<'a>) -> Option<SyntaxNode<'a>> {
    outward(node)
        .take_while(|outer| !is_type(outer) || outer.node_id() == node.node_id())
        .filter(is_member)
        .last()
}

/// The innermost type around the node.
pub(crate) fn enclosing_type<'a>(node: &SyntaxNode<'a>) -> Option<SyntaxNode<'a>> {
    outward(node).find(is_type)
}

/// The name of the innermost named function around the node.
pub(crate) fn function_name(node: &SyntaxNode<'_>) -> Option<String> {
    outward(node).filter(is_function).find_map(|function| name_of(&function))
}

/// The declared name of a declaration.
pub(crate) fn name_of(declaration: &SyntaxNode<'_>) -> Option<String> {
    if let Some(name) = declaration.field("name") {
        return Some(name.text().into_owned());
    }
    if let Some(declarator) = declaration.field("declarator") {
        return declarator.dfs().find(is_identifier).map(|name| name.text().into_owned());
    }
    declaration.children().find(is_identifier).map(|name| name.text().into_owned())
}

pub(crate) fn is_identifier(node: &SyntaxNode<'_>) -> bool {
    let kind = node.kind();
    node.is_named_leaf() && (kind.ends_with("identifier") || kind == "WORD" || kind == "entry_name")
}

/// The names of a declaration's annotations, without package and arguments.
pub(crate) fn annotations(declaration: &SyntaxNode<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for child in declaration.children() {
        gather(&child, &mut names);
    }
    if let Some(parent) = declaration.parent().filter(|parent| parent.kind() == "decorated_definition") {
        parent.children().for_each(|child| gather(&child, &mut names));
    }
    let mut before = declaration.prev();
    while let Some(sibling) = before.filter(|sibling| ANNOTATIONS.contains(&sibling.kind().as_ref())) {
        gather(&sibling, &mut names);
        before = sibling.prev();
    }
    names
}

fn gather(node: &SyntaxNode<'_>, names: &mut Vec<String>) {
    let kind = node.kind();
    if ANNOTATIONS.contains(&kind.as_ref()) {
        names.push(annotation_name(&node.text()));
    } else if ANNOTATION_LISTS.contains(&kind.as_ref()) {
        node.children().for_each(|child| gather(&child, names));
    }
}

/// `@org.springframework.Transactional(readOnly = true)` is `Transactional`.
fn annotation_name(text: &str) -> String {
    let text = text.trim_start_matches(['@', '[']).trim();
    let text =
        text.rsplit_once(':').map_or(text, |(target, name)| if target.contains('(') { text } else { name });
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')).unwrap_or(text.len());
    text[..end].rsplit('.').next().unwrap_or_default().to_owned()
}
