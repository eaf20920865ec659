//! What a repository on the Hub holds: its commit, and its files with their lengths and sums.

use serde::Deserialize;

use super::{Fetcher, PullError, Wanted, belongs, is_plain};

/// The files of one commit that are wanted, the smallest first.
#[derive(Debug)]
pub(super) struct Listing {
    /// The repository.
    pub(super) repository: String,
    /// The commit.
    pub(super) commit: String,
    /// The files.
    pub(super) files: Vec<HubFile>,
}

/// One file.
#[derive(Clone, Debug)]
pub(super) struct HubFile {
    /// Its name.
    pub(super) name: String,
    /// Its length.
    pub(super) bytes: u64,
    /// What its bytes must give.
    pub(super) sum: Sum,
}

/// A promise about bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sum {
    /// SHA-256, of large files.
    Sha256(String),
    /// The id of the blob in git (SHA-1 with a header), of small ones.
    GitBlob(String),
}

/// The Hub's answer.
#[derive(Deserialize)]
struct Answer {
    sha: String,
    siblings: Vec<Sibling>,
}

#[derive(Deserialize)]
struct Sibling {
    rfilename: String,
    size: Option<u64>,
    #[serde(rename = "blobId")]
    blob: Option<String>,
    lfs: Option<Lfs>,
}

#[derive(Deserialize)]
struct Lfs {
    #[serde(alias = "oid")]
    sha256: String,
    size: u64,
}

impl Listing {
    /// All bytes.
    pub(super) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// Asks the Hub for a repository's files.
///
/// # Errors
/// Where it cannot be reached, or holds nothing that can be computed with.
pub(super) async fn list(fetcher: &Fetcher, wanted: &Wanted) -> Result<Listing, PullError> {
    let parts: Vec<&str> = wanted.repository.split('/').collect();
    let is_name = parts.len() == 2 && parts.iter().all(|part| is_plain(part)) && is_plain(&wanted.revision);
    if !is_name {
        return Err(PullError::Name(wanted.repository.clone()));
    }
    let path = format!("api/models/{}/revision/{}?blobs=true", wanted.repository, wanted.revision);
    let (url, text) = fetcher.get_small(&path).await?;
    let useless = |reason: String| PullError::Answer { url: url.clone(), reason };
    let answer: Answer = serde_json::from_slice(&text).map_err(|error| useless(error.to_string()))?;
    if answer.sha.len() != 40 || !answer.sha.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(useless(format!("it names the commit {:?}", answer.sha)));
    }
    let siblings = choose(answer.siblings, wanted)?;
    let files: Result<Vec<_>, _> = siblings.into_iter().map(file).collect();
    let mut files = files.map_err(useless)?;
    files.sort_by_key(|file| (file.bytes, file.name.clone()));
    Ok(Listing { repository: wanted.repository.clone(), commit: answer.sha, files })
}

fn file(sibling: Sibling) -> Result<HubFile, String> {
    let name = sibling.rfilename;
    match (sibling.lfs, sibling.blob, sibling.size) {
        (Some(lfs), _, _) if is_hexadecimal(&lfs.sha256, 64) => {
            Ok(HubFile { name, bytes: lfs.size, sum: Sum::Sha256(lfs.sha256.to_ascii_lowercase()) })
        }
        (None, Some(blob), Some(bytes)) if is_hexadecimal(&blob, 40) => {
            Ok(HubFile { name, bytes, sum: Sum::GitBlob(blob.to_ascii_lowercase()) })
        }
        _ => Err(format!("it promises no sum and length of {name}, so that nothing could be checked")),
    }
}

fn is_hexadecimal(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Safetensors with what belongs to them, or one GGUF.
fn choose(siblings: Vec<Sibling>, wanted: &Wanted) -> Result<Vec<Sibling>, PullError> {
    let unusable = |reason: String| PullError::Unusable { origin: wanted.repository.clone(), reason };
    let is_gguf = |name: &str| name.ends_with(".gguf") && is_plain(name);
    let names: Vec<String> = siblings.iter().map(|sibling| sibling.rfilename.clone()).collect();
    let ggufs: Vec<&String> = names.iter().filter(|name| is_gguf(name)).collect();
    let has_safetensors = names.iter().any(|name| belongs(name) && name.ends_with(".safetensors"));
    let chosen = match (&wanted.file, has_safetensors, ggufs.as_slice()) {
        (Some(file), _, _) if ggufs.contains(&file) => file,
        (Some(file), _, _) => return Err(unusable(format!("it holds no {file}"))),
        (None, true, _) => {
            return Ok(siblings.into_iter().filter(|sibling| belongs(&sibling.rfilename)).collect());
        }
        (None, false, [only]) => *only,
        (None, false, []) => {
            return Err(unusable(
                "it holds neither safetensors nor GGUF files (pickles are never taken)".to_owned(),
            ));
        }
        (None, false, several) => {
            let list = several.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(unusable(format!("it holds several GGUF files, name one by --file: {list}")));
        }
    };
    let is_wanted = |name: &str| name == chosen || name.starts_with("LICENSE") && belongs(name);
    Ok(siblings.into_iter().filter(|sibling| is_wanted(&sibling.rfilename)).collect())
}
