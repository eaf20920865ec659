//! A model from a folder or a `.gguf` file of this machine, for those that no server reaches.
//!
//! Files are copied and their copies summed, so that the manifest says what lies among the models, not what lay elsewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Place, PullError, bar, belongs, entry, is_plain};
use crate::model::folder::{FolderError, is_pickle};
use crate::model::manifest::{self, Manifest};

/// Copies a model in; the folder that it is in then.
///
/// # Errors
/// Where there is no model, or not one that can be served. The folder of models is then as it was before.
pub(crate) fn import(source: &Path, models: &Path, name: Option<&str>) -> Result<PathBuf, PullError> {
    let own_name = if source.is_dir() { source.file_name() } else { source.file_stem() };
    let own_name = own_name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let place = Place::new(models, name.unwrap_or(&own_name))?;
    let files = files_of(source)?;
    std::fs::create_dir_all(&place.partial).map_err(manifest::io_error(&place.partial))?;
    let bytes = files.iter().map(|file| std::fs::metadata(file).map_or(0, |metadata| metadata.len())).sum();
    let bar = bar(bytes);
    let mut entries = BTreeMap::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        bar.set_message(name.clone());
        let copy = place.partial.join(&name);
        std::fs::copy(&file, &copy).map_err(manifest::io_error(&copy))?;
        entries.insert(name, entry(&copy, &bar)?);
    }
    bar.finish_and_clear();
    let origin = source.display().to_string();
    place.settle(&Manifest { origin, revision: None, files: entries })
}

fn files_of(source: &Path) -> Result<Vec<PathBuf>, PullError> {
    if !source.is_dir() {
        let is_gguf = source.extension().is_some_and(|ending| ending == "gguf") && source.is_file();
        let unusable = || PullError::Unusable {
            origin: source.display().to_string(),
            reason: "it is neither a folder nor a .gguf file".to_owned(),
        };
        return if is_gguf { Ok(vec![source.to_owned()]) } else { Err(unusable()) };
    }
    let names = manifest::names(source)?;
    if let Some(pickle) = names.iter().find(|name| is_pickle(name) && !has_safetensors(&names)) {
        return Err(FolderError::Pickle { path: source.join(pickle) }.into());
    }
    let is_taken = |name: &String| belongs(name) || name.ends_with(".gguf") && is_plain(name);
    Ok(names.iter().filter(|name| is_taken(name)).map(|name| source.join(name)).collect())
}

/// A folder that holds both is taken without its pickles.
fn has_safetensors(names: &[String]) -> bool {
    names.iter().any(|name| name.ends_with(".safetensors") && belongs(name))
}
