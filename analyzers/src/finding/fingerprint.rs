//! Fingerprints: names of breaches that survive shifted lines, reformatting, renamed files, moved functions.
//!
//! Made of the policy, the name of the innermost function, the code of the place token by token without
//! comments, and the occurrence among equals.

use std::ops::Range;

use sha2::{Digest, Sha256};

use crate::candidate::{Candidate, DecidedBy, SyntaxNode, function_name, smallest_node};
use crate::region::SourceFile;

/// What two breaches share if they are the same one in two versions; 32 hexadecimal digits.
pub(crate) fn key(candidate: &Candidate, file: &SourceFile) -> String {
    let node = file.tree().and_then(|tree| smallest_node(tree, &candidate.range));
    let function = node.as_ref().and_then(function_name).unwrap_or_default();
    let code = match &node {
        Some(node) => tokens(node, &candidate.range),
        None => words(&file.text()[candidate.range.clone()]),
    };
    match candidate.decided_by {
        DecidedBy::Proof => digest(&[&candidate.policy.id, &function, &code]),
        // A proved breach and the model's word for it are never taken for one another.
        DecidedBy::Question => digest(&[&candidate.policy.id, &function, &code, "model"]),
    }
}

/// The fingerprint of the `occurrence`-th breach of a key.
pub(crate) fn fingerprint(key: &str, occurrence: usize) -> String {
    if occurrence == 0 { key.to_owned() } else { digest(&[key, &occurrence.to_string()]) }
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The tokens of the node within the range, without comments and bodies of what it declares.
fn tokens(node: &SyntaxNode<'_>, range: &Range<usize>) -> String {
    let mut tokens = Vec::new();
    gather(node, range, &mut tokens);
    if tokens.is_empty() { words(&node.text()) } else { tokens.join(" ") }
}

fn gather(node: &SyntaxNode<'_>, range: &Range<usize>, tokens: &mut Vec<String>) {
    let mut pending = vec![node.clone()];
    while let Some(node) = pending.pop() {
        let kind = node.kind();
        let own = node.range();
        if own.end <= range.start || range.end <= own.start || kind.contains("comment") {
            continue;
        }
        if node.is_leaf() {
            tokens.push(words(&node.text()));
        } else if !(tokens.len() > 2 && is_body(&kind)) {
            let children: Vec<_> = node.children().collect();
            pending.extend(children.into_iter().rev());
        }
    }
}

fn is_body(kind: &str) -> bool {
    kind.ends_with("block")
        || kind.ends_with("_body")
        || kind == "compound_statement"
        || kind == "declaration_list"
}

fn words(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}
