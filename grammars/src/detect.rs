//! The language of a file: path and first bytes in, a language out.
//! By whole name, then extension, then the program after `#!`, then what the text itself shows.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

use crate::Language;
use crate::row::{Row, Words};
use crate::table::rows;

/// How much of a text is searched for signs: the head of a long file is like its tail.
const SIGN_BYTES: usize = 64 << 10;

pub(crate) fn detect(path: &str, text: &[u8]) -> Option<Language> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let head = &text[..text.len().min(SIGN_BYTES)];
    by_name(name)
        .or_else(|| by_extension(name, head))
        .or_else(|| by_interpreter(head))
        .or_else(|| by_text(head))
}

fn by_name(name: &str) -> Option<Language> {
    rows().find(|row| has(row.marks.names, name)).map(|row| row.language)
}

/// Where several languages share an extension, the text decides; the first row has it otherwise.
fn by_extension(name: &str, head: &[u8]) -> Option<Language> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let rows: Vec<&Row> = rows().filter(|row| has(row.marks.extensions, &extension)).collect();
    let shows = |row: &&&Row| sign(row).is_some_and(|sign| sign.is_match(head));
    match rows[..] {
        [] => None,
        [row] => Some(row.language),
        [first, ..] => Some(rows.iter().find(shows).map_or(first, |row| row).language),
    }
}

fn by_interpreter(head: &[u8]) -> Option<Language> {
    let line = head.strip_prefix(b"#!")?;
    let line = String::from_utf8_lossy(line.split(|&byte| byte == b'\n').next()?);
    line.split_whitespace()
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .map(|program| program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.'))
        .find_map(|program| rows().find(|row| has(row.marks.interpreters, program)))
        .map(|row| row.language)
}

fn by_text(head: &[u8]) -> Option<Language> {
    rows()
        .filter(|row| row.marks.sign.is_some_and(|sign| sign.alone))
        .find(|row| sign(row).is_some_and(|sign| sign.is_match(head)))
        .map(|row| row.language)
}

fn has(words: Words, word: &str) -> bool {
    words.split_ascii_whitespace().any(|known| known == word)
}

fn sign(row: &Row) -> Option<&'static Regex> {
    static SIGNS: LazyLock<Vec<(Language, Regex)>> = LazyLock::new(|| {
        let compiled = |pattern| {
            RegexBuilder::new(pattern)
                .case_insensitive(true)
                .multi_line(true)
                .build()
                .expect("a sign is a pattern")
        };
        rows().filter_map(|row| Some((row.language, compiled(row.marks.sign?.pattern)))).collect()
    });
    SIGNS.iter().find(|(language, _)| *language == row.language).map(|(_, sign)| sign)
}

#[cfg(test)]
mod tests {
    use crate::Language::{self, *};

    fn check(path: &str, text: &str, language: impl Into<Option<Language>>) {
        assert_eq!(Language::detect(path, text.as_bytes()), language.into(), "{path}: {text}");
    }

    #[test]
    fn a_file_is_told_by_its_name_or_extension() {
        check("ci/Jenkinsfile", "", Groovy);
        check("src\\main\\LEDGER.CBL", "", Cobol);
        check("db/AccountMapper.hbm.xml", "", Xml);
        check("build.gradle.kts", "", Kotlin);
        check("interest.pc", "", C);
        check("post.ino", "", Cpp);
        check("calc.csx", "", CSharp);
        check("ACCT.CPY", "", Cobol);
        check("notes.unknown", "", None);
        check("no-extension", "", None);
    }

    #[test]
    fn a_shared_extension_is_decided_by_the_text() {
        check("a.h", "int post(struct account *a);\n", C);
        check("a.h", "namespace bank {\nclass Ledger;\n}\n", Cpp);
        check("a.sql", "SELECT 1 FROM account;\n", Sql);
        check("a.sql", "CREATE OR REPLACE PACKAGE BODY ledger AS\nEND;\n", PlSql);
        check("a.sql", "DECLARE\n  n NUMBER;\nBEGIN\n  n := 1;\nEND;\n/\n", PlSql);
        check("a.prc", "CREATE PROCEDURE post AS BEGIN NULL; END;\n", PlSql);
        check("a.prc", "//POST PROC HLQ=BANK\n//S1 EXEC PGM=LEDGER\n", Jcl);
    }

    #[test]
    fn a_file_without_extension_is_told_by_its_first_lines() {
        check("run", "#!/usr/bin/env python3\n", Python);
        check("run", "#!/bin/ksh -e\n", Bash);
        check("run", "<?xml version=\"1.0\"?>\n<a/>", Xml);
        check("NIGHTLY", "//NIGHTLY JOB (ACCT),'BANK'\n", Jcl);
        check("LEDGER.txt", "000100 IDENTIFICATION DIVISION.\n", Cobol);
        check("LEDGER", "       ID DIVISION.\n", Cobol);
        check("README", "the identification division of a program\n", None);
    }
}
