//! The outbox: what this laptop saved and has not found in the district's log yet.

use std::collections::BTreeMap;

use domain::{Change, ChangeId, RecordId, Scope};
use rusqlite::{Connection, OptionalExtension, params};

use crate::body::Body;
use crate::{Receipt, Result, Store, table};

/// A change on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The change.
    pub change: Change,
    /// Whether it went out at least once.
    pub sent: bool,
    /// Whether the district's receipt is here, so that only its log entry is to come.
    pub answered: bool,
}

/// A record of which the district has not confirmed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The record.
    pub record: RecordId,
    /// Changes of it that have no receipt.
    pub changes: u64,
    /// Whether all of them went out.
    pub sent: bool,
}

/// The most bytes of bodies, as they are kept, in one message: it is said again
/// whole when the line breaks, and must unpack within the other side's limit.
const MESSAGE: usize = 1 << 20;

impl Store {
    /// The next changes to send, in counter order, at most `limit`, and after the
    /// first no more than a message should hold.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn to_send(&self, limit: usize) -> Result<Vec<Change>> {
        self.to_send_from(0, limit)
    }

    /// As [`Store::to_send`], from this counter on.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn to_send_from(&self, counter: u64, limit: usize) -> Result<Vec<Change>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT body FROM outbox WHERE answered = 0 AND counter >= ?1 ORDER BY counter LIMIT ?2")?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut rows = statement.query(params![counter, limit])?;
        let (mut changes, mut bytes) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            let body: Body = row.get(0)?;
            bytes += body.len();
            if bytes > MESSAGE && !changes.is_empty() {
                break;
            }
            changes.push(body.read()?);
        }
        Ok(changes)
    }

    /// How many changes have no receipt, and how many of them went out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pending_counts(&self) -> Result<(u64, u64)> {
        let mut statement =
            self.conn.prepare_cached("SELECT COUNT(*), COALESCE(SUM(sent), 0) FROM outbox WHERE answered = 0")?;
        Ok(statement.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
    }

    /// The records of which something waits, those on their way first, then the
    /// latest first; at most `limit`, and how many there are in all.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn waiting(&self, limit: u32) -> Result<(u64, Vec<Waiting>)> {
        let sql = "SELECT record, COUNT(*), MIN(sent), COUNT(*) OVER () FROM outbox WHERE answered = 0
                   GROUP BY record ORDER BY MIN(sent) DESC, MAX(counter) DESC LIMIT ?1";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query([limit])?;
        let (mut total, mut waiting) = (0, Vec::new());
        while let Some(row) = rows.next()? {
            waiting.push(Waiting { record: RecordId(row.get(0)?), changes: row.get(1)?, sent: row.get(2)? });
            total = row.get(3)?;
        }
        Ok((total, waiting))
    }

    /// How many live records are as the district has them, by the lists' own count.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn at_district(&self) -> Result<u64> {
        let sql = "SELECT COALESCE((SELECT SUM(live) FROM tally), 0)
                       - (SELECT COUNT(*) FROM listed INDEXED BY listed_on_its_way WHERE sync <> 'district')";
        Ok(self.conn.prepare_cached(sql)?.query_row([], |row| row.get::<_, i64>(0))?.try_into().unwrap_or(0))
    }

    /// The counter of the first change that lies here at all; none when all are done.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_pending(&self) -> Result<Option<u64>> {
        Ok(self.conn.prepare_cached("SELECT MIN(counter) FROM outbox")?.query_row([], |row| row.get(0))?)
    }

    /// The counter of the first change without a receipt.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn first_unanswered(&self) -> Result<Option<u64>> {
        let mut statement = self.conn.prepare_cached("SELECT MIN(counter) FROM outbox WHERE answered = 0")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    /// The pending changes of one record, in counter order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pending(&self, record: RecordId) -> Result<Vec<Pending>> {
        of_record(&self.conn, record)
    }
}

/// Whether nothing lies here at all.
pub(crate) fn is_empty(conn: &Connection) -> Result<bool> {
    Ok(!conn.prepare_cached("SELECT 1 FROM outbox")?.exists([])?)
}

pub(crate) fn insert(conn: &Connection, change: &Change) -> Result<()> {
    let mut statement =
        conn.prepare_cached("INSERT INTO outbox (counter, change, record, body) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![change.counter, change.id.0, change.record.0, Body::of(change)])?;
    Ok(())
}

/// What is pending in `scope` has seen nothing of its log after `seq`.
pub(crate) fn clip(conn: &Connection, scope: &Scope, seq: u64) -> Result<()> {
    let mut statement = conn.prepare_cached("UPDATE outbox SET body = ?2 WHERE counter = ?1")?;
    for change in in_scope(conn, scope)?.into_iter().filter(|change| change.seen > seq) {
        let (counter, clipped) = (change.counter, Change { seen: seq, ..change });
        statement.execute(params![counter, Body::of(&clipped)])?;
    }
    Ok(())
}

pub(crate) fn of_record(conn: &Connection, record: RecordId) -> Result<Vec<Pending>> {
    let mut statement =
        conn.prepare_cached("SELECT body, sent, answered FROM outbox WHERE record = ?1 ORDER BY counter")?;
    let rows = statement.query_map([record.0], |row| Ok((row.get::<_, Body>(0)?, row.get(1)?, row.get(2)?)))?;
    rows.map(|row| {
        let (body, sent, answered) = row?;
        Ok(Pending { change: body.read()?, sent, answered })
    })
    .collect()
}

/// Whether any change waits that has a counter from `first` to `last`.
pub(crate) fn waits_between(conn: &Connection, first: u64, last: u64) -> Result<bool> {
    let sql = "SELECT 1 FROM outbox WHERE counter BETWEEN ?1 AND ?2";
    Ok(conn.prepare_cached(sql)?.exists(params![first, last])?)
}

/// Notes that the changes from `first` to `last` went out, and shows it.
pub(crate) fn mark_sent(conn: &Connection, first: u64, last: u64) -> Result<()> {
    let sql = "UPDATE record SET sync = 'sending', indexed = 0 WHERE sync = 'saved' AND id IN
                   (SELECT record FROM outbox WHERE counter BETWEEN ?1 AND ?2 AND sent = 0)
               AND NOT EXISTS (SELECT 1 FROM outbox WHERE record = record.id AND sent = 0 AND counter > ?2)";
    conn.prepare_cached(sql)?.execute([first, last])?;
    conn.prepare_cached("UPDATE outbox SET sent = 1 WHERE counter BETWEEN ?1 AND ?2 AND sent = 0")?
        .execute([first, last])?;
    Ok(())
}

/// Notes the receipt of a change, and the place that it gives.
pub(crate) fn mark_answered(conn: &Connection, receipt: &Receipt) -> Result<()> {
    let sql = "UPDATE outbox SET sent = 1, answered = 1, seq = ?3 WHERE counter = ?1 AND substr(change, 13) = ?2";
    let Receipt { counter, change, seq, refusal: _ } = receipt;
    conn.prepare_cached(sql)?.execute(params![counter, change.to_be_bytes(), seq])?;
    Ok(())
}

/// Whether the first change that lies here has its receipt. Receipts come in order.
pub(crate) fn begins_answered(conn: &Connection) -> Result<bool> {
    let sql = "SELECT answered FROM outbox ORDER BY counter LIMIT 1";
    Ok(conn.prepare_cached(sql)?.query_row([], |row| row.get(0)).optional()?.unwrap_or(false))
}

/// Forgets the receipts of changes in `scope`, and shows it: the district has lost
/// what they say.
pub(crate) fn forget_receipts(conn: &Connection, scope: &Scope) -> Result<()> {
    let sql = "UPDATE outbox SET answered = 0, seq = NULL WHERE counter = ?1 AND answered = 1";
    for change in in_scope(conn, scope)? {
        if conn.prepare_cached(sql)?.execute([change.counter])? > 0 {
            table::record::refresh(conn, change.record)?;
        }
    }
    Ok(())
}

/// As [`forget_receipts`], of every change from this counter on.
pub(crate) fn forget_receipts_from(conn: &Connection, counter: u64) -> Result<()> {
    let sql = "UPDATE outbox SET answered = 0, seq = NULL WHERE counter >= ?1 AND answered = 1 RETURNING record";
    let mut statement = conn.prepare_cached(sql)?;
    let records = statement.query_map([counter], |row| row.get(0))?.collect::<rusqlite::Result<Vec<uuid::Uuid>>>()?;
    records.into_iter().try_for_each(|record| table::record::refresh(conn, RecordId(record)))
}

/// Takes out the change with this counter.
pub(crate) fn take(conn: &Connection, counter: u64) -> Result<Option<Change>> {
    one(conn, "DELETE FROM outbox WHERE counter = ?1 RETURNING body", params![counter])
}

/// Takes out the changes with these counters, as far as they are here.
pub(crate) fn take_each(conn: &Connection, counters: &[u64]) -> Result<BTreeMap<u64, Change>> {
    let sql = "DELETE FROM outbox WHERE counter IN (SELECT value FROM json_each(?1)) RETURNING counter, body";
    let mut statement = conn.prepare_cached(sql)?;
    let rows =
        statement.query_map([serde_json::to_string(counters)?], |row| Ok((row.get(0)?, row.get::<_, Body>(1)?)))?;
    rows.map(|row| row.map_err(Into::into).and_then(|(counter, body)| Ok((counter, body.read()?)))).collect()
}

/// Takes out the change with this counter, where its name ends so.
pub(crate) fn take_marked(conn: &Connection, counter: u64, mark: u32) -> Result<Option<Change>> {
    let sql = "DELETE FROM outbox WHERE counter = ?1 AND substr(change, 13) = ?2 RETURNING body";
    one(conn, sql, params![counter, mark.to_be_bytes()])
}

/// Takes out the change of this name, where it waits under this counter.
pub(crate) fn take_exactly(conn: &Connection, counter: u64, change: ChangeId) -> Result<Option<Change>> {
    let sql = "DELETE FROM outbox WHERE counter = ?1 AND change = ?2 RETURNING body";
    one(conn, sql, params![counter, change.0])
}

/// Takes out the change of this name, under whatever counter it waits.
pub(crate) fn take_named(conn: &Connection, change: ChangeId) -> Result<Option<Change>> {
    one(conn, "DELETE FROM outbox WHERE change = ?1 RETURNING body", params![change.0])
}

fn one(conn: &Connection, sql: &str, key: &[&dyn rusqlite::ToSql]) -> Result<Option<Change>> {
    let body: Option<Body> = conn.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?;
    body.map(|body| body.read()).transpose()
}

/// What a row says beside its change.
pub(crate) struct Told {
    pub(crate) counter: u64,
    pub(crate) change: ChangeId,
    pub(crate) sent: bool,
}

/// Walks the changes in counter order, one in memory at a time, while `visit` says to go on.
pub(crate) fn each(conn: &Connection, mut visit: impl FnMut(Told, Result<Change>) -> Result<bool>) -> Result<()> {
    let mut statement = conn.prepare_cached("SELECT counter, change, sent, body FROM outbox ORDER BY counter")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let told = Told { counter: row.get(0)?, change: ChangeId(row.get(1)?), sent: row.get(2)? };
        if !visit(told, row.get::<_, Body>(3)?.read())? {
            break;
        }
    }
    Ok(())
}

/// Every change that lies here, in counter order. Few, or on their way out.
fn all(conn: &Connection) -> Result<Vec<Change>> {
    let mut statement = conn.prepare_cached("SELECT body FROM outbox ORDER BY counter")?;
    let rows = statement.query_map([], |row| row.get::<_, Body>(0))?;
    rows.map(|body| body?.read()).collect()
}

/// The changes of one scope, in counter order.
pub(crate) fn in_scope(conn: &Connection, scope: &Scope) -> Result<Vec<Change>> {
    Ok(all(conn)?.into_iter().filter(|change| change.scope == *scope).collect())
}

/// Takes everything out, in counter order.
pub(crate) fn take_all(conn: &Connection) -> Result<Vec<Change>> {
    let changes = all(conn)?;
    conn.execute("DELETE FROM outbox", [])?;
    Ok(changes)
}

/// Whether a change of `scope` has no receipt yet.
pub(crate) fn unanswered_in(conn: &Connection, scope: &Scope) -> Result<bool> {
    for change in in_scope(conn, scope)? {
        let mut statement = conn.prepare_cached("SELECT 1 FROM outbox WHERE counter = ?1 AND answered = 0")?;
        if statement.exists([change.counter])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Takes out the changes of `scope` that have a place up to `seq` in its log, and
/// keeps them until the entries come. Their records.
pub(crate) fn keep_up_to(conn: &Connection, scope: &Scope, seq: u64) -> Result<Vec<RecordId>> {
    let mut records = Vec::new();
    for change in in_scope(conn, scope)? {
        let mut statement = conn.prepare_cached("DELETE FROM outbox WHERE counter = ?1 AND seq <= ?2")?;
        if statement.execute([change.counter, seq])? > 0 {
            table::kept::insert(conn, &change)?;
            records.push(change.record);
        }
    }
    Ok(records)
}

/// Takes out the answered changes from counter `first` to `last` whose place the
/// log here has passed, and keeps those whose entries are still to come. Their records.
pub(crate) fn take_passed(conn: &Connection, first: u64, last: u64) -> Result<Vec<RecordId>> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, body FROM outbox WHERE counter BETWEEN ?1 AND ?2 AND answered = 1 AND seq <=
             (SELECT MAX(seq) FROM scope WHERE fill_seq IS NULL)",
    )?;
    let rows = statement.query_map([first, last], |row| Ok((row.get::<_, u64>(0)?, row.get::<_, Body>(1)?)))?;
    let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut records = Vec::new();
    for (seq, body) in rows {
        let change: Change = body.read()?;
        let row = table::scope::get(conn, &change.scope)?;
        if row.fill.is_none() && seq <= row.seq {
            take(conn, change.counter)?;
            if !table::log::has(conn, &change)? {
                table::kept::insert(conn, &change)?;
            }
            records.push(change.record);
        }
    }
    Ok(records)
}

/// Takes out every change of `scope`.
pub(crate) fn forget_scope(conn: &Connection, scope: &Scope) -> Result<()> {
    for change in in_scope(conn, scope)? {
        take(conn, change.counter)?;
    }
    Ok(())
}
