//! A district's own table, filled: an ordinary xlsx with `{{…}}` in its cells.
//!
//! What an office lays out in Excel (column order, headings, widths, colours,
//! merged cells, signatures below) is its own and stays: only the rows of a sheet
//! that hold a placeholder, or that move, are written anew; every other part of
//! the file is carried over byte for byte. No library that reads a workbook into
//! a model and writes it again does that, so the sheet's XML is edited in place.
//!
//! A row with a placeholder of many records, `{{works.name}}`, is repeated for
//! each of them; what lies below moves down, and formulas, merged cells, filters
//! and print areas move with it, as when a person inserts rows.

mod book;
mod formula;
mod page;
mod placeholder;
mod xml;

pub use book::{fill, placeholders};
pub use placeholder::Placeholder;

/// What stands in a cell in the place of a placeholder.
#[derive(Debug, Clone, PartialEq)]
pub enum Filling {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number, as plain decimal digits.
    Number(String),
    /// A day, `YYYY-MM-DD`.
    Date(String),
}

/// What a placeholder asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask<'p> {
    /// The placeholder.
    pub placeholder: &'p Placeholder,
    /// Which of the records of a repeated row, from 0.
    pub row: Option<usize>,
}

/// Whoever knows the records.
pub trait Answers {
    /// How many records a row with a placeholder of this kind is repeated for;
    /// none where it is about one thing and is not repeated.
    ///
    /// # Errors
    /// A sentence for the person who made the template.
    fn rows(&mut self, kind: &str) -> Result<Option<usize>, String>;

    /// What stands there.
    ///
    /// # Errors
    /// A sentence for the person who made the template.
    fn filling(&mut self, ask: Ask<'_>) -> Result<Filling, String>;
}
