//! What the district answered: receipts, and pages of its log.

use domain::{Change, ChangeId, LogEntry, Record, RecordId, Refusal, Scope, Verdict, log};
use rusqlite::{Connection, TransactionBehavior};

use crate::{Error, Result, Store, table};

/// The district's word on one change, as far as the store needs it.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The change's counter.
    pub counter: u64,
    /// The change.
    pub change: ChangeId,
    /// Why it was refused without a place in any log, if it was.
    pub refused_outside: Option<Refusal>,
}

/// What a page of a log brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Received {
    /// Entries applied.
    pub entries: u64,
    /// The last `seq` applied.
    pub seq: u64,
}

impl Store {
    /// Notes that these changes go out now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn mark_sent(&mut self, changes: &[Change]) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for change in changes {
            table::outbox::mark_sent(&tx, change.id)?;
        }
        refresh_all(&tx, changes.iter().map(|change| change.record))?;
        Ok(tx.commit()?)
    }

    /// Takes the district's receipts. A change with a place in the log stays in
    /// the outbox, answered, until that log brings it; one without becomes a draft.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_receipts(&mut self, receipts: &[Receipt]) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for receipt in receipts {
            match &receipt.refused_outside {
                Some(refusal) => {
                    if let Some(change) = table::outbox::take(&tx, receipt.counter, receipt.change)? {
                        table::refused::insert(&tx, &change, refusal)?;
                        table::record::refresh(&tx, change.record)?;
                    }
                }
                None => table::outbox::mark_answered(&tx, receipt.counter)?,
            }
        }
        Ok(tx.commit()?)
    }

    /// Applies a page of `scope`'s log. Entries that were applied before are
    /// passed over, so that a page may safely come twice.
    ///
    /// # Errors
    /// [`Error::ChainBroken`] when an entry does not continue our log,
    /// [`Error::Drift`] when it was decided by other rules than ours; nothing of
    /// the page is applied then.
    pub fn apply(&mut self, scope: &Scope, entries: &[LogEntry]) -> Result<Received> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut seq, mut hash) = table::scope::head(&tx, scope)?;
        let own = table::meta::writer(&tx)?;
        let mut applied = 0;
        for entry in entries {
            if entry.seq <= seq {
                continue;
            }
            if entry.scope != *scope || entry.seq != seq + 1 || !entry.follows(&hash) {
                return Err(Error::ChainBroken { scope: scope.to_string(), seq: entry.seq });
            }
            apply_entry(&tx, own, entry)?;
            seq = entry.seq;
            hash.clone_from(&entry.hash);
            applied += 1;
        }
        table::scope::advance(&tx, scope, seq, &hash)?;
        tx.commit()?;
        Ok(Received { entries: applied, seq })
    }

    /// Puts a refused draft away, once it was sent anew or given up. Whether it was there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_refused(&mut self, change: ChangeId) -> Result<bool> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let there = table::record::forget_draft(&tx, change)?;
        tx.commit()?;
        Ok(there)
    }
}

fn apply_entry(conn: &Connection, own: domain::Writer, entry: &LogEntry) -> Result<()> {
    table::log::insert(conn, entry)?;
    let id = entry.change.record;
    if entry.change.writer == own {
        table::outbox::take(conn, entry.change.counter, entry.change.id)?;
        if let Verdict::Refused { refusal } = &entry.verdict {
            table::refused::insert(conn, &entry.change, refusal)?;
        }
    }
    let before: Option<Record> = table::record::confirmed(conn, id)?;
    let after = log::replay(before, entry)?;
    match after {
        Some(record) => {
            for file in record.attachments() {
                table::attachment::named(conn, &file)?;
            }
            table::record::put_confirmed(conn, &record)
        }
        None => table::record::refresh(conn, id),
    }
}

fn refresh_all(conn: &Connection, records: impl Iterator<Item = RecordId>) -> Result<()> {
    let mut records: Vec<RecordId> = records.collect();
    records.sort_unstable();
    records.dedup();
    records.into_iter().try_for_each(|record| table::record::refresh(conn, record))
}
