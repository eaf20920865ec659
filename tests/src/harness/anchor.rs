//! Where a comment stands, and where that place is now that the branches have moved on.

use serde_json::Value;

use crate::harness::diff::Diff;
use crate::harness::world::{MergeRequest, Side, World};

/// Where a comment stands.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// In the conversation, alone.
    Note,
    /// In the conversation, as a thread that can be resolved.
    Thread,
    /// Beside a file.
    File(Anchor),
    /// Beside lines.
    Lines(Anchor),
}

/// A place in a change.
#[derive(Clone, Debug)]
pub(crate) struct Anchor {
    pub(crate) old_path: String,
    pub(crate) new_path: String,
    /// The first of several lines.
    pub(crate) start: Option<Spot>,
    /// The line, or the last of several; line 0 for a file.
    pub(crate) end: Spot,
    /// The commit that the change goes out from.
    pub(crate) base: String,
    /// The newest commit of the change.
    pub(crate) head: String,
    /// The hunk, down to the line; empty where the line is in none.
    pub(crate) hunk: String,
    /// What was sent, where the forge gives it back.
    pub(crate) sent: Value,
}

/// A line of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) side: Side,
    pub(crate) line: u32,
}

impl Place {
    /// The place in the change.
    pub(crate) fn anchor(&self) -> Option<&Anchor> {
        match self {
            Self::Note | Self::Thread => None,
            Self::File(anchor) | Self::Lines(anchor) => Some(anchor),
        }
    }

    /// Where the lines are now; `None` where they were touched or left the change.
    pub(crate) fn now(&self, world: &World, merge_request: &MergeRequest) -> Option<Anchor> {
        let (base, diff) = world.change(merge_request);
        match self {
            Self::Note | Self::Thread => None,
            Self::File(anchor) => diff.file(&anchor.new_path).map(|_| anchor.clone()),
            Self::Lines(anchor) => anchor.now(world, merge_request, &base, &diff),
        }
    }
}

impl Anchor {
    fn now(&self, world: &World, merge_request: &MergeRequest, base: &str, diff: &Diff) -> Option<Self> {
        let end = self.follow(world, merge_request, base, self.end)?;
        let start = match self.start {
            Some(start) => Some(self.follow(world, merge_request, base, start)?.1),
            None => None,
        };
        let (path, end) = end;
        let file = diff.files.iter().find(|file| match end.side {
            Side::Old => file.old_path == path,
            Side::New => file.new_path == path,
        })?;
        file.find(end.side, end.line)?;
        let (old_path, new_path) = (file.old_path.clone(), file.new_path.clone());
        let (base, head) = (base.to_owned(), merge_request.head.clone());
        Some(Self { old_path, new_path, start, end, base, head, ..self.clone() })
    }

    fn follow(
        &self,
        world: &World,
        merge_request: &MergeRequest,
        base: &str,
        spot: Spot,
    ) -> Option<(String, Spot)> {
        let (from, to, path) = match spot.side {
            Side::Old => (self.base.as_str(), base, &self.old_path),
            Side::New => (self.head.as_str(), merge_request.head.as_str(), &self.new_path),
        };
        let (path, line) = world.store.follow(from, to, path, spot.line)?;
        Some((path, Spot { line, ..spot }))
    }
}
