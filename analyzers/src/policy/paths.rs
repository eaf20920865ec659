//! Which files a policy applies to, by globs over repository paths.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Files by glob: those included (all, where nothing is said) and not excluded.
#[derive(Clone, Debug, Default)]
pub struct PathScope {
    include: Option<GlobSet>,
    exclude: GlobSet,
}

impl PathScope {
    /// Compiles the globs of a policy.
    ///
    /// # Errors
    /// Names the glob that cannot be read.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, globset::Error> {
        let include = if include.is_empty() { None } else { Some(set(include)?) };
        Ok(Self { include, exclude: set(exclude)? })
    }

    /// Whether the policy applies to the file.
    pub fn holds(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|include| include.is_match(path)) && !self.exclude.is_match(path)
    }
}

/// A set of globs in which `*` stays within one folder and `**` crosses them.
pub(crate) fn set(globs: &[String]) -> Result<GlobSet, globset::Error> {
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        builder.add(one(glob)?);
    }
    builder.build()
}

fn one(glob: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(glob).literal_separator(true).build()
}
