//! Table `attachment_name`: which scopes name a file.

use domain::Scope;
use rusqlite::{Transaction, params};

use crate::error::Result;

pub(crate) fn note(tx: &Transaction<'_>, sha256: &str, scope: &Scope) -> Result<()> {
    let sql = "INSERT INTO attachment_name (sha256, scope) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    tx.prepare_cached(sql)?.execute(params![sha256, scope.as_str()])?;
    Ok(())
}

/// Every scope that names the file.
pub(crate) fn scopes(tx: &Transaction<'_>, sha256: &str) -> Result<Vec<Scope>> {
    let mut select = tx.prepare_cached("SELECT scope FROM attachment_name WHERE sha256 = ?1")?;
    let scopes = select.query_map([sha256], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(scopes.iter().filter_map(|text| Scope::parse(text)).collect())
}
