//! What a table of works says of each that other records hold: the applications
//! that bundle it, the variations of its contracts, how far it is built.

use std::collections::BTreeMap;

use domain::catalog::{Field, FieldType, Kind};
use domain::views::replaced;
use domain::{Fields, Record, RecordId, Value};
use serde_json::json;
use sheet::template::Filling;

use crate::{Laptop, Result};

/// A derived field: its name in data, its label, its type.
const WORKS: &[(&str, &str, FieldType)] = &[
    ("applications", "申报编号", FieldType::Text),
    ("variation_count", "变更次数", FieldType::Integer),
    ("variation_amount", "变更增减金额", FieldType::Money),
    ("percent", "形象进度", FieldType::Integer),
];

/// Under which name a derived field stands among a record's; no field is called so.
fn key(name: &str) -> String {
    format!("${name}")
}

/// The value of the derived field `name` of a record of `kind`; nothing where there is no such field.
pub(super) fn value(
    kind: &Kind,
    record: &Fields,
    name: &str,
    form: Option<&str>,
) -> Result<Option<std::result::Result<Filling, String>>> {
    let known =
        WORKS.iter().filter(|_| kind.name == "works").find(|(field, label, _)| *field == name || *label == name);
    let Some((field, label, field_type)) = known else { return Ok(None) };
    let described = json!({"name": field, "label": {"zh": label, "en": field}, "type": field_type});
    let described: Field = serde_json::from_value(described).map_err(store::Error::from)?;
    let value = record.get(&key(field)).cloned().unwrap_or_default();
    Ok(Some(sheet::filling(&described, &value, form, &|_| None)))
}

impl Laptop {
    /// Puts the derived fields among those of each record, where their kind has any.
    pub(super) fn derive_fields(&self, kind: &Kind, records: &mut [Record]) -> Result<()> {
        if kind.name != "works" || records.is_empty() {
            return Ok(());
        }
        let root = |text: &str| -> Option<RecordId> { self.store.root(text.parse().ok()?).ok() };
        let named = |record: &Record, field: &str| -> Vec<RecordId> {
            record.items(field).iter().filter_map(|item| root(item.as_str()?)).collect()
        };
        let mut applications: BTreeMap<RecordId, Vec<String>> = BTreeMap::new();
        for application in self.gather("application", &[])? {
            let number = application.text("number").or_else(|| application.text("name")).unwrap_or_default();
            for works in named(&application, "works") {
                applications.entry(works).or_default().push(number.to_owned());
            }
        }
        let mut works_of: BTreeMap<RecordId, RecordId> = BTreeMap::new();
        for contract in self.gather("contract", &[])? {
            // A contract for several works has its variations with the first.
            works_of.extend(contract.text("works").and_then(root).map(|works| (contract.id, works)));
        }
        let mut variations: BTreeMap<RecordId, (i64, i64)> = BTreeMap::new();
        for variation in self.gather("variation", &[])? {
            let contract = variation.text("contract").and_then(|id| id.parse::<RecordId>().ok());
            let approved = variation.state.as_deref() == Some("approved");
            if let Some(works) = contract.and_then(|id| works_of.get(&id)).filter(|_| approved) {
                let (count, sum) = variations.entry(*works).or_default();
                *count += 1;
                *sum = sum.saturating_add(variation.integer("amount").unwrap_or_default());
            }
        }
        let entries = self.gather("progress", &[])?;
        let gone = replaced(&entries);
        let mut percent: BTreeMap<RecordId, (Option<String>, RecordId, Option<i64>)> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| !gone.contains_key(&entry.id)) {
            let Some(works) = entry.text("works").and_then(root) else { continue };
            let newest = (entry.text("date").map(str::to_owned), entry.id, entry.integer("percent"));
            let standing = percent.entry(works).or_insert_with(|| newest.clone());
            if *standing < newest {
                *standing = newest;
            }
        }
        for record in records {
            let mut put = |name: &str, value: Value| record.fields.insert(key(name), value);
            let id = record.id;
            put("applications", applications.get(&id).map(|numbers| numbers.join("、")).into());
            put("variation_count", variations.get(&id).map(|(count, _)| *count).into());
            put("variation_amount", variations.get(&id).map(|(_, sum)| *sum).into());
            put("percent", percent.get(&id).and_then(|(_, _, percent)| *percent).into());
        }
        Ok(())
    }
}
