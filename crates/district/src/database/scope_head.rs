//! Table `scope_head`: how far each scope's log goes. The one counter from
//! which places in a log are given.

use domain::Scope;
use domain::log::CHAIN_START;
use rusqlite::{OptionalExtension, Transaction, params};

use super::{signed, unsigned};
use crate::error::{DistrictError, Result};

/// The last entry of a scope's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScopeHead {
    /// Its place; 0 while the log is empty.
    pub(crate) seq: u64,
    /// Its hash; [`CHAIN_START`] while the log is empty.
    pub(crate) hash: String,
}

pub(crate) fn read(tx: &Transaction<'_>, scope: &Scope) -> Result<ScopeHead> {
    let sql = "SELECT seq, hash FROM scope_head WHERE scope = ?1";
    let found = tx
        .prepare_cached(sql)?
        .query_row([scope.as_str()], |row| Ok(ScopeHead { seq: unsigned(row.get(0)?), hash: row.get(1)? }))
        .optional()?;
    Ok(found.unwrap_or_else(|| ScopeHead { seq: 0, hash: CHAIN_START.to_owned() }))
}

/// Moves the head of `scope`; the scope begins here with its first entry.
pub(crate) fn advance(tx: &Transaction<'_>, scope: &Scope, head: &ScopeHead) -> Result<()> {
    let sql = "INSERT INTO scope_head (scope, seq, hash) VALUES (?1, ?2, ?3)
               ON CONFLICT (scope) DO UPDATE SET seq = ?2, hash = ?3 WHERE seq = ?2 - 1";
    let moved = tx.prepare_cached(sql)?.execute(params![scope.as_str(), signed(head.seq), head.hash])?;
    if moved == 1 {
        Ok(())
    } else {
        Err(DistrictError::Unreadable { reason: format!("{scope}: entry {} does not follow its log", head.seq) })
    }
}

/// Every scope whose digits begin with `prefix`, in order.
pub(crate) fn below(tx: &Transaction<'_>, prefix: &str) -> Result<Vec<Scope>> {
    let mut select =
        tx.prepare_cached("SELECT scope FROM scope_head WHERE substr(scope, 1, length(?1)) = ?1 ORDER BY scope")?;
    let scopes = select.query_map([prefix], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(scopes.iter().filter_map(|text| Scope::parse(text)).collect())
}
