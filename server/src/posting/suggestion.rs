//! A fix as a forge can show it: one click where that is safe, a small diff where it is not.
//!
//! A fix and the lines of the change in; a block of Markdown, and for one click the exact lines it replaces,
//! out. Lines that are not what the file holds (stand-ins, lost characters) are never put into code.

use analyzers::redact;
use analyzers::report::document::{ChangeRecord, FileRecord, FixRecord, LocationRecord};
use analyzers::report::visible;

use super::anchor;
use super::escape::fenced;
use crate::forge::Placement;
use crate::merge_request::ForgeKind;

/// Lines and bytes of a fix that a comment shows.
const MOST_LINES: usize = 80;
const MOST_BYTES: usize = 8_000;

/// Whole lines of the head version, and what stands there after a fix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Replacement<'c> {
    file: &'c FileRecord,
    first: u32,
    last: u32,
    old: Vec<String>,
    new: Vec<String>,
}

/// A fix that people apply with one click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OneClick {
    /// The lines that it replaces: the comment stands exactly there.
    pub(crate) placement: Placement,
    /// The block.
    pub(crate) block: String,
}

/// The whole lines that a fix changes; `None` where the change does not show them as the file has them.
pub(crate) fn replacement<'c>(fix: &FixRecord, change: &'c ChangeRecord) -> Option<Replacement<'c>> {
    let file = anchor::file_of(&fix.location.path, change)?;
    let (start, end) = (fix.location.start, fix.location.end);
    let shown = anchor::shown(file, start.line, end.line)?;
    let mut old: Vec<String> = shown.iter().map(|line| line.text.to_owned()).collect();
    if old.len() > MOST_LINES || !old.iter().all(|line| is_exact(line)) {
        return None;
    }
    let before = split_at(old.first()?, start.column)?.0;
    let after = split_at(old.last()?, end.column)?.1;
    let text = format!("{before}{}{after}", fix.replacement);
    let mut new: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut last = end.line;
    // A fix of whole lines ends before the first character of the next, which stays as it is.
    if end.column <= 1 && last > start.line && new.last() == old.last() {
        new.pop();
        old.pop();
        last -= 1;
    }
    let fits = new.len() <= MOST_LINES && text.len() <= MOST_BYTES;
    (fits && new != old).then_some(Replacement { file, first: start.line, last, old, new })
}

/// The fix as one click, where the forge has that, its lines touch the finding's, and no forge could take
/// its text for anything but code.
pub(crate) fn one_click(
    replacement: &Replacement<'_>,
    finding: &LocationRecord,
    forge: ForgeKind,
) -> Option<OneClick> {
    let above = replacement.last - replacement.first;
    let info = match forge {
        ForgeKind::Github => "suggestion".to_owned(),
        ForgeKind::Gitlab => format!("suggestion:-{above}+0"),
        ForgeKind::Gitea => return None,
    };
    let (first, last) = anchor::lines_of(finding);
    let touches =
        replacement.file.path() == finding.path && replacement.first <= last && first <= replacement.last;
    let is_safe = replacement.old.iter().chain(&replacement.new).all(|line| is_plain_code(line));
    if !touches || !is_safe {
        return None;
    }
    let placement = anchor::range(replacement.file, replacement.first, replacement.last)?;
    let lines: String = replacement.new.iter().map(|line| format!("{line}\n")).collect();
    Some(OneClick { placement, block: format!("```{info}\n{lines}```\n") })
}

/// The fix for people to read: a diff of the lines that differ, or where they are not known what comes there.
pub(crate) fn diff(fix: &FixRecord, replacement: Option<&Replacement<'_>>) -> Option<String> {
    match replacement {
        Some(replacement) => Some(fenced("diff", &differing(replacement).join("\n"))),
        None if fix.replacement.trim().is_empty() || fix.replacement.len() > MOST_BYTES => None,
        None => {
            let lines = fix.replacement.trim_matches('\n').lines().map(|line| format!("+ {line}"));
            Some(fenced("diff", &lines.collect::<Vec<_>>().join("\n")))
        }
    }
}

fn differing(replacement: &Replacement<'_>) -> Vec<String> {
    let (mut old, mut new) = (replacement.old.as_slice(), replacement.new.as_slice());
    while let ([first, rest @ ..], [same, others @ ..]) = (old, new)
        && first == same
    {
        (old, new) = (rest, others);
    }
    while let ([rest @ .., last], [others @ .., same]) = (old, new)
        && last == same
    {
        (old, new) = (rest, others);
    }
    let shown = |sign: char, line: &String| format!("{sign} {}", line.trim_end_matches('\r'));
    let gone = old.iter().map(|line| shown('-', line));
    gone.chain(new.iter().map(|line| shown('+', line))).collect()
}

/// Whether a line of the record is the line of the file, character by character.
fn is_exact(line: &str) -> bool {
    !line.contains(['\n', '\u{FFFD}', '\u{FEFF}']) && !redact::holds_stand_in(line)
}

/// Whether a forge shows the line as it is, and no reader of commands or fences can take it for one.
fn is_plain_code(line: &str) -> bool {
    let hidden = |character| character != '\t' && visible::is_hidden(character);
    !line.contains(hidden) && !line.trim_start().starts_with('/') && !line.contains("```")
}

/// A line before and from a column, counted in characters from 1.
fn split_at(line: &str, column: u32) -> Option<(&str, &str)> {
    let characters = column.checked_sub(1)? as usize;
    let ends = line.char_indices().map(|(byte, _)| byte).chain([line.len()]);
    ends.take(characters + 1).nth(characters).map(|byte| line.split_at(byte))
}

#[cfg(test)]
mod tests;
