//! Table `given_back`: writers of whom laptops have given entries back.

use domain::Writer;

use super::{Tx, params};
use crate::error::Result;

pub(crate) fn note(tx: &Tx<'_>, writer: Writer) -> Result<()> {
    let sql = "INSERT INTO given_back (device, incarnation) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.execute(sql, params![writer.device, writer.incarnation])?;
    Ok(())
}

/// Whether entries of this writer were given back.
pub(crate) fn knows(tx: &Tx<'_>, writer: Writer) -> Result<bool> {
    let sql = "SELECT 1 FROM given_back WHERE device = ?1 AND incarnation = ?2";
    tx.one(sql, params![writer.device, writer.incarnation], |_| Ok(())).map(|found| found.is_some())
}
