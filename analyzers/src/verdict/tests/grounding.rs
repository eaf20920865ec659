//! Grounding by mutation: every false quote is thrown away, every true one placed.

use serde_json::{Value, json};

use super::{Scripted, World, breach, told};
use crate::review::asked::Rejection;

const BEFORE: &str = "class Desk {
    private double rate;

    void book(Client client, Ledger ledger) {
        ledger.lock(7);
        client.retry(0);
        ledger.close();
    }

    void far(Client client, Ledger ledger) {
        ledger.audit(\"far\");
    }

    void quiet(Ledger ledger) {
        ledger.whisper(1);
    }
}
";

const AFTER: &str = "class Desk {
    private double rate;

    void book(Client client, Ledger ledger) {
        ledger.lock(7);
        int pending = ledger.open(client.name(), 12);
        if (pending > 0  &&  client.isKnown()) {
            client.retry(pending);
        }
        String text = \"an odd  text\";
        ledger.post(text, pending);
        ledger.flush();
        ledger.close();
        try { ledger.sync(); } catch (IOException late) { }
        try { ledger.mark(); } catch (IOException soon) { ledger.fail(); }
    }

    void far(Client client, Ledger ledger) {
        ledger.audit(\"far\");
        ledger.flush();
        ledger.distant(client);
    }

    void quiet(Ledger ledger) {
        ledger.whisper(1);
    }
}
";

fn world() -> World {
    World::between(&[("Desk.java", BEFORE)], &[("Desk.java", AFTER)])
}

/// Lines that a quote of trust/retry alone is placed at, and what was thrown away.
fn placed(quote: &str, claim: &Value) -> (Vec<u32>, Vec<Rejection>) {
    placed_in(&world(), quote, claim)
}

fn placed_in(world: &World, quote: &str, claim: &Value) -> (Vec<u32>, Vec<Rejection>) {
    let model = Scripted::entering(|policy| {
        let mut entry = breach(policy, if policy == "trust/retry" { quote } else { "client.retry(pending)" });
        if policy == "trust/retry" {
            entry["claim"] = claim.clone();
        }
        entry
    });
    let review = world.reviewed(Some(&model));
    let lines =
        told(&review).into_iter().filter(|(policy, _)| *policy == "trust/retry").map(|(_, line)| line);
    (lines.collect(), review.coverage.asked.unwrap().rejected.into_keys().collect())
}

fn unclaimed() -> Value {
    json!({"kind": "other", "subject": "", "value": ""})
}

/// Changed lines of the function that is asked about, with their numbers, but for the one that stands twice.
fn true_quotes() -> Vec<(u32, String)> {
    let lines = (1..).zip(AFTER.lines());
    lines
        .filter(|(number, _)| (6..=11).contains(number) || (14..=15).contains(number))
        .map(|(number, line)| (number, line.to_owned()))
        .filter(|(_, line)| line.contains(char::is_alphanumeric))
        .collect()
}

#[test]
fn every_true_quote_is_placed_however_its_blanks_are_written() {
    for (line, quote) in true_quotes() {
        let folded = quote.split_whitespace().collect::<Vec<_>>().join(" ");
        for quote in
            [quote.clone(), quote.trim().to_owned(), format!("+ {quote}"), folded, format!("\n{quote}\n")]
        {
            assert_eq!(placed(&quote, &unclaimed()), (vec![line], vec![]), "{quote}");
        }
    }
    let several = "        ledger.post(text, pending);\n        ledger.flush();";
    assert_eq!(placed(several, &unclaimed()), (vec![11], vec![]));
    assert_eq!(placed(&several.replace('\n', " "), &unclaimed()), (vec![11], vec![]));
    assert_eq!(
        placed("+         ledger.post(text, pending);\n+         ledger.flush();", &unclaimed()).0,
        [11]
    );
}

#[test]
fn every_altered_quote_is_thrown_away() {
    for (_, quote) in true_quotes() {
        let quote = quote.trim();
        let mut altered = Vec::new();
        for (at, character) in quote.char_indices().filter(|(_, character)| character.is_alphanumeric()) {
            let other = if character == 'q' { 'z' } else { 'q' };
            altered.push(format!("{}{other}{}", &quote[..at], &quote[at + 1..]));
            altered.push(format!("{}{character}{character}{}", &quote[..at], &quote[at + 1..]));
            let cut = format!("{}{}", &quote[..at], &quote[at + 1..]);
            // Of a name of one letter nothing is left to be wrong.
            altered.extend((!AFTER.contains(&cut)).then_some(cut));
        }
        let words: Vec<&str> = quote.split(' ').collect();
        if words.len() > 2 {
            altered.push(words.iter().rev().copied().collect::<Vec<_>>().join(" "));
        }
        altered.push(quote.to_uppercase());
        altered.push(format!("{quote} // never"));
        for quote in altered {
            assert_eq!(placed(&quote, &unclaimed()), (vec![], vec![Rejection::QuoteNotFound]), "{quote}");
        }
    }
}

#[test]
fn a_quote_from_elsewhere_or_of_nothing_is_thrown_away() {
    for quote in [
        "ledger.lock(7);",
        "ledger.close();",
        "client.retry(0);",
        "void book(Client client, Ledger ledger)",
        "ledger.whisper(1);",
        "ledger.audit(\"far\");",
        "private double rate;",
        "edger.post(text, pendin",
        "the ledger is posted without a key",
        "+ 6 |         int pending = ledger.open(client.name(), 12);",
    ] {
        assert_eq!(placed(quote, &unclaimed()), (vec![], vec![Rejection::QuoteNotFound]), "{quote}");
    }
    for quote in ["", " ", ";", "}", "){", "0)", "…………"] {
        assert_eq!(placed(quote, &unclaimed()), (vec![], vec![Rejection::QuoteTooShort]), "{quote}");
    }
}

#[test]
fn of_equal_places_the_one_in_the_region_counts_and_of_two_in_it_none() {
    assert_eq!(placed("ledger.flush();", &unclaimed()), (vec![12], vec![]));
    assert_eq!(placed("ledger.distant(client);", &unclaimed()), (vec![21], vec![]));
    assert_eq!(placed("IOException", &unclaimed()), (vec![], vec![Rejection::QuoteAmbiguous]));
    assert_eq!(placed("pending", &unclaimed()), (vec![], vec![Rejection::QuoteAmbiguous]));
}

#[test]
fn what_the_syntax_tree_contradicts_is_thrown_away() {
    let quote = "ledger.post(text, pending);";
    let quiet = "try { ledger.sync(); } catch (IOException late) { }";
    let busy = "try { ledger.mark(); } catch (IOException soon) { ledger.fail(); }";
    for (quote, kind, subject, value, holds) in [
        (quote, "call_absent", "begin", "", true),
        (quote, "call_absent", "lock", "", false),
        (quote, "call_absent", "ledger.lock()", "", false),
        (quote, "annotation_absent", "Transactional", "", true),
        (quote, "declared_type", "pending", "int", true),
        (quote, "declared_type", "pending", "BigDecimal", false),
        (quote, "declared_type", "text", "java.lang.String", true),
        (quote, "declared_type", "unknown", "int", true),
        (quiet, "handler_empty", "", "", true),
        (busy, "handler_empty", "", "", false),
        (quote, "handler_empty", "", "", false),
        (quote, "other", "lock", "anything", true),
    ] {
        let claim = json!({"kind": kind, "subject": subject, "value": value});
        let (lines, rejected) = placed(quote, &claim);
        assert_eq!(lines.len(), usize::from(holds), "{kind} {subject} {value}");
        assert_eq!(rejected.contains(&Rejection::ClaimContradicted), !holds);
    }
}

#[test]
fn one_transaction_is_known_by_its_annotation() {
    let annotated =
        |text: &str| text.replace("    void book", "    @Transactional(timeout = 5)\n    void book");
    let one = World::between(&[("Desk.java", &annotated(BEFORE))], &[("Desk.java", &annotated(AFTER))]);
    for (world, subject, holds) in [
        (&one, "flush", false),
        (&one, "ledger.flush()", false),
        (&one, "whisper", true),
        (&world(), "flush", true),
    ] {
        let claim = json!({"kind": "transactions_differ", "subject": subject, "value": ""});
        let (lines, rejected) = placed_in(world, "ledger.post(text, pending);", &claim);
        assert_eq!((lines.len(), rejected.len()), (usize::from(holds), usize::from(!holds)), "{subject}");
    }
}
