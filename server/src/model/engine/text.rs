//! From bytes of tokens to text that may be told: whole characters only, and nothing of a stop text.

/// Bytes that become text as soon as their characters are whole.
#[derive(Debug, Default)]
pub(super) struct Characters {
    pending: Vec<u8>,
}

impl Characters {
    /// The text that is whole now. Bytes that are no UTF-8 become U+FFFD.
    pub(super) fn take(&mut self, bytes: &[u8]) -> String {
        self.pending.extend_from_slice(bytes);
        let mut text = String::new();
        let mut used = 0;
        for chunk in self.pending.utf8_chunks() {
            text.push_str(chunk.valid());
            used += chunk.valid().len();
            if chunk.invalid().is_empty() {
                continue;
            }
            let is_tail = used + chunk.invalid().len() == self.pending.len();
            if is_tail && is_begun(chunk.invalid()) {
                break;
            }
            text.push(char::REPLACEMENT_CHARACTER);
            used += chunk.invalid().len();
        }
        self.pending.drain(..used);
        text
    }

    /// Whether no character is begun.
    pub(super) fn is_whole(&self) -> bool {
        self.pending.is_empty()
    }

    /// Drops a character that is begun.
    pub(super) fn clear(&mut self) {
        self.pending.clear();
    }
}

/// Whether bytes are the beginning of a character.
fn is_begun(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

/// Texts at which an answer ends.
#[derive(Debug)]
pub(super) struct Stops {
    texts: Vec<String>,
    held: String,
}

/// What may be told of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// So much; the rest may be the beginning of a stop text.
    On(String),
    /// So much, and then a stop text stands.
    Stopped(String),
}

impl Stops {
    /// Stops at any of the texts; an empty one stops nothing.
    pub(super) fn new(texts: &[String]) -> Self {
        let texts = texts.iter().filter(|text| !text.is_empty()).cloned().collect();
        Self { texts, held: String::new() }
    }

    /// What may be told after more text.
    pub(super) fn take(&mut self, text: &str) -> Told {
        self.held.push_str(text);
        let found = self.texts.iter().filter_map(|stop| self.held.find(stop.as_str())).min();
        if let Some(at) = found {
            self.held.truncate(at);
            return Told::Stopped(std::mem::take(&mut self.held));
        }
        let kept = self.texts.iter().map(|stop| begun(&self.held, stop)).max().unwrap_or(0);
        let rest = self.held.split_off(self.held.len() - kept);
        Told::On(std::mem::replace(&mut self.held, rest))
    }

    /// What is left where no stop text came.
    pub(super) fn rest(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

/// Bytes at the end of a text with which a stop text begins.
fn begun(text: &str, stop: &str) -> usize {
    let lengths = stop.char_indices().map(|(at, _)| at).rev();
    lengths.into_iter().find(|length| text.ends_with(&stop[..*length])).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Characters, Stops, Told};

    #[test]
    fn a_character_is_told_when_it_is_whole() {
        let mut characters = Characters::default();
        let euro = "€".as_bytes();
        assert_eq!(characters.take(&[b'a', euro[0]]), "a");
        assert!(!characters.is_whole());
        assert_eq!(characters.take(&euro[1..2]), "");
        assert_eq!(characters.take(&[euro[2], b'b']), "€b");
        assert!(characters.is_whole());
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_and_a_begun_one_is_dropped() {
        let mut characters = Characters::default();
        assert_eq!(characters.take(b"a\xffb\xe2\x28"), "a\u{fffd}b\u{fffd}(");
        assert_eq!(characters.take(b"\xf0\x9f"), "");
        characters.clear();
        assert_eq!(characters.take(b"c"), "c");
    }

    fn told(stops: &[&str], pieces: &[&str]) -> (String, bool) {
        let texts: Vec<String> = stops.iter().map(|stop| (*stop).to_owned()).collect();
        let mut stops = Stops::new(&texts);
        let mut told = String::new();
        for piece in pieces {
            match stops.take(piece) {
                Told::On(text) => told.push_str(&text),
                Told::Stopped(text) => return (told + &text, true),
            }
        }
        (told + &stops.rest(), false)
    }

    #[test]
    fn a_stop_text_is_found_across_pieces_and_left_out() {
        assert_eq!(told(&["END"], &["ab", "E", "N", "Dcd"]), ("ab".to_owned(), true));
        assert_eq!(told(&["END"], &["abE", "NOT"]), ("abENOT".to_owned(), false));
        assert_eq!(told(&["aab"], &["a", "a", "a", "b"]), ("a".to_owned(), true));
        assert_eq!(told(&["d", "bc"], &["abcd"]), ("a".to_owned(), true));
        assert_eq!(told(&["€uro"], &["10 €", "u", "rs"]), ("10 €urs".to_owned(), false));
        assert_eq!(told(&[""], &["x"]), ("x".to_owned(), false));
    }

    #[test]
    fn what_may_be_a_stop_text_is_held_back() {
        let mut stops = Stops::new(&["</s>".to_owned()]);
        assert_eq!(stops.take("a<"), Told::On("a".to_owned()));
        assert_eq!(stops.take("/"), Told::On(String::new()));
        assert_eq!(stops.take("x"), Told::On("</x".to_owned()));
    }
}
