//! Table `attachment`: the files that are on disk, whole and verified.

use rusqlite::{Transaction, params};

use super::{signed, unsigned};
use crate::error::Result;

/// Notes that the file is there. Noting it twice is no harm.
pub(crate) fn note(tx: &Transaction<'_>, sha256: &str, bytes: u64) -> Result<()> {
    let sql = "INSERT INTO attachment (sha256, bytes, arrived_at) VALUES (?1, ?2, ?3) ON CONFLICT (sha256) DO NOTHING";
    tx.execute(sql, params![sha256, signed(bytes), crate::now()])?;
    Ok(())
}

pub(crate) fn is_held(tx: &Transaction<'_>, sha256: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM attachment WHERE sha256 = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([sha256], |row| row.get(0))?)
}

/// How many files there are, and their bytes together.
pub(crate) fn totals(tx: &Transaction<'_>) -> Result<(u64, u64)> {
    let sql = "SELECT count(*), coalesce(sum(bytes), 0) FROM attachment";
    Ok(tx.query_row(sql, [], |row| Ok((unsigned(row.get(0)?), unsigned(row.get(1)?))))?)
}
