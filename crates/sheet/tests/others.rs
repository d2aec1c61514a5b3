//! Workbooks that other programs wrote, or that are made as they are known to
//! write them (`workbooks/SOURCES.md`).

use std::io::{Cursor, Read, Write};

use domain::{Catalog, Value};
use serde_json::json;
use sheet::template::{Answers, Ask, Filling, fill};
use sheet::{CellError, Reading, Reason, Table, Wishes, read};

/// The shipped catalog, read once: it is longer than any table here.
fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(Catalog::shipped);
    &CATALOG
}

fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/workbooks/{name}", env!("CARGO_MANIFEST_DIR"))).expect("a fixture")
}

fn table(name: &str, bytes: &[u8]) -> Table {
    read(name, bytes, catalog().kind("works").expect("a shipped kind"), &Wishes::default()).expect("a table of works")
}

/// The values of a column; what a cell refuses, as nothing.
fn column(table: &Table, field: &str) -> Vec<Value> {
    let value = |row| match table.cell(row, field) {
        Some(Reading::Value(value)) => value.clone(),
        _ => Value::Null,
    };
    table.rows.iter().map(value).collect()
}

fn failed_formula(table: &Table, row: usize) {
    match table.cell(&table.rows[row], "contract_amount") {
        Some(Reading::Refused(reason)) => assert!(
            matches!(&**reason, Reason::Cell(CellError::FormulaFailed { given, .. }) if given.contains("DIV/0")),
            "{reason:?}"
        ),
        other => panic!("a failed formula is no amount: {other:?}"),
    }
}

#[test]
fn an_old_xls_is_read_with_its_merges_its_days_since_1904_and_names_outside_gbk() {
    let bytes = file("工程台账-1904.xls");
    let table = table("工程台账.xls", &bytes);
    assert_eq!(table.sheet, "工程台账", "not the page of notes before it");
    assert_eq!(column(&table, "name"), ["污水管网", "垃圾收集房", "湖㳇沟清淤", "𬇙塘护坡"]);
    let villages = ["中东村委会", "中东村委会", "湖㳇社区居民委员会", "湖㳇社区居民委员会"];
    assert_eq!(column(&table, "village"), villages, "a merged cell is said of each of its rows");
    assert_eq!(column(&table, "planned_start"), ["2026-03-01", "2026-02-28", "2028-02-29", "1904-01-02"]);
    assert_eq!(column(&table, "planned_end"), [json!("2026-08-31"), json!(null), json!(null), json!(null)]);
    let amounts = [json!(12_500_000), json!(3_250_000), json!(null), json!(80_000_000)];
    assert_eq!(column(&table, "contract_amount"), amounts, "万元 said once, full-width digits among them");
    failed_formula(&table, 2);
    assert_eq!(table.totals, [9], "the total is no works");
}

#[test]
fn what_wps_calls_et_is_read_by_its_content() {
    let mut bytes = file("工程台账-1904.xls");
    let xls = table("工程台账.xls", &bytes);
    // The directory's first entry is the root; its class id stands 80 bytes in.
    let directory = u32::from_le_bytes(bytes[48..52].try_into().expect("four bytes")) as usize;
    let class = 512 * (directory + 1) + 80;
    assert_eq!(&bytes[class - 80..class - 72], "Root".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    bytes[class..class + 16].copy_from_slice(&[0x20, 0x08, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46]);
    let et = table("工程台账.et", &bytes);
    assert_eq!(et.rows, xls.rows);
}

#[test]
fn an_xlsx_as_wps_saves_it_is_read_like_any_other() {
    for name in ["工程台账-et.xlsx", "工程台账-et-windows.xlsx"] {
        let table = table(name, &file(name));
        assert_eq!(table.sheet, "Sheet1", "the list of pictures is hidden, and no table");
        assert_eq!(
            column(&table, "name"),
            ["污水管网", "垃圾收集房", "沟渠清淤"],
            "{name}: beyond its dimension of A1"
        );
        assert_eq!(column(&table, "village"), ["中东村委会", "中东村委会", "正洋村委会"]);
        assert_eq!(
            column(&table, "planned_start"),
            ["2026-03-01", "2026-02-28", "2028-02-28"],
            "its own form of a day"
        );
        assert_eq!(column(&table, "contract_amount"), [json!(12_500_000), json!(3_250_000), json!(null)]);
        failed_formula(&table, 2);
        assert_eq!(table.totals, [8]);
        assert!(table.unmatched.is_empty(), "a picture in a cell has no heading to ask about: {:?}", table.unmatched);
    }
}

#[test]
fn what_wps_itself_saved_is_read_with_its_rich_text_and_as_a_list_of_ours() {
    let works = catalog().kind("works").expect("a shipped kind");
    let genuine = file("wps-12.1-zh.xlsx");
    let columns = [("A   A  A".to_owned(), "name".to_owned())].into();
    let said = read("wps.xlsx", &genuine, works, &Wishes { columns, ..Wishes::default() }).expect("a table");
    assert_eq!(column(&said, "name"), ["B B B"], "five runs of type are one text, with the spaces between them");

    // A list put into its cells; its styles, parts and namespaces stay WPS's own.
    let row = |number: usize, cells: [&str; 3]| {
        let cells = ["A", "B", "C"].iter().zip(cells);
        let cells: String =
            cells.map(|(at, text)| format!("<c r=\"{at}{number}\" s=\"1\" t=\"str\"><v>{text}</v></c>")).collect();
        format!("<row r=\"{number}\" spans=\"1:3\">{cells}</row>")
    };
    let rows = [
        ["村名", "工程名称", "合同价（万元）"],
        ["中东村委会", "污水管网", "１２．５"],
        ["正洋村委会", "沟渠清淤", "3.25"],
    ];
    let rows: String = (3..).zip(rows).map(|(number, cells)| row(number, cells)).collect();
    for name in ["wps-12.1-zh.xlsx", "wps-12.2-en.xlsx"] {
        let table = table(name, &with_text(&file(name), "</sheetData>", &format!("{rows}</sheetData>")));
        assert_eq!(column(&table, "village"), ["中东村委会", "正洋村委会"], "{name}: below what stood there");
        assert_eq!(column(&table, "contract_amount"), [json!(12_500_000), json!(3_250_000)], "{name}");
    }
}

#[test]
fn a_template_that_wps_saved_is_filled_like_any_other() {
    // Into one that WPS itself saved: a text of its own becomes the placeholder.
    let template =
        with_text(&file("wps-12.2-en.xlsx"), "WPSText", "{{count:works}}项，{{sum:works.contract_amount|万元}}");
    let refused = fill("wps.xlsx", &template, &mut Three).expect_err("a count needs rows that say what is counted");
    assert!(refused.to_string().contains("A1"), "the cell is named: {refused}");
    let template = with_text(&file("wps-12.2-en.xlsx"), "WPSText", "{{works.name}}");
    let filled = fill("wps.xlsx", &template, &mut Three).expect("a template");
    let columns = [("第1项".to_owned(), "name".to_owned())].into();
    let works = catalog().kind("works").expect("a shipped kind");
    let said = read("填好.xlsx", &filled, works, &Wishes { columns, ..Wishes::default() }).expect("a table");
    assert_eq!(column(&said, "name"), ["第2项", "第3项"], "a row for each, in its own styles");

    let name = "工程台账-et-windows.xlsx";
    let template = with_text(&file(name), "污水管网", "{{works.name}}");
    let filled = fill(name, &template, &mut Three).expect("a template");
    let table = table("填好.xlsx", &filled);
    assert_eq!(column(&table, "name")[..3], ["第1项", "第2项", "第3项"], "a row for each works");
    assert_eq!(column(&table, "name").len(), 5, "and the rows below it move down");
}

/// Three works, by their numbers.
struct Three;

impl Answers for Three {
    fn rows(&mut self, kind: &str) -> Result<Option<usize>, String> {
        Ok((kind == "works").then_some(3))
    }

    fn filling(&mut self, ask: Ask<'_>) -> Result<Filling, String> {
        Ok(Filling::Text(format!("第{}项", ask.row.map_or(0, |row| row + 1))))
    }
}

/// The workbook with one of its texts changed.
fn with_text(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let mut source = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a ZIP");
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..source.len() {
        let mut entry = source.by_index(i).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut content = String::new();
        entry.read_to_string(&mut content).expect("XML is text");
        target.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        target.write_all(content.replace(from, to).as_bytes()).expect("memory");
    }
    target.finish().expect("a ZIP").into_inner()
}

/// Found by the fuzzer: a sector's worth of bytes gone wrong made the reader of old workbooks panic.
#[test]
fn an_old_xls_that_is_damaged_is_refused_and_ends_nothing() {
    let whole = file("工程台账-1904.xls");
    let works = catalog().kind("works").expect("a shipped kind");
    let mut refused = 0;
    for at in (0..whole.len() - 4).step_by(5) {
        let mut bytes = whole.clone();
        bytes[at..at + 4].fill(0xff);
        refused += usize::from(read("坏.xls", &bytes, works, &Wishes::default()).is_err());
    }
    assert!(refused > 20, "some bytes matter: {refused}");
}
