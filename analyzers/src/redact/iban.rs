//! Tells an international bank account number from other letters and digits.
//!
//! A country code and two digits in; a hit out where length and check digits (ISO 13616) agree.

use std::ops::Range;

use super::{Hit, Kind, stands_alone};

/// Countries with an IBAN and its length. Source: the IBAN registry (SWIFT), release 99.
#[rustfmt::skip]
const LENGTHS: &[(&str, usize)] = &[
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22),
    ("BH", 22), ("BI", 27), ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24),
    ("DE", 22), ("DJ", 27), ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18),
    ("FK", 18), ("FO", 18), ("FR", 27), ("GB", 22), ("GE", 22), ("GI", 23), ("GL", 18), ("GR", 27),
    ("GT", 28), ("HN", 28), ("HR", 21), ("HU", 28), ("IE", 22), ("IL", 23), ("IQ", 23), ("IS", 26),
    ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28), ("LC", 32), ("LI", 21), ("LT", 20),
    ("LU", 20), ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22), ("MK", 19), ("MN", 20),
    ("MR", 27), ("MT", 31), ("MU", 30), ("NI", 28), ("NL", 18), ("NO", 15), ("OM", 23), ("PK", 24),
    ("PL", 28), ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22), ("RU", 33), ("SA", 24),
    ("SC", 31), ("SD", 18), ("SE", 24), ("SI", 19), ("SK", 24), ("SM", 27), ("SO", 23), ("ST", 25),
    ("SV", 28), ("TL", 23), ("TN", 24), ("TR", 26), ("UA", 29), ("VA", 22), ("VG", 24), ("XK", 20),
    ("YE", 30),
];

/// Adds the account number that begins at `shape`, if there is one.
pub(super) fn examine(text: &str, shape: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let Some((_, length)) = LENGTHS.iter().find(|(country, _)| text[shape.start..].starts_with(country))
    else {
        return shape.end;
    };
    let Some(range) = span(text, shape.start, *length) else { return shape.end };
    if !stands_alone(text, &range) || !mod_97(&text[range.clone()]) {
        return shape.end;
    }
    let end = range.end;
    hits.push(Hit { kind: Kind::Iban, range });
    end
}

/// Where `length` letters and digits from `start` end, written in one piece or in groups of four.
fn span(text: &str, start: usize, length: usize) -> Option<Range<usize>> {
    let grouped = text.as_bytes().get(start + 4) == Some(&b' ');
    let mut count = 0;
    for (index, byte) in text.as_bytes()[start..].iter().enumerate() {
        if grouped && count > 0 && count % 4 == 0 && index == count + count / 4 - 1 {
            if *byte != b' ' {
                return None;
            }
            continue;
        }
        if !byte.is_ascii_uppercase() && !byte.is_ascii_digit() {
            return None;
        }
        count += 1;
        if count == length {
            return Some(start..start + index + 1);
        }
    }
    None
}

/// The check of ISO 7064, MOD 97-10.
fn mod_97(account: &str) -> bool {
    let characters: Vec<u32> = account.chars().filter_map(|character| character.to_digit(36)).collect();
    let (country, rest) = characters.split_at(4);
    let remainder = rest.iter().chain(country).fold(0, |remainder, value| {
        if *value < 10 { (remainder * 10 + value) % 97 } else { (remainder * 100 + value) % 97 }
    });
    remainder == 1
}
