//! Payloads made from ones that a forge has sent: the names of its world are replaced, then single values.

use serde_json::Value;

/// Reads a payload, with these texts in place of those.
pub(crate) fn template(text: &str, replaced: &[(&str, &str)]) -> Value {
    let text = replaced.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
    serde_json::from_str(&text).expect("a payload is JSON")
}

/// Puts values in places such as `/pull_request/head/sha`. The last name may be new; the others are there.
pub(crate) fn fill<const COUNT: usize>(value: &mut Value, places: [(&str, Value); COUNT]) {
    for (place, new) in places {
        let (parent, name) = place.rsplit_once('/').expect("a place such as `/number`");
        let parent = value.pointer_mut(parent).unwrap_or_else(|| panic!("no such place: {place}"));
        parent[name] = new;
    }
}
