//! Code, names and policies written to harm whoever reads the report.

use std::sync::Arc;

use pulldown_cmark::{Event, Options as Extensions, Parser, Tag};

use crate::finding::{Decider, Frame, Location, Related};
use crate::policy::Policy;
use crate::report::escape::prose;
use crate::report::testing::{at, both, failed, finding, policy, report, unread};
use crate::report::visible::is_hidden;
use crate::report::{Format, Options};
use crate::review::{Excluded, Review};
use crate::text::{Locale, Text};

const HOSTILE: &[&str] = &[
    "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m",
    "if (admin\u{202e} } \u{2066}// only admins\u{2069} \u{2066}",
    "a\u{200b}b\u{e0041}\u{fffe}\0",
    "</code></summary></details><script>alert(1)</script><img src=x onerror=alert(1)>",
    "![x](https://evil.example/x.png) [click](https://evil.example) <https://evil.example>",
    "https://evil.example www.evil.example mail@evil.example ftp://evil.example",
    "@all @security-team #1 !2 ~label %milestone $3 &4 user/repo#5",
    "\n/merge\n/approve\n/assign @root\n",
    "``` ` ```` ~~~~ `@all` `/close` ``x`",
    "`</summary><script>alert(2)</script>` `a | @all` $`x`$",
    "a | b | c \\| d \\\\| e\n| f |",
    "\n\n# heading\n- item\n> quote\n***\n<!-- x -->\n]]> &lt; &#64;all",
    "**bold** _em_ ~~gone~~ $\\sqrt{x}$ {{template}} {+ins+} ==mark==",
    "中文全角字符与\t制表符\r\n混排 👩‍👩‍👧 é",
];

/// A review in which every text is hostile.
pub(super) fn review() -> Review {
    let mut review = failed();
    review.findings.clear();
    for (number, text) in HOSTILE.iter().enumerate() {
        let policy = Policy {
            title: both(text, text),
            code: format!("CB-{text}"),
            rationale: Text::from(*text),
            remedy: Text::from(*text),
            id: format!("hostile/{number}"),
            ..policy()
        };
        let code = format!("x\n{text};\ny");
        let mut bad = finding(policy, &format!("src/{text}.java"), 10, &code, text);
        bad.message = both(&format!("found `{text}` and {text}"), text);
        bad.related = vec![Related { location: bad.location.clone(), message: Text::from(*text) }];
        bad.fix = Some(crate::finding::Fix {
            location: bad.location.clone(),
            replacement: format!("{text}{text}"),
        });
        bad.why = Some((*text).to_owned());
        review.dismissed.push(bad.clone());
        bad.decided_by = if number % 2 == 0 { Decider::Model } else { Decider::Proof };
        review.findings.push(bad);
        review.coverage.unread.push(unread(text, None, text, false));
        let (path, filter) = ((*text).to_owned(), (*text).to_owned());
        review.coverage.excluded.push(Excluded { path, filter, leaves_gap: false });
    }
    review
}

#[test]
fn no_format_lets_a_hidden_character_out() {
    for format in Format::all() {
        for locale in [Locale::En, Locale::Zh] {
            let report = report(&review(), format, &Options { locale, ..Options::default() });
            let allowed =
                |character| character == '\n' || (format == Format::Markdown && character == '\u{200b}');
            let found: Vec<_> =
                report.chars().filter(|character| is_hidden(*character) && !allowed(*character)).collect();
            assert!(found.is_empty(), "{format} lets out {found:?}");
        }
    }
}

#[test]
fn markdown_is_only_our_own() {
    let markdown = report(&review(), Format::Markdown, &Options::default());
    let extensions = Extensions::ENABLE_TABLES | Extensions::ENABLE_STRIKETHROUGH | Extensions::ENABLE_MATH;
    let mut in_code = false;
    for event in Parser::new_ext(&markdown, extensions) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
            Event::Start(
                tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strikethrough),
            ) => {
                panic!("{tag:?}");
            }
            Event::Start(Tag::Heading { .. } | Tag::BlockQuote(_)) if in_code => panic!("markup in code"),
            Event::InlineMath(math) | Event::DisplayMath(math) => panic!("{math}"),
            Event::Html(html) | Event::InlineHtml(html) => is_ours(&html),
            Event::Text(text) if !in_code => is_inert(&text),
            _ => {}
        }
    }
    let headings = markdown.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(headings, 1, "{markdown}");
}

/// Every tag is one that the report writes itself.
#[track_caller]
fn is_ours(html: &str) {
    for tag in html.split('<').skip(1) {
        let name = tag.split(['>', ' ']).next().unwrap_or_default().trim_start_matches('/');
        assert!(["details", "summary", "b", "code"].contains(&name), "{html}");
        assert!(tag[name.len()..].trim_start_matches('/').starts_with('>') || tag.starts_with('/'), "{html}");
    }
}

/// Nothing that a forge looks for in the finished page.
#[track_caller]
fn is_inert(text: &str) {
    for sign in ["@", "#", "!", "~", "%", "$", "&", "://", "www."] {
        for (index, _) in text.match_indices(sign) {
            let next = text[index + sign.len()..].chars().next().unwrap_or(' ');
            assert!(!next.is_alphanumeric(), "{text:?} holds {sign}{next}");
        }
    }
}

#[test]
fn prose_begins_no_list_and_no_block() {
    for text in
        ["- a", "+ a", "---", "1. a", "2) a", "    a", "\ta", "===", "# a", "> a", "* a", "``` a", "~~~"]
    {
        let shown = prose(text);
        let blocks: Vec<_> = Parser::new(&shown)
            .filter(|event| {
                matches!(event, Event::Start(tag) if *tag != Tag::Paragraph) || *event == Event::Rule
            })
            .collect();
        assert!(blocks.is_empty(), "{text:?} makes {blocks:?}");
    }
    assert_eq!(prose("1.5 mio - 2) +"), "1.5 mio - 2) +");
}

#[test]
fn no_line_of_markdown_is_a_quick_action() {
    let markdown = report(&review(), Format::Markdown, &Options::default());
    let action = markdown.lines().find(|line| line.trim_start().starts_with('/'));
    assert_eq!(action, None);
}

#[test]
fn table_rows_keep_their_three_cells() {
    let markdown = report(&review(), Format::Markdown, &Options::default());
    let is_row = |line: &&str| line.starts_with("| **blocker** ") || line.starts_with("| blocker ");
    let rows: Vec<_> = markdown.lines().filter(is_row).collect();
    assert_eq!(rows.len(), HOSTILE.len());
    for row in rows {
        assert_eq!(row.matches('|').count(), 4, "{row}");
    }
}

#[test]
fn markdown_stays_within_what_forges_take() {
    let mut many = review();
    let findings = many.findings.clone();
    many.findings.extend((0..100).flat_map(|_| findings.clone()));
    let markdown = report(&many, Format::Markdown, &Options::default());
    assert!(markdown.len() < 65_536, "{}", markdown.len());
    assert!(markdown.contains("and 1"), "says how many are left out");
}

#[test]
fn sarif_messages_make_no_links() {
    let sarif = report(&review(), Format::Sarif, &Options::default());
    let results = sarif.split("\"results\"").nth(1).unwrap();
    assert!(!results.lines().any(|line| line.contains("\"text\": \"found") && line.contains("](")));
}

#[test]
fn wide_and_long_lines_keep_the_mark_in_place() {
    let code = format!("{} double 金额 = {};", "余".repeat(120), "x".repeat(3000));
    let review = Review { findings: vec![finding(policy(), "A.java", 1, &code, "double")], ..failed() };
    let text = report(&review, Format::Text, &Options::default());
    assert!(text.contains("double") && text.contains("^^^^^^"), "{text}");
    assert!(text.lines().all(|line| textwrap::core::display_width(line) <= 110), "{text}");
}

#[test]
fn a_secret_over_several_lines_keeps_the_line_numbers() {
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n-----END PRIVATE KEY-----";
    let code = format!("a\n{key}\nb");
    let review = Review { findings: vec![finding(policy(), "key.pem", 1, &code, key)], ..failed() };
    let text = report(&review, Format::Text, &Options::default());
    assert!(text.contains("[key 1]") && text.contains("\n5 |   b\n") && !text.contains("MIIE"), "{text}");
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]
    #[test]
    fn any_frame_and_place_is_rendered(
        lines in proptest::collection::vec("([a-z中\t\u{1b}\u{202e} |`]|4111111111111111){0,12}", 0..4),
        first_line in 0..4u32,
        places in proptest::collection::vec((0..6u32, 0..40u32), 4),
        replacement in "[a-z中\n`]{0,8}",
        width in 0..200usize,
    ) {
        let mut odd = finding(policy(), "A.java", 1, "x", "x");
        let place = |start: (u32, u32), end: (u32, u32)| -> Location { at("A.java", start, end) };
        odd.location = place(places[0], places[1]);
        odd.frame = Frame { first_line, lines };
        odd.fix = Some(crate::finding::Fix { location: place(places[2], places[3]), replacement });
        odd.policy = Arc::new(policy());
        odd.related = vec![Related { location: place(places[1], places[0]), message: Text::default() }];
        let review = Review { findings: vec![odd], ..failed() };
        for format in Format::all() {
            for colour in [false, true] {
                report(&review, format, &Options { width, colour, ..Options::default() });
            }
        }
    }
}
