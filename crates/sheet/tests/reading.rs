//! Tables as township offices keep them, read against the shipped catalog.

use domain::{Catalog, Refusal, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::json;
use sheet::{Reading, Reason, SheetError, Table, Wishes, read};

/// The shipped catalog, read once: it is longer than any table here.
fn catalog() -> &'static Catalog {
    static CATALOG: std::sync::LazyLock<Catalog> = std::sync::LazyLock::new(Catalog::shipped);
    &CATALOG
}

fn read_csv(kind: &str, text: &str) -> Result<Table, SheetError> {
    let catalog = catalog();
    read("表.csv", text.as_bytes(), catalog.kind(kind).expect("a shipped kind"), &Wishes::default())
}

fn reading<'t>(table: &'t Table, row: usize, field: &str) -> &'t Reading {
    table.cell(&table.rows[row], field).expect("the column is there")
}

fn cell(table: &Table, row: usize, field: &str) -> Value {
    match reading(table, row, field) {
        Reading::Value(value) => value.clone(),
        other => panic!("a value was expected: {other:?}"),
    }
}

fn refusal(table: &Table, row: usize, field: &str) -> Refusal {
    match reading(table, row, field) {
        Reading::Refused(reason) => match reason.as_ref() {
            Reason::Rule(refusal) => refusal.clone(),
            other => panic!("a rule was expected: {other:?}"),
        },
        other => panic!("a refusal was expected: {other:?}"),
    }
}

fn offers(table: &Table, row: usize, field: &str) -> Vec<String> {
    match reading(table, row, field) {
        Reading::Offered(offered) => offered.offers.iter().map(|offer| offer.value.clone()).collect(),
        other => panic!("an offer was expected: {other:?}"),
    }
}

#[test]
fn the_headings_are_found_below_titles_and_rows_keep_their_numbers() {
    let table = read_csv(
        "works",
        "亭湖区农村环境整治工程清单,,,,\n填报单位：南洋镇,,,单位：万元,\n\n序号,所在村,工程名称,工程类别,合 同 价（万元）,联系人\n\
         1,新兴村,污水管网,生活污水,12.5,张三\n,,,,,\n2,老舍村,垃圾房,waste,３．２５,\n合  计,,,,15.75,\n",
    )
    .expect("an ordinary list");
    let unmatched: Vec<&str> = table.unmatched.iter().map(|column| column.heading.as_str()).collect();
    assert_eq!(unmatched, ["联系人"], "what no field answers to is said, the row counter is not");
    assert_eq!(table.columns.len(), 4, "village, name, category, amount");
    assert_eq!(table.rows.len(), 2, "neither the empty row nor the total is a works");
    assert_eq!(table.totals, [8], "the total is passed over in the open");
    assert_eq!((table.rows[0].number, table.rows[1].number), (5, 7), "as the spreadsheet shows them");
    assert_eq!(cell(&table, 0, "contract_amount"), json!(12_500_000), "12.5 万元 in 分");
    assert_eq!(cell(&table, 1, "contract_amount"), json!(3_250_000), "full-width digits are digits");
    assert_eq!(cell(&table, 0, "category"), json!("sewage"), "a choice by its label");
    assert_eq!(cell(&table, 1, "category"), json!("waste"), "a choice by its value");
    assert_eq!(cell(&table, 0, "village"), json!("新兴村"), "a reference stays text for whoever knows the records");
}

#[test]
fn money_is_scaled_by_the_unit_that_stands_nearest_and_never_without_one() {
    let table =
        read_csv("works", "工程名称,合同价/元\na,125000\nb,12.5万元\nc,0.001\nd,\"1,200.50\"\n").expect("a list");
    assert_eq!(cell(&table, 0, "contract_amount"), json!(12_500_000), "yuan by the heading");
    assert_eq!(cell(&table, 1, "contract_amount"), json!(12_500_000), "the cell's own unit stands nearer");
    assert!(
        matches!(refusal(&table, 2, "contract_amount"), Refusal::WrongType { .. }),
        "finer than a 分 is not rounded"
    );
    assert_eq!(cell(&table, 3, "contract_amount"), json!(120_050), "commas between thousands");

    let table = read_csv("works", "工程名称,合同金额\na,12.5\nb,12.5万元\n").expect("a list");
    assert!(matches!(refusal(&table, 0, "contract_amount"), Refusal::WrongType { .. }), "12.5 what?");
    assert_eq!(cell(&table, 1, "contract_amount"), json!(12_500_000), "said in the cell");
}

#[test]
fn quantities_are_converted_to_the_fields_unit_or_refused() {
    let table =
        read_csv("works", "工程名称,管网长度(km),处理规模（吨/天）,受益户数（户）\na,1.25,50,120\nb,300米,5 亩,1.5\n")
            .expect("a list");
    assert_eq!(cell(&table, 0, "pipe_length"), json!("1250"), "kilometres are kept as metres");
    assert_eq!(cell(&table, 0, "capacity"), json!("50"), "one ton a day by another name");
    assert_eq!(cell(&table, 0, "households"), json!(120), "a whole number");
    assert_eq!(cell(&table, 1, "pipe_length"), json!("300"), "the cell's own unit");
    assert!(matches!(refusal(&table, 1, "capacity"), Refusal::WrongType { .. }), "亩 is no capacity");
    assert!(matches!(refusal(&table, 1, "households"), Refusal::WrongType { .. }), "half a household");
}

#[test]
fn dates_are_read_as_typed_and_vague_ones_are_reasons() {
    let table = read_csv(
        "works",
        "工程名称,开工日期\na,2025年5月3日\nb,2025.5.3\nc,2025/5/3\nd,20250503\ne,２０２５－０５－０３\nf,2025-05-03 08:30:00\n\
         g,2025年5月底\nh,2025年5月\ni,2025-02-30\nj,5月3日\nk,25.5.3\n",
    )
    .expect("a list");
    for row in 0..6 {
        assert_eq!(cell(&table, row, "planned_start"), json!("2025-05-03"), "row {row}");
    }
    assert_eq!(offers(&table, 6, "planned_start"), ["2025-05-31"], "offered, never taken");
    assert_eq!(offers(&table, 7, "planned_start"), ["2025-05-31", "2025-05-01"], "only a month");
    assert!(matches!(refusal(&table, 9, "planned_start"), Refusal::WrongType { .. }), "of which year?");
    assert_eq!(offers(&table, 10, "planned_start"), ["2025-05-03"], "a year of two digits");
    assert!(matches!(refusal(&table, 8, "planned_start"), Refusal::NoSuchDate { .. }), "February has no 30th");
}

#[test]
fn real_dates_are_read_in_both_calendars_of_excel() {
    let date = ExcelDateTime::from_ymd(2025, 5, 3).expect("a date");
    let mut workbook = Workbook::new();
    let page = workbook.add_worksheet();
    for (column, heading) in ["工程名称", "计划开工"].into_iter().enumerate() {
        page.write_string(0, u16::try_from(column).expect("two"), heading).expect("a cell");
    }
    page.write_string(1, 0, "污水管网").expect("a cell");
    page.write_datetime_with_format(1, 1, &date, &Format::new().set_num_format("yyyy/m/d")).expect("a cell");
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let catalog = catalog();
    let works = catalog.kind("works").expect("a shipped kind");
    let table = read("a.xlsx", &bytes, works, &Wishes::default()).expect("a workbook");
    assert_eq!(cell(&table, 0, "planned_start"), json!("2025-05-03"), "the calendar from 1900");

    let table = read("mac.xlsx", &in_the_calendar_of_1904(&bytes), works, &Wishes::default()).expect("a workbook");
    assert_eq!(cell(&table, 0, "planned_start"), json!("2029-05-04"), "the same serial is four years and a day later");
}

/// The workbook with the mark of the Macintosh calendar.
fn in_the_calendar_of_1904(bytes: &[u8]) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut source = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is a ZIP");
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..source.len() {
        let mut entry = source.by_index(i).expect("an entry");
        let name = entry.name().expect("the name is UTF-8").into_owned();
        let mut content = String::new();
        entry.read_to_string(&mut content).expect("XML is text");
        if name == "xl/workbook.xml" {
            assert!(content.contains("<workbookPr "), "the place for the mark");
            content = content.replace("<workbookPr ", "<workbookPr date1904=\"1\" ");
        }
        target.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        target.write_all(content.as_bytes()).expect("memory");
    }
    target.finish().expect("a ZIP").into_inner()
}

/// Names from the national list of 2023 that GBK cannot write, but GB18030 can.
const OUTSIDE_GBK: [&str; 5] = ["白䌷村村民委员会", "湖㳇镇", "茶㘵村委会", "莫𡐓村委会", "㮾梨街道"];

#[test]
fn text_in_gb18030_keeps_names_that_gbk_has_no_letter_for() {
    let names = OUTSIDE_GBK.join(",污水管网\n");
    let text = format!("行政村,工程名称\n{names},污水管网\n");
    let (bytes, _, lost) = encoding_rs::GB18030.encode(&text);
    assert!(!lost, "GB18030 writes every character");
    let catalog = catalog();
    let table =
        read("国标.csv", &bytes, catalog.kind("works").expect("a shipped kind"), &Wishes::default()).expect("a list");
    for (row, name) in OUTSIDE_GBK.into_iter().enumerate() {
        assert_eq!(cell(&table, row, "village"), json!(name), "not one letter lost");
    }
}

#[test]
fn tabs_semicolons_marks_and_quoted_lines_are_read() {
    for text in [
        "\u{feff}村名,区划代码\r\n新兴村,320902101201\r\n",
        "村名\t区划代码\n新兴村\t320902101201\n",
        "村名;区划代码\n新兴村;320902101201\n",
    ] {
        let table = read_csv("village", text).expect("a list");
        assert_eq!(cell(&table, 0, "code"), json!("320902101201"), "in {text:?}");
    }
    let table = read_csv("works", "\"工程\n名称\",备注\n一,\"第一行\n第二行\"\n\n二,无\n").expect("a list");
    assert_eq!(table.rows[1].number, 4, "a line inside quotes is no row, a blank line is one");
}

#[test]
fn rates_and_wrong_codes_carry_their_reasons() {
    let table = read_csv("village", "村名,区划代码,生活污水治理率\n新兴村,32090210120,60%\n老舍村,320902101202,\"12/50（24%，2024-12-31，户籍）\"\n")
        .expect("a list");
    assert!(matches!(refusal(&table, 0, "code"), Refusal::WrongDigits { .. }), "eleven digits");
    assert!(matches!(refusal(&table, 0, "sewage_rate"), Refusal::WrongType { .. }), "60 % of what, and when?");
    assert_eq!(
        cell(&table, 1, "sewage_rate"),
        json!({"numerator": 12, "denominator": 50, "asOf": "2024-12-31", "basis": "户籍"}),
        "the fraction counts, the percentage is derived"
    );
}

#[test]
fn a_position_that_no_receiver_had_refuses_its_cell_and_nothing_else() {
    let table =
        read_csv("village", "村名,位置\n甲,\"0, 0\"\n乙,0/0\n丙,\"120.45, 33.40\"\n丁,\"999, 33\"\n").expect("a list");
    assert!(matches!(refusal(&table, 0, "place"), Refusal::PlaceUnset { .. }), "off the coast of Africa");
    assert!(matches!(refusal(&table, 1, "place"), Refusal::WrongType { .. }), "divided by zero");
    assert_eq!(cell(&table, 2, "place")["lat"], json!(33.4), "the rest goes on");
    assert!(matches!(refusal(&table, 3, "place"), Refusal::OutOfRange { .. }), "not on the globe");
    let long = read_csv("village", &format!("村名,户籍户数\n甲,{}\n", "9".repeat(400))).expect("a list");
    match refusal(&long, 0, "households") {
        Refusal::WrongType { given, .. } => assert!(given.chars().count() < 70, "a sentence, not a page: {given}"),
        other => panic!("no number of households: {other}"),
    }
}

#[test]
fn a_table_without_headings_is_refused_with_the_kind_it_was_read_for() {
    let refused = read_csv("works", "一,二,三\n四,五,六\n");
    assert!(matches!(refused, Err(SheetError::NoHeader { ref kind, .. }) if kind == "works"), "{refused:?}");
}

#[test]
fn refusals_cross_the_border_as_code_and_fields() {
    let refused = read_csv("works", "").expect_err("nothing is no table");
    let crossing = serde_json::to_value(&refused).expect("an error is JSON");
    assert_eq!(crossing["code"], "tableEmpty", "the code keys the sentence");
    assert_eq!(crossing["fields"]["name"], "表.csv", "the fields fill its blanks");
}
