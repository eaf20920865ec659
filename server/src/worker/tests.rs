//! Proves the worker through real children: this test binary, started again as a child.

mod children;
mod fetches;
pub(super) mod probe;
mod questions;
mod repository;
mod reviews;

use std::path::Path;
use std::process;

use super::host::Host;
use crate::config::Config;

/// What makes this test binary a child.
pub(super) fn child_arguments() -> Vec<String> {
    ["worker::tests::the_child", "--exact", "--ignored", "--nocapture", "--quiet", "--test-threads=1"]
        .map(str::to_owned)
        .to_vec()
}

#[test]
#[ignore = "it is what other tests start as a child"]
fn the_child() {
    let code = super::child::run();
    process::exit(i32::from(code != process::ExitCode::SUCCESS));
}

/// A configuration whose data are in `folder`.
fn config(folder: &Path) -> Config {
    Config { data: folder.to_owned(), ..Config::default() }
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

fn host(config: &Config) -> Host {
    Host::new(config, client()).unwrap()
}
