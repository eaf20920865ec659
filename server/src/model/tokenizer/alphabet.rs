//! The letters in which byte-level vocabularies write bytes: printable Latin-1 as itself, the rest from U+0100 on.

use std::sync::LazyLock;

static LETTERS: LazyLock<[char; 256]> = LazyLock::new(|| {
    let mut shifted = (0x100..).filter_map(char::from_u32);
    std::array::from_fn(|byte| match byte as u8 {
        byte @ (b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF) => char::from(byte),
        byte => shifted.next().unwrap_or(char::from(byte)),
    })
});

/// Bytes as letters.
pub(super) fn letters(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| LETTERS[usize::from(*byte)]).collect()
}

/// Letters as bytes; none where one of them is not in the alphabet.
pub(super) fn bytes(letters: &str) -> Option<Vec<u8>> {
    letters.chars().map(byte).collect()
}

/// Every letter, as a text.
pub(super) fn all() -> impl Iterator<Item = String> {
    LETTERS.iter().map(char::to_string)
}

fn byte(letter: char) -> Option<u8> {
    static BYTES: LazyLock<[Option<u8>; 0x200]> = LazyLock::new(|| {
        let mut bytes = [None; 0x200];
        for (byte, letter) in (0..=u8::MAX).zip(LETTERS.iter()) {
            if let Some(place) = bytes.get_mut(*letter as usize) {
                *place = Some(byte);
            }
        }
        bytes
    });
    BYTES.get(letter as usize).copied().flatten()
}
