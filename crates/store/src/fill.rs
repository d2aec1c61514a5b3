//! A first fill: the records of a scope as they stand, in pages, and later the
//! entries that made them.
//!
//! The district reads the pages while others write, so every record says up to
//! which entry it is told. When the last page is in, the log takes over at the
//! entry at which the first one began, and passes over what a record has in it.

use domain::log::LogEntry;
use domain::page::{Fill, Page, What};
use domain::{Scope, Verdict};
use rusqlite::TransactionBehavior;

use crate::receive::refresh_all;
use crate::standing::end_anew;
use crate::table::scope::FillState;
use crate::{Error, Result, Store, table};

impl Store {
    /// Takes a page of a first fill; one that does not continue where the fill
    /// stands is passed over. How many records came.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of the page is taken then.
    pub fn fill(&mut self, scope: &Scope, page: &Fill) -> Result<u64> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut row = table::scope::get(&tx, scope)?;
        let continues = match &row.fill {
            None => row.seq == 0 && page.after.is_none(),
            Some(fill) => fill.seq == page.seq && fill.hash == page.hash && page.after == Some(fill.after),
        };
        if !continues {
            return Ok(0);
        }
        // A new laptop has nothing of its own to lay over what comes.
        let alone = table::outbox::is_empty(&tx)? && table::refused::is_empty(&tx)?;
        for domain::page::Filled { told, record } in &page.records {
            for file in record.attachments() {
                table::attachment::named(&tx, &file)?;
            }
            if alone && record.waiting.is_empty() {
                table::record::put_alone(&tx, record, Some(*told))?;
            } else {
                table::record::put_confirmed(&tx, record, *told)?;
            }
        }
        let last = page.records.last().map(|filled| filled.record.id);
        match last.filter(|_| !page.done) {
            Some(after) => {
                let (seq, hash, seal) = (page.seq, page.hash.clone(), page.seal.clone());
                row.fill = Some(FillState { seq, hash, seal, after });
            }
            None => {
                row.fill = None;
                (row.seq, row.hash, row.seal) = (page.seq, page.hash.clone(), Some(page.seal.clone()));
                (row.past, row.past_hash) = (page.seq, page.hash.clone());
                // The log will not bring what the fill has brought, so what waited
                // here only for its place in the log is done, and kept for the history.
                let done = table::outbox::keep_up_to(&tx, scope, page.seq)?;
                if row.anew {
                    end_anew(&tx, &mut row)?;
                }
                refresh_all(&tx, done.into_iter())?;
            }
        }
        table::scope::write(&tx, &row)?;
        if !table::kept::is_empty(&tx)? {
            table::record::doubt_kept(&tx)?;
        }
        tx.commit()?;
        Ok(page.records.len() as u64)
    }

    /// Takes entries from before the fill, newest page first. How many came.
    ///
    /// # Errors
    /// [`Error::ChainBroken`] when they do not lead to the entry that is known.
    pub fn take_past(&mut self, scope: &Scope, page: &Page) -> Result<u64> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut row = table::scope::get(&tx, scope)?;
        if page.end() != row.past || row.past == 0 {
            return Ok(0);
        }
        let keeps = !table::kept::is_empty(&tx)?;
        let mut settled = Vec::new();
        let mut hash = page.before.clone();
        for (seq, told) in (page.after + 1..).zip(&page.entries) {
            let What::Change(change) = &told.what else { return Err(Error::OwnMissing { counter: 0 }) };
            let entry = LogEntry::chained(&hash, seq, change.as_ref().clone(), told.verdict.clone(), told.skew);
            table::log::insert(&tx, &entry)?;
            if keeps && table::kept::take(&tx, entry.change.id)? {
                if let Verdict::Refused { refusal } = &entry.verdict {
                    table::refused::insert(&tx, &entry.change, refusal)?;
                }
                settled.push(entry.change.record);
            }
            hash = entry.hash;
        }
        if hash != row.past_hash {
            return Err(Error::ChainBroken { scope: scope.to_string(), seq: page.after + 1 });
        }
        table::log::sort_later(&tx, scope, page.after + 1, page.end())?;
        (row.past, row.past_hash) = (page.after, page.before.clone());
        table::scope::write(&tx, &row)?;
        if keeps {
            refresh_all(&tx, settled.into_iter())?;
        }
        tx.commit()?;
        Ok(page.entries.len() as u64)
    }
}
