//! A true sample of every language is read without an error, and patterns match in it.

use std::collections::BTreeSet;

use ast_grep_core::matcher::Pattern;
use grammars::Language::{self, *};

use crate::clean;

const SAMPLES: &[(Language, &str, &str)] = &[
    (
        Java,
        "package com.bank;\npublic class Ledger {\n  // cents\n  private long cents = 0L;\n  void post(Entry e) { this.cents += e.amount(); }\n}\n",
        "$A += $B",
    ),
    (
        Kotlin,
        "package com.bank\nclass Ledger {\n  val cents = 0L\n  fun post(e: Entry) { save(e.amount) }\n}\n",
        "save($A)",
    ),
    (Scala, "object Ledger {\n  def post(e: Entry): Long = save(e.amount)\n}\n", "save($A)"),
    (
        C,
        "#include <stdio.h>\nstruct account { long cents; };\nint post(struct account *a) { return save(a->cents); }\n",
        "save($A)",
    ),
    (
        Cpp,
        "namespace bank {\nclass Ledger {\n public:\n  long post(const Entry& e) { return save(e.cents()); }\n};\n}\n",
        "save($A)",
    ),
    (
        CSharp,
        "namespace Bank;\npublic class Ledger {\n  public decimal Post(Entry e) { return Save(e.Amount); }\n}\n",
        "Save($A)",
    ),
    (Go, "package bank\n\nfunc (l *Ledger) Post(e Entry) error {\n\treturn save(e.Amount)\n}\n", "save($A)"),
    (Python, "class Ledger:\n    def post(self, entry):\n        return save(entry.amount)\n", "save($A)"),
    (
        JavaScript,
        "class Ledger {\n  post(entry) { return save(entry.amount); }\n}\nconst view = <b>{total}</b>;\n",
        "save($A)",
    ),
    (
        TypeScript,
        "class Ledger {\n  post(entry: Entry): number { return save(entry.amount); }\n}\n",
        "save($A)",
    ),
    (Tsx, "const view = (p: Props) => <b>{save(p.total)}</b>;\n", "save($A)"),
    (
        Rust,
        "impl Ledger {\n    fn post(&mut self, entry: Entry) -> u64 { save(entry.cents) }\n}\n",
        "save($A)",
    ),
    (
        Sql,
        "SELECT a.id, SUM(a.amount) FROM account a WHERE a.branch = 7 GROUP BY a.id;\n",
        "SELECT $A FROM $B WHERE $C",
    ),
    (PlSql, "CREATE TABLE account (id INT PRIMARY KEY, name VARCHAR(20));\n", ""),
    (
        Cobol,
        "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. LEDGER.\n       DATA DIVISION.\n       WORKING-STORAGE SECTION.\n       01  WS-BAL PIC S9(9)V99 COMP-3 VALUE ZERO.\n       PROCEDURE DIVISION.\n       POST-ENTRY.\n           MOVE ZERO TO WS-BAL.\n           STOP RUN.\n",
        "MOVE $A TO $B",
    ),
    (Yaml, "bank:\n  branch: 7\n  accounts: [a, b]\n", ""),
    (Xml, "<?xml version=\"1.0\"?>\n<bank><account id=\"a\">7</account></bank>\n", ""),
    (Json, "{\"bank\": {\"branch\": 7, \"accounts\": [\"a\", null]}}\n", ""),
    (Properties, "# bank\nbranch=7\nname = Main\n", ""),
    (Groovy, "node {\n  def total = save(entry.amount)\n  sh \"make\"\n}\n", "save($A)"),
    (Bash, "#!/bin/bash\npost() {\n  echo \"$1\" | tr a b\n}\n", ""),
];

#[test]
fn every_language_with_a_parser_reads_its_sample() {
    let sampled: BTreeSet<_> = SAMPLES.iter().map(|(language, ..)| *language).collect();
    assert_eq!(sampled, Language::all().filter(|language| language.grammar().is_some()).collect());
    for (language, text, _) in SAMPLES {
        clean(*language, text);
    }
}

#[test]
fn patterns_match_in_the_languages_of_programs() {
    for (language, text, pattern) in SAMPLES.iter().filter(|(.., pattern)| !pattern.is_empty()) {
        let pattern =
            Pattern::try_new(pattern, *language).unwrap_or_else(|error| panic!("{language}: {error}"));
        assert!(clean(*language, text).root().find(&pattern).is_some(), "{language}: {pattern:?} in\n{text}");
    }
}
