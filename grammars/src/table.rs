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
const NO_KINDS: Kinds = Kinds { comments: "", strings: "", identifiers: "", interpolations: "", joins: "" };
const NO_COMMENTS: Comments = Comments { line: "", line_start: "", block: &[], column_seven: &[] };
const PLAIN: Row = Row {
    language: Language::Java,
    name: "",
    grammar: None,
    expando: 'µ',
    marks: NO_MARKS,
    comments: NO_COMMENTS,
    kinds: NO_KINDS,
    keywords: &[],
    declarations: &[],
    headers: &[],
    embedding: Embedding::Nothing,
    nests_by_tags: false,
    prepare: None,
    lower: None,
    pattern_frames: &[],
};

const C_COMMENTS: Comments = Comments { line: "//", block: &[("/*", "*/")], ..NO_COMMENTS };
/// A script inside a page may begin with a comment of the page.
const SCRIPT_COMMENTS: Comments = Comments { line: "// <!--", line_start: "-->", ..C_COMMENTS };
const HASH_COMMENTS: Comments = Comments { line: "#", ..NO_COMMENTS };

const fn named(kinds: Words) -> Declaration {
    Declaration { kinds, path: "name", keys: "" }
}

const fn at(kinds: Words, path: Words) -> Declaration {
    Declaration { kinds, path, keys: "" }
}

#[cfg(test)]
mod tests {
    use super::rows;
    use crate::Language;

    #[test]
    fn every_kind_that_a_row_names_is_one_of_its_grammar() {
        for row in rows() {
            let Some(grammar) = row.language.grammar() else { continue };
            let kinds = &row.kinds;
            let declared = row.declarations.iter().chain(row.headers).map(|declaration| declaration.kinds);
            let named = [kinds.comments, kinds.strings, kinds.identifiers, kinds.interpolations, kinds.joins];
            let written = row.keywords.iter().map(|(kind, _)| *kind);
            for kind in declared.chain(named).chain(written).flat_map(str::split_ascii_whitespace) {
                assert_ne!(grammar.id_for_node_kind(kind, true), 0, "{}: {kind}", row.name);
            }
            let steps = row.declarations.iter().chain(row.headers).map(|declaration| declaration.path);
            for step in steps.flat_map(str::split_ascii_whitespace) {
                let known =
                    grammar.field_id_for_name(step).is_some() || grammar.id_for_node_kind(step, true) != 0;
                assert!(known, "{}: {step}", row.name);
            }
        }
    }

    #[test]
    fn every_language_has_one_row_and_keeps_its_name() {
        for row in rows() {
            assert_eq!(
                rows().filter(|other| other.name == row.name || other.language == row.language).count(),
                1
            );
            assert_eq!(row.name.parse::<Language>(), Ok(row.language));
            assert_eq!(row.language.to_string(), row.name);
        }
    }
}
