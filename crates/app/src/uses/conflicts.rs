//! Conflicts: what stands, what was parked beside it, and a person's decision.

use domain::catalog::Kind;
use domain::change::STATE_GROUP;
use domain::{Action, Conflict, Fields, Record, Refusal, Value};

use crate::types::{ConflictView, Decision, Shown};
use crate::{Laptop, Result};

impl Laptop {
    /// Every open conflict of this laptop's scopes, with what its writers started from.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn conflicts(&self) -> Result<Vec<ConflictView>> {
        let mut views = Vec::new();
        for row in self.store.in_conflict()? {
            for conflict in &row.record.conflicts {
                let view = self.conflict_view(&row.record, conflict);
                let original = self.before(row.record.id, conflict.change, &view.fields)?;
                views.push(ConflictView { original, ..view });
            }
        }
        Ok(views)
    }

    /// Decides a conflict, by writing its group once more, having seen both values.
    ///
    /// # Errors
    /// [`Refusal::UnknownConflict`] when it is no longer open, or what the rules refuse.
    pub fn settle(&mut self, conflict: &str, decision: &Decision) -> Result<Shown> {
        let rows = self.store.in_conflict()?;
        let found = rows
            .into_iter()
            .find_map(|row| row.record.conflict(conflict).cloned().map(|conflict| (row.record, conflict)));
        let (record, conflict) = found.ok_or_else(|| Refusal::UnknownConflict { conflict: conflict.to_owned() })?;
        let kind = self.kind(&record.kind)?;
        let actions = match decision {
            Decision::Standing => standing(&record, &conflict),
            Decision::Parked => parked(&record, &conflict),
            Decision::Other { values } => self.other(&kind, &record, &conflict, values)?,
        };
        let row = self.save(record.id, &kind, record.scope, actions, None)?;
        self.shown(row)
    }

    /// The actions that write a third value: other fields of the group, or another state.
    fn other(&self, kind: &Kind, record: &Record, conflict: &Conflict, values: &Fields) -> Result<Vec<Action>> {
        if let Some(refusal) = elsewhere(conflict, values.keys()) {
            return Err(refusal.into());
        }
        let action = match &conflict.action {
            Action::Write { group, .. } => {
                let mut all = record.standing(conflict);
                all.extend(self.checked(kind, values.clone())?);
                Action::Write { group: group.clone(), values: all }
            }
            Action::Move { .. } => {
                let to = values.get(STATE_GROUP).and_then(Value::as_str);
                let to = to.ok_or_else(|| Refusal::Required { field: STATE_GROUP.to_owned() })?;
                Action::Move { to: to.to_owned(), remark: None }
            }
            // There or gone, in the set or out of it: there is no third.
            _ => {
                return Err(Refusal::WrongGroup { field: conflict.group.clone(), group: conflict.group.clone() }.into());
            }
        };
        Ok(on_a_live_record(record, action))
    }
}

/// Where `values` say something that is not what the conflict is about.
fn elsewhere<'v>(conflict: &Conflict, values: impl Iterator<Item = &'v String>) -> Option<Refusal> {
    let about = conflict.fields();
    let other = values.into_iter().find(|name| !about.contains(name));
    other.map(|field| Refusal::WrongGroup { field: field.clone(), group: conflict.group.clone() })
}

/// Says once more what stands.
fn standing(record: &Record, conflict: &Conflict) -> Vec<Action> {
    let state = |to: &str| Action::Move { to: to.to_owned(), remark: None };
    match &conflict.action {
        Action::Write { group, .. } if !record.deleted => {
            vec![Action::Write { group: group.clone(), values: record.standing(conflict) }]
        }
        Action::Move { .. } if !record.deleted => vec![state(record.state.as_deref().unwrap_or(STATE_GROUP))],
        _ if record.deleted => vec![Action::Restore, Action::Delete],
        _ => vec![Action::Restore],
    }
}

/// Does what was parked, bringing the record back first where it was deleted meanwhile.
fn parked(record: &Record, conflict: &Conflict) -> Vec<Action> {
    on_a_live_record(record, conflict.action.clone())
}

fn on_a_live_record(record: &Record, action: Action) -> Vec<Action> {
    let back = record.deleted && !matches!(action, Action::Delete | Action::Restore);
    back.then_some(Action::Restore).into_iter().chain([action]).collect()
}
