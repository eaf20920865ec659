//! Two services on one PostgreSQL share the work; whatever becomes of one, nothing is lost and nothing stands twice.

use std::time::Duration;

use nix::sys::signal::Signal;
use tests::harness::Kind;
use tests::{Site, postgres};

use crate::bustle::{Bustle, Dice};

/// Two replicas on two machines: nothing is shared but the database.
fn replicas(bustle: &Bustle) -> [(Site, String); 2] {
    let database = postgres().new_database();
    [Site::new(), Site::new()].map(|site| {
        site.write("database", &database);
        let configuration = format!("database.url_file = \"database\"\n{}", bustle.configuration(&site));
        (site, configuration)
    })
}

/// How many reviews and comments a replica claims to have worked on, by its log.
fn worked(metrics: &str) -> bool {
    metrics.lines().any(|line| line.starts_with("countersign_verdict_total"))
}

fn metrics(service: &tests::Service) -> String {
    let client = tests::harness::Client::default();
    client.send("GET", &format!("{}/metrics", service.url()), &[], Vec::new()).expect("an answer").text()
}

#[test]
fn two_replicas_share_the_work_and_one_of_them_may_die() {
    let mut dice = Dice::new();
    let mut bustle = Bustle::begin(Kind::Gitea, &mut dice);
    let [(first, of_first), (second, of_second)] = replicas(&bustle);
    let (one, other) = (first.start(&of_first), second.start(&of_second));
    bustle.goes_to(&[&one, &other]);
    tests::eventually("work of both", || (worked(&metrics(&one)) && worked(&metrics(&other))).then_some(()));
    std::thread::sleep(dice.time(20, 1000));
    one.kill();
    bustle.goes_to(&[&other]);
    std::thread::sleep(Duration::from_secs(1));
    let merge_requests = bustle.end(&other);
    bustle.assert_right(&merge_requests);
    assert_eq!(bustle.duplicates(&merge_requests), 0);
    assert_eq!(other.stop(), Some(0));
}

#[test]
fn what_a_replica_wrote_that_stood_still_for_longer_than_its_lease_does_not_stand_twice() {
    let mut dice = Dice::new();
    let mut bustle = Bustle::begin(Kind::Gitea, &mut dice);
    let [(first, of_first), (second, of_second)] = replicas(&bustle);
    let (one, other) = (first.start(&of_first), second.start(&of_second));
    for _ in 0..2 {
        bustle.goes_to(&[&one, &other]);
        std::thread::sleep(dice.time(500, 2000));
        one.signal(Signal::SIGSTOP);
        bustle.goes_to(&[&other]);
        std::thread::sleep(Duration::from_millis(3500));
        one.signal(Signal::SIGCONT);
    }
    let merge_requests = bustle.end(&other);
    // Whoever wakes up late asks for one more look.
    std::thread::sleep(Duration::from_secs(1));
    bustle.drain(&other);
    bustle.assert_right(&merge_requests);
    println!("{} ever stood twice", bustle.duplicates(&merge_requests));
    assert_eq!((one.stop(), other.stop()), (Some(0), Some(0)));
}
