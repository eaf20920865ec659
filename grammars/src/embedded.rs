//! Code of other languages inside a file, as trees whose offsets are those of the file: SQL between EXEC SQL and
//! END-EXEC, in MyBatis mappers and in string literals. A file that cannot hold any costs one search of its text.

mod exec;
mod literal;
mod mapper;
mod sql;

use std::ops::Range;

use crate::comments::{blank_range, into_text};
use crate::parse::{ParseBudget, ParseError};
use crate::row::Embedding;
use crate::{Language, SyntaxTree, exec_sql};

/// Code of another language inside a file: all the statements of one kind, in one tree.
pub struct Embedded {
    /// Their tree; offsets are those of the host text, of which all else is blank.
    pub tree: SyntaxTree,
    /// Whether the code is all there. Text that is put together when the program runs is not.
    pub complete: bool,
    /// Where the statements stand in the host text, in rising order.
    pub host_ranges: Vec<Range<usize>>,
}

/// A statement as the SQL grammar can read it.
struct Piece {
    /// Where it stands in the host text.
    range: Range<usize>,
    /// As many bytes as `range` has.
    code: Vec<u8>,
    complete: bool,
}

/// Whether a text may hold any: one search of it.
pub(crate) fn is_mentioned(text: &str, host: Language) -> bool {
    match host.row().embedding {
        Embedding::Nothing => false,
        Embedding::ExecSql(_) => exec_sql::mentions(text),
        Embedding::Mapper => mapper::is_mapper(text) && sql::mentioned(text),
        Embedding::Literals => sql::mentioned(text),
    }
}

pub(crate) fn find(host: &SyntaxTree, budget: ParseBudget) -> Result<Vec<Embedded>, ParseError> {
    if !is_mentioned(host.text(), host.language()) {
        return Ok(Vec::new());
    }
    let pieces = match host.row().embedding {
        Embedding::Nothing => Vec::new(),
        Embedding::ExecSql(terminator) => exec::pieces(host, terminator),
        Embedding::Mapper => mapper::pieces(host),
        Embedding::Literals => literal::pieces(host),
    };
    let (complete, partial): (Vec<Piece>, Vec<Piece>) = pieces.into_iter().partition(|piece| piece.complete);
    [(complete, true), (partial, false)]
        .into_iter()
        .filter(|(pieces, _)| !pieces.is_empty())
        .map(|(pieces, complete)| embedded(host, pieces, complete, budget))
        .collect()
}

/// One tree for all the pieces: a file with hundreds of statements is not parsed, or copied, hundreds of times.
fn embedded(
    host: &SyntaxTree,
    pieces: Vec<Piece>,
    complete: bool,
    budget: ParseBudget,
) -> Result<Embedded, ParseError> {
    let mut canvas = host.text().as_bytes().to_vec();
    let length = canvas.len();
    blank_range(&mut canvas, 0..length);
    let mut host_ranges = Vec::with_capacity(pieces.len());
    for piece in pieces {
        for (at, byte) in piece.range.clone().zip(piece.code) {
            // The lines stay those of the host.
            if !matches!(canvas[at], b'\n' | b'\r') {
                canvas[at] = byte;
            }
        }
        // What follows a statement belongs to the host: a quote, a tag, END-EXEC.
        if let Some(byte) = canvas.get_mut(piece.range.end).filter(|byte| **byte == b' ') {
            *byte = b';';
        }
        host_ranges.push(piece.range);
    }
    // A literal without its end may break off inside a character.
    let text = String::from_utf8(canvas).unwrap_or_else(|error| {
        let ascii = |byte: u8| if byte.is_ascii() { byte } else { b' ' };
        into_text(error.into_bytes().into_iter().map(ascii).collect())
    });
    let tree = SyntaxTree::parse(text, Language::Sql, budget)?;
    Ok(Embedded { tree, complete, host_ranges })
}
