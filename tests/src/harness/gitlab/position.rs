//! Where a GitLab note may stand: exactly on a line of the newest version's diff, named by both of its numbers.

use serde_json::Value;

use crate::harness::anchor::{Anchor, Place, Spot};
use crate::harness::diff::{FileDiff, Found};
use crate::harness::exchange::Answer;
use crate::harness::gitlab::{malformed, refusal};
use crate::harness::signature::sha1;
use crate::harness::world::{MergeRequest, Side, World};

/// What GitLab knows of a position; anything else does not fit its schema.
const KNOWN: [&str; 15] = [
    "base_sha",
    "start_sha",
    "head_sha",
    "file_identifier_hash",
    "old_path",
    "new_path",
    "position_type",
    "old_line",
    "new_line",
    "line_range",
    "width",
    "height",
    "x",
    "y",
    "ignore_whitespace_change",
];

/// Finds the place that a position names.
pub(crate) fn place(world: &World, merge_request: &MergeRequest, sent: &Value) -> Result<Place, Answer> {
    for name in ["base_sha", "start_sha", "head_sha", "position_type"] {
        if sent[name].as_str().is_none_or(str::is_empty) {
            return Err(malformed(&format!("position[{name}] is missing")));
        }
    }
    let is_file = sent["position_type"] == "file";
    if !(sent["position_type"] == "text" || is_file && !world.is_old) {
        return Err(malformed("position[position_type] does not have a valid value"));
    }
    fits_schema(sent)?;
    let version = merge_request.versions.last().expect("an open merge request has a version");
    let is_newest = sent["base_sha"] == version.base.as_str()
        && sent["start_sha"] == version.start.as_str()
        && sent["head_sha"] == version.head.as_str();
    if !is_newest {
        return Err(no_line());
    }
    let diff = world.store.diff(&version.base, &version.head);
    let named = |file: &&FileDiff| sent["old_path"] == *file.old_path && sent["new_path"] == *file.new_path;
    let file = diff.files.iter().find(named).ok_or_else(no_line)?;
    let mut anchor = Anchor {
        old_path: file.old_path.clone(),
        new_path: file.new_path.clone(),
        start: None,
        end: Spot { side: Side::New, line: 0 },
        base: version.base.clone(),
        head: version.head.clone(),
        hunk: String::new(),
        sent: sent.clone(),
    };
    if is_file {
        return Ok(Place::File(anchor));
    }
    let found = line(file, sent).ok_or_else(no_line)?;
    anchor.end = spot(&found);
    anchor.hunk = found.hunk.excerpt(0, found.index + 1);
    if !sent["line_range"].is_null() {
        anchor.start = Some(start(file, &sent["line_range"], &found)?);
    }
    Ok(Place::Lines(anchor))
}

/// The line with exactly these numbers: both for one in the context, one for any other.
fn line<'diff>(file: &'diff FileDiff, sent: &Value) -> Option<Found<'diff>> {
    let number = |name: &str| sent[name].as_u64().and_then(|number| u32::try_from(number).ok());
    let (old, new) = (number("old_line"), number("new_line"));
    let found = match (old, new) {
        (_, Some(new)) => file.find(Side::New, new),
        (Some(old), None) => file.find(Side::Old, old),
        (None, None) => None,
    }?;
    ((found.line().old, found.line().new) == (old, new)).then_some(found)
}

fn spot(found: &Found<'_>) -> Spot {
    let line = found.line();
    match (line.new, line.old) {
        (Some(line), _) => Spot { side: Side::New, line },
        (None, line) => Spot { side: Side::Old, line: line.expect("a removed line has its old number") },
    }
}

/// The first line of a range that ends at the position's line.
fn start(file: &FileDiff, range: &Value, end: &Found<'_>) -> Result<Spot, Answer> {
    let started = coded(file, &range["start"]).ok_or_else(no_line)?;
    let ended = coded(file, &range["end"]).ok_or_else(no_line)?;
    let is_end = ended.is_with(end) && ended.index == end.index;
    let is_before = started.is_with(&ended) && started.index <= ended.index;
    if is_end && is_before { Ok(spot(&started)) } else { Err(no_line()) }
}

/// The line with a code, `<sha1 of the path>_<old counter>_<new counter>`.
fn coded<'diff>(file: &'diff FileDiff, end: &Value) -> Option<Found<'diff>> {
    let code = end["line_code"].as_str()?;
    let path = sha1(&file.new_path);
    file.hunks.iter().find_map(|hunk| {
        let index = hunk.lines.iter().position(|line| {
            let (old, new) = line.counters;
            let kind = match (line.old, line.new) {
                (None, _) => Some("new"),
                (_, None) => Some("old"),
                _ => None,
            };
            let sent = end["type"].as_str();
            // For a line in the context any word is taken.
            code == format!("{path}_{old}_{new}") && (kind.is_none() || sent == kind)
        })?;
        Some(Found { hunk, index })
    })
}

/// Whether GitLab's own schema takes it. What the API takes as text, the schema wants as number: so lines
/// inside of a range never fit, whatever they are sent as.
fn fits_schema(sent: &Value) -> Result<(), Answer> {
    let is_integer = |value: &Value| value.is_null() || value.is_u64();
    let ends = [&sent["line_range"]["start"], &sent["line_range"]["end"]];
    let fits = sent.as_object().is_some_and(|sent| sent.keys().all(|name| KNOWN.contains(&name.as_str())))
        && is_integer(&sent["old_line"])
        && is_integer(&sent["new_line"])
        && ends.iter().all(|end| end["old_line"].is_null() && end["new_line"].is_null())
        && ends.iter().all(|end| end["line_code"].as_str().is_none_or(|code| code.len() <= 100));
    if fits {
        return Ok(());
    }
    Err(refusal(400, "400 Bad request - Note {:position=>[\"must be a valid json schema\"]}"))
}

/// GitLab's answer to any place that it does not find.
fn no_line() -> Answer {
    let problem = "{:line_code=>[\"can't be blank\", \"must be a valid line code\"]}";
    refusal(400, &format!("400 Bad request - Note {problem}"))
}
