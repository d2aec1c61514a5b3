//! Each step in words and figures, in both languages: what a person reads beside
//! the amount, and an auditor checks with a pencil.

use super::amount::{Stage, StepInput};
use super::evaluate::Valued;
use super::figures::{Percent, Ratio, en, zh};
use super::rule::Band;
use crate::catalog::Label;

/// What a step computed with, what it came to, and how that is said.
pub(super) struct Told {
    pub(super) inputs: Vec<StepInput>,
    pub(super) result: i64,
    pub(super) words: Label,
}

pub(super) fn label(zh: &str, en: &str) -> Label {
    Label { zh: zh.to_owned(), en: en.to_owned() }
}

/// ` (rounded)` where 分 had to be.
fn rounding(exact: bool) -> (&'static str, &'static str) {
    if exact { ("", "") } else { ("（四舍五入到分）", " (rounded to 0.01)") }
}

fn named(value: &Valued) -> (String, String) {
    let shown = &value.shown;
    let both = |name: &str, words: &str| {
        if name.is_empty() { words.to_owned() } else { format!("{name} {words}") }
    };
    (both(&shown.label.zh, &shown.words.zh), both(&shown.label.en, &shown.words.en))
}

/// `中央 9亿元 + 省级 9亿元`, in brackets where there are several.
fn summed(values: &[Valued]) -> (String, String) {
    let (chinese, english): (Vec<String>, Vec<String>) = values.iter().map(named).unzip();
    match values.len() {
        1 => (chinese.concat(), english.concat()),
        _ => (format!("（{}）", chinese.join(" + ")), format!("({})", english.join(" + "))),
    }
}

fn shown(values: Vec<Valued>) -> Vec<StepInput> {
    values.into_iter().map(|value| value.shown).collect()
}

pub(super) fn fixed(amount: i64) -> Told {
    let words = Label { zh: format!("定额 {}", zh(amount)), en: format!("fixed sum {}", en(amount)) };
    Told { inputs: Vec::new(), result: amount, words }
}

pub(super) fn per_unit(count: Valued, price: i64, amount: i64, exact: bool) -> Told {
    let (name, round) = (named(&count), rounding(exact));
    let words = Label {
        zh: format!("{} × {} = {}{}", name.0, zh(price), zh(amount), round.0),
        en: format!("{} × {} = {}{}", name.1, en(price), en(amount), round.1),
    };
    Told { inputs: vec![count.shown], result: amount, words }
}

pub(super) fn percent(values: Vec<Valued>, percent: Percent, amount: i64, exact: bool) -> Told {
    let (base, round) = (summed(&values), rounding(exact));
    let words = Label {
        zh: format!("{} × {percent} = {}{}", base.0, zh(amount), round.0),
        en: format!("{} × {percent} = {}{}", base.1, en(amount), round.1),
    };
    Told { inputs: shown(values), result: amount, words }
}

pub(super) fn matching(values: Vec<Valued>, ratio: Ratio, amount: i64, exact: bool) -> Told {
    let (base, round) = (summed(&values), rounding(exact));
    let words = Label {
        zh: format!("{}，按 {ratio} 配套 = {}{}", base.0, zh(amount), round.0),
        en: format!("{}, matched {ratio} = {}{}", base.1, en(amount), round.1),
    };
    Told { inputs: shown(values), result: amount, words }
}

pub(super) fn cap(sum: i64, mut values: Vec<Valued>, limit: Valued) -> Told {
    let (base, at) = (summed(&values), limit.figure.raw());
    let (bound, amount) = (named(&limit), sum.min(at));
    let words = if sum > at {
        Label {
            zh: format!("{} 超过上限（{}），取 {}", base.0, bound.0, zh(amount)),
            en: format!("{} is above the limit ({}): {}", base.1, bound.1, en(amount)),
        }
    } else {
        Label {
            zh: format!("{}，不超过上限（{}）= {}", base.0, bound.0, zh(amount)),
            en: format!("{}, within the limit ({}) = {}", base.1, bound.1, en(amount)),
        }
    };
    values.push(limit);
    Told { inputs: shown(values), result: amount, words }
}

pub(super) fn band(score: Valued, band: &Band, amount: i64) -> Told {
    let (name, range) = (named(&score), band.words());
    let words = Label {
        zh: format!("{}，在 {range} 档 = {}", name.0, zh(amount)),
        en: format!("{}, in the band {range} = {}", name.1, en(amount)),
    };
    Told { inputs: vec![score.shown], result: amount, words }
}

pub(super) fn band_of(score: Valued, band: &Band, mut told: Told) -> Told {
    let (name, range) = (named(&score), band.words());
    told.words = Label {
        zh: format!("{}，在 {range} 档：{}", name.0, told.words.zh),
        en: format!("{}, in the band {range}: {}", name.1, told.words.en),
    };
    told.inputs.insert(0, score.shown);
    told
}

pub(super) fn staged(base: i64, values: Vec<Valued>, stages: &[Stage]) -> Told {
    let whole = summed(&values);
    let part = |stage: &Stage| {
        let percent = stage.percent.clone().unwrap_or_default();
        let (mut chinese, mut english) = ("", "");
        if stage.due == Some(true) {
            (chinese, english) = ("（应付）", " (due)");
        }
        (
            format!("{} {percent} {}{chinese}", stage.label.zh, zh(stage.amount)),
            format!("{} {percent} {}{english}", stage.label.en, en(stage.amount)),
        )
    };
    let (chinese, english): (Vec<String>, Vec<String>) = stages.iter().map(part).unzip();
    let words = Label {
        zh: format!("{}，分期：{}", whole.0, chinese.join("；")),
        en: format!("{}, in stages: {}", whole.1, english.join("; ")),
    };
    Told { inputs: shown(values), result: base, words }
}

/// `known` is what it really comes to, where that is known.
pub(super) fn prepay(
    expected: Vec<Valued>,
    percent: Percent,
    (advance, exact): (i64, bool),
    known: Option<(i64, Vec<Valued>)>,
    provisional: i64,
) -> Told {
    let (base, round) = (summed(&expected), rounding(exact));
    let mut words = Label {
        zh: format!("{}，预拨 {percent} = {}{}", base.0, zh(advance), round.0),
        en: format!("{}, {percent} in advance = {}{}", base.1, en(advance), round.1),
    };
    let mut inputs = shown(expected);
    let Some((entitled, values)) = known else {
        let rest = provisional.saturating_sub(advance);
        words.zh += &format!("；其余 {} 待清算", zh(rest));
        words.en += &format!("; the other {} is settled later", en(rest));
        return Told { inputs, result: provisional, words };
    };
    let (real, rest) = (summed(&values), entitled.saturating_sub(advance));
    let (chinese, english) = match rest {
        rest if rest < 0 => {
            (format!("应收回 {}", zh(rest.saturating_neg())), format!("{} to be paid back", en(rest.saturating_neg())))
        }
        rest => (format!("清算 {}", zh(rest)), format!("{} at settlement", en(rest))),
    };
    words.zh += &format!("；核定 {}，{chinese}", real.0);
    words.en += &format!("; found due {}, {english}", real.1);
    inputs.extend(shown(values));
    Told { inputs, result: entitled, words }
}
