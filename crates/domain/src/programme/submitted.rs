//! From an application's records to its case, and what the frozen programme makes
//! of it: the same functions on the laptop and at the district, so that what is
//! asked for can be held against what is due, and nobody types what a record holds.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use ts_rs::TS;

use super::figures::{ONE, number, plain};
use super::input::{Input, InputType, STANDARD};
use super::term::Unit;
use super::{Amount, AmountProblem, Case, Level, Programme, ProgrammeProblem};
use crate::indicator::reference;
use crate::submission::Submission;
use crate::views::{Acceptance, Progress, Works};
use crate::{Fields, Record, RecordId, Value, money};

/// What an application comes to, beside what it asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeRecomputed")]
pub struct Recomputed {
    /// The amount; nothing where it cannot be computed.
    pub amount: Option<Amount>,
    /// Why it cannot.
    pub problems: Vec<AmountProblem>,
    /// What stands in the application and is not what was computed.
    pub differences: Vec<Differs>,
}

/// A sum of the application that is not what the programme comes to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ProgrammeDiffers")]
pub struct Differs {
    /// The field of the application: `requested`, `central` …
    pub field: String,
    /// What stands there, in 分; nothing where it is empty.
    #[ts(type = "number | null")]
    pub said: Option<i64>,
    /// What was computed, in 分.
    #[ts(type = "number")]
    pub computed: i64,
}

/// What the programme that the application froze makes of it on the day `today`;
/// nothing where it has none.
///
/// # Errors
/// When the frozen text is no programme (any more).
pub fn recompute(submission: &Submission, today: NaiveDate) -> Option<Result<Recomputed, Vec<ProgrammeProblem>>> {
    let text = submission.programme.as_ref()?.text("rules")?;
    Some(Programme::parse(text).map(|programme| programme.recompute(submission, today)))
}

impl Programme {
    /// What this programme makes of an application, beside what it asks for.
    #[must_use]
    pub fn recompute(&self, submission: &Submission, today: NaiveDate) -> Recomputed {
        let amount = match self.amount(&Case::of(submission, self, today)) {
            Ok(amount) => amount,
            Err(problems) => return Recomputed { amount: None, problems, differences: Vec::new() },
        };
        let mut computed = vec![("requested", amount.asked)];
        for share in &amount.shares {
            let field = share.level.field();
            match computed.iter_mut().find(|(name, _)| *name == field) {
                Some((_, sum)) => *sum = sum.saturating_add(share.amount),
                None => computed.push((field, share.amount)),
            }
        }
        let said = |field: &str| submission.application.integer(field);
        // Where the sources are not filled in one by one, only the sum can differ.
        let asked = |field: &str| field == "requested" || said(field).is_some() || said("total").is_some();
        let differences = computed.into_iter().filter(|(field, _)| asked(field)).filter_map(|(field, computed)| {
            let (said, blank) = (said(field), field != "requested");
            let equal = said == Some(computed) || (blank && said.is_none() && computed == 0);
            (!equal).then(|| Differs { field: field.to_owned(), said, computed })
        });
        Recomputed { differences: differences.collect(), amount: Some(amount), problems: Vec::new() }
    }
}

/// The sources of an application's money. Once its total is filled, an empty one brings nothing.
const SOURCES: [Level; 10] = [
    Level::Central,
    Level::Province,
    Level::City,
    Level::District,
    Level::Town,
    Level::Village,
    Level::Villagers,
    Level::Labour,
    Level::Social,
    Level::Other,
];

impl Case {
    /// The inputs that an application's records hold, as the rules of `programme` name them.
    #[must_use]
    pub fn of(submission: &Submission, programme: &Programme, today: NaiveDate) -> Self {
        let from = From { submission, inputs: &programme.inputs };
        Self {
            date: Some(today),
            application: from.application(),
            villages: submission.villages.iter().map(|village| from.village(village)).collect(),
            works: submission.works.iter().map(|works| from.works(works)).collect(),
        }
    }
}

struct From<'a> {
    submission: &'a Submission,
    inputs: &'a [Input],
}

impl From<'_> {
    fn application(&self) -> Fields {
        let submission = self.submission;
        let mut fields = standard(Unit::Application, &submission.application);
        if fields.contains_key("total") {
            for source in SOURCES {
                fields.entry(source.field().to_owned()).or_insert_with(|| json!(0));
            }
        }
        put(&mut fields, "estimate", estimate(&submission.lines).map(Value::from));
        put(&mut fields, "prepaid", prepaid(submission).map(Value::from));
        if !submission.water_bodies.is_empty() {
            fields.insert("water_bodies".to_owned(), json!(submission.water_bodies.len()));
            let areas = submission.water_bodies.iter().map(|body| body.text("area").and_then(number));
            let area = areas.collect::<Option<Vec<_>>>().and_then(money::sum);
            put(&mut fields, "water_area", area.map(|area| json!(plain(area))));
        }
        put(&mut fields, "evaluation_score", evaluated(submission, "review").map(Value::from));
        self.declared(Unit::Application, None, &mut fields, &submission.lines.iter().collect::<Vec<_>>());
        fields
    }

    fn village(&self, village: &Record) -> Fields {
        let submission = self.submission;
        let mut fields = named(Unit::Village, village);
        let own = |acceptance: &&Record| {
            reference(acceptance, "village") == Some(village.id) && acceptance.text("subject") == Some("village")
        };
        let acceptances: Vec<&Record> = submission.acceptances.iter().filter(own).collect();
        let scored = passed(&acceptances).filter(|acceptance| acceptance.text("score").is_some());
        let latest = scored.max_by_key(|acceptance| (acceptance.text("held_on"), acceptance.id));
        put(&mut fields, "acceptance_score", latest.and_then(|one| one.text("score")).map(Value::from));
        put(&mut fields, "accepted_level", level(&acceptances).map(Value::from));
        let only = submission.villages.len() == 1;
        let works: Vec<RecordId> = submission
            .works
            .iter()
            .filter(|works| reference(works, "village") == Some(village.id))
            .map(|works| works.id)
            .collect();
        let here = |line: &&Record| reference(line, "works").map_or(only, |of| works.contains(&of));
        let lines: Vec<&Record> = submission.lines.iter().filter(here).collect();
        put(&mut fields, "estimate", estimate(lines.iter().copied()).map(Value::from));
        self.declared(Unit::Village, Some(village.id), &mut fields, &lines);
        fields
    }

    fn works(&self, works: &Record) -> Fields {
        let submission = self.submission;
        let mut fields = named(Unit::Works, works);
        put(&mut fields, "village", reference(works, "village").map(|id| json!(id.to_string())));
        let contracts: Vec<&Record> = submission
            .contracts
            .iter()
            .filter(|contract| {
                reference(contract, "works") == Some(works.id) && contract.items("more_works").is_empty()
            })
            .filter(|contract| contract.text("sort").is_none_or(|sort| sort == "construction"))
            .filter(|contract| !matches!(contract.state.as_deref(), Some("drafted" | "terminated")))
            .collect();
        // What the works itself says comes before what its contracts add up to.
        for (input, field) in [("contract_amount", "amount"), ("settled_amount", "settled_amount")] {
            let amounts = contracts.iter().map(|contract| contract.integer(field)).collect::<Option<Vec<_>>>();
            let sum = amounts.filter(|amounts| !amounts.is_empty()).and_then(money::sum);
            if let (false, Some(sum)) = (fields.contains_key(input), sum) {
                fields.insert(input.to_owned(), json!(sum));
            }
        }
        let contract_ids: Vec<RecordId> = contracts.iter().map(|contract| contract.id).collect();
        let own = |acceptance: &&Record| {
            let acceptance = Acceptance(acceptance);
            acceptance.works() == Some(works.id)
                || acceptance.contract().is_some_and(|contract| contract_ids.contains(&contract))
        };
        let acceptances: Vec<&Record> = submission.acceptances.iter().filter(own).collect();
        let first = passed(&acceptances).filter_map(|one| one.text("held_on")).min().map(str::to_owned);
        if let (false, Some(first)) = (fields.contains_key("accepted_on"), first) {
            fields.insert("accepted_on".to_owned(), json!(first));
        }
        put(&mut fields, "accepted_level", level(&acceptances).map(Value::from));
        put(&mut fields, "outcome_score", evaluated(submission, "effect").map(Value::from));
        let accepted = fields.contains_key("accepted_on") || Works(works).is_accepted();
        put(&mut fields, "stage", Some(json!(stage(works, &submission.progress, accepted))));
        let lines: Vec<&Record> =
            submission.lines.iter().filter(|line| reference(line, "works") == Some(works.id)).collect();
        put(&mut fields, "estimate", estimate(lines.iter().copied()).map(Value::from));
        self.declared(Unit::Works, Some(works.id), &mut fields, &lines);
        fields
    }

    /// The inputs of the programme's own: counted from estimate lines, else as a person
    /// gave them for this application, village or works; the latest counts.
    fn declared(&self, unit: Unit, owner: Option<RecordId>, fields: &mut Fields, lines: &[&Record]) {
        for input in self.inputs {
            let Some(name) = input.place().filter(|(of, _)| *of == unit).map(|(_, name)| name) else { continue };
            let of_owner = |figure: &&Record| {
                let of = reference(figure, "works").or(reference(figure, "village"));
                figure.text("input") == Some(name) && of == owner
            };
            let given = self.submission.figures.iter().filter(of_owner);
            let given = given.max_by_key(|figure| (figure.text("dated"), figure.id));
            let given = given.and_then(|figure| figure.fields.get("value")).cloned();
            put(fields, name, counted(input, lines).or(given));
        }
    }
}

/// What the lines that speak of `input` come to; nothing where none does.
fn counted(input: &Input, lines: &[&Record]) -> Option<Value> {
    let says = |line: &&&Record| {
        let text = |field: &str| line.text(field).unwrap_or_default();
        input.lines.iter().any(|word| text("content").contains(word) || text("part").contains(word))
    };
    let values = lines.iter().filter(says).map(|line| match input.input_type {
        InputType::Money => line.integer("amount"),
        _ => line.text("quantity").and_then(number),
    });
    let sum = values.collect::<Option<Vec<_>>>().filter(|values| !values.is_empty()).and_then(money::sum)?;
    Some(match input.input_type {
        InputType::Money => json!(sum),
        InputType::Count if sum % ONE == 0 => json!(sum / ONE),
        _ => json!(plain(sum)),
    })
}

/// The record's fields that rules may use.
fn standard(unit: Unit, record: &Record) -> Fields {
    let fields = STANDARD.iter().filter(|input| input.unit == unit && !input.counted);
    let filled = fields.filter_map(|input| {
        let value = record.fields.get(input.name).filter(|value| !value.is_null())?;
        Some((input.name.to_owned(), value.clone()))
    });
    filled.collect()
}

fn named(unit: Unit, record: &Record) -> Fields {
    let mut fields = standard(unit, record);
    fields.insert("id".to_owned(), json!(record.id.to_string()));
    put(&mut fields, "name", record.text("name").map(Value::from));
    fields
}

fn put(fields: &mut Fields, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        fields.insert(name.to_owned(), value);
    }
}

/// What the lines come to; nothing where there are none, or one has no amount.
fn estimate<'r>(lines: impl IntoIterator<Item = &'r Record>) -> Option<i64> {
    let amounts = lines.into_iter().map(|line| line.integer("amount")).collect::<Option<Vec<_>>>()?;
    if amounts.is_empty() { None } else { money::sum(amounts) }
}

/// What was paid in advance and not undone; nothing where there is no entry at all.
fn prepaid(submission: &Submission) -> Option<i64> {
    let undone: Vec<RecordId> = submission.funds.iter().filter_map(|entry| reference(entry, "reverses")).collect();
    let advances =
        submission.funds.iter().filter(|entry| entry.text("sort") == Some("advance") && !undone.contains(&entry.id));
    let amounts: Vec<i64> = advances.filter_map(|entry| entry.integer("amount")).collect();
    if submission.funds.is_empty() { None } else { money::sum(amounts) }
}

fn passed<'r>(acceptances: &'r [&'r Record]) -> impl Iterator<Item = &'r Record> {
    acceptances.iter().copied().filter(|acceptance| Acceptance(acceptance).passed())
}

/// The highest level whose acceptance was passed.
fn level(acceptances: &[&Record]) -> Option<String> {
    const LEVELS: [&str; 4] = ["township", "county", "city", "province"];
    let place = |record: &Record| LEVELS.iter().position(|level| record.text("level") == Some(level));
    passed(acceptances).filter_map(place).max().map(|at| LEVELS[at].to_owned())
}

/// The score of the latest evaluation of this sort that was handed in.
fn evaluated(submission: &Submission, sort: &str) -> Option<String> {
    let counts = |one: &&Record| {
        one.text("sort") == Some(sort) && matches!(one.state.as_deref(), Some("handed_in" | "confirmed"))
    };
    let scored = submission.evaluations.iter().filter(counts).filter(|one| one.text("score").is_some());
    let latest = scored.max_by_key(|one| (one.text("held_on"), one.id))?;
    latest.text("score").map(str::to_owned)
}

/// The furthest stage that a works' records show; `none` before it begins.
fn stage(works: &Record, progress: &[Record], accepted: bool) -> &'static str {
    if accepted {
        return "acceptance";
    }
    let of = Works(works);
    let entered = Progress::latest(works.id, progress).and_then(|entry| entry.integer("percent"));
    match if of.is_completed() { 100 } else { entered.unwrap_or(0) } {
        90.. => "p90",
        70.. => "p70",
        50.. => "p50",
        30.. => "p30",
        _ if of.is_building() || of.actual_start().is_some() => "entry",
        _ => "none",
    }
}
