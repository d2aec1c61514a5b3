//! Import: a table from Excel or CSV, checked first, written only when asked to.
//!
//! A row is the record it names by its number or code, else the one of the same
//! name in the same place; so the same file imported twice changes nothing.

use std::collections::BTreeMap;

use domain::catalog::{FieldType, Kind, ScopeRule};
use domain::{Fields, Refusal, Value};
use store::{Filter, ListQuery, Row};

use crate::types::{ImportReport, ImportRow};
use crate::{AppError, Laptop, Result};

impl Laptop {
    /// Reads the table `name` with content `bytes` as records of `kind`.
    ///
    /// With `dry_run` nothing is written, and the report says what would be.
    /// A row that cannot be taken is named with its reason; the others go on.
    ///
    /// # Errors
    /// A file that is no table of this kind, as a whole.
    pub fn import(&mut self, name: &str, bytes: &[u8], kind: &str, dry_run: bool) -> Result<ImportReport> {
        let kind = self.kind(kind)?;
        let table = sheet::read(name, bytes, &kind)?;
        let mut report = ImportReport { unmatched: table.unmatched, ..ImportReport::default() };
        let mut in_this_file = BTreeMap::new();
        for row in table.rows {
            let (values, refused) = split(row.cells);
            let taken = match refused {
                Some(refusal) => Err(refusal.into()),
                None => self.import_row(&kind, &values, dry_run, &mut in_this_file),
            };
            let (verdict, reason) = match taken {
                Ok(verdict) => (verdict, None),
                Err(error @ (AppError::Refused(_) | AppError::Sheet(_))) => ("rejected", Some(error.view())),
                Err(other) => return Err(other),
            };
            match verdict {
                "new" => report.new += 1,
                "changed" => report.changed += 1,
                "same" => report.same += 1,
                _ => report.rejected += 1,
            }
            let title = values.get(&kind.title).and_then(Value::as_str).unwrap_or_default().to_owned();
            report.rows.push(ImportRow { row: row.number, verdict: verdict.to_owned(), reason, title, values });
        }
        self.index();
        Ok(report)
    }

    fn import_row(
        &mut self,
        kind: &Kind,
        values: &Fields,
        dry_run: bool,
        in_this_file: &mut BTreeMap<String, Fields>,
    ) -> Result<&'static str> {
        let mut given = values.clone();
        given.retain(|name, _| kind.field(name).is_ok_and(|field| field.given));
        let mut fields = values.clone();
        fields.retain(|name, _| !given.contains_key(name));
        let mut fields = self.checked(kind, fields)?;
        match self.identified(kind, &given, &fields)? {
            Some(row) => {
                keep_spelling(kind, &row.record.fields, &mut fields);
                let actions = kind.edit(&row.record.fields, &fields)?;
                if actions.is_empty() {
                    return Ok("same");
                }
                if dry_run {
                    self.admissible(row.record.id, kind, row.record.scope, actions)?;
                } else {
                    self.set(row.record.id, fields)?;
                }
                Ok("changed")
            }
            None if dry_run => {
                // The file itself may say one thing twice; only the first of them is new.
                let name = identity(kind, &fields).to_string();
                if let Some(before) = in_this_file.get(&name) {
                    return Ok(if *before == fields { "same" } else { "changed" });
                }
                let (record, scope, actions) = self.beginning(kind, fields.clone())?;
                self.admissible(record, kind, scope, actions)?;
                in_this_file.insert(name, fields);
                Ok("new")
            }
            None => {
                self.add(&kind.name, fields)?;
                Ok("new")
            }
        }
    }

    /// The record that a row is about, if it is here already.
    fn identified(&self, kind: &Kind, given: &Fields, fields: &Fields) -> Result<Option<Row>> {
        if let Some(key) = &kind.key
            && let Some(value) = given.get(key).or_else(|| fields.get(key)).filter(|value| !value.is_null())
        {
            let found = self.store.find(kind, key, value)?.into_iter().next();
            if found.is_none() && given.contains_key(key) {
                let given = value.as_str().unwrap_or_default().to_owned();
                return Err(Refusal::UnknownReference { field: key.clone(), given }.into());
            }
            return Ok(found);
        }
        let filters = identity_fields(kind)
            .into_iter()
            .map(|name| Filter::Field(name.to_owned(), fields.get(name).cloned().unwrap_or_default()));
        let query = ListQuery { kind, filters: filters.collect(), sort: None, limit: 2, offset: 0 };
        let (total, mut rows) = self.store.list(&query)?;
        if total > 1 {
            let given = identity(kind, fields).to_string();
            return Err(
                Refusal::AmbiguousReference { field: kind.title.clone(), given, count: total.to_string() }.into()
            );
        }
        Ok(rows.pop())
    }
}

/// What tells one record of a kind from another when neither has a number: its
/// title, and the place or works that it belongs to.
fn identity_fields(kind: &Kind) -> Vec<&str> {
    let place = match &kind.scope {
        ScopeRule::Code(field) | ScopeRule::Reference(field) => Some(field.as_str()),
        ScopeRule::Laptop | ScopeRule::Shared => None,
    };
    std::iter::once(kind.title.as_str()).chain(place).collect()
}

fn identity(kind: &Kind, fields: &Fields) -> Value {
    identity_fields(kind).into_iter().map(|name| fields.get(name).cloned().unwrap_or_default()).collect()
}

/// A table forgets how a decimal was spelt: 12.50 comes back as 12.5, which is no edit.
fn keep_spelling(kind: &Kind, before: &Fields, fields: &mut Fields) {
    for field in kind.fields.iter().filter(|field| field.field_type == FieldType::Decimal) {
        if let (Some(standing), Some(value)) = (before.get(&field.name), fields.get_mut(&field.name))
            && shortest(standing).is_some_and(|standing| shortest(value) == Some(standing))
        {
            value.clone_from(standing);
        }
    }
}

/// A decimal without the zeros that say nothing.
fn shortest(decimal: &Value) -> Option<&str> {
    let text = decimal.as_str()?;
    Some(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text })
}

/// A row's good values, and the first thing wrong with it.
fn split(cells: BTreeMap<String, std::result::Result<Value, Refusal>>) -> (Fields, Option<Refusal>) {
    let (mut values, mut refused) = (Fields::new(), None);
    for (name, cell) in cells {
        match cell {
            Ok(value) => {
                values.insert(name, value);
            }
            Err(refusal) => refused = refused.or(Some(refusal)),
        }
    }
    (values, refused)
}
