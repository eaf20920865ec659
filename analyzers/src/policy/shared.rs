//! What policies share: vocabularies (`vocabularies/<name>.yaml`), what is known of libraries (`models/<language>.yaml`) and
//! named sets of paths (`paths.yaml`).

use std::collections::BTreeMap;
use std::str::FromStr as _;

use grammars::Language;

use crate::policy::flow::{AllModels, LanguageModels};
use crate::policy::vocabulary::VocabularyDocument;
use crate::policy::{PolicyError, PolicyFile, Vocabularies, load};

/// Named sets of globs, for `paths` of policies.
pub(crate) type NamedPaths = BTreeMap<String, Vec<String>>;

/// What all policies of a set may refer to.
#[derive(Default)]
pub(crate) struct Shared {
    pub(crate) vocabularies: Vocabularies,
    pub(crate) paths: NamedPaths,
    pub(crate) models: AllModels,
}

impl Shared {
    /// Takes in a shared file; other files are left alone. A later file of the same name replaces an earlier.
    pub(crate) fn read(&mut self, file: &PolicyFile) -> Result<(), PolicyError> {
        if let Some(name) = vocabulary_name(&file.path) {
            let document: VocabularyDocument = load::parse_yaml(file)?;
            self.vocabularies.insert(name.to_owned(), document.into());
        } else if let Some(name) = model_name(&file.path) {
            let wrong = |problem: String| PolicyError {
                file: file.shown_as.clone(),
                line: None,
                field: String::new(),
                problem,
                remedy: "Compare with `policies/models` of the built-in pack.".to_owned(),
            };
            let language = Language::from_str(name).map_err(wrong)?;
            let models = LanguageModels::read(load::parse_yaml(file)?).map_err(wrong)?;
            self.models.insert(language, models);
        } else if file.path == "paths.yaml" {
            self.paths.extend(load::parse_yaml::<NamedPaths>(file)?);
        }
        Ok(())
    }
}

/// Whether a file of the policies' folder is shared, and no policy.
pub(crate) fn is_shared(path: &str) -> bool {
    vocabulary_name(path).is_some() || model_name(path).is_some() || path == "paths.yaml"
}

fn model_name(path: &str) -> Option<&str> {
    path.strip_prefix("models/")?.strip_suffix(".yaml")
}

fn vocabulary_name(path: &str) -> Option<&str> {
    path.strip_prefix("vocabularies/")?.strip_suffix(".yaml")
}
