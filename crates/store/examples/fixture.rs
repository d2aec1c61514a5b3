//! Makes the fixture of the laptop's database as this program writes it:
//! `cargo run -p nonghuan-store --example fixture`, once for each version, before
//! the next one's migration is written.
//!
//! It holds a little of everything: records of the log and of this laptop,
//! changes saved, sent and answered, a conflict, refusals inside and outside the
//! log, changes that wait and that were let pass, files, numbers, unsaved forms,
//! and what a newer peer wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::log::{CHAIN_START, LogEntry};
use domain::merge::hold;
use domain::page::Page;
use domain::record::Attachment;
use domain::{
    Action, Catalog, Change, ChangeId, DeviceId, Fields, Record, RecordId, Refusal, Scope, Value, Verdict, Writer,
    merge,
};
use serde_json::json;
use store::{Draft, Numbering, Receipt, Store};
use uuid::Uuid;

use contents::Contents;

#[path = "../tests/fixtures/contents.rs"]
mod contents;

/// The key of every fixture.
const KEY: store::Key = [7; 32];

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let made = folder.join("laptop-in-the-making.db");
    let contents = fill(&made);
    let conn = store::connect(&made, &KEY).expect("our own database");
    let version: u32 =
        conn.query_row("SELECT MAX(version) FROM refinery_schema_history", [], |row| row.get(0)).expect("its version");
    let name = |end: &str| -> PathBuf { folder.join(format!("laptop-v{version}.{end}")) };
    assert!(!name("db").exists(), "laptop-v{version}.db is there already; a released version's is never made anew");
    conn.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);").expect("one small file");
    drop(conn);
    std::fs::rename(&made, name("db")).expect("in its place");
    std::fs::remove_file(made.with_extension("lock")).expect("the lock is free");
    let text = serde_json::to_string_pretty(&contents).expect("JSON");
    std::fs::write(name("json"), text + "\n").expect("written");
}

fn here() -> Scope {
    Scope::parse("320902107").expect("a township")
}

fn shared() -> Scope {
    Scope::parse("320902").expect("a district")
}

fn own() -> Writer {
    Writer { device: DeviceId(Uuid::from_u128(1)), incarnation: 1 }
}

fn other() -> Writer {
    Writer { device: DeviceId(Uuid::from_u128(2)), incarnation: 1 }
}

fn edit(kind: &str, fields: &Value) -> Vec<Action> {
    let fields: Fields = serde_json::from_value(fields.clone()).expect("fields");
    Catalog::shipped().kind(kind).expect("a shipped kind").edit(&Fields::new(), &fields).expect("its fields")
}

fn created(kind: &str, fields: &Value) -> Vec<Action> {
    let state = Catalog::shipped().kind(kind).expect("a shipped kind").states.first().map(|state| state.name.clone());
    [vec![Action::Create { state }], edit(kind, fields)].concat()
}

fn file(n: u64) -> Attachment {
    Attachment { sha256: format!("{n:064x}"), name: format!("现场{n}.jpg"), bytes: 1_000 * n }
}

fn draft(record: RecordId, kind: &str, actions: Vec<Action>) -> Draft {
    Draft {
        change: ChangeId(Uuid::now_v7()),
        author: "王芳".to_owned(),
        at: "2026-03-01T08:00:00+08:00".to_owned(),
        record,
        kind: kind.to_owned(),
        scope: here(),
        actions,
        number: None,
    }
}

fn receipt(change: &Change, refusal: Option<Refusal>) -> Receipt {
    Receipt { counter: change.counter, change: change.id.mark(), seq: None, refusal }
}

/// The district's end of one scope.
struct Log {
    scope: Scope,
    entries: Vec<LogEntry>,
    records: BTreeMap<RecordId, Record>,
}

impl Log {
    fn page(&self) -> Page {
        Page::of(CHAIN_START, &self.entries, "").expect("there are entries")
    }

    fn new(scope: Scope) -> Self {
        Self { scope, entries: Vec::new(), records: BTreeMap::new() }
    }

    fn seq(&self) -> u64 {
        self.entries.len() as u64
    }

    fn enter(&mut self, change: &Change, verdict: Verdict) {
        let previous = self.entries.last().map_or(CHAIN_START.to_owned(), |entry| entry.hash.clone());
        self.entries.push(LogEntry::chained(&previous, self.seq() + 1, change.clone(), verdict, None));
    }

    fn order(&mut self, change: &Change) {
        let (record, verdict) = merge(self.records.remove(&change.record), change, self.seq() + 1);
        self.records.insert(change.record, record);
        self.enter(change, verdict);
    }

    /// Orders a change that waits for a file.
    fn hold(&mut self, change: &Change, missing: &Attachment) {
        let record = hold(self.records.remove(&change.record), change);
        self.records.insert(change.record, record);
        self.enter(change, Verdict::Waiting { missing: vec![missing.sha256.clone()] });
    }

    /// A change by another laptop, whose counters run over both scopes.
    fn other(&self, counter: u64, seen: u64, record: RecordId, kind: &str, actions: Vec<Action>) -> Change {
        Change {
            id: ChangeId(Uuid::now_v7()),
            writer: other(),
            counter,
            author: "李雷".to_owned(),
            at: "2026-03-02T08:00:00+08:00".to_owned(),
            record,
            kind: kind.to_owned(),
            scope: self.scope.clone(),
            seen,
            actions,
        }
    }
}

fn fill(path: &Path) -> Contents {
    let mut store = Store::open(path, &KEY, Catalog::shipped()).expect("a new database");
    store.set_writer(own()).expect("a writer");
    store.hold_scope(&here()).expect("a scope");
    store.hold_scope(&shared()).expect("a scope");
    let ids: Vec<RecordId> = (0..11).map(|_| RecordId(Uuid::now_v7())).collect();
    let &[township, village, other_village, works, contested, progress, application, newer, gone, new_works, founded] =
        ids.as_slice()
    else {
        unreachable!("eleven records")
    };
    let (mut common, mut log) = (Log::new(shared()), Log::new(here()));

    // What the other laptop wrote.
    common.order(&common.other(
        1,
        0,
        township,
        "township",
        created("township", &json!({"code": "320902107", "name": "黄尖镇"})),
    ));
    let fields = json!({"code": "320902107200", "name": "洋中村", "township": township, "households": 512,
        "sewage_rate": {"numerator": 300, "denominator": 512, "as_of": "2026-02-28"},
        "place": {"lon": 120.4, "lat": 33.5, "accuracy": 8, "system": "cgcs2000"}});
    log.order(&log.other(2, 0, village, "village", created("village", &fields)));
    let fields = json!({"code": "320902107201", "name": "新洋村", "township": township});
    log.order(&log.other(3, 1, other_village, "village", created("village", &fields)));
    let fields = json!({"village": village, "name": "洋中村污水管网", "category": "sewage", "note": "一期",
        "contract_amount": 1_250_000, "contractor": "某某建设", "photos": [file(1), file(2)]});
    log.order(&log.other(4, 2, works, "works", created("works", &fields)));
    let fields = json!({"village": village, "name": "厕所改造", "category": "other"});
    log.order(&log.other(5, 3, contested, "works", created("works", &fields)));
    let fields =
        json!({"name": "2026年整治", "year": 2026, "programme": "以奖促治", "works": [works], "files": [file(3)]});
    log.order(&log.other(6, 4, application, "application", created("application", &fields)));
    let seal: Action = serde_json::from_value(json!({"do": "sign", "seal": "红章"})).expect("any action");
    log.order(&log.other(7, 5, newer, "petition", vec![Action::Create { state: None }, seal]));
    let fields = json!({"code": "320902107202", "name": "并入他村", "township": township});
    log.order(&log.other(8, 6, gone, "village", created("village", &fields)));
    log.order(&log.other(9, 7, gone, "village", vec![Action::Delete]));
    let nobody = log.other(10, 8, works, "works", edit("works", &json!({"households": -1})));
    let refusal =
        Refusal::OutOfRange { field: "households".into(), given: "-1".into(), min: "0".into(), max: String::new() };
    log.enter(&nobody, Verdict::Refused { refusal: refusal.clone() });
    let wait = Action::Move { to: "village_notice".to_owned(), remark: Some("已公示七日".to_owned()) };
    let waits = log.other(11, 9, application, "application", vec![wait]);
    log.hold(&waits, &file(3));
    let build = Action::Move { to: "tendered".to_owned(), remark: None };
    let passes = log.other(12, 10, works, "works", vec![build]);
    log.hold(&passes, &file(1));
    store.apply(&shared(), &common.page(), 0).expect("applied");
    store.apply(&here(), &log.page(), 0).expect("applied");

    // What this laptop wrote and the district answered.
    let save = |store: &mut Store, draft: Draft| -> Change {
        let record = draft.record;
        store.save(draft, |_, _| Ok(())).expect("nothing forbids it");
        store.pending(record).expect("a read").pop().expect("queued").change
    };
    let accepted = save(&mut store, draft(works, "works", edit("works", &json!({"population": 1_800}))));
    let merged = save(&mut store, draft(works, "works", edit("works", &json!({"keeper": "赵某"}))));
    let collides = save(&mut store, draft(contested, "works", edit("works", &json!({"note": "我的说法"}))));
    let refused = save(&mut store, draft(village, "village", edit("village", &json!({"households": 0}))));
    let fields = json!({"works": works, "date": "2026-03-01", "percent": 35});
    let reported = save(&mut store, draft(progress, "progress", created("progress", &fields)));
    let elsewhere = json!({"code": "320902106200", "name": "邻镇村", "township": township});
    let outside = save(&mut store, draft(founded, "village", created("village", &elsewhere)));
    let sent = [&accepted, &merged, &collides, &refused, &reported, &outside].map(Clone::clone);
    store.mark_sent(&sent).expect("on their way");
    log.order(&accepted);
    log.order(&log.other(13, 12, works, "works", edit("works", &json!({"households": 88}))));
    log.order(&merged);
    log.order(&log.other(14, 12, contested, "works", edit("works", &json!({"note": "对方的说法"}))));
    log.order(&collides);
    log.enter(&refused, Verdict::Refused { refusal });
    log.order(&log.other(15, 18, works, "works", vec![Action::Release { change: passes.id }]));
    let why = Refusal::OutsideScope { given: "320902106".to_owned(), scopes: "320902107".to_owned() };
    let mut receipts: Vec<Receipt> = sent.iter().map(|change| receipt(change, None)).collect();
    receipts[5].refusal = Some(why);
    store.take_receipts(store.writer().expect("a writer"), &receipts).expect("taken");
    store.apply(&here(), &log.page(), 0).expect("applied"); // All but the progress, which stays answered.
    store.index_all().expect("lists and search");

    // What it wrote since: sent without an answer, and not sent.
    let on_its_way = save(&mut store, draft(village, "village", edit("village", &json!({"population": 1_799}))));
    store.mark_sent(&[on_its_way]).expect("on its way");
    let fields = json!({"village": village, "name": "垃圾收运点", "category": "waste"});
    let numbering = Numbering { series: "works-2026".to_owned(), pattern: "GC-2026-A-{n}".to_owned() };
    let new = Draft { number: Some(numbering), ..draft(new_works, "works", created("works", &fields)) };
    let _numbered = save(&mut store, new);
    let photo = Action::Add { field: "photos".to_owned(), items: vec![json!(file(4))] };
    let last = save(&mut store, draft(new_works, "works", vec![photo]));

    store.attachment_is_here(&file(1), Some("2026-02-27T10:11:12")).expect("kept");
    store.attachment_is_at_district(&file(1).sha256).expect("kept");
    store.attachment_is_here(&file(4), None).expect("kept");
    store.keep_draft("works.new", "2026-03-03T08:00:00+08:00", r#"{"name":"黑臭水"}"#).expect("kept");
    store.set_meta("letter", "A").expect("kept");
    let files: Vec<String> = (1..=4).map(|n| file(n).sha256).collect();
    Contents::read(&store, &ids, &files, last.counter + 1)
}
