//! Table `attachment_name`: which scopes name a file.

use domain::Scope;

use super::{Tx, params, scope_in};
use crate::error::Result;

pub(crate) fn note(tx: &Tx<'_>, sha256: &str, scope: &Scope) -> Result<()> {
    let sql = "INSERT INTO attachment_name (sha256, scope) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.execute(sql, params![sha256, scope])?;
    Ok(())
}

/// Every scope that names the file.
pub(crate) fn scopes(tx: &Tx<'_>, sha256: &str) -> Result<Vec<Scope>> {
    let sql = "SELECT scope FROM attachment_name WHERE sha256 = ?1 ORDER BY scope";
    tx.all(sql, params![sha256], |row| scope_in(row, 0))
}
