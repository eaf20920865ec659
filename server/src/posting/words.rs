//! Every fixed word of comments, summaries, statuses and replies, in the two languages that people read.
//!
//! The values of one language are one file. Arguments are ready to stand where they are put: escaped in
//! Markdown, plain in statuses.

mod en;
mod zh;

use analyzers::policy::Severity;
use analyzers::text::Locale;

use crate::record::ReviewState;

/// The words of one language.
pub(crate) struct Words {
    /// Names of severities, worst first.
    severities: [&'static str; 4],
    states: States,
    pub(crate) comment: CommentWords,
    pub(crate) summary: SummaryWords,
    pub(crate) model: ModelWords,
    pub(crate) reply: ReplyWords,
    /// Between the items of a list.
    pub(crate) comma: &'static str,
    /// Between a label and its text.
    pub(crate) colon: &'static str,
    /// Between two sentences.
    pub(crate) space: &'static str,
}

/// Names of the states.
struct States {
    running: &'static str,
    passed: &'static str,
    failed: &'static str,
    not_reviewed: &'static str,
    partial: &'static str,
    stale: &'static str,
}

/// Words of a comment beside code.
pub(crate) struct CommentWords {
    pub(crate) blocks: &'static str,
    pub(crate) why: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) clauses: &'static str,
    pub(crate) proof: &'static str,
    pub(crate) inside: &'static str,
    /// What stands before the places that a value comes through.
    pub(crate) way: &'static str,
    pub(crate) suggestion: &'static str,
    /// How to say that a finding is none; takes the command as code.
    pub(crate) hint: fn(&str) -> String,
    /// That the finding is gone; takes the commit as code.
    pub(crate) fixed_in: fn(&str) -> String,
    /// That somebody else changed the text, so that it is not repeated.
    pub(crate) text_left_out: &'static str,
    pub(crate) parts_left_out: fn(usize) -> String,
}

/// Words of the summary and of the commit status.
pub(crate) struct SummaryWords {
    pub(crate) nothing_found: &'static str,
    pub(crate) nothing_blocks: &'static str,
    pub(crate) nothing_read: &'static str,
    pub(crate) part_unread: &'static str,
    pub(crate) head_moved: &'static str,
    pub(crate) at_work: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) read: &'static str,
    pub(crate) not_read: &'static str,
    /// Label: files that the repository leaves out.
    pub(crate) left_out: &'static str,
    pub(crate) gate: &'static str,
    pub(crate) basis: &'static str,
    pub(crate) commit: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) page: &'static str,
    pub(crate) merge_base: &'static str,
    pub(crate) configuration: &'static str,
    pub(crate) no_configuration: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) finding: &'static str,
    pub(crate) place: &'static str,
    pub(crate) elsewhere: fn(usize) -> String,
    pub(crate) blocking: fn(usize) -> String,
    pub(crate) count: fn(usize) -> String,
    pub(crate) pre_existing: fn(usize) -> String,
    pub(crate) regions: fn(usize, usize) -> String,
    pub(crate) files: fn(usize, usize) -> String,
    pub(crate) lines: fn(usize) -> String,
    pub(crate) source_lines: fn(u32, u32) -> String,
    pub(crate) fails_from: fn(&str) -> String,
    pub(crate) policies: fn(usize) -> String,
    pub(crate) and_more: fn(usize) -> String,
}

/// Words about what the model was asked and did.
pub(crate) struct ModelWords {
    /// Label: who decided that it is a finding.
    pub(crate) judged: &'static str,
    /// The same in a row of a table.
    pub(crate) judged_in_short: &'static str,
    /// Label: the model.
    pub(crate) label: &'static str,
    /// Label: questions that were asked and are open.
    pub(crate) open: &'static str,
    /// Label: questions that were not asked.
    pub(crate) unasked: &'static str,
    /// So many questions were not asked, since there is no model.
    pub(crate) no_model: fn(usize) -> String,
    /// So many were not asked, since the review might ask no more.
    pub(crate) no_more: fn(usize) -> String,
    pub(crate) asked: fn(usize) -> String,
    pub(crate) answered: fn(usize) -> String,
    /// Doubtful findings dismissed, of all that were asked about.
    pub(crate) doubts: fn(usize, usize) -> String,
    pub(crate) tokens: fn(u64) -> String,
    pub(crate) dismissed: fn(usize) -> String,
    pub(crate) open_questions: fn(usize) -> String,
    /// That a review is partial only because of so many questions.
    pub(crate) answers_missing: fn(usize) -> String,
}

/// Words of answers to comments.
pub(crate) struct ReplyWords {
    pub(crate) commands: &'static str,
    /// Commands, as they are written after the handle, and what each does.
    pub(crate) help: [(&'static str, &'static str); 7],
    pub(crate) both_forms: fn(&str, &str) -> String,
    pub(crate) no_configuration: &'static str,
    pub(crate) unknown: fn(&str) -> String,
    pub(crate) surplus: fn(&str) -> String,
    pub(crate) no_id: &'static str,
    pub(crate) bad_id: &'static str,
    pub(crate) no_reason: &'static str,
    pub(crate) no_such: fn(&str) -> String,
    pub(crate) ambiguous: fn(&str) -> String,
    pub(crate) objective: &'static str,
    pub(crate) asked_for: &'static str,
    pub(crate) none_yet: &'static str,
    pub(crate) recorded: fn(&str) -> String,
    pub(crate) still_blocks: &'static str,
    pub(crate) not_permitted: fn(&str) -> String,
    pub(crate) read: &'static str,
    pub(crate) write: &'static str,
    pub(crate) maintain: &'static str,
}

impl Words {
    /// The words of a reader's language.
    pub(crate) fn of(locale: Locale) -> &'static Self {
        locale.pick(&en::EN, &zh::ZH)
    }

    /// The name of a severity.
    pub(crate) fn severity(&self, severity: Severity) -> &'static str {
        self.severities[severity as usize]
    }

    /// The name of a state.
    pub(crate) fn state(&self, state: ReviewState) -> &'static str {
        match state {
            ReviewState::Running => self.states.running,
            ReviewState::Passed => self.states.passed,
            ReviewState::Failed => self.states.failed,
            ReviewState::NotReviewed => self.states.not_reviewed,
            ReviewState::Partial => self.states.partial,
            ReviewState::Stale => self.states.stale,
        }
    }

    /// How many findings each severity has, worst first, without those that have none.
    pub(crate) fn counts(&self, severities: &[Severity]) -> String {
        let counts = Severity::ALL.into_iter().map(|severity| {
            let count = severities.iter().filter(|other| **other == severity).count();
            (count, self.severity(severity))
        });
        let counts = counts.filter(|(count, _)| *count > 0);
        counts.map(|(count, name)| format!("{count} {name}")).collect::<Vec<_>>().join(self.comma)
    }
}

/// The sign of a severity.
pub(crate) fn severity_sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker => "🔴",
        Severity::Major => "🟠",
        Severity::Minor => "🟡",
        Severity::Info => "🔵",
    }
}

/// The sign of a state.
pub(crate) fn state_sign(state: ReviewState) -> &'static str {
    match state {
        ReviewState::Running => "⏳",
        ReviewState::Passed => "✅",
        ReviewState::Failed => "❌",
        ReviewState::NotReviewed | ReviewState::Partial => "⚠️",
        ReviewState::Stale => "⏩",
    }
}
