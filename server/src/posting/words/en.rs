//! The words in English.

use super::{CommentWords, ModelWords, ReplyWords, States, SummaryWords, Words};

pub(super) static EN: Words = Words {
    severities: ["blocker", "major", "minor", "info"],
    states: States {
        running: "running",
        passed: "passed",
        failed: "failed",
        not_reviewed: "not reviewed",
        partial: "partial",
        stale: "stale",
    },
    comment: COMMENT,
    summary: SUMMARY,
    model: MODEL,
    reply: REPLY,
    comma: ", ",
    colon: ": ",
    space: " ",
};

const COMMENT: CommentWords = CommentWords {
    blocks: "blocks the merge",
    why: "Why it matters",
    remedy: "How to fix it",
    clauses: "Clauses",
    proof: "Proof",
    inside: "In",
    way: "The value comes this way:",
    suggestion: "Suggested change",
    hint: |command| format!("Not a breach? Comment {command} and say why."),
    fixed_in: |commit| format!("✅ **Fixed in {commit}**: it is no longer found."),
    text_left_out: "Somebody changed the text of this comment, so it is not repeated here.",
    parts_left_out: |count| match count {
        1 => "1 part of this comment was too long and is left out.".to_owned(),
        _ => format!("{count} parts of this comment were too long and are left out."),
    },
};

const SUMMARY: SummaryWords = SummaryWords {
    nothing_found: "nothing found",
    nothing_blocks: "nothing here blocks the merge",
    nothing_read: "nothing could be reviewed, so nobody can say that this is safe to merge",
    part_unread: "part of this could not be reviewed; nothing in the rest blocks",
    head_moved: "a newer commit took this one's place; its review is on the way",
    at_work: "the review is on the way",
    findings: "Findings",
    read: "Read",
    not_read: "Not read",
    left_out: "Left out by the repository",
    gate: "Gate",
    basis: "Basis",
    commit: "Reviewed commit",
    reason: "Reason",
    page: "Full review",
    merge_base: "merge base",
    configuration: "configuration",
    no_configuration: "no configuration of its own",
    severity: "Severity",
    finding: "Finding",
    place: "Place",
    elsewhere: |count| match count {
        1 => "1 finding that is not beside the code".to_owned(),
        _ => format!("{count} findings that are not beside the code"),
    },
    blocking: |count| match count {
        1 => "1 finding blocks the merge".to_owned(),
        _ => format!("{count} findings block the merge"),
    },
    count: |count| counted(count, "finding", "findings"),
    pre_existing: |count| format!("{count} more from before this change, not gated"),
    regions: |part, whole| format!("{part} of {}", counted(whole, "region", "regions")),
    files: |part, whole| format!("{part} of {}", counted(whole, "file", "files")),
    lines: |count| counted(count, "line", "lines"),
    source_lines: |first, last| match first == last {
        true => format!("line {first}"),
        false => format!("lines {first} to {last}"),
    },
    fails_from: |severity| format!("an enforced finding blocks from {severity} on"),
    policies: |count| counted(count, "policy", "policies"),
    and_more: |count| format!("and {count} more"),
};

const MODEL: ModelWords = ModelWords {
    judged: "Judged by the model, quote verified",
    judged_in_short: "judged by the model",
    label: "Model",
    open: "Without an answer",
    unasked: "Not asked",
    no_model: |count| match count {
        1 => "1 question was not asked: no model is configured".to_owned(),
        _ => format!("{count} questions were not asked: no model is configured"),
    },
    no_more: |count| format!("{}, since the review may ask no more", counted(count, "question", "questions")),
    asked: |count| format!("{} asked", counted(count, "question", "questions")),
    answered: |count| format!("{count} answered"),
    doubts: |dismissed, all| {
        format!("{dismissed} of {} dismissed", counted(all, "doubtful finding", "doubtful findings"))
    },
    tokens: |count| format!("{count} tokens"),
    dismissed: |count| format!("{} that the model dismissed", counted(count, "finding", "findings")),
    open_questions: |count| format!("{} without an answer", counted(count, "question", "questions")),
    answers_missing: |count| match count {
        1 => "1 question has no answer, and all must be answered here; nothing that was found blocks"
            .to_owned(),
        _ => format!(
            "{count} questions have no answer, and all must be answered here; nothing that was found blocks"
        ),
    },
};

const REPLY: ReplyWords = ReplyWords {
    commands: "Commands",
    help: [
        ("review", "reviews the newest commit, if that has not been done"),
        ("review full", "reviews it again from the beginning"),
        ("recheck", "looks again whether the findings are still there"),
        ("explain <id>", "tells what a policy demands and why; an id is a policy's code or a fingerprint"),
        ("fp <fingerprint> <reason>", "records that a finding is none, for those who keep the policies"),
        ("status", "tells how the newest review ended"),
        ("help", "shows this"),
    ],
    both_forms: |mention, slash| format!("Begin a line with {mention} or {slash}."),
    no_configuration: "Nothing can be configured from a comment. The configuration is read from the target branch only.",
    unknown: |word| format!("There is no command {word}."),
    surplus: |word| format!("The command takes no {word}."),
    no_id: "The command needs an id: a policy's code, or the first digits of a finding's fingerprint.",
    bad_id: "This is no id. An id is a policy's code such as `CB-MONEY-001`, or at least 6 digits of a fingerprint.",
    no_reason: "Please say why, after the fingerprint.",
    no_such: |id| format!("The newest review has no finding {id}, and no policy has that code."),
    ambiguous: |id| format!("More than one finding begins with {id}. Please give more digits."),
    objective: "What it demands",
    asked_for: "The review is on the way; the commit status tells when it ends.",
    none_yet: "This merge request has not been reviewed yet.",
    recorded: |fingerprint| format!("It is recorded that {fingerprint} is held to be no breach."),
    still_blocks: "That alone does not open the gate: a waiver does, when somebody else has approved it.",
    not_permitted: |permission| format!("This needs {permission} permission in this repository."),
    read: "read",
    write: "write",
    maintain: "maintainer",
};

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
