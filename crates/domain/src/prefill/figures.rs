//! Sums over records, for texts and targets: whole numbers, decimals to the
//! thousandth, and the quantities of a works in words.

use crate::catalog::FieldType;
use crate::money::parse_scaled;
use crate::{Catalog, Record};

/// Whole numbers of a field together; nothing where none is filled.
pub(super) fn whole(records: &[&Record], field: &str) -> Option<i64> {
    let given: Vec<i64> = records.iter().filter_map(|record| record.integer(field)).collect();
    if given.is_empty() { None } else { crate::money::sum(given) }
}

/// Decimals of a field together, as text without needless zeros.
pub(super) fn decimal(records: &[&Record], field: &str) -> Option<String> {
    let given: Vec<i64> = records.iter().filter_map(|record| parse_scaled(record.text(field)?, 1_000)).collect();
    let sum = if given.is_empty() { None } else { crate::money::sum(given) }?;
    Some(plain(sum))
}

/// Thousandths as text without needless zeros.
pub(super) fn plain(thousandths: i64) -> String {
    let text = format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The quantities that a works' own block holds: `处理规模 50 t/d，管网长度 1200 m`.
pub(super) fn quantities(catalog: &Catalog, works: &Record) -> Option<String> {
    let kind = catalog.kind("works").ok()?;
    let category = works.text("category")?;
    let of_block = kind.fields.iter().filter(|field| field.section.as_deref() == Some(category));
    let said = of_block.filter_map(|field| {
        let value = match field.field_type {
            FieldType::Integer => works.integer(&field.name)?.to_string(),
            FieldType::Decimal => works.text(&field.name)?.to_owned(),
            FieldType::Choice => super::choice(catalog, works, &field.name)?,
            _ => return None,
        };
        let unit = field.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        Some(format!("{} {value}{unit}", field.label.zh))
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join("，"))
}
