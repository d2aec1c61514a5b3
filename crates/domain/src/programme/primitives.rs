//! The eight primitives: what each does for one unit of its rule.

use serde_json::json;

use super::amount::{Stage, Step, StepInput};
use super::case::Given;
use super::evaluate::{Lacking, Run, Valued};
use super::figures::{self, Figure, ONE, Percent, WHOLE};
use super::rule::{Banded, Cap, Prepay, Said, Staged};
use super::term::{Term, Unit};
use super::words::{self, Told};
use super::{AmountProblem as Problem, Rule};
use crate::catalog::Label;
use crate::money;

impl<'a> Run<'a> {
    /// Computes `rule` for its `at`th unit; nothing where its conditions do not hold there.
    pub(super) fn step(&mut self, rule: &'a Rule, at: usize) -> Result<Option<i64>, Lacking> {
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
            let values = self.given(by, unit, at)?;
            own = cap
                .limits
                .iter()
                .find(|limit| values.iter().any(|value| matches!(value, Given::Text(text) if limit.is.contains(text))));
        }
        let limit = match own {
            Some(limit) => {
                let (fen, name) = (limit.amount.0, cap.by.as_ref().map(Term::to_string).unwrap_or_default());
                let words = Label { zh: figures::zh(fen), en: figures::en(fen) };
                let shown = StepInput { name, label: limit.label.clone(), value: json!(fen), words };
                Valued { figure: Figure::Money(fen), shown }
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
        // What is not known yet, of whichever part, is open, and no problem.
        let entitled = match self.skipped(&prepay.entitled, rule.of, at) {
            true => Err(Vec::new()),
            false => self.sum(&prepay.entitled, rule.of, at),
        };
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
