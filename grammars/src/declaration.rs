//! The declarations around a place: a tree and a range in, names out, outermost first.

use std::ops::Range;

use tree_sitter::{Node, TreeCursor};

use crate::SyntaxTree;
use crate::row::Declaration;
use crate::unread::trimmed;
use crate::walk::{Walk, walk};

/// A name longer than this is cut: it is a pattern or an expression, not a word.
const MAX_NAME_CHARS: usize = 120;

/// A declaration that its siblings continue, such as a paragraph.
pub(crate) struct Header {
    start: usize,
    /// 0 is the outermost.
    rank: usize,
    name: String,
}

/// Every header of the tree, in rising order.
pub(crate) fn headers(tree: &SyntaxTree) -> Vec<Header> {
    let kinds = tree.row().headers;
    let mut found = Vec::new();
    if kinds.is_empty() {
        return found;
    }
    walk(tree.top(), |node| {
        if let Some(rank) = kinds.iter().position(|header| header.names(node))
            && let Some(name) = name(node, &kinds[rank], tree.read())
        {
            found.push(Header { start: node.start_byte(), rank, name });
            Walk::Past
        } else {
            Walk::Into
        }
    });
    found
}

pub(crate) fn path(tree: &SyntaxTree, range: Range<usize>, headers: &[Header]) -> Vec<String> {
    let range = trimmed(range, tree.read());
    let declarations = tree.row().declarations;
    let mut cursor = tree.top().walk();
    let (mut path, mut inside) = (Vec::new(), 0);
    loop {
        let node = cursor.node();
        if let Some(declaration) = declarations.iter().find(|declaration| declaration.names(node))
            && let Some(name) = name(node, declaration, tree.read())
        {
            path.push(name);
            inside = node.start_byte();
        }
        if !to_child_around(&mut cursor, &range) {
            path.extend(above(headers, inside..range.start));
            return path;
        }
    }
}

/// The names of the headers in force at the end of `span`, the outermost first.
fn above(headers: &[Header], span: Range<usize>) -> Vec<String> {
    let end = headers.partition_point(|header| header.start <= span.end);
    let start = headers.partition_point(|header| header.start < span.start);
    let mut names = Vec::new();
    let mut rank = usize::MAX;
    for header in headers.get(start..end).unwrap_or_default().iter().rev() {
        if header.rank < rank {
            rank = header.rank;
            names.insert(0, header.name.clone());
        }
        if rank == 0 {
            break;
        }
    }
    names
}

fn to_child_around(cursor: &mut TreeCursor<'_>, range: &Range<usize>) -> bool {
    cursor.goto_first_child_for_byte(range.start).is_some()
        && cursor.node().start_byte() <= range.start
        && cursor.node().end_byte() >= range.end
}

impl Declaration {
    fn names(&self, node: Node<'_>) -> bool {
        self.kinds.split_ascii_whitespace().any(|kind| kind == node.kind())
    }
}

fn name(node: Node<'_>, declaration: &Declaration, text: &str) -> Option<String> {
    let mut found = node;
    for step in declaration.path.split_ascii_whitespace() {
        while let Some(next) = child(found, step) {
            found = next;
        }
    }
    if found == node {
        return None;
    }
    let key = found.parent().and_then(|parent| key(parent, declaration.keys, text));
    let name = quoted(text.get(found.byte_range())?);
    let name: String =
        name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_NAME_CHARS).collect();
    if name.is_empty() {
        return None;
    }
    Some(key.map_or(name.clone(), |key| format!("{name}#{key}")))
}

fn child<'tree>(node: Node<'tree>, step: &str) -> Option<Node<'tree>> {
    node.child_by_field_name(step)
        .or_else(|| node.children(&mut node.walk()).find(|child| child.kind() == step))
        .filter(|child| child.byte_range() != node.byte_range() || child.kind() != node.kind())
}

/// The value of the first attribute of `keys`: an attribute is a name and a value.
fn key<'text>(parent: Node<'_>, keys: &str, text: &'text str) -> Option<&'text str> {
    keys.split_ascii_whitespace().find_map(|key| {
        parent.named_children(&mut parent.walk()).find_map(|attribute| {
            let (name, value) = (attribute.named_child(0)?, attribute.named_child(1)?);
            (text.get(name.byte_range())? == key).then(|| text.get(value.byte_range()).map(quoted))?
        })
    })
}

fn quoted(text: &str) -> &str {
    text.trim_matches(['"', '\'', '`'])
}
