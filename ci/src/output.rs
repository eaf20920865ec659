//! Where reports go: to stdout, or whole into a file.
//!
//! A file gets its report under a name of its own first and is then renamed, so that nobody reads half of one.
//! A reader of stdout that goes away early is no error.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};

use analyzers::gate::{State, blocks};
use analyzers::report::{self, Detail, Format, Options};
use analyzers::review::Review;
use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, bail};
use tempfile::{Builder, NamedTempFile};

use crate::desk::Desk;
use crate::pipeline;

/// Columns of a report that no terminal shows.
const DEFAULT_WIDTH: usize = 100;

/// A place for a report that can be written.
pub(crate) enum Output {
    /// Standard output.
    Stdout,
    /// A regular file, there or not yet.
    File(PathBuf),
    /// A device or a pipe.
    Device(PathBuf),
}

impl Output {
    /// The place, after a look whether it can be written.
    pub(crate) fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(named) = file else { return Ok(Self::Stdout) };
        // A link stays a link: what it leads to is written.
        let path = fs::canonicalize(named).unwrap_or_else(|_| named.to_owned());
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_dir() => {
                bail!("{}: it is a folder", unwritable(named))
            }
            Ok(metadata) if !metadata.is_file() => return Ok(Self::Device(path)),
            Ok(_) | Err(_) => {}
        }
        beside(&path).with_context(|| unwritable(named))?;
        Ok(Self::File(path))
    }

    /// How a report for this place should look.
    pub(crate) fn options(&self, detail: Detail, desk: &Desk) -> Options {
        match self {
            Self::Stdout => terminal(detail, desk),
            Self::File(_) | Self::Device(_) => plain(detail, desk),
        }
    }

    /// Writes a review; where it goes into a file, says how it ended.
    pub(crate) fn deliver(
        &self,
        review: &Review,
        format: Format,
        detail: Detail,
        desk: &Desk,
    ) -> anyhow::Result<()> {
        let mut bytes = Vec::new();
        report::render(review, format, &self.options(detail, desk), &mut bytes)
            .context("rendering the report")?;
        let blocking = review.findings.iter().filter(|finding| blocks(finding, review.fail_on)).count();
        self.write(&bytes, &in_short(review.state, review.findings.len(), blocking), desk)
    }

    /// Writes a report; where it goes into a file, says `in_short` how the review ended.
    pub(crate) fn write(&self, report: &[u8], in_short: &str, desk: &Desk) -> anyhow::Result<()> {
        let (path, written) = match self {
            Self::Stdout => return print(report),
            Self::File(path) => (path, replace(path, report)),
            Self::Device(path) => (path, fs::write(path, report)),
        };
        written.with_context(|| unwritable(path))?;
        desk.note(&format!("{in_short}; see {}", path.display()));
        Ok(())
    }
}

/// How a review ended, in a few words.
pub(crate) fn in_short(state: State, findings: usize, blocking: usize) -> String {
    let state = match state {
        State::Passed => "passed",
        State::Failed => "failed",
        State::NotReviewed => "not reviewed",
        State::Partial => "partial",
    };
    match findings {
        0 => state.to_owned(),
        1 => format!("{state}: 1 finding, {blocking} blocking"),
        findings => format!("{state}: {findings} findings, {blocking} blocking"),
    }
}

/// Writes to stdout.
pub(crate) fn print(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.context("writing to stdout"),
    }
}

/// A value as JSON for stdout.
pub(crate) fn json(value: &impl serde::Serialize) -> anyhow::Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(value).context("writing JSON")?))
}

/// Whether stdout takes colours.
pub(crate) fn is_coloured() -> bool {
    AutoStream::choice(&io::stdout()) != ColorChoice::Never
}

/// Columns of the terminal, where stdout is one.
pub(crate) fn columns() -> Option<usize> {
    let is_terminal = io::stdout().is_terminal();
    terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0))
}

fn plain(detail: Detail, desk: &Desk) -> Options {
    let repository = pipeline::repository();
    Options { locale: desk.locale, width: DEFAULT_WIDTH, colour: false, repository, detail }
}

fn terminal(detail: Detail, desk: &Desk) -> Options {
    Options { width: columns().unwrap_or(DEFAULT_WIDTH), colour: is_coloured(), ..plain(detail, desk) }
}

fn unwritable(path: &Path) -> String {
    format!("{}: the report cannot be written", path.display())
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

/// A temporary file in the folder of `path`, with the rights of any other new file.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    builder.prefix(".countersign-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    // The name of the temporary file is of no use to a person.
    builder.tempfile_in(folder).map_err(|error| error.kind().into())
}
