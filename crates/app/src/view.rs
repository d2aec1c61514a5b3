//! Rows as they are shown.

use std::collections::BTreeMap;

use domain::catalog::FieldType;
use domain::{Conflict, Record, RecordId};
use store::Row;

use crate::types::{ConflictView, Shown, Side, SyncState};
use crate::{Laptop, Result};

impl Laptop {
    pub(crate) fn shown(&self, row: Row) -> Result<Shown> {
        let names = self.names(std::slice::from_ref(&row))?;
        self.shown_with(row, &names)
    }

    /// The row with the names of those that it refers to, out of a page's `names`.
    pub(crate) fn shown_with(&self, row: Row, names: &BTreeMap<String, String>) -> Result<Shown> {
        let record = row.record;
        let conflicts = record.conflicts.iter().map(|conflict| self.conflict_view(&record, conflict)).collect();
        let named = |text: &str| names.get(text).map(|title| (text.to_owned(), title.clone()));
        let texts = record.fields.values().flat_map(|value| match value.as_array() {
            Some(items) => items.iter().filter_map(|item| item.as_str()).collect(),
            None => value.as_str().into_iter().collect::<Vec<_>>(),
        });
        let names = texts.filter_map(named).collect();
        Ok(Shown {
            id: record.id,
            scope: record.scope.to_string(),
            state: record.state,
            sync: sync_state(row.sync),
            deleted: record.deleted,
            conflicts,
            names,
            kind: record.kind,
            fields: record.fields,
        })
    }

    /// The titles of all that these rows refer to, by id or key.
    pub(crate) fn names(&self, rows: &[Row]) -> Result<BTreeMap<String, String>> {
        let mut names = BTreeMap::new();
        for row in rows {
            let Ok(kind) = self.kind(&row.record.kind) else { continue };
            for field in &kind.fields {
                let Some(to) = &field.to else { continue };
                let texts: Vec<String> = match field.field_type {
                    FieldType::References => {
                        row.record.items(&field.name).iter().filter_map(|i| i.as_str().map(str::to_owned)).collect()
                    }
                    _ => row.record.text(&field.name).map(str::to_owned).into_iter().collect(),
                };
                for text in texts {
                    if names.contains_key(&text) {
                        continue;
                    }
                    let title = match (&field.by, text.parse::<RecordId>()) {
                        (None, Ok(id)) => self.store.title(id)?,
                        (Some(by), _) => {
                            let found = self.store.find(self.catalog().kind(to)?, by, &text.clone().into())?;
                            found.first().map(|row| store::title(self.catalog(), &row.record))
                        }
                        (None, Err(_)) => None,
                    };
                    names.extend(title.map(|title| (text, title)));
                }
            }
        }
        Ok(names)
    }

    pub(crate) fn conflict_view(&self, record: &Record, conflict: &Conflict) -> ConflictView {
        let (standing, parked) = (record.standing(conflict), conflict.parked());
        let null = domain::Value::Null;
        let differs = |name: &&String| standing.get(*name).unwrap_or(&null) != parked.get(*name).unwrap_or(&null);
        let mut fields: Vec<String> = conflict.fields().iter().filter(differs).cloned().collect();
        if fields.is_empty() {
            fields = conflict.fields();
        }
        let only = |values: domain::Fields| values.into_iter().filter(|(name, _)| fields.contains(name)).collect();
        let stamp = record.stamps.get(&conflict.group);
        let (by, at) = stamp.map(|stamp| (stamp.author.clone(), stamp.at.clone())).unwrap_or_default();
        ConflictView {
            id: conflict.id.clone(),
            record: record.id,
            kind: record.kind.clone(),
            title: store::title(self.catalog(), record),
            standing: Side { values: only(standing), by, at },
            parked: Side { values: only(parked), by: conflict.stamp.author.clone(), at: conflict.stamp.at.clone() },
            mine: conflict.stamp.writer.device == self.identity.device,
            original: None,
            fields,
        }
    }
}

fn sync_state(state: store::SyncState) -> SyncState {
    match state {
        store::SyncState::Saved => SyncState::Saved,
        store::SyncState::Sending => SyncState::Sending,
        store::SyncState::District => SyncState::District,
        store::SyncState::Conflict => SyncState::Conflict,
        store::SyncState::Refused => SyncState::Refused,
    }
}
