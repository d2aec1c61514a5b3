//! How this laptop stands to its district: which scopes it holds, which life of
//! it this is, and what it does when the district has lost what it had said.

use domain::log::LogEntry;
use domain::{Change, RecordId, Scope, Writer};
use rusqlite::TransactionBehavior;

use crate::receive::refresh_all;
use crate::table::scope::ScopeRow;
use crate::{Result, Store, table};

impl Store {
    /// Holds exactly `granted` from now on. What was withdrawn is purged as soon as
    /// every pending change of it has its verdict; refused drafts stay.
    /// The scopes that were purged.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn hold_scopes(&mut self, granted: &[Scope]) -> Result<Vec<Scope>> {
        let held = self.scopes()?;
        for scope in granted {
            self.hold_scope(scope)?;
        }
        let mut purged = Vec::new();
        for row in held.into_iter().filter(|row| !granted.contains(&row.scope)) {
            let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if table::outbox::unanswered_in(&tx, &row.scope)? {
                continue;
            }
            let files = table::attachment::named_in(&tx, &row.scope)?;
            table::outbox::forget_scope(&tx, &row.scope)?;
            table::log::forget_scope(&tx, &row.scope)?;
            table::scope::forget(&tx, &row.scope)?;
            table::record::leave_to_be_told(&tx, &row.scope)?;
            table::record::forget_untold(&tx, &row.scope)?;
            table::attachment::let_go(&tx, files)?;
            tx.commit()?;
            purged.push(row.scope);
        }
        Ok(purged)
    }

    /// Begins a new life of this laptop, under its own counters. What is pending
    /// is numbered anew and goes out again; the district knows by their names the
    /// changes that it has.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_life(&mut self, incarnation: u32) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let writer = Writer { incarnation, ..table::meta::writer(&tx)? };
        table::meta::set_writer(&tx, writer)?;
        let pending = table::outbox::take_all(&tx)?;
        let records: Vec<RecordId> = pending.iter().map(|change| change.record).collect();
        let mut counter = 0;
        for change in pending {
            counter += 1;
            table::outbox::insert(&tx, &Change { writer, counter, ..change })?;
        }
        table::meta::set_next_counter(&tx, counter + 1)?;
        refresh_all(&tx, records.into_iter())?;
        Ok(tx.commit()?)
    }

    /// The counter that the next save will take.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_counter(&self) -> Result<u64> {
        table::meta::next_counter(&self.conn)
    }

    /// Notes that the district has lost what came after `seq`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_lost(&mut self, scope: &Scope, seq: u64) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row = table::scope::get(&tx, scope)?;
        table::scope::write(&tx, &ScopeRow { lost: Some(seq), ..row })?;
        table::outbox::forget_receipts(&tx, scope)?; // Their places are lost as well.
        Ok(tx.commit()?)
    }

    /// Notes that the district has all of the log that is here: it was given back,
    /// by this laptop or by another one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_found(&mut self, scope: &Scope) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row = table::scope::get(&tx, scope)?;
        table::scope::write(&tx, &ScopeRow { lost: None, ..row })?;
        Ok(tx.commit()?)
    }

    /// The entries of `scope` after `seq` that are here, with the hash before the first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn entries_after(&self, scope: &Scope, seq: u64) -> Result<(String, Vec<LogEntry>)> {
        let row = table::scope::get(&self.conn, scope)?;
        let from = seq.max(row.past);
        let before = match from {
            from if from == row.past => row.past_hash,
            from => table::log::hash_at(&self.conn, scope, from)?.unwrap_or_default(),
        };
        Ok((before, table::log::after(&self.conn, scope, from)?))
    }

    /// Begins the log of `scope` anew, for the district's has parted from it after
    /// entry `common`. What is shown stays until it is brought again; what is
    /// pending has seen nothing of the new log after `common`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_anew(&mut self, scope: &Scope, common: u64) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        table::log::forget_scope(&tx, scope)?;
        table::record::leave_to_be_told(&tx, scope)?;
        table::scope::write(&tx, &ScopeRow { anew: true, ..ScopeRow::new(scope) })?;
        for change in table::outbox::in_scope(&tx, scope)? {
            let seen = change.seen.min(common);
            table::outbox::rewrite(&tx, &Change { seen, ..change })?;
        }
        Ok(tx.commit()?)
    }
}
