//! How code is written: the table of languages, source text and the syntax trees made from it.

mod ast_grep;
mod language;
mod tree;

pub use language::Language;
pub use tree::{Decoded, Embedded, ParseBudget, ParseError, SyntaxTree, decode};
