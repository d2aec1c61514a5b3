//! What is known of pictures, and which records use them.

use domain::catalog::Kind;
use domain::evidence::{Facts, Likeness, is_photo_field};
use domain::record::Attachment;
use domain::{Record, RecordId};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store};

/// What is known of one picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoRow {
    /// Hex SHA-256 of its bytes.
    pub sha256: String,
    /// What its bytes say.
    pub facts: Facts,
    /// What it looks like, where it could be decoded.
    pub likeness: Option<Likeness>,
    /// Whether it was decoded, or tried to be.
    pub looked: bool,
}

/// One use of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoUse {
    /// The picture.
    pub sha256: String,
    /// The record that names it.
    pub record: RecordId,
    /// The field of the record.
    pub field: String,
}

impl Store {
    /// Notes in one transaction that the bytes of these files are here, with what they say.
    ///
    /// # Errors
    /// When the database cannot be written; nothing of it is noted then.
    pub fn attachments_are_here(&self, files: &[(Attachment, Option<Facts>)], reader: u32) -> Result<()> {
        let tx = self.conn.unchecked_transaction()?;
        for (file, facts) in files {
            let taken = facts.as_ref().and_then(|facts| facts.taken.as_ref()).map(|taken| taken.replace('T', " "));
            self.attachment_is_here(file, taken.as_deref())?;
            if let Some(facts) = facts {
                put_facts(&tx, &file.sha256, facts, reader)?;
            }
        }
        Ok(tx.commit()?)
    }

    /// Keeps what a picture's bytes say and what it looks like; without a likeness
    /// it is one that cannot be decoded.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn photo_looked(&self, sha256: &str, facts: &Facts, likeness: Option<Likeness>, reader: u32) -> Result<()> {
        let tx = self.conn.unchecked_transaction()?;
        put_facts(&tx, sha256, facts, reader)?;
        let sql = "UPDATE photo SET looked = 1, likeness = ?2 WHERE sha256 = ?1";
        tx.prepare_cached(sql)?.execute(params![sha256, likeness.map(Likeness::to_bytes)])?;
        let taken = facts.taken.as_ref().map(|taken| taken.replace('T', " "));
        let sql = "UPDATE attachment SET taken = COALESCE(taken, ?2) WHERE sha256 = ?1";
        tx.prepare_cached(sql)?.execute(params![sha256, taken])?;
        Ok(tx.commit()?)
    }

    /// What is known of a picture.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photo(&self, sha256: &str) -> Result<Option<PhotoRow>> {
        let mut statement = self.conn.prepare_cached("SELECT facts, likeness, looked FROM photo WHERE sha256 = ?1")?;
        let found = statement
            .query_row([sha256], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, Option<Vec<u8>>>(1)?, row.get::<_, bool>(2)?))
            })
            .optional()?;
        let Some((facts, likeness, looked)) = found else { return Ok(None) };
        let likeness = likeness.as_deref().and_then(Likeness::from_bytes);
        Ok(Some(PhotoRow { sha256: sha256.to_owned(), facts: serde_json::from_str(&facts)?, likeness, looked }))
    }

    /// Pictures that records use, whose bytes are here, and that nobody of this
    /// `reader` has looked at.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn photos_due(&self, reader: u32, limit: u32) -> Result<Vec<Attachment>> {
        self.index_all()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT sha256, name, bytes FROM attachment WHERE here = 1
             AND EXISTS (SELECT 1 FROM photo_use WHERE photo_use.sha256 = attachment.sha256)
             AND NOT EXISTS (SELECT 1 FROM photo WHERE photo.sha256 = attachment.sha256 AND looked = 1 AND reader = ?1)
             ORDER BY sha256 LIMIT ?2",
        )?;
        let rows = statement.query_map(params![reader, limit], |row| {
            Ok(Attachment { sha256: row.get(0)?, name: row.get(1)?, bytes: row.get(2)? })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every use of a picture, oldest record first.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn photo_uses(&self, sha256: &str) -> Result<Vec<PhotoUse>> {
        self.index_all()?;
        let mut statement =
            self.conn.prepare_cached(&format!("{USES} WHERE photo_use.sha256 = ?1 ORDER BY record.id"))?;
        let rows = statement.query_map([sha256], read_use)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every use of every picture, one picture after the other.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn all_photo_uses(&self) -> Result<Vec<PhotoUse>> {
        self.index_all()?;
        let mut statement = self.conn.prepare_cached(&format!("{USES} ORDER BY photo_use.sha256, record.id"))?;
        let rows = statement.query_map([], read_use)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What every picture looks like that could be decoded, with where it stands
    /// among the pictures.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn likenesses(&self) -> Result<(Vec<i64>, Vec<Likeness>)> {
        let mut statement = self.conn.prepare_cached(
            "SELECT place, likeness FROM photo INDEXED BY photo_likeness WHERE likeness IS NOT NULL ORDER BY likeness",
        )?;
        let mut rows = statement.query([])?;
        let (mut places, mut looks) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            if let Some(likeness) = Likeness::from_bytes(row.get_ref(1)?.as_blob().unwrap_or_default()) {
                places.push(row.get(0)?);
                looks.push(likeness);
            }
        }
        Ok((places, looks))
    }

    /// The name of the picture that stands at `place`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn photo_at(&self, place: i64) -> Result<String> {
        let mut statement = self.conn.prepare_cached("SELECT sha256 FROM photo WHERE place = ?1")?;
        Ok(statement.query_row([place], |row| row.get(0))?)
    }
}

const USES: &str =
    "SELECT photo_use.sha256, record.id, photo_use.field FROM photo_use JOIN record ON record.place = photo_use.record";

fn read_use(row: &rusqlite::Row<'_>) -> rusqlite::Result<PhotoUse> {
    Ok(PhotoUse { sha256: row.get(0)?, record: RecordId(row.get(1)?), field: row.get(2)? })
}

/// A later reader's facts take the place of those before, and the picture is looked at again.
fn put_facts(conn: &Connection, sha256: &str, facts: &Facts, reader: u32) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO photo (sha256, reader, facts) VALUES (?1, ?2, ?3)
         ON CONFLICT (sha256) DO UPDATE SET reader = ?2, facts = ?3, looked = (reader = ?2 AND looked)",
    )?;
    statement.execute(params![sha256, reader, serde_json::to_string(facts)?])?;
    Ok(())
}

/// Notes which pictures the record at `place` uses now.
pub(crate) fn put_uses(conn: &Connection, place: i64, kind: Option<&Kind>, record: &Record) -> Result<()> {
    conn.prepare_cached("DELETE FROM photo_use WHERE record = ?1")?.execute([place])?;
    let Some(kind) = kind.filter(|_| !record.deleted) else { return Ok(()) };
    let mut statement =
        conn.prepare_cached("INSERT OR IGNORE INTO photo_use (sha256, record, field) VALUES (?1, ?2, ?3)")?;
    for field in kind.fields.iter().filter(|field| is_photo_field(field)) {
        for file in record.items(&field.name).iter().filter_map(Attachment::read) {
            statement.execute(params![file.sha256, place, field.name])?;
        }
    }
    Ok(())
}
