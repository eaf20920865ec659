//! A syntax tree with its text, and what is asked of it. Offsets are bytes of the file's text, always.

use std::ops::Range;
use std::sync::OnceLock;

use ast_grep_core::tree_sitter::StrDoc;
use ast_grep_core::{AstGrep, Node};

use crate::declaration::Header;
use crate::parse::{ParseBudget, ParseError, parse};
use crate::row::Row;
use crate::unread::Unread;
use crate::{Embedded, Language, comments, declaration, embedded, unread};

/// The text of one file and its syntax tree. Offsets are bytes of `text()`.
pub struct SyntaxTree {
    /// Its source is what the grammar read: the text, or a stand-in of the same length and lines.
    root: AstGrep<StrDoc<Language>>,
    /// The file's text, where the grammar read a stand-in.
    written: Option<String>,
    unread: OnceLock<Unread>,
    headers: OnceLock<Vec<Header>>,
}

impl SyntaxTree {
    /// Parses `text`, unless that takes more than `budget`.
    ///
    /// # Errors
    /// Says which bound was hit. Syntax errors are no error here: see [`SyntaxTree::errors`].
    pub fn parse(text: String, language: Language, budget: ParseBudget) -> Result<Self, ParseError> {
        Self::parse_unless(text, language, budget, &|| false)
    }

    /// Parses `text`, unless that takes more than `budget` or `cancelled` says to stop; it is asked at each step.
    ///
    /// # Errors
    /// As [`SyntaxTree::parse`]; a cancelled parse is [`ParseError::TooMuchWork`].
    pub fn parse_unless(
        text: String,
        language: Language,
        budget: ParseBudget,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Self, ParseError> {
        if text.len() > budget.max_bytes {
            return Err(ParseError::TooLarge { bytes: text.len(), limit: budget.max_bytes });
        }
        let prepared = language.row().prepare.and_then(|prepare| prepare(&text));
        let (src, written, patches) = match prepared {
            Some(prepared) => (prepared.text, Some(text), prepared.patches),
            None => (text, None, Vec::new()),
        };
        let tree = parse(&src, &patches, language, budget, cancelled)?;
        let root = AstGrep::doc(StrDoc { src, lang: language, tree });
        Ok(Self { root, written, unread: OnceLock::new(), headers: OnceLock::new() })
    }

    /// The language.
    pub fn language(&self) -> Language {
        *self.root.lang()
    }

    /// The file's text.
    pub fn text(&self) -> &str {
        self.written.as_deref().unwrap_or_else(|| self.read())
    }

    /// The text as the grammar read it, where that is not the file's: same length and lines.
    pub fn stand_in(&self) -> Option<&str> {
        self.written.as_ref().map(|_| self.read())
    }

    /// The text as the grammar read it: same length and lines, but what is no code to it is blank.
    pub fn read(&self) -> &str {
        self.root.source()
    }

    /// The outermost node. Its text is what the grammar read: for COBOL and embedded SQL with blanks for what is
    /// no code to the grammar.
    pub fn root(&self) -> Node<'_, StrDoc<Language>> {
        self.root.root()
    }

    pub(crate) fn top(&self) -> tree_sitter::Node<'_> {
        self.root.root().get_inner_node()
    }

    pub(crate) fn row(&self) -> &'static Row {
        self.language().row()
    }

    fn unread(&self) -> &Unread {
        self.unread.get_or_init(|| unread::find(self.top(), self.read()))
    }

    /// Byte ranges that the grammar does not understand, in rising order. Where something is missing, that is the
    /// byte before.
    pub fn errors(&self) -> Vec<Range<usize>> {
        self.unread().errors.clone()
    }

    /// How much of `range` the grammar does not understand: the share of bytes that are not blank, 0 to 1.
    pub fn error_share(&self, range: Range<usize>) -> f32 {
        unread::share(&self.unread().tokens, range, self.read())
    }

    /// Names of the declarations that enclose `range`, outermost first.
    pub fn declaration(&self, range: Range<usize>) -> Vec<String> {
        let headers = self.headers.get_or_init(|| declaration::headers(self));
        declaration::path(self, range, headers)
    }

    /// The text with its comments blanked: same length, same lines.
    pub fn without_comments(&self) -> String {
        comments::blank(self)
    }

    /// Code of other languages inside this one, parsed within `budget`.
    ///
    /// # Errors
    /// As [`SyntaxTree::parse`], where some of it takes more than `budget`.
    pub fn embedded(&self, budget: ParseBudget) -> Result<Vec<Embedded>, ParseError> {
        embedded::find(self, budget)
    }
}
