//! Functions, methods and lambdas. Defaults and decorators are evaluated outside, before the name is set.

use crate::flow::form::{
    Annotation, Block, Expression, ExpressionKind, Function, FunctionFlags, FunctionId, Parameter,
    ParameterKind, Pattern, Statement, StatementKind, TypeId,
};
use crate::flow::lowering::{bound_names, fields, range, scoped};
use crate::flow::python::scan::Names;
use crate::flow::python::{Python, Scope, Tree, parts};

impl<'tree> Python<'tree> {
    pub(super) fn decorated(&mut self, node: Tree<'tree>, into: &mut Vec<Statement>) {
        let decorators =
            parts(node).into_iter().filter(|child| child.kind() == "decorator").collect::<Vec<_>>();
        if let Some(definition) = node.child_by_field_name("definition") {
            self.definition(definition, &decorators, into);
        }
    }

    /// A function or class: a member of the class whose body this is, or a variable.
    pub(super) fn definition(
        &mut self,
        node: Tree<'tree>,
        decorators: &[Tree<'tree>],
        into: &mut Vec<Statement>,
    ) {
        let Some(name) = node.child_by_field_name("name") else {
            into.extend(self.block_of(node, "body").statements);
            return;
        };
        if node.kind() == "class_definition" {
            let made = ExpressionKind::Type(self.class_type(node, decorators));
            into.push(self.define(name, Expression::new(made, range(node))));
        } else if let Some(owner) = self.class().map(|members| members.id) {
            self.method(node, decorators, owner);
        } else {
            let annotations = self.annotations(decorators);
            let keeps_this = self.is_in_function();
            let flags = FunctionFlags { keeps_this, ..FunctionFlags::default() };
            let made = ExpressionKind::Function(self.function(node, None, flags, annotations));
            into.push(self.define(name, Expression::new(made, range(node))));
        }
    }

    fn method(&mut self, node: Tree<'tree>, decorators: &[Tree<'tree>], owner: TypeId) {
        let annotations = self.annotations(decorators);
        let (mut flags, annotations) = super::decorators::method_flags(annotations);
        let name = self.to.field_text(node, "name");
        flags.is_constructor = name == "__init__";
        flags.is_static |= name == "__new__";
        let is_hidden = super::decorators::is_hidden(&annotations);
        let is_abstract = super::decorators::is_abstract(&annotations);
        let id = self.function(node, Some(owner), flags, annotations);
        let Some(members) = self.class() else { return };
        members.is_abstract |= is_abstract;
        if !is_hidden {
            members.methods.push(id);
        }
    }

    fn function(
        &mut self,
        node: Tree<'tree>,
        owner: Option<TypeId>,
        flags: FunctionFlags,
        annotations: Vec<Annotation>,
    ) -> FunctionId {
        let id = self.to.reserve_function();
        let parameters = self.parameters(node);
        let body = node.child_by_field_name("body");
        let names = body.map(|body| self.scan(body)).unwrap_or_default();
        let returns = node.child_by_field_name("return_type").and_then(|written| self.type_name(written));
        let is_async = self.to.has_word(node, "async");
        let flags = FunctionFlags { is_async, is_generator: names.yields, ..flags };
        let locals = locals(&parameters, &names);
        let body = body.map(|body| self.function_body(body, &names));
        let name = node.child_by_field_name("name");
        let function = Function {
            name: name.map_or_else(String::new, |name| self.to.text(name).to_owned()),
            owner,
            parameters,
            returns,
            annotations,
            flags,
            locals,
            body,
            range: range(node),
            name_range: range(name.unwrap_or(node)),
            ..Function::default()
        };
        self.to.set_function(id, function);
        id
    }

    /// The suite of a function, after what it says of names of bodies around.
    fn function_body(&mut self, body: Tree<'tree>, names: &Names) -> Block {
        self.enter(names, None);
        let mut statements = names.outer_statements();
        statements.extend(self.block(body).statements);
        self.scopes.pop();
        scoped(statements)
    }

    /// Begins a body.
    pub(super) fn enter(&mut self, names: &Names, class: Option<super::Members>) {
        for (listed, is_global, _) in &names.outer {
            if *is_global {
                self.globals.extend(listed.iter().cloned());
            }
        }
        self.scopes.push(Scope { outer: names.outer_names(), class });
    }

    pub(super) fn lambda(&mut self, node: Tree<'tree>) -> Expression {
        let id = self.to.reserve_function();
        let parameters = self.parameters(node);
        self.scopes.push(Scope::default());
        let value = self.field(node, "body");
        self.scopes.pop();
        self.finish_lambda(node, id, parameters, value)
    }

    fn finish_lambda(
        &mut self,
        node: Tree<'tree>,
        id: FunctionId,
        parameters: Vec<Parameter>,
        value: Expression,
    ) -> Expression {
        let names = node.child_by_field_name("body").map(|body| self.scan(body)).unwrap_or_default();
        let locals = locals(&parameters, &names);
        let place = value.range.clone();
        let returned = Statement::new(StatementKind::Return(Some(value)), place);
        let flags =
            FunctionFlags { keeps_this: true, is_generator: names.yields, ..FunctionFlags::default() };
        let function = Function {
            parameters,
            flags,
            locals,
            body: Some(scoped(vec![returned])),
            range: range(node),
            name_range: range(node),
            ..Function::default()
        };
        self.to.set_function(id, function);
        Expression::new(ExpressionKind::Function(id), range(node))
    }

    fn parameters(&mut self, node: Tree<'tree>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut kind = ParameterKind::Plain;
        let listed = fields(node, "parameters").into_iter().flat_map(parts);
        self.scopes.push(Scope::default());
        for written in listed {
            match written.kind() {
                "keyword_separator" => kind = ParameterKind::Keyword,
                "positional_separator" => {}
                _ => {
                    let parameter = self.parameter(written, kind);
                    if parameter.kind == ParameterKind::Rest {
                        kind = ParameterKind::Keyword;
                    }
                    parameters.push(parameter);
                }
            }
        }
        self.scopes.pop();
        parameters
    }

    fn parameter(&mut self, node: Tree<'tree>, plain: ParameterKind) -> Parameter {
        let bound = match node.kind() {
            "default_parameter" | "typed_default_parameter" => node.child_by_field_name("name"),
            "typed_parameter" => parts(node).into_iter().next(),
            _ => Some(node),
        };
        let kind = match bound.map(|bound| bound.kind()) {
            Some("list_splat_pattern") => ParameterKind::Rest,
            Some("dictionary_splat_pattern") => ParameterKind::KeywordRest,
            _ => plain,
        };
        let pattern = bound.map_or(Pattern::Ignored, |bound| self.parameter_pattern(bound));
        let of_type = node.child_by_field_name("type").and_then(|written| self.type_name(written));
        let default = node.child_by_field_name("value").map(|value| self.expression(value));
        Parameter {
            pattern,
            of_type,
            default,
            kind,
            annotations: Vec::new(),
            is_reference: false,
            range: range(node),
        }
    }

    fn parameter_pattern(&mut self, node: Tree<'tree>) -> Pattern {
        match (node.kind(), parts(node).as_slice()) {
            ("dictionary_splat_pattern", [inner]) => self.target(*inner),
            _ => self.target(node),
        }
    }
}

/// The variables of a function: its parameters, and the names that it binds.
fn locals(parameters: &[Parameter], names: &Names) -> Vec<String> {
    let mut bound = std::collections::BTreeSet::new();
    let mut locals = Vec::new();
    for parameter in parameters {
        let mut own = std::collections::BTreeSet::new();
        bound_names(&parameter.pattern, &mut own);
        locals.extend(own.into_iter().filter(|name| bound.insert(name.clone())));
    }
    locals.extend(names.locals.iter().filter(|name| !bound.contains(*name)).cloned());
    locals
}
