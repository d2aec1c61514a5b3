//! How this laptop stands to its district: which scopes it holds, which life of
//! it this is, and what it does when the district has lost what it had said.

use domain::log::LogEntry;
use domain::{Change, RecordId, Scope, Verdict, Writer};
use rusqlite::{Connection, TransactionBehavior};

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
            table::kept::forget_scope(&tx, &row.scope)?;
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
        write_as(&tx, writer)?;
        Ok(tx.commit()?)
    }

    /// Says who this laptop is from its enrolment on, with the `fact` that says so in
    /// the app's own words. Where it was somebody before, what is pending goes out
    /// under its new name, as in a new life.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_as(&mut self, writer: Writer, fact: (&str, &str)) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        table::meta::set(&tx, fact.0, fact.1)?;
        write_as(&tx, writer)?;
        Ok(tx.commit()?)
    }

    /// The counter that the next save will take.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn next_counter(&self) -> Result<u64> {
        table::meta::next_counter(&self.conn)
    }

    /// Notes that the district has lost what came after `seq`, where its own log has
    /// `hash`: what is not surely there any more is not shown as being there until
    /// it has been given back.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_lost(&mut self, scope: &Scope, seq: u64, hash: &str) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row = table::scope::get(&tx, scope)?;
        let ours = if seq == row.past { Some(row.past_hash.clone()) } else { table::log::hash_at(&tx, scope, seq)? };
        let shared = if ours.as_deref() == Some(hash) { seq } else { 0 };
        table::scope::write(&tx, &ScopeRow { lost: Some(seq), shared, ..row })?;
        table::outbox::forget_receipts(&tx, scope)?; // Their places are lost as well.
        table::record::believe(&tx, scope)?;
        table::record::doubt_lost(&tx, scope)?;
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
        table::record::believe(&tx, scope)?;
        Ok(tx.commit()?)
    }

    /// Notes that the log of `scope` goes up to `head` by the district's newest word.
    /// Where all of it is here, nothing else is to come: what was to be brought anew
    /// and was not is gone there, and a change of ours that has a place by its
    /// receipt, or was kept for this log, and is not in it, goes out again. The
    /// district knows by its name what it has in spite of that.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn note_head(&mut self, scope: &Scope, head: u64) -> Result<()> {
        let row = table::scope::get(&self.conn, scope)?;
        let whole = row.seq >= head && row.fill.is_none() && row.lost.is_none();
        let keeps = !table::kept::is_empty(&self.conn)?;
        if !whole || !(row.anew || keeps || table::outbox::begins_answered(&self.conn)?) {
            return Ok(());
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut row = table::scope::get(&tx, scope)?;
        if row.anew {
            end_anew(&tx, &mut row)?;
            table::scope::write(&tx, &row)?;
        }
        table::outbox::forget_receipts(&tx, scope)?;
        if row.past == 0 {
            refresh_all(&tx, table::kept::send_again(&tx, &row)?.into_iter())?;
        }
        Ok(tx.commit()?)
    }

    /// Asks again for the receipts of changes from counter `next` on, which is the
    /// one that the district expects: it has lost them.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn doubt_receipts_from(&mut self, next: u64) -> Result<()> {
        if !table::outbox::begins_answered(&self.conn)? {
            return Ok(());
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        table::outbox::forget_receipts_from(&tx, next)?;
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
    /// entry `common`. What is shown stays until it is brought again, and so do
    /// this laptop's own changes, which the district might lose once more until
    /// then; what is pending has seen nothing of the new log after `common`.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn begin_anew(&mut self, scope: &Scope, common: u64) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let own = table::meta::writer(&tx)?.device;
        table::log::each(&tx, scope, |_, entry| {
            let LogEntry { change, verdict, .. } = entry?;
            if change.writer.device == own && !matches!(verdict, Verdict::Refused { .. }) {
                table::kept::insert(&tx, &change)?;
            }
            Ok(true)
        })?;
        table::log::forget_scope(&tx, scope)?;
        table::record::leave_to_be_told(&tx, scope)?;
        table::scope::write(&tx, &ScopeRow { anew: true, ..ScopeRow::new(scope) })?;
        table::outbox::forget_receipts(&tx, scope)?;
        table::outbox::clip(&tx, scope, common)?;
        table::kept::clip(&tx, scope, common)?;
        table::record::believe(&tx, scope)?;
        table::record::doubt_kept(&tx)?;
        Ok(tx.commit()?)
    }
}

/// From here on everything is `writer`'s, also what is pending.
fn write_as(conn: &Connection, writer: Writer) -> Result<()> {
    table::meta::set_writer(conn, writer)?;
    let pending = table::outbox::take_all(conn)?;
    let records: Vec<RecordId> = pending.iter().map(|change| change.record).collect();
    let mut counter = 0;
    for change in pending {
        counter += 1;
        table::outbox::insert(conn, &Change { writer, counter, ..change })?;
    }
    table::meta::set_next_counter(conn, counter + 1)?;
    refresh_all(conn, records.into_iter())
}

/// The log that was begun anew is whole: what it did not bring is gone, and nobody
/// has seen more than it has.
pub(crate) fn end_anew(conn: &Connection, row: &mut ScopeRow) -> Result<()> {
    row.anew = false;
    table::record::forget_untold(conn, &row.scope)?;
    table::outbox::clip(conn, &row.scope, row.seq)
}
