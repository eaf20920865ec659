//! The built-in pack proves itself: every policy compiles, is told in both languages, and is right about its examples.

use std::collections::BTreeMap;
use std::path::Path;

use analyzers::policy::{CheckKind, PolicyFile, PolicySet, example, read_directory};
use grammars::Language;

fn files() -> Vec<PolicyFile> {
    read_directory(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies")).expect("the pack")
}

fn pack(files: &[PolicyFile]) -> PolicySet {
    PolicySet::from_files(files.iter()).unwrap_or_else(|errors| panic!("{errors:#?}"))
}

#[test]
fn every_check_compiles() {
    let set = pack(&files());
    assert_eq!(set.compile_all(), []);
    assert!(set.all().len() >= 37, "the first pack has 37 policies");
}

#[test]
fn every_example_is_judged_rightly() {
    let files = files();
    let outcomes = example::run(&pack(&files), files.iter());
    let wrong: Vec<_> = outcomes.iter().filter(|outcome| !outcome.result.is_right()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(outcomes.len() > 300);
}

#[test]
fn every_policy_has_a_breach_and_a_near_miss() {
    let files = files();
    let set = pack(&files);
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for outcome in example::run(&set, files.iter()) {
        let count = counts.entry(outcome.policy).or_default();
        match outcome.result {
            example::ExampleResult::Reported => count.0 += 1,
            _ => count.1 += 1,
        }
    }
    for policy in set.all() {
        let (breaches, near_misses) = counts.get(&policy.id).copied().unwrap_or_default();
        assert!(
            breaches > 0 && near_misses > 0,
            "{}: {breaches} breaches, {near_misses} near misses",
            policy.id
        );
    }
}

#[test]
fn every_policy_is_checked_in_every_language_it_lists() {
    for policy in pack(&files()).all() {
        let checks = |language: Language| {
            policy.checks.iter().any(|check| match &check.kind {
                CheckKind::Pattern(rules) => rules.contains_key(&language),
                CheckKind::Text(rules) => rules.contains_key(&language),
                CheckKind::Flow(rules) => rules.contains_key(&language),
                CheckKind::Question(question) => question.when.contains_key(&language),
            })
        };
        for &language in &policy.languages {
            assert!(checks(language) || checks(Language::Sql), "{} says nothing about {language}", policy.id);
        }
    }
}

#[test]
fn every_text_is_in_both_languages() {
    for policy in pack(&files()).all() {
        let texts = [
            &policy.title,
            &policy.objective,
            &policy.rationale,
            &policy.success_criteria,
            &policy.failure_criteria,
            &policy.remedy,
        ];
        let messages = policy.checks.iter().filter_map(|check| check.message.as_ref());
        for text in texts.into_iter().chain(messages) {
            assert!(
                text.zh.as_deref().is_some_and(|zh| !zh.is_ascii()),
                "{}: `{}` has no Chinese",
                policy.id,
                text.en
            );
        }
    }
}
