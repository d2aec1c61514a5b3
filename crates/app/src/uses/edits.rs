//! Many cells at once: whether each record would take what was pasted over it.
//!
//! Asked before anything is written, by the rules that the save itself obeys, so
//! that the person sees which lines of a block would be refused and why. The
//! lines are then saved one by one: each is a change of its own record.

use domain::{Fields, RecordId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::types::ErrorView;
use crate::{AppError, Laptop, Result};

/// Fields that are to be set in one record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Edit {
    /// The record.
    pub record: RecordId,
    /// Its new values; `null` empties one.
    #[ts(type = "Record<string, any>")]
    pub fields: Fields,
}

impl Laptop {
    /// For each edit why it would be refused; nothing is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn check_edits(&self, edits: &[Edit]) -> Result<Vec<Option<ErrorView>>> {
        let refusal = |edit: &Edit| match self.check_edit(edit) {
            Ok(()) => Ok(None),
            Err(AppError::Trouble(trouble)) => Err(AppError::Trouble(trouble)),
            Err(refused) => Ok(Some(refused.view())),
        };
        edits.iter().map(refusal).collect()
    }

    fn check_edit(&self, edit: &Edit) -> Result<()> {
        let row = self.row(edit.record)?;
        let kind = self.kind(&row.record.kind)?;
        let fields = self.checked(&kind, edit.fields.clone())?;
        let actions = kind.edit(&row.record.fields, &fields)?;
        if actions.is_empty() {
            return Ok(());
        }
        self.admissible(edit.record, &kind, row.record.scope, actions)
    }
}
