//! What a programme comes to for a case: the total, from whom, in which stages,
//! and every step on the way in words and figures.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::evaluate::Run;
use super::rule::Primitive;
use super::term::Unit;
use super::{AmountProblem, Case, Level, Percent, Programme, figures};
use crate::catalog::Label;
use crate::{Value, money};

/// What an application comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeAmount")]
pub struct Amount {
    /// The programme's code.
    pub programme: String,
    /// Its version.
    pub version: u32,
    /// Hex SHA-256 of its text.
    pub digest: String,
    /// All that is paid, in 分.
    #[ts(type = "number")]
    pub total: i64,
    /// What of it the application asks for, where others only match it.
    #[ts(type = "number")]
    pub asked: i64,
    /// From whom; the shares come to the total to the last 分.
    pub shares: Vec<Share>,
    /// When; those of each base come to it to the last 分.
    pub stages: Vec<Stage>,
    /// What is missing for steps beside the total, which are left out.
    pub open: Vec<AmountProblem>,
    /// How it was computed, in order.
    #[serde(rename = "trace")]
    pub steps: Vec<Step>,
}

/// What an amount, an input or a stage belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(rename = "ProgrammeOf")]
pub struct Of {
    /// The application, a village or a works.
    pub unit: Unit,
    /// Its id in the case; empty for the application.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What the application as a whole is called in a sentence.
const WHOLE_APPLICATION: &str = "申报";

impl Of {
    /// Its name for a sentence.
    pub(super) fn words(&self) -> String {
        match self.unit {
            Unit::Application => WHOLE_APPLICATION.to_owned(),
            _ if self.name.is_empty() => self.id.clone(),
            _ => self.name.clone(),
        }
    }
}

/// One step of the computation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeStep")]
pub struct Step {
    /// The rule.
    pub rule: String,
    /// Its name on paper.
    pub label: Label,
    /// Which of the eight it is.
    pub primitive: Primitive,
    /// The clause as a person cites it.
    pub clause: String,
    /// What the clause says.
    pub clause_text: Label,
    /// Where the clause was read.
    pub source: String,
    /// It was inferred.
    pub inferred: bool,
    /// For what it was computed.
    pub of: Of,
    /// With what.
    pub inputs: Vec<StepInput>,
    /// In 分.
    #[ts(type = "number")]
    pub result: i64,
    /// In words and figures.
    pub words: Label,
}

/// What a step computed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeStepInput")]
pub struct StepInput {
    /// `village.households`, or the name of an earlier step.
    pub name: String,
    /// Its name on paper.
    pub label: Label,
    /// 分 for money, text for all else.
    #[ts(type = "unknown")]
    pub value: Value,
    /// As it is said.
    pub words: Label,
}

/// Who pays how much of the total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeShare")]
pub struct Share {
    /// Who.
    pub level: Level,
    /// Its name on paper.
    pub label: Label,
    /// The step of which it is a share.
    pub step: String,
    /// How much of it, where not all: `50%`.
    pub percent: Option<String>,
    /// In 分.
    #[ts(type = "number")]
    pub amount: i64,
    /// The clause as a person cites it.
    pub clause: String,
    /// It was inferred.
    pub inferred: bool,
}

/// One stage of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeStage")]
pub struct Stage {
    /// The rule.
    pub rule: String,
    /// For what.
    pub of: Of,
    /// Its name: entry, p30 … acceptance, retention; advance or settlement.
    pub name: String,
    /// Its name on paper.
    pub label: Label,
    /// Its part: `20%`; nothing for a settlement.
    pub percent: Option<String>,
    /// In 分; below zero, it is to be paid back.
    #[ts(type = "number")]
    pub amount: i64,
    /// Whether it is due; nothing where the case says too little to know.
    pub due: Option<bool>,
    /// It is held back as 质保金.
    pub retention: bool,
    /// What is not known yet, where that keeps it open.
    pub unknown: Vec<AmountProblem>,
}

impl Programme {
    /// What the programme comes to for `case`, with every step.
    ///
    /// # Errors
    /// Every input that is missing or impossible, with its name and who lacks it;
    /// a score without a band; an amount beyond what can be counted.
    pub fn amount(&self, case: &Case) -> Result<Amount, Vec<AmountProblem>> {
        let mut run = Run::of(self, case);
        run.steps();
        let mut problems = std::mem::take(&mut run.problems);
        let mut total_of = |name: &str| {
            let sum = run.total(name);
            if sum.is_none() && problems.is_empty() {
                problems
                    .push(AmountProblem::AmountTooLarge { rule: name.to_owned(), who: WHOLE_APPLICATION.to_owned() });
            }
            sum.unwrap_or_default()
        };
        let steps: Vec<(&str, i64)> = self.result.total.iter().map(|name| (name.as_str(), total_of(name))).collect();
        let amount = |name: &str| steps.iter().find(|(step, _)| *step == name).map_or(0, |(_, amount)| *amount);
        let total = money::sum(steps.iter().map(|(_, amount)| *amount));
        let asked = match self.result.asked.as_slice() {
            [] => total,
            names => money::sum(names.iter().map(|name| amount(name))),
        };
        let shares = self.shared(amount);
        let (Some(total), Some(asked), Some(shares)) = (total, asked, shares) else {
            problems
                .push(AmountProblem::AmountTooLarge { rule: "total".to_owned(), who: WHOLE_APPLICATION.to_owned() });
            return Err(problems);
        };
        if !problems.is_empty() {
            problems.sort();
            problems.dedup();
            return Err(problems);
        }
        Ok(Amount {
            programme: self.code.clone(),
            version: self.version,
            digest: self.digest().to_owned(),
            total,
            asked,
            shares,
            stages: run.stages,
            open: run.open,
            steps: run.trace,
        })
    }

    /// The shares of the steps that are paid; those of one step come to it exactly.
    fn shared(&self, amount: impl Fn(&str) -> i64) -> Option<Vec<Share>> {
        let mut shares = Vec::with_capacity(self.shares.len());
        for rule in &self.shares {
            let of_step: Vec<_> = self.shares.iter().filter(|other| other.step == rule.step).collect();
            let weights: Vec<i64> =
                of_step.iter().map(|other| other.percent.map_or(figures::WHOLE, |percent| percent.0)).collect();
            let parts = money::apportion(amount(&rule.step), &weights)?;
            let at = of_step.iter().position(|other| std::ptr::eq(*other, rule))?;
            shares.push(Share {
                level: rule.level,
                label: rule.label.clone(),
                step: rule.step.clone(),
                percent: rule.percent.as_ref().map(Percent::to_string),
                amount: *parts.get(at)?,
                clause: self.cite(&rule.clause),
                inferred: self.inferred(&rule.clause),
            });
        }
        Some(shares)
    }
}
