//! Writes hostile text into Markdown so that a forge shows it and does nothing else with it.
//!
//! Text in; one line of prose, code or HTML, or a fenced block, out. No HTML, link, image, mention, reference,
//! quick action or table cell can come of it on GitLab, GitHub or Gitea, wherever in a line it is put.

use super::visible;

/// Stands between two characters that a forge would read together; forges look for mentions, references
/// and addresses in the finished page, where no escape helps.
const APART: char = '\u{200B}';

/// Prose in one line, which may begin a line. What stands between backticks is code.
pub fn prose(text: &str) -> String {
    let text = visible::line(text);
    let text = text.trim();
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let (number, rest) = (&text[..text.len() - rest.len()], rest.chars().next());
    let begins_list = |sign: &char| if number.is_empty() { "-+" } else { ".)" }.contains(*sign);
    match rest.filter(begins_list) {
        Some(sign) => {
            format!("{number}&#{};{}", u32::from(sign), prose_with(&text[number.len() + 1..], code))
        }
        None => prose_with(text, code),
    }
}

/// Prose in a line of HTML, where Markdown is not read.
pub fn html_prose(text: &str) -> String {
    prose_with(&visible::line(text), html_code)
}

fn prose_with(text: &str, code: fn(&str) -> String) -> String {
    let pieces: Vec<_> = text.split('`').collect();
    let last = pieces.len() - 1;
    let shown = pieces.iter().enumerate().map(|(index, piece)| match index % 2 {
        1 if index < last && !piece.is_empty() => code(piece),
        1 if index == last => format!("&#96;{}", plain(piece)),
        _ => plain(piece),
    });
    shown.collect()
}

/// Code in one line.
pub fn code(text: &str) -> String {
    let text = visible::line(text);
    if text.trim().is_empty() || text.contains('|') {
        // A table ends its cell at a bar even inside of code.
        return format!("<code>{}</code>", plain(&text));
    }
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    // A reader strips one space on each side, and needs it where the code itself begins or ends so.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Code in a line of HTML, where Markdown is not read.
pub fn html_code(text: &str) -> String {
    let text = visible::line(text);
    format!("<code>{}</code>", text.chars().map(entity).collect::<String>())
}

/// Code in a block. What the language makes of it is the caller's choice; it holds no backtick.
pub fn fenced(language: &str, text: &str) -> String {
    let text = visible::lines(text);
    let ticks = "`".repeat(longest_run(&text, '`').max(2) + 1);
    format!("{ticks}{language}\n{text}\n{ticks}\n")
}

fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        shown.push_str(&entity(character));
        let next = characters.peek();
        let joins = match character {
            // At the end, code may follow.
            '@' | '#' | '!' | '~' | '%' | '$' | '&' | '^' => next.is_none_or(|next| !next.is_whitespace()),
            ':' => next.is_some_and(|next| *next == '/' || next.is_alphanumeric()),
            'w' | 'W' => next == Some(&'.'),
            _ => false,
        };
        if joins {
            shown.push(APART);
        }
    }
    shown
}

fn entity(character: char) -> String {
    match character {
        '&' | '<' | '>' | '"' | '\'' | '`' | '*' | '_' | '[' | ']' | '{' | '}' | '|' | '~' | '\\' | '$'
        | '@' | ':' | '/' | '!' | '#' | '^' | '=' => format!("&#{};", u32::from(character)),
        _ => character.to_string(),
    }
}

fn longest_run(text: &str, wanted: char) -> usize {
    text.split(|character| character != wanted).map(str::len).max().unwrap_or(0)
}
