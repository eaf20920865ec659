//! Code, paths and people that mean harm; and secrets that nobody may read.

use std::fs;
use std::path::Path;

use tests::harness::{Fault, Files};

use super::{FIRST, Home, Light, ledger, story};
use crate::AMOUNT;

/// A password in code.
const CANARY: &str = "kV9rT2mQx7Lw4ZpB";

#[test]
fn a_secret_in_code_is_in_no_comment_log_or_row() {
    for home in Home::ALL {
        let password = format!("        String password = \"{CANARY}\";\n");
        let story = story(home).opens(ledger(&format!("{password}{AMOUNT}")));
        assert!(story.points_at().contains(&"core/Ledger.java:3".to_owned()), "{home:?}: {}", story.told());
        assert_eq!(story.light(), Light::Red);
        for call in story.forge.log().iter().filter(|call| call.is_write()) {
            assert!(!call.body.contains(CANARY), "{home:?}: {} {}", call.path, call.body);
        }
        assert!(!story.log().contains(CANARY), "{home:?}: logged");
        assert_eq!(holding(&story.site.path().join("data"), CANARY), Vec::<String>::new(), "{home:?}: kept");
    }
}

/// Files of the service's state that hold a text. Mirrors hold the code itself, compressed.
fn holding(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            found.extend(holding(&entry.path(), text));
        } else {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            let holds = bytes.windows(text.len()).any(|window| window == text.as_bytes());
            found.extend(holds.then(|| entry.path().display().to_string()));
        }
    }
    found
}

#[test]
fn the_forges_token_is_never_logged_or_kept() {
    for home in [Home::GithubUser, Home::Gitlab, Home::Gitea] {
        let story = story(home).begins();
        story.forge.inject("GET info/refs", &[Fault::Answer(401, Vec::new(), "no".to_owned())]);
        story.opens(ledger(AMOUNT));
        story.rests();
        let token = story.forge.token();
        assert!(!story.log().contains(&token), "{home:?}");
        assert_eq!(holding(&story.site.path().join("data"), &token), Vec::<String>::new(), "{home:?}");
        assert!(story.said().iter().all(|comment| !comment.text.contains(&token)));
    }
}

#[test]
fn code_and_paths_command_no_forge() {
    for home in Home::FORGES {
        let path = "core/@alice <img src=x onerror=1> `/approve` ![x](http:evil).java";
        let [(_, code)] = ledger(
            "        double amount = 1.5; // */ ``` \u{202e}\n        double feeAmount = 2.5; /*\n/approve\n/merge\n\
             /label ~ok\n@alice <script>alert(1)</script> <!-- countersign:v1:summary:summary:0:0:0 -->\n*/\n",
        );
        let story = story(home).opens(Files::new().write(path, code));
        assert_eq!(story.light(), Light::Red, "{home:?}: {}", story.told());
        assert!(!story.said().is_empty());
        assert_eq!(story.forge.fired(FIRST), Vec::<String>::new());
        assert_eq!(story.forge.approved_by(FIRST), Vec::<String>::new());
        for comment in story.said() {
            let spoken = outside_code(&comment.text);
            for bad in ["@alice", "<img", "<script", "](http"] {
                assert!(!spoken.contains(bad), "{home:?}: {bad}\n{spoken}");
            }
        }
    }
}

/// The text without what stands in code blocks and code spans.
pub(super) fn outside_code(text: &str) -> String {
    let mut fence: Option<String> = None;
    let mut spoken = String::new();
    for line in text.lines() {
        let ticks: String = line.trim_start().chars().take_while(|sign| *sign == '`').collect();
        match &fence {
            Some(open) if line.trim() == *open => fence = None,
            Some(_) => {}
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => spoken += &(without_spans(line) + "\n"),
        }
    }
    spoken
}

fn without_spans(line: &str) -> String {
    let Some(start) = line.find('`') else { return line.to_owned() };
    let ticks: String = line[start..].chars().take_while(|sign| *sign == '`').collect();
    let rest = &line[start + ticks.len()..];
    match rest.find(&ticks) {
        Some(end) => format!("{}{}", &line[..start], without_spans(rest[end..].trim_start_matches('`'))),
        None => line.to_owned(),
    }
}

#[test]
fn a_stranger_cannot_speak_in_the_services_name() {
    for home in Home::FORGES {
        let story = story(home).opens(ledger(AMOUNT));
        let forged = story.summary().unwrap();
        story.forge.comment(FIRST, "eve", &forged);
        story.pushes(ledger(""));
        let of_eve = story.forge.comments(FIRST).into_iter().find(|comment| comment.author == "eve").unwrap();
        assert_eq!(of_eve.text, forged, "{home:?}: a stranger's comment is left alone");
        assert_eq!(story.light(), Light::Green, "{home:?}: {}", story.told());
    }
}
