//! Spans of text by regular expressions, for what no grammar reads: JCL, PL/SQL handlers, secrets anywhere.

use std::ops::Range;

use regex::Regex;

use crate::candidate::regexes;
use crate::policy::TextRuleDocument;

/// A compiled span rule.
pub(crate) struct TextSpan {
    start: Regex,
    until: Option<Regex>,
    has: Option<Regex>,
    lacks: Option<Regex>,
    pub(crate) comments: bool,
}

/// A span of text and its named groups.
pub(crate) struct Span {
    pub(crate) range: Range<usize>,
    pub(crate) groups: Vec<(String, Range<usize>)>,
}

impl TextSpan {
    pub(crate) fn compile(document: &TextRuleDocument) -> Result<Self, String> {
        let compile = |pattern: &str| regexes::compile(&format!("(?im){pattern}"));
        Ok(Self {
            start: compile(&document.start)?,
            until: document.until.as_deref().map(compile).transpose()?,
            has: document.has.as_deref().map(compile).transpose()?,
            lacks: document.lacks.as_deref().map(compile).transpose()?,
            comments: document.comments,
        })
    }

    /// Every span of the text, by rising position.
    pub(crate) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Span> + 'a {
        self.start.captures_iter(text).filter_map(move |captures| {
            let whole = captures.get(0)?;
            let range = whole.start()..self.end(text, whole.end())?;
            let inside = &text[range.clone()];
            let kept = self.has.as_ref().is_none_or(|has| has.is_match(inside))
                && !self.lacks.as_ref().is_some_and(|lacks| lacks.is_match(inside));
            let groups = self
                .start
                .capture_names()
                .flatten()
                .filter_map(|name| Some((name.to_owned(), captures.name(name)?.range())));
            kept.then(|| Span { range: whole.range(), groups: groups.collect() })
        })
    }

    /// Where the span that starts before `from` ends; the text's end where nothing closes it.
    fn end(&self, text: &str, from: usize) -> Option<usize> {
        match &self.until {
            None => Some(from),
            Some(until) => Some(until.find_at(text, from).map_or(text.len(), |found| found.end())),
        }
    }
}
