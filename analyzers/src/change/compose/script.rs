//! Puts two lists of hunks together: base to middle and middle to head become base to head.
//!
//! Both are walked along the lines of the middle version; lines that both know must agree.

use std::collections::VecDeque;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::change::hunks::CONTEXT_LINES;
use crate::change::{Hunk, HunkLine, LineKind};
use crate::sources::Side;

/// The hunks of both lists together.
pub(super) fn compose(first: Vec<Hunk>, second: Vec<Hunk>) -> Result<Vec<Hunk>, &'static str> {
    let (mut first, mut second) = (Script::new(first, Side::Head), Script::new(second, Side::Base));
    let mut result = Assembly { base: 1, head: 1, ..Assembly::default() };
    loop {
        match (first.peek(), second.peek()) {
            (Next::Line(LineKind::Removed), _) => result.push(first.line()),
            (_, Next::Line(LineKind::Added)) => result.push(second.line()),
            (Next::Line(_), Next::Line(_)) => result.meet(first.line(), second.line())?,
            (Next::Line(_), Next::Gap(_)) => {
                second.skip(1);
                result.push(first.line());
            }
            (Next::Gap(_), Next::Line(_)) => {
                first.skip(1);
                result.push(second.line());
            }
            (Next::Gap(ENDLESS), Next::Gap(ENDLESS)) => return Ok(result.finish()),
            (Next::Gap(one), Next::Gap(other)) => {
                let lines = one.min(other);
                first.skip(lines);
                second.skip(lines);
                result.gap(lines);
            }
        }
    }
}

/// The lines after the last hunk: as many as the file has.
const ENDLESS: u32 = u32::MAX;

/// A version as a list of hunks tells it: lines, and gaps of lines that are unchanged and not shown.
struct Script(VecDeque<Step>);

enum Step {
    Gap(u32),
    Line(HunkLine),
}

/// What comes next: a line of this kind, or a gap of this many lines.
enum Next {
    Line(LineKind),
    Gap(u32),
}

impl Script {
    /// The hunks along the lines of `side`.
    fn new(hunks: Vec<Hunk>, side: Side) -> Self {
        let mut steps = VecDeque::new();
        let mut at = 1;
        for hunk in hunks {
            let (position, count) = match side {
                Side::Base => (hunk.base_position(), hunk.base_count),
                Side::Head => (hunk.head_position(), hunk.head_count),
            };
            if position > at {
                steps.push_back(Step::Gap(position - at));
            }
            at = position + count;
            steps.extend(hunk.lines.into_iter().map(Step::Line));
        }
        Self(steps)
    }

    fn peek(&self) -> Next {
        match self.0.front() {
            Some(Step::Line(line)) => Next::Line(line.kind),
            Some(Step::Gap(lines)) => Next::Gap(*lines),
            None => Next::Gap(ENDLESS),
        }
    }

    fn line(&mut self) -> HunkLine {
        match self.0.pop_front() {
            Some(Step::Line(line)) => line,
            Some(Step::Gap(_)) | None => unreachable!("a line is taken only after it was seen"),
        }
    }

    /// Skips lines of the gap at hand.
    fn skip(&mut self, lines: u32) {
        if let Some(Step::Gap(left)) = self.0.front_mut() {
            *left -= lines;
            if *left == 0 {
                self.0.pop_front();
            }
        }
    }
}

/// The hunks as they are made.
#[derive(Default)]
struct Assembly {
    hunks: Vec<Hunk>,
    /// Known lines without a gap between them, and the positions where they begin.
    segment: Vec<HunkLine>,
    base: u32,
    head: u32,
    /// The changed lines since the last line that is on both sides.
    removed: Vec<HunkLine>,
    added: Vec<HunkLine>,
}

impl Assembly {
    fn push(&mut self, line: HunkLine) {
        match line.kind {
            LineKind::Removed => self.removed.push(line),
            LineKind::Added => self.added.push(line),
            LineKind::Context => {
                self.close_block();
                self.segment.push(line);
            }
        }
    }

    /// A line of the middle version that both scripts know.
    fn meet(&mut self, first: HunkLine, second: HunkLine) -> Result<(), &'static str> {
        if (&first.bytes, first.ends_without_newline) != (&second.bytes, second.ends_without_newline) {
            return Err("the lines of one are not those that the next goes out from");
        }
        match (first.kind, second.kind) {
            (LineKind::Added, LineKind::Removed) => {}
            (LineKind::Added, _) => self.push(first),
            (_, _) => self.push(second),
        }
        Ok(())
    }

    fn gap(&mut self, lines: u32) {
        self.close_segment();
        self.base += lines;
        self.head += lines;
    }

    fn finish(mut self) -> Vec<Hunk> {
        self.close_segment();
        self.hunks
    }

    /// Ends a run of changed lines. A line that is both removed and added again is on both sides.
    fn close_block(&mut self) {
        let (removed, added) = (std::mem::take(&mut self.removed), std::mem::take(&mut self.added));
        if removed.is_empty() || added.is_empty() {
            self.segment.extend(removed.into_iter().chain(added));
            return;
        }
        let key = |line: &HunkLine| (line.bytes.clone(), line.ends_without_newline);
        let (base, head): (Vec<_>, Vec<_>) =
            (removed.iter().map(key).collect(), added.iter().map(key).collect());
        for operation in capture_diff_slices(Algorithm::Myers, &base, &head) {
            let (old, new) = (&removed[operation.old_range()], &added[operation.new_range()]);
            if let DiffOp::Equal { .. } = operation {
                let context = |line: &HunkLine| HunkLine { kind: LineKind::Context, ..line.clone() };
                self.segment.extend(old.iter().map(context));
            } else {
                self.segment.extend(old.iter().chain(new).cloned());
            }
        }
    }

    /// Makes hunks of the known lines: the changed ones with the lines around them.
    fn close_segment(&mut self) {
        self.close_block();
        let lines = std::mem::take(&mut self.segment);
        let mut is_shown = vec![false; lines.len()];
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| line.kind != LineKind::Context) {
            let end = (at + CONTEXT_LINES + 1).min(lines.len());
            is_shown[at.saturating_sub(CONTEXT_LINES)..end].fill(true);
        }
        let mut shown = Vec::new();
        for (line, is_shown) in lines.into_iter().zip(is_shown) {
            if is_shown {
                shown.push(line);
            } else {
                self.close_hunk(std::mem::take(&mut shown));
                self.base += 1;
                self.head += 1;
            }
        }
        self.close_hunk(shown);
    }

    fn close_hunk(&mut self, lines: Vec<HunkLine>) {
        if !lines.is_empty() {
            let hunk = Hunk::at(self.base, self.head, lines);
            self.base += hunk.base_count;
            self.head += hunk.head_count;
            self.hunks.push(hunk);
        }
    }
}
