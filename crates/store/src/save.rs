//! A save: record and outbox in one transaction, on disk when it returns.

use domain::{Action, Change, ChangeId, Fields, Record, RecordId, Refusal, Scope, overlay};
use rusqlite::{Connection, Transaction, TransactionBehavior};

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
        let row = enter(&tx, draft, admit)?;
        tx.commit()?;
        Ok(row)
    }

    /// Saves `draft` in the place of the refused change `refused`, which is put
    /// away by the same transaction: it is never there twice, and never gone.
    ///
    /// # Errors
    /// As [`Store::save`]; the refused change then stays.
    pub fn save_again(
        &mut self,
        draft: Draft,
        refused: ChangeId,
        admit: impl FnOnce(Option<&Record>, &Change) -> std::result::Result<(), Refusal>,
    ) -> std::result::Result<Row, SaveError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        table::record::forget_draft(&tx, refused)?;
        let row = enter(&tx, draft, admit)?;
        tx.commit()?;
        Ok(row)
    }

    /// Saves several drafts that only make sense together, or none of them.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub fn save_all(&mut self, drafts: Vec<Draft>, admit: crate::Admit<'_>) -> std::result::Result<(), SaveError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for draft in drafts {
            enter(&tx, draft, &mut *admit)?;
        }
        Ok(tx.commit()?)
    }

    /// The title of the record, where it is here.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn title(&self, id: RecordId) -> Result<Option<String>> {
        let row = self.record(id)?;
        Ok(row.map(|row| crate::title(&self.catalog, &row.record)))
    }
}

/// Gives the draft its place among this laptop's changes, in the caller's transaction.
pub(crate) fn enter(
    tx: &Transaction<'_>,
    draft: Draft,
    admit: impl FnOnce(Option<&Record>, &Change) -> std::result::Result<(), Refusal>,
) -> std::result::Result<Row, SaveError> {
    let before = table::record::shown(tx, draft.record)?;
    let mut actions = draft.actions;
    if let Some(numbering) = &draft.number {
        let n = table::meta::take(tx, &numbering.series)?;
        let number = numbering.pattern.replace("{n}", &format!("{n:03}"));
        let values = Fields::from([("number".to_owned(), number.into())]);
        actions.insert(1, Action::Write { group: "number".to_owned(), values });
    }
    let seen = seen(tx, &draft.scope, draft.record, &actions)?;
    let change = Change {
        id: draft.change,
        writer: table::meta::writer(tx)?,
        counter: table::meta::take_counter(tx)?,
        author: draft.author,
        at: draft.at,
        record: draft.record,
        kind: draft.kind,
        seen,
        scope: draft.scope,
        actions,
    };
    table::attachment::named_again(tx, &change)?;
    if matches!(&before, Some(row) if row.sync == SyncState::Refused) {
        // Refused drafts are on the screen, but nothing can be built on them.
        admit(table::record::beyond_drafts(tx, change.record)?.as_ref(), &change)?;
        table::outbox::insert(tx, &change)?;
        table::record::refresh(tx, change.record)?;
        let shown = table::record::shown(tx, change.record)?;
        return shown.ok_or_else(|| Error::Damaged("a record is gone while it is saved".to_owned()).into());
    }
    admit(before.as_ref().map(|row| &row.record), &change)?;
    table::outbox::insert(tx, &change)?;
    let record = overlay(before.map(|row| row.record), &change);
    let sync = if record.conflicts.is_empty() { SyncState::Saved } else { SyncState::Conflict };
    table::record::put_shown(tx, &record, sync)?;
    Ok(Row { record, sync })
}

/// How far whoever looks at the screen has seen the log, where `actions` are about.
///
/// A pending change of this laptop's own lies on top of what the log has brought
/// since, and hides it: who writes there again has seen no more than it had.
fn seen(conn: &Connection, scope: &Scope, record: RecordId, actions: &[Action]) -> Result<u64> {
    let pending = table::outbox::of_record(conn, record)?;
    let hiding = pending.iter().filter(|pending| pending.change.actions.iter().any(|on_top| hides(on_top, actions)));
    let applied = table::scope::get(conn, scope)?.seen();
    Ok(hiding.map(|pending| pending.change.seen).fold(applied, u64::min))
}

/// Whether what one of `actions` is about lies under `on_top`. A delete is about all of it.
fn hides(on_top: &Action, actions: &[Action]) -> bool {
    let about = |action: &Action| matches!(action, Action::Delete) || action.group() == on_top.group();
    on_top.group().is_some() && actions.iter().any(about)
}

#[cfg(test)]
mod tests {
    use domain::{Catalog, DeviceId, Writer};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn village(name: &str) -> Draft {
        let values = Fields::from([("name".to_owned(), json!(name))]);
        Draft {
            change: ChangeId(Uuid::now_v7()),
            author: "王芳".to_owned(),
            at: "2026-03-01T08:00:00+08:00".to_owned(),
            record: RecordId(Uuid::now_v7()),
            kind: "village".to_owned(),
            scope: Scope::parse("320902107").expect("a scope"),
            actions: vec![Action::Create { state: None }, Action::Write { group: "name".to_owned(), values }],
            number: None,
        }
    }

    /// The disk is SQLite's own limit of pages, which answers as a full one does.
    #[test]
    fn a_full_disk_is_named_and_what_was_saved_is_still_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store =
            Store::open(&folder.path().join("records.db"), &[7; 32], Catalog::shipped()).expect("a new database");
        store.set_writer(Writer { device: DeviceId(Uuid::now_v7()), incarnation: 1 }).expect("a writer");
        let pages: i64 = store.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).expect("a number");
        store.conn.pragma_update(None, "max_page_count", pages + 20).expect("a limit");

        let mut kept = Vec::new();
        let refusal = loop {
            match store.save(village(&"长名".repeat(500)), |_, _| Ok(())) {
                Ok(row) => kept.push(row.record.id),
                Err(refusal) => break refusal,
            }
        };
        assert!(matches!(refusal, SaveError::Store(Error::DiskFull)), "it is the disk: {refusal}");
        assert!(!kept.is_empty(), "there was room for some");
        for id in &kept {
            assert!(store.record(*id).expect("a read").is_some(), "what was acknowledged stays");
        }
        assert_eq!(store.to_send(1_000).expect("a read").len(), kept.len(), "and nothing else waits to be sent");

        store.conn.pragma_update(None, "max_page_count", pages + 1_000).expect("a larger disk");
        store.save(village("新村"), |_, _| Ok(())).expect("room again");
        let counters: Vec<u64> = store.to_send(1_000).expect("a read").iter().map(|change| change.counter).collect();
        let dense: Vec<u64> = (1..).take(counters.len()).collect();
        assert_eq!(counters, dense, "the failed save spent no counter");
    }
}
