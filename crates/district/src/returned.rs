//! What laptops give back to a district that was restored from a backup.
//!
//! A laptop holds the log that it has seen, and the district's own seal on the
//! end of it, so it can prove what the district has forgotten. Where nobody has
//! written since, the entries go back into their places as they were. Where the
//! logs have parted, each change that the district does not have is entered anew;
//! it has seen only what both logs share.

use std::collections::BTreeSet;

use domain::log::LogEntry;
use domain::{Action, Change, Refusal, Scope, Verdict, Writer, canonical, log as replayed};
use ed25519_dalek::VerifyingKey;
use sync::wire::{Returned, is_sealed};

use crate::append::{Ledger, Said, bad};
use crate::database::{Lock, attachment, awaited, given_back, log, record, scope_head};
use crate::error::{DistrictError, Result};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything is in its place again.
    Restored,
    /// The logs parted after `common`; nothing of the laptop's is missing now.
    Parted {
        /// The last entry that both have.
        common: u64,
    },
    /// The two have nothing in common there: the laptop is to go further back.
    Further {
        /// To begin after this entry.
        seq: u64,
    },
}

impl Ledger<'_> {
    /// Takes back the end of a log. `past` is the entry up to which the laptop has none.
    ///
    /// # Errors
    /// Entries that the district's own seal does not prove.
    pub(crate) fn take_back(&self, key: &VerifyingKey, returned: &Returned, past: u64) -> Result<Outcome> {
        let scope = &returned.scope;
        let (Some(first), Some(last)) = (returned.entries.first(), returned.entries.last()) else {
            return Ok(Outcome::Parted { common: 0 });
        };
        check(key, returned, first.seq, last)?;
        let head = scope_head::lock(self.tx, scope)?;
        let start = first.seq - 1;
        let shared = start <= head.seq && log::hash_at(self.tx, scope, start)?.as_ref() == Some(&returned.before);
        if !shared && start > past {
            let back = 2 * (last.seq - start);
            return Ok(Outcome::Further { seq: start.saturating_sub(back).max(past) });
        }
        let mut common = if shared { start } else { 0 };
        let mut left = returned.entries.as_slice();
        while let Some((next, rest)) = left.split_first() {
            if !shared || log::hash_at(self.tx, scope, next.seq)?.as_ref() != Some(&next.hash) {
                break;
            }
            (common, left) = (next.seq, rest);
        }
        let mut known = false;
        for entry in left {
            known |= log::entry_of(self.tx, entry.change.id)?.is_some();
        }
        if shared && common == head.seq && !known {
            left.iter().try_for_each(|entry| self.put_back(entry))?;
            return Ok(Outcome::Restored);
        }
        let mut room = usize::MAX;
        let since: BTreeSet<Writer> = log::after(self.tx, scope, common, usize::MAX, &mut room)?
            .iter()
            .map(|entry| entry.change.writer)
            .collect();
        let other_hand = other_hand(last);
        for entry in left {
            // Who has written in both logs under one name is two: a laptop and its copy.
            let writer = entry.change.writer;
            let hand = if since.contains(&writer) { Writer { incarnation: other_hand, ..writer } } else { writer };
            self.enter_again(entry, hand, common)?;
        }
        Ok(Outcome::Parted { common })
    }

    /// Puts an entry back where it was.
    fn put_back(&self, entry: &LogEntry) -> Result<()> {
        let change = &entry.change;
        let before = record::read(self.tx, change.record)?;
        let drift = |drift: replayed::Drift| DistrictError::Unreadable { reason: drift.to_string() };
        let after = match &entry.verdict {
            Verdict::Refused { .. } => None,
            _ => replayed::replay(before, entry).map_err(drift)?,
        };
        given_back::note(self.tx, change.writer)?;
        self.enter(entry.into(), &canonical::digest(change), after.as_ref())?;
        if let Verdict::Waiting { missing } = &entry.verdict {
            for sha256 in missing {
                self.tx.lock(Lock::File(sha256))?; // As where a change first waits.
                if !attachment::is_held(self.tx, sha256)? {
                    awaited::note(self.tx, change, entry.seq, sha256)?;
                }
            }
        }
        Ok(())
    }

    /// Enters a change anew that has no place in this log yet. It was allowed
    /// once; the rules are not asked again.
    fn enter_again(&self, entry: &LogEntry, writer: Writer, common: u64) -> Result<()> {
        let own = entry.change.writer.device == self.own;
        if own || log::entry_of(self.tx, entry.change.id)?.is_some() {
            return Ok(()); // What the district itself said of files, it says again when they are there.
        }
        let change = Change { writer, seen: entry.change.seen.min(common), ..entry.change.clone() };
        let head = scope_head::read(self.tx, &change.scope)?;
        let said = Said::of(&change);
        given_back::note(self.tx, change.writer)?;
        if let Verdict::Refused { .. } = &entry.verdict {
            return self.chain(&head, &said, entry.verdict.clone(), entry.skew, None).map(drop);
        }
        let before = record::read(self.tx, change.record)?;
        if before.is_none() && !change.actions.iter().any(|action| matches!(action, Action::Create { .. })) {
            // Its record was refused here when it came once more: there is nothing to write in.
            let refusal = Refusal::UnknownRecord { record: change.record.to_string() };
            return self.chain(&head, &said, Verdict::Refused { refusal }, entry.skew, None).map(drop);
        }
        self.apply(&head, before, &said, entry.skew).map(drop)
    }
}

/// A life for whoever wrote a parted log under a name that wrote in the standing
/// one as well; the same one each time that the log is given back.
fn other_hand(last: &LogEntry) -> u32 {
    u32::from_str_radix(last.hash.get(..8).unwrap_or_default(), 16).unwrap_or(u32::MAX).max(2)
}

/// Whether our own seal proves every one of these entries.
fn check(key: &VerifyingKey, returned: &Returned, first: u64, last: &LogEntry) -> Result<()> {
    let scope: &Scope = &returned.scope;
    let mut hash = returned.before.as_str();
    for (place, entry) in (0..).zip(&returned.entries) {
        if entry.scope != *scope || Some(entry.seq) != first.checked_add(place) || !entry.follows(hash) {
            return Err(bad("the entries given back are not one piece of a log"));
        }
        hash = &entry.hash;
    }
    if first == 0 || !is_sealed(key, scope, last.seq, hash, &returned.seal) {
        return Err(bad("the entries given back were never in this district's log"));
    }
    Ok(())
}
