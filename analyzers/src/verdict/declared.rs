//! What a file declares, by name, and the names that a stretch of it mentions.

use std::collections::BTreeMap;
use std::ops::Range;

use grammars::{SyntaxTree, Walk, walk};

use crate::candidate::{SyntaxNode, declared_names, is_function, is_identifier, is_type, name_of};

/// Names that one stretch mentions at most.
const MOST_NAMES: usize = 300;

/// What a declaration declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A field, a constant, a variable of the file.
    Value,
    /// A function.
    Function,
    /// A type.
    Type,
}

/// The declarations of a file, by kind and name.
pub(super) struct Declared(BTreeMap<(Kind, String), Vec<Range<usize>>>);

impl Declared {
    pub(super) fn in_tree(tree: &SyntaxTree) -> Self {
        let mut declared = Self(BTreeMap::new());
        let root = tree.root();
        walk(root.get_inner_node(), |inner| {
            let node = root.root().adopt(inner);
            if is_function(&node) {
                declared.add(Kind::Function, name_of(&node), &node);
                return Walk::Past;
            }
            if is_type(&node) {
                declared.add(Kind::Type, name_of(&node), &node);
                return Walk::Into;
            }
            if !is_value(&node) {
                return Walk::Into;
            }
            let names: Vec<String> = named(&node);
            names.into_iter().for_each(|name| declared.add(Kind::Value, Some(name), &node));
            Walk::Past
        });
        declared
    }

    fn add(&mut self, kind: Kind, name: Option<String>, node: &SyntaxNode<'_>) {
        if let Some(name) = name {
            self.0.entry((kind, name)).or_default().push(node.range());
        }
    }

    /// Where a name is declared.
    pub(super) fn of(&self, name: &str, kind: Kind) -> impl Iterator<Item = &Range<usize>> {
        self.0.get(&(kind, name.to_owned())).into_iter().flatten()
    }

    /// Every declaration of a kind, by name.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = &Range<usize>> {
        self.0.iter().filter(move |((own, _), _)| *own == kind).flat_map(|(_, ranges)| ranges)
    }
}

/// Whether a node outside of functions declares a value.
fn is_value(node: &SyntaxNode<'_>) -> bool {
    let kind = node.kind();
    let is_declaration =
        ["field", "property", "const", "static", "variable", "lexical", "val_", "var_", "enum_constant"]
            .iter()
            .any(|start| kind.starts_with(start))
            || kind == "public_field_definition"
            || kind == "assignment";
    is_declaration && !kind.ends_with("list") && !kind.ends_with("identifier")
}

/// The names that a declaration of values declares, in itself or just inside.
fn named(node: &SyntaxNode<'_>) -> Vec<String> {
    let own: Vec<String> = declared_names(node).collect();
    if !own.is_empty() {
        return own;
    }
    node.children().flat_map(|child| declared_names(&child).collect::<Vec<_>>()).collect()
}

/// The names that stand in stretches of a file, in their order.
pub(super) fn names(tree: &SyntaxTree, ranges: &[Range<usize>]) -> Vec<String> {
    let mut names = Vec::new();
    let root = tree.root();
    walk(root.get_inner_node(), |inner| {
        let own = inner.byte_range();
        if names.len() >= MOST_NAMES
            || !ranges.iter().any(|range| own.start < range.end && range.start < own.end)
        {
            return Walk::Past;
        }
        let node = root.root().adopt(inner);
        if is_identifier(&node) {
            names.push(node.text().into_owned());
        }
        Walk::Into
    });
    names
}
