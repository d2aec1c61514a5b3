//! What a laptop's database costs, beside a floor measured in the same run.
//!
//! A save is held against a raw SQLCipher transaction, with the same settings,
//! that writes the same row and the same log entry; both in turn, so that both
//! meet the same disk. Lists and search run over 100,000 works. The room that
//! records and their log take is held against their JSON in two plain tables.
#![allow(clippy::print_stdout, reason = "printing is all it does")]

use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use domain::catalog::Kind;
use domain::log::{CHAIN_START, LogEntry};
use domain::page::Page;
use domain::{Action, Catalog, Change, ChangeId, DeviceId, Fields, RecordId, Scope, Verdict, Writer};
use rusqlite::params;
use serde_json::json;
use store::{Draft, Filter, ListQuery, Sort, Store};
use uuid::Uuid;

const KEY: store::Key = [7; 32];

/// Saves of each sort that are timed.
const SAVES: usize = 400;

/// Works in the list.
const WORKS: u64 = 100_000;

/// Works that are created and edited to see how much room they take, and how often each is edited.
const EDITED: u64 = 2_000;
const EDITS: u64 = 10;

/// Villages that they lie in.
const VILLAGES: u128 = 200;

fn main() {
    let wanted = std::env::args().nth(1).filter(|name| !name.starts_with('-')).unwrap_or_default();
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    if "save".contains(&wanted) {
        save(folder.path());
    }
    if "list search".contains(&wanted) {
        list_and_search(folder.path());
    }
    if "size".contains(&wanted) {
        size(folder.path());
    }
}

fn writer() -> Writer {
    Writer { device: DeviceId(Uuid::from_u128(1)), incarnation: 1 }
}

fn scope() -> Scope {
    Scope::parse("320902107").expect("nine digits")
}

/// A works of about 1 KB, as an official fills it in.
fn works(n: u64) -> Fields {
    const PLACES: [&str; 5] = ["李灶", "新冲", "洋桥", "东南", "北港"];
    const WORDS: [&str; 5] = ["生活污水管网工程", "垃圾收运点建设", "黑臭水体整治", "公共厕所改造", "畜禽粪污治理"];
    let (place, word) = (PLACES[(n % 5) as usize], WORDS[(n / 5 % 5) as usize]);
    let village = Uuid::from_u128(1_000 + u128::from(n) % VILLAGES).to_string();
    let note =
        "铺设管网，新建一体化处理设施，配套检查井和户用化粪池；完工后由镇里统一委托运维，每月巡查一次。".repeat(4);
    [
        ("number", json!(format!("GC-2026-A-{n:06}"))),
        ("village", json!(village)),
        ("name", json!(format!("盐东镇{place}村{word}（{n}号）"))),
        ("category", json!(["sewage", "waste", "black_odour", "other", "livestock"][(n / 5 % 5) as usize])),
        ("contract_amount", json!((n * 7_919) % 100_000_000)),
        ("planned_start", json!(format!("2026-{:02}-{:02}", n % 12 + 1, n % 28 + 1))),
        ("planned_end", json!(format!("2027-{:02}-{:02}", n % 12 + 1, n % 28 + 1))),
        ("households", json!(n % 400)),
        ("note", json!(note)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// The kind of works, read once: reading the catalog takes longer than what is measured.
fn kind() -> &'static Kind {
    static KIND: LazyLock<Kind> = LazyLock::new(|| Catalog::shipped().kind("works").expect("works ship").clone());
    &KIND
}

fn actions(n: u64) -> Vec<Action> {
    let mut actions = vec![Action::Create { state: Some("planned".to_owned()) }];
    actions.extend(kind().edit(&Fields::new(), &works(n)).expect("fields of works"));
    actions
}

fn draft(n: u64) -> Draft {
    Draft {
        change: ChangeId(Uuid::now_v7()),
        author: "张三".to_owned(),
        at: "2026-05-01T08:00:00+08:00".to_owned(),
        record: RecordId(Uuid::now_v7()),
        kind: "works".to_owned(),
        scope: scope(),
        actions: actions(n),
        number: None,
    }
}

fn save(folder: &Path) {
    let mut store = Store::open(&folder.join("save.db"), &KEY, Catalog::shipped()).expect("a new database");
    store.set_writer(writer()).expect("a writer");
    store.hold_scope(&scope()).expect("a scope");
    let raw = store::connect(&folder.join("raw.db"), &KEY).expect("a new database");
    raw.execute_batch(
        "CREATE TABLE record (id BLOB PRIMARY KEY, body TEXT); CREATE TABLE log (n INTEGER PRIMARY KEY, body TEXT);",
    )
    .expect("two plain tables");
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for n in 0..SAVES as u64 {
        let draft = draft(n);
        let started = Instant::now();
        let row = store.save(draft, |_, _| Ok(())).expect("saved");
        ours.push(started.elapsed());
        let shown = serde_json::to_string(&row.record).expect("JSON");
        let change = serde_json::to_string(&store.pending(row.record.id).expect("queued")[0].change).expect("JSON");
        let started = Instant::now();
        let tx = raw.unchecked_transaction().expect("begun");
        tx.prepare_cached("INSERT INTO record VALUES (?1, ?2)")
            .and_then(|mut s| s.execute(params![row.record.id.0, shown]))
            .expect("row");
        tx.prepare_cached("INSERT INTO log VALUES (?1, ?2)")
            .and_then(|mut s| s.execute(params![n, change]))
            .expect("entry");
        tx.commit().expect("on disk");
        floor.push(started.elapsed());
        while store.index_due(100).expect("indexed") > 0 {}
    }
    let (ours, floor) = (Times::of(ours), Times::of(floor));
    println!("save      ours {ours}   raw SQLCipher {floor}");
    verdict("save, ratio of medians", ratio(ours.median, floor.median), 1.3);
}

fn list_and_search(folder: &Path) {
    let mut store = Store::open(&folder.join("list.db"), &KEY, Catalog::shipped()).expect("a new database");
    store.set_writer(writer()).expect("a writer");
    println!("fill      {WORKS} works by the log in {:.1} s", fill(&mut store).as_secs_f64());
    let started = Instant::now();
    while store.index_due(1_000).expect("indexed") > 0 {}
    println!("index     {WORKS} works in {:.1} s", started.elapsed().as_secs_f64());

    let kind = kind();
    let sort = |field: &str, descending| Some(Sort { field: field.to_owned(), descending });
    let village = Filter::Field("village".to_owned(), json!(Uuid::from_u128(1_042).to_string()));
    let end = u32::try_from(WORKS).expect("a small number") - 50;
    for (name, filters, sort, offset) in [
        ("newest first", vec![], None, 0),
        ("by name", vec![], sort("name", false), 0),
        ("by amount, largest first", vec![], sort("contract_amount", true), 0),
        ("by name, middle page", vec![], sort("name", false), end / 2),
        ("by name, last page", vec![], sort("name", false), end),
        ("of one village", vec![village.clone()], sort("name", false), 0),
        ("of one category", vec![Filter::Field("category".to_owned(), json!("sewage"))], None, 0),
        ("of one state", vec![Filter::State("planned".to_owned())], None, 0),
    ] {
        let query = ListQuery { kind, filters, sort, limit: 50, offset };
        let times = repeat(50, || {
            let (_, rows) = store.list(&query).expect("listed");
            assert!(!rows.is_empty(), "a page of {name}");
        });
        println!("list      {name}: {times}");
        verdict(&format!("list {name}, median in ms"), times.median.as_secs_f64() * 1e3, 5.0);
    }
    for text in ["厕所", "黑臭", "李灶村公共", "GC-2026-A-000777", "灶"] {
        let times = repeat(50, || assert!(!store.search(text, 20).expect("searched").is_empty(), "{text} is there"));
        println!("search    {text}: {times}");
    }
    let times = repeat(50, || {
        store.save(draft(WORKS), |_, _| Ok(())).expect("saved");
        let started = Instant::now();
        while store.index_due(500).expect("indexed") > 0 {}
        started.elapsed()
    });
    println!("search    save and index: {times}");
    verdict("searchable after the save, p99 in ms", times.p99.as_secs_f64() * 1e3, 50.0);
}

/// How much room records and their log take after some edits each, beside a
/// plain table of the records' fields and a plain table of the changes.
fn size(folder: &Path) {
    let (ours, plain) = (folder.join("size.db"), folder.join("plain.db"));
    let mut store = Store::open(&ours, &KEY, Catalog::shipped()).expect("a new database");
    store.set_writer(writer()).expect("a writer");
    let floor = store::connect(&plain, &KEY).expect("a new database");
    floor
        .execute_batch(
            "CREATE TABLE record (id BLOB PRIMARY KEY, fields TEXT); CREATE TABLE log (n INTEGER PRIMARY KEY, body TEXT);",
        )
        .expect("two plain tables");
    let records: Vec<RecordId> = (0..EDITED).map(|_| RecordId(Uuid::now_v7())).collect();
    let (mut hash, mut before, mut page) = (CHAIN_START.to_owned(), CHAIN_START.to_owned(), Vec::new());
    for (seq, n) in (1..).zip(0..EDITED * (EDITS + 1)) {
        let (round, of) = (n / EDITED, n % EDITED);
        let change = Change {
            id: ChangeId(Uuid::now_v7()),
            writer: Writer { device: DeviceId(Uuid::from_u128(2 + u128::from(n) % 7)), incarnation: 1 },
            counter: n / 7 + 1,
            author: ["李四", "王芳", "张三丰"][(n % 3) as usize].to_owned(),
            at: format!("2026-{:02}-{:02}T{:02}:{:02}:07+08:00", round + 1, of % 28 + 1, 8 + of % 9, n % 60),
            record: records[usize::try_from(of).expect("small")],
            kind: "works".to_owned(),
            scope: scope(),
            seen: seq - 1,
            actions: if round == 0 { actions(of) } else { edit(round, of) },
        };
        let entry = LogEntry::chained(&hash, seq, change, Verdict::Accepted, None);
        hash.clone_from(&entry.hash);
        let body = serde_json::to_string(&entry.change).expect("JSON");
        floor.execute("INSERT INTO log (body) VALUES (?1)", [body]).expect("a row");
        page.push(entry);
        if page.len() == 1_000 {
            store.apply(&scope(), &Page::of(&before, &page, "").expect("entries"), 0).expect("applied");
            before.clone_from(&hash);
            page.clear();
        }
    }
    for id in records {
        let row = store.record(id).expect("a read").expect("there");
        let fields = serde_json::to_string(&row.record.fields).expect("JSON");
        floor.execute("INSERT INTO record VALUES (?1, ?2)", params![id.0, fields]).expect("a row");
    }
    let started = Instant::now();
    let audit = store.audit(&mut |_| {}).expect("read");
    assert!(audit.ok, "{:?}", audit.broken);
    println!("audit     {} entries in {:.2} s", audit.scopes[0].entries, started.elapsed().as_secs_f64());
    let started = Instant::now();
    let image = store.image().expect("an image");
    drop(Store::from_image(&image, store.catalog().clone()).expect("a store of it"));
    println!(
        "image     {} KB taken and opened in {:.2} ms",
        image.len() / 1_024,
        started.elapsed().as_secs_f64() * 1e3
    );
    drop(store);
    drop(floor);
    let (ours, plain) = (room(&ours), room(&plain));
    for (name, bytes) in &ours {
        println!("size      ours {name}: {} bytes for each record", bytes / EDITED);
    }
    for (name, bytes) in &plain {
        println!("size      plain {name}: {} bytes for each record", bytes / EDITED);
    }
    let total = |room: &[(String, u64)]| -> f64 { room.iter().map(|(_, bytes)| *bytes as f64).sum() };
    verdict("log and records after ten edits each, over plain tables", total(&ours) / total(&plain), 0.85);
}
/// One of ten edits, as they come: a few words, a figure, a date, a state, a group of fields.
fn edit(round: u64, n: u64) -> Vec<Action> {
    let fields = match round {
        1 => json!({"households": n % 300 + 20}),
        2 => {
            json!({"contract_number": format!("盐环合〔2026〕{n}号"), "contract_amount": n * 1_001, "contractor": "盐城市某某环境工程有限公司", "contract_date": "2026-03-18"})
        }
        3 => json!({"actual_start": format!("2026-04-{:02}", n % 28 + 1)}),
        4 => json!({"note": "管网已铺设过半，因雨停工三日，计划不变。"}),
        5 => json!({"keeper": "赵某某"}),
        6 => json!({"population": n % 900 + 60}),
        7 => json!({"pipe_length": format!("{}.5", n % 4_000)}),
        8 => json!({"planned_end": format!("2027-{:02}-15", n % 12 + 1)}),
        9 => return vec![Action::Move { to: "tendered".to_owned(), remark: None }],
        _ => json!({"content": format!("主管网{}米，化粪池{}座", n % 4_000, n % 90)}),
    };
    let fields: Fields = serde_json::from_value(fields).expect("fields");
    kind().edit(&Fields::new(), &fields).expect("fields of works")
}

/// The bytes that `record`, `log` and their indexes take in the file, by name.
fn room(path: &Path) -> Vec<(String, u64)> {
    let conn = store::connect(path, &KEY).expect("the database");
    conn.execute_batch("VACUUM").expect("no page half empty");
    let mut pages = conn
        .prepare(
            "SELECT name, SUM(pgsize) FROM dbstat
             WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name IN ('record', 'log')) GROUP BY name",
        )
        .expect("SQL");
    let pages = pages.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("pages");
    pages.collect::<rusqlite::Result<_>>().expect("pages")
}

/// The works as the district's log brings them. How long they took to be applied.
fn fill(store: &mut Store) -> Duration {
    let mut took = Duration::ZERO;
    let (mut hash, mut before, mut page) = (CHAIN_START.to_owned(), CHAIN_START.to_owned(), Vec::new());
    for n in 0..WORKS {
        let change = Change {
            id: ChangeId(Uuid::from_u128(10_000_000 + u128::from(n))),
            writer: Writer { device: DeviceId(Uuid::from_u128(2)), incarnation: 1 },
            counter: n + 1,
            author: "李四".to_owned(),
            at: "2026-05-01T08:00:00+08:00".to_owned(),
            record: RecordId(Uuid::now_v7()),
            kind: "works".to_owned(),
            scope: scope(),
            seen: 0,
            actions: actions(n),
        };
        let entry = LogEntry::chained(&hash, n + 1, change, Verdict::Accepted, None);
        hash.clone_from(&entry.hash);
        page.push(entry);
        if page.len() == 1_000 {
            let whole = Page::of(&before, &page, "").expect("entries");
            let started = Instant::now();
            store.apply(&scope(), &whole, 0).expect("applied");
            took += started.elapsed();
            before.clone_from(&hash);
            page.clear();
        }
    }
    took
}

/// Times of one thing done often.
struct Times {
    median: Duration,
    p99: Duration,
}

impl Times {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self { median: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
    }
}

impl std::fmt::Display for Times {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "median {:.3} ms, p99 {:.3} ms", self.median.as_secs_f64() * 1e3, self.p99.as_secs_f64() * 1e3)
    }
}

/// Does `work` often; where it says itself how long the part that counts took, that counts.
fn repeat<T: Measured>(times: usize, mut work: impl FnMut() -> T) -> Times {
    let one = |_| {
        let started = Instant::now();
        work().or(started.elapsed())
    };
    Times::of((0..times).map(one).collect())
}

trait Measured {
    fn or(self, whole: Duration) -> Duration;
}

impl Measured for () {
    fn or(self, whole: Duration) -> Duration {
        whole
    }
}

impl Measured for Duration {
    fn or(self, _whole: Duration) -> Duration {
        self
    }
}

fn ratio(ours: Duration, floor: Duration) -> f64 {
    ours.as_secs_f64() / floor.as_secs_f64()
}

fn verdict(what: &str, measured: f64, limit: f64) {
    let word = if measured <= limit { "ok" } else { "OVER" };
    println!("{word:<9} {what}: {measured:.2} (limit {limit})");
}
