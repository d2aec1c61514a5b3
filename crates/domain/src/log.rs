//! The log: the changes of one scope in the order that the server gave them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::merge::{hold, merge};
use crate::{Change, Record, Scope, Verdict, canonical};

/// A change in its place, with what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct LogEntry {
    /// Whose log.
    pub scope: Scope,
    /// 1, 2, 3 … without a gap.
    #[ts(type = "number")]
    pub seq: u64,
    /// What was asked.
    pub change: Change,
    /// What became of it.
    pub verdict: Verdict,
    /// By how many seconds the writer's clock was ahead of the district's when the
    /// change came in (behind: negative), where it was so far off that the
    /// change's wall time must not be believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "number")]
    pub skew: Option<i64>,
    /// Hex SHA-256 over the previous entry's hash and this entry.
    pub hash: String,
}

/// The hash before a scope's first entry.
pub const CHAIN_START: &str = "";

impl LogEntry {
    /// The entry that follows one with the hash `previous`.
    #[must_use]
    pub fn chained(previous: &str, seq: u64, change: Change, verdict: Verdict, skew: Option<i64>) -> Self {
        let hash = chain(previous, seq, &canonical::to_vec(&change), &verdict, skew);
        Self { scope: change.scope.clone(), seq, change, verdict, skew, hash }
    }

    /// Whether this entry is the unaltered successor of one with the hash `previous`.
    #[must_use]
    pub fn follows(&self, previous: &str) -> bool {
        self.scope == self.change.scope
            && self.hash == chain(previous, self.seq, &canonical::to_vec(&self.change), &self.verdict, self.skew)
    }
}

/// The hash of the entry that follows one with the hash `previous`, of which
/// `change` is the [`canonical`] form.
#[must_use]
pub fn chain(previous: &str, seq: u64, change: &[u8], verdict: &Verdict, skew: Option<i64>) -> String {
    let mut hash = Sha256::new();
    hash.update(previous);
    hash.update(seq.to_be_bytes());
    hash.update(change);
    hash.update(canonical::to_vec(verdict));
    if let Some(skew) = skew {
        hash.update(skew.to_be_bytes());
    }
    hex::encode(hash.finalize())
}

/// The server's log and this program disagree on what a change does: one of the
/// two is newer or wrong, and going on would let their records drift apart.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("entry {seq} was {server} at the district and is {here} here")]
pub struct Drift {
    /// The entry in question.
    pub seq: u64,
    /// The server's verdict.
    pub server: &'static str,
    /// Ours.
    pub here: &'static str,
}

/// What `entry` makes of `record`; `None` stays `None` when nothing was applied.
///
/// # Errors
/// [`Drift`] when merging here gives another verdict than the log holds.
pub fn replay(record: Option<Record>, entry: &LogEntry) -> Result<Option<Record>, Drift> {
    match &entry.verdict {
        Verdict::Refused { .. } => Ok(record),
        Verdict::Waiting { .. } => Ok(Some(hold(record, &entry.change))),
        applied => {
            let (record, verdict) = merge(record, &entry.change, entry.seq);
            if verdict == *applied {
                Ok(Some(record))
            } else {
                Err(Drift { seq: entry.seq, server: applied.name(), here: verdict.name() })
            }
        }
    }
}
