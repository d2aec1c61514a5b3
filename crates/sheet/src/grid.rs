//! Cells in rows, wherever they came from, before anything is known of their meaning.
//!
//! A grid grows only as far as its limits: a file of one megabyte can name a
//! cell in the last column of every row, or one long text in every cell.

use crate::cell::Cell;
use crate::{MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, SheetError};

/// One sheet: its rows that hold anything, with the numbers that the spreadsheet shows.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// The sheet's name; empty where the file has none.
    pub(crate) sheet: String,
    /// Rising by row number; cells from column A on.
    pub(crate) rows: Vec<(u32, Vec<Cell>)>,
    /// Cells that are shown as one, by their corners.
    pub(crate) merges: Vec<Merge>,
    cells: usize,
    text: usize,
    unsorted: bool,
}

/// Cells that are shown as one: first and last row as the spreadsheet counts them,
/// first and last column from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Merge {
    pub(crate) top: u32,
    pub(crate) left: usize,
    pub(crate) bottom: u32,
    pub(crate) right: usize,
}

/// More merges than a table that a person made.
const MAX_MERGES: usize = 100_000;

impl Grid {
    /// An empty sheet of this name.
    pub(crate) fn named(sheet: String) -> Self {
        Self { sheet, ..Self::default() }
    }

    /// Puts a cell into row `row` (from 1) and column `column` (from 0).
    pub(crate) fn put(&mut self, name: &str, row: u32, column: usize, cell: Cell) -> Result<(), SheetError> {
        if cell == Cell::Empty {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            return Err(too_large(name, "columns", column + 1, MAX_COLUMNS));
        }
        if let Cell::Text(text) = &cell {
            self.text += text.len();
            if self.text > MAX_TEXT {
                return Err(too_large(name, "bytes of text", self.text, MAX_TEXT));
            }
        }
        if self.rows.last().is_none_or(|(last, _)| *last != row) {
            self.unsorted |= self.rows.last().is_some_and(|(last, _)| *last > row);
            self.rows.push((row, Vec::new()));
            if self.rows.len() > MAX_ROWS {
                return Err(too_large(name, "rows", self.rows.len(), MAX_ROWS));
            }
        }
        if let Some((_, cells)) = self.rows.last_mut() {
            if cells.len() <= column {
                self.cells += column + 1 - cells.len();
                cells.resize(column + 1, Cell::Empty);
            }
            cells[column] = cell;
        }
        if self.cells > MAX_CELLS {
            return Err(too_large(name, "cells", self.cells, MAX_CELLS));
        }
        Ok(())
    }

    /// Adds a merge; one of a single cell says nothing.
    pub(crate) fn merge(&mut self, merge: Merge) {
        let several = merge.top < merge.bottom || merge.left < merge.right;
        if several && merge.top <= merge.bottom && merge.left <= merge.right && self.merges.len() < MAX_MERGES {
            self.merges.push(merge);
        }
    }

    /// Brings rows that stood out of order into it; what is said later counts.
    pub(crate) fn finish(mut self) -> Self {
        self.merges.sort_unstable();
        if self.unsorted {
            self.rows.sort_by_key(|(row, _)| *row);
            self.rows.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    let length = earlier.1.len().max(later.1.len());
                    earlier.1.resize(length, Cell::Empty);
                    for (into, from) in earlier.1.iter_mut().zip(later.1.drain(..)) {
                        if from != Cell::Empty {
                            *into = from;
                        }
                    }
                }
                same
            });
        }
        self
    }

    /// The cell in row `row` (from 1) and column `column` (from 0).
    pub(crate) fn at(&self, row: u32, column: usize) -> &Cell {
        let found = self.rows.binary_search_by_key(&row, |(number, _)| *number).ok();
        found.and_then(|i| self.rows[i].1.get(column)).unwrap_or(&Cell::Empty)
    }
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
