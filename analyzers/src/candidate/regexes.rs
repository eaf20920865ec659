//! Regular expressions as policies write them, made cheap to compile and to run.
//!
//! The classes of Unicode have hundreds of ranges, and most expressions name them several times. Here `\w` is the
//! letters of Latin, Greek, Cyrillic, Chinese, Japanese and Korean, digits and the underscore; `\d`, `\s` and,
//! in an expression of ASCII, `\b` are those of ASCII.

use regex::{Regex, RegexBuilder};
use serde_json::Value;

/// Largest compiled size of an expression, in bytes.
const LARGEST: usize = 16 << 20;

/// Letters, digits and the underscore, by blocks that keep case folding short.
const WORD: &str = r"0-9A-Z_a-z\x{C0}-\x{24F}\x{370}-\x{52F}\x{2E80}-\x{2FDF}\x{3005}-\x{3007}\x{3040}-\x{A63F}\x{AC00}-\x{D7A3}\x{F900}-\x{FAFF}";
const DIGIT: &str = "0-9";
const SPACE: &str = r"\x0B\x0C\r \t-\n";

/// Compiles an expression.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(&plain(pattern)).size_limit(LARGEST).build().map_err(|error| error.to_string())
}

/// A rule whose expressions are plain.
pub(crate) fn plain_rule(rule: Value) -> Value {
    match rule {
        Value::Object(keys) => {
            let plain_key = |(key, value): (String, Value)| match value {
                Value::String(pattern) if key == "regex" => (key, Value::String(plain(&pattern))),
                value => (key, plain_rule(value)),
            };
            Value::Object(keys.into_iter().map(plain_key).collect())
        }
        Value::Array(list) => Value::Array(list.into_iter().map(plain_rule).collect()),
        other => other,
    }
}

/// The expression with classes that are soon compiled.
fn plain(pattern: &str) -> String {
    // Modes that change what signs mean are left to who writes them.
    if ["(?x", "(?u", "(?-u", "x)", "x:"].iter().any(|mode| pattern.contains(mode)) {
        return pattern.to_owned();
    }
    let mut plain = String::with_capacity(2 * pattern.len());
    let mut signs = pattern.chars().peekable();
    // How deep in brackets, and whether a closing bracket would be the first sign in them.
    let (mut depth, mut is_first) = (0_usize, false);
    while let Some(sign) = signs.next() {
        let was_first = std::mem::take(&mut is_first);
        match sign {
            '\\' => match (signs.next(), depth) {
                (Some('w'), 0) => plain.extend(["[", WORD, "]"]),
                (Some('w'), _) => plain.push_str(WORD),
                (Some('W'), 0) => plain.extend(["[^", WORD, "]"]),
                (Some('d'), 0) => plain.extend(["[", DIGIT, "]"]),
                (Some('d'), _) => plain.push_str(DIGIT),
                (Some('D'), 0) => plain.extend(["[^", DIGIT, "]"]),
                (Some('s'), 0) => plain.extend(["[", SPACE, "]"]),
                (Some('s'), _) => plain.push_str(SPACE),
                (Some('S'), 0) => plain.extend(["[^", SPACE, "]"]),
                (Some(edge @ ('b' | 'B')), 0) if pattern.is_ascii() && signs.peek() != Some(&'{') => {
                    plain.extend(["(?-u:\\", &edge.to_string(), ")"]);
                }
                (Some(other), _) => plain.extend(['\\', other]),
                (None, _) => plain.push('\\'),
            },
            '[' => {
                depth += 1;
                is_first = true;
                plain.push('[');
                if signs.next_if_eq(&'^').is_some() {
                    plain.push('^');
                }
            }
            ']' if depth > 0 && !was_first => {
                depth -= 1;
                plain.push(']');
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(compile(pattern).unwrap().is_match(text), expected, "{pattern} in {text}");
    }

    #[test]
    fn words_blanks_and_digits_are_those_of_code() {
        check(r"^\w+$", "überweisung_账户2", true);
        check(r"^[\w.]+$", "a.б", true);
        check(r"^\W$", "。", true);
        check(r"\bPIN\b", "the PIN.", true);
        check(r"\bPIN\b", "SPIN", false);
        check(r"^[^\s\d]+$", "a b", false);
        check(r"(?i)^[^\w]\S\D$", "-A!", true);
        check(r"\b密码\b", "旧 密码", true);
        check(r"[\s-]x", "-x", true);
    }

    #[test]
    fn brackets_and_escapes_stay_what_they_are() {
        check(r"^[]\w]+$", "]a", true);
        check(r"^[^]\w]$", "-", true);
        check(r"^\\w$", r"\w", true);
        check(r"^[[:alpha:]\d]+\[\w\]$", "a1[b]", true);
        check(r"^\x{41}\p{L}$", "Aé", true);
    }
}
