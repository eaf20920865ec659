//! JavaScript, TypeScript and JSX in the intermediate form: modules, functions, classes.
//!
//! Imports declare variables; exports are variables of the file, the default one named `default`. Function declarations
//! are set where their block begins, `var` belongs to the function. Getters, setters and fields are those of classes.

mod classes;
mod expressions;
mod modules;
mod patterns;
mod statements;

use tree_sitter::Node;

use crate::SyntaxTree;
use crate::flow::form::{
    Argument, Block, Constant, Expression, ExpressionKind, Function, FunctionFlags, FunctionId, Item,
    Parameter, ParameterKind, Pattern, Spread, Statement, StatementKind, Unit,
};
use crate::flow::lowering::{Lowering, argument, children, constant, declare, name, range, scoped, text};

type Tree<'tree> = Node<'tree>;

/// What stands for all further arguments of a function that reads `arguments`.
const FURTHER: &str = "<further>";

/// The file's code.
pub(crate) fn lower(tree: &SyntaxTree) -> Unit {
    let mut script = Script { to: Lowering::new(tree), hoisted: vec![Vec::new()] };
    let top = tree.top();
    let mut statements = script.exports_of(tree.read(), top);
    statements.extend(script.statements(top));
    script.to.unit.functions[0].locals = script.hoisted.pop().unwrap_or_default();
    script.to.extend_top(statements);
    script.to.unit
}

struct Script<'tree> {
    to: Lowering<'tree>,
    /// `var` names, by function.
    hoisted: Vec<Vec<String>>,
}

impl<'tree> Script<'tree> {
    /// Files that set `module.exports` begin with it.
    fn exports_of(&mut self, read: &str, top: Tree<'tree>) -> Vec<Statement> {
        if !read.contains("exports") {
            return Vec::new();
        }
        let place = range(top).start..range(top).start;
        let object = |entries: Vec<Item<(Expression, Expression)>>, end: u32| {
            Expression::new(ExpressionKind::Record { of_type: None, entries }, place.start..place.start + end)
        };
        let inner = object(Vec::new(), 1);
        let module = object(vec![Item::One((text("exports", place.clone()), inner))], 2);
        let read = crate::flow::lowering::member(name("module", place.clone()), "exports", place.clone());
        vec![
            declare(Pattern::Name("module".to_owned(), place.clone()), Some(module), place.clone()),
            declare(Pattern::Name("exports".to_owned(), place.clone()), Some(read), place),
        ]
    }

    /// A function of whatever kind.
    pub(super) fn function(&mut self, node: Tree<'tree>, flags: FunctionFlags) -> FunctionId {
        let id = self.to.reserve_function();
        self.hoisted.push(Vec::new());
        let mut parameters = match node.child_by_field_name("parameters") {
            Some(list) => self.parameters(list),
            None => node
                .child_by_field_name("parameter")
                .map(|one| self.lone_parameter(one))
                .into_iter()
                .collect(),
        };
        let mut body = match node.child_by_field_name("body") {
            Some(body) if body.kind() == "statement_block" => Some(self.block(body)),
            Some(body) => {
                let value = self.expression(body);
                let place = value.range.clone();
                Some(scoped(vec![Statement::new(StatementKind::Return(Some(value)), place)]))
            }
            None => None,
        };
        if !flags.keeps_this
            && let Some(body) = body.as_mut().filter(|_| self.mentions_arguments(node))
        {
            self.add_arguments(body, &mut parameters, node);
        }
        if let Some(body) = &mut body {
            let own = self.parameter_properties(node);
            body.statements.splice(0..0, own);
        }
        let function = Function {
            name: self.to.field_text(node, "name").to_owned(),
            parameters,
            flags: FunctionFlags {
                is_async: self.to.has_word(node, "async"),
                is_generator: self.to.has_word(node, "*") || node.kind().starts_with("generator"),
                ..flags
            },
            locals: self.hoisted.pop().unwrap_or_default(),
            body,
            range: range(node),
            name_range: node
                .child_by_field_name("name")
                .map_or_else(|| range(node).start..range(node).start, range),
            ..Function::default()
        };
        self.to.set_function(id, function);
        id
    }

    fn mentions_arguments(&self, node: Tree<'tree>) -> bool {
        self.to.text(node).contains("arguments")
    }

    /// `arguments`: what was given, in order.
    fn add_arguments(&mut self, body: &mut Block, parameters: &mut Vec<Parameter>, node: Tree<'tree>) {
        let place = range(node).start..range(node).start;
        let mut items: Vec<Item<Expression>> = Vec::new();
        let mut has_rest = false;
        for parameter in parameters.iter() {
            let Pattern::Name(named, _) = &parameter.pattern else { continue };
            let read = name(named.clone(), place.clone());
            if parameter.kind == ParameterKind::Rest {
                has_rest = true;
                items.push(Item::Spread(read));
            } else {
                items.push(Item::One(read));
            }
        }
        if !has_rest {
            items.push(Item::Spread(name(FURTHER, place.clone())));
            parameters.push(Parameter {
                pattern: Pattern::Name(FURTHER.to_owned(), place.clone()),
                of_type: None,
                default: None,
                kind: ParameterKind::Rest,
                annotations: Vec::new(),
                is_reference: false,
                range: place.clone(),
            });
        }
        let list = Expression::new(ExpressionKind::List(items), place.start..place.start + 1);
        let pattern = Pattern::Name("arguments".to_owned(), place.clone());
        body.statements.insert(0, declare(pattern, Some(list), place));
    }

    pub(super) fn parameters(&mut self, list: Tree<'tree>) -> Vec<Parameter> {
        children(list).into_iter().map(|node| self.parameter(node)).collect()
    }

    fn lone_parameter(&mut self, node: Tree<'tree>) -> Parameter {
        self.parameter(node)
    }

    fn parameter(&mut self, node: Tree<'tree>) -> Parameter {
        let typed = matches!(node.kind(), "required_parameter" | "optional_parameter");
        let inner = if typed { node.child_by_field_name("pattern").unwrap_or(node) } else { node };
        let default = if typed { node.child_by_field_name("value") } else { None };
        let (inner, default) = match inner.kind() {
            "assignment_pattern" => {
                (inner.child_by_field_name("left").unwrap_or(inner), inner.child_by_field_name("right"))
            }
            _ => (inner, default),
        };
        let (inner, kind) = match inner.kind() {
            "rest_pattern" => (children(inner).first().copied().unwrap_or(inner), ParameterKind::Rest),
            _ => (inner, ParameterKind::Plain),
        };
        let default = default.map(|value| self.expression(value));
        let pattern = match inner.kind() {
            "this" => Pattern::Ignored,
            _ => self.pattern(inner),
        };
        Parameter {
            pattern,
            of_type: node.child_by_field_name("type").and_then(|written| self.annotated_type(written)),
            default,
            kind,
            annotations: self.decorators(node),
            is_reference: false,
            range: range(node),
        }
    }

    pub(super) fn arguments(&mut self, list: Option<Tree<'tree>>) -> Vec<Argument> {
        let list = list.map(children).unwrap_or_default();
        list.into_iter()
            .map(|node| match node.kind() {
                "spread_element" => Argument { spread: Spread::Elements, ..argument(self.inner(node)) },
                _ => argument(self.expression(node)),
            })
            .collect()
    }

    /// The first expression inside.
    pub(super) fn inner(&mut self, node: Tree<'tree>) -> Expression {
        match children(node).first() {
            Some(inner) => self.expression(*inner),
            None => constant(Constant::Null, range(node)),
        }
    }

    pub(super) fn part(&mut self, node: Tree<'tree>, field: &str) -> Expression {
        match node.child_by_field_name(field) {
            Some(part) => self.expression(part),
            None => Expression::new(ExpressionKind::Unknown(Vec::new()), range(node)),
        }
    }
}
