//! Statements for the compiler, and those of other languages, where the grammar does not take them: blanked or
//! stood in for. Works on text whose areas and comments are blank.

use std::ops::Range;

use super::dialect;
use crate::comments::blank_range;
use crate::parse::Patch;

/// One word, literal or mark.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) range: Range<usize>,
    pub(super) kind: TokenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Word,
    Literal,
    /// `==` around text to copy or replace.
    PseudoText,
    Period,
    Other,
}

/// The part of a program that a place lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Identification,
    Environment,
    /// In the data division, outside of the sections that hold records.
    Files,
    Records,
    Procedure,
}

/// Paragraphs of the identification division whose text is free.
const REMARKS: [&str; 6] = ["AUTHOR", "INSTALLATION", "DATE-WRITTEN", "DATE-COMPILED", "SECURITY", "REMARKS"];
const DIVISIONS: [&str; 5] = ["ENVIRONMENT", "DATA", "PROCEDURE", "IDENTIFICATION", "ID"];

pub(super) fn settle(text: &mut [u8], patches: &mut Vec<Patch>) {
    let tokens = tokens(text);
    let mut part = if tokens.first().is_some_and(|token| starts_records(text, token)) {
        Part::Records
    } else {
        Part::Procedure
    };
    let last_end = tokens.iter().rposition(|token| word(text, token) == "END-EXEC").unwrap_or(0);
    let mut at = 0;
    while at < tokens.len() {
        let word = word(text, &tokens[at]);
        let next = tokens.get(at + 1).map(|token| self::word(text, token)).unwrap_or_default();
        if let Some(entered) = entered(&word, &next) {
            part = entered;
        }
        let end = match (word.as_str(), next.as_str()) {
            ("ID", "DIVISION") => {
                patches.push(Patch { range: tokens[at].range.clone(), text: "IDENTIFICATION" });
                at + 1
            }
            ("EXEC" | "EXECUTE", _) if at < last_end => exec(text, &tokens, at, part, patches),
            // Without an end it would be read to the end of the file, again for each such word.
            ("EXEC", _) => {
                text[tokens[at].range.clone()].fill(b'X');
                at + 1
            }
            ("COPY", _) => copy(text, &tokens, at, part),
            ("REPLACE", _) => {
                let end = sentence_end(&tokens, at);
                blank_tokens(text, &tokens[at..end]);
                end
            }
            _ if part == Part::Identification && REMARKS.contains(&word.as_str()) => {
                remarks(text, &tokens, at)
            }
            _ => dialect::settle(text, &tokens, at, patches).unwrap_or(at + 1),
        };
        at = end.max(at + 1);
    }
}

fn entered(word: &str, next: &str) -> Option<Part> {
    match (word, next) {
        ("IDENTIFICATION" | "ID", "DIVISION") => Some(Part::Identification),
        ("ENVIRONMENT", "DIVISION") => Some(Part::Environment),
        ("DATA", "DIVISION") | ("FILE" | "REPORT" | "SCREEN" | "COMMUNICATION", "SECTION") => {
            Some(Part::Files)
        }
        ("WORKING-STORAGE" | "LOCAL-STORAGE" | "LINKAGE", "SECTION") => Some(Part::Records),
        ("PROCEDURE", "DIVISION") => Some(Part::Procedure),
        _ => None,
    }
}

/// EXEC … END-EXEC is a statement to the grammar, and an entry among records, but without its period there.
fn exec(text: &mut [u8], tokens: &[Token], at: usize, part: Part, patches: &mut Vec<Patch>) -> usize {
    let length = tokens[at..].iter().position(|token| word(text, token) == "END-EXEC").unwrap_or(0);
    let end = at + length + 1;
    let period = tokens.get(end).filter(|token| token.kind == TokenKind::Period);
    match part {
        // Where a literal could follow, the grammar would read EXEC as a name: the statement before must have ended.
        Part::Procedure => {
            let start = tokens[at].range.start;
            if at > 0 && tokens[at - 1].kind != TokenKind::Period {
                patches.push(Patch { range: start..start, text: "\n       CONTINUE\n       " });
            }
        }
        Part::Records => period.into_iter().for_each(|token| blank_range(text, token.range.clone())),
        Part::Identification | Part::Environment | Part::Files => {
            blank_range(text, tokens[at].range.start..tokens[end - 1].range.end);
            period.into_iter().for_each(|token| blank_range(text, token.range.clone()));
        }
    }
    end
}

/// COPY is a statement and an entry to the grammar; what it replaces is not read.
fn copy(text: &mut [u8], tokens: &[Token], at: usize, part: Part) -> usize {
    let end = sentence_end(tokens, at);
    match part {
        Part::Identification | Part::Environment => blank_tokens(text, &tokens[at..end]),
        Part::Files | Part::Records | Part::Procedure => {
            let replacing = tokens[at..end].iter().position(|token| word(text, token) == "REPLACING");
            if let Some(replacing) = replacing {
                blank_tokens(text, &tokens[at + replacing..end - 1]);
            }
        }
    }
    end
}

fn remarks(text: &mut [u8], tokens: &[Token], at: usize) -> usize {
    let opens_line = |token: &Token| {
        let line = text[..token.range.start].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        text[line..token.range.start].trim_ascii().is_empty()
    };
    let is_next = |pair: &[Token]| {
        let (word, next) = (word(text, &pair[0]), word(text, &pair[1]));
        opens_line(&pair[0])
            && (word == "PROGRAM-ID" || DIVISIONS.contains(&word.as_str()) && next == "DIVISION")
    };
    let end = tokens[at + 1..].windows(2).position(is_next).map_or(tokens.len(), |length| at + 1 + length);
    blank_tokens(text, &tokens[at..end]);
    end
}

/// The token after the next period.
fn sentence_end(tokens: &[Token], at: usize) -> usize {
    let length = tokens[at..].iter().position(|token| token.kind == TokenKind::Period);
    length.map_or(tokens.len(), |length| at + length + 1)
}

fn blank_tokens(text: &mut [u8], tokens: &[Token]) {
    if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
        blank_range(text, first.range.start..last.range.end);
    }
}

fn starts_records(text: &[u8], token: &Token) -> bool {
    text[token.range.clone()].iter().all(u8::is_ascii_digit)
}

pub(super) fn word(text: &[u8], token: &Token) -> String {
    match token.kind {
        TokenKind::Word => String::from_utf8_lossy(&text[token.range.clone()]).to_ascii_uppercase(),
        _ => String::new(),
    }
}

fn tokens(text: &[u8]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let (kind, length) = match rest[0] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' | b'\'' => (TokenKind::Literal, literal_length(rest)),
            b'=' if rest.starts_with(b"==") => (TokenKind::PseudoText, pseudo_length(rest)),
            b'.' if rest.get(1).is_none_or(u8::is_ascii_whitespace) => (TokenKind::Period, 1),
            byte if is_word_byte(byte) => {
                (TokenKind::Word, rest.iter().take_while(|&&byte| is_word_byte(byte)).count())
            }
            _ => (TokenKind::Other, 1),
        };
        tokens.push(Token { range: at..at + length, kind });
        at += length;
    }
    tokens
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'@' | b'#' | b'$') || byte >= 0x80
}

fn literal_length(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(end) = memchr::memchr2(rest[0], b'\n', &rest[at..]).map(|end| at + end) {
        if rest[end] == b'\n' {
            return end;
        }
        // A doubled quote stands for one.
        if rest.get(end + 1) != Some(&rest[0]) {
            return end + 1;
        }
        at = end + 2;
    }
    rest.len()
}

fn pseudo_length(rest: &[u8]) -> usize {
    memchr::memmem::find(&rest[2..], b"==").map_or(2, |end| end + 4)
}
