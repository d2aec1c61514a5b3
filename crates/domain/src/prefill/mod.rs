//! Prefill: what an application's records already say, written where it is asked
//! for again: the chapters of the plan, the targets, the estimate, the form.
//!
//! A first text for a person to edit, never a last one. What was written here
//! carries a digest of itself: where that still fits, nobody has touched it, and
//! it may be written anew when the records change; where it does not, it is a
//! person's and is left alone. What a person took out is not brought back, for the
//! application remembers what was written into it once.

mod chapters;
mod estimate;
mod figures;
mod form;
mod targets;

pub use chapters::{Chapter, Outline, outline};

use std::collections::{BTreeMap, BTreeSet};

use crate::submission::Submission;
use crate::{Catalog, Fields, Record, RecordId, Value, canonical};

/// The field of an application in which stands what was written into it once.
pub const DONE: &str = "prefilled";

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Fill these empty fields of the application.
    Fill(Fields),
    /// Make a record.
    Make(Draft),
    /// Write anew what nobody has touched.
    Renew(RecordId, Draft),
    /// Take out what nobody has touched, and another hand wrote as well.
    Drop(RecordId),
}

/// One part of an application that was written more than once, as two laptops do
/// that have not met.
#[derive(Debug, Clone, PartialEq)]
pub struct Twins<'s> {
    /// The one that stays: the first that a person has edited, else the oldest.
    pub keeps: &'s Record,
    /// The others, oldest first.
    pub others: Vec<&'s Record>,
}

impl<'s> Twins<'s> {
    /// All of them.
    pub fn records(&self) -> impl Iterator<Item = &'s Record> + use<'_, 's> {
        std::iter::once(self.keeps).chain(self.others.iter().copied())
    }
}

/// A record as the other records make it.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Its kind.
    pub kind: &'static str,
    /// What of its kind it is: `f2.1`.
    pub code: String,
    /// Its fields, beside the application and the two that say where it comes from.
    pub fields: Fields,
}

impl Draft {
    fn new(kind: &'static str, code: impl Into<String>, fields: &[(&str, Value)]) -> Self {
        let filled = fields.iter().filter(|(_, value)| !value.is_null());
        let fields = filled.map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Self { kind, code: code.into(), fields }
    }

    /// Whether `record` is this part of its application.
    fn is(&self, record: &Record) -> bool {
        record.kind == self.kind && record.text("code") == Some(&self.code)
    }

    /// Under which name the application remembers it.
    #[must_use]
    pub fn mark(&self) -> String {
        format!("{}:{}", self.kind, self.code)
    }

    /// All its fields as they are saved in `application`.
    #[must_use]
    pub fn whole(&self, application: RecordId) -> Fields {
        let mut fields = self.fields.clone();
        fields.insert("application".to_owned(), application.to_string().into());
        fields.insert("code".to_owned(), self.code.clone().into());
        fields.insert("composed".to_owned(), digest(self.kind, &self.fields).into());
        fields
    }
}

/// The fields of a kind that are written here, and by which a person's hand is known.
fn written(kind: &str) -> &'static [&'static str] {
    match kind {
        "chapter" => &["title", "text"],
        "target" => &["level", "aspect", "name", "core", "bound", "value", "unit"],
        _ => &["works", "cost", "part", "content", "quantity", "unit", "unit_price", "amount"],
    }
}

fn digest(kind: &str, fields: &Fields) -> String {
    let value = |name: &&str| fields.get(*name).cloned().unwrap_or_default();
    canonical::digest(&written(kind).iter().map(value).collect::<Vec<Value>>())
}

/// What is to be written into an application, with the chapters of `outline`.
#[must_use]
pub fn steps(submission: &Submission, catalog: &Catalog, outline: Outline) -> Vec<Step> {
    let lines = estimate::drafts(submission, catalog);
    let drafts = [lines.clone(), targets::drafts(submission, catalog), chapters::drafts(submission, catalog, outline)];
    let marks = submission.application.items(DONE).iter().filter_map(|item| item.get("id")?.as_str());
    let done: BTreeSet<&str> = marks.collect();
    let form = form::fields(submission, catalog, &lines);
    let fill = (!form.is_empty()).then_some(Step::Fill(form));
    let twins = twins(submission);
    let twice = twins.iter().flat_map(|twins| twins.others.iter()).filter(|record| is_untouched(record));
    let mut steps: Vec<Step> = twice.map(|record| Step::Drop(record.id)).collect();
    steps.extend(fill);
    let one_of = |draft: Draft| {
        let stays = twins.iter().find(|twins| draft.is(twins.keeps)).map(|twins| twins.keeps);
        step(submission, stays, &done, draft)
    };
    steps.extend(drafts.into_iter().flatten().filter_map(one_of));
    steps
}

/// What was written more than once.
#[must_use]
pub fn twins(submission: &Submission) -> Vec<Twins<'_>> {
    let mut parts: BTreeMap<(&str, &str), Vec<&Record>> = BTreeMap::new();
    let lists = [&submission.lines, &submission.targets, &submission.chapters];
    for record in lists.into_iter().flatten() {
        if let Some(code) = record.text("code") {
            parts.entry((&record.kind, code)).or_default().push(record);
        }
    }
    let several = parts.into_values().filter(|records| records.len() > 1);
    let twins = several.map(|records| {
        let keeps = records.iter().find(|record| !is_untouched(record)).unwrap_or(&records[0]);
        Twins { keeps, others: records.iter().copied().filter(|record| record.id != keeps.id).collect() }
    });
    twins.collect()
}

/// Whether a record still says what was written into it here.
fn is_untouched(record: &Record) -> bool {
    record.text("composed") == Some(&digest(&record.kind, &record.fields))
}

fn step(submission: &Submission, stays: Option<&Record>, done: &BTreeSet<&str>, draft: Draft) -> Option<Step> {
    let records = match draft.kind {
        "chapter" => &submission.chapters,
        "target" => &submission.targets,
        _ => &submission.lines,
    };
    let Some(record) = stays.or_else(|| records.iter().find(|record| draft.is(record))) else {
        return (!done.contains(draft.mark().as_str())).then_some(Step::Make(draft));
    };
    let same = digest(draft.kind, &draft.fields) == digest(draft.kind, &record.fields);
    (is_untouched(record) && !same).then_some(Step::Renew(record.id, draft))
}

/// What people call a record of these kinds.
fn name(record: &Record) -> &str {
    record.text("name").unwrap_or_default()
}

/// A choice by its Chinese label; nothing where the field is empty.
fn choice(catalog: &Catalog, record: &Record, field: &str) -> Option<String> {
    Some(catalog.choice(&record.kind, field, record.text(field)?))
}
