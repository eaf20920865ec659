//! The steps of generated histories: files added, changed, renamed, copied, deleted, replaced.
//!
//! Acts on a map of files; names, line ends, modes and contents are those that diffs have trouble with.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Paths that diffs have trouble with; some of them lie where others need a folder.
const NAMES: [&[u8]; 20] = [
    b"src/Ledger.java",
    b"src/Ledger2.java",
    b"lib/Ledger.java",
    "账户/支付.java".as_bytes(),
    b"\xd5\xcb.java",
    b"with space.txt",
    b"a/b c/d e.txt",
    b"end ",
    b" lead",
    b"tab\there",
    b"line\nfeed",
    b"quo\"te",
    b"back\\slash",
    b"\"quoted\"",
    b"a-b",
    b"a.b",
    b"b/x",
    b"w/x",
    b"-- dash",
    b"x b/x",
];

/// The files of one version: mode and content by path.
pub(super) type Files = BTreeMap<Vec<u8>, (u32, Vec<u8>)>;

/// One step of a commit; files are chosen among those that are there.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    Add(usize, Body),
    Change(Index, Vec<(Index, LineEdit)>),
    Rename(Index, usize),
    Copy(Index, usize),
    Delete(Index),
    Chmod(Index),
    Replace(Index, Body),
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Lines { start: u8, count: u8, ends: &'static str, last: bool },
    Binary(u8),
    Link,
    Submodule(u8),
}

#[derive(Clone, Debug)]
pub(super) enum LineEdit {
    Insert(u8),
    Remove,
    Replace(u8),
}

fn body() -> impl Strategy<Value = Body> {
    prop_oneof![
        8 => (0..40_u8, 0..40_u8, select(vec!["\n", "\r\n"]), any::<bool>())
            .prop_map(|(start, count, ends, last)| Body::Lines { start, count, ends, last }),
        1 => any::<u8>().prop_map(Body::Binary),
        1 => Just(Body::Link),
        1 => any::<u8>().prop_map(Body::Submodule),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    let line = prop_oneof![
        (0..60_u8).prop_map(LineEdit::Insert),
        Just(LineEdit::Remove),
        (0..60_u8).prop_map(LineEdit::Replace),
    ];
    let name = 0..NAMES.len();
    prop_oneof![
        3 => (name.clone(), body()).prop_map(|(name, body)| Edit::Add(name, body)),
        5 => (any::<Index>(), prop::collection::vec((any::<Index>(), line), 1..8))
            .prop_map(|(file, lines)| Edit::Change(file, lines)),
        3 => (any::<Index>(), name.clone()).prop_map(|(file, name)| Edit::Rename(file, name)),
        2 => (any::<Index>(), name).prop_map(|(file, name)| Edit::Copy(file, name)),
        1 => any::<Index>().prop_map(Edit::Delete),
        1 => any::<Index>().prop_map(Edit::Chmod),
        1 => (any::<Index>(), body()).prop_map(|(file, body)| Edit::Replace(file, body)),
    ]
}

/// The steps of a few commits.
pub(super) fn commits(most: usize) -> impl Strategy<Value = Vec<Vec<Edit>>> {
    prop::collection::vec(prop::collection::vec(edit(), 1..6), 1..=most)
}

fn content(body: &Body) -> (u32, Vec<u8>) {
    match body {
        Body::Lines { start, count, ends, last } => {
            let lines = (*start..*start + *count).map(|number| line(number) + ends);
            let text: String = lines.collect();
            let text = if *last { text.as_str() } else { text.trim_end() };
            (0o100_644, text.as_bytes().to_vec())
        }
        Body::Binary(byte) => (0o100_644, [&[0, 1, *byte][..], &b"0123456789\n".repeat(20)].concat()),
        Body::Link => (0o120_000, b"src/Ledger.java".to_vec()),
        Body::Submodule(byte) => (0o160_000, vec![*byte | 1; 20]),
    }
}

/// Lines of code, some of which repeat.
fn line(number: u8) -> String {
    match number % 5 {
        0 => "}".to_owned(),
        1 => String::new(),
        _ => format!("{}account{number}.post(amount{});", " ".repeat(usize::from(number % 3)), number / 2),
    }
}

/// Takes one step.
pub(super) fn apply_edit(files: &mut Files, edit: &Edit) {
    let names: Vec<Vec<u8>> = files.keys().cloned().collect();
    let pick = |index: &Index| (!names.is_empty()).then(|| names[index.index(names.len())].clone());
    let put = |files: &mut Files, name: &[u8], file| {
        if !files.contains_key(name) {
            files.insert(name.to_vec(), file);
        }
    };
    match edit {
        Edit::Add(name, body) => put(files, NAMES[*name], content(body)),
        Edit::Change(file, lines) => {
            if let Some((0o100_644..=0o100_755, text)) = pick(file).and_then(|name| files.get_mut(&name)) {
                *text = change_lines(text, lines);
            }
        }
        Edit::Rename(file, name) => {
            if let Some(old) = pick(file).filter(|_| !files.contains_key(NAMES[*name]))
                && let Some(file) = files.remove(&old)
            {
                put(files, NAMES[*name], file);
            }
        }
        Edit::Copy(file, name) => {
            if let Some(file) = pick(file).and_then(|name| files.get(&name).cloned()) {
                put(files, NAMES[*name], file);
            }
        }
        Edit::Delete(file) => drop(pick(file).and_then(|name| files.remove(&name))),
        Edit::Chmod(file) => {
            if let Some((mode @ 0o100_644..=0o100_755, _)) = pick(file).and_then(|name| files.get_mut(&name))
            {
                *mode ^= 0o111;
            }
        }
        Edit::Replace(file, body) => {
            if let Some(file) = pick(file).and_then(|name| files.get_mut(&name)) {
                *file = content(body);
            }
        }
    }
}

fn change_lines(text: &[u8], edits: &[(Index, LineEdit)]) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    for (at, edit) in edits {
        let at = at.index(lines.len() + 1);
        match edit {
            LineEdit::Insert(number) => lines.insert(at, format!("{}\n", line(*number)).into_bytes()),
            LineEdit::Remove if at < lines.len() => drop(lines.remove(at)),
            LineEdit::Replace(number) if at < lines.len() => {
                lines[at] = format!("{}\n", line(*number)).into_bytes();
            }
            LineEdit::Remove | LineEdit::Replace(_) => {}
        }
    }
    lines.concat()
}
