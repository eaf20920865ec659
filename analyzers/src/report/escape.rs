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
    match list_sign(text) {
        Some((index, sign)) => {
            let rest = prose_with(&text[index + 1..], code);
            format!("{}&#{};{rest}", &text[..index], u32::from(sign))
        }
        None => prose_with(text, code),
    }
}

/// The sign by which a line would become an item of a list, or a rule.
fn list_sign(line: &str) -> Option<(usize, char)> {
    let rest = line.trim_start_matches(|character: char| character.is_ascii_digit());
    let index = line.len() - rest.len();
    let sign = rest.chars().next()?;
    let ends = rest[sign.len_utf8()..].chars().next().is_none_or(char::is_whitespace);
    let is_sign = match sign {
        '-' => index == 0,
        '+' => index == 0 && ends,
        '.' | ')' => index > 0 && ends,
        _ => false,
    };
    is_sign.then_some((index, sign))
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
