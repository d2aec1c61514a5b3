//! Excel and CSV in and out, driven by the catalog: the field descriptions that
//! draw the form also find the columns of a table and give its cells their types.
//!
//! Reading never guesses. A cell whose meaning is in doubt (money without a
//! unit, "end of May") becomes a reason or an offer for that cell, and the row keeps
//! its number as the spreadsheet shows it, so that a person finds it again. What
//! [`write`] writes, [`read`] reads back to the same values.

mod cell;
mod delimited;
mod grid;
mod header;
mod heading;
mod mask;
mod part;
mod reading;
mod shown;
mod strings;
mod table;
pub mod template;
mod text;
mod unit;
mod vague;
mod wishes;
mod workbook;
mod write;
mod xls;
mod xlsx;

use serde::Serialize;

pub use mask::masked;
pub use reading::{CellError, Offer, Offered, Reading, Reason};
pub use shown::{Language, filling};
pub use table::{Column, Row, Table, Unmatched, read};
pub use text::similarity;
pub use wishes::Wishes;
pub use write::write;

/// The longest file that is read: 50 MB.
pub const MAX_BYTES: u64 = 50 * 1024 * 1024;

/// The most rows that are read.
pub const MAX_ROWS: usize = 200_000;

/// The most columns that are read.
pub const MAX_COLUMNS: usize = 500;

/// The most cells that are read, with the empty ones before a row's last.
pub const MAX_CELLS: usize = 4_000_000;

/// The most text that is read, in bytes, each cell counted.
pub const MAX_TEXT: usize = 128 * 1024 * 1024;

/// The most letters that one cell can have, in a spreadsheet as here.
pub const MAX_LETTERS: usize = 32_767;

/// Why a table could not be read or written as a whole.
///
/// `code` is a contract with the UI: it keys the translated sentence, and the
/// fields fill its blanks. The English text here is for logs only.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "the message of each variant says what it means; its fields are the blanks")]
pub enum SheetError {
    #[error("{name} is no workbook or table: {reason}")]
    NotAWorkbook { name: String, reason: String },
    #[error("{name} is protected by a password")]
    TableEncrypted { name: String },
    #[error("{name} has more {what} than are read: {given}, at most {limit}")]
    TableTooLarge { name: String, what: String, given: String, limit: String },
    #[error("{name}, row {row}: a cell of more than {limit} letters")]
    TableCellTooLong { name: String, row: String, limit: String },
    #[error("{name} is empty")]
    TableEmpty { name: String },
    #[error("{name} is neither a spreadsheet nor text in UTF-8 or GB18030")]
    NotATable { name: String },
    #[error("{name}: no row among the first {rows} looks like the headings of {kind}")]
    NoHeader { name: String, kind: String, rows: String },
    #[error("`{kind}` has no field `{field}`")]
    UnknownField { kind: String, field: String },
    #[error("row {row}, `{field}`: longer than a cell can be")]
    CellTooLong { row: String, field: String },
    #[error("the template {name}, {cell}: {reason}")]
    TemplateWrong { name: String, cell: String, reason: String },
    #[error("the workbook could not be written: {reason}")]
    TableUnwritable { reason: String },
}
