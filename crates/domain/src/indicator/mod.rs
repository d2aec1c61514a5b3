//! Indicators: what the records of a village or township come to.
//!
//! A figure is a numerator over a denominator on a date, with the 口径 that
//! says what was counted; the percentage is left to whoever shows it. Each
//! figure names the records it counted, and the records that it could not
//! count with the reason, so that nobody has to believe a number. Figures are
//! compared with the thresholds that hold on the date.
//!
//! Whole numbers only: whether 39 of 84 reaches 46.7 % is decided by
//! multiplying, not by dividing.

mod measure;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::catalog::{Indicator, Label, Level};
use crate::{Catalog, Record, RecordId, money};

/// The records that figures are computed from: those of one place.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "the kinds by their names")]
pub struct Ledger {
    pub villages: Vec<Record>,
    pub works: Vec<Record>,
    pub contracts: Vec<Record>,
    pub acceptances: Vec<Record>,
    pub rectifications: Vec<Record>,
    pub facilities: Vec<Record>,
    pub checks: Vec<Record>,
    pub samples: Vec<Record>,
    pub water_bodies: Vec<Record>,
}

impl Ledger {
    /// The kinds of which a ledger is made, in the order of its parts.
    pub const KINDS: [&'static str; 9] = [
        "village",
        "works",
        "contract",
        "acceptance",
        "rectification",
        "facility",
        "facility_check",
        "effluent_sample",
        "water_body",
    ];

    /// The part that holds records of `kind`.
    pub fn part(&mut self, kind: &str) -> Option<&mut Vec<Record>> {
        Some(match kind {
            "village" => &mut self.villages,
            "works" => &mut self.works,
            "contract" => &mut self.contracts,
            "acceptance" => &mut self.acceptances,
            "rectification" => &mut self.rectifications,
            "facility" => &mut self.facilities,
            "facility_check" => &mut self.checks,
            "effluent_sample" => &mut self.samples,
            "water_body" => &mut self.water_bodies,
            _ => return None,
        })
    }

    /// Only what belongs to `village`: its own records, and those that hang on them.
    #[must_use]
    pub fn of_village(mut self, village: RecordId) -> Self {
        let of = |list: &mut Vec<Record>, field: &str, ids: &[RecordId]| {
            list.retain(|record| reference(record, field).is_some_and(|id| ids.contains(&id)));
        };
        let ids = |list: &[Record]| list.iter().map(|record| record.id).collect::<Vec<_>>();
        self.villages.retain(|record| record.id == village);
        for list in [&mut self.works, &mut self.acceptances, &mut self.facilities, &mut self.water_bodies] {
            of(list, "village", &[village]);
        }
        // A contract may hold works of several villages; it is read, and never counted.
        of(&mut self.rectifications, "acceptance", &ids(&self.acceptances));
        of(&mut self.checks, "facility", &ids(&self.facilities));
        of(&mut self.samples, "facility", &ids(&self.facilities));
        self
    }
}

/// One computed figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// The indicator's name.
    pub indicator: String,
    /// Its name on the screen.
    pub label: Label,
    /// What counts.
    #[ts(type = "number")]
    pub numerator: i64,
    /// Out of how many; 0 where nothing could be counted, and there is no rate.
    #[ts(type = "number")]
    pub denominator: i64,
    /// The date it is of.
    pub as_of: String,
    /// For recorded rates: the oldest date that any of them is of.
    pub oldest: Option<String>,
    /// 口径: what was counted over what.
    pub basis: Label,
    /// For recorded rates: the 口径 that the records themselves name; more than one says that unlike was summed.
    pub recorded_bases: Vec<String>,
    /// Where the figure comes from.
    pub source: String,
    /// How it is counted was inferred.
    pub inferred: bool,
    /// The records that make the numerator.
    pub counted: Vec<RecordId>,
    /// The records that make the denominator.
    pub among: Vec<RecordId>,
    /// The records that could not be counted.
    pub left_out: Vec<LeftOut>,
    /// What it is compared with.
    pub compared: Vec<Compared>,
}

/// A record that a figure could not count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LeftOut {
    /// The record.
    pub record: RecordId,
    /// Why.
    pub reason: Reason,
}

/// Why a record was not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "LeftOutReason")]
pub enum Reason {
    /// The rate was not recorded.
    NotRecorded,
    /// What is recorded is of a later date.
    Later,
    /// The village says no households.
    NoHouseholds,
    /// The works says no households served.
    NoHouseholdsServed,
    /// It is of that state, and no date says since when.
    Undated,
    /// It says it is closed, and its lifecycle does not.
    NotClosed,
    /// No check of it was recorded.
    NotChecked,
    /// The report's conclusion was not recorded.
    NoConclusion,
    /// It is said to have passed, and lies beyond a limit of its standard.
    BeyondLimit,
}

/// A figure beside what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// The threshold's name.
    pub threshold: String,
    /// The goal that it belongs to.
    pub goal: Label,
    /// The percentage to reach.
    pub at_least: String,
    /// Whether it is reached; `null` where there is no rate.
    pub met: Option<bool>,
    /// Where it comes from.
    pub source: String,
    /// Its dates, level or figure were inferred.
    pub inferred: bool,
}

/// Every figure that is asked of a place of this level, on `as_of`.
#[must_use]
pub fn figures(catalog: &Catalog, level: Level, ledger: &Ledger, as_of: &str) -> Vec<Figure> {
    let asked = catalog.indicators.iter().filter(|indicator| indicator.levels.contains(&level));
    asked.map(|indicator| figure(catalog, indicator, level, ledger, as_of)).collect()
}

fn figure(catalog: &Catalog, indicator: &Indicator, level: Level, ledger: &Ledger, as_of: &str) -> Figure {
    let count = measure::count(catalog, indicator, ledger, as_of);
    let asked = catalog.thresholds.iter().filter(|threshold| {
        threshold.indicator == indicator.name && threshold.levels.contains(&level) && threshold.holds_on(as_of)
    });
    let compared = asked.map(|threshold| Compared {
        threshold: threshold.name.clone(),
        goal: threshold.goal.clone(),
        at_least: threshold.at_least.clone(),
        met: reaches(count.numerator, count.denominator, &threshold.at_least),
        source: threshold.source.clone(),
        inferred: threshold.inferred,
    });
    Figure {
        indicator: indicator.name.clone(),
        label: indicator.label.clone(),
        numerator: count.numerator,
        denominator: count.denominator,
        as_of: as_of.to_owned(),
        oldest: count.oldest,
        basis: indicator.basis.clone(),
        recorded_bases: count.bases,
        source: indicator.source.clone(),
        inferred: indicator.inferred,
        counted: count.counted,
        among: count.among,
        left_out: count.left_out,
        compared: compared.collect(),
    }
}

/// Whether `numerator` of `denominator` is at least `percent`; nothing where there is no rate.
#[must_use]
pub fn reaches(numerator: i64, denominator: i64, percent: &str) -> Option<bool> {
    let least = ten_thousandths(percent)?;
    (denominator > 0).then(|| i128::from(numerator) * 10_000 >= i128::from(denominator) * i128::from(least))
}

/// A percentage with at most two places as whole ten-thousandths: `46.7` is 4,670.
#[must_use]
pub fn ten_thousandths(percent: &str) -> Option<i64> {
    let figures = percent.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    money::parse_scaled(percent, 100).filter(|_| figures)
}

/// A rate as a percentage with two places, `46.43`, a tie going up; nothing where there is no rate.
#[must_use]
pub fn percent(numerator: i64, denominator: i64) -> Option<String> {
    let rounded = (i128::from(numerator) * 20_000 + i128::from(denominator)) / (i128::from(denominator.max(1)) * 2);
    (denominator > 0).then(|| format!("{}.{:02}", rounded / 100, rounded % 100))
}

/// The record that `field` names, if it names one by id.
pub(crate) fn reference(record: &Record, field: &str) -> Option<RecordId> {
    record.text(field)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{percent, reaches, ten_thousandths};

    #[test]
    fn a_threshold_is_reached_exactly_at_its_edge() {
        assert_eq!(reaches(57, 100, "57"), Some(true), "the edge itself is reached");
        assert_eq!(reaches(569_999, 1_000_000, "57"), Some(false), "and a millionth below is not");
        assert_eq!(reaches(467, 1_000, "46.7"), Some(true), "a place counts");
        assert_eq!(reaches(0, 0, "0"), None, "nothing of nothing is no rate");
        assert_eq!(reaches(i64::MAX, i64::MAX, "100"), Some(true), "and no figure is too large");
    }

    #[test]
    fn a_percentage_is_read_and_printed_without_a_fraction_in_between() {
        assert_eq!((ten_thousandths("46.7"), ten_thousandths("100")), (Some(4_670), Some(10_000)));
        for wrong in ["", "-1", "46.777", "six", "1,0"] {
            assert_eq!(ten_thousandths(wrong), None, "`{wrong}` is no percentage");
        }
        assert_eq!(percent(39, 84).as_deref(), Some("46.43"));
        assert_eq!(percent(1, 8).as_deref(), Some("12.50"));
        assert_eq!(percent(1, 0), None);
    }
}
