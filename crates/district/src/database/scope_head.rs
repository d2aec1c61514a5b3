//! Table `scope_head`: how far each scope's log goes. The one counter from
//! which places in a log are given.

use std::collections::BTreeSet;

use domain::Scope;
use domain::log::CHAIN_START;

use super::{Tx, params, scope_in};
use crate::error::{DistrictError, Result};

/// The last entry of a scope's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScopeHead {
    /// Its place; 0 while the log is empty.
    pub(crate) seq: u64,
    /// Its hash; [`CHAIN_START`] while the log is empty.
    pub(crate) hash: String,
}

pub(crate) fn read(tx: &Tx<'_>, scope: &Scope) -> Result<ScopeHead> {
    let sql = "SELECT seq, hash FROM scope_head WHERE scope = ?1";
    let found = tx.one(sql, params![scope], |row| Ok(ScopeHead { seq: row.get(0)?, hash: row.get(1)? }))?;
    Ok(found.unwrap_or_else(|| ScopeHead { seq: 0, hash: CHAIN_START.to_owned() }))
}

/// As [`read`], and alone with the scope's log until the transaction ends.
pub(crate) fn lock(tx: &Tx<'_>, scope: &Scope) -> Result<ScopeHead> {
    let sql = "SELECT seq, hash FROM scope_head WHERE scope = ?1";
    let held = || tx.one_locked(sql, params![scope], |row| Ok(ScopeHead { seq: row.get(0)?, hash: row.get(1)? }));
    if let Some(head) = held()? {
        return Ok(head);
    }
    // A row that is not there cannot be held. An empty log is no scope yet: see `below`.
    let sql = "INSERT INTO scope_head (scope, seq, hash) VALUES (?1, 0, ?2) ON CONFLICT DO NOTHING";
    tx.execute(sql, params![scope, CHAIN_START])?;
    held()?.ok_or_else(|| tx.collision())
}

/// Alone with the logs of all these scopes. In their order, so that no two
/// transactions wait for each other.
pub(crate) fn lock_all<'s>(tx: &Tx<'_>, scopes: impl IntoIterator<Item = &'s Scope>) -> Result<()> {
    let scopes: BTreeSet<&Scope> = scopes.into_iter().collect();
    scopes.into_iter().try_for_each(|scope| lock(tx, scope).map(drop))
}

/// Moves the head of `scope`; the scope begins here with its first entry.
pub(crate) fn advance(tx: &Tx<'_>, scope: &Scope, seq: u64, hash: &str) -> Result<()> {
    let sql = "UPDATE scope_head SET seq = ?2, hash = ?3 WHERE scope = ?1 AND seq = ?2 - 1";
    let begin = "INSERT INTO scope_head (scope, seq, hash) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    let moved = tx.execute(sql, params![scope, seq, hash])? == 1;
    if moved || (seq == 1 && tx.execute(begin, params![scope, seq, hash])? == 1) {
        Ok(())
    } else {
        Err(DistrictError::Unreadable { reason: format!("{scope}: entry {seq} does not follow its log") })
    }
}

/// How many entries all logs have together.
pub(crate) fn entries(tx: &Tx<'_>) -> Result<u64> {
    tx.only("SELECT CAST(coalesce(sum(seq), 0) AS BIGINT) FROM scope_head", params![], |row| row.get(0))
}

/// Every scope that has begun and whose digits begin with `prefix`, in order.
pub(crate) fn below(tx: &Tx<'_>, prefix: &str) -> Result<Vec<Scope>> {
    let sql = "SELECT scope FROM scope_head WHERE substr(scope, 1, length(?1)) = ?1 AND seq > 0 ORDER BY scope";
    tx.all(sql, params![prefix], |row| scope_in(row, 0))
}
