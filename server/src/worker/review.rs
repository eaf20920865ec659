//! A review inside the child: an order in; the review's document, its change and a rendered report out.
//!
//! The same walk as at a developer's desk. Policies come from the operator; the change from a mirror's objects, or
//! from what the service holds at the other end of the pipe.

use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use analyzers::change::diff_sources::DiffSources;
use analyzers::change::git::{Base, GitError, GitSources, Repository, Target};
use analyzers::change::{ChangeSet, diff_text};
use analyzers::policy::{PolicySet, Selection, Severity};
use analyzers::report::{self, document};
use analyzers::review::{Request, Review};
use analyzers::sources::{Side, Sources};
use analyzers::text::Locale;
use git2::{ObjectType, Oid};
use grammars::ParseBudget;
use sha2::{Digest as _, Sha256};

use super::configured::Configured;
use super::message::{ChangeOrder, Failure, Question, ReviewOrder, ReviewReport};
use super::pipe::{Pipe, PipeModel, PipeObserver, PipeSources};
use crate::record::Settings;

/// Threads of one review: more would take the memory of its bounds.
const MAX_THREADS: usize = 4;

/// Stack of a thread: trees of hostile code are deep.
const STACK_BYTES: usize = 8 << 20;

/// The repository's configuration, at the tip of the target branch.
const CONFIGURATION: &str = ".countersign.yaml";

/// A longer configuration is not one.
const MAX_CONFIGURATION_BYTES: usize = 256 << 10;

/// Processors that a review uses.
pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(1, |processors| processors.get().min(MAX_THREADS))
}

/// Makes the review.
pub(super) fn review(order: &ReviewOrder, pipe: &Arc<Pipe>) -> Result<(ReviewReport, Vec<u8>), Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads()).stack_size(STACK_BYTES).build();
    let pool = pool.map_err(|error| Failure::Broken(format!("no threads to review with: {error}")))?;
    pool.install(|| {
        let policies = policies(order)?;
        let change = Change::open(order, pipe)?;
        conduct(change, &policies, order, pipe)
    })
}

fn policies(order: &ReviewOrder) -> Result<PolicySet, Failure> {
    let selection = Selection { builtin: order.builtin, folders: &order.policies };
    let set = PolicySet::read(selection).map_err(|mistakes| {
        let mistakes: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
        Failure::Refused(format!("the policies cannot be used: {}", mistakes.join("; ")))
    })?;
    if set.in_force().next().is_none() {
        return Err(Failure::Refused(
            "no policy is in force; see `[policies]` of the configuration".to_owned(),
        ));
    }
    Ok(set.earning(&order.earned))
}

/// What is reviewed, with the contents of both versions.
struct Change {
    what: What,
    sources: Box<dyn Sources + Send>,
    revisions: (Option<String>, Option<String>),
    configuration: Option<Vec<u8>>,
}

enum What {
    Changed(ChangeSet),
    Whole(Vec<String>),
}

impl Change {
    fn open(order: &ReviewOrder, pipe: &Arc<Pipe>) -> Result<Self, Failure> {
        match &order.change {
            ChangeOrder::Versions { mirror, head, target } => Self::versions(mirror, head, target, order),
            ChangeOrder::Diff { base, head } => Self::diff((base.clone(), head.clone()), order, pipe),
            ChangeOrder::Files => {
                let sources = PipeSources(pipe.clone());
                let paths = sources.list(Side::Head).map_err(|error| Failure::Broken(error.to_string()))?;
                within(paths.len(), order.max_files)?;
                Ok(Self::given(What::Whole(paths), Box::new(sources)))
            }
        }
    }

    fn given(what: What, sources: Box<dyn Sources + Send>) -> Self {
        Self { what, sources, revisions: (None, None), configuration: None }
    }

    fn versions(mirror: &Path, head: &str, target: &str, order: &ReviewOrder) -> Result<Self, Failure> {
        let repository = Repository::open(mirror).map_err(of_git)?;
        let (base, head) = (Base::Revision(target.to_owned()), Target::Revision(head.to_owned()));
        let comparison = repository.change_set_within(&base, &head, order.max_files).map_err(of_git)?;
        let sources: GitSources =
            repository.sources(&comparison, ParseBudget::default().max_bytes as u64).map_err(of_git)?;
        Ok(Self {
            revisions: (Some(comparison.merge_base), comparison.head),
            what: What::Changed(comparison.change_set),
            sources: Box::new(sources),
            configuration: configuration(mirror, target)?,
        })
    }

    fn diff(
        revisions: (Option<String>, Option<String>),
        order: &ReviewOrder,
        pipe: &Arc<Pipe>,
    ) -> Result<Self, Failure> {
        let mut text = Vec::new();
        let broken = |error: std::io::Error| Failure::Broken(error.to_string());
        pipe.ask_stream(Question::Diff, &[]).map_err(broken)?.read_to_end(&mut text).map_err(broken)?;
        let change_set =
            diff_text::parse(&text).map_err(|error| Failure::Refused(format!("the diff: {error}")))?;
        within(change_set.files.len(), order.max_files)?;
        let contents = Box::new(PipeSources(pipe.clone()));
        let sources =
            DiffSources::with_contents(change_set.clone(), contents, ParseBudget::default().max_bytes as u64);
        Ok(Self { revisions, ..Self::given(What::Changed(change_set), Box::new(sources)) })
    }
}

fn of_git(error: GitError) -> Failure {
    match error {
        GitError::TooManyFiles { .. } | GitError::Unrelated { .. } => Failure::Refused(error.to_string()),
        error => Failure::Git(error.to_string()),
    }
}

fn within(files: usize, max_files: usize) -> Result<(), Failure> {
    match files <= max_files {
        true => Ok(()),
        false => Err(Failure::Refused(GitError::TooManyFiles { files, max_files }.to_string())),
    }
}

/// The repository's configuration at the tip of its target branch, where it has one.
fn configuration(mirror: &Path, target: &str) -> Result<Option<Vec<u8>>, Failure> {
    let git = git2::Repository::open_bare(mirror)?;
    let tree = git.find_commit(Oid::from_str(target)?)?.tree()?;
    let Ok(entry) = tree.get_path(Path::new(CONFIGURATION)) else { return Ok(None) };
    let refused = |why: &str| Failure::Refused(format!("`{CONFIGURATION}` of the target branch {why}"));
    let (bytes, kind) = git.odb()?.read_header(entry.id())?;
    if kind != ObjectType::Blob || entry.filemode() & 0o170_000 != 0o100_000 {
        return Err(refused("is not a regular file"));
    }
    if bytes > MAX_CONFIGURATION_BYTES {
        return Err(refused(&format!("has {bytes} bytes, more than {MAX_CONFIGURATION_BYTES}")));
    }
    Ok(Some(git.find_blob(entry.id())?.content().to_vec()))
}

fn conduct(
    change: Change,
    policies: &PolicySet,
    order: &ReviewOrder,
    pipe: &Arc<Pipe>,
) -> Result<(ReviewReport, Vec<u8>), Failure> {
    let digest = change.configuration.as_deref().map(|bytes| hex::encode(Sha256::digest(bytes)));
    let (sources, revisions) = (change.sources, change.revisions);
    let (review, change_set, settings) = match change.what {
        What::Whole(paths) => {
            let asked = Asked {
                policies,
                sources: sources.as_ref(),
                fail_on: order.fail_on,
                language: order.language,
                files: paths.len(),
            };
            let review = asked.with(order, pipe, |request| analyzers::review::scan(&paths, request));
            (review, ChangeSet::new(Vec::new()), Settings::default())
        }
        What::Changed(change_set) => {
            let bytes = change.configuration.as_deref();
            let own = Configured::new(bytes, change_set, sources.as_ref(), policies, order)?;
            let asked = Asked {
                policies: own.policies.as_ref().unwrap_or(policies),
                sources: sources.as_ref(),
                fail_on: own.fail_on,
                language: own.settings.language.unwrap_or(order.language),
                files: own.change_set.files.len(),
            };
            let mut review = asked.with(order, pipe, |request| {
                request.excluded = own.excluded;
                analyzers::review::review(&own.change_set, revisions.clone(), request)
            });
            review.leave_unread(own.notes);
            (review, own.change_set, own.settings)
        }
    };
    let (document, lines) = document::with_change(&review, &change_set);
    let mut rendered = Vec::new();
    if let Some(rendering) = &order.rendering {
        report::render(&review, rendering.format, &rendering.options, &mut rendered)
            .map_err(|error| Failure::Broken(error.to_string()))?;
    }
    let report = ReviewReport {
        document,
        change: lines,
        merge_base: revisions.0,
        configuration: digest,
        settings,
        is_rendered: order.rendering.is_some(),
    };
    Ok((report, rendered))
}

/// What one review is made with.
struct Asked<'a> {
    policies: &'a PolicySet,
    sources: &'a dyn Sources,
    fail_on: Severity,
    /// The language of what people read of it.
    language: Locale,
    files: usize,
}

impl Asked<'_> {
    fn with(
        &self,
        order: &ReviewOrder,
        pipe: &Arc<Pipe>,
        review: impl FnOnce(&mut Request<'_>) -> Review,
    ) -> Review {
        let observer = PipeObserver::new(pipe.clone(), self.files, self.fail_on);
        let model = PipeModel(pipe.clone());
        let mut request = Request::new(self.policies, self.sources);
        request.fail_on = self.fail_on;
        (request.locale, request.model_budget) = (self.language, order.model_budget);
        if order.has_model {
            request.model = Some(&model);
        }
        if order.is_watched {
            request.observer = &observer;
        }
        let mut review = review(&mut request);
        if order.require_model {
            review.require_answers();
        }
        review
    }
}
