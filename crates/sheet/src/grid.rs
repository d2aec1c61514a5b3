//! Cells in rows, wherever they came from, before anything is known of their meaning.
//!
//! All cells lie in one piece of memory and all texts in another, for a table of
//! ten thousand rows is read in little more time than its XML takes. A grid grows
//! only as far as its limits: a file of one megabyte can name a cell in the last
//! column of every row, or one long text in every cell.

use std::sync::Arc;

use crate::cell::{Cell, Day};
use crate::{MAX_CELLS, MAX_COLUMNS, MAX_LETTERS, MAX_ROWS, MAX_TEXT, SheetError};

/// One sheet: its rows that hold anything, with the numbers that the spreadsheet shows.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    /// The sheet's name; empty where the file has none.
    pub(crate) sheet: String,
    /// Cells that are shown as one, by their corners.
    pub(crate) merges: Vec<Merge>,
    /// Rising by row number.
    rows: Vec<RowAt>,
    cells: Vec<Kept>,
    texts: String,
    strings: Arc<Strings>,
    unsorted: bool,
}

/// Texts that cells name by their number.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    texts: String,
    spans: Vec<Span>,
    /// Whether one of them is longer than a cell can be.
    has_too_long: bool,
}

/// Where a row's cells lie: those from column A on.
#[derive(Debug, Clone, Copy)]
struct RowAt {
    number: u32,
    start: u32,
    length: u32,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    length: u32,
}

impl Span {
    fn of(self, texts: &str) -> &str {
        let start = self.start as usize;
        texts.get(start..start + self.length as usize).unwrap_or_default()
    }
}

/// A cell as it is kept.
#[derive(Debug, Clone, Copy)]
enum Kept {
    Empty,
    Text(Span),
    /// One of the strings that the whole workbook shares.
    Shared(u32),
    Number(f64),
    Bool(bool),
    Date(Day),
    Error(Span),
}

/// A cell to be put into a grid.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Put<'t> {
    /// What it holds.
    Cell(Cell<'t>),
    /// The number of a shared string.
    Shared(u32),
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

/// The cells of one row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'g> {
    grid: &'g Grid,
    kept: &'g [Kept],
}

impl<'g> Cells<'g> {
    pub(crate) fn len(self) -> usize {
        self.kept.len()
    }

    pub(crate) fn get(self, column: usize) -> Cell<'g> {
        self.kept.get(column).map_or(Cell::Empty, |kept| self.grid.cell(*kept))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Cell<'g>> {
        self.kept.iter().map(move |kept| self.grid.cell(*kept))
    }
}

impl Strings {
    /// The trimmed text as the next string.
    pub(crate) fn add(&mut self, text: &str) {
        self.has_too_long |= is_too_long(text);
        let span = add(&mut self.texts, text);
        self.spans.push(span);
    }

    pub(crate) fn len(&self) -> usize {
        self.spans.len()
    }

    /// How many bytes they have together.
    pub(crate) fn bytes(&self) -> usize {
        self.texts.len()
    }

    pub(crate) fn get(&self, index: u32) -> Option<&str> {
        self.spans.get(index as usize).map(|span| span.of(&self.texts))
    }
}

fn add(texts: &mut String, text: &str) -> Span {
    let start = u32::try_from(texts.len()).unwrap_or(u32::MAX);
    texts.push_str(text);
    Span { start, length: u32::try_from(text.len()).unwrap_or(0) }
}

impl Grid {
    /// An empty sheet of this name.
    pub(crate) fn named(sheet: String) -> Self {
        Self { sheet, ..Self::default() }
    }

    /// Puts a cell into row `row` (from 1) and column `column` (from 0).
    pub(crate) fn put(&mut self, name: &str, row: u32, column: usize, put: Put<'_>) -> Result<(), SheetError> {
        let kept = match put {
            Put::Cell(Cell::Empty) => return Ok(()),
            Put::Cell(Cell::Text(text)) if is_too_long(text) => return Err(cell_too_long(name, row)),
            Put::Cell(Cell::Text(text)) => Kept::Text(add(&mut self.texts, text)),
            Put::Cell(Cell::Error(text)) => Kept::Error(add(&mut self.texts, text)),
            Put::Cell(Cell::Number(number)) => Kept::Number(number),
            Put::Cell(Cell::Bool(truth)) => Kept::Bool(truth),
            Put::Cell(Cell::Date(day)) => Kept::Date(day),
            Put::Shared(index) => Kept::Shared(index),
        };
        if self.texts.len() > MAX_TEXT {
            return Err(too_large(name, "text", self.texts.len(), MAX_TEXT));
        }
        if column >= MAX_COLUMNS {
            return Err(too_large(name, "columns", column + 1, MAX_COLUMNS));
        }
        if self.rows.last().is_none_or(|last| last.number != row) {
            self.unsorted |= self.rows.last().is_some_and(|last| last.number > row);
            let start = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
            self.rows.push(RowAt { number: row, start, length: 0 });
            if self.rows.len() > MAX_ROWS {
                return Err(too_large(name, "rows", self.rows.len(), MAX_ROWS));
            }
        }
        if let Some(last) = self.rows.last_mut() {
            let start = last.start as usize;
            if self.cells.len() <= start + column {
                self.cells.resize(start + column + 1, Kept::Empty);
                last.length = u32::try_from(column + 1).unwrap_or(u32::MAX);
            }
            self.cells[start + column] = kept;
        }
        if self.cells.len() > MAX_CELLS {
            return Err(too_large(name, "cells", self.cells.len(), MAX_CELLS));
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

    /// Brings rows that stood out of order into it (what is said later counts),
    /// and gives the cells the strings that they name.
    pub(crate) fn finish(mut self, name: &str, strings: Arc<Strings>) -> Result<Self, SheetError> {
        self.merges.sort_unstable();
        self.strings = strings;
        let shared = self.cells.iter().map(|kept| match kept {
            Kept::Shared(index) => self.strings.spans.get(*index as usize).map_or(0, |span| span.length as usize),
            _ => 0,
        });
        let text = self.texts.len() + shared.sum::<usize>();
        if text > MAX_TEXT {
            return Err(too_large(name, "text", text, MAX_TEXT));
        }
        if self.strings.has_too_long {
            let is_long = |cell: Cell<'_>| matches!(cell, Cell::Text(text) if is_too_long(text));
            if let Some((row, _)) = self.rows().find(|(_, cells)| cells.iter().any(is_long)) {
                return Err(cell_too_long(name, row));
            }
        }
        if self.unsorted {
            self.sort();
        }
        Ok(self)
    }

    fn sort(&mut self) {
        self.rows.sort_by_key(|row| row.number);
        let (mut rows, mut cells): (Vec<RowAt>, Vec<Kept>) = (Vec::new(), Vec::new());
        for row in &self.rows {
            let own = &self.cells[row.start as usize..(row.start + row.length) as usize];
            match rows.last_mut().filter(|last| last.number == row.number) {
                Some(last) => {
                    let start = last.start as usize;
                    if own.len() > last.length as usize {
                        cells.resize(start + own.len(), Kept::Empty);
                        last.length = row.length;
                    }
                    for (into, from) in cells[start..].iter_mut().zip(own) {
                        if !matches!(from, Kept::Empty) {
                            *into = *from;
                        }
                    }
                }
                None => {
                    let start = u32::try_from(cells.len()).unwrap_or(u32::MAX);
                    rows.push(RowAt { start, ..*row });
                    cells.extend(own);
                }
            }
        }
        (self.rows, self.cells) = (rows, cells);
    }

    /// How many rows hold anything.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The number and the cells of the `i`th of them.
    pub(crate) fn row(&self, i: usize) -> (u32, Cells<'_>) {
        let row = self.rows[i];
        let kept = &self.cells[row.start as usize..(row.start + row.length) as usize];
        (row.number, Cells { grid: self, kept })
    }

    /// Those of them, from the first on.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u32, Cells<'_>)> {
        (0..self.len()).map(|i| self.row(i))
    }

    /// How many rows lie before row `number` or are it.
    pub(crate) fn up_to(&self, number: u32) -> usize {
        self.rows.partition_point(|row| row.number <= number)
    }

    /// The cell in row `row` (from 1) and column `column` (from 0).
    pub(crate) fn at(&self, row: u32, column: usize) -> Cell<'_> {
        let found = self.rows.binary_search_by_key(&row, |row| row.number).ok();
        found.map_or(Cell::Empty, |i| self.row(i).1.get(column))
    }

    fn cell(&self, kept: Kept) -> Cell<'_> {
        match kept {
            Kept::Empty => Cell::Empty,
            Kept::Text(span) => Cell::Text(span.of(&self.texts)),
            Kept::Shared(index) => match self.strings.get(index) {
                Some("") => Cell::Empty,
                Some(text) => Cell::Text(text),
                // It names a text that is not there.
                None => Cell::Error("#REF!"),
            },
            Kept::Number(number) => Cell::Number(number),
            Kept::Bool(truth) => Cell::Bool(truth),
            Kept::Date(day) => Cell::Date(day),
            Kept::Error(span) => Cell::Error(span.of(&self.texts)),
        }
    }
}

/// Whether a text is longer than a spreadsheet's cell can be: a quote that is never
/// closed makes one cell of all that follows.
fn is_too_long(text: &str) -> bool {
    text.len() > MAX_LETTERS && text.chars().count() > MAX_LETTERS
}

fn cell_too_long(name: &str, row: u32) -> SheetError {
    SheetError::TableCellTooLong { name: name.to_owned(), row: row.to_string(), limit: MAX_LETTERS.to_string() }
}

/// That a table goes beyond what is read; `what` has its word among the texts.
pub(crate) fn too_large(name: &str, what: &str, given: usize, limit: usize) -> SheetError {
    SheetError::TableTooLarge {
        name: name.to_owned(),
        what: what.to_owned(),
        given: given.to_string(),
        limit: limit.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Cell, Grid, Put, Strings};

    #[test]
    fn rows_out_of_order_are_brought_into_it_and_the_later_word_counts() {
        let mut strings = Strings::default();
        strings.add("共用");
        let mut grid = Grid::named(String::new());
        let cells = [(5, 0, "五"), (2, 1, "二"), (5, 0, "五又"), (5, 2, "末")];
        for (row, column, text) in cells {
            grid.put("表", row, column, Put::Cell(Cell::Text(text))).expect("small");
        }
        grid.put("表", 2, 0, Put::Shared(0)).expect("small");
        grid.put("表", 2, 2, Put::Shared(9)).expect("small");
        let grid = grid.finish("表", Arc::new(strings)).expect("small");
        let numbers: Vec<u32> = grid.rows().map(|(number, _)| number).collect();
        assert_eq!(numbers, [2, 5]);
        assert_eq!(grid.at(5, 0), Cell::Text("五又"));
        assert_eq!(grid.at(5, 2), Cell::Text("末"));
        assert_eq!(grid.at(2, 0), Cell::Text("共用"), "by its number");
        assert_eq!(grid.at(2, 2), Cell::Error("#REF!"), "a number of no text is no text");
        assert_eq!(grid.at(3, 0), Cell::Empty, "what is not there is empty");
    }
}
