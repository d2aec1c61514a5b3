//! Headings: which field a column holds, and in which unit.

use domain::catalog::{Field, FieldType, Kind};

use crate::text::key;
use crate::unit;

/// How well a heading names a field; better is smaller.
type Rank = u8;

/// A heading, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The field's name.
    pub(crate) field: String,
    /// The unit as written, where the heading says one.
    pub(crate) unit: Option<String>,
}

/// The field and unit of each cell of a row, if the row were the headings.
///
/// A field belongs to one column: the one that names it best, then the leftmost.
pub(crate) fn match_row(kind: &Kind, cells: &[String]) -> Vec<Option<Heading>> {
    let mut offers: Vec<(Rank, usize, Heading)> = Vec::new();
    for (column, cell) in cells.iter().enumerate() {
        offers.extend(candidates(kind, cell).map(|(rank, heading)| (rank, column, heading)));
    }
    offers.sort_by_key(|(rank, column, _)| (*rank, *column));
    let mut matched: Vec<Option<Heading>> = vec![None; cells.len()];
    for (_, column, heading) in offers {
        let taken = matched.iter().flatten().any(|other| other.field == heading.field);
        if matched[column].is_none() && !taken {
            matched[column] = Some(heading);
        }
    }
    matched
}

/// Whether a heading only counts the rows, and so needs no field.
pub(crate) fn is_row_number(cell: &str) -> bool {
    matches!(key(cell).as_str(), "序号" | "编号序号" | "no" | "no." | "#")
}

fn candidates<'k>(kind: &'k Kind, cell: &str) -> impl Iterator<Item = (Rank, Heading)> + 'k {
    let readings = readings(cell);
    kind.fields.iter().filter(|field| importable(field)).filter_map(move |field| {
        readings.iter().enumerate().find_map(|(i, (name, unit))| {
            let rank = rank(field, name)?;
            let rank = rank + 2 * Rank::try_from(i).unwrap_or(Rank::MAX / 4);
            Some((rank, Heading { field: field.name.clone(), unit: unit.clone() }))
        })
    })
}

/// Photos and remarks do not fit into a cell.
pub(crate) fn importable(field: &Field) -> bool {
    !matches!(field.field_type, FieldType::Attachments | FieldType::Remarks)
}

fn rank(field: &Field, name: &str) -> Option<Rank> {
    let own = [&field.label.zh, &field.label.en, &field.name];
    if own.iter().any(|own| key(own) == name) {
        Some(0)
    } else if field.aliases.iter().any(|alias| key(alias) == name) {
        Some(1)
    } else {
        None
    }
}

/// The ways to read a heading, the most literal first: whole; without what
/// stands in brackets or behind a slash; without a unit at its end.
fn readings(cell: &str) -> Vec<(String, Option<String>)> {
    let whole = key(cell);
    let whole = whole.trim_matches(['*', ':', '：', ' ']).to_owned();
    if whole.is_empty() {
        return Vec::new();
    }
    let mut readings = vec![(whole.clone(), None)];
    if let Some(open) = whole.find('(')
        && let Some(length) = whole[open..].find(')')
    {
        let inside = whole[open + 1..open + length].trim_start_matches("单位").trim_start_matches(':').to_owned();
        let name = format!("{}{}", &whole[..open], &whole[open + length + 1..]);
        readings.push((name.trim_matches(['*', ':']).to_owned(), known(&inside)));
    }
    for mark in ['/', ',', ':', '、'] {
        if let Some((name, unit)) = whole.split_once(mark)
            && let Some(unit) = known(unit)
        {
            readings.push((name.to_owned(), Some(unit)));
        }
    }
    for unit in ["万元", "千元", "亿元", "元"] {
        if let Some(name) = whole.strip_suffix(unit) {
            readings.push((name.to_owned(), Some(unit.to_owned())));
            break;
        }
    }
    readings
}

/// `text` if it is a unit at all: a heading's brackets may hold anything.
fn known(text: &str) -> Option<String> {
    (unit::money(text).is_some() || unit::measure(text).is_some()).then(|| text.to_owned())
}
