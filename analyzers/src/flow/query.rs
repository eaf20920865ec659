//! What is looked for: which values are sources, which places are sinks, what makes safe. A query is a bit.

use std::collections::HashMap;
use std::sync::Arc;

use grammars::Language;

use crate::flow::effect::Models;

/// What patterns say of the expressions at places of a file, by first and last byte.
pub(crate) type Marks = HashMap<(u32, u32), QueryBits>;

/// The queries for which an expression is a source, a sink, made safe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct QueryBits {
    pub(crate) source: u64,
    /// The value of the expression must not be tainted.
    pub(crate) sink: u64,
    /// No argument of the call must be tainted.
    pub(crate) sink_call: u64,
    pub(crate) clean: u64,
    /// Where the condition around it holds, it is safe.
    pub(crate) guard: u64,
}

/// A call that is a source, a sink or makes safe.
#[derive(Clone, Debug)]
pub(crate) struct CallQuery {
    /// The receiver's type, or the path before the name; none: any.
    pub(crate) of: Option<String>,
    pub(crate) role: Role,
    pub(crate) queries: u64,
}

/// What a call is in a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// What it yields is a source.
    Source,
    /// These arguments must not be tainted; none: all.
    Sink(Vec<usize>),
    /// The receiver must not be tainted.
    SinkReceiver,
    /// What it yields is safe.
    Clean,
}

/// A parameter that is a source.
#[derive(Clone, Debug, Default)]
pub(crate) struct ParameterQuery {
    pub(crate) annotations: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) types: Vec<String>,
    pub(crate) not_types: Vec<String>,
    pub(crate) of_annotated: Vec<String>,
    pub(crate) queries: u64,
}

/// Everything that is looked for in a program, and what is known of libraries.
#[derive(Default)]
pub(crate) struct Queries {
    pub(crate) marks: HashMap<u32, Marks>,
    pub(crate) calls: HashMap<(Language, String), Vec<CallQuery>>,
    pub(crate) parameters: HashMap<Language, Vec<ParameterQuery>>,
    pub(crate) models: HashMap<Language, Arc<Models>>,
}

impl Queries {
    pub(crate) fn calls(&self, language: Language, name: &str) -> &[CallQuery] {
        if self.calls.is_empty() {
            return &[];
        }
        self.calls.get(&(language, name.to_owned())).map_or(&[], Vec::as_slice)
    }
}

impl CallQuery {
    /// Whether it speaks of a call of something that has these types or paths. Where nothing is known, a name of two
    /// words or more is enough.
    pub(crate) fn fits(&self, name: &str, known: &[&str]) -> bool {
        let Some(of) = &self.of else { return true };
        if known.is_empty() {
            return name.chars().skip(1).any(|letter| letter.is_uppercase() || letter == '_');
        }
        known.iter().any(|path| {
            path == of || path.strip_suffix(of.as_str()).is_some_and(|rest| rest.ends_with(['.', '/']))
        })
    }
}
