//! Table `scope_head`: how far each scope's log goes. The one counter from
//! which places in a log are given.
//!
//! A message brings hundreds of entries: between them the transaction that has the
//! log to itself counts in memory, and writes the row once, before it commits.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use domain::Scope;
use domain::log::CHAIN_START;

use super::{Row, Tx, params, scope_in};
use crate::error::{DistrictError, Result};

/// The last entry of a scope's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScopeHead {
    /// Its place; 0 while the log is empty.
    pub(crate) seq: u64,
    /// Its hash; [`CHAIN_START`] while the log is empty.
    pub(crate) hash: String,
}

/// The logs that a transaction has written to: how far each goes by its row, and now.
#[derive(Default)]
pub(super) struct Moved(RefCell<BTreeMap<Scope, (u64, ScopeHead)>>);

impl Moved {
    fn head(&self, scope: &Scope) -> Option<ScopeHead> {
        self.0.borrow().get(scope).map(|(_, head)| head.clone())
    }
}

const READ: &str = "SELECT seq, hash FROM scope_head WHERE scope = ?1";

fn head(row: &Row<'_>) -> Result<ScopeHead> {
    Ok(ScopeHead { seq: row.get(0)?, hash: row.get(1)? })
}

pub(crate) fn read(tx: &Tx<'_>, scope: &Scope) -> Result<ScopeHead> {
    if let Some(head) = tx.moved.head(scope) {
        return Ok(head);
    }
    let found = tx.one(READ, params![scope], head)?;
    Ok(found.unwrap_or_else(|| ScopeHead { seq: 0, hash: CHAIN_START.to_owned() }))
}

/// As [`read`], and alone with the scope's log until the transaction ends.
pub(crate) fn lock(tx: &Tx<'_>, scope: &Scope) -> Result<ScopeHead> {
    if let Some(head) = tx.moved.head(scope) {
        return Ok(head); // Its row was locked or written before.
    }
    let held = || tx.one_locked(READ, params![scope], head);
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
    let before = read(tx, scope)?.seq;
    if before + 1 != seq {
        return Err(DistrictError::Unreadable { reason: format!("{scope}: entry {seq} does not follow its log") });
    }
    let next = ScopeHead { seq, hash: hash.to_owned() };
    let mut moved = tx.moved.0.borrow_mut();
    match moved.get_mut(scope) {
        Some((_, head)) => *head = next,
        None => drop(moved.insert(scope.clone(), (before, next))),
    }
    drop(moved);
    // Who asks which scopes there are asks the table.
    if seq == 1 { settle(tx) } else { Ok(()) }
}

/// Writes how far the logs go now; before the transaction commits.
pub(super) fn settle(tx: &Tx<'_>) -> Result<()> {
    let update = "UPDATE scope_head SET seq = ?2, hash = ?3 WHERE scope = ?1 AND seq = ?4";
    let begin = "INSERT INTO scope_head (scope, seq, hash) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    for (scope, (before, head)) in &mut *tx.moved.0.borrow_mut() {
        let (seq, hash) = (head.seq, head.hash.as_str());
        if *before == seq {
            continue;
        }
        let is_written = tx.execute(update, params![scope, seq, hash, *before])? == 1
            || (*before == 0 && tx.execute(begin, params![scope, seq, hash])? == 1);
        if !is_written {
            let reason = format!("{scope}: its log no longer ends at {before}");
            return Err(DistrictError::Unreadable { reason });
        }
        *before = seq;
    }
    Ok(())
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
