//! A match on its way to being a candidate: where it is and what it captured.

use std::borrow::Cow;
use std::ops::Range;

use ast_grep_core::meta_var::MetaVarEnv;
use ast_grep_core::tree_sitter::StrDoc;
use grammars::Language;

use crate::candidate::SyntaxNode;
use crate::region::SourceFile;

/// A match of a rule, before its conditions are looked at.
pub(crate) struct Place<'a> {
    pub(crate) file: &'a SourceFile,
    pub(crate) range: Range<usize>,
    /// The smallest node that holds the match; none in a file without a tree.
    pub(crate) node: Option<SyntaxNode<'a>>,
    pub(crate) captures: Captures<'a>,
    /// Files of the same version, for what is declared elsewhere.
    pub(crate) elsewhere: &'a dyn Elsewhere,
}

/// What else of the repository a condition may look at.
pub(crate) trait Elsewhere: Sync {
    /// The text of a source file whose name, without folder and extension, is `name`, in `language`.
    fn file_named(&self, name: &str, language: Language) -> Option<String>;
}

/// What a match captured.
pub(crate) enum Captures<'a> {
    /// Nodes, by an ast-grep rule.
    Nodes(MetaVarEnv<'a, StrDoc<Language>>),
    /// Byte ranges of the file's text, by the named groups of a regular expression.
    Ranges(Vec<(String, Range<usize>)>),
}

impl<'a> Place<'a> {
    /// The captured text of a variable.
    pub(crate) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        match &self.captures {
            Captures::Nodes(env) => match env.get_match(name) {
                Some(node) => Some(node.text()),
                None => multiple(env, name).or_else(|| transformed(env, name)),
            },
            Captures::Ranges(_) => self.range_of(name).map(|range| Cow::Borrowed(&self.file.text()[range])),
        }
    }

    /// The captured node of a variable.
    pub(crate) fn captured_node(&self, name: &str) -> Option<SyntaxNode<'a>> {
        match &self.captures {
            Captures::Nodes(env) => env.get_match(name).cloned(),
            Captures::Ranges(_) => None,
        }
    }

    /// Where the captured text of a variable stands.
    pub(crate) fn range_of(&self, name: &str) -> Option<Range<usize>> {
        match &self.captures {
            Captures::Nodes(env) => env.get_match(name).map(ast_grep_core::Node::range),
            Captures::Ranges(groups) => {
                groups.iter().find(|(group, _)| group == name).map(|(_, range)| range.clone())
            }
        }
    }

    /// Where the nodes captured under a variable stand, one or several.
    pub(crate) fn ranges_of(&self, name: &str) -> Vec<Range<usize>> {
        if let Some(range) = self.range_of(name) {
            return vec![range];
        }
        match &self.captures {
            Captures::Nodes(env) => {
                env.get_multiple_matches(name).iter().map(ast_grep_core::Node::range).collect()
            }
            Captures::Ranges(_) => Vec::new(),
        }
    }

    /// A template with `$NAME` filled in, on one line and cut to a readable length.
    pub(crate) fn fill(&self, template: &str) -> String {
        let mut filled = String::with_capacity(template.len());
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            filled.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let dollars = rest.bytes().take_while(|&byte| byte == b'$').count();
            let name_text = &rest[dollars..];
            let length = name_text
                .bytes()
                .take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_')
                .count();
            match self.text(&name_text[..length]).filter(|_| length > 0) {
                Some(text) => {
                    filled.push_str(&one_line(&text));
                    rest = &name_text[length..];
                }
                None => filled.push('$'),
            }
        }
        filled.push_str(rest);
        filled
    }
}

fn transformed<'a>(env: &MetaVarEnv<'a, StrDoc<Language>>, name: &str) -> Option<Cow<'a, str>> {
    let bytes = env.get_transformed(name)?;
    Some(Cow::Owned(String::from_utf8_lossy(bytes).into_owned()))
}

fn multiple<'a>(env: &MetaVarEnv<'a, StrDoc<Language>>, name: &str) -> Option<Cow<'a, str>> {
    let nodes = env.get_multiple_matches(name);
    let (first, last) = (nodes.first()?, nodes.last()?);
    let doc = first.get_doc();
    Some(Cow::Borrowed(doc.src.get(first.range().start..last.range().end)?))
}

/// Captured text in a message is cut after this many characters.
const LONGEST_CAPTURE: usize = 60;

fn one_line(text: &str) -> String {
    let folded: Vec<&str> = text.split_whitespace().collect();
    let folded = folded.join(" ");
    match folded.char_indices().nth(LONGEST_CAPTURE) {
        Some((at, _)) => format!("{}…", &folded[..at]),
        None => folded,
    }
}
