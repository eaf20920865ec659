//! What of a review may be shown: every source line and message with stand-ins for secrets.
//!
//! A review in; the same facts, safe to paste anywhere, out. Formats see nothing else of a review. Paths
//! and the names of declarations stay as they are: tools find the place by them.

use std::collections::BTreeMap;

use super::excerpt::{Excerpt, covers};
use crate::finding::{Decider, Finding, Fix, Location, Origin, Related};
use crate::gate;
use crate::gate::State;
use crate::policy::{Policy, Severity};
use crate::redact::Redactor;
use crate::review::{Basis, Coverage, Review, Subject};
use crate::text::Text;

/// A review as it may be shown.
pub(super) struct Shown<'r> {
    pub(super) subject: &'r Subject,
    pub(super) state: State,
    pub(super) fail_on: Severity,
    pub(super) findings: Vec<ShownFinding<'r>>,
    /// Findings that the model dismissed.
    pub(super) dismissed: Vec<ShownFinding<'r>>,
    pub(super) pre_existing: &'r BTreeMap<String, usize>,
    pub(super) coverage: Coverage,
    pub(super) basis: &'r Basis,
    /// Every stand-in that the findings use.
    pub(super) stand_ins: Vec<String>,
}

/// A finding as it may be shown.
pub(super) struct ShownFinding<'r> {
    pub(super) policy: &'r Policy,
    pub(super) fingerprint: &'r str,
    pub(super) origin: Origin,
    pub(super) decided_by: Decider,
    pub(super) location: &'r Location,
    pub(super) message: Text,
    /// Why it is so here, or why it is none.
    pub(super) why: Option<String>,
    /// `None` where there are no source lines.
    pub(super) excerpt: Option<Excerpt>,
    /// The way of a value, from its source to the place.
    pub(super) flow: &'r [Location],
    pub(super) related: Vec<Related>,
    pub(super) fix: Option<ShownFix<'r>>,
    /// Whether this finding alone keeps the change from merging.
    pub(super) blocks: bool,
}

/// A fix as it may be shown.
pub(super) struct ShownFix<'r> {
    pub(super) location: &'r Location,
    /// What a tool may put there; `None` where a stand-in would get into the code.
    pub(super) replacement: Option<&'r str>,
    /// What a person sees put there.
    pub(super) text: String,
    /// The lines to change; `None` where the frame does not show them all.
    pub(super) excerpt: Option<Excerpt>,
}

/// Findings of one file, worst first.
pub(super) struct FileFindings<'s, 'r> {
    pub(super) path: &'r str,
    pub(super) findings: Vec<&'s ShownFinding<'r>>,
}

impl<'r> Shown<'r> {
    pub(super) fn of(review: &'r Review) -> Self {
        Self::with(review, &mut Redactor::new())
    }

    /// The same, with the stand-ins of `redactor`.
    pub(super) fn with(review: &'r Review, redactor: &mut Redactor) -> Self {
        let mut all_shown = |findings: &'r [Finding]| -> Vec<_> {
            findings.iter().map(|finding| shown(finding, review.fail_on, redactor)).collect()
        };
        let (findings, dismissed) = (all_shown(&review.findings), all_shown(&review.dismissed));
        let mut coverage = review.coverage.clone();
        for unread in &mut coverage.unread {
            unread.reason = redactor.redact(&unread.reason).into_owned();
        }
        for excluded in &mut coverage.excluded {
            excluded.filter = redactor.redact(&excluded.filter).into_owned();
        }
        Self {
            subject: &review.subject,
            state: review.state,
            fail_on: review.fail_on,
            findings,
            dismissed,
            pre_existing: &review.pre_existing,
            coverage,
            basis: &review.basis,
            stand_ins: redactor.stand_ins(),
        }
    }

    /// The findings grouped by file, worst first in both orders.
    pub(super) fn by_file(&self) -> Vec<FileFindings<'_, 'r>> {
        let mut files: BTreeMap<&'r str, Vec<&ShownFinding<'r>>> = BTreeMap::new();
        for finding in &self.findings {
            files.entry(&finding.location.path).or_default().push(finding);
        }
        let mut files: Vec<_> = files
            .into_iter()
            .map(|(path, mut findings)| {
                findings.sort_by_key(|finding| (finding.policy.severity, finding.location.start));
                FileFindings { path, findings }
            })
            .collect();
        files.sort_by_key(|file| file.findings.first().map(|finding| finding.policy.severity));
        files
    }

    /// How many findings each severity has, worst first, without those that have none.
    pub(super) fn counts(&self) -> Vec<(Severity, usize)> {
        Severity::ALL
            .into_iter()
            .map(|severity| {
                let count =
                    self.findings.iter().filter(|finding| finding.policy.severity == severity).count();
                (severity, count)
            })
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// How many findings block.
    pub(super) fn blocking(&self) -> usize {
        self.findings.iter().filter(|finding| finding.blocks).count()
    }

    /// How many findings were there before the change.
    pub(super) fn before(&self) -> usize {
        self.pre_existing.values().sum()
    }
}

/// A finding as it may be shown.
pub(super) fn shown<'r>(
    finding: &'r Finding,
    fail_on: Severity,
    redactor: &mut Redactor,
) -> ShownFinding<'r> {
    let Finding {
        policy,
        fingerprint,
        origin,
        decided_by,
        location,
        frame,
        message,
        why,
        flow,
        related,
        fix,
        ..
    } = finding;
    let related = related
        .iter()
        .map(|place| Related { location: place.location.clone(), message: redact(&place.message, redactor) })
        .collect();
    ShownFinding {
        policy,
        fingerprint,
        origin: *origin,
        decided_by: *decided_by,
        location,
        message: redact(message, redactor),
        why: why.as_deref().map(|why| redactor.redact(why).into_owned()),
        excerpt: (!frame.lines.is_empty()).then(|| Excerpt::around(frame, location, redactor)),
        flow,
        related,
        fix: fix.as_ref().map(|fix| shown_fix(fix, finding, redactor)),
        blocks: gate::blocks(finding, fail_on),
    }
}

fn shown_fix<'r>(fix: &'r Fix, finding: &Finding, redactor: &mut Redactor) -> ShownFix<'r> {
    let text = redactor.redact(&fix.replacement).into_owned();
    ShownFix {
        location: &fix.location,
        replacement: (text == fix.replacement).then_some(fix.replacement.as_str()),
        text,
        excerpt: covers(&finding.frame, &fix.location)
            .then(|| Excerpt::around(&finding.frame, &fix.location, redactor)),
    }
}

fn redact(text: &Text, redactor: &mut Redactor) -> Text {
    let en = redactor.redact(&text.en).into_owned();
    Text { en, zh: text.zh.as_deref().map(|zh| redactor.redact(zh).into_owned()) }
}

/// Standards named in one line; the policy's page and the JSON report have all.
const MOST_STANDARDS: usize = 4;

/// The clauses that a policy may name as authority, by standard, in one line.
pub(super) fn authorities(policy: &Policy) -> String {
    let mut standards: Vec<(&str, Vec<&str>)> = Vec::new();
    for reference in policy.authorities() {
        match standards.iter_mut().find(|(standard, _)| *standard == reference.standard) {
            Some((_, clauses)) => clauses.push(&reference.clause),
            None => standards.push((&reference.standard, vec![&reference.clause])),
        }
    }
    let more = standards.len().saturating_sub(MOST_STANDARDS);
    let named = standards.iter().take(MOST_STANDARDS);
    let mut line: Vec<String> =
        named.map(|(standard, clauses)| format!("{standard} {}", clauses.join(", "))).collect();
    if more > 0 {
        line.push(format!("+{more}"));
    }
    line.join("; ")
}
