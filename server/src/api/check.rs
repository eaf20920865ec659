//! Checks a review as a caller wrote it: the form in; an order, or what is wrong with which field, out.

use std::collections::BTreeSet;

use analyzers::report::Options;
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use crate::api::desk::{OrderFile, OrderSubject, ReportOrder, ReviewOrder, Version};
use crate::api::request::{Encoding, FileForm, ReportForm, ReviewRequest};
use crate::config::Limits;
use crate::problem::Problem;

/// Longer paths are in no repository that a review could read.
const MAX_PATH_BYTES: usize = 4096;

/// Longer names are names of nothing.
const MAX_NAME_BYTES: usize = 512;

/// Columns that a text report can be laid out for.
const WIDTHS: std::ops::RangeInclusive<usize> = 20..=1000;

/// The order that a request makes.
pub(crate) fn order(request: ReviewRequest, limits: &Limits) -> Result<ReviewOrder, Problem> {
    let ReviewRequest { repository, diff, diff_encoding, files, base, head, fail_on, require_model, report } =
        request;
    if files.len() > limits.files {
        let (sent, limit) = (files.len(), limits.files);
        return Err(wrong("files", &format!("has {sent} files; a review takes {limit} (`limits.files`)")));
    }
    check_paths(&files)?;
    let subject = match diff {
        Some(diff) => {
            let files = files.into_iter().enumerate().map(|(at, file)| both_versions(at, file));
            let (base, head) = (object_id("base", base)?, object_id("head", head)?);
            let diff = decoded("diff", diff, diff_encoding)?;
            OrderSubject::Change { diff, files: files.collect::<Result<_, _>>()?, base, head }
        }
        None if files.is_empty() => {
            return Err(wrong("diff", "is missing; send a `diff`, or `files` to have them scanned whole"));
        }
        None => whole_files(files, &[("base", base), ("head", head)])?,
    };
    Ok(ReviewOrder {
        repository: repository.map(name).transpose()?,
        subject,
        fail_on,
        require_model,
        report: report.map(report_order).transpose()?,
    })
}

/// A request that can be read and makes no sense.
pub(crate) fn wrong(field: &str, what: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "The request makes no sense",
        format!("`{field}` {}.", what.trim_end_matches('.')),
    )
}

fn whole_files(files: Vec<FileForm>, revisions: &[(&str, Option<String>)]) -> Result<OrderSubject, Problem> {
    if let Some((field, _)) = revisions.iter().find(|(_, revision)| revision.is_some()) {
        return Err(wrong(field, "belongs to a change; send a `diff` beside it, or leave it out"));
    }
    let whole = files.into_iter().enumerate().map(|(at, file)| {
        if file.base.is_some() {
            let what =
                "belongs to a change; send a `diff` beside it, or leave it out to have the file scanned";
            return Err(wrong(&format!("files[{at}].base"), what));
        }
        let path = file.path.clone();
        match both_versions(at, file)?.head {
            Version::Content(content) => Ok((path, content)),
            Version::Untold | Version::Missing => {
                Err(wrong(&format!("files[{at}].head"), "is missing; it is the content that is scanned"))
            }
        }
    });
    Ok(OrderSubject::Tree { files: whole.collect::<Result<_, _>>()? })
}

fn both_versions(at: usize, file: FileForm) -> Result<OrderFile, Problem> {
    let FileForm { path, base, head, encoding } = file;
    let version = |side: &str, told: Option<Option<String>>| match told {
        None => Ok(Version::Untold),
        Some(None) => Ok(Version::Missing),
        Some(Some(text)) => decoded(&format!("files[{at}].{side}"), text, encoding).map(Version::Content),
    };
    Ok(OrderFile { base: version("base", base)?, head: version("head", head)?, path })
}

fn decoded(field: &str, text: String, encoding: Encoding) -> Result<Vec<u8>, Problem> {
    match encoding {
        Encoding::Utf8 => Ok(text.into_bytes()),
        Encoding::Base64 => STANDARD.decode(text).map_err(|error| {
            wrong(field, &format!("is not base64 ({error}); write standard base64 with padding"))
        }),
    }
}

fn check_paths(files: &[FileForm]) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for (at, file) in files.iter().enumerate() {
        let field = format!("files[{at}].path");
        check_path(&file.path).map_err(|what| wrong(&field, what))?;
        if !seen.insert(file.path.as_str()) {
            return Err(wrong(&field, "was named before; send each path once, with both versions"));
        }
    }
    Ok(())
}

fn check_path(path: &str) -> Result<(), &'static str> {
    const REMEDY: &str = "must be a path in the repository, such as `src/Ledger.java`: relative, with `/` between \
                          its parts, without `.` and `..`";
    let is_drive =
        matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic());
    let is_bad_part = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.split('/').any(is_bad_part) || is_drive || path.contains('\0') {
        return Err(REMEDY);
    }
    if path.len() > MAX_PATH_BYTES {
        return Err("is longer than 4096 bytes, which no repository's path is");
    }
    Ok(())
}

fn name(name: String) -> Result<String, Problem> {
    if name.is_empty() || name.len() > MAX_NAME_BYTES || name.contains(char::is_control) {
        return Err(wrong("repository", "must be a name of at most 512 bytes, such as `bank/core`"));
    }
    Ok(name)
}

fn object_id(field: &str, id: Option<String>) -> Result<Option<String>, Problem> {
    let is_full =
        |id: &String| matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    match id {
        Some(id) if !is_full(&id) => {
            let what =
                "must be a full object id of 40 or 64 hexadecimal digits; leave it out where there is none";
            Err(wrong(field, what))
        }
        id => Ok(id.map(|id| id.to_ascii_lowercase())),
    }
}

fn report_order(form: ReportForm) -> Result<ReportOrder, Problem> {
    let ReportForm { format, language, width, colour, detail, repository } = form;
    let width = width.unwrap_or(Options::default().width);
    if !WIDTHS.contains(&width) {
        return Err(wrong(
            "report.width",
            "must be 20 to 1000 columns; leave it out where there is no terminal",
        ));
    }
    let is_address = |text: &String| {
        text.len() <= MAX_PATH_BYTES
            && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
    };
    if repository.as_ref().is_some_and(|text| !is_address(text)) {
        let what = "must be an address such as `https://gitlab.bank.example/bank/core`; leave it out where there \
                    is none";
        return Err(wrong("report.repository", what));
    }
    let options = Options { locale: language, width, colour, repository, detail };
    Ok(ReportOrder { format, options })
}
