//! The harness's browser: what it says of a page is what a reader's browser makes of it.

use tempfile::TempDir;
use tests::{Browser, Window};

#[test]
fn a_page_is_read_and_drawn() {
    let folder = TempDir::new().unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(&page, "<!DOCTYPE html><title>审查</title><p>open<p>closed by the browser").unwrap();
    let url = format!("file://{}", page.display());
    let browser = Browser::find();
    let dom = browser.dom(&url);
    assert!(dom.contains("<p>open</p><p>closed by the browser"), "{dom}");
    assert!(dom.contains("<title>审查</title>"), "{dom}");
    let picture = folder.path().join("page.png");
    browser.screenshot(&url, Window { width: 320, height: 200 }, &picture);
    assert!(std::fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
}
