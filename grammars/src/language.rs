//! The languages by name, each with the row of the table that says how it is recognised and read.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::row::Row;
use crate::table::rows;
use crate::{comments, detect, embedded};

/// A language that Countersign reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are the languages' own")]
pub enum Language {
    Java,
    Kotlin,
    Scala,
    C,
    Cpp,
    CSharp,
    Go,
    Python,
    JavaScript,
    TypeScript,
    Tsx,
    Rust,
    Sql,
    PlSql,
    Cobol,
    Jcl,
    Yaml,
    Xml,
    Json,
    Properties,
    Groovy,
    Bash,
}

impl Language {
    /// Every language.
    pub fn all() -> impl Iterator<Item = Self> {
        rows().map(|row| row.language)
    }

    pub(crate) fn row(self) -> &'static Row {
        rows().find(|row| row.language == self).expect("every language has a row")
    }

    /// The name in policies and reports.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// The language of a file, by its name, extension and first lines.
    pub fn detect(path: &str, text: &[u8]) -> Option<Self> {
        detect::detect(path, text)
    }

    /// The parser, for languages that have one; the others are read as lines of text.
    pub fn grammar(self) -> Option<tree_sitter::Language> {
        self.row().grammar.map(|grammar| grammar())
    }

    /// Whether code of it is lowered to the form that data flow is computed on.
    pub fn has_flow(self) -> bool {
        self.row().lower.is_some()
    }

    /// The number of a kind of node, where the language's grammar has it.
    pub fn kind_id(self, kind: &str) -> Option<u16> {
        self.grammar().map(|grammar| grammar.id_for_node_kind(kind, true)).filter(|&id| id != 0)
    }

    /// The number of a field of nodes, where the language's grammar has it.
    pub fn field_id(self, field: &str) -> Option<u16> {
        self.grammar()?.field_id_for_name(field).map(Into::into)
    }

    /// Kinds of nodes that are comments; empty where comments are no nodes.
    pub fn comment_kinds(self) -> impl Iterator<Item = &'static str> {
        self.row().kinds.comments.split_ascii_whitespace()
    }

    /// Kinds of nodes that are string literals.
    pub fn string_kinds(self) -> impl Iterator<Item = &'static str> {
        self.row().kinds.strings.split_ascii_whitespace()
    }

    /// Kinds of nodes that are names.
    pub fn identifier_kinds(self) -> impl Iterator<Item = &'static str> {
        self.row().kinds.identifiers.split_ascii_whitespace()
    }

    /// The words that every node of a kind is written with, as far as the table knows.
    pub fn words_of_kind(self, kind: &str) -> impl Iterator<Item = &'static str> {
        self.row().keywords.iter().filter(move |(name, _)| *name == kind).map(|(_, word)| *word)
    }

    /// Kinds of nodes that [`crate::SyntaxTree::declaration`] names.
    pub fn declaration_kinds(self) -> impl Iterator<Item = &'static str> {
        let row = self.row();
        row.declarations
            .iter()
            .chain(row.headers)
            .flat_map(|declaration| declaration.kinds.split_ascii_whitespace())
    }

    /// Whether `text` may hold code of other languages: [`crate::SyntaxTree::embedded`] looks closer.
    pub fn may_embed(self, text: &str) -> bool {
        embedded::is_mentioned(text, self)
    }

    /// Whether the grammar may read a stand-in for `text`: [`crate::SyntaxTree::stand_in`].
    pub fn may_be_prepared(self, text: &str) -> bool {
        self.row().prepare.is_some() && (self == Self::Cobol || self.may_embed(text))
    }

    /// `text` with its comments blanked, told by how comments are written: for text that has no tree.
    /// Length and lines stay.
    pub fn blank_comments(self, text: &str) -> String {
        comments::blank_written(text, self)
    }

    pub(crate) fn expando(self) -> char {
        self.row().expando
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::all().find(|language| language.name() == name).ok_or_else(|| {
            let known: Vec<_> = Self::all().map(Self::name).collect();
            format!("unknown language `{name}`; known are {}", known.join(", "))
        })
    }
}
