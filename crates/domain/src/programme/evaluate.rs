//! The computation itself: each rule for each of its units, in order.
//!
//! A rule that cannot be computed is noted once, with what it lacks; what builds
//! on it stays silent, so that a person reads causes and no consequences.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::amount::{Of, Stage, Step, StepInput};
use super::case::{Given, MOST_UNITS, read};
use super::check::rests_on;
use super::figures::{Figure, plain};
use super::input::{InputType, known};
use super::term::{Term, Terms, Unit};
use super::{AmountProblem as Problem, Case, Condition, Programme};
use crate::catalog::Label;
use crate::{Value, money};

/// What a rule came to for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Its conditions do not hold there.
    Skipped,
    /// 分.
    Amount(i64),
    /// It could not be computed.
    Failed,
}

/// Why something has no value: what is missing; nothing where that was said elsewhere.
pub(super) type Lacking = Vec<Problem>;

/// A value with the words for it.
#[derive(Debug, Clone)]
pub(super) struct Valued {
    pub(super) figure: Figure,
    pub(super) shown: StepInput,
}

/// One computation.
pub(super) struct Run<'a> {
    pub(super) programme: &'a Programme,
    pub(super) case: &'a Case,
    pub(super) outcomes: BTreeMap<&'a str, Vec<Outcome>>,
    /// For each works, the place of its village in the case.
    villages: Vec<Option<usize>>,
    /// For each village, the places of its works.
    works: Vec<Vec<usize>>,
    pub(super) trace: Vec<Step>,
    pub(super) stages: Vec<Stage>,
    pub(super) problems: Vec<Problem>,
    /// What is missing for steps on which the total does not rest.
    pub(super) open: Vec<Problem>,
}

impl<'a> Run<'a> {
    pub(super) fn of(programme: &'a Programme, case: &'a Case) -> Self {
        let mut run = Self {
            programme,
            case,
            outcomes: BTreeMap::new(),
            villages: Vec::new(),
            works: Vec::new(),
            trace: Vec::new(),
            stages: Vec::new(),
            problems: Vec::new(),
            open: Vec::new(),
        };
        if case.villages.len() > MOST_UNITS || case.works.len() > MOST_UNITS {
            run.problems.push(Problem::AmountCaseTooLarge { most: MOST_UNITS.to_string() });
            return run;
        }
        let mut places = BTreeMap::new();
        for unit in [Unit::Village, Unit::Works] {
            let mut seen = BTreeMap::new();
            for at in 0..case.count(unit) {
                let of = run.unit(unit, at);
                if seen.insert(of.id.clone(), at).is_some() {
                    run.problems.push(Problem::AmountUnitTwice { who: of.words() });
                }
            }
            if unit == Unit::Village {
                places = seen;
            }
        }
        let named = |fields: &'a crate::Fields| fields.get("village").and_then(Value::as_str);
        run.villages = case.works.iter().map(|works| places.get(named(works)?).copied()).collect();
        for (at, works) in case.works.iter().enumerate() {
            // Left out of its village in silence, it would be missing from the sums there.
            if named(works).is_some() && run.villages[at].is_none() {
                run.problems.push(Problem::AmountVillageUnknown { who: run.unit(Unit::Works, at).words() });
            }
        }
        run.works = vec![Vec::new(); case.villages.len()];
        for (at, village) in run.villages.iter().enumerate() {
            if let Some(list) = village.and_then(|village| run.works.get_mut(village)) {
                list.push(at);
            }
        }
        run
    }

    /// Computes every rule; what cannot be is in `problems`.
    pub(super) fn steps(&mut self) {
        if !self.problems.is_empty() {
            return;
        }
        let needed = needed(self.programme);
        for rule in &self.programme.rules {
            let count = self.case.count(rule.of);
            if count == 0 && self.programme.result.total.contains(&rule.name) {
                let name = rule.label.zh.clone();
                self.problems.push(match rule.of {
                    Unit::Works => Problem::AmountNoWorks { rule: name },
                    _ => Problem::AmountNoVillages { rule: name },
                });
            }
            let mut outcomes = Vec::with_capacity(count);
            for at in 0..count {
                outcomes.push(match self.step(rule, at) {
                    Ok(Some(result)) => Outcome::Amount(result),
                    Ok(None) => Outcome::Skipped,
                    Err(lacking) => {
                        let missing = |one: &Problem| matches!(one, Problem::AmountInputMissing { .. });
                        let beside = !needed.contains(rule.name.as_str()) && lacking.iter().all(missing);
                        if beside { &mut self.open } else { &mut self.problems }.extend(lacking);
                        Outcome::Failed
                    }
                });
            }
            self.outcomes.insert(&rule.name, outcomes);
        }
    }

    /// What the rule called `name` comes to over all its units.
    pub(super) fn total(&self, name: &str) -> Option<i64> {
        let amounts = self.outcomes.get(name)?.iter().map(|outcome| match outcome {
            Outcome::Skipped => Some(0),
            Outcome::Amount(amount) => Some(*amount),
            Outcome::Failed => None,
        });
        money::sum(amounts.collect::<Option<Vec<_>>>()?)
    }

    /// What the `at`th of these units is called.
    pub(super) fn unit(&self, unit: Unit, at: usize) -> Of {
        let text = |name: &str| {
            let fields = self.case.fields(unit, at).filter(|_| unit != Unit::Application);
            fields.and_then(|fields| fields.get(name)).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let (mut id, mut name) = (text("id"), text("name"));
        if unit != Unit::Application {
            if id.is_empty() {
                id = if name.is_empty() { (at + 1).to_string() } else { name.clone() };
            }
            if name.is_empty() {
                name.clone_from(&id);
            }
        }
        Of { unit, id, name }
    }

    /// Whether all of `conditions` hold there.
    pub(super) fn hold(&self, conditions: &[Condition], unit: Unit, at: usize) -> Result<bool, Lacking> {
        let mut lacking = None;
        for condition in conditions {
            match self.holds(condition, unit, at) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(missing) => lacking.get_or_insert_with(Vec::new).extend(missing),
            }
        }
        lacking.map_or(Ok(true), Err)
    }

    fn holds(&self, condition: &Condition, unit: Unit, at: usize) -> Result<bool, Lacking> {
        let values = self.given(&condition.of, unit, at);
        if let Some(given) = condition.given {
            let there = matches!(&values, Ok(values) if !values.is_empty());
            if there != given || condition.tests() == 1 {
                return Ok(there == given);
            }
        }
        let values = values?;
        let figures: Vec<Figure> = values
            .iter()
            .filter_map(|value| match value {
                Given::Figure(figure) => Some(*figure),
                _ => None,
            })
            .collect();
        if let Some(first) = figures.first() {
            let sum = money::sum(figures.iter().map(|figure| figure.raw())).map(|raw| first.with_raw(raw));
            let grade = |figure| self.programme.grade(figure).map(|grade| grade.name.as_str());
            return Ok(sum.is_some_and(|sum| condition.fits_figure(sum, grade(sum))));
        }
        let fits = |value: &Given| match value {
            Given::Text(text) => condition.fits_text(text),
            Given::YesNo(yes) => condition.yes.is_none_or(|wanted| wanted == *yes),
            Given::Date(date) => condition.fits_date(*date, self.case.date),
            Given::Figure(_) => false,
        };
        Ok(match condition.not.is_empty() {
            true => values.iter().any(fits),
            false => values.iter().all(fits),
        })
    }

    /// Whether a step that `terms` name does not apply to one of the units that are seen from there.
    pub(super) fn skipped(&self, terms: &Terms, unit: Unit, at: usize) -> bool {
        let skips = |term: &Term| {
            let Term::Step(name) = term else { return false };
            let Some(rule) = self.programme.rule(name) else { return false };
            let places = if rule.of == unit { vec![at] } else { self.within(unit, at, rule.of) };
            let outcomes = self.outcomes.get(name.as_str());
            places.into_iter().any(|place| outcomes.and_then(|all| all.get(place)) == Some(&Outcome::Skipped))
        };
        terms.0.iter().any(skips)
    }

    /// The places of the units of `inner` that belong to the `at`th of `unit`.
    fn within(&self, unit: Unit, at: usize, inner: Unit) -> Vec<usize> {
        match (unit, inner) {
            (Unit::Village, Unit::Works) => self.works.get(at).cloned().unwrap_or_default(),
            _ => (0..self.case.count(inner)).collect(),
        }
    }

    /// The values of `term` as they are seen from the `at`th of `unit`.
    pub(super) fn given(&self, term: &Term, unit: Unit, at: usize) -> Result<Vec<Given>, Lacking> {
        let one = |fen| Ok(vec![Given::Figure(Figure::Money(fen))]);
        match term {
            Term::Figure(fen) => one(fen.0),
            Term::Step(name) => {
                let Some(rule) = self.programme.rule(name) else { return Err(Vec::new()) };
                let places = if rule.of == unit { vec![at] } else { self.within(unit, at, rule.of) };
                let outcomes = self.outcomes.get(name.as_str());
                let mut sum = 0_i64;
                for place in places {
                    match outcomes.and_then(|outcomes| outcomes.get(place)) {
                        Some(Outcome::Amount(amount)) => {
                            let who = || self.unit(unit, at).words();
                            let large = || vec![Problem::AmountTooLarge { rule: name.clone(), who: who() }];
                            sum = sum.checked_add(*amount).ok_or_else(large)?;
                        }
                        Some(Outcome::Skipped) => {}
                        Some(Outcome::Failed) | None => return Err(Vec::new()),
                    }
                }
                one(sum)
            }
            Term::Input(of, name) if *of == unit => self.input(*of, name, at).map(|value| vec![value]),
            Term::Input(Unit::Application, name) => self.input(Unit::Application, name, 0).map(|value| vec![value]),
            Term::Input(Unit::Village, name) if unit == Unit::Works => {
                let village = self.villages.get(at).copied().flatten();
                let unknown = || vec![Problem::AmountVillageUnknown { who: self.unit(unit, at).words() }];
                self.input(Unit::Village, name, village.ok_or_else(unknown)?).map(|value| vec![value])
            }
            Term::Input(of, name) => {
                let mut lacking = Vec::new();
                let mut values = Vec::new();
                for place in self.within(unit, at, *of) {
                    match self.input(*of, name, place) {
                        Ok(value) => values.push(value),
                        Err(missing) => lacking.extend(missing),
                    }
                }
                if lacking.is_empty() { Ok(values) } else { Err(lacking) }
            }
        }
    }

    fn input(&self, unit: Unit, name: &str, at: usize) -> Result<Given, Lacking> {
        let Some(known) = known(&self.programme.inputs, unit, name) else { return Err(Vec::new()) };
        let full = format!("{}.{name}", unit.name());
        let of = || self.unit(unit, at).words();
        let label = known.zh.to_owned();
        let value = self.case.fields(unit, at).and_then(|fields| fields.get(name));
        let value = match (value.filter(|value| !value.is_null()), known.default) {
            (Some(value), _) => value.clone(),
            (None, Some(default)) => json!(default),
            (None, None) if unit == Unit::Application && name == "village_count" => json!(self.case.villages.len()),
            (None, None) if unit == Unit::Application && name == "works_count" => json!(self.case.works.len()),
            (None, None) => return Err(vec![Problem::AmountInputMissing { input: full, label, who: of() }]),
        };
        read(known.input_type, &value).ok_or_else(|| {
            let given = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let given = given.chars().take(60).collect();
            let expected = known.input_type.words().to_owned();
            vec![Problem::AmountInputWrong { input: full, label, who: of(), given, expected }]
        })
    }

    /// `term` as a figure, with the words for it.
    pub(super) fn figure(&self, term: &Term, unit: Unit, at: usize) -> Result<Valued, Lacking> {
        let large =
            |rule: &Term| vec![Problem::AmountTooLarge { rule: rule.to_string(), who: self.unit(unit, at).words() }];
        let values = self.given(term, unit, at)?;
        let mut sum = match term {
            Term::Input(of, name) => match known(&self.programme.inputs, *of, name).map(|known| known.input_type) {
                Some(InputType::Money) => Figure::Money(0),
                _ => Figure::Number(0),
            },
            _ => Figure::Money(0),
        };
        for value in values {
            let Given::Figure(figure) = value else { return Err(Vec::new()) };
            sum = sum.with_raw(sum.raw().checked_add(figure.raw()).ok_or_else(|| large(term))?);
        }
        Ok(Valued { shown: self.shown(term, sum), figure: sum })
    }

    fn shown(&self, term: &Term, figure: Figure) -> StepInput {
        let (label, counted) = match term {
            Term::Figure(_) => (Label { zh: String::new(), en: String::new() }, ""),
            Term::Step(name) => {
                let label = self.programme.rule(name).map(|rule| rule.label.clone());
                (label.unwrap_or_else(|| Label { zh: name.clone(), en: name.clone() }), "")
            }
            Term::Input(unit, name) => match known(&self.programme.inputs, *unit, name) {
                Some(known) => (Label { zh: known.zh.to_owned(), en: known.en.to_owned() }, known.unit),
                None => (Label { zh: name.clone(), en: name.clone() }, ""),
            },
        };
        let value = match figure {
            Figure::Money(fen) => json!(fen),
            Figure::Number(number) => json!(plain(number)),
        };
        let unit = if counted.is_empty() { String::new() } else { format!(" {counted}") };
        let words = Label { zh: format!("{}{unit}", figure.zh()), en: format!("{}{unit}", figure.en()) };
        StepInput { name: term.to_string(), label, value, words }
    }

    /// The sum of `terms`, each with its words.
    pub(super) fn sum(&self, terms: &Terms, unit: Unit, at: usize) -> Result<(i64, Vec<Valued>), Lacking> {
        let mut lacking = Vec::new();
        let mut values = Vec::new();
        let mut failed = false;
        for term in &terms.0 {
            match self.figure(term, unit, at) {
                Ok(value) => values.push(value),
                Err(missing) => {
                    failed = true;
                    lacking.extend(missing);
                }
            }
        }
        if failed {
            return Err(lacking);
        }
        let large = || vec![Problem::AmountTooLarge { rule: "Σ".to_owned(), who: self.unit(unit, at).words() }];
        let sum = money::sum(values.iter().map(|value| value.figure.raw())).ok_or_else(large)?;
        Ok((sum, values))
    }
}

/// The steps on which the total rests. What a settlement will come to is not among
/// them: until it is known, what was expected stands.
fn needed(programme: &Programme) -> BTreeSet<&str> {
    let mut needed: BTreeSet<&str> = programme.result.total.iter().map(String::as_str).collect();
    // A rule rests on those above it only, so one way up finds all.
    for rule in programme.rules.iter().rev() {
        if needed.contains(rule.name.as_str()) {
            needed.extend(rests_on(rule));
        }
    }
    needed
}
