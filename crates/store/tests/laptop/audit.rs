//! The audit finds whatever was altered beneath the program, and says where.

use domain::log::{CHAIN_START, LogEntry};
use domain::page::{Fill, Filled, Page};
use domain::{RecordId, Verdict};
use rusqlite::Connection;
use serde_json::json;
use store::{Audit, Fault, Receipt, connect};

use crate::desk::{Desk, KEY, Log, edit, here, own, works};

/// A laptop with six entries about two records, three of them its own, and two
/// changes that never went out.
struct Laptop {
    desk: Desk,
    ours: RecordId,
    theirs: RecordId,
}

impl Laptop {
    fn new() -> Self {
        let (mut desk, mut log) = (Desk::new(), Log::new());
        let ours = desk.add("works", &works("一号"));
        desk.set(ours, &json!({"note": "第一句"}));
        let theirs = RecordId(uuid::Uuid::now_v7());
        for change in desk.pending() {
            log.order(&change);
        }
        log.other(theirs, "works", crate::desk::creation("works", &works("二号")).actions);
        log.other(theirs, "works", edit("works", &domain::Fields::new(), &json!({"note": "旁人"})));
        log.other(ours, "works", edit("works", &domain::Fields::new(), &json!({"content": "管网"})));
        desk.store.apply(&here(), &log.page(0), 0).expect("applied");
        desk.set(ours, &json!({"note": "第二句"}));
        let refused = desk.pending().remove(0);
        log.refuse(&refused);
        desk.store.mark_sent(&[refused]).expect("on its way");
        desk.store.apply(&here(), &log.page(5), 0).expect("applied");
        desk.set(ours, &json!({"households": 12}));
        desk.set(theirs, &json!({"households": 13}));
        Self { desk, ours, theirs }
    }

    fn audit(&self) -> Audit {
        self.desk.store.audit(&mut |_| {}).expect("it can be read")
    }

    /// What the audit finds first after `spoil` had its way with the tables.
    fn spoilt(self, spoil: impl FnOnce(&Connection) -> rusqlite::Result<usize>) -> (Option<u64>, Fault) {
        let conn = connect(&self.desk.path(), &KEY).expect("a connection beside the program's");
        assert!(spoil(&conn).expect("altered") > 0, "something must have been altered");
        let audit = self.audit();
        assert!(!audit.ok);
        let [broken] = <[_; 1]>::try_from(audit.broken).expect("one fault, one word about it");
        (broken.seq, broken.fault)
    }
}

fn spoilt(sql: &str) -> (Option<u64>, Fault) {
    Laptop::new().spoilt(|conn| conn.execute(sql, []))
}

#[test]
fn a_laptop_that_was_let_alone_holds() {
    let laptop = Laptop::new();
    let mut heard = 0;
    let audit = laptop.desk.store.audit(&mut |entries| heard = entries).expect("it can be read");
    assert!(audit.ok && audit.broken.is_empty(), "{audit:?}");
    let scope = &audit.scopes[0];
    assert_eq!((&scope.scope, scope.entries, scope.past, scope.replayed), (&here(), 6, 0, true));
    assert_eq!(heard, 12, "each entry in its place, and with its record");
    assert_eq!(Some(&scope.hash), laptop.desk.store.scopes().expect("a read").first().map(|row| &row.hash));
}

#[test]
fn an_entry_that_was_altered_taken_out_or_put_in_is_named() {
    let broken = |seq| (Some(seq), Fault::ChainBroken);
    let swap = "UPDATE log SET body = (SELECT body FROM log AS other WHERE seq = 7 - log.seq) WHERE seq IN (3, 4)";
    assert_eq!(spoilt(swap), broken(3), "two swapped");
    assert_eq!(spoilt("DELETE FROM log WHERE seq = 3"), broken(4), "one taken out");
    assert_eq!(spoilt("UPDATE log SET record = zeroblob(16) WHERE seq = 2"), broken(2), "another record's now");
    let put_in = "INSERT INTO log SELECT scope, 7, record, body FROM log WHERE seq = 6";
    assert_eq!(spoilt(put_in), broken(7), "one put in at the end");
    assert_eq!(spoilt("DELETE FROM log WHERE seq = 6"), (None, Fault::HeadDiffers), "the last taken away");
    assert_eq!(spoilt("UPDATE scope SET hash = substr(hash, 3) || 'ab'"), (None, Fault::HeadDiffers), "another head");

    let altered = |conn: &Connection| {
        let (at, mut body): (i64, Vec<u8>) =
            conn.query_row("SELECT seq, body FROM log WHERE seq = 4", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let note = "旁人".as_bytes();
        let place = body.windows(note.len()).position(|window| window == note).expect("the words");
        body[place..place + note.len()].copy_from_slice("本人".as_bytes());
        conn.execute("UPDATE log SET body = ?2 WHERE seq = ?1", (at, body))
    };
    assert_eq!(Laptop::new().spoilt(altered), broken(4), "two characters of a remark");
}

#[test]
fn an_entry_that_cannot_be_read_is_named() {
    for body in ["zeroblob(100)", "zeroblob(3)", "'{}'", "17", "substr(body, 1, 60)"] {
        match spoilt(&format!("UPDATE log SET body = {body} WHERE seq = 3")) {
            (Some(3), Fault::EntryUnreadable { .. }) => {}
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn a_record_that_is_not_what_its_entries_make_is_named() {
    let laptop = Laptop::new();
    let theirs = laptop.theirs.0;
    let differs = |id: uuid::Uuid| (None, Fault::RecordDiffers { record: id.to_string() });
    let other_fields = |conn: &Connection| conn.execute("UPDATE record SET confirmed = shown WHERE id = ?1", [theirs]);
    assert_eq!(laptop.spoilt(other_fields), differs(theirs), "confirmed by nobody");

    let laptop = Laptop::new();
    let lost = laptop.ours.0;
    let forgotten = |conn: &Connection| conn.execute("UPDATE record SET known = 0 WHERE id = ?1", [lost]);
    assert_eq!(laptop.spoilt(forgotten), differs(lost), "the log has made it");

    let laptop = Laptop::new();
    let invented = uuid::Uuid::now_v7();
    let beside = |conn: &Connection| {
        conn.execute(
            "INSERT INTO record (id, kind, scope, sync, shown, known)
             SELECT ?1, kind, scope, 'district', shown, 1 FROM record LIMIT 1",
            [invented],
        )
    };
    assert_eq!(laptop.spoilt(beside), differs(invented), "no entry has made it");
}

#[test]
fn what_is_wrong_in_the_outbox_is_named() {
    let missing = |counter: &str| (None, Fault::CounterMissing { counter: counter.to_owned() });
    let differs = |counter: &str| (None, Fault::PendingDiffers { counter: counter.to_owned() });
    assert_eq!(spoilt("DELETE FROM outbox WHERE counter = 5"), missing("5"), "the last that was saved");
    assert_eq!(spoilt("UPDATE meta SET value = '9' WHERE name = 'nextCounter'"), missing("6"), "numbers left out");
    let moved = "INSERT INTO outbox (counter, change, record, body) SELECT 7, change, record, body FROM outbox LIMIT 1";
    assert_eq!(spoilt(moved), differs("7"), "a change under another number");
    assert_eq!(spoilt("UPDATE outbox SET body = zeroblob(9) WHERE counter = 4"), differs("4"), "no change at all");
    assert_eq!(spoilt("UPDATE meta SET value = '5' WHERE name = 'nextCounter'"), differs("5"), "its number is free");

    // A receipt without its entry, and then the entry without its change.
    let (mut desk, mut log) = (Desk::new(), Log::new());
    let id = desk.add("works", &works("一号"));
    let change = desk.pending().remove(0);
    let conn = connect(&desk.path(), &KEY).expect("a connection");
    conn.execute("CREATE TABLE aside AS SELECT * FROM outbox", []).expect("kept aside");
    log.order(&change);
    let receipt = Receipt { counter: change.counter, change: change.id.mark(), seq: Some(1), refusal: None };
    desk.store.take_receipts(own(), &[receipt]).expect("taken");
    assert!(desk.store.audit(&mut |_| {}).expect("readable").ok, "its entry is to come");
    desk.store.apply(&here(), &log.page(0), 0).expect("applied");
    assert!(desk.store.pending(id).expect("a read").is_empty());
    conn.execute("INSERT INTO outbox SELECT * FROM aside", []).expect("it waits again");
    let audit = desk.store.audit(&mut |_| {}).expect("readable");
    let fault = Fault::PendingInLog { counter: "1".to_owned(), change: change.id.to_string() };
    assert_eq!(audit.broken.iter().map(|broken| &broken.fault).collect::<Vec<_>>(), [&fault]);
}

/// The district's log from which a fill is taken after two of its entries.
fn filled(verdict: Option<Verdict>) -> (Desk, Log, Page) {
    let (mut desk, mut log, id) = (Desk::new(), Log::new(), RecordId(uuid::Uuid::now_v7()));
    log.other(id, "works", crate::desk::creation("works", &works("一号")).actions);
    log.other(id, "works", edit("works", &domain::Fields::new(), &json!({"note": "旁人"})));
    if let Some(verdict) = verdict {
        let entry = log.entries.remove(1);
        log.entries.push(LogEntry::chained(&log.entries[0].hash, 2, entry.change, verdict, None));
    }
    let mut record = None;
    for entry in &log.entries {
        record = Some(domain::merge(record, &entry.change, entry.seq).0);
    }
    let records = vec![Filled { told: 2, record: record.expect("made") }];
    let hash = log.entries[1].hash.clone();
    let fill = Fill { seq: 2, hash, seal: String::new(), after: None, records, done: true };
    assert_eq!(desk.store.fill(&here(), &fill).expect("taken"), 1);
    let past = Page::of(CHAIN_START, &log.entries[..2], "").expect("two entries");
    (desk, log, past)
}

#[test]
fn a_log_that_is_here_in_part_is_read_as_far_as_it_is_here() {
    let (mut desk, mut log, past) = filled(None);
    let id = log.entries[0].change.record;
    log.other(id, "works", edit("works", &domain::Fields::new(), &json!({"content": "管网"})));
    desk.store.apply(&here(), &log.page(2), 0).expect("the tail");
    let audit = desk.store.audit(&mut |_| {}).expect("readable");
    assert!(audit.ok, "{audit:?}");
    assert_eq!((audit.scopes[0].past, audit.scopes[0].entries, audit.scopes[0].replayed), (2, 1, false));

    desk.store.take_past(&here(), &past).expect("the history");
    let audit = desk.store.audit(&mut |_| {}).expect("readable");
    assert!(audit.ok, "{audit:?}");
    assert_eq!((audit.scopes[0].past, audit.scopes[0].entries, audit.scopes[0].replayed), (0, 3, true));
}

#[test]
fn a_verdict_that_the_rules_do_not_come_to_is_named_when_its_past_is_here() {
    let (mut desk, _, past) = filled(Some(Verdict::Merged));
    assert!(desk.store.audit(&mut |_| {}).expect("readable").ok, "nothing is here that could be held against it");
    desk.store.take_past(&here(), &past).expect("the history");
    let audit = desk.store.audit(&mut |_| {}).expect("readable");
    let fault = Fault::VerdictDiffers { kept: "merged".to_owned(), computed: "accepted".to_owned() };
    assert_eq!((audit.broken[0].seq, &audit.broken[0].fault), (Some(2), &fault));
}
