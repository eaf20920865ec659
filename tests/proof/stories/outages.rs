//! Forges that fail: everything lands all the same, once, or the gate is not green.

use tests::harness::{Access, Fault};

use super::{FIRST, Home, Light, ledger, story};
use crate::{AMOUNT, PRINT, RATIO};

#[test]
fn what_a_forge_could_not_take_lands_once_it_is_back() {
    for (home, fault) in [
        (Home::GithubApp, Fault::InternalError),
        (Home::Gitlab, Fault::Closed),
        (Home::Gitea, Fault::BadGateway),
    ] {
        let story = story(home).begins();
        story.forge.inject(home.read_route(), std::slice::from_ref(&fault));
        story.forge.inject(home.inline_route(), &[fault]);
        story.opens(ledger(AMOUNT));
        story.rests();
        assert!(story.forge.faults_are_played());
        assert_eq!((story.light(), story.said().len()), (Light::Red, 2), "{home:?}: {}", story.told());
    }
}

#[test]
fn a_write_that_was_done_but_not_answered_is_not_done_again() {
    for home in Home::ALL {
        for fault in [Fault::BadGatewayAfterCommit, Fault::ClosedAfterCommit, Fault::Truncated] {
            let story = story(home).begins();
            story.forge.inject(home.inline_route(), std::slice::from_ref(&fault));
            story.forge.inject(home.note_route(), &[fault]);
            story.opens(ledger(AMOUNT));
            story.rests();
            assert!(story.forge.faults_are_played());
            assert_eq!((story.light(), story.said().len()), (Light::Red, 2), "{home:?}: {}", story.told());
        }
    }
}

#[test]
fn a_comment_that_the_forge_refuses_does_not_take_the_others_with_it() {
    let refusals = [
        (
            Home::GithubApp,
            Fault::Unprocessable("Pull request review thread line must be part of the diff".into()),
        ),
        (
            Home::Gitlab,
            Fault::Answer(
                400,
                Vec::new(),
                r#"{"message":"400 Bad request - Note {:line_code=>[\"can't be blank\"]}"}"#.into(),
            ),
        ),
        (Home::Gitea, Fault::Unprocessable("invalid position".into())),
    ];
    for (home, fault) in refusals {
        let story = story(home).begins();
        story.forge.inject(home.inline_route(), &[fault]);
        story.opens(ledger(&format!("{AMOUNT}{PRINT}")));
        story.rests();
        assert_eq!(story.light(), Light::Red, "{home:?}: {}", story.told());
        let said: String = story.said().into_iter().map(|comment| comment.text).collect();
        for line in [3, 4] {
            assert!(
                said.replace("&#58;", ":").contains(&format!("Ledger.java:{line}")),
                "{home:?} line {line}: {}",
                story.told()
            );
        }
    }
}

#[test]
fn a_forge_that_asks_to_wait_is_given_its_time() {
    for home in Home::FORGES {
        let story = story(home).begins();
        story.forge.inject(home.note_route(), &[Fault::TooManyRequests(Some(2))]);
        story.opens(ledger(AMOUNT));
        story.rests();
        assert_eq!((story.light(), story.said().len()), (Light::Red, 2), "{home:?}: {}", story.told());
        assert_eq!(story.dead_letters().len(), 0);
    }
}

#[test]
fn a_service_without_its_permissions_gives_up_and_is_never_green() {
    for home in Home::FORGES {
        let story = story(home).with("review.attempts = 1").begins();
        let service = story.forge.service();
        story.forge.person(&service, Access::Read);
        story.opens(ledger(RATIO));
        story.rests();
        assert!(!story.was_green(&story.forge.head(FIRST)), "{home:?}");
        assert_eq!(story.dead_letters().len(), 1, "{home:?}: {}", story.told());
    }
}

#[test]
fn what_keeps_failing_is_a_dead_letter_and_its_gate_is_red() {
    for home in Home::FORGES {
        let story = story(home).with("review.attempts = 1").begins();
        let denied = Fault::Answer(404, Vec::new(), "{}".to_owned());
        story.forge.inject_always("GET info/refs", denied);
        story.opens(ledger(RATIO));
        story.rests();
        assert_eq!(
            (story.light(), story.dead_letters().len()),
            (Light::Red, 1),
            "{home:?}: {}",
            story.told()
        );
    }
}
