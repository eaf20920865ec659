//! What a drawn token means: thinking, the way from it to the answer, the answer, its end.
//!
//! In: drawn tokens, one by one. Out: the tokens that the sequence goes on by (with those that are forced), what is
//! told of them, and whether the completion is whole.

use std::sync::Arc;
use std::time::Duration;

use toktrie::SimpleVob;

use super::grammar::Grammar;
use super::text::{Characters, Stops, Told};
use super::thinking::{Drawn, Next, Thinker};
use super::vocabulary::Vocabulary;
use crate::model::generate::{Event, Finish, Request};

/// A completion that is being written.
pub(super) struct Writer {
    vocabulary: Arc<Vocabulary>,
    thinker: Thinker,
    grammar: Option<Grammar>,
    characters: Characters,
    stops: Stops,
    max_answer_tokens: u32,
    thinking_tokens: u32,
    answer_tokens: u32,
}

/// What came of a token.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The tokens that stand now.
    pub(super) tokens: Vec<u32>,
    /// What is told.
    pub(super) events: Vec<Event>,
    /// How the completion ended, where it did.
    pub(super) finish: Option<Finish>,
}

impl Writer {
    /// Before the first token.
    pub(super) fn new(vocabulary: Arc<Vocabulary>, request: &Request, grammar: Option<Grammar>) -> Self {
        Self {
            vocabulary,
            thinker: Thinker::new(request.thinking),
            grammar,
            characters: Characters::default(),
            stops: Stops::new(&request.stop),
            max_answer_tokens: request.max_answer_tokens,
            thinking_tokens: 0,
            answer_tokens: 0,
        }
    }

    /// What stands before anything is drawn.
    pub(super) fn open(&mut self) -> Result<Written, String> {
        let mut written = Written::default();
        match self.thinker.open() {
            Next::Close => self.close(&mut written)?,
            Next::Think if !self.thinker.is_thinking() => self.go_on(&mut written)?,
            Next::Think => {}
        }
        Ok(written)
    }

    /// What comes of a drawn token.
    pub(super) fn take(&mut self, token: u32) -> Result<Written, String> {
        let mut written = Written::default();
        if self.thinker.is_thinking() {
            self.think(token, &mut written)?;
        } else if self.vocabulary.is_end(token) {
            self.end(Finish::Stop, &mut written);
        } else {
            self.answer(token, &mut written)?;
            self.go_on(&mut written)?;
        }
        Ok(written)
    }

    /// The tokens that may be drawn next; `None` as long as they are being found out.
    pub(super) fn allowed(&mut self) -> Result<Option<&SimpleVob>, String> {
        if self.thinker.is_thinking() {
            return Ok(Some(self.vocabulary.while_thinking()));
        }
        match &mut self.grammar {
            Some(grammar) => grammar.mask(),
            None => Ok(Some(self.vocabulary.while_answering())),
        }
    }

    /// Waits until it is known what may be drawn, but not long.
    pub(super) fn wait(&mut self, at_most: Duration) -> Result<(), String> {
        self.grammar.as_mut().map_or(Ok(()), |grammar| grammar.wait(at_most))
    }

    /// Tokens of the thinking with its tag, and of the answer.
    pub(super) fn counts(&self) -> (u32, u32) {
        (self.thinking_tokens, self.answer_tokens)
    }

    /// Whether the thinking was cut off.
    pub(super) fn is_thinking_cut(&self) -> bool {
        self.thinker.is_cut()
    }

    fn think(&mut self, token: u32, written: &mut Written) -> Result<(), String> {
        let drawn = if Some(token) == self.vocabulary.think_close() {
            Drawn::Close
        } else if self.vocabulary.is_end(token) {
            Drawn::End
        } else {
            written.tokens.push(token);
            self.thinking_tokens += 1;
            let text = self.characters.take(self.vocabulary.bytes(token));
            tell(written, Event::Thinking, text);
            Drawn::Thought { token, is_whole: self.characters.is_whole() }
        };
        match self.thinker.take(drawn) {
            Next::Think => Ok(()),
            Next::Close => self.close(written),
        }
    }

    /// Writes the closing tag and what stands behind it.
    fn close(&mut self, written: &mut Written) -> Result<(), String> {
        let forced =
            self.vocabulary.think_close().into_iter().chain(self.vocabulary.after_thinking().to_vec());
        for token in forced {
            written.tokens.push(token);
            self.thinking_tokens += 1;
        }
        self.characters.clear();
        self.thinker.close();
        self.go_on(written)
    }

    /// Writes what the schema leaves no choice about, and has it found out what may follow.
    fn go_on(&mut self, written: &mut Written) -> Result<(), String> {
        let Some(grammar) = &mut self.grammar else { return Ok(()) };
        if written.finish.is_some() {
            return Ok(());
        }
        for token in grammar.forced()? {
            self.answer(token, written)?;
            if written.finish.is_some() {
                return Ok(());
            }
        }
        if let Some(grammar) = &mut self.grammar {
            grammar.compute();
        }
        Ok(())
    }

    fn answer(&mut self, token: u32, written: &mut Written) -> Result<(), String> {
        written.tokens.push(token);
        self.answer_tokens += 1;
        if let Some(grammar) = &mut self.grammar {
            grammar.take(token)?;
        }
        let text = self.characters.take(self.vocabulary.bytes(token));
        match self.stops.take(&text) {
            Told::Stopped(text) => {
                tell(written, Event::Answer, text);
                written.finish = Some(Finish::Stop);
                return Ok(());
            }
            Told::On(text) => tell(written, Event::Answer, text),
        }
        if self.grammar.as_ref().is_some_and(Grammar::is_over) {
            self.end(Finish::Stop, written);
        } else if self.answer_tokens >= self.max_answer_tokens {
            self.end(Finish::Length, written);
        }
        Ok(())
    }

    fn end(&mut self, finish: Finish, written: &mut Written) {
        let rest = self.stops.rest();
        tell(written, Event::Answer, rest);
        written.finish = Some(finish);
    }
}

fn tell(written: &mut Written, event: impl Fn(String) -> Event, text: String) {
    if !text.is_empty() {
        written.events.push(event(text));
    }
}
