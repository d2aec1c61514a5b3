//! How far each scope's log was applied.

use domain::Scope;
use domain::log::CHAIN_START;
use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, Store};

impl Store {
    /// Every scope that this laptop holds, with the last `seq` applied.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn scopes(&self) -> Result<Vec<(Scope, u64)>> {
        let mut statement = self.conn.prepare_cached("SELECT scope, seq FROM scope ORDER BY scope")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let mut scopes = Vec::new();
        for row in rows {
            let (scope, seq) = row?;
            scopes.extend(Scope::parse(&scope).map(|scope| (scope, seq)));
        }
        Ok(scopes)
    }

    /// Holds `scope` from now on; one that is held already stays where it is.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn hold_scope(&self, scope: &Scope) -> Result<()> {
        self.conn.execute(
            "INSERT INTO scope (scope, seq, hash) VALUES (?1, 0, ?2) ON CONFLICT DO NOTHING",
            params![scope.as_str(), CHAIN_START],
        )?;
        Ok(())
    }
}

/// The last `seq` applied and its hash; the start of the chain for a new scope.
pub(crate) fn head(conn: &Connection, scope: &Scope) -> Result<(u64, String)> {
    let mut statement = conn.prepare_cached("SELECT seq, hash FROM scope WHERE scope = ?1")?;
    let head = statement.query_row([scope.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(head.unwrap_or((0, CHAIN_START.to_owned())))
}

pub(crate) fn advance(conn: &Connection, scope: &Scope, seq: u64, hash: &str) -> Result<()> {
    let mut statement = conn
        .prepare_cached("INSERT INTO scope (scope, seq, hash) VALUES (?1, ?2, ?3) ON CONFLICT (scope) DO UPDATE SET seq = ?2, hash = ?3")?;
    statement.execute(params![scope.as_str(), seq, hash])?;
    Ok(())
}
