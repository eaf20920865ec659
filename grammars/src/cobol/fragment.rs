//! Copybooks: text that is part of a program gets, for the parser alone, the headers that make it one.

use std::sync::LazyLock;

use regex::Regex;

use crate::parse::Patch;

const PROCEDURE: &str = "       IDENTIFICATION DIVISION.\n       PROCEDURE DIVISION.\n       ";
const WHOLE_DIVISION: &str = "       IDENTIFICATION DIVISION.\n       ";
const RECORDS: &str = "       IDENTIFICATION DIVISION.\n       DATA DIVISION.\n       ";
const FILES: &str = "       IDENTIFICATION DIVISION.\n       DATA DIVISION.\n       FILE SECTION.\n       ";
const SELECTS: &str = "       IDENTIFICATION DIVISION.\n       ENVIRONMENT DIVISION.\n       INPUT-OUTPUT SECTION.\n       FILE-CONTROL.\n       ";

/// The headers that are missing before the first word; none for whole programs, and for records alone, which the
/// grammar takes as they are.
pub(super) fn header(text: &str) -> Option<Patch> {
    static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(IDENTIFICATION|ID)\s+DIVISION\b|\bPROGRAM-ID\b").expect("the pattern is valid")
    });
    let first = text.len() - text.trim_start().len();
    let mut words =
        text[first..].split_ascii_whitespace().map(|word| word.trim_end_matches('.').to_ascii_uppercase());
    let (word, next) = (words.next()?, words.next().unwrap_or_default());
    if WHOLE.is_match(text) {
        return None;
    }
    let header = match (word.as_str(), next.as_str()) {
        ("ENVIRONMENT" | "DATA" | "PROCEDURE", "DIVISION") => WHOLE_DIVISION,
        ("WORKING-STORAGE" | "LOCAL-STORAGE" | "LINKAGE" | "FILE", "SECTION") => RECORDS,
        ("FD" | "SD", _) => FILES,
        ("SELECT", _) => SELECTS,
        ("COPY" | "EXEC", _) if !has_statements(text) => return None,
        (word, _) if word.bytes().all(|byte| byte.is_ascii_digit()) && word.len() <= 2 => return None,
        _ => PROCEDURE,
    };
    Some(Patch { range: first..first, text: header })
}

fn has_statements(text: &str) -> bool {
    static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b(MOVE|PERFORM|DISPLAY|IF|EVALUATE|CALL|EXIT|COMPUTE|ADD|GO\s+TO)\b")
            .expect("the pattern is valid")
    });
    STATEMENT.is_match(text)
}
