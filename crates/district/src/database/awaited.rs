//! Table `awaited`: what each waiting change still waits for.

use domain::{Change, ChangeId, Scope};

use super::{Cell, Tx, params};
use crate::error::Result;

pub(crate) fn note(tx: &Tx<'_>, change: &Change, seq: u64, sha256: &str) -> Result<()> {
    let sql = "INSERT INTO awaited (change, sha256, record, scope, seq) VALUES (?1, ?2, ?3, ?4, ?5)";
    tx.execute(sql, params![change.id, sha256, change.record, change.scope, seq])?;
    Ok(())
}

/// The files that `change` waits for.
pub(crate) fn files(tx: &Tx<'_>, change: ChangeId) -> Result<Vec<String>> {
    tx.all("SELECT sha256 FROM awaited WHERE change = ?1 ORDER BY sha256", params![change], |row| row.get(0))
}

pub(crate) fn forget(tx: &Tx<'_>, change: ChangeId, sha256: &str) -> Result<()> {
    tx.execute("DELETE FROM awaited WHERE change = ?1 AND sha256 = ?2", params![change, sha256])?;
    Ok(())
}

/// The changes that wait for this file, oldest first within each scope.
pub(crate) fn waiting_for(tx: &Tx<'_>, sha256: &str) -> Result<Vec<ChangeId>> {
    changes(tx, "SELECT change FROM awaited WHERE sha256 = ?1 ORDER BY scope, seq", params![sha256])
}

/// The changes that wait in this scope, oldest first.
pub(crate) fn waiting_in(tx: &Tx<'_>, scope: &Scope) -> Result<Vec<ChangeId>> {
    changes(tx, "SELECT change FROM awaited WHERE scope = ?1 GROUP BY change ORDER BY min(seq)", params![scope])
}

fn changes(tx: &Tx<'_>, sql: &str, given: &[Cell<'_>]) -> Result<Vec<ChangeId>> {
    let ids: Vec<String> = tx.all(sql, given, |row| row.get(0))?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}
