//! A laptop's database in a folder of its own, and the district's log as a test
//! writes it: by the same merge and the same chain.

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::log::{CHAIN_START, LogEntry};
use domain::page::Page;
use domain::{
    Action, Catalog, Change, ChangeId, DeviceId, Fields, Record, RecordId, Refusal, Scope, Value, Verdict, Writer,
    merge,
};
use serde_json::json;
use store::{Draft, Row, Store};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) const KEY: store::Key = [7; 32];

pub(crate) fn here() -> Scope {
    Scope::parse("320902107").expect("a township")
}

/// Whoever holds this laptop.
pub(crate) fn own() -> Writer {
    Writer { device: DeviceId(Uuid::from_u128(1)), incarnation: 1 }
}

/// Someone else's laptop.
pub(crate) fn other() -> Writer {
    Writer { device: DeviceId(Uuid::from_u128(2)), incarnation: 1 }
}

pub(crate) struct Desk {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = open(&folder.path().join("records.db"));
        store.set_writer(own()).expect("a writer");
        store.hold_scope(&here()).expect("a scope");
        Self { store, folder }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("records.db")
    }

    /// The same file, opened once more.
    pub(crate) fn again(&self) -> Store {
        open(&self.path())
    }

    pub(crate) fn save(&mut self, draft: Draft) -> Row {
        self.store.save(draft, |_, _| Ok(())).expect("nothing forbids it")
    }

    pub(crate) fn add(&mut self, kind: &str, fields: &Value) -> RecordId {
        self.save(creation(kind, fields)).record.id
    }

    pub(crate) fn set(&mut self, id: RecordId, fields: &Value) -> Row {
        let record = self.row(id).record;
        let actions = edit(&record.kind, &record.fields, fields);
        self.save(draft(id, &record.kind, actions))
    }

    pub(crate) fn row(&self, id: RecordId) -> Row {
        self.store.record(id).expect("a read").expect("the record is here")
    }

    /// Lets search catch up.
    pub(crate) fn index(&mut self) {
        while self.store.index_due(500).expect("indexed") > 0 {}
    }

    pub(crate) fn pending(&self) -> Vec<Change> {
        self.store.to_send(1_000).expect("the outbox")
    }
}

pub(crate) fn open(path: &std::path::Path) -> Store {
    Store::open(path, &KEY, Catalog::shipped()).expect("the database opens")
}

pub(crate) fn edit(kind: &str, before: &Fields, fields: &Value) -> Vec<Action> {
    let fields: Fields = serde_json::from_value(fields.clone()).expect("fields");
    Catalog::shipped().kind(kind).expect("a shipped kind").edit(before, &fields).expect("its fields")
}

pub(crate) fn draft(id: RecordId, kind: &str, actions: Vec<Action>) -> Draft {
    Draft {
        change: ChangeId(Uuid::now_v7()),
        author: "王芳".to_owned(),
        at: "2026-03-01T08:00:00+08:00".to_owned(),
        record: id,
        kind: kind.to_owned(),
        scope: here(),
        actions,
        number: None,
    }
}

pub(crate) fn creation(kind: &str, fields: &Value) -> Draft {
    let state = Catalog::shipped().kind(kind).expect("a shipped kind").states.first().map(|state| state.name.clone());
    let mut actions = vec![Action::Create { state }];
    actions.extend(edit(kind, &Fields::new(), fields));
    draft(RecordId(Uuid::now_v7()), kind, actions)
}

pub(crate) fn works(name: &str) -> Value {
    json!({"name": name, "category": "sewage"})
}

/// The district's end of one scope.
pub(crate) struct Log {
    pub(crate) entries: Vec<LogEntry>,
    records: BTreeMap<RecordId, Record>,
    counter: u64,
}

impl Log {
    pub(crate) fn new() -> Self {
        Self { entries: Vec::new(), records: BTreeMap::new(), counter: 0 }
    }

    /// Orders a change, as the district does; what came of it.
    pub(crate) fn order(&mut self, change: &Change) -> Verdict {
        let seq = self.entries.len() as u64 + 1;
        let (record, verdict) = merge(self.records.remove(&change.record), change, seq);
        self.records.insert(change.record, record);
        self.enter(change, verdict.clone());
        verdict
    }

    /// Refuses a change, which is in the log all the same.
    pub(crate) fn refuse(&mut self, change: &Change) -> Refusal {
        let refusal = Refusal::NotAllowed { role: "reader".to_owned(), kind: change.kind.clone() };
        self.enter(change, Verdict::Refused { refusal: refusal.clone() });
        refusal
    }

    /// The entries from the nth on, as they come over the line.
    pub(crate) fn page(&self, nth: usize) -> Page {
        let before = nth.checked_sub(1).map_or(CHAIN_START, |before| &self.entries[before].hash);
        Page::of(before, &self.entries[nth..], "").expect("there are entries")
    }

    fn enter(&mut self, change: &Change, verdict: Verdict) {
        let previous = self.entries.last().map_or(CHAIN_START.to_owned(), |entry| entry.hash.clone());
        let seq = self.entries.len() as u64 + 1;
        self.entries.push(LogEntry::chained(&previous, seq, change.clone(), verdict, None));
    }

    /// A change by another laptop, which had seen all that is in the log.
    pub(crate) fn other(&mut self, id: RecordId, kind: &str, actions: Vec<Action>) -> Verdict {
        let seen = self.entries.len() as u64;
        self.other_having_seen(seen, id, kind, actions)
    }

    pub(crate) fn other_having_seen(&mut self, seen: u64, id: RecordId, kind: &str, actions: Vec<Action>) -> Verdict {
        self.counter += 1;
        let change = Change {
            id: ChangeId(Uuid::now_v7()),
            writer: other(),
            counter: self.counter,
            author: "李雷".to_owned(),
            at: "2026-03-02T08:00:00+08:00".to_owned(),
            record: id,
            kind: kind.to_owned(),
            scope: here(),
            seen,
            actions,
        };
        self.order(&change)
    }
}
