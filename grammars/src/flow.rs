//! The intermediate form that data flow is computed on: one small tree of declarations, statements and expressions for
//! every language. In: a syntax tree. Out: a [`Unit`]. What a language's file cannot say in it is an explicit unknown.

mod form;
pub(crate) mod go;
pub(crate) mod java;
pub(crate) mod javascript;
mod lowering;
pub(crate) mod python;
mod visit;

pub use form::{
    Annotation, Argument, Assignment, AssignmentOperator, BinaryOperator, Block, Case, Catch, Constant,
    Expression, ExpressionKind, Field, Function, FunctionFlags, FunctionId, ImportedName, Item, Logic, Loop,
    Parameter, ParameterKind, Pattern, Range, RecordPattern, ScopeKind, Spread, Statement, StatementKind,
    Switch, Try, TypeDeclaration, TypeId, TypeName, UnaryOperator, Unit, VALUE_LABEL, Yields,
};

pub use visit::{visit, visit_function};

use crate::SyntaxTree;

/// The file's code in the intermediate form; none where its language has no lowering.
pub fn lower(tree: &SyntaxTree) -> Option<Unit> {
    tree.row().lower.map(|lower| lower(tree))
}
