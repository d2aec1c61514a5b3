//! Table `orphan`: files in the store that nothing here knows, since when.

use super::{Tx, params};
use crate::error::Result;

/// Notes that the file is nobody's; since when it has been so.
pub(crate) fn note(tx: &Tx<'_>, sha256: &str, now: &str) -> Result<String> {
    let sql = "INSERT INTO orphan (sha256, seen_at) VALUES (?1, ?2) ON CONFLICT (sha256) DO NOTHING";
    tx.execute(sql, params![sha256, now])?;
    tx.only("SELECT seen_at FROM orphan WHERE sha256 = ?1", params![sha256], |row| row.get(0))
}

/// The file has found somebody, or is gone.
pub(crate) fn forget(tx: &Tx<'_>, sha256: &str) -> Result<()> {
    tx.execute("DELETE FROM orphan WHERE sha256 = ?1", params![sha256])?;
    Ok(())
}
