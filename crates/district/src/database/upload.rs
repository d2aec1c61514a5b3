//! Tables `upload` and `upload_part`: files on their way in, and how far they came.

use domain::DeviceId;
use uuid::Uuid;

use super::{Row, Tx, params};
use crate::error::{DistrictError, Result};

/// A file on its way in, from one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    pub(crate) id: Uuid,
    pub(crate) sha256: String,
    /// `Upload-Metadata` as the device sent it.
    pub(crate) metadata: String,
    /// How many bytes the file has.
    pub(crate) bytes: u64,
    /// How many of them are here.
    pub(crate) received: u64,
    pub(crate) expires_at: String,
}

/// The device's upload of this file, if one is under way.
pub(crate) fn read(tx: &Tx<'_>, device: DeviceId, sha256: &str) -> Result<Option<Upload>> {
    let sql = "SELECT id, sha256, metadata, bytes, received, expires_at FROM upload WHERE device = ?1 AND sha256 = ?2";
    tx.one(sql, params![device, sha256], |row| {
        let (sha256, metadata) = (row.get(1)?, row.get(2)?);
        Ok(Upload {
            id: id(row, 0)?,
            sha256,
            metadata,
            bytes: row.get(3)?,
            received: row.get(4)?,
            expires_at: row.get(5)?,
        })
    })
}

/// Begins an upload. `false` when the device has one of this file already.
pub(crate) fn begin(tx: &Tx<'_>, device: DeviceId, upload: &Upload) -> Result<bool> {
    let sql = "INSERT INTO upload (id, device, sha256, metadata, bytes, received, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6) ON CONFLICT (device, sha256) DO NOTHING";
    let id = upload.id.to_string();
    let given = params![id, device, upload.sha256, upload.metadata, upload.bytes, upload.expires_at];
    Ok(tx.execute(sql, given)? == 1)
}

/// Notes bytes that came: `parts` follow each other from `from` up to `to`.
/// `false`, and nothing noted, when the upload does not stand at `from` any more.
pub(crate) fn advance(
    tx: &Tx<'_>,
    upload: Uuid,
    from: u64,
    parts: &[(u64, String)],
    to: u64,
    expires_at: &str,
) -> Result<bool> {
    let id = upload.to_string();
    let sql = "UPDATE upload SET received = ?3, expires_at = ?4 WHERE id = ?1 AND received = ?2";
    if tx.execute(sql, params![id, from, to, expires_at])? == 0 {
        return Ok(false);
    }
    for (start, object) in parts {
        let sql = "INSERT INTO upload_part (upload, start, object) VALUES (?1, ?2, ?3)";
        tx.execute(sql, params![id, *start, object])?;
    }
    Ok(true)
}

/// Lets the upload wait at least until then.
pub(crate) fn wait_until(tx: &Tx<'_>, upload: Uuid, until: &str) -> Result<()> {
    let sql = "UPDATE upload SET expires_at = ?2 WHERE id = ?1 AND expires_at < ?2";
    tx.execute(sql, params![upload.to_string(), until])?;
    Ok(())
}

/// Where the bytes of the upload lie, from its beginning on.
pub(crate) fn parts(tx: &Tx<'_>, upload: Uuid) -> Result<Vec<String>> {
    let sql = "SELECT object FROM upload_part WHERE upload = ?1 ORDER BY start";
    tx.all(sql, params![upload.to_string()], |row| row.get(0))
}

/// Ends one upload.
pub(crate) fn end(tx: &Tx<'_>, upload: Uuid) -> Result<()> {
    tx.execute("DELETE FROM upload_part WHERE upload = ?1", params![upload.to_string()])?;
    tx.execute("DELETE FROM upload WHERE id = ?1", params![upload.to_string()])?;
    Ok(())
}

/// Ends every device's upload of a file that is here now; which they were.
pub(crate) fn end_all(tx: &Tx<'_>, sha256: &str) -> Result<Vec<Uuid>> {
    let ended = tx.all("SELECT id FROM upload WHERE sha256 = ?1", params![sha256], |row| id(row, 0))?;
    for upload in &ended {
        end(tx, *upload)?;
    }
    Ok(ended)
}

/// Ends every upload whose time is over; which they were.
pub(crate) fn end_expired(tx: &Tx<'_>, now: &str) -> Result<Vec<Uuid>> {
    let ended = tx.all("SELECT id FROM upload WHERE expires_at < ?1", params![now], |row| id(row, 0))?;
    for upload in &ended {
        end(tx, *upload)?;
    }
    Ok(ended)
}

/// Whether an upload of this id is under way.
pub(crate) fn exists(tx: &Tx<'_>, upload: &str) -> Result<bool> {
    tx.one("SELECT 1 FROM upload WHERE id = ?1", params![upload], |_| Ok(())).map(|found| found.is_some())
}

/// Whether anybody is sending this file.
pub(crate) fn is_coming(tx: &Tx<'_>, sha256: &str) -> Result<bool> {
    tx.one("SELECT 1 FROM upload WHERE sha256 = ?1", params![sha256], |_| Ok(())).map(|found| found.is_some())
}

fn id(row: &Row<'_>, column: usize) -> Result<Uuid> {
    let unreadable = || DistrictError::Unreadable { reason: format!("column {column} of upload holds no id") };
    row.get::<String>(column)?.parse().map_err(|_| unreadable())
}
