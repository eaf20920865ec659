//! Source in the encodings and languages that banks have.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use tests::Desk;

use crate::{AMOUNT, RATIO, posting};

/// `// 金额` and a line break in GBK.
const GBK_COMMENT: &[u8] = b"// \xbd\xf0\xb6\xee\xc8\xeb\xd5\xcb\xcb\xe3\xb7\xa8\xd7\xa2\xca\xcd\n";

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn gbk_source_is_read_and_shown_in_its_characters() {
    let desk = Desk::new();
    let lines = "        String 说明 = \"\";\n";
    let mut text = GBK_COMMENT.repeat(3);
    text.extend_from_slice(posting(AMOUNT).as_bytes());
    desk.write("A.java", text);
    desk.run(&["scan", "."]).ends(1).reports("A.java:6:").reports("1 of 1 file");
    desk.write("B.java", posting(&format!("{lines}{AMOUNT}")));
    desk.run(&["scan", "B.java"]).ends(1).reports("说明");
}

#[test]
fn utf_16_source_is_read() {
    let desk = Desk::new();
    desk.write("A.java", utf16(&posting(AMOUNT)));
    desk.run(&["scan", "."]).ends(1).reports("A.java:3:");
}

#[test]
fn a_change_of_utf_16_source_is_reviewed_though_git_calls_it_binary() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", utf16(&posting(RATIO)));
    repository.commit("base");
    repository.write("A.java", utf16(&posting(AMOUNT)));
    repository.commit("head");
    repository.write("B.java", posting(RATIO));
    repository.commit("more");
    desk.run(&["gate", "--base", "HEAD~2"]).ends(1).reports("A.java:3:");
    desk.run(&["gate", "--base", "HEAD~1"]).ends(0);
}

#[test]
fn cobol_is_reviewed() {
    let program = "       IDENTIFICATION DIVISION.\n       PROGRAM-ID. LEDGER.\n       DATA DIVISION.\n       \
                   WORKING-STORAGE SECTION.\n       01 WS-FEE-AMT COMP-1.\n";
    let desk = Desk::new();
    desk.write("LEDGER.cbl", program);
    desk.run(&["scan", "."]).ends(1).reports("LEDGER.cbl:5:").reports("WS-FEE-AMT");
}

/// `测试.java` in GBK.
const GBK_NAME: &[u8] = b"\xb2\xe2\xca\xd4.java";

#[test]
fn a_file_with_a_name_in_gbk_is_reviewed() {
    let desk = Desk::new();
    let repository = desk.repository();
    repository.write("A.java", posting(RATIO));
    repository.commit("base");
    std::fs::create_dir(desk.file("src")).unwrap();
    std::fs::write(desk.file("src").join(OsStr::from_bytes(GBK_NAME)), posting(AMOUNT)).unwrap();
    repository.commit("head");
    let shown = "\"src/\\262\\342\\312\\324.java\":3:";
    desk.run(&["scan", "."]).ends(1).reports(shown);
    desk.run(&["gate"]).ends(1).reports(shown);
    desk.run_with(&["review", "--diff", "-"], &repository.diff("HEAD~1", "HEAD")).ends(1).reports(shown);
}
