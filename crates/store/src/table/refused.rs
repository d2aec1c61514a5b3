//! Refused changes, kept as drafts: an edit that the district did not take is
//! still the person's edit.

use domain::{Change, ChangeId, RecordId, Refusal};
use rusqlite::{Connection, OptionalExtension, params};

use crate::body::Body;
use crate::{Result, Store};

/// A change that the district refused.
#[derive(Debug, Clone, PartialEq)]
pub struct RefusedRow {
    /// What was asked.
    pub change: Change,
    /// Why it was not done.
    pub refusal: Refusal,
}

impl Store {
    /// Every refused draft, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn refused(&self) -> Result<Vec<RefusedRow>> {
        let mut statement = self.conn.prepare_cached("SELECT body, refusal FROM refused ORDER BY change")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Body>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| {
            let (body, refusal) = row?;
            Ok(RefusedRow { change: body.read()?, refusal: serde_json::from_str(&refusal)? })
        })
        .collect()
    }
}

/// Whether no refused change lies here.
pub(crate) fn is_empty(conn: &Connection) -> Result<bool> {
    Ok(!conn.prepare_cached("SELECT 1 FROM refused")?.exists([])?)
}

pub(crate) fn insert(conn: &Connection, change: &Change, refusal: &Refusal) -> Result<()> {
    let mut statement =
        conn.prepare_cached("INSERT OR REPLACE INTO refused (change, record, body, refusal) VALUES (?1, ?2, ?3, ?4)")?;
    let (body, refusal) = (Body::of(change), serde_json::to_string(refusal)?);
    statement.execute(params![change.id.0, change.record.0, body, refusal])?;
    Ok(())
}

/// The refused changes of this record, oldest first.
pub(crate) fn of_record(conn: &Connection, record: RecordId) -> Result<Vec<Change>> {
    let mut statement = conn.prepare_cached("SELECT body FROM refused WHERE record = ?1 ORDER BY change")?;
    let rows = statement.query_map([record.0], |row| row.get::<_, Body>(0))?;
    rows.map(|body| body?.read()).collect()
}

/// Takes a draft out; the record that it was about, if it was there.
pub(crate) fn take(conn: &Connection, change: ChangeId) -> Result<Option<RecordId>> {
    let mut statement = conn.prepare_cached("DELETE FROM refused WHERE change = ?1 RETURNING record")?;
    let record: Option<uuid::Uuid> = statement.query_row([change.0], |row| row.get(0)).optional()?;
    Ok(record.map(RecordId))
}
