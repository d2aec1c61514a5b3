//! What a table of ten thousand works costs, beside a floor measured in the same run.
//!
//! Checking it (unpacking, finding the headings, and every cell as a value of its
//! field) is held against unpacking the same parts and reading the events of their
//! XML alone; writing it against the clock.
#![allow(clippy::print_stdout, reason = "printing is all it does")]

use std::hint::black_box;
use std::io::{BufReader, Cursor};
use std::time::{Duration, Instant};

use domain::catalog::{FieldType, Kind};
use domain::{Catalog, Fields, Value};
use quick_xml::events::Event;
use serde_json::json;
use sheet::{Language, Reading, Wishes};

/// Rows and columns of the table.
const ROWS: u32 = 10_000;
const COLUMNS: usize = 31;

/// Rounds of each; the quickest counts, since a machine only ever adds to the time.
const ROUNDS: usize = 9;

fn main() {
    let wanted = std::env::args().nth(1).filter(|name| !name.starts_with('-')).unwrap_or_default();
    if !"sheet table".contains(&wanted) {
        return;
    }
    let catalog = Catalog::shipped();
    let kind = wide(catalog.kind("works").expect("a shipped kind"));
    let columns: Vec<String> = kind.fields.iter().map(|field| field.name.clone()).collect();
    let rows: Vec<Fields> = (0..ROWS).map(|n| row(&kind, n)).collect();

    let (mut write, mut check, mut floor) = (Duration::MAX, Duration::MAX, Duration::MAX);
    let mut bytes = Vec::new();
    for _ in 0..ROUNDS {
        let owned = rows.clone();
        let started = Instant::now();
        bytes = sheet::write(&kind, &columns, owned, Language::Zh, &|_| None).expect("a workbook");
        write = write.min(started.elapsed());
    }
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let table = sheet::read("台账.xlsx", &bytes, &kind, &Wishes::default()).expect("a table");
        check = check.min(started.elapsed());
        assert_eq!(table.rows.len(), ROWS as usize, "every row is checked");
        assert_eq!(table.columns.len(), COLUMNS, "in every column");
        let values = table.rows.iter().flat_map(|row| &row.cells).filter(|cell| matches!(cell, Reading::Value(_)));
        assert_eq!(values.count(), ROWS as usize * COLUMNS, "and every cell is a value");
        let started = Instant::now();
        black_box(events(&bytes));
        floor = floor.min(started.elapsed());
    }
    let ratio = check.as_secs_f64() / floor.as_secs_f64();
    println!("sheet: {ROWS} rows × {COLUMNS} columns, {} KB", bytes.len() / 1024);
    println!("  check  {check:>10.1?}   inflate and parse alone {floor:>10.1?}   ratio {ratio:.2} (limit 1.5)");
    println!("  write  {write:>10.1?}   limit 1 s");
    assert!(ratio <= 1.5, "checked in more than one and a half times of reading its XML");
    assert!(write <= Duration::from_secs(1), "written in more than a second");
}

/// A kind with exactly so many columns: the works' own that fit into a cell, and notes.
fn wide(works: &Kind) -> Kind {
    let mut kind = works.clone();
    let fits = [
        FieldType::Text,
        FieldType::Integer,
        FieldType::Decimal,
        FieldType::Money,
        FieldType::Date,
        FieldType::Choice,
        FieldType::Reference,
    ];
    kind.fields.retain(|field| fits.contains(&field.field_type));
    kind.fields.truncate(COLUMNS);
    let note = works.field("note").expect("works have a note").clone();
    for n in kind.fields.len()..COLUMNS {
        let mut field = note.clone();
        field.name = format!("note_{n}");
        field.label.zh = format!("补充说明{n}");
        field.label.en = format!("Remark {n}");
        field.aliases.clear();
        kind.fields.push(field);
    }
    kind
}

fn row(kind: &Kind, n: u32) -> Fields {
    let value = |field: &domain::catalog::Field, i: u32| -> Value {
        match field.field_type {
            FieldType::Integer => json!(field.min.unwrap_or(0) + i64::from(n % 90)),
            FieldType::Money => json!(i64::from(n) * 7_919 + i64::from(i)),
            FieldType::Decimal => json!(format!("{}.5", n % 90)),
            FieldType::Date => json!(format!("2026-{:02}-{:02}", n % 12 + 1, (n + i) % 28 + 1)),
            FieldType::Choice => json!(field.choices[(n as usize) % field.choices.len()].value),
            _ => match field.digits {
                Some(digits) => json!(format!("{n:0>digits$}")),
                None => json!(format!("盐东镇第{}村{}（{n}）", n % 40, field.label.zh)),
            },
        }
    };
    (0..).zip(&kind.fields).map(|(i, field)| (field.name.clone(), value(field, i))).collect()
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
