//! What the district answered: receipts, and pages of its log.

use domain::log::{self, LogEntry};
use domain::page::{Page, What};
use domain::{Change, Record, RecordId, Refusal, Scope, Verdict, Writer};
use rusqlite::{Connection, TransactionBehavior};

use crate::standing::end_anew;
use crate::{Error, Result, Store, table};

/// The district's word on one change, as far as the store needs it.
#[derive(Debug, Clone)]
pub struct Receipt {
    /// The change's counter.
    pub counter: u64,
    /// [`domain::ChangeId::mark`] of the change.
    pub change: u32,
    /// Its place in its scope's log; none for a change that is in no log.
    pub seq: Option<u64>,
    /// Why it was refused, if it was.
    pub refusal: Option<Refusal>,
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
        match (changes.first(), changes.last()) {
            (Some(first), Some(last)) => self.mark_sent_between(first.counter, last.counter),
            _ => Ok(()),
        }
    }

    /// Notes that the changes from counter `first` to `last` go out now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn mark_sent_between(&mut self, first: u64, last: u64) -> Result<()> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        table::outbox::mark_sent(&tx, first, last)?;
        Ok(tx.commit()?)
    }

    /// Takes the district's receipts for the changes of `writer`. One for another
    /// life of this laptop says nothing about this one's changes, and neither does
    /// one for the change of another name to which a copy of it gave the number.
    ///
    /// A refused change becomes a draft; any other stays in the outbox, answered,
    /// until its log brings it, where that has not passed its place already.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn take_receipts(&mut self, writer: Writer, receipts: &[Receipt]) -> Result<()> {
        if self.writer()? != writer {
            return Ok(());
        }
        let counters = receipts.iter().map(|receipt| receipt.counter);
        let (Some(first), Some(last)) = (counters.clone().min(), counters.max()) else { return Ok(()) };
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        if !table::outbox::waits_between(&tx, first, last)? {
            return Ok(()); // Their entries have come already, as most do.
        }
        for receipt in receipts {
            if let Some(refusal) = &receipt.refusal {
                if let Some(change) = table::outbox::take_marked(&tx, receipt.counter, receipt.change)? {
                    table::refused::insert(&tx, &change, refusal)?;
                    table::record::refresh(&tx, change.record)?;
                }
            } else {
                table::outbox::mark_answered(&tx, receipt)?;
            }
        }
        // What a fill has brought, no entry will bring.
        let done = table::outbox::take_passed(&tx, first, last)?;
        refresh_all(&tx, done.into_iter())?;
        Ok(tx.commit()?)
    }

    /// Applies a page of `scope`'s log, which goes up to `head`. Entries that were
    /// applied before are passed over, so that a page may safely come twice; one
    /// that begins after what is here is passed over whole, and asked for again.
    ///
    /// # Errors
    /// [`Error::ChainBroken`] when an entry does not continue our log,
    /// [`Error::Drift`] when it was decided by other rules than ours,
    /// [`Error::OwnMissing`] when it names a change of ours that is not here any
    /// more, or has its number and is another, as in a folder that was copied;
    /// nothing of the page is applied then.
    pub fn apply(&mut self, scope: &Scope, page: &Page, head: u64) -> Result<Received> {
        let own = page.entries.iter().find_map(|told| own_counter(&told.what));
        match (self.apply_page(scope, page, head), own) {
            // Told whole, the page will fit, or is truly broken.
            (Err(Error::ChainBroken { .. } | Error::Drift(_)), Some(counter)) => Err(Error::OwnMissing { counter }),
            (applied, _) => applied,
        }
    }

    fn apply_page(&mut self, scope: &Scope, page: &Page, head: u64) -> Result<Received> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut row = table::scope::get(&tx, scope)?;
        let own = table::meta::writer(&tx)?;
        let broken = |seq| Error::ChainBroken { scope: scope.to_string(), seq };
        let none = Received { entries: 0, seq: row.seq };
        let end = page.end();
        if page.after > row.seq || end <= row.seq || row.fill.is_some() {
            return Ok(none);
        }
        if page.after == row.seq && page.before != row.hash {
            return Err(broken(page.after + 1));
        }
        let skip = usize::try_from(row.seq - page.after).unwrap_or(usize::MAX);
        let mut applied = 0;
        let mut hash = row.hash.clone();
        let keeps = !table::kept::is_empty(&tx)?;
        let mut settled = Vec::new();
        let told = || page.entries.iter().skip(skip);
        let counters = told().filter_map(|told| own_counter(&told.what));
        let mut waiting = table::outbox::take_each(&tx, &counters.collect::<Vec<_>>())?;
        for (seq, told) in (row.seq + 1..).zip(told()) {
            let (change, waited) = match &told.what {
                What::Change(change) => {
                    let waited = take_waiting(&tx, own, change)?;
                    (change.as_ref().clone(), waited)
                }
                What::Own(counter) => {
                    let own = waiting.remove(counter);
                    (own.ok_or(Error::OwnMissing { counter: *counter })?, true)
                }
            };
            if change.scope != *scope {
                return Err(broken(seq));
            }
            let entry = LogEntry::chained(&hash, seq, change, told.verdict.clone(), told.skew);
            let kept = keeps && table::kept::take(&tx, entry.change.id)?;
            apply_entry(&tx, own, &entry, waited || kept)?;
            if kept {
                settled.push(entry.change.record);
            }
            hash = entry.hash;
            applied += 1;
        }
        if hash != page.hash {
            return Err(broken(row.seq + 1));
        }
        table::log::sort_later(&tx, scope, row.seq + 1, end)?;
        let was_lost = row.lost.is_some();
        (row.seq, row.hash, row.seal, row.lost) = (end, hash, Some(page.seal.clone()), None);
        if row.anew && row.seq >= head {
            end_anew(&tx, &mut row)?;
        }
        table::scope::write(&tx, &row)?;
        if was_lost {
            table::record::believe(&tx, scope)?;
        }
        if keeps {
            refresh_all(&tx, settled.into_iter())?;
            table::record::doubt_kept(&tx)?;
        }
        tx.commit()?;
        Ok(Received { entries: applied, seq: end })
    }

    /// Puts a refused draft away, once it was sent anew or given up. Whether it was there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_refused(&mut self, change: domain::ChangeId) -> Result<bool> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let there = table::record::forget_draft(&tx, change)?;
        tx.commit()?;
        Ok(there)
    }
}

/// The number of this laptop's own change, where only that is told.
fn own_counter(what: &What) -> Option<u64> {
    match what {
        What::Own(counter) => Some(*counter),
        What::Change(_) => None,
    }
}

/// Takes a change out of the outbox, where it waits there. Whether it did.
fn take_waiting(conn: &Connection, own: Writer, change: &Change) -> Result<bool> {
    if change.writer.device != own.device {
        return Ok(false);
    }
    // By its name as well: a copy of this folder may have given its number to another change.
    let waited = if change.writer == own {
        table::outbox::take_exactly(conn, change.counter, change.id)?
    } else {
        table::outbox::take_named(conn, change.id)?
    };
    Ok(waited.is_some())
}

fn apply_entry(conn: &Connection, own: Writer, entry: &LogEntry, waited: bool) -> Result<()> {
    table::log::insert(conn, entry)?;
    let (id, writer) = (entry.change.record, entry.change.writer);
    // What this life was told is refused lies among its drafts already, or was
    // discarded there. What a former life was told, this one has never heard.
    if let Verdict::Refused { refusal } = &entry.verdict
        && writer.device == own.device
        && (waited || writer != own)
    {
        table::refused::insert(conn, &entry.change, refusal)?;
    }
    let (before, told, alone) = match table::record::confirmed(conn, id)? {
        Some(before) => (Some(before.record), before.told, before.alone),
        None => (None, 0, None),
    };
    if entry.seq <= told {
        return table::record::refresh(conn, id); // A fill has brought it already.
    }
    let after: Option<Record> = log::replay(before, entry)?;
    match after {
        Some(record) => {
            for file in record.attachments() {
                table::attachment::named(conn, &file)?;
            }
            table::record::put_after(conn, &record, entry.seq, alone)
        }
        None => table::record::refresh(conn, id),
    }
}

pub(crate) fn refresh_all(conn: &Connection, records: impl Iterator<Item = RecordId>) -> Result<()> {
    let mut records: Vec<RecordId> = records.collect();
    records.sort_unstable();
    records.dedup();
    records.into_iter().try_for_each(|record| table::record::refresh(conn, record))
}
