//! Data flow: which sources reach which sinks, found by running the program on what is known of its values.
//!
//! In: files in the intermediate form, queries, models of libraries. Out: flows with the whole way. `roots` says what is
//! run, `engine` holds what runs, `statements`, `expressions`, `calls`, `library` and their kin are the rules.

#![allow(
    clippy::needless_pass_by_value,
    clippy::type_complexity,
    dropping_copy_types,
    reason = "values are handed on, states come in pairs, and whether a join brought something new is not always asked"
)]

pub(crate) mod analysis;
mod called;
mod calls;
mod conditions;
mod effect;
mod engine;
mod expressions;
mod invoke;
mod library;
mod loops;
mod names;
mod operators;
mod places;
mod program;
mod query;
mod roots;
mod state;
mod statements;
mod trail;
mod value;

use grammars::Language;

pub(crate) use crate::flow::effect::Models;

/// The language whose models speak of another's libraries.
pub(crate) fn model_language(language: Language) -> Language {
    match language {
        Language::TypeScript | Language::Tsx => Language::JavaScript,
        language => language,
    }
}
