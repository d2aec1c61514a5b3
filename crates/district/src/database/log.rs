//! Table `log`: every change of a scope in its place, with its verdict.

use domain::{Change, ChangeId, LogEntry, Scope};
use rusqlite::{OptionalExtension, Transaction, params};

use super::{signed, unsigned};
use crate::error::Result;

pub(crate) fn append(tx: &Transaction<'_>, entry: &LogEntry) -> Result<()> {
    let sql = "INSERT INTO log (scope, seq, record, change, body, arrived_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.prepare_cached(sql)?.execute(params![
        entry.scope.as_str(),
        signed(entry.seq),
        entry.change.record.to_string(),
        entry.change.id.to_string(),
        serde_json::to_string(entry)?,
        crate::now(),
    ])?;
    Ok(())
}

/// The entries of `scope` after `after`: at most `limit` of them, and after the
/// first no more than fit into `bytes` of JSON.
pub(crate) fn after(
    tx: &Transaction<'_>,
    scope: &Scope,
    after: u64,
    limit: usize,
    bytes: usize,
) -> Result<Vec<LogEntry>> {
    let mut select = tx.prepare_cached("SELECT body FROM log WHERE scope = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = select.query(params![scope.as_str(), signed(after), limit])?;
    let (mut entries, mut size) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let body = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
        size += body.len();
        if size > bytes && !entries.is_empty() {
            break;
        }
        entries.push(serde_json::from_str(body)?);
    }
    Ok(entries)
}

/// The change called `id`, as it stands in its log.
pub(crate) fn change(tx: &Transaction<'_>, id: ChangeId) -> Result<Option<Change>> {
    let body: Option<String> =
        tx.query_row("SELECT body FROM log WHERE change = ?1", [id.to_string()], |row| row.get(0)).optional()?;
    Ok(body.map(|body| serde_json::from_str::<LogEntry>(&body)).transpose()?.map(|entry| entry.change))
}

/// How many entries all logs have, and when the last one arrived.
pub(crate) fn totals(tx: &Transaction<'_>) -> Result<(u64, Option<String>)> {
    let count = tx.query_row("SELECT coalesce(sum(seq), 0) FROM scope_head", [], |row| row.get(0))?;
    let last =
        tx.query_row("SELECT arrived_at FROM log ORDER BY rowid DESC LIMIT 1", [], |row| row.get(0)).optional()?;
    Ok((unsigned(count), last))
}
