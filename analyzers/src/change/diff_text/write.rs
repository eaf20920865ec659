//! Writes a change as the text of a unified diff, in git's form: the inverse of reading one.
//!
//! A change set in; bytes that `parse` reads back to the same change out. Names that are not plain are quoted,
//! and ids of blobs that are not known are zeros, both as git has it.

use crate::change::{ChangeSet, ContentChange, FileChange, FileStatus, Hunk, LineKind, path};

/// The id of the empty blob.
const EMPTY_BLOB: &str = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/// The id of a blob that is not known, or not there.
const NO_BLOB: &str = "0000000000000000000000000000000000000000";

/// The diff of a change.
pub fn write(change_set: &ChangeSet) -> Vec<u8> {
    let mut out = Vec::new();
    for file in &change_set.files {
        write_file(file, &mut out);
    }
    out
}

fn write_file(file: &FileChange, out: &mut Vec<u8>) {
    let base = file.base_path.as_deref().unwrap_or_else(|| file.path());
    let head = file.head_path.as_deref().unwrap_or(base);
    let mut line = |text: String| out.extend_from_slice(format!("{text}\n").as_bytes());
    line(format!("diff --git {} {}", name("a/", base), name("b/", head)));
    match (file.status, file.base_mode, file.head_mode) {
        (FileStatus::Added, _, Some(mode)) => line(format!("new file mode {mode:o}")),
        (FileStatus::Deleted, Some(mode), _) => line(format!("deleted file mode {mode:o}")),
        (_, Some(old), Some(new)) if old != new => line(format!("old mode {old:o}\nnew mode {new:o}")),
        _ => {}
    }
    match file.status {
        FileStatus::Renamed => line(format!("rename from {}\nrename to {}", name("", base), name("", head))),
        FileStatus::Copied => line(format!("copy from {}\ncopy to {}", name("", base), name("", head))),
        FileStatus::Added | FileStatus::Deleted | FileStatus::Modified => {}
    }
    index(file).into_iter().for_each(&mut line);
    match &file.content {
        ContentChange::Binary => {
            let (base, head) = sides(file, base, head);
            line(format!("Binary files {base} and {head} differ"));
        }
        ContentChange::Text(hunks) if hunks.is_empty() => {}
        ContentChange::Text(hunks) => {
            let (base, head) = sides(file, base, head);
            line(format!("--- {base}\n+++ {head}"));
            hunks.iter().for_each(|hunk| write_hunk(hunk, out));
        }
    }
}

/// The line that names blobs and the mode that both sides share; none where the content stays as it is.
fn index(file: &FileChange) -> Option<String> {
    let is_empty = matches!(&file.content, ContentChange::Text(hunks) if hunks.is_empty());
    let (base, head) = match (file.status, is_empty) {
        // An added file without lines is an empty one; without its id it would look like a cut diff.
        (FileStatus::Added, true) => (NO_BLOB, EMPTY_BLOB),
        (_, true) => return None,
        (_, false) => {
            (file.base_blob.as_deref().unwrap_or(NO_BLOB), file.head_blob.as_deref().unwrap_or(NO_BLOB))
        }
    };
    let mode = match (file.base_mode, file.head_mode) {
        (Some(base), Some(head)) if base == head => format!(" {base:o}"),
        _ => String::new(),
    };
    Some(format!("index {base}..{head}{mode}"))
}

fn sides(file: &FileChange, base: &str, head: &str) -> (String, String) {
    let nothing = || "/dev/null".to_owned();
    let base = file.base_path.as_ref().map_or_else(nothing, |_| name("a/", base));
    let head = file.head_path.as_ref().map_or_else(nothing, |_| name("b/", head));
    (base, head)
}

/// A path with its prefix, quoted where it is not plain.
fn name(prefix: &str, text: &str) -> String {
    let bytes = [prefix.as_bytes(), &path::to_bytes(text)].concat();
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\');
    match String::from_utf8(bytes) {
        Ok(plain) if plain.bytes().all(|byte| is_plain(&byte)) => plain,
        Ok(other) => path::quote(other.as_bytes()),
        Err(other) => path::quote(other.as_bytes()),
    }
}

fn write_hunk(hunk: &Hunk, out: &mut Vec<u8>) {
    let Hunk { base_start, base_count, head_start, head_count, lines } = hunk;
    let header = format!("@@ -{base_start},{base_count} +{head_start},{head_count} @@\n");
    out.extend_from_slice(header.as_bytes());
    for line in lines {
        out.push(match line.kind {
            LineKind::Context => b' ',
            LineKind::Removed => b'-',
            LineKind::Added => b'+',
        });
        out.extend_from_slice(&line.bytes);
        out.push(b'\n');
        if line.ends_without_newline {
            out.extend_from_slice(b"\\ No newline at end of file\n");
        }
    }
}
