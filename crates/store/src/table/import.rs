//! Imports: what each made and changed, and the templates by which tables are read.

use domain::{Fields, RecordId};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};
use uuid::Uuid;

use crate::{Result, Store};

/// How many imports can be taken back; older ones are history like any other save.
const KEPT: u32 = 50;

/// One import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id: UUIDv7, so that imports are in the order of their time.
    pub id: Uuid,
    /// Wall time (RFC 3339), for display.
    pub at: String,
    /// The person.
    pub person: String,
    /// The file's name.
    pub file: String,
    /// The kind of its rows.
    pub kind: String,
    /// When it was taken back, as far as it was.
    pub undone_at: Option<String>,
    /// How many of its rows still stand.
    pub standing: u32,
}

/// What one row of an import did.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchEntry {
    /// The row's number in the file.
    pub row: u32,
    /// The record.
    pub record: RecordId,
    /// Whether the row made it.
    pub made: bool,
    /// The fields that it wrote, as they were.
    pub before: Fields,
    /// The same, as it left them.
    pub after: Fields,
    /// Whether it was taken back.
    pub undone: bool,
}

/// How a person matched a table, under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateRow {
    /// The kind it is for.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Wall time of the last change (RFC 3339), for display.
    pub at: String,
    /// JSON of the match.
    pub body: String,
}

impl Store {
    /// The imports that can be taken back, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn batches(&self) -> Result<Vec<Batch>> {
        let sql = "SELECT id, at, person, file, kind, undone_at,
                          (SELECT count(*) FROM import_entry WHERE batch = id AND undone = 0)
                   FROM import_batch ORDER BY id DESC";
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], batch)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What the rows of an import did, in the order of the file.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn batch_entries(&self, id: Uuid) -> Result<Vec<BatchEntry>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT row, record, made, before, after, undone FROM import_entry WHERE batch = ?1 ORDER BY row",
        )?;
        let read = |row: &SqlRow<'_>| {
            let texts: (String, String) = (row.get(3)?, row.get(4)?);
            Ok((row.get(0)?, RecordId(row.get(1)?), row.get(2)?, texts, row.get(5)?))
        };
        let mut entries = Vec::new();
        for found in statement.query_map([id], read)? {
            let (row, record, made, (before, after), undone) = found?;
            let (before, after) = (serde_json::from_str(&before)?, serde_json::from_str(&after)?);
            entries.push(BatchEntry { row, record, made, before, after, undone });
        }
        Ok(entries)
    }

    /// Every template, by kind and name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import_templates(&self) -> Result<Vec<TemplateRow>> {
        let mut statement =
            self.conn.prepare_cached("SELECT kind, name, at, body FROM import_template ORDER BY kind, name")?;
        let rows = statement.query_map([], template)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The template called `name` for `kind`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn import_template(&self, kind: &str, name: &str) -> Result<Option<TemplateRow>> {
        let sql = "SELECT kind, name, at, body FROM import_template WHERE kind = ?1 AND name = ?2";
        Ok(self.conn.prepare_cached(sql)?.query_row([kind, name], template).optional()?)
    }

    /// Keeps a template, in the place of the one with its name.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn keep_import_template(&self, template: &TemplateRow) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO import_template (kind, name, at, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, name) DO UPDATE SET at = excluded.at, body = excluded.body",
        )?;
        statement.execute([&template.kind, &template.name, &template.at, &template.body])?;
        Ok(())
    }

    /// Lets a template go; whether it was there.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn drop_import_template(&self, kind: &str, name: &str) -> Result<bool> {
        let sql = "DELETE FROM import_template WHERE kind = ?1 AND name = ?2";
        Ok(self.conn.prepare_cached(sql)?.execute([kind, name])? > 0)
    }
}

fn batch(row: &SqlRow<'_>) -> rusqlite::Result<Batch> {
    Ok(Batch {
        id: row.get(0)?,
        at: row.get(1)?,
        person: row.get(2)?,
        file: row.get(3)?,
        kind: row.get(4)?,
        undone_at: row.get(5)?,
        standing: row.get(6)?,
    })
}

fn template(row: &SqlRow<'_>) -> rusqlite::Result<TemplateRow> {
    Ok(TemplateRow { kind: row.get(0)?, name: row.get(1)?, at: row.get(2)?, body: row.get(3)? })
}

/// Begins an import, and lets those go that lie too far back.
pub(crate) fn begin(conn: &Connection, batch: &Batch) -> Result<()> {
    conn.prepare_cached("INSERT INTO import_batch (id, at, person, file, kind) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![batch.id, batch.at, batch.person, batch.file, batch.kind])?;
    let old = "SELECT id FROM import_batch ORDER BY id DESC LIMIT -1 OFFSET ?1";
    conn.prepare_cached(&format!("DELETE FROM import_entry WHERE batch IN ({old})"))?.execute([KEPT])?;
    conn.prepare_cached(&format!("DELETE FROM import_batch WHERE id IN ({old})"))?.execute([KEPT])?;
    Ok(())
}

pub(crate) fn enter(conn: &Connection, batch: Uuid, entry: &BatchEntry) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO import_entry (batch, row, record, made, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let (before, after) = (serde_json::to_string(&entry.before)?, serde_json::to_string(&entry.after)?);
    statement.execute(params![batch, entry.row, entry.record.0, entry.made, before, after])?;
    Ok(())
}

pub(crate) fn take_back(conn: &Connection, batch: Uuid, row: u32) -> Result<()> {
    conn.prepare_cached("UPDATE import_entry SET undone = 1 WHERE batch = ?1 AND row = ?2")?
        .execute(params![batch, row])?;
    Ok(())
}

pub(crate) fn end(conn: &Connection, batch: Uuid, at: &str) -> Result<()> {
    conn.prepare_cached("UPDATE import_batch SET undone_at = ?2 WHERE id = ?1")?.execute(params![batch, at])?;
    Ok(())
}
