//! Values that must not be shown, each beside what only looks like one.

use super::*;

/// Redacts `text` and compares.
fn check(text: &str, expected: &str) {
    let redacted = Redactor::new().redact(text).into_owned();
    assert_eq!(redacted, expected, "in {text:?}");
    assert_eq!(Redactor::new().redact(&redacted), redacted, "redacting twice changes nothing");
}

/// Nothing in `text` is a hit, and the text is not copied.
fn stays(text: &str) {
    assert!(matches!(Redactor::new().redact(text), Cow::Borrowed(_)), "{text:?} has {:?}", finds(text));
}

#[test]
fn card_numbers_are_hidden_however_they_are_grouped() {
    check("pan=4111111111111111;", "pan=[card 1];");
    check("\"4111 1111 1111 1111\"", "\"[card 1]\"");
    check("5555-5555-5555-4444", "[card 1]");
    check("amex 3782 822463 10005.", "amex [card 1].");
    check("银联6222020000000000000卡", "银联[card 1]卡");
    check("on 2024-01-01 4111 1111 1111 1111 paid 12", "on 2024-01-01 [card 1] paid 12");
}

#[test]
fn numbers_that_only_resemble_cards_stay() {
    stays("4111111111111112"); // Luhn digit is wrong
    stays("order 1234567890123452"); // Luhn agrees, no issuer
    stays("9999999999999995");
    stays("0000000000000000");
    stays("2024-01-01 00:00:00 2024-12-31");
    stays("1700000000000 1700000000000000");
    stays("0x4111111111111111");
    stays("3.4111111111111111 and 4111111111111111.5");
    stays("+4111111111111111");
    stays("41 111 111 1111 1111 1");
    stays("4111-1111 1111-1111");
    stays("5f4111111111111111abcd");
    stays("123e4567-e89b-12d3-a456-426614174000");
    stays("00000000-4111-1111-1111-111111111111");
    stays("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

#[test]
fn resident_ids_are_hidden_and_near_ones_stay() {
    check("身份证11010519491231002X。", "身份证[id 1]。");
    check("440524188001010014 or 440524198001010013", "440524188001010014 or [id 1]");
    stays("110105194912310021"); // check digit is wrong
    stays("11010519491331002X"); // month 13
    stays("99010519491231002X"); // no such province
    stays("A11010519491231002X");
}

#[test]
fn account_numbers_are_hidden_and_near_ones_stay() {
    check("to DE89370400440532013000,", "to [iban 1],");
    check("GB82 WEST 1234 5698 7654 32 today", "[iban 1] today");
    stays("DE89370400440532013001");
    stays("ZZ89370400440532013000");
    stays("DE8937040044053201300");
    stays("DE89 37040 0440532 013000");
    stays("IDE89370400440532013000");
}

#[test]
fn private_keys_are_hidden_whole_or_in_part() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3S\n";
    let whole = format!("key = \"-----BEGIN PRIVATE KEY-----\n{body}-----END PRIVATE KEY-----\";");
    check(&whole, "key = \"[key 1]\";");
    check(&format!("-----BEGIN RSA PRIVATE KEY-----\n{body}"), "[key 1]");
    check(&format!("{body}-----END EC PRIVATE KEY-----\nrest"), "[key 1]\nrest");
    stays("\"-----BEGIN PRIVATE KEY-----\" + aPrivateKeyParserFactoryName + x");
    let literal = "\"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\\n\" +";
    assert_eq!(finds(literal).len(), 1);
    stays("if (pem.startsWith(\"-----BEGIN PRIVATE KEY-----\")) { return parsePrivateKeyFromPemText(pem); }");
    stays("-----BEGIN CERTIFICATE-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END CERTIFICATE-----");
}

#[test]
fn tokens_are_hidden_and_parts_of_words_stay() {
    let token = |text: &str| check(&format!("t = '{text}'"), "t = '[token 1]'");
    token("AKIAIOSFODNN7EXAMPLE");
    token(&format!("ghp_{}", "a1B2".repeat(9)));
    token(&format!("glpat-{}", "x-Y_".repeat(5)));
    token("xoxb-1234567890-abcdef");
    token("LTAI5tFakeFakeFakeFake");
    token("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N");
    stays("XAKIAIOSFODNN7EXAMPLE");
    stays("AKIA_IS_A_PREFIX");
    stays("sk-is-where-many-a-long-and-winding-class-name-begins");
    stays("ghp_short glpat-short eyJhbGciOiJIUzI1NiJ9");
    stays("eyJhbGciOiJIUzI1NiJ9.notclaims.dozjgNryP4J3jVmNHl0w5N");
}

#[test]
fn passwords_in_urls_are_hidden_and_placeholders_stay() {
    check("jdbc:oracle://app:s3cr3t@db:1521/x", "jdbc:oracle://app:[password 1]@db:1521/x");
    check("redis://:hunter2@cache", "redis://:[password 1]@cache");
    stays("https://app:${DB_PASSWORD}@db/x https://u:****@h");
    stays("https://host:8080/path@2 // see user: me@bank.example");
}

#[test]
fn the_same_value_has_the_same_stand_in() {
    let mut redactor = Redactor::new();
    assert_eq!(redactor.redact("4111111111111111 5555555555554444"), "[card 1] [card 2]");
    assert_eq!(redactor.redact("4111-1111-1111-1111"), "[card 1]");
    assert_eq!(redactor.redact("DE89370400440532013000"), "[iban 1]");
    assert_eq!(redactor.stand_ins(), ["[card 1]", "[card 2]", "[iban 1]"]);
}

#[test]
fn hits_are_ranges_of_the_text() {
    let text = "卡号：4111111111111111，身份证：11010519491231002X";
    let found: Vec<_> = finds(text).into_iter().map(|hit| (hit.kind, &text[hit.range])).collect();
    assert_eq!(found, [(Kind::Card, "4111111111111111"), (Kind::ResidentId, "11010519491231002X")]);
}

/// Each of these made a naive search go over the rest of the text again and again.
#[test]
fn hostile_repetition_takes_linear_time() {
    const PARTS: [&str; 9] = [
        "-----BEGIN PRIVATE KEY-----\n",
        "-----END PRIVATE KEY-----",
        "eyJAAAAAAAA",
        "://u:",
        "4111 1111 1111 1111 ",
        "1",
        "DE89 ",
        "eyJAAAAAAAA-AKIAIOSFODNN7EXAMPLE-",
        ".eyJAAAAAAAA",
    ];
    for part in PARTS {
        let text = part.repeat(200_000 / part.len());
        assert!(finds(&text).is_sorted_by_key(|hit| hit.range.start));
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_redacted_without_panic(text in "([0-9]{12,20}|[ -é卡]|eyJ|://|-----(BEGIN|END) PRIVATE KEY-----|[A-Z]{2}[0-9]{2}){0,24}") {
        let mut end = 0;
        for hit in finds(&text) {
            proptest::prop_assert!(hit.range.start >= end && text.get(hit.range.clone()).is_some());
            end = hit.range.end;
        }
    }
}

#[test]
fn a_key_over_several_lines_is_hidden_in_each() {
    let lines = [
        "String card = \"4111111111111111\";",
        "-----BEGIN RSA PRIVATE KEY-----",
        "MIIEpAIBAAKCAQEA7bq2mJ0c5cJx1l8pWqYkT3vN4hZs9gRuXwEoLdBfKyAiPtQ6",
        "-----END RSA PRIVATE KEY-----",
        "int plain;",
    ];
    let shown = Redactor::new().redact_lines(&lines);
    assert_eq!(shown, ["String card = \"[card 1]\";", "[key 1]", "[key 1]", "[key 1]", "int plain;"]);
}

#[test]
fn a_text_with_a_stand_in_is_told_from_one_that_resembles_it() {
    for text in ["pan = [card 1];", "x [iban 12]", "[[key 3]"] {
        assert!(holds_stand_in(text), "{text}");
    }
    for text in ["pan = [card];", "a[card1]", "[card x]", "card 1", "[", "[cardinal 1]"] {
        assert!(!holds_stand_in(text), "{text}");
    }
}

#[test]
fn a_password_given_to_a_name_that_says_so_is_found() {
    for (code, hidden) in [
        (r#"String password = "kV9rT2mQx7Lw4ZpB";"#, "String password = \"[password 1]\";"),
        (r"db_passwd: 'kV9rT2mQ'", "db_passwd: '[password 1]'"),
        (r#"{"apiKey": "kV9rT2mQ"}"#, r#"{"apiKey": "[password 1]"}"#),
        (r#"secret := "kV9rT2mQ""#, r#"secret := "[password 1]""#),
    ] {
        assert_eq!(Redactor::new().redact(code), hidden);
    }
    for code in [
        r#"String password = System.getenv("DB_PASSWORD");"#,
        r#"password = "${VAULT_PASSWORD}""#,
        r#"password = "none""#,
        r#"label = "kV9rT2mQx7Lw4ZpB""#,
        r#"password = "Please type it again""#,
    ] {
        assert_eq!(Redactor::new().redact(code), code);
    }
}

#[test]
fn a_password_without_quotes_is_found_where_it_is_all_of_a_line() {
    for (file, hidden) in [
        ("spring.datasource.password=kV9rT2mQ\nport=1", "spring.datasource.password=[password 1]\nport=1"),
        ("db:\n  password: P0sting#2025\n", "db:\n  password: [password 1]\n"),
        ("export DB_PASSWORD=kV9rT2mQ ", "export DB_PASSWORD=[password 1] "),
        ("- api-key: kV9rT2mQx7Lw4ZpB\r\n", "- api-key: [password 1]\r\n"),
    ] {
        assert_eq!(Redactor::new().redact(file), hidden);
    }
    for code in [
        "password = readPassword2();",
        "    password: String,",
        "password = sha256",
        "password.reset.page=/reset/password2.html",
        "spring.datasource.password=${DB_PASSWORD1}",
        "password = P0sting#2025 or so",
        "if (x) password = kV9rT2mQ",
    ] {
        assert_eq!(Redactor::new().redact(code), code);
    }
}
