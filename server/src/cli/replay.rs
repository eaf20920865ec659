//! `countersign-server replay`: a review made again, and whether it is the same.
//!
//! Codes: 0 the same bytes, 1 not, 2 it could not be made again.

use std::process::ExitCode;

use analyzers::text::Locale;
use clap::Args;
use serde_json::Value;

use super::Configuration;
use crate::replay::{self, Difference, Replayed};

/// Characters of a value that are shown.
const SHOWN: usize = 100;

#[derive(Args)]
#[command(
    after_help = "Exit codes: 0 the same bytes, 1 a difference, which is told, 2 it could not be made again."
)]
pub(super) struct ReplayCommand {
    /// Name of the review, as its page and `GET /v1/reviews` show it
    id: String,
    #[command(flatten)]
    configuration: Configuration,
}

/// Makes the review again and tells what came of it.
pub(super) fn run(command: &ReplayCommand) -> anyhow::Result<ExitCode> {
    let config = command.configuration.read()?;
    let locale = config.language;
    let replayed = super::runtime()?.block_on(replay::replay(&config, &command.id))?;
    for line in lines(&replayed, locale) {
        println!("{line}");
    }
    Ok(if is_same(&replayed) { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn is_same(replayed: &Replayed) -> bool {
    replayed.made.as_ref() == Some(&replayed.kept)
}

fn lines(replayed: &Replayed, locale: Locale) -> Vec<String> {
    let Replayed { kept, made, differences } = replayed;
    let verdict = match is_same(replayed) {
        true => locale.pick("identical", "完全一致"),
        false => locale.pick("different", "存在差异"),
    };
    let digest = made.as_ref().map(|made| format!("sha256:{made}"));
    let mut lines = vec![
        verdict.to_owned(),
        format!("{}\tsha256:{kept}", locale.pick("kept", "留存")),
        format!(
            "{}\t{}",
            locale.pick("replayed", "重放"),
            digest.as_deref().unwrap_or(locale.pick("not made", "未能重放"))
        ),
    ];
    lines.extend(differences.iter().map(|difference| line(difference, locale)));
    lines
}

fn line(difference: &Difference, locale: Locale) -> String {
    match difference {
        Difference::Policies { kept, made } => locale.pick(
            format!("policies: the review was made under sha256:{kept}, in force are sha256:{made}"),
            format!("策略：审查所用为 sha256:{kept}，现行为 sha256:{made}"),
        ),
        Difference::Answers(count) => locale.pick(
            format!("answers: questions whose answer is not kept, or that were not asked then: {count}"),
            format!("回答：未留存回答或当时未提出的问题数：{count}"),
        ),
        Difference::Objects(why) => locale.pick(
            format!("commits: not all of them are in the mirror: {}", shown(why)),
            format!("提交：镜像中对象不全：{}", shown(why)),
        ),
        Difference::Value { path, kept, made } => {
            let told = |value: &Option<Value>| match value {
                Some(value) => shown(&value.to_string()),
                None => locale.pick("nothing", "无").to_owned(),
            };
            let (kept, made) = (told(kept), told(made));
            locale.pick(
                format!("{}: {kept} is kept, {made} was made", shown(path)),
                format!("{}：留存为 {kept}，重放为 {made}", shown(path)),
            )
        }
        Difference::More(count) => {
            locale.pick(format!("further values that differ: {count}"), format!("其他不同的值：{count}"))
        }
    }
}

/// The beginning of a text, with nothing in it that a terminal would obey.
fn shown(text: &str) -> String {
    let beginning: String = text.chars().take(SHOWN).collect();
    let plain: String = beginning
        .chars()
        .map(|character| match character {
            '"' | '\'' | '\\' => character.to_string(),
            _ => character.escape_debug().to_string(),
        })
        .collect();
    if beginning.len() < text.len() { format!("{plain}…") } else { plain }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_told_in_both_languages_and_commands_no_terminal() {
        let differences = vec![
            Difference::Policies { kept: "aa".to_owned(), made: "bb".to_owned() },
            Difference::Answers(2),
            Difference::Objects("no \u{1b}[2J".to_owned()),
            Difference::Value {
                path: "/document/\u{202e}x".to_owned(),
                kept: None,
                made: Some(json!("\u{9b}2J".repeat(200))),
            },
            Difference::More(3),
        ];
        let replayed = Replayed { kept: "11".to_owned(), made: None, differences };
        for locale in [Locale::En, Locale::Zh] {
            let lines = lines(&replayed, locale);
            assert_eq!(lines.len(), 8, "{lines:?}");
            assert_eq!(lines[0], locale.pick("different", "存在差异"));
            for line in lines {
                let is_plain =
                    |character: char| character == '\t' || !character.is_control() && character != '\u{202e}';
                assert!(line.chars().all(is_plain) && line.len() < 1000, "{line:?}");
            }
        }
        let same = Replayed { kept: "11".to_owned(), made: Some("11".to_owned()), differences: Vec::new() };
        assert_eq!(lines(&same, Locale::En), ["identical", "kept\tsha256:11", "replayed\tsha256:11"]);
    }
}
