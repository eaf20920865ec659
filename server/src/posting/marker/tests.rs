//! Markers that are trusted, each beside those that are not.

use super::*;
use crate::merge_request::ForgeKind;

fn key(number: u64) -> MergeRequestKey {
    MergeRequestKey { forge: ForgeKind::Gitlab, repository: "bank/core".to_owned(), number }
}

fn posted(author: &str, body: String) -> PostedComment {
    PostedComment {
        id: "1".to_owned(),
        thread: None,
        author: author.to_owned(),
        body,
        is_inline: true,
        is_resolved: None,
    }
}

#[test]
fn a_comment_is_known_again_on_its_merge_request_and_nowhere_else() {
    let signer = Signer::with_key([7; 32]);
    let mark = Mark::finding(&"ab".repeat(16), Decider::Proof, &"c0ffee".repeat(7));
    let comment = posted("42", signer.sign(&key(7), &mark, "text\n"));
    assert_eq!(comment.body.lines().next(), Some("text"));
    assert_eq!(signer.trusted(&key(7), &comment, "42"), Some(Trusted { mark, is_untouched: true }));
    assert_eq!(signer.trusted(&key(8), &comment, "42"), None, "another merge request");
    assert_eq!(signer.trusted(&key(7), &comment, "43"), None, "another user");
    assert_eq!(signer.trusted(&key(7), &posted("", comment.body.clone()), ""), None, "nobody");
    assert_eq!(Signer::with_key([8; 32]).trusted(&key(7), &comment, "42"), None, "another key");
}

#[test]
fn a_changed_marker_is_not_trusted() {
    let signer = Signer::with_key([7; 32]);
    let body = signer.sign(&key(7), &Mark::finding(&"ab".repeat(16), Decider::Proof, "abc"), "text");
    for (from, to) in
        [("finding", "summary"), ("abab", "abac"), (":abc:", ":abd:"), ("v1", "v2"), (" -->", "-->")]
    {
        assert!(body.contains(from));
        assert_eq!(signer.trusted(&key(7), &posted("42", body.replace(from, to)), "42"), None, "{to}");
    }
    let quoted = format!("{body}\nand more");
    assert_eq!(signer.trusted(&key(7), &posted("42", quoted), "42"), None, "not the last line");
}

#[test]
fn a_changed_text_is_told_from_changed_line_ends() {
    let signer = Signer::with_key([7; 32]);
    let body =
        signer.sign(&key(7), &Mark::finding(&"ab".repeat(16), Decider::Proof, "abc"), "one  \n\n- two\n");
    let is_untouched =
        |body: String| signer.trusted(&key(7), &posted("42", body), "42").unwrap().is_untouched;
    assert!(is_untouched(format!("{}\r\n", body.replace('\n', "\r\n"))));
    assert!(!is_untouched(body.replace("two", "/merge")));
    assert!(!is_untouched(format!("/merge\n{body}")));
}

#[test]
fn no_key_can_break_out_of_its_marker() {
    let signer = Signer::with_key([7; 32]);
    for odd in ["", "a:b", "-->", "--", "é", &"a".repeat(65), "a b"] {
        let mark = Mark::reply(odd, "-->:");
        assert_eq!((mark.key.len(), mark.head.as_str()), (64, "none"), "{odd}");
        let comment = posted("42", signer.sign(&key(7), &mark, "x"));
        assert_eq!(signer.trusted(&key(7), &comment, "42").map(|trusted| trusted.mark), Some(mark));
    }
}
