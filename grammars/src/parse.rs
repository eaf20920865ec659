//! Parsing within a budget of work: text and language in, a tree or the bound that was hit out.
//! No clock: bounds count work, so that the same input gives the same result.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{ControlFlow, Range};

use thiserror::Error;
use tree_sitter::{InputEdit, Node, ParseOptions, Parser, Point, Tree};

use crate::Language;

/// How much work a parse may take; counted in work, so that the same input gives the same result.
#[derive(Clone, Copy, Debug)]
pub struct ParseBudget {
    /// Largest text, in bytes.
    pub max_bytes: usize,
    /// Most calls of the parser's progress callback: one per 100 parser operations. Code takes 2 to 12 a kilobyte.
    pub max_steps: u64,
    /// Deepest nesting of nodes.
    pub max_depth: usize,
}

impl Default for ParseBudget {
    fn default() -> Self {
        Self { max_bytes: 8 << 20, max_steps: 200_000, max_depth: 1_000 }
    }
}

/// Why a text has no tree.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ParseError {
    /// The language is read as lines of text.
    #[error("{0} is read without a parser")]
    NoGrammar(Language),
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

/// A text as its grammar can read it.
pub(crate) struct Prepared {
    /// Same length and lines as what was written.
    pub(crate) text: String,
    /// In rising order, apart from each other.
    pub(crate) patches: Vec<Patch>,
}

/// What the parser alone sees in place of a range of the text. Offsets in the tree are those of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Patch {
    pub(crate) range: Range<usize>,
    pub(crate) text: &'static str,
}

/// Parses `text` as if it had been changed by `patches`; offsets of the tree are those of `text`.
pub(crate) fn parse(
    text: &str,
    patches: &[Patch],
    language: Language,
    budget: ParseBudget,
    cancelled: &dyn Fn() -> bool,
) -> Result<Tree, ParseError> {
    if text.len() > budget.max_bytes {
        return Err(ParseError::TooLarge { bytes: text.len(), limit: budget.max_bytes });
    }
    let too_deep = ParseError::TooDeep { limit: budget.max_depth };
    if language.row().nests_by_tags && tag_depth(text) > budget.max_depth {
        return Err(too_deep);
    }
    let tree = if patches.is_empty() {
        bounded(text, language, budget, cancelled)?
    } else {
        let (padded, edits) = patched(text, patches);
        let mut tree = bounded(&padded, language, budget, cancelled)?;
        edits.iter().rev().for_each(|edit| tree.edit(edit));
        tree
    };
    if is_deeper(tree.root_node(), budget.max_depth) {
        return Err(too_deep);
    }
    Ok(tree)
}

/// Most tags that are open at once, as far as that can be told without a parser.
fn tag_depth(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut depth, mut deepest, mut at) = (0_usize, 0, 0);
    while let Some(found) = memchr::memchr(b'<', &bytes[at..]) {
        let rest = &bytes[at + found..];
        let end = match rest {
            [b'<', b'!', b'-', b'-', ..] => memchr::memmem::find(rest, b"-->"),
            [b'<', b'!', b'[', ..] => memchr::memmem::find(rest, b"]]>"),
            _ => memchr::memchr(b'>', rest),
        };
        let Some(end) = end else { break };
        match (rest[1], rest[end.saturating_sub(1)]) {
            (b'/', _) => depth = depth.saturating_sub(1),
            (b'!' | b'?', _) | (_, b'/') => {}
            _ => depth += 1,
        }
        deepest = deepest.max(depth);
        at += found + end;
    }
    deepest
}

thread_local! {
    /// A parser is taken out while it works, so that parsing inside `cancelled` is no harm.
    static PARSERS: RefCell<HashMap<Language, Parser>> = RefCell::default();
}

fn bounded(
    text: &str,
    language: Language,
    budget: ParseBudget,
    cancelled: &dyn Fn() -> bool,
) -> Result<Tree, ParseError> {
    let parser = PARSERS.with_borrow_mut(|parsers| parsers.remove(&language));
    let mut parser = match parser {
        Some(parser) => parser,
        None => new_parser(language)?,
    };
    let (mut steps, mut offset) = (0, 0);
    let mut progress = |state: &tree_sitter::ParseState| {
        steps += 1;
        offset = state.current_byte_offset();
        if steps > budget.max_steps || cancelled() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let bytes = text.as_bytes();
    let tree = parser.parse_with_options(
        &mut |at, _| bytes.get(at..).unwrap_or_default(),
        None,
        Some(ParseOptions::new().progress_callback(&mut progress)),
    );
    parser.reset();
    PARSERS.with_borrow_mut(|parsers| parsers.insert(language, parser));
    tree.ok_or(ParseError::TooMuchWork { offset })
}

fn new_parser(language: Language) -> Result<Parser, ParseError> {
    let grammar = language.grammar().ok_or(ParseError::NoGrammar(language))?;
    let mut parser = Parser::new();
    parser.set_language(&grammar).expect("the grammar's ABI is one the core reads");
    Ok(parser)
}

/// The text with `patches` applied, and the edits that undo them in its tree, from the first to the last.
fn patched(text: &str, patches: &[Patch]) -> (String, Vec<InputEdit>) {
    let mut out = String::with_capacity(text.len() + 8 * patches.len());
    let (mut at, mut point) = (0, Point::default());
    let mut edits = Vec::with_capacity(patches.len());
    for Patch { range, text: stand_in } in patches {
        point = after(point, &text[at..range.start]);
        out.push_str(&text[at..range.start]);
        let (start_byte, start_position) = (out.len(), point);
        let written = &text[range.clone()];
        point = after(point, stand_in);
        out.push_str(stand_in);
        at = range.end;
        edits.push(InputEdit {
            start_byte,
            old_end_byte: out.len(),
            new_end_byte: start_byte + written.len(),
            start_position,
            old_end_position: point,
            new_end_position: after(start_position, written),
        });
    }
    out.push_str(&text[at..]);
    (out, edits)
}

fn after(point: Point, text: &str) -> Point {
    match text.rfind('\n') {
        None => Point::new(point.row, point.column + text.len()),
        Some(last) => {
            Point::new(point.row + memchr::memchr_iter(b'\n', text.as_bytes()).count(), text.len() - last - 1)
        }
    }
}

/// Whether nodes nest deeper than `limit`, so that whoever walks the tree by recursion is safe. Exact and cheap:
/// a node with n descendants nests at most n levels, so only the few nodes with very many are looked into.
fn is_deeper(root: Node<'_>, limit: usize) -> bool {
    let mut cursor = root.walk();
    let mut depth = 1;
    loop {
        if depth > limit {
            return true;
        }
        if depth + cursor.node().descendant_count() - 1 > limit && cursor.goto_first_child() {
            depth += 1;
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return false;
            }
            depth -= 1;
        }
    }
}
