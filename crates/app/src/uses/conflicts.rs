//! Conflicts: what stands, what was parked beside it, and a person's decision.

use domain::change::STATE_GROUP;
use domain::{Action, Conflict, Fields, Record, Refusal};

use crate::types::{ConflictView, Decision, Shown};
use crate::{Laptop, Result};

impl Laptop {
    /// Every open conflict of this laptop's scopes.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn conflicts(&self) -> Result<Vec<ConflictView>> {
        let rows = self.store.in_conflict()?;
        let views = rows
            .iter()
            .flat_map(|row| row.record.conflicts.iter().map(|conflict| self.conflict_view(&row.record, conflict)));
        Ok(views.collect())
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
            Decision::Other { values } => {
                let values = self.checked(&kind, values.clone())?;
                let mut all: Fields = record.standing(&conflict);
                for (name, value) in values {
                    if !all.contains_key(&name) {
                        return Err(Refusal::UnknownField { kind: conflict.group.clone(), field: name }.into());
                    }
                    all.insert(name, value);
                }
                vec![Action::Write { group: conflict.group.clone(), values: all }]
            }
        };
        let row = self.save(record.id, &kind, record.scope, actions, None)?;
        self.shown(row)
    }
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
    let mut actions = Vec::new();
    if record.deleted && !matches!(conflict.action, Action::Delete | Action::Restore) {
        actions.push(Action::Restore);
    }
    actions.push(conflict.action.clone());
    actions
}
