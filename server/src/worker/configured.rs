//! What a repository's configuration makes of its review, inside the child.
//!
//! The file's bytes at the target branch in; policies, files and threshold as the repository tightens them out.
//! A file that cannot be read loosens nothing: the operator's settings hold, and the review has a gap until a
//! change mends it.

use analyzers::change::ChangeSet;
use analyzers::configuration::{
    Approval, AutoReview, Configuration, ConfigurationError, Narrowed, PATH, Skipped, touched_by,
};
use analyzers::policy::{PolicySet, Severity};
use analyzers::review::{Excluded, Unread};
use analyzers::sources::{Side, Sources};

use super::message::{Failure, ReviewOrder};
use crate::record::Settings;

/// A review as the repository configures it.
pub(super) struct Configured {
    /// The policies, tightened; `None` where the operator's hold as they are.
    pub(super) policies: Option<PolicySet>,
    /// The lowest severity at which an enforced finding blocks.
    pub(super) fail_on: Severity,
    /// What is reviewed.
    pub(super) change_set: ChangeSet,
    /// What the repository leaves out.
    pub(super) excluded: Vec<Excluded>,
    /// What is to be said of the configuration itself.
    pub(super) notes: Vec<Unread>,
    /// How the merge request is told.
    pub(super) settings: Settings,
}

impl Configured {
    /// Applies the configuration of the target branch to a change.
    pub(super) fn new(
        bytes: Option<&[u8]>,
        change_set: ChangeSet,
        sources: &dyn Sources,
        policies: &PolicySet,
        order: &ReviewOrder,
    ) -> Result<Self, Failure> {
        let mut configured = Self {
            policies: None,
            fail_on: order.fail_on,
            notes: touched(&change_set, sources),
            change_set,
            excluded: Vec::new(),
            settings: Settings::default(),
        };
        let Some(bytes) = bytes else {
            is_asked_for(&AutoReview::default(), order)?;
            return Ok(configured);
        };
        match Configuration::read(bytes).and_then(|own| Tightened::new(own, policies, order.fail_on)) {
            Ok(tightened) => configured.apply(tightened, order)?,
            Err(mistakes) => {
                is_asked_for(&AutoReview::default(), order)?;
                let is_mended = configured.notes.is_empty() && !touched_by(&configured.change_set).is_empty();
                configured
                    .notes
                    .push(Unread { leaves_gap: !is_mended, ..note(&mistakes, "at the target branch") });
            }
        }
        Ok(configured)
    }

    fn apply(&mut self, tightened: Tightened, order: &ReviewOrder) -> Result<(), Failure> {
        let Tightened { own, policies, fail_on } = tightened;
        is_asked_for(&own.auto_review, order)?;
        let approval = if order.path_filters { Approval::Approved } else { Approval::NotApproved };
        let Narrowed { change_set, excluded } = own.narrow(std::mem::take(&mut self.change_set), approval);
        self.settings = Settings {
            language: own.language,
            max_comments: own.max_comments,
            severity_threshold: own.severity_threshold,
        };
        (self.policies, self.fail_on) = (Some(policies), fail_on);
        (self.change_set, self.excluded) = (change_set, excluded);
        Ok(())
    }
}

/// A configuration that holds together with the operator's settings.
struct Tightened {
    own: Configuration,
    policies: PolicySet,
    fail_on: Severity,
}

impl Tightened {
    fn new(
        own: Configuration,
        policies: &PolicySet,
        operators: Severity,
    ) -> Result<Self, Vec<ConfigurationError>> {
        let fail_on = own.fail_on(operators).map_err(|mistake| vec![mistake])?;
        Ok(Self { policies: own.tighten(policies)?, own, fail_on })
    }
}

/// Passes where somebody asked for the review, or the repository wants it unasked.
fn is_asked_for(auto_review: &AutoReview, order: &ReviewOrder) -> Result<(), Failure> {
    let skipped = order.unasked.as_ref().and_then(|unasked| {
        auto_review.skips(&unasked.target_branch, &unasked.labels, unasked.is_draft, unasked.drafts)
    });
    match skipped {
        Some(skipped) => Err(Failure::Skipped(why(skipped).to_owned())),
        None => Ok(()),
    }
}

/// Why a merge request is not reviewed unasked, for a person.
pub(super) fn why(skipped: Skipped) -> &'static str {
    match skipped {
        Skipped::TurnedOff => "the repository asks for no review by itself",
        Skipped::Draft => "a draft; it is reviewed when it is ready",
        Skipped::Branch => "the repository asks for no review of merges into this branch",
        Skipped::Label => "the repository asks for reviews of labelled merge requests only",
    }
}

/// What a change does to the configuration that no policy sees: mistakes at head, and its removal.
fn touched(change_set: &ChangeSet, sources: &dyn Sources) -> Vec<Unread> {
    if !touched_by(change_set).contains(&PATH) {
        return Vec::new();
    }
    match sources.read(Side::Head, PATH) {
        Ok(bytes) => match Configuration::read(&bytes) {
            Ok(_) => Vec::new(),
            Err(mistakes) => vec![note(&mistakes, "as this change leaves it")],
        },
        Err(_) => vec![Unread {
            path: PATH.to_owned(),
            lines: None,
            reason: "this change removes the configuration of reviews; for this review the target's holds"
                .to_owned(),
            leaves_gap: false,
        }],
    }
}

fn note(mistakes: &[ConfigurationError], which: &str) -> Unread {
    let told: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    let reason = format!("the configuration {which} cannot be read: {}", told.join("; "));
    Unread { path: PATH.to_owned(), lines: None, reason, leaves_gap: false }
}
