//! The bytes of a file as text: UTF-8, UTF-16, or what their statistics say (GB18030, Big5, Shift_JIS, …).
//! In: bytes. Out: text with the same lines, the encoding's name and how many bytes made no sense.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{EUC_JP, EUC_KR, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use thiserror::Error;

/// A file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without byte order mark.
    pub text: String,
    /// The encoding's WHATWG name, such as `UTF-8` or `gb18030`.
    pub encoding: &'static str,
    /// Places where bytes had no meaning in that encoding; each is U+FFFD in the text.
    pub unmapped: usize,
}

/// Why bytes are no text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// Control bytes that no text has.
    #[error("the file is binary, not text")]
    Binary,
}

/// One control byte in this many is a slip, more is no text.
const BYTES_PER_CONTROL_BYTE: usize = 200;
/// How much of a file its encoding is guessed from.
const GUESS_BYTES: usize = 1 << 20;

/// Decodes the bytes of a file. UTF-8 is taken over without a copy.
///
/// # Errors
/// [`DecodeError::Binary`] when the bytes are no text in any encoding.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, DecodeError> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return if encoding == UTF_8 { utf8(bytes, mark) } else { as_text(&bytes[mark..], encoding) };
    }
    match utf16_without_mark(&bytes) {
        Some(encoding) => as_text(&bytes, encoding),
        None => utf8(bytes, 0),
    }
}

fn utf8(mut bytes: Vec<u8>, mark: usize) -> Result<Decoded, DecodeError> {
    if is_binary(&bytes[mark..]) {
        return Err(DecodeError::Binary);
    }
    bytes.drain(..mark);
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text, encoding: UTF_8.name(), unmapped: 0 }),
        Err(error) => other(error.as_bytes()),
    }
}

fn other(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let (mut read, mut unread) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        read += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        unread += usize::from(!chunk.invalid().is_empty());
    }
    // Characters of several bytes are seldom valid UTF-8 by chance.
    if read > 4 * unread {
        return as_text(bytes, UTF_8);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let head = &bytes[..bytes.len().min(GUESS_BYTES)];
    detector.feed(head, head.len() == bytes.len());
    let guess = detector.guess(None, Utf8Detection::Deny);
    // Nobody writes Japanese without kana, or Korean without hangul: such bytes are Chinese.
    let is_chinese = guess == GBK
        || (guess == EUC_JP && !has(bytes, guess, '\u{3040}'..='\u{30FF}'))
        || (guess == EUC_KR && !has(bytes, guess, '\u{AC00}'..='\u{D7A3}'));
    as_text(bytes, if is_chinese { GB18030 } else { guess })
}

fn has(bytes: &[u8], encoding: &'static Encoding, letters: RangeInclusive<char>) -> bool {
    encoding.decode_without_bom_handling(bytes).0.chars().any(|c| letters.contains(&c))
}

fn as_text(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded, DecodeError> {
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let unmapped = text.matches(char::REPLACEMENT_CHARACTER).count();
    if is_binary(text.as_bytes()) || unmapped * 4 > bytes.len() {
        return Err(DecodeError::Binary);
    }
    Ok(Decoded { text: Cow::into_owned(text), encoding: encoding.name(), unmapped })
}

fn is_binary(bytes: &[u8]) -> bool {
    // Tab to carriage return, DOS end of file, escape, and the shifts around double-byte text are kept by editors.
    let is_control = |byte: &&u8| matches!(byte, 1..=8 | 16..=25 | 28..=31 | 127);
    memchr::memchr(0, bytes).is_some()
        || bytes.iter().filter(is_control).count() > bytes.len() / BYTES_PER_CONTROL_BYTE
}

/// Half the bytes of English UTF-16 are zero, and all at the same side.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let first = memchr::memchr(0, bytes)?;
    let zeros: Vec<usize> = memchr::memchr_iter(0, &bytes[..bytes.len().min(GUESS_BYTES)]).collect();
    let one_side = zeros.iter().all(|at| at % 2 == first % 2);
    let frequent = zeros.len() * 16 >= bytes.len().min(GUESS_BYTES);
    let encoding = if first % 2 == 1 { UTF_16LE } else { UTF_16BE };
    (one_side && frequent && bytes.len().is_multiple_of(2)).then_some(encoding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{BIG5, SHIFT_JIS, WINDOWS_1252};

    fn check(text: &str, encoding: &'static Encoding) {
        let (bytes, _, unmappable) = encoding.encode(text);
        assert!(!unmappable, "{text}");
        let decoded = decode(bytes.into_owned()).unwrap();
        assert_eq!((decoded.text.as_str(), decoded.encoding, decoded.unmapped), (text, encoding.name(), 0));
    }

    #[test]
    fn words_of_each_encoding_are_read() {
        check("       MOVE ZERO TO WS-BAL.\n", UTF_8);
        check("      * 账户余额不足\n", UTF_8);
        check("      * 账户余额不足，交易失败\r\n       MOVE ZERO TO WS-BAL.\r\n", GB18030);
        check("      * 客户号\n       MOVE A TO B.\n", GB18030);
        check("      * 帳戶餘額不足，交易失敗\n       MOVE ZERO TO WS-BAL.\n", BIG5);
        check("      * 口座残高が不足しています\n       MOVE ZERO TO WS-BAL.\n", SHIFT_JIS);
        check("      * 계좌 잔액이 부족합니다\n", EUC_KR);
        check("// Prüft, ob das Konto überzogen wurde\nint prüfe() { return 0; }\n", WINDOWS_1252);
        check("// Vérifie le solde débiteur\n", WINDOWS_1252);
    }

    fn utf16(text: &str, mark: bool, unit: impl Fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn utf16_is_read_with_and_without_mark() {
        let text = "SELECT 1;\r\n-- 余额\n";
        for mark in [true, false] {
            assert_eq!(decode(utf16(text, mark, u16::to_le_bytes)).unwrap().text, text);
            assert_eq!(decode(utf16(text, mark, u16::to_be_bytes)).unwrap().text, text);
        }
    }

    #[test]
    fn a_byte_order_mark_is_no_text() {
        assert_eq!(decode(b"\xEF\xBB\xBFclass A {}".to_vec()).unwrap().text, "class A {}");
    }

    #[test]
    fn one_broken_character_leaves_utf8_what_it_is() {
        let mut bytes = "// 账户余额不足，交易失败\n".as_bytes().to_vec();
        bytes.extend(b"\xFF\n");
        let decoded = decode(bytes).unwrap();
        assert_eq!((decoded.encoding, decoded.unmapped), ("UTF-8", 1));
        assert_eq!(decoded.text.lines().count(), 2);
    }

    #[test]
    fn binary_is_refused() {
        for bytes in
            [&b"\x7fELF\x02\x01\x01\0\0\0\0"[..], b"PK\x03\x04\x14\0\x08\x08", b"\x01\x02\x03\x04", b"\0"]
        {
            assert_eq!(decode(bytes.to_vec()), Err(DecodeError::Binary), "{bytes:?}");
        }
        assert!(decode(Vec::new()).unwrap().text.is_empty());
    }
}
