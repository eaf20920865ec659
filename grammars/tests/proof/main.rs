//! Proves the grammars through their front door: code in, trees and ranges out.

mod cobol;
mod declarations;
mod embedded;
mod hostile;
mod parsing;
mod samples;

use grammars::{Language, ParseBudget, SyntaxTree};

/// The tree of `text`.
fn parse(language: Language, text: &str) -> SyntaxTree {
    SyntaxTree::parse(text.to_owned(), language, ParseBudget::default())
        .expect("the text is within the budget")
}

/// The tree of `text`, all of which the grammar understands.
#[track_caller]
fn clean(language: Language, text: &str) -> SyntaxTree {
    let tree = parse(language, text);
    let unread: Vec<_> = tree.errors().into_iter().map(|range| &text[range]).collect();
    assert!(unread.is_empty(), "{language} does not read {unread:?} in:\n{text}");
    tree
}

/// The first place of `needle` in `text`.
fn place(text: &str, needle: &str) -> std::ops::Range<usize> {
    let start = text.find(needle).unwrap_or_else(|| panic!("{needle} is not in:\n{text}"));
    start..start + needle.len()
}
