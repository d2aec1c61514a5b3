//! The outbox: what this laptop saved and has not found in the district's log yet.

use domain::{Change, ChangeId, RecordId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store};

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

impl Store {
    /// The next changes to send, in counter order, at most `limit`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn to_send(&self, limit: usize) -> Result<Vec<Change>> {
        let mut statement =
            self.conn.prepare_cached("SELECT body FROM outbox WHERE answered = 0 ORDER BY counter LIMIT ?1")?;
        let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| row.get::<_, String>(0))?;
        rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
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

    /// The pending changes of one record, in counter order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pending(&self, record: RecordId) -> Result<Vec<Pending>> {
        of_record(&self.conn, record)
    }
}

pub(crate) fn insert(conn: &Connection, change: &Change) -> Result<()> {
    let mut statement =
        conn.prepare_cached("INSERT INTO outbox (counter, change, record, body) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![change.counter, change.id.0, change.record.0, serde_json::to_string(change)?])?;
    Ok(())
}

pub(crate) fn of_record(conn: &Connection, record: RecordId) -> Result<Vec<Pending>> {
    let mut statement =
        conn.prepare_cached("SELECT body, sent, answered FROM outbox WHERE record = ?1 ORDER BY counter")?;
    let rows = statement.query_map([record.0], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
    rows.map(|row| {
        let (body, sent, answered) = row?;
        Ok(Pending { change: serde_json::from_str(&body)?, sent, answered })
    })
    .collect()
}

pub(crate) fn mark_sent(conn: &Connection, change: ChangeId) -> Result<()> {
    conn.prepare_cached("UPDATE outbox SET sent = 1 WHERE change = ?1")?.execute([change.0])?;
    Ok(())
}

/// Notes the receipt of the change with this counter.
pub(crate) fn mark_answered(conn: &Connection, counter: u64) -> Result<()> {
    conn.prepare_cached("UPDATE outbox SET sent = 1, answered = 1 WHERE counter = ?1")?.execute([counter])?;
    Ok(())
}

/// Takes out the change with this counter, if it is the one named.
pub(crate) fn take(conn: &Connection, counter: u64, change: ChangeId) -> Result<Option<Change>> {
    let mut statement = conn.prepare_cached("DELETE FROM outbox WHERE counter = ?1 AND change = ?2 RETURNING body")?;
    let body: Option<String> = statement.query_row(params![counter, change.0], |row| row.get(0)).optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}
