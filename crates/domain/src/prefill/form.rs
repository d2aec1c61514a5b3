//! The empty fields of the form that other records answer.

use super::{Draft, figures, name};
use crate::submission::{Submission, id_in, ids};
use crate::{Catalog, Fields, Record, RecordId, Value, money};

pub(super) fn fields(submission: &Submission, catalog: &Catalog, lines: &[Draft]) -> Fields {
    let (application, works) = (&submission.application, submission.works.iter().collect::<Vec<_>>());
    let answers = [
        ("villages", villages(submission)),
        ("start", works.iter().filter_map(|works| works.text("planned_start")).min().map(Value::from)),
        ("end", works.iter().filter_map(|works| works.text("planned_end")).max().map(Value::from)),
        ("benefit_households", figures::whole(&works, "households").map(Value::from)),
        ("benefit_people", figures::whole(&works, "population").map(Value::from)),
        ("content", content(catalog, &works)),
        ("problems", problems(submission)),
        ("keeper", alike(&works, "keeper")),
        ("total", total(submission, lines)),
    ];
    let kind = catalog.kind("application").ok();
    let known = |field: &str| kind.is_some_and(|kind| kind.field(field).is_ok());
    let empty = |field: &str| {
        let value = application.fields.get(field);
        value.is_none_or(|value| value.is_null() || value.as_array().is_some_and(Vec::is_empty))
    };
    // Start and end, like the sums, are decided together: half of such a pair is a person's business.
    let alone = |field: &str| match field {
        "start" | "end" => empty("start") && empty("end"),
        field => empty(field),
    };
    let filled = answers.into_iter().filter(|(field, _)| known(field) && alone(field));
    filled.filter_map(|(field, value)| Some((field.to_owned(), value?))).collect()
}

fn villages(submission: &Submission) -> Option<Value> {
    let mut there: Vec<RecordId> = Vec::new();
    for id in submission.works.iter().filter_map(|works| id_in(works, "village")) {
        if !there.contains(&id) {
            there.push(id);
        }
    }
    (!there.is_empty()).then(|| there.iter().map(ToString::to_string).collect())
}

fn content(catalog: &Catalog, works: &[&Record]) -> Option<Value> {
    let said: Vec<String> = works
        .iter()
        .map(|works| match works.text("content").map(str::to_owned).or_else(|| figures::quantities(catalog, works)) {
            Some(content) => format!("{}：{content}", name(works)),
            None => name(works).to_owned(),
        })
        .collect();
    (!said.is_empty()).then(|| said.join("；\n").into())
}

fn problems(submission: &Submission) -> Option<Value> {
    let said = submission.villages.iter().filter_map(|village| {
        let problems = village.text("problems")?;
        Some(format!("{}：{problems}", name(village)))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join("\n").into())
}

/// What all works say alike, where any says it.
fn alike(works: &[&Record], field: &str) -> Option<Value> {
    let mut said = works.iter().filter_map(|works| works.text(field));
    let first = said.next()?;
    said.all(|other| other == first).then(|| first.into())
}

/// The lines together, once each of them has an amount.
fn total(submission: &Submission, drafts: &[Draft]) -> Option<Value> {
    let known = |draft: &&Draft| submission.lines.iter().all(|line| line.text("code") != Some(draft.code.as_str()));
    let made = drafts.iter().filter(known).map(|draft| draft.fields.get("amount").and_then(Value::as_i64));
    let amounts: Option<Vec<i64>> = submission.lines.iter().map(|line| line.integer("amount")).chain(made).collect();
    let amounts = amounts.filter(|amounts| !amounts.is_empty())?;
    // A works without any line would be left out of the sum.
    let covered = ids(&submission.application, "works").all(|works| {
        let named = |fields: &Fields| fields.get("works").and_then(Value::as_str) == Some(works.to_string().as_str());
        submission.lines.iter().any(|line| named(&line.fields)) || drafts.iter().any(|draft| named(&draft.fields))
    });
    money::sum(amounts).filter(|_| covered).map(Value::from)
}
