//! `cargo xtask bench import`: a table of ten thousand works in 31 columns, checked
//! against what a laptop holds, agreed to, checked again and taken back; beside
//! what unpacking and parsing the file alone takes. While they are there: how long
//! such a laptop takes to open, and to say what a reviewer would ask of all its photos.
//!
//! The check says of every row whether it is new, changes something or is there
//! already; the import writes records and outbox in one transaction that is on disk
//! when it returns.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fs;
use std::hint::black_box;
use std::io::{BufReader, Cursor};
use std::path::Path;
use std::time::{Duration, Instant};

use app::{Enrolment, ImportAsked, ImportReport, Laptop};
use district::{Config, Location, NewCode, Server};
use domain::catalog::{Field, FieldType, Kind};
use domain::{Fields, Scope, Value};
use quick_xml::events::Event;
use serde_json::json;

/// Rows and columns of the table.
const ROWS: u32 = 10_000;
const COLUMNS: usize = 31;

/// Villages that the rows name.
const VILLAGES: u32 = 20;

/// How often what writes nothing is measured; the best counts, for a machine is never quicker than it is.
const ROUNDS: usize = 3;

fn main() {
    let wanted = std::env::args().nth(1).filter(|name| !name.starts_with('-')).unwrap_or_default();
    if !"import".contains(&wanted) {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    let mut laptop = laptop(folder.path());
    let works = laptop.catalog().kind("works").expect("a shipped kind").clone();
    let (first, second) = (table(&works, 0), table(&works, 1));
    let mut asked = ImportAsked { kind: "works".to_owned(), ..ImportAsked::default() };

    let floor = best(|| _ = black_box(events(&first)));
    let (new, seen) = checked(&laptop, &first, &asked);
    assert_eq!((seen.new, seen.rows.len()), (u64::from(ROWS), ROWS as usize), "every row is new: {:?}", seen.rows[0]);
    asked.agreed = Some(seen.plan);
    let (written, done) = timed(|| laptop.import_table("台账.xlsx", &first, &asked).expect("written"));
    assert_eq!(done.new, u64::from(ROWS));
    asked.agreed = None;
    let (same, again) = checked(&laptop, &first, &asked);
    assert_eq!(again.same, u64::from(ROWS), "the same file twice changes nothing: {:?}", again.rows[0]);
    let (changed, differs) = checked(&laptop, &second, &asked);
    assert_eq!(differs.changed, u64::from(ROWS), "every row, old and new: {:?}", differs.rows[0]);
    let (opened, twin) = timed(|| laptop.twin().expect("opened"));
    let (asked_of_all, findings) = timed(|| twin.findings(None).expect("looked at"));
    assert!(findings.findings.is_empty(), "none is under way yet, so none wants photos: {:?}", findings.findings[0]);
    drop(twin);
    let batch = done.batch.expect("something was written");
    let (undone, taken_back) = timed(|| laptop.undo_import(&batch).expect("taken back"));
    assert_eq!((taken_back.deleted, taken_back.left.len()), (u64::from(ROWS), 0));

    println!(
        "import    {ROWS} rows × {COLUMNS} columns, {} KB; inflate and parse alone {floor:.1?}",
        first.len() / 1024
    );
    for (what, took) in [
        ("checked, all new", new),
        ("agreed to, written on disk, listed and searchable", written),
        ("checked, all the same", same),
        ("checked, all changed", changed),
        ("taken back", undone),
    ] {
        println!("import    {what}: {took:.2?}, {:.1}× of the floor", took.as_secs_f64() / floor.as_secs_f64());
    }
    println!("works     {ROWS} on a laptop: opened in {opened:.2?}, findings of all in {asked_of_all:.2?}");
    #[cfg(target_os = "linux")]
    println!("import    at most {} MB of memory, the district's server in the same program", peak() >> 20);
}

fn checked(laptop: &Laptop, bytes: &[u8], asked: &ImportAsked) -> (Duration, ImportReport) {
    let check = || timed(|| laptop.check_import("台账.xlsx", bytes, asked).expect("a table"));
    std::iter::repeat_with(check).take(ROUNDS).min_by_key(|(took, _)| *took).expect("some rounds")
}

fn timed<T>(once: impl FnOnce() -> T) -> (Duration, T) {
    let started = Instant::now();
    let made = once();
    (started.elapsed(), made)
}

fn best(mut once: impl FnMut()) -> Duration {
    std::iter::repeat_with(|| timed(&mut once).0).take(ROUNDS).min().unwrap_or_default()
}

/// A laptop of a township with its villages.
fn laptop(folder: &Path) -> Laptop {
    let places = folder.join("places.csv");
    let mut list = "code,name,parent,level,kind\n320902107000,盐东镇,320902000000,4,镇\n".to_owned();
    for village in 0..VILLAGES {
        list.push_str(&format!("320902107{:03},{},320902107000,5,村委会\n", 200 + village, village_name(village)));
    }
    fs::write(&places, list).expect("written");
    let location = Location { data: folder.join("district"), ..Location::default() };
    let listen = "127.0.0.1:0".parse().expect("an address");
    let server = Server::start(&Config { location, listen }).expect("a server");
    server.district().load_places(&places, "样例").expect("places");
    let scope = Scope::parse("320902107");
    let new = NewCode { scope, role: "clerk".to_owned(), address: None, days: 1, person: None };
    let code = server.district().code(&new).expect("a code").code;
    let enrolment = Enrolment { code, name: "王芳".to_owned(), pin: "2468".to_owned() };
    let (mut laptop, _) = app::enrol(&folder.join("laptop"), &enrolment).expect("enrolled");
    laptop.exchange(&mut |_| {}).expect("its places");
    laptop
}

fn village_name(number: u32) -> String {
    format!("第{number}村委会")
}

/// The table as a township sends it, in the works' own first columns that a cell can hold;
/// `round` tells its amounts from those of another.
fn table(works: &Kind, round: u32) -> Vec<u8> {
    use FieldType as T;
    let fits = |field: &&Field| {
        let plain = matches!(field.field_type, T::Text | T::Integer | T::Decimal | T::Money | T::Date | T::Choice);
        !field.given && (field.name == "village" || plain)
    };
    let fields: Vec<&Field> = works.fields.iter().filter(fits).take(COLUMNS).collect();
    assert_eq!(fields.len(), COLUMNS);
    let names: Vec<String> = fields.iter().map(|field| field.name.clone()).collect();
    let row = |n: u32| fields.iter().map(|field| (field.name.clone(), value(field, n, round))).collect::<Fields>();
    sheet::write(works, &names, (0..ROWS).map(row), sheet::Language::Zh, &|_| None).expect("a workbook")
}

fn value(field: &Field, n: u32, round: u32) -> Value {
    match (field.name.as_str(), field.field_type) {
        ("village", _) => json!(village_name(n % VILLAGES)),
        ("name", _) => json!(format!("农村环境整治工程第{n}项")),
        (_, FieldType::Integer) => json!(field.min.unwrap_or(0) + i64::from(n % 90)),
        (_, FieldType::Money) => json!(i64::from(n) * 7_919 + 100 * i64::from(round)),
        (_, FieldType::Decimal) => json!(format!("{}.5", n % 90)),
        (_, FieldType::Date) => json!(format!("2026-{:02}-{:02}", n % 12 + 1, n % 28 + 1)),
        (_, FieldType::Choice) => json!(field.choices[(n as usize) % field.choices.len()].value),
        _ => json!(format!("盐东镇{}（{n}）", field.label.zh)),
    }
}

/// Every event of every part that holds the table.
fn events(bytes: &[u8]) -> usize {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a ZIP");
    let mut count = 0;
    for path in ["xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"] {
        let part = archive.by_name(path).expect("a part");
        let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(64 * 1024, part));
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match black_box(reader.read_event_into(&mut buffer).expect("XML")) {
                Event::Eof => break,
                _ => count += 1,
            }
        }
    }
    count
}

/// The most memory that this program ever had, in bytes.
#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel says");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
}
