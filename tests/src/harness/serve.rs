//! The listening half of a fake: every call is logged, faults are played, the rest is the forge's to answer.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use futures::stream;
use serde_json::json;

use crate::harness::exchange::{Answer, Call, Exchange};
use crate::harness::fault::{Course, Fault, Faults};
use crate::harness::forge::Kind;
use crate::harness::world::World;
use crate::harness::{gitea, github, gitlab, smart_http};

/// The largest call that is read.
const CALL_BYTES: usize = 64 << 20;

/// What the listening half and the people share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) world: Mutex<World>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<Vec<Exchange>>,
}

/// Locks; what a failed proof left behind is still worth a look.
pub(crate) fn lock<Value>(mutex: &Mutex<Value>) -> MutexGuard<'_, Value> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Listens until the runtime ends.
pub(crate) async fn serve(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    let router = Router::new().fallback(handle).with_state(shared);
    axum::serve(listener, router).await.expect("the listener goes on");
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let call = read(request).await;
    let fault = lock(&shared.faults).next(&call);
    let course = fault.as_ref().map(Fault::course);
    if let Some(Course::Later(time)) = &course {
        tokio::time::sleep(*time).await;
    }
    let reaches_forge = !matches!(course, Some(Course::Instead(_) | Course::Silent));
    let answer = if reaches_forge {
        let (shared, call) = (Arc::clone(&shared), call.clone());
        let answer = tokio::task::spawn_blocking(move || answer(&mut lock(&shared.world), &call));
        answer.await.expect("the forge answers")
    } else {
        Answer::empty(0)
    };
    lock(&shared.log).push(call.exchange(answer.status, fault));
    match course {
        None | Some(Course::Later(_)) => respond(&answer),
        Some(Course::Instead(answer) | Course::Afterwards(answer)) => respond(&answer),
        Some(Course::Broken) => broken(answer),
        Some(Course::Silent | Course::SilentAfterwards) => silent(),
    }
}

async fn read(request: Request) -> Call {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, CALL_BYTES).await.map(|body| body.to_vec()).unwrap_or_default();
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
    let query = parts.uri.query().unwrap_or_default();
    Call::new(parts.method.as_str(), parts.uri.path(), query, headers.collect(), body)
}

fn answer(world: &mut World, call: &Call) -> Answer {
    let root = world.root.clone();
    let under: Vec<&str> = root.split('/').skip(3).filter(|segment| !segment.is_empty()).collect();
    let path: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let Some(path) = path.strip_prefix(under.as_slice()) else {
        return Answer::json(404, &json!({ "message": "there is nothing outside of the forge's path" }));
    };
    if let Some(service) = smart_http::service(world, path) {
        return smart_http::answer(world, call, service);
    }
    match world.kind {
        Kind::Github => github::answer(world, call, path),
        Kind::Gitlab => gitlab::answer(world, call, path),
        Kind::Gitea => gitea::answer(world, call, path),
    }
}

fn respond(answer: &Answer) -> Response {
    response(answer, Body::from(answer.body.clone()))
}

/// Half of the answer, under the length of all of it; then the connection is cut.
fn broken(answer: Answer) -> Response {
    let half = Bytes::copy_from_slice(&answer.body[..answer.body.len() / 2]);
    let length = answer.body.len();
    let cut = stream::unfold(Some(half), |rest| async move {
        match rest {
            Some(half) if !half.is_empty() => Some((Ok(half), Some(Bytes::new()))),
            _ => {
                // What was written must leave before the connection is cut.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(io::Error::other("cut")), None))
            }
        }
    });
    response(&answer.with("content-length", length.to_string()), Body::from_stream(cut))
}

/// The connection is cut before anything was written.
fn silent() -> Response {
    let cut = stream::once(async { Err::<Bytes, _>(io::Error::other("cut")) });
    response(&Answer::empty(200), Body::from_stream(cut))
}

fn response(answer: &Answer, body: Body) -> Response {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(name, value);
    }
    response.body(body).expect("a well-formed answer")
}
