//! How code is written: the table of languages, source text and the syntax trees made from it.

mod ast_grep;
mod cobol;
mod comments;
mod declaration;
mod decode;
mod detect;
mod embedded;
mod exec_sql;
pub mod flow;
mod language;
mod parse;
mod row;
mod table;
mod tree;
mod unread;
mod walk;

pub use decode::{DecodeError, Decoded, decode};
pub use embedded::Embedded;
pub use language::Language;
pub use parse::{ParseBudget, ParseError};
pub use tree::SyntaxTree;
pub use walk::{Walk, one_inside, walk};
