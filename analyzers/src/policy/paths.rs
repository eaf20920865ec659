//! Which files a policy applies to, by globs over repository paths.
//!
//! Globs are checked when they are read and compiled when the first file is asked about, once for all
//! policies that share them: most policies share the set of test paths.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Files by glob: those included (all, where nothing is said) and not excluded.
#[derive(Clone, Debug, Default)]
pub struct PathScope {
    include: Option<Arc<Globs>>,
    exclude: Option<Arc<Globs>>,
}

/// A list of globs. Those over one name of a path are looked up as they are, the others compiled when first asked.
#[derive(Debug, Default)]
struct Globs {
    /// `**/NAME/**`
    folders: Vec<Name>,
    /// `**/NAME`
    files: Vec<Name>,
    others: Vec<Glob>,
    compiled: OnceLock<GlobSet>,
}

/// A name with at most one star.
#[derive(Debug)]
struct Name {
    start: String,
    /// What follows the star; none where there is no star.
    end: Option<String>,
}

impl Name {
    fn read(name: &str) -> Option<Self> {
        let is_plain = |part: &str| !part.contains(['*', '?', '[', ']', '{', '}', '/', '\\']);
        let (start, end) = match name.split_once('*') {
            Some((start, end)) => (start, Some(end)),
            None => (name, None),
        };
        let plain = !name.is_empty() && is_plain(start) && end.is_none_or(is_plain);
        plain.then(|| Self { start: start.to_owned(), end: end.map(str::to_owned) })
    }

    fn is(&self, name: &str) -> bool {
        match &self.end {
            None => name == self.start,
            Some(end) => {
                name.strip_prefix(self.start.as_str()).is_some_and(|rest| rest.ends_with(end.as_str()))
            }
        }
    }
}

/// Reads the globs of policies, each list once.
#[derive(Default)]
pub(crate) struct PathReader {
    known: BTreeMap<Vec<String>, Arc<Globs>>,
}

impl PathScope {
    /// Whether the policy applies to the file.
    pub(crate) fn holds(&self, file: &PathAnswers<'_>) -> bool {
        self.include.as_ref().is_none_or(|include| file.answer(include))
            && !self.exclude.as_ref().is_some_and(|exclude| file.answer(exclude))
    }
}

/// What lists of globs say of one path; each is asked once.
pub(crate) struct PathAnswers<'a> {
    path: &'a str,
    known: RefCell<Vec<(*const Globs, bool)>>,
}

impl<'a> PathAnswers<'a> {
    pub(crate) fn new(path: &'a str) -> Self {
        Self { path, known: RefCell::default() }
    }

    fn answer(&self, globs: &Arc<Globs>) -> bool {
        let list = Arc::as_ptr(globs);
        let known = self.known.borrow().iter().find(|(known, _)| *known == list).map(|(_, answer)| *answer);
        known.unwrap_or_else(|| {
            let answer = globs.matches(self.path);
            self.known.borrow_mut().push((list, answer));
            answer
        })
    }
}

impl Globs {
    fn read(globs: &[String]) -> Result<Self, globset::Error> {
        let mut read = Self::default();
        for glob in globs {
            let written = one(glob)?;
            let named: Option<Vec<(bool, Name)>> =
                alternatives(glob).iter().map(|glob| named(glob)).collect();
            match named {
                Some(named) => named.into_iter().for_each(|(is_folder, name)| {
                    if is_folder { &mut read.folders } else { &mut read.files }.push(name);
                }),
                None => read.others.push(written),
            }
        }
        Ok(read)
    }

    fn matches(&self, path: &str) -> bool {
        let mut names = path.rsplit('/');
        let file = names.next().unwrap_or_default();
        self.files.iter().any(|name| name.is(file))
            || names.any(|folder| self.folders.iter().any(|name| name.is(folder)))
            || !self.others.is_empty() && self.compiled().is_match(path)
    }

    fn compiled(&self) -> &GlobSet {
        // A set of globs that were read one by one can be too large at most; then none of them matches.
        self.compiled.get_or_init(|| build(&self.others).unwrap_or_default())
    }
}

/// A glob over one name, wherever it stands: whether that is a folder's, and the name.
fn named(glob: &str) -> Option<(bool, Name)> {
    let name = glob.strip_prefix("**/")?;
    match name.strip_suffix("/**") {
        Some(folder) => Some((true, Name::read(folder)?)),
        None => Some((false, Name::read(name)?)),
    }
}

/// `a{b,c}` is `ab` and `ac`; braces in braces are left as they are.
fn alternatives(glob: &str) -> Vec<String> {
    let parts = glob.find('{').and_then(|open| {
        let close = open + glob[open..].find('}')?;
        Some((&glob[..open], &glob[open + 1..close], &glob[close + 1..]))
    });
    match parts {
        Some((start, inside, end)) if !inside.contains('{') => {
            inside.split(',').flat_map(|part| alternatives(&format!("{start}{part}{end}"))).collect()
        }
        _ => vec![glob.to_owned()],
    }
}

impl PathReader {
    /// Reads the globs of one policy.
    ///
    /// # Errors
    /// Names the glob that cannot be read.
    pub(crate) fn scope(
        &mut self,
        include: Vec<String>,
        exclude: Vec<String>,
    ) -> Result<PathScope, globset::Error> {
        Ok(PathScope { include: self.list(include)?, exclude: self.list(exclude)? })
    }

    fn list(&mut self, globs: Vec<String>) -> Result<Option<Arc<Globs>>, globset::Error> {
        if globs.is_empty() {
            return Ok(None);
        }
        if let Some(known) = self.known.get(&globs) {
            return Ok(Some(known.clone()));
        }
        let read = Arc::new(Globs::read(&globs)?);
        self.known.insert(globs, read.clone());
        Ok(Some(read))
    }
}

/// A set of globs in which `*` stays within one folder and `**` crosses them.
pub(crate) fn set(globs: &[String]) -> Result<GlobSet, globset::Error> {
    let globs: Vec<Glob> = globs.iter().map(|glob| one(glob)).collect::<Result<_, _>>()?;
    build(&globs)
}

fn build(globs: &[Glob]) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(glob.clone());
    }
    builder.build()
}

fn one(glob: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(glob).literal_separator(true).empty_alternates(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(globs: &[&str], path: &str) {
        let list: Vec<String> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        let expected = set(&list).unwrap().is_match(path);
        assert_eq!(Globs::read(&list).unwrap().matches(path), expected, "{globs:?} {path}");
    }

    #[test]
    fn names_are_looked_up_as_globs_would_find_them() {
        let globs = [
            "**/test/**",
            "**/*-test/**",
            "**/*Test.{java,kt}",
            "**/{it,e2e}/**",
            "**/a{b,c}d*.x",
            "src/*/gen/**",
            "**/*.min.*",
            "**/*Test{,s}.c",
            "**/x?y",
            "**/{a,{b,c}}/**",
            "demo/**",
        ];
        let paths = [
            "test/A.java",
            "a/test/b/A.java",
            "test",
            "a/test",
            "a/tests/A.java",
            "a/PinTest.java",
            "Test.java",
            "Test.java/A.java",
            "x-test/y",
            "-test/y",
            "it/x",
            "a/e2e/x/y",
            "abd1.x",
            "q/acd.x",
            "acd.y",
            "src/x/gen/A.java",
            "gen/A.java",
            "a.min.js",
            "x/xzy",
            "c/d",
            "b/d",
            "demo/x",
            "a/demo/x",
            "",
        ];
        for path in paths {
            check(&globs, path);
            globs.iter().for_each(|glob| check(&[glob], path));
        }
    }
}
