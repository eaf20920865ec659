//! The fixed words of every report, in the two languages that people read.

use super::shown::Shown;
use crate::gate::State;
use crate::policy::Severity;
use crate::text::Locale;

/// The words of one language.
pub(super) struct Words {
    /// Names of severities, worst first.
    severities: [&'static str; 4],
    pub(super) passed: &'static str,
    pub(super) failed: &'static str,
    pub(super) not_reviewed: &'static str,
    pub(super) partial: &'static str,
    pub(super) nothing_found: &'static str,
    pub(super) nothing_blocks: &'static str,
    pub(super) nothing_read: &'static str,
    pub(super) part_unread: &'static str,
    pub(super) finding: &'static str,
    pub(super) why: &'static str,
    pub(super) model: &'static str,
    /// Label: who decided that it is a finding.
    pub(super) decided_by: &'static str,
    /// That the model did, with proof.
    pub(super) judged: &'static str,
    pub(super) dismissed: &'static str,
    pub(super) remedy: &'static str,
    pub(super) authority: &'static str,
    pub(super) policy: &'static str,
    /// Label: the way of a value.
    pub(super) way: &'static str,
    pub(super) related: &'static str,
    pub(super) severity: &'static str,
    pub(super) place: &'static str,
    pub(super) suggestion: &'static str,
    pub(super) findings: &'static str,
    pub(super) read: &'static str,
    pub(super) not_read: &'static str,
    pub(super) left_out: &'static str,
    pub(super) not_asked: &'static str,
    pub(super) unsettled: &'static str,
    pub(super) basis: &'static str,
    pub(super) gate: &'static str,
    pub(super) coverage: &'static str,
    pub(super) does_not_block: &'static str,
    /// Between the items of a list.
    pub(super) comma: &'static str,
    /// Between a label and its text.
    pub(super) colon: &'static str,
    pub(super) blocking: fn(usize) -> String,
    pub(super) before: fn(usize) -> String,
    pub(super) regions: fn(usize, usize) -> String,
    pub(super) files: fn(usize, usize) -> String,
    pub(super) lines: fn(usize) -> String,
    pub(super) questions: fn(usize) -> String,
    /// That a review is partial only because of so many questions.
    pub(super) answers_missing: fn(usize) -> String,
    /// Questions asked, answered, and open.
    pub(super) answers: fn(usize, usize, usize) -> String,
    pub(super) prompts: fn(usize) -> String,
    pub(super) tokens: fn(u64) -> String,
    pub(super) rejections: fn(usize) -> String,
    pub(super) policies: fn(usize) -> String,
    pub(super) and_more: fn(usize) -> String,
    pub(super) source_lines: fn(u32, u32) -> String,
}

impl Words {
    /// The words of a reader's language.
    pub(super) fn of(locale: Locale) -> &'static Self {
        locale.pick(&EN, &ZH)
    }

    pub(super) fn name(&self, severity: Severity) -> &'static str {
        self.severities[severity as usize]
    }

    pub(super) fn state(&self, state: State) -> &'static str {
        match state {
            State::Passed => self.passed,
            State::Failed => self.failed,
            State::NotReviewed => self.not_reviewed,
            State::Partial => self.partial,
        }
    }

    /// What the state of a review means, in a few words.
    pub(super) fn outcome(&self, shown: &Shown<'_>) -> String {
        let coverage = &shown.coverage;
        match shown.state {
            State::Passed if shown.findings.is_empty() => self.nothing_found.to_owned(),
            State::Passed => self.nothing_blocks.to_owned(),
            State::Failed => (self.blocking)(shown.blocking()),
            State::NotReviewed => self.nothing_read.to_owned(),
            State::Partial if coverage.lacks_only_answers() => (self.answers_missing)(coverage.open()),
            State::Partial => self.part_unread.to_owned(),
        }
    }
}

static EN: Words = Words {
    severities: ["blocker", "major", "minor", "info"],
    passed: "passed",
    failed: "failed",
    not_reviewed: "not reviewed",
    partial: "partial",
    nothing_found: "nothing found",
    nothing_blocks: "nothing here blocks the merge",
    nothing_read: "nothing could be reviewed, so nobody can say that this is safe to merge",
    part_unread: "part of this could not be reviewed; nothing in the rest blocks",
    finding: "Finding",
    why: "why",
    model: "the model",
    decided_by: "decided by",
    judged: "the model, quote verified",
    dismissed: "dismissed",
    remedy: "fix",
    authority: "authority",
    policy: "policy",
    way: "way of the value",
    related: "see also",
    severity: "Severity",
    place: "Place",
    suggestion: "suggested change",
    findings: "findings",
    read: "read",
    not_read: "not read",
    left_out: "left out",
    not_asked: "not asked",
    unsettled: "unsettled",
    basis: "basis",
    gate: "gate",
    coverage: "coverage",
    does_not_block: "does not block the merge",
    comma: ", ",
    colon: ": ",
    blocking: |count| match count {
        1 => "1 finding blocks the merge".to_owned(),
        _ => format!("{count} findings block the merge"),
    },
    before: |count| format!("{count} before this change"),
    regions: |part, whole| format!("{part} of {}", counted(whole, "region", "regions")),
    files: |part, whole| format!("{part} of {}", counted(whole, "file", "files")),
    lines: |count| counted(count, "line", "lines"),
    questions: |count| format!("{} that need a model", counted(count, "question", "questions")),
    answers_missing: |count| match count {
        1 => "1 question has no answer, and all must be answered here; nothing that was found blocks"
            .to_owned(),
        _ => format!(
            "{count} questions have no answer, and all must be answered here; nothing that was found blocks"
        ),
    },
    answers: |asked, answered, open| {
        format!("{} asked, {answered} answered, {open} open", counted(asked, "question", "questions"))
    },
    prompts: |count| counted(count, "prompt", "prompts"),
    tokens: |count| format!("{count} tokens"),
    rejections: |count| format!("{} thrown away", counted(count, "statement", "statements")),
    policies: |count| counted(count, "policy", "policies"),
    and_more: |count| format!("and {count} more"),
    source_lines: |first, last| match first == last {
        true => format!("line {first}"),
        false => format!("lines {first} to {last}"),
    },
};

static ZH: Words = Words {
    severities: ["阻断", "严重", "一般", "提示"],
    passed: "通过",
    failed: "未通过",
    not_reviewed: "未审查",
    partial: "部分审查",
    nothing_found: "没有发现问题",
    nothing_blocks: "没有阻止合并的问题",
    nothing_read: "没有内容可供审查，因此无法确认可以安全合并",
    part_unread: "部分内容未能审查；已审查部分没有阻止合并的问题",
    finding: "问题",
    why: "原因",
    model: "模型",
    decided_by: "判定",
    judged: "由模型判断，引文已核实",
    dismissed: "已排除误报",
    remedy: "改法",
    authority: "依据",
    policy: "规范",
    way: "数据流向",
    related: "另见",
    severity: "级别",
    place: "位置",
    suggestion: "建议修改",
    findings: "问题",
    read: "已审查",
    not_read: "未读取",
    left_out: "已排除",
    not_asked: "未提问",
    unsettled: "未判定",
    basis: "依据版本",
    gate: "门禁",
    coverage: "覆盖范围",
    does_not_block: "不阻止合并",
    comma: "，",
    colon: "：",
    blocking: |count| format!("{count} 个问题阻止合并"),
    before: |count| format!("变更之前已有 {count} 个"),
    regions: |part, whole| format!("{part}/{whole} 个变更区域"),
    files: |part, whole| format!("{part}/{whole} 个文件"),
    lines: |count| format!("{count} 行"),
    questions: |count| format!("{count} 项需要模型回答的提问"),
    answers_missing: |count| {
        format!("{count} 项提问没有得到回答，而此处要求全部回答；已发现的问题均不阻止合并")
    },
    answers: |asked, answered, open| format!("提问 {asked} 项，已回答 {answered} 项，未决 {open} 项"),
    prompts: |count| format!("{count} 次请求"),
    tokens: |count| format!("{count} 个 token"),
    rejections: |count| format!("{count} 条说法不成立，已弃用"),
    policies: |count| format!("{count} 条规范"),
    and_more: |count| format!("另有 {count} 项"),
    source_lines: |first, last| match first == last {
        true => format!("第 {first} 行"),
        false => format!("第 {first} 至 {last} 行"),
    },
};

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
