//! Records that were joined into another of their kind: the same works, recorded
//! twice. Which one it was joined into stands in the record itself, in the field
//! `joined_into`; entries that refer to it, and can never be edited, still do.
//!
//! So every look-up follows. What is joined into another is in no list, nor in
//! its length; what refers to it is listed under the other. That is done where
//! lists are made, once, and holds for all that reads them: tables, figures,
//! month reports, packages. A table beside the lists keeps who was joined into
//! whom. It is made from the records, like the lists, and as they are.
//!
//! Two laptops may join the same two records the two ways round. Of such a circle
//! the record with the smallest id stays, on every laptop.

use std::collections::BTreeSet;

use domain::catalog::{Field, FieldType, Kind};
use domain::{Catalog, Record, RecordId, Value};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Filter, ListQuery, Result, Row, Store};

/// The field that names the record into which one was joined.
pub(crate) const INTO: &str = domain::catalog::JOINED_INTO;

/// Who was joined into whom.
pub(crate) const TABLE: &str = "CREATE TABLE IF NOT EXISTS joined (
    id      BLOB PRIMARY KEY,
    into_id BLOB NOT NULL,
    key     TEXT                            -- by which people still call it
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS joined_by_into ON joined (into_id);";

impl Store {
    /// The record under which `id` is found: itself, or the one into which it was joined.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn root(&self, id: RecordId) -> Result<RecordId> {
        root(&self.conn, id)
    }

    /// The records that were joined into `id`, directly or by way of another.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn joined_into(&self, id: RecordId) -> Result<Vec<RecordId>> {
        let mut found = under(&self.conn, id)?;
        found.retain(|one| *one != id);
        Ok(found.into_iter().collect())
    }
}

/// Whether records of `kind` can be joined.
pub(crate) fn can_join(kind: &Kind) -> bool {
    kind.fields.iter().any(|field| field.name == INTO)
}

/// The record under which `id` is found.
pub(crate) fn root(conn: &Connection, id: RecordId) -> Result<RecordId> {
    let mut statement = conn.prepare_cached(
        "SELECT into_id FROM joined JOIN record ON record.id = into_id WHERE joined.id = ?1 AND record.deleted = 0",
    )?;
    let (mut at, mut seen) = (id, BTreeSet::from([id]));
    while let Some(next) = statement.query_row([at.0], |row| row.get(0)).optional()?.map(RecordId) {
        if !seen.insert(next) {
            return Ok(circle(&mut statement, next)?.into_iter().min().unwrap_or(id));
        }
        at = next;
    }
    Ok(at)
}

/// The records of the circle in which `from` lies.
fn circle(statement: &mut rusqlite::CachedStatement<'_>, from: RecordId) -> Result<BTreeSet<RecordId>> {
    let (mut at, mut seen) = (from, BTreeSet::new());
    while seen.insert(at) {
        at = RecordId(statement.query_row([at.0], |row| row.get(0))?);
    }
    Ok(seen)
}

/// All that is found under `id`, and itself.
fn under(conn: &Connection, id: RecordId) -> Result<BTreeSet<RecordId>> {
    let mut statement = conn.prepare_cached("SELECT id FROM joined WHERE into_id = ?1")?;
    let (mut found, mut open) = (BTreeSet::from([id]), vec![id]);
    while let Some(at) = open.pop() {
        let below = statement.query_map([at.0], |row| row.get(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
        open.extend(below.into_iter().map(RecordId).filter(|one| found.insert(*one)));
    }
    Ok(found)
}

/// Notes into which record this one is joined. Where that is new, and where it
/// came or went itself, what refers to any of them is looked at again.
pub(crate) fn note(conn: &Connection, catalog: &Catalog, kind: &Kind, place: i64, record: &Record) -> Result<()> {
    let id = record.id;
    let into = record.text(INTO).filter(|_| !record.deleted).and_then(|id| id.parse::<RecordId>().ok());
    let mut statement = conn.prepare_cached("SELECT into_id FROM joined WHERE id = ?1")?;
    let before = statement.query_row([id.0], |row| row.get(0)).optional()?.map(RecordId);
    let listed = conn.prepare_cached("SELECT 1 FROM listed WHERE place = ?1")?.exists([place])?;
    let followed = conn.prepare_cached("SELECT 1 FROM joined WHERE into_id = ?1")?.exists([id.0])?;
    if before == into && (!followed || listed == (!record.deleted && root(conn, id)? == id)) {
        return Ok(()); // Or each of two that are joined would have the other looked at, for ever.
    }
    let mut touched = under(conn, id)?;
    for one in before.into_iter().chain(into) {
        touched.insert(one);
        touched.insert(root(conn, one)?);
    }
    match into.filter(|into| *into != id) {
        Some(into) => {
            let key = kind.key.as_ref().and_then(|key| record.text(key));
            conn.prepare_cached("INSERT OR REPLACE INTO joined VALUES (?1, ?2, ?3)")?
                .execute(params![id.0, into.0, key])?
        }
        None => conn.prepare_cached("DELETE FROM joined WHERE id = ?1")?.execute([id.0])?,
    };
    touched.extend(under(conn, id)?);
    touched.insert(root(conn, id)?);
    for one in touched {
        if one != id {
            conn.prepare_cached("UPDATE record SET indexed = 0 WHERE id = ?1")?.execute([one.0])?;
        }
        referring(conn, catalog, &kind.name, one)?;
    }
    Ok(())
}

/// Has everything looked at again that is listed under `id`.
fn referring(conn: &Connection, catalog: &Catalog, to: &str, id: RecordId) -> Result<()> {
    for kind in &catalog.kinds {
        let fields = kind.fields.iter().filter(|field| field.to.as_deref() == Some(to) && field.by.is_none());
        for field in fields.filter(|field| crate::list::is_indexed(kind, field)) {
            let (kind, field) = (&kind.name, &field.name);
            let sql = format!(
                "UPDATE record SET indexed = 0 WHERE place IN
                 (SELECT place FROM listed WHERE kind = '{kind}' AND json_extract(keys, '$.{field}') IS ?1)"
            );
            conn.prepare_cached(&sql)?.execute([id.to_string()])?;
        }
    }
    Ok(())
}

/// The record under which the joined one is found that is called `key`.
pub(crate) fn called(store: &Store, kind: &Kind, key: &str) -> Result<Vec<Row>> {
    if !can_join(kind) {
        return Ok(Vec::new());
    }
    let mut statement = store.conn.prepare_cached("SELECT id FROM joined WHERE key = ?1")?;
    let id = statement.query_row([key], |row| row.get(0)).optional()?.map(RecordId);
    let row = id.map(|id| store.root(id)).transpose()?.map(|root| store.record(root)).transpose()?.flatten();
    Ok(row.into_iter().filter(|row| row.record.kind == kind.name && !row.record.deleted).collect())
}

/// Whether `field` refers to records that can be joined.
fn refers(catalog: &Catalog, field: &Field) -> bool {
    let to = field.to.as_ref().filter(|_| field.by.is_none());
    to.and_then(|to| catalog.kind(to).ok()).is_some_and(can_join)
}

/// What a reference stands under in a list.
pub(crate) fn followed(conn: &Connection, catalog: &Catalog, field: &Field, value: &Value) -> Result<Value> {
    let id = value.as_str().filter(|_| refers(catalog, field)).and_then(|id| id.parse().ok());
    Ok(match id {
        Some(id) => root(conn, id)?.to_string().into(),
        None => value.clone(),
    })
}

/// The query as it is asked of lists in which references follow. A set of
/// references is looked up in the records themselves, where any of the joined may stand.
pub(crate) fn follow<'k>(conn: &Connection, catalog: &Catalog, query: &ListQuery<'k>) -> Result<ListQuery<'k>> {
    let mut query = query.clone();
    for filter in &mut query.filters {
        let Filter::Field(name, value) = filter else { continue };
        let Some(field) = query.kind.field(name).ok().filter(|field| refers(catalog, field)) else { continue };
        let asked = value.as_array().map_or(std::slice::from_ref(&*value), Vec::as_slice);
        let ids = asked.iter().filter_map(|id| id.as_str()?.parse().ok());
        let roots = ids.map(|id| root(conn, id)).collect::<Result<Vec<_>>>()?;
        if roots.is_empty() {
            continue;
        }
        if field.field_type == FieldType::References {
            let mut any = Vec::new();
            for root in roots {
                any.extend(under(conn, root)?.into_iter().map(|id| Value::from(id.to_string())));
            }
            *value = Value::Array(any);
        } else if let [root] = roots[..] {
            *value = root.to_string().into();
        }
    }
    Ok(query)
}
