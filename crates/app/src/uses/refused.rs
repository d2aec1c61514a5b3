//! Refused drafts: shown with their reason, sent again edited, or given up.

use std::sync::Arc;

use domain::{Action, ChangeId, Fields, Refusal, Value};
use store::RefusedRow;

use crate::error::AppError;
use crate::types::{RefusedDraft, Shown};
use crate::{Laptop, Result};

/// The field that a number is given into.
const NUMBER: &str = "number";

impl Laptop {
    /// Every refused change of this laptop, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn refused(&self) -> Result<Vec<RefusedDraft>> {
        self.store.refused()?.into_iter().map(|row| self.refused_view(row)).collect()
    }

    fn refused_view(&self, row: RefusedRow) -> Result<RefusedDraft> {
        let record = self.store.record(row.change.record)?;
        let title = record.map(|row| store::title(self.catalog(), &row.record)).unwrap_or_default();
        Ok(RefusedDraft {
            change: row.change.id.to_string(),
            record: row.change.record,
            kind: row.change.kind.clone(),
            title,
            at: row.change.at.clone(),
            values: wanted(&row.change.actions),
            reason: AppError::Refused(row.refusal).view(),
        })
    }

    /// Sends a refused change again, with `fields` in the place of what it said
    /// of them; the draft is put away once the new change is saved. A number that
    /// this laptop gave, and that another life of it gave as well, is given anew.
    ///
    /// # Errors
    /// When there is no such draft, or the rules refuse it still: then it stays.
    pub fn resend(&mut self, change: &str, fields: Fields) -> Result<Shown> {
        let row = self.refused_row(change)?;
        let kind = self.kind(&row.change.kind)?;
        let edits = self.checked(&kind, fields)?;
        let mut actions = Vec::new();
        for action in row.change.actions {
            actions.push(match action {
                Action::Write { group, mut values } => {
                    for (name, value) in &mut values {
                        if let Some(edited) = edits.get(name) {
                            value.clone_from(edited);
                        }
                    }
                    Action::Write { group, values }
                }
                other => other,
            });
        }
        let covered = |name: &String| {
            actions.iter().any(|action| matches!(action, Action::Write { values, .. } if values.contains_key(name)))
        };
        let rest: Fields =
            edits.iter().filter(|(name, _)| !covered(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
        let before = self.row(row.change.record)?;
        actions.extend(kind.edit(&before.record.fields, &rest)?);
        // What this laptop knows to be refused again need not travel to the district for it.
        self.passes_gate(&kind, row.change.record, &row.change.scope, &actions)?;
        let number = match (&row.refusal, &kind.number) {
            (Refusal::Duplicate { field, .. }, Some(pattern)) if field == NUMBER => {
                take_out(&mut actions, NUMBER);
                Some(self.numbering(&kind, pattern)?)
            }
            _ => None,
        };
        let draft = self.draft_of(row.change.record, &kind, row.change.scope, actions, number);
        let (post, catalog) = (self.post()?, Arc::clone(&self.rules));
        let saved = self
            .store
            .save_again(draft, row.change.id, |before, change| domain::rules::admit(&catalog, &post, before, change))?;
        self.shown(saved)
    }

    /// Gives up a refused change for good.
    ///
    /// # Errors
    /// When there is no such draft.
    pub fn discard(&mut self, change: &str) -> Result<()> {
        let row = self.refused_row(change)?;
        self.store.forget_refused(row.change.id)?;
        Ok(())
    }

    fn refused_row(&self, change: &str) -> Result<RefusedRow> {
        let id: Option<ChangeId> = change.parse().ok();
        let rows = self.store.refused()?;
        let found = rows.into_iter().find(|row| Some(row.change.id) == id);
        Ok(found.ok_or_else(|| Refusal::UnknownRecord { record: change.to_owned() })?)
    }
}

/// Leaves a field as it is, and what then says nothing.
fn take_out(actions: &mut Vec<Action>, field: &str) {
    actions.retain_mut(|action| match action {
        Action::Write { values, .. } => values.remove(field).is_none() || !values.is_empty(),
        _ => true,
    });
}

/// The values that a change asks for, by field.
fn wanted(actions: &[Action]) -> Fields {
    let mut values = Fields::new();
    for action in actions {
        match action {
            Action::Write { values: written, .. } => values.extend(written.clone()),
            Action::Add { field, items } => {
                values.insert(field.clone(), Value::Array(items.clone()));
            }
            Action::Move { to, .. } => {
                values.insert(domain::change::STATE_GROUP.to_owned(), to.clone().into());
            }
            Action::Delete => {
                values.insert(domain::change::DELETED_GROUP.to_owned(), true.into());
            }
            _ => {}
        }
    }
    values
}
