//! The change with its findings in place: file by file, hunk by hunk, each finding under its line.
//!
//! A document and the lines of its change in; rows, folds and findings in reading order out. Every finding is
//! shown: one without a line here keeps its excerpt. Long changes are shown in part, and say so.

use std::collections::BTreeMap;

use analyzers::change::{FileStatus, LineKind};
use analyzers::report::document::{ChangeRecord, FileRecord, FindingRecord, HunkRecord};
use analyzers::report::visible;

/// Lines of a change on one page: enough for a day's work, few enough for a browser.
const MAX_ROWS: usize = 4000;

/// Lines around a finding that are not folded away.
const CONTEXT_ROWS: usize = 6;

/// Fewer lines are not worth a fold.
const SHORTEST_FOLD: usize = 12;

/// A finding that spans more lines is shown under its first one.
const LONGEST_SPAN: u32 = 12;

/// A file of the change, or one that was scanned.
pub(super) struct FileView {
    pub(super) number: usize,
    pub(super) path: String,
    /// The path before, where it was another one.
    pub(super) old_path: Option<String>,
    /// `None` for a scanned file.
    pub(super) status: Option<FileStatus>,
    pub(super) hunks: Vec<HunkView>,
    /// Findings without a line here, by their position in the document.
    pub(super) outside: Vec<usize>,
    pub(super) findings: usize,
    pub(super) blocks: bool,
    pub(super) lines: Lines,
}

/// Why a file has no lines on the page, where it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    Shown,
    Binary,
    None,
    TooLong,
}

/// A hunk.
pub(super) struct HunkView {
    pub(super) parts: Vec<Part>,
}

/// A part of a hunk.
pub(super) enum Part {
    /// Lines.
    Rows(Vec<Row>),
    /// Lines far from any finding.
    Fold(Vec<Row>),
    /// A finding, by its position in the document.
    Finding(usize),
}

/// A line.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) kind: LineKind,
    pub(super) base: Option<u32>,
    pub(super) head: Option<u32>,
    /// The text before, inside and after the marked stretch.
    pub(super) text: [String; 3],
    /// Whether a finding is about it.
    pub(super) is_meant: bool,
}

impl Row {
    pub(super) fn class(&self) -> &'static str {
        match self.kind {
            LineKind::Context => "line",
            LineKind::Removed => "line gone",
            LineKind::Added => "line new",
        }
    }

    pub(super) fn sign(&self) -> char {
        match self.kind {
            LineKind::Context => ' ',
            LineKind::Removed => '-',
            LineKind::Added => '+',
        }
    }
}

/// The files with their findings; those with blocking findings first, those without any last.
pub(super) fn files(change: &ChangeRecord, findings: &[FindingRecord]) -> Vec<FileView> {
    let mut by_path: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        by_path.entry(&finding.location.path).or_default().push(at);
    }
    let mut known: Vec<(Option<&FileRecord>, Vec<usize>)> =
        change.files.iter().map(|file| (Some(file), take(&mut by_path, file))).collect();
    known.extend(by_path.into_values().map(|found| (None, found)));
    known.sort_by_key(|(_, found)| {
        let worst = found.iter().map(|at| (!findings[*at].blocks, findings[*at].policy.severity)).min();
        (worst.is_none(), worst)
    });
    let mut budget = MAX_ROWS;
    let files = known.into_iter().enumerate();
    files.map(|(number, (file, found))| view(number, file, &found, findings, &mut budget)).collect()
}

/// The findings at head of a file; a deleted file has none.
fn take(by_path: &mut BTreeMap<&str, Vec<usize>>, file: &FileRecord) -> Vec<usize> {
    file.head_path.as_deref().and_then(|path| by_path.remove(path)).unwrap_or_default()
}

fn view(
    number: usize,
    file: Option<&FileRecord>,
    found: &[usize],
    findings: &[FindingRecord],
    budget: &mut usize,
) -> FileView {
    let mut waiting: Vec<usize> = found.to_vec();
    let rows: usize = file.map_or(0, |file| file.hunks.iter().map(|hunk| hunk.lines.len()).sum());
    let lines = match file {
        Some(file) if file.is_binary => Lines::Binary,
        _ if rows == 0 => Lines::None,
        _ if rows > *budget => Lines::TooLong,
        _ => Lines::Shown,
    };
    let mut hunks = Vec::new();
    if let (Lines::Shown, Some(file)) = (lines, file) {
        *budget -= rows;
        hunks.extend(file.hunks.iter().map(|hunk| hunk_view(hunk, &mut waiting, findings)));
    }
    let path = match (file, found.first()) {
        (Some(file), _) => file.path(),
        (None, Some(at)) => &findings[*at].location.path,
        (None, None) => "",
    };
    let seen = |path: &str| visible::line(path).into_owned();
    let moved = file.filter(|file| file.head_path.is_some() && file.base_path != file.head_path);
    FileView {
        number,
        path: seen(path),
        old_path: moved.and_then(|file| file.base_path.as_deref()).map(seen),
        status: file.map(|file| file.status),
        hunks,
        outside: waiting,
        findings: found.len(),
        blocks: found.iter().any(|at| findings[*at].blocks),
        lines,
    }
}

fn hunk_view(hunk: &HunkRecord, waiting: &mut Vec<usize>, findings: &[FindingRecord]) -> HunkView {
    let mut rows = rows(hunk);
    let mut cards: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    waiting.retain(|at| {
        let Some(under) = place(&rows, &findings[*at]) else { return true };
        cards.entry(under).or_default().push(*at);
        mark(&mut rows, &findings[*at]);
        false
    });
    HunkView { parts: parts(rows, cards) }
}

fn rows(hunk: &HunkRecord) -> Vec<Row> {
    let (mut base, mut head) = (hunk.base_position, hunk.head_position);
    let number = |on_side: bool, next: &mut u32| {
        on_side.then(|| {
            let number = *next;
            *next = next.saturating_add(1);
            number
        })
    };
    let rows = hunk.lines.iter().map(|line| Row {
        kind: line.kind,
        base: number(line.kind != LineKind::Added, &mut base),
        head: number(line.kind != LineKind::Removed, &mut head),
        text: [line.text.clone(), String::new(), String::new()],
        is_meant: false,
    });
    rows.collect()
}

/// The last line that a finding is about, whether or not the hunk goes on to show it.
fn last_line(finding: &FindingRecord) -> u32 {
    let (start, end) = (finding.location.start, finding.location.end);
    let last = if end.column <= 1 { end.line.saturating_sub(1) } else { end.line };
    if last.saturating_sub(start.line) > LONGEST_SPAN { start.line } else { last.max(start.line) }
}

/// The row under which a finding is shown: the last of its lines here.
fn place(rows: &[Row], finding: &FindingRecord) -> Option<usize> {
    let lines = finding.location.start.line..=last_line(finding);
    rows.iter().rposition(|row| row.head.is_some_and(|line| lines.contains(&line)))
}

/// Marks the lines that a finding is about, and the stretch of the line where it is about one.
fn mark(rows: &mut [Row], finding: &FindingRecord) {
    let (start, end) = (finding.location.start, finding.location.end);
    let lines = start.line..=last_line(finding);
    for row in rows.iter_mut().filter(|row| row.head.is_some_and(|line| lines.contains(&line))) {
        // A line that is about two findings keeps the first one's mark.
        let is_whole = row.is_meant || start.line != end.line || has_stand_in(&row.text[0]);
        row.is_meant = true;
        if !is_whole {
            row.text = split(&row.text[0], start.column, end.column);
        }
    }
}

/// Whether a line holds a stand-in such as `[card 1]`: then its columns are not those of the source.
pub(super) fn has_stand_in(text: &str) -> bool {
    use analyzers::redact::Kind;
    let kinds = [Kind::Card, Kind::ResidentId, Kind::Iban, Kind::PrivateKey, Kind::Token, Kind::Password];
    text.contains('[') && kinds.iter().any(|kind| text.contains(&format!("[{} ", kind.name())))
}

fn split(text: &str, start: u32, end: u32) -> [String; 3] {
    let byte = |column: u32| {
        let at = column.saturating_sub(1) as usize;
        text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte)
    };
    let (start, end) = (byte(start), byte(end).max(byte(start)));
    [text[..start].to_owned(), text[start..end].to_owned(), text[end..].to_owned()]
}

fn parts(rows: Vec<Row>, mut cards: BTreeMap<usize, Vec<usize>>) -> Vec<Part> {
    let near = |at: usize| {
        let from = at.saturating_sub(CONTEXT_ROWS);
        cards.is_empty() || cards.range(from..=at + CONTEXT_ROWS).next().is_some()
    };
    let is_near: Vec<bool> = rows.iter().enumerate().map(|(at, row)| row.is_meant || near(at)).collect();
    let mut parts = Vec::new();
    let mut run: Vec<Row> = Vec::new();
    let mut run_is_near = true;
    for (at, row) in rows.into_iter().enumerate() {
        if is_near[at] != run_is_near {
            close(&mut parts, std::mem::take(&mut run), run_is_near);
            run_is_near = is_near[at];
        }
        run.push(Row { text: row.text.map(|text| code(&text)), ..row });
        if let Some(found) = cards.remove(&at) {
            close(&mut parts, std::mem::take(&mut run), run_is_near);
            parts.extend(found.into_iter().map(Part::Finding));
        }
    }
    close(&mut parts, run, run_is_near);
    parts
}

fn close(parts: &mut Vec<Part>, run: Vec<Row>, is_near: bool) {
    match (run.len(), is_near) {
        (0, _) => {}
        (SHORTEST_FOLD.., false) => parts.push(Part::Fold(run)),
        (_, _) => match parts.last_mut() {
            Some(Part::Rows(rows)) => rows.extend(run),
            _ => parts.push(Part::Rows(run)),
        },
    }
}

/// A line of code as a page shows it: tabs stay, everything else that is hidden is written out.
pub(super) fn code(text: &str) -> String {
    let parts: Vec<_> = text.split('\t').map(visible::lines).collect();
    parts.join("\t")
}
