//! The district's log, as far as it has come here.

use domain::{Change, LogEntry, RecordId, Scope, Verdict};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store, table};

/// One change of a record's past.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The change.
    pub change: Change,
    /// Its place and verdict; none while it waits in the outbox.
    pub ordered: Option<(u64, Verdict)>,
}

impl Store {
    /// Everything that was done to a record, oldest first, with this laptop's
    /// pending changes at the end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history(&self, record: RecordId) -> Result<Vec<Past>> {
        let mut statement = self.conn.prepare_cached("SELECT body FROM log WHERE record = ?1 ORDER BY scope, seq")?;
        let rows = statement.query_map([record.0], |row| row.get::<_, String>(0))?;
        let mut past = Vec::new();
        for body in rows {
            let entry: LogEntry = serde_json::from_str(&body?)?;
            past.push(Past { ordered: Some((entry.seq, entry.verdict)), change: entry.change });
        }
        past.extend(
            table::outbox::of_record(&self.conn, record)?.into_iter().map(|p| Past { change: p.change, ordered: None }),
        );
        Ok(past)
    }
}

pub(crate) fn insert(conn: &Connection, entry: &LogEntry) -> Result<()> {
    let mut statement = conn.prepare_cached("INSERT INTO log (scope, seq, record, body) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![
        entry.scope.as_str(),
        entry.seq,
        entry.change.record.0,
        serde_json::to_string(entry)?
    ])?;
    Ok(())
}

/// The entries of `scope` after `seq`, in order.
pub(crate) fn after(conn: &Connection, scope: &Scope, seq: u64) -> Result<Vec<LogEntry>> {
    let mut statement = conn.prepare_cached("SELECT body FROM log WHERE scope = ?1 AND seq > ?2 ORDER BY seq")?;
    let rows = statement.query_map(params![scope.as_str(), seq], |row| row.get::<_, String>(0))?;
    rows.map(|body| Ok(serde_json::from_str(&body?)?)).collect()
}

/// The hash of one entry, where it is here.
pub(crate) fn hash_at(conn: &Connection, scope: &Scope, seq: u64) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached("SELECT body FROM log WHERE scope = ?1 AND seq = ?2")?;
    let body: Option<String> = statement.query_row(params![scope.as_str(), seq], |row| row.get(0)).optional()?;
    Ok(body.map(|body| serde_json::from_str::<LogEntry>(&body)).transpose()?.map(|entry| entry.hash))
}

pub(crate) fn forget_scope(conn: &Connection, scope: &Scope) -> Result<()> {
    conn.prepare_cached("DELETE FROM log WHERE scope = ?1")?.execute([scope.as_str()])?;
    Ok(())
}
