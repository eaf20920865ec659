//! Classes, interfaces, decorators.

use crate::flow::form::{
    Annotation, Assignment, Expression, ExpressionKind, Field, Function, FunctionFlags, FunctionId, Pattern,
    Statement, StatementKind, TypeDeclaration, TypeId, TypeName,
};
use crate::flow::javascript::{Script, Tree};
use crate::flow::lowering::{
    child_of_kind, children, expression_statement, fields, member, name, range, scoped,
};

/// What the members of a class make.
#[derive(Default)]
struct Members {
    fields: Vec<Field>,
    methods: Vec<FunctionId>,
    object: Vec<Statement>,
    class: Vec<Statement>,
}

impl<'tree> Script<'tree> {
    pub(super) fn class(&mut self, node: Tree<'tree>) -> TypeId {
        let id = self.to.reserve_type();
        let mut members = Members::default();
        if let Some(body) = node.child_by_field_name("body") {
            self.members(body, id, &mut members);
        }
        let mut declaration = TypeDeclaration {
            name: self.to.field_text(node, "name").to_owned(),
            annotations: self.decorators(node),
            is_abstract: node.kind().starts_with("abstract"),
            range: range(node),
            ..TypeDeclaration::default()
        };
        if let Some(heritage) = child_of_kind(node, "class_heritage") {
            self.heritage(heritage, &mut declaration);
        }
        let place = range(node);
        declaration.initializer = self.initializer(id, members.object, false, place.start);
        declaration.static_initializer = self.initializer(id, members.class, true, place.start);
        declaration.fields = members.fields;
        declaration.methods = members.methods;
        self.to.set_type(id, declaration);
        id
    }

    fn heritage(&mut self, heritage: Tree<'tree>, declaration: &mut TypeDeclaration) {
        for part in children(heritage) {
            match part.kind() {
                "implements_clause" => {
                    declaration.supers.extend(children(part).into_iter().map(|above| self.type_name(above)));
                }
                "extends_clause" => {
                    for value in fields(part, "value") {
                        self.add_super(value, declaration);
                    }
                }
                _ => self.add_super(part, declaration),
            }
        }
    }

    fn add_super(&mut self, value: Tree<'tree>, declaration: &mut TypeDeclaration) {
        let written: String = self.to.text(value).split_whitespace().collect();
        declaration.supers.insert(0, TypeName::plain(written));
        let value = self.expression(value);
        declaration.super_expressions.push(value);
    }

    fn initializer(
        &mut self,
        owner: TypeId,
        statements: Vec<Statement>,
        is_static: bool,
        at: u32,
    ) -> Option<FunctionId> {
        if statements.is_empty() {
            return None;
        }
        let id = self.to.reserve_function();
        let end = statements.last().map_or(at, |last| last.range.end);
        let function = Function {
            owner: Some(owner),
            flags: FunctionFlags { is_static, ..FunctionFlags::default() },
            body: Some(scoped(statements)),
            range: at..end.saturating_add(u32::from(is_static)),
            name_range: at..at,
            ..Function::default()
        };
        self.to.set_function(id, function);
        Some(id)
    }

    fn members(&mut self, body: Tree<'tree>, owner: TypeId, members: &mut Members) {
        for node in children(body) {
            match node.kind() {
                "method_definition" | "abstract_method_signature" => {
                    members.methods.push(self.method(node, owner));
                }
                "field_definition" | "public_field_definition" => self.field(node, members),
                "class_static_block" => {
                    if let Some(block) = node.child_by_field_name("body") {
                        let block = self.block(block);
                        members.class.push(Statement::new(StatementKind::Block(None, block), range(node)));
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn method(&mut self, node: Tree<'tree>, owner: TypeId) -> FunctionId {
        let named = node.child_by_field_name("name");
        let computed = named.filter(|named| named.kind() == "computed_property_name");
        let is_constructor = self.to.field_text(node, "name") == "constructor";
        let flags = FunctionFlags {
            is_static: self.to.has_word(node, "static"),
            is_getter: self.to.has_word(node, "get"),
            is_setter: self.to.has_word(node, "set"),
            is_constructor,
            ..FunctionFlags::default()
        };
        let id = self.function(node, flags);
        let annotations = self.decorators(node);
        let computed = computed.map(|computed| self.to.text(computed).to_owned());
        let function = &mut self.to.unit.functions[id.0 as usize];
        function.owner = Some(owner);
        function.annotations = annotations;
        if let Some(computed) = computed {
            function.name = computed;
        }
        function.name = function.name.trim_matches(['\'', '"']).to_owned();
        id
    }

    fn field(&mut self, node: Tree<'tree>, members: &mut Members) {
        let key = node.child_by_field_name("name").or_else(|| node.child_by_field_name("property"));
        let Some(key) = key else { return };
        let named = self.to.text(key).to_owned();
        let is_static = self.to.has_word(node, "static");
        members.fields.push(Field {
            name: named.clone(),
            of_type: node.child_by_field_name("type").and_then(|written| self.annotated_type(written)),
            is_static,
            is_embedded: false,
            annotations: self.decorators(node),
            range: range(node),
        });
        let Some(value) = node.child_by_field_name("value") else { return };
        let value = self.expression(value);
        let set = set_own(named, value, range(node));
        if is_static { members.class.push(set) } else { members.object.push(set) }
    }

    /// `constructor(private x: T)` sets fields.
    pub(super) fn parameter_properties(&mut self, node: Tree<'tree>) -> Vec<Statement> {
        let parameters = node.child_by_field_name("parameters").map(children).unwrap_or_default();
        let own = parameters.into_iter().filter(|parameter| {
            child_of_kind(*parameter, "accessibility_modifier").is_some()
                || self.to.has_word(*parameter, "readonly")
        });
        own.filter_map(|parameter| {
            let pattern = parameter.child_by_field_name("pattern")?;
            let named = self.to.text(pattern).to_owned();
            Some(set_own(named.clone(), name(named, range(parameter)), range(parameter)))
        })
        .collect()
    }

    pub(super) fn decorators(&mut self, node: Tree<'tree>) -> Vec<Annotation> {
        let mut all: Vec<Tree<'tree>> =
            children(node).into_iter().filter(|child| child.kind() == "decorator").collect();
        // Those of members stand before them.
        let mut before = node.prev_named_sibling();
        while let Some(sibling) = before.filter(|sibling| sibling.kind() == "decorator") {
            all.insert(0, sibling);
            before = sibling.prev_named_sibling();
        }
        all.into_iter().map(|decorator| self.decorator(decorator)).collect()
    }

    fn decorator(&mut self, node: Tree<'tree>) -> Annotation {
        let expression = self.inner(node);
        let named = match &expression.kind {
            ExpressionKind::Call { callee, .. } => &callee.range,
            _ => &expression.range,
        };
        let start = range(node).start;
        let written = self.to.text(node);
        let from = (named.start.saturating_sub(start)) as usize;
        let to = (named.end.saturating_sub(start)) as usize;
        let named: String = written.get(from..to).unwrap_or_default().split_whitespace().collect();
        Annotation { name: named, expression }
    }

    pub(super) fn interface(&mut self, node: Tree<'tree>) {
        let id = self.to.reserve_type();
        let mut declaration = TypeDeclaration {
            name: self.to.field_text(node, "name").to_owned(),
            is_abstract: true,
            range: range(node),
            ..TypeDeclaration::default()
        };
        let above = child_of_kind(node, "extends_type_clause").map(children).unwrap_or_default();
        declaration.supers = above.into_iter().map(|above| self.type_name(above)).collect();
        for part in node.child_by_field_name("body").map(children).unwrap_or_default() {
            match part.kind() {
                "property_signature" => declaration.fields.push(Field {
                    name: self.to.field_text(part, "name").to_owned(),
                    of_type: part
                        .child_by_field_name("type")
                        .and_then(|written| self.annotated_type(written)),
                    is_static: false,
                    is_embedded: false,
                    annotations: Vec::new(),
                    range: range(part),
                }),
                "method_signature" => declaration.methods.push(self.method(part, id)),
                _ => {}
            }
        }
        self.to.set_type(id, declaration);
    }
}

fn set_own(named: String, value: Expression, place: crate::flow::form::Range) -> Statement {
    let own = member(Expression::new(ExpressionKind::This, place.clone()), named, place.clone());
    let assignment = Assignment { target: Pattern::Place(Box::new(own)), operator: None, value };
    expression_statement(Expression::new(ExpressionKind::Assign(Box::new(assignment)), place))
}
