//! Reviews one labelled file as a new one, exactly as a merge request's is, and holds the findings against its labels.
//!
//! All policies in force take part, so that prompts are those of reviews; what counts is what the model told under the
//! policy whose example it is. A finding stands where `policy test` sees it: on its first line.

use std::collections::BTreeSet;

use crate::change::{ChangeSet, ContentChange, FileChange, FileStatus, Hunk, HunkLine, LineKind};
use crate::evaluation::labels::LabelledFile;
use crate::evaluation::tally::Tally;
use crate::finding::{Decider, Finding};
use crate::model::Model;
use crate::policy::PolicySet;
use crate::review::{self, Request, Review};
use crate::sources::{Side, SourceError, Sources};

/// What became of the labelled places of a file.
pub fn measure(file: &LabelledFile, policies: &PolicySet, model: &dyn Model) -> Tally {
    let sources = Alone(file);
    let mut request = Request::new(policies, &sources);
    request.model = Some(model);
    let review = review::review(&ChangeSet::new(vec![added(file)]), (None, None), &request);
    score(file, &review)
}

fn score(file: &LabelledFile, review: &Review) -> Tally {
    let is_told =
        |finding: &&Finding| finding.policy.id == file.policy && finding.decided_by == Decider::Model;
    let told = review.findings.iter().filter(is_told);
    let lines: BTreeSet<u32> = told.map(|finding| finding.location.start.line).collect();
    let mut tally = Tally { proved: file.proved, unasked: file.unasked, ..Tally::default() };
    for place in &file.places {
        let count = match (place.is_breach, lines.contains(&place.line)) {
            (true, true) => &mut tally.true_positives,
            (true, false) => &mut tally.false_negatives,
            (false, true) => &mut tally.false_positives,
            (false, false) => &mut tally.true_negatives,
        };
        *count += 1;
    }
    let is_labelled = |line: &&u32| file.places.iter().any(|place| place.line == **line);
    tally.misplaced = lines.iter().filter(|line| !is_labelled(line)).count();
    if let Some(asked) = &review.coverage.asked {
        (tally.prompts, tally.repairs, tally.tokens) = (asked.prompts, asked.repairs, asked.tokens);
        tally.answered = asked.answered;
        tally.rejected.clone_from(&asked.rejected);
        for open in asked.open.iter().filter(|open| open.policy == file.policy) {
            match open.reason {
                Some(reason) => *tally.unjudged.entry(reason).or_default() += 1,
                None => tally.over_budget += 1,
            }
        }
    }
    tally
}

/// The file as a change that adds it.
fn added(file: &LabelledFile) -> FileChange {
    let ends_open = !file.text.ends_with('\n');
    let count = file.text.lines().count();
    let line = |(number, text): (usize, &str)| HunkLine {
        kind: LineKind::Added,
        bytes: text.as_bytes().to_vec(),
        ends_without_newline: ends_open && number == count,
    };
    let lines = (1..).zip(file.text.split_terminator('\n')).map(line).collect();
    FileChange {
        status: FileStatus::Added,
        base_path: None,
        head_path: Some(file.path.clone()),
        base_mode: None,
        head_mode: Some(0o100_644),
        base_blob: None,
        head_blob: None,
        content: ContentChange::Text(vec![Hunk {
            base_start: 0,
            base_count: 0,
            head_start: 1,
            head_count: u32::try_from(count).unwrap_or(u32::MAX),
            lines,
        }]),
    }
}

/// The one file of a repository.
struct Alone<'a>(&'a LabelledFile);

impl Sources for Alone<'_> {
    fn read(&self, side: Side, path: &str) -> Result<Vec<u8>, SourceError> {
        match side == Side::Head && path == self.0.path {
            true => Ok(self.0.text.clone().into_bytes()),
            false => Err(SourceError::Missing),
        }
    }

    /// An example stands alone: it is not looked up under its own name either.
    fn list(&self, _side: Side) -> Result<Vec<String>, SourceError> {
        Ok(Vec::new())
    }
}
