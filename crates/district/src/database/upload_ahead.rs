//! Table `upload_ahead`: pieces of files that came before the ones they follow.

use uuid::Uuid;

use super::{Tx, params};
use crate::error::Result;

/// A piece that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ahead {
    pub(crate) start: u64,
    pub(crate) stop: u64,
    /// Where its bytes lie in the store.
    pub(crate) object: String,
}

/// Notes a piece. `false` where one that is as long lies there already.
pub(crate) fn note(tx: &Tx<'_>, upload: Uuid, piece: &Ahead) -> Result<bool> {
    let sql = "INSERT INTO upload_ahead (upload, start, stop, object) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (upload, start) DO UPDATE SET stop = excluded.stop, object = excluded.object
               WHERE upload_ahead.stop < excluded.stop";
    let Ahead { start, stop, object } = piece;
    Ok(tx.execute(sql, params![upload.to_string(), *start, *stop, object])? > 0)
}

/// Every piece of the upload that waits, in order.
pub(crate) fn read(tx: &Tx<'_>, upload: Uuid) -> Result<Vec<Ahead>> {
    let sql = "SELECT start, stop, object FROM upload_ahead WHERE upload = ?1 ORDER BY start";
    tx.all(sql, params![upload.to_string()], |row| {
        Ok(Ahead { start: row.get(0)?, stop: row.get(1)?, object: row.get(2)? })
    })
}

/// Forgets a piece that waits no more.
pub(crate) fn forget(tx: &Tx<'_>, upload: Uuid, start: u64) -> Result<()> {
    tx.execute("DELETE FROM upload_ahead WHERE upload = ?1 AND start = ?2", params![upload.to_string(), start])?;
    Ok(())
}
