//! A save: record and outbox in one transaction, on disk when it returns.

use domain::{Action, Change, ChangeId, Fields, Record, RecordId, Refusal, Scope, overlay};
use rusqlite::TransactionBehavior;

use crate::table::record::SyncState;
use crate::{Error, Result, Row, Store, table};

/// What a person asks to be saved, before it has its place among this laptop's changes.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The change's id.
    pub change: ChangeId,
    /// The person.
    pub author: String,
    /// Wall time (RFC 3339), for display.
    pub at: String,
    /// The record.
    pub record: RecordId,
    /// Its kind.
    pub kind: String,
    /// Its scope.
    pub scope: Scope,
    /// What is done.
    pub actions: Vec<Action>,
    /// The number to give to a new record.
    pub number: Option<Numbering>,
}

/// A number to be given in the same transaction, so that none is given twice.
#[derive(Debug, Clone)]
pub struct Numbering {
    /// Which series counts on.
    pub series: String,
    /// The number's text, with `{n}` where the count stands.
    pub pattern: String,
}

/// Why a save did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database could not take it.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<rusqlite::Error> for SaveError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Saves `draft` and queues it for the district, or does neither.
    ///
    /// `admit` is asked inside the transaction, with the record as it stands and
    /// the finished change, so that no other process can slip in between.
    ///
    /// # Errors
    /// What `admit` refuses, or what the database could not do.
    pub fn save(
        &mut self,
        draft: Draft,
        admit: impl FnOnce(Option<&Record>, &Change) -> std::result::Result<(), Refusal>,
    ) -> std::result::Result<Row, SaveError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let before = table::record::shown(&tx, draft.record)?;
        let mut actions = draft.actions;
        if let Some(numbering) = &draft.number {
            let n = table::meta::take(&tx, &numbering.series)?;
            let number = numbering.pattern.replace("{n}", &format!("{n:03}"));
            let values = Fields::from([("number".to_owned(), number.into())]);
            actions.insert(1, Action::Write { group: "number".to_owned(), values });
        }
        let change = Change {
            id: draft.change,
            writer: table::meta::writer(&tx)?,
            counter: table::meta::take_counter(&tx)?,
            author: draft.author,
            at: draft.at,
            record: draft.record,
            kind: draft.kind,
            seen: table::scope::head(&tx, &draft.scope)?.0,
            scope: draft.scope,
            actions,
        };
        admit(before.as_ref().map(|row| &row.record), &change)?;
        table::outbox::insert(&tx, &change)?;
        let refused = matches!(&before, Some(row) if row.sync == SyncState::Refused);
        let record = overlay(before.map(|row| row.record), &change);
        let sync = match (refused, record.conflicts.is_empty()) {
            (true, _) => SyncState::Refused,
            (false, false) => SyncState::Conflict,
            (false, true) => SyncState::Saved,
        };
        table::record::put_shown(&tx, &record, sync)?;
        tx.commit()?;
        Ok(Row { record, sync })
    }

    /// The titles of the records that `ids` name, where they are here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn title(&self, id: RecordId) -> Result<Option<String>> {
        let row = self.record(id)?;
        Ok(row.map(|row| crate::title(&self.catalog, &row.record)))
    }
}
