//! Table `enrolment`: one-time codes, by the SHA-256 of their secret.

use domain::{DeviceId, Scope};
use rusqlite::{OptionalExtension, Transaction, params};

use crate::error::{DistrictError, Result};

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

pub(crate) fn add(tx: &Transaction<'_>, secret_sha256: &str, code: &Enrolment) -> Result<()> {
    let sql = "INSERT INTO enrolment (secret_sha256, scope, role, person, created_at, expires_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let scope = code.scope.as_ref().map(Scope::as_str);
    tx.execute(sql, params![secret_sha256, scope, code.role, code.person, crate::now(), code.expires_at])?;
    Ok(())
}

pub(crate) fn read(tx: &Transaction<'_>, secret_sha256: &str) -> Result<Option<Enrolment>> {
    let sql = "SELECT scope, role, person, expires_at, used_at FROM enrolment WHERE secret_sha256 = ?1";
    let found = tx
        .query_row(sql, [secret_sha256], |row| {
            let scope: Option<String> = row.get(0)?;
            Ok((scope, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .optional()?;
    let Some((scope, role, person, expires_at, used_at)) = found else { return Ok(None) };
    let damaged = || DistrictError::Unreadable { reason: "enrolment: scope".to_owned() };
    let scope = scope.map(|text| Scope::parse(&text).ok_or_else(damaged)).transpose()?;
    Ok(Some(Enrolment { scope, role, person, expires_at, used_at }))
}

pub(crate) fn note_used(tx: &Transaction<'_>, secret_sha256: &str, device: DeviceId, at: &str) -> Result<()> {
    let sql = "UPDATE enrolment SET used_at = ?2, device = ?3 WHERE secret_sha256 = ?1";
    tx.execute(sql, params![secret_sha256, at, device.to_string()])?;
    Ok(())
}

/// For whom the code was made by which `device` was let in.
pub(crate) fn person_of(tx: &Transaction<'_>, device: DeviceId) -> Result<Option<String>> {
    let sql = "SELECT person FROM enrolment WHERE device = ?1";
    Ok(tx.query_row(sql, [device.to_string()], |row| row.get(0)).optional()?.flatten())
}
