//! What things cost against what they usually cost: a soft range, in which a
//! price that looks odd is asked about and nothing more.

use super::{Review, yuan};
use crate::Record;
use crate::catalog::{Norm, NormMeasure};
use crate::finding::{Finding, FindingRule};
use crate::money::parse_scaled;
use crate::submission::id_in;

/// Words by which a line of the estimate is known to be the treatment itself.
const TREATMENT: &[&str] = &["处理设施", "处理站", "处理设备", "湿地", "处理池"];
/// And to be pipe.
const PIPE: &[&str] = &["管网", "管道", "主管", "支管", "DN"];
/// And to be a household's connection.
const HOUSEHOLD: &[&str] = &["户", "接入", "收集"];

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let works = review.submission.works.iter().filter_map(|works| capacity(review, works));
    works.chain(review.submission.lines.iter().filter_map(|line| line_price(review, line))).collect()
}

/// Whether `value`, in hundredths, lies beyond the norm by more than its slack.
pub(super) fn is_odd(norm: &Norm, value: i64) -> bool {
    let bound = |text: &str| parse_scaled(text, 100).map(i128::from);
    let slack = i128::from(norm.slack);
    let value = i128::from(value) * 100;
    let below = bound(&norm.least).is_some_and(|least| value < least * (100 - slack.min(100)));
    below || bound(&norm.most).is_some_and(|most| value > most * (100 + slack))
}

/// What a works costs for each t/d of its capacity: the lines that build the
/// treatment, or its whole price where it has no pipes beside it.
fn capacity(review: &Review<'_>, works: &Record) -> Option<Finding> {
    let (today, process) = (review.day(), works.text("process")?);
    let norm = review
        .catalog
        .norms(NormMeasure::CapacityCost, &today)
        .find(|norm| norm.process.is_empty() || norm.process.iter().any(|one| one == process))?;
    let capacity = parse_scaled(works.text("capacity")?, 1_000).filter(|capacity| *capacity > 0)?;
    let treats = |line: &&Record| {
        id_in(line, "works") == Some(works.id) && (line.text("unit") == Some("t_d") || says(line, TREATMENT))
    };
    let lines: Vec<&Record> = review.submission.lines.iter().filter(treats).collect();
    let cost = match lines.is_empty() {
        false => crate::money::sum(lines.iter().filter_map(|line| line.integer("amount")))?,
        true if works.text("pipe_length").is_some() => return None,
        true => works.integer("contract_amount").or_else(|| works.integer("approved_amount"))?,
    };
    let each = i64::try_from(i128::from(cost) * 1_000 / i128::from(capacity)).ok()?;
    if cost == 0 || !is_odd(norm, each) {
        return None;
    }
    let unit = format!("{} t/d", works.text("capacity").unwrap_or_default());
    let records: Vec<&Record> = [works].into_iter().chain(lines).collect();
    Some(finding(review, norm, &records, each, &unit).mended_in(works, Some("capacity")))
}

/// A line's unit price for pipe, or for a household's connection.
fn line_price(review: &Review<'_>, line: &Record) -> Option<Finding> {
    let (measure, per_km) = match line.text("unit")? {
        "m" if says(line, PIPE) => (NormMeasure::PipeCost, false),
        "km" if says(line, PIPE) => (NormMeasure::PipeCost, true),
        "household" if says(line, HOUSEHOLD) => (NormMeasure::HouseholdCost, false),
        _ => return None,
    };
    let today = review.day();
    let norm = review.catalog.norms(measure, &today).next()?;
    let price = line.integer("unit_price").filter(|price| *price > 0)?;
    let each = if per_km { price / 1_000 } else { price };
    let unit = if measure == NormMeasure::PipeCost { "m" } else { "户" };
    is_odd(norm, each).then(|| finding(review, norm, &[line], each, unit).mended_in(line, Some("unit_price")))
}

fn says(line: &Record, words: &[&str]) -> bool {
    let texts = ["part", "content"].into_iter().filter_map(|field| line.text(field));
    texts.into_iter().any(|text| words.iter().any(|word| text.contains(word)))
}

fn finding(review: &Review<'_>, norm: &Norm, records: &[&Record], each: i64, unit: &str) -> Finding {
    let fields = [
        ("what", records.first().map(|record| review.name(record)).unwrap_or_default()),
        ("norm", norm.label.zh.clone()),
        ("each", yuan(each)),
        ("unit", unit.to_owned()),
        ("least", norm.least.clone()),
        ("most", norm.most.clone()),
    ];
    Finding::of(FindingRule::CostOdd, records, &fields).by(&norm.source)
}
