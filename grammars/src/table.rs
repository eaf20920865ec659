//! The table of languages. A language is one variant of `Language` and one row here.
//! Every kind a row names exists in its grammar: a test holds that.

mod code;
mod data;

use crate::Language;
use crate::row::{Comments, Declaration, Embedding, Kinds, Marks, Row, Words};

/// Every row; of languages that share an extension, the first has it where the text does not tell.
pub(crate) fn rows() -> impl Iterator<Item = &'static Row> {
    code::ROWS.iter().chain(data::ROWS)
}

const NO_MARKS: Marks = Marks { names: "", extensions: "", interpreters: "", sign: None };
const NO_KINDS: Kinds = Kinds { comments: "", strings: "", identifiers: "", interpolations: "" };
const NO_COMMENTS: Comments = Comments { line: "", line_start: "", block: &[], column_seven: &[] };
const PLAIN: Row = Row {
    language: Language::Java,
    name: "",
    grammar: None,
    expando: 'µ',
    marks: NO_MARKS,
    comments: NO_COMMENTS,
    kinds: NO_KINDS,
    declarations: &[],
    headers: &[],
    embedding: Embedding::Nothing,
    prepare: None,
    pattern_frame: &[],
};

const C_COMMENTS: Comments = Comments { line: "//", block: &[("/*", "*/")], ..NO_COMMENTS };
const HASH_COMMENTS: Comments = Comments { line: "#", ..NO_COMMENTS };

const fn named(kinds: Words) -> Declaration {
    Declaration { kinds, path: "name", keys: "" }
}

const fn at(kinds: Words, path: Words) -> Declaration {
    Declaration { kinds, path, keys: "" }
}
