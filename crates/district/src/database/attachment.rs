//! Table `attachment`: the files that are on disk, whole and verified.

use super::{Tx, params};
use crate::error::Result;

/// Notes that the file is there. Noting it twice is no harm.
pub(crate) fn note(tx: &Tx<'_>, sha256: &str, bytes: u64) -> Result<()> {
    let sql = "INSERT INTO attachment (sha256, bytes, arrived_at) VALUES (?1, ?2, ?3) ON CONFLICT (sha256) DO NOTHING";
    tx.execute(sql, params![sha256, bytes, crate::now()])?;
    Ok(())
}

pub(crate) fn is_held(tx: &Tx<'_>, sha256: &str) -> Result<bool> {
    tx.one("SELECT 1 FROM attachment WHERE sha256 = ?1", params![sha256], |_| Ok(())).map(|found| found.is_some())
}

/// How many bytes the file has, if it is there.
pub(crate) fn bytes(tx: &Tx<'_>, sha256: &str) -> Result<Option<u64>> {
    tx.one("SELECT bytes FROM attachment WHERE sha256 = ?1", params![sha256], |row| row.get(0))
}

/// How many files there are, and their bytes together.
pub(crate) fn totals(tx: &Tx<'_>) -> Result<(u64, u64)> {
    let sql = "SELECT count(*), CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM attachment";
    tx.only(sql, params![], |row| Ok((row.get(0)?, row.get(1)?)))
}
