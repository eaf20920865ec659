//! A review by a countersign-server: the change goes there, the report comes back.
//!
//! What the server does not say for certain never lets a change pass: no answer, a broken one, or one about
//! another change ends in exit code 3.

mod request;
mod wire;

use std::path::{Path, PathBuf};

use analyzers::gate::State;
use analyzers::policy::Severity;
use analyzers::report::document::Document;
use analyzers::report::{Format, Options};
use analyzers::review::Subject;
use anyhow::{Context, anyhow, ensure};
use clap::Args;
use serde::Deserialize;
use ureq::http::Uri;

use crate::change::Change;
use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::progress::Progress;

/// Whom to ask.
#[derive(Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct ServerOptions {
    /// Let a countersign-server review the change, by its policies and its model
    #[arg(long, value_name = "URL", conflicts_with_all = ["folders", "no_builtin"])]
    server: Option<String>,
    /// File with a token of that server
    #[arg(long, value_name = "FILE", requires = "server")]
    server_token_file: Option<PathBuf>,
    /// File with the certificates (PEM) of the authorities to trust [default: those of the system]
    #[arg(long, value_name = "FILE", requires = "server")]
    ca_file: Option<PathBuf>,
}

/// A server to ask.
pub(crate) struct Server {
    /// Its address, without a slash at its end.
    address: String,
    token: Option<String>,
    ca_file: Option<PathBuf>,
}

/// What a review is asked for.
pub(crate) struct Terms {
    /// The lowest severity at which an enforced finding blocks.
    pub(crate) fail_on: Severity,
    /// Whether unasked questions leave the review partial.
    pub(crate) require_model: bool,
    /// The form of the report.
    pub(crate) format: Format,
    /// How the report should look.
    pub(crate) options: Options,
}

/// A server's review.
pub(crate) struct Verdict {
    /// How the run ends.
    pub(crate) exit: Exit,
    /// The report.
    pub(crate) report: String,
    /// The review.
    pub(crate) document: Document,
}

/// The answer as the server writes it.
#[derive(Deserialize)]
struct Answer {
    id: String,
    state: String,
    reason: Option<String>,
    review: Option<Document>,
    report: Option<String>,
}

impl ServerOptions {
    /// The server that is named, if one is.
    pub(crate) fn open(&self) -> anyhow::Result<Option<Server>> {
        let Some(named) = &self.server else { return Ok(None) };
        let address = address(named)?;
        let token = self.server_token_file.as_deref().map(token).transpose()?;
        Ok(Some(Server { address, token, ca_file: self.ca_file.clone() }))
    }
}

impl Server {
    /// Has the change reviewed.
    pub(crate) fn review(&self, change: &Change, terms: &Terms, desk: &Desk) -> Result<Verdict, Failure> {
        let body = request::body(change, terms)?;
        let progress = Progress::over(change.change_set().files.len(), desk);
        let answer = wire::ask(self, &body, &progress)?;
        drop(progress);
        let id = answer.id.clone();
        let verdict = verdict(answer, change).map_err(|reason| {
            Failure::NothingToTell(format!("{} did not review the change: {reason}", self.address))
        })?;
        desk.note(&format!("reviewed by {0}; see {0}/reviews/{id}", self.address));
        Ok(verdict)
    }
}

fn verdict(answer: Answer, change: &Change) -> Result<Verdict, String> {
    let Answer { id: _, state, reason, review, report } = answer;
    let (Some(document), Some(report)) = (review, report) else {
        return Err(reason.unwrap_or_else(|| format!("it says `{state}` and nothing more")));
    };
    let (base, head) = change.revisions();
    if document.subject != (Subject::Change { base, head }) {
        return Err("its answer is about another change".to_owned());
    }
    // The gate opens only where the state and the review both say so.
    let exit = match (state.as_str(), document.state) {
        ("passed", State::Passed) => Exit::Passed,
        ("failed", State::Failed) => Exit::Findings,
        ("passed" | "failed", _) => return Err("its answer contradicts itself".to_owned()),
        (_, _) => Exit::NotReviewed,
    };
    Ok(Verdict { exit, report, document })
}

/// The address without a slash at its end. Code and tokens travel over `https`, or within this machine.
fn address(named: &str) -> anyhow::Result<String> {
    const FORM: &str = "write an address such as `https://countersign.bank.example`";
    let wrong = || anyhow!("--server {named}: it is no address of a server; {FORM}");
    let uri: Uri = named.parse().map_err(|_| wrong())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else { return Err(wrong()) };
    ensure!(!authority.as_str().contains('@') && uri.query().is_none(), wrong());
    let is_here = matches!(authority.host(), "localhost" | "127.0.0.1" | "[::1]");
    ensure!(
        scheme == "https" || (scheme == "http" && is_here),
        "--server {named}: code is sent over `https` only (or to this machine); {FORM}"
    );
    Ok(named.trim_end_matches('/').to_owned())
}

fn token(file: &Path) -> anyhow::Result<String> {
    let named = || format!("--server-token-file {}: the token cannot be read", file.display());
    let text = std::fs::read_to_string(file).with_context(named)?;
    let token = text.trim_end_matches(['\r', '\n']);
    ensure!(
        !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()),
        "--server-token-file {}: it holds no token; a token is one word",
        file.display()
    );
    Ok(token.to_owned())
}
