//! One way over a tree: its nodes in the order of the text, each before its children.

use std::ops::Range;

use tree_sitter::Node;

/// Where a walk goes on from a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Walk {
    /// To its first child.
    Into,
    /// To what follows it; its children are not visited.
    Past,
}

/// Visits `root` and what is inside it.
pub fn walk<'tree>(root: Node<'tree>, mut visit: impl FnMut(Node<'tree>) -> Walk) {
    let mut cursor = root.walk();
    loop {
        if visit(cursor.node()) == Walk::Into && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Whether one of the rising places lies in the range: what holds none of them need not be walked into.
pub fn one_inside(places: &[usize], range: &Range<usize>) -> bool {
    places.get(places.partition_point(|place| *place < range.start)).is_some_and(|place| *place < range.end)
}
