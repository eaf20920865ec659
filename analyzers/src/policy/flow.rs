//! A `flow` check as written and as read: which values must not reach which places, and what makes them safe.

use std::collections::BTreeMap;
use std::sync::Arc;

use grammars::Language;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::flow::Models;
use crate::policy::RuleSource;
use crate::policy::document::{OneOrMany, RuleSchema};

/// Which values reach which places in one language.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlowDocument {
    /// What is not to be trusted, or not to be shown.
    #[schemars(with = "Vec<EndpointSchema>")]
    pub sources: Vec<Value>,
    /// Where it must not come.
    #[schemars(with = "Vec<EndpointSchema>")]
    pub sinks: Vec<Value>,
    /// What makes it safe.
    #[serde(default)]
    #[schemars(with = "Vec<EndpointSchema>")]
    pub sanitizers: Vec<Value>,
    /// Conditions that make the captured variable safe where they hold.
    #[serde(default)]
    #[schemars(with = "Vec<EndpointSchema>")]
    pub guards: Vec<Value>,
    /// What calls of functions without source do with values.
    #[serde(default)]
    pub propagators: Vec<PropagatorDocument>,
}

/// What a call of a function without source does with values.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PropagatorDocument {
    /// `Type.method`, or the path of a function.
    pub call: String,
    /// Its effect, as in `policies/models`: `taint(this, 0)`, `append(this, 0)`.
    pub effect: String,
}

/// A source, sink or sanitizer: a code pattern (ast-grep rule syntax), a call, a parameter, or a list of these that
/// `models/<language>.yaml` names.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "describes the format for the schema")]
struct EndpointSchema {
    /// The name of a list.
    model: Option<String>,
    /// Calls: `Type.method`, `Type.new`, `method`, a dotted path.
    call: Option<OneOrMany>,
    /// Parameters of functions that nobody in the repository calls.
    parameter: Option<ParameterDocument>,
    /// Which argument: its position from 0, several positions, `this` for the receiver, or the variable that a pattern
    /// captures it by. Every argument where nothing is said.
    argument: Option<ArgumentSchema>,
    #[serde(flatten)]
    rule: RuleSchema,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the format for the schema")]
enum ArgumentSchema {
    Position(usize),
    Positions(Vec<usize>),
    Named(String),
}

/// A parameter; all that is said must hold.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ParameterDocument {
    /// It bears one of these annotations.
    #[schemars(with = "Option<OneOrMany>")]
    annotated: OneOrMany,
    /// It has one of these names.
    #[schemars(with = "Option<OneOrMany>")]
    named: OneOrMany,
    /// Its declared type has one of these names, without package and type arguments.
    #[serde(rename = "type")]
    #[schemars(with = "Option<OneOrMany>")]
    of_type: OneOrMany,
    /// Its declared type has none of these names: numbers and dates cannot carry an injection.
    #[schemars(with = "Option<OneOrMany>")]
    not_type: OneOrMany,
    /// Its function bears one of these annotations.
    #[schemars(with = "Option<OneOrMany>")]
    of_annotated: OneOrMany,
}

/// Which values must not reach which places in one language.
#[derive(Clone, Debug, Default)]
pub struct FlowRules {
    /// Sources, sinks, sanitizers and guards, in this order.
    pub(crate) endpoints: Vec<Endpoint>,
    /// What calls do with values.
    pub(crate) propagators: Vec<PropagatorDocument>,
}

/// A source, sink, sanitizer or guard.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    pub(crate) role: EndpointRole,
    pub(crate) kind: EndpointKind,
}

/// What an endpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndpointRole {
    /// What is not to be trusted.
    Source,
    /// Where it must not come.
    Sink,
    /// What makes it safe.
    Sanitizer,
    /// A condition that makes the captured variable safe.
    Guard,
}

/// How an endpoint is recognised.
#[derive(Clone, Debug)]
pub(crate) enum EndpointKind {
    /// Code that matches a rule; the captured variable, where not the whole is meant.
    Pattern(Arc<RuleSource>, Option<String>),
    /// A call of one of these, and which arguments (none: all) or the receiver.
    Call(Vec<String>, Vec<usize>, bool),
    /// A parameter.
    Parameter(Parameter),
}

/// A parameter that is a source.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameter {
    pub(crate) annotated: Vec<String>,
    pub(crate) named: Vec<String>,
    pub(crate) of_type: Vec<String>,
    pub(crate) not_type: Vec<String>,
    pub(crate) of_annotated: Vec<String>,
}

/// What `models/<language>.yaml` holds: effects of library functions, and named endpoints.
#[derive(Debug, Default)]
pub(crate) struct LanguageModels {
    pub(crate) models: Arc<Models>,
    endpoints: BTreeMap<(&'static str, String), Vec<Value>>,
}

/// The models of every language that has some.
pub(crate) type AllModels = BTreeMap<Language, LanguageModels>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelsDocument {
    #[serde(default)]
    types: Value,
    #[serde(default)]
    functions: Value,
    #[serde(default)]
    sources: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    sinks: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    sanitizers: BTreeMap<String, Vec<Value>>,
    #[serde(default)]
    guards: BTreeMap<String, Vec<Value>>,
}

impl LanguageModels {
    /// Reads a file of models.
    pub(crate) fn read(value: Value) -> Result<Self, String> {
        let document: ModelsDocument = serde_json::from_value(value).map_err(|error| error.to_string())?;
        let models = Models::read(document.types, document.functions)?;
        let lists = [
            ("source", document.sources),
            ("sink", document.sinks),
            ("sanitizer", document.sanitizers),
            ("guard", document.guards),
        ];
        let endpoints = lists.into_iter().flat_map(|(role, lists)| {
            lists.into_iter().map(move |(name, endpoints)| ((role, name), endpoints))
        });
        Ok(Self { models: Arc::new(models), endpoints: endpoints.collect() })
    }
}

impl EndpointRole {
    fn name(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::Sink => "sink",
            Self::Sanitizer => "sanitizer",
            Self::Guard => "guard",
        }
    }
}

impl FlowRules {
    /// Reads a check of one language.
    pub(crate) fn read(
        document: &FlowDocument,
        models: Option<&LanguageModels>,
        line: u64,
    ) -> Result<Self, String> {
        let mut endpoints = Vec::new();
        let lists = [
            (EndpointRole::Source, &document.sources),
            (EndpointRole::Sink, &document.sinks),
            (EndpointRole::Sanitizer, &document.sanitizers),
            (EndpointRole::Guard, &document.guards),
        ];
        for (role, list) in lists {
            for written in list {
                read_endpoint(role, written, models, line, &mut endpoints)?;
            }
        }
        for propagator in &document.propagators {
            Models::check_effect(&propagator.effect)?;
        }
        Ok(Self { endpoints, propagators: document.propagators.clone() })
    }
}

fn read_endpoint(
    role: EndpointRole,
    written: &Value,
    models: Option<&LanguageModels>,
    line: u64,
    into: &mut Vec<Endpoint>,
) -> Result<(), String> {
    let Value::Object(map) = written else {
        return read_endpoint(role, &serde_json::json!({ "pattern": written }), models, line, into);
    };
    let mut own = map.clone();
    if let Some(name) = own.remove("model") {
        let name = name.as_str().unwrap_or_default().to_owned();
        let known = models.and_then(|models| models.endpoints.get(&(role.name(), name.clone())));
        let list = known.ok_or_else(|| {
            format!("no list of {}s is named `{name}` in the language's models", role.name())
        })?;
        return list.iter().try_for_each(|inner| read_endpoint(role, inner, None, line, into));
    }
    let argument = own.remove("argument");
    if let Some(call) = own.remove("call").filter(|_| role != EndpointRole::Guard) {
        let OneOrMany(names) = serde_json::from_value(call).map_err(|error| format!("`call`: {error}"))?;
        let (positions, receiver) = arguments(argument)?;
        nothing_left(&own)?;
        into.push(Endpoint { role, kind: EndpointKind::Call(names, positions, receiver) });
        return Ok(());
    }
    if let Some(parameter) = own.remove("parameter") {
        let document: ParameterDocument =
            serde_json::from_value(parameter).map_err(|error| format!("`parameter`: {error}"))?;
        nothing_left(&own)?;
        let parameter = Parameter {
            annotated: document.annotated.0,
            named: document.named.0,
            of_type: document.of_type.0,
            not_type: document.not_type.0,
            of_annotated: document.of_annotated.0,
        };
        into.push(Endpoint { role, kind: EndpointKind::Parameter(parameter) });
        return Ok(());
    }
    let argument = match argument {
        None => None,
        Some(Value::String(name)) => Some(name.trim_start_matches('$').to_owned()),
        Some(other) => {
            return Err(format!(
                "`argument: {other}` of a pattern is the variable that captures it, such as `$QUERY`"
            ));
        }
    };
    if own.is_empty() {
        return Err(format!("a {} is a `pattern`, `call`, `parameter` or `model`", role.name()));
    }
    if role == EndpointRole::Guard && argument.is_none() {
        return Err("a guard says by `argument` which captured variable it makes safe".to_owned());
    }
    let rule = crate::policy::load::split(Value::Object(own), line);
    into.push(Endpoint { role, kind: EndpointKind::Pattern(Arc::new(rule), argument) });
    Ok(())
}

fn nothing_left(own: &serde_json::Map<String, Value>) -> Result<(), String> {
    match own.keys().next() {
        Some(key) => Err(format!("`{key}` does not go with `call` or `parameter`")),
        None => Ok(()),
    }
}

/// Positions of arguments, and whether the receiver is meant.
fn arguments(argument: Option<Value>) -> Result<(Vec<usize>, bool), String> {
    match argument {
        None => Ok((Vec::new(), false)),
        Some(Value::String(name)) if name == "this" => Ok((Vec::new(), true)),
        Some(Value::Number(position)) => {
            Ok((position.as_u64().map(|at| at as usize).into_iter().collect(), false))
        }
        Some(list @ Value::Array(_)) => {
            let positions = serde_json::from_value(list).map_err(|error| format!("`argument`: {error}"))?;
            Ok((positions, false))
        }
        Some(other) => {
            Err(format!("`argument: {other}` of a call is a position from 0, a list of positions, or `this`"))
        }
    }
}
