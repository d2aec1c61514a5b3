//! Table `record`: what the logs have made of each record.

use std::ops::ControlFlow;

use domain::page::Filled;
use domain::{Catalog, Record, RecordId, Scope, compact, overlay};

use super::{Row, Tx, params, setting, unpacked};
use crate::error::Result;

pub(crate) fn read(tx: &Tx<'_>, id: RecordId) -> Result<Option<Record>> {
    tx.one("SELECT packed, body FROM record WHERE id = ?1", params![id], body)
}

/// Writes what the log made of a record up to entry `told`.
pub(crate) fn write(tx: &Tx<'_>, catalog: &Catalog, record: &Record, told: u64) -> Result<()> {
    let (key, packed) = (key_of(catalog, record), compact::pack_row(record));
    // Most writes leave alone what indexes are about, and so those indexes.
    let sql = "UPDATE record SET body = '', packed = ?6, told = ?7
               WHERE id = ?1 AND kind = ?2 AND scope = ?3 AND key IS NOT DISTINCT FROM ?4 AND deleted = ?5";
    if tx.execute(sql, params![record.id, record.kind, record.scope, key, record.deleted, packed, told])? == 1 {
        return Ok(());
    }
    let sql = "INSERT INTO record (id, kind, scope, key, deleted, body, packed, told)
               VALUES (?1, ?2, ?3, ?4, ?5, '', ?6, ?7)
               ON CONFLICT (id) DO UPDATE SET key = ?4, deleted = ?5, body = '', packed = ?6, told = ?7
               WHERE record.kind = ?2 AND record.scope = ?3";
    match tx.execute(sql, params![record.id, record.kind, record.scope, key, record.deleted, packed, told])? {
        1 => Ok(()),
        _ => Err(tx.collision()), // Its id came into being elsewhere at this very moment.
    }
}

/// The living record of `kind` that has `key`, if there is one.
pub(crate) fn with_key(tx: &Tx<'_>, kind: &str, key: &str) -> Result<Option<RecordId>> {
    let sql = "SELECT id FROM record WHERE kind = ?1 AND key = ?2 AND deleted = 0 LIMIT 1";
    let id: Option<String> = tx.one(sql, params![kind, key], |row| row.get(0))?;
    Ok(id.and_then(|id| id.parse().ok()))
}

/// How many living records of `kind` there are.
pub(crate) fn count(tx: &Tx<'_>, kind: &str) -> Result<u64> {
    tx.only("SELECT count(*) FROM record WHERE kind = ?1 AND deleted = 0", params![kind], |row| row.get(0))
}

/// How many living records there are.
pub(crate) fn count_all(tx: &Tx<'_>) -> Result<u64> {
    tx.only("SELECT count(*) FROM record WHERE deleted = 0", params![], |row| row.get(0))
}

/// A page of the living records of `kind`, in the order in which they were made.
pub(crate) fn list(tx: &Tx<'_>, kind: &str, limit: u64, offset: u64) -> Result<Vec<Record>> {
    let sql = "SELECT packed, body FROM record WHERE kind = ?1 AND deleted = 0 ORDER BY id LIMIT ?2 OFFSET ?3";
    tx.all(sql, params![kind, limit, offset], body)
}

/// Every living record of `kind`, in the order in which they were made: of `scope`, or of all.
pub(crate) fn of_kind(tx: &Tx<'_>, kind: &str, scope: Option<&Scope>) -> Result<Vec<Record>> {
    let Some(scope) = scope else { return list(tx, kind, u64::MAX, 0) };
    let sql = "SELECT packed, body FROM record WHERE scope = ?1 AND kind = ?2 AND deleted = 0 ORDER BY id";
    tx.all(sql, params![scope, kind], body)
}

/// The records of `scope` after the one called `after`, by id, deleted ones as
/// well: at most `limit` of them, and after the first no more than `bytes`.
pub(crate) fn after(
    tx: &Tx<'_>,
    scope: &Scope,
    after: Option<RecordId>,
    limit: usize,
    bytes: &mut usize,
) -> Result<Vec<Filled>> {
    let sql = "SELECT packed, body, told FROM record WHERE scope = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let mut records = Vec::new();
    tx.each(sql, params![scope, after, limit], |row| {
        let (length, record) = unpacked(row)?;
        if length > *bytes && !records.is_empty() {
            return Ok(ControlFlow::Break(()));
        }
        *bytes = bytes.saturating_sub(length);
        records.push(Filled { told: row.get(2)?, record });
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(records)
}

/// Reads every record's key anew where the catalog is another one than before:
/// it may name another field as its kind's key.
pub(crate) fn reread_keys(tx: &Tx<'_>, catalog: &Catalog) -> Result<()> {
    let revision = catalog.revision();
    if setting::read(tx, setting::CATALOG)?.as_ref() == Some(&revision) {
        return Ok(());
    }
    let keys = tx.all("SELECT packed, body FROM record", params![], |row| {
        let record = body(row)?;
        Ok((record.id, key_of(catalog, &record)))
    })?;
    for (id, key) in keys {
        tx.execute("UPDATE record SET key = ?2 WHERE id = ?1", params![id, key])?;
    }
    setting::write(tx, setting::CATALOG, &revision)
}

fn body(row: &Row<'_>) -> Result<Record> {
    Ok(unpacked(row)?.1)
}

/// The value that names `record` for people. What a waiting change will make of
/// it counts already, so that nobody takes the name while it waits.
fn key_of(catalog: &Catalog, record: &Record) -> Option<String> {
    let field = catalog.kind(&record.kind).ok()?.key.as_ref()?;
    if record.waiting.is_empty() {
        return record.text(field).map(str::to_owned);
    }
    let after = record.waiting.iter().fold(record.clone(), |record, held| overlay(Some(record), held));
    after.text(field).map(str::to_owned)
}
