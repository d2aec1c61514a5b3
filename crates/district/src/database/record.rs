//! Table `record`: what the logs have made of each record.

use domain::{Catalog, Record, RecordId, overlay};
use rusqlite::{OptionalExtension, Transaction, params};

use super::{setting, signed, unsigned};
use crate::error::Result;

pub(crate) fn read(tx: &Transaction<'_>, id: RecordId) -> Result<Option<Record>> {
    let body: Option<String> = tx
        .prepare_cached("SELECT body FROM record WHERE id = ?1")?
        .query_row([id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

pub(crate) fn write(tx: &Transaction<'_>, catalog: &Catalog, record: &Record) -> Result<()> {
    let sql = "INSERT INTO record (id, kind, scope, key, deleted, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT (id) DO UPDATE SET key = ?4, deleted = ?5, body = ?6";
    tx.prepare_cached(sql)?.execute(params![
        record.id.to_string(),
        record.kind,
        record.scope.as_str(),
        key_of(catalog, record),
        record.deleted,
        serde_json::to_string(record)?,
    ])?;
    Ok(())
}

/// The living record of `kind` that has `key`, if there is one.
pub(crate) fn with_key(tx: &Transaction<'_>, kind: &str, key: &str) -> Result<Option<RecordId>> {
    let sql = "SELECT id FROM record WHERE kind = ?1 AND key = ?2 AND deleted = 0 LIMIT 1";
    let id: Option<String> = tx.prepare_cached(sql)?.query_row([kind, key], |row| row.get(0)).optional()?;
    Ok(id.and_then(|id| id.parse().ok()))
}

/// How many living records of `kind` there are.
pub(crate) fn count(tx: &Transaction<'_>, kind: &str) -> Result<u64> {
    let sql = "SELECT count(*) FROM record WHERE kind = ?1 AND deleted = 0";
    Ok(unsigned(tx.query_row(sql, [kind], |row| row.get(0))?))
}

/// How many living records there are.
pub(crate) fn count_all(tx: &Transaction<'_>) -> Result<u64> {
    Ok(unsigned(tx.query_row("SELECT count(*) FROM record WHERE deleted = 0", [], |row| row.get(0))?))
}

/// A page of the living records of `kind`, in the order in which they were made.
pub(crate) fn list(tx: &Transaction<'_>, kind: &str, limit: u64, offset: u64) -> Result<Vec<Record>> {
    let sql = "SELECT body FROM record WHERE kind = ?1 AND deleted = 0 ORDER BY id LIMIT ?2 OFFSET ?3";
    let mut select = tx.prepare_cached(sql)?;
    let mut rows = select.query(params![kind, signed(limit), signed(offset)])?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        records.push(serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?);
    }
    Ok(records)
}

/// Reads every record's key anew where the catalog is another one than before:
/// it may name another field as its kind's key.
pub(crate) fn reread_keys(tx: &Transaction<'_>, catalog: &Catalog) -> Result<()> {
    let revision = catalog.revision();
    if setting::read(tx, setting::CATALOG)?.as_ref() == Some(&revision) {
        return Ok(());
    }
    let mut select = tx.prepare("SELECT id, body FROM record")?;
    let mut update = tx.prepare("UPDATE record SET key = ?2 WHERE id = ?1")?;
    let mut rows = select.query([])?;
    let mut keys: Vec<(String, Option<String>)> = Vec::new();
    while let Some(row) = rows.next()? {
        let record: Record = serde_json::from_str(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
        keys.push((row.get(0)?, key_of(catalog, &record)));
    }
    for (id, key) in keys {
        update.execute(params![id, key])?;
    }
    setting::write(tx, setting::CATALOG, &revision)
}

/// The value that names `record` for people. What a waiting change will make of
/// it counts already, so that nobody takes the name while it waits.
fn key_of(catalog: &Catalog, record: &Record) -> Option<String> {
    let field = catalog.kind(&record.kind).ok()?.key.as_ref()?;
    let after = record.waiting.iter().fold(record.clone(), |record, held| overlay(Some(record), held));
    after.text(field).map(str::to_owned)
}
