//! What the table says of one language: how it is recognised, and what its syntax tree calls things.
//! A row is data; the mechanisms that read it are general.

use crate::flow::Unit;
use crate::parse::Prepared;
use crate::{Language, SyntaxTree};

/// Words set apart by blanks: a list, as the table writes it.
pub(crate) type Words = &'static str;

/// How one language is recognised and read.
pub(crate) struct Row {
    pub(crate) language: Language,
    /// The name in policies and reports.
    pub(crate) name: &'static str,
    pub(crate) grammar: Option<fn() -> tree_sitter::Language>,
    /// Stands for `$` in patterns where the grammar takes no `$` in names.
    pub(crate) expando: char,
    pub(crate) marks: Marks,
    pub(crate) comments: Comments,
    pub(crate) kinds: Kinds,
    /// Kinds of nodes that are always written with a word, and that word.
    pub(crate) keywords: &'static [(&'static str, &'static str)],
    pub(crate) declarations: &'static [Declaration],
    /// Headers that open a declaration which their siblings continue, the outer ones first.
    pub(crate) headers: &'static [Declaration],
    pub(crate) embedding: Embedding,
    /// Whether its parser looks at all the open tags for each token, so that deep nesting must not reach it.
    pub(crate) nests_by_tags: bool,
    /// What is done to a text before its grammar can read it; nothing where there is nothing to do.
    pub(crate) prepare: Option<fn(&str) -> Option<Prepared>>,
    /// Makes the intermediate form that data flow is computed on.
    pub(crate) lower: Option<fn(&SyntaxTree) -> Unit>,
    /// Text around a fragment, so that a pattern of a statement is a whole program to the grammar.
    pub(crate) pattern_frames: &'static [(&'static str, &'static str)],
}

/// How files of a language are told.
#[derive(Clone, Copy)]
pub(crate) struct Marks {
    /// Whole file names.
    pub(crate) names: Words,
    /// Lower-case, without the dot.
    pub(crate) extensions: Words,
    /// Programs after `#!`.
    pub(crate) interpreters: Words,
    /// A pattern found in texts of this language, for extensions that it shares with another and for files
    /// whose extension says nothing.
    pub(crate) sign: Option<Sign>,
}

/// A pattern that tells a language by its text.
#[derive(Clone, Copy)]
pub(crate) struct Sign {
    pub(crate) pattern: &'static str,
    /// Whether it alone tells the language, or only where the extension allows for it.
    pub(crate) alone: bool,
}

/// How comments are written.
#[derive(Clone, Copy)]
pub(crate) struct Comments {
    /// From here to the end of the line.
    pub(crate) line: Words,
    /// The same, where it stands at the start of a line only.
    pub(crate) line_start: Words,
    pub(crate) block: &'static [(&'static str, &'static str)],
    /// Characters in column 7 that make the line a comment.
    pub(crate) column_seven: &'static [u8],
}

/// What the syntax tree calls things.
#[derive(Clone, Copy)]
pub(crate) struct Kinds {
    pub(crate) comments: Words,
    pub(crate) strings: Words,
    pub(crate) identifiers: Words,
    /// Parts of a string literal that are computed when the program runs.
    pub(crate) interpolations: Words,
    /// Expressions that put texts together, by `+` or by standing side by side.
    pub(crate) joins: Words,
}

/// Kinds of nodes that declare something, and the way from one to its name.
pub(crate) struct Declaration {
    pub(crate) kinds: Words,
    /// Field names or child kinds, each followed as often as it leads on.
    pub(crate) path: Words,
    /// Attributes beside the name whose value tells apart declarations of the same name.
    pub(crate) keys: Words,
}

/// Which code of other languages is found inside.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Embedding {
    /// None.
    Nothing,
    /// Between EXEC SQL and this word.
    ExecSql(&'static str),
    /// The content of MyBatis mapper elements.
    Mapper,
    /// String literals.
    Literals,
}
