//! SQL inside other languages: found, read, and at its place.

use grammars::Language::{self, *};
use grammars::ParseBudget;

use crate::parse;

/// What is written of one host: statements that are all there, and those that are put together.
#[track_caller]
fn check(language: Language, text: &str, complete: &[&str], partial: &[&str]) {
    let embedded = parse(language, text).embedded(ParseBudget::default()).expect("within the budget");
    for (wanted, is_complete) in [(complete, true), (partial, false)] {
        let found: Vec<_> = embedded
            .iter()
            .filter(|embedded| embedded.complete == is_complete)
            .flat_map(|embedded| {
                assert_eq!(embedded.tree.text().len(), text.len());
                assert_eq!(embedded.tree.language(), Sql);
                let unread: Vec<_> =
                    embedded.tree.errors().into_iter().map(|range| &embedded.tree.text()[range]).collect();
                assert!(unread.is_empty(), "{unread:?} in\n{}", embedded.tree.text());
                let statement = |range: &std::ops::Range<usize>| {
                    embedded.tree.text()[range.clone()].split_whitespace().collect::<Vec<_>>().join(" ")
                };
                embedded.host_ranges.iter().map(statement).collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(found, wanted, "complete: {is_complete}");
    }
}

#[test]
fn exec_sql_in_cobol_is_read() {
    let text = "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. L.\n       DATA DIVISION.\n       WORKING-STORAGE SECTION.\n           EXEC SQL DECLARE C1 CURSOR WITH HOLD FOR\n             SELECT BAL FROM ACCT WHERE ID = :WS-ID\n           END-EXEC.\n       PROCEDURE DIVISION.\n           EXEC SQL\n             SELECT BAL, NAME INTO :WS-BAL :WS-IND, :WS-REC.NAME\n      *      not this\n               FROM ACCT WHERE ID = :WS-ID WITH UR\n           END-EXEC.\n           EXEC SQL UPDATE ACCT SET BAL = :WS-BAL\n             WHERE CURRENT OF C1 END-EXEC.\n           EXEC SQL OPEN C1 END-EXEC.\n";
    check(
        Cobol,
        text,
        &[
            "SELECT BAL FROM ACCT WHERE ID = _WS_ID",
            "SELECT BAL, NAME FROM ACCT WHERE ID = _WS_ID",
            "UPDATE ACCT SET BAL = _WS_BAL WHERE CURRENT_OF_C1",
        ],
        &[],
    );
}

#[test]
fn exec_sql_in_c_is_read_and_c_around_it_too() {
    let text = "EXEC SQL INCLUDE SQLCA;\nint post(int id) {\n  /* EXEC SQL is used */\n  if (id) EXEC SQL DELETE FROM acct WHERE id = :row->id;\n  EXEC SQL COMMIT;\n  return 0;\n}\n";
    check(C, text, &["DELETE FROM acct WHERE id = _row__id"], &[]);
    crate::clean(C, text);
}

#[test]
fn a_literal_holds_sql_and_a_joined_one_is_incomplete() {
    check(
        Java,
        "class A {\n String a = \"SELECT id FROM acct \" +\n   \"WHERE id = ?\";\n String b = \"Select one of them\";\n String c = \"SELECT id FROM acct WHERE id = '\" + id + \"'\";\n String d = \"\"\"\n   UPDATE acct\n   SET bal = 0\n   \"\"\";\n}\n",
        &["SELECT id FROM acct WHERE id = ?", "UPDATE acct SET bal = 0"],
        &["SELECT id FROM acct WHERE id = ' __ '"],
    );
    check(
        Python,
        "a = f\"DELETE FROM acct WHERE id = {id}\"\nb = \"DELETE FROM acct WHERE id = %s\"\n",
        &["DELETE FROM acct WHERE id = _s"],
        &["DELETE FROM acct WHERE id = ____"],
    );
    check(
        Go,
        "package a\n\nvar q = `INSERT INTO acct (id) VALUES ($1)`\n",
        &["INSERT INTO acct (id) VALUES ($1)"],
        &[],
    );
    check(
        CSharp,
        "class A { string q = @\"DELETE FROM acct WHERE id = @id\"; string r = $\"DELETE FROM {t}\"; }\n",
        &["DELETE FROM acct WHERE id = _id"],
        &["DELETE FROM ___"],
    );
    check(
        Kotlin,
        "val q = \"DELETE FROM acct WHERE id = $id\"\nval r = \"DELETE FROM acct\"\n",
        &["DELETE FROM acct"],
        &["DELETE FROM acct WHERE id = _id"],
    );
    check(
        JavaScript,
        "const q = `DELETE FROM acct WHERE id = ${id}`;\nconst r = 'DELETE FROM acct';\n",
        &["DELETE FROM acct"],
        &["DELETE FROM acct WHERE id = _____"],
    );
    check(TypeScript, "const r = 'DELETE FROM acct';\n", &["DELETE FROM acct"], &[]);
}

#[test]
fn a_statement_that_goes_on_elsewhere_is_incomplete() {
    let text = "class A { void f() { sb.append(\"SELECT id FROM acct\"); g(\"SELECT id FROM acct WHERE \"); h(String.format(\"SELECT id FROM acct\", t)); } }\n";
    let embedded = parse(Java, text).embedded(ParseBudget::default()).unwrap();
    assert_eq!(
        embedded.iter().map(|found| (found.complete, found.host_ranges.len())).collect::<Vec<_>>(),
        [(false, 3)]
    );
}

#[test]
fn mapper_statements_are_read_with_their_dynamic_tags() {
    let text = "<?xml version=\"1.0\"?>\n<mapper namespace=\"a\">\n<select id=\"find\">SELECT id FROM acct <where><if test=\"a != null\">AND id = #{id,jdbcType=INTEGER}</if> <if test=\"b\"><![CDATA[AND bal < 5]]></if></where></select>\n<update id=\"set\">UPDATE acct <set><if test=\"a\">bal = #{bal},</if></set> WHERE id &lt; 7</update>\n<delete id=\"del\">DELETE FROM ${table} WHERE id IN <foreach item=\"i\" open=\"(\" separator=\",\" close=\")\">#{i}</foreach></delete>\n</mapper>\n";
    check(
        Xml,
        text,
        &[
            "SELECT id FROM acct WHERE id = __id_jdbcType_INTEGER_ AND bal < 5",
            "UPDATE acct SET bal = __bal_ WHERE id < 7",
        ],
        &["DELETE FROM __table_ WHERE id IN ( __i_)"],
    );
}

#[test]
fn files_without_sql_hold_nothing() {
    check(Java, "class A { String a = \"selection\"; }\n", &[], &[]);
    check(Xml, "<a><select>SELECT a FROM b</select></a>\n", &[], &[]);
    check(Yaml, "a: SELECT a FROM b\n", &[], &[]);
}

#[test]
fn hundreds_of_blocks_make_one_tree() {
    let body = "           EXEC SQL SELECT BAL INTO :B FROM ACCT WHERE ID = :ID END-EXEC.\n".repeat(500);
    let text = format!("       IDENTIFICATION DIVISION.\n       PROCEDURE DIVISION.\n{body}");
    let embedded = parse(Cobol, &text).embedded(ParseBudget::default()).unwrap();
    assert_eq!(embedded.len(), 1);
    assert_eq!(embedded[0].host_ranges.len(), 500);
    assert!(embedded[0].tree.errors().is_empty());
}
