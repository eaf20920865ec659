//! The models of a machine: one folder each, and what must hold before one of them is computed with.
//!
//! In: a name. Out: weights, tokenizer and template that belong together, unchanged since they came in, with the digest
//! that a record names. Nothing in a folder is ever executed: a pickle is refused by its name alone.

use std::path::{Path, PathBuf};

use crate::model::manifest::{self, Difference, Manifest, ManifestError, Reading};
use crate::model::shape::Architecture;
use crate::model::template::{self, Template, TemplateError};
use crate::model::tokenizer::{Splitting, Tokenizer, TokenizerError};
use crate::model::weights::gguf::Gguf;
use crate::model::weights::{Weights, WeightsError, gguf_of};

/// Endings of files that run code when they are read.
const PICKLES: [&str; 7] = ["bin", "pt", "pth", "pkl", "pickle", "ckpt", "joblib"];

/// A model, ready to be computed with.
#[derive(Debug)]
pub(crate) struct ModelFolder {
    /// The name of its folder.
    pub(crate) name: String,
    /// SHA-256 over its manifest.
    pub(crate) digest: String,
    /// Its weights.
    pub(crate) weights: Weights,
    /// Its tokenizer.
    pub(crate) tokenizer: Tokenizer,
    /// Its template.
    pub(crate) template: Template,
}

/// A model as a list shows it.
#[derive(Debug)]
pub(crate) struct Listed {
    /// The name of its folder.
    pub(crate) name: String,
    /// What it should hold.
    pub(crate) manifest: Result<Manifest, ManifestError>,
}

/// Why a model cannot be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    /// There is no such folder.
    #[error("there is no model {name:?} in {models}; `countersign-server model list` shows what is there")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The folder of models.
        models: PathBuf,
    },
    /// It is not as it came in.
    #[error(
        "the model in {path} is not what came in: {}. Pull it again, or find out who changed it",
        list(differences)
    )]
    Changed {
        /// The folder.
        path: PathBuf,
        /// In what.
        differences: Vec<Difference>,
    },
    /// It holds a file that would run code.
    #[error(
        "{path} is a pickle, which runs code when it is read; take the safetensors of the model, or convert it on a \
         machine that may be lost"
    )]
    Pickle {
        /// The file.
        path: PathBuf,
    },
    /// Its parts are not of one model.
    #[error("the parts of the model in {path} do not belong together: {reason}")]
    Mixed {
        /// The folder.
        path: PathBuf,
        /// Which.
        reason: String,
    },
    /// Its manifest.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Its weights.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// Its tokenizer.
    #[error(transparent)]
    Tokenizer(#[from] TokenizerError),
    /// Its template.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl ModelFolder {
    /// Opens the model of this name in a folder of models.
    ///
    /// # Errors
    /// Where it is not there, not as it came in, or not one that can be computed with.
    pub(crate) fn open(models: &Path, name: &str) -> Result<Self, FolderError> {
        let path = path_of(models, name)?;
        refuse_pickles(&path)?;
        let manifest = Manifest::read(&path)?;
        let differences = manifest.verify(&path, Reading::Touched)?;
        if !differences.is_empty() {
            return Err(FolderError::Changed { path, differences });
        }
        let (weights, tokenizer, template) = check(&path)?;
        Ok(Self { name: name.to_owned(), digest: manifest.digest(), weights, tokenizer, template })
    }
}

/// Opens a folder's parts and checks that they belong together, whatever its manifest says.
///
/// # Errors
/// Names the part that is missing, damaged, foreign or of another model.
pub(crate) fn check(path: &Path) -> Result<(Weights, Tokenizer, Template), FolderError> {
    refuse_pickles(path)?;
    let weights = Weights::open(path)?;
    let tokenizer = Tokenizer::open(path)?;
    let template = Template::of(&tokenizer)?;
    if let Some((source, file)) = own_template(path)? {
        template::check(&source, &file)?;
    }
    let mixed = |reason| FolderError::Mixed { path: path.to_owned(), reason };
    belong_together(&weights, &tokenizer, &template).map_err(mixed)?;
    Ok((weights, tokenizer, template))
}

/// The models that are there, by name.
///
/// # Errors
/// Where the folder of models cannot be read.
pub(crate) fn list_models(models: &Path) -> Result<Vec<Listed>, ManifestError> {
    if !models.exists() {
        return Ok(Vec::new());
    }
    let names = manifest::names(models)?;
    let folders = names.into_iter().filter(|name| !name.starts_with('.') && models.join(name).is_dir());
    Ok(folders.map(|name| Listed { manifest: Manifest::read(&models.join(&name)), name }).collect())
}

/// The folder of a model.
///
/// # Errors
/// Where there is none of this name.
pub(crate) fn path_of(models: &Path, name: &str) -> Result<PathBuf, FolderError> {
    let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
    let path = models.join(name);
    if is_plain && path.is_dir() {
        return Ok(path);
    }
    Err(FolderError::Unknown { name: name.to_owned(), models: models.to_owned() })
}

/// Whether a file is a pickle by its ending.
pub(crate) fn is_pickle(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    PICKLES.contains(&ending.to_ascii_lowercase().as_str())
}

fn refuse_pickles(path: &Path) -> Result<(), FolderError> {
    match manifest::names(path)?.into_iter().find(|name| is_pickle(name)) {
        Some(name) => Err(FolderError::Pickle { path: path.join(name) }),
        None => Ok(()),
    }
}

/// The template that a model brings, and the file that it is in.
fn own_template(path: &Path) -> Result<Option<(String, PathBuf)>, FolderError> {
    if let Some(file) = gguf_of(path)? {
        let source = Gguf::open(&file)?.text("tokenizer.chat_template").map(str::to_owned);
        return Ok(source.map(|source| (source, file)));
    }
    let file = path.join("chat_template.jinja");
    if file.exists() {
        let source = std::fs::read_to_string(&file).map_err(WeightsError::unreadable(&file))?;
        return Ok(Some((source, file)));
    }
    let file = path.join("tokenizer_config.json");
    if !file.exists() {
        return Ok(None);
    }
    let text = std::fs::read(&file).map_err(WeightsError::unreadable(&file))?;
    let config: serde_json::Value =
        serde_json::from_slice(&text).map_err(|error| WeightsError::damaged(&file, error.to_string()))?;
    let named = |entry: &&serde_json::Value| entry["name"] == "default";
    let source = match &config["chat_template"] {
        serde_json::Value::Array(templates) => {
            templates.iter().find(named).and_then(|entry| entry["template"].as_str())
        }
        template => template.as_str(),
    };
    Ok(source.map(|source| (source.to_owned(), file)))
}

fn belong_together(weights: &Weights, tokenizer: &Tokenizer, template: &Template) -> Result<(), String> {
    let shape = weights.shape();
    if tokenizer.vocabulary() > shape.vocabulary {
        let (tokens, rows) = (tokenizer.vocabulary(), shape.vocabulary);
        return Err(format!("the tokenizer has {tokens} tokens, and the weights know {rows}"));
    }
    let splitting = match shape.architecture {
        Architecture::Qwen2 | Architecture::Qwen3 => Splitting::Qwen2,
        Architecture::Llama => Splitting::Llama3,
    };
    if tokenizer.splitting() != splitting {
        let found = tokenizer.splitting();
        return Err(format!("the weights are {:?} and the tokenizer is {found:?}'s", shape.architecture));
    }
    if !tokenizer.ends().is_empty() && !tokenizer.ends().contains(&template.end()) {
        let end = template.end();
        return Err(format!(
            "the configuration ends a turn by {:?}, and the tokenizer by {end}",
            tokenizer.ends()
        ));
    }
    Ok(())
}

fn list(differences: &[Difference]) -> String {
    differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
