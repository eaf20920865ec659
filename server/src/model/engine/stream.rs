//! What a request's owner holds: its events, as they come. Letting go of it cancels the request within one step.
//!
//! The last event is always `Done` or `Failed`, even where the engine itself ends.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::model::generate::{Event, Failure};

/// The events of one request: `recv` in asynchronous code, iteration in threads outside of it.
#[derive(Debug)]
pub(crate) struct Stream {
    events: UnboundedReceiver<Event>,
    is_over: bool,
}

/// The engine's end of a stream.
#[derive(Debug)]
pub(super) struct Teller {
    events: UnboundedSender<Event>,
}

/// Both ends of a stream.
pub(super) fn stream() -> (Teller, Stream) {
    let (sender, receiver) = unbounded_channel();
    (Teller { events: sender }, Stream { events: receiver, is_over: false })
}

impl Stream {
    /// The next event; `None` after the last.
    pub(crate) async fn recv(&mut self) -> Option<Event> {
        if self.is_over {
            return None;
        }
        let event = self.events.recv().await;
        Some(self.heard(event))
    }

    fn heard(&mut self, event: Option<Event>) -> Event {
        let event =
            event.unwrap_or_else(|| Event::Failed(Failure::Broken("the engine has ended".to_owned())));
        self.is_over = matches!(event, Event::Done(_) | Event::Failed(_));
        event
    }
}

impl Iterator for Stream {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        if self.is_over {
            return None;
        }
        let event = self.events.blocking_recv();
        Some(self.heard(event))
    }
}

impl Teller {
    /// Tells it, where somebody listens.
    pub(super) fn tell(&self, event: Event) {
        // Nobody listening is noticed before the next step.
        let _ = self.events.send(event);
    }

    /// Whether nobody listens.
    pub(super) fn is_alone(&self) -> bool {
        self.events.is_closed()
    }
}
