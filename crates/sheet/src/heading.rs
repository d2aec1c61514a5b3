//! Headings: which field a column holds, and in which unit.

use std::collections::HashMap;

use domain::catalog::{Field, FieldType, Kind};

use crate::text::{key, similarity};
use crate::unit;
use crate::wishes::Wishes;

/// How well a heading names a field; better is smaller.
type Rank = u8;

/// How alike a heading and a field's name must be for the field to be suggested.
const LIKELY: f64 = 0.45;

/// Beyond so many bytes it is a text, and the name of no field.
const LONGEST: usize = 1_000;

/// A heading, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The field's name.
    pub(crate) field: String,
    /// The unit as written, where the heading says one.
    pub(crate) unit: Option<String>,
}

/// What a column is called.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// As a person reads it.
    pub(crate) shown: String,
    /// The ways to say it, the fullest first.
    ways: Vec<String>,
    /// What stands above it, which may say its unit.
    over: String,
}

impl Named {
    /// A heading of one row.
    pub(crate) fn alone(text: &str) -> Self {
        Self { shown: text.to_owned(), ways: vec![text.to_owned()], over: String::new() }
    }

    /// A heading of two rows: 计划 over 开工.
    pub(crate) fn below(over: &str, own: &str) -> Self {
        if own.is_empty() || own == over || over.is_empty() {
            return Self::alone(if own.is_empty() { over } else { own });
        }
        let plain = |text: &str| readings(text).pop().map_or_else(String::new, |(name, _)| name);
        let ways = vec![format!("{over}{own}"), format!("{}{own}", plain(over)), own.to_owned()];
        Self { shown: format!("{over}/{own}"), ways, over: over.to_owned() }
    }
}

/// The fields of a kind by all that headings may call them; made once for a table,
/// whose first rows are all tried as headings.
pub(crate) struct Fields<'k> {
    kind: &'k Kind,
    by_name: HashMap<String, Vec<(Rank, &'k Field)>>,
}

impl<'k> Fields<'k> {
    pub(crate) fn of(kind: &'k Kind) -> Self {
        let mut by_name: HashMap<String, Vec<(Rank, &'k Field)>> = HashMap::new();
        for field in kind.fields.iter().filter(|field| importable(field)) {
            let own = [&field.label.zh, &field.label.en, &field.name].into_iter().map(|name| (0, name));
            for (rank, name) in own.chain(field.aliases.iter().map(|alias| (1, alias))) {
                let fields = by_name.entry(key(name)).or_default();
                if fields.iter().all(|(_, other)| other.name != field.name) {
                    fields.push((rank, field));
                }
            }
        }
        Self { kind, by_name }
    }

    /// The fields that a column may be, each by the fullest way to say it.
    fn candidates(&self, name: &Named) -> Vec<(Rank, Heading)> {
        let mut found: Vec<(Rank, Heading)> = Vec::new();
        for (way, text) in name.ways.iter().enumerate() {
            for (i, (said, unit)) in readings(text).into_iter().enumerate() {
                for (rank, field) in self.by_name.get(&said).into_iter().flatten() {
                    if found.iter().all(|(_, other)| other.field != field.name) {
                        let rank = rank + 2 * Rank::try_from(i + way).unwrap_or(Rank::MAX / 4);
                        let unit = unit.clone().or_else(|| unit_of(name));
                        found.push((rank, Heading { field: field.name.clone(), unit }));
                    }
                }
            }
        }
        found
    }
}

/// The field and unit of each column, if these were the headings. A field with no
/// name is a column that a person passed over.
///
/// A field belongs to one column: the one that a person said, the one that names
/// it best, then the leftmost.
pub(crate) fn match_row(fields: &Fields<'_>, names: &[Named], wishes: &Wishes) -> Vec<Option<Heading>> {
    let mut matched: Vec<Option<Heading>> = vec![None; names.len()];
    for (heading, field) in &wishes.columns {
        let heading = key(heading);
        let at = names.iter().position(|name| !name.shown.is_empty() && key(&name.shown) == heading);
        if let Some(at) = at
            && (field.is_empty() || fields.kind.field(field).is_ok_and(importable))
        {
            matched[at] = Some(Heading { field: field.clone(), unit: unit_of(&names[at]) });
        }
    }
    let mut offers: Vec<(Rank, usize, Heading)> = Vec::new();
    for (column, name) in names.iter().enumerate().filter(|(column, _)| matched[*column].is_none()) {
        offers.extend(fields.candidates(name).into_iter().map(|(rank, heading)| (rank, column, heading)));
    }
    offers.sort_by_key(|(rank, column, _)| (*rank, *column));
    for (_, column, heading) in offers {
        let taken = matched.iter().flatten().any(|other| other.field == heading.field);
        if matched[column].is_none() && !taken {
            matched[column] = Some(heading);
        }
    }
    matched
}

/// Fields that `heading` may mean though it is not called so, the likeliest first;
/// those that have their column already are left out.
pub(crate) fn suggest(kind: &Kind, heading: &str, taken: &[&str]) -> Vec<String> {
    let names = readings(heading);
    let fields = kind.fields.iter().filter(|field| importable(field) && !taken.contains(&field.name.as_str()));
    let mut scored: Vec<(f64, &str)> = fields
        .map(|field| {
            let labels = [&field.label.zh, &field.label.en, &field.name].into_iter().chain(&field.aliases);
            let score = labels.flat_map(|label| names.iter().map(|(name, _)| similarity(name, label)));
            (score.fold(0.0, f64::max), field.name.as_str())
        })
        .filter(|(score, _)| *score >= LIKELY)
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

fn unit_of(name: &Named) -> Option<String> {
    let says = |text: &str| readings(text).into_iter().find_map(|(_, unit)| unit);
    name.ways.last().and_then(|way| says(way)).or_else(|| says(&name.over))
}

/// Whether a heading only counts the rows, and so needs no field.
pub(crate) fn is_row_number(cell: &str) -> bool {
    matches!(key(cell).as_str(), "序号" | "编号序号" | "no" | "no." | "#")
}

/// Photos and remarks do not fit into a cell, and what is kept for the program is none of a person's columns.
pub(crate) fn importable(field: &Field) -> bool {
    !field.hidden && !matches!(field.field_type, FieldType::Attachments | FieldType::Remarks)
}

/// The ways to read a heading, the most literal first: whole; without what
/// stands in brackets or behind a slash; without a unit at its end.
fn readings(cell: &str) -> Vec<(String, Option<String>)> {
    if cell.len() > LONGEST {
        return Vec::new();
    }
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
