//! COBOL as its grammar can read it: a file's text in, text of the same length and lines out, plus what the parser
//! alone must see. Columns, indicators, directives, embedded blocks and copybook fragments are dealt with here.

mod dialect;
mod fragment;
mod layout;
mod words;

use crate::comments::{blank_range, into_text};
use crate::parse::{Patch, Prepared};

/// The text without its comments: same length, same lines.
pub(crate) fn without_comments(text: &str) -> String {
    let mut blanked = text.as_bytes().to_vec();
    for line in layout::lines(text) {
        if let Some(comment) = line.comment {
            blank_range(&mut blanked, comment);
        }
    }
    into_text(blanked)
}

/// The text without comments, directives and the areas around the code.
pub(crate) fn code_only(text: &str) -> String {
    into_text(code_bytes(text, &layout::lines(text)))
}

/// The text as the grammar reads it.
pub(crate) fn prepare(text: &str) -> Option<Prepared> {
    let lines = layout::lines(text);
    let mut blanked = code_bytes(text, &lines);
    let mut patches = layout::continuations(text, &lines);
    words::settle(&mut blanked, &mut patches);
    let text = into_text(blanked);
    patches.extend(layout::margins(&text, &lines));
    patches.extend(fragment::header(&text));
    Some(Prepared { text, patches: in_order(patches) })
}

fn code_bytes(text: &str, lines: &[layout::Line]) -> Vec<u8> {
    let mut blanked = text.as_bytes().to_vec();
    let mut last_end = 0;
    for line in lines {
        blank_range(&mut blanked, last_end..line.code.start);
        last_end = line.code.end;
    }
    blank_range(&mut blanked, last_end..text.len());
    blanked.iter_mut().filter(|byte| **byte == 0).for_each(|byte| *byte = b' ');
    blanked
}

/// Patches in rising order; where two touch the same text, the first stays.
fn in_order(mut patches: Vec<Patch>) -> Vec<Patch> {
    patches.sort_by_key(|patch| (patch.range.start, patch.range.end));
    patches.dedup_by(|later, earlier| later.range.start < earlier.range.end);
    patches
}
