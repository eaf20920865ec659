//! What a site uses: declared in its own file, then elsewhere in the repository, as much as the budget takes.
//!
//! In this order, and in each by first mention, changed lines first: fields and constants of the file, its
//! functions, its types; then of files named after the types in use their mapper statements, functions and
//! fields; then copybooks. A piece that does not fit is cut, and said to be.

use std::collections::BTreeSet;
use std::ops::Range;

use grammars::{Language, ParseBudget, SyntaxTree};

use crate::candidate::Elsewhere;
use crate::redact::Redactor;
use crate::region::SourceFile;
use crate::verdict::cobol;
use crate::verdict::declared::{Declared, Kind, names};
use crate::verdict::excerpt::indented;
use crate::verdict::site::Site;
use crate::verdict::veil::Veil;

/// Bytes of context in one prompt: more drowns the question.
const MAX_BYTES: usize = 10 << 10;

/// Bytes of one piece of it.
const MAX_PIECE_BYTES: usize = 2400;

/// Files of the repository that are looked into for one site.
const MOST_FILES: usize = 12;

/// Context on its way into a prompt.
struct Context<'r> {
    text: String,
    redactor: &'r mut Redactor,
}

impl Context<'_> {
    /// Adds a stretch of a text under a heading, as far as it fits; whether anything more may.
    fn add(&mut self, heading: &str, veil: &Veil<'_>, text: &str, range: &Range<usize>) {
        let most = MAX_PIECE_BYTES.min(MAX_BYTES.saturating_sub(self.text.len()));
        if most < MAX_PIECE_BYTES / 8 {
            return;
        }
        let mut end = range.end.min(range.start + most);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if end < range.end {
            end = text[range.start..end].rfind('\n').map_or(end, |at| range.start + at);
        }
        let shown = veil.show(range.start..end, self.redactor).text;
        if !self.text.contains(heading) {
            self.text.push_str(heading);
        }
        self.text.push_str(&indented(&shown));
        if end < range.end {
            self.text.push_str("  …\n");
        }
    }
}

/// The declarations that the code of a site uses.
pub(super) fn of(
    site: &Site,
    file: &SourceFile,
    veil: &Veil<'_>,
    elsewhere: &dyn Elsewhere,
    redactor: &mut Redactor,
) -> String {
    let mut context = Context { text: String::new(), redactor };
    if file.language == Language::Cobol {
        cobol_pieces(site, file, veil, elsewhere, &mut context);
        return context.text;
    }
    let Some(tree) = file.tree() else { return String::new() };
    let mut used = names(tree, &site.changed);
    used.extend(names(tree, std::slice::from_ref(&site.home)));
    let declared = Declared::in_tree(tree);
    let mut mentioned = used.clone();
    for kind in [Kind::Value, Kind::Function, Kind::Type] {
        for name in unique(&used) {
            for range in declared.of(name, kind).filter(|range| !touch(range, &site.home)) {
                context.add("In the same file:\n", veil, file.text(), range);
                if kind == Kind::Value {
                    mentioned.extend(names(tree, std::slice::from_ref(range)));
                }
            }
        }
    }
    from_elsewhere(&mentioned, &used, &declared, file.language, elsewhere, &mut context);
    context.text
}

/// What files named after the types in use declare of what is used.
fn from_elsewhere(
    mentioned: &[String],
    used: &[String],
    here: &Declared,
    language: Language,
    elsewhere: &dyn Elsewhere,
    context: &mut Context<'_>,
) {
    let is_type =
        |name: &&String| name.starts_with(char::is_uppercase) && here.of(name, Kind::Type).next().is_none();
    let read = |name: &String| {
        let (mapper, own) = (elsewhere.file_named(name, Language::Xml), elsewhere.file_named(name, language));
        (mapper.is_some() || own.is_some()).then(|| (name.clone(), mapper, own))
    };
    let there = unique(mentioned).into_iter().filter(is_type).filter_map(read).take(MOST_FILES);
    for (name, mapper, own) in there {
        if let Some(text) = mapper {
            statements(&name, &text, used, context);
        }
        let Some(text) = own else { continue };
        let Ok(tree) = SyntaxTree::parse(text, language, ParseBudget::default()) else { continue };
        let (text, heading) = (tree.text(), format!("In {name}:\n"));
        let (veil, there) = (Veil::over(text), Declared::in_tree(&tree));
        let functions: Vec<&Range<usize>> =
            unique(used).into_iter().flat_map(|name| there.of(name, Kind::Function)).collect();
        for range in functions.iter().copied().chain(there.all(Kind::Value)) {
            context.add(&heading, &veil, text, range);
        }
    }
}

/// Statements of a mapper that the code names.
fn statements(mapper: &str, text: &str, used: &[String], context: &mut Context<'_>) {
    let veil = Veil::over(text);
    for name in unique(used) {
        let Some(at) = text.find(&format!("id=\"{name}\"")) else { continue };
        let Some(start) = text[..at].rfind('<') else { continue };
        let tag = text[start + 1..].split(|found: char| !found.is_alphanumeric()).next().unwrap_or_default();
        let closing = format!("</{tag}>");
        let end = text[at..].find(&closing).map_or(text.len(), |end| at + end + closing.len());
        context.add(&format!("Statements of {mapper}:\n"), &veil, text, &(start..end));
    }
}

fn cobol_pieces(
    site: &Site,
    file: &SourceFile,
    veil: &Veil<'_>,
    elsewhere: &dyn Elsewhere,
    context: &mut Context<'_>,
) {
    let code = &file.text()[site.home.clone()];
    for range in cobol::used(file.text(), code).iter().filter(|range| !touch(range, &site.home)) {
        context.add("In the same program:\n", veil, file.text(), range);
    }
    let read = |name: String| elsewhere.file_named(&name, Language::Cobol).map(|text| (name, text));
    for (name, text) in cobol::copied(file.text()).into_iter().filter_map(read).take(MOST_FILES) {
        context.add(&format!("Copybook {name}:\n"), &Veil::over(&text), &text, &(0..text.len()));
    }
}

fn touch(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

/// The names in their order, each once.
fn unique(names: &[String]) -> Vec<&String> {
    let mut seen = BTreeSet::new();
    names.iter().filter(|name| seen.insert(name.as_str())).collect()
}
