//! SQL between EXEC SQL and its terminator, in COBOL and C.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::{Piece, sql};
use crate::comments::{self, blank_range};
use crate::{Language, SyntaxTree, cobol, exec_sql};

pub(super) fn pieces(host: &SyntaxTree, terminator: &str) -> Vec<Piece> {
    // Names of host variables: COBOL writes A-B and A.B, C writes a->b, a.b and a[1].
    let (text, name_marks): (String, &[u8]) = match host.language() {
        Language::Cobol => (cobol::code_only(host.text()), b"-."),
        language => (comments::blank_written(host.text(), language), b"->.[]"),
    };
    exec_sql::blocks(&text, terminator)
        .into_iter()
        .filter_map(|block| piece(&text, block.body, name_marks))
        .collect()
}

fn piece(text: &str, range: Range<usize>, name_marks: &[u8]) -> Option<Piece> {
    static TARGETS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\bINTO\s+:[\w.\->\[\]]+(\s*(,|INDICATOR)?\s*:[\w.\->\[\]]+)*")
            .expect("the pattern is valid")
    });
    let mut code = text.as_bytes()[range.clone()].to_vec();
    let targets: Vec<Range<usize>> = TARGETS.find_iter(&code).map(|found| found.range()).collect();
    for target in targets {
        blank_range(&mut code, target);
    }
    let complete = sql::settle(&mut code, name_marks);
    sql::is_statement(&code).then_some(Piece { range, code, complete })
}
