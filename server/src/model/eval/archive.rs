//! The folder where reports of evaluations are kept, and the last one of the same pairs.
//!
//! A report is written whole or not at all. A file that should be a report and cannot be read is an error: nobody
//! would be told that nothing is compared any more.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use analyzers::evaluation::EvaluationReport;
use anyhow::{Context, bail};

/// Characters of a fingerprint in a file's name.
const MAX_NAME: usize = 80;

/// Where reports go.
pub(super) struct Archive {
    folder: PathBuf,
    /// The name of the report, where it is given.
    file: Option<PathBuf>,
}

impl Archive {
    /// The folder of a named report, or that of evaluations in the data folder. It is made where it is not there.
    pub(super) fn open(data: &Path, file: Option<&Path>) -> anyhow::Result<Self> {
        let folder = match file {
            Some(file) => match file.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
                _ => PathBuf::from("."),
            },
            None => data.join("evaluations"),
        };
        if let Some(file) = file.filter(|file| file.is_dir()) {
            bail!("{}: the report cannot be a folder; name a file", file.display());
        }
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("{}: the folder for the report cannot be made", folder.display()))?;
        Ok(Self { folder, file: file.map(Path::to_owned) })
    }

    /// The last report of pairs with this digest.
    pub(super) fn last(&self, set_digest: &str) -> anyhow::Result<Option<EvaluationReport>> {
        let mut last: Option<EvaluationReport> = None;
        let unlisted = || format!("{}: earlier reports cannot be listed", self.folder.display());
        for entry in std::fs::read_dir(&self.folder).with_context(unlisted)? {
            let path = entry.with_context(unlisted)?.path();
            if path.extension().is_none_or(|extension| extension != "json") || !path.is_file() {
                continue;
            }
            let Some(report) = earlier(&path)? else { continue };
            let is_later = |last: &EvaluationReport| report.made_at > last.made_at;
            if report.set.digest == set_digest && last.as_ref().is_none_or(is_later) {
                last = Some(report);
            }
        }
        Ok(last)
    }

    /// Writes a report; its file.
    pub(super) fn keep(&self, report: &EvaluationReport) -> anyhow::Result<PathBuf> {
        let file = self.file.clone().unwrap_or_else(|| self.folder.join(name(report)));
        let unwritten = || format!("{}: the report cannot be written", file.display());
        let mut whole = tempfile::NamedTempFile::new_in(&self.folder).with_context(unwritten)?;
        whole.write_all(report.text().as_bytes()).with_context(unwritten)?;
        whole.as_file().sync_all().with_context(unwritten)?;
        whole.persist(&file).map_err(|error| error.error).with_context(unwritten)?;
        Ok(file)
    }
}

/// Reads a report, or says which file is none.
pub(crate) fn read(file: &Path) -> anyhow::Result<EvaluationReport> {
    let named = || format!("{}: the report of an evaluation cannot be read", file.display());
    let text = std::fs::read_to_string(file).with_context(named)?;
    EvaluationReport::read(&text).map_err(|why| anyhow::anyhow!("{why}")).with_context(named)
}

/// A file beside the reports: nothing where it is JSON of another kind.
fn earlier(file: &Path) -> anyhow::Result<Option<EvaluationReport>> {
    if std::fs::read_to_string(file).is_ok_and(|text| EvaluationReport::is_something_else(&text)) {
        return Ok(None);
    }
    let report = read(file);
    report
        .map(Some)
        .context("an earlier report cannot be compared with; mend it or move it out of the folder")
}

/// Time and fingerprint: `20260131T020000Z-sha256-77.json`.
fn name(report: &EvaluationReport) -> String {
    let time: String = report.made_at.chars().filter(char::is_ascii_alphanumeric).collect();
    let model = report.model.fingerprint.as_deref().unwrap_or(&report.model.name);
    let plain =
        |character: char| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' };
    let model: String = model.chars().map(plain).take(MAX_NAME).collect();
    format!("{time}-{model}.json")
}
