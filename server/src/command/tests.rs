//! Calls, each beside what only looks like one.

use proptest::prelude::*;

use super::*;

fn asks(text: &str, command: Command) {
    assert_eq!(parse(text, "countersign"), Some(Ok(command)), "{text:?}");
}

fn refused(text: &str, why: Unknown) {
    assert_eq!(parse(text, "countersign"), Some(Err(why)), "{text:?}");
}

fn silent(text: &str) {
    assert_eq!(parse(text, "countersign"), None, "{text:?}");
}

fn about(digits: &str) -> Command {
    Command::Explain(Subject::Finding(digits.to_owned()))
}

#[test]
fn both_forms_call_in_any_case() {
    for text in
        ["@countersign review", "/countersign review", "  @CounterSign  REVIEW ", "@countersign: review."]
    {
        asks(text, Command::Review);
    }
    asks("@countersign[bot] review", Command::Review);
    asks("/countersign review full", Command::ReviewFull);
    asks("@countersign recheck", Command::Recheck);
    asks("@countersign status?", Command::Status);
    asks("@countersign, help!", Command::Help);
    asks("@countersign", Command::Help);
}

#[test]
fn chinese_keyboards_and_words_are_understood() {
    asks("＠countersign　review", Command::Review);
    asks("／countersign　ｒｅｖｉｅｗ　ｆｕｌｌ", Command::ReviewFull);
    asks("@countersign，审查。", Command::Review);
    asks("@countersign：状态", Command::Status);
    asks("@countersign 解释 CB-MONEY-001", Command::Explain(Subject::Policy("CB-MONEY-001".to_owned())));
    asks(
        "＠countersign　误报　０１２３abcd　这是测试数据，不是金额",
        Command::FalsePositive {
            fingerprint: "0123abcd".to_owned(),
            reason: "这是测试数据，不是金额".to_owned(),
        },
    );
}

#[test]
fn the_first_line_that_calls_counts() {
    asks("Thanks!\n\n@countersign status\n@countersign review", Command::Status);
    asks("hello\r\n@countersign status\r\n", Command::Status);
}

#[test]
fn only_a_line_that_begins_with_the_whole_handle_calls() {
    for text in [
        "please ask @countersign review",
        "@countersign2 review",
        "@countersign-bot review",
        "@countersign_ review",
        "@countersign.bank review",
        "@countersign/core review",
        "@countersigné review",
        "@counter review",
        "countersign review",
        "@ countersign review",
        "@@countersign review",
        "a@countersign review",
        "//countersign review",
        "",
        "@",
    ] {
        silent(text);
    }
    assert_eq!(parse("@ review", ""), None, "no handle, no call");
}

#[test]
fn quotes_code_and_hidden_text_call_nothing() {
    for text in [
        "> @countersign review",
        "  > @countersign review",
        "＞ @countersign review",
        "```\n@countersign review\n```",
        "~~~~ text\n@countersign review\n~~~\n@countersign review\n~~~~",
        "````\n```\n@countersign review\n````",
        "```\n@countersign review",
        "    @countersign review",
        "\t@countersign review",
        "<!--\n@countersign review\n-->",
        "`@countersign review`",
    ] {
        silent(text);
    }
    asks("```\ncode\n```\n@countersign review", Command::Review);
    asks("> quoted\n@countersign review", Command::Review);
    asks("<!-- x -->\n@countersign review", Command::Review);
    asks("<!--\nx\n-->\n@countersign review", Command::Review);
}

#[test]
fn ids_are_fingerprints_or_policies() {
    asks("@countersign explain 0123ABCD", about("0123abcd"));
    asks("@countersign explain `0123abcd`.", about("0123abcd"));
    asks(&format!("@countersign explain {}", "a".repeat(32)), about(&"a".repeat(32)));
    let policy = |id: &str| Command::Explain(Subject::Policy(id.to_owned()));
    asks("@countersign explain CB-MONEY-001", policy("CB-MONEY-001"));
    asks("@countersign explain money/binary-floating-point", policy("money/binary-floating-point"));
    refused("@countersign explain", Unknown::NoId);
    for id in ["01234", &"a".repeat(33), "xyz", "<script>", "é-é", "``"] {
        refused(&format!("@countersign explain {id}"), Unknown::BadId);
    }
}

#[test]
fn a_false_positive_needs_a_fingerprint_and_a_reason() {
    asks(
        "@countersign fp 0123abcd test   data only",
        Command::FalsePositive { fingerprint: "0123abcd".to_owned(), reason: "test data only".to_owned() },
    );
    refused("@countersign fp", Unknown::NoId);
    refused("@countersign fp 0123abcd", Unknown::NoReason);
    refused("@countersign fp 0123abcd …", Unknown::NoReason);
    refused("@countersign fp CB-MONEY-001 because", Unknown::BadId);
    let long = format!("@countersign fp 0123abcd {}", "额".repeat(9_000));
    let Some(Ok(Command::FalsePositive { reason, .. })) = parse(&long, "countersign") else { panic!() };
    assert_eq!(reason.chars().count(), LONGEST_REASON);
}

#[test]
fn a_comment_configures_nothing() {
    for text in [
        "@countersign review --fail-on=info",
        "@countersign review full --forge.url=https://evil.example",
        "@countersign --help",
        "@countersign fp 0123abcd because --policies.builtin=false",
        "@countersign review —fail-on=info",
        "@countersign review －－fail-on=info",
        "@countersign review fail_on=info",
    ] {
        refused(text, Unknown::Configuration);
    }
    asks(
        "@countersign fp 0123abcd test data -- not money",
        Command::FalsePositive {
            fingerprint: "0123abcd".to_owned(),
            reason: "test data -- not money".to_owned(),
        },
    );
}

#[test]
fn a_dash_in_a_sentence_is_no_option() {
    let reason = "——测试数据 – 不是金额";
    asks(
        &format!("@countersign fp 0123abcd {reason}"),
        Command::FalsePositive { fingerprint: "0123abcd".to_owned(), reason: reason.to_owned() },
    );
}

#[test]
fn what_is_not_understood_is_said() {
    refused("@countersign approve", Unknown::Command("approve".to_owned()));
    refused("@countersign review please", Unknown::Surplus("please".to_owned()));
    refused("@countersign explain 0123abcd now", Unknown::Surplus("now".to_owned()));
}

#[test]
fn telling_needs_less_than_asking() {
    let reason = || "x".to_owned();
    let fp = Command::FalsePositive { fingerprint: "0123abcd".to_owned(), reason: reason() };
    for command in [Command::Review, Command::ReviewFull, Command::Recheck, fp] {
        assert_eq!(required_permission(&command), Permission::Write, "{command:?}");
    }
    for command in [Command::Help, Command::Status, about("0123abcd")] {
        assert_eq!(required_permission(&command), Permission::Read, "{command:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_without_harm(
        text in "([@/＠]countersign|[ \u{3000}\n`~>-]{0,4}|review|fp|--x=y|[0-9a-f]{8}|\\PC|<!--|-->){0,12}",
        handle in "[a-z]{0,12}",
    ) {
        parse(&text, &handle);
        parse(&text, "countersign");
    }
}
