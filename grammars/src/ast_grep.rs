//! Lets ast-grep match patterns in our languages, through the parsers of our table.

use std::borrow::Cow;

use ast_grep_core::matcher::{Pattern, PatternBuilder, PatternError};
use ast_grep_core::tree_sitter::{LanguageExt, StrDoc, TSLanguage};

use crate::Language;

impl ast_grep_core::Language for Language {
    fn expando_char(&self) -> char {
        self.expando()
    }

    fn pre_process_pattern<'q>(&self, query: &'q str) -> Cow<'q, str> {
        if self.expando() == '$' { Cow::Borrowed(query) } else { expand(query, self.expando()) }
    }

    fn kind_to_id(&self, kind: &str) -> u16 {
        self.get_ts_language().id_for_node_kind(kind, true)
    }

    fn field_to_id(&self, field: &str) -> Option<u16> {
        self.get_ts_language().field_id_for_name(field).map(std::num::NonZero::get)
    }

    fn build_pattern(&self, builder: &PatternBuilder<'_>) -> Result<Pattern, PatternError> {
        builder.build(|source| StrDoc::try_new(source, *self))
    }
}

impl LanguageExt for Language {
    fn get_ts_language(&self) -> TSLanguage {
        self.grammar().expect("patterns are compiled for languages with a parser only")
    }
}

/// Writes the `$` of meta variables as a letter that the grammar takes in names.
fn expand(query: &str, expando: char) -> Cow<'_, str> {
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let dollars = rest[at..].bytes().take_while(|&byte| byte == b'$').count();
        let next = rest[at + dollars..].chars().next();
        let is_variable = dollars == 3 || next.is_some_and(|c| c.is_ascii_uppercase() || c == '_');
        let mark = if is_variable && dollars <= 3 { expando } else { '$' };
        out.extend(std::iter::repeat_n(mark, dollars));
        rest = &rest[at + dollars..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}
