//! Every record once, as it is shown, with the confirmed one beside it.

use domain::{ChangeId, Record, RecordId, Scope, overlay};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

use crate::body::Body;
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

    /// The record as far as it is more than a refused draft: what the next save is
    /// held against.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn beyond_drafts(&self, id: RecordId) -> Result<Option<Record>> {
        match shown(&self.conn, id)? {
            Some(row) if row.sync == SyncState::Refused => beyond_drafts(&self.conn, id),
            row => Ok(row.map(|row| row.record)),
        }
    }

    /// Every record in `conflict`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn in_conflict(&self) -> Result<Vec<Row>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT shown, sync FROM record WHERE sync IN ('conflict', 'refused') ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Body>(0)?, row.get(1)?)))?;
        let mut found = Vec::new();
        for row in rows {
            let (body, sync) = row?;
            let record: Record = body.read()?;
            if !record.conflicts.is_empty() {
                found.push(Row { record, sync });
            }
        }
        Ok(found)
    }
}

/// The columns that [`read`] expects.
pub(crate) const COLUMNS: &str = "shown, sync";

pub(crate) fn read(row: &SqlRow<'_>) -> rusqlite::Result<(Body, SyncState)> {
    Ok((row.get(0)?, row.get(1)?))
}

/// The record in this place of the table.
pub(crate) fn at(conn: &Connection, place: i64) -> Result<Row> {
    let mut statement = conn.prepare_cached("SELECT shown, sync FROM record WHERE place = ?1")?;
    let (body, sync) = statement.query_row([place], read)?;
    Ok(Row { record: body.read()?, sync })
}

pub(crate) fn shown(conn: &Connection, id: RecordId) -> Result<Option<Row>> {
    let mut statement = conn.prepare_cached("SELECT shown, sync FROM record WHERE id = ?1")?;
    let found = statement.query_row([id.0], read).optional()?;
    found.map(|(body, sync)| Ok(Row { record: body.read()?, sync })).transpose()
}

/// A record as the district's log has made it.
pub(crate) struct Confirmed {
    pub(crate) record: Record,
    /// The last entry that it is told up to.
    pub(crate) told: u64,
    /// Where nothing pending or refused lies on it.
    pub(crate) alone: Option<Alone>,
}

/// A record on which nothing of this laptop's lies.
#[derive(Clone, Copy)]
pub(crate) struct Alone {
    place: i64,
    /// Whether lists and search know it as it is.
    indexed: bool,
}

/// The record as the log has made it; none while no log has it, or while it waits
/// to be brought again.
pub(crate) fn confirmed(conn: &Connection, id: RecordId) -> Result<Option<Confirmed>> {
    let mut statement = conn.prepare_cached(
        "SELECT COALESCE(confirmed, shown), told, CASE WHEN NOT EXISTS (SELECT 1 FROM outbox WHERE record = ?1)
             AND NOT EXISTS (SELECT 1 FROM refused WHERE record = ?1) THEN place END, indexed
         FROM record WHERE id = ?1 AND known = 1 AND told >= 0",
    )?;
    let read = |row: &SqlRow<'_>| {
        let indexed = row.get(3)?;
        let alone = row.get::<_, Option<i64>>(2)?.map(|place| Alone { place, indexed });
        Ok((row.get::<_, Body>(0)?, row.get(1)?, alone))
    };
    let found = statement.query_row([id.0], read).optional()?;
    found.map(|(body, told, alone)| Ok(Confirmed { record: body.read()?, told, alone })).transpose()
}

/// The confirmed record that is shown, also while it waits to be brought again.
fn ground(conn: &Connection, id: RecordId) -> Result<Option<Record>> {
    let mut statement =
        conn.prepare_cached("SELECT COALESCE(confirmed, shown) FROM record WHERE id = ?1 AND known = 1")?;
    let body: Option<Body> = statement.query_row([id.0], |row| row.get(0)).optional()?;
    body.map(|body| body.read()).transpose()
}

/// The record as far as it is more than a refused draft: what the log made of it
/// with this laptop's pending changes on top.
pub(crate) fn beyond_drafts(conn: &Connection, id: RecordId) -> Result<Option<Record>> {
    let pending = table::outbox::of_record(conn, id)?;
    Ok(pending.iter().fold(ground(conn, id)?, |record, entry| Some(overlay(record, &entry.change))))
}

/// Writes the record as it is shown with a pending change on top; the confirmed one stays.
pub(crate) fn put_shown(conn: &Connection, record: &Record, sync: SyncState) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO record (id, kind, scope, state, deleted, sync, shown) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (id) DO UPDATE SET state = ?4, deleted = ?5, sync = ?6, shown = ?7, indexed = 0,
             confirmed = CASE WHEN known THEN COALESCE(confirmed, shown) END",
    )?;
    let body = Body::of(record);
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

/// Keeps what the log made of a record up to entry `told`, and shows it anew.
pub(crate) fn put_confirmed(conn: &Connection, record: &Record, told: u64) -> Result<()> {
    show_anew(conn, record.id, Some(record), Some(told))
}

/// As [`put_confirmed`], for a record that lies `alone`, if it does: by far most do.
pub(crate) fn put_after(conn: &Connection, record: &Record, told: u64, alone: Option<Alone>) -> Result<()> {
    let Some(Alone { place, indexed }) = alone.filter(|_| record.waiting.is_empty()) else {
        return put_confirmed(conn, record, told);
    };
    // What lists do not know yet need not be put among it again.
    let sql = if indexed {
        "UPDATE record SET state = ?2, deleted = ?3, sync = ?4, shown = ?5, confirmed = NULL, told = ?6, indexed = 0
         WHERE place = ?1"
    } else {
        "UPDATE record SET state = ?2, deleted = ?3, sync = ?4, shown = ?5, confirmed = NULL, told = ?6 WHERE place = ?1"
    };
    let body = Body::of(record);
    conn.prepare_cached(sql)?.execute(params![place, record.state, record.deleted, alone_state(record), body, told])?;
    Ok(())
}

/// Shows a record anew from its confirmed state and what is pending or refused of it.
pub(crate) fn refresh(conn: &Connection, id: RecordId) -> Result<()> {
    show_anew(conn, id, ground(conn, id)?.as_ref(), None)?;
    let sql = "UPDATE record SET sync = 'sending', indexed = 0 WHERE id = ?1 AND sync = 'district'
               AND (told > (SELECT shared FROM scope WHERE scope.scope = record.scope AND lost IS NOT NULL)
                    OR EXISTS (SELECT 1 FROM kept WHERE kept.record = record.id))";
    conn.prepare_cached(sql)?.execute([id.0])?;
    Ok(())
}

/// Shows as on its way again what the district has lost of `scope`.
pub(crate) fn doubt_lost(conn: &Connection, scope: &Scope) -> Result<()> {
    let sql = "UPDATE record SET sync = 'sending', indexed = 0 WHERE scope = ?1 AND sync = 'district'
               AND told > (SELECT shared FROM scope WHERE scope = ?1 AND lost IS NOT NULL)";
    conn.prepare_cached(sql)?.execute([scope.as_str()])?;
    Ok(())
}

/// Shows as on its way what is kept until its log brings it.
pub(crate) fn doubt_kept(conn: &Connection) -> Result<()> {
    let sql = "UPDATE record SET sync = 'sending', indexed = 0
               WHERE sync = 'district' AND id IN (SELECT record FROM kept)";
    conn.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Shows anew what is on its way in `scope`: the district has again what it had lost.
pub(crate) fn believe(conn: &Connection, scope: &Scope) -> Result<()> {
    let mut statement = conn.prepare_cached("SELECT id FROM record WHERE scope = ?1 AND sync = 'sending'")?;
    let ids =
        statement.query_map([scope.as_str()], |row| row.get(0))?.collect::<rusqlite::Result<Vec<uuid::Uuid>>>()?;
    ids.into_iter().try_for_each(|id| refresh(conn, RecordId(id)))
}

/// Lets every confirmed record of `scope` wait to be brought again; it is shown all the while.
pub(crate) fn leave_to_be_told(conn: &Connection, scope: &Scope) -> Result<()> {
    conn.execute("UPDATE record SET told = -1 WHERE scope = ?1 AND known = 1", [scope.as_str()])?;
    Ok(())
}

/// Forgets what was not brought again; what is pending or refused of it stays.
pub(crate) fn forget_untold(conn: &Connection, scope: &Scope) -> Result<()> {
    let mut statement = conn.prepare_cached("SELECT id FROM record WHERE scope = ?1 AND told = -1")?;
    let ids =
        statement.query_map([scope.as_str()], |row| row.get(0))?.collect::<rusqlite::Result<Vec<uuid::Uuid>>>()?;
    ids.into_iter().try_for_each(|id| show_anew(conn, RecordId(id), None, Some(0)))
}

/// A record that is kept as the log's own, and that the log of `scope` does not name,
/// once that is sorted by record.
pub(crate) fn beside_the_log(conn: &Connection, scope: &Scope) -> Result<Option<RecordId>> {
    let mut statement = conn.prepare_cached(
        "SELECT id FROM record WHERE scope = ?1 AND known = 1
         AND NOT EXISTS (SELECT 1 FROM record_log AS its WHERE its.record = record.id AND its.scope = record.scope)
         LIMIT 1",
    )?;
    Ok(statement.query_row([scope.as_str()], |row| row.get::<_, uuid::Uuid>(0)).optional()?.map(RecordId))
}

/// Puts a refused draft away and shows its record anew. Whether it was there.
pub(crate) fn forget_draft(conn: &Connection, change: ChangeId) -> Result<bool> {
    let record = table::refused::take(conn, change)?;
    if let Some(record) = record {
        refresh(conn, record)?;
    }
    Ok(record.is_some())
}

/// A record that only refused changes ever made stays visible as its draft; one
/// that nothing makes any more is gone.
fn show_anew(conn: &Connection, id: RecordId, confirmed: Option<&Record>, told: Option<u64>) -> Result<()> {
    let pending = table::outbox::of_record(conn, id)?;
    let refused = table::refused::of_record(conn, id)?;
    if let Some(record) = confirmed
        && pending.is_empty()
        && refused.is_empty()
        && record.waiting.is_empty()
    {
        return put_alone(conn, record, told);
    }
    let mut record = confirmed.cloned();
    if confirmed.is_none() {
        record = refused.iter().fold(record, |record, change| Some(overlay(record, change)));
    }
    let waiting = confirmed.map(|record| record.waiting.clone()).unwrap_or_default();
    let record = waiting.iter().fold(record, |record, change| Some(overlay(record, change)));
    let record = pending.iter().fold(record, |record, entry| Some(overlay(record, &entry.change)));
    let Some(record) = record else {
        // Its words first: the place will be another record's.
        conn.prepare_cached("DELETE FROM search WHERE rowid IN (SELECT place FROM record WHERE id = ?1)")?
            .execute([id.0])?;
        conn.prepare_cached("DELETE FROM record WHERE id = ?1")?.execute([id.0])?;
        return Ok(());
    };
    let sync = if !refused.is_empty() {
        SyncState::Refused
    } else if !record.conflicts.is_empty() {
        SyncState::Conflict
    } else if pending.iter().any(|entry| !entry.sent) {
        SyncState::Saved
    } else if !waiting.is_empty() || pending.iter().any(|entry| !entry.answered) {
        SyncState::Sending // A submission counts when its last photo is there, not before.
    } else {
        SyncState::District
    };
    let below = confirmed.filter(|confirmed| **confirmed != record).map(Body::of);
    put(conn, &record, sync, confirmed.is_some(), below.as_ref(), told)
}

/// Shows a confirmed record on which nothing of this laptop's lies: as it is.
pub(crate) fn put_alone(conn: &Connection, record: &Record, told: Option<u64>) -> Result<()> {
    put(conn, record, alone_state(record), true, None, told)
}

/// How a confirmed record stands on which nothing of this laptop's lies.
fn alone_state(record: &Record) -> SyncState {
    if record.conflicts.is_empty() { SyncState::District } else { SyncState::Conflict }
}

fn put(
    conn: &Connection,
    record: &Record,
    sync: SyncState,
    known: bool,
    below: Option<&Body>,
    told: Option<u64>,
) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT INTO record (id, kind, scope, state, deleted, sync, shown, known, confirmed, told)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, COALESCE(?10, 0))
         ON CONFLICT (id) DO UPDATE SET state = ?4, deleted = ?5, sync = ?6, shown = ?7, known = ?8, confirmed = ?9,
             told = COALESCE(?10, told), indexed = 0",
    )?;
    statement.execute(params![
        record.id.0,
        record.kind,
        record.scope.as_str(),
        record.state,
        record.deleted,
        sync,
        Body::of(record),
        known,
        below,
        told
    ])?;
    Ok(())
}
