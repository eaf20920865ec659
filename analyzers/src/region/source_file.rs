//! One version of one file: decoded text, line index, and when asked for the syntax tree of a language with a parser.

use std::ops::Range;
use std::sync::OnceLock;

use grammars::{Embedded, Language, ParseBudget, ParseError, SyntaxTree};

use crate::finding::{Frame, Location, Position};

/// A file that was read. It is parsed when its tree is first asked for: a text that no check can match never is.
pub(crate) struct SourceFile {
    /// Repository path.
    pub(crate) path: String,
    /// Its language.
    pub(crate) language: Language,
    text: String,
    budget: ParseBudget,
    line_starts: Vec<usize>,
    tree: OnceLock<Result<SyntaxTree, ParseError>>,
    uncommented: OnceLock<String>,
    embedded: OnceLock<Result<Vec<Embedded>, ParseError>>,
}

/// Lines shown before and after the lines of a finding.
const FRAME_CONTEXT: usize = 2;

/// Lines shown of the finding itself at most.
const FRAME_LINES: usize = 8;

/// Characters shown of a line at most.
const FRAME_WIDTH: usize = 240;

impl SourceFile {
    /// Decodes a file.
    ///
    /// # Errors
    /// Says in words for people why the file cannot be read.
    pub(crate) fn read(
        path: &str,
        language: Language,
        bytes: Vec<u8>,
        budget: ParseBudget,
    ) -> Result<Self, String> {
        if bytes.len() > budget.max_bytes {
            return Err(ParseError::TooLarge { bytes: bytes.len(), limit: budget.max_bytes }.to_string());
        }
        let decoded = grammars::decode(bytes).map_err(|error| error.to_string())?;
        Ok(Self::of_text(path.to_owned(), language, decoded.text, budget))
    }

    fn of_text(path: String, language: Language, text: String, budget: ParseBudget) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        let line_starts = std::iter::once(0).chain(ends).collect();
        Self {
            path,
            language,
            text,
            budget,
            line_starts,
            tree: OnceLock::new(),
            uncommented: OnceLock::new(),
            embedded: OnceLock::new(),
        }
    }

    /// The same file with other text; none where it does not parse within the budget.
    pub(crate) fn with_text(&self, text: String) -> Option<Self> {
        let file = Self::of_text(self.path.clone(), self.language, text, self.budget);
        let is_read = self.language.grammar().is_none() || file.tree().is_some();
        is_read.then_some(file)
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The tree; none where the language has no parser, or parsing took more than the budget.
    pub(crate) fn tree(&self) -> Option<&SyntaxTree> {
        self.language.grammar()?;
        let parse = || SyntaxTree::parse(self.text.clone(), self.language, self.budget);
        self.tree.get_or_init(parse).as_ref().ok()
    }

    /// Why a tree that was asked for is not there, in words for people.
    pub(crate) fn fault(&self) -> Option<String> {
        let own = self.tree.get().and_then(|tree| tree.as_ref().err()).map(ToString::to_string);
        let guest = || self.embedded.get()?.as_ref().err().map(|error| format!("code inside of it: {error}"));
        own.or_else(guest)
    }

    /// The tree, where it was asked for.
    fn parsed(&self) -> Option<&SyntaxTree> {
        self.tree.get()?.as_ref().ok()
    }

    /// The text with its comments blanked; same length, same lines.
    pub(crate) fn uncommented(&self) -> &str {
        self.uncommented.get_or_init(|| match self.tree() {
            Some(tree) => tree.without_comments(),
            None => self.language.blank_comments(&self.text),
        })
    }

    /// Code of other languages inside.
    pub(crate) fn embedded(&self) -> &[Embedded] {
        let Some(tree) = self.tree() else { return &[] };
        let embedded = self.embedded.get_or_init(|| tree.embedded(self.budget));
        embedded.as_deref().unwrap_or_default()
    }

    /// Bytes that the grammar does not understand.
    pub(crate) fn syntax_errors(&self) -> usize {
        self.tree().map_or(0, |tree| tree.errors().iter().map(|range| range.len().max(1)).sum())
    }

    /// First and last line, within the ranges, that the grammar does not understand of a tree that was asked for.
    pub(crate) fn error_lines(&self, ranges: &[Range<usize>]) -> Option<(u32, u32)> {
        let errors = self.parsed().map(SyntaxTree::errors).unwrap_or_default();
        let touches = |error: &&Range<usize>| {
            ranges.iter().any(|range| error.start < range.end && range.start < error.end.max(error.start + 1))
        };
        let mut inside = errors.iter().filter(touches);
        let first = inside.next()?;
        let last = inside.next_back().unwrap_or(first);
        Some((self.line_at(first.start), self.line_at(last.end.saturating_sub(1).max(last.start))))
    }

    /// The share, from 0 to 1, of a stretch that the grammar does not understand; 0 where no tree was asked for.
    pub(crate) fn error_share(&self, range: &Range<usize>) -> f32 {
        self.parsed().map_or(0.0, |tree| tree.error_share(range.clone()))
    }

    pub(crate) fn line_count(&self) -> usize {
        let ends_open = self.line_starts.last().is_some_and(|&start| start < self.text().len());
        self.line_starts.len() - usize::from(!ends_open)
    }

    /// The line, from 1, on which a byte stands.
    pub(crate) fn line_at(&self, offset: usize) -> u32 {
        u32::try_from(self.line_starts.partition_point(|&start| start <= offset)).unwrap_or(u32::MAX)
    }

    /// The bytes of lines `first..=last`, from 1.
    pub(crate) fn lines_range(&self, first: u32, last: u32) -> Range<usize> {
        let start_of = |line: usize| self.line_starts.get(line).copied().unwrap_or(self.text().len());
        start_of(first.saturating_sub(1) as usize)..start_of(last as usize)
    }

    fn position(&self, offset: usize) -> Position {
        let line = self.line_at(offset);
        let start = self.line_starts[line as usize - 1];
        let column = self.text().get(start..offset).map_or(offset - start, |before| before.chars().count());
        Position { line, column: u32::try_from(column + 1).unwrap_or(u32::MAX) }
    }

    /// Where a stretch of text is, for people.
    pub(crate) fn location(&self, range: &Range<usize>) -> Location {
        let trimmed =
            self.text().get(range.clone()).map_or(range.end, |text| range.start + text.trim_end().len());
        Location {
            path: self.path.clone(),
            start: self.position(range.start),
            end: self.position(trimmed.max(range.start)),
            declaration: self.tree().map(|tree| tree.declaration(range.clone())).unwrap_or_default(),
        }
    }

    /// The lines around a stretch of text.
    pub(crate) fn frame(&self, range: &Range<usize>) -> Frame {
        let first = (self.line_at(range.start) as usize).saturating_sub(1 + FRAME_CONTEXT);
        let finding_last = (self.line_at(range.end.saturating_sub(1).max(range.start)) as usize)
            .min(self.line_at(range.start) as usize + FRAME_LINES);
        let last = (finding_last + FRAME_CONTEXT).min(self.line_count());
        let lines = (first..last).map(|index| {
            let line = &self.text()[self.lines_range(index as u32 + 1, index as u32 + 1)];
            line.trim_end_matches(['\n', '\r']).chars().take(FRAME_WIDTH).collect()
        });
        Frame { first_line: first as u32 + 1, lines: lines.collect() }
    }
}
