//! What became of a cell: a value, nothing, a reason, or an offer that a person takes or leaves.

use domain::catalog::Label;
use domain::{Refusal, Value};
use serde::{Deserialize, Serialize};

/// What a cell says.
#[derive(Debug, Clone, PartialEq)]
pub enum Reading {
    /// Nothing: the record keeps what it has.
    Empty,
    /// This value.
    Value(Value),
    /// No value, and why.
    Refused(Box<Reason>),
    /// One of these, if a person says so: `given` is what stands in the cell.
    Offered(Box<Offered>),
}

/// A cell that could mean several things, or one thing loosely.
#[derive(Debug, Clone, PartialEq)]
pub struct Offered {
    /// What stands in the cell.
    pub given: String,
    /// Why it is not taken as it stands.
    pub reason: Reason,
    /// What it may mean.
    pub offers: Vec<Offer>,
}

/// One thing that a text may mean, with the way of reading it so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What to say for it, in the field's own form: `2025-05-31`.
    pub value: String,
    /// How it is read so: 该月最后一天.
    pub reading: Label,
}

/// Why a cell has no value: a rule of its field, or something about the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(untagged)]
pub enum Reason {
    /// The field's own rule.
    #[error(transparent)]
    Rule(#[from] Refusal),
    /// The table's way of saying it.
    #[error(transparent)]
    Cell(#[from] CellError),
}

/// What a cell of a spreadsheet can be that no field knows of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum CellError {
    #[error("`{field}`: the formula in this cell failed ({given})")]
    FormulaFailed { field: String, given: String },
    #[error("`{field}`: {given} stands merged over rows {rows}, and how much of it is whose is not said")]
    MergedAmount { field: String, given: String, rows: String },
    #[error("`{field}`: `{given}` is no single day")]
    VagueDate { field: String, given: String },
}
