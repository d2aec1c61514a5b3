//! The parts of a programme beside its amount rules, each with the clause it comes from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Band, Condition, Fen, Figure, Percent, Unit};
use crate::catalog::Label;

/// What a programme rewards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ProgrammeSort")]
pub enum Sort {
    /// 以奖促治.
    Promote,
    /// 以奖代补.
    Reward,
    /// 农业农村奖补.
    Agriculture,
    /// 区级试点.
    Pilot,
}

impl Sort {
    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Promote => "promote",
            Self::Reward => "reward",
            Self::Agriculture => "agriculture",
            Self::Pilot => "pilot",
        }
    }
}

/// Whose money it is: what two streams pay for the same works is a duplicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ProgrammeStream")]
pub enum Stream {
    /// 生态环境.
    Environment,
    /// 农业农村.
    Agriculture,
}

impl Stream {
    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Agriculture => "agriculture",
        }
    }
}

/// A level of government, or whoever else brings money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "FundLevel")]
#[allow(missing_docs, reason = "the levels by their names")]
pub enum Level {
    Central,
    Province,
    City,
    District,
    Town,
    Village,
    Villagers,
    Labour,
    Social,
    Other,
}

impl Level {
    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Central => "central",
            Self::Province => "province",
            Self::City => "city",
            Self::District => "district",
            Self::Town => "town",
            Self::Village => "village",
            Self::Villagers => "villagers",
            Self::Labour => "labour",
            Self::Social => "social",
            Self::Other => "other",
        }
    }

    /// The field of an application that says what this level brings.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Village => "village_funds",
            Self::Other => "other_funds",
            level => level.name(),
        }
    }
}

/// An outline of the implementation plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "PlanOutline")]
pub enum Outline {
    /// 连片整治项目实施计划, eight chapters.
    F2,
    /// 年度实施方案, five chapters.
    F3,
}

impl Outline {
    /// Its name in data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::F2 => "f2",
            Self::F3 => "f3",
        }
    }
}

/// Where a part of a programme comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// Its name in the programme.
    pub name: String,
    /// Its place in the document: 第五条.
    #[serde(default)]
    pub article: String,
    /// What it says.
    pub text: Label,
    /// Where it was read: `domain.md §2（S17）`.
    pub source: String,
    /// It was concluded, and not read.
    pub inferred: bool,
}

/// Who may apply.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// A village, town, district or city.
    pub who: Level,
    /// The clause that says so.
    #[serde(default)]
    pub clause: String,
}

/// What it is for, over a span of days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Categories of works: `sewage`.
    pub names: Vec<String>,
    /// Since when, where not since the programme began.
    pub from: Option<NaiveDate>,
    /// Until when, where not until it ends.
    pub until: Option<NaiveDate>,
    /// The clause that says so.
    #[serde(default)]
    pub clause: String,
}

/// How much stands against an application that does not meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "RequirementWeight")]
pub enum Weight {
    /// It cannot be supported.
    Block,
    /// Somebody should look.
    Warn,
}

/// What must hold of an application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirement {
    /// Its name in the programme.
    pub name: String,
    /// What it asks, for people.
    pub label: Label,
    /// For what it is asked: once, for each village, for each works.
    #[serde(default)]
    pub of: Unit,
    /// Asked only then.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// All of these hold.
    #[serde(default)]
    pub all: Vec<Condition>,
    /// At least one of these holds.
    #[serde(default)]
    pub any: Vec<Condition>,
    /// How much it weighs.
    pub weight: Weight,
    /// The clause that asks it.
    #[serde(default)]
    pub clause: String,
}

/// Something that the money may not pay for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Its name in the programme.
    pub name: String,
    /// Its name on paper.
    pub label: Label,
    /// Words by which an estimate line is found to be for it.
    pub words: Vec<String>,
    /// Words that show that it is something else after all.
    #[serde(default)]
    pub unless: Vec<String>,
    /// The clause that says so.
    #[serde(default)]
    pub clause: String,
}

/// Papers that are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The sorts of document, by their names in the catalog.
    pub sorts: Vec<String>,
    /// Asked for only then; always where nothing is said.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// The clause that asks for them.
    #[serde(default)]
    pub clause: String,
}

/// A span that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    /// Which one.
    pub name: ClockName,
    /// How many.
    pub length: u32,
    /// Of what.
    pub unit: ClockUnit,
    /// The clause that says so.
    #[serde(default)]
    pub clause: String,
}

/// The clocks that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ProgrammeClock")]
pub enum ClockName {
    /// 公示: at least so long.
    Notice,
    /// 公示 of a black-odour body: at least so long.
    BlackOdourNotice,
    /// 储备库: so long an entry is valid.
    Reserve,
    /// 储备库: within so long a change is answered.
    ReserveChange,
    /// After the allocation: until then the implementation plan is due.
    Plan,
    /// After acceptance: then the effect is evaluated and the retention due.
    Outcome,
}

/// In what a span is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "ProgrammeClockUnit")]
#[allow(missing_docs, reason = "the units by their names")]
pub enum ClockUnit {
    Days,
    WorkingDays,
    Months,
    Years,
}

/// How scores within a band are called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Its name in data.
    pub name: String,
    /// Its name on paper.
    pub label: Label,
    /// The lowest score that belongs to it.
    pub from: Figure,
    /// The lowest score that does not any more; open upwards when missing.
    pub below: Option<Figure>,
    /// The clause that says so.
    #[serde(default)]
    pub clause: String,
}

impl Grade {
    pub(super) fn band(&self) -> Band {
        Band { from: self.from, below: self.below, to: None, amount: Some(Fen(0)), percent: None }
    }
}

/// What the steps come to.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The steps that are paid; several are summed.
    pub total: Vec<String>,
    /// Those of them that the application asks for, where others only match it.
    #[serde(default)]
    pub asked: Vec<String>,
}

/// From whom a part of the total comes: a step, or a percentage of one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareRule {
    /// Who pays.
    pub level: Level,
    /// Its name on paper.
    pub label: Label,
    /// The step of which it is a share.
    pub step: String,
    /// How much of the step, where not all of it; the shares of a step come to 100%.
    pub percent: Option<Percent>,
    /// The clause that says so.
    #[serde(default)]
    pub clause: String,
}
