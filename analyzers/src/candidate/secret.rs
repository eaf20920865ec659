//! Tells a real secret from a placeholder, a reference, a name or a sentence.

/// Shorter texts are not worth protecting, and are mostly words.
const SHORTEST: usize = 6;

/// Words that stand where a secret will be.
const PLACEHOLDERS: &[&str] = &[
    "change",
    "default",
    "dummy",
    "encrypted",
    "example",
    "fake",
    "insert",
    "mock",
    "none",
    "null",
    "placeholder",
    "sample",
    "secret-name",
    "test",
    "todo",
    "undefined",
    "xxx",
    "your",
];

/// Whether the text looks like a secret that somebody chose or generated.
pub(crate) fn is_secret(text: &str) -> bool {
    let text = text.trim();
    text.chars().count() >= SHORTEST
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && !is_reference(text)
        && !is_placeholder(text)
        && !is_name(text)
        && !is_dotted(text)
}

/// `${VAULT}`, `{{ secret }}`, `%ENV%`, `vault:path`, `arn:…`, `<password>`, a URL without password, a path.
fn is_reference(text: &str) -> bool {
    let opens = [
        "${",
        "{{",
        "#{",
        "%(",
        "<",
        "[",
        "env.",
        "env:",
        "vault:",
        "file:",
        "arn:",
        "ref+",
        "@",
        "classpath:",
        "ENC(",
    ];
    opens.iter().any(|open| text.starts_with(open))
        || text.contains("${")
        || text.contains("{{")
        || text.contains("%s")
        || (text.starts_with('%') && text.ends_with('%'))
        || (text.starts_with('$') && text[1..].chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
        || (text.contains("://") && !text.contains('@'))
        || text.starts_with('/')
        || text.starts_with("./")
        || text.starts_with("../")
}

fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.len() <= 2 || PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

/// Short groups of capitals and digits set apart by points: a version, an object identifier, an error's number.
fn is_dotted(text: &str) -> bool {
    /// Groups of a secret are longer.
    const LONGEST_GROUP: usize = 6;
    let is_code = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
    text.contains('.')
        && text.split('.').all(|group| group.len() <= LONGEST_GROUP && group.chars().all(is_code))
}

/// Names, keys and words: `user.password`, `PASSWORD_FIELD`, `passwordEncoder`, `Content-Type`.
fn is_name(text: &str) -> bool {
    let has = |test: fn(&char) -> bool| text.chars().any(|c| test(&c));
    let digits = has(char::is_ascii_digit);
    let symbols =
        text.chars().any(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | ':' | '/' | '$' | ','));
    let mixed_case = has(char::is_ascii_uppercase) && has(char::is_ascii_lowercase);
    if symbols && (digits || mixed_case) {
        return false;
    }
    if !digits {
        return true;
    }
    looks_like_words(text)
}

/// Whether the text is words with a number at the end, such as `sha256`, `key_v2`, `oauth2.client`.
fn looks_like_words(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let runs = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count();
    let is_separator = |c: char| matches!(c, '_' | '-' | '.' | ':' | '/');
    let separated = text.contains(is_separator) && digits <= 3;
    let plain = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    runs == 1 && (separated || plain && (text.len() <= SHORTEST || digits <= 2 && text.len() < 2 * SHORTEST))
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn secrets_are_told_from_names_and_placeholders() {
        for secret in [
            "P0sting#2025",
            "SECRET1",
            "AKIA4XQ7ZP2LMN8TRWV6",
            "s3cr3tK3y99",
            "0123456789abcdeffedcba9876543210",
        ] {
            assert!(is_secret(secret), "{secret}");
        }
        for name in [
            "password",
            "user.password",
            "${DB_PASSWORD}",
            "changeme123",
            "your-api-key-1",
            "Invalid password 12",
            "vault:secret/db#1",
            "oauth2.client",
            "aaaaaa",
            "x",
            "/run/secrets/db1",
            "sha256",
            "PASSWORD_FIELD",
            "2.16.840.1.113719.1.39.42.100.13",
            "08001.C.12",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
