//! Types as annotations write them, also inside text. `Optional` and `Union` are unions; what only qualifies a type is left
//! out.

use crate::flow::form::TypeName;
use crate::flow::lowering::{child_of_kind, fields};
use crate::flow::python::{Python, Tree, parts};

/// Deeper brackets in a type that stands in text are not read.
const MAX_DEPTH: usize = 32;

impl<'tree> Python<'tree> {
    pub(super) fn type_name(&self, node: Tree<'tree>) -> Option<TypeName> {
        match node.kind() {
            "type" | "parenthesized_expression" | "constrained_type" | "splat_type" => {
                self.type_name(*parts(node).first()?)
            }
            "identifier" | "attribute" | "member_type" | "dotted_name" => {
                self.dotted(node).map(TypeName::plain)
            }
            "none" => Some(TypeName::plain("None")),
            "string" => self.quoted_type(node),
            "generic_type" => {
                let arguments = child_of_kind(node, "type_parameter").map(parts).unwrap_or_default();
                self.generic(*parts(node).first()?, &arguments)
            }
            "subscript" => self.generic(node.child_by_field_name("value")?, &fields(node, "subscript")),
            "union_type" => self.union(&parts(node)),
            "binary_operator" => {
                let left = node.child_by_field_name("left")?;
                self.union(&[left, node.child_by_field_name("right")?])
            }
            "list" | "tuple" | "expression_list" => {
                Some(TypeName { name: "tuple".to_owned(), arguments: self.type_names(&parts(node)) })
            }
            _ => None,
        }
    }

    fn type_names(&self, nodes: &[Tree<'tree>]) -> Vec<TypeName> {
        nodes.iter().map(|node| self.type_name(*node).unwrap_or_default()).collect()
    }

    fn generic(&self, head: Tree<'tree>, arguments: &[Tree<'tree>]) -> Option<TypeName> {
        let head = self.type_name(head)?;
        Some(applied(head.name, self.type_names(arguments)))
    }

    fn union(&self, nodes: &[Tree<'tree>]) -> Option<TypeName> {
        let arguments = self.type_names(nodes).into_iter().flat_map(alternatives).collect();
        Some(TypeName { name: "|".to_owned(), arguments })
    }

    /// A type written as text, because it is declared further down.
    fn quoted_type(&self, node: Tree<'tree>) -> Option<TypeName> {
        let content = child_of_kind(node, "string_content")?;
        let mut rest = self.to.text(content);
        written_type(&mut rest, 0)
    }
}

/// A type with arguments, by what its name means.
fn applied(name: String, mut arguments: Vec<TypeName>) -> TypeName {
    match name.rsplit('.').next().unwrap_or_default() {
        "Optional" => {
            let mut arguments: Vec<_> = arguments.into_iter().flat_map(alternatives).collect();
            arguments.push(TypeName::plain("None"));
            TypeName { name: "|".to_owned(), arguments }
        }
        "Union" => {
            let arguments = arguments.into_iter().flat_map(alternatives).collect();
            TypeName { name: "|".to_owned(), arguments }
        }
        "Annotated" | "ClassVar" | "Final" | "Required" | "NotRequired" | "InitVar" | "ReadOnly"
            if !arguments.is_empty() =>
        {
            arguments.swap_remove(0)
        }
        _ => TypeName { name, arguments },
    }
}

/// The parts of a union; a type that is none is its only part.
fn alternatives(of_type: TypeName) -> Vec<TypeName> {
    if of_type.name == "|" { of_type.arguments } else { vec![of_type] }
}

/// Reads a type from text, up to what does not belong to it.
fn written_type(rest: &mut &str, depth: usize) -> Option<TypeName> {
    let mut union = Vec::new();
    loop {
        *rest = rest.trim_start();
        let part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
        let end = rest.find(|character| !part(character)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        *rest = after.trim_start();
        let mut arguments = Vec::new();
        if rest.starts_with('[') {
            if depth >= MAX_DEPTH {
                return None;
            }
            arguments = written_arguments(rest, depth)?;
        } else if name.is_empty() {
            return None;
        }
        let name = if name.is_empty() { "tuple" } else { name };
        union.extend(alternatives(applied(name.to_owned(), arguments)));
        match rest.strip_prefix('|') {
            Some(after) => *rest = after,
            None if union.len() == 1 => return union.pop(),
            None => return Some(TypeName { name: "|".to_owned(), arguments: union }),
        }
    }
}

fn written_arguments(rest: &mut &str, depth: usize) -> Option<Vec<TypeName>> {
    let mut arguments = Vec::new();
    while let Some(after) = rest.strip_prefix(['[', ',']) {
        *rest = after.trim_start();
        if rest.starts_with(']') {
            break;
        }
        arguments.push(written_type(rest, depth + 1)?);
    }
    *rest = rest.strip_prefix(']')?.trim_start();
    Some(arguments)
}
