//! The declarations around a place, and text without comments.

use grammars::Language::{self, *};

use crate::{parse, place};

#[track_caller]
fn check(language: Language, text: &str, needle: &str, path: &[&str]) {
    assert_eq!(parse(language, text).declaration(place(text, needle)), path, "{language}: {needle}");
}

#[test]
fn a_place_is_in_the_declarations_around_it() {
    let java = "class Ledger {\n  long cents = start();\n  class Entry { Entry() { init(); } }\n  void post(int a) { save(a); }\n}\n";
    check(Java, java, "save(a)", &["Ledger", "post"]);
    check(Java, java, "init()", &["Ledger", "Entry", "Entry"]);
    check(Java, java, "start()", &["Ledger", "cents"]);
    check(
        Kotlin,
        "class Ledger {\n  fun post(a: Int) { save(a) }\n  val x = start()\n}\n",
        "save(a)",
        &["Ledger", "post"],
    );
    check(Scala, "object Ledger {\n  def post(a: Int) = save(a)\n}\n", "save(a)", &["Ledger", "post"]);
    check(C, "static int *post(int a) { return save(a); }\n", "save(a)", &["post"]);
    check(
        Cpp,
        "namespace bank {\nint Ledger::post(int a) { return save(a); }\n}\n",
        "save(a)",
        &["bank", "Ledger::post"],
    );
    check(
        CSharp,
        "namespace Bank {\nclass Ledger { int Post(int a) { return Save(a); } }\n}\n",
        "Save(a)",
        &["Bank", "Ledger", "Post"],
    );
    check(Go, "package bank\n\nfunc (l *Ledger) Post(a int) { save(a) }\n", "save(a)", &["Post"]);
    check(Python, "class Ledger:\n    def post(self, a):\n        save(a)\n", "save(a)", &["Ledger", "post"]);
    check(JavaScript, "class Ledger { post(a) { save(a); } }\n", "save(a)", &["Ledger", "post"]);
    check(
        TypeScript,
        "namespace bank { const post = (a: number) => save(a); }\n",
        "save(a)",
        &["bank", "post"],
    );
    check(
        Rust,
        "mod bank { impl Ledger { fn post(&self) { save(1) } } }\n",
        "save(1)",
        &["bank", "Ledger", "post"],
    );
    check(Groovy, "class Ledger { long post(int a) { return 1 } }\n", "return 1", &["Ledger", "post"]);
    check(Bash, "post() {\n  echo saved\n}\n", "echo saved", &["post"]);
}

#[test]
fn data_is_named_by_its_keys() {
    check(Yaml, "bank:\n  branch:\n    id: 7\n", "7", &["bank", "branch", "id"]);
    check(Json, "{\"bank\": {\"branch\": [7]}}", "7", &["bank", "branch"]);
    check(Properties, "a=1\nbank.branch=7\n", "7", &["bank.branch"]);
    check(
        Xml,
        "<mapper namespace=\"m\"><select id=\"find\">x7</select></mapper>",
        "x7",
        &["mapper", "select#find"],
    );
    check(Sql, "CREATE TABLE bank.account (id INT, cents BIGINT);\n", "cents", &["account"]);
    check(Sql, "CREATE VIEW rich AS SELECT id FROM account;\n", "SELECT id", &["rich"]);
}

#[test]
fn a_statement_of_cobol_is_in_its_paragraph() {
    let text = "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. LEDGER.\n       DATA DIVISION.\n       WORKING-STORAGE SECTION.\n       01  WS-A PIC 9.\n       PROCEDURE DIVISION.\n       MAIN SECTION.\n       START-UP.\n           MOVE 1 TO A.\n       POST-ENTRY.\n           MOVE 2 TO A.\n       CLOSING SECTION.\n           MOVE 3 TO A.\n";
    check(Cobol, text, "MOVE 1", &["LEDGER", "MAIN", "START-UP"]);
    check(Cobol, text, "MOVE 2", &["LEDGER", "MAIN", "POST-ENTRY"]);
    check(Cobol, text, "MOVE 3", &["LEDGER", "CLOSING"]);
    check(Cobol, text, "PIC 9", &["LEDGER", "WS-A"]);
}

#[test]
fn comments_are_blanked_and_lines_stay() {
    for (language, text, code) in [
        (Java, "int a; // SECRET\n/* SECRET\n SECRET */ int b = \"// kept\";\n", "// kept"),
        (Python, "a = '# kept'  # SECRET\n", "# kept"),
        (Sql, "SELECT 1 -- SECRET\n/* SECRET */ FROM a;\n", "FROM a"),
        (Xml, "<a><!-- SECRET -->b</a>\n", "b"),
        (Yaml, "a: 1 # SECRET\n", "a: 1"),
        (Properties, "# SECRET\na=1\n", "a=1"),
    ] {
        let blanked = parse(language, text).without_comments();
        assert_eq!(blanked.len(), text.len(), "{language}");
        assert_eq!(blanked.lines().count(), text.lines().count(), "{language}");
        assert!(!blanked.contains("SECRET") && blanked.contains(code), "{language}: {blanked}");
    }
    let jcl = Jcl.blank_comments("//* SECRET\n//S1 EXEC PGM=A //* kept\n");
    assert_eq!(jcl, "          \n//S1 EXEC PGM=A //* kept\n");
}
