//! A merge request's life: opened, mended, broken again, closed.

use tests::harness::{Files, Happening};

use super::{FIRST, Home, LEDGER, Light, is_fixed, ledger, story};
use crate::{AMOUNT, PRINT, RATIO};

#[test]
fn an_opened_merge_request_is_told_what_is_wrong_where_it_is() {
    for home in Home::ALL {
        let story = story(home).opens(ledger(&format!("{RATIO}{AMOUNT}")));
        assert_eq!(story.light(), Light::Red);
        assert_eq!(story.points_at(), [format!("{LEDGER}:4")], "{home:?}");
        assert!(story.inline()[0].text.contains("CB-MONEY-"));
        assert!(story.inline()[0].place.as_ref().unwrap().is_shown);
        assert!(story.summary().unwrap().contains("1 finding blocks the merge"));
        assert!(story.reason().contains("1 finding blocks the merge"), "{}", story.reason());
        let runs = story.forge.check_runs(&story.forge.head(FIRST));
        if home == Home::GithubApp {
            let [run] = runs.as_slice() else { panic!("one check run: {runs:?}") };
            assert_eq!((run.status.as_str(), run.conclusion.as_deref()), ("completed", Some("failure")));
            assert_eq!(run.annotations.len(), 1);
            assert_eq!(
                (&run.annotations[0]["path"], &run.annotations[0]["start_line"]),
                (&LEDGER.into(), &4.into())
            );
        } else {
            assert!(runs.is_empty());
        }
    }
}

#[test]
fn a_clean_merge_request_is_green_without_a_word() {
    for home in Home::ALL {
        let story = story(home).opens(ledger(RATIO));
        assert_eq!(story.light(), Light::Green, "{home:?}: {}", story.told());
        assert!(story.said().is_empty(), "{home:?}");
    }
}

#[test]
fn what_does_not_block_is_told_and_green() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(PRINT));
        assert_eq!(story.light(), Light::Green, "{home:?}: {}", story.told());
        assert_eq!(story.points_at(), [format!("{LEDGER}:3")]);
        assert!(story.summary().unwrap().contains("nothing here blocks the merge"));
    }
}

#[test]
fn a_mended_finding_is_resolved_and_one_that_comes_back_is_reopened() {
    for home in Home::ALL {
        let story = story(home).opens(ledger(AMOUNT));
        let comment = || {
            let inline = story.inline();
            assert_eq!(inline.len(), 1, "{home:?}: {}", story.told());
            inline.into_iter().next().unwrap()
        };
        let (before, summary) = (comment(), story.summary().unwrap());
        story.pushes(ledger(RATIO));
        assert_eq!(story.light(), Light::Green);
        assert!(is_fixed(&comment()) && comment().text.contains("Fixed in"), "{home:?}: {}", story.told());
        assert_eq!(comment().is_resolved, home != Home::Gitea);
        assert!(comment().id == before.id && story.summary().unwrap() != summary);
        story.pushes(ledger(AMOUNT));
        assert_eq!(story.light(), Light::Red);
        assert!(!is_fixed(&comment()) && !comment().is_resolved, "{home:?}: {}", story.told());
        assert_eq!(comment().id, before.id);
    }
}

#[test]
fn a_draft_waits_until_it_is_ready() {
    for home in Home::FORGES {
        let story = story(home).begins();
        story.forge.unsubscribe();
        story.opens(ledger(AMOUNT));
        story.forge.mark_draft(FIRST);
        assert_eq!(story.hears(&Happening::Opened(FIRST)), 202);
        story.rests();
        assert!(story.said().is_empty() && story.light() == Light::Pending, "{home:?}: {}", story.told());
        story.forge.subscribe(&story.webhooks(), super::scene::SECRET);
        story.forge.mark_ready(FIRST);
        story.rests();
        assert_eq!((story.light(), story.points_at().len()), (Light::Red, 1), "{home:?}: {}", story.told());
    }
}

#[test]
fn a_merge_request_that_is_closed_before_its_turn_is_left_alone() {
    for home in Home::FORGES {
        let story = story(home).begins();
        story.forge.unsubscribe();
        story.opens(ledger(AMOUNT));
        story.forge.close(FIRST);
        assert_eq!(story.hears(&Happening::Opened(FIRST)), 202);
        story.rests();
        assert!(story.said().is_empty(), "{home:?}");
        assert!(!story.was_green(&story.forge.head(FIRST)));
    }
}

#[test]
fn a_deleted_file_takes_its_findings_with_it() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(AMOUNT));
        story.pushes(Files::new().remove(LEDGER).write("NEWS", "gone\n"));
        assert_eq!(story.light(), Light::Green, "{home:?}: {}", story.told());
        assert!(story.points_at().is_empty() && is_fixed(&story.inline()[0]));
    }
}

#[test]
fn a_finding_that_was_there_before_is_neither_told_nor_blocks() {
    for home in Home::FORGES {
        let story = story(home).main(ledger(AMOUNT)).opens(ledger(&format!("{AMOUNT}{RATIO}")));
        assert_eq!((story.light(), story.inline().len()), (Light::Green, 0), "{home:?}: {}", story.told());
    }
}
