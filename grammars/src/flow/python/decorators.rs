//! Decorators: some say what kind of method it is, all others are annotations, topmost first.

use crate::flow::form::{Annotation, FunctionFlags};
use crate::flow::lowering::range;
use crate::flow::lowering::unknown;
use crate::flow::python::{Python, Tree, parts};

impl<'tree> Python<'tree> {
    pub(super) fn annotations(&mut self, decorators: &[Tree<'tree>]) -> Vec<Annotation> {
        let mut annotations = Vec::new();
        for decorator in decorators {
            annotations.push(self.annotation(*decorator));
        }
        annotations
    }

    fn annotation(&mut self, decorator: Tree<'tree>) -> Annotation {
        let Some(written) = parts(decorator).into_iter().next() else {
            return Annotation { name: String::new(), expression: unknown(Vec::new(), range(decorator)) };
        };
        let called = written.child_by_field_name("function").filter(|_| written.kind() == "call");
        let name = self.dotted(called.unwrap_or(written)).unwrap_or_default();
        Annotation { name, expression: self.expression(written) }
    }
}

/// What decorators make of a method, and those that are left.
pub(super) fn method_flags(annotations: Vec<Annotation>) -> (FunctionFlags, Vec<Annotation>) {
    let mut flags = FunctionFlags::default();
    let mut left = Vec::new();
    for annotation in annotations {
        match last(&annotation) {
            "property" | "cached_property" | "abstractproperty" | "hybrid_property" | "getter" => {
                flags.is_getter = true;
            }
            "setter" if annotation.name.contains('.') => flags.is_setter = true,
            "staticmethod" => flags.is_static = true,
            _ => left.push(annotation),
        }
    }
    (flags, left)
}

/// Whether a method is none that is called: a variant of a signature, or what `del` of a property runs.
pub(super) fn is_hidden(annotations: &[Annotation]) -> bool {
    annotations.iter().any(|annotation| {
        last(annotation) == "overload" || (last(annotation) == "deleter" && annotation.name.contains('.'))
    })
}

pub(super) fn is_abstract(annotations: &[Annotation]) -> bool {
    annotations.iter().any(|annotation| last(annotation).starts_with("abstract"))
}

/// Whether a class gets a constructor from the fields that it declares.
pub(super) fn makes_constructor(annotations: &[Annotation]) -> bool {
    let makers = ["dataclass", "define", "frozen", "mutable", "attrs", "s", "attributes"];
    annotations.iter().any(|annotation| {
        makers.contains(&last(annotation)) && (last(annotation) != "s" || annotation.name.starts_with("attr"))
    })
}

/// The last part of an annotation's name.
fn last(annotation: &Annotation) -> &str {
    annotation.name.rsplit('.').next().unwrap_or_default()
}
