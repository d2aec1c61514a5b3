//! Table `receipt`: the district's word on every change that it was ever sent.

use domain::{Change, ChangeId, Writer};
use sync::wire::Receipt;

use super::{Tx, params};
use crate::error::Result;

/// A receipt with the digest of the change that it is for.
pub(crate) struct Kept {
    pub(crate) digest: String,
    pub(crate) receipt: Receipt,
}

/// The counter that is expected next from `writer`.
pub(crate) fn next_counter(tx: &Tx<'_>, writer: Writer) -> Result<u64> {
    let sql = "SELECT coalesce(max(counter), 0) + 1 FROM receipt WHERE device = ?1 AND incarnation = ?2";
    tx.only(sql, params![writer.device, writer.incarnation], |row| row.get(0))
}

/// The newest incarnation of a device that has sent anything; 1 before that.
pub(crate) fn newest_incarnation(tx: &Tx<'_>, device: domain::DeviceId) -> Result<u32> {
    let sql = "SELECT coalesce(max(incarnation), 1) FROM receipt WHERE device = ?1";
    tx.only(sql, params![device], |row| row.get(0))
}

pub(crate) fn read(tx: &Tx<'_>, writer: Writer, counter: u64) -> Result<Option<Kept>> {
    let sql = "SELECT digest, body FROM receipt WHERE device = ?1 AND incarnation = ?2 AND counter = ?3";
    tx.one(sql, params![writer.device, writer.incarnation, counter], |row| {
        Ok(Kept { digest: row.get(0)?, receipt: serde_json::from_str(&row.text(1)?)? })
    })
}

/// Whether a change of this name was ever sent, by anyone.
pub(crate) fn knows(tx: &Tx<'_>, change: ChangeId) -> Result<bool> {
    tx.one("SELECT 1 FROM receipt WHERE change = ?1", params![change], |_| Ok(())).map(|found| found.is_some())
}

pub(crate) fn keep(tx: &Tx<'_>, change: &Change, digest: &str, receipt: &Receipt) -> Result<()> {
    let sql = "INSERT INTO receipt (device, incarnation, counter, change, digest, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Writer { device, incarnation } = change.writer;
    let body = serde_json::to_string(receipt)?;
    tx.execute(sql, params![device, incarnation, change.counter, change.id, digest, body])?;
    Ok(())
}
