//! Table `receipt`: the district's word on every change that it was ever sent.

use std::ops::ControlFlow;

use domain::{Change, ChangeId, Writer};
use sync::wire::Receipt;

use super::{Tx, params, renumbered};
use crate::error::{DistrictError, Result};

/// A receipt with the digest of the change that it is for.
pub(crate) struct Kept {
    pub(crate) digest: String,
    pub(crate) receipt: Receipt,
}

/// The counter that is expected next from `writer`.
pub(crate) fn next_counter(tx: &Tx<'_>, writer: Writer) -> Result<u64> {
    let last = |sql| tx.only(sql, params![writer.device, writer.incarnation], |row| row.get::<u64>(0));
    let own = "SELECT coalesce(max(counter), 0) FROM receipt WHERE device = ?1 AND incarnation = ?2";
    Ok(1 + last(own)?.max(last(renumbered::LAST)?))
}

pub(crate) fn read(tx: &Tx<'_>, writer: Writer, counter: u64) -> Result<Option<Kept>> {
    let sql = "SELECT digest, body FROM receipt WHERE device = ?1 AND incarnation = ?2 AND counter = ?3";
    tx.one(sql, params![writer.device, writer.incarnation, counter], |row| {
        Ok(Kept { digest: row.get(0)?, receipt: serde_json::from_str(&row.text(1)?)? })
    })
}

/// Whether anything was ever said of the change of this name. One question, for
/// most changes are new.
pub(crate) fn is_known(tx: &Tx<'_>, change: ChangeId) -> Result<bool> {
    let sql = "SELECT counter FROM receipt WHERE change = ?1 UNION ALL SELECT seq FROM log WHERE change = ?1 LIMIT 1";
    Ok(tx.one(sql, params![change], |row| row.get::<u64>(0))?.is_some())
}

/// The receipt of the change of this name, under whatever number it first came.
pub(crate) fn named(tx: &Tx<'_>, change: ChangeId) -> Result<Option<Receipt>> {
    let sql = "SELECT body FROM receipt WHERE change = ?1";
    tx.one(sql, params![change], |row| Ok(serde_json::from_str(&row.text(0)?)?))
}

/// Keeps the word on a change; the first one said stands.
pub(crate) fn keep(tx: &Tx<'_>, change: &Change, digest: &str, receipt: &Receipt) -> Result<()> {
    let sql = "INSERT INTO receipt (device, incarnation, counter, change, digest, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
    let Writer { device, incarnation } = change.writer;
    let body = serde_json::to_string(receipt)?;
    tx.execute(sql, params![device, incarnation, change.counter, change.id, digest, body])?;
    Ok(())
}

/// Every number that a writer has left out, the first of each.
pub(crate) fn gaps(tx: &Tx<'_>) -> Result<Vec<(Writer, u64)>> {
    let sql = "SELECT device, incarnation, counter FROM receipt
               UNION ALL SELECT device, incarnation, counter FROM renumbered
               ORDER BY device, incarnation, counter";
    let mut gaps: Vec<(Writer, u64)> = Vec::new();
    let mut last: Option<(Writer, u64)> = None;
    tx.each(sql, params![], |row| {
        let unreadable = |_| DistrictError::Unreadable { reason: "receipt: device".to_owned() };
        let writer = Writer { device: row.text(0)?.parse().map_err(unreadable)?, incarnation: row.get(1)? };
        let expected = last.filter(|(of, _)| *of == writer).map_or(1, |(_, counter)| counter + 1);
        let counter = row.get(2)?;
        if counter != expected && gaps.last().is_none_or(|(of, _)| *of != writer) {
            gaps.push((writer, expected));
        }
        last = Some((writer, counter));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(gaps)
}
