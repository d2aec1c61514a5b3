//! Sums: sources and total, lines and total, quantity times price.

use super::{Review, filled, yuan};
use crate::Record;
use crate::finding::{Finding, FindingRule};
use crate::money;

/// The fields of an application that say where its money comes from, in the order of the form.
pub const SOURCES: [&str; 10] = [
    "central",
    "province",
    "city",
    "district",
    "town",
    "village_funds",
    "villagers",
    "labour",
    "social",
    "other_funds",
];

/// Millionths, in which quantities are multiplied.
const MILLION: i64 = 1_000_000;

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = review.submission.lines.iter().filter_map(|line| amount(review, line)).collect();
    found.extend(funding(review));
    found.extend(estimate(review));
    let application = review.application();
    if application.integer("other_funds").is_some_and(|amount| amount > 0) && !filled(application, "other_channel") {
        let fields = [("amount", yuan(application.integer("other_funds").unwrap_or_default()))];
        let one = Finding::of(FindingRule::ChannelUnnamed, &[application], &fields);
        found.push(one.mended_in(application, Some("other_channel")));
    }
    found
}

/// Quantity times unit price to the nearest 分, a tie going up; nothing where that
/// cannot be said: a quantity with more than six places, a sum beyond 64 bits.
#[must_use]
pub fn product(quantity: &str, unit_price: i64) -> Option<i64> {
    let millionths = i128::from(money::parse_scaled(quantity, MILLION)?);
    let exact = millionths.checked_mul(i128::from(unit_price))?;
    let half = i128::from(MILLION / 2) * exact.signum();
    i64::try_from((exact + half) / i128::from(MILLION)).ok()
}

fn amount(review: &Review<'_>, line: &Record) -> Option<Finding> {
    let (quantity, price, amount) = (line.text("quantity")?, line.integer("unit_price")?, line.integer("amount")?);
    let product = product(quantity, price)?;
    if product == amount {
        return None;
    }
    let fields = [
        ("line", review.name(line)),
        ("quantity", quantity.to_owned()),
        ("price", yuan(price)),
        ("amount", yuan(amount)),
        ("product", yuan(product)),
    ];
    let found = Finding::of(FindingRule::LineAmount, &[line, review.application()], &fields);
    Some(found.mended_in(line, Some("amount")))
}

fn funding(review: &Review<'_>) -> Option<Finding> {
    let application = review.application();
    let total = application.integer("total")?;
    let given: Vec<i64> = SOURCES.iter().filter_map(|source| application.integer(source)).collect();
    if total > 0 && given.is_empty() && application.integer("own_funds").is_none() {
        let found = Finding::of(FindingRule::FundingMissing, &[application], &[("total", yuan(total))]);
        return Some(found.mended_in(application, Some("central")));
    }
    // Before sources were told apart there were two: what is asked for, and the rest.
    let parts = match given.is_empty() {
        true => vec![application.integer("requested")?, application.integer("own_funds")?],
        false => given,
    };
    let sum = money::sum(parts);
    if sum == Some(total) {
        return None;
    }
    let sum = sum.unwrap_or(i64::MAX);
    let fields = [("total", yuan(total)), ("sum", yuan(sum)), ("difference", yuan(total.saturating_sub(sum)))];
    Some(Finding::of(FindingRule::FundingSum, &[application], &fields).mended_in(application, Some("total")))
}

fn estimate(review: &Review<'_>) -> Option<Finding> {
    let (application, lines) = (review.application(), &review.submission.lines);
    if lines.is_empty() {
        let missing = Finding::of(FindingRule::EstimateMissing, &[application], &[]);
        return Some(missing.mended_by(application, "estimate_line"));
    }
    let total = application.integer("total")?;
    let sum = money::sum(lines.iter().filter_map(|line| line.integer("amount")));
    if sum == Some(total) {
        return None;
    }
    let sum = sum.unwrap_or(i64::MAX);
    let fields = [
        ("total", yuan(total)),
        ("sum", yuan(sum)),
        ("difference", yuan(total.saturating_sub(sum))),
        ("count", lines.len().to_string()),
    ];
    Some(Finding::of(FindingRule::EstimateSum, &[application], &fields).mended_in(application, Some("total")))
}
