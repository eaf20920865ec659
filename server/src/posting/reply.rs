//! Answers to people who called the service in a comment.
//!
//! Plain values in, Markdown by template out. What people wrote is repeated as code, if at all.

use analyzers::policy::Policy;
use analyzers::report::document::{FindingRecord, PolicyRecord};

use super::escape::{clip, code, prose};
use super::marker::{Mark, MarkKind, Signer};
use super::words::Words;
use super::{Options, comment, summary};
use crate::command::Unknown;
use crate::forge::{Permission, PostedComment};
use crate::merge_request::MergeRequestKey;
use crate::record::ReviewRecord;

/// Characters of a text that is repeated.
const REPEATED: usize = 100;

/// Characters of a text that a policy brings.
const NOTE: usize = 900;

/// What the service can be asked.
pub(crate) fn help(options: &Options) -> String {
    let words = &Words::of(options.locale).reply;
    let (mention, slash) = handles(options);
    let rows = words.help.map(|(command, does)| format!("- {}{}{does}\n", code(command), colon(options)));
    format!("**{}**\n\n{}\n\n{}", words.commands, (words.both_forms)(&mention, &slash), rows.concat())
}

/// Why a call was no command, and what can be asked.
pub(crate) fn unknown(why: &Unknown, options: &Options) -> String {
    let words = &Words::of(options.locale).reply;
    let repeated = |text: &str| code(&clip(text, REPEATED));
    let why = match why {
        Unknown::Command(word) => (words.unknown)(&repeated(word)),
        Unknown::Configuration => words.no_configuration.to_owned(),
        Unknown::Surplus(word) => (words.surplus)(&repeated(word)),
        Unknown::NoId => words.no_id.to_owned(),
        Unknown::BadId => words.bad_id.to_owned(),
        Unknown::NoReason => words.no_reason.to_owned(),
    };
    format!("{why}\n\n{}", help(options))
}

/// What a finding is about: what is wrong, what its policy demands, why, how to mend it, by which clauses.
pub(crate) fn explain_finding(finding: &FindingRecord, policy: Option<&Policy>, options: &Options) -> String {
    let place = code(&comment::place(&finding.location));
    let message = prose(&clip(finding.message.get(options.locale), NOTE));
    let judgement = comment::judgement(finding, options);
    explain(&finding.policy, policy, &format!("{place}{}{message}\n\n{judgement}", colon(options)), options)
}

/// What a policy in force demands, why, how to mend a breach, by which clauses.
pub(crate) fn explain_policy(policy: &Policy, options: &Options) -> String {
    let record = PolicyRecord::from(policy);
    explain(&record, Some(policy), "", options)
}

/// That nothing has this name.
pub(crate) fn no_such(id: &str, options: &Options) -> String {
    (Words::of(options.locale).reply.no_such)(&code(&clip(id, REPEATED)))
}

/// That more than one finding begins so.
pub(crate) fn ambiguous(id: &str, options: &Options) -> String {
    (Words::of(options.locale).reply.ambiguous)(&code(&clip(id, REPEATED)))
}

/// How the newest review ended.
pub(crate) fn status(record: Option<&ReviewRecord>, head: &str, options: &Options) -> String {
    match record {
        Some(record) => summary::of(record, head, options).text(&[], options),
        None => Words::of(options.locale).reply.none_yet.to_owned(),
    }
}

/// That a review was asked for.
pub(crate) fn asked_for(options: &Options) -> String {
    Words::of(options.locale).reply.asked_for.to_owned()
}

/// That a finding is held to be none, and what that does not do.
pub(crate) fn recorded(finding: &FindingRecord, options: &Options) -> String {
    let words = Words::of(options.locale);
    let fingerprint = code(&comment::short(&finding.fingerprint, comment::FINGERPRINT_SHOWN));
    let recorded = (words.reply.recorded)(&fingerprint);
    match finding.blocks {
        true => format!("{recorded}{}{}", words.space, words.reply.still_blocks),
        false => recorded,
    }
}

/// That the caller may not ask for this.
pub(crate) fn not_permitted(needed: Permission, options: &Options) -> String {
    let words = &Words::of(options.locale).reply;
    let needed = match needed {
        Permission::None | Permission::Read => words.read,
        Permission::Write => words.write,
        Permission::Maintain => words.maintain,
    };
    (words.not_permitted)(needed)
}

/// An answer with its marker, ready to be sent.
pub(crate) fn sign(
    text: &str,
    comment: &str,
    head: &str,
    merge_request: &MergeRequestKey,
    signer: &Signer,
) -> String {
    signer.sign(merge_request, &Mark::reply(comment, head), text)
}

/// Whether a comment has its answer already.
pub(crate) fn is_answered(
    comment: &str,
    merge_request: &MergeRequestKey,
    posted: &[PostedComment],
    own_user: &str,
    signer: &Signer,
) -> bool {
    let wanted = Mark::reply(comment, "");
    posted
        .iter()
        .filter_map(|posted| signer.trusted(merge_request, posted, own_user))
        .any(|trusted| trusted.mark.kind == MarkKind::Reply && trusted.mark.key == wanted.key)
}

/// The findings whose fingerprint begins so.
pub(crate) fn findings_named<'r>(fingerprint: &str, findings: &'r [FindingRecord]) -> Vec<&'r FindingRecord> {
    findings.iter().filter(|finding| finding.fingerprint.starts_with(fingerprint)).collect()
}

fn explain(record: &PolicyRecord, policy: Option<&Policy>, finding: &str, options: &Options) -> String {
    let words = Words::of(options.locale);
    let title = prose(&clip(record.title.get(options.locale), REPEATED));
    let objective = policy.map(|policy| policy.objective.get(options.locale)).filter(|text| !text.is_empty());
    let objective = objective
        .map(|text| format!("**{}**{}{}\n\n", words.reply.objective, words.colon, prose(&clip(text, NOTE))));
    let notes = comment::notes(record, options).concat();
    format!(
        "**{} · {title}**\n\n{finding}{}{notes}",
        prose(&clip(&record.code, REPEATED)),
        objective.unwrap_or_default()
    )
}

fn handles(options: &Options) -> (String, String) {
    let handle = clip(&options.handle, REPEATED);
    (code(&format!("@{handle} review")), code(&format!("/{handle} review")))
}

fn colon(options: &Options) -> &'static str {
    Words::of(options.locale).colon
}

#[cfg(test)]
mod tests;
