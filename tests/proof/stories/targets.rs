//! Branches that merge requests merge into, and that move under them.

use std::time::Duration;

use serde_json::Value;
use tests::eventually;
use tests::harness::{Fault, Happening};

use super::{FIRST, Home, LEDGER, Light, Story, ledger, story};
use crate::{AMOUNT, PRINT, RATIO};

const OTHER: [(&str, &str); 1] = [("core/Other.java", "class Other {}\n")];

/// What a review's page links to, so that a summary could differ by its review alone.
const PAGES: &str = "public_url = \"https://countersign.bank.example\"";

/// The records of the story's reviews, newest first.
fn reviews(story: &Story) -> Vec<Value> {
    let listed = story.asks("/v1/reviews");
    let ids = listed["reviews"].as_array().expect("a list").iter().map(|review| review["id"].clone());
    ids.map(|id| story.asks(&format!("/v1/reviews/{}", id.as_str().expect("an id")))).collect()
}

/// The target that a review is bound to.
fn target(review: &Value) -> &str {
    review["bound_to"]["target"].as_str().expect("a target")
}

/// What the service has written on the forge since the log was cleared, but for lights.
fn written(story: &Story) -> Vec<String> {
    let is_light = |path: &str| path.contains("/statuses") || path.contains("/check-runs");
    let is_token = |path: &str| path.ends_with("/access_tokens") || path.ends_with("/graphql");
    let log = story.forge.log().into_iter();
    let written = log.filter(|call| !["GET", "HEAD"].contains(&call.method.as_str()));
    let comments = written.filter(|call| !is_light(&call.path) && !is_token(&call.path));
    comments
        .map(|call| format!("{} {}", call.method, call.path))
        .filter(|call| !call.contains(".git/"))
        .collect()
}

#[test]
fn a_target_that_moves_is_reviewed_again_and_nothing_is_said_where_nothing_changed() {
    for home in Home::ALL {
        let story = story(home).with(PAGES).opens(ledger(AMOUNT));
        let (said, head) = (story.said().len(), story.forge.head(FIRST));
        let lights = story.forge.statuses(&head).len() + story.forge.check_runs(&head).len();
        story.forge.clear_log();
        story.forge.push("main", OTHER);
        story.rests();
        let reviews = reviews(&story);
        assert_eq!(reviews.len(), 2, "{home:?}: {}", story.told());
        assert_eq!(target(&reviews[0]), story.forge.tip("main"), "{home:?}");
        assert_ne!(target(&reviews[0]), target(&reviews[1]));
        assert_eq!(written(&story), [""; 0], "{home:?}");
        assert_eq!((story.light(), story.said().len()), (Light::Red, said), "{home:?}: {}", story.told());
        let now = story.forge.statuses(&head).len() + story.forge.check_runs(&head).len();
        assert!(now > lights, "{home:?}: the light was set for what it merges into now");
    }
}

#[test]
fn what_the_target_demands_now_is_told() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(PRINT));
        assert_eq!(story.light(), Light::Green, "{home:?}: {}", story.told());
        let tightened = "policies:\n  audit/console-output: {enforcement: block}\nfail_on: minor\n";
        story.forge.push("main", [(".countersign.yaml", tightened)]);
        story.rests();
        assert_eq!(story.light(), Light::Red, "{home:?}: {}", story.told());
        assert_eq!(story.points_at(), [format!("{LEDGER}:3")]);
    }
}

#[test]
fn a_branch_that_nothing_merges_into_costs_one_look() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(RATIO));
        story.forge.clear_log();
        story.forge.push("elsewhere", OTHER);
        story.rests();
        let asked: Vec<_> = story.forge.log().into_iter().map(|call| call.path).collect();
        let [list] = asked.as_slice() else { panic!("{home:?}: {asked:?}") };
        assert!(list.ends_with("/pulls") || list.ends_with("/merge_requests"), "{home:?}: {list}");
        assert_eq!(reviews(&story).len(), 1);
    }
}

#[test]
fn pushes_in_a_row_are_one_look() {
    let story = story(Home::Gitea).with("review.settle_seconds = 2").opens(ledger(RATIO));
    story.forge.clear_log();
    for number in 0..5 {
        story.forge.push("main", [("NEWS", format!("{number}\n"))]);
    }
    story.rests();
    assert_eq!(story.forge.calls("GET", "/pulls").len(), 1, "{}", story.told());
    assert_eq!(reviews(&story).len(), 2);
}

#[test]
fn a_draft_is_left_alone_when_its_target_moves() {
    for home in Home::FORGES {
        let story = story(home).begins();
        story.forge.unsubscribe();
        story.opens(ledger(AMOUNT));
        story.forge.mark_draft(FIRST);
        assert_eq!(story.hears(&Happening::Opened(FIRST)), 202);
        story.rests();
        let lights = story.forge.statuses(&story.forge.head(FIRST)).len();
        story.forge.subscribe(&story.webhooks(), super::scene::SECRET);
        story.forge.clear_log();
        story.forge.push("main", OTHER);
        story.rests();
        assert_eq!(story.forge.log().len(), 1, "{home:?}: {}", story.told());
        assert_eq!(story.forge.statuses(&story.forge.head(FIRST)).len(), lights);
    }
}

#[test]
fn a_forge_that_fails_when_a_target_moves_is_asked_again() {
    for home in Home::FORGES {
        let story = story(home).with("review.attempts = 3").opens(ledger(RATIO));
        let route = if home == Home::Gitlab { "GET merge_requests" } else { "GET pulls" };
        story.forge.inject(route, &[Fault::TooManyRequests(Some(1))]);
        story.forge.push("main", OTHER);
        story.rests();
        assert_eq!((reviews(&story).len(), story.dead_letters().len()), (2, 0), "{home:?}: {}", story.told());
    }
}

#[test]
fn a_review_that_was_asked_for_anew_is_made_anew_whatever_comes_next() {
    for home in Home::FORGES {
        let story = story(home).with("review.workers = 1").opens(ledger(AMOUNT));
        // The only worker still answers while the review that was asked for waits.
        story.forge.inject(home.note_route(), &[Fault::Slow(Duration::from_secs(2))]);
        story.forge.comment(FIRST, "alice", "@countersign recheck");
        eventually("the review waits", || (story.asks("/v1/queue")["waiting"] == 1).then_some(()));
        assert_eq!(story.hears(&Happening::Opened(FIRST)), 202);
        assert_eq!(reviews(&story).len(), 1, "{home:?}");
        story.rests();
        assert_eq!(reviews(&story).len(), 2, "{home:?}: {}", story.told());
        assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{home:?}");
    }
}
