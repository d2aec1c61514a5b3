//! Staged payments: which stage a contract has reached by the records, what may be
//! paid by then, and what was.
//!
//! A stage's amount is the difference of two rounded cumulative amounts, so that
//! the stages of a contract come to its price to the last 分. Progress that nobody
//! entered is no progress: a stage is reached by a record, which is named.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::terms::WHOLE;
use super::{Books, Papers, PaymentTerms, RetentionTerms, Sort, Stage, StagePlan};
use crate::indicator::reference;
use crate::submission::ids;
use crate::views::{Acceptance, Works, replaced};
use crate::{Record, RecordId, money};

/// What may be paid on a contract, and what was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContractDue {
    /// The contract.
    pub contract: RecordId,
    /// The price with approved variations, or the settled price where there is one; in 分.
    #[ts(type = "number | null")]
    pub limit: Option<i64>,
    /// All that was paid on it.
    #[ts(type = "number")]
    pub spent: i64,
    /// What the stages that are reached allow in all.
    #[ts(type = "number")]
    pub allowed: i64,
    /// What may be paid now.
    #[ts(type = "number")]
    pub payable: i64,
    /// The stages in order.
    pub stages: Vec<StageDue>,
    /// The clause that stages it.
    pub clause: String,
}

/// One stage of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StageDue {
    /// The stage.
    pub stage: Stage,
    /// Its share in ten-thousandths.
    #[ts(type = "number")]
    pub share: i64,
    /// What it comes to, in 分.
    #[ts(type = "number")]
    pub amount: i64,
    /// The same with all stages before it.
    #[ts(type = "number")]
    pub cumulative: i64,
    /// What was paid in its name.
    #[ts(type = "number")]
    pub paid: i64,
    /// Whether the records have reached it.
    pub reached: bool,
    /// Since when, or, for retention, from when on it may be paid.
    pub on: Option<String>,
    /// The record that says so.
    pub record: Option<RecordId>,
    /// Why it is not reached.
    pub missing: Option<Missing>,
}

/// Why a stage is not reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "StageMissing")]
pub enum Missing {
    /// No works of the contract has begun.
    NotBegun,
    /// The progress that is entered falls short.
    NotBuilt,
    /// It was not accepted.
    NotAccepted,
    /// Its date has not come.
    TooEarly,
    /// No evaluation was handed in since.
    NotGraded,
    /// The evaluation's grade is too low.
    GradeTooLow,
}

/// Since when a stage is reached, and the record that says so.
struct Reached {
    on: Option<String>,
    record: Option<RecordId>,
}

/// How far one contract has come.
pub(super) struct Contract<'p, 'r> {
    papers: &'p Papers<'r>,
    record: &'r Record,
    works: Vec<&'r Record>,
    application: Option<RecordId>,
    /// Progress entries that others take the place of.
    corrected: BTreeMap<RecordId, RecordId>,
}

/// A day, where it is known, and the record that says so.
pub(crate) type Since = (Option<String>, RecordId);

/// The first acceptance that was passed, of those that are of this level and meet `own`.
fn first_passed(
    papers: &Papers<'_>,
    level: Option<&str>,
    as_of: &str,
    own: impl Fn(&Acceptance<'_>) -> bool,
) -> Option<Since> {
    let passed = papers.acceptances.iter().map(Acceptance).filter(|one| {
        one.passed()
            && level.is_none_or(|level| one.0.text("level") == Some(level))
            && one.0.text("held_on").is_none_or(|held_on| held_on <= as_of)
            && own(one)
    });
    passed.map(|one| (one.0.text("held_on").map(str::to_owned), one.0.id)).min()
}

/// Since when all of these works are accepted; by their own word only where no level is asked for.
pub(crate) fn accepted(papers: &Papers<'_>, works: &[&Record], level: Option<&str>, as_of: &str) -> Option<Since> {
    let mut last: Option<Since> = None;
    for works in works {
        let village = reference(works, "village");
        let of_it = |one: &Acceptance<'_>| {
            let whole_village = one.0.text("subject") == Some("village") && reference(one.0, "village") == village;
            one.works() == Some(works.id) || (village.is_some() && whole_village)
        };
        let own_word = || {
            let said = Works(works).is_accepted() && level.is_none();
            said.then(|| (works.text("accepted_on").map(str::to_owned), works.id))
        };
        let since = first_passed(papers, level, as_of, of_it).or_else(own_word)?;
        if since.0.as_deref().is_some_and(|on| on > as_of) {
            return None;
        }
        last = last.max(Some(since));
    }
    last
}

/// Whether every contract of a works that stands was accepted at this level.
pub(crate) fn accepted_by_contract(papers: &Papers<'_>, works: &Record, level: &str, as_of: &str) -> bool {
    let of_works = |contract: &&Record| {
        reference(contract, "works") == Some(works.id) || ids(contract, "more_works").any(|id| id == works.id)
    };
    let mut contracts = papers.contracts.iter().filter(|contract| is_signed(contract)).filter(of_works).peekable();
    let passed = |of: &Record| first_passed(papers, Some(level), as_of, |one| one.contract() == Some(of.id)).is_some();
    contracts.peek().is_some() && contracts.all(passed)
}

/// The price that payments of a contract may reach.
pub(super) fn limit(papers: &Papers<'_>, contract: &Record) -> Option<i64> {
    if let Some(settled) = contract.integer("settled_amount") {
        return Some(settled);
    }
    let of_it = |record: &&Record| {
        reference(record, "contract") == Some(contract.id) && record.state.as_deref() == Some("approved")
    };
    let more = papers.variations.iter().filter(of_it).filter_map(|record| record.integer("amount"));
    let price = contract.integer("amount")?;
    Some(more.fold(price, i64::saturating_add))
}

impl<'p, 'r> Contract<'p, 'r> {
    pub(super) fn of(papers: &'p Papers<'r>, books: &Books<'_>, record: &'r Record) -> Self {
        let more = ids(record, "more_works");
        let ids: Vec<RecordId> = reference(record, "works").into_iter().chain(more).collect();
        let works = papers.works.iter().filter(|works| ids.contains(&works.id)).collect();
        let (application, corrected) = (books.application_of(record), replaced(papers.progress));
        Self { papers, record, works, application, corrected }
    }

    /// How much of it is built: no more than of the works that lags most.
    fn percent(&self, as_of: &str) -> Option<(i64, Option<&'r Record>)> {
        let of_works = |works: &&'r Record| {
            let standing = |entry: &&Record| {
                reference(entry, "works") == Some(works.id)
                    && entry.text("date").is_some_and(|date| date <= as_of)
                    && !self.corrected.contains_key(&entry.id)
            };
            let of_it = self.papers.progress.iter().filter(standing);
            let entry = of_it.max_by_key(|entry| (entry.text("date"), entry.id));
            match entry.and_then(|entry| entry.integer("percent")) {
                _ if Works(works).is_completed() => (100, entry.or(Some(*works))),
                Some(percent) => (percent, entry),
                None => (0, None),
            }
        };
        self.works.iter().map(of_works).min_by_key(|(percent, _)| *percent)
    }

    fn begun(&self, as_of: &str) -> Option<Reached> {
        let started = self.works.iter().filter(|works| {
            let works = Works(works);
            works.actual_start().map_or(works.is_building() || works.is_completed(), |start| start <= as_of)
        });
        let first = started.min_by_key(|works| Works(works).actual_start())?;
        Some(Reached { on: Works(first).actual_start().map(str::to_owned), record: Some(first.id) })
    }

    /// Since when it is accepted: by an acceptance of its own, or works by works.
    pub(super) fn accepted(&self, level: Option<&str>, as_of: &str) -> Option<Since> {
        let own = |one: &Acceptance<'_>| one.contract() == Some(self.record.id);
        first_passed(self.papers, level, as_of, own).or_else(|| accepted(self.papers, &self.works, level, as_of))
    }

    /// From when on retention may be paid, were the grade good.
    pub(super) fn retention_from(&self, terms: &RetentionTerms, as_of: &str) -> Option<String> {
        let accepted = self.accepted(terms.level.as_deref(), as_of)?.0;
        let day = accepted.as_deref().and_then(|on| NaiveDate::parse_from_str(on, "%Y-%m-%d").ok());
        let after = day.and_then(|day| day.checked_add_months(Months::new(terms.months))).map(|day| day.to_string());
        let named = self.record.text("retention_due").map(str::to_owned);
        after.max(named).or(accepted)
    }

    fn retention(&self, terms: &RetentionTerms, as_of: &str) -> Result<Reached, (Missing, Option<String>)> {
        let from = match self.accepted(terms.level.as_deref(), as_of) {
            None => return Err((Missing::NotAccepted, None)),
            Some(_) => self.retention_from(terms, as_of),
        };
        if from.as_deref().is_none_or(|from| from > as_of) {
            return Err((Missing::TooEarly, from));
        }
        if terms.grades.is_empty() {
            return Ok(Reached { on: from, record: Some(self.record.id) });
        }
        match self.graded(as_of) {
            None => Err((Missing::NotGraded, from)),
            Some((record, grade)) if terms.grades.iter().any(|good| good == grade) => {
                Ok(Reached { on: from, record: Some(record) })
            }
            Some(_) => Err((Missing::GradeTooLow, from)),
        }
    }

    /// The grade of the newest evaluation of the environmental effect.
    pub(super) fn graded(&self, as_of: &str) -> Option<(RecordId, &'r str)> {
        let application = self.application?;
        let of_it = self.papers.evaluations.iter().filter(|one| {
            reference(one, "application") == Some(application)
                && one.text("sort") == Some("effect")
                && matches!(one.state.as_deref(), Some("handed_in" | "confirmed"))
                && one.text("held_on").is_some_and(|held_on| held_on <= as_of)
        });
        let newest = of_it.max_by_key(|one| (one.text("held_on"), one.id))?;
        Some((newest.id, newest.text("grade")?))
    }

    fn reached(&self, plan: &StagePlan, stage: Stage, as_of: &str) -> Result<Reached, (Missing, Option<String>)> {
        if plan.open && stage != Stage::Retention {
            return Ok(Reached { on: None, record: None });
        }
        match (stage, stage.percent()) {
            (Stage::Retention, _) => self.retention(&plan.retention, as_of),
            (Stage::Acceptance, _) => match self.accepted(None, as_of) {
                Some((on, record)) => Ok(Reached { on, record: Some(record) }),
                None => Err((Missing::NotAccepted, None)),
            },
            (_, Some(least)) => match self.percent(as_of) {
                Some((percent, record)) if percent >= least => {
                    let on = record.and_then(|record| record.text("date").or_else(|| record.text("actual_end")));
                    Ok(Reached { on: on.map(str::to_owned), record: record.map(|record| record.id) })
                }
                _ => Err((Missing::NotBuilt, None)),
            },
            (_, None) => self.begun(as_of).ok_or((Missing::NotBegun, None)),
        }
    }

    pub(super) fn due(&self, books: &Books<'_>, plan: &StagePlan, as_of: &str) -> ContractDue {
        let lines = books.lines.iter().filter(|line| line.contract == Some(self.record.id));
        let paid: Vec<_> = lines.filter(|line| line.sort.is_some_and(Sort::pays)).collect();
        let spent = paid.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount));
        let limit = limit(self.papers, self.record);
        let (mut share, mut before, mut allowed) = (0, 0, 0);
        let mut stages = Vec::new();
        for step in &plan.steps {
            share += step.share;
            let cumulative = money::part(limit.unwrap_or(0), share, WHOLE).map_or(0, |(part, _)| part);
            let (amount, reached) = (cumulative - before, self.reached(plan, step.stage, as_of));
            before = cumulative;
            let own = paid.iter().filter(|line| match step.stage {
                Stage::Retention => line.sort == Some(Sort::Retention) || line.stage == Some(Stage::Retention),
                stage => line.sort != Some(Sort::Retention) && line.stage == Some(stage),
            });
            let own = own.fold(0_i64, |sum, line| sum.saturating_add(line.amount));
            allowed += if reached.is_ok() { amount } else { 0 };
            let (reached, on, record, missing) = match reached {
                Ok(Reached { on, record }) => (true, on, record, None),
                Err((missing, on)) => (false, on, None, Some(missing)),
            };
            let (stage, share) = (step.stage, step.share);
            stages.push(StageDue { stage, share, amount, cumulative, paid: own, reached, on, record, missing });
        }
        let payable = allowed.saturating_sub(spent).max(0);
        let clause = plan.clause.clone();
        ContractDue { contract: self.record.id, limit, spent, allowed, payable, stages, clause }
    }
}

/// What may be paid on each contract that is signed, by the plan of the
/// application that pays for it, else by the contract's own word on retention.
/// A contract of which neither says anything is left out.
#[must_use]
pub fn due(papers: &Papers<'_>, plans: &BTreeMap<RecordId, PaymentTerms>, as_of: &str) -> Vec<ContractDue> {
    let books = Books::of(papers);
    let signed = papers.contracts.iter().filter(|contract| is_signed(contract));
    signed
        .filter_map(|record| {
            let contract = Contract::of(papers, &books, record);
            let plan = plan_of(plans, &contract, record)?;
            Some(contract.due(&books, &plan, as_of))
        })
        .collect()
}

pub(super) fn plan_of(
    plans: &BTreeMap<RecordId, PaymentTerms>,
    contract: &Contract<'_, '_>,
    record: &Record,
) -> Option<StagePlan> {
    let terms = contract.application.and_then(|application| plans.get(&application));
    terms.and_then(|terms| terms.stages.clone()).or_else(|| StagePlan::of_contract(record))
}

/// Whether a contract stands: it is signed, and not ended.
pub(super) fn is_signed(contract: &Record) -> bool {
    matches!(contract.state.as_deref(), Some("signed" | "performed" | "settled"))
}
