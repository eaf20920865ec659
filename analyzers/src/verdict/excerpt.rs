//! The code of a site as a diff without line numbers: `+` before what is asked about, `-` before what was removed.
//!
//! Every line of code stands behind such a mark or two blanks, so that no code can pass for words of the prompt.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use crate::change::{FileChange, Hunk, LineKind};
use crate::redact::Redactor;
use crate::region::SourceFile;
use crate::verdict::site::Site;
use crate::verdict::veil::Veil;

/// A home of more bytes than this is shown only around its changed lines.
const MAX_HOME_BYTES: usize = 12 << 10;

/// Unchanged lines shown before and after changed ones of a long home.
const WINDOW: u32 = 12;

/// Bytes shown of an unchanged line.
const MAX_LINE_BYTES: usize = 400;

/// Removed lines shown for one site.
const MOST_REMOVED: usize = 80;

/// What a change removed from a file, by the line of the head version that stands there now.
pub(super) struct Removed {
    /// For each hunk its lines at base, in one text.
    bases: Vec<String>,
    lines: BTreeMap<u32, Vec<(usize, Range<usize>)>>,
}

impl Removed {
    pub(super) fn by(change: Option<&FileChange>) -> Self {
        let mut removed = Self { bases: Vec::new(), lines: BTreeMap::new() };
        for hunk in change.map(FileChange::hunks).unwrap_or_default() {
            removed.add(hunk);
        }
        removed
    }

    fn add(&mut self, hunk: &Hunk) {
        let (mut base, mut head_line) = (String::new(), hunk.head_position());
        for line in &hunk.lines {
            if line.kind == LineKind::Added {
                head_line += 1;
                continue;
            }
            let start = base.len();
            base.push_str(&String::from_utf8_lossy(&line.bytes));
            if line.kind == LineKind::Removed {
                self.lines.entry(head_line).or_default().push((self.bases.len(), start..base.len()));
            } else {
                head_line += 1;
            }
            base.push('\n');
        }
        self.bases.push(base);
    }

    /// The lines that stood before `line`.
    fn before(&self, line: u32, redactor: &mut Redactor) -> Vec<String> {
        let gone = self.lines.get(&line).map(Vec::as_slice).unwrap_or_default();
        let shown = gone.iter().take(MOST_REMOVED).map(|(hunk, range)| {
            let veil = Veil::over(&self.bases[*hunk]);
            one_line(&veil.show(cut(&self.bases[*hunk], range.clone()), redactor).text)
        });
        shown.collect()
    }
}

/// The code of a site.
pub(super) fn of(
    site: &Site,
    file: &SourceFile,
    veil: &Veil<'_>,
    removed: &Removed,
    redactor: &mut Redactor,
) -> String {
    let (first, last) = (file.line_at(site.home.start), file.line_at(site.home.end.saturating_sub(1)));
    let asked = lines_of(&site.changed, file);
    let is_long = site.home.len() > MAX_HOME_BYTES;
    let is_near =
        |line: u32| !is_long || asked.iter().any(|(from, to)| line + WINDOW >= *from && line <= to + WINDOW);
    let (mut text, mut left_out) = (String::new(), false);
    for line in first..=last.max(first) {
        if !is_near(line) {
            left_out = true;
            continue;
        }
        if std::mem::take(&mut left_out) {
            text.push_str("  …\n");
        }
        for gone in removed.before(line, redactor) {
            writeln!(text, "- {gone}").expect("a string takes everything");
        }
        push_line(&mut text, line, site, file, veil, redactor);
    }
    for gone in removed.before(last + 1, redactor) {
        writeln!(text, "- {gone}").expect("a string takes everything");
    }
    text
}

/// One line: what of it is asked about, whole, or the beginning of what is not.
fn push_line(
    text: &mut String,
    line: u32,
    site: &Site,
    file: &SourceFile,
    veil: &Veil<'_>,
    redactor: &mut Redactor,
) {
    let range = file.lines_range(line, line);
    let asked = site.changed.iter().map(|own| own.start.max(range.start)..own.end.min(range.end));
    let asked: Vec<Range<usize>> = asked.filter(|part| part.start < part.end).collect();
    let (mark, parts) = match asked.is_empty() {
        true => (' ', vec![cut(file.text(), range)]),
        false => ('+', asked),
    };
    for part in parts {
        let shown = veil.show(part, redactor).text;
        writeln!(text, "{mark} {}", one_line(&shown)).expect("a string takes everything");
    }
}

/// First and last line of each stretch.
fn lines_of(ranges: &[Range<usize>], file: &SourceFile) -> Vec<(u32, u32)> {
    ranges
        .iter()
        .map(|range| (file.line_at(range.start), file.line_at(range.end.saturating_sub(1).max(range.start))))
        .collect()
}

/// The beginning of a line that is too long.
fn cut(text: &str, range: Range<usize>) -> Range<usize> {
    let mut end = range.end.min(range.start + MAX_LINE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    range.start..end
}

/// A shown line without its end; what a veil shows has no other line ends.
fn one_line(shown: &str) -> String {
    shown.trim_end_matches('\n').replace('\n', " ")
}

/// Code that is there to understand the rest: every line behind two blanks.
pub(super) fn indented(shown: &str) -> String {
    shown.trim_end().lines().fold(String::new(), |mut text, line| {
        writeln!(text, "  {line}").expect("a string takes everything");
        text
    })
}
