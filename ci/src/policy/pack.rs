//! The policies that a command works on, with the files they come from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use analyzers::policy::{PolicyError, PolicyFile, PolicySet, builtin_files, example, read_directory};
use anyhow::anyhow;

use crate::exit::Failure;

/// Policies to prove: those of the paths, or the built-in pack.
pub(super) struct Pack {
    /// All policies that these may build on.
    pub(super) set: PolicySet,
    /// The files to prove.
    pub(super) files: Vec<PolicyFile>,
}

impl Pack {
    /// Reads the policies of folders or single files; of the built-in pack where no path is named.
    pub(super) fn read(paths: &[PathBuf], with_builtin: bool) -> Result<Self, Failure> {
        let builtin: Vec<PolicyFile> = if with_builtin { builtin_files().collect() } else { Vec::new() };
        let mut own = Vec::new();
        let mut wanted = Vec::new();
        for path in paths {
            let files = read_directory(&root_of(path)?).map_err(|error| vec![error])?;
            wanted.extend(files.iter().filter(|file| belongs(file, path)).cloned());
            own.extend(files);
        }
        let set = PolicySet::from_files(builtin.iter().chain(&own))?;
        let files = if paths.is_empty() { builtin } else { wanted };
        let pack = Self { set, files };
        if pack.policies().is_empty() {
            let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
            let place = if paths.is_empty() { "the built-in pack".to_owned() } else { paths.join(", ") };
            return Err(anyhow!("{place}: there is no policy; one is a file `<domain>/<name>.yaml`").into());
        }
        Ok(pack)
    }

    /// The ids of the policies to prove.
    pub(super) fn policies(&self) -> BTreeSet<&str> {
        let is_own = |file: &str| self.files.iter().any(|own| own.shown_as == file);
        self.set.all().iter().filter(|policy| is_own(&policy.file)).map(|policy| policy.id.as_str()).collect()
    }

    /// What is wrong with their patterns.
    pub(super) fn compile_errors(&self) -> Vec<PolicyError> {
        let is_own = |error: &PolicyError| self.files.iter().any(|file| file.shown_as == error.file);
        self.set.compile_all().into_iter().filter(is_own).collect()
    }

    /// What became of their examples.
    pub(super) fn examples(&self) -> Vec<example::ExampleOutcome> {
        example::run(&self.set, self.files.iter())
    }
}

/// A number of policies in words.
pub(super) fn counted(policies: usize) -> String {
    if policies == 1 { "1 policy".to_owned() } else { format!("{policies} policies") }
}

/// The folder of policies that a path is or lies in: a policy is `<domain>/<name>.yaml` below it.
fn root_of(path: &Path) -> Result<PathBuf, Failure> {
    if !path.is_file() {
        return Ok(path.to_owned());
    }
    let absolute = std::path::absolute(path).map_err(anyhow::Error::from)?;
    let root = absolute.parent().and_then(Path::parent);
    Ok(root
        .ok_or_else(|| anyhow!("{}: a policy lies in the folder of its domain", path.display()))?
        .to_owned())
}

/// Whether a file is below a path, or belongs to the policy that the path is a file of.
fn belongs(file: &PolicyFile, path: &Path) -> bool {
    if !path.is_file() {
        return true;
    }
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let stem = |name: String| name.split('.').next().unwrap_or_default().to_owned();
    let (named, shown) = (name(path).map(stem), name(Path::new(&file.shown_as)).map(stem));
    let folder = path.parent().and_then(name);
    let domain = file.path.rsplit_once('/').map(|(domain, _)| domain.to_owned());
    named == shown && (folder.is_none() || folder == domain)
}
