//! The stand-in forge as a person sees it: a merge request's diff with the comments at their lines.
//!
//! A forge renders Markdown; so does this page, with raw HTML shown as text but for the elements that forges keep.

use std::fmt::Write;

use pulldown_cmark::{Event, Options, Parser, html};

use super::forge::{Comment, REPOSITORY, Request, Status};

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1f2328}\
a{color:#0b57d0}h1{font-size:1.4rem}h2{font:600 .95rem ui-monospace,monospace;background:#f3f4f6;padding:.5rem .75rem;\
border:1px solid #d5d9df;border-radius:6px 6px 0 0;margin:1.5rem 0 0}table{border-collapse:collapse;width:100%;\
border:1px solid #d5d9df;border-top:0}td.code{font:13px/1.45 ui-monospace,monospace;white-space:pre-wrap;padding:0 .5rem}\
td.no{font:12px ui-monospace,monospace;color:#6e7781;text-align:right;padding:0 .5rem;width:3rem;vertical-align:top}\
tr.add{background:#e9f9ee}tr.del{background:#fdeeee}tr.hunk{background:#eef4fc;color:#57606a}\
.comment{border:1px solid #c9ced6;border-left:4px solid #0b57d0;border-radius:6px;margin:.6rem;padding:.2rem 1rem;background:#fff}\
.comment pre{background:#f6f8fa;padding:.6rem;overflow:auto}.comment table{border:0;width:auto}.comment td,.comment th{border:1px solid #d5d9df;padding:.2rem .6rem}\
.state{display:inline-block;padding:.1rem .6rem;border-radius:1rem;background:#eaecef}.success{background:#d2f4dc}\
.failure,.error{background:#fbd9d9}li{margin:.5rem 0}";

/// Every merge request.
pub(super) fn index(seen: &[(Request, Vec<Comment>, Option<Status>)]) -> String {
    let mut body = format!("<h1>{}/{}: merge requests</h1><ul>", REPOSITORY.0, REPOSITORY.1);
    for (request, comments, status) in seen {
        let _ = write!(
            body,
            "<li><a href=\"/{}/{}/pulls/{}\">!{} {}</a> {} · {} comments</li>",
            REPOSITORY.0,
            REPOSITORY.1,
            request.number,
            request.number,
            escape(&request.title),
            light(status.as_ref()),
            comments.len()
        );
    }
    document("Merge requests", &(body + "</ul>"))
}

/// One merge request.
pub(super) fn merge_request(
    request: &Request,
    comments: &[Comment],
    status: Option<&Status>,
    diff: &str,
) -> String {
    let mut body = format!(
        "<p><a href=\"/\">all merge requests</a></p><h1>!{} {}</h1><p>{}</p>",
        request.number,
        escape(&request.title),
        light(status)
    );
    for comment in comments.iter().filter(|comment| comment.path.is_empty()) {
        body.push_str(&shown(comment));
    }
    body.push_str(&with_comments(diff, comments));
    document(&request.title, &body)
}

/// The diff as tables, each comment under its line.
fn with_comments(diff: &str, comments: &[Comment]) -> String {
    let (mut body, mut path, mut line, mut is_open) = (String::new(), String::new(), 0_u64, false);
    for text in diff.lines() {
        if let Some(named) = text.strip_prefix("+++ ") {
            path = named.trim_start_matches("b/").to_owned();
            let close = if is_open { "</table>" } else { "" };
            let _ = write!(body, "{close}<h2>{}</h2><table>", escape(&path));
            is_open = true;
        } else if let Some(hunk) = text.strip_prefix("@@ ") {
            let start = hunk.split('+').nth(1).and_then(|rest| rest.split([',', ' ']).next());
            line = start.and_then(|start| start.parse().ok()).unwrap_or(1);
            let _ = write!(
                body,
                "<tr class=\"hunk\"><td class=\"no\"></td><td class=\"code\">{}</td></tr>",
                escape(text)
            );
        } else if is_open && text.starts_with(['+', '-', ' ']) && !text.starts_with("--- ") {
            let (class, number) = match text.as_bytes()[0] {
                b'+' => ("add", line.to_string()),
                b'-' => ("del", String::new()),
                _ => ("", line.to_string()),
            };
            let _ = write!(
                body,
                "<tr class=\"{class}\"><td class=\"no\">{number}</td><td class=\"code\">{}</td></tr>",
                escape(text)
            );
            if !text.starts_with('-') {
                for comment in comments.iter().filter(|comment| comment.path == path && comment.line == line)
                {
                    let _ = write!(body, "<tr><td></td><td>{}</td></tr>", shown(comment));
                }
                line += 1;
            }
        }
    }
    body + if is_open { "</table>" } else { "" }
}

/// What of HTML a forge keeps.
const KEPT: [&str; 9] =
    ["<details>", "</details>", "<summary>", "</summary>", "<b>", "</b>", "<code>", "</code>", "<br>"];

fn shown(comment: &Comment) -> String {
    let mut rendered = String::new();
    let events = Parser::new_ext(&comment.body, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) if !is_kept(&html) => Event::Text(html),
        event => event,
    });
    html::push_html(&mut rendered, events);
    format!("<div class=\"comment\">{rendered}</div>")
}

/// Whether the HTML is nothing but kept elements and their text, or a comment.
fn is_kept(html: &str) -> bool {
    let is_comment = html.trim_start().starts_with("<!--") && html.trim_end().ends_with("-->");
    let rest = KEPT.iter().fold(html.to_owned(), |rest, kept| rest.replace(kept, ""));
    is_comment || !rest.contains(['<', '>'])
}

fn light(status: Option<&Status>) -> String {
    status.map_or_else(
        || "<span class=\"state\">no status yet</span>".to_owned(),
        |status| {
            format!(
                "<span class=\"state {}\">{}</span> {}",
                escape(&status.state),
                escape(&status.state),
                escape(&status.description)
            )
        },
    )
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{}</title><style>{STYLE}</style><body>{body}",
        escape(title)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
