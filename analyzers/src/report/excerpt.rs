//! Source lines as they may be shown, with the place that they are shown for.
//!
//! A frame and a place in; lines without secrets and hidden characters, and the place inside them, out.
//! The place is always inside the text and on character boundaries.

use std::ops::Range;

use super::visible;
use crate::finding::{Frame, Location, Position};
use crate::redact::{Hit, Redactor, finds};

/// Lines to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// Number of the first line, from 1.
    pub(super) first_line: u32,
    /// The lines, joined by line feeds.
    pub(super) text: String,
    /// The bytes of the place.
    pub(super) mark: Range<usize>,
}

impl Excerpt {
    /// The lines of `frame` with `location` marked; a place beside the frame is moved to its edge.
    pub(super) fn around(frame: &Frame, location: &Location, redactor: &mut Redactor) -> Self {
        let source = frame.lines.join("\n");
        let start = offset(frame, &source, location.start);
        let end = offset(frame, &source, location.end).max(start);
        let hits = finds(&source);
        let (text, mark) = show(&source, &hits, &widen(start..end, &hits), redactor);
        Self { first_line: frame.first_line.max(1), text, mark }
    }

    /// The lines and their numbers.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (u32, &str)> {
        (self.first_line..).zip(self.text.split('\n'))
    }
}

/// Whether a frame shows the whole of a place.
pub(super) fn covers(frame: &Frame, location: &Location) -> bool {
    let shows = |position: Position| {
        line_of(frame, position)
            .is_some_and(|line| position.column >= 1 && position.column as usize <= line.chars().count() + 1)
    };
    location.start <= location.end && shows(location.start) && shows(location.end)
}

fn line_of(frame: &Frame, position: Position) -> Option<&str> {
    let index = position.line.checked_sub(frame.first_line)?;
    frame.lines.get(index as usize).map(String::as_str)
}

/// The byte of `source`, the lines of `frame`, at which `position` stands.
fn offset(frame: &Frame, source: &str, position: Position) -> usize {
    let Some(index) = position.line.checked_sub(frame.first_line) else { return 0 };
    let Some(line) = frame.lines.get(index as usize) else { return source.len() };
    let before: usize = frame.lines[..index as usize].iter().map(|line| line.len() + 1).sum();
    let column = position.column.saturating_sub(1) as usize;
    before + line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte)
}

/// The mark, widened so that it begins and ends outside of hits.
fn widen(mut mark: Range<usize>, hits: &[Hit]) -> Range<usize> {
    for hit in hits {
        if hit.range.contains(&mark.start) {
            mark.start = hit.range.start;
        }
        if hit.range.start < mark.end && mark.end < hit.range.end {
            mark.end = hit.range.end;
        }
    }
    mark
}

fn show(source: &str, hits: &[Hit], mark: &Range<usize>, redactor: &mut Redactor) -> (String, Range<usize>) {
    let mut text = String::with_capacity(source.len());
    let mut shown = None..None;
    let mut hits = hits.iter().peekable();
    let mut hidden_until = 0;
    for (index, character) in source.char_indices() {
        if index == mark.start {
            shown.start = Some(text.len());
        }
        if index == mark.end {
            shown.end = Some(text.len());
        }
        if let Some(hit) = hits.next_if(|hit| hit.range.start == index) {
            text.push_str(&redactor.stand_in(hit.kind, &source[hit.range.clone()]));
            hidden_until = hit.range.end;
        }
        // A hit keeps its line ends, so that line numbers stay true.
        if character == '\n' {
            text.push('\n');
        } else if index >= hidden_until {
            visible::push(&mut text, character);
        }
    }
    let range = shown.start.unwrap_or(text.len())..shown.end.unwrap_or(text.len());
    (text, range)
}
