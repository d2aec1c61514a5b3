//! Changes of this laptop that the district is known to have, while the log that
//! says so is not here: it was begun anew, or a fill brought the records without
//! it. A district that is restored from a backup once more must not find the only
//! copy of a change gone with the log that held it.

use domain::{Change, ChangeId, RecordId, Scope};
use rusqlite::{Connection, params};

use crate::body::Body;
use crate::table::scope::ScopeRow;
use crate::{Result, table};

/// Whether no change is kept.
pub(crate) fn is_empty(conn: &Connection) -> Result<bool> {
    Ok(!conn.prepare_cached("SELECT 1 FROM kept")?.exists([])?)
}

/// Keeps a change until its log brings it.
pub(crate) fn insert(conn: &Connection, change: &Change) -> Result<()> {
    let sql = "INSERT OR REPLACE INTO kept (change, record, scope, body) VALUES (?1, ?2, ?3, ?4)";
    let row = params![change.id.0, change.record.0, change.scope.as_str(), Body::of(change)];
    conn.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

/// Lets a change go that its log has brought. Whether it was kept.
pub(crate) fn take(conn: &Connection, change: ChangeId) -> Result<bool> {
    Ok(conn.prepare_cached("DELETE FROM kept WHERE change = ?1")?.execute([change.0])? > 0)
}

/// Every change that is kept of `scope`, in the order in which they were saved.
pub(crate) fn in_scope(conn: &Connection, scope: &Scope) -> Result<Vec<Change>> {
    let mut statement = conn.prepare_cached("SELECT body FROM kept WHERE scope = ?1 ORDER BY change")?;
    let rows = statement.query_map([scope.as_str()], |row| row.get::<_, Body>(0))?;
    rows.map(|body| body?.read()).collect()
}

/// Sends again what is kept of a scope whose whole log is here and does not have
/// it: the district has lost it. What it has in spite of that, it knows by name.
pub(crate) fn send_again(conn: &Connection, row: &ScopeRow) -> Result<Vec<RecordId>> {
    let kept = in_scope(conn, &row.scope)?;
    forget_scope(conn, &row.scope)?;
    let mut records = Vec::with_capacity(kept.len());
    for change in kept {
        let (writer, counter) = (table::meta::writer(conn)?, table::meta::take_counter(conn)?);
        let seen = change.seen.min(row.seq);
        records.push(change.record);
        table::attachment::named_again(conn, &change)?;
        table::outbox::insert(conn, &Change { writer, counter, seen, ..change })?;
    }
    Ok(records)
}

/// What is kept of `scope` has seen nothing of its log after `seq`.
pub(crate) fn clip(conn: &Connection, scope: &Scope, seq: u64) -> Result<()> {
    for change in in_scope(conn, scope)? {
        let seen = change.seen.min(seq);
        insert(conn, &Change { seen, ..change })?;
    }
    Ok(())
}

pub(crate) fn forget_scope(conn: &Connection, scope: &Scope) -> Result<()> {
    conn.prepare_cached("DELETE FROM kept WHERE scope = ?1")?.execute([scope.as_str()])?;
    Ok(())
}
