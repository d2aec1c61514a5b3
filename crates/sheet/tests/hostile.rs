//! Files that are broken, cut off or made to harm: a refusal, never a panic.

use domain::Catalog;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use sheet::{Language, SheetError, Table, Wishes, write};

/// The shipped catalog, read once: it is longer than any table here.
fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(Catalog::shipped);
    &CATALOG
}

fn read(name: &str, bytes: &[u8], kind: &domain::catalog::Kind) -> Result<Table, SheetError> {
    sheet::read(name, bytes, kind, &Wishes::default())
}

fn refused(name: &str, bytes: &[u8]) -> SheetError {
    let catalog = catalog();
    read(name, bytes, catalog.kind("works").expect("a shipped kind")).expect_err("this is no table of works")
}

fn sample() -> Vec<u8> {
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    let row = domain::Fields::from([("name".into(), "污水管网".into()), ("contract_amount".into(), 12_500_000.into())]);
    let columns = ["name", "contract_amount", "planned_start"].map(String::from);
    write(works, &columns, [row], Language::Zh, &|_| None).expect("a workbook")
}

#[test]
fn what_only_its_name_calls_a_workbook_is_refused() {
    for name in ["清单.xlsx", "清单.xls", "清单.ods"] {
        assert!(matches!(refused(name, b"plain text"), SheetError::NotATable { .. }), "{name}");
    }
    assert!(matches!(refused("图.csv", b"\x89PNG\r\n\x1a\n\0\0"), SheetError::NotATable { .. }), "a picture");
    assert!(matches!(refused("空.csv", b""), SheetError::TableEmpty { .. }), "nothing at all");
}

#[test]
fn an_encrypted_workbook_is_called_encrypted() {
    let mut bytes = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    bytes.resize(512, 0);
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(
        matches!(refused("密.xlsx", &bytes), SheetError::TableEncrypted { .. }),
        "it needs its password taken off first"
    );
}

#[test]
fn one_cell_in_the_last_corner_does_not_ask_for_all_the_cells_before_it() {
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet();
    page.write_string(0, 0, "工程名称").expect("a cell");
    page.write_string(1_048_575, 16_383, "角").expect("a cell");
    let bytes = workbook.save_to_buffer().expect("a workbook");
    assert!(matches!(refused("角.xlsx", &bytes), SheetError::TableTooLarge { .. }), "more columns than are read");
}

/// A workbook with these parts beside what every one has.
fn workbook(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::{Cursor, Write};
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relations = format!(
        "<Relationships><Relationship Id='a' Type='{RELATIONS}/worksheet' Target='sheet.xml'/>\
         <Relationship Id='b' Type='{RELATIONS}/sharedStrings' Target='strings.xml'/></Relationships>"
    );
    let book = "<workbook><sheets><sheet name='一' r:id='a'/></sheets></workbook>";
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let usual = [("xl/workbook.xml", book.as_bytes()), ("xl/_rels/workbook.xml.rels", relations.as_bytes())];
    for (name, content) in usual.iter().chain(parts) {
        target.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        target.write_all(content).expect("memory");
    }
    target.finish().expect("a ZIP").into_inner()
}

fn too_large(bytes: &[u8]) -> String {
    match refused("弹.xlsx", bytes) {
        SheetError::TableTooLarge { what, .. } => what,
        other => panic!("it is too large: {other}"),
    }
}

#[test]
fn a_bomb_is_unpacked_only_as_far_as_its_budget() {
    use std::io::{Cursor, Write};
    const SHEET: usize = 32 << 20;
    const SHEETS: usize = 10;
    assert!((SHEETS * SHEET) as u64 > 6 * sheet::MAX_BYTES, "more than is unpacked of any file");
    let mut one = zip::ZipWriter::new(Cursor::new(Vec::new()));
    one.start_file("one", zip::write::SimpleFileOptions::default()).expect("an entry");
    one.write_all(&vec![b' '; SHEET]).expect("memory");
    let mut one = zip::ZipArchive::new(one.finish().expect("a ZIP")).expect("a ZIP");
    const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let (mut sheets, mut relations) = (String::new(), String::new());
    for i in 0..SHEETS {
        sheets.push_str(&format!("<sheet name='{i}' r:id='r{i}'/>"));
        relations.push_str(&format!("<Relationship Id='r{i}' Type='{RELATIONS}/worksheet' Target='s{i}.xml'/>"));
    }
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("xl/workbook.xml", format!("<workbook><sheets>{sheets}</sheets></workbook>")),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>")),
    ] {
        target.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        target.write_all(content.as_bytes()).expect("memory");
    }
    // Packed once and copied, so that the test does not pack them all.
    for i in 0..SHEETS {
        let packed = one.by_index_raw(0).expect("the entry");
        target.raw_copy_file_rename(packed, format!("xl/s{i}.xml")).expect("memory");
    }
    let bytes = target.finish().expect("a ZIP").into_inner();
    assert!(bytes.len() < 1 << 20, "not a megabyte that unpacks to three hundred");
    assert_eq!(too_large(&bytes), "unpacked");
}

#[test]
fn a_long_text_in_every_cell_is_counted_as_often_as_it_is_said() {
    let strings = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(30_000));
    let cells = "<c t='s'><v>0</v></c>".repeat(400);
    let rows = format!("<worksheet><sheetData>{}</sheetData></worksheet>", format!("<row>{cells}</row>").repeat(10));
    let bytes = workbook(&[("xl/strings.xml", strings.as_bytes()), ("xl/sheet.xml", rows.as_bytes())]);
    assert!(bytes.len() < 10_000, "a few kilobytes say 360 megabytes of text");
    assert_eq!(too_large(&bytes), "text");
}

#[test]
fn a_quote_that_is_never_closed_is_named_by_its_row_and_searched_by_nobody() {
    let text =
        format!("行政村,工程名称\n中东村委会,管网\n正洋村委会,\"垃圾房\n{}", "洋桥村委会,清淤\n".repeat(400_000));
    match refused("引号.csv", text.as_bytes()) {
        SheetError::TableCellTooLong { row, .. } => assert_eq!(row, "3", "where the quote stands"),
        other => panic!("no cell is that long: {other}"),
    }
    let strings = format!("<sst><si><t>{}</t></si></sst>", "长".repeat(sheet::MAX_LETTERS + 1));
    let page = "<worksheet><sheetData><row r='7'><c t='s'><v>0</v></c></row></sheetData></worksheet>";
    let bytes = workbook(&[("xl/strings.xml", strings.as_bytes()), ("xl/sheet.xml", page.as_bytes())]);
    assert!(matches!(refused("长.xlsx", &bytes), SheetError::TableCellTooLong { row, .. } if row == "7"));
    // As many headings as there may be, each as long as one may be: comparing them takes no minutes.
    let heading = "a".repeat(sheet::MAX_LETTERS);
    let many = format!("行政村,工程名称{}\n", format!(",{heading}").repeat(490));
    let works = catalog().kind("works").expect("a shipped kind");
    let table = read("多.csv", many.as_bytes(), works).expect("two honest headings");
    assert_eq!(table.unmatched.len(), 490, "the others are named by nothing");
}

#[test]
fn the_last_column_of_every_row_does_not_ask_for_all_those_before() {
    let row = "<row><c/><c/><c r='SF1'/></row>".to_owned();
    let rows: String = (1..=20_000).map(|n| format!("<row r='{n}'><c r='RZ{n}'><v>1</v></c></row>")).collect();
    let bytes = workbook(&[("xl/sheet.xml", format!("<worksheet>{row}{rows}</worksheet>").as_bytes())]);
    assert_eq!(too_large(&bytes), "cells", "ten million empty cells");
}

#[test]
fn a_million_empty_columns_are_no_columns() {
    let empty = "<c/>".repeat(1_000_000);
    let head = "<row r='2'><c t='inlineStr'><is><t>工程名称</t></is></c></row>";
    let page = format!("<worksheet><sheetData><row r='1'>{empty}</row>{head}</sheetData></worksheet>");
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    let table = read("空.xlsx", &workbook(&[("xl/sheet.xml", page.as_bytes())]), works).expect("an honest heading");
    assert_eq!(table.columns.len(), 1, "the one column that says something");
}

#[test]
fn an_entity_is_never_expanded() {
    let page = "<!DOCTYPE w [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
                <worksheet><sheetData><row><c t='inlineStr'><is><t>工程名称</t></is></c></row>\
                <row><c t='inlineStr'><is><t>&b;</t></is></c></row></sheetData></worksheet>";
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    let table = read("笑.xlsx", &workbook(&[("xl/sheet.xml", page.as_bytes())]), works).expect("a table");
    let said = format!("{:?}", table.rows);
    assert!(!said.contains("aaaa"), "a thousand million laughs are one unknown letter: {said}");
}

#[test]
fn a_file_beyond_the_limit_is_refused_unread() {
    let bytes = vec![b'a'; usize::try_from(sheet::MAX_BYTES).expect("64 bits") + 1];
    assert!(matches!(refused("大.csv", &bytes), SheetError::TableTooLarge { .. }), "51 million letters");
}

#[test]
fn a_workbook_cut_off_anywhere_is_refused() {
    let whole = sample();
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    assert!(read("整.xlsx", &whole, works).is_ok(), "whole, it reads");
    for length in (0..whole.len()).step_by(97) {
        assert!(read("断.xlsx", &whole[..length], works).is_err(), "cut off at byte {length}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000), start in 0_usize..4) {
        let mut file = [&b""[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "工程名称,合同价\n".as_bytes()][start].to_vec();
        file.extend(bytes);
        let catalog = catalog();
        let works = catalog.kind("works").expect("a shipped kind");
        let _ = read("乱.csv", &file, works);
        let _ = read("乱.xlsx", &file, works);
    }

    #[test]
    fn a_workbook_with_wrong_bytes_never_panics(at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = sample();
        for (index, byte) in at {
            let i = index.index(bytes.len());
            bytes[i] = byte;
        }
        let catalog = catalog();
        let _ = read("坏.xlsx", &bytes, catalog.kind("works").expect("a shipped kind"));
    }
}
