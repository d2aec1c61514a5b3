//! Which record a row is about: the one that it names by its number or code, else
//! the one of the same name in the same place; in a ledger that is only added to,
//! the one that says the same. Found from what the lists know, so that ten thousand
//! rows open no record but those that they change.

use std::collections::HashMap;

use domain::catalog::{Field, FieldType, Kind, ScopeRule};
use domain::{Fields, RecordId, Refusal, Value};
use store::Row;

use crate::{Laptop, Result};

/// The records of a kind by what tells them apart.
pub(super) struct Here<'l> {
    laptop: &'l Laptop,
    kind: &'l Kind,
    /// Where only all that it says tells an entry apart: the table's columns whose
    /// values are spelt in one way, so that few are left to be compared in full.
    told_by: Option<Vec<&'l str>>,
    by_key: HashMap<String, RecordId>,
    by_identity: HashMap<String, Vec<RecordId>>,
}

impl<'l> Here<'l> {
    /// For a table that has these columns.
    pub(super) fn read(laptop: &'l Laptop, kind: &'l Kind, columns: &[&'l Field]) -> Result<Self> {
        let exact: Vec<&str> =
            columns.iter().filter(|field| is_exact(field)).map(|field| field.name.as_str()).collect();
        let told_by = told_apart_by_all(kind).then_some(exact);
        let mut here = Self { laptop, kind, told_by, by_key: HashMap::new(), by_identity: HashMap::new() };
        for (id, keys) in laptop.store.keys(&kind.name)? {
            if let Some(key) = kind.key.as_ref().and_then(|key| keys.get(key)).filter(|value| !value.is_null()) {
                here.by_key.insert(key.to_string(), id);
            }
            if here.told_by.is_none() {
                here.by_identity.entry(identity(kind, &keys)).or_default().push(id);
            }
        }
        if here.told_by.is_some() {
            for record in laptop.gather(&kind.name, &[])? {
                here.by_identity.entry(here.identity(&record.fields)).or_default().push(record.id);
            }
        }
        Ok(here)
    }

    /// What tells a record from others before it is opened.
    fn identity(&self, fields: &Fields) -> String {
        let Some(exact) = &self.told_by else { return identity(self.kind, fields) };
        let values = exact.iter().map(|name| fields.get(*name).cloned().unwrap_or_default());
        values.collect::<Value>().to_string()
    }

    /// The record that a row is about, if it is here already.
    pub(super) fn find(&self, given: &Fields, fields: &Fields) -> Result<Option<Row>> {
        let kind = self.kind;
        if let Some(key) = &kind.key
            && let Some(value) = given.get(key).or_else(|| fields.get(key)).filter(|value| !value.is_null())
        {
            let found = self.by_key.get(&value.to_string()).copied();
            if found.is_none() && given.contains_key(key) {
                let given = value.as_str().unwrap_or_default().to_owned();
                return Err(Refusal::UnknownReference { field: key.clone(), given }.into());
            }
            return found.map(|id| self.laptop.row(id)).transpose();
        }
        let candidates = self.by_identity.get(&self.identity(fields)).map_or(&[][..], Vec::as_slice);
        if told_apart_by_all(kind) {
            for id in candidates {
                let row = self.laptop.row(*id)?;
                let mut fields = fields.clone();
                keep_spelling(kind, &row.record.fields, &mut fields);
                if kind.edit(&row.record.fields, &fields)?.is_empty() {
                    return Ok(Some(row));
                }
            }
            return Ok(None);
        }
        match candidates {
            [] => Ok(None),
            [id] => Ok(Some(self.laptop.row(*id)?)),
            several => {
                let given = fields.get(&kind.title).and_then(Value::as_str).unwrap_or_default().to_owned();
                let (field, count) = (kind.title.clone(), several.len().to_string());
                Err(Refusal::AmbiguousReference { field, given, count }.into())
            }
        }
    }

    /// What tells this row from the others of its file.
    pub(super) fn of_row(&self, found: Option<&Row>, fields: &Fields) -> String {
        match found {
            Some(row) => row.record.id.to_string(),
            None if told_apart_by_all(self.kind) => Value::from_iter(fields.clone()).to_string(),
            None => {
                let key = self.kind.key.as_ref().and_then(|key| fields.get(key)).filter(|value| !value.is_null());
                key.map_or_else(|| identity(self.kind, fields), Value::to_string)
            }
        }
    }
}

/// Entries of a ledger that is only added to, and records whose title is a number
/// given by the program, have nothing else to be known by than all that they say.
fn told_apart_by_all(kind: &Kind) -> bool {
    kind.append_only || kind.field(&kind.title).is_ok_and(|title| title.given)
}

/// Whether two values of the field are the same exactly where they are written the
/// same: neither a decimal's last zeros nor hidden digits stand in the way.
fn is_exact(field: &Field) -> bool {
    use FieldType as T;
    matches!(field.field_type, T::Integer | T::Money | T::Date | T::Month | T::Choice | T::YesNo | T::Reference)
        && !field.given
}

/// The title, and the place or works that the record belongs to.
fn identity(kind: &Kind, fields: &Fields) -> String {
    let place = place_field(kind);
    let title = Some(kind.title.as_str()).filter(|_| !told_apart_by_all(kind));
    let values = title.into_iter().chain(place).map(|name| fields.get(name).cloned().unwrap_or_default());
    values.collect::<Value>().to_string()
}

/// The field that says to which place, or to which other record, one of this kind belongs.
pub(super) fn place_field(kind: &Kind) -> Option<&str> {
    match &kind.scope {
        ScopeRule::Code(field) | ScopeRule::Reference(field) => Some(field.as_str()),
        ScopeRule::References(fields) => fields.first().map(String::as_str),
        ScopeRule::Laptop | ScopeRule::Shared => None,
    }
}

/// A table forgets how a decimal was spelt, and an export hides private digits:
/// 12.50 comes back as 12.5, and 138****1234 as it was hidden; neither is an edit.
pub(super) fn keep_spelling(kind: &Kind, before: &Fields, fields: &mut Fields) {
    for (name, value) in fields.iter_mut() {
        let Some(standing) = before.get(name) else { continue };
        let Ok(field) = kind.field(name) else { continue };
        let same = match field.field_type {
            FieldType::Decimal => shortest(standing).is_some_and(|standing| shortest(value) == Some(standing)),
            FieldType::Text => match (standing.as_str(), value.as_str()) {
                (Some(standing), Some(value)) => value.contains('*') && sheet::masked(standing) == value,
                _ => false,
            },
            _ => false,
        };
        if same {
            value.clone_from(standing);
        }
    }
}

/// A decimal without the zeros that say nothing.
fn shortest(decimal: &Value) -> Option<&str> {
    let text = decimal.as_str()?;
    Some(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text })
}
