//! No entry is saved that would break the books: asked before every save, wherever
//! it comes from.

use domain::catalog::Kind;
use domain::funds::{Around, Entry};
use domain::{Action, RecordId, Scope, overlay};

use super::FundPapers;
use crate::uses::submission::Here;
use crate::{Laptop, Result};

impl Laptop {
    /// Whether a new entry that `actions` make may join the books; of any other kind, yes.
    pub(crate) fn keeps_books(&self, kind: &Kind, record: RecordId, scope: &Scope, actions: &[Action]) -> Result<()> {
        if kind.name != Entry::KIND || !matches!(actions.first(), Some(Action::Create { .. })) {
            return Ok(());
        }
        let entry = overlay(None, &self.change_of(record, kind, scope.clone(), actions.to_vec())?);
        FundPapers::of(self, Around::gather(&Here(self), &entry)?)?.admit(&entry)
    }
}
