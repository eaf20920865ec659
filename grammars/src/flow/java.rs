//! Java in the intermediate form: packages, imports, types and their members.
//!
//! Field initialisers run in the order of the text, in one function for each object and one for each type. A lambda keeps
//! `this`; an anonymous class is a type of its own, whose scope is where it stands.

mod expressions;
mod statements;
mod types;

use tree_sitter::Node;

use crate::SyntaxTree;
use crate::flow::form::{
    Annotation, Assignment, Block, Constant, Expression, ExpressionKind, Field, Function, FunctionFlags,
    FunctionId, ImportedName, Parameter, ParameterKind, Pattern, Statement, TypeDeclaration, TypeId,
    TypeName, Unit,
};
use crate::flow::lowering::{
    Lowering, child_of_kind, children, constant, expression_statement, fields, member, name, range, scoped,
    text,
};

type Tree<'tree> = Node<'tree>;

/// The file's code.
pub(crate) fn lower(tree: &SyntaxTree) -> Unit {
    let mut java = Java { to: Lowering::new(tree) };
    let statements = java.top(tree.top());
    java.to.extend_top(statements);
    java.to.unit
}

struct Java<'tree> {
    to: Lowering<'tree>,
}

/// What the members of a type make.
#[derive(Default)]
struct Members {
    fields: Vec<Field>,
    methods: Vec<FunctionId>,
    object: Vec<Statement>,
    class: Vec<Statement>,
}

impl<'tree> Java<'tree> {
    fn top(&mut self, root: Tree<'tree>) -> Vec<Statement> {
        let mut statements = Vec::new();
        for node in children(root) {
            match node.kind() {
                "package_declaration" => {
                    let package = child_of_kind(node, "scoped_identifier identifier");
                    self.to.unit.package = package.map_or_else(String::new, |node| self.dotted(node));
                }
                "import_declaration" => self.import(node),
                "method_declaration" => {
                    self.method(node, None);
                }
                kind if is_type(kind) => {
                    self.declare_type(node, None);
                }
                _ => statements.extend(self.statement(node)),
            }
        }
        statements
    }

    fn import(&mut self, node: Tree<'tree>) {
        let Some(path) = child_of_kind(node, "scoped_identifier identifier") else { return };
        let path = self.dotted(path);
        let last = path.rsplit('.').next().unwrap_or_default().to_owned();
        let name = if child_of_kind(node, "asterisk").is_some() { "*".to_owned() } else { last };
        self.to.unit.imports.push(ImportedName { path, name, is_static: self.to.has_word(node, "static") });
    }

    /// A dotted name without blanks.
    fn dotted(&self, node: Tree<'tree>) -> String {
        self.to.text(node).split_whitespace().collect()
    }

    pub(super) fn declare_type(&mut self, node: Tree<'tree>, outer: Option<TypeId>) -> TypeId {
        let id = self.to.reserve_type();
        let named = self.to.field_text(node, "name").to_owned();
        let kind = node.kind();
        let mut members = Members::default();
        let components = self.components(node, &mut members);
        if let Some(body) = node.child_by_field_name("body") {
            self.members(body, id, &mut members);
        }
        if kind == "record_declaration" {
            self.record_constructor(node, id, &components, &mut members);
        }
        let is_abstract = matches!(kind, "interface_declaration" | "annotation_type_declaration")
            || self.has_modifier(node, "abstract");
        let declaration = TypeDeclaration {
            name: named,
            outer,
            supers: self.supers(node),
            annotations: self.annotations(node),
            is_abstract,
            components,
            type_parameters: self.type_parameters(node),
            range: range(node),
            ..TypeDeclaration::default()
        };
        self.finish_type(id, declaration, members);
        id
    }

    /// A class body that stands in an expression, as a type without a name.
    pub(super) fn anonymous(&mut self, body: Tree<'tree>, of_type: &TypeName) -> TypeId {
        let id = self.to.reserve_type();
        let mut members = Members::default();
        self.members(body, id, &mut members);
        let declaration = TypeDeclaration {
            supers: vec![of_type.clone()],
            range: range(body),
            ..TypeDeclaration::default()
        };
        self.finish_type(id, declaration, members);
        id
    }

    fn finish_type(&mut self, id: TypeId, declaration: TypeDeclaration, members: Members) {
        let place = declaration.range.clone();
        let initializer = self.initializer(id, members.object, false, &place);
        let static_initializer = self.initializer(id, members.class, true, &place);
        let Members { fields, methods, .. } = members;
        self.to.set_type(
            id,
            TypeDeclaration { fields, methods, initializer, static_initializer, ..declaration },
        );
    }

    fn initializer(
        &mut self,
        owner: TypeId,
        statements: Vec<Statement>,
        is_static: bool,
        place: &crate::flow::form::Range,
    ) -> Option<FunctionId> {
        if statements.is_empty() {
            return None;
        }
        let id = self.to.reserve_function();
        let function = Function {
            owner: Some(owner),
            flags: FunctionFlags { is_static, ..FunctionFlags::default() },
            body: Some(scoped(statements)),
            range: place.clone(),
            name_range: place.start..place.start,
            ..Function::default()
        };
        self.to.set_function(id, function);
        Some(id)
    }

    fn members(&mut self, body: Tree<'tree>, owner: TypeId, members: &mut Members) {
        for node in children(body) {
            match node.kind() {
                "field_declaration" | "constant_declaration" => self.field(node, members),
                "method_declaration" | "constructor_declaration" | "annotation_type_element_declaration" => {
                    members.methods.push(self.method(node, Some(owner)));
                }
                "static_initializer" => {
                    let block = child_of_kind(node, "block").map(|block| self.block(block));
                    members.class.extend(block.map(|block| block_statement(block, node)));
                }
                "block" => {
                    let block = self.block(node);
                    members.object.push(block_statement(block, node));
                }
                "enum_constant" => self.enum_constant(node, owner, members),
                "enum_body_declarations" => self.members(node, owner, members),
                kind if is_type(kind) => {
                    self.declare_type(node, Some(owner));
                }
                _ => {}
            }
        }
    }

    fn field(&mut self, node: Tree<'tree>, members: &mut Members) {
        let in_interface = node.kind() == "constant_declaration";
        let is_static = in_interface || self.has_modifier(node, "static");
        let of_type = node.child_by_field_name("type").map(|of_type| self.type_name(of_type));
        for declarator in fields(node, "declarator") {
            let named = self.to.field_text(declarator, "name").to_owned();
            let of_type = self.with_dimensions(of_type.clone(), declarator);
            let value = declarator
                .child_by_field_name("value")
                .map(|value| self.initial_value(value, of_type.as_ref()));
            members.fields.push(Field {
                name: named.clone(),
                of_type,
                is_static,
                is_embedded: false,
                annotations: self.annotations(node),
                range: range(declarator),
            });
            if let Some(value) = value {
                let target = if is_static { &mut members.class } else { &mut members.object };
                target.push(set_own_field(named, value, range(declarator)));
            }
        }
    }

    fn enum_constant(&mut self, node: Tree<'tree>, owner: TypeId, members: &mut Members) {
        let named = self.to.field_text(node, "name").to_owned();
        let of_type = TypeName::plain(self.enclosing_name(node));
        let arguments =
            node.child_by_field_name("arguments").map(|list| self.arguments(list)).unwrap_or_default();
        let body = node.child_by_field_name("body").map(|body| self.anonymous(body, &of_type));
        let made = ExpressionKind::New { of_type: of_type.clone(), callee: None, arguments, body };
        let place = range(node);
        let fresh = Expression::new(made, place.clone());
        members.class.push(set_own_field(named.clone(), fresh, place.clone()));
        let own = member(Expression::new(ExpressionKind::This, place.clone()), named.clone(), place.clone());
        let named_text = text(named.clone(), place.clone());
        let name_of = member(own, "<name>", place.clone());
        members.class.push(set(Pattern::Place(Box::new(name_of)), named_text, place.clone()));
        let _ = owner;
        members.fields.push(Field {
            name: named,
            of_type: Some(of_type),
            is_static: true,
            is_embedded: false,
            annotations: self.annotations(node),
            range: place,
        });
    }

    fn enclosing_name(&self, node: Tree<'tree>) -> String {
        let mut around = node.parent();
        while let Some(parent) = around {
            if is_type(parent.kind()) {
                return self.to.field_text(parent, "name").to_owned();
            }
            around = parent.parent();
        }
        String::new()
    }

    /// A record's components, which are fields that can be read by methods of their names.
    fn components(&mut self, node: Tree<'tree>, members: &mut Members) -> Vec<String> {
        if node.kind() != "record_declaration" {
            return Vec::new();
        }
        let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let mut names = Vec::new();
        for parameter in parameters {
            let Some(named) = self.parameter_name(parameter) else { continue };
            members.fields.push(Field {
                name: named.clone(),
                of_type: parameter.child_by_field_name("type").map(|of_type| self.type_name(of_type)),
                is_static: false,
                is_embedded: false,
                annotations: self.annotations(parameter),
                range: range(parameter),
            });
            names.push(named);
        }
        names
    }

    /// The constructor that a record has unless it writes one: a compact one sets the fields at its end.
    fn record_constructor(
        &mut self,
        node: Tree<'tree>,
        id: TypeId,
        components: &[String],
        members: &mut Members,
    ) {
        let body = node.child_by_field_name("body");
        let compact = body.and_then(|body| child_of_kind(body, "compact_constructor_declaration"));
        let parameters =
            node.child_by_field_name("parameters").map(|list| self.parameters(list)).unwrap_or_default();
        let written = members.methods.iter().any(|method| {
            let function = &self.to.unit.functions[method.0 as usize];
            function.flags.is_constructor && function.parameters.len() == parameters.len()
        });
        if written {
            return;
        }
        let function_id = self.to.reserve_function();
        let place = range(compact.unwrap_or(node));
        let mut block = compact
            .and_then(|compact| compact.child_by_field_name("body"))
            .map(|body| self.block(body))
            .unwrap_or_default();
        for component in components {
            let value = name(component.clone(), place.clone());
            block.statements.push(set_own_field(component.clone(), value, place.clone()));
        }
        let function = Function {
            name: self.to.field_text(node, "name").to_owned(),
            owner: Some(id),
            parameters,
            flags: FunctionFlags { is_constructor: true, ..FunctionFlags::default() },
            body: Some(block),
            range: place.clone(),
            name_range: place,
            ..Function::default()
        };
        self.to.set_function(function_id, function);
        members.methods.push(function_id);
    }

    fn method(&mut self, node: Tree<'tree>, owner: Option<TypeId>) -> FunctionId {
        let id = self.to.reserve_function();
        let is_constructor = node.kind() == "constructor_declaration";
        let parameters =
            node.child_by_field_name("parameters").map(|list| self.parameters(list)).unwrap_or_default();
        let function = Function {
            name: self.to.field_text(node, "name").to_owned(),
            owner,
            parameters,
            returns: node.child_by_field_name("type").map(|of_type| self.type_name(of_type)),
            annotations: self.annotations(node),
            flags: FunctionFlags {
                is_static: self.has_modifier(node, "static"),
                is_constructor,
                ..FunctionFlags::default()
            },
            body: node.child_by_field_name("body").map(|body| self.block(body)),
            range: range(node),
            name_range: node.child_by_field_name("name").map_or_else(|| range(node), range),
            ..Function::default()
        };
        self.to.set_function(id, function);
        id
    }

    pub(super) fn parameters(&mut self, list: Tree<'tree>) -> Vec<Parameter> {
        children(list).into_iter().filter_map(|node| self.parameter(node)).collect()
    }

    fn parameter(&mut self, node: Tree<'tree>) -> Option<Parameter> {
        let is_rest = node.kind() == "spread_parameter";
        let of_type = match node.kind() {
            "formal_parameter" => node.child_by_field_name("type"),
            "spread_parameter" => children(node)
                .into_iter()
                .find(|child| !matches!(child.kind(), "modifiers" | "variable_declarator")),
            "identifier" => None,
            _ => return None,
        };
        let of_type = of_type.map(|of_type| self.type_name(of_type));
        Some(Parameter {
            pattern: Pattern::Name(self.parameter_name(node)?, range(node)),
            of_type: self.with_dimensions(of_type, node),
            default: None,
            kind: if is_rest { ParameterKind::Rest } else { ParameterKind::Plain },
            annotations: self.annotations(node),
            is_reference: false,
            range: range(node),
        })
    }

    fn parameter_name(&self, node: Tree<'tree>) -> Option<String> {
        let named = match node.kind() {
            "identifier" => node,
            "spread_parameter" => child_of_kind(node, "variable_declarator")?.child_by_field_name("name")?,
            _ => node.child_by_field_name("name")?,
        };
        Some(self.to.text(named).to_owned())
    }

    pub(super) fn annotations(&mut self, node: Tree<'tree>) -> Vec<Annotation> {
        let listed = child_of_kind(node, "modifiers").map(children).unwrap_or_default();
        let is_annotation = |node: &Tree<'tree>| matches!(node.kind(), "annotation" | "marker_annotation");
        listed.into_iter().filter(is_annotation).map(|node| self.annotation(node)).collect()
    }

    fn annotation(&mut self, node: Tree<'tree>) -> Annotation {
        let named: String = self.to.field_text(node, "name").split_whitespace().collect();
        let place = range(node);
        let callee = name(named.clone(), place.clone());
        let listed = node.child_by_field_name("arguments").map(children).unwrap_or_default();
        let arguments = listed.into_iter().map(|node| self.annotation_argument(node)).collect();
        let expression = Expression::new(ExpressionKind::Call { callee: Box::new(callee), arguments }, place);
        Annotation { name: named, expression }
    }
}

fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "class_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "record_declaration"
            | "annotation_type_declaration"
    )
}

fn block_statement(block: Block, node: Tree<'_>) -> Statement {
    Statement::new(crate::flow::form::StatementKind::Block(None, block), range(node))
}

fn set(target: Pattern, value: Expression, place: crate::flow::form::Range) -> Statement {
    let assignment = Assignment { target, operator: None, value };
    expression_statement(Expression::new(ExpressionKind::Assign(Box::new(assignment)), place))
}

fn set_own_field(named: String, value: Expression, place: crate::flow::form::Range) -> Statement {
    let own = member(Expression::new(ExpressionKind::This, place.clone()), named, place.clone());
    set(Pattern::Place(Box::new(own)), value, place)
}

fn null(place: crate::flow::form::Range) -> Expression {
    constant(Constant::Null, place)
}
