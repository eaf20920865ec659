//! What only PostgreSQL has: sessions that somebody else's settings reach, and a network in between.

use sqlx::postgres::PgSslMode;

use super::postgres_database;
use crate::store::{Store, postgres};

async fn synchronous_commit(server_says: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let database = postgres_database(folder.path());
    let file = database.url_file.clone().unwrap();
    let url = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{url}&options=-c%20synchronous_commit%3D{server_says}")).unwrap();
    let store = Store::open(&database, folder.path()).await.unwrap();
    let setting = store.first("SELECT current_setting('synchronous_commit')", []).await.unwrap();
    store.close().await;
    let (setting,): (String,) = setting.unwrap();
    setting
}

#[tokio::test]
async fn a_commit_is_on_disk_whatever_the_server_is_told() {
    for weak in ["off", "local", "remote_write"] {
        assert_eq!(synchronous_commit(weak).await, "on", "{weak}");
    }
    assert_eq!(synchronous_commit("remote_apply").await, "remote_apply", "more than enough is left alone");
}

#[tokio::test]
async fn a_session_gives_up_in_time() {
    super::on_postgres(async |store| {
        for limit in ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"] {
            let row = store.first("SELECT current_setting($1)", [limit.into()]).await.unwrap();
            let (setting,): (String,) = row.unwrap();
            assert_ne!(setting, "0", "{limit}");
        }
    })
    .await;
}

#[test]
fn over_a_network_the_server_must_prove_who_it_is() {
    let mode = |address: &str| postgres::options(address).unwrap().get_ssl_mode();
    for far in
        ["db.bank.example/name", "10.1.2.3/name", "[2001:db8::1]:5433/name", "name?host=db.bank.example"]
    {
        let address = format!("postgres://user:password@{far}").replace("@name?", "@localhost/name?");
        assert!(matches!(mode(&address), PgSslMode::VerifyFull), "{address}");
    }
    let near = ["localhost/name", "127.0.0.1/name", "[::1]/name", "%2Frun%2Fpostgresql/name"];
    for near in near.into_iter().chain(["localhost/name?host=/run/postgresql"]) {
        assert!(matches!(mode(&format!("postgres://user@{near}")), PgSslMode::Prefer), "{near}");
    }
    let told = "postgres://user:password@db.bank.example/name?sslmode=disable";
    assert!(matches!(mode(told), PgSslMode::Disable));
}
