//! People talk to the service in comments.

use tests::harness::Access;

use super::{FIRST, Home, Light, ledger, story};
use crate::{AMOUNT, RATIO};

#[test]
fn comments_are_answered_once() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(AMOUNT));
        assert!(story.answer_to("alice", "@countersign help").contains("reviews the newest commit"));
        assert!(story.answer_to("alice", "@countersign status").contains("1 finding blocks the merge"));
        let hint = story.inline()[0].text.clone();
        let fingerprint = hint.split("@countersign fp ").nth(1).unwrap().split(' ').next().unwrap();
        assert!(
            story.answer_to("alice", &format!("/countersign explain {fingerprint}")).contains("CB-MONEY")
        );
        let recorded = story.answer_to("alice", &format!("@countersign fp {fingerprint} a test rate"));
        assert!(recorded.contains("is held to be no breach") && recorded.contains("waiver"), "{recorded}");
        assert_eq!(story.light(), Light::Red);
    }
}

#[test]
fn a_review_can_be_asked_for_by_those_who_may_write() {
    for home in Home::FORGES {
        let story = story(home).begins();
        let told = story.webhooks();
        story.forge.unsubscribe();
        story.opens(ledger(AMOUNT));
        story.forge.subscribe(&told, super::scene::SECRET);
        story.forge.person("eve", Access::Read);
        assert!(story.answer_to("eve", "@countersign review").contains("needs write permission"), "{home:?}");
        assert!(story.inline().is_empty() && story.light_of(&story.forge.head(FIRST)).is_none());
        assert!(story.answer_to("eve", "@countersign status").contains("not been reviewed yet"));
        assert!(story.answer_to("alice", "@countersign review").contains("on the way"));
        assert_eq!((story.light(), story.inline().len()), (Light::Red, 1), "{home:?}: {}", story.told());
    }
}

#[test]
fn a_comment_configures_nothing() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(AMOUNT));
        let answer = story.answer_to("alice", "@countersign review --config=fail_on=never");
        assert!(answer.contains("Nothing can be configured from a comment"), "{home:?}: {answer}");
        assert_eq!(story.light(), Light::Red);
    }
}

#[test]
fn the_service_never_answers_itself_nor_talk_that_is_not_for_it() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(RATIO));
        let service = story.forge.service();
        for (author, text) in [
            (service.as_str(), "@countersign help"),
            ("alice", "> @countersign help"),
            ("alice", "```\n@countersign help\n```"),
            ("alice", "ask @countersign help"),
        ] {
            story.forge.comment(FIRST, author, text);
        }
        story.rests();
        assert_eq!(story.answers(), Vec::<String>::new(), "{home:?}");
    }
}

#[test]
fn an_answer_stands_where_it_was_asked_for() {
    for home in [Home::GithubApp, Home::Gitlab] {
        let story = story(home).opens(ledger(AMOUNT));
        let thread = story.inline()[0].id;
        story.forge.reply(thread, "alice", "@countersign help");
        story.rests();
        let answer = story.said().pop().unwrap();
        assert_eq!((answer.thread, story.answers().len()), (thread, 1), "{home:?}: {}", story.told());
    }
}

#[test]
fn comments_are_in_the_language_of_the_house() {
    for home in Home::FORGES {
        let story = story(home).with("language = \"zh\"").opens(ledger(AMOUNT));
        let is_chinese =
            |text: &str| text.contains(|character| ('\u{4e00}'..='\u{9fff}').contains(&character));
        assert!(story.said().iter().all(|comment| is_chinese(&comment.text)), "{home:?}: {}", story.told());
        assert!(is_chinese(&story.reason()));
        assert!(is_chinese(&story.answer_to("alice", "@countersign 帮助")));
    }
}
