//! A table read: which column is which field, and every row's values or reasons.

use std::collections::BTreeMap;

use domain::catalog::Kind;
use domain::{Refusal, Value};

use crate::cell::{self, Cell};
use crate::grid::Grid;
use crate::heading::{self, Heading};
use crate::text::key;
use crate::workbook;
use crate::{MAX_COLUMNS, SheetError};

/// How far down the headings are looked for; official tables put titles, units and dates above them.
const HEADER_WITHIN: u32 = 20;

/// A table, read against a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns that are fields, from left to right.
    pub columns: Vec<Column>,
    /// Headings that no field answers to.
    pub unmatched: Vec<String>,
    /// The rows below the headings that say something.
    pub rows: Vec<Row>,
    /// Numbers of the rows passed over as totals (合计, 小计, 总计).
    pub totals: Vec<u32>,
}

/// A column that is a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The field's name.
    pub field: String,
    /// The heading as it stands in the file.
    pub heading: String,
    /// The unit that the heading says.
    pub unit: Option<String>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number as the spreadsheet shows it.
    pub number: u32,
    /// By field: the value, or why the cell is none. An empty cell is not here: it says nothing.
    pub cells: BTreeMap<String, Result<Value, Refusal>>,
}

/// Reads the file `name` with content `bytes` as a table of `kind`.
///
/// The first sheet that has the kind's headings counts. References stay text.
///
/// # Errors
/// [`SheetError`] when the file as a whole cannot be read; single cells carry their own refusals.
pub fn read(name: &str, bytes: &[u8], kind: &Kind) -> Result<Table, SheetError> {
    let grids = workbook::grids(name, bytes)?;
    let found = grids.iter().find_map(|grid| header(kind, grid).map(|(at, headings)| (grid, at, headings)));
    let Some((grid, at, headings)) = found else {
        return Err(SheetError::NoHeader {
            name: name.to_owned(),
            kind: kind.name.clone(),
            rows: HEADER_WITHIN.to_string(),
        });
    };
    let header = &grid.rows[at].1;
    let mut table = Table { columns: Vec::new(), unmatched: Vec::new(), rows: Vec::new(), totals: Vec::new() };
    for (cell, matched) in header.iter().zip(&headings) {
        let heading = cell.shown();
        match matched {
            Some(Heading { field, unit }) => {
                table.columns.push(Column { field: field.clone(), heading, unit: unit.clone() });
            }
            None if heading.is_empty() || heading::is_row_number(&heading) => {}
            None => table.unmatched.push(heading),
        }
    }
    for (number, cells) in &grid.rows[at + 1..] {
        if is_total(cells) {
            table.totals.push(*number);
            continue;
        }
        let mut values = BTreeMap::new();
        for (cell, matched) in cells.iter().zip(&headings) {
            if let Some(Heading { field, unit }) = matched
                && *cell != Cell::Empty
                && let Ok(described) = kind.field(field)
            {
                values.insert(field.clone(), cell::value(described, unit.as_deref(), cell));
            }
        }
        if !values.is_empty() {
            table.rows.push(Row { number: *number, cells: values });
        }
    }
    Ok(table)
}

/// The row that names the most fields, and what it names.
fn header(kind: &Kind, grid: &Grid) -> Option<(usize, Vec<Option<Heading>>)> {
    let mut best: Option<(usize, usize, Vec<Option<Heading>>)> = None;
    for (at, (_, cells)) in grid.rows.iter().enumerate().take_while(|(_, (number, _))| *number <= HEADER_WITHIN) {
        let texts: Vec<String> = cells.iter().take(MAX_COLUMNS).map(Cell::shown).collect();
        let filled = texts.iter().filter(|text| !text.is_empty()).count();
        let headings = heading::match_row(kind, &texts);
        let matches = headings.iter().flatten().count();
        let enough = matches >= 2 || (matches > 0 && matches == filled);
        if enough && best.as_ref().is_none_or(|(most, ..)| matches > *most) {
            best = Some((matches, at, headings));
        }
    }
    best.map(|(_, at, headings)| (at, headings))
}

/// Whether one of the first cells that hold text calls the row a total.
fn is_total(cells: &[Cell]) -> bool {
    let texts = cells.iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(key(text)) } else { None });
    texts.take(2).any(|text| {
        let text = text.split(['(', ':']).next().unwrap_or_default();
        matches!(text, "合计" | "小计" | "总计" | "共计" | "本页合计" | "本页小计" | "total")
    })
}
