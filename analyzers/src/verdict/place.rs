//! Finds the place that a quote is taken from, in the changed code as the model saw it.
//!
//! A quote in; its place in the file's text, or why there is none, out. Verbatim first, then with whitespace
//! folded; of several places the one nearest to where was asked. What is not there once is nowhere.

use std::ops::Range;

use crate::redact::Redactor;
use crate::verdict::veil::{Seen, Veil};

/// Characters besides whitespace that a quote has at least, one of them of a word.
const SHORTEST_QUOTE: usize = 3;

/// Why a quote has no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// There is nothing to look for.
    TooShort,
    /// It stands nowhere.
    Nowhere,
    /// It stands in several places, none of them nearer than the others.
    Ambiguous,
}

/// The place of a quote among the `changed` stretches, as near as may be to the `asked` ones.
pub(super) fn find(
    quote: &str,
    veil: &Veil<'_>,
    redactor: &Redactor,
    changed: &[Range<usize>],
    asked: &[Range<usize>],
) -> Result<Range<usize>, NoPlace> {
    let quote = trimmed(quote)?;
    let mut redactor = redactor.clone();
    let seen: Vec<Seen> = changed.iter().map(|range| veil.show(range.clone(), &mut redactor)).collect();
    for matches in [verbatim, folded] {
        let mut places: Vec<Range<usize>> = seen
            .iter()
            .flat_map(|seen| matches(&seen.text, &quote).into_iter().map(|range| seen.original(&range)))
            .collect();
        places.sort_by_key(|place| (place.start, place.end));
        places.dedup();
        if !places.is_empty() {
            return nearest(&places, asked).ok_or(NoPlace::Ambiguous);
        }
    }
    Err(NoPlace::Nowhere)
}

/// A quote without the marks of changed lines and the whitespace around it.
fn trimmed(quote: &str) -> Result<String, NoPlace> {
    let marked = |line: &str| line.starts_with("+ ") || line == "+";
    let unmarked: String = if quote.lines().all(marked) {
        quote.lines().map(|line| line.strip_prefix('+').unwrap_or(line)).collect::<Vec<_>>().join("\n")
    } else {
        quote.to_owned()
    };
    let trimmed = unmarked.trim();
    let weight = trimmed.chars().filter(|character| !character.is_whitespace()).count();
    match weight >= SHORTEST_QUOTE && trimmed.contains(char::is_alphanumeric) {
        true => Ok(trimmed.replace("\r\n", "\n")),
        false => Err(NoPlace::TooShort),
    }
}

/// Where the quote stands as it is, and cuts no word.
fn verbatim(text: &str, quote: &str) -> Vec<Range<usize>> {
    let found = memchr::memmem::find_iter(text.as_bytes(), quote.as_bytes());
    found.map(|at| at..at + quote.len()).filter(|range| cuts_no_word(text, range)).collect()
}

/// The same where any whitespace is as good as any other.
fn folded(text: &str, quote: &str) -> Vec<Range<usize>> {
    let quote: Vec<&str> = quote.split_whitespace().collect();
    let (folded, offsets) = fold(text);
    let places = verbatim(&folded, &quote.join(" "));
    places.into_iter().map(|range| offsets[range.start]..offsets[range.end - 1] + 1).collect()
}

/// The text with every run of whitespace as one blank, and for each of its bytes where it comes from.
fn fold(text: &str) -> (String, Vec<usize>) {
    let (mut folded, mut offsets) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
    for (at, character) in text.char_indices() {
        let is_blank = character.is_whitespace();
        if is_blank && folded.ends_with(' ') {
            continue;
        }
        let character = if is_blank { ' ' } else { character };
        folded.push(character);
        offsets.extend(at..at + character.len_utf8());
    }
    (folded, offsets)
}

fn cuts_no_word(text: &str, range: &Range<usize>) -> bool {
    let is_word =
        |character: Option<char>| character.is_some_and(|found| found.is_alphanumeric() || found == '_');
    let (before, inside, after) = (&text[..range.start], &text[range.clone()], &text[range.end..]);
    let cuts_first = is_word(before.chars().next_back()) && is_word(inside.chars().next());
    let cuts_last = is_word(inside.chars().next_back()) && is_word(after.chars().next());
    !cuts_first && !cuts_last
}

/// The one place that is nearer to the stretches than all others.
fn nearest(places: &[Range<usize>], asked: &[Range<usize>]) -> Option<Range<usize>> {
    let distance = |place: &Range<usize>| {
        let gap = |range: &Range<usize>| {
            place.start.saturating_sub(range.end).max(range.start.saturating_sub(place.end))
        };
        asked.iter().map(gap).min()
    };
    let inside = |place: &&Range<usize>| {
        asked.iter().any(|range| range.start <= place.start && place.end <= range.end)
    };
    let within: Vec<&Range<usize>> = places.iter().filter(inside).collect();
    if let [one] = within.as_slice() {
        return Some((*one).clone());
    }
    if !within.is_empty() {
        return None;
    }
    let least = places.iter().map(distance).min()?;
    let mut near = places.iter().filter(|place| distance(place) == least);
    let first = near.next()?.clone();
    near.next().is_none().then_some(first)
}
