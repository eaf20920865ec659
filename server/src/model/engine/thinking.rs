//! When the thinking ends: at its closing tag, at its budget, or when it goes in circles.
//!
//! Judged by the ids of drawn tokens only, never by text. Idle where a request does not think; then counting,
//! awaiting a whole character, forcing the closing tag, done.

use crate::model::generate::Thinking;

/// Tokens that are waited for at most until a character is whole: a character has four bytes.
pub(super) const BOUNDARY_TOKENS: u32 = 4;

/// Longest stretch of tokens whose repetition is noticed.
const MAX_PERIOD: usize = 512;

/// A stretch that stands this often in a row is a loop.
const REPEATS: usize = 4;

/// Shorter runs are rulers and tables, not loops.
const MIN_REPEATED_TOKENS: u32 = 64;

/// How far the thinking is.
#[derive(Debug)]
pub(super) struct Thinker {
    state: State,
    max_tokens: u32,
    counted: u32,
    is_cut: bool,
    loops: Loops,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Counting,
    AwaitingBoundary(u32),
    Forcing,
    Done,
}

/// What was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawn {
    /// The closing tag.
    Close,
    /// An end of the whole completion.
    End,
    /// Something that is thought.
    Thought {
        /// The token.
        token: u32,
        /// Whether all characters up to its end are whole.
        is_whole: bool,
    },
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// More thinking.
    Think,
    /// The closing tag, then the answer.
    Close,
}

impl Thinker {
    /// Before the first token.
    pub(super) fn new(thinking: Option<Thinking>) -> Self {
        let state = if thinking.is_some() { State::Counting } else { State::Idle };
        let max_tokens = thinking.map_or(0, |thinking| thinking.max_tokens);
        Self { state, max_tokens, counted: 0, is_cut: false, loops: Loops::default() }
    }

    /// Whether tokens that are drawn now are thought.
    pub(super) fn is_thinking(&self) -> bool {
        !matches!(self.state, State::Idle | State::Done)
    }

    /// Whether it was cut off.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// What comes before anything is drawn.
    pub(super) fn open(&mut self) -> Next {
        if self.state == State::Counting && self.max_tokens == 0 {
            return self.cut();
        }
        Next::Think
    }

    /// What follows a token. An end within the thinking becomes the closing tag, so that there is an answer.
    pub(super) fn take(&mut self, drawn: Drawn) -> Next {
        let Drawn::Thought { token, is_whole } = drawn else {
            self.state = State::Forcing;
            return Next::Close;
        };
        self.counted += 1;
        let is_loop = self.loops.take(token);
        let waited = match self.state {
            State::AwaitingBoundary(waited) => waited + 1,
            _ if is_loop || self.counted >= self.max_tokens => 0,
            _ => return Next::Think,
        };
        if is_whole || waited >= BOUNDARY_TOKENS {
            return self.cut();
        }
        self.state = State::AwaitingBoundary(waited);
        Next::Think
    }

    /// The closing tag stands.
    pub(super) fn close(&mut self) {
        self.state = State::Done;
    }

    fn cut(&mut self) -> Next {
        self.is_cut = true;
        self.state = State::Forcing;
        Next::Close
    }
}

/// Notices a stretch of tokens that repeats: for each period, how many tokens in a row were those a period before.
#[derive(Debug, Default)]
struct Loops {
    tokens: Vec<u32>,
    matches: Vec<u32>,
}

impl Loops {
    /// Whether the tokens up to this one go in circles.
    fn take(&mut self, token: u32) -> bool {
        let mut is_loop = false;
        let count = self.tokens.len();
        self.matches.resize(count.min(MAX_PERIOD), 0);
        for (period, matches) in (1..).zip(&mut self.matches) {
            *matches = if self.tokens[count - period] == token { *matches + 1 } else { 0 };
            let enough = u32::try_from(period * (REPEATS - 1)).unwrap_or(u32::MAX).max(MIN_REPEATED_TOKENS);
            is_loop |= *matches >= enough;
        }
        self.tokens.push(token);
        if self.tokens.len() > 2 * MAX_PERIOD {
            self.tokens.drain(..MAX_PERIOD);
        }
        is_loop
    }
}

#[cfg(test)]
mod tests {
    use super::{Drawn, Next, Thinker};
    use crate::model::generate::Thinking;

    fn thinker(max_tokens: u32) -> Thinker {
        Thinker::new(Some(Thinking { max_tokens }))
    }

    fn thought(token: u32) -> Drawn {
        Drawn::Thought { token, is_whole: true }
    }

    /// How many of the tokens are thought before the end is forced.
    fn length(tokens: impl IntoIterator<Item = u32>) -> Option<usize> {
        let mut thinker = thinker(u32::MAX);
        tokens.into_iter().position(|token| thinker.take(thought(token)) == Next::Close)
    }

    #[test]
    fn the_budget_ends_it_at_a_whole_character() {
        let mut thinker = thinker(2);
        assert_eq!(thinker.take(thought(1)), Next::Think);
        assert_eq!(thinker.take(Drawn::Thought { token: 2, is_whole: false }), Next::Think);
        assert_eq!(thinker.take(Drawn::Thought { token: 3, is_whole: false }), Next::Think);
        assert_eq!(thinker.take(thought(4)), Next::Close);
        assert!(thinker.is_cut() && thinker.is_thinking());
        thinker.close();
        assert!(!thinker.is_thinking());
    }

    #[test]
    fn a_character_that_never_becomes_whole_is_not_waited_for() {
        let mut thinker = thinker(1);
        let next: Vec<Next> =
            (0..5).map(|token| thinker.take(Drawn::Thought { token, is_whole: false })).collect();
        assert_eq!(next, [Next::Think, Next::Think, Next::Think, Next::Think, Next::Close]);
    }

    #[test]
    fn the_tag_and_an_early_end_close_it_without_cutting() {
        for drawn in [Drawn::Close, Drawn::End] {
            let mut thinker = thinker(9);
            assert_eq!(thinker.take(drawn), Next::Close);
            assert!(!thinker.is_cut());
        }
    }

    #[test]
    fn no_budget_means_no_thought_and_no_thinking_is_not_cut() {
        let mut none = thinker(0);
        assert_eq!(none.open(), Next::Close);
        assert!(none.is_cut());
        let mut idle = Thinker::new(None);
        assert_eq!(idle.open(), Next::Think);
        assert!(!idle.is_thinking() && !idle.is_cut());
    }

    #[test]
    fn going_in_circles_is_noticed_whatever_the_circle() {
        assert_eq!(length([7; 100]), Some(64));
        assert_eq!(length((0..4000).map(|at| at % 50)), Some(50 + 150 - 1));
        assert_eq!(length((0..4000).map(|at| at % 500)), Some(500 + 1500 - 1));
        let late = (1000..3000).chain((0..4000).map(|at| at % 100));
        assert_eq!(length(late), Some(2000 + 100 + 300 - 1));
    }

    #[test]
    fn lists_rulers_and_repeated_words_are_thinking() {
        assert_eq!(length([7; 60]), None);
        assert_eq!(length((0..4000).map(|at| if at % 5 == 4 { at } else { at % 5 })), None);
        assert_eq!(length((0..150).map(|at| at % 50)), None);
    }
}
