//! Table `awaited`: what each waiting change still waits for.

use domain::{Change, ChangeId, Scope};
use rusqlite::{Transaction, params};

use super::signed;
use crate::error::Result;

pub(crate) fn note(tx: &Transaction<'_>, change: &Change, seq: u64, sha256: &str) -> Result<()> {
    let sql = "INSERT INTO awaited (change, sha256, record, scope, seq) VALUES (?1, ?2, ?3, ?4, ?5)";
    let (id, record) = (change.id.to_string(), change.record.to_string());
    tx.execute(sql, params![id, sha256, record, change.scope.as_str(), signed(seq)])?;
    Ok(())
}

/// The files that `change` waits for.
pub(crate) fn files(tx: &Transaction<'_>, change: ChangeId) -> Result<Vec<String>> {
    let mut select = tx.prepare_cached("SELECT sha256 FROM awaited WHERE change = ?1 ORDER BY sha256")?;
    Ok(select.query_map([change.to_string()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn forget(tx: &Transaction<'_>, change: ChangeId, sha256: &str) -> Result<()> {
    tx.execute("DELETE FROM awaited WHERE change = ?1 AND sha256 = ?2", params![change.to_string(), sha256])?;
    Ok(())
}

/// The changes that wait for this file, oldest first within each scope.
pub(crate) fn waiting_for(tx: &Transaction<'_>, sha256: &str) -> Result<Vec<ChangeId>> {
    changes(tx, "SELECT change FROM awaited WHERE sha256 = ?1 ORDER BY scope, seq", sha256)
}

/// The changes that wait in this scope, oldest first.
pub(crate) fn waiting_in(tx: &Transaction<'_>, scope: &Scope) -> Result<Vec<ChangeId>> {
    changes(tx, "SELECT change FROM awaited WHERE scope = ?1 GROUP BY change ORDER BY min(seq)", scope.as_str())
}

fn changes(tx: &Transaction<'_>, sql: &str, key: &str) -> Result<Vec<ChangeId>> {
    let mut select = tx.prepare_cached(sql)?;
    let ids = select.query_map([key], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}
