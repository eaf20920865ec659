//! Which files a policy applies to, by globs over repository paths.
//!
//! Globs are checked when they are read and compiled when the first file is asked about, once for all
//! policies that share them: most policies share the set of test paths.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Files by glob: those included (all, where nothing is said) and not excluded.
#[derive(Clone, Debug, Default)]
pub struct PathScope {
    include: Option<Arc<Globs>>,
    exclude: Option<Arc<Globs>>,
}

/// Globs that are compiled when first asked.
#[derive(Debug)]
struct Globs {
    /// Names of folders: `**/NAME/**`.
    folders: BTreeSet<String>,
    /// The other globs.
    globs: Vec<Glob>,
    compiled: OnceLock<GlobSet>,
}

/// Reads the globs of policies, each list once.
#[derive(Default)]
pub(crate) struct PathReader {
    known: BTreeMap<Vec<String>, Arc<Globs>>,
}

impl PathScope {
    /// Whether the policy applies to the file.
    pub fn holds(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.matches(path))
            && !self.exclude.as_ref().is_some_and(|exclude| exclude.matches(path))
    }
}

impl Globs {
    fn matches(&self, path: &str) -> bool {
        let parents = path.rsplit('/').skip(1);
        if parents.into_iter().any(|folder| self.folders.contains(folder)) {
            return true;
        }
        // A set of globs that were read one by one can be too large at most; then none of them matches.
        self.compiled.get_or_init(|| build(&self.globs).unwrap_or_default()).is_match(path)
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
        let mut read = Globs { folders: BTreeSet::new(), globs: Vec::new(), compiled: OnceLock::new() };
        for glob in &globs {
            match folder(glob) {
                Some(folder) => drop(read.folders.insert(folder.to_owned())),
                None => read.globs.push(one(glob)?),
            }
        }
        let read = Arc::new(read);
        self.known.insert(globs, read.clone());
        Ok(Some(read))
    }
}

/// The folder of a glob that names all that lies in it, wherever it is.
fn folder(glob: &str) -> Option<&str> {
    let name = glob.strip_prefix("**/")?.strip_suffix("/**")?;
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .then_some(name)
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
    GlobBuilder::new(glob).literal_separator(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_patterns_are_told_apart_and_both_hold() {
        let globs = ["**/test/**", "**/*Test.java", "src/*/gen/**"].map(str::to_owned).to_vec();
        let scope = PathReader::default().scope(Vec::new(), globs).unwrap();
        for path in ["test/A.java", "a/test/b/A.java", "a/PinTest.java", "src/x/gen/A.java"] {
            assert!(!scope.holds(path), "{path}");
        }
        for path in ["test", "a/test", "a/tests/A.java", "gen/A.java", "Test.java/A.java"] {
            assert!(scope.holds(path), "{path}");
        }
    }
}
