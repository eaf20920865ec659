//! Makes characters that nobody sees visible, so that no text can command a terminal or hide in a report.
//!
//! Hostile text in; text in which control, bidirectional and invisible characters are written `<U+202E>` out.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

/// Columns that a tab takes in a report.
const TAB: &str = "    ";

/// Whether a character has no shape of its own, or changes how others are shown.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
            | '\u{FFFE}' | '\u{FFFF}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Appends one character of a source line so that it can be seen.
pub(super) fn push(out: &mut String, character: char) {
    match character {
        '\t' => out.push_str(TAB),
        _ if is_hidden(character) => out.push_str(&format!("<U+{:04X}>", u32::from(character))),
        _ => out.push(character),
    }
}

/// The text in one line, with line ends and tabs as spaces.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\r' | '\t' => shown.push(' '),
            _ => push(&mut shown, character),
        }
    }
    Cow::Owned(shown)
}

/// The text with its line feeds, and with everything else that is hidden made visible.
pub fn lines(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' => shown.push('\n'),
            _ => push(&mut shown, character),
        }
    }
    Cow::Owned(shown)
}

/// Writes JSON for machines: the same text to a parser, and only visible characters to a terminal.
pub(super) fn write_json(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    let json = serde_json::to_string_pretty(value)?;
    let mut escaped = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        if character == '\n' || !is_hidden(character) {
            escaped.push(character);
            continue;
        }
        // Outside of strings JSON has no hidden character but the line feed, so this is in a string.
        for unit in character.encode_utf16(&mut [0; 2]) {
            escaped.push_str(&format!("\\u{unit:04x}"));
        }
    }
    escaped.push('\n');
    out.write_all(escaped.as_bytes())
}
