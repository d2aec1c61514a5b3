//! History: who did what to a record, when, and what it was before.

use domain::change::{DELETED_GROUP, STATE_GROUP, item_key};
use domain::{Action, ChangeId, Fields, Record, RecordId, Value, Verdict, log, overlay};

use crate::types::HistoryEntry;
use crate::{Laptop, Result};

impl Laptop {
    /// Every change of a record, oldest first, with this laptop's pending ones at the end.
    ///
    /// # Errors
    /// When there is no such record.
    pub fn history(&self, id: RecordId) -> Result<Vec<HistoryEntry>> {
        self.row(id)?;
        let mut record: Option<Record> = None;
        let mut entries = Vec::new();
        for past in self.store.history(id)? {
            let (before, after) = touched(record.as_ref(), &past.change.actions);
            let (seq, verdict) = match &past.ordered {
                Some((seq, verdict)) => (Some(*seq), verdict.name()),
                None => (None, "pending"),
            };
            entries.push(HistoryEntry {
                seq,
                by: past.change.author.clone(),
                device: past.change.writer.device.to_string(),
                at: past.change.at.clone(),
                skew: past.skew,
                verdict: verdict.to_owned(),
                before,
                after,
            });
            record = match past.ordered {
                Some((seq, verdict)) => follow(record, past.change, seq, verdict),
                None => Some(overlay(record, &past.change)),
            };
        }
        Ok(entries)
    }

    /// What these fields held when the writer of `change` had it before him: the
    /// record after the last entry that he had seen. Nothing, where the log here
    /// does not reach back so far.
    pub(crate) fn before(&self, id: RecordId, change: ChangeId, fields: &[String]) -> Result<Option<Fields>> {
        let past = self.store.history(id)?;
        let Some(seen) = past.iter().find(|one| one.change.id == change).map(|one| one.change.seen) else {
            return Ok(None);
        };
        let mut record: Option<Record> = None;
        for one in past {
            // What he had saved himself since then is part of his own side.
            match one.ordered {
                Some((seq, verdict)) if seq <= seen => record = follow(record, one.change, seq, verdict),
                _ => break,
            }
        }
        let held = |record: &Record, name: &str| match name {
            STATE_GROUP => record.state.clone().map(Value::from),
            DELETED_GROUP => Some(record.deleted.into()),
            _ => record.fields.get(name).cloned(),
        };
        let values = |record: Record| {
            fields.iter().filter_map(|name| Some((name.clone(), held(&record, name)?))).collect::<Fields>()
        };
        Ok(record.map(values))
    }
}

/// The record after an entry whose chain was checked when it came in.
fn follow(record: Option<Record>, change: domain::Change, seq: u64, verdict: Verdict) -> Option<Record> {
    let kept = record.clone();
    let entry = domain::LogEntry::chained(log::CHAIN_START, seq, change, verdict, None);
    log::replay(record, &entry).unwrap_or(kept)
}

/// The values that these actions touch, before and as asked for.
fn touched(record: Option<&Record>, actions: &[Action]) -> (Fields, Fields) {
    let (mut before, mut after) = (Fields::new(), Fields::new());
    let held = |name: &str| record.and_then(|record| record.fields.get(name)).cloned();
    for action in actions {
        match action {
            Action::Write { values, .. } => {
                for (name, value) in values {
                    let old = held(name);
                    if old.as_ref().unwrap_or(&Value::Null) != value {
                        before.extend(old.map(|old| (name.clone(), old)));
                        after.insert(name.clone(), value.clone());
                    }
                }
            }
            Action::Add { field, items } => {
                before.extend(held(field).map(|old| (field.clone(), old)));
                let mut all = held(field).and_then(|old| old.as_array().cloned()).unwrap_or_default();
                all.extend(items.iter().cloned());
                after.insert(field.clone(), Value::Array(all));
            }
            Action::Remove { field, keys } => {
                before.extend(held(field).map(|old| (field.clone(), old)));
                let mut all = held(field).and_then(|old| old.as_array().cloned()).unwrap_or_default();
                all.retain(|item| !keys.contains(&item_key(item)));
                after.insert(field.clone(), Value::Array(all));
            }
            Action::Create { state: Some(to) } | Action::Move { to, .. } => {
                before.extend(record.and_then(|r| r.state.clone()).map(|state| (STATE_GROUP.to_owned(), state.into())));
                after.insert(STATE_GROUP.to_owned(), to.clone().into());
            }
            Action::Delete | Action::Restore => {
                before.insert(DELETED_GROUP.to_owned(), record.is_some_and(|record| record.deleted).into());
                after.insert(DELETED_GROUP.to_owned(), matches!(action, Action::Delete).into());
            }
            Action::Create { state: None } | Action::Release { .. } | Action::Unknown(_) => {}
        }
    }
    (before, after)
}
