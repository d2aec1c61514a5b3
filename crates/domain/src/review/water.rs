//! Black-odour waters: figures that fit each other, and the list they belong on.

use super::Review;
use crate::Record;
use crate::finding::{Finding, FindingRule};
use crate::money::parse_scaled;

/// From this area on a water belongs on the national list, in m².
const NATIONAL: i64 = 2_000;

/// By how many percent an area may miss length times width: waters are no rectangles (inferred).
const SLACK: i128 = 30;

pub(super) fn check(review: &Review<'_>) -> Vec<Finding> {
    let waters = &review.submission.water_bodies;
    waters.iter().flat_map(|water| [area(review, water), list(review, water)]).flatten().collect()
}

fn hundredths(water: &Record, field: &str) -> Option<i128> {
    parse_scaled(water.text(field)?, 100).filter(|value| *value > 0).map(i128::from)
}

fn area(review: &Review<'_>, water: &Record) -> Option<Finding> {
    let (area, length, width) = (hundredths(water, "area")?, hundredths(water, "length")?, hundredths(water, "width")?);
    let product = length * width / 100;
    if (product - area).abs() * 100 <= product * SLACK {
        return None;
    }
    let text = |field: &str| water.text(field).unwrap_or_default().to_owned();
    let fields = [
        ("water", review.name(water)),
        ("area", text("area")),
        ("length", text("length")),
        ("width", text("width")),
        ("product", format!("{}.{:02}", product / 100, product % 100)),
    ];
    Some(Finding::of(FindingRule::WaterArea, &[water], &fields).mended_in(water, Some("area")))
}

fn list(review: &Review<'_>, water: &Record) -> Option<Finding> {
    let (area, level) = (hundredths(water, "area")?, water.text("list_level")?);
    let large = area >= i128::from(NATIONAL) * 100;
    if large == (level == "national") {
        return None;
    }
    let fields = [
        ("water", review.name(water)),
        ("area", water.text("area").unwrap_or_default().to_owned()),
        ("list", review.catalog.choice("water_body", "list_level", level)),
    ];
    Some(Finding::of(FindingRule::WaterList, &[water], &fields).mended_in(water, Some("list_level")))
}
