//! The audit: reads every log from its first entry to its last and says where the
//! first thing stands that does not hold.
//!
//! Of each scope: the places are dense, every entry follows the hash of the one
//! before, the head is the last entry, every verdict is what the rules of merging
//! come to, the records are what the log makes of them, and every entry has its
//! receipt. Of each laptop: its counters are dense. Memory holds the records of
//! one scope at a time.

use std::collections::BTreeMap;

use domain::log::{CHAIN_START, replay};
use domain::{LogEntry, Record, RecordId, Scope};
use serde::Serialize;

use crate::database::{Tx, given_back, log, receipt, record, scope_head};
use crate::district::District;
use crate::error::Result;

/// How many entries are read at a time.
const PAGE: usize = 1_000;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Audit {
    /// Whether everything holds.
    pub ok: bool,
    /// Each scope, with what was read of it.
    pub scopes: Vec<Audited>,
    /// What does not hold, the first of each scope.
    pub broken: Vec<Broken>,
}

/// A scope that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Audited {
    /// Whose log.
    pub scope: Scope,
    /// Entries read.
    pub entries: u64,
    /// The hash of the last.
    pub hash: String,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// Whose log; none for what concerns a laptop's counters.
    pub scope: Option<Scope>,
    /// The entry; none for what concerns the whole log.
    pub seq: Option<u64>,
    /// What is wrong.
    #[serde(flatten)]
    pub fault: Fault,
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "code", content = "fields", rename_all = "camelCase")]
#[allow(missing_docs, reason = "each name says what is wrong")]
pub enum Fault {
    /// The entry is not in its place, or does not follow the one before.
    ChainBroken,
    /// The log ends elsewhere than its head says.
    HeadDiffers,
    /// Merging comes to another verdict.
    VerdictDiffers { kept: String, computed: String },
    /// The record is not what the log makes of it.
    RecordDiffers { record: String },
    /// The entry's change has no receipt, or one that says something else.
    ReceiptDiffers { change: String },
    /// A laptop's receipts leave a number out.
    CounterMissing { device: String, incarnation: String, counter: String },
}

impl District {
    /// Reads everything; `progress` hears how many entries were read.
    ///
    /// # Errors
    /// When the database cannot be read. What does not hold is no error: it is
    /// what was asked for.
    pub fn audit(&self, progress: &mut dyn FnMut(u64)) -> Result<Audit> {
        self.database.read(|tx| {
            let (mut scopes, mut broken, mut read) = (Vec::new(), Vec::new(), 0);
            for scope in scope_head::below(tx, "")? {
                let mut auditor = Auditor::new(tx, &scope);
                let fault = auditor.run(&mut |entries| progress(read + entries))?;
                read += auditor.seq;
                broken.extend(fault);
                let Auditor { seq, hash, .. } = auditor;
                scopes.push(Audited { scope, entries: seq, hash });
            }
            for (writer, counter) in receipt::gaps(tx)? {
                if given_back::knows(tx, writer)? {
                    continue; // Not all of them came back.
                }
                let (device, incarnation) = (writer.device.to_string(), writer.incarnation.to_string());
                let fault = Fault::CounterMissing { device, incarnation, counter: counter.to_string() };
                broken.push(Broken { scope: None, seq: None, fault });
            }
            Ok(Audit { ok: broken.is_empty(), scopes, broken })
        })
    }
}

/// Reads one log.
struct Auditor<'t> {
    tx: &'t Tx<'t>,
    scope: &'t Scope,
    seq: u64,
    hash: String,
    records: BTreeMap<RecordId, Record>,
}

impl<'t> Auditor<'t> {
    fn new(tx: &'t Tx<'t>, scope: &'t Scope) -> Self {
        Self { tx, scope, seq: 0, hash: CHAIN_START.to_owned(), records: BTreeMap::new() }
    }

    /// The first thing that does not hold, if there is one.
    fn run(&mut self, progress: &mut dyn FnMut(u64)) -> Result<Option<Broken>> {
        loop {
            let entries = log::after(self.tx, self.scope, self.seq, PAGE, &mut { usize::MAX })?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                if let Some(fault) = self.fault_of(&entry)? {
                    return Ok(Some(self.broken(Some(entry.seq), fault)));
                }
                (self.seq, self.hash) = (entry.seq, entry.hash);
            }
            progress(self.seq);
        }
        let head = scope_head::read(self.tx, self.scope)?;
        if (head.seq, &head.hash) != (self.seq, &self.hash) {
            return Ok(Some(self.broken(None, Fault::HeadDiffers)));
        }
        self.differing_record().map(|found| found.map(|fault| self.broken(None, fault)))
    }

    fn fault_of(&mut self, entry: &LogEntry) -> Result<Option<Fault>> {
        if entry.scope != *self.scope || entry.seq != self.seq + 1 || !entry.follows(&self.hash) {
            return Ok(Some(Fault::ChainBroken));
        }
        let id = entry.change.record;
        match replay(self.records.remove(&id), entry) {
            Ok(after) => self.records.extend(after.map(|record| (id, record))),
            Err(drift) => {
                let (kept, computed) = (drift.server.to_owned(), drift.here.to_owned());
                return Ok(Some(Fault::VerdictDiffers { kept, computed }));
            }
        }
        let fits = match receipt::named(self.tx, entry.change.id)? {
            Some(word) => word.seq == Some(entry.seq) && word.verdict == entry.verdict,
            // Its number may have been given again before the entry came back.
            None => given_back::knows(self.tx, entry.change.writer)?,
        };
        Ok((!fits).then(|| Fault::ReceiptDiffers { change: entry.change.id.to_string() }))
    }

    /// The first record that is not what the log makes of it.
    fn differing_record(&mut self) -> Result<Option<Fault>> {
        let mut last = None;
        loop {
            let page = record::after(self.tx, self.scope, last, PAGE, &mut { usize::MAX })?;
            let Some(end) = page.last() else { break };
            last = Some(end.record.id);
            for kept in page {
                let id = kept.record.id;
                if self.records.remove(&id).as_ref() != Some(&kept.record) {
                    return Ok(Some(Fault::RecordDiffers { record: id.to_string() }));
                }
            }
        }
        Ok(self.records.keys().next().map(|missing| Fault::RecordDiffers { record: missing.to_string() }))
    }

    fn broken(&self, seq: Option<u64>, fault: Fault) -> Broken {
        Broken { scope: Some(self.scope.clone()), seq, fault }
    }
}
