//! Code that moves: pushes over pushes, other bases, other names, other lines.

use std::time::Duration;

use tests::eventually;
use tests::harness::{Fault, Files};

use super::{FIRST, Home, LEDGER, Light, ledger, story};
use crate::{AMOUNT, RATIO};

#[test]
fn a_force_push_keeps_the_comment_of_a_finding_that_is_still_there() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(AMOUNT));
        let (before, onto) = (story.inline(), story.forge.tip("main"));
        story.forge.force_push("feature", &onto, ledger(&format!("{RATIO}{AMOUNT}")));
        story.rests();
        let after = story.inline();
        assert_eq!((story.light(), after.len(), after[0].id), (Light::Red, 1, before[0].id), "{home:?}");
    }
}

#[test]
fn a_rebase_onto_a_moved_target_says_nothing_twice() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(AMOUNT));
        story.forge.push("main", [("core/Other.java", "class Other {}\n")]);
        story.forge.rebase(FIRST);
        story.rests();
        assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{home:?}: {}", story.told());
        assert_eq!(story.points_at(), [format!("{LEDGER}:3")]);
    }
}

#[test]
fn a_finding_whose_surroundings_shift_gets_no_second_comment() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(AMOUNT));
        let before = story.inline()[0].id;
        story.pushes(ledger(&format!("{RATIO}{}{AMOUNT}", RATIO.replace("ratio", "share"))));
        assert_eq!((story.inline().len(), story.inline()[0].id), (1, before), "{home:?}: {}", story.told());
    }
}

#[test]
fn a_renamed_file_keeps_what_was_there_before_and_is_told_what_is_new() {
    for home in Home::FORGES {
        let many: String = (0..20).map(|number| RATIO.replace("ratio", &format!("ratio{number}"))).collect();
        let [(_, renamed)] = ledger(&format!("{many}{AMOUNT}{}", AMOUNT.replace("amount", "feeAmount")));
        let story = story(home).main(ledger(&format!("{many}{AMOUNT}"))).begins();
        story.forge.commit("feature", Files::new().rename(LEDGER, "core/Book.java"));
        story.opens([("core/Book.java", renamed)]);
        story.rests();
        assert_eq!(story.points_at(), ["core/Book.java:24"], "{home:?}: {}", story.told());
        assert!(story.inline()[0].place.as_ref().unwrap().is_shown);
    }
}

#[test]
fn a_head_that_moves_during_its_review_is_never_green() {
    for home in Home::FORGES {
        let story = story(home).begins();
        // Reading the merge request takes a while, so that the push comes in between.
        story.forge.inject_always(home.read_route(), Fault::Slow(Duration::from_millis(300)));
        story.opens(ledger(RATIO));
        let old = story.forge.head(FIRST);
        eventually("the review has begun", || story.light_of(&old));
        story.pushes(ledger(AMOUNT));
        assert!(!story.was_green(&old), "{home:?}: {}", story.told());
        assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{home:?}: {}", story.told());
    }
}
