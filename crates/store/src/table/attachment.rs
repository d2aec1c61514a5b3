//! Original files that records name. The bytes lie beside the database; this
//! table knows which are here and which the district holds.

use domain::record::Attachment;
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

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
             ON CONFLICT (sha256) DO UPDATE SET here = 1, taken = COALESCE(?4, taken)",
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
        self.attachments("here = 1 AND district = 0")
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

const SELECT: &str = "SELECT sha256, name, bytes, here, district, taken FROM attachment";

fn read(row: &SqlRow<'_>) -> rusqlite::Result<AttachmentRow> {
    let file = Attachment { sha256: row.get(0)?, name: row.get(1)?, bytes: row.get(2)? };
    Ok(AttachmentRow { file, here: row.get(3)?, district: row.get(4)?, taken: row.get(5)? })
}

/// Notes that a record of the log names `file`; its bytes may come later.
pub(crate) fn named(conn: &Connection, file: &Attachment) -> Result<()> {
    let mut statement =
        conn.prepare_cached("INSERT INTO attachment (sha256, name, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")?;
    statement.execute(params![file.sha256, file.name, file.bytes])?;
    Ok(())
}
