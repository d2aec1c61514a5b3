//! Table `receipt`: the district's word on every change that it was ever sent.

use domain::{Change, ChangeId, Writer};
use rusqlite::{OptionalExtension, Transaction, params};
use sync::wire::Receipt;

use super::{signed, unsigned};
use crate::error::Result;

/// A receipt with the digest of the change that it is for.
pub(crate) struct Kept {
    pub(crate) digest: String,
    pub(crate) receipt: Receipt,
}

/// The counter that is expected next from `writer`.
pub(crate) fn next_counter(tx: &Transaction<'_>, writer: Writer) -> Result<u64> {
    let sql = "SELECT coalesce(max(counter), 0) + 1 FROM receipt WHERE device = ?1 AND incarnation = ?2";
    let key = params![writer.device.to_string(), writer.incarnation];
    Ok(unsigned(tx.prepare_cached(sql)?.query_row(key, |row| row.get(0))?))
}

/// The newest incarnation of a device that has sent anything; 1 before that.
pub(crate) fn newest_incarnation(tx: &Transaction<'_>, device: domain::DeviceId) -> Result<u32> {
    let sql = "SELECT coalesce(max(incarnation), 1) FROM receipt WHERE device = ?1";
    Ok(tx.query_row(sql, [device.to_string()], |row| row.get(0))?)
}

pub(crate) fn read(tx: &Transaction<'_>, writer: Writer, counter: u64) -> Result<Option<Kept>> {
    let sql = "SELECT digest, body FROM receipt WHERE device = ?1 AND incarnation = ?2 AND counter = ?3";
    let key = params![writer.device.to_string(), writer.incarnation, signed(counter)];
    let found: Option<(String, String)> =
        tx.prepare_cached(sql)?.query_row(key, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(digest, body)| Ok(Kept { digest, receipt: serde_json::from_str(&body)? })).transpose()
}

/// Whether a change of this name was ever sent, by anyone.
pub(crate) fn knows(tx: &Transaction<'_>, change: ChangeId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM receipt WHERE change = ?1)";
    Ok(tx.prepare_cached(sql)?.query_row([change.to_string()], |row| row.get(0))?)
}

pub(crate) fn keep(tx: &Transaction<'_>, change: &Change, digest: &str, receipt: &Receipt) -> Result<()> {
    let sql = "INSERT INTO receipt (device, incarnation, counter, change, digest, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.prepare_cached(sql)?.execute(params![
        change.writer.device.to_string(),
        change.writer.incarnation,
        signed(change.counter),
        change.id.to_string(),
        digest,
        serde_json::to_string(receipt)?,
    ])?;
    Ok(())
}
