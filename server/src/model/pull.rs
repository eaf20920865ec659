//! Brings a model onto this machine: from a server that speaks the contract of the Hugging Face Hub, or from a folder.
//!
//! Everything lands in a hidden folder beside the models and is moved among them in one step, when every sum is right and
//! the parts belong together. What a broken connection left is taken up again.

mod fetch;
mod hub;
mod import;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};

use crate::model::folder::{self, FolderError};
use crate::model::manifest::{self, Entry, Manifest, ManifestError};

pub(crate) use fetch::Fetcher;
pub(crate) use import::import;

/// Where models are fetched from, where nothing else is said.
pub(crate) const HUB: &str = "https://huggingface.co";

/// What is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// `owner/name` on the server.
    pub(crate) repository: String,
    /// A branch, tag or commit there.
    pub(crate) revision: String,
    /// Which GGUF file, where the repository holds several.
    pub(crate) file: Option<String>,
}

/// Why a model did not come in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PullError {
    /// What was asked for is no name of a model.
    #[error(
        "{0:?} is not the name of a model; names are OWNER/NAME, such as deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"
    )]
    Name(String),
    /// There is one of that name already.
    #[error(
        "{0} is there already; `countersign-server model verify` checks it, `--name` brings another in beside it"
    )]
    Exists(PathBuf),
    /// The server does not answer, or breaks off again and again.
    #[error(
        "{url} could not be fetched: {reason}. What came is kept: run the command again to go on from there, or set \
         HF_ENDPOINT to a mirror that this machine can reach"
    )]
    Unreachable {
        /// The address.
        url: String,
        /// What happened.
        reason: String,
    },
    /// The server refuses.
    #[error("{url}: the server answers {status}; is the name right, and may this machine read it?")]
    Refused {
        /// The address.
        url: String,
        /// Its answer.
        status: u16,
    },
    /// The server's answer makes no sense.
    #[error("{url}: the answer of the server cannot be used: {reason}")]
    Answer {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// A file came whole and is not what the server says it is.
    #[error(
        "{file} came with other bytes than its server promises ({found} in place of {wanted}); it was thrown away. Run \
         the command again; where it stays so, the mirror or the connection changes files"
    )]
    Sum {
        /// The file.
        file: String,
        /// The promised sum.
        wanted: String,
        /// The sum of what came.
        found: String,
    },
    /// There is nothing in it that could be computed with.
    #[error("{origin} cannot be taken: {reason}")]
    Unusable {
        /// Where it should come from.
        origin: String,
        /// Why.
        reason: String,
    },
    /// What came is no model that can be served.
    #[error(transparent)]
    Folder(Box<FolderError>),
    /// The disk.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl From<FolderError> for PullError {
    fn from(error: FolderError) -> Self {
        Self::Folder(Box::new(error))
    }
}

/// Fetches a model into a folder of models; the folder that it is in then.
///
/// # Errors
/// Says what went wrong and whether trying again helps. The folder of models is then as it was before.
pub(crate) async fn pull(
    fetcher: &Fetcher,
    wanted: &Wanted,
    models: &Path,
    name: Option<&str>,
) -> Result<PathBuf, PullError> {
    let own_name = wanted.repository.rsplit('/').next().unwrap_or_default();
    let place = Place::new(models, name.unwrap_or(own_name))?;
    let listing = hub::list(fetcher, wanted).await?;
    std::fs::create_dir_all(&place.partial).map_err(manifest::io_error(&place.partial))?;
    let bar = bar(listing.bytes());
    let mut files = BTreeMap::new();
    for file in &listing.files {
        bar.set_message(file.name.clone());
        let entry = fetcher.fetch(&listing, file, &place.partial, &bar).await?;
        files.insert(file.name.clone(), entry);
        if file.name == "config.json" {
            // A network that cannot be computed is refused before its gigabytes are fetched.
            crate::model::weights::config::read(&place.partial.join(&file.name))
                .map_err(FolderError::from)?;
        }
    }
    bar.finish_and_clear();
    let manifest =
        Manifest { origin: wanted.repository.clone(), revision: Some(listing.commit.clone()), files };
    place.settle(&manifest)
}

/// Where a model is while it comes in, and where it will be.
struct Place {
    partial: PathBuf,
    settled: PathBuf,
}

impl Place {
    fn new(models: &Path, name: &str) -> Result<Self, PullError> {
        if !is_plain(name) {
            return Err(PullError::Name(name.to_owned()));
        }
        let settled = models.join(name);
        if settled.exists() {
            return Err(PullError::Exists(settled));
        }
        Ok(Self { partial: models.join(format!(".{name}.partial")), settled })
    }

    /// Checks what came in and moves it among the models.
    fn settle(self, manifest: &Manifest) -> Result<PathBuf, PullError> {
        self.drop_strangers(manifest)?;
        folder::check(&self.partial)?;
        manifest.write(&self.partial)?;
        std::fs::rename(&self.partial, &self.settled).map_err(manifest::io_error(&self.settled))?;
        Ok(self.settled)
    }

    /// An earlier try may have left files that this one does not want.
    fn drop_strangers(&self, manifest: &Manifest) -> Result<(), PullError> {
        for name in manifest::names(&self.partial)? {
            let path = self.partial.join(&name);
            if !manifest.files.contains_key(&name) && path.is_file() {
                std::fs::remove_file(&path).map_err(manifest::io_error(&path))?;
            }
        }
        Ok(())
    }
}

/// One name of a file or folder, visible and without a way out of where it is put.
fn is_plain(name: &str) -> bool {
    let is_allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.+".contains(letter);
    !name.is_empty() && name.len() <= 200 && !name.starts_with('.') && name.chars().all(is_allowed)
}

/// Whether a file belongs to a model: weights, configuration, tokenizer, template, adapter, licence.
fn belongs(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "chat_template.jinja",
        "model.safetensors",
        "model.safetensors.index.json",
        "adapter_config.json",
        "adapter_model.safetensors",
        "README.md",
    ];
    let is_shard = name.starts_with("model-") && name.ends_with(".safetensors");
    is_plain(name) && (NAMES.contains(&name) || is_shard || name.starts_with("LICENSE"))
}

fn bar(bytes: u64) -> ProgressBar {
    let style = "{msg:40!} {wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}";
    let style = ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style)
}

/// A file's entry in the manifest.
fn entry(path: &Path, progress: &ProgressBar) -> Result<Entry, ManifestError> {
    let bytes = std::fs::metadata(path).map_err(manifest::io_error(path))?.len();
    Ok(Entry { bytes, sha256: manifest::sha256(path, |count| progress.inc(count))? })
}

#[cfg(test)]
mod tests;
