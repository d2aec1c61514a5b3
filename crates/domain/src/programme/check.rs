//! Whether a programme holds together: everything that is wrong with it at once,
//! for whoever edits it has the whole text before them.

use std::collections::{BTreeMap, BTreeSet};

use super::figures::{Percent, WHOLE};
use super::input::{InputType, known};
use super::rule::{Banded, Said};
use super::term::{Term, Unit, identifier};
use super::{Band, Condition, Figure, Programme, ProgrammeFault as Fault, ProgrammeProblem, Rule, Staged};
use crate::catalog::Label;

/// So many parts of one sort are more than any policy has.
const MOST: usize = 400;

pub(super) fn problems(programme: &Programme) -> Vec<ProgrammeProblem> {
    let mut check = Check { programme, found: Vec::new() };
    if check.too_large() {
        return vec![ProgrammeProblem { place: String::new(), fault: Fault::ProgrammeTooLarge }];
    }
    check.head();
    check.parts();
    check.inputs();
    for at in 0..programme.rules.len() {
        check.rule(at);
    }
    check.cycles();
    check.result();
    check.found
}

struct Check<'a> {
    programme: &'a Programme,
    found: Vec<ProgrammeProblem>,
}

impl Check<'_> {
    fn say(&mut self, place: &str, fault: Fault) {
        let problem = ProgrammeProblem { place: place.to_owned(), fault };
        if !self.found.contains(&problem) {
            self.found.push(problem);
        }
    }

    fn too_large(&self) -> bool {
        let programme = self.programme;
        let counts = [
            programme.rules.len(),
            programme.clauses.len(),
            programme.inputs.len(),
            programme.shares.len(),
            programme.categories.len(),
            programme.requirements.len(),
            programme.papers.len(),
            programme.exclusions.len(),
            programme.grades.len(),
            programme.clocks.len(),
            programme.applicants.len(),
        ];
        counts.into_iter().any(|count| count > MOST)
    }

    fn head(&mut self) {
        let programme = self.programme;
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if programme.code.is_empty() || programme.code.len() > 60 || !programme.code.bytes().all(fits) {
            self.say("code", Fault::ProgrammeCode { given: programme.code.clone() });
        }
        if programme.version == 0 {
            self.say("version", Fault::ProgrammeVersion);
        }
        self.label("name", &programme.name);
        if programme.issuer.trim().is_empty() {
            self.say("issuer", Fault::ProgrammeEmpty { text: "issuer".to_owned() });
        }
        self.dates("until", Some(programme.from), programme.until);
    }

    fn parts(&mut self) {
        let programme = self.programme;
        let mut names = BTreeSet::new();
        for clause in &programme.clauses {
            let place = format!("clause.{}", clause.name);
            self.name(&place, &clause.name, &mut names);
            self.label(&place, &clause.text);
            if clause.source.trim().is_empty() {
                self.say(&place, Fault::ProgrammeEmpty { text: "source".to_owned() });
            }
        }
        for (at, applicant) in programme.applicants.iter().enumerate() {
            self.clause(&format!("applicants[{}]", at + 1), &applicant.clause);
        }
        self.categories();
        let mut names = BTreeSet::new();
        for requirement in &programme.requirements {
            let place = format!("requirement.{}", requirement.name);
            self.name(&place, &requirement.name, &mut names);
            self.label(&place, &requirement.label);
            self.clause(&place, &requirement.clause);
            for condition in requirement.when.iter().chain(&requirement.all).chain(&requirement.any) {
                self.condition(&place, condition, requirement.of, usize::MAX);
            }
            if requirement.all.is_empty() && requirement.any.is_empty() {
                self.say(&place, Fault::ConditionEmpty { term: requirement.name.clone() });
            }
        }
        let mut names = BTreeSet::new();
        for exclusion in &programme.exclusions {
            let place = format!("excluded.{}", exclusion.name);
            self.name(&place, &exclusion.name, &mut names);
            self.label(&place, &exclusion.label);
            self.clause(&place, &exclusion.clause);
            if exclusion.words.is_empty() || exclusion.words.iter().any(|word| word.trim().is_empty()) {
                self.say(&place, Fault::WordsMissing);
            }
        }
        for (at, paper) in programme.papers.iter().enumerate() {
            let place = format!("paper[{}]", at + 1);
            self.clause(&place, &paper.clause);
            for condition in &paper.when {
                self.condition(&place, condition, Unit::Application, usize::MAX);
            }
        }
        let mut clocks = Vec::new();
        for clock in &programme.clocks {
            let place = format!("clock.{:?}", clock.name).to_lowercase();
            self.clause(&place, &clock.clause);
            if clock.length == 0 {
                self.say(&place, Fault::ClockEmpty);
            }
            if clocks.contains(&clock.name) {
                self.say(&place, Fault::NameTwice { name: place.clone() });
            }
            clocks.push(clock.name);
        }
        let mut names = BTreeSet::new();
        for grade in &programme.grades {
            let place = format!("grade.{}", grade.name);
            self.name(&place, &grade.name, &mut names);
            self.clause(&place, &grade.clause);
        }
        if !programme.grades.is_empty() {
            let bands: Vec<Band> = programme.grades.iter().map(super::Grade::band).collect();
            self.bands("grade", &bands, false);
        }
    }

    fn categories(&mut self) {
        let programme = self.programme;
        let span = |of: &super::Category| (of.from.unwrap_or(programme.from), of.until.or(programme.until));
        for (at, one) in programme.categories.iter().enumerate() {
            let place = format!("category[{}]", at + 1);
            let (from, until) = span(one);
            self.clause(&place, &one.clause);
            self.dates(&place, Some(from), until);
            let same_days = |other: &&super::Category| {
                let (other_from, other_until) = span(other);
                until.is_none_or(|until| other_from <= until) && other_until.is_none_or(|until| from <= until)
            };
            let mut names: BTreeSet<&String> =
                programme.categories[..at].iter().filter(same_days).flat_map(|other| &other.names).collect();
            for name in &one.names {
                if !names.insert(name) {
                    self.say(&place, Fault::CategoryTwice { name: name.clone() });
                }
            }
        }
    }

    fn inputs(&mut self) {
        let mut names = BTreeSet::new();
        for input in &self.programme.inputs {
            let place = format!("input.{}", input.name);
            if input.place().is_none() {
                self.say(&place, Fault::NameWrong { name: input.name.clone() });
            } else if !names.insert(&input.name) {
                self.say(&place, Fault::NameTwice { name: input.name.clone() });
            }
            self.label(&place, &input.label);
            if let Some(default) = &input.default
                && super::case::read(input.input_type, &default.as_str().into()).is_none()
            {
                let (expected, found) = (input.input_type.name().to_owned(), default.clone());
                self.say(&place, Fault::InputWrongType { input: input.name.clone(), expected, found });
            }
            if !input.lines.is_empty() && !input.input_type.is_number() {
                let (expected, found) = ("number".to_owned(), input.input_type.name().to_owned());
                self.say(&place, Fault::InputWrongType { input: input.name.clone(), expected, found });
            }
            if input.lines.iter().any(|word| word.trim().is_empty()) {
                self.say(&place, Fault::WordsMissing);
            }
        }
    }

    fn rule(&mut self, at: usize) {
        let rule = &self.programme.rules[at];
        let place = format!("rule.{}", rule.name);
        let mut above: BTreeSet<&String> = self.programme.rules[..at].iter().map(|rule| &rule.name).collect();
        self.name(&place, &rule.name, &mut above);
        self.label(&place, &rule.label);
        self.clause(&place, &rule.clause);
        for condition in &rule.when {
            self.condition(&place, condition, rule.of, at);
        }
        let said = rule.said();
        if said.len() != 1 {
            self.say(&place, Fault::PrimitiveCount { found: said.len().to_string() });
        }
        for said in said {
            for term in said.amounts() {
                self.term(&place, term, rule.of, at, &[InputType::Money]);
            }
            for condition in said.conditions() {
                self.condition(&place, condition, rule.of, at);
            }
            match said {
                Said::PerUnit(per) => {
                    self.term(&place, &per.quantity, rule.of, at, &[InputType::Count, InputType::Number]);
                }
                Said::Percent(percent) => self.percent(&place, percent.percent),
                Said::Cap(cap) => {
                    if let Some(by) = &cap.by {
                        self.term(&place, by, rule.of, at, &[InputType::Text]);
                    }
                    let mut types = BTreeSet::new();
                    for limit in &cap.limits {
                        self.label(&place, &limit.label);
                        for one in limit.is.iter().filter(|one| !types.insert(*one)) {
                            self.say(&place, Fault::NameTwice { name: one.clone() });
                        }
                    }
                }
                Said::Band(band) => self.banded(&place, band, rule, at),
                Said::Staged(staged) => self.staged(&place, staged, rule, at),
                Said::Prepay(prepay) => {
                    self.percent(&place, prepay.percent);
                    if prepay.percent.0 > WHOLE {
                        self.say(&place, Fault::PercentWrong { percent: prepay.percent.to_string() });
                    }
                }
                Said::Fixed(_) | Said::Matching(_) => {}
            }
        }
    }

    fn banded(&mut self, place: &str, banded: &Banded, rule: &Rule, at: usize) {
        let money = matches!(banded.bands.first().map(|band| band.from), Some(Figure::Money(_)));
        let types: &[InputType] = if money { &[InputType::Money] } else { &[InputType::Number, InputType::Count] };
        self.term(place, &banded.score, rule.of, at, types);
        self.bands(place, &banded.bands, banded.base.is_some());
    }

    fn bands(&mut self, place: &str, bands: &[Band], based: bool) {
        if bands.is_empty() {
            self.say(place, Fault::BandsMissing);
        }
        for band in bands {
            let other_kind = bands[0].from.compare(band.from).is_none();
            let edges = [band.below, band.to].into_iter().flatten();
            let reversed = edges.clone().any(|edge| {
                let order = edge.compare(band.from);
                order.is_none_or(std::cmp::Ordering::is_lt)
                    || (band.below == Some(edge) && order.is_some_and(std::cmp::Ordering::is_eq))
            });
            if other_kind || reversed || (band.below.is_some() && band.to.is_some()) {
                self.say(place, Fault::BandReversed { band: band.words() });
            }
            if band.amount.is_some() == band.percent.is_some() || (band.percent.is_some() && !based) {
                self.say(place, Fault::BandWorth { band: band.words() });
            }
        }
        let mut sorted: Vec<&Band> = bands.iter().collect();
        sorted.sort_by_key(|band| band.from.raw());
        for pair in sorted.windows(2) {
            let (low, high) = (pair[0], pair[1]);
            let end = low.end().map(Figure::raw);
            if end.is_none_or(|end| end > high.from.raw()) {
                let (score, first, second) = (high.from.zh(), low.words(), high.words());
                self.say(place, Fault::BandsOverlap { score, first, second });
            } else if let Some(end) = low.end().filter(|end| end.raw() < high.from.raw()) {
                self.say(place, Fault::BandsGap { from: end.zh(), until: high.from.zh() });
            }
        }
    }

    fn staged(&mut self, place: &str, staged: &Staged, rule: &Rule, at: usize) {
        if let Some(reached) = &staged.reached {
            self.term(place, reached, rule.of, at, &[InputType::Text]);
        }
        let mut names = BTreeSet::new();
        for (number, stage) in staged.stages.iter().enumerate() {
            let place = format!("{place}.{}", stage.name);
            self.name(&place, &stage.name, &mut names);
            self.label(&place, &stage.label);
            self.percent(&place, stage.percent);
            let last = number + 1 == staged.stages.len();
            if stage.retention && (!last || stage.when.is_empty()) {
                self.say(&place, Fault::RetentionOpen);
            }
        }
        self.whole(place, staged.stages.iter().map(|stage| stage.percent));
    }

    fn result(&mut self) {
        let programme = self.programme;
        if programme.rules.is_empty() || programme.result.total.is_empty() {
            self.say("result", Fault::NothingPaid);
        }
        let mut total = BTreeSet::new();
        for step in &programme.result.total {
            if programme.rule(step).is_none() {
                self.say("result", Fault::StepUnknown { step: step.clone() });
            }
            if !total.insert(step.as_str()) {
                self.say("result", Fault::NameTwice { name: step.clone() });
            }
        }
        for step in programme.result.asked.iter().filter(|step| !total.contains(step.as_str())) {
            self.say("result", Fault::StepUnknown { step: step.clone() });
        }
        let mut shared: BTreeMap<&str, Vec<Option<Percent>>> = BTreeMap::new();
        for (at, share) in programme.shares.iter().enumerate() {
            let place = format!("share[{}]", at + 1);
            self.label(&place, &share.label);
            self.clause(&place, &share.clause);
            if !total.contains(share.step.as_str()) {
                self.say(&place, Fault::StepUnknown { step: share.step.clone() });
            }
            if let Some(percent) = share.percent {
                self.percent(&place, percent);
            }
            shared.entry(&share.step).or_default().push(share.percent);
        }
        for (step, percents) in &shared {
            let whole = |percent: &Option<Percent>| percent.unwrap_or(Percent(WHOLE));
            self.whole(&format!("share.{step}"), percents.iter().map(whole));
        }
        if !programme.shares.is_empty() {
            for step in total.into_iter().filter(|step| !shared.contains_key(step)) {
                self.say("share", Fault::SharesIncomplete { step: step.to_owned() });
            }
        }
    }

    /// Steps that wait for each other: named once, as a round.
    fn cycles(&mut self) {
        let rules = &self.programme.rules;
        let waits: BTreeMap<&str, BTreeSet<&str>> =
            rules.iter().map(|rule| (rule.name.as_str(), steps(rule).collect())).collect();
        // What waits for nothing that is left is taken away, until only rounds are left.
        let mut left = waits.clone();
        loop {
            let names: BTreeSet<&str> = left.keys().copied().collect();
            let free: Vec<&str> = left.iter().filter(|(_, on)| on.is_disjoint(&names)).map(|(name, _)| *name).collect();
            if free.is_empty() {
                break;
            }
            free.into_iter().for_each(|name| drop(left.remove(name)));
        }
        while let Some(first) = left.keys().next().copied() {
            let mut round = vec![first];
            let mut at = first;
            while let Some(next) = left.get(at).and_then(|on| on.iter().find(|name| left.contains_key(**name))) {
                if let Some(from) = round.iter().position(|name| name == next) {
                    let names = [&round[from..], &[*next]].concat();
                    self.say(&format!("rule.{next}"), Fault::StepCycle { steps: names.join(" → ") });
                    break;
                }
                round.push(next);
                at = next;
            }
            round.into_iter().for_each(|name| drop(left.remove(name)));
        }
    }

    fn condition(&mut self, place: &str, condition: &Condition, of: Unit, at: usize) {
        use InputType::{Count, Date, Money, Number, Text, YesNo};
        if condition.tests() == 0 {
            self.say(place, Fault::ConditionEmpty { term: condition.of.to_string() });
        }
        let bound = condition.at_least.or(condition.below);
        let types: &[InputType] = match bound {
            _ if condition.yes.is_some() => &[YesNo],
            _ if condition.months_ago.is_some() => &[Date],
            _ if !condition.grade.is_empty() => &[Number, Count],
            _ if !condition.is.is_empty() || !condition.not.is_empty() => &[Text],
            Some(Figure::Money(_)) => &[Money],
            Some(Figure::Number(_)) => &[Number, Count],
            None => &[Money, Number, Count, Text, YesNo, Date],
        };
        self.term(place, &condition.of, of, at, types);
        for grade in &condition.grade {
            if !self.programme.grades.iter().any(|known| known.name == *grade) {
                self.say(place, Fault::GradeUnknown { grade: grade.clone() });
            }
        }
    }

    /// `term` can be had where the rule at `at`, for each `of`, asks for it.
    fn term(&mut self, place: &str, term: &Term, of: Unit, at: usize, types: &[InputType]) {
        let expected = || types.iter().map(|one| one.name()).collect::<Vec<_>>().join("|");
        let wrong = |found: &str| Fault::InputWrongType {
            input: term.to_string(),
            expected: expected(),
            found: found.to_owned(),
        };
        match term {
            Term::Figure(_) if types.contains(&InputType::Money) => {}
            Term::Figure(_) => self.say(place, wrong("money")),
            Term::Input(unit, name) => match known(&self.programme.inputs, *unit, name) {
                None => self.say(place, Fault::InputUnknown { input: term.to_string() }),
                Some(known) if !types.contains(&known.input_type) => {
                    self.say(place, wrong(known.input_type.name()));
                }
                Some(_) => {}
            },
            Term::Step(name) => {
                let Some(found) = self.programme.rules.iter().position(|rule| rule.name == *name) else {
                    return self.say(place, Fault::StepUnknown { step: name.clone() });
                };
                if found >= at {
                    self.say(place, Fault::StepLater { step: name.clone() });
                }
                if self.programme.rules[found].of < of {
                    self.say(place, Fault::StepCoarser { term: name.clone() });
                }
                if !types.contains(&InputType::Money) {
                    self.say(place, wrong("money"));
                }
            }
        }
    }

    fn whole(&mut self, place: &str, percents: impl Iterator<Item = Percent>) {
        let sum = percents.fold(0_i64, |sum, percent| sum.saturating_add(percent.0));
        if sum != WHOLE {
            self.say(place, Fault::SharesNotWhole { percent: Percent(sum).to_string() });
        }
    }

    fn percent(&mut self, place: &str, percent: Percent) {
        if percent.0 <= 0 || percent.0 > 100 * WHOLE {
            self.say(place, Fault::PercentWrong { percent: percent.to_string() });
        }
    }

    fn dates(&mut self, place: &str, from: Option<chrono::NaiveDate>, until: Option<chrono::NaiveDate>) {
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            self.say(place, Fault::DatesReversed { from: from.to_string(), until: until.to_string() });
        }
    }

    fn clause(&mut self, place: &str, clause: &str) {
        if clause.is_empty() {
            self.say(place, Fault::ClauseMissing);
        } else if self.programme.clause(clause).is_none() {
            self.say(place, Fault::ClauseUnknown { clause: clause.to_owned() });
        }
    }

    fn label(&mut self, place: &str, label: &Label) {
        if label.zh.trim().is_empty() || label.en.trim().is_empty() {
            self.say(place, Fault::ProgrammeEmpty { text: "zh/en".to_owned() });
        }
    }

    fn name<'n>(&mut self, place: &str, name: &'n String, names: &mut BTreeSet<&'n String>) {
        if identifier(name).is_none() {
            self.say(place, Fault::NameWrong { name: name.clone() });
        }
        if !names.insert(name) {
            self.say(place, Fault::NameTwice { name: name.clone() });
        }
    }
}

/// The steps that a rule waits for.
fn steps(rule: &Rule) -> impl Iterator<Item = &str> {
    let entitled = rule.said().into_iter().filter_map(|said| match said {
        Said::Prepay(prepay) => Some(&prepay.entitled.0),
        _ => None,
    });
    rests_on(rule).chain(entitled.flatten().filter_map(step_of))
}

/// The steps without which a rule comes to nothing.
pub(super) fn rests_on(rule: &Rule) -> impl Iterator<Item = &str> {
    let mut terms: Vec<&Term> = rule.when.iter().map(|condition| &condition.of).collect();
    for said in rule.said() {
        terms.extend(match said {
            Said::Prepay(prepay) => prepay.provisional.0.iter().collect(),
            said => said.amounts(),
        });
        terms.extend(said.conditions().into_iter().map(|condition| &condition.of));
        match said {
            Said::PerUnit(per) => terms.push(&per.quantity),
            Said::Band(band) => terms.push(&band.score),
            Said::Cap(cap) => terms.extend(&cap.by),
            Said::Staged(staged) => terms.extend(&staged.reached),
            _ => {}
        }
    }
    terms.into_iter().filter_map(step_of)
}

fn step_of(term: &Term) -> Option<&str> {
    match term {
        Term::Step(name) => Some(name),
        _ => None,
    }
}
