//! Table `setting`: small facts about the district itself.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::error::Result;

/// The id under which the district writes changes of its own.
pub(crate) const OWN_DEVICE: &str = "own_device";
/// `host:port` that the server last listened on.
pub(crate) const ADDRESS: &str = "address";
/// Revision of the catalog by which the records' keys were read.
pub(crate) const CATALOG: &str = "catalog";
/// When the administrator's first code was made.
pub(crate) const FIRST_CODE: &str = "first_code";

pub(crate) fn read(tx: &Transaction<'_>, name: &str) -> Result<Option<String>> {
    Ok(tx.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0)).optional()?)
}

pub(crate) fn write(tx: &Transaction<'_>, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    tx.execute(sql, params![name, value])?;
    Ok(())
}
