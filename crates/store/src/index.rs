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

/// Rows on their way into the lists, without keys where the record leaves them.
const TO_LIST: &str = "CREATE TEMP TABLE to_list (
    place INTEGER PRIMARY KEY, id BLOB, kind TEXT, scope TEXT, state TEXT, sync TEXT, keys TEXT
)";

/// Puts them there, all by one statement each: whichever writes a row there opens
/// the indexes of every kind first, some two hundred. Where only the state of the
/// exchange is another, none but its own index is touched.
const PUT_LISTED: [&str; 5] = [
    "DELETE FROM listed WHERE place IN (SELECT place FROM temp.to_list WHERE keys IS NULL)",
    "UPDATE listed SET sync = new.sync FROM temp.to_list AS new
     WHERE new.place = listed.place AND new.keys IS NOT NULL AND new.sync <> listed.sync",
    "INSERT INTO listed (place, id, kind, scope, state, sync, keys)
     SELECT * FROM temp.to_list AS new WHERE keys IS NOT NULL AND NOT EXISTS
         (SELECT 1 FROM listed WHERE place = new.place AND state IS new.state AND keys = new.keys)
     ON CONFLICT (place) DO UPDATE SET state = excluded.state, keys = excluded.keys",
    "UPDATE record SET indexed = 1 WHERE place IN (SELECT place FROM temp.to_list)",
    "DELETE FROM temp.to_list",
];

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
        let mut due = Vec::new();
        for (place, body, sync) in bodies_due(&tx, limit)? {
            let record: Record = body.read()?;
            due.push(Due { place, kind: self.catalog.kind(&record.kind).ok(), record, sync });
        }
        // Who was joined into whom is known before the first row is made by it.
        for Due { place, kind, record, .. } in &due {
            if let Some(kind) = kind.filter(|kind| joined::can_join(kind)) {
                joined::note(&tx, &self.catalog, kind, *place, record)?;
            }
        }
        for one in &due {
            one.put_aside(&tx, &self.catalog)?;
            one.put_searched(&tx)?;
            table::photo::put_uses(&tx, one.place, one.kind, &one.record)?;
        }
        for sql in PUT_LISTED {
            tx.prepare_cached(sql)?.execute([])?;
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
        self.conn.execute_batch(TO_LIST)?;
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

/// A record that lists and search do not know yet as it is.
struct Due<'c> {
    place: i64,
    kind: Option<&'c Kind>,
    record: Record,
    sync: SyncState,
}

impl Due<'_> {
    /// Puts what the lists are to know of it beside them.
    fn put_aside(&self, conn: &Connection, catalog: &Catalog) -> Result<()> {
        let Self { place, kind, record, sync } = self;
        // What is joined into another record is found there.
        let away = kind.is_some_and(joined::can_join) && joined::root(conn, record.id)? != record.id;
        let mut keys = None;
        if !record.deleted && !away {
            let mut values = Fields::new();
            for field in kind.iter().flat_map(|kind| kind.fields.iter().filter(|field| list::is_indexed(kind, field))) {
                if let Some(value) = record.fields.get(&field.name) {
                    values.insert(field.name.clone(), joined::followed(conn, catalog, field, value)?);
                }
            }
            keys = Some(serde_json::to_string(&values)?);
        }
        let mut statement = conn.prepare_cached("INSERT INTO temp.to_list VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
        let scope = record.scope.as_str();
        statement.execute(params![place, record.id.0, record.kind, scope, record.state, sync, keys])?;
        Ok(())
    }

    fn put_searched(&self, conn: &Connection) -> Result<()> {
        let text = self.kind.filter(|_| !self.record.deleted).map(|kind| searched(kind, &self.record));
        conn.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([self.place])?;
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            let mut statement = conn.prepare_cached("INSERT INTO search (rowid, grams) VALUES (?1, ?2)")?;
            statement.execute(params![self.place, grams(&text)])?;
        }
        Ok(())
    }
}

fn bodies_due(conn: &Connection, limit: u32) -> Result<Vec<(i64, Body, SyncState)>> {
    let mut statement =
        conn.prepare_cached("SELECT place, shown, sync FROM record WHERE indexed = 0 ORDER BY place LIMIT ?1")?;
    let rows = statement.query_map([limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
