//! What changed between two reports, and which entry or edit brought it about.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Origin, Report, Row};
use crate::{RecordId, Value};

/// The columns that are compared, by their names in a row.
const COLUMNS: &[&str] = &[
    "name",
    "fund",
    "status",
    "state",
    "percent",
    "granted",
    "contractAmount",
    "paid",
    "received",
    "spent",
    "plannedStart",
    "plannedEnd",
    "actualStart",
    "actualEnd",
    "reason",
    "stage",
    "amounts",
    "effect",
    "problem",
    "nextPlan",
];

/// One value that is not as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Difference {
    /// The works.
    pub works: RecordId,
    /// Its number.
    pub number: Option<String>,
    /// Its name.
    pub name: String,
    /// The column; empty where the whole row is new or gone.
    pub column: String,
    /// What it was; `null` for nothing.
    #[ts(type = "any")]
    pub before: Value,
    /// What it is.
    #[ts(type = "any")]
    pub after: Value,
    /// What brought it about.
    pub because: Because,
}

/// What brought a difference about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Because {
    /// Of which sort it is.
    pub cause: Cause,
    /// The entry or edit, where it is known: a value that was taken out leaves none.
    pub origin: Option<Origin>,
}

/// Of which sort the cause of a difference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// A new progress entry.
    Entry,
    /// An entry that corrects an earlier one.
    Correction,
    /// The works was edited, or moved along.
    Edit,
    /// The works was not there before.
    New,
    /// The works is there no more.
    Gone,
}

/// What differs from `before` to `after`, row by row in the order of `after`.
#[must_use]
pub fn differences(before: &Report, after: &Report) -> Vec<Difference> {
    let by_works = |report: &'_ Report| -> BTreeMap<RecordId, usize> {
        report.rows.iter().enumerate().map(|(at, row)| (row.works, at)).collect()
    };
    let (known, kept) = (by_works(before), by_works(after));
    let mut found = Vec::new();
    for row in &after.rows {
        match known.get(&row.works).map(|at| &before.rows[*at]) {
            Some(earlier) => compare(earlier, row, after, &mut found),
            None => found.push(whole(row, Cause::New)),
        }
    }
    found.extend(before.rows.iter().filter(|row| !kept.contains_key(&row.works)).map(|row| whole(row, Cause::Gone)));
    found
}

fn whole(row: &Row, cause: Cause) -> Difference {
    let origin = row.from.get("name").filter(|_| cause == Cause::New).cloned();
    Difference {
        works: row.works,
        number: row.number.clone(),
        name: row.name.clone(),
        column: String::new(),
        before: Value::Null,
        after: Value::Null,
        because: Because { cause, origin },
    }
}

fn compare(before: &Row, after: &Row, report: &Report, found: &mut Vec<Difference>) {
    let values = |row: &Row| serde_json::to_value(row).unwrap_or_default();
    let (was, is) = (values(before), values(after));
    for column in COLUMNS.iter().filter(|column| was[**column] != is[**column]) {
        found.push(Difference {
            works: after.works,
            number: after.number.clone(),
            name: after.name.clone(),
            column: (*column).to_owned(),
            before: was[*column].clone(),
            after: is[*column].clone(),
            because: because(before, after, column, report),
        });
    }
}

fn because(before: &Row, after: &Row, column: &str, report: &Report) -> Because {
    let now = after.from.get(column);
    // What the earlier value came from no longer counts: the correction is the cause,
    // even where it belongs to another works and this value has become an older one.
    let earlier = before.from.get(column).map(|origin| origin.record);
    if let Some(by) = earlier.and_then(|earlier| report.replaced.get(&earlier)) {
        let theirs = || report.rows.iter().flat_map(|row| row.from.values()).find(|origin| origin.record == *by);
        return Because {
            cause: Cause::Correction,
            origin: now.filter(|origin| origin.record == *by).or_else(theirs).cloned(),
        };
    }
    let cause = match now {
        Some(origin) if origin.corrects.is_some() => Cause::Correction,
        Some(origin) if origin.record != after.works => Cause::Entry,
        _ => Cause::Edit,
    };
    Because { cause, origin: now.cloned() }
}
