//! A case: the plain inputs of one application, as JSON, so that a published
//! table can be recomputed by anybody without a single record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use chrono::NaiveDate;

use super::evaluate::Run;
use super::figures::{ONE, fen, number};
use super::input::InputType;
use super::term::Unit;
use super::{AmountProblem, Figure, Programme, Weight};
use crate::catalog::Label;
use crate::{Fields, Value};

/// So many villages or works are more than a province brings in one application.
pub(super) const MOST_UNITS: usize = 10_000;

/// The inputs of one application.
///
/// Money is whole 分, or text with its unit (`"50万元"`); a number with places may
/// be text. A village and a works have an `id` and a `name`, and a works its `village`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(rename = "ProgrammeCase")]
pub struct Case {
    /// The day on which it is computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// What belongs to the application.
    #[serde(default)]
    #[ts(type = "Record<string, unknown>")]
    pub application: Fields,
    /// Its villages.
    #[serde(default)]
    #[ts(type = "Array<Record<string, unknown>>")]
    pub villages: Vec<Fields>,
    /// Its works.
    #[serde(default)]
    #[ts(type = "Array<Record<string, unknown>>")]
    pub works: Vec<Fields>,
}

impl Case {
    pub(super) fn count(&self, unit: Unit) -> usize {
        match unit {
            Unit::Application => 1,
            Unit::Village => self.villages.len(),
            Unit::Works => self.works.len(),
        }
    }

    pub(super) fn fields(&self, unit: Unit, at: usize) -> Option<&Fields> {
        match unit {
            Unit::Application => Some(&self.application),
            Unit::Village => self.villages.get(at),
            Unit::Works => self.works.get(at),
        }
    }
}

/// A value as an input holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Given {
    Figure(Figure),
    Text(String),
    YesNo(bool),
    Date(NaiveDate),
}

/// `value` as an input of this type; nothing where it cannot be one.
pub(super) fn read(input_type: InputType, value: &Value) -> Option<Given> {
    let plain = |value: &Value| match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.trim().to_owned()),
        _ => None,
    };
    let positive = |raw: i64| (raw >= 0).then_some(raw);
    match input_type {
        InputType::Money => {
            let read = match value {
                Value::String(text) => fen(text).or_else(|| text.trim().parse().ok()),
                value => value.as_i64(),
            };
            read.and_then(positive).map(|fen| Given::Figure(Figure::Money(fen)))
        }
        InputType::Number => {
            plain(value).and_then(|text| number(&text)).and_then(positive).map(|n| Given::Figure(Figure::Number(n)))
        }
        InputType::Count => {
            let whole = plain(value).and_then(|text| text.parse::<i64>().ok()).and_then(positive);
            whole.and_then(|whole| whole.checked_mul(ONE)).map(|n| Given::Figure(Figure::Number(n)))
        }
        InputType::Text => plain(value).filter(|text| !text.is_empty()).map(Given::Text),
        InputType::YesNo => match value {
            Value::Bool(yes) => Some(Given::YesNo(*yes)),
            Value::String(text) => text.parse().ok().map(Given::YesNo),
            _ => None,
        },
        InputType::Date => value.as_str().and_then(|text| text.parse().ok()).map(Given::Date),
    }
}

/// A paper that an application needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeDemand")]
pub struct Demand {
    /// The sort of the document, by its name in the catalog.
    pub sort: String,
    /// Whether it is asked for; nothing where the case says too little to know.
    pub asked: Option<bool>,
    /// The clause that asks for it.
    pub clause: String,
    /// That clause was inferred.
    pub inferred: bool,
}

/// Something that an application does not meet, or does not say enough of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "RequirementUnmet")]
pub struct Unmet {
    /// The requirement's name.
    pub requirement: String,
    /// What it asks.
    pub label: Label,
    /// How much it weighs.
    pub weight: Weight,
    /// What it is asked of.
    pub of: super::Of,
    /// What is not said, where it cannot be decided.
    pub unknown: Vec<AmountProblem>,
    /// The clause that asks it.
    pub clause: String,
    /// That clause was inferred.
    pub inferred: bool,
}

impl Programme {
    /// The papers that this case needs, or may need.
    #[must_use]
    pub fn documents(&self, case: &Case) -> Vec<Demand> {
        let mut run = Run::of(self, case);
        run.steps();
        let mut demands = Vec::new();
        for paper in &self.papers {
            let asked = run.hold(&paper.when, Unit::Application, 0).ok();
            let sorts = paper.sorts.iter().filter(|_| asked != Some(false));
            demands.extend(sorts.map(|sort| Demand {
                sort: sort.clone(),
                asked,
                clause: self.cite(&paper.clause),
                inferred: self.inferred(&paper.clause),
            }));
        }
        demands
    }

    /// The requirements that this case does not meet, or of which it says too little.
    #[must_use]
    pub fn unmet(&self, case: &Case) -> Vec<Unmet> {
        let mut run = Run::of(self, case);
        run.steps();
        let mut found = Vec::new();
        for requirement in &self.requirements {
            for at in 0..case.count(requirement.of) {
                let holds = |conditions| run.hold(conditions, requirement.of, at);
                let any = || {
                    let several = requirement.any.iter().map(|one| holds(std::slice::from_ref(one)));
                    let answers: Vec<_> = several.collect();
                    if requirement.any.is_empty() || answers.contains(&Ok(true)) {
                        return Ok(true);
                    }
                    answers.into_iter().find(Result::is_err).unwrap_or(Ok(false))
                };
                let met = holds(&requirement.when).and_then(|asked| match asked {
                    false => Ok(true),
                    true => Ok(holds(&requirement.all)? && any()?),
                });
                if met == Ok(true) {
                    continue;
                }
                found.push(Unmet {
                    requirement: requirement.name.clone(),
                    label: requirement.label.clone(),
                    weight: requirement.weight,
                    of: run.unit(requirement.of, at),
                    unknown: met.err().unwrap_or_default(),
                    clause: self.cite(&requirement.clause),
                    inferred: self.inferred(&requirement.clause),
                });
            }
        }
        found
    }

    pub(super) fn inferred(&self, clause: &str) -> bool {
        self.clause(clause).is_some_and(|clause| clause.inferred)
    }
}
