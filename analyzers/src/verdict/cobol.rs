//! What a stretch of a COBOL program uses of it: data by name, paragraphs by `PERFORM`, copybooks by `COPY`.

use std::collections::BTreeSet;
use std::ops::Range;

/// Lines of one paragraph that are shown.
const MOST_LINES: usize = 60;

/// Where the area for the sequence number ends in fixed format.
const SEQUENCE_AREA: usize = 6;

/// Where the program declares the data and paragraphs that the code names, rising.
pub(super) fn used(text: &str, code: &str) -> Vec<Range<usize>> {
    let names: BTreeSet<String> = words(code).map(str::to_ascii_uppercase).collect();
    let lines: Vec<(usize, &str)> = lines(text).collect();
    let mut found = Vec::new();
    for (number, (start, line)) in lines.iter().enumerate() {
        let mut parts = words(statement(line)).map(str::to_ascii_uppercase);
        let (first, second) = (parts.next().unwrap_or_default(), parts.next());
        let is_level = first.len() == 2 && first.bytes().all(|byte| byte.is_ascii_digit());
        if is_level && second.is_some_and(|name| names.contains(&name)) {
            found.push(*start..start + line.len());
        } else if names.contains(&first) && is_header(line) {
            let body = lines[number + 1..].iter().take(MOST_LINES);
            let last = body.take_while(|(_, line)| !is_header(line)).last();
            found.push(*start..last.map_or(start + line.len(), |(at, line)| at + line.len()));
        }
    }
    found
}

/// The copybooks that the program takes in, in its order.
pub(super) fn copied(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, line) in lines(text) {
        let parts: Vec<&str> = words(statement(line)).collect();
        if let Some(at) = parts.iter().position(|word| word.eq_ignore_ascii_case("COPY"))
            && let Some(name) = parts.get(at + 1).filter(|name| !names.iter().any(|known| known == **name))
        {
            names.push((*name).to_owned());
        }
    }
    names
}

/// Lines that are no comment, with where they begin.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let all = text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    });
    all.filter(|(_, line)| line.as_bytes().get(SEQUENCE_AREA) != Some(&b'*'))
}

/// A line without its sequence number.
fn statement(line: &str) -> &str {
    match line.get(..SEQUENCE_AREA) {
        Some(area) if area.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ') => {
            &line[SEQUENCE_AREA..]
        }
        _ => line,
    }
}

/// Whether a line is the header of a paragraph or section: a name in area A, and a full stop.
fn is_header(line: &str) -> bool {
    let statement = statement(line);
    let indent = statement.len() - statement.trim_start().len();
    let trimmed = statement.trim();
    let name = trimmed.strip_suffix('.').unwrap_or_default();
    let name = name.strip_suffix(" SECTION").unwrap_or(name);
    indent <= 4 && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|found: char| !(found.is_ascii_alphanumeric() || found == '-')).filter(|word| !word.is_empty())
}
