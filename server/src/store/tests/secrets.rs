//! Keys that replicas share.

use super::on_every_database;
use crate::store::secrets::SecretName;
use crate::store::{Store, StoreError};

async fn a_key_is_made_once_whoever_asks(store: Store) {
    let asked = (0..16).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.secret(SecretName::Markers).await.unwrap() })
    });
    let keys: Vec<_> = futures::future::join_all(asked).await.into_iter().map(Result::unwrap).collect();
    assert!(keys.iter().all(|key| *key == keys[0]) && keys[0] != [0; 32]);
    assert_ne!(store.secret(SecretName::Sessions).await.unwrap(), keys[0]);
}

async fn a_damaged_key_is_named_and_never_replaced(store: Store) {
    store.secret(SecretName::Markers).await.unwrap();
    store.execute("UPDATE secret SET value = SUBSTR(value, 2)", []).await.unwrap();
    for _ in 0..2 {
        let refused = store.secret(SecretName::Markers).await.unwrap_err();
        assert!(matches!(&refused, StoreError::Unreadable { .. }) && refused.to_string().contains("markers"));
    }
}

on_every_database!(a_key_is_made_once_whoever_asks, a_damaged_key_is_named_and_never_replaced);
