//! The compact form, held against what it promises: whatever goes in comes out,
//! whatever else comes in is an error, and a thousand saves take little room.

use domain::compact::{pack, pack_row, unpack, unpack_row};
use domain::log::{CHAIN_START, LogEntry};
use domain::{Action, Change, ChangeId, DeviceId, Record, RecordId, Scope, Value, Verdict, Writer, merge};
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
        each <= 48.0,
        "{each} bytes for each edit, of which 19.5 are chance in its two ids; {} before zstd",
        batch.len()
    );
}

#[test]
fn a_row_takes_a_fraction_of_its_json() {
    let entry = log().remove(17);
    let (row, text) = (pack_row(&entry), json_length(&entry));
    assert_eq!(unpack_row(&row), Ok(entry), "a log entry comes back");
    assert!(row.len() <= 190, "a log entry: {} of {text}", row.len());
    let works = works();
    let (row, text) = (pack_row(&works), json_length(&works));
    assert_eq!(unpack_row(&row), Ok(works), "a record comes back");
    assert!(row.len() <= 500, "a record: {} of {text}", row.len());
}
