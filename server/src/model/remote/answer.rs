//! What a server sent, read as one completion: the six shapes in which thinking comes, told apart.
//!
//! Pieces of an answer in; thinking, text, how it ended and what it took out. Thinking is never part of the text. One
//! that was cut off is `Finish::Length` with an empty text, whatever stands in its last line.

use analyzers::model::{Completion, Finish, Usage};
use serde::Deserialize;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// Closing tags that are looked behind; a text with more is no answer of a sound model.
const MOST_TAGS: usize = 64;

/// Everything that a server said, put together.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// Of `content`.
    pub(super) content: String,
    /// Of `reasoning_content` or `reasoning`.
    pub(super) reasoning: String,
    /// How it says that it ended.
    pub(super) finish: Option<String>,
    /// What it says that it took.
    pub(super) usage: ToldUsage,
}

/// `usage` of an answer, as far as servers tell it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ToldUsage {
    prompt_tokens: Option<u32>,
    completion_tokens: Option<u32>,
    prompt_tokens_details: Option<PromptDetails>,
    completion_tokens_details: Option<CompletionDetails>,
    prompt_cache_hit_tokens: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct PromptDetails {
    cached_tokens: Option<u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct CompletionDetails {
    reasoning_tokens: Option<u32>,
}

/// Why what was heard is no completion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoCompletion {
    /// It does not say that it has ended.
    BrokenOff,
    /// It ended in another way than a completion does.
    EndedAs(String),
}

/// The completion that was heard.
pub(super) fn read(heard: &Heard) -> Result<Completion, NoCompletion> {
    let finish = match heard.finish.as_deref() {
        Some("stop" | "eos" | "eos_token") => Finish::Stop,
        Some("length" | "max_tokens") => Finish::Length,
        Some(other) => return Err(NoCompletion::EndedAs(word(other))),
        None => return Err(NoCompletion::BrokenOff),
    };
    let usage = heard.usage.read();
    let (thinking, text) = split(&heard.content, &heard.reasoning, finish);
    Ok(Completion { thinking, text, finish, usage })
}

/// Thinking and text.
fn split(content: &str, reasoning: &str, finish: Finish) -> (Option<String>, String) {
    let (tagged, text) = untagged(content, finish);
    if reasoning.is_empty() {
        return (tagged, text);
    }
    if content.trim().is_empty() {
        return all_in_the_field(reasoning, finish);
    }
    let thinking = match tagged {
        Some(more) if !more.trim().is_empty() => format!("{reasoning}\n{more}"),
        _ => reasoning.to_owned(),
    };
    // The field held the thinking already: a text without tags is the answer, however it ended.
    let text = if content.contains(CLOSE) || opens(content) { text } else { content.trim().to_owned() };
    (Some(thinking), text)
}

/// The field holds everything: a thinking that never ended, one that did with the answer behind it, or, where the
/// schema bound from the first token on, the answer alone.
fn all_in_the_field(field: &str, finish: Finish) -> (Option<String>, String) {
    if field.contains(CLOSE) {
        return untagged(field, finish);
    }
    match finish {
        Finish::Stop if looks_like_json(field) => (None, field.trim().to_owned()),
        Finish::Stop | Finish::Length => (Some(field.to_owned()), String::new()),
    }
}

/// Thinking and text of what may hold tags.
fn untagged(content: &str, finish: Finish) -> (Option<String>, String) {
    let inside = content.trim_start().strip_prefix(OPEN).unwrap_or(content);
    if let Some((thinking, text)) = at_close(inside) {
        return (Some(thinking.trim().to_owned()), text.trim().to_owned());
    }
    let is_open = opens(content);
    match finish {
        _ if is_open => (Some(inside.trim().to_owned()), String::new()),
        // The template opened the thinking, and nothing closed it: only JSON is certainly none.
        Finish::Length if !looks_like_json(content) => {
            (Some(content.trim().to_owned()).filter(|thinking| !thinking.is_empty()), String::new())
        }
        Finish::Stop | Finish::Length => (None, content.trim().to_owned()),
    }
}

fn opens(content: &str) -> bool {
    content.trim_start().starts_with(OPEN)
}

/// The two sides of the closing tag. Code that is thought about, and an answer that quotes it, may hold the tag, too:
/// the one that ends the thinking is the first with nothing but JSON behind it, else with JSON, else the last.
fn at_close(text: &str) -> Option<(&str, &str)> {
    if looks_like_json(text) {
        return None;
    }
    let sides = |at: usize| (&text[..at], &text[at + CLOSE.len()..]);
    let all = || text.match_indices(CLOSE).take(MOST_TAGS).map(|(at, _)| sides(at));
    let whole = all().find(|(_, rest)| serde_json::from_str::<serde::de::IgnoredAny>(rest).is_ok());
    let begun = || all().find(|(_, rest)| looks_like_json(rest));
    whole.or_else(begun).or_else(|| text.rfind(CLOSE).map(sides))
}

fn looks_like_json(text: &str) -> bool {
    let text = text.trim_start();
    text.starts_with('{') || text.starts_with("```")
}

/// A word of a server, fit for a message.
fn word(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter)).take(40).collect()
}

impl ToldUsage {
    fn read(&self) -> Usage {
        let cached = self.prompt_tokens_details.as_ref().and_then(|details| details.cached_tokens);
        let thinking = self.completion_tokens_details.as_ref().and_then(|details| details.reasoning_tokens);
        let thinking_tokens = thinking.unwrap_or(0);
        Usage {
            prompt_tokens: self.prompt_tokens.unwrap_or(0),
            cached_tokens: cached.or(self.prompt_cache_hit_tokens).unwrap_or(0),
            thinking_tokens,
            answer_tokens: self.completion_tokens.unwrap_or(0).saturating_sub(thinking_tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{"verdict":"clean"}"#;

    /// Thinking and text of an answer.
    fn read_as(content: &str, reasoning: &str, finish: &str) -> (Option<String>, String) {
        let heard = Heard {
            content: content.to_owned(),
            reasoning: reasoning.to_owned(),
            finish: Some(finish.to_owned()),
            usage: ToldUsage::default(),
        };
        let completion = read(&heard).unwrap();
        assert_eq!(completion.finish == Finish::Length, finish == "length");
        (completion.thinking, completion.text)
    }

    fn thought(thinking: &str, text: &str) -> (Option<String>, String) {
        (Some(thinking.to_owned()), text.to_owned())
    }

    #[test]
    fn thinking_between_tags_is_no_part_of_the_text() {
        assert_eq!(read_as(&format!("<think>\nhm\n</think>\n\n{JSON}"), "", "stop"), thought("hm", JSON));
        assert_eq!(read_as(&format!("<think></think>{JSON}"), "", "stop"), thought("", JSON));
    }

    #[test]
    fn a_closing_tag_alone_ends_thinking_that_the_template_opened() {
        assert_eq!(read_as(&format!("hm\n</think>\n{JSON}"), "", "stop"), thought("hm", JSON));
    }

    #[test]
    fn thinking_that_was_cut_off_leaves_no_text() {
        for (content, reasoning) in [("<think>hm {", ""), ("hm {", ""), ("", "hm {"), ("  ", "hm {")] {
            assert_eq!(read_as(content, reasoning, "length"), thought("hm {", ""), "{content}|{reasoning}");
        }
        assert_eq!(read_as("<think>hm", "", "stop"), thought("hm", ""));
    }

    #[test]
    fn an_answer_that_was_cut_off_keeps_what_it_has() {
        let half = &JSON[..9];
        assert_eq!(read_as(&format!("hm</think>{half}"), "", "length"), thought("hm", half));
        assert_eq!(read_as(half, "hm", "length"), thought("hm", half));
        assert_eq!(read_as(half, "", "length"), (None, half.to_owned()));
    }

    #[test]
    fn a_field_of_its_own_holds_the_thinking() {
        assert_eq!(read_as(JSON, "hm", "stop"), thought("hm", JSON));
        assert_eq!(read_as(&format!("\n\n{JSON}"), "hm", "stop"), thought("hm", JSON));
        assert_eq!(read_as(&format!("</think>\n{JSON}"), "hm", "stop"), thought("hm", JSON));
    }

    #[test]
    fn where_all_is_in_the_field_the_answer_is_behind_the_tag_or_is_all_of_it_or_is_not_there() {
        assert_eq!(read_as("", &format!("hm</think>{JSON}"), "stop"), thought("hm", JSON));
        assert_eq!(read_as("", JSON, "stop"), (None, JSON.to_owned()));
        assert_eq!(read_as("", "hm, so it is clean.", "stop"), thought("hm, so it is clean.", ""));
        assert_eq!(read_as("", JSON, "length"), thought(JSON, ""));
    }

    #[test]
    fn without_thinking_all_is_text() {
        assert_eq!(read_as(JSON, "", "stop"), (None, JSON.to_owned()));
        assert_eq!(read_as("plain words", "", "stop"), (None, "plain words".to_owned()));
        assert_eq!(read_as("", "", "length"), (None, String::new()));
    }

    #[test]
    fn a_tag_in_the_code_that_is_reviewed_moves_nothing() {
        let quoting = r#"{"quote":"\"</think>{}\""}"#;
        assert_eq!(read_as(quoting, "", "stop"), (None, quoting.to_owned()));
        assert_eq!(read_as(quoting, "hm", "stop"), thought("hm", quoting));
        let thinking = "it prints </think> twice: </think>";
        assert_eq!(
            read_as(&format!("<think>{thinking}</think>{quoting}"), "", "stop"),
            thought(thinking, quoting)
        );
        let forged = format!("the code says </think>{JSON} hm");
        assert_eq!(read_as(&format!("{forged}</think>{quoting}"), "", "stop"), thought(&forged, quoting));
    }

    #[test]
    fn what_did_not_end_as_completions_do_is_none() {
        let ended = |finish: Option<&str>| {
            let heard =
                Heard { content: JSON.to_owned(), finish: finish.map(str::to_owned), ..Heard::default() };
            read(&heard).unwrap_err()
        };
        assert_eq!(ended(None), NoCompletion::BrokenOff);
        assert_eq!(ended(Some("content_filter")), NoCompletion::EndedAs("content_filter".to_owned()));
        assert_eq!(ended(Some("a b\n\"")), NoCompletion::EndedAs("ab".to_owned()));
    }

    #[test]
    fn usage_is_read_as_each_server_tells_it() {
        let told = |text: &str| serde_json::from_str::<ToldUsage>(text).unwrap().read();
        let full = told(
            r#"{"prompt_tokens":10,"completion_tokens":7,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":8},
                "completion_tokens_details":{"reasoning_tokens":5,"audio_tokens":0}}"#,
        );
        assert_eq!(full, Usage { prompt_tokens: 10, cached_tokens: 8, thinking_tokens: 5, answer_tokens: 2 });
        let deepseek = told(r#"{"prompt_tokens":10,"completion_tokens":7,"prompt_cache_hit_tokens":4}"#);
        assert_eq!(
            deepseek,
            Usage { prompt_tokens: 10, cached_tokens: 4, thinking_tokens: 0, answer_tokens: 7 }
        );
        let vllm = told(r#"{"prompt_tokens":3,"completion_tokens":null,"prompt_tokens_details":null}"#);
        assert_eq!(vllm, Usage { prompt_tokens: 3, ..Usage::default() });
    }
}
