//! Self-evaluation: what targets were reached, and the score that comes of it.
//!
//! A target with a figure scores its completion, never more than its weight; one
//! in words scores in full when its words were reached, and otherwise waits for a
//! person, whose score must lie in the band that the rule allows. Hundredths and
//! whole numbers throughout, so that a total is the sum of what stands above it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::{Band, Grading, ScoreBand, Weighting};
use crate::indicator::{percent, reaches, ten_thousandths};
use crate::{Record, RecordId, money};

/// What a self-evaluation comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SelfEvaluation {
    /// The targets, by level as the rule orders them.
    pub rows: Vec<TargetScore>,
    /// The line of the money.
    pub execution: ExecutionScore,
    /// The sum of the scores, with two places.
    pub total: String,
    /// What they could come to.
    pub full: String,
    /// The grade; nothing while something has no score.
    pub grade: Option<Band>,
    /// Targets without a score.
    #[ts(type = "number")]
    pub unscored: usize,
    /// What stands against handing it in.
    pub problems: Vec<EvaluationProblem>,
    /// Where the rule comes from.
    pub source: String,
    /// The rule was inferred.
    pub inferred: bool,
}

/// One target with its score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TargetScore {
    /// The target.
    pub target: RecordId,
    /// 一级指标, by its name in data.
    pub level: String,
    /// 二级指标, by its name in data.
    pub aspect: String,
    /// 三级指标.
    pub name: String,
    /// ★.
    pub core: bool,
    /// 指标值 with its direction and unit.
    pub goal: String,
    /// 实际完成值.
    pub actual: String,
    /// 完成率, in percent with two places; nothing for words.
    pub completion: Option<String>,
    /// The band of the completion.
    pub band: Option<ScoreBand>,
    /// 分值, with two places.
    pub weight: String,
    /// 得分, with two places; nothing while it cannot be said.
    pub score: Option<String>,
    /// It is a person's score, and not computed.
    pub given: bool,
    /// 偏差原因及改进措施.
    pub deviation: String,
}

/// The line of the money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExecutionScore {
    /// 年初预算数, in 分.
    #[ts(type = "number | null")]
    pub initial: Option<i64>,
    /// 全年预算数, in 分.
    #[ts(type = "number")]
    pub budget: i64,
    /// 其中上年结转, in 分.
    #[ts(type = "number | null")]
    pub carried_over: Option<i64>,
    /// 全年执行数, in 分.
    #[ts(type = "number")]
    pub spent: i64,
    /// 执行率, in percent with two places; nothing without a budget.
    pub rate: Option<String>,
    /// 分值.
    pub weight: String,
    /// 得分.
    pub score: Option<String>,
}

/// Something that stands against handing an evaluation in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "problem", content = "fields", rename_all = "camelCase")]
pub enum EvaluationProblem {
    /// A level that the rule weighs has no target.
    LevelEmpty {
        /// The level.
        level: String,
    },
    /// The weights that were given do not come to what the level weighs.
    WeightsOff {
        /// The level.
        level: String,
        /// What they come to.
        given: String,
        /// What the level weighs.
        weight: String,
    },
    /// It has no score: what was reached is missing, or a person must score it.
    Unscored {
        /// The target.
        target: RecordId,
    },
    /// A person's score lies outside the band of its completion; it was computed instead.
    OutsideBand {
        /// The target.
        target: RecordId,
        /// What the person gave.
        given: String,
    },
    /// It was not reached, and nobody says why.
    DeviationMissing {
        /// The target.
        target: RecordId,
    },
    /// There is no budget, and so no execution rate.
    NoBudget,
    /// More was spent than budgeted.
    ExecutionOver,
}

/// The money of the year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct YearBudget {
    /// 年初预算数, in 分.
    pub initial: Option<i64>,
    /// 全年预算数, in 分.
    pub budget: i64,
    /// 其中上年结转, in 分.
    pub carried_over: Option<i64>,
    /// 全年执行数, in 分.
    pub spent: i64,
}

/// A completion in ten-thousandths, as far as there is one.
enum Reached {
    /// So much of a figure.
    Part(i64),
    /// Words that were reached.
    Words,
    /// Words that a person has to judge.
    Judge,
    /// It is not said.
    Nothing,
}

const WHOLE: i64 = 10_000;

/// What `targets` and the money come to by these rules.
#[must_use]
pub fn evaluate(
    weighting: &Weighting,
    grading: Option<&Grading>,
    targets: &[Record],
    year: YearBudget,
) -> SelfEvaluation {
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    let (mut total, mut full, mut unscored) = (0_i64, 0_i64, 0);
    for part in weighting.parts.iter().filter(|part| part.name != Weighting::EXECUTION) {
        let of_level: Vec<&Record> =
            targets.iter().filter(|one| one.text("level") == Some(part.name.as_str())).collect();
        let weight = ten_thousandths(&part.weight).unwrap_or(0);
        full += weight;
        if of_level.is_empty() {
            problems.push(EvaluationProblem::LevelEmpty { level: part.name.clone() });
            continue;
        }
        let weights = weights(&of_level, weight, &part.name, &mut problems);
        for (target, weight) in of_level.into_iter().zip(weights) {
            let (row, score) = scored(weighting, target, weight, &mut problems);
            match score {
                Some(score) => total += score,
                None => unscored += 1,
            }
            rows.push(row);
        }
    }
    let weight = weighting.parts.iter().find(|part| part.name == Weighting::EXECUTION);
    let weight = weight.and_then(|part| ten_thousandths(&part.weight)).unwrap_or(0);
    full += weight;
    let execution = execution(year, weight, &mut problems);
    match execution.score.as_deref().and_then(ten_thousandths) {
        Some(score) => total += score,
        None => unscored += 1,
    }
    let band = |band: &&Band| reaches(total, full, &band.at_least) == Some(true);
    let grade = grading.filter(|_| unscored == 0).and_then(|grading| grading.bands.iter().find(band)).cloned();
    SelfEvaluation {
        rows,
        execution,
        total: places(total),
        full: places(full),
        grade,
        unscored,
        problems,
        source: weighting.source.clone(),
        inferred: weighting.inferred,
    }
}

/// The weight of each target: its own where it has one, and of what is left the same for each other.
fn weights(targets: &[&Record], weight: i64, level: &str, problems: &mut Vec<EvaluationProblem>) -> Vec<i64> {
    let given: Vec<Option<i64>> = targets.iter().map(|one| one.text("weight").and_then(ten_thousandths)).collect();
    let sum: i64 = given.iter().flatten().sum();
    let open = i64::try_from(given.iter().filter(|one| one.is_none()).count()).unwrap_or(i64::MAX);
    if sum > weight || (open == 0 && sum != weight) {
        let (given, weight) = (places(sum), places(weight));
        problems.push(EvaluationProblem::WeightsOff { level: level.to_owned(), given, weight });
    }
    let shares = usize::try_from(open).map(|open| vec![1; open]).unwrap_or_default();
    let mut rest = money::apportion((weight - sum).max(0), &shares).unwrap_or_default().into_iter();
    given.into_iter().map(|given| given.or_else(|| rest.next()).unwrap_or(0)).collect()
}

fn scored(
    weighting: &Weighting,
    target: &Record,
    weight: i64,
    problems: &mut Vec<EvaluationProblem>,
) -> (TargetScore, Option<i64>) {
    let text = |field: &str| target.text(field).unwrap_or_default().trim().to_owned();
    let reached = reached(target);
    let part = match reached {
        Reached::Part(part) => Some(part),
        Reached::Words => Some(WHOLE),
        Reached::Judge | Reached::Nothing => None,
    };
    let band_of = |part: i64| weighting.bands.iter().find(|band| reaches(part, WHOLE, &band.at_least) == Some(true));
    let computed = part.map(|part| of_weight(weight, part.min(WHOLE)));
    let said = target.text("score").and_then(ten_thousandths);
    // A person scores within the band of the completion; words within the whole weight.
    let fits = |said: i64| match part {
        Some(part) => {
            let said_part = if weight == 0 { 0 } else { said.saturating_mul(WHOLE) / weight };
            said <= weight
                && band_of(said_part).map(|band| &band.name) == band_of(part.min(WHOLE)).map(|band| &band.name)
        }
        None => said <= weight && matches!(reached, Reached::Judge),
    };
    let given = said.filter(|said| fits(*said) && Some(*said) != computed);
    if let Some(said) = said.filter(|said| !fits(*said)) {
        problems.push(EvaluationProblem::OutsideBand { target: target.id, given: places(said) });
    }
    let score = given.or(computed);
    if score.is_none() {
        problems.push(EvaluationProblem::Unscored { target: target.id });
    }
    if score.is_some_and(|score| score < weight) && text("deviation").is_empty() {
        problems.push(EvaluationProblem::DeviationMissing { target: target.id });
    }
    let bound = match target.text("bound") {
        Some("at_least") => "≥",
        Some("at_most") => "≤",
        _ => "",
    };
    // The band says how far it was reached; of a person's judgement, how far the person says.
    let shown = part.or_else(|| given.filter(|_| weight > 0).map(|said| said.saturating_mul(WHOLE) / weight));
    let row = TargetScore {
        target: target.id,
        level: text("level"),
        aspect: text("aspect"),
        name: text("name"),
        core: target.fields.get("core").and_then(crate::Value::as_bool).unwrap_or(false),
        goal: format!("{bound}{}{}", text("value"), text("unit")),
        actual: text("actual"),
        completion: match reached {
            Reached::Part(part) => percent(part, WHOLE),
            _ => None,
        },
        band: shown.and_then(|part| band_of(part.min(WHOLE))).cloned(),
        weight: places(weight),
        score: score.map(places),
        given: given.is_some(),
        deviation: text("deviation"),
    };
    (row, score)
}

/// How far a target was reached.
fn reached(target: &Record) -> Reached {
    let filled = |field: &str| target.text(field).map(str::trim).filter(|text| !text.is_empty());
    let (Some(value), Some(actual)) = (filled("value"), filled("actual")) else { return Reached::Nothing };
    let (Some((bound, goal)), Some((_, got))) = (figure(value), figure(actual)) else {
        return if value == actual { Reached::Words } else { Reached::Judge };
    };
    let at_most = target.text("bound") == Some("at_most") || bound == Some('≤');
    let exact = target.text("bound") == Some("equal");
    if exact && goal != got {
        return Reached::Part(ratio(goal.min(got), goal.max(got)));
    }
    Reached::Part(match at_most {
        true if got <= goal => WHOLE,
        true => ratio(goal, got),
        false if goal == 0 => WHOLE,
        false => ratio(got, goal),
    })
}

/// A figure with the direction that stands before it, in millionths; its unit is left aside.
fn figure(text: &str) -> Option<(Option<char>, i64)> {
    let bound = text.chars().next().filter(|first| matches!(first, '≥' | '≤' | '>' | '<' | '='));
    let bound_is = match bound {
        Some('<' | '≤') => Some('≤'),
        other => other,
    };
    let rest = text.trim_start_matches(['≥', '≤', '>', '<', '=']).trim();
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ','))).unwrap_or(rest.len());
    let unit = rest[end..].trim();
    // 5月底 is no five: what follows a figure is a unit, and has no figure of its own.
    if rest[..end].is_empty() || unit.chars().any(|c| c.is_ascii_digit()) || unit.starts_with(['年', '月']) {
        return None;
    }
    money::parse_scaled(&rest[..end], 1_000_000).map(|figure| (bound_is, figure))
}

fn ratio(part: i64, whole: i64) -> i64 {
    if whole <= 0 {
        return 0;
    }
    i64::try_from(i128::from(part) * i128::from(WHOLE) / i128::from(whole)).unwrap_or(i64::MAX)
}

/// `part` ten-thousandths of a weight in hundredths, a half going up.
fn of_weight(weight: i64, part: i64) -> i64 {
    money::part(weight, part, WHOLE).map_or(0, |(score, _)| score)
}

fn execution(year: YearBudget, weight: i64, problems: &mut Vec<EvaluationProblem>) -> ExecutionScore {
    let YearBudget { initial, budget, carried_over, spent } = year;
    if budget <= 0 {
        problems.push(EvaluationProblem::NoBudget);
    } else if spent > budget {
        problems.push(EvaluationProblem::ExecutionOver);
    }
    let score = money::part(weight, spent.clamp(0, budget.max(0)), budget).map(|(score, _)| score);
    let (rate, weight, score) = (percent(spent.max(0), budget), places(weight), score.map(places));
    ExecutionScore { initial, budget, carried_over, spent, rate, weight, score }
}

/// Hundredths as a number with two places.
fn places(hundredths: i64) -> String {
    money::yuan(hundredths)
}
