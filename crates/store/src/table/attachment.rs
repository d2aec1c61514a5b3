//! Original files that records name. The bytes lie beside the database; this
//! table knows which are here and which the district holds.

use std::collections::BTreeSet;

use domain::record::Attachment;
use domain::{Action, Change, Record, Scope, Value};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

use crate::body::Body;
use crate::{Result, Store};

/// An attachment's whereabouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRow {
    /// The file as records name it.
    pub file: Attachment,
    /// Whether its bytes are on this laptop.
    pub here: bool,
    /// Whether the district has said that it holds them.
    pub district: bool,
    /// When it was taken, by its EXIF.
    pub taken: Option<String>,
}

impl Store {
    /// Notes that the bytes of `file` are on this laptop's disk.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn attachment_is_here(&self, file: &Attachment, taken: Option<&str>) -> Result<()> {
        let mut statement = self.conn.prepare_cached(
            "INSERT INTO attachment (sha256, name, bytes, here, taken) VALUES (?1, ?2, ?3, 1, ?4)
             ON CONFLICT (sha256) DO UPDATE SET here = 1, taken = COALESCE(?4, taken), unnamed_at = NULL",
        )?;
        statement.execute(params![file.sha256, file.name, file.bytes, taken])?;
        Ok(())
    }

    /// Notes that the district said it holds the bytes.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn attachment_is_at_district(&self, sha256: &str) -> Result<()> {
        self.conn.execute("UPDATE attachment SET district = 1 WHERE sha256 = ?1", [sha256])?;
        Ok(())
    }

    /// What is known of an attachment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn attachment(&self, sha256: &str) -> Result<Option<AttachmentRow>> {
        let mut statement = self.conn.prepare_cached(&format!("{SELECT} WHERE sha256 = ?1"))?;
        Ok(statement.query_row([sha256], read).optional()?)
    }

    /// Files here that the district does not hold, smallest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn attachments_to_send(&self) -> Result<Vec<AttachmentRow>> {
        self.attachments("here = 1 AND district = 0 AND unnamed_at IS NULL")
    }

    /// Notes that the district may have lost files that it said it holds.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn attachments_in_doubt(&self) -> Result<()> {
        self.conn.execute("UPDATE attachment SET district = 0 WHERE here = 1 AND district = 1", [])?;
        Ok(())
    }

    /// Takes note that the district knows no record that names these files: those
    /// that nothing here names either are not sent any more.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn attachments_unknown(&self, sha256: &[String], at: &str) -> Result<()> {
        let mut left: BTreeSet<String> = sha256.iter().cloned().collect();
        named_here(&self.conn, &mut left)?;
        let mut statement = self.conn.prepare_cached("UPDATE attachment SET unnamed_at = ?2 WHERE sha256 = ?1")?;
        for sha256 in left {
            statement.execute([&sha256, at])?;
        }
        Ok(())
    }

    /// Files that nothing has named for so long that `is_over` says yes to the time
    /// which [`Store::attachments_unknown`] was given. What something names again is
    /// due again instead.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn attachments_to_collect(&self, is_over: &dyn Fn(&str) -> bool) -> Result<Vec<AttachmentRow>> {
        let mut statement =
            self.conn.prepare_cached("SELECT sha256, unnamed_at FROM attachment WHERE unnamed_at IS NOT NULL")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut left = BTreeSet::new();
        for row in rows {
            let (sha256, since) = row?;
            if is_over(&since) {
                left.insert(sha256);
            }
        }
        let asked = left.clone();
        named_here(&self.conn, &mut left)?;
        for sha256 in asked.difference(&left) {
            self.conn.execute("UPDATE attachment SET unnamed_at = NULL WHERE sha256 = ?1", [sha256])?;
        }
        left.iter().filter_map(|sha256| self.attachment(sha256).transpose()).collect()
    }

    /// Forgets a file whose bytes are gone from here.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget_attachment(&self, sha256: &str) -> Result<()> {
        self.conn.execute("DELETE FROM attachment WHERE sha256 = ?1", [sha256])?;
        Ok(())
    }

    /// Files that records name and whose bytes are not here, smallest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn attachments_to_fetch(&self) -> Result<Vec<AttachmentRow>> {
        self.attachments("here = 0")
    }

    fn attachments(&self, which: &str) -> Result<Vec<AttachmentRow>> {
        let mut statement = self.conn.prepare_cached(&format!("{SELECT} WHERE {which} ORDER BY bytes, sha256"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

/// Since when a file has had no name that is to go without delay.
const LONG_AGO: &str = "1970-01-01T00:00:00Z";

const SELECT: &str = "SELECT sha256, name, bytes, here, district, taken FROM attachment";

fn read(row: &SqlRow<'_>) -> rusqlite::Result<AttachmentRow> {
    let file = Attachment { sha256: row.get(0)?, name: row.get(1)?, bytes: row.get(2)? };
    Ok(AttachmentRow { file, here: row.get(3)?, district: row.get(4)?, taken: row.get(5)? })
}

/// Notes that a record of the log names `file`; its bytes may come later.
pub(crate) fn named(conn: &Connection, file: &Attachment) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO attachment (sha256, name, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (sha256) DO UPDATE SET unnamed_at = NULL WHERE unnamed_at IS NOT NULL",
    )?;
    statement.execute(params![file.sha256, file.name, file.bytes])?;
    Ok(())
}

/// Makes files due again that `change` names, after nothing did for a while.
pub(crate) fn named_again(conn: &Connection, change: &Change) -> Result<()> {
    for action in &change.actions {
        let Action::Add { items, .. } = action else { continue };
        for file in items.iter().filter_map(Attachment::read) {
            let sql = "UPDATE attachment SET unnamed_at = NULL WHERE sha256 = ?1 AND unnamed_at IS NOT NULL";
            conn.prepare_cached(sql)?.execute([file.sha256])?;
        }
    }
    Ok(())
}

/// Every file that the records and the log of `scope` name.
pub(crate) fn named_in(conn: &Connection, scope: &Scope) -> Result<BTreeSet<String>> {
    let mut files = BTreeSet::new();
    for sql in [
        "SELECT shown FROM record WHERE scope = ?1",
        "SELECT confirmed FROM record WHERE scope = ?1 AND confirmed IS NOT NULL",
    ] {
        let mut statement = conn.prepare_cached(sql)?;
        let bodies = statement.query_map([scope.as_str()], |row| row.get::<_, Body>(0))?;
        for body in bodies {
            files.extend(body?.read::<Record>()?.attachments().map(|file| file.sha256));
        }
    }
    super::log::each(conn, scope, |_, entry| {
        // What cannot be read names nothing that could be found here.
        for action in entry.iter().flat_map(|entry| &entry.change.actions) {
            if let Action::Add { items, .. } = action {
                files.extend(items.iter().filter_map(Attachment::read).map(|file| file.sha256));
            }
        }
        Ok(true)
    })?;
    Ok(files)
}

/// Of these files, lets those go at once that nothing here names any more.
pub(crate) fn let_go(conn: &Connection, mut files: BTreeSet<String>) -> Result<()> {
    named_here(conn, &mut files)?;
    let mut statement = conn.prepare_cached("UPDATE attachment SET unnamed_at = ?2 WHERE sha256 = ?1")?;
    for sha256 in files {
        statement.execute([sha256.as_str(), LONG_AGO])?;
    }
    Ok(())
}

/// Takes out of `files` what anything on this laptop names: a change on its way or
/// refused, a form, a record. Asked rarely, for a file that the district does not
/// know, so it reads through them all.
fn named_here(conn: &Connection, files: &mut BTreeSet<String>) -> Result<()> {
    let mut bodies = |sql: &str, read: &dyn Fn(&Body) -> Result<Value>| -> Result<()> {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            if files.is_empty() {
                return Ok(());
            }
            take_out(&read(&row.get(0)?)?, files);
        }
        Ok(())
    };
    let change = |body: &Body| Ok(serde_json::to_value(body.read::<Change>()?)?);
    bodies("SELECT body FROM outbox", &change)?;
    bodies("SELECT body FROM refused", &change)?;
    bodies("SELECT body FROM draft", &|body| body.read::<Value>())?;
    let record = |body: &Body| Ok(serde_json::to_value(body.read::<Record>()?)?);
    bodies("SELECT shown FROM record", &record)?;
    bodies("SELECT confirmed FROM record WHERE confirmed IS NOT NULL", &record)
}

fn take_out(value: &Value, files: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            files.remove(text);
        }
        Value::Array(items) => items.iter().for_each(|item| take_out(item, files)),
        Value::Object(fields) => fields.values().for_each(|field| take_out(field, files)),
        _ => {}
    }
}
