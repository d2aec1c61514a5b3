//! Table `log`: every change of a scope in its place, with its verdict.

use std::ops::ControlFlow;

use domain::log::CHAIN_START;
use domain::{Change, ChangeId, LogEntry, Scope, Verdict, compact};
use serde::Serialize;

use super::{Cell, Tx, params, unpacked};
use crate::error::Result;

/// An entry whose change lies elsewhere. It is kept as [`LogEntry`] is: its fields
/// have the same names.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Entry<'e> {
    pub(crate) scope: &'e Scope,
    pub(crate) seq: u64,
    pub(crate) change: &'e Change,
    pub(crate) verdict: &'e Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) skew: Option<i64>,
    pub(crate) hash: &'e str,
}

impl<'e> From<&'e LogEntry> for Entry<'e> {
    fn from(entry: &'e LogEntry) -> Self {
        let LogEntry { scope, seq, change, verdict, skew, hash } = entry;
        Self { scope, seq: *seq, change, verdict, skew: *skew, hash }
    }
}

pub(crate) fn append(tx: &Tx<'_>, entry: &Entry<'_>) -> Result<()> {
    let sql = "INSERT INTO log (scope, seq, record, change, body, packed, arrived_at)
               VALUES (?1, ?2, ?3, ?4, '', ?5, ?6)";
    let (record, change, packed) = (entry.change.record, entry.change.id, compact::pack_row(entry));
    tx.execute(sql, params![entry.scope, entry.seq, record, change, packed, crate::now()])?;
    Ok(())
}

/// The entries of `scope` after `after`: at most `limit` of them, and after the
/// first no more than fit into `bytes` as they are kept, of which they are taken.
pub(crate) fn after(tx: &Tx<'_>, scope: &Scope, after: u64, limit: usize, bytes: &mut usize) -> Result<Vec<LogEntry>> {
    let sql = "SELECT packed, body FROM log WHERE scope = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    as_fit(tx, sql, params![scope, after, limit], bytes)
}

/// The entries of `scope` up to `last`, the newest of them: as many as [`after`]
/// would give, and in the same order.
pub(crate) fn until(tx: &Tx<'_>, scope: &Scope, last: u64, limit: usize, bytes: &mut usize) -> Result<Vec<LogEntry>> {
    let sql = "SELECT packed, body FROM log WHERE scope = ?1 AND seq <= ?2 ORDER BY seq DESC LIMIT ?3";
    let mut entries = as_fit(tx, sql, params![scope, last, limit], bytes)?;
    entries.reverse();
    Ok(entries)
}

fn as_fit(tx: &Tx<'_>, sql: &str, given: &[Cell<'_>], bytes: &mut usize) -> Result<Vec<LogEntry>> {
    let mut entries = Vec::new();
    tx.each(sql, given, |row| {
        let (length, entry) = unpacked(row)?;
        if length > *bytes && !entries.is_empty() {
            return Ok(ControlFlow::Break(()));
        }
        *bytes = bytes.saturating_sub(length);
        entries.push(entry);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(entries)
}

/// The change called `id`, as it stands in its log.
pub(crate) fn change(tx: &Tx<'_>, id: ChangeId) -> Result<Option<Change>> {
    let sql = "SELECT packed, body FROM log WHERE change = ?1";
    tx.one(sql, params![id], |row| Ok(unpacked::<LogEntry>(row)?.1.change))
}

/// Its entry, as it stands in its log.
pub(crate) fn entry_of(tx: &Tx<'_>, id: ChangeId) -> Result<Option<LogEntry>> {
    let sql = "SELECT packed, body FROM log WHERE change = ?1";
    tx.one(sql, params![id], |row| Ok(unpacked::<LogEntry>(row)?.1))
}

/// The hash of one entry; that of the beginning for 0, none where there is no such entry.
pub(crate) fn hash_at(tx: &Tx<'_>, scope: &Scope, seq: u64) -> Result<Option<String>> {
    if seq == 0 {
        return Ok(Some(CHAIN_START.to_owned()));
    }
    let sql = "SELECT packed, body FROM log WHERE scope = ?1 AND seq = ?2";
    tx.one(sql, params![scope, seq], |row| Ok(unpacked::<LogEntry>(row)?.1.hash))
}

/// How many entries all logs have, and when the last one arrived.
pub(crate) fn totals(tx: &Tx<'_>) -> Result<(u64, Option<String>)> {
    // The last of each scope is the newest there; so no more rows are read than there are scopes.
    let sql = "SELECT CAST(coalesce(sum(scope_head.seq), 0) AS BIGINT), max(log.arrived_at)
               FROM scope_head JOIN log ON log.scope = scope_head.scope AND log.seq = scope_head.seq";
    tx.only(sql, params![], |row| Ok((row.get(0)?, row.get(1)?)))
}
