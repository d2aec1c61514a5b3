//! Rules that change by year: figures and what they are compared with, dates
//! that are kept, limits of treated water. Each entry carries its date and its
//! source; what was inferred says so, and a district can say it otherwise.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Label;

/// A figure that is computed from records: always a numerator over a denominator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// How it is computed.
    pub measure: Measure,
    /// For [`Measure::Recorded`]: the village's field that holds the rate.
    #[serde(default)]
    pub field: Option<String>,
    /// 口径: what is counted over what.
    pub basis: Label,
    /// From which share of its households on a village counts, in percent, for
    /// a measure that counts villages.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub share: Option<u32>,
    /// The places it is asked of.
    pub levels: Vec<Level>,
    /// Where it comes from.
    pub source: String,
    /// The source names the figure and not how it is counted: that was inferred.
    #[serde(default)]
    pub inferred: bool,
}

/// A level of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 行政村.
    Village,
    /// 乡镇, 街道.
    Township,
    /// 县, 区.
    District,
}

/// How a figure is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The rates that villages record, their numerators and denominators summed.
    Recorded,
    /// Households served by accepted sewage works over registered households.
    SewageHouseholds,
    /// Villages whose sewage households reach `share` over all villages.
    SewageVillages,
    /// Black-odour water bodies that are closed over all that were found.
    WaterBodiesClosed,
    /// Facilities whose latest check found them running over those checked.
    FacilitiesRunning,
    /// Effluent samples that passed over those with a conclusion, in the year to date.
    EffluentPassed,
    /// Works completed over all that were not stopped.
    WorksCompleted,
    /// Works accepted over those completed.
    WorksAccepted,
    /// Rectifications closed over all that were asked for.
    RectificationsClosed,
}

/// What a figure is compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Its name in data.
    pub name: String,
    /// The indicator.
    pub indicator: String,
    /// The goal that it belongs to.
    pub goal: Label,
    /// The percentage to reach, such as `57` or `46.7`.
    pub at_least: String,
    /// The places that it is asked of.
    pub levels: Vec<Level>,
    /// From this date on.
    pub from: String,
    /// Up to and with this date; open when absent.
    #[serde(default)]
    pub until: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// The source says it less plainly: its dates, level or figure were inferred.
    #[serde(default)]
    pub inferred: bool,
}

/// A date or span that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Its name in data, one for each dated version.
    pub name: String,
    /// What it times: `month_report`, `notice_funds` …
    pub times: String,
    /// Its name on the screen.
    pub label: Label,
    /// The day of the month by which it is due; the last day where the month is shorter.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub day: Option<u32>,
    /// How many months after its own month that is; 0 for the same.
    #[serde(default)]
    #[ts(type = "number")]
    pub months_after: u32,
    /// How many days it lasts at least.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub days: Option<u32>,
    /// These days are working days.
    #[serde(default)]
    pub working: bool,
    /// How many months it lasts.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub months: Option<u32>,
    /// How many days before the date a person is reminded.
    #[serde(default)]
    #[ts(type = "number")]
    pub remind: u32,
    /// From this date on.
    pub from: String,
    /// Up to and with this date; open when absent.
    #[serde(default)]
    pub until: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Inferred, not read.
    #[serde(default)]
    pub inferred: bool,
}

/// A discharge standard with its limits, where they are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Its number: `DB32/3462-2020`.
    pub name: String,
    /// Its title.
    pub label: Label,
    /// From this date on.
    pub from: String,
    /// Up to and with this date; open when absent.
    #[serde(default)]
    pub until: Option<String>,
    /// Its limits; empty where they were not read from the standard itself.
    #[serde(default)]
    pub limits: Vec<Limit>,
    /// Where it comes from.
    pub source: String,
    /// Inferred, not read.
    #[serde(default)]
    pub inferred: bool,
}

/// One limit of a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Its name in data: item and grade.
    pub name: String,
    /// The field of an effluent sample: `cod`, `ammonia` …
    pub item: String,
    /// The grade of the standard (一级A …); every grade when absent.
    #[serde(default)]
    pub grade: Option<String>,
    /// The least it may be.
    #[serde(default)]
    pub least: Option<String>,
    /// The most it may be.
    #[serde(default)]
    pub most: Option<String>,
}

/// How what is scored is graded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Grading {
    /// Its name in data, one for each dated version.
    pub name: String,
    /// What it grades: `acceptance`.
    pub grades: String,
    /// The bands, best first; each begins at its least score and ends below the one before.
    pub bands: Vec<Band>,
    /// The percentage of its own full score that each item must reach, or the whole fails.
    #[serde(default)]
    pub item_least: Option<String>,
    /// The percentage of households that must be served where a village is accepted.
    #[serde(default)]
    pub benefit_least: Option<String>,
    /// From this date on.
    pub from: String,
    /// Up to and with this date; open when absent.
    #[serde(default)]
    pub until: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Inferred, not read.
    #[serde(default)]
    pub inferred: bool,
}

/// A usual range, outside of which somebody asks why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Norm {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// What is measured.
    pub measure: NormMeasure,
    /// The processes of a works that it is about; all where none is named.
    #[serde(default)]
    pub process: Vec<String>,
    /// The least that is usual: 元, or litres.
    pub least: String,
    /// The most that is usual.
    pub most: String,
    /// By how many percent a figure may lie beyond before it looks odd.
    #[serde(default)]
    #[ts(type = "number")]
    pub slack: u32,
    /// From this date on.
    pub from: String,
    /// Up to and with this date; open when absent.
    #[serde(default)]
    pub until: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Inferred, not read.
    #[serde(default)]
    pub inferred: bool,
}

/// What a norm measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NormMeasure {
    /// 元 for each m³/d of capacity.
    CapacityCost,
    /// 元 for each metre of pipe.
    PipeCost,
    /// 元 for each household that is connected.
    HouseholdCost,
    /// Litres of capacity for each person served and day.
    PersonFlow,
}

/// Something that money may not pay for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// Words by which it is found.
    pub words: Vec<String>,
    /// Words that show that it is something else after all.
    #[serde(default)]
    pub unless: Vec<String>,
    /// From this date on.
    pub from: String,
    /// Up to and with this date; open when absent.
    #[serde(default)]
    pub until: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Inferred, not read.
    #[serde(default)]
    pub inferred: bool,
}

/// The public holidays of a year, as the State Council's notice has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// Its name in data.
    pub name: String,
    /// The year; a year without an entry is counted by its weekends alone.
    pub year: i32,
    /// 文号 of the notice.
    pub document: String,
    /// Days off, weekends among them or not.
    pub off: Vec<String>,
    /// Saturdays and Sundays that are worked in their place.
    #[serde(default)]
    pub worked: Vec<String>,
    /// Where it comes from.
    pub source: String,
    /// Inferred, not read.
    #[serde(default)]
    pub inferred: bool,
}

/// A band of scores, closed below and open above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// The least score of it, out of 100.
    pub at_least: String,
    /// Whether it passes.
    pub passes: bool,
}

/// How the parts of a self-evaluation weigh, and which scores a completion allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Weighting {
    /// Its name in data, one for each dated version.
    pub name: String,
    /// What it weighs: `self_evaluation`.
    pub weighs: String,
    /// The levels of targets in the order of the form, and [`Weighting::EXECUTION`].
    pub parts: Vec<WeightedPart>,
    /// The bands of completion, best first; each begins at its least percentage and
    /// ends below the one before.
    pub bands: Vec<ScoreBand>,
    /// From this date on.
    pub from: String,
    /// Up to and with this date; open when absent.
    #[serde(default)]
    pub until: Option<String>,
    /// Where it comes from.
    pub source: String,
    /// Inferred, not read.
    #[serde(default)]
    pub inferred: bool,
}

/// One part of a self-evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WeightedPart {
    /// The level of the targets: `output`, `benefit`, `satisfaction`; or `execution`.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// How many points it has.
    pub weight: String,
}

/// A band of completion, closed below and open above.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ScoreBand {
    /// Its name in data.
    pub name: String,
    /// Its name on the screen.
    pub label: Label,
    /// The least percentage of it.
    pub at_least: String,
}

impl Weighting {
    /// The part that weighs the execution of the budget.
    pub const EXECUTION: &'static str = "execution";
}

/// Whether a rule that runs `from` … `until` holds on `date`; dates are `YYYY-MM-DD`.
pub(super) fn runs(from: &str, until: Option<&str>, date: &str) -> bool {
    from <= date && until.is_none_or(|until| date <= until)
}

impl Threshold {
    /// Whether it holds on `date`.
    #[must_use]
    pub fn holds_on(&self, date: &str) -> bool {
        runs(&self.from, self.until.as_deref(), date)
    }
}

impl super::Catalog {
    /// The rule that times `what` on `date`, the newest where several do.
    #[must_use]
    pub fn clock(&self, what: &str, date: &str) -> Option<&Clock> {
        let running = |clock: &&Clock| clock.times == what && runs(&clock.from, clock.until.as_deref(), date);
        self.clocks.iter().filter(running).max_by_key(|clock| &clock.from)
    }

    /// How `what` is graded on `date`, the newest rule where several hold.
    #[must_use]
    pub fn grading(&self, what: &str, date: &str) -> Option<&Grading> {
        let running = |one: &&Grading| one.grades == what && runs(&one.from, one.until.as_deref(), date);
        self.gradings.iter().filter(running).max_by_key(|one| &one.from)
    }

    /// The usual ranges of `measure` on `date`.
    pub fn norms<'c>(&'c self, measure: NormMeasure, date: &'c str) -> impl Iterator<Item = &'c Norm> {
        let running = move |one: &&Norm| one.measure == measure && runs(&one.from, one.until.as_deref(), date);
        self.norms.iter().filter(running)
    }

    /// What money may not pay for on `date`, and of which `text` speaks.
    #[must_use]
    pub fn excluded(&self, text: &str, date: &str) -> Option<&Exclusion> {
        let says = |words: &[String]| words.iter().any(|word| text.contains(word.as_str()));
        let running = self.exclusions.iter().filter(|one| runs(&one.from, one.until.as_deref(), date));
        running.into_iter().find(|one| says(&one.words) && !says(&one.unless))
    }

    /// How the parts of `what` weigh on `date`, the newest rule where several hold.
    #[must_use]
    pub fn weighting(&self, what: &str, date: &str) -> Option<&Weighting> {
        let running = |one: &&Weighting| one.weighs == what && runs(&one.from, one.until.as_deref(), date);
        self.weightings.iter().filter(running).max_by_key(|one| &one.from)
    }

    /// The standard called `name`, if it holds on `date`.
    #[must_use]
    pub fn standard(&self, name: &str, date: &str) -> Option<&Standard> {
        self.standards.iter().find(|one| one.name == name && runs(&one.from, one.until.as_deref(), date))
    }
}
