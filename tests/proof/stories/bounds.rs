//! More than there is room for, and forges that are unlike the others.

use tests::harness::Files;

use super::{Home, LEDGER, Light, ledger, story};
use crate::{AMOUNT, RATIO};

#[test]
fn findings_beyond_the_most_comments_are_in_the_summary() {
    for home in Home::FORGES {
        let amounts: String =
            (0..5).map(|number| AMOUNT.replace("amount", &format!("amount{number}"))).collect();
        let story = story(home).with("review.max_comments = 2").opens(ledger(&amounts));
        assert_eq!((story.light(), story.inline().len()), (Light::Red, 2), "{home:?}: {}", story.told());
        let summary = story.summary().unwrap();
        let rows = (3..8).filter(|line| summary.contains(&format!("{LEDGER}:{line}")));
        assert_eq!(rows.count(), 3, "{home:?}: {summary}");
    }
}

#[test]
fn a_change_of_too_many_files_is_not_green_and_says_why() {
    for home in Home::FORGES {
        let files = (0..4)
            .fold(Files::new(), |files, number| files.write(&format!("N{number}.java"), "class N {}\n"));
        let story = story(home).with("limits.files = 3").opens(files);
        assert_eq!(story.light(), Light::Red, "{home:?}: {}", story.told());
        assert!(story.reason().contains('4') && story.reason().contains('3'), "{}", story.reason());
        assert!(story.summary().is_some());
    }
}

#[test]
fn an_old_gitlab_is_served() {
    let story = story(Home::Gitlab).on(tests::harness::Plan::old).opens(ledger(AMOUNT));
    assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{}", story.told());
    story.pushes(ledger(RATIO));
    assert_eq!((story.light(), story.inline()[0].is_resolved), (Light::Green, true), "{}", story.told());
    assert!(story.answer_to("alice", "@countersign status").contains("passed"));
}

#[test]
fn a_gitlab_under_a_path_and_a_repository_in_groups_are_served() {
    let place = |plan: tests::harness::Plan| plan.under("/gitlab").repository("bank/core/ledger");
    let story = story(Home::Gitlab).on(place).opens(ledger(AMOUNT));
    assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{}", story.told());
    assert!(story.answer_to("alice", "@countersign help").contains("review"));
}

#[test]
fn a_gitlab_that_has_no_diff_yet_is_waited_for() {
    let story = story(Home::Gitlab).begins();
    story.forge.delay_diffs(3);
    story.opens(ledger(AMOUNT));
    story.rests();
    assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{}", story.told());
}
