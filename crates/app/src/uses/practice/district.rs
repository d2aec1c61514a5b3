//! What a district would have answered, said once while a practice ledger is made.
//!
//! By the same rules, the same merge and in the same chained, sealed log as
//! everywhere, so that the ledger passes its own audit; no line, and nobody who
//! goes on answering.

use std::collections::BTreeMap;

use domain::page::Page;
use domain::rules::{self, Post};
use domain::{Action, Change, ChangeId, DeviceId, LogEntry, Record, RecordId, Scope, Verdict, Writer, merge};
use ed25519_dalek::{SigningKey, VerifyingKey};
use store::Store;
use sync::wire::seal_log;
use uuid::Uuid;

use crate::uses::practice::samples;
use crate::{Laptop, Result};

pub(super) struct PracticeDistrict {
    key: SigningKey,
    logs: BTreeMap<Scope, (u64, String)>,
    records: BTreeMap<RecordId, Record>,
}

impl PracticeDistrict {
    pub(super) fn new(key: SigningKey) -> Self {
        Self { key, logs: BTreeMap::new(), records: BTreeMap::new() }
    }

    pub(super) fn verifying_key(&self) -> VerifyingKey {
        self.key.verifying_key()
    }

    /// Takes what waits in the outbox of `store`, as sent from `post`.
    pub(super) fn takes_all(&mut self, store: &mut Store, post: &Post) -> Result<()> {
        for change in store.to_send(usize::MAX)? {
            self.takes(store, change, post)?;
        }
        Ok(())
    }

    /// What another laptop asks of `record`, before what waits here, which has not seen it.
    pub(super) fn hears_another(
        &mut self,
        store: &mut Store,
        post: &Post,
        record: RecordId,
        actions: Vec<Action>,
    ) -> Result<()> {
        let Some(known) = self.records.get(&record) else { return Ok(()) };
        let seen = self.logs.get(&known.scope).map_or(0, |(seq, _)| *seq);
        let change = Change {
            id: ChangeId(Uuid::now_v7()),
            writer: Writer { device: DeviceId(Uuid::now_v7()), incarnation: 1 },
            counter: 1,
            author: samples::COLLEAGUE.to_owned(),
            at: Laptop::now(),
            record,
            kind: known.kind.clone(),
            scope: known.scope.clone(),
            seen,
            actions,
        };
        self.takes(store, change, post)
    }

    fn takes(&mut self, store: &mut Store, change: Change, post: &Post) -> Result<()> {
        let scope = change.scope.clone();
        let (last, before) = self.logs.get(&scope).cloned().unwrap_or_default();
        let seq = last + 1;
        let verdict = match rules::admit(store.catalog(), post, self.records.get(&change.record), &change) {
            Err(refusal) => Verdict::Refused { refusal },
            Ok(()) => {
                let (record, verdict) = merge(self.records.remove(&change.record), &change, seq);
                self.records.insert(change.record, record);
                verdict
            }
        };
        let entry = LogEntry::chained(&before, seq, change, verdict, None);
        let seal = seal_log(&self.key, &scope, seq, &entry.hash);
        if let Some(page) = Page::of(&before, std::slice::from_ref(&entry), &seal) {
            store.apply(&scope, &page, seq)?;
        }
        self.logs.insert(scope, (seq, entry.hash));
        Ok(())
    }
}
