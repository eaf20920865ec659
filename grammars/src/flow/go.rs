//! Go in the intermediate form: package, imports, functions, methods and types.
//!
//! A method's type may be declared in another file of the package: then a stub of its name stands here, and who computes
//! takes both for one. Several results are a list. `v, ok :=` takes a list of the value and of something unknown.

mod expressions;
mod statements;
mod types;

use tree_sitter::Node;

use crate::SyntaxTree;
use crate::flow::form::{
    Block, Constant, Expression, ExpressionKind, Field, Function, FunctionId, ImportedName, Item, Parameter,
    ParameterKind, Pattern, Statement, StatementKind, TypeDeclaration, TypeId, TypeName, Unit,
};
use crate::flow::lowering::{
    Lowering, argument, call, child_of_kind, children, constant, fields, name, range, scoped,
};

type Tree<'tree> = Node<'tree>;

/// The file's code.
pub(crate) fn lower(tree: &SyntaxTree) -> Unit {
    let mut go = Go { to: Lowering::new(tree), types: Vec::new(), scopes: vec![Vec::new()], iota: None };
    let top = tree.top();
    go.declared_types(top);
    let statements = go.top(top);
    go.to.extend_top(statements);
    go.to.unit
}

struct Go<'tree> {
    to: Lowering<'tree>,
    /// The types of the file, by name.
    types: Vec<(String, TypeId)>,
    /// Names declared so far, by block.
    scopes: Vec<Vec<String>>,
    /// How many constants of the group stand before.
    iota: Option<i128>,
}

impl<'tree> Go<'tree> {
    /// Keeps a place for every type of the file, so that methods find theirs.
    fn declared_types(&mut self, top: Tree<'tree>) {
        for node in children(top).into_iter().filter(|node| node.kind() == "type_declaration") {
            for spec in children(node) {
                let id = self.to.reserve_type();
                self.types.push((self.to.field_text(spec, "name").to_owned(), id));
            }
        }
    }

    fn top(&mut self, top: Tree<'tree>) -> Vec<Statement> {
        let mut statements = Vec::new();
        for node in children(top) {
            match node.kind() {
                "package_clause" => {
                    let package = child_of_kind(node, "package_identifier");
                    self.to.unit.package = package.map_or("", |node| self.to.text(node)).to_owned();
                }
                "import_declaration" => self.imports(node),
                "function_declaration" => {
                    self.function(node, None);
                }
                "method_declaration" => self.method(node),
                "type_declaration" => self.type_declaration(node),
                _ => statements.extend(self.statement(node)),
            }
        }
        statements
    }

    fn imports(&mut self, node: Tree<'tree>) {
        for child in children(node) {
            match child.kind() {
                "import_spec_list" => self.imports(child),
                "import_spec" => {
                    let path = self.to.field_text(child, "path").trim_matches(['"', '`']).to_owned();
                    let given = self.to.field_text(child, "name");
                    let name = match given {
                        "" => package_name(&path).to_owned(),
                        "." => "*".to_owned(),
                        given => given.to_owned(),
                    };
                    self.to.unit.imports.push(ImportedName { path, name, is_static: false });
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, node: Tree<'tree>, owner: Option<TypeId>) -> FunctionId {
        let id = self.to.reserve_function();
        let parameters = node.child_by_field_name("parameters").map(|list| self.parameters(list));
        let (returns, results) = self.result(node);
        let around = std::mem::replace(&mut self.scopes, vec![Vec::new()]);
        let body = node.child_by_field_name("body").map(|body| self.block(body));
        self.scopes = around;
        let function = Function {
            name: self.to.field_text(node, "name").to_owned(),
            owner,
            parameters: parameters.unwrap_or_default(),
            returns,
            results,
            body,
            range: range(node),
            name_range: node.child_by_field_name("name").map_or_else(|| range(node), range),
            ..Function::default()
        };
        self.to.set_function(id, function);
        id
    }

    fn method(&mut self, node: Tree<'tree>) {
        let receiver = node.child_by_field_name("receiver").and_then(|list| children(list).first().copied());
        let of_type = receiver.and_then(|receiver| receiver.child_by_field_name("type"));
        let of_type = of_type.map(|of_type| self.type_name(of_type)).unwrap_or_default();
        let is_pointer = of_type.name == "*";
        let base = if is_pointer { of_type.arguments.first().cloned().unwrap_or_default() } else { of_type };
        let owner = self.type_named(&base.name);
        let id = self.function(node, Some(owner));
        let variable = receiver.map_or("", |receiver| self.to.field_text(receiver, "name")).to_owned();
        let function = &mut self.to.unit.functions[id.0 as usize];
        if !is_pointer && !variable.is_empty() && variable != "_" {
            copy_receiver(function, &variable);
        }
        function.receiver = Some(variable).filter(|variable| !variable.is_empty() && variable != "_");
        self.to.unit.types[owner.0 as usize].methods.push(id);
    }

    /// The type of a name, or a stub where it stands in another file.
    fn type_named(&mut self, named: &str) -> TypeId {
        if let Some((_, id)) = self.types.iter().find(|(known, _)| known == named) {
            return *id;
        }
        let id = self.to.reserve_type();
        self.to.set_type(id, TypeDeclaration { name: named.to_owned(), ..TypeDeclaration::default() });
        self.types.push((named.to_owned(), id));
        id
    }

    pub(super) fn parameters(&mut self, list: Tree<'tree>) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for node in children(list) {
            let is_rest = node.kind() == "variadic_parameter_declaration";
            if !is_rest && node.kind() != "parameter_declaration" {
                continue;
            }
            let of_type = node.child_by_field_name("type").map(|of_type| self.type_name(of_type));
            let names = fields(node, "name");
            let kind = if is_rest { ParameterKind::Rest } else { ParameterKind::Plain };
            let mut add = |pattern, place| {
                parameters.push(Parameter {
                    pattern,
                    of_type: of_type.clone(),
                    default: None,
                    kind,
                    annotations: Vec::new(),
                    is_reference: false,
                    range: place,
                });
            };
            if names.is_empty() {
                add(Pattern::Ignored, range(node));
            }
            let is_only = names.len() == 1;
            for named in names {
                let place = if is_only { range(node) } else { range(named) };
                add(self.pattern_name(named), place);
            }
        }
        parameters
    }

    fn pattern_name(&self, node: Tree<'tree>) -> Pattern {
        match self.to.text(node) {
            "_" => Pattern::Ignored,
            named => Pattern::Name(named.to_owned(), range(node)),
        }
    }

    /// The declared type of the result, and the names of results that are variables.
    fn result(&mut self, node: Tree<'tree>) -> (Option<TypeName>, Vec<String>) {
        let Some(result) = node.child_by_field_name("result") else { return (None, Vec::new()) };
        if result.kind() != "parameter_list" {
            return (Some(self.type_name(result)), Vec::new());
        }
        let parameters = self.parameters(result);
        let names = parameters.iter().filter_map(|parameter| match &parameter.pattern {
            Pattern::Name(named, _) => Some(named.clone()),
            Pattern::Ignored => None,
            _ => None,
        });
        let names: Vec<_> = names.collect();
        let names = if names.len() == parameters.len() { names } else { Vec::new() };
        let mut types: Vec<_> = parameters.into_iter().filter_map(|parameter| parameter.of_type).collect();
        let of_type = match types.len() {
            1 => types.pop(),
            _ => Some(TypeName { name: "tuple".to_owned(), arguments: types }),
        };
        (of_type, names)
    }

    pub(super) fn type_declaration(&mut self, node: Tree<'tree>) {
        for spec in children(node) {
            let named = self.to.field_text(spec, "name").to_owned();
            let id = self.type_named(&named);
            let methods = std::mem::take(&mut self.to.unit.types[id.0 as usize].methods);
            let mut declaration =
                TypeDeclaration { name: named, methods, range: range(spec), ..TypeDeclaration::default() };
            declaration.type_parameters = self.type_parameters(spec);
            if let Some(of_type) = spec.child_by_field_name("type") {
                self.fill_type(&mut declaration, of_type, id);
            }
            self.to.set_type(id, declaration);
        }
    }

    fn type_parameters(&self, spec: Tree<'tree>) -> Vec<String> {
        let list = spec.child_by_field_name("type_parameters").map(children).unwrap_or_default();
        let names = list.into_iter().flat_map(|parameter| fields(parameter, "name"));
        names.map(|named| self.to.text(named).to_owned()).collect()
    }

    fn fill_type(&mut self, declaration: &mut TypeDeclaration, of_type: Tree<'tree>, owner: TypeId) {
        match of_type.kind() {
            "struct_type" => {
                declaration.is_value = true;
                let list = child_of_kind(of_type, "field_declaration_list").map(children).unwrap_or_default();
                for field in list {
                    self.struct_field(field, &mut declaration.fields);
                }
            }
            "interface_type" => {
                declaration.is_abstract = true;
                for part in children(of_type) {
                    match part.kind() {
                        "method_elem" => declaration.methods.push(self.function(part, Some(owner))),
                        _ => declaration
                            .supers
                            .extend(children(part).into_iter().map(|above| self.type_name(above))),
                    }
                }
            }
            _ => declaration.supers.push(self.type_name(of_type)),
        }
    }

    fn struct_field(&mut self, node: Tree<'tree>, into: &mut Vec<Field>) {
        let of_type = node.child_by_field_name("type").map(|of_type| self.type_name(of_type));
        let names = fields(node, "name");
        let is_embedded = names.is_empty();
        // An embedded pointer is written `*T`, with the star beside the type.
        let is_pointer = is_embedded && self.to.text(node).trim_start().starts_with('*');
        let simple = of_type.as_ref().map_or("", |of_type| match of_type.arguments.first() {
            Some(inner) if of_type.name == "*" => inner.simple(),
            _ => of_type.simple(),
        });
        let own = if is_embedded { vec![simple.to_owned()] } else { Vec::new() };
        let names = names.into_iter().map(|named| self.to.text(named).to_owned()).chain(own);
        for named in names.collect::<Vec<_>>() {
            let of_type = of_type.clone().map(|of_type| match is_pointer && of_type.name != "*" {
                true => TypeName { name: "*".to_owned(), arguments: vec![of_type] },
                false => of_type,
            });
            into.push(Field {
                name: named,
                of_type,
                is_static: false,
                is_embedded,
                annotations: Vec::new(),
                range: range(node),
            });
        }
    }

    /// Whether a name was declared in the innermost block; notes that it is.
    pub(super) fn is_new(&mut self, named: &str) -> bool {
        let Some(scope) = self.scopes.last_mut() else { return true };
        if scope.iter().any(|known| known == named) {
            return false;
        }
        scope.push(named.to_owned());
        true
    }
}

/// A method of a value works on a copy of it.
fn copy_receiver(function: &mut Function, variable: &str) {
    let place = function.name_range.clone();
    let copy =
        call(name("<copy>", place.clone()), vec![argument(name(variable, place.clone()))], place.clone());
    let declare = StatementKind::Declare {
        pattern: Pattern::Name(variable.to_owned(), place.clone()),
        of_type: None,
        value: Some(copy),
    };
    if let Some(body) = &mut function.body {
        body.statements.insert(0, Statement::new(declare, place));
    }
}

/// The name that a package has: the last part of its path without a version.
fn package_name(path: &str) -> &str {
    let is_version = |part: &str| {
        part.strip_prefix('v')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let last = path.rsplit('/').find(|part| !is_version(part)).unwrap_or(path);
    let last = last.strip_prefix("go-").unwrap_or(last);
    match last.rsplit_once('.') {
        Some((before, after)) if is_version(after) => before,
        _ => last,
    }
}

/// The value and whether there is one.
fn with_presence(value: Expression) -> Expression {
    let place = value.range.clone();
    let unknown = Expression::new(ExpressionKind::Unknown(Vec::new()), place.clone());
    Expression::new(ExpressionKind::List(vec![Item::One(value), Item::One(unknown)]), place)
}

fn null(place: crate::flow::form::Range) -> Expression {
    constant(Constant::Null, place)
}

fn block_of(statements: Vec<Statement>) -> Block {
    scoped(statements)
}
