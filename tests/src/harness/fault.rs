//! Failures on demand: what goes wrong at which call, in the order in which it was asked for.

use std::collections::VecDeque;
use std::time::Duration;

use serde_json::json;

use crate::harness::exchange::{Answer, Call};

/// Something that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 422 with this message; nothing happened.
    Unprocessable(String),
    /// 403, perhaps with `retry-after` in seconds; nothing happened.
    Forbidden(Option<u64>),
    /// 429, perhaps with `retry-after` in seconds; nothing happened.
    TooManyRequests(Option<u64>),
    /// 500; nothing happened.
    InternalError,
    /// 502; nothing happened.
    BadGateway,
    /// 502, but the forge did what was asked.
    BadGatewayAfterCommit,
    /// The forge does what is asked after this time.
    Slow(Duration),
    /// The forge does what is asked; its answer breaks off in the middle.
    Truncated,
    /// The connection is closed before anything happened.
    Closed,
    /// The connection is closed, but the forge did what was asked.
    ClosedAfterCommit,
    /// This status, headers and body; nothing happened.
    Answer(u16, Vec<(String, String)>, String),
}

/// What may still become of a call at which a fault is played.
#[derive(Debug)]
pub(crate) enum Course {
    /// The forge never hears of it.
    Instead(Answer),
    /// The forge does it, and this is answered.
    Afterwards(Answer),
    /// The forge does it after this time.
    Later(Duration),
    /// The forge does it, half the answer arrives.
    Broken,
    /// The forge never hears of it, no answer arrives.
    Silent,
    /// The forge does it, no answer arrives.
    SilentAfterwards,
}

/// The faults that wait for their call.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    queued: Vec<(Route, VecDeque<Fault>)>,
    standing: Vec<(Route, Fault)>,
}

/// A method and the last segments of a path; `*` is any one.
#[derive(Debug)]
struct Route {
    method: String,
    segments: Vec<String>,
}

impl Faults {
    /// Plays these at the next calls of the route, one at each.
    pub(crate) fn queue(&mut self, route: &str, faults: &[Fault]) {
        self.queued.push((Route::read(route), faults.iter().cloned().collect()));
    }

    /// Plays this at every call of the route.
    pub(crate) fn keep(&mut self, route: &str, fault: Fault) {
        self.standing.push((Route::read(route), fault));
    }

    /// Nothing goes wrong any more.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What goes wrong at this call.
    pub(crate) fn next(&mut self, call: &Call) -> Option<Fault> {
        let queued = self.queued.iter_mut().filter(|(route, _)| route.matches(call));
        let next = queued.map(|(_, faults)| faults).find_map(VecDeque::pop_front);
        next.or_else(|| {
            let (_, fault) = self.standing.iter().find(|(route, _)| route.matches(call))?;
            Some(fault.clone())
        })
    }

    /// Whether every queued fault was played.
    pub(crate) fn is_played(&self) -> bool {
        self.queued.iter().all(|(_, faults)| faults.is_empty())
    }
}

impl Route {
    fn read(text: &str) -> Self {
        let (method, path) = text.split_once(' ').expect("a route such as `POST pulls/*/reviews`");
        Self { method: method.to_owned(), segments: path.split('/').map(str::to_owned).collect() }
    }

    fn matches(&self, call: &Call) -> bool {
        let Some(from) = call.segments.len().checked_sub(self.segments.len()) else {
            return false;
        };
        let mut pairs = self.segments.iter().zip(&call.segments[from..]);
        self.method == call.method && pairs.all(|(wanted, segment)| wanted == "*" || wanted == segment)
    }
}

impl Fault {
    /// What becomes of the call.
    pub(crate) fn course(&self) -> Course {
        let limited = |status, after: &Option<u64>, message: &str| {
            let answer = Answer::json(status, &json!({ "message": message }));
            after.iter().fold(answer, |answer, seconds| answer.with("retry-after", seconds.to_string()))
        };
        let gateway = || Answer::bytes(502, "text/html", b"<html><h1>502 Bad Gateway</h1></html>".to_vec());
        match self {
            Self::Unprocessable(message) => {
                Course::Instead(Answer::json(422, &json!({ "message": message, "errors": [message] })))
            }
            Self::Forbidden(after) => Course::Instead(limited(403, after, "403 Forbidden")),
            Self::TooManyRequests(after) => Course::Instead(limited(429, after, "Too Many Requests")),
            Self::InternalError => {
                Course::Instead(Answer::json(500, &json!({ "message": "500 Internal Server Error" })))
            }
            Self::BadGateway => Course::Instead(gateway()),
            Self::BadGatewayAfterCommit => Course::Afterwards(gateway()),
            Self::Slow(time) => Course::Later(*time),
            Self::Truncated => Course::Broken,
            Self::Closed => Course::Silent,
            Self::ClosedAfterCommit => Course::SilentAfterwards,
            Self::Answer(status, headers, body) => {
                let answer = Answer { status: *status, headers: headers.clone(), body: body.clone().into() };
                Course::Instead(answer)
            }
        }
    }
}
