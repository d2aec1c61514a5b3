//! A table read: which column is which field, and every row's values or reasons.

use std::collections::BTreeMap;

use domain::catalog::{Field, FieldType, Kind};

use crate::cell::{self, Cell};
use crate::grid::{Cells, Grid, Merge};
use crate::header::{self, Head};
use crate::reading::CellError;
use crate::text::key;
use crate::wishes::Wishes;
use crate::{Reading, SheetError, heading, vague, workbook};

/// Rows that are not worth another thread, and threads that are not worth another row.
const SHARE: usize = 1_000;
const MOST_CORES: usize = 8;

/// A table, read against a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The sheet's name; empty where the file has none.
    pub sheet: String,
    /// The columns that are fields, from left to right.
    pub columns: Vec<Column>,
    /// Headings that no field answers to.
    pub unmatched: Vec<Unmatched>,
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
    /// The unit that the table says, in the heading, above it, or once for all.
    pub unit: Option<String>,
}

/// A column that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The heading as it stands in the file.
    pub heading: String,
    /// Fields that it may be, the likeliest first; empty also where a person passed it over.
    pub suggestions: Vec<String>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number as the spreadsheet shows it.
    pub number: u32,
    /// What its cells say, one for each of the table's columns.
    pub cells: Vec<Reading>,
}

impl Table {
    /// The cell of `row` in the column of `field`.
    #[must_use]
    pub fn cell<'t>(&self, row: &'t Row, field: &str) -> Option<&'t Reading> {
        row.cells.get(self.columns.iter().position(|column| column.field == field)?)
    }
}

/// Reads the file `name` with content `bytes` as a table of `kind`, as `wishes` say.
///
/// The first sheet that has the kind's headings counts. References stay text.
///
/// # Errors
/// [`SheetError`] when the file as a whole cannot be read; single cells carry their own reasons.
pub fn read(name: &str, bytes: &[u8], kind: &Kind, wishes: &Wishes) -> Result<Table, SheetError> {
    let found = workbook::first(name, bytes, |grid| {
        let wanted = wishes.sheet.as_ref().is_none_or(|sheet| *sheet == grid.sheet || grid.sheet.is_empty());
        if wanted { header::find(kind, grid, wishes) } else { None }
    })?;
    let Some((grid, head)) = found else {
        return Err(SheetError::NoHeader {
            name: name.to_owned(),
            kind: kind.name.clone(),
            rows: header::WITHIN.to_string(),
        });
    };
    let mut reader = Reader::new(kind, &grid, &head, wishes);
    let (columns, unmatched) = reader.headings();
    let mut table = Table { sheet: grid.sheet.clone(), columns, unmatched, rows: Vec::new(), totals: Vec::new() };
    for (rows, totals) in reader.rows() {
        table.rows.extend(rows);
        table.totals.extend(totals);
    }
    Ok(table)
}

struct Reader<'t> {
    grid: &'t Grid,
    head: &'t Head,
    kind: &'t Kind,
    wishes: &'t Wishes,
    columns: Vec<Source<'t>>,
}

/// Where the values of one field come from.
struct Source<'t> {
    at: usize,
    field: &'t Field,
    unit: Option<String>,
    meanings: Option<&'t BTreeMap<String, String>>,
    /// Merges over several rows of this column, by their first row.
    spans: Vec<Merge>,
}

impl<'t> Reader<'t> {
    fn new(kind: &'t Kind, grid: &'t Grid, head: &'t Head, wishes: &'t Wishes) -> Self {
        Self { grid, head, kind, wishes, columns: Vec::new() }
    }

    fn headings(&mut self) -> (Vec<Column>, Vec<Unmatched>) {
        let (mut columns, mut unmatched) = (Vec::new(), Vec::new());
        let matched: Vec<&str> = self.head.columns.iter().filter_map(|column| column.field.as_deref()).collect();
        for (at, column) in self.head.columns.iter().enumerate() {
            let heading = column.heading.clone();
            let Some(field) = column.field.as_ref().and_then(|field| self.kind.field(field).ok()) else {
                if !heading.is_empty() && !heading::is_row_number(&heading) {
                    let suggestions =
                        if column.passed_over { Vec::new() } else { heading::suggest(self.kind, &heading, &matched) };
                    unmatched.push(Unmatched { heading, suggestions });
                }
                continue;
            };
            let merges = self.grid.merges.iter();
            let spans = merges.filter(|merge| merge.left == at && merge.top < merge.bottom).copied().collect();
            let unit = column.unit.clone();
            let meanings = self.wishes.meanings.get(&field.name);
            columns.push(Column { field: field.name.clone(), heading, unit: unit.clone() });
            self.columns.push(Source { at, field, unit, meanings, spans });
        }
        (columns, unmatched)
    }

    /// All rows and the numbers of the totals, in the order of the sheet; a long
    /// table is shared out over the processor's cores.
    fn rows(&self) -> Vec<(Vec<Row>, Vec<u32>)> {
        let (from, to) = (self.head.data.min(self.grid.len()), self.grid.len());
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_CORES);
        let share = (to - from).div_ceil(cores).max(SHARE);
        let shares: Vec<_> = (from..to).step_by(share).map(|start| start..(start + share).min(to)).collect();
        let Some((first, others)) = shares.split_first() else { return Vec::new() };
        std::thread::scope(|scope| {
            let others: Vec<_> = others.iter().map(|share| scope.spawn(|| self.share(share.clone()))).collect();
            let mut all = vec![self.share(first.clone())];
            for other in others {
                // A thread of these does nothing that could fail; if it did, so would this one.
                all.push(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            all
        })
    }

    fn share(&self, share: std::ops::Range<usize>) -> (Vec<Row>, Vec<u32>) {
        let (mut rows, mut totals) = (Vec::with_capacity(share.len()), Vec::new());
        for (number, cells) in share.map(|i| self.grid.row(i)) {
            if is_total(cells) {
                totals.push(number);
            } else {
                rows.extend(self.row(number, cells));
            }
        }
        (rows, totals)
    }

    /// The row, unless it says nothing of its own.
    fn row(&self, number: u32, cells: Cells<'_>) -> Option<Row> {
        let own = |source: &Source<'_>| cells.get(source.at) != Cell::Empty;
        if !self.columns.iter().any(own) {
            return None;
        }
        let reading = |source: &Source<'_>| {
            let cell = cells.get(source.at);
            match source.span(number) {
                Some(span) => source.spanned(span, self.grid, self.head.year),
                None => source.reading(cell, self.head.year),
            }
        };
        Some(Row { number, cells: self.columns.iter().map(reading).collect() })
    }
}

impl Source<'_> {
    /// The merge that row `number` of this column lies in.
    fn span(&self, number: u32) -> Option<Merge> {
        let before = self.spans.partition_point(|span| span.top <= number);
        let span = before.checked_sub(1).and_then(|i| self.spans.get(i)).copied()?;
        (number <= span.bottom).then_some(span)
    }

    /// A merged cell speaks for all its rows, but an amount can't belong to each of them.
    fn spanned(&self, span: Merge, grid: &Grid, year: Option<i32>) -> Reading {
        let cell = grid.at(span.top, self.at);
        let amount = matches!(self.field.field_type, FieldType::Money | FieldType::Integer | FieldType::Decimal);
        if !amount || cell == Cell::Empty {
            return self.reading(cell, year);
        }
        let (field, given) = (self.field.name.clone(), cell.shown().into_owned());
        let rows = format!("{}-{}", span.top, span.bottom);
        Reading::Refused(Box::new(CellError::MergedAmount { field, given, rows }.into()))
    }

    fn reading(&self, cell: Cell<'_>, year: Option<i32>) -> Reading {
        if cell == Cell::Empty {
            return Reading::Empty;
        }
        if let Some(meaning) = self.meanings.and_then(|meanings| meanings.get(cell.shown().as_ref())) {
            return self.plain(Cell::text(meaning), year);
        }
        self.plain(cell, year)
    }

    fn plain(&self, cell: Cell<'_>, year: Option<i32>) -> Reading {
        if cell == Cell::Empty || self.says_nothing(cell) {
            return Reading::Empty;
        }
        match cell::value(self.field, self.unit.as_deref(), cell) {
            Ok(value) => Reading::Value(value),
            Err(reason) => match vague::offered(self.field, cell, year) {
                Some(offered) => Reading::Offered(offered),
                None => Reading::Refused(Box::new(reason)),
            },
        }
    }

    /// A stroke through an empty cell, as forms are filled in by hand.
    fn says_nothing(&self, cell: Cell<'_>) -> bool {
        let Cell::Text(text) = cell else { return false };
        let stroke = text.len() <= 12 && text.chars().all(|c| matches!(c, '-' | '—' | '－' | '–' | '/' | '\\' | '／'));
        stroke && self.field.field_type != FieldType::Text
    }
}

/// Whether one of the first cells that hold text calls the row a total.
fn is_total(cells: Cells<'_>) -> bool {
    let texts = cells.iter().filter_map(|cell| if let Cell::Text(text) = cell { Some(text) } else { None });
    texts.take(2).any(|text| {
        if text.len() > 60 || !text.contains(['计', 't', 'T']) {
            return false;
        }
        let text = key(text);
        let text = text.split(['(', ':']).next().unwrap_or_default();
        matches!(text, "合计" | "小计" | "总计" | "共计" | "本页合计" | "本页小计" | "累计" | "total" | "subtotal")
    })
}
