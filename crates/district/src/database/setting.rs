//! Table `setting`: small facts about the district itself.

use super::{Tx, params};
use crate::error::Result;

/// The id under which the district writes changes of its own.
pub(crate) const OWN_DEVICE: &str = "own_device";
/// `host:port` that the server last listened on.
pub(crate) const ADDRESS: &str = "address";
/// Revision of the catalog by which the records' keys were read.
pub(crate) const CATALOG: &str = "catalog";
/// The public key of the district whose logs these are, in hex.
pub(crate) const PUBLIC_KEY: &str = "public_key";
/// How often it was said anew what a laptop may reach.
pub(crate) const RIGHTS: &str = "rights";
/// When the administrator's first code was made.
pub(crate) const FIRST_CODE: &str = "first_code";

pub(crate) fn read(tx: &Tx<'_>, name: &str) -> Result<Option<String>> {
    tx.one("SELECT value FROM setting WHERE name = ?1", params![name], |row| row.get(0))
}

pub(crate) fn write(tx: &Tx<'_>, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    tx.execute(sql, params![name, value])?;
    Ok(())
}

/// Counts one more of what this setting counts.
pub(crate) fn count(tx: &Tx<'_>, name: &str) -> Result<()> {
    let sql = "INSERT INTO setting (name, value) VALUES (?1, '1')
               ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)";
    tx.execute(sql, params![name])?;
    Ok(())
}
