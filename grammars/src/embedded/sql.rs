//! A statement of a host program as the SQL grammar can read it: same length; names for what is filled in when it
//! runs; without the clauses that only its database or precompiler knows.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::comments::blank_range;

/// Whether `text` may hold a statement at all.
pub(super) fn mentioned(text: &str) -> bool {
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\b(select|insert\s+into|update|delete\s+from|merge\s+into|truncate\s+table|create\s+table)\b",
        )
    });
    WORD.is_match(text.as_bytes())
}

/// Where `text` has words that statements start with, in rising order.
pub(super) fn starts(text: &str) -> Vec<usize> {
    static WORD: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?i)(select|insert|update|delete|merge|truncate|create|alter|drop|with|values|lock|call)")
    });
    WORD.find_iter(text.as_bytes()).map(|word| word.start()).collect()
}

/// Whether `code` starts as a statement that the grammar knows.
pub(super) fn is_statement(code: &[u8]) -> bool {
    static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?is)\A\s*\(?\s*(select\s.*\bfrom\b|insert\s+into\s|update\s+\S+\s.*\bset\b|delete\s+from\s|merge\s+into\s|truncate\s+table\s|(create|alter|drop)\s+(global\s+temporary\s+)?(table|view|index)\s|with\s.*\bas\b.*\bselect\b|values\s*\(|lock\s+table\s|call\s+\w)",
        )
    });
    STATEMENT.is_match(code)
}

/// Whether `code` breaks off where something must follow.
pub(super) fn breaks_off(code: &[u8]) -> bool {
    static DANGLING: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"(?i)(\b(where|and|or|from|set|values|in|by|like|on|into|join)|[=<>(,+|])\s*\z")
    });
    DANGLING.is_match(code)
}

/// Makes placeholders into names and takes out what the grammar lacks. False where text is filled in when the
/// program runs, so that the statement is not all there.
pub(super) fn settle(code: &mut [u8], name_marks: &[u8]) -> bool {
    let complete = placeholders(code, name_marks);
    for (pattern, fix) in DIALECT.iter() {
        let found: Vec<Range<usize>> = pattern.find_iter(code).map(|found| found.range()).collect();
        for range in found {
            match fix {
                Fix::Blank => blank_range(code, range),
                Fix::OneName => name(&mut code[range]),
            }
        }
    }
    complete
}

#[derive(Clone, Copy)]
enum Fix {
    Blank,
    /// The words become one name.
    OneName,
}

/// Clauses of Db2, Oracle and precompilers that the grammar lacks.
static DIALECT: LazyLock<Vec<(Regex, Fix)>> = LazyLock::new(|| {
    [
        (
            r"(?i)\A\s*DECLARE\s+[\w-]+\s+(\w+\s+)*CURSOR\b(\s+WITH\s+(HOLD|RETURN)(\s+TO\s+\w+)?)*\s+FOR\b",
            Fix::Blank,
        ),
        (r"(?i)\bWITH\s+(UR|CS|RS|RR)\b(\s+USE\s+AND\s+KEEP\s+\w+\s+LOCKS)?", Fix::Blank),
        (r"(?i)\bFOR\s+(FETCH|READ)\s+ONLY\b", Fix::Blank),
        (
            r"(?i)\bFOR\s+UPDATE(\s+OF\s+\w+(\s*,\s*\w+)*)?(\s+NOWAIT|\s+WAIT\s+\d+|\s+SKIP\s+LOCKED)?",
            Fix::Blank,
        ),
        (r"(?i)\bFETCH\s+FIRST\s+(\w+\s+)?ROWS?\s+ONLY\b", Fix::Blank),
        (r"(?i)\bOPTIMIZE\s+FOR\s+\w+\s+ROWS?\b", Fix::Blank),
        (r"(?i)\bQUERYNO\s+\d+", Fix::Blank),
        (r"(?i)\bCURRENT\s+(TIMESTAMP|DATE|TIME|OF\s+\w+)\b", Fix::OneName),
    ]
    .into_iter()
    .map(|(pattern, fix)| (regex(pattern), fix))
    .collect()
});

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// `:name`, `@name`, `#{name}`, `%s`, and what is text before the database sees it: `${name}`, `$name`, `{name}`.
fn placeholders(code: &mut [u8], name_marks: &[u8]) -> bool {
    let mut complete = true;
    let mut quote = None;
    let mut last_name: Option<usize> = None;
    let mut at = 0;
    while at < code.len() {
        let rest = &code[at..];
        let length = placeholder_length(rest, name_marks);
        complete &= !(length > 0 && matches!(rest[0], b'$' | b'{'));
        match (quote, rest[0]) {
            (None, byte @ (b'\'' | b'"')) => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            (None, _) if length > 0 => {
                // A second name right after a host variable tells whether it is null.
                let indicates = last_name.is_some_and(|last| {
                    let between = code[last..at].trim_ascii();
                    between.is_empty() || between.eq_ignore_ascii_case(b"INDICATOR")
                });
                match last_name {
                    Some(last) if indicates && code[at] == b':' => blank_range(code, last..at + length),
                    _ => {
                        name(&mut code[at..at + length]);
                        last_name = Some(at + length);
                    }
                }
                at += length;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    complete
}

/// No placeholder is longer.
const MOST_PLACEHOLDER_BYTES: usize = 200;

fn placeholder_length(rest: &[u8], name_marks: &[u8]) -> usize {
    let rest = &rest[..rest.len().min(MOST_PLACEHOLDER_BYTES)];
    let starts_name =
        |at: usize| rest.get(at).is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_' || name_marks.contains(byte);
    let name_length = |from: usize| {
        let length = rest[from..].iter().take_while(is_name).count();
        from + rest[from..from + length].trim_ascii_end().len()
    };
    match rest {
        [b'#' | b'$', b'{', ..] | [b'{', ..] => memchr::memchr(b'}', rest).map_or(0, |end| end + 1),
        // `::` casts.
        [b':', b':', ..] => 0,
        [b':' | b'@' | b'$', ..] if starts_name(1) => name_length(1),
        [b'%', b's' | b'd', ..] => 2,
        [b'%', b'(', ..] => memchr::memchr(b')', rest)
            .map_or(0, |end| end + 1 + usize::from(rest.get(end + 1) == Some(&b's'))),
        _ => 0,
    }
}

/// Makes bytes one name of the same length.
pub(super) fn name(code: &mut [u8]) {
    for byte in code.iter_mut().filter(|byte| !byte.is_ascii_alphanumeric()) {
        *byte = b'_';
    }
    if let Some(first) = code.first_mut().filter(|byte| byte.is_ascii_digit()) {
        *first = b'_';
    }
}
