//! Answers as people and forges read them.

use analyzers::policy::PolicySet;
use analyzers::text::Locale;

use super::*;
use crate::merge_request::ForgeKind;
use crate::posting::testing::{
    HOSTILE, added, assert_inert, finding, merge_request, options, record, reviewed,
};
use crate::record::Outcome;

fn in_both(answer: impl Fn(&Options) -> String) -> (String, String) {
    let [en, zh] = [Locale::En, Locale::Zh].map(|locale| answer(&Options { locale, ..options() }));
    assert_inert(&en);
    assert_inert(&zh);
    assert_ne!(en, zh);
    (en, zh)
}

#[test]
fn help_names_every_command_and_pings_nobody() {
    let (en, zh) = in_both(help);
    for command in
        ["review", "review full", "recheck", "explain <id>", "fp <fingerprint> <reason>", "status", "help"]
    {
        assert!(en.contains(&format!("- `{command}`: ")), "{command} in {en}");
        assert!(zh.contains(&format!("- `{command}`：")), "{command} in {zh}");
    }
    assert!(en.contains("`@countersign review` or `/countersign review`"), "{en}");
}

#[test]
fn what_was_wrong_with_a_call_is_said_as_code() {
    for text in HOSTILE {
        let (en, _) = in_both(|options| unknown(&Unknown::Command((*text).to_owned()), options));
        assert!(en.starts_with("There is no command"), "{en}");
        in_both(|options| unknown(&Unknown::Surplus((*text).to_owned()), options));
        in_both(|options| no_such(text, options));
        in_both(|options| ambiguous(text, options));
    }
    let (en, _) = in_both(|options| unknown(&Unknown::Configuration, options));
    assert!(en.contains("Nothing can be configured from a comment"), "{en}");
    for why in [Unknown::NoId, Unknown::BadId, Unknown::NoReason] {
        in_both(|options| unknown(&why, options));
    }
}

#[test]
fn every_built_in_policy_can_be_explained() {
    let policies = PolicySet::builtin().unwrap();
    for policy in policies.in_force() {
        let (en, _) = in_both(|options| explain_policy(policy, options));
        for part in ["**What it demands**: ", "**Why it matters**: ", "**How to fix it**: "] {
            assert!(en.contains(part), "{part} in {en}");
        }
    }
}

#[test]
fn a_finding_is_explained_with_its_place() {
    let (en, zh) = in_both(|options| explain_finding(&finding(1, 2), None, options));
    assert!(en.contains("`core/ledger/LedgerService.java:2`: `amount` is money in a `double`"), "{en}");
    assert!(en.contains("**Clauses**: SEI CERT NUM04-J"), "{en}");
    assert!(zh.contains("为什么重要"), "{zh}");
}

#[test]
fn a_status_is_the_newest_reviews_summary() {
    let failed = reviewed(vec![finding(1, 1)], added(1));
    let (en, _) = in_both(|options| status(Some(&failed), "abc", options));
    assert!(en.contains("Countersign: failed") && en.contains("1 finding blocks the merge"), "{en}");
    in_both(|options| status(Some(&record(Outcome::Running)), "abc", options));
    in_both(|options| status(None, "abc", options));
}

#[test]
fn a_recorded_false_positive_does_not_claim_to_open_the_gate() {
    let (en, _) = in_both(|options| recorded(&finding(1, 1), options));
    assert!(en.contains("`000000000000`") && en.contains("does not open the gate"), "{en}");
    let mut advice = finding(1, 1);
    advice.blocks = false;
    let (en, _) = in_both(|options| recorded(&advice, options));
    assert!(!en.contains("gate"), "{en}");
    in_both(asked_for);
    in_both(|options| not_permitted(Permission::Write, options));
}

#[test]
fn a_comment_is_answered_once() {
    let signer = Signer::with_key([7; 32]);
    let key = merge_request(ForgeKind::Gitlab).key;
    let answer = PostedComment {
        id: "2".to_owned(),
        thread: None,
        author: "42".to_owned(),
        body: sign("text", "note/1", "abc", &key, &signer),
        is_inline: false,
        is_resolved: None,
    };
    let answers = [answer];
    assert!(is_answered("note/1", &key, &answers, "42", &signer));
    assert!(!is_answered("note/2", &key, &answers, "42", &signer));
    assert!(!is_answered("note/1", &key, &answers, "66", &signer));
}

#[test]
fn findings_are_named_by_their_first_digits() {
    let findings = [finding(1, 1), finding(2, 2)];
    assert_eq!(findings_named("000000", &findings).len(), 2);
    assert_eq!(findings_named(&findings[1].fingerprint, &findings).len(), 1);
    assert_eq!(findings_named("ffffff", &findings).len(), 0);
}
