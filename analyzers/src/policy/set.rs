//! All policies of a review: the built-in pack and the bank's own, with the vocabularies they share.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use grammars::Language;
use sha2::{Digest, Sha256};

use crate::candidate::Matchers;
use crate::flow::Models;
use crate::policy::paths::PathReader;
use crate::policy::shared::{self, Shared};
use crate::policy::{Enforcement, Policy, PolicyError, PolicyFile, Vocabularies, builtin, example, load};

/// Which policies a review uses.
#[derive(Clone, Copy, Debug)]
pub struct Selection<'a> {
    /// Whether the built-in pack is used.
    pub builtin: bool,
    /// Folders of further policies; a policy of the same id replaces the built-in one.
    pub folders: &'a [std::path::PathBuf],
}

/// The policies of a review, by id.
pub struct PolicySet {
    policies: Vec<Arc<Policy>>,
    vocabularies: Arc<Vocabularies>,
    models: BTreeMap<Language, Arc<Models>>,
    digest: String,
    matchers: Vec<(Language, OnceLock<Matchers>)>,
}

impl PolicySet {
    /// Reads the policies of a selection.
    ///
    /// The bank's own policies are proved by their examples; the built-in pack was proved when it was built.
    ///
    /// # Errors
    /// Lists every mistake of every file.
    pub fn read(selection: Selection<'_>) -> Result<Self, Vec<PolicyError>> {
        let builtin = if selection.builtin { builtin::files().collect() } else { Vec::new() };
        let mut own = Vec::new();
        for folder in selection.folders {
            own.extend(load::read_directory(folder).map_err(|error| vec![error])?);
        }
        let set = Self::from_files(builtin.iter().chain(&own))?;
        let mistakes = example::mistakes(&set, &own);
        if mistakes.is_empty() { Ok(set) } else { Err(mistakes) }
    }

    /// The built-in pack alone.
    ///
    /// # Errors
    /// Lists the pack's mistakes; a released pack has none.
    pub fn builtin() -> Result<Self, Vec<PolicyError>> {
        Self::read(Selection { builtin: true, folders: &[] })
    }

    /// Reads policies from files in memory. Later files replace earlier ones of the same id.
    ///
    /// # Errors
    /// Lists every mistake of every file.
    pub fn from_files<'a>(files: impl Iterator<Item = &'a PolicyFile>) -> Result<Self, Vec<PolicyError>> {
        let files: Vec<&PolicyFile> = files.filter(|file| is_yaml(&file.path)).collect();
        let mut shared = Shared::default();
        let mut by_id: BTreeMap<String, Arc<Policy>> = BTreeMap::new();
        let mut errors = Vec::new();
        let mut paths = PathReader::default();
        let mut digest = Sha256::new();
        for file in &files {
            digest.update(format!("{}\0{}\0", file.path, file.text));
            errors.extend(shared.read(file).err());
        }
        let is_policy =
            |file: &&&PolicyFile| !shared::is_shared(&file.path) && !example::is_example(&file.path);
        for file in files.iter().filter(is_policy) {
            match load::parse(file, &shared.paths, &shared.models, &mut paths) {
                Ok(policy) => drop(by_id.insert(policy.id.clone(), Arc::new(policy))),
                Err(mut mistakes) => errors.append(&mut mistakes),
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let policies = by_id.into_values().collect();
        let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let models = shared.models.into_iter().map(|(language, models)| (language, models.models));
        Ok(Self::new(policies, Arc::new(shared.vocabularies), models.collect(), digest))
    }

    fn new(
        policies: Vec<Arc<Policy>>,
        vocabularies: Arc<Vocabularies>,
        models: BTreeMap<Language, Arc<Models>>,
        digest: String,
    ) -> Self {
        let matchers = Language::all().map(|language| (language, OnceLock::new())).collect();
        Self { policies, vocabularies, models, digest, matchers }
    }

    /// Other policies, by rising id, over the same vocabularies.
    pub(super) fn with_policies(&self, policies: Vec<Arc<Policy>>, digest: String) -> Self {
        Self::new(policies, Arc::clone(&self.vocabularies), self.models.clone(), digest)
    }

    /// Every policy, by rising id.
    pub fn all(&self) -> &[Arc<Policy>] {
        &self.policies
    }

    /// The policies that run: those whose enforcement is not `off`.
    pub fn in_force(&self) -> impl Iterator<Item = &Arc<Policy>> {
        self.policies.iter().filter(|policy| policy.enforcement != Enforcement::Off)
    }

    /// The policy of this id, or of this code.
    pub fn find(&self, name: &str) -> Option<&Arc<Policy>> {
        self.policies.iter().find(|policy| policy.id == name || policy.code.eq_ignore_ascii_case(name))
    }

    /// SHA-256 over every policy file and what a repository tightened, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The words by which names are understood.
    pub fn vocabularies(&self) -> &Vocabularies {
        &self.vocabularies
    }

    /// The same, to be kept.
    pub(crate) fn shared_vocabularies(&self) -> Arc<Vocabularies> {
        self.vocabularies.clone()
    }

    /// What is known of the libraries of a language.
    pub(crate) fn models(&self, language: Language) -> Option<&Arc<Models>> {
        self.models.get(&crate::flow::model_language(language))
    }

    /// The checks for one language; gathered when first asked for.
    pub(crate) fn matchers(&self, language: Language) -> &Matchers {
        let slot = self.matchers.iter().find(|(row, _)| *row == language);
        let (_, matchers) = slot.expect("every language has a slot");
        matchers.get_or_init(|| Matchers::gather(self, language))
    }

    /// Compiles every check of every policy and lists what is wrong with them.
    pub fn compile_all(&self) -> Vec<PolicyError> {
        Language::all().flat_map(|language| self.matchers(language).errors()).collect()
    }
}

fn is_yaml(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
