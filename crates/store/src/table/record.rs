//! Every record once, as it is shown, with the confirmed one beside it.

use domain::{Record, RecordId, overlay};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

use crate::{Result, Store, table};

/// How far what a person entered has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the words of design and screen")]
pub enum SyncState {
    Saved,
    Sending,
    District,
    Conflict,
    Refused,
}

impl SyncState {
    /// The state as it is written in the table and asked for in filters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Sending => "sending",
            Self::District => "district",
            Self::Conflict => "conflict",
            Self::Refused => "refused",
        }
    }
}

impl ToSql for SyncState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.name()))
    }
}

impl FromSql for SyncState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let all = [Self::Saved, Self::Sending, Self::District, Self::Conflict, Self::Refused];
        let text = value.as_str()?;
        all.into_iter().find(|state| state.name() == text).ok_or(FromSqlError::InvalidType)
    }
}

/// A record as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The confirmed record with this laptop's pending changes on top.
    pub record: Record,
    /// How far it has come.
    pub sync: SyncState,
}

impl Store {
    /// The record, as it is shown.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record(&self, id: RecordId) -> Result<Option<Row>> {
        shown(&self.conn, id)
    }

    /// Every record in `conflict`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn in_conflict(&self) -> Result<Vec<Row>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT shown, sync FROM record WHERE sync IN ('conflict', 'refused') ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut found = Vec::new();
        for row in rows {
            let (body, sync) = row?;
            let record: Record = serde_json::from_str(&body)?;
            if !record.conflicts.is_empty() {
                found.push(Row { record, sync });
            }
        }
        Ok(found)
    }
}

/// The columns that [`read`] expects.
pub(crate) const COLUMNS: &str = "shown, sync";

pub(crate) fn read(row: &SqlRow<'_>) -> rusqlite::Result<(String, SyncState)> {
    Ok((row.get(0)?, row.get(1)?))
}

pub(crate) fn shown(conn: &Connection, id: RecordId) -> Result<Option<Row>> {
    let mut statement = conn.prepare_cached("SELECT shown, sync FROM record WHERE id = ?1")?;
    let found = statement.query_row([id.0], read).optional()?;
    found.map(|(body, sync)| Ok(Row { record: serde_json::from_str(&body)?, sync })).transpose()
}

pub(crate) fn confirmed(conn: &Connection, id: RecordId) -> Result<Option<Record>> {
    let mut statement = conn.prepare_cached("SELECT confirmed FROM record WHERE id = ?1")?;
    let body: Option<Option<String>> = statement.query_row([id.0], |row| row.get(0)).optional()?;
    Ok(body.flatten().map(|body| serde_json::from_str(&body)).transpose()?)
}

/// Writes the record as it is shown, leaving the confirmed one as it is.
pub(crate) fn put_shown(conn: &Connection, record: &Record, sync: SyncState) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO record (id, kind, scope, state, deleted, sync, shown) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET state = ?4, deleted = ?5, sync = ?6, shown = ?7, indexed = 0",
    )?;
    let body = serde_json::to_string(record)?;
    statement.execute(params![
        record.id.0,
        record.kind,
        record.scope.as_str(),
        record.state,
        record.deleted,
        sync,
        body
    ])?;
    Ok(())
}

/// Keeps what the log made of a record, and shows it anew.
pub(crate) fn put_confirmed(conn: &Connection, record: &Record) -> Result<()> {
    put_shown(conn, record, SyncState::District)?;
    let body = serde_json::to_string(record)?;
    conn.prepare_cached("UPDATE record SET confirmed = ?2 WHERE id = ?1")?.execute(params![record.id.0, body])?;
    refresh(conn, record.id)
}

/// Shows a record anew from its confirmed state and what is pending or refused of it.
///
/// A record that only refused changes ever made stays visible as its draft.
pub(crate) fn refresh(conn: &Connection, id: RecordId) -> Result<()> {
    let confirmed = confirmed(conn, id)?;
    let pending = table::outbox::of_record(conn, id)?;
    let refused = table::refused::concerns(conn, id)?;
    let mut record = confirmed.clone();
    if confirmed.is_none() {
        for change in table::refused::of_record(conn, id)? {
            record = Some(overlay(record, &change));
        }
    }
    for entry in &pending {
        record = Some(overlay(record, &entry.change));
    }
    let Some(record) = record else {
        conn.prepare_cached("DELETE FROM record WHERE id = ?1")?.execute([id.0])?;
        return Ok(());
    };
    let unanswered = pending.iter().any(|entry| !entry.answered);
    let sync = if refused {
        SyncState::Refused
    } else if !record.conflicts.is_empty() {
        SyncState::Conflict
    } else if pending.iter().any(|entry| !entry.sent) {
        SyncState::Saved
    } else if unanswered {
        SyncState::Sending
    } else {
        SyncState::District
    };
    put_shown(conn, &record, sync)
}
