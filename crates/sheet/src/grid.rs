//! Cells in rows, wherever they came from, before anything is known of their meaning.

use crate::SheetError;
use crate::cell::Cell;

/// One sheet: its rows that hold anything, with the numbers that the spreadsheet shows.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// Rising by row number; cells from column A on.
    pub(crate) rows: Vec<(u32, Vec<Cell>)>,
}

/// That a table goes beyond what is read.
pub(crate) fn too_large(name: &str, what: &str, given: usize, limit: usize) -> SheetError {
    SheetError::TableTooLarge {
        name: name.to_owned(),
        what: what.to_owned(),
        given: given.to_string(),
        limit: limit.to_string(),
    }
}
