//! Tells card numbers and Chinese resident identity numbers from other runs of digits.
//!
//! A run of digits, perhaps in groups, in; hits out. Issuer range, grouping, length and check digit must
//! all agree, so that order numbers, dates and digests stay.

use std::ops::Range;

use super::{Hit, Kind, stands_alone};

/// How cards group their digits when they are printed.
const GROUPINGS: &[&[usize]] =
    &[&[4, 4, 4, 4], &[4, 4, 4, 4, 3], &[4, 4, 4, 4, 2], &[4, 6, 5], &[4, 6, 4], &[6, 13]];

/// Issuer ranges: first and last prefix of the same length, and the lengths of a whole number.
/// Source: ISO/IEC 7812 ranges as the schemes publish them.
const ISSUERS: &[(u32, u32, &[usize])] = &[
    (4, 4, &[13, 16, 19]),           // Visa
    (51, 55, &[16]),                 // Mastercard
    (2221, 2720, &[16]),             // Mastercard
    (34, 34, &[15]),                 // American Express
    (37, 37, &[15]),                 // American Express
    (62, 62, &[16, 17, 18, 19]),     // UnionPay
    (81, 81, &[16, 17, 18, 19]),     // UnionPay
    (955_880, 955_889, &[16, 19]),   // cards of ICBC from before UnionPay
    (3528, 3589, &[16, 17, 18, 19]), // JCB
    (300, 305, &[14, 16, 19]),       // Diners Club
    (36, 36, &[14, 16, 19]),         // Diners Club
    (38, 39, &[14, 16, 19]),         // Diners Club
    (6011, 6011, &[16, 17, 18, 19]), // Discover
    (644, 659, &[16, 17, 18, 19]),   // Discover
    (2200, 2204, &[16, 17, 18, 19]), // Mir
    (508_500, 508_999, &[16]),       // RuPay
    (5018, 5018, &[16, 18, 19]),     // Maestro
    (5020, 5020, &[16, 18, 19]),     // Maestro
    (5038, 5038, &[16, 18, 19]),     // Maestro
    (6759, 6763, &[16, 18, 19]),     // Maestro
];

/// Adds what the run of digits at `run` holds; goes on behind it.
pub(super) fn examine(text: &str, run: Range<usize>, hits: &mut Vec<Hit>) -> usize {
    let groups = groups(text, run.clone());
    let mut next = 0;
    while next < groups.len() {
        let hit = resident_id(text, &groups[next])
            .map(|range| (Kind::ResidentId, range, 1))
            .or_else(|| card(text, &groups[next..]).map(|(range, count)| (Kind::Card, range, count)));
        match hit {
            Some((kind, range, count)) => {
                hits.push(Hit { kind, range });
                next += count;
            }
            None => next += 1,
        }
    }
    run.end
}

fn groups(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let mut start = run.start;
    text[run]
        .split([' ', '-'])
        .map(|group| {
            let range = start..start + group.len();
            start = range.end + 1;
            range
        })
        .collect()
}

/// The card number that begins with the first group, and how many groups it takes.
fn card(text: &str, groups: &[Range<usize>]) -> Option<(Range<usize>, usize)> {
    let first = groups.first()?;
    if first.len() >= 13 {
        return is_card(text, first).then(|| (first.clone(), 1));
    }
    GROUPINGS.iter().find_map(|grouping| {
        let groups = groups.get(..grouping.len())?;
        let range = first.start..groups.last()?.end;
        let fits = groups.iter().map(Range::len).eq(grouping.iter().copied());
        let mixed = text[range.clone()].contains(' ') && text[range.clone()].contains('-');
        (fits && !mixed && is_card(text, &range)).then_some((range, grouping.len()))
    })
}

fn is_card(text: &str, range: &Range<usize>) -> bool {
    let digits: Vec<u32> = text[range.clone()].chars().filter_map(|digit| digit.to_digit(10)).collect();
    (13..=19).contains(&digits.len())
        && stands_alone(text, range)
        && !is_decimal(text, range)
        && has_issuer(&digits)
        && luhn(&digits)
}

/// Whether the digits belong to a number with a decimal point, or to a signed one.
fn is_decimal(text: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&text.as_bytes()[..range.start], &text.as_bytes()[range.end..]);
    matches!(before, [.., digit, b'.'] if digit.is_ascii_digit())
        || matches!(after, [b'.', digit, ..] if digit.is_ascii_digit())
        || before.ends_with(b"+")
}

fn has_issuer(digits: &[u32]) -> bool {
    ISSUERS.iter().any(|(first, last, lengths)| {
        let width = first.ilog10() as usize + 1;
        let prefix = digits[..width].iter().fold(0, |prefix, digit| prefix * 10 + digit);
        (*first..=*last).contains(&prefix) && lengths.contains(&digits.len())
    })
}

/// The check of ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// The identity number whose digits are `group`, with the `X` that may end it.
fn resident_id(text: &str, group: &Range<usize>) -> Option<Range<usize>> {
    let ends_in_x = group.len() == 17 && matches!(text.as_bytes().get(group.end), Some(b'X' | b'x'));
    let range = group.start..group.end + usize::from(ends_in_x);
    if range.len() != 18 || !stands_alone(text, &range) {
        return None;
    }
    let number = &text.as_bytes()[range.clone()];
    (has_region(number) && has_birthday(number) && gb_11643(number)).then_some(range)
}

/// Whether the number begins with a province of GB/T 2260.
fn has_region(number: &[u8]) -> bool {
    matches!(
        decimal(&number[..2]),
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}

fn has_birthday(number: &[u8]) -> bool {
    let (year, month, day) = (decimal(&number[6..10]), decimal(&number[10..12]), decimal(&number[12..14]));
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1900..2100).contains(&year) && (1..=days).contains(&day)
}

/// The check of GB 11643-1999 (ISO 7064, MOD 11-2).
fn gb_11643(number: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let sum: u32 = WEIGHTS.iter().zip(number).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
    number[17].to_ascii_uppercase() == CHECKS[(sum % 11) as usize]
}

fn decimal(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))
}
