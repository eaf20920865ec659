//! The names by which a file calls functions, or hands them on.

use std::collections::HashSet;

use grammars::flow::{ExpressionKind, Unit, visit};

/// Adds every name that something is called by.
pub(crate) fn names_called(unit: &Unit, names: &mut HashSet<String>) {
    visit(unit, &mut |expression| match &expression.kind {
        ExpressionKind::Call { callee, .. } => {
            if let ExpressionKind::Name(name) | ExpressionKind::Member { name, .. } = &callee.kind {
                names.insert(name.clone());
            }
        }
        ExpressionKind::Reference(_, name) => {
            names.insert(name.clone());
        }
        ExpressionKind::New { of_type, .. } => {
            names.insert(of_type.simple().to_owned());
        }
        _ => {}
    });
}
