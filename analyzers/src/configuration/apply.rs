//! What the configuration changes about a review: which files, which policies, how strictly, how loudly.

use globset::GlobMatcher;

use super::{AutoReview, Configuration, ConfigurationError, PATH, POLICIES, Tier};
use crate::change::ChangeSet;
use crate::policy::{PolicySet, Severity};
use crate::review::Excluded;

/// What the operator thinks of the files that repositories leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    /// They are out of scope.
    Approved,
    /// They leave a review partial.
    NotApproved,
}

/// A change set without the files that the repository leaves out, and those files.
#[derive(Clone, Debug)]
pub struct Narrowed {
    /// What is reviewed.
    pub change_set: ChangeSet,
    /// What is not, for `Request::excluded`.
    pub excluded: Vec<Excluded>,
}

/// Why a merge request is not reviewed without being asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// The repository wants no review unasked.
    TurnedOff,
    /// It is a draft.
    Draft,
    /// It merges into a branch that is not named.
    Branch,
    /// It bears none of the labels.
    Label,
}

impl Configuration {
    /// Parts the files of a change by the filters. The configuration itself cannot be left out.
    pub fn narrow(&self, change_set: ChangeSet, approval: Approval) -> Narrowed {
        let mut excluded = Vec::new();
        let keep = |path: &str| match self.filters.left_out_by(path) {
            Some(filter) if !is_own(path) => {
                let leaves_gap = approval == Approval::NotApproved;
                excluded.push(Excluded { path: path.to_owned(), filter, leaves_gap });
                false
            }
            _ => true,
        };
        let mut keep = keep;
        let files = change_set.files.into_iter().filter(|file| keep(file.path())).collect();
        Narrowed { change_set: ChangeSet::new(files), excluded }
    }

    /// The policies, as strict as this repository wants them.
    ///
    /// # Errors
    /// Names every policy that is unknown or would become weaker.
    pub fn tighten(&self, policies: &PolicySet) -> Result<PolicySet, Vec<ConfigurationError>> {
        let wanted = self.policies.iter().map(|(id, placed)| (id.clone(), placed.value)).collect();
        policies.tightened(&wanted).map_err(|mistakes| {
            let error = |mistake: crate::policy::TighteningError| ConfigurationError {
                line: self.policies.get(&mistake.policy).and_then(|placed| placed.line),
                key: format!("policies.{}", mistake.policy),
                problem: mistake.problem,
                remedy: mistake.remedy,
            };
            mistakes.into_iter().map(error).collect()
        })
    }

    /// The lowest severity at which an enforced finding blocks, where the operator's is `operators`.
    ///
    /// # Errors
    /// Where the repository's would be weaker.
    pub fn fail_on(&self, operators: Severity) -> Result<Severity, ConfigurationError> {
        match self.fail_on {
            Some(own) if own.value < operators => Err(ConfigurationError {
                line: own.line,
                key: "fail_on".to_owned(),
                problem: format!("`{}` is weaker than `{operators}`, which the operator demands.", own.value),
                remedy: format!("Write `{operators}` or lower, or remove the key."),
            }),
            Some(own) => Ok(own.value),
            None => Ok(operators),
        }
    }

    /// Whether a finding is commented on. One that blocks always is.
    pub fn comments_on(&self, severity: Severity, blocks: bool) -> bool {
        blocks || self.severity_threshold.is_none_or(|threshold| severity <= threshold)
    }

    /// How many inline comments a merge request gets, where the operator allows `operators`.
    pub fn most_comments(&self, operators: usize) -> usize {
        self.max_comments.map_or(operators, |own| own.min(operators))
    }

    /// How much a file matters.
    pub fn tier(&self, path: &str) -> Tier {
        let tiers = self.tiers.iter().filter(|(glob, _)| glob.is_match(path)).map(|(_, tier)| *tier);
        tiers.min().unwrap_or(Tier::Standard)
    }

    /// What the model is told about a file, in the order of the file.
    pub fn instructions(&self, path: &str) -> impl Iterator<Item = &str> {
        let matching = self.instructions.iter().filter(move |instruction| instruction.files.is_match(path));
        matching.map(|instruction| instruction.text.as_str())
    }
}

impl AutoReview {
    /// Why a merge request is not reviewed unasked; `None` if it is. `drafts` is what the operator does with
    /// drafts.
    pub fn skips(
        &self,
        target_branch: &str,
        labels: &[String],
        is_draft: bool,
        drafts: bool,
    ) -> Option<Skipped> {
        if !self.enabled {
            return Some(Skipped::TurnedOff);
        }
        if is_draft && !self.drafts.unwrap_or(drafts) {
            return Some(Skipped::Draft);
        }
        if self.base_branches.as_ref().is_some_and(|branches| !branches.is_match(target_branch)) {
            return Some(Skipped::Branch);
        }
        let bears_one = self.labels.iter().any(|label| labels.contains(label));
        (!self.labels.is_empty() && !bears_one).then_some(Skipped::Label)
    }
}

impl super::Filters {
    /// The filter that leaves a file out, as people wrote it.
    fn left_out_by(&self, path: &str) -> Option<String> {
        if let Some(glob) = self.excludes.iter().find(|glob| glob.is_match(path)) {
            return Some(format!("!{}", glob.glob().glob()));
        }
        let is_included = self.includes.is_empty() || self.includes.iter().any(|glob| glob.is_match(path));
        let names = || self.includes.iter().map(|glob: &GlobMatcher| glob.glob().glob());
        (!is_included).then(|| names().collect::<Vec<_>>().join(", "))
    }
}

/// The paths of a change that belong to the repository's own configuration of reviews, before or after: also
/// those that it deletes or moves away, which no policy sees.
pub fn touched_by(change_set: &ChangeSet) -> Vec<&str> {
    let paths = change_set.files.iter().flat_map(|file| {
        let before = file.base_path.as_deref().filter(|_| file.base_path != file.head_path);
        [file.head_path.as_deref(), before]
    });
    paths.flatten().filter(|path| is_own(path)).collect()
}

fn is_own(path: &str) -> bool {
    path == PATH || path.starts_with(POLICIES)
}
