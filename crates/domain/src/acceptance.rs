//! What the items of an acceptance come to: their sum, its band, and what stands
//! against it passing.
//!
//! An acceptance's own conclusion is the people's who held it; this says what
//! their scores say, so that both can be held against each other.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::{Band, Grading};
use crate::indicator::{reaches, ten_thousandths};
use crate::views::Rectification;
use crate::{Record, RecordId, Value};

/// What scores and rectifications of an acceptance say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// The sum of the items' scores, with two places.
    pub score: String,
    /// The sum of their full scores.
    pub full: String,
    /// The band of the sum out of 100; nothing where no item has a full score.
    pub band: Option<Band>,
    /// The items that have no score yet.
    pub unscored: Vec<RecordId>,
    /// The items below the share that each must reach.
    pub too_low: Vec<RecordId>,
    /// The rectifications that are not closed.
    pub open: Vec<RecordId>,
    /// Whether enough households are served; nothing where that is not asked, or not said.
    pub benefits: Option<bool>,
    /// Whether all of this lets it pass; nothing where it says too little.
    pub passes: Option<bool>,
    /// Where the rule comes from.
    pub source: String,
    /// The rule was inferred.
    pub inferred: bool,
}

/// What `items` and `rectifications` of `acceptance` come to by `grading`.
#[must_use]
pub fn judge(grading: &Grading, acceptance: &Record, items: &[Record], rectifications: &[Record]) -> Judged {
    let hundredths = |record: &Record, field: &str| record.text(field).and_then(ten_thousandths);
    let (mut score, mut full) = (0_i64, 0_i64);
    let (mut unscored, mut too_low) = (Vec::new(), Vec::new());
    for item in items {
        let (Some(got), Some(of)) = (hundredths(item, "score"), hundredths(item, "full")) else {
            unscored.push(item.id);
            continue;
        };
        score = score.saturating_add(got);
        full = full.saturating_add(of);
        if grading.item_least.as_deref().and_then(|least| reaches(got, of, least)) == Some(false) {
            too_low.push(item.id);
        }
    }
    let reached = |band: &&Band| reaches(score, full, &band.at_least) == Some(true);
    let band = grading.bands.iter().find(reached).cloned();
    let closed = |record: &&Record| Rectification(record).closed_on().is_none();
    let open: Vec<RecordId> = rectifications.iter().filter(closed).map(|record| record.id).collect();
    let rate = acceptance.fields.get("benefit").filter(|_| acceptance.text("subject") == Some("village"));
    let part = |name: &str| rate.and_then(|rate| rate.get(name)).and_then(Value::as_i64);
    let served = part("numerator").zip(part("denominator"));
    let least = grading.benefit_least.as_deref();
    let benefits = served.zip(least).and_then(|((served, of), least)| reaches(served, of, least));
    let passes = match &band {
        Some(band) if unscored.is_empty() => {
            Some(band.passes && too_low.is_empty() && open.is_empty() && benefits != Some(false))
        }
        _ => None,
    };
    let print = |hundredths: i64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
    Judged {
        score: print(score),
        full: print(full),
        band,
        unscored,
        too_low,
        open,
        benefits,
        passes,
        source: grading.source.clone(),
        inferred: grading.inferred,
    }
}
