//! The labelled pairs of an evaluation, and the policies that are in force while they are reviewed.
//!
//! The configuration and a folder in; what is asked about out, or what is wrong with the folder or the names.

use std::collections::BTreeSet;
use std::path::Path;

use analyzers::evaluation::{Labels, labelled};
use analyzers::policy::{PolicyError, PolicyFile, PolicySet, builtin_files, read_directory};
use anyhow::{Context, bail};

use crate::config::Config;
use crate::service;

/// What is asked about.
pub(super) struct Pairs {
    /// The policies in force.
    pub(super) policies: PolicySet,
    /// The labelled pairs.
    pub(super) labels: Labels,
    /// Where they are from, for people.
    pub(super) source: String,
}

impl Pairs {
    /// The pairs of a folder, or those beside the policies in force; of all policies that ask, or of those named.
    pub(super) fn read(config: &Config, set: Option<&Path>, names: &[String]) -> anyhow::Result<Self> {
        let (policies, files, source) = match set {
            Some(folder) => own(config, folder)?,
            None => (service::policies(config)?, beside(config)?, "the policies in force".to_owned()),
        };
        let wanted = wanted(&policies, names)?;
        let labels = labelled(&policies, &files, &wanted)
            .map_err(|errors| told(&errors))
            .with_context(|| format!("{source}: some examples cannot be used"))?;
        for id in &wanted {
            if !labels.files.iter().any(|file| file.policy == *id) {
                bail!("{source}: there is no labelled example of `{id}`");
            }
        }
        if labels.files.is_empty() {
            bail!(
                "{source}: there is no labelled example of a policy in force that asks a question; put code beside \
                 `domain/name.yaml` as `domain/name.java`, with `breach: domain/name` or `near-miss: why` in a comment \
                 on the line above each place"
            );
        }
        Ok(Self { policies, labels, source })
    }
}

/// The files of a bank's folder. Policies in it are in force, too, as if `policies.folders` named it.
fn own(config: &Config, folder: &Path) -> anyhow::Result<(PolicySet, Vec<PolicyFile>, String)> {
    let files = read_directory(folder)
        .map_err(|error| told(&[error]))
        .with_context(|| format!("{}: the set cannot be read", folder.display()))?;
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let is_in_force = config.policies.folders.iter().any(|own| real(folder).starts_with(real(own)));
    let has_policies = files.iter().any(|file| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        name.ends_with(".yaml") && name.split('.').count() == 2
    });
    let policies = if has_policies && !is_in_force {
        let mut with_set = config.clone();
        with_set.policies.folders.push(folder.to_owned());
        eprintln!(
            "note: {} holds policies that `policies.folders` does not name. They are in force for this evaluation, \
             and its report earns no policy anything until they are for the service.",
            folder.display()
        );
        service::policies(&with_set)?
    } else {
        service::policies(config)?
    };
    Ok((policies, files, folder.display().to_string()))
}

/// The files beside the policies in force.
fn beside(config: &Config) -> anyhow::Result<Vec<PolicyFile>> {
    let mut files: Vec<_> = if config.policies.builtin { builtin_files().collect() } else { Vec::new() };
    for folder in &config.policies.folders {
        files.extend(read_directory(folder).map_err(|error| told(&[error]))?);
    }
    Ok(files)
}

/// The ids of policies that are named by id or code.
fn wanted(policies: &PolicySet, names: &[String]) -> anyhow::Result<BTreeSet<String>> {
    let mut ids = BTreeSet::new();
    for name in names {
        match policies.find(name) {
            Some(policy) if policy.asks() => drop(ids.insert(policy.id.clone())),
            Some(policy) => bail!("`{}` asks no question, so no model answers for it", policy.id),
            None => bail!("there is no policy `{name}`; `countersign policy list` names them"),
        }
    }
    Ok(ids)
}

fn told(errors: &[PolicyError]) -> anyhow::Error {
    let errors: Vec<_> = errors.iter().map(ToString::to_string).collect();
    anyhow::anyhow!("{}", errors.join("\n"))
}
