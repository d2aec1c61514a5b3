//! Workbooks as offices lay them out: titles, merged cells, headings of two rows,
//! units said once for all, formulas that failed; and what a person says about them.

use std::collections::BTreeMap;

use domain::{Catalog, Refusal, Value};
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use serde_json::json;
use sheet::{CellError, Reading, Reason, SheetError, Table, Wishes, read};

/// The shipped catalog, read once: it is longer than any table here.
fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(Catalog::shipped);
    &CATALOG
}

fn table(bytes: &[u8], wishes: &Wishes) -> Table {
    let catalog = catalog();
    read("台账.xlsx", bytes, catalog.kind("works").expect("a shipped kind"), wishes).expect("a table of works")
}

fn values(table: &Table, field: &str) -> Vec<Value> {
    let value = |row: &sheet::Row| match table.cell(row, field) {
        Some(Reading::Value(value)) => value.clone(),
        Some(Reading::Empty) => Value::Null,
        other => panic!("a value was expected: {other:?}"),
    };
    table.rows.iter().map(value).collect()
}

fn write_rows(page: &mut Worksheet, from: u32, rows: &[&[&str]]) {
    for (row, cells) in (from..).zip(rows) {
        for (column, text) in (0_u16..).zip(*cells) {
            if let Ok(number) = text.parse::<f64>() {
                page.write_number(row, column, number).expect("a cell");
            } else if !text.is_empty() {
                page.write_string(row, column, *text).expect("a cell");
            }
        }
    }
}

/// A title over all columns, `单位：万元` once, two rows of headings, villages merged over their works.
fn ledger() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let format = Format::new();
    let page = workbook.add_worksheet();
    page.merge_range(0, 0, 0, 6, "2026年盐东镇农村环境整治工程台账", &format).expect("a title");
    page.write_string(1, 6, "金额单位：万元").expect("a cell");
    for (column, heading) in [(0, "序号"), (1, "行政村"), (2, "工程名称"), (3, "工程类别")] {
        page.merge_range(2, column, 3, column, heading, &format).expect("a heading of two rows");
    }
    page.merge_range(2, 4, 2, 5, "计划", &format).expect("a heading over two columns");
    page.write_string(3, 4, "开工").expect("a cell");
    page.write_string(3, 5, "完工").expect("a cell");
    page.merge_range(2, 6, 3, 6, "合同价", &format).expect("a heading");
    write_rows(
        page,
        4,
        &[
            &["1", "", "污水管网", "生活污水", "2026-03-01", "5月下旬", "12.5"],
            &["2", "", "垃圾房", "生活垃圾", "2026-04-01", "——", "3.25"],
            &["3", "正洋村委会", "清淤", "黑臭水体", "", "", "80"],
            &["4", "正洋村委会", "护坡", "黑臭水体", "", "", ""],
            &["合计", "", "", "", "", "", "95.75"],
        ],
    );
    page.merge_range(4, 1, 5, 1, "中东村委会", &format).expect("a village over two rows");
    page.merge_range(6, 6, 7, 6, "", &format).expect("an amount over two rows");
    page.write_number(6, 6, 80).expect("a cell");
    workbook.save_to_buffer().expect("a workbook")
}

#[test]
fn merged_cells_titles_and_headings_of_two_rows_are_read_as_they_are_meant() {
    let table = table(&ledger(), &Wishes::default());
    let named: BTreeMap<&str, &str> =
        table.columns.iter().map(|column| (column.field.as_str(), column.heading.as_str())).collect();
    assert_eq!(named["planned_start"], "计划/开工", "both rows together name the column");
    assert_eq!(named["planned_end"], "计划/完工");
    assert_eq!(values(&table, "village"), ["中东村委会", "中东村委会", "正洋村委会", "正洋村委会"]);
    assert_eq!(table.totals, [9], "the total is no works");
    let amount = |row: usize| table.cell(&table.rows[row], "contract_amount").expect("the column").clone();
    assert_eq!(amount(0), Reading::Value(json!(12_500_000)), "万元 is said once for all columns");
    for row in [2, 3] {
        let Reading::Refused(reason) = amount(row) else {
            panic!("80 万元 for both, or for each? {:?}", amount(row))
        };
        assert!(
            matches!(*reason, Reason::Cell(CellError::MergedAmount { ref rows, .. }) if rows == "7-8"),
            "an amount is not counted twice: {reason:?}"
        );
    }
    match table.cell(&table.rows[0], "planned_end") {
        Some(Reading::Offered(offered)) => {
            assert_eq!(offered.offers[0].value, "2026-05-31", "of the year in the title");
            assert!(offered.offers[0].reading.zh.contains("2026"), "and it says so");
        }
        other => panic!("下旬 is no day: {other:?}"),
    }
    assert_eq!(table.cell(&table.rows[1], "planned_end"), Some(&Reading::Empty), "a stroke says nothing");
}

#[test]
fn what_a_person_says_about_a_table_goes_before_what_its_names_say() {
    let text = "村,工程名称,工程类别,中标价,开工,说明,联系人\n中东,污水管网,污水,12.5,5月底,甲,张三\n";
    let catalog = catalog();
    let kind = catalog.kind("works").expect("a shipped kind");
    let plain = read("表.csv", text.as_bytes(), kind, &Wishes::default()).expect("a table");
    let unmatched: Vec<&str> = plain.unmatched.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(unmatched, ["中标价", "说明", "联系人"]);

    let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let wishes = Wishes {
        columns: map(&[("中标 价", "contract_amount"), ("说明", "note"), ("联系人", "")]),
        units: map(&[("中标价", "万元")]),
        meanings: [
            ("planned_start".to_owned(), map(&[("5月底", "2026-05-31")])),
            ("category".to_owned(), map(&[("污水", "sewage")])),
        ]
        .into(),
        ..Wishes::default()
    };
    let table = read("表.csv", text.as_bytes(), kind, &wishes).expect("a table");
    assert_eq!(values(&table, "contract_amount"), [json!(12_500_000)], "in the unit that was said");
    assert_eq!(values(&table, "planned_start"), ["2026-05-31"], "decided once, by the person");
    assert_eq!(values(&table, "category"), ["sewage"]);
    assert_eq!(values(&table, "note"), ["甲"]);
    assert!(table.unmatched.iter().all(|column| column.suggestions.is_empty()), "what is passed over is asked no more");
}

#[test]
fn headings_that_no_field_is_called_by_come_with_suggestions() {
    let text = "所在村,工程名称,合同总价款,施工单位名称,联系人\n中东村,污水管网,1,甲,乙\n";
    let catalog = catalog();
    let kind = catalog.kind("works").expect("a shipped kind");
    let table = read("表.csv", text.as_bytes(), kind, &Wishes::default()).expect("a table");
    let suggested: BTreeMap<&str, Option<&str>> = table
        .unmatched
        .iter()
        .map(|column| (column.heading.as_str(), column.suggestions.first().map(String::as_str)))
        .collect();
    assert_eq!(suggested["合同总价款"], Some("contract_amount"));
    assert_eq!(suggested["施工单位名称"], Some("contractor"));
    assert_eq!(suggested["联系人"], None, "nothing is suggested for the sake of it");
}

#[test]
fn a_formula_that_failed_refuses_its_cell_and_nothing_else() {
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet();
    write_rows(page, 0, &[&["工程名称", "合同价（万元）"], &["污水管网"], &["垃圾房", "3.25"]]);
    page.write_formula(1, 1, Formula::new("=1/0").set_result("#DIV/0!")).expect("a formula");
    let bytes = workbook.save_to_buffer().expect("a workbook");
    // The writer calls the result a text; Excel writes it as an error.
    let bytes = bent(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.replace("t=\"str\"", "t=\"e\""));
    let table = table(&bytes, &Wishes::default());
    match table.cell(&table.rows[0], "contract_amount") {
        Some(Reading::Refused(reason)) => {
            assert!(matches!(**reason, Reason::Cell(CellError::FormulaFailed { ref given, .. }) if given == "#DIV/0!"));
        }
        other => panic!("a failed formula is no amount: {other:?}"),
    }
    assert_eq!(table.cell(&table.rows[0], "name"), Some(&Reading::Value(json!("污水管网"))), "its row goes on");
    assert_eq!(table.cell(&table.rows[1], "contract_amount"), Some(&Reading::Value(json!(3_250_000))));
}

#[test]
fn the_sheet_that_is_asked_for_is_read_and_a_hidden_one_last() {
    let mut workbook = Workbook::new();
    for (name, works, hidden) in
        [("说明", "", false), ("旧", "旧工程", true), ("二季度", "管网", false), ("三季度", "清淤", false)]
    {
        let page = workbook.add_worksheet();
        page.set_name(name).expect("a name").set_hidden(hidden);
        if !works.is_empty() {
            write_rows(page, 0, &[&["工程名称", "整治类别"], &[works, "黑臭水体"]]);
        }
    }
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let first = table(&bytes, &Wishes::default());
    assert_eq!((first.sheet.as_str(), values(&first, "name")), ("二季度", vec![json!("管网")]));
    let asked = table(&bytes, &Wishes { sheet: Some("三季度".to_owned()), ..Wishes::default() });
    assert_eq!(values(&asked, "name"), ["清淤"]);
    let catalog = catalog();
    let nowhere = Wishes { sheet: Some("四季度".to_owned()), ..Wishes::default() };
    let refused = read("台账.xlsx", &bytes, catalog.kind("works").expect("a kind"), &nowhere);
    assert!(matches!(refused, Err(SheetError::NoHeader { .. })), "{refused:?}");
}

#[test]
fn days_that_there_are_not_refuse_their_cell_in_a_sentence() {
    let text = "工程名称,开工\n一,2026-02-30\n二,2026年13月1日\n三,31.2.2026\n";
    let catalog = catalog();
    let kind = catalog.kind("works").expect("a shipped kind");
    let table = read("表.csv", text.as_bytes(), kind, &Wishes::default()).expect("a table");
    for row in &table.rows {
        match table.cell(row, "planned_start") {
            Some(Reading::Refused(reason)) => assert!(
                matches!(**reason, Reason::Rule(Refusal::NoSuchDate { .. } | Refusal::WrongType { .. })),
                "{reason:?}"
            ),
            other => panic!("row {} is no day: {other:?}", row.number),
        }
    }
}

/// The workbook with one part of it changed.
fn bent(bytes: &[u8], path: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut source = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a ZIP");
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..source.len() {
        let mut entry = source.by_index(i).expect("an entry");
        let name = entry.name().expect("the name is UTF-8").into_owned();
        let mut content = String::new();
        entry.read_to_string(&mut content).expect("XML is text");
        if name == path {
            content = change(content);
        }
        target.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        target.write_all(content.as_bytes()).expect("memory");
    }
    target.finish().expect("a ZIP").into_inner()
}
