//! What crosses to a person about an import: the match asked for, every row's
//! verdict, the questions that are left, and what became of it.

use std::collections::BTreeMap;

use domain::catalog::Label;
use domain::{Fields, RecordId, Value};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::types::ErrorView;

/// How a table is to be read; what is not said is found by name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct ImportMatch {
    /// The sheet; the first with the kind's headings when not said.
    pub sheet: Option<String>,
    /// By heading: its field; an empty name passes the column over.
    pub columns: BTreeMap<String, String>,
    /// By heading: the unit of its numbers.
    pub units: BTreeMap<String, String>,
    /// By field, then by what stands in the cell: what it means.
    pub meanings: BTreeMap<String, BTreeMap<String, String>>,
    /// The year of dates that name none.
    pub year: Option<i32>,
}

/// A table to be read, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
pub struct ImportAsked {
    /// The kind of its rows.
    pub kind: String,
    /// The template to begin with.
    pub template: Option<String>,
    /// What a person says beside it.
    #[serde(rename = "match")]
    pub matching: ImportMatch,
    /// The plan that the person has seen (`ImportReport::plan`): another one is not carried out.
    pub agreed: Option<String>,
    /// The name under which the match is kept for the next table like this.
    pub save_template: Option<String>,
}

/// What an import did or, when it was only checked, would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Rows that make a new record.
    #[ts(type = "number")]
    pub new: u64,
    /// Rows that change a record.
    #[ts(type = "number")]
    pub changed: u64,
    /// Rows that say what is here already.
    #[ts(type = "number")]
    pub same: u64,
    /// Rows that a rule refuses.
    #[ts(type = "number")]
    pub refused: u64,
    /// Rows that wait for a person to say what they mean.
    #[ts(type = "number")]
    pub undecided: u64,
    /// Rows that are not taken: refused and undecided together.
    #[ts(type = "number")]
    pub rejected: u64,
    /// Every row with its verdict.
    pub rows: Vec<ImportRow>,
    /// Headings that no field of the kind answers to.
    pub unmatched: Vec<String>,
    /// Every heading: its field, or fields that it may be.
    pub headings: Vec<ImportHeading>,
    /// What is to be decided, once for all rows that ask it.
    pub questions: Vec<ImportQuestion>,
    /// The sheet that was read.
    pub sheet: String,
    /// The numbers of the rows passed over as totals.
    pub totals: Vec<u32>,
    /// Stands for all that would be written; the same exactly where that is.
    pub plan: String,
    /// The import's id, by which it can be taken back; none when nothing was written.
    pub batch: Option<String>,
}

/// One row of an imported table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportRow {
    /// The row's number in the file, as the spreadsheet shows it.
    pub row: u32,
    /// `new`, `changed`, `same`, `refused` or `undecided`.
    pub verdict: String,
    /// Why it is not taken.
    pub reason: Option<ErrorView>,
    /// The row's title.
    pub title: String,
    /// What the row says, by field.
    #[ts(type = "Record<string, any>")]
    pub values: Fields,
    /// Of a row that changes a record: each field's old and new value.
    pub changes: Vec<ImportChange>,
}

/// A field that a row changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportChange {
    /// The field.
    pub field: String,
    /// What stands there.
    #[ts(type = "any")]
    pub before: Value,
    /// What the row says.
    #[ts(type = "any")]
    pub after: Value,
}

/// A heading of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportHeading {
    /// As it stands there.
    pub heading: String,
    /// Its field.
    pub field: Option<String>,
    /// The unit of its numbers, where the table says one.
    pub unit: Option<String>,
    /// Without a field: those that it may be, the likeliest first.
    pub suggestions: Vec<String>,
}

/// A text that a person has to decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportQuestion {
    /// The field.
    pub field: String,
    /// What stands in the cells.
    pub given: String,
    /// The first row that says it.
    pub row: u32,
    /// How many rows say it.
    pub rows: u32,
    /// Why it is not taken as it stands.
    pub reason: ErrorView,
    /// What it may mean, the likeliest first.
    pub offers: Vec<ImportOffer>,
}

/// One thing that a text may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportOffer {
    /// What to say for it under `meanings`.
    pub value: String,
    /// What it is called.
    pub title: String,
    /// Where it lies, or how it is read so.
    pub reading: Label,
}

/// A match under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportTemplate {
    /// The kind it is for.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// When it was kept.
    pub at: String,
    /// The match.
    #[serde(rename = "match")]
    pub matching: ImportMatch,
}

/// An import that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportBatch {
    /// Its id.
    pub batch: String,
    /// When it was.
    pub at: String,
    /// Whose it was.
    pub by: String,
    /// The file.
    pub file: String,
    /// The kind of its rows.
    pub kind: String,
    /// When it was taken back, as far as it was.
    pub undone_at: Option<String>,
    /// How many of its rows still stand.
    pub standing: u32,
}

/// What became of taking an import back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportUndone {
    /// Records that it had made and that are deleted now.
    #[ts(type = "number")]
    pub deleted: u64,
    /// Records that have their old values again.
    #[ts(type = "number")]
    pub restored: u64,
    /// What was left as it is, and why.
    pub left: Vec<ImportLeft>,
}

/// A record that was left as it is when an import was taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ImportLeft {
    /// The row of the file that had written it.
    pub row: u32,
    /// The record.
    pub record: RecordId,
    /// Its title.
    pub title: String,
    /// The fields that somebody has written since; empty where the whole record was left.
    pub fields: Vec<String>,
    /// Why.
    pub reason: ErrorView,
}

impl From<ImportMatch> for sheet::Wishes {
    fn from(matching: ImportMatch) -> Self {
        let ImportMatch { sheet, columns, units, meanings, year } = matching;
        Self { sheet, columns, units, meanings, year }
    }
}

impl From<sheet::Wishes> for ImportMatch {
    fn from(wishes: sheet::Wishes) -> Self {
        let sheet::Wishes { sheet, columns, units, meanings, year } = wishes;
        Self { sheet, columns, units, meanings, year }
    }
}
