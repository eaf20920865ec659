//! Webhooks as networks bring them: twice, late, out of order, forged, or not at all.

use tests::eventually;
use tests::harness::Happening;

use super::scene::SECRET;
use super::{FIRST, Home, Light, ledger, story};
use crate::{AMOUNT, RATIO};

#[test]
fn deliveries_that_come_twice_late_or_out_of_order_change_nothing() {
    for home in Home::FORGES {
        let story = story(home).begins();
        story.opens(ledger(AMOUNT));
        let opened = story.forge.delivery(&Happening::Opened(FIRST), SECRET);
        let before = story.forge.head(FIRST);
        let pushed = Happening::Pushed { number: FIRST, before };
        story.pushes(ledger(&format!("{RATIO}{AMOUNT}")));
        let said = story.said().len();
        assert_eq!(story.hears(&pushed), 202);
        for _ in 0..3 {
            assert_eq!(story.forge.deliver(&opened, &story.webhooks()).status, 202);
        }
        story.rests();
        assert_eq!((story.said().len(), story.inline().len(), said), (2, 1, 2), "{home:?}: {}", story.told());
        assert_eq!(story.light(), Light::Red);
    }
}

#[test]
fn a_webhook_that_is_not_signed_by_the_forge_does_nothing() {
    for home in Home::FORGES {
        let story = story(home).begins();
        story.forge.unsubscribe();
        story.opens(ledger(AMOUNT));
        let forged = story.forge.delivery(&Happening::Opened(FIRST), "another secret");
        assert_eq!(story.forge.deliver(&forged, &story.webhooks()).status, 401);
        let mut changed = story.forge.delivery(&Happening::Opened(FIRST), SECRET);
        changed
            .headers
            .retain(|(name, _)| !name.to_lowercase().contains("signature") && !name.contains("Token"));
        assert_eq!(story.forge.deliver(&changed, &story.webhooks()).status, 401);
        story.forge.clear_log();
        story.rests();
        assert!(story.forge.log().is_empty() && story.said().is_empty(), "{home:?}");
        assert_eq!(story.light_of(&story.forge.head(FIRST)), None);
    }
}

#[test]
fn a_merge_request_whose_webhook_was_lost_is_reviewed_all_the_same() {
    for home in Home::FORGES {
        let story = story(home).with("review.reconcile_seconds = 1").begins();
        story.forge.unsubscribe();
        story.opens(ledger(AMOUNT));
        let head = story.forge.head(FIRST);
        eventually("the review", || story.light_of(&head).filter(|light| *light == Light::Red));
        story.rests();
        assert_eq!(story.inline().len(), 1, "{home:?}");
    }
}

#[test]
fn a_service_that_dies_goes_on_where_it_was() {
    for home in Home::FORGES {
        let story = story(home).begins();
        story.opens(ledger(AMOUNT));
        story.dies();
        story.starts();
        story.rests();
        assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{home:?}: {}", story.told());
    }
}
