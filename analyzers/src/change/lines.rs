//! Where the lines of one version are in the other: unchanged, moved, or gone.
//!
//! Made from hunks alone, or from both contents. Line numbers count from 1.

use std::collections::HashMap;
use std::hash::Hash;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{Hunk, LineKind};

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// It stands at this line of the other version.
    Unchanged(u32),
    /// The same text, found once on each side, was taken from one place to this line.
    Moved(u32),
    /// The other version does not have it.
    Gone,
}

/// A map between the lines of two versions of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineMap {
    /// Unchanged stretches, rising on both sides.
    runs: Vec<Run>,
    /// Moved lines, by base and by head line.
    to_head: HashMap<u32, u32>,
    to_base: HashMap<u32, u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    base: u32,
    head: u32,
    count: u32,
}

impl LineMap {
    /// From the hunks of a file, which show every changed line.
    pub fn from_hunks(hunks: &[Hunk]) -> Self {
        let mut builder = Builder::default();
        let (mut base, mut head) = (1, 1);
        for hunk in hunks {
            builder.run(base, head, hunk.base_position().saturating_sub(base));
            (base, head) = (hunk.base_position(), hunk.head_position());
            for line in &hunk.lines {
                let text = (line.bytes.as_slice(), line.ends_without_newline);
                match line.kind {
                    LineKind::Context => builder.run(base, head, 1),
                    LineKind::Removed => builder.removed.push((text, base)),
                    LineKind::Added => builder.added.push((text, head)),
                }
                base += u32::from(line.kind != LineKind::Added);
                head += u32::from(line.kind != LineKind::Removed);
            }
        }
        builder.run(base, head, u32::MAX - base.max(head));
        builder.finish()
    }

    /// From both contents.
    pub fn from_contents(base: &[u8], head: &[u8]) -> Self {
        let lines = |text| <[u8]>::split_inclusive(text, |byte| *byte == b'\n').collect::<Vec<&[u8]>>();
        let (base, head) = (lines(base), lines(head));
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX - 1) + 1;
        let mut builder = Builder::default();
        for operation in capture_diff_slices(Algorithm::Myers, &base, &head) {
            let (old, new) = (operation.old_range(), operation.new_range());
            if let DiffOp::Equal { old_index, new_index, len } = operation {
                builder.run(number(old_index), number(new_index), number(len) - 1);
            } else {
                builder.removed.extend(old.map(|at| (base[at], number(at))));
                builder.added.extend(new.map(|at| (head[at], number(at))));
            }
        }
        builder.finish()
    }

    /// Where a base line is at head.
    pub fn head_of(&self, base: u32) -> Place {
        let run = find(&self.runs, base, |run| run.base);
        place(run.map(|run| run.head + (base - run.base)), self.to_head.get(&base))
    }

    /// Where a head line was at base.
    pub fn base_of(&self, head: u32) -> Place {
        let run = find(&self.runs, head, |run| run.head);
        place(run.map(|run| run.base + (head - run.head)), self.to_base.get(&head))
    }
}

fn find(runs: &[Run], line: u32, start: impl Fn(&Run) -> u32) -> Option<&Run> {
    let after = runs.partition_point(|run| start(run) <= line);
    let run = runs.get(after.checked_sub(1)?)?;
    (line - start(run) < run.count).then_some(run)
}

fn place(unchanged: Option<u32>, moved: Option<&u32>) -> Place {
    match (unchanged, moved) {
        (Some(line), _) => Place::Unchanged(line),
        (None, Some(line)) => Place::Moved(*line),
        (None, None) => Place::Gone,
    }
}

struct Builder<T> {
    runs: Vec<Run>,
    removed: Vec<(T, u32)>,
    added: Vec<(T, u32)>,
}

impl<T> Default for Builder<T> {
    fn default() -> Self {
        Self { runs: Vec::new(), removed: Vec::new(), added: Vec::new() }
    }
}

impl<T: Hash + Eq + Copy + Text> Builder<T> {
    fn run(&mut self, base: u32, head: u32, count: u32) {
        match self.runs.last_mut() {
            Some(last) if last.base + last.count == base && last.head + last.count == head => {
                last.count += count;
            }
            _ if count > 0 => self.runs.push(Run { base, head, count }),
            _ => {}
        }
    }

    /// A changed line with something to say, found once among those removed and once among those added, moved.
    fn finish(self) -> LineMap {
        let mut map = LineMap { runs: self.runs, ..LineMap::default() };
        let (removed, added) = (only_ones(&self.removed), only_ones(&self.added));
        for (text, base) in removed {
            if let Some(head) = added.get(&text).filter(|_| text.says_something()) {
                map.to_head.insert(base, *head);
                map.to_base.insert(*head, base);
            }
        }
        map
    }
}

/// The lines whose text is there once, with their numbers.
fn only_ones<T: Hash + Eq + Copy>(lines: &[(T, u32)]) -> HashMap<T, u32> {
    let mut found: HashMap<T, Option<u32>> = HashMap::with_capacity(lines.len());
    for &(text, number) in lines {
        found.entry(text).and_modify(|found| *found = None).or_insert(Some(number));
    }
    found.into_iter().filter_map(|(text, number)| Some((text, number?))).collect()
}

/// Whether a line has a letter or a digit, so that finding it elsewhere means something.
trait Text {
    fn says_something(&self) -> bool;
}

impl Text for &[u8] {
    fn says_something(&self) -> bool {
        self.iter().any(|byte| byte.is_ascii_alphanumeric() || !byte.is_ascii())
    }
}

impl Text for (&[u8], bool) {
    fn says_something(&self) -> bool {
        self.0.says_something()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{ContentChange, hunks};

    /// Where each line of `base` is in `head`, told by hunks and by contents alike.
    fn check(base: &str, head: &str, expected: &[Place]) {
        let ContentChange::Text(hunks) = hunks::between(base.as_bytes(), head.as_bytes()) else {
            panic!("both are text")
        };
        for map in [LineMap::from_hunks(&hunks), LineMap::from_contents(base.as_bytes(), head.as_bytes())] {
            let places: Vec<Place> = (1..).take(expected.len()).map(|line| map.head_of(line)).collect();
            assert_eq!(places, expected);
            for (base, place) in (1..).zip(expected) {
                match place {
                    Place::Unchanged(head) => assert_eq!(map.base_of(*head), Place::Unchanged(base)),
                    Place::Moved(head) => assert_eq!(map.base_of(*head), Place::Moved(base)),
                    Place::Gone => {}
                }
            }
        }
    }

    #[test]
    fn lines_shift_with_what_is_added_and_removed_before_them() {
        use Place::{Gone, Unchanged};
        check("a\nb\nc\n", "x\na\nc\n", &[Unchanged(2), Gone, Unchanged(3)]);
        check("a\nb\n", "a\nb\n", &[Unchanged(1), Unchanged(2)]);
        check("a\n", "", &[Gone]);
    }

    #[test]
    fn a_line_taken_elsewhere_has_moved_and_a_brace_has_not() {
        use Place::{Gone, Moved, Unchanged};
        let (base, head) = ("pay();\na\nb\nc\nd\n", "a\nb\nc\nd\npay();\n");
        check(base, head, &[Moved(5), Unchanged(1), Unchanged(2), Unchanged(3), Unchanged(4)]);
        check(
            "}\na\nb\nc\nd\n",
            "a\nb\nc\nd\n}\n",
            &[Gone, Unchanged(1), Unchanged(2), Unchanged(3), Unchanged(4)],
        );
    }

    #[test]
    fn lines_after_the_last_hunk_are_known_without_the_content() {
        let ContentChange::Text(hunks) = hunks::between(b"a\nb\n", b"x\na\nb\n") else {
            panic!("both are text")
        };
        assert_eq!(LineMap::from_hunks(&hunks).head_of(1_000_000), Place::Unchanged(1_000_001));
        assert_eq!(LineMap::from_hunks(&[]).base_of(7), Place::Unchanged(7));
    }
}
