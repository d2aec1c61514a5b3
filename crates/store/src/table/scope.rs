//! How far each scope's log was applied, and how its records came here.

use domain::log::CHAIN_START;
use domain::{RecordId, Scope};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, params};

use crate::{Result, Store};

/// A scope that this laptop holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRow {
    /// Whose log.
    pub scope: Scope,
    /// The last entry applied; 0 before the first.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// The district's seal on it, in hex, where it came with one.
    pub seal: Option<String>,
    /// A first fill under way.
    pub fill: Option<FillState>,
    /// Entries up to this one are not here: the records came by a fill.
    pub past: u64,
    /// The hash of entry `past`.
    pub past_hash: String,
    /// The district was restored from a backup: what came after this entry is to
    /// be given back to it, and nothing else said until then.
    pub lost: Option<u64>,
    /// While something is lost: the last entry that the district surely has still.
    pub shared: u64,
    /// Records from before the log began anew wait to be brought again.
    pub anew: bool,
}

/// How far a first fill has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillState {
    /// The entry after which the log takes over.
    pub seq: u64,
    /// Its hash.
    pub hash: String,
    /// The district's seal on it.
    pub seal: String,
    /// The last record that came.
    pub after: RecordId,
}

impl Store {
    /// Every scope that this laptop holds.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn scopes(&self) -> Result<Vec<ScopeRow>> {
        let mut statement = self.conn.prepare_cached(&format!("{SELECT} ORDER BY scope"))?;
        let rows = statement.query_map([], read)?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Holds `scope` from now on; one that is held already stays where it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn hold_scope(&self, scope: &Scope) -> Result<()> {
        let mut statement = self.conn.prepare_cached("SELECT 1 FROM scope WHERE scope = ?1")?;
        if !statement.exists([scope.as_str()])? {
            write(&self.conn, &ScopeRow::new(scope))?;
        }
        Ok(())
    }
}

impl ScopeRow {
    /// A scope of which nothing is here yet.
    pub(crate) fn new(scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            seq: 0,
            hash: CHAIN_START.to_owned(),
            seal: None,
            fill: None,
            past: 0,
            past_hash: CHAIN_START.to_owned(),
            lost: None,
            shared: 0,
            anew: false,
        }
    }

    /// What somebody who looks at a record of this scope has seen of its log. A
    /// record that a fill has brought is told at least up to where the fill began.
    pub(crate) fn seen(&self) -> u64 {
        match &self.fill {
            Some(fill) if !self.anew => fill.seq,
            _ => self.seq,
        }
    }
}

const SELECT: &str =
    "SELECT scope, seq, hash, seal, fill_seq, fill_hash, fill_seal, fill_after, past, past_hash, lost, anew,
                             shared
                      FROM scope";

/// The scope as it stands; as new, where it is not held.
pub(crate) fn get(conn: &Connection, scope: &Scope) -> Result<ScopeRow> {
    let mut statement = conn.prepare_cached(&format!("{SELECT} WHERE scope = ?1"))?;
    let found = statement.query_row([scope.as_str()], read).optional()?.flatten();
    Ok(found.unwrap_or_else(|| ScopeRow::new(scope)))
}

pub(crate) fn write(conn: &Connection, row: &ScopeRow) -> Result<()> {
    let mut statement = conn.prepare_cached(
        "INSERT OR REPLACE INTO scope
             (scope, seq, hash, seal, fill_seq, fill_hash, fill_seal, fill_after, past, past_hash, lost, anew,
              shared)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let fill = row.fill.as_ref();
    statement.execute(params![
        row.scope.as_str(),
        row.seq,
        row.hash,
        row.seal,
        fill.map(|fill| fill.seq),
        fill.map(|fill| &fill.hash),
        fill.map(|fill| &fill.seal),
        fill.map(|fill| fill.after.0),
        row.past,
        row.past_hash,
        row.lost,
        row.anew,
        row.shared,
    ])?;
    Ok(())
}

pub(crate) fn forget(conn: &Connection, scope: &Scope) -> Result<()> {
    conn.prepare_cached("DELETE FROM scope WHERE scope = ?1")?.execute([scope.as_str()])?;
    Ok(())
}

fn read(row: &SqlRow<'_>) -> rusqlite::Result<Option<ScopeRow>> {
    let Some(scope) = Scope::parse(row.get_ref(0)?.as_str()?) else { return Ok(None) };
    let fill = match row.get::<_, Option<u64>>(4)? {
        None => None,
        Some(seq) => {
            Some(FillState { seq, hash: row.get(5)?, seal: row.get(6)?, after: RecordId(row.get::<_, uuid::Uuid>(7)?) })
        }
    };
    Ok(Some(ScopeRow {
        scope,
        seq: row.get(1)?,
        hash: row.get(2)?,
        seal: row.get(3)?,
        fill,
        past: row.get(8)?,
        past_hash: row.get(9)?,
        lost: row.get(10)?,
        anew: row.get(11)?,
        shared: row.get(12)?,
    }))
}
