//! Table `enrolment`: one-time codes, by the SHA-256 of their secret.

use domain::{DeviceId, Scope};

use super::{Tx, params, scope_in};
use crate::error::Result;

/// A one-time code as it is kept.
pub(crate) struct Enrolment {
    /// The scope it lets in to; none for all that is kept here.
    pub(crate) scope: Option<Scope>,
    pub(crate) role: String,
    /// For whom it was made, if that was said.
    pub(crate) person: Option<String>,
    pub(crate) expires_at: String,
    pub(crate) used_at: Option<String>,
}

pub(crate) fn add(tx: &Tx<'_>, secret_sha256: &str, code: &Enrolment) -> Result<()> {
    let sql = "INSERT INTO enrolment (secret_sha256, scope, role, person, created_at, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    tx.execute(sql, params![secret_sha256, code.scope, code.role, code.person, crate::now(), code.expires_at])?;
    Ok(())
}

/// The code of this secret, for a transaction that may use it up.
pub(crate) fn lock(tx: &Tx<'_>, secret_sha256: &str) -> Result<Option<Enrolment>> {
    let sql = "SELECT scope, role, person, expires_at, used_at FROM enrolment WHERE secret_sha256 = ?1";
    tx.one_locked(sql, params![secret_sha256], |row| {
        let everything = row.get::<Option<String>>(0)?.is_none();
        Ok(Enrolment {
            scope: if everything { None } else { Some(scope_in(row, 0)?) },
            role: row.get(1)?,
            person: row.get(2)?,
            expires_at: row.get(3)?,
            used_at: row.get(4)?,
        })
    })
}

pub(crate) fn note_used(tx: &Tx<'_>, secret_sha256: &str, device: DeviceId, at: &str) -> Result<()> {
    let sql = "UPDATE enrolment SET used_at = ?2, device = ?3 WHERE secret_sha256 = ?1";
    tx.execute(sql, params![secret_sha256, at, device])?;
    Ok(())
}

/// The hash of every code's secret.
pub(crate) fn secrets(tx: &Tx<'_>) -> Result<Vec<String>> {
    tx.all("SELECT secret_sha256 FROM enrolment ORDER BY created_at DESC", params![], |row| row.get(0))
}

/// The device that the code of this secret has let in.
pub(crate) fn device_of(tx: &Tx<'_>, secret_sha256: &str) -> Result<Option<String>> {
    let sql = "SELECT device FROM enrolment WHERE secret_sha256 = ?1";
    Ok(tx.one(sql, params![secret_sha256], |row| row.get(0))?.flatten())
}

/// For whom the code was made by which `device` was let in.
pub(crate) fn person_of(tx: &Tx<'_>, device: DeviceId) -> Result<Option<String>> {
    let sql = "SELECT person FROM enrolment WHERE device = ?1";
    Ok(tx.one(sql, params![device], |row| row.get(0))?.flatten())
}
