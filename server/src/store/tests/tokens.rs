//! Tokens: found while they live, and only then.

use jiff::{SignedDuration, Timestamp};

use super::on_every_database;
use crate::store::tokens::NewToken;
use crate::store::{Store, StoreError};

on_every_database!(
    a_live_token_is_found_by_its_digest,
    an_expired_token_is_not_found,
    a_revoked_token_is_not_found_and_its_name_stays_taken,
    the_last_use_of_a_token_is_noted,
);

fn token(name: &str, digest: u8) -> NewToken {
    NewToken {
        name: name.to_owned(),
        hash: [digest; 32],
        scopes: vec!["review".to_owned()],
        expires_at: None,
    }
}

async fn a_live_token_is_found_by_its_digest(store: Store) {
    store.create_token(&token("ide", 1)).await.unwrap();
    let found = store.token_by_hash(&[1; 32]).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.scopes), ("ide", vec!["review".to_owned()]));
    assert_eq!(store.token_by_hash(&[2; 32]).await.unwrap(), None);
}

async fn an_expired_token_is_not_found(store: Store) {
    let expires = |seconds| Some(Timestamp::now() + SignedDuration::from_secs(seconds));
    store.create_token(&NewToken { expires_at: expires(-60), ..token("old", 1) }).await.unwrap();
    store.create_token(&NewToken { expires_at: expires(60), ..token("new", 2) }).await.unwrap();
    assert_eq!(store.token_by_hash(&[1; 32]).await.unwrap(), None);
    assert!(store.token_by_hash(&[2; 32]).await.unwrap().is_some());
}

async fn a_revoked_token_is_not_found_and_its_name_stays_taken(store: Store) {
    store.create_token(&token("ide", 1)).await.unwrap();
    assert!(store.revoke_token("ide").await.unwrap());
    assert!(!store.revoke_token("ide").await.unwrap());
    assert_eq!(store.token_by_hash(&[1; 32]).await.unwrap(), None);
    let again = store.create_token(&token("ide", 2)).await;
    assert_eq!(again, Err(StoreError::NameTaken("ide".to_owned())));
    let listed = store.tokens().await.unwrap();
    assert!(listed.len() == 1 && listed[0].revoked_at.is_some(), "{listed:?}");
}

async fn the_last_use_of_a_token_is_noted(store: Store) {
    store.create_token(&token("ide", 1)).await.unwrap();
    let unused = store.token_by_hash(&[1; 32]).await.unwrap().unwrap();
    assert_eq!(unused.last_used_at, None);
    store.touch_token(&unused).await.unwrap();
    let used = store.token_by_hash(&[1; 32]).await.unwrap().unwrap();
    assert!(used.last_used_at.is_some());
    store.touch_token(&used).await.unwrap();
    assert_eq!(store.token_by_hash(&[1; 32]).await.unwrap().unwrap(), used, "once a minute is enough");
}
