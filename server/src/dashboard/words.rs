//! Every word of the dashboard, in the two languages that people read.
//!
//! What is said of a review (severities, states, counts) is said as the reports say it.

mod en;
mod zh;

use analyzers::policy::{Confidence, Enforcement, Severity};
use analyzers::review::asked::Tokens;
use analyzers::text::Locale;

use crate::record::ReviewState;

/// The words of one language.
pub(crate) struct Words {
    /// The language, as HTML names it.
    pub(crate) code: &'static str,
    /// The name of the other language, in that language, and its code.
    pub(crate) other: (&'static str, &'static str),
    pub(crate) reviews: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) finding: &'static str,
    pub(crate) queue: &'static str,
    pub(crate) policies: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) live: &'static str,
    pub(crate) state: &'static str,
    pub(crate) any_state: &'static str,
    pub(crate) repository: &'static str,
    pub(crate) no_repository: &'static str,
    pub(crate) any_repository: &'static str,
    pub(crate) change: &'static str,
    pub(crate) head: &'static str,
    pub(crate) target: &'static str,
    pub(crate) merge_base: &'static str,
    pub(crate) configuration: &'static str,
    pub(crate) asked: &'static str,
    pub(crate) asked_by: &'static str,
    pub(crate) merge_request: &'static str,
    pub(crate) took: &'static str,
    pub(crate) show: &'static str,
    pub(crate) older: &'static str,
    pub(crate) newest: &'static str,
    pub(crate) no_reviews: &'static str,
    pub(crate) no_reviews_hint: &'static str,
    pub(crate) bound_to: &'static str,
    pub(crate) decided_by: &'static str,
    pub(crate) engine: &'static str,
    pub(crate) threshold: &'static str,
    pub(crate) coverage: &'static str,
    pub(crate) regions: &'static str,
    pub(crate) files: &'static str,
    pub(crate) lines: &'static str,
    pub(crate) not_read: &'static str,
    pub(crate) leaves_gap: &'static str,
    pub(crate) unasked_by_policy: &'static str,
    pub(crate) questions: &'static str,
    pub(crate) answered: &'static str,
    pub(crate) without_answer: &'static str,
    pub(crate) not_asked: &'static str,
    pub(crate) not_asked_why: &'static str,
    pub(crate) doubts: &'static str,
    pub(crate) rejected: &'static str,
    pub(crate) tokens: &'static str,
    pub(crate) open_questions: &'static str,
    pub(crate) dismissed: &'static str,
    pub(crate) dismissed_hint: &'static str,
    pub(crate) judged: &'static str,
    pub(crate) before: &'static str,
    pub(crate) blocks: &'static str,
    pub(crate) proof: &'static str,
    pub(crate) why: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) why_and_remedy: &'static str,
    pub(crate) clauses: &'static str,
    pub(crate) suggestion: &'static str,
    pub(crate) in_place_of: &'static str,
    pub(crate) feedback: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) reason_hint: &'static str,
    pub(crate) right: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) said_right: &'static str,
    pub(crate) said_wrong: &'static str,
    pub(crate) added: &'static str,
    pub(crate) deleted: &'static str,
    pub(crate) modified: &'static str,
    pub(crate) renamed: &'static str,
    pub(crate) copied: &'static str,
    pub(crate) binary: &'static str,
    pub(crate) no_lines: &'static str,
    pub(crate) too_long: &'static str,
    pub(crate) outside: &'static str,
    pub(crate) over_time: &'static str,
    pub(crate) by_policy: &'static str,
    pub(crate) by_repository: &'static str,
    pub(crate) total: &'static str,
    pub(crate) trend: &'static str,
    pub(crate) period: &'static str,
    pub(crate) no_findings: &'static str,
    pub(crate) counted_how: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) running: &'static str,
    pub(crate) retrying: &'static str,
    pub(crate) oldest: &'static str,
    pub(crate) none: &'static str,
    pub(crate) dead_letters: &'static str,
    pub(crate) dead_letters_hint: &'static str,
    pub(crate) no_dead_letters: &'static str,
    pub(crate) job: &'static str,
    pub(crate) attempts: &'static str,
    pub(crate) given_up: &'static str,
    pub(crate) retry: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) enforcement: &'static str,
    pub(crate) confidence: &'static str,
    pub(crate) languages: &'static str,
    pub(crate) objective: &'static str,
    pub(crate) success: &'static str,
    pub(crate) failure: &'static str,
    pub(crate) exceptions: &'static str,
    pub(crate) weaknesses: &'static str,
    pub(crate) examples: &'static str,
    pub(crate) examples_hint: &'static str,
    pub(crate) unverified: &'static str,
    pub(crate) asks: &'static str,
    pub(crate) back: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_hint: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) failed_hint: &'static str,
    pub(crate) foreign: &'static str,
    pub(crate) foreign_hint: &'static str,
    pub(crate) unreadable: &'static str,
    pub(crate) reason_missing: &'static str,
    pub(crate) colon: &'static str,
    severities: [&'static str; 4],
    states: [&'static str; 6],
    why_states: [&'static str; 6],
    enforcements: [&'static str; 4],
    confidences: [&'static str; 2],
    pub(super) counts: Counts,
}

/// The wordings that hold numbers.
pub(super) struct Counts {
    pub(super) blocking: fn(usize) -> String,
    pub(super) not_blocking: fn(usize) -> String,
    pub(super) of: fn(usize, usize) -> String,
    pub(super) gaps: fn(usize) -> String,
    pub(super) no_model: fn(usize) -> String,
    pub(super) open: fn(usize) -> String,
    pub(super) answers_missing: fn(usize) -> String,
    pub(super) tokens: fn(&Tokens) -> String,
    pub(super) more: fn(usize) -> String,
    pub(super) hidden_lines: fn(usize) -> String,
    pub(super) source_lines: fn(u32, u32) -> String,
    pub(super) days: fn(u32) -> String,
    pub(super) most: fn(usize) -> String,
    pub(super) policies: fn(usize) -> String,
    pub(super) findings: fn(usize) -> String,
    pub(super) ago: fn(i64) -> String,
    pub(super) lasted: fn(i64) -> String,
}

impl Words {
    /// The words of a reader's language.
    pub(crate) fn of(locale: Locale) -> &'static Self {
        locale.pick(&en::EN, &zh::ZH)
    }

    /// The language that these words are of.
    pub(crate) fn locale(&self) -> Locale {
        if self.code == "en" { Locale::En } else { Locale::Zh }
    }

    pub(crate) fn severity(&self, severity: &Severity) -> &'static str {
        self.severities[*severity as usize]
    }

    pub(crate) fn state_name(&self, state: &ReviewState) -> &'static str {
        self.states[*state as usize]
    }

    /// What a state means, in a sentence.
    pub(crate) fn state_means(&self, state: ReviewState) -> &'static str {
        self.why_states[state as usize]
    }

    pub(crate) fn enforcement(&self, enforcement: &Enforcement) -> &'static str {
        self.enforcements[*enforcement as usize]
    }

    pub(crate) fn confidence(&self, confidence: &Confidence) -> &'static str {
        self.confidences[*confidence as usize]
    }

    pub(crate) fn of_all(&self, part: &usize, whole: &usize) -> String {
        (self.counts.of)(*part, *whole)
    }

    pub(crate) fn hidden_lines(&self, count: usize) -> String {
        (self.counts.hidden_lines)(count)
    }

    pub(crate) fn source_lines(&self, first: &u32, last: &u32) -> String {
        (self.counts.source_lines)(*first, *last)
    }

    pub(crate) fn more(&self, count: &usize) -> String {
        (self.counts.more)(*count)
    }

    pub(crate) fn days(&self, days: &u32) -> String {
        (self.counts.days)(*days)
    }

    pub(crate) fn most(&self, count: &usize) -> String {
        (self.counts.most)(*count)
    }

    pub(crate) fn count_policies(&self, count: &usize) -> String {
        (self.counts.policies)(*count)
    }

    pub(crate) fn count_findings(&self, count: &usize) -> String {
        (self.counts.findings)(*count)
    }

    /// Between two sentences.
    pub(crate) fn space(&self) -> &'static str {
        self.locale().pick(" ", "")
    }
}
