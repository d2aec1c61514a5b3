//! Where a table begins: the row that names its columns, or the two rows that
//! do so together, below whatever title, unit and date an office puts above them.

use domain::catalog::{FieldType, Kind};

use crate::cell::Cell;
use crate::grid::{Cells, Grid};
use crate::heading::{self, Named};
use crate::text::key;
use crate::wishes::Wishes;
use crate::{MAX_COLUMNS, unit};

/// How far down the headings are looked for.
pub(crate) const WITHIN: u32 = 20;

/// A table's head, understood.
#[derive(Debug)]
pub(crate) struct Head {
    /// The first of the grid's rows that may hold data.
    pub(crate) data: usize,
    /// Every column of the headings' row.
    pub(crate) columns: Vec<HeadColumn>,
    /// The year that the titles name, or the one that was wished for.
    pub(crate) year: Option<i32>,
}

#[derive(Debug)]
pub(crate) struct HeadColumn {
    /// As a person reads it: 资金来源/中央.
    pub(crate) heading: String,
    pub(crate) field: Option<String>,
    pub(crate) unit: Option<String>,
    /// A person said that it is no field.
    pub(crate) passed_over: bool,
}

/// A row that may be the headings.
struct Found {
    matches: usize,
    at: usize,
    names: Vec<Named>,
    matched: Vec<Option<heading::Heading>>,
}

/// The head that names the most fields; of two that name as many, the one of a single row.
pub(crate) fn find(kind: &Kind, grid: &Grid, wishes: &Wishes) -> Option<Head> {
    let fields = heading::Fields::of(kind);
    let mut best: Option<Found> = None;
    for (at, (number, cells)) in grid.rows().enumerate() {
        if number > WITHIN {
            break;
        }
        for above in [false, true] {
            let Some(names) = names(grid, at, cells, above) else { continue };
            let filled = names.iter().filter(|name| !name.shown.is_empty()).count();
            let matched = heading::match_row(&fields, &names, wishes);
            let matches = matched.iter().flatten().count();
            let enough = matches >= 2 || (matches > 0 && matches == filled);
            if enough && best.as_ref().is_none_or(|best| matches > best.matches) {
                best = Some(Found { matches, at, names, matched });
            }
        }
    }
    let Found { at, names, matched, .. } = best?;
    let table_unit = table_unit(grid, at);
    let wished = wished_units(wishes);
    let mut columns = Vec::new();
    for (name, matched) in names.into_iter().zip(matched) {
        let heading = name.shown.clone();
        let own = wished.iter().find(|(of, _)| *of == key(&heading)).map(|(_, unit)| unit.clone());
        let passed_over = matched.as_ref().is_some_and(|matched| matched.field.is_empty());
        let field = matched.as_ref().filter(|_| !passed_over).map(|matched| matched.field.clone());
        let money = field.as_ref().and_then(|field| kind.field(field).ok());
        let money = money.is_some_and(|field| field.field_type == FieldType::Money);
        let for_all = table_unit.clone().filter(|_| money);
        let unit = own.or_else(|| matched.and_then(|matched| matched.unit)).or(for_all);
        columns.push(HeadColumn { heading, field, unit, passed_over });
    }
    let top = grid.row(at).0;
    // A heading that is merged downwards takes the rows below it with it.
    let down = grid.merges.iter().filter(|merge| merge.top <= top && merge.bottom > top && merge.bottom <= top + 3);
    let bottom = down.map(|merge| merge.bottom).max().unwrap_or(top);
    let data = grid.up_to(bottom).max(at + 1);
    Some(Head { data, columns, year: year(grid, at).or(wishes.year) })
}

fn wished_units(wishes: &Wishes) -> Vec<(String, String)> {
    wishes.units.iter().map(|(heading, unit)| (key(heading), unit.clone())).collect()
}

/// What the columns of row `at` are called, alone or together with the row above.
fn names(grid: &Grid, at: usize, cells: Cells<'_>, above: bool) -> Option<Vec<Named>> {
    let row = grid.row(at).0;
    if !above {
        let names = cells.iter().take(MAX_COLUMNS).map(|cell| Named::alone(&cell.shown())).collect();
        return Some(names);
    }
    let upper = at.checked_sub(1).map(|i| grid.row(i)).filter(|(number, _)| *number + 1 == row)?;
    let width = cells.len().max(upper.1.len()).min(MAX_COLUMNS);
    let mut names = Vec::with_capacity(width);
    // Without merges, as in a CSV, a heading over several columns is followed by empty cells.
    let mut standing = String::new();
    let has_merges = grid.merges.iter().any(|merge| merge.top == upper.0);
    for column in 0..width {
        let own = cells.get(column).shown().into_owned();
        let over = upper.1.get(column).shown().into_owned();
        let merged = grid.merges.iter().find(|m| m.top == upper.0 && (m.left..=m.right).contains(&column));
        if !over.is_empty() {
            standing.clone_from(&over);
        }
        let over = match merged {
            Some(merge) => grid.at(merge.top, merge.left).shown().into_owned(),
            None if over.is_empty() && !own.is_empty() && !has_merges => standing.clone(),
            None => over,
        };
        names.push(Named::below(&over, &own));
    }
    Some(names)
}

/// `单位：万元` among the titles: the money unit of every column that says none.
fn table_unit(grid: &Grid, at: usize) -> Option<String> {
    let titles = grid.rows().take(at).flat_map(|(_, cells)| cells.iter());
    titles.filter_map(|cell| if let Cell::Text(text) = cell { Some(key(text)) } else { None }).find_map(|text| {
        let (_, said) = text.rsplit_once("单位:")?;
        let said = said.split([',', ')', '、', ';', '/']).next()?;
        unit::money(said).map(|_| said.to_owned())
    })
}

/// The first year that the titles name.
fn year(grid: &Grid, at: usize) -> Option<i32> {
    let titles = grid.rows().take(at).flat_map(|(_, cells)| cells.iter());
    titles.filter_map(|cell| if let Cell::Text(text) = cell { Some(key(text)) } else { None }).find_map(|text| {
        let (before, _) = text.split_once('年')?;
        let digits: String = before.chars().rev().take_while(char::is_ascii_digit).collect();
        let year: i32 = digits.chars().rev().collect::<String>().parse().ok()?;
        (1990..2100).contains(&year).then_some(year)
    })
}
