//! The columns of COBOL: a text in, its lines out, each with the range that is code and the one that is comment.
//! Fixed (code in columns 8 to 72), variable (from column 8) or free; columns are those of a terminal, where
//! Chinese, Japanese and Korean characters take two.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::parse::Patch;

/// One line of a program.
pub(super) struct Line {
    /// What the compiler reads, without the areas around it; empty for comments and directives.
    pub(super) code: Range<usize>,
    pub(super) comment: Option<Range<usize>>,
    /// Whether it goes on with the last word or literal of the line before.
    pub(super) is_continuation: bool,
}

/// How a program uses the columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Numbers, an indicator, code in columns 8 to 72, a name.
    Fixed,
    /// The same with code to the end of the line.
    Variable,
    /// Code everywhere.
    Free,
}

const INDICATOR_COLUMN: usize = 6;
const CODE_COLUMN: usize = 7;
const NAME_COLUMN: usize = 72;
const CARD_COLUMNS: usize = 80;
const TAB_COLUMNS: usize = 8;

pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut format = guess(text);
    let mut lines = Vec::new();
    let mut start = 0;
    for written in text.split_inclusive('\n') {
        let content = written.trim_end_matches(['\n', '\r']);
        let line = match stated_format(content) {
            Some(stated) => {
                format = stated;
                Line { code: start..start, comment: None, is_continuation: false }
            }
            None => line(content, start, format),
        };
        lines.push(line);
        start += written.len();
    }
    lines
}

/// Patches that keep each token where the grammar looks for code: from column 8, and beginning before column 73.
pub(super) fn margins(text: &str, lines: &[Line]) -> Vec<Patch> {
    let mut patches = Vec::new();
    for line in lines {
        let code = &text[line.code.clone()];
        let blanks = code.len() - code.trim_ascii_start().len();
        if blanks == code.len() {
            continue;
        }
        let line_start = text[..line.code.start].rfind('\n').map_or(0, |at| at + 1);
        let column = text[line_start..line.code.start].chars().count() + blanks;
        if column < CODE_COLUMN {
            patches.push(Patch { range: line_start..line_start, text: "       " });
        }
        wrap(code, line.code.start, column.max(CODE_COLUMN), &mut patches);
    }
    patches
}

/// Breaks a long line between words.
fn wrap(code: &str, start: usize, mut column: usize, patches: &mut Vec<Patch>) {
    let mut quote = None;
    let blanks = code.len() - code.trim_ascii_start().len();
    let mut last_break = None;
    for (at, c) in code.char_indices().skip(blanks) {
        if column >= NAME_COLUMN - 1
            && let Some((place, place_column)) = last_break.take()
        {
            patches.push(Patch { range: start + place..start + place, text: "\n       " });
            column = CODE_COLUMN + column - place_column;
        }
        column += 1;
        quote = match quote {
            None if c == '"' || c == '\'' => Some(c),
            Some(open) if open == c => None,
            open => open,
        };
        if quote.is_none() && (c == ' ' || c == '\t') {
            last_break = Some((at + 1, column));
        }
    }
}

/// Joins what goes on over a line: the parts of a literal by `&`, the parts of a word by nothing.
pub(super) fn continuations(text: &str, lines: &[Line]) -> Vec<Patch> {
    let mut patches = Vec::new();
    let mut previous: Option<&Line> = None;
    for line in lines {
        if let Some(previous) = previous
            && line.is_continuation
        {
            patches.extend(joined(text, previous, line));
        }
        if !text[line.code.clone()].trim_ascii().is_empty() {
            previous = Some(line);
        }
    }
    patches
}

fn joined(text: &str, previous: &Line, line: &Line) -> Vec<Patch> {
    let code = &text[line.code.clone()];
    let first = line.code.start + code.len() - code.trim_ascii_start().len();
    let before = &text[previous.code.clone()];
    let end = previous.code.start + before.trim_ascii_end().len();
    let continues = text[first..].chars().next().filter(|c| matches!(c, '"' | '\''));
    match (open_quote(before), continues) {
        // The whole line belongs to an open literal, its blanks too.
        (Some('"'), Some('"')) => close(end, "\"", first),
        (Some('\''), Some('\'')) => close(end, "'", first),
        (None, None) if first < line.code.end => vec![Patch { range: end..first, text: "" }],
        _ => Vec::new(),
    }
}

fn close(end: usize, quote: &'static str, next: usize) -> Vec<Patch> {
    vec![Patch { range: end..end, text: quote }, Patch { range: next..next, text: "& " }]
}

/// The quote that is still open at the end of the code; a doubled quote closes and opens.
fn open_quote(code: &str) -> Option<char> {
    code.chars().fold(None, |open, c| match open {
        None if c == '"' || c == '\'' => Some(c),
        Some(quote) if quote == c => None,
        open => open,
    })
}

fn line(content: &str, start: usize, format: Format) -> Line {
    let whole = start..start + content.len();
    let nothing = |comment| Line { code: whole.start..whole.start, comment, is_continuation: false };
    let trimmed = content.trim_ascii_start();
    if format == Format::Free {
        return match trimmed.as_bytes() {
            [b'*', ..] => nothing(Some(whole.clone())),
            _ if is_directive(trimmed) => nothing(None),
            _ => with_comment(content, start, 0..content.len(), false),
        };
    }
    let end = if is_cut(content, format) { byte_of_column(content, NAME_COLUMN) } else { content.len() };
    let indicator = byte_of_column(content, INDICATOR_COLUMN).min(end);
    let code = byte_of_column(content, CODE_COLUMN).min(end);
    match content.as_bytes().get(indicator) {
        _ if is_directive(trimmed) || is_directive(content[indicator..end].trim_ascii()) => nothing(None),
        // Some editors write `*>` before the indicator column.
        _ if trimmed.starts_with("*>") => nothing(Some(whole.clone())),
        Some(b'*' | b'/') => nothing(Some(whole.clone())),
        Some(b'\t') => with_comment(content, start, indicator..end, false),
        Some(b'-') => with_comment(content, start, code..end, true),
        _ => with_comment(content, start, code..end, false),
    }
}

/// The line's code up to a `*>` outside of literals.
fn with_comment(content: &str, start: usize, code: Range<usize>, is_continuation: bool) -> Line {
    let mut quote = None;
    let bytes = &content.as_bytes()[..code.end];
    let mut comment = None;
    for at in code.clone() {
        match (quote, bytes[at]) {
            (None, b'*') if bytes.get(at + 1) == Some(&b'>') => {
                comment = Some(at..content.len());
                break;
            }
            (None, byte @ (b'"' | b'\'')) => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    let end = comment.as_ref().map_or(code.end, |comment| comment.start);
    Line {
        code: start + code.start..start + end,
        comment: comment.map(|comment| start + comment.start..start + comment.end),
        is_continuation,
    }
}

/// In variable format, only what looks like a card's name is no code.
fn is_cut(content: &str, format: Format) -> bool {
    let name = content.get(byte_of_column(content, NAME_COLUMN)..).unwrap_or_default();
    match format {
        Format::Fixed => true,
        Format::Variable => name.len() <= 8 && name.trim_ascii().bytes().all(|byte| byte.is_ascii_digit()),
        Format::Free => false,
    }
}

/// The byte at a column of a terminal, or the end of the line.
fn byte_of_column(content: &str, column: usize) -> usize {
    let mut at_column = 0;
    for (at, c) in content.char_indices() {
        if at_column >= column {
            return at;
        }
        at_column = match c {
            '\t' => (at_column / TAB_COLUMNS + 1) * TAB_COLUMNS,
            c => at_column + width(c),
        };
        // A tab over the indicator column ends at the code.
        if c == '\t' && at_column > column {
            return at;
        }
    }
    content.len()
}

/// Columns of a character: two for the blocks of Chinese, Japanese and Korean.
fn width(c: char) -> usize {
    match c {
        '\u{1100}'..='\u{115F}'
        | '\u{2E80}'..='\u{A4CF}'
        | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{FE30}'..='\u{FE6F}'
        | '\u{FF01}'..='\u{FF60}'
        | '\u{FFE0}'..='\u{FFE6}'
        | '\u{20000}'..='\u{3FFFD}' => 2,
        _ => 1,
    }
}

/// Lines for the compiler, not of the program: listing control, options, conditional compilation, library calls.
fn is_directive(code: &str) -> bool {
    static DIRECTIVE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(>>|\$(SET|IF|ELSE|END|DISPLAY)\b|(CBL|PROCESS)\s+\S|(EJECT|SKIP[123])\s*\.?\s*$|TITLE\s+['\x22]|\*(CBL|CONTROL)\b|\+\+INCLUDE\b|-INC\b|@OPTIONS\b)")
            .expect("the pattern is valid")
    });
    matches!(
        code.as_bytes().first(),
        Some(
            b'>' | b'$'
                | b'*'
                | b'+'
                | b'-'
                | b'@'
                | b'C'
                | b'P'
                | b'E'
                | b'S'
                | b'T'
                | b'c'
                | b'p'
                | b'e'
                | b's'
                | b't'
        )
    ) && DIRECTIVE.is_match(code)
}

fn stated_format(content: &str) -> Option<Format> {
    static STATED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"(?i)^.{0,8}(>>\s*(SOURCE|SET)|\$SET)\b.*?\b(FREE|FIXED|VARIABLE)\b"#)
            .expect("the pattern is valid")
    });
    if !content.contains(">>") && !content.contains('$') {
        return None;
    }
    let found = STATED.captures(content)?;
    Some(match found[3].to_ascii_uppercase().as_str() {
        "FREE" => Format::Free,
        "VARIABLE" => Format::Variable,
        _ => Format::Fixed,
    })
}

/// The format by the look of the lines: what stands in columns 1 to 7 of fixed format is of few kinds.
fn guess(text: &str) -> Format {
    let (mut fixed, mut free, mut long) = (0_usize, 0_usize, 0_usize);
    for line in text.lines().filter(|line| !line.trim_ascii().is_empty()).take(10_000) {
        let bytes = line.as_bytes();
        let numbers = &bytes[..bytes.len().min(INDICATOR_COLUMN)];
        let indicator = bytes.get(INDICATOR_COLUMN).copied().unwrap_or(b' ');
        let is_comment = matches!(indicator, b'*' | b'/');
        if numbers.contains(&b'\t') || line.trim_ascii_start().starts_with("*>") {
            continue;
        } else if !matches!(indicator, b' ' | b'*' | b'/' | b'-' | b'D' | b'd' | b'$' | b'\t' | b'>') {
            free += 2;
        } else if numbers.iter().all(u8::is_ascii_digit) || is_comment {
            fixed += 2;
        } else if numbers.trim_ascii().is_empty() {
            fixed += 1;
        } else if numbers[0] == b' ' || numbers.trim_ascii_end().contains(&b' ') {
            free += 1;
        }
        long += usize::from(!is_comment && byte_of_column(line, CARD_COLUMNS) < line.trim_ascii_end().len());
    }
    match (free > fixed, long > 0) {
        (true, _) => Format::Free,
        (false, true) => Format::Variable,
        (false, false) => Format::Fixed,
    }
}
