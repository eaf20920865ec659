//! Labelled pairs: the examples of policies that ask a question, with the labels beside the text and not in it.
//!
//! Policies and files of their folders in; for each example the text that a model may see, and the lines where a
//! breach or a near miss stands, out. Lines keep their numbers. Labels are read as `policy test` reads them.

use std::collections::BTreeSet;

use grammars::{Language, ParseBudget};
use sha2::{Digest as _, Sha256};

use crate::candidate::{Candidate, DecidedBy, Scope, detect};
use crate::policy::example::{self, Marker, Nowhere, STANDS_FOR};
use crate::policy::{Policy, PolicyError, PolicyFile, PolicySet};
use crate::region::SourceFile;

/// The labelled pairs of some policies.
#[derive(Clone, Debug)]
pub struct Labels {
    /// Examples with a labelled place that counts.
    pub files: Vec<LabelledFile>,
    /// SHA-256 over the policies' ids and the examples as they are written, in hexadecimal.
    pub digest: String,
}

/// An example as a model may see it, and what is known of it.
#[derive(Clone, Debug)]
pub struct LabelledFile {
    /// The policy whose example it is.
    pub policy: String,
    /// How people know the file.
    pub shown_as: String,
    /// The path under which it is reviewed, which says nothing of its labels.
    pub path: String,
    /// Its text without labels.
    pub text: String,
    /// The labelled places, by rising line.
    pub places: Vec<Place>,
    /// Labelled places that a check of the policy proves, so that no model is asked.
    pub proved: usize,
    /// Near misses that no question of the policy is asked about.
    pub unasked: usize,
}

/// A line of which it is known whether the policy is breached there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: u32,
    /// Whether it is a breach; else it is a near miss.
    pub is_breach: bool,
}

/// The labelled pairs among these files: of all policies in force that ask, or of those that are named.
///
/// # Errors
/// Names every example that cannot be used.
pub fn labelled(
    policies: &PolicySet,
    files: &[PolicyFile],
    wanted: &BTreeSet<String>,
) -> Result<Labels, Vec<PolicyError>> {
    let (mut labelled, mut errors, mut digest) = (Vec::new(), Vec::new(), Sha256::new());
    for file in files {
        let id = example::id_of(&file.path);
        let is_policy = file.path.ends_with(".yaml") && !example::is_example(&file.path);
        let policy = policies.in_force().find(|policy| policy.id == id && policy.asks());
        let Some(policy) = policy.filter(|_| !is_policy) else { continue };
        if !wanted.is_empty() && !wanted.contains(&policy.id) {
            continue;
        }
        match read(policies, policy, file) {
            Ok(Some(read)) if !read.places.is_empty() => {
                digest.update(format!("{}\0{}\0{}\0", policy.id, file.path, file.text));
                labelled.push(read);
            }
            Ok(_) => {}
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Labels { files: labelled, digest })
}

/// One example; nothing of a file that is no code.
fn read(
    policies: &PolicySet,
    policy: &Policy,
    file: &PolicyFile,
) -> Result<Option<LabelledFile>, PolicyError> {
    let path = path_of(file);
    let source = |text: String| {
        let language = Language::detect(&path, text.as_bytes())?;
        Some(SourceFile::read(&path, language, text.into_bytes(), ParseBudget::default()))
    };
    let unreadable = |why: String| mistake(policy, file, None, format!("cannot be read: {why}"));
    let Some(written) = source(file.text.clone()).transpose().map_err(unreadable)? else { return Ok(None) };
    let text = without_labels(&written).map_err(|line| {
        let problem = "the label cannot be taken out without changing the code".to_owned();
        mistake(policy, file, Some(line), problem)
    })?;
    let Some(shown) = source(text.clone()).transpose().map_err(unreadable)? else { return Ok(None) };
    let only = [policy.id.clone()].into();
    let candidates = detect(&shown, &Scope { policies, only: Some(&only), elsewhere: &Nowhere }).candidates;
    let mut labelled = LabelledFile {
        policy: policy.id.clone(),
        shown_as: file.shown_as.clone(),
        path,
        text,
        places: Vec::new(),
        proved: 0,
        unasked: 0,
    };
    for (line, marker) in example::markers(&file.text, &policy.id) {
        place(&mut labelled, line, marker, &candidates, &shown);
    }
    Ok(Some(labelled))
}

/// Adds a labelled line, unless it says nothing about a model: what is proved is not asked, and where nothing is
/// asked, silence is no answer. A breach that nobody asks about is one that is missed.
fn place(file: &mut LabelledFile, line: u32, marker: Marker, candidates: &[Candidate], shown: &SourceFile) {
    let lines = |decided_by| example::lines(candidates, decided_by, shown);
    let is_proved = lines(DecidedBy::Proof).iter().any(|lines| example::place(lines) == line);
    let is_asked = lines(DecidedBy::Question).iter().any(|lines| lines.contains(&line));
    match marker {
        Marker::NotAsked => {}
        Marker::Breach | Marker::NearMiss if is_proved => file.proved += 1,
        Marker::NearMiss if !is_asked => file.unasked += 1,
        Marker::Breach => file.places.push(Place { line, is_breach: true }),
        Marker::NearMiss => file.places.push(Place { line, is_breach: false }),
    }
}

fn mistake(policy: &Policy, file: &PolicyFile, line: Option<u32>, problem: String) -> PolicyError {
    PolicyError {
        file: file.shown_as.clone(),
        line: line.map(u64::from),
        field: policy.id.clone(),
        problem,
        remedy: "Write each label as a comment on a line of its own, above the code.".to_owned(),
    }
}

/// The path that the example stands for, or one that names neither the policy nor what is expected of it.
fn path_of(file: &PolicyFile) -> String {
    if let Some(path) = example::stands_for(&file.text) {
        return path.to_owned();
    }
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let domain = folder.rsplit('/').next().unwrap_or_default();
    let neutral = match name.rsplit_once('.') {
        Some((_, extension)) => format!("src/{domain}/file.{extension}"),
        None => file.path.clone(),
    };
    let language = |path: &str| Language::detect(path, file.text.as_bytes());
    if language(&neutral) == language(&file.path) { neutral } else { file.path.clone() }
}

/// The text with its labels blanked, or the line of a label that is no comment of its own.
fn without_labels(file: &SourceFile) -> Result<String, u32> {
    let bare = file.uncommented();
    let (mut text, mut at, mut last) = (String::with_capacity(file.text().len()), 0, 0);
    for (number, line) in (1..).zip(file.text().split_inclusive('\n')) {
        let code = bare.get(at..at + line.len()).unwrap_or_default();
        at += line.len();
        if !is_label(number, line) {
            text.push_str(line);
            continue;
        }
        if is_label(number, code) {
            return Err(number);
        }
        last = number;
        text.push_str(code.trim_end());
        text.push_str(&line[line.trim_end_matches(['\r', '\n']).len()..]);
    }
    let is_same =
        |cleaned: &SourceFile| cleaned.uncommented().lines().map(str::trim_end).eq(bare_lines(bare));
    let cleaned =
        SourceFile::read(&file.path, file.language, text.clone().into_bytes(), ParseBudget::default());
    if cleaned.is_ok_and(|cleaned| is_same(&cleaned)) { Ok(text) } else { Err(last) }
}

fn bare_lines(bare: &str) -> impl Iterator<Item = &str> {
    bare.lines().map(str::trim_end)
}

/// Whether a line bears a label, of this policy or another.
fn is_label(number: u32, line: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "-/".contains(character);
    let names_policy = |rest: &str| {
        let rest = rest.trim_start();
        let id = &rest[..rest.find(|character| !is_part(character)).unwrap_or(rest.len())];
        id.split_once('/').is_some_and(|(domain, name)| !domain.is_empty() && !name.is_empty())
    };
    line.contains("near-miss:")
        || line.contains("not-asked:")
        || number == 1 && line.contains(STANDS_FOR)
        || line.split("breach:").skip(1).any(names_policy)
}
