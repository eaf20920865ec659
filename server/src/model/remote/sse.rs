//! Server-sent events, as far as OpenAI-compatible servers use them: bytes in as they come, the data of events out.
//!
//! A line may be cut anywhere between two parts. A line without end is an error, not a growing buffer.

/// Bytes that one line may have: a whole answer in one event is far shorter.
const MAX_LINE_BYTES: usize = 4 << 20;

/// Reads events as their bytes come.
#[derive(Debug, Default)]
pub(super) struct Events {
    line: Vec<u8>,
    data: String,
    has_data: bool,
    ended_in_return: bool,
}

/// A line is longer than any that a server sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl Events {
    /// Takes bytes; the data of every event that they end.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Vec<String>, TooLong> {
        let mut events = Vec::new();
        for &byte in bytes {
            let follows_return = std::mem::take(&mut self.ended_in_return);
            match byte {
                b'\n' if follows_return => {}
                b'\n' | b'\r' => {
                    self.ended_in_return = byte == b'\r';
                    events.extend(self.end_line());
                }
                _ if self.line.len() + self.data.len() >= MAX_LINE_BYTES => return Err(TooLong),
                _ => self.line.push(byte),
            }
        }
        Ok(events)
    }

    /// What an event without its last empty line holds: some servers close right behind it.
    pub(super) fn rest(&mut self) -> Option<String> {
        let last = self.end_line();
        last.or_else(|| self.end_event())
    }

    fn end_line(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return self.end_event();
        }
        // Comments and other fields, such as `event:` and `id:`, say nothing here.
        if let Some(data) = line.strip_prefix(b"data:") {
            let data = data.strip_prefix(b" ").unwrap_or(data);
            if self.has_data {
                self.data.push('\n');
            }
            self.data.push_str(&String::from_utf8_lossy(data));
            self.has_data = true;
        }
        None
    }

    fn end_event(&mut self) -> Option<String> {
        std::mem::take(&mut self.has_data).then(|| std::mem::take(&mut self.data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = ": waiting\n\ndata: {\"a\":1}\n\nevent: x\r\ndata:{\"b\":\r\ndata: 2}\r\n\r\n: ping\r\rdata: é\r\rdata: [DONE]";

    #[test]
    fn events_are_the_same_wherever_their_bytes_are_cut() {
        for size in [1, 2, 3, 7, STREAM.len()] {
            let mut events = Events::default();
            let parts = STREAM.as_bytes().chunks(size);
            let mut told: Vec<_> = parts.flat_map(|part| events.take(part).unwrap()).collect();
            told.extend(events.rest());
            assert_eq!(told, ["{\"a\":1}", "{\"b\":\n2}", "é", "[DONE]"], "in parts of {size}");
            assert_eq!(events.rest(), None);
        }
    }

    #[test]
    fn a_line_without_end_is_an_error() {
        let mut events = Events::default();
        let part = vec![b'x'; MAX_LINE_BYTES];
        assert_eq!(events.take(&part), Ok(Vec::new()));
        assert_eq!(events.take(b"x"), Err(TooLong));
    }
}
