//! Paths as text: UTF-8 as it is, everything else in git's quoted form (`"\262\342.java"`), both ways.
//!
//! `to_text` and `to_bytes` are inverse for every name, so that two names never become one.

/// The path of these bytes as text.
pub fn to_text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if unquote(bytes).is_none() => text.to_owned(),
        _ => quote(bytes),
    }
}

/// The bytes of a path that `to_text` gave.
pub fn to_bytes(text: &str) -> Vec<u8> {
    match unquote(text.as_bytes()) {
        Some((bytes, [])) => bytes,
        _ => text.as_bytes().to_vec(),
    }
}

/// Reads a name in git's quoted form at the start of `text`: its bytes, and what follows the closing quote.
/// `None` where there is no well-formed one.
pub fn unquote(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut bytes = Vec::new();
    loop {
        let (&first, after) = rest.split_first()?;
        rest = after;
        match first {
            b'"' => return Some((bytes, rest)),
            b'\\' => {
                let (byte, after) = unescape(rest)?;
                bytes.push(byte);
                rest = after;
            }
            byte => bytes.push(byte),
        }
    }
}

/// The byte that the escape after a backslash stands for, and what follows it.
fn unescape(text: &[u8]) -> Option<(u8, &[u8])> {
    let (&letter, rest) = text.split_first()?;
    let byte = match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        b'"' | b'\\' => letter,
        b'0'..=b'3' => {
            let (digits, rest) = text.split_at_checked(3)?;
            let octal = |byte: &u8| matches!(byte, b'0'..=b'7').then(|| byte - b'0');
            let digits: Option<Vec<u8>> = digits.iter().map(octal).collect();
            return Some((digits?.into_iter().fold(0, |value, digit| value << 3 | digit), rest));
        }
        _ => return None,
    };
    Some((byte, rest))
}

/// A name in git's quoted form.
pub(super) fn quote(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(byte)]),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_comes_back_from_its_text() {
        let names: [&[u8]; 7] = [
            b"a b.java",
            "测试.java".as_bytes(),
            b"\xb2\xe2.java",
            b"\"x\"",
            b"\"\\262\"",
            b"\"open",
            b"a\tb",
        ];
        for name in names {
            assert_eq!(to_bytes(&to_text(name)), name);
        }
        assert_eq!(to_text("测试.java".as_bytes()), "测试.java");
        assert_eq!(to_text(b"\xb2\xe2.java"), r#""\262\342.java""#);
    }

    #[test]
    fn broken_quotes_are_not_names() {
        for text in [&b"\"open"[..], b"\"\\", b"\"\\9\"", b"\"\\12\"", b"\"\\777\"", b"plain"] {
            assert_eq!(unquote(text), None);
        }
    }
}
