//! Lets ast-grep match patterns in our languages, through the parsers of our table. Where a statement alone is no
//! program to the grammar, a pattern is read inside a frame that makes it one.

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
        if let Ok(variable) = builder.build(|source| variable_alone(source, *self)) {
            return Ok(variable);
        }
        let mut frame = None;
        let built = builder.build(|source| {
            frame = framed(source, *self);
            if needs_frame(source, *self) {
                return Err(format!("the {self} grammar reads it neither as a statement nor as a clause"));
            }
            StrDoc::try_new(source, *self)
        });
        match frame {
            Some((program, kind)) => Pattern::contextual(&program, &kind, *self),
            None => built,
        }
    }
}

impl LanguageExt for Language {
    fn get_ts_language(&self) -> TSLanguage {
        self.grammar().expect("patterns are compiled for languages with a parser only")
    }
}

/// A document of nothing but a meta variable. No grammar need take a name where a program is expected: the tree is
/// that of a name in Python.
fn variable_alone(source: &str, language: Language) -> Result<StrDoc<Language>, String> {
    let name = source.trim().strip_prefix(language.expando()).ok_or("no variable")?;
    let is_name = name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !is_name {
        return Err("more than a variable".to_owned());
    }
    let stand_in = StrDoc::try_new(&"a".repeat(source.trim().len()), Language::Python)?;
    Ok(StrDoc { src: source.trim().to_owned(), lang: language, tree: stand_in.tree })
}

/// Whether the language reads patterns within frames, and this one stands in none yet. Its parser is never given
/// a text without one: a scanner made for whole programs need not end on less.
fn needs_frame(source: &str, language: Language) -> bool {
    let frames = language.row().pattern_frames;
    !frames.is_empty() && !frames.iter().any(|(before, _)| source.starts_with(before))
}

/// `source` within the first frame in which the grammar understands it, and the kind of node it is there.
fn framed(source: &str, language: Language) -> Option<(String, String)> {
    if !needs_frame(source, language) {
        return None;
    }
    let frames = language.row().pattern_frames;
    let indented = source.trim().replace('\n', "\n           ");
    let statement = indented.trim_end_matches('.').trim_end();
    frames.iter().find_map(|(before, after)| {
        let program = format!("{before}{indented}{after}");
        let document = StrDoc::try_new(&program, language).ok()?;
        let range = before.len()..before.len() + statement.len();
        let node = document.tree.root_node().descendant_for_byte_range(range.start, range.end)?;
        let understood = !node.has_error() && node.is_named() && node.byte_range() == range;
        understood.then(|| (program, node.kind().to_owned()))
    })
}

/// Writes the `$` of meta variables as a letter that the grammar takes in names.
fn expand(query: &str, expando: char) -> Cow<'_, str> {
    let mut out = String::with_capacity(query.len());
    let mut rest = query;
    let mut unnamed = 0;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let dollars = rest[at..].bytes().take_while(|&byte| byte == b'$').count();
        let next = rest[at + dollars..].chars().next();
        let is_variable = dollars == 3 || next.is_some_and(|c| c.is_ascii_uppercase() || c == '_');
        let mark = if is_variable && dollars <= 3 { expando } else { '$' };
        out.extend(std::iter::repeat_n(mark, dollars));
        rest = &rest[at + dollars..];
        // COBOL, whose mark is a digit, takes no `_` in names: each unnamed variable gets a name of its own.
        if is_variable && expando.is_ascii_digit() && !next.is_some_and(|c| c.is_ascii_uppercase()) {
            unnamed += 1;
            out.push_str(&format!("ANY{unnamed}"));
            rest =
                rest.trim_start_matches(|c: char| c == '_' || c.is_ascii_uppercase() || c.is_ascii_digit());
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}
