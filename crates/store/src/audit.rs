//! The audit: reads this laptop's logs from their first entry to their last and
//! says where the first thing stands that does not hold.
//!
//! Of each scope: every entry follows the one before, the head is the last, every
//! verdict is what the rules of merging come to, and the records are what the log
//! makes of them, where it is here from its beginning. Of the outbox: what never
//! went out is numbered without a gap, and nothing waits that the log has.
//!
//! The same words as the district's audit has, so that one person reads both.
//! Memory holds one record and its entries at a time.

use domain::log::replay;
use domain::{Change, Record, RecordId, Scope};
use rusqlite::Connection;
use serde::Serialize;

use crate::table::scope::ScopeRow;
use crate::{Error, Result, Store, table};

/// How many entries are read between two words about it.
const STEP: u64 = 1_000;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    /// Whether everything holds.
    pub ok: bool,
    /// Each scope, with what was read of it.
    pub scopes: Vec<Audited>,
    /// What does not hold: the first of each scope, and the first of the outbox.
    pub broken: Vec<Broken>,
}

/// A scope that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Audited {
    /// Whose log.
    pub scope: Scope,
    /// The entry after which it is here; 0 for a log that is whole.
    pub past: u64,
    /// Entries read.
    pub entries: u64,
    /// The hash of the last.
    pub hash: String,
    /// The district's seal on it, in hex, for whoever holds the district's key.
    pub seal: Option<String>,
    /// Whether the records were held against the log as well.
    pub replayed: bool,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Whose log; none for the outbox.
    pub scope: Option<Scope>,
    /// The entry; none for what concerns the whole log.
    pub seq: Option<u64>,
    /// What is wrong.
    #[serde(flatten)]
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "each name says what is wrong")]
pub enum Fault {
    /// The entry is not in its place, or does not follow the one before.
    ChainBroken,
    /// The row is not what this program writes.
    EntryUnreadable { reason: String },
    /// The log ends elsewhere than its head says.
    HeadDiffers,
    /// Merging comes to another verdict.
    VerdictDiffers { kept: String, computed: String },
    /// The record is not what the log makes of it.
    RecordDiffers { record: String },
    /// A number is left out among the changes that never went out.
    CounterMissing { counter: String },
    /// The change in the outbox is not what its row says, or not this laptop's.
    PendingDiffers { counter: String },
    /// The log has the change, and it waits all the same.
    PendingInLog { counter: String, change: String },
    /// The last entry does not bear the district's seal. Said by whoever holds the
    /// district's key; the store does not.
    NotSealed,
}

impl Store {
    /// Reads every log that is here; `progress` hears how many entries were read,
    /// those that records are held against twice.
    ///
    /// # Errors
    /// When the database cannot be read. What does not hold is no error: it is
    /// what was asked for.
    pub fn audit(&self, progress: &mut dyn FnMut(u64)) -> Result<Audit> {
        // Records are held against what is sorted by record: all of it, at this one moment.
        let _one_moment = loop {
            self.sort_pasts()?;
            let moment = self.conn.unchecked_transaction()?;
            if !table::log::is_to_sort(&self.conn)? {
                break moment;
            }
        };
        let (mut scopes, mut broken, mut read) = (Vec::new(), Vec::new(), 0);
        for row in self.scopes()? {
            let mut tick = || {
                read += 1;
                if read % STEP == 0 {
                    progress(read);
                }
            };
            let (entries, mut fault) = chain_fault(&self.conn, &row, &mut tick)?;
            let whole = row.past == 0 && row.fill.is_none() && !row.anew;
            let replayed = whole && fault.is_none();
            if replayed {
                fault = replay_fault(&self.conn, &row.scope, &mut tick)?;
            }
            let ScopeRow { scope, past, hash, seal, .. } = row;
            broken.extend(fault.map(|(seq, fault)| Broken { scope: Some(scope.clone()), seq, fault }));
            scopes.push(Audited { scope, past, entries, hash, seal, replayed });
        }
        let pending = pending_fault(&self.conn)?;
        broken.extend(pending.map(|fault| Broken { scope: None, seq: None, fault }));
        progress(read);
        Ok(Audit { ok: broken.is_empty(), scopes, broken })
    }
}

type At = (Option<u64>, Fault);

/// How many entries follow one another up to the first that does not, and what is wrong there.
fn chain_fault(conn: &Connection, row: &ScopeRow, tick: &mut dyn FnMut()) -> Result<(u64, Option<At>)> {
    let (mut seq, mut hash) = (row.past, row.past_hash.clone());
    let mut fault = None;
    table::log::each(conn, &row.scope, |place, entry| {
        tick();
        fault = match entry {
            Ok(entry) if entry.seq == seq + 1 && entry.scope == row.scope && entry.follows(&hash) => {
                (seq, hash) = (entry.seq, entry.hash);
                return Ok(true);
            }
            Ok(_) => Some((Some(place), Fault::ChainBroken)),
            Err(error) => Some((Some(place), unreadable(error)?)),
        };
        Ok(false)
    })?;
    let read = seq - row.past;
    if fault.is_none() && (seq, &hash) != (row.seq, &row.hash) {
        fault = Some((None, Fault::HeadDiffers));
    }
    Ok((read, fault))
}

/// The first record that is not what its entries make of it.
fn replay_fault(conn: &Connection, scope: &Scope, tick: &mut dyn FnMut()) -> Result<Option<At>> {
    let mut state: Option<(RecordId, Option<Record>)> = None;
    let mut fault = None;
    table::log::each_by_record(conn, scope, |place, entry| {
        tick();
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                fault = Some((Some(place), unreadable(error)?));
                return Ok(false);
            }
        };
        let id = entry.change.record;
        let before = match state.take() {
            Some((of, record)) if of == id => record,
            done => {
                fault = differs(conn, done)?;
                None
            }
        };
        match replay(before, &entry) {
            _ if fault.is_some() => {}
            Ok(after) => state = Some((id, after)),
            Err(drift) => {
                let (kept, computed) = (drift.server.to_owned(), drift.here.to_owned());
                fault = Some((Some(place), Fault::VerdictDiffers { kept, computed }));
            }
        }
        Ok(fault.is_none())
    })?;
    if fault.is_none() {
        fault = differs(conn, state)?;
    }
    if fault.is_none() {
        let unmade = table::record::beside_the_log(conn, scope)?;
        fault = unmade.map(|id| (None, Fault::RecordDiffers { record: id.to_string() }));
    }
    Ok(fault)
}

/// Whether the record is kept otherwise than the log has made it.
fn differs(conn: &Connection, made: Option<(RecordId, Option<Record>)>) -> Result<Option<At>> {
    let Some((id, made)) = made else { return Ok(None) };
    let kept = match table::record::confirmed(conn, id) {
        Ok(kept) => kept.map(|kept| kept.record),
        Err(Error::Damaged(_)) => return Ok(Some((None, Fault::RecordDiffers { record: id.to_string() }))),
        Err(error) => return Err(error),
    };
    Ok((kept != made).then(|| (None, Fault::RecordDiffers { record: id.to_string() })))
}

/// The first thing in the outbox that does not hold.
fn pending_fault(conn: &Connection) -> Result<Option<Fault>> {
    let (mut fault, mut last) = (None, None);
    let next = table::meta::next_counter(conn)?;
    let mut own = None;
    table::outbox::each(conn, |row, change| {
        let counter = row.counter.to_string();
        let owner = match own {
            Some(owner) => owner,
            None => *own.insert(table::meta::writer(conn)?),
        };
        let change: Change = match change {
            Ok(change) if change.writer == owner && change.counter == row.counter && change.id == row.change => change,
            Ok(_) | Err(Error::Damaged(_)) => {
                fault = Some(Fault::PendingDiffers { counter });
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        if !row.sent {
            let expected = last.map_or(row.counter, |last: u64| last + 1);
            if row.counter != expected {
                fault = Some(Fault::CounterMissing { counter: expected.to_string() });
                return Ok(false);
            }
            last = Some(row.counter);
        }
        if row.counter >= next {
            fault = Some(Fault::PendingDiffers { counter });
        } else if table::log::has(conn, &change)? {
            fault = Some(Fault::PendingInLog { counter, change: change.id.to_string() });
        }
        Ok(fault.is_none())
    })?;
    if fault.is_none() && last.is_some_and(|last| last + 1 != next) {
        fault = last.map(|last| Fault::CounterMissing { counter: (last + 1).to_string() });
    }
    Ok(fault)
}

/// A row that cannot be read is what an audit looks for; a disk that cannot is not.
fn unreadable(error: Error) -> Result<Fault> {
    use rusqlite::Error as E;
    match error {
        Error::Damaged(reason) => Ok(Fault::EntryUnreadable { reason }),
        Error::Sqlite(error @ (E::FromSqlConversionFailure(..) | E::InvalidColumnType(..))) => {
            Ok(Fault::EntryUnreadable { reason: error.to_string() })
        }
        other => Err(other),
    }
}
