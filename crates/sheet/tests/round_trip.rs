//! What is written is read back: the same values, from the same columns.

use std::io::{Cursor, Read};

use domain::{Catalog, Fields, Value};
use proptest::option;
use proptest::prelude::*;
use serde_json::json;
use sheet::{Language, Reading, Wishes, read, write};

/// The shipped catalog, read once: it is longer than any table here.
fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(Catalog::shipped);
    &CATALOG
}

const WORKS: [&str; 11] = [
    "number",
    "village",
    "name",
    "category",
    "place",
    "capacity",
    "households",
    "contract_amount",
    "planned_start",
    "planned_end",
    "note",
];
const VILLAGE: [&str; 6] = ["code", "name", "village_type", "income", "sewage_rate", "population"];

fn columns(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

fn text() -> impl Strategy<Value = String> {
    "[\u{4e00}-\u{9fa5}A-Za-z0-9（）、.%&<>\"'=+#-]{1,24}"
        .prop_filter("a total is passed over, and a stroke is nothing", |text| {
            !text.contains('计') && text.contains(|c: char| !"-/\\".contains(c))
        })
}

fn date() -> impl Strategy<Value = Value> {
    (1950..2100, 1..=12, 1..=28).prop_map(|(year, month, day)| json!(format!("{year}-{month:02}-{day:02}")))
}

fn decimal() -> impl Strategy<Value = Value> {
    (0_u32..1_000_000, 0_usize..4).prop_map(|(n, places)| {
        let scale = 10_u32.pow(u32::try_from(places).expect("small"));
        let (whole, part) = (n / scale, n % scale);
        json!(if places == 0 { whole.to_string() } else { format!("{whole}.{part:0places$}") })
    })
}

fn place() -> impl Strategy<Value = Value> {
    (-180.0..180.0, -90.0..90.0, option::of(0.0..500.0), prop::sample::select(vec!["wgs84", "gcj02", "cgcs2000"]))
        .prop_map(|(lon, lat, accuracy, system): (f64, f64, Option<f64>, _)| json!({"lon": lon, "lat": lat, "accuracy": accuracy, "system": system}))
}

fn rate() -> impl Strategy<Value = Value> {
    (0..10_000, 1..10_000, date(), "[\u{4e00}-\u{9fa5}（）]{0,8}").prop_map(|(numerator, denominator, as_of, basis)| {
        json!({"numerator": numerator, "denominator": denominator, "asOf": as_of, "basis": basis})
    })
}

prop_compose! {
    fn works()(
        name in text(), village in text(), note in option::of(text()), category in prop::sample::select(vec!["sewage", "waste", "other"]),
        place in option::of(place()), capacity in option::of(decimal()), households in option::of(0..1_000_000),
        amount in option::of(0..1_000_000_000_000_i64), start in option::of(date()), end in option::of(date()),
    ) -> Fields {
        let mut row = Fields::from([("name".into(), json!(name)), ("village".into(), json!(village)), ("category".into(), json!(category))]);
        let optional = [
            ("note", note.map(|v| json!(v))), ("place", place), ("capacity", capacity), ("households", households.map(|v| json!(v))),
            ("contract_amount", amount.map(|v| json!(v))), ("planned_start", start), ("planned_end", end),
        ];
        row.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        row
    }
}

prop_compose! {
    fn village()(code in "3209021[0-9]{5}", name in text(), income in option::of(0..10_000_000_i64), rate in option::of(rate())) -> Fields {
        let mut row = Fields::from([("code".into(), json!(code)), ("name".into(), json!(name)), ("village_type".into(), json!("weak"))]);
        row.extend(income.map(|fen| ("income".to_owned(), json!(fen))));
        row.extend(rate.map(|rate| ("sewage_rate".to_owned(), rate)));
        row
    }
}

fn there_and_back(kind: &str, names: &[&str], rows: &[Fields], language: Language) -> Vec<Fields> {
    let catalog = catalog();
    let kind = catalog.kind(kind).expect("a shipped kind");
    let bytes = write(kind, &columns(names), rows.to_vec(), language, &|_| None).expect("a workbook");
    let table = read("往返.xlsx", &bytes, kind, &Wishes::default()).expect("what was written is a table");
    assert!(table.unmatched.is_empty(), "every heading written is known: {:?}", table.unmatched);
    let columns = &table.columns;
    let values = |row: &sheet::Row| {
        let cells = columns.iter().zip(&row.cells).filter(|(_, cell)| **cell != Reading::Empty);
        let value = |cell: &Reading| match cell {
            Reading::Value(value) => value.clone(),
            other => panic!("a value was written: {other:?}"),
        };
        cells.map(|(column, cell)| (column.field.clone(), value(cell))).collect()
    };
    table.rows.iter().map(values).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn works_come_back_as_they_went(rows in prop::collection::vec(works(), 1..12), english in any::<bool>()) {
        let language = if english { Language::En } else { Language::Zh };
        prop_assert_eq!(there_and_back("works", &WORKS, &rows, language), rows);
    }

    #[test]
    fn villages_come_back_as_they_went(rows in prop::collection::vec(village(), 1..12)) {
        prop_assert_eq!(there_and_back("village", &VILLAGE, &rows, Language::Zh), rows);
    }
}

fn two_works() -> Vec<Fields> {
    [("一", 12_500_000_i64), ("二", 50)]
        .map(|(name, fen)| {
            Fields::from([
                ("name".into(), json!(name)),
                ("village".into(), json!("0190-id")),
                ("contract_amount".into(), json!(fen)),
            ])
        })
        .to_vec()
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    let make = || write(works, &columns(&WORKS), two_works(), Language::Zh, &|_| None).expect("a workbook");
    assert_eq!(make(), make(), "a package compiled twice is the same package");
}

#[test]
fn sums_are_formulas_with_their_value_and_references_show_titles() {
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    let names = |id: &str| (id == "0190-id").then(|| "新兴村".to_owned());
    let bytes = write(works, &columns(&["village", "name", "contract_amount"]), two_works(), Language::Zh, &names)
        .expect("a workbook");
    let part = |path: &str| {
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a workbook is a ZIP");
        let mut content = String::new();
        archive.by_name(path).expect("a part").read_to_string(&mut content).expect("XML is text");
        content
    };
    let page = part("xl/worksheets/sheet1.xml");
    assert!(page.contains("<f>SUM(D2:D3)</f><v>125000.50</v>"), "shown without recalculation: {page}");
    let texts = part("xl/sharedStrings.xml");
    assert!(texts.contains("新兴村") && !texts.contains("0190-id"), "people read titles, not ids");
    assert!(texts.contains("合同价（元）"), "the heading says the unit");
    let table = read("清单.xlsx", &bytes, works, &Wishes::default()).expect("a table");
    assert_eq!(table.totals, [4], "the sum is passed over when read back");
}

#[test]
fn a_column_that_is_no_field_is_refused() {
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    let refused = write(works, &columns(&["colour"]), two_works(), Language::Zh, &|_| None);
    assert!(matches!(refused, Err(sheet::SheetError::UnknownField { .. })), "{refused:?}");
}
