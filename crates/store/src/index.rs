//! Lists, search and the pasts of records, brought up to date after a save or an
//! exchange: what these write themselves is the record with its place in the outbox
//! or in the log, so that they are quick.

use domain::catalog::Kind;
use domain::{Catalog, Fields, Record};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::body::Body;
use crate::search::{grams, searched};
use crate::{Result, Store, SyncState, joined, list, table};

/// The catalog by which lists and search were last brought up to date.
const INDEXED_BY: &str = "indexedBy";

/// How many records are taken at once where all are wanted; each time the database is held for some milliseconds.
const BATCH: u32 = 500;

impl Store {
    /// Brings lists and search up to date with at most `limit` records, and then as
    /// many entries into their records' pasts; how many were due.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn index_due(&self, limit: u32) -> Result<usize> {
        if !self.conn.prepare_cached("SELECT 1 FROM record WHERE indexed = 0")?.exists([])? {
            return self.sort_past(limit);
        }
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        let due = due(&tx, limit)?;
        for (place, body, sync) in &due {
            let record: Record = body.read()?;
            let kind = self.catalog.kind(&record.kind).ok();
            let follow = kind.is_some_and(joined::can_join);
            if let Some(kind) = kind.filter(|_| follow) {
                joined::note(&tx, &self.catalog, kind, &record)?;
            }
            put_listed(&tx, &self.catalog, *place, kind, &record, *sync)?;
            put_searched(&tx, *place, kind, &record)?;
            table::photo::put_uses(&tx, *place, kind, &record)?;
            tx.prepare_cached("UPDATE record SET indexed = 1 WHERE place = ?1")?.execute([place])?;
        }
        tx.commit()?;
        Ok(due.len())
    }

    /// Leaves nothing due, so that a list is of what was saved a moment ago too.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn index_all(&self) -> Result<()> {
        while self.index_due(BATCH)? > 0 {}
        Ok(())
    }

    /// The digest of the catalog by which this database was last brought up to date.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn indexed_by(&self) -> Result<Option<String>> {
        self.meta(INDEXED_BY)
    }

    /// Sorts every entry of the logs by its record.
    pub(crate) fn sort_pasts(&self) -> Result<()> {
        while self.sort_past(BATCH)? > 0 {}
        Ok(())
    }

    fn sort_past(&self, limit: u32) -> Result<usize> {
        if !table::log::is_to_sort(&self.conn)? {
            return Ok(0);
        }
        let tx = Transaction::new_unchecked(&self.conn, TransactionBehavior::Immediate)?;
        let sorted = table::log::sort_due(&tx, limit)?;
        tx.commit()?;
        Ok(sorted)
    }

    /// Makes the lists' indexes, and looks at every record anew where the
    /// catalog is not the one that the lists were made by.
    pub(crate) fn index_catalog(&self) -> Result<()> {
        self.conn.execute_batch(joined::TABLE)?;
        for kind in &self.catalog.kinds {
            for sql in list::index_sql(kind) {
                self.conn.execute_batch(&sql)?;
            }
        }
        let revision = self.catalog.revision();
        if self.meta(INDEXED_BY)?.as_ref() != Some(&revision) {
            self.conn.execute("UPDATE record SET indexed = 0", [])?;
            self.set_meta(INDEXED_BY, &revision)?;
        }
        Ok(())
    }
}

fn due(conn: &Connection, limit: u32) -> Result<Vec<(i64, Body, SyncState)>> {
    let mut statement =
        conn.prepare_cached("SELECT place, shown, sync FROM record WHERE indexed = 0 ORDER BY place LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn put_listed(
    conn: &Connection,
    catalog: &Catalog,
    place: i64,
    kind: Option<&Kind>,
    record: &Record,
    sync: SyncState,
) -> Result<()> {
    // What is joined into another record is found there.
    let away = kind.is_some_and(joined::can_join) && joined::root(conn, record.id)? != record.id;
    if record.deleted || away {
        conn.prepare_cached("DELETE FROM listed WHERE place = ?1")?.execute([place])?;
        return Ok(());
    }
    let mut keys = Fields::new();
    for field in kind.into_iter().flat_map(|kind| kind.fields.iter().filter(|field| list::is_indexed(kind, field))) {
        if let Some(value) = record.fields.get(&field.name) {
            keys.insert(field.name.clone(), joined::followed(conn, catalog, field, value)?);
        }
    }
    let keys = serde_json::to_string(&keys)?;
    let mut statement = conn.prepare_cached(
        "INSERT INTO listed (place, id, kind, scope, state, sync, keys) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (place) DO UPDATE SET state = ?5, sync = ?6, keys = ?7",
    )?;
    statement.execute(params![place, record.id.0, record.kind, record.scope.as_str(), record.state, sync, keys])?;
    Ok(())
}

fn put_searched(conn: &Connection, place: i64, kind: Option<&Kind>, record: &Record) -> Result<()> {
    let text = kind.filter(|_| !record.deleted).map(|kind| searched(kind, record)).unwrap_or_default();
    conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([place])?;
    if !text.is_empty() {
        let mut statement = conn.prepare_cached("INSERT INTO search (rowid, grams) VALUES (?1, ?2)")?;
        statement.execute(params![place, grams(&text)])?;
    }
    Ok(())
}
