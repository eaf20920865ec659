//! An evaluation as people read it: a table of policies, what stayed open and why, and what has become worse.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use analyzers::evaluation::{Alarm, EvaluationReport, Figure, Figures, LEAST_PLACES, LEAST_PRECISION, Share};
use analyzers::review::asked::Unjudged;
use analyzers::text::Locale;
use comfy_table::{CellAlignment, Table, presets};

/// The table, and what there is to say of it.
pub(super) fn of(report: &EvaluationReport, language: Locale) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head(language));
    for (id, figures) in &report.policies {
        table.add_row(row(id, figures, figures.tally.milliseconds, language));
    }
    table.add_row(row(language.pick("all", "合计"), &report.overall, report.wall_milliseconds, language));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = format!("{}\n\n{}\n", table.trim_fmt(), about(report, language));
    let tally = &report.overall.tally;
    if !tally.unjudged.is_empty() || tally.over_budget > 0 {
        let mut open = reasons(&tally.unjudged, language);
        if tally.over_budget > 0 {
            let over = language.pick("not asked for want of budget", "超出预算未提问");
            open = [open, format!("{over} {}", tally.over_budget)]
                .join(", ")
                .trim_matches([',', ' '])
                .to_owned();
        }
        add(&mut text, &format!("{}{open}", language.pick("no answer that counts: ", "无有效回答：")));
    }
    let worthy: Vec<String> = report.worthy().into_iter().collect();
    let rule = match language {
        Locale::En => format!(
            "precise enough to block (lower bound at least {LEAST_PRECISION}, at least {LEAST_PLACES} places): "
        ),
        Locale::Zh => {
            format!("精确率足以阻断合并（下限不低于 {LEAST_PRECISION}，标注不少于 {LEAST_PLACES} 处）：")
        }
    };
    let none = language.pick("none", "无").to_owned();
    add(&mut text, &format!("{rule}{}", if worthy.is_empty() { none } else { worthy.join(", ") }));
    text
}

/// Where the report is.
pub(super) fn kept(file: &Path, language: Locale) -> String {
    format!("{}{}", language.pick("report: ", "报告："), file.display())
}

/// That there is nothing to compare with.
pub(super) fn nothing_before(language: Locale) -> &'static str {
    language.pick(
        "there is no earlier report of these pairs; the next one will be compared with this one",
        "尚无同一标注集的早期报告；下次评估将与本次比较",
    )
}

/// What has become worse since an earlier report.
pub(super) fn compared(
    before: &EvaluationReport,
    now: &EvaluationReport,
    alarms: &[Alarm],
    language: Locale,
) -> String {
    let mut text = String::new();
    let compared = language.pick("compared with the evaluation of ", "对比的评估：");
    add(&mut text, &format!("{compared}{}", before.made_at));
    if before.model != now.model {
        add(&mut text, language.pick("since then the model has changed", "此后模型已更换"));
    }
    if before.policies_digest != now.policies_digest {
        add(&mut text, language.pick("since then the policies have changed", "此后规范已更改"));
    }
    for alarm in alarms {
        add(&mut text, &alarm_line(alarm, language));
    }
    if alarms.is_empty() {
        add(&mut text, language.pick("nothing is worse than chance explains", "没有超出偶然范围的退步"));
    }
    text
}

/// Reasons with their counts.
pub(super) fn reasons(unjudged: &BTreeMap<Unjudged, usize>, language: Locale) -> String {
    let told: Vec<_> =
        unjudged.iter().map(|(reason, count)| format!("{} {count}", name(*reason, language))).collect();
    told.join(", ")
}

fn add(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("a string takes everything");
}

fn head(language: Locale) -> [&'static str; 10] {
    language.pick(
        [
            "POLICY",
            "PLACES",
            "PRECISION",
            "RECALL",
            "RIGHT PLACE",
            "OPEN",
            "THINKING",
            "PROMPT",
            "ANSWER",
            "SECONDS",
        ],
        ["规范", "标注", "精确率", "召回率", "定位正确", "未判定", "思考词元", "提示词元", "回答词元", "秒"],
    )
}

fn row(name: &str, figures: &Figures, milliseconds: u64, language: Locale) -> [String; 10] {
    let tally = &figures.tally;
    let open = tally.unjudged.values().sum::<usize>() + tally.over_budget;
    let reasons = reasons(&tally.unjudged, language);
    [
        name.to_owned(),
        figures.places.to_string(),
        share(&figures.precision),
        share(&figures.recall),
        share(&figures.right_place),
        if reasons.is_empty() { open.to_string() } else { format!("{open}: {reasons}") },
        tally.tokens.thinking.to_string(),
        tally.tokens.prompt.to_string(),
        tally.tokens.answer.to_string(),
        format!("{:.1}", milliseconds as f64 / 1000.0),
    ]
}

fn share(share: &Share) -> String {
    match share.value {
        Some(value) => {
            let Share { hits, of, low, high, .. } = share;
            format!("{hits}/{of} = {value:.2} ({low:.2}–{high:.2})")
        }
        None => "–".to_owned(),
    }
}

fn about(report: &EvaluationReport, language: Locale) -> String {
    let unknown = language.pick("unknown", "未知");
    let fingerprint = report.model.fingerprint.as_deref().unwrap_or(unknown);
    let (name, files, source) = (&report.model.name, report.set.files, &report.set.source);
    match language {
        Locale::En => format!(
            "model {name}, fingerprint {fingerprint}; {files} files of {source}; shares with 95 % intervals (Wilson)"
        ),
        Locale::Zh => {
            format!(
                "模型 {name}，指纹 {fingerprint}；{files} 个文件，来自 {source}；比率附 95% 区间（Wilson）"
            )
        }
    }
}

fn alarm_line(alarm: &Alarm, language: Locale) -> String {
    let whose = alarm.policy.as_deref().unwrap_or(language.pick("all policies", "全部规范"));
    let told = match &alarm.figure {
        Figure::Precision(before, now) => fell(language.pick("precision", "精确率"), before, now, language),
        Figure::Recall(before, now) => fell(language.pick("recall", "召回率"), before, now, language),
        Figure::FormatFailures(before, now) => match language {
            Locale::En => format!("answers without the asked form: {before} before, {now} now"),
            Locale::Zh => format!("不合格式的回答：此前 {before}，现在 {now}"),
        },
    };
    format!("{}{whose}: {told}", language.pick("ALARM ", "警报 "))
}

fn fell(what: &str, before: &Share, now: &Share, language: Locale) -> String {
    let (before, now) = (share(before), share(now));
    match language {
        Locale::En => format!("{what} fell from {before} to {now}"),
        Locale::Zh => format!("{what}由 {before} 降至 {now}"),
    }
}

fn name(reason: Unjudged, language: Locale) -> &'static str {
    match reason {
        Unjudged::Unclear => language.pick("unclear", "模型称无法判定"),
        Unjudged::Truncated => language.pick("cut off", "回答被截断"),
        Unjudged::Malformed => language.pick("malformed", "格式错误"),
        Unjudged::Unfounded => language.pick("unfounded", "证据不成立"),
        Unjudged::Unavailable => language.pick("unavailable", "模型不可用"),
        Unjudged::DeadlineExceeded => language.pick("too late", "超时"),
        Unjudged::Cancelled => language.pick("cancelled", "已取消"),
        Unjudged::Refused => language.pick("refused", "模型拒收"),
        Unjudged::Unreadable => language.pick("unreadable", "文件不可读"),
    }
}
