//! The district's log, as far as it has come here: by far the most rows, so a body
//! leaves out what its own columns say, and begins with the entry's hash as bytes.

use std::borrow::Cow;

use domain::compact::{pack_row, unpack_row};
use domain::{Action, Change, ChangeId, LogEntry, RecordId, Scope, Verdict, Writer};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use serde::{Deserialize, Serialize};

use crate::{Error, Result, Store, table};

/// One change of a record's past.
#[derive(Debug, Clone, PartialEq)]
pub struct Past {
    /// The change.
    pub change: Change,
    /// Its place and verdict; none while it waits in the outbox.
    pub ordered: Option<(u64, Verdict)>,
    /// As [`LogEntry::skew`].
    pub skew: Option<i64>,
}

impl Store {
    /// Everything that was done to a record, oldest first, with this laptop's
    /// pending changes at the end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn history(&self, record: RecordId) -> Result<Vec<Past>> {
        let mut past = Vec::new();
        for entry in of_record(&self.conn, record)? {
            let entry = entry?;
            past.push(Past { ordered: Some((entry.seq, entry.verdict)), skew: entry.skew, change: entry.change });
        }
        let pending = table::outbox::of_record(&self.conn, record)?.into_iter();
        past.extend(pending.map(|pending| Past { change: pending.change, ordered: None, skew: None }));
        Ok(past)
    }
}

impl Store {
    /// This laptop's own changes among the last `depth` entries of each log, the
    /// latest first: the record, its wall time and the district's verdict.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn latest_own(&self, depth: u32) -> Result<Vec<(RecordId, String, Verdict)>> {
        let own = self.writer()?.device;
        let mut statement =
            self.conn.prepare_cached(&format!("{SELECT} WHERE scope = ?1 ORDER BY seq DESC LIMIT ?2"))?;
        let mut latest = Vec::new();
        for scope in self.scopes()? {
            let mut rows = statement.query(params![scope.scope.as_str(), depth])?;
            while let Some(row) = rows.next()? {
                let entry = read(row)?;
                if entry.change.writer.device == own {
                    latest.push((entry.change.record, entry.change.at, entry.verdict));
                }
            }
        }
        // The ids of changes are by time; the wall times of one laptop nearly are.
        latest.sort_by(|one, other| other.1.cmp(&one.1));
        Ok(latest)
    }
}

/// A body from version 2 on, after the 32 bytes of the hash: the entry without
/// its scope, its place and its record.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    id: ChangeId,
    writer: Writer,
    counter: u64,
    author: Cow<'a, str>,
    at: Cow<'a, str>,
    kind: Cow<'a, str>,
    seen: u64,
    actions: Cow<'a, [Action]>,
    verdict: Cow<'a, Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    skew: Option<i64>,
}

const HASH: usize = 32;

fn body(entry: &LogEntry) -> Result<Vec<u8>> {
    let LogEntry { scope: _, seq: _, change, verdict, skew, hash } = entry;
    let Change { id, writer, counter, author, at, record: _, kind, scope: _, seen, actions } = change;
    let kept = Kept {
        id: *id,
        writer: *writer,
        counter: *counter,
        author: author.into(),
        at: at.into(),
        kind: kind.into(),
        seen: *seen,
        actions: actions.into(),
        verdict: Cow::Borrowed(verdict),
        skew: *skew,
    };
    let mut body = vec![0; HASH];
    hex::decode_to_slice(hash, &mut body).map_err(|error| Error::Damaged(format!("hash: {error}")))?;
    body.extend(pack_row(&kept));
    Ok(body)
}

/// The columns that [`read`] expects.
const SELECT: &str = "SELECT scope, seq, record, body FROM log";

fn read(row: &SqlRow<'_>) -> Result<LogEntry> {
    let body = match row.get_ref(3)? {
        ValueRef::Text(json) => return Ok(serde_json::from_slice(json)?), // Of version 1.
        body => body.as_blob().map_err(rusqlite::Error::from)?,
    };
    let damaged = |what: &str| Error::Damaged(format!("log: {what}"));
    let (hash, kept) = body.split_at_checked(HASH).ok_or_else(|| damaged("hash"))?;
    let kept: Kept<'_> = unpack_row(kept)?;
    let scope = Scope::parse(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
    let scope = scope.ok_or_else(|| damaged("scope"))?;
    Ok(LogEntry {
        scope: scope.clone(),
        seq: row.get(1)?,
        change: Change {
            id: kept.id,
            writer: kept.writer,
            counter: kept.counter,
            author: kept.author.into_owned(),
            at: kept.at.into_owned(),
            record: RecordId(row.get(2)?),
            kind: kept.kind.into_owned(),
            scope,
            seen: kept.seen,
            actions: kept.actions.into_owned(),
        },
        verdict: kept.verdict.into_owned(),
        skew: kept.skew,
        hash: hex::encode(hash),
    })
}

/// Writes an entry. Which were written is noted by [`sort_later`].
pub(crate) fn insert(conn: &Connection, entry: &LogEntry) -> Result<()> {
    let mut statement = conn.prepare_cached("INSERT INTO log (scope, seq, record, body) VALUES (?1, ?2, ?3, ?4)")?;
    statement.execute(params![entry.scope.as_str(), entry.seq, entry.change.record.0, body(entry)?])?;
    Ok(())
}

/// Notes that the entries from `first` to `last` are not sorted by record yet.
pub(crate) fn sort_later(conn: &Connection, scope: &Scope, first: u64, last: u64) -> Result<()> {
    let sql = "INSERT INTO record_log_due (scope, first, last) VALUES (?1, ?2, ?3)
               ON CONFLICT (scope, first) DO UPDATE SET last = max(last, ?3)";
    conn.prepare_cached(sql)?.execute(params![scope.as_str(), first, last])?;
    Ok(())
}

/// Whether entries are to be sorted by record.
pub(crate) fn is_to_sort(conn: &Connection) -> Result<bool> {
    Ok(conn.prepare_cached("SELECT 1 FROM record_log_due")?.exists([])?)
}

/// Sorts at most `limit` entries by record; how many there were.
pub(crate) fn sort_due(conn: &Connection, limit: u32) -> Result<usize> {
    let mut statement = conn.prepare_cached("SELECT scope, first, last FROM record_log_due LIMIT 1")?;
    let read = |row: &SqlRow<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?, row.get::<_, u64>(2)?));
    let Some((scope, first, last)) = statement.query_row([], read).optional()? else { return Ok(0) };
    let until = last.min(first.saturating_add(u64::from(limit.max(1))) - 1);
    let sql = "INSERT OR IGNORE INTO record_log
               SELECT record, scope, seq FROM log WHERE scope = ?1 AND seq BETWEEN ?2 AND ?3 ORDER BY record, seq";
    conn.prepare_cached(sql)?.execute(params![scope, first, until])?;
    conn.prepare_cached("DELETE FROM record_log_due WHERE scope = ?1 AND first = ?2")?
        .execute(params![scope, first])?;
    if until < last {
        let rest = "INSERT OR REPLACE INTO record_log_due (scope, first, last) VALUES (?1, ?2, ?3)";
        conn.prepare_cached(rest)?.execute(params![scope, until + 1, last])?;
    }
    Ok(usize::try_from(until - first + 1).unwrap_or(usize::MAX))
}

/// The entries of one record, of each log in order, whether they are sorted yet or not.
fn of_record(conn: &Connection, record: RecordId) -> Result<Vec<Result<LogEntry>>> {
    let sql = format!(
        "{SELECT} WHERE (scope, seq) IN (
             SELECT scope, seq FROM record_log WHERE record = ?1
             UNION SELECT log.scope, log.seq FROM record_log_due AS due
                 JOIN log ON log.scope = due.scope AND log.seq BETWEEN due.first AND due.last WHERE log.record = ?1)
         ORDER BY scope, seq"
    );
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query([record.0])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(read(row));
    }
    Ok(entries)
}

/// The entries of `scope` after `seq`, in order.
pub(crate) fn after(conn: &Connection, scope: &Scope, seq: u64) -> Result<Vec<LogEntry>> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} WHERE scope = ?1 AND seq > ?2 ORDER BY seq"))?;
    let mut rows = statement.query(params![scope.as_str(), seq])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        entries.push(read(row)?);
    }
    Ok(entries)
}

/// The hash of one entry, where it is here.
pub(crate) fn hash_at(conn: &Connection, scope: &Scope, seq: u64) -> Result<Option<String>> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} WHERE scope = ?1 AND seq = ?2"))?;
    let mut rows = statement.query(params![scope.as_str(), seq])?;
    Ok(rows.next()?.map(read).transpose()?.map(|entry| entry.hash))
}

/// Walks the entries of `scope` in order, one in memory at a time, while `visit`
/// says to go on. It hears the place also of an entry that cannot be read.
pub(crate) fn each(
    conn: &Connection,
    scope: &Scope,
    visit: impl FnMut(u64, Result<LogEntry>) -> Result<bool>,
) -> Result<()> {
    walk(conn, &format!("{SELECT} WHERE scope = ?1 ORDER BY seq"), scope, visit)
}

/// As [`each`], record by record, and in order within each, as far as they are sorted so.
pub(crate) fn each_by_record(
    conn: &Connection,
    scope: &Scope,
    visit: impl FnMut(u64, Result<LogEntry>) -> Result<bool>,
) -> Result<()> {
    let sql = "SELECT log.scope, log.seq, log.record, log.body FROM record_log AS its
               CROSS JOIN log ON log.scope = its.scope AND log.seq = its.seq
               WHERE its.scope = ?1 ORDER BY its.record, its.scope, its.seq";
    walk(conn, sql, scope, visit)
}

fn walk(
    conn: &Connection,
    sql: &str,
    scope: &Scope,
    mut visit: impl FnMut(u64, Result<LogEntry>) -> Result<bool>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([scope.as_str()])?;
    while let Some(row) = rows.next()? {
        if !visit(row.get(1)?, read(row))? {
            break;
        }
    }
    Ok(())
}

/// Whether the log holds this change.
pub(crate) fn has(conn: &Connection, change: &Change) -> Result<bool> {
    let mut entries = of_record(conn, change.record)?.into_iter().flatten(); // What cannot be read says nothing.
    Ok(entries.any(|entry| entry.scope == change.scope && entry.change.id == change.id))
}

pub(crate) fn forget_scope(conn: &Connection, scope: &Scope) -> Result<()> {
    conn.prepare_cached("DELETE FROM log WHERE scope = ?1")?.execute([scope.as_str()])?;
    Ok(())
}
