//! Calls over a transport: reads, which may be repeated, with their pages; and writes, which may not.

use std::collections::HashSet;
use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::OnceCell;

use crate::forge::ForgeError;
use crate::forge::http::Transport;
use crate::forge::http::answer::Answer;
use crate::forge::http::route::Route;

/// Pauses before a failed read is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(1000)];

/// Pages of one list. A longer one is an error: a list of which the end is missing would be taken for the whole.
const MAX_PAGES: usize = 300;

/// Reads one thing.
pub(crate) async fn get<T: DeserializeOwned>(
    transport: &(impl Transport + ?Sized),
    route: &Route,
) -> Result<T, ForgeError> {
    read(transport, route).await?.json()
}

/// The id of the user that a token belongs to, asked once.
pub(crate) async fn own_user(
    transport: &(impl Transport + ?Sized),
    path: &'static str,
    known: &OnceCell<String>,
) -> Result<String, ForgeError> {
    #[derive(Deserialize)]
    struct User {
        id: u64,
    }
    let ask = || async {
        let user: User = get(transport, &Route::new(path).named("the token's user")).await?;
        Ok(user.id.to_string())
    };
    known.get_or_try_init(ask).await.cloned()
}

/// Reads a list to its end and keeps what `keep` makes of its items.
pub(crate) async fn list<T: DeserializeOwned, U>(
    transport: &(impl Transport + ?Sized),
    route: Route,
    mut keep: impl FnMut(T) -> Option<U>,
) -> Result<Vec<U>, ForgeError> {
    let mut kept = Vec::new();
    // Some forges write an empty list as `null`.
    pages(transport, route, |page: Option<Vec<T>>| {
        kept.extend(page.unwrap_or_default().into_iter().filter_map(&mut keep));
    })
    .await?;
    Ok(kept)
}

/// Reads every page of a list.
pub(crate) async fn pages<P: DeserializeOwned>(
    transport: &(impl Transport + ?Sized),
    mut route: Route,
    mut each: impl FnMut(P),
) -> Result<(), ForgeError> {
    let mut seen = HashSet::new();
    while seen.len() < MAX_PAGES {
        if !seen.insert(route.render()?) {
            return Err(ForgeError::Unreadable("the pages of a list go round in a circle".to_owned()));
        }
        let answer = read(transport, &route).await?;
        each(answer.json()?);
        match answer.next_page(&route) {
            Some(query) => route = route.with_query(query),
            None => return Ok(()),
        }
    }
    Err(ForgeError::Unreadable(format!("a list has more than {MAX_PAGES} pages")))
}

/// Changes something, and reads what the forge says of it.
pub(crate) async fn write<T: DeserializeOwned>(
    transport: &(impl Transport + ?Sized),
    method: Method,
    route: &Route,
    body: &Value,
) -> Result<T, ForgeError> {
    transport.send(method, route, Some(body)).await?.json()
}

/// Changes something.
pub(crate) async fn change(
    transport: &(impl Transport + ?Sized),
    method: Method,
    route: &Route,
    body: Option<&Value>,
) -> Result<Answer, ForgeError> {
    transport.send(method, route, body).await
}

async fn read(transport: &(impl Transport + ?Sized), route: &Route) -> Result<Answer, ForgeError> {
    for pause in PAUSES {
        match transport.send(Method::GET, route, None).await {
            Err(ForgeError::Unavailable(_)) => tokio::time::sleep(pause).await,
            answer => return answer,
        }
    }
    transport.send(Method::GET, route, None).await
}
