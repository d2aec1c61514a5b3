//! Table `renumbered`: changes that came again under another number.

use domain::{ChangeId, Writer};

use super::{Tx, params};
use crate::error::Result;

/// The last counter of a writer here: part of [`super::receipt::next_counter`].
pub(super) const LAST: &str = "SELECT coalesce(max(counter), 0) FROM renumbered WHERE device = ?1 AND incarnation = ?2";

pub(crate) fn note(tx: &Tx<'_>, writer: Writer, counter: u64, change: ChangeId) -> Result<()> {
    let sql = "INSERT INTO renumbered (device, incarnation, counter, change) VALUES (?1, ?2, ?3, ?4)";
    tx.execute(sql, params![writer.device, writer.incarnation, counter, change])?;
    Ok(())
}

/// The change that came again under this number.
pub(crate) fn read(tx: &Tx<'_>, writer: Writer, counter: u64) -> Result<Option<ChangeId>> {
    let sql = "SELECT change FROM renumbered WHERE device = ?1 AND incarnation = ?2 AND counter = ?3";
    let id: Option<String> = tx.one(sql, params![writer.device, writer.incarnation, counter], |row| row.get(0))?;
    Ok(id.and_then(|id| id.parse().ok()))
}
