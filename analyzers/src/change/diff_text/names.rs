//! Reads the paths of file headers: prefixed or not, quoted or not, with spaces or timestamps.

use super::hunk::LineEnds;
use crate::change::path;

/// The prefixes that git puts before the two paths, in the order of base and head, and reversed by `-R`:
/// usual, index and work tree, commit and index, commit and work tree, object and work tree, no index.
const PREFIXES: [(&[u8], &[u8]); 6] =
    [(b"a/", b"b/"), (b"i/", b"w/"), (b"c/", b"i/"), (b"c/", b"w/"), (b"o/", b"w/"), (b"1/", b"2/")];

/// A path as a header line has it: its bytes, with the prefix, or none for `/dev/null`.
pub(super) type Name = Option<Vec<u8>>;

/// The path that both sides of `diff --git <names>` share, without prefixes. `None` where they differ, as in
/// a rename, or cannot be told apart.
pub(super) fn common(names: &[u8]) -> Option<Vec<u8>> {
    if let Some((base, rest)) = path::unquote(names) {
        let rest = rest.strip_prefix(b" ")?;
        return shared(&base, &whole(rest)?);
    }
    if names.starts_with(b"\"") {
        return None;
    }
    if names.ends_with(b"\"") {
        let quote = memchr::memmem::find(names, b" \"")?;
        return shared(&names[..quote], &whole(&names[quote + 1..])?);
    }
    halves(names).or_else(|| custom_prefixes(names))
}

/// Splits in the middle: the prefixes that git has are of one length.
fn halves(names: &[u8]) -> Option<Vec<u8>> {
    let middle = names.len() / 2;
    let head = names[middle..].strip_prefix(b" ")?;
    shared(&names[..middle], head)
}

/// Splits where what follows the first slash of each name is the same.
fn custom_prefixes(names: &[u8]) -> Option<Vec<u8>> {
    let base = &names[memchr::memchr(b'/', names)? + 1..];
    let mut after_last_slash = 0;
    for slash in memchr::memchr_iter(b'/', base) {
        let head = &base[slash + 1..];
        let split = head.len();
        // With no slash between the space and this one, only one place is ever compared.
        if (after_last_slash..slash).contains(&split) && base[split] == b' ' && base[..split] == *head {
            return (!head.is_empty()).then(|| head.to_vec());
        }
        after_last_slash = slash + 1;
    }
    None
}

/// The path without prefixes, where both names have the same.
fn shared(base: &[u8], head: &[u8]) -> Option<Vec<u8>> {
    if base == head {
        return (!base.is_empty()).then(|| base.to_vec());
    }
    let (base, head) = without_prefixes(base, head)?;
    (base == head && !base.is_empty()).then(|| base.to_vec())
}

/// Both names without the prefixes of git, where they have a pair of them.
pub(super) fn without_prefixes<'a>(base: &'a [u8], head: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
    PREFIXES
        .iter()
        .flat_map(|&(one, other)| [(one, other), (other, one)])
        .find_map(|(one, other)| Some((base.strip_prefix(one)?, head.strip_prefix(other)?)))
}

/// A name without the prefix of git that it may have; for where the other side is `/dev/null`.
pub(super) fn without_prefix(name: &[u8]) -> &[u8] {
    let prefixes = PREFIXES.iter().flat_map(|&(one, other)| [one, other]);
    prefixes.into_iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name)
}

/// A whole text that is one name, quoted or not.
pub(super) fn whole(text: &[u8]) -> Option<Vec<u8>> {
    match path::unquote(text) {
        Some((name, [])) => Some(name),
        Some(_) => None,
        None => (!text.is_empty()).then(|| text.to_vec()),
    }
}

/// What a `---` or `+++` line says: the name, and whether its timestamp is the one of a file that is not there.
pub(super) fn side(line: &[u8], line_ends: LineEnds) -> Option<(Name, bool)> {
    let text = line_ends.trim(line.get(4..)?);
    let (name, stamp) = match path::unquote(text) {
        Some((name, rest)) => (name, rest),
        None => {
            let end = memchr::memchr(b'\t', text).unwrap_or(text.len());
            (text[..end].to_vec(), &text[end..])
        }
    };
    let stamp = stamp.trim_ascii_start();
    let is_epoch = stamp.starts_with(b"1970-01-01") || stamp.starts_with(b"1969-12-31");
    match name.as_slice() {
        b"" => None,
        b"/dev/null" => Some((None, is_epoch)),
        _ => Some((Some(name), is_epoch)),
    }
}
