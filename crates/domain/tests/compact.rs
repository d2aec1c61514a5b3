//! The compact form, held against what it promises: whatever goes in comes out,
//! whatever else comes in is an error, and a thousand saves take little room.

use std::collections::BTreeMap;

use domain::compact::{CompactError, pack, pack_row, unpack, unpack_row};
use domain::log::{CHAIN_START, LogEntry};
use domain::{Action, Change, ChangeId, DeviceId, Record, RecordId, Refusal, Scope, Value, Verdict, Writer, merge};
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

/// Chance that is the same in every run, so that sizes are too.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// A UUIDv7 made at `millis`.
    fn id(&mut self, millis: u64) -> Uuid {
        let bits = u128::from(self.next()) << 64 | u128::from(self.next());
        let rest = bits & 0x0fff_3fff_ffff_ffff_ffff | 0x7000_8000_0000_0000_0000;
        Uuid::from_u128(u128::from(millis) << 80 | rest)
    }
}

const MARCH: u64 = 1_772_330_400;

fn at(second: u64) -> String {
    let hour = second / 3_600 % 8 + 9;
    format!("2026-03-{:02}T{hour:02}:{:02}:{:02}+08:00", second / 28_800 % 28 + 1, second / 60 % 60, second % 60)
}

fn scope() -> Scope {
    Scope::parse("320902107").expect("a township")
}

fn write(group: &str, values: &[(&str, Value)]) -> Action {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Action::Write { group: group.to_owned(), values }
}

/// A thousand offline edits, each of one field of another record.
fn edits() -> Vec<Change> {
    let mut chance = Chance(7);
    let writer = Writer { device: DeviceId(chance.id(MARCH * 1_000)), incarnation: 1 };
    let mut second = 0;
    let edit = |counter: u64| {
        second += 5 + chance.below(90);
        let millis = (MARCH + second) * 1_000 + chance.below(1_000);
        let created = MARCH * 1_000 - chance.below(30 * 86_400_000);
        let action = match counter % 4 {
            0 => write("population", &[("population", json!(chance.below(5_000)))]),
            1 => write("contract_amount", &[("contract_amount", json!(chance.below(90_000_000)))]),
            2 => write(
                "note",
                &[("note", json!(format!("管网铺设{}米，井盖缺失{}处", chance.below(900), chance.below(9))))],
            ),
            _ => write("phone", &[("phone", json!(format!("139{:08}", chance.below(100_000_000))))]),
        };
        Change {
            id: ChangeId(chance.id(millis)),
            writer,
            counter,
            author: "王秀兰".to_owned(),
            at: at(second),
            record: RecordId(chance.id(created)),
            kind: if counter % 4 == 1 { "works" } else { "village" }.to_owned(),
            scope: scope(),
            seen: 4_000 + counter / 300,
            actions: vec![action],
        }
    };
    (1..=1_000).map(edit).collect()
}

/// The same edits as the district ordered them.
fn log() -> Vec<LogEntry> {
    let mut previous = CHAIN_START.to_owned();
    let entry = |(change, seq)| {
        let entry = LogEntry::chained(&previous, seq, change, Verdict::Accepted, None);
        previous.clone_from(&entry.hash);
        entry
    };
    edits().into_iter().zip(4_001..).map(entry).collect()
}

/// A works of about 1 KB of JSON, created in one go and then edited and photographed.
fn works() -> Record {
    let mut chance = Chance(3);
    let base = edits().remove(0);
    let values: &[(&str, Value)] = &[
        ("name", json!("龙冈镇新冈村生活污水管网改造")),
        ("number", json!("GC-2026-A-17")),
        ("category", json!("sewage")),
        ("village", json!(chance.id(MARCH * 1_000).to_string())),
        ("contractor", json!("盐城市绿源环境工程有限公司")),
        ("planned_start", json!("2026-03-15")),
        ("planned_end", json!("2026-09-30")),
        ("households", json!(312)),
    ];
    let mut actions = vec![Action::Create { state: Some("draft".to_owned()) }];
    actions.extend(values.iter().map(|(name, value)| write(name, &[(name, value.clone())])));
    actions.push(write("place", &[("place", json!({"lon": 120.045_678, "lat": 33.391_2, "system": "cgcs2000"}))]));
    let create = Change { record: RecordId(chance.id(MARCH * 1_000)), actions, ..base };
    let photo = json!({"sha256": "ab".repeat(32), "name": "IMG_20260301_101530.jpg", "bytes": 2_381_204});
    let later = Change {
        at: at(50_000),
        counter: 9,
        id: ChangeId(chance.id(MARCH * 1_000 + 50_000_000)),
        actions: vec![
            write("funding", &[("total", json!(128_000_000)), ("own_funds", json!(30_000_000))]),
            Action::Add { field: "photos".to_owned(), items: vec![photo] },
            Action::Move { to: "tendered".to_owned(), remark: None },
        ],
        ..create.clone()
    };
    let (record, _) = merge(None, &create, 4_001);
    merge(Some(record), &later, 4_210).0
}

fn json_length(value: &impl serde::Serialize) -> usize {
    serde_json::to_vec(value).expect("our types are JSON").len()
}

fn compressed(batch: &[u8]) -> usize {
    zstd::bulk::compress(batch, 3).expect("in memory").len()
}

#[test]
fn a_thousand_edits_take_few_bytes_each_on_the_wire() {
    let batch = pack(&edits());
    assert_eq!(unpack::<Vec<Change>>(&batch), Ok(edits()), "what is sent is what is read");
    let each = compressed(&batch) as f64 / 1_000.0;
    assert!(
        each <= 33.0,
        "{each} bytes for each edit, of which 19.5 are chance in its two ids; {} before zstd",
        batch.len()
    );
}

#[test]
fn a_row_takes_a_fraction_of_its_json() {
    let entry = log().remove(17);
    let (row, text) = (pack_row(&entry), json_length(&entry));
    assert_eq!(unpack_row(&row), Ok(entry), "a log entry comes back");
    assert!(row.len() <= 205, "a log entry: {} of {text}", row.len());
    let works = works();
    let (row, text) = (pack_row(&works), json_length(&works));
    assert_eq!(unpack_row(&row), Ok(works), "a record comes back");
    assert!(row.len() <= 485, "a record: {} of {text}", row.len());
}

/// Texts that look like what the form knows, some of them only nearly.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec!["", "厕所", "note", "accepted", "@state", "王秀兰", "{", "\u{0}", "😀"]).prop_map(str::to_owned),
        2 => any::<u128>().prop_map(|bits| Uuid::from_u128(bits).to_string()),
        1 => any::<u128>().prop_map(|bits| Uuid::from_u128(bits).to_string().to_uppercase()),
        2 => "[0-9a-f]{15,18}|[0-9a-f]{64}|[0-9A-F]{32}|0?[0-9]{1,20}",
        2 => "(0000|1969|20[0-9]{2}|9999)-[01][0-9]-[0-3][0-9]",
        3 => "(0000|1969|20[0-9]{2}|9999)-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.][0-9]{1,10})?(Z|z|[+]08:00|[+-][0-2][0-9]:[0-6]0)",
        2 => ".{0,12}",
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        2 => any::<bool>().prop_map(Value::from),
        2 => (-70..70_i64).prop_map(Value::from),
        2 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => prop::sample::select(vec![i64::MIN, i64::MAX, 0, -1]).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        2 => (-99_999..99_999_i32).prop_map(|whole| Value::from(f64::from(whole) / 1_000.0)),
        1 => prop::sample::select(vec![0.0, -0.0, f64::MIN_POSITIVE, f64::MAX, 1e15, 0.1 + 0.2]).prop_map(Value::from),
        6 => texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 120, 20, |inner| {
        let key = prop_oneof![4 => "[a-d]".prop_map(String::from), 1 => texts()];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..6).prop_map(|object| object.into_iter().collect()),
        ]
    })
}

/// Equal down to the sign of zero, which `==` passes over.
fn same(left: &Value, right: &Value) -> bool {
    let texts = (left.to_string(), right.to_string());
    left == right && texts.0 == texts.1
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn whatever_goes_in_comes_out(value in values(), copies in 1..40_usize) {
        // The same value many times over, as rows of a column are.
        let many = Value::from(vec![value.clone(); copies]);
        for value in [&value, &many] {
            let batch: Value = unpack(&pack(value)).expect("our own bytes");
            prop_assert!(same(&batch, value), "a batch: {batch} was {value}");
            let row: Value = unpack_row(&pack_row(value)).expect("our own bytes");
            prop_assert!(same(&row, value), "a row: {row} was {value}");
        }
    }

    #[test]
    fn columns_of_one_sort_come_out(texts in prop::collection::vec(texts(), 0..60), numbers in prop::collection::vec(any::<i64>(), 0..60), narrow in prop::collection::vec(-9..9_i64, 0..60), floats in prop::collection::vec(any::<f64>(), 0..60)) {
        let value = json!([texts, numbers, narrow, floats]);
        let back: Value = unpack(&pack(&value)).expect("our own bytes");
        prop_assert!(same(&back, &value), "{back} was {value}");
    }

    #[test]
    fn bytes_from_anywhere_are_values_or_an_error(mark in prop::sample::select(vec![0xB1_u8, 0xC0]), bytes in prop::collection::vec(prop_oneof![0..24_u8, any::<u8>()], 0..80)) {
        // Whether it is read is all one; that it ends, and takes no more than it may, is not.
        let bytes = [vec![mark], bytes].concat();
        let read: Result<Value, CompactError> = if mark == 0xC0 { unpack_row(&bytes) } else { unpack(&bytes) };
        if let Ok(value) = read {
            let again: Value = unpack(&pack(&value)).expect("our own bytes");
            prop_assert!(same(&again, &value), "what was read can be written: {again} was {value}");
        }
    }
}

/// One change of every sort, with what a newer peer may add.
fn every_action() -> Vec<Action> {
    vec![
        Action::Create { state: None },
        Action::Create { state: Some("draft".to_owned()) },
        write("contract", &[("contract_amount", json!(128_000_000_i64)), ("contract_date", json!("2026-03-01"))]),
        write("note", &[("note", Value::Null)]),
        Action::Add {
            field: "photos".to_owned(),
            items: vec![json!({"sha256": "0f".repeat(32), "name": "a.jpg", "bytes": 7})],
        },
        Action::Remove { field: "problems".to_owned(), keys: vec!["sewage".to_owned(), "厕所".to_owned()] },
        Action::Move { to: "reported".to_owned(), remark: Some("材料齐全".to_owned()) },
        Action::Delete,
        Action::Restore,
        Action::Release { change: edits()[0].id },
        Action::Unknown(json!({"do": "annotate", "pins": [{"lon": 120.1, "lat": -0.0}, {}, null]})),
    ]
}

fn every_verdict() -> Vec<Verdict> {
    let refusal = Refusal::Locked { field: "contract".to_owned(), state: "approved".to_owned() };
    vec![
        Verdict::Accepted,
        Verdict::Merged,
        Verdict::Conflict { groups: vec!["@state".to_owned(), "note".to_owned()] },
        Verdict::Refused { refusal },
        Verdict::Waiting { missing: vec!["0f".repeat(32)] },
    ]
}

#[test]
fn our_own_types_come_out_as_they_went_in() {
    let mut changes = edits();
    for (change, action) in changes.iter_mut().zip(every_action()) {
        change.actions.push(action);
    }
    assert_eq!(unpack(&pack(&changes)).as_ref(), Ok(&changes), "changes of every sort as a batch");
    let mut previous = CHAIN_START.to_owned();
    let mut entries = Vec::new();
    let mut record = None;
    for (seq, change) in (1..).zip(changes.iter().take(11)) {
        assert_eq!(unpack_row(&pack_row(change)).as_ref(), Ok(change), "a change as a row");
        for verdict in every_verdict() {
            let entry = LogEntry::chained(&previous, seq, change.clone(), verdict, None);
            assert_eq!(unpack_row(&pack_row(&entry)).as_ref(), Ok(&entry), "an entry as a row");
            assert!(entry.follows(&previous), "its hash is over JSON, and knows nothing of this");
            previous.clone_from(&entry.hash);
            entries.push(entry);
        }
        let mut late = change.clone();
        late.record = changes[0].record;
        late.writer.incarnation = u32::try_from(seq % 3).expect("small");
        late.seen = 0;
        record = Some(merge(record, &late, seq).0);
        assert_eq!(unpack_row(&pack_row(&record)).as_ref(), Ok(&record), "a record as a row");
    }
    assert_eq!(unpack(&pack(&entries)).as_ref(), Ok(&entries), "a log as a batch");
    let conflicts = record.as_ref().map_or(0, |record| record.conflicts.len());
    assert!(conflicts > 0, "a record with conflicts was among them");
}

/// Whatever serde can say in JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Odd {
    nothing: (),
    letter: char,
    small: i8,
    single: f32,
    large: u128,
    pair: (u64, Option<bool>),
    numbered: BTreeMap<i16, Sort>,
    truths: BTreeMap<bool, Sort>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Sort {
    Unit,
    New(Id),
    Tuple(u8, String),
    Struct { z: f64, a: Vec<Sort> },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Id(String);

#[test]
fn any_type_of_serde_says_the_same_as_in_json() {
    let sorts = vec![Sort::Unit, Sort::New(Id("320902107".to_owned())), Sort::Tuple(7, "2026-03-01".to_owned())];
    let odd = Odd {
        nothing: (),
        letter: '镇',
        small: -8,
        single: 0.1,
        large: u64::MAX.into(),
        pair: (u64::MAX, None),
        numbered: (-1..).zip(sorts.clone()).collect(),
        truths: BTreeMap::from([(true, Sort::Struct { z: -0.0, a: sorts })]),
        rest: BTreeMap::from([("later".to_owned(), json!([{"b": 1, "a": null}]))]),
    };
    let json = serde_json::to_value(&odd).expect("JSON");
    assert_eq!(unpack::<Value>(&pack(&odd)).as_ref(), Ok(&json), "what is written is what JSON says");
    assert_eq!(unpack_row::<Odd>(&pack_row(&odd)), Ok(odd), "and is read as JSON is");
    let wrong = unpack::<Sort>(&pack(&json!({"New": "x", "Unit": null})));
    assert!(matches!(wrong, Err(CompactError::Unreadable(_))), "two variants at once are none: {wrong:?}");
}

#[test]
fn nothing_cut_or_bent_is_read_as_something_else_than_values_or_an_error() {
    let few: Vec<Change> = edits().into_iter().step_by(101).collect();
    let works = works();
    let (batch, row) = (pack(&few), pack_row(&works));
    for at in 0..batch.len() {
        assert!(unpack::<Value>(&batch[..at]).is_err(), "a batch cut at {at} is no batch");
    }
    for at in 0..row.len() {
        assert!(unpack_row::<Value>(&row[..at]).is_err(), "a row cut at {at} is no row");
    }
    assert_eq!(unpack::<Value>(&[batch.clone(), vec![0]].concat()), Err(CompactError::Damaged), "nothing may follow");
    let mut other = 0;
    for bit in 0..batch.len() * 8 {
        let mut bent = batch.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        other += usize::from(unpack::<Vec<Change>>(&bent).as_ref() != Ok(&few));
    }
    for bit in 0..row.len() * 8 {
        let mut bent = row.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        other += usize::from(unpack_row::<Record>(&bent).as_ref() != Ok(&works));
    }
    assert!(other > 5_000, "a bent bit changes what is read or ends as an error: {other}");
}

/// LEB128, as the form writes numbers.
fn leb(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
    out
}

#[test]
fn a_bomb_of_few_bytes_is_refused() {
    let zigzag = |value: u64| leb(value << 1);
    let many = zigzag(1 << 40);
    let head = vec![0xB1, 0];
    let array = |length: &[u8], items: &[u8]| [&head[..], &[13], length, items].concat();
    // A batch that repeats a text of a megabyte a thousand times; then nested arrays, a thousand in each.
    let long =
        [vec![0xB1, 1], zigzag(1 << 20), vec![b'x'; 1 << 20], vec![13], zigzag(1_000), vec![7, 0, 0, 0]].concat();
    let mut nested = vec![13];
    nested.extend(zigzag(1_000));
    for _ in 0..6 {
        nested.extend([13, 0]);
        nested.extend(zigzag(1_000));
        nested.push(0);
    }
    nested.push(0);
    let deep = [head.clone(), [13, 2].repeat(100_000), vec![0]].concat();
    // A thousand keys, the empty text each, in a million objects.
    let keys = [leb(1_000), vec![0; 1_000]].concat();
    let wide = [vec![0xB1, 1, 0, 13], zigzag(1_000_000), vec![14, 1, 0], keys, vec![0]].concat();
    let bombs = [
        ("a million million nulls", array(&many, &[0]), CompactError::TooLarge),
        ("as many equal numbers", array(&many, &[3, 0, 0, 0]), CompactError::TooLarge),
        ("as many empty objects", array(&many, &[14, 1, 1, 0]), CompactError::TooLarge),
        ("more texts than there are bytes", [vec![0xB1], leb(1 << 40)].concat(), CompactError::TooLarge),
        ("a long text, over and over", long, CompactError::TooLarge),
        ("arrays in arrays", [head.clone(), nested].concat(), CompactError::TooLarge),
        ("objects with many keys", wide, CompactError::TooLarge),
        ("a well without a bottom", deep, CompactError::Damaged),
    ];
    for (what, bomb, error) in bombs {
        assert_eq!(unpack::<Value>(&bomb), Err(error), "{what}");
    }
}

#[test]
fn values_nest_as_deep_as_json_text_may() {
    for (open, close) in [("[", "]"), ("[0,", "]"), ("{\"a\":", "}"), ("{\"a\":1,\"b\":", "}")] {
        let text = [open.repeat(127), "7".to_owned(), close.repeat(127)].concat();
        let value: Value = serde_json::from_str(&text).expect("127 deep");
        assert_eq!(unpack(&pack(&value)), Ok(value), "whatever JSON brought in can be passed on");
    }
}

#[test]
fn rows_of_older_databases_are_json_and_are_read() {
    let (works, entry) = (works(), log().remove(5));
    let json = |value: &Record| serde_json::to_vec(value).expect("our types are JSON");
    assert_eq!(unpack_row(&json(&works)), Ok(works), "a record of version 1");
    assert_eq!(unpack_row(&serde_json::to_vec(&entry).expect("JSON")), Ok(entry), "a log entry of version 1");
    let error = unpack_row::<Record>(b"{\"id\": 1}");
    assert!(matches!(error, Err(CompactError::Unreadable(_))), "JSON of something else: {error:?}");
    assert_eq!(unpack_row::<Value>(b"[1]"), Err(CompactError::Damaged), "no row ever began like this");
    assert_eq!(unpack::<Value>(b"{}"), Err(CompactError::Damaged), "a batch is never JSON");
    assert_eq!(unpack::<Value>(b""), Err(CompactError::Damaged), "nor nothing at all");
}

#[test]
fn a_form_of_tomorrow_is_told_from_damage() {
    let mut row = pack_row(&works());
    row[0] += 20;
    assert_eq!(unpack_row::<Record>(&row), Err(CompactError::Newer { mark: row[0] }));
    let mut batch = pack(&works());
    batch[0] += 1;
    assert_eq!(unpack::<Record>(&batch), Err(CompactError::Newer { mark: batch[0] }));
}
