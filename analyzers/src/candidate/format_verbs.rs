//! Which holes of a format string take numbers only: `%d` does, `%s` does not.

/// Verbs that only numbers, characters and dates fill.
const NUMERIC: &str = "bcdeEfFgGioptTuxX";

/// For each hole of a `printf`-like format, in order: whether only a number fits.
pub(crate) fn numeric_holes(format: &str) -> Vec<bool> {
    let mut holes = Vec::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            continue;
        }
        let verb = chars.find(|c| c.is_alphabetic() && !matches!(c, 'l' | 'h' | 'z') || *c == '%');
        if let Some(verb) = verb.filter(|verb| *verb != '%') {
            holes.push(NUMERIC.contains(verb));
        }
    }
    holes
}

#[cfg(test)]
mod tests {
    use super::numeric_holes;

    #[test]
    fn numbers_and_text_have_different_holes() {
        assert_eq!(numeric_holes("a %d b %s 100%% %-5.2f %ld %v"), [true, false, true, true, false]);
        assert_eq!(numeric_holes("no holes, 5 %"), [] as [bool; 0]);
    }
}
