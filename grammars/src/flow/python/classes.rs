//! Classes. The body runs once, `this` being the class; the names that it binds are members of the class, functions are
//! its methods, and what it declares with a type are fields.

use crate::flow::form::{
    Expression, Field, Function, FunctionFlags, Statement, StatementKind, TypeDeclaration, TypeId, TypeName,
};
use crate::flow::lowering::{range, scoped};
use crate::flow::python::decorators::makes_constructor;
use crate::flow::python::{Members, Python, Tree, parts};

/// Types whose constructor takes the fields that a class below declares.
const RECORDS: [&str; 5] = ["NamedTuple", "BaseModel", "Struct", "TypedDict", "BaseSettings"];

/// What a class extends, and what else its head evaluates.
#[derive(Default)]
struct Bases {
    names: Vec<TypeName>,
    expressions: Vec<Expression>,
    others: Vec<Expression>,
}

impl<'tree> Python<'tree> {
    pub(super) fn class_type(&mut self, node: Tree<'tree>, decorators: &[Tree<'tree>]) -> TypeId {
        let id = self.to.reserve_type();
        let annotations = self.annotations(decorators);
        let outer = self.class().map(|members| members.id);
        let bases = self.bases(node);
        let initializer = self.to.reserve_function();
        let members = Members {
            id,
            fields: Vec::new(),
            methods: Vec::new(),
            annotated: Vec::new(),
            is_abstract: false,
        };
        let (statements, members) = self.class_body(node, members, bases.others);
        let is_record = makes_constructor(&annotations)
            || bases.names.iter().any(|base| RECORDS.contains(&base.simple()));
        let function = Function {
            owner: Some(id),
            flags: FunctionFlags { is_static: true, ..FunctionFlags::default() },
            body: Some(scoped(statements)),
            range: range(node),
            name_range: node.child_by_field_name("name").map_or_else(|| range(node), range),
            ..Function::default()
        };
        self.to.set_function(initializer, function);
        let declaration = TypeDeclaration {
            name: self.to.field_text(node, "name").to_owned(),
            outer,
            supers: bases.names,
            super_expressions: bases.expressions,
            fields: members.fields,
            methods: members.methods,
            static_initializer: Some(initializer),
            annotations,
            is_abstract: members.is_abstract,
            components: if is_record { members.annotated } else { Vec::new() },
            type_parameters: self.type_parameters(node),
            range: range(node),
            ..TypeDeclaration::default()
        };
        self.to.set_type(id, declaration);
        id
    }

    fn class_body(
        &mut self,
        node: Tree<'tree>,
        members: Members,
        others: Vec<Expression>,
    ) -> (Vec<Statement>, Members) {
        let id = members.id;
        let body = node.child_by_field_name("body");
        let names = body.map(|body| self.scan(body)).unwrap_or_default();
        self.enter(&names, Some(members));
        let mut statements = names.outer_statements();
        if !others.is_empty() {
            statements.push(Statement::new(StatementKind::Unknown(others), range(node)));
        }
        statements.extend(body.map(|body| self.block(body).statements).unwrap_or_default());
        let members = self.scopes.pop().and_then(|scope| scope.class);
        let none = Members {
            id,
            fields: Vec::new(),
            methods: Vec::new(),
            annotated: Vec::new(),
            is_abstract: false,
        };
        (statements, members.unwrap_or(none))
    }

    fn bases(&mut self, node: Tree<'tree>) -> Bases {
        let mut bases = Bases::default();
        let listed = node.child_by_field_name("superclasses").map(parts).unwrap_or_default();
        for base in listed {
            match base.kind() {
                "keyword_argument" => bases.others.push(self.field(base, "value")),
                "dictionary_splat" => bases.others.push(self.unknown(base)),
                _ => {
                    bases.names.push(self.type_name(base).unwrap_or_default());
                    bases.expressions.push(self.base(base));
                }
            }
        }
        bases
    }

    /// A base as a value: without type arguments, which make no other class of it.
    fn base(&mut self, node: Tree<'tree>) -> Expression {
        match (node.kind(), node.child_by_field_name("value")) {
            ("subscript", Some(generic)) => self.base(generic),
            _ => self.expression(node),
        }
    }

    fn type_parameters(&self, node: Tree<'tree>) -> Vec<String> {
        let listed = node.child_by_field_name("type_parameters").map(parts).unwrap_or_default();
        listed.into_iter().filter_map(|parameter| self.type_name(parameter)).map(|named| named.name).collect()
    }

    /// Notes the field that an assignment or a bare type in the body of a class declares.
    pub(super) fn note_field(&mut self, node: Tree<'tree>) {
        if self.class().is_none() {
            return;
        }
        let Some(target) = node.child_by_field_name("left").filter(|left| left.kind() == "identifier") else {
            return;
        };
        let name = self.to.text(target).to_owned();
        let written = node.child_by_field_name("type");
        let of_type = written.and_then(|written| self.type_name(written));
        let is_of_class = written.is_some_and(|written| self.to.text(written).contains("ClassVar"));
        let is_marker = of_type.as_ref().is_some_and(|of_type| of_type.simple() == "KW_ONLY");
        let is_of_object = written.is_some() && !is_of_class;
        let place = range(node);
        let Some(members) = self.class() else { return };
        if is_marker || members.fields.iter().any(|field| field.name == name) {
            return;
        }
        if is_of_object {
            members.annotated.push(name.clone());
        }
        members.fields.push(Field {
            name,
            of_type,
            is_static: !is_of_object,
            is_embedded: false,
            annotations: Vec::new(),
            range: place,
        });
    }
}
