//! Code of other languages inside a file, as trees whose offsets are those of the file.

use std::ops::Range;

use crate::SyntaxTree;
use crate::parse::ParseBudget;

/// Code of another language inside a file, such as SQL between EXEC SQL and END-EXEC.
pub struct Embedded {
    /// Its tree; offsets are those of the host text, of which all else is blank.
    pub tree: SyntaxTree,
    /// Whether the code is all there. Text that is put together when the program runs is not.
    pub complete: bool,
    /// Where its statements stand in the host text, in rising order.
    pub host_ranges: Vec<Range<usize>>,
}

pub(crate) fn find(_host: &SyntaxTree, _budget: ParseBudget) -> Vec<Embedded> {
    Vec::new()
}
