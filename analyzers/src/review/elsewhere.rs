//! Answers what a file's checks ask of the rest of the repository, reading each version's list of paths once.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use grammars::Language;

use crate::candidate::Elsewhere;
use crate::sources::{Side, Sources};

/// The rest of one version of a repository.
pub(crate) struct Repository<'a> {
    sources: &'a dyn Sources,
    side: Side,
    by_name: OnceLock<BTreeMap<String, Vec<String>>>,
}

impl<'a> Repository<'a> {
    pub(crate) fn new(sources: &'a dyn Sources, side: Side) -> Self {
        Self { sources, side, by_name: OnceLock::new() }
    }

    /// Paths by file name without folder and extension. Empty where the version cannot be listed.
    fn by_name(&self) -> &BTreeMap<String, Vec<String>> {
        self.by_name.get_or_init(|| {
            let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for path in self.sources.list(self.side).unwrap_or_default() {
                let file = path.rsplit('/').next().unwrap_or_default();
                let stem = file.split('.').next().unwrap_or_default().to_owned();
                by_name.entry(stem).or_default().push(path);
            }
            by_name
        })
    }
}

impl Elsewhere for Repository<'_> {
    fn file_named(&self, name: &str, language: Language) -> Option<String> {
        let paths = self.by_name().get(name)?;
        let path = paths.iter().find(|path| Language::detect(path, b"") == Some(language))?;
        let bytes = self.sources.read(self.side, path).ok()?;
        grammars::decode(bytes).ok().map(|decoded| decoded.text)
    }
}
