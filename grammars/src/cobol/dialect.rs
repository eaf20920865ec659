//! Words of compilers that the grammar lacks, and what it reads in their place: of the same length, filled up with
//! blanks, and of the same kind of statement or clause.

use super::words::{Token, TokenKind, word};
use crate::comments::blank_range;
use crate::parse::Patch;

/// A word, and what is read for it.
const STAND_INS: &[(&str, &str)] = &[
    ("COMPUTATIONAL-1", "COMP-1"),
    ("COMPUTATIONAL-2", "COMP-2"),
    ("COMPUTATIONAL-3", "COMP-3"),
    ("COMPUTATIONAL-4", "COMP-4"),
    ("COMPUTATIONAL-5", "COMP-5"),
    ("COMPUTATIONAL-X", "COMP-X"),
    ("DISPLAY-1", "DISPLAY"),
    ("EQUALS", "EQUAL"),
    ("FLOAT-LONG", "COMP-2"),
    ("FLOAT-SHORT", "COMP-1"),
    ("FUNCTION-POINTER", "PROGRAM-POINTER"),
    ("NULLS", "NULL"),
    ("PROCEDURE-POINTER", "PROGRAM-POINTER"),
    ("TYPEDEF", ""),
    ("VOLATILE", ""),
];

/// Settles the word at `at` and returns the token to go on with, where it is one of a dialect.
pub(super) fn settle(
    text: &mut [u8],
    tokens: &[Token],
    at: usize,
    patches: &mut Vec<Patch>,
) -> Option<usize> {
    let token = &tokens[at];
    let next = tokens.get(at + 1);
    let next_word = next.map(|next| word(text, next)).unwrap_or_default();
    match (token.kind, word(text, token).as_str()) {
        (TokenKind::Literal, _) => {
            undouble(&mut text[token.range.clone()]);
            return None;
        }
        // National and null-terminated literals.
        (_, "Z" | "G") if next.is_some_and(|next| is_literal_at(next, token.range.end)) => {
            text[token.range.start] = b'N';
        }
        (_, "LINE") if next_word == "SEQUENTIAL" => blank_range(text, token.range.clone()),
        (_, "PIC" | "PICTURE") => {
            let picture = if next_word == "IS" { tokens.get(at + 2) } else { next };
            if let Some(first) = picture.map(|picture| &mut text[picture.range.start])
                && first.eq_ignore_ascii_case(&b'G')
            {
                *first = b'N';
            }
        }
        (_, "USAGE" | "SQL") if is_sql_type(text, tokens, at) => {
            let end = period(tokens, at);
            blank_range(text, token.range.start..tokens[end - 1].range.end);
            return Some(end);
        }
        (_, "AND" | "OR") if !ends_in_comparison(text, &tokens[..at]) => {
            return abbreviated(text, tokens, at, patches);
        }
        (_, "PROGRAM-ID") => return Some(program_id(text, tokens, at, patches)),
        (_, "FUNCTION") => function(text, tokens, at),
        (TokenKind::Other, _)
            if text[token.range.start] == b'<' && text.get(token.range.end) == Some(&b'>') =>
        {
            text[token.range.start..token.range.end + 1].copy_from_slice(b"!=");
        }
        (TokenKind::Other, _) if text[token.range.start] == b':' => tag(text, tokens, at),
        // An entry point of a program is written as a call of it.
        (_, "ENTRY") if next.is_some_and(|next| next.kind == TokenKind::Literal) => {
            let is_operand = at > 0 && matches!(word(text, &tokens[at - 1]).as_str(), "TO" | "OF");
            if !is_operand {
                text[token.range.clone()].copy_from_slice(b"CALL ");
            }
        }
        (_, word) => {
            let stand_in = STAND_INS.iter().find(|(written, _)| *written == word)?.1;
            let place = &mut text[token.range.clone()];
            place.fill(b' ');
            place[..stand_in.len()].copy_from_slice(stand_in.as_bytes());
        }
    }
    None
}

/// To the grammar a doubled `"` ends a literal and begins the next.
fn undouble(literal: &mut [u8]) {
    let last = literal.len().saturating_sub(1);
    if literal.len() < 4 || literal[0] != b'"' {
        return;
    }
    for byte in literal[1..last].iter_mut().filter(|byte| **byte == b'"') {
        *byte = b'\'';
    }
}

fn is_literal_at(token: &Token, start: usize) -> bool {
    token.kind == TokenKind::Literal && token.range.start == start
}

/// `USAGE IS SQL TYPE IS …`, whose type is the precompiler's.
fn is_sql_type(text: &[u8], tokens: &[Token], at: usize) -> bool {
    let words: Vec<String> = tokens[at..].iter().take(4).map(|token| word(text, token)).collect();
    let sql = words.iter().position(|word| word == "SQL");
    sql.is_some_and(|sql| words.get(sql + 1).is_some_and(|word| word == "TYPE"))
        && words[0] != words.get(1).cloned().unwrap_or_default()
}

fn period(tokens: &[Token], at: usize) -> usize {
    tokens[at..]
        .iter()
        .position(|token| token.kind == TokenKind::Period)
        .map_or(tokens.len(), |length| at + length)
}

/// PROGRAM-ID, its period where it is left out, the name, and what else is said of the program.
fn program_id(text: &mut [u8], tokens: &[Token], at: usize, patches: &mut Vec<Patch>) -> usize {
    let has_period = tokens.get(at + 1).is_some_and(|token| token.kind == TokenKind::Period);
    if !has_period {
        let end = tokens[at].range.end;
        patches.push(Patch { range: end..end, text: "." });
    }
    let name = at + 1 + usize::from(has_period);
    /// A name and what is said of it are few words.
    const MOST_TOKENS: usize = 10;
    let end = period(&tokens[..tokens.len().min(name + MOST_TOKENS)], name.min(tokens.len()));
    let options = tokens.get(name + 1..end).unwrap_or_default();
    const OPTIONS: [&str; 6] = ["IS", "INITIAL", "COMMON", "RECURSIVE", "PROGRAM", "LIBRARY"];
    if options.iter().all(|token| OPTIONS.contains(&word(text, token).as_str())) {
        options.iter().for_each(|token| blank_range(text, token.range.clone()));
        return end;
    }
    name
}

/// `AND NOT = 5` leaves its subject out: the grammar takes the words as one mark, on one line, without NOT =.
fn abbreviated(text: &[u8], tokens: &[Token], at: usize, patches: &mut Vec<Patch>) -> Option<usize> {
    let mut end = at + 1;
    let mut takes = |wanted: &str| {
        let token = tokens.get(end)?;
        let is_wanted = text[token.range.clone()].eq_ignore_ascii_case(wanted.as_bytes());
        is_wanted.then(|| end += 1)
    };
    let is_negated = takes("NOT").is_some();
    let mut relation =
        ["EQUAL", "LESS", "GREATER", "=", "<", ">"].into_iter().find(|word| takes(word).is_some())?;
    takes("TO").or_else(|| takes("THAN"));
    if matches!(relation, "<" | ">") && takes("=").is_some() {
        relation = if relation == "<" { "<=" } else { ">=" };
    }
    let mark = match (relation, is_negated) {
        ("EQUAL" | "=", false) => "=",
        ("EQUAL" | "=", true) => "!=",
        ("LESS" | "<", false) | (">=", true) => "<",
        ("LESS" | "<", true) | (">=", false) => ">=",
        ("GREATER" | ">", false) | ("<=", true) => ">",
        _ => "<=",
    };
    let is_and = word(text, &tokens[at]) == "AND";
    let (_, both, either) = RELATIONS.iter().find(|(known, ..)| *known == mark)?;
    let range = tokens[at].range.start..tokens[end - 1].range.end;
    patches.push(Patch { range, text: if is_and { both } else { either } });
    Some(end)
}

/// Whether the words so far go on with OR EQUAL.
fn ends_in_comparison(text: &[u8], tokens: &[Token]) -> bool {
    let last = tokens.last().map(|token| word(text, token)).unwrap_or_default();
    matches!(last.as_str(), "THAN" | "GREATER" | "LESS")
}

/// On lines of their own, so that what follows starts left enough.
const RELATIONS: &[(&str, &str, &str)] = &[
    ("=", "\n       AND =", "\n       OR ="),
    ("!=", "\n       AND !=", "\n       OR !="),
    ("<", "\n       AND <", "\n       OR <"),
    (">", "\n       AND >", "\n       OR >"),
    ("<=", "\n       AND <=", "\n       OR <="),
    (">=", "\n       AND >=", "\n       OR >="),
];

/// The grammar takes a part, `(1:8)`, of a variable but not of a function's value.
fn function(text: &mut [u8], tokens: &[Token], at: usize) {
    let first = group(text, tokens, at + 2);
    let is_part = |text: &[u8], range: &Option<(usize, usize)>| {
        range.is_some_and(|(from, to)| (from..to).any(|at| text[tokens[at].range.start] == b':'))
    };
    if is_part(text, &first) {
        blank_range(text, tokens[at].range.clone());
    } else if let Some((_, end)) = first {
        let second = group(text, tokens, end);
        if let (true, Some((from, to))) = (is_part(text, &second), second) {
            blank_range(text, tokens[from].range.start..tokens[to - 1].range.end);
        }
    }
}

/// The tokens from an opening parenthesis at `at` to behind its closing one.
fn group(text: &[u8], tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    /// No argument list is longer.
    const MOST_TOKENS: usize = 200;
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(at).take(MOST_TOKENS) {
        match text[token.range.start] {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return (index > at).then_some((at, index + 1));
        }
    }
    None
}

/// `:TAG:` in a copybook is a part of a name that COPY REPLACING fills in.
fn tag(text: &mut [u8], tokens: &[Token], at: usize) {
    let (Some(word), Some(close)) = (tokens.get(at + 1), tokens.get(at + 2)) else { return };
    let start = tokens[at].range.start;
    let is_tag = word.kind == TokenKind::Word
        && word.range.start == start + 1
        && close.range.start == word.range.end
        && text[close.range.start] == b':';
    if is_tag {
        text[start] = b'X';
        text[close.range.start] = b'X';
    }
}
