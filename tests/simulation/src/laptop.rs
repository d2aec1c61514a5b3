//! One laptop of the world: the real store, and what its people know.

use std::collections::{BTreeMap, BTreeSet};

use domain::{ChangeId, DeviceId, Scope};
use store::{Store, SyncState};
use sync::keys::bundle_recipient;

use crate::catalog::Age;
use crate::ground::{Ground, key_of};
use crate::mind::Mind;
use crate::oracle::{Broken, Oracle, Promise, broken};

/// A laptop.
pub(crate) struct Laptop {
    /// As it is called in the trace.
    pub(crate) name: String,
    /// Which of the enrolled devices it is; a clone is the same one.
    pub(crate) device: usize,
    pub(crate) id: DeviceId,
    pub(crate) age: Age,
    pub(crate) role: &'static str,
    pub(crate) store: Store,
    pub(crate) mind: Mind,
    pub(crate) backup: Option<Backup>,
    /// Counts up when the store becomes another one.
    pub(crate) body: u32,
    /// To whom bundles for it are encrypted; long to compute.
    pub(crate) recipient: String,
    /// By how many seconds its clock is off.
    pub(crate) skew: i64,
    /// The message that it said last, in this body.
    pub(crate) said: u64,
    /// What its logs hold, by scope, for as long as a log is the same.
    logs: BTreeMap<Scope, (LogMark, BTreeSet<ChangeId>)>,
}

/// (past, last entry, its hash)
type LogMark = (u64, u64, String);

/// A laptop as it was.
#[derive(Clone)]
pub(crate) struct Backup {
    image: Vec<u8>,
    mind: Mind,
}

impl Laptop {
    pub(crate) fn new(name: String, device: usize, id: DeviceId, age: Age, role: &'static str, store: Store) -> Self {
        Self {
            name,
            device,
            id,
            age,
            role,
            store,
            mind: Mind::default(),
            backup: None,
            body: 0,
            recipient: bundle_recipient(&key_of(device)),
            skew: 0,
            said: 0,
            logs: BTreeMap::new(),
        }
    }

    pub(crate) fn copy(&self) -> Backup {
        Backup { image: self.store.image().expect("memory can be read"), mind: self.mind.clone() }
    }

    /// It is from now on what `backup` says.
    pub(crate) fn become_again(&mut self, ground: &Ground, backup: &Backup) {
        self.store = ground.store_of(self.age, &backup.image);
        self.mind = backup.mind.clone();
        self.body += 1;
        self.logs.clear();
    }

    /// The power fails: what is in the database stays, and nothing else.
    pub(crate) fn restart(&mut self, ground: &Ground) {
        self.store = ground.store_of(self.age, &self.store.image().expect("memory can be read"));
    }

    /// It was told which scopes it holds; the others go once its changes have their verdicts.
    pub(crate) fn told_of(&mut self, scopes: impl Iterator<Item = Scope>) {
        let pending = self.store.outbox().unwrap_or_default().into_iter().filter(|pending| !pending.answered);
        self.mind.may = pending.map(|pending| pending.change.scope).chain(scopes).collect();
    }

    /// Looks at everything that is kept here.
    pub(crate) fn check(&mut self, number: usize, oracle: &mut Oracle, generation: u32) -> Result<(), Broken> {
        let store = &self.store;
        let read = |error: store::Error| broken(Promise::HonestIsHeard, error.to_string());
        let outbox = store.outbox().map_err(read)?;
        let refused = store.refused().map_err(read)?;
        let mut holds: BTreeSet<ChangeId> = outbox.iter().map(|pending| pending.change.id).collect();
        holds.extend(refused.iter().map(|row| row.change.id));
        holds.extend(store.kept_changes().map_err(read)?.iter().map(|change| change.id));
        let scopes = store.scopes().map_err(read)?;
        self.logs.retain(|scope, _| scopes.iter().any(|row| row.scope == *scope));
        for row in &scopes {
            let mark = (row.past, row.seq, row.hash.clone());
            if self.logs.get(&row.scope).is_none_or(|(known, _)| *known != mark) {
                let (_, entries) = store.entries_after(&row.scope, 0).map_err(read)?;
                let ids = entries.iter().map(|entry| entry.change.id).collect();
                self.logs.insert(row.scope.clone(), (mark, ids));
            }
            holds.extend(&self.logs[&row.scope].1);
        }
        let own: BTreeSet<_> = outbox.iter().map(|pending| pending.change.record).collect();
        let own: BTreeSet<_> = own.into_iter().chain(refused.iter().map(|row| row.change.record)).collect();
        let may = &self.mind.may;
        for kept in store.every_record().map_err(read)? {
            let record = &kept.shown.record;
            if !may.contains(&record.scope) && (kept.confirmed.is_some() || !own.contains(&record.id)) {
                let what = format!("{} has {} of {}", self.name, record.id, record.scope);
                return Err(broken(Promise::NothingOutsideItsScope, what));
            }
            if kept.shown.sync == SyncState::District && self.mind.heard == generation {
                let mine = self.mind.own.get(&record.id);
                if let Some(id) = mine.into_iter().flatten().find(|id| oracle.is_owed(**id)) {
                    let what = format!("{} shows {} as being at the district, which has no {id}", self.name, record.id);
                    return Err(broken(Promise::NotAheadOfReceipts, what));
                }
            }
        }
        if let Some(scope) = self.logs.iter().find(|(scope, (_, ids))| !may.contains(*scope) && !ids.is_empty()) {
            let what = format!("{} has entries of {}", self.name, scope.0);
            return Err(broken(Promise::NothingOutsideItsScope, what));
        }
        oracle.note_laptop(number, holds);
        Ok(())
    }
}
