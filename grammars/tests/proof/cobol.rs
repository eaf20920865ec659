//! COBOL as banks write it: columns, continuations, embedded blocks, copybooks.

use ast_grep_core::matcher::{KindMatcher, Pattern};
use grammars::Language::Cobol;

use crate::{clean, parse};

/// Lines of the procedure division, from column 8.
fn program(data: &str, procedure: &str) -> String {
    let lines = |text: &str| text.lines().map(|line| format!("       {line}\n")).collect::<String>();
    format!(
        "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. LEDGER.\n       DATA DIVISION.\n       WORKING-STORAGE SECTION.\n{}       PROCEDURE DIVISION.\n{}",
        lines(data),
        lines(procedure)
    )
}

#[track_caller]
fn texts(text: &str, kind: &str) -> Vec<String> {
    let tree = clean(Cobol, text);
    assert_eq!(tree.text(), text);
    tree.root().find_all(KindMatcher::new(kind, Cobol)).map(|node| text[node.range()].to_owned()).collect()
}

#[test]
fn columns_around_the_code_are_no_code() {
    let text = "000100 IDENTIFICATION DIVISION.                                         BANK0001\n\
                CR1234 PROGRAM-ID. LEDGER.                                              BANK0002\n\
                000300* 账户余额不足，交易失败\n\
                000400 PROCEDURE DIVISION.                                              BANK0004\n\
                000500     MOVE ZERO TO WS-BAL.                                         BANK0005\n";
    assert_eq!(texts(text, "move_statement"), ["MOVE ZERO TO WS-BAL"]);
}

#[test]
fn wide_characters_take_two_columns() {
    let text = "       IDENTIFICATION DIVISION.\n       PROCEDURE DIVISION.\n           DISPLAY '账户余额不足账户余额不足账户余额不足账户余额不足'.  NAME0001\n";
    assert_eq!(
        texts(text, "display_statement"),
        ["DISPLAY '账户余额不足账户余额不足账户余额不足账户余额不足'"]
    );
}

#[test]
fn free_format_is_told_by_directive_or_by_look() {
    let body = "IDENTIFICATION DIVISION.\nPROGRAM-ID. LEDGER.\n*> balances\nPROCEDURE DIVISION.\nPOST-ENTRY.\nIF WS-A = WS-B\n  MOVE WS-A-RATHER-LONG-NAME TO WS-ANOTHER-RATHER-LONG-NAME WS-AND-ONE-MORE-LONG-NAME WS-B\nEND-IF.\n";
    let moved = "MOVE WS-A-RATHER-LONG-NAME TO WS-ANOTHER-RATHER-LONG-NAME WS-AND-ONE-MORE-LONG-NAME WS-B";
    for directive in ["", "      >>SOURCE FORMAT IS FREE\n", "      $SET SOURCEFORMAT\"FREE\"\n"] {
        assert_eq!(texts(&format!("{directive}{body}"), "move_statement"), [moved]);
    }
}

#[test]
fn lines_that_begin_with_a_tab_hold_code_after_it() {
    let text = "\tIDENTIFICATION DIVISION.\n\tPROGRAM-ID. LEDGER.\n\tPROCEDURE DIVISION.\n\t\tMOVE 1 TO A.\n";
    assert_eq!(texts(text, "move_statement"), ["MOVE 1 TO A"]);
}

#[test]
fn literals_and_words_go_on_over_lines() {
    for quote in ['\'', '"'] {
        let first = format!("           DISPLAY {quote}{}", "A".repeat(72 - 20));
        let text = program("", "")
            + &first
            + &format!(
                "\n      -    {quote}BBB{quote}.\n           MOVE WS-LONG\n      -    -NAME TO WS-B.\n"
            );
        let tree = clean(Cobol, &text);
        let statements: Vec<_> = tree.root().find_all(KindMatcher::new("display_statement", Cobol)).collect();
        assert!(text[statements[0].range()].ends_with(&format!("BBB{quote}")));
        let moves: Vec<_> = tree.root().find_all(KindMatcher::new("move_statement", Cobol)).collect();
        assert_eq!(&text[moves[0].range()], "MOVE WS-LONG\n      -    -NAME TO WS-B");
    }
}

#[test]
fn debug_lines_are_code_and_commented_lines_are_not() {
    let text = program("", "    MOVE 1 TO A.")
        + "      D    DISPLAY A.\n      *    DISPLAY B.\n      /    DISPLAY C.\n";
    assert_eq!(texts(&text, "display_statement"), ["DISPLAY A"]);
}

#[test]
fn embedded_blocks_are_statements_anywhere() {
    let text = program(
        "    EXEC SQL INCLUDE SQLCA END-EXEC.\n    EXEC SQL BEGIN DECLARE SECTION END-EXEC.\n01  WS-ACCT PIC X(10).\n    EXEC SQL END DECLARE SECTION END-EXEC.",
        "    EXEC SQL\n        SELECT BAL INTO :WS-BAL FROM ACCT\n    END-EXEC\n    EXEC CICS RETURN END-EXEC.",
    );
    let found = texts(&text, "exec_statement");
    assert!(found.iter().any(|text| text.contains("SELECT BAL")), "{found:?}");
    assert!(found.iter().any(|text| text.contains("CICS RETURN")), "{found:?}");
}

#[test]
fn a_block_ends_the_statement_before_it() {
    for statement in
        ["PERFORM P1", "DISPLAY 'A'", "INSPECT A REPLACING ALL B BY C", "IF A = 'B'", "CALL 'X'", "ELSE"]
    {
        let text = program("", &format!("P1.\n    {statement}\n    EXEC CICS RETURN END-EXEC."));
        assert_eq!(texts(&text, "exec_statement"), ["EXEC CICS RETURN END-EXEC"], "{statement}");
    }
}

#[test]
fn words_that_the_grammar_lacks_are_read_as_their_like() {
    for statement in [
        "MOVE FUNCTION CURRENT-DATE(1:8) TO WS-DATE",
        "MOVE FUNCTION UPPER-CASE(A)(1:3) TO B",
        "IF A <> B CONTINUE END-IF",
        "IF A NOT = 5 AND NOT = 6 CONTINUE END-IF",
        "IF A > 5 OR\n        LESS 3 CONTINUE END-IF",
        "ENTRY 'DLITCBL' USING PCB-1",
        "MOVE \"SAY \"\"HI\"\"\" TO A",
        "MOVE Z'AB' TO A",
        "SET A TO ENTRY 'X'",
    ] {
        let text = program("", &format!("P1.\n    {statement}."));
        let tree = clean(Cobol, &text);
        assert_eq!(tree.root().range(), 7..text.len(), "offsets are those of the text");
    }
    for record in [
        "01  A PIC S9(5) COMPUTATIONAL-3.",
        "01  A PIC G(10) USAGE DISPLAY-1.",
        "01  A USAGE PROCEDURE-POINTER.",
        "01  A USAGE IS SQL TYPE IS CLOB(1M).",
        "01  :TAG:-REC PIC X VALUE NULLS.",
    ] {
        clean(Cobol, &program(record, "P1."));
    }
    for name in ["PROGRAM-ID. A IS INITIAL PROGRAM.", "PROGRAM-ID. A RECURSIVE.", "PROGRAM-ID A."] {
        clean(
            Cobol,
            &format!("       ID DIVISION.\n       {name}\n       PROCEDURE DIVISION.\n           GOBACK.\n"),
        );
    }
}

#[test]
fn a_block_without_end_costs_no_second_reading() {
    let text = program("", &"    EXEC SQL SELECT A\n".repeat(20_000));
    parse(Cobol, &text);
}

#[test]
fn copies_directives_and_remarks_are_no_errors() {
    let text = "       CBL CICS('SP')\n       ID DIVISION.\n       PROGRAM-ID. LEDGER.\n       AUTHOR. SOMEONE'S.\n       REMARKS. IT POSTS, AND\n           MORE.\n       DATA DIVISION.\n       WORKING-STORAGE SECTION.\n       COPY ACCT REPLACING ==:TAG:== BY ==WS==.\n       EJECT\n       PROCEDURE DIVISION.\n           COPY POSTING.\n           MOVE 1 TO A.\n";
    assert_eq!(texts(text, "copy_statement").len(), 2);
}

#[test]
fn copybooks_are_read_as_what_they_are() {
    assert_eq!(texts("       01  ACCT.\n           05  ACCT-NO PIC X(10).\n", "data_description").len(), 2);
    let procedure = "       POST-ENTRY.\n           MOVE 1 TO A.\n           PERFORM CLOSE-ALL.\n";
    assert_eq!(texts(procedure, "move_statement"), ["MOVE 1 TO A"]);
    assert_eq!(texts(procedure, "paragraph_header"), ["POST-ENTRY."]);
    texts("       SELECT ACCTS ASSIGN TO ACCTFILE.\n", "select_statement");
    texts("       WORKING-STORAGE SECTION.\n       01  A PIC 9.\n", "data_description");
    texts(
        "       LINKAGE SECTION.\n       01  A PIC 9.\n       PROCEDURE DIVISION.\n           GOBACK.\n",
        "data_description",
    );
}

#[test]
fn patterns_of_statements_and_records_match() {
    let text = program(
        "01  WS-AMT USAGE COMP-2.",
        "    MOVE WS-AMT TO WS-OUT\n    PERFORM POST-ENTRY THRU POST-EXIT.",
    );
    let tree = clean(Cobol, &text);
    for pattern in ["MOVE $A TO $B", "MOVE $_ TO $_", "01 $NAME USAGE COMP-2.", "PERFORM $A THRU $B"] {
        let compiled = Pattern::try_new(pattern, Cobol).unwrap();
        assert!(tree.root().find(&compiled).is_some(), "{pattern}");
    }
}

#[test]
fn comments_are_blanked_in_place() {
    let text = "      * SECRET\n       IDENTIFICATION DIVISION.\n       PROCEDURE DIVISION.\n           MOVE 'A*>B' TO A. *> SECRET\n";
    let blanked = parse(Cobol, text).without_comments();
    assert_eq!(blanked.len(), text.len());
    assert_eq!(blanked.lines().count(), text.lines().count());
    assert!(!blanked.contains("SECRET") && blanked.contains("'A*>B'"), "{blanked}");
}
