//! R1's chat template, by tokens: turns in, a prompt out, with the thinking forced open.
//!
//! What the template says is looked up by name; what people and repositories say is encoded apart from it, so that no
//! text can end its own turn. The published template is the measure: a model with another one is refused.

mod published;

use std::path::PathBuf;

use crate::model::tokenizer::Tokenizer;

pub(crate) use published::check;

const BEGIN: &str = "<｜begin▁of▁sentence｜>";
const END: &str = "<｜end▁of▁sentence｜>";
const USER: &str = "<｜User｜>";
const ASSISTANT: &str = "<｜Assistant｜>";
const THINK: &str = "<think>";
const THINK_END: &str = "</think>";

/// The template of one tokenizer.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    begin: u32,
    end: u32,
    user: u32,
    assistant: u32,
    think: u32,
    think_end: u32,
}

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turn<'a> {
    /// Who.
    pub(crate) speaker: Speaker,
    /// What, in parts that are encoded one by one: what several prompts share goes into a part of its own, so that
    /// its tokens are the same in all of them.
    pub(crate) parts: Vec<&'a str>,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// The operator. R1 has no turn for it: its text stands before the first turn.
    System,
    /// The one who asks.
    User,
    /// The model, earlier. What it thought is left out.
    Assistant,
}

/// How the model's own turn begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// It thinks first.
    Thinking,
    /// Its thinking is over before it began.
    Answer,
}

/// Why a model's template cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TemplateError {
    /// A special token is not in the vocabulary.
    #[error("its tokenizer has no token {0}; it is not one of the R1 family")]
    NoToken(&'static str),
    /// The model's own template differs from R1's.
    #[error(
        "the chat template in {path} is not R1's: {reason}. The model was trained on other turns than it would be \
         asked in; take the template that was published with its base, or serve it by a remote engine"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// In what it differs.
        reason: String,
    },
}

/// A piece of a prompt.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Special(&'static str),
    Text(&'a str),
}

impl Template {
    /// The template's tokens in a vocabulary.
    ///
    /// # Errors
    /// Names the token that is not there.
    pub(crate) fn of(tokenizer: &Tokenizer) -> Result<Self, TemplateError> {
        let token = |name| tokenizer.special(name).ok_or(TemplateError::NoToken(name));
        Ok(Self {
            begin: token(BEGIN)?,
            end: token(END)?,
            user: token(USER)?,
            assistant: token(ASSISTANT)?,
            think: token(THINK)?,
            think_end: token(THINK_END)?,
        })
    }

    /// The tokens of a prompt.
    pub(crate) fn prompt(&self, tokenizer: &Tokenizer, turns: &[Turn<'_>], opening: Opening) -> Vec<u32> {
        let mut tokens = Vec::new();
        for piece in pieces(turns, opening) {
            match piece {
                Piece::Special(name) => tokens.push(self.token(name)),
                Piece::Text(text) => tokens.extend(tokenizer.encode_text(text)),
            }
        }
        tokens
    }

    /// The token that begins a prompt.
    pub(crate) fn begin(&self) -> u32 {
        self.begin
    }

    /// The token that ends a turn.
    pub(crate) fn end(&self) -> u32 {
        self.end
    }

    /// The token that begins thinking.
    pub(crate) fn think(&self) -> u32 {
        self.think
    }

    /// The token that ends thinking.
    pub(crate) fn think_end(&self) -> u32 {
        self.think_end
    }

    fn token(&self, name: &'static str) -> u32 {
        match name {
            BEGIN => self.begin,
            END => self.end,
            USER => self.user,
            ASSISTANT => self.assistant,
            THINK => self.think,
            _ => self.think_end,
        }
    }
}

impl<'a> Turn<'a> {
    /// A turn of one part.
    pub(crate) fn new(speaker: Speaker, text: &'a str) -> Self {
        Self { speaker, parts: vec![text] }
    }
}

fn pieces<'a>(turns: &[Turn<'a>], opening: Opening) -> Vec<Piece<'a>> {
    let mut pieces = vec![Piece::Special(BEGIN)];
    let systems = turns.iter().filter(|turn| turn.speaker == Speaker::System);
    for (place, turn) in systems.enumerate() {
        pieces.extend((place > 0).then_some(Piece::Text("\n\n")));
        pieces.extend(turn.parts.iter().map(|part| Piece::Text(part)));
    }
    for turn in turns {
        match turn.speaker {
            Speaker::System => {}
            Speaker::User => {
                pieces.push(Piece::Special(USER));
                pieces.extend(turn.parts.iter().map(|part| Piece::Text(part)));
            }
            Speaker::Assistant => {
                pieces.push(Piece::Special(ASSISTANT));
                pieces.extend(without_thinking(&turn.parts).into_iter().map(Piece::Text));
                pieces.push(Piece::Special(END));
            }
        }
    }
    pieces.extend([Piece::Special(ASSISTANT), Piece::Special(THINK), Piece::Text("\n")]);
    if opening == Opening::Answer {
        pieces.extend([Piece::Text("\n"), Piece::Special(THINK_END), Piece::Text("\n\n")]);
    }
    pieces
}

/// What stands after the last closing tag.
fn without_thinking<'a>(parts: &[&'a str]) -> Vec<&'a str> {
    let last = parts.iter().rposition(|part| part.contains(THINK_END));
    let Some(last) = last else { return parts.to_vec() };
    let answer = parts[last].rsplit(THINK_END).next().unwrap_or_default();
    std::iter::once(answer).chain(parts[last + 1..].iter().copied()).collect()
}

#[cfg(test)]
mod tests;
