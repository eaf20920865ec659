//! Wraps text to the columns of a terminal, in English and in Chinese.
//!
//! One line of text in; lines of at most `width` columns out. A wide character is a word of its own, and
//! closing punctuation never begins a line.

use textwrap::core::{Word, display_width};
use textwrap::{Options, WordSeparator};

/// Punctuation that stays with the character before it.
const CLOSING: &str = "，。、；：！？）】》」』”’";

/// The lines of `text` at `width` columns.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(20))
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

/// Words that end behind a space, or around a wide character.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let mut start = 0;
    let mut characters = line.char_indices().peekable();
    Box::new(std::iter::from_fn(move || {
        while let Some((index, character)) = characters.next() {
            let end = index + character.len_utf8();
            let Some((_, next)) = characters.peek() else { break };
            let breaks = (character == ' ' && *next != ' ')
                || (*next != ' ' && !CLOSING.contains(*next) && (is_wide(character) || is_wide(*next)));
            if breaks {
                let word = Word::from(&line[start..end]);
                start = end;
                return Some(word);
            }
        }
        let rest = &line[start..];
        start = line.len();
        (!rest.is_empty()).then(|| Word::from(rest))
    }))
}

fn is_wide(character: char) -> bool {
    !character.is_ascii() && display_width(character.encode_utf8(&mut [0; 4])) == 2
}
