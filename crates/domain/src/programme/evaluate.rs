//! The computation itself: each rule for each of its units, in order.
//!
//! A rule that cannot be computed is noted once, with what it lacks; what builds
//! on it stays silent, so that a person reads causes and no consequences.

use std::collections::BTreeMap;

use serde_json::json;

use super::amount::{Of, Stage, Step, StepInput};
use super::case::{Given, MOST_UNITS, read};
use super::figures::{self, Figure, ONE, Percent, WHOLE, plain};
use super::input::{InputType, known};
use super::rule::{Banded, Cap, Prepay, Said, Staged};
use super::term::{Term, Terms, Unit};
use super::words::{self, Told};
use super::{AmountProblem as Problem, Case, Condition, Programme, Rule};
use crate::catalog::Label;
use crate::{Value, money};

/// What a rule came to for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Its conditions do not hold there.
    Skipped,
    /// 分.
    Amount(i64),
    /// It could not be computed.
    Failed,
}

/// Why something has no value: what is missing; nothing where that was said elsewhere.
type Lacking = Vec<Problem>;

/// A value with the words for it.
#[derive(Debug, Clone)]
pub(super) struct Valued {
    pub(super) figure: Figure,
    pub(super) shown: StepInput,
}

/// One computation.
pub(super) struct Run<'a> {
    programme: &'a Programme,
    case: &'a Case,
    outcomes: BTreeMap<&'a str, Vec<Outcome>>,
    /// For each works, the place of its village in the case.
    villages: Vec<Option<usize>>,
    pub(super) trace: Vec<Step>,
    pub(super) stages: Vec<Stage>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Run<'a> {
    pub(super) fn of(programme: &'a Programme, case: &'a Case) -> Self {
        let mut run = Self {
            programme,
            case,
            outcomes: BTreeMap::new(),
            villages: Vec::new(),
            trace: Vec::new(),
            stages: Vec::new(),
            problems: Vec::new(),
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
        let village = |fields: &crate::Fields| {
            fields.get("village").and_then(Value::as_str).and_then(|id| places.get(id).copied())
        };
        run.villages = case.works.iter().map(village).collect();
        run
    }

    /// Computes every rule; what cannot be is in `problems`.
    pub(super) fn steps(&mut self) {
        if !self.problems.is_empty() {
            return;
        }
        for rule in &self.programme.rules {
            let count = self.case.count(rule.of);
            if count == 0 && self.programme.result.total.contains(&rule.name) {
                let (rule, unit) = (rule.label.zh.clone(), rule.of.name().to_owned());
                self.problems.push(Problem::AmountNothingToPay { rule, unit });
            }
            let mut outcomes = Vec::with_capacity(count);
            for at in 0..count {
                outcomes.push(match self.step(rule, at) {
                    Ok(Some(result)) => Outcome::Amount(result),
                    Ok(None) => Outcome::Skipped,
                    Err(lacking) => {
                        self.problems.extend(lacking);
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
        let mut lacking = Vec::new();
        for condition in conditions {
            match self.holds(condition, unit, at) {
                Ok(true) => {}
                Ok(false) => return Ok(false),
                Err(missing) => lacking.extend(missing),
            }
        }
        if lacking.is_empty() { Ok(true) } else { Err(lacking) }
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

    /// The places of the units of `inner` that belong to the `at`th of `unit`.
    fn within(&self, unit: Unit, at: usize, inner: Unit) -> Vec<usize> {
        match (unit, inner) {
            (Unit::Village, Unit::Works) => {
                (0..self.villages.len()).filter(|works| self.villages[*works] == Some(at)).collect()
            }
            _ => (0..self.case.count(inner)).collect(),
        }
    }

    /// The values of `term` as they are seen from the `at`th of `unit`.
    fn given(&self, term: &Term, unit: Unit, at: usize) -> Result<Vec<Given>, Lacking> {
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
            let expected = known.input_type.name().to_owned();
            vec![Problem::AmountInputWrong { input: full, label, who: of(), given, expected }]
        })
    }

    /// `term` as a figure, with the words for it.
    fn figure(&self, term: &Term, unit: Unit, at: usize) -> Result<Valued, Lacking> {
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
    fn sum(&self, terms: &Terms, unit: Unit, at: usize) -> Result<(i64, Vec<Valued>), Lacking> {
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

    fn step(&mut self, rule: &'a Rule, at: usize) -> Result<Option<i64>, Lacking> {
        if !self.hold(&rule.when, rule.of, at)? {
            return Ok(None);
        }
        let of = self.unit(rule.of, at);
        let large = || vec![Problem::AmountTooLarge { rule: rule.label.zh.clone(), who: of.words() }];
        let Some(said) = rule.said().first().copied() else { return Err(Vec::new()) };
        let told = match said {
            Said::Fixed(fixed) => words::fixed(fixed.amount.0),
            Said::PerUnit(per) => {
                let count = self.figure(&per.quantity, rule.of, at)?;
                let (amount, exact) = money::part(per.price.0, count.figure.raw(), ONE).ok_or_else(large)?;
                words::per_unit(count, per.price.0, amount, exact)
            }
            Said::Percent(percent) => {
                let (base, values) = self.sum(&percent.base, rule.of, at)?;
                let (amount, exact) = money::part(base, percent.percent.0, WHOLE).ok_or_else(large)?;
                words::percent(values, percent.percent, amount, exact)
            }
            Said::Matching(matching) => {
                let (base, values) = self.sum(&matching.to, rule.of, at)?;
                let ratio = matching.ratio;
                let (amount, exact) = money::part(base, ratio.given, ratio.matched).ok_or_else(large)?;
                words::matching(values, ratio, amount, exact)
            }
            Said::Cap(cap) => self.capped(cap, rule.of, at)?,
            Said::Band(band) => self.banded(band, rule, at)?,
            Said::Staged(staged) => self.staged(staged, rule, at)?,
            Said::Prepay(prepay) => self.prepaid(prepay, rule, at)?,
        };
        let clause = self.programme.clause(&rule.clause);
        self.trace.push(Step {
            rule: rule.name.clone(),
            label: rule.label.clone(),
            primitive: said.primitive(),
            clause: self.programme.cite(&rule.clause),
            clause_text: clause.map_or_else(|| rule.label.clone(), |clause| clause.text.clone()),
            source: clause.map(|clause| clause.source.clone()).unwrap_or_default(),
            inferred: clause.is_some_and(|clause| clause.inferred),
            of,
            inputs: told.inputs,
            result: told.result,
            words: told.words,
        });
        Ok(Some(told.result))
    }

    fn capped(&self, cap: &Cap, unit: Unit, at: usize) -> Result<Told, Lacking> {
        let (sum, values) = self.sum(&cap.on, unit, at)?;
        let mut own = None;
        if let Some(by) = &cap.by {
            let text = self.given(by, unit, at)?.into_iter().find_map(|value| match value {
                Given::Text(text) => Some(text),
                _ => None,
            });
            own = text.as_ref().and_then(|text| cap.amounts.get(text)).copied().zip(text.clone());
        }
        let limit = match own {
            Some((fen, kind)) => {
                let term = cap.by.as_ref().map(Term::to_string).unwrap_or_default();
                let label = Label { zh: kind.clone(), en: kind };
                let words = Label { zh: figures::zh(fen.0), en: figures::en(fen.0) };
                Valued {
                    figure: Figure::Money(fen.0),
                    shown: StepInput { name: term, label, value: json!(fen.0), words },
                }
            }
            None => self.figure(&cap.at, unit, at)?,
        };
        Ok(words::cap(sum, values, limit))
    }

    fn banded(&self, banded: &Banded, rule: &Rule, at: usize) -> Result<Told, Lacking> {
        let score = self.figure(&banded.score, rule.of, at)?;
        let of = || self.unit(rule.of, at).words();
        let Some(band) = banded.bands.iter().find(|band| band.holds(score.figure)) else {
            let (rule, score) = (rule.label.zh.clone(), score.figure.zh());
            return Err(vec![Problem::AmountNoBand { rule, who: of(), score }]);
        };
        match (band.amount, band.percent, &banded.base) {
            (Some(amount), ..) => Ok(words::band(score, band, amount.0)),
            (None, Some(percent), Some(base)) => {
                let (sum, values) = self.sum(base, rule.of, at)?;
                let large = || vec![Problem::AmountTooLarge { rule: rule.label.zh.clone(), who: of() }];
                let (amount, exact) = money::part(sum, percent.0, WHOLE).ok_or_else(large)?;
                Ok(words::band_of(score, band, words::percent(values, percent, amount, exact)))
            }
            _ => Err(Vec::new()),
        }
    }

    fn staged(&mut self, staged: &Staged, rule: &Rule, at: usize) -> Result<Told, Lacking> {
        let (base, values) = self.sum(&staged.base, rule.of, at)?;
        let of = self.unit(rule.of, at);
        let large = || vec![Problem::AmountTooLarge { rule: rule.label.zh.clone(), who: of.words() }];
        // What may be paid up to a stage is rounded, and a stage is what it adds: so no
        // payment ever runs ahead of its share, and the last one completes the whole.
        let (mut share, mut before, mut parts) = (0, 0, Vec::new());
        for stage in &staged.stages {
            share += stage.percent.0;
            let (until, _) = money::part(base, share, WHOLE).ok_or_else(large)?;
            parts.push(until - std::mem::replace(&mut before, until));
        }
        let place = |text: &str| staged.stages.iter().position(|stage| stage.name == text);
        let reached = staged.reached.as_ref().map(|term| self.given(term, rule.of, at));
        // Of several works the one that lags behind decides; what is none of the stages comes before the first.
        let reached = reached.map(|values| {
            values.map(|values| {
                let places = values.into_iter().map(|value| match value {
                    Given::Text(text) => place(&text).map_or(0, |at| at + 1),
                    _ => 0,
                });
                places.min().unwrap_or(0)
            })
        });
        let mut stages = Vec::new();
        for (number, (stage, amount)) in staged.stages.iter().zip(&parts).enumerate() {
            let held = self.hold(&stage.when, rule.of, at);
            let (due, unknown) = match (&reached, held) {
                (Some(Ok(reached)), _) if number >= *reached && !stage.retention => (Some(false), Vec::new()),
                // What is held back becomes due by its condition, once all before it is reached.
                (Some(Ok(reached)), _) if stage.retention && *reached < number => (Some(false), Vec::new()),
                (None | Some(Ok(_)), Ok(due)) => (Some(due), Vec::new()),
                (None | Some(Ok(_)), Err(lacking)) => (None, lacking),
                (Some(Err(lacking)), _) => (None, lacking.clone()),
            };
            stages.push(Stage {
                rule: rule.name.clone(),
                of: of.clone(),
                name: stage.name.clone(),
                label: stage.label.clone(),
                percent: Some(stage.percent.to_string()),
                amount: *amount,
                due,
                retention: stage.retention,
                unknown,
            });
        }
        let told = words::staged(base, values, &stages);
        self.stages.extend(stages);
        Ok(told)
    }

    fn prepaid(&mut self, prepay: &Prepay, rule: &Rule, at: usize) -> Result<Told, Lacking> {
        let (provisional, expected) = self.sum(&prepay.provisional, rule.of, at)?;
        let of = self.unit(rule.of, at);
        let large = || vec![Problem::AmountTooLarge { rule: rule.label.zh.clone(), who: of.words() }];
        let (advance, exact) = money::part(provisional, prepay.percent.0, WHOLE).ok_or_else(large)?;
        // What is not known yet is open, and no problem.
        let skipped = |term: &Term| match term {
            Term::Step(name) => {
                let outcome = self.outcomes.get(name.as_str()).and_then(|outcomes| outcomes.get(at));
                self.programme.rule(name).is_some_and(|step| step.of == rule.of) && outcome == Some(&Outcome::Skipped)
            }
            _ => false,
        };
        let open = prepay.entitled.0.iter().any(skipped);
        let entitled = if open { Err(Vec::new()) } else { self.sum(&prepay.entitled, rule.of, at) };
        let unknown = entitled.as_ref().err().cloned().unwrap_or_default();
        let known = entitled.ok();
        let due = known.as_ref().map(|(sum, _)| *sum);
        let rest = due.unwrap_or(provisional).checked_sub(advance).ok_or_else(large)?;
        let stage = |name: &str, label: Label, percent: Option<Percent>, amount: i64, due: Option<bool>| Stage {
            rule: rule.name.clone(),
            of: of.clone(),
            name: name.to_owned(),
            label,
            percent: percent.as_ref().map(Percent::to_string),
            amount,
            due,
            retention: false,
            unknown: if name == "settlement" { unknown.clone() } else { Vec::new() },
        };
        let stages = [
            stage("advance", words::label("预拨", "Advance"), Some(prepay.percent), advance, Some(true)),
            stage("settlement", words::label("清算", "Settlement"), None, rest, due.map(|_| true)),
        ];
        self.stages.extend(stages);
        Ok(words::prepay(expected, prepay.percent, (advance, exact), known, provisional))
    }
}
