//! The service is killed at random, again and again, on the same data: nothing acknowledged is lost, nothing is
//! posted twice.
//!
//! `COUNTERSIGN_KILLS` says how often it is killed; by hand a thousand times.

use std::time::Duration;

use sqlx::{Connection as _, Row as _};
use tests::Site;
use tests::harness::{Fault, Kind};

use crate::bustle::{Bustle, Dice};

/// Kills where nobody says how many.
const KILLS: u64 = 10;

fn kills() -> u64 {
    std::env::var("COUNTERSIGN_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(KILLS)
}

#[test]
fn a_service_killed_at_any_moment_loses_nothing_and_posts_nothing_twice() {
    for kind in [Kind::Gitea, Kind::Gitlab] {
        let (duplicates, bustle, merge_requests, site) = killed(kind, kills().div_ceil(2), |_| {});
        bustle.assert_right(&merge_requests);
        assert_eq!(duplicates, 0, "{kind:?}");
        assert_eq!(integrity(&site), "ok");
    }
}

/// The proof above can fail: a service that cannot see what it wrote writes it again.
#[test]
fn a_service_that_is_shown_none_of_its_comments_posts_them_twice() {
    let blind = |bustle: &Bustle| {
        let nothing =
            Fault::Answer(200, vec![("content-type".into(), "application/json".into())], "[]".into());
        bustle.forge.inject_always("GET issues/*/comments", nothing.clone());
        bustle.forge.inject_always("GET pulls/*/reviews", nothing);
    };
    let (duplicates, ..) = killed(Kind::Gitea, kills(), blind);
    assert!(duplicates > 0);
}

fn killed(
    kind: Kind,
    kills: u64,
    prepare: impl FnOnce(&Bustle),
) -> (usize, Bustle, Vec<crate::bustle::MergeRequest>, Site) {
    let (site, mut dice) = (Site::new(), Dice::new());
    let mut bustle = Bustle::begin(kind, &mut dice);
    prepare(&bustle);
    let configuration = bustle.configuration(&site);
    for _ in 0..kills {
        let service = site.start(&configuration);
        bustle.goes_to(&[&service]);
        std::thread::sleep(dice.time(20, 1500));
        service.kill();
    }
    let service = site.start(&configuration);
    bustle.goes_to(&[&service]);
    std::thread::sleep(Duration::from_millis(500));
    let merge_requests = bustle.end(&service);
    assert_eq!(service.stop(), Some(0));
    let duplicates = bustle.duplicates(&merge_requests);
    println!(
        "{kind:?}: {kills} kills, {} webhooks acknowledged, {duplicates} duplicates",
        bustle.acknowledged()
    );
    (duplicates, bustle, merge_requests, site)
}

/// What SQLite says of its file after all that.
fn integrity(site: &Site) -> String {
    let file = site.path().join("data/countersign.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
        let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("the file opens");
        let row = sqlx::query("PRAGMA integrity_check").fetch_one(&mut connection).await.expect("an answer");
        row.get(0)
    })
}
