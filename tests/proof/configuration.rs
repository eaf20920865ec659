//! A repository's own configuration: read from the target branch, it tightens reviews and can loosen nothing.

use tests::harness::{FakeForge, Files, Happening, Kind};
use tests::{Service, Site, eventually};

use crate::{AMOUNT, PRINT, RATIO, posting};

const SECRET: &str = "a secret of a proof";

/// A service and its GitLab, whose target branch has this configuration.
fn bank(configuration: &str) -> (FakeForge, Service, Site) {
    let forge = FakeForge::start(Kind::Gitlab);
    let mut files = vec![("Posting.java", posting(RATIO))];
    if !configuration.is_empty() {
        files.push((".countersign.yaml", configuration.to_owned()));
    }
    forge.commit("main", files.into_iter().collect::<Files>());
    let site = Site::new();
    site.write("token", &forge.token());
    site.write("secret", SECRET);
    let service = site.start(&format!(
        "[forge.gitlab]\nurl = \"{}\"\ntoken_file = \"token\"\nwebhook_secret_files = [\"secret\"]\n",
        forge.url()
    ));
    (forge, service, site)
}

/// Opens a merge request with these files; its light once it is not pending, and all its comments.
fn judged(forge: &FakeForge, service: &Service, files: Vec<(&'static str, String)>) -> (String, String) {
    forge.commit("feature", files.into_iter().collect::<Files>());
    let number = forge.open_merge_request("feature", "main", "developer");
    let delivery = forge.delivery(&Happening::Opened(number), SECRET);
    assert_eq!(forge.deliver(&delivery, &format!("{}/webhooks/gitlab", service.url())).status, 202);
    let state = eventually("a verdict", || {
        forge
            .status(&forge.head(number))
            .map(|status| status.state)
            .filter(|state| state != "pending" && state != "running")
    });
    let comments: Vec<_> = forge.comments(number).into_iter().map(|comment| comment.text).collect();
    (state, comments.join("\n"))
}

#[test]
fn a_warning_becomes_a_block_where_the_repository_wants_it() {
    let (forge, service, _site) = bank("");
    let (state, _) = judged(&forge, &service, vec![("Posting.java", posting(PRINT))]);
    assert_eq!(state, "success");
    let tightened = "policies:\n  audit/console-output: {enforcement: block}\nfail_on: minor\nlanguage: zh\n";
    let (forge, service, _site) = bank(tightened);
    let (state, comments) = judged(&forge, &service, vec![("Posting.java", posting(PRINT))]);
    assert_eq!(state, "failed");
    assert!(comments.contains("阻止合并"), "{comments}");
}

#[test]
fn a_merge_request_cannot_configure_its_own_review() {
    let (forge, service, _site) = bank("");
    let own = ("path_filters: [\"!Posting.java\"]\n".to_owned(), posting(AMOUNT));
    let (state, comments) =
        judged(&forge, &service, vec![(".countersign.yaml", own.0), ("Posting.java", own.1)]);
    assert_eq!(state, "failed");
    assert!(comments.contains("CB-MONEY-001"), "{comments}");
    assert!(comments.contains(".countersign.yaml"), "the change of the configuration is told: {comments}");
}

#[test]
fn what_a_repository_leaves_out_is_listed() {
    let (forge, service, _site) = bank("path_filters: [\"!generated/**\"]\n");
    let files = vec![("generated/Posting.java", posting(AMOUNT)), ("Other.java", posting(AMOUNT))];
    let (state, comments) = judged(&forge, &service, files);
    assert_eq!(state, "failed");
    assert!(comments.contains("Other.java"), "{comments}");
    assert!(comments.contains("generated/Posting.java"), "what is left out is named: {comments}");
}

#[test]
fn a_weaker_configuration_holds_nothing_back_and_leaves_a_gap() {
    let (forge, service, _site) = bank("policies:\n  money/binary-floating-point: {enforcement: warn}\n");
    let (state, comments) = judged(&forge, &service, vec![("Posting.java", posting(RATIO) + "\n")]);
    assert_eq!(state, "failed", "nobody can tell what the repository means: {comments}");
    assert!(comments.contains("money/binary-floating-point"), "{comments}");
}
