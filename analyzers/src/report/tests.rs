//! Reports as people and tools get them.
use super::testing::*;
use super::*;

#[test]
fn look() {
    for format in [Format::Text] {
        for locale in [Locale::En, Locale::Zh] {
            for colour in [false, true] {
                let options = Options { locale, colour, ..Options::default() };
                eprintln!("=== {format} {locale}\n{}", report(&failed(), format, &options));
            }
        }
    }
    eprintln!("{}", report(&passed(), Format::Text, &Options::default()));
}
