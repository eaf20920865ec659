//! How the service begins, tells that it lives, and ends; and what its log never holds.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use tests::harness::{Client, FakeForge, Fault, Happening, Kind, Received};
use tests::{Service, Site, eventually};

use crate::{AMOUNT, RATIO, posting};

const SECRET: &str = "canary-webhook-secret-5d1f";

fn get(service: &Service, path: &str) -> Result<Received, String> {
    Client::default().send("GET", &format!("{}{path}", service.url()), &[], Vec::new())
}

/// The configuration of a service for this forge, and its secrets.
fn configuration(forge: &FakeForge, site: &Site) -> String {
    site.write("token", &forge.token());
    site.write("secret", SECRET);
    let kind = format!("{:?}", forge.kind()).to_lowercase();
    format!(
        "[network]\ntimeout_seconds = 3\n[review]\nlease_seconds = 30\n[forge.{kind}]\nurl = \"{}\"\n\
         token_file = \"token\"\nwebhook_secret_files = [\"secret\"]\n",
        forge.url()
    )
}

/// A forge with one open merge request that breaches.
fn bank(kind: Kind) -> FakeForge {
    let forge = FakeForge::start(kind);
    forge.commit("main", [("Posting.java", posting(RATIO))]);
    forge.commit("feature", [("Posting.java", posting(&format!("        // canaryOfCode\n{AMOUNT}")))]);
    forge.open_merge_request("feature", "main", "canaryperson");
    forge
}

fn send(forge: &FakeForge, service: &Service, happening: &Happening) {
    let kind = format!("{:?}", forge.kind()).to_lowercase();
    let delivery = forge.delivery(happening, SECRET);
    assert_eq!(forge.deliver(&delivery, &format!("{}/webhooks/{kind}", service.url())).status, 202);
}

fn light(forge: &FakeForge) -> Option<String> {
    forge.status(&forge.head(1)).map(|status| status.state)
}

#[test]
fn without_any_configuration_it_starts_and_says_what_is_missing_for_what() {
    let service = Site::new().start("");
    let log = service.log().join("\n");
    for missing in ["no forge is configured", "[forge.gitlab]", "no model is configured"] {
        assert!(log.contains(missing), "{missing} is not in\n{log}");
    }
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn what_cannot_be_served_is_refused_and_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let gitea = "[forge.gitea]\nurl = \"http://127.0.0.1:9\"\ntoken_file = \"no-such-token\"\n\
                 webhook_secret_files = [\"no-such-secret\"]\n";
    let free = "listen = \"127.0.0.1:0\"\n";
    for (configuration, named) in [
        ("lisen = \"127.0.0.1:1\"\n".to_owned(), "lisen"),
        (format!("listen = \"{address}\"\n"), address.as_str()),
        (format!("{free}{gitea}"), "no-such-token"),
        (format!("{free}[policies]\nfolders = [\"no-such-folder\"]\n"), "no-such-folder"),
        (format!("{free}[database]\nurl_file = \"no-such-database\"\n"), "no-such-database"),
        (format!("{free}[review]\nlease_seconds = 10\n"), "lease_seconds"),
    ] {
        let (code, said) = Site::new().refuse(&configuration);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(named), "{named} is not in: {said}");
    }
    let site = Site::new();
    site.write("no-such-token", "a token");
    let (code, said) = site.refuse(&format!("{free}{gitea}"));
    assert_eq!((code, said.contains("no-such-secret")), (Some(2), true), "{said}");
}

#[test]
fn a_second_service_on_the_same_folder_is_refused() {
    let site = Site::new();
    let service = site.start("");
    let (code, said) = site.refuse("listen = \"127.0.0.1:0\"\n");
    assert_eq!((code, said.contains("another countersign-server")), (Some(2), true), "{said}");
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn it_tells_that_it_lives_that_it_is_ready_and_what_it_did() {
    let (site, forge) = (Site::new(), bank(Kind::Gitea));
    let service = site.start(&configuration(&forge, &site));
    assert_eq!(get(&service, "/healthz").expect("an answer").text(), "ok\n");
    assert_eq!(get(&service, "/readyz").expect("an answer").status, 200);
    send(&forge, &service, &Happening::Opened(1));
    for meter in [
        r#"countersign_webhook_requests_total{forge="gitea",event="changed",outcome="stored"} 1"#,
        "countersign_webhook_commit_seconds_count 1",
        r#"countersign_queue_depth{kind="review",state="done"} 1"#,
        r#"countersign_queue_depth{kind="command",state="dead"} 0"#,
        "countersign_queue_oldest_ready_seconds 0",
        "countersign_outbox_pending 0",
        r#"countersign_job_attempts_total{kind="review",outcome="done"} 1"#,
        r#"countersign_forge_api_requests_total{forge="gitea",code="200"}"#,
        r#"countersign_findings_total{rule="money/"#,
        r#"countersign_verdict_total{result="failed"} 1"#,
        "countersign_verdict_seconds_count 1",
        r#"countersign_http_requests_total{method="POST",route="/webhooks/{forge}",status="202"} 1"#,
        "countersign_build_info{version=",
    ] {
        eventually(meter, || get(&service, "/metrics").ok()?.text().contains(meter).then_some(()));
    }
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn asked_to_stop_it_ends_what_it_began_and_asks_others_to_be_called() {
    let (site, forge) = (Site::new(), bank(Kind::Gitea));
    let service = site.start(&configuration(&forge, &site));
    forge.inject("POST statuses/*", &[Fault::Slow(Duration::from_secs(2))]);
    send(&forge, &service, &Happening::Opened(1));
    eventually("the review's begin", || forge.faults_are_played().then_some(()));
    service.signal(Signal::SIGTERM);
    eventually("that it is not ready", || (get(&service, "/readyz").ok()?.status == 503).then_some(()));
    assert_eq!(get(&service, "/healthz").expect("it lives").status, 200);
    assert_eq!(service.ended(), Some(0));
    assert_eq!(light(&forge).as_deref(), Some("failure"));
    assert_eq!(forge.inline_comments(1).len(), 1);
}

#[test]
fn asked_twice_it_ends_at_once_and_the_next_one_goes_on() {
    let (site, forge) = (Site::new(), bank(Kind::Gitea));
    let service = site.start(&configuration(&forge, &site));
    forge.inject("POST statuses/*", &[Fault::Slow(Duration::from_secs(2))]);
    send(&forge, &service, &Happening::Opened(1));
    eventually("the review's begin", || forge.faults_are_played().then_some(()));
    let asked = Instant::now();
    service.signal(Signal::SIGTERM);
    eventually("that it stops", || {
        service.log().iter().any(|line| line.contains("stopping: no new jobs")).then_some(())
    });
    service.stop();
    assert!(asked.elapsed() < Duration::from_secs(3), "it took {:?}", asked.elapsed());
    let (service, started) = (site.start(&configuration(&forge, &site)), Instant::now());
    eventually("the verdict", || (light(&forge).as_deref() == Some("failure")).then_some(()));
    assert!(started.elapsed() < Duration::from_secs(20), "it waited for the lease of the dead one");
    assert_eq!(forge.posted_twice(1), [""; 0]);
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn the_log_holds_no_token_no_secret_no_code_no_name_and_no_comment_however_much_it_tells() {
    for kind in Kind::ALL {
        let (site, forge) = (Site::new(), bank(kind));
        let service = site.start_telling_all(&configuration(&forge, &site));
        send(&forge, &service, &Happening::Opened(1));
        let comment = forge.comment(1, "canaryperson", "@countersign explain canaryOfComment");
        send(&forge, &service, &Happening::Commented(comment));
        eventually("a verdict and an answer", || {
            let is_answered =
                forge.comments(1).iter().any(|comment| comment.text.contains("<!-- countersign:v1:reply"));
            (is_answered && forge.inline_comments(1).len() == 1).then_some(())
        });
        eventually("the light", || light(&forge).filter(|light| light != "pending" && light != "running"));
        let log = service.log();
        assert!(log.len() > 20, "it tells {} lines", log.len());
        for canary in [forge.token().as_str(), SECRET, "canaryOfCode", "canaryOfComment", "canaryperson"] {
            let leak = log.iter().find(|line| line.contains(canary));
            assert!(leak.is_none(), "{kind:?}: {canary} is in {leak:?}");
        }
        assert_eq!(service.stop(), Some(0));
    }
}
