//! How much of one content is in another, measured exactly as git measures it for renames.
//!
//! libgit2 measures otherwise; with git's measure, the diff text of git and a repository name the same renames.
//! Source: git, `diffcore-delta.c` and `estimate_similarity` in `diffcore-rename.c` (2.44 and later).

use crate::change::hunks;

/// A full match; scores are parts of it.
pub(super) const MAX_SCORE: u64 = 60_000;

/// The score from which a file counts as renamed or copied: 50 %.
pub(super) const MIN_SCORE: u64 = 30_000;

/// Spans longer than this are cut, where lines are longer.
const SPAN_BYTES: u32 = 64;

/// The spans' hashes are below this prime.
const HASH_BASE: u32 = 107_927;

/// A content as its spans (lines, or pieces of long lines): the bytes under each hash, by hash.
pub(super) struct Spans(Vec<(u32, u64)>);

impl Spans {
    pub(super) fn of(content: &[u8]) -> Self {
        let is_text = !hunks::is_binary(content);
        let mut hashes: Vec<(u32, u64)> = Vec::new();
        let (mut one, mut two, mut bytes) = (0_u32, 0_u32, 0_u32);
        let mut end = |one: u32, two: u32, bytes: u32| {
            hashes.push((one.wrapping_add(two.wrapping_mul(0x61)) % HASH_BASE, u64::from(bytes)));
        };
        for (at, &byte) in content.iter().enumerate() {
            if is_text && byte == b'\r' && content.get(at + 1) == Some(&b'\n') {
                continue;
            }
            let before = one;
            one = (one << 7) ^ (two >> 25);
            two = (two << 7) ^ (before >> 25);
            one = one.wrapping_add(u32::from(byte));
            bytes += 1;
            if bytes == SPAN_BYTES || byte == b'\n' {
                end(one, two, bytes);
                (one, two, bytes) = (0, 0, 0);
            }
        }
        if bytes > 0 {
            end(one, two, bytes);
        }
        hashes.sort_unstable_by_key(|(hash, _)| *hash);
        hashes.dedup_by(|next, kept| {
            let is_same = next.0 == kept.0;
            kept.1 += if is_same { next.1 } else { 0 };
            is_same
        });
        hashes.shrink_to_fit();
        Self(hashes)
    }

    /// How many bytes of `self` are also in `head`.
    fn shared_bytes(&self, head: &Self) -> u64 {
        let mut heads = head.0.iter().peekable();
        let mut shared = 0;
        for (hash, bytes) in &self.0 {
            while heads.next_if(|(other, _)| other < hash).is_some() {}
            if let Some((_, others)) = heads.next_if(|(other, _)| other == hash) {
                shared += bytes.min(others);
            }
        }
        shared
    }
}

/// Whether sizes alone rule out a rename.
pub(super) fn sizes_rule_out(base_bytes: u64, head_bytes: u64) -> bool {
    let (larger, smaller) = (base_bytes.max(head_bytes), base_bytes.min(head_bytes));
    larger * (MAX_SCORE - MIN_SCORE) < (larger - smaller) * MAX_SCORE
}

/// The score of two contents of these sizes.
pub(super) fn score(base: &Spans, head: &Spans, base_bytes: u64, head_bytes: u64) -> u64 {
    if head_bytes == 0 {
        return 0;
    }
    base.shared_bytes(head) * MAX_SCORE / base_bytes.max(head_bytes)
}
