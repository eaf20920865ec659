//! Garbage and attacks: any text ends in a tree or an error, soon, and nothing asked of the tree panics.

use grammars::Language::{self, *};
use grammars::{ParseBudget, ParseError, SyntaxTree, decode};
use proptest::prelude::*;

/// Asks everything of a tree.
fn ask_all(language: Language, text: &str) {
    let budget = ParseBudget { max_steps: 20_000, ..ParseBudget::default() };
    language.blank_comments(text);
    let Ok(tree) = SyntaxTree::parse(text.to_owned(), language, budget) else { return };
    assert_eq!(tree.text(), text);
    assert_eq!(tree.without_comments().len(), text.len());
    for range in tree.errors() {
        assert!(text.get(range.clone()).is_some(), "{range:?} splits a character");
        assert!(tree.error_share(range) <= 1.0);
    }
    for start in [0, text.len() / 2, text.len()] {
        tree.declaration(start..text.len());
        tree.declaration(start..start);
        tree.error_share(start..text.len());
    }
    tree.declaration(text.len() + 5..text.len() + 9);
    for embedded in tree.embedded(budget).unwrap_or_default() {
        assert_eq!(embedded.tree.text().len(), text.len());
    }
    for node in tree.root().dfs() {
        node.text();
    }
}

const CRUMBS: &[&str] = &[
    "EXEC SQL",
    "END-EXEC",
    "SELECT a FROM b WHERE",
    "IDENTIFICATION DIVISION.",
    "PROCEDURE DIVISION.",
    "COPY X REPLACING ==",
    "<mapper>",
    "<select id='a'>",
    "<![CDATA[",
    "</select>",
    "#{x}",
    "${",
    "\"",
    "'",
    "\"\"\"",
    "`",
    "/*",
    "*/",
    "//",
    "--",
    "{",
    "}",
    "(",
    ")",
    "\n",
    "\n      -    '",
    "\n      *",
    "\t",
    "\0",
    "账户",
    "é",
    "\u{FEFF}",
    "=",
    "+",
    ".",
    ";",
    " ",
    "01 A PIC X",
    "class A",
    "def f():",
    "  ",
    "$x",
    ":a-b",
    ">>SOURCE FREE\n",
    "ID DIVISION.",
    "\r\n",
    "%(",
    "WITH x AS (",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn crumbs_of_code_never_panic(crumbs in proptest::collection::vec(proptest::sample::select(CRUMBS), 0..60)) {
        let text = crumbs.concat();
        Language::all().for_each(|language| ask_all(language, &text));
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Language::all().for_each(|language| ask_all(language, &text));
        let _ = decode(bytes.clone());
        Language::detect("a", &bytes);
        Language::detect("a.h", &bytes);
    }
}

#[test]
fn deep_nesting_ends_soon() {
    const DEPTH: usize = 100_000;
    let deep = |open: &str, close: &str| open.repeat(DEPTH) + &close.repeat(DEPTH);
    for (language, text) in [
        (Json, deep("[", "]")),
        (Json, "[".repeat(DEPTH)),
        (Xml, deep("<a>", "</a>")),
        (Xml, "<a>".repeat(DEPTH)),
        (Java, format!("class A {{ void f() {} }}", deep("{", "}"))),
        (Java, format!("class A {{ int a = {}; }}", deep("(", ")"))),
        (Java, format!("class A {{ int a = {}1; }}", "1+".repeat(DEPTH))),
        (Java, format!("class A {{ void f() {{ a{}; }} }}", ".b()".repeat(DEPTH))),
        (Java, format!("class A {{ void f() {{ {} {{}} }} }}", "if (a) {} else ".repeat(DEPTH))),
        (JavaScript, deep("[", "]")),
        (TypeScript, deep("{", "}")),
        (C, format!("void f() {}", deep("{", "}"))),
        (Cpp, deep("(", ")")),
        (CSharp, deep("(", ")")),
        (Kotlin, deep("{", "}")),
        (Scala, deep("(", ")")),
        (Go, format!("package a\nfunc f() {}", deep("{", "}"))),
        (Python, deep("(", ")")),
        (Rust, format!("fn f() {}", deep("{", "}"))),
        (Sql, format!("SELECT {}1{};", "(".repeat(DEPTH), ")".repeat(DEPTH))),
        (Yaml, deep("[", "]")),
        (Groovy, deep("[", "]")),
        (Bash, deep("$(", ")")),
        (
            Cobol,
            format!(
                "       IDENTIFICATION DIVISION.\n       PROCEDURE DIVISION.\n           COMPUTE A = {}1\n",
                "(\n           ".repeat(DEPTH)
            ),
        ),
    ] {
        let started = std::time::Instant::now();
        let result = SyntaxTree::parse(text, language, ParseBudget::default());
        eprintln!("{language}: {:?} {:?}", started.elapsed(), result.as_ref().err());
        if let Ok(tree) = &result {
            // The grammar gave up nesting: what is left is flat.
            tree.errors();
            let _ = tree.embedded(ParseBudget::default());
        } else {
            assert!(matches!(result, Err(ParseError::TooDeep { .. } | ParseError::TooMuchWork { .. })));
        }
    }
}

#[test]
fn long_texts_of_one_crumb_end_soon() {
    for (language, crumb) in [
        (Cobol, "PROGRAM-ID "),
        (Cobol, "'\""),
        (Cobol, "EXEC SQL "),
        (Cobol, "COPY A "),
        (Cobol, "FUNCTION A ("),
        (Cobol, "AUTHOR "),
        (Cobol, "=="),
        (C, "EXEC SQL "),
        (Jcl, "'\\'"),
    ] {
        let text = crumb.repeat(400_000 / crumb.len());
        language.blank_comments(&text);
        let budget = ParseBudget { max_steps: 2_000, ..ParseBudget::default() };
        if let Ok(tree) = SyntaxTree::parse(text, language, budget) {
            let _ = tree.embedded(budget);
        }
    }
    let literal = format!("class A {{ String a = \"DELETE FROM a {}\"; }}", "{%(".repeat(100_000));
    SyntaxTree::parse(literal, Java, ParseBudget::default())
        .unwrap()
        .embedded(ParseBudget::default())
        .unwrap();
}
