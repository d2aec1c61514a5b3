//! Lists of places, and tables in and out.

use std::fs;
use std::path::{Path, PathBuf};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use nonghuan_tests::{Laptop, sample};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::office::{Office, each, last_month, month_of, sync, texts, village};

/// 中东村 keeps its code under a new one's name; 新冲村 is gone.
fn newer_list(office: &Office) -> PathBuf {
    let list = fs::read_to_string(sample("places.csv")).expect("the list");
    let renamed = list
        .replace("320902107200,中东村委会,320902107000,5,村委会", "320902107200,中东社区居委会,320902107000,5,居委会");
    let lines = renamed.lines().filter(|line| !line.starts_with("320902107214,"));
    let file = office.path("区划2024.csv");
    fs::write(&file, lines.map(|line| format!("{line}\n")).collect::<String>()).expect("written");
    file
}

#[test]
fn a_newer_list_of_places_reaches_the_laptops_and_no_earlier_name_is_lost() {
    let office = Office::new();
    let clerk = office.laptop("王芳", "clerk");
    let works = [&format!("village={}", village(&clerk, "320902107214")), "name=新冲沟", "category=black_odour"];
    let works = clerk.add("works", &[&works[..], &["planned_start=2023-05-01"]].concat()).expect("saved");

    let list = newer_list(&office);
    let load = ["--json", "places", "load", &list.to_string_lossy(), "--from", "2024-01-01", "--complete", "320902"];
    let loaded: Value = serde_json::from_str(&office.district.ask(&load).expect("loaded")).expect("JSON");
    assert_eq!((&loaded["codes"]["renamed"], &loaded["codes"]["ended"]), (&json!(1), &json!(1)), "{loaded}");
    let changes = office.district.ask(&["--json", "places", "changes"]).expect("a list");
    let changes: Value = serde_json::from_str(&changes).expect("JSON");
    let waits = each(&changes).iter().find(|one| one["change"].is_null()).expect("one waits for a person's word");
    assert_eq!(waits["code"], "320902107214", "no program guesses what became of a village");
    office.district.ask(&["places", "succeed", "320902107214", "320902107215", "--as", "merged"]).expect("said");

    sync(&clerk);
    let of = |query: &str, code: &str| -> Vec<Value> {
        let found = clerk.ask(&["place", "find", query]).expect("a search");
        each(&found).iter().filter(|place| place["code"] == code).cloned().collect()
    };
    for query in ["中东", "zhongdong", "zd", "320902107200"] {
        let found = of(query, "320902107200");
        let names: Vec<&str> = found.iter().filter_map(|place| place["name"].as_str()).collect();
        assert!(names.contains(&"中东社区居委会") && names.contains(&"中东村委会"), "`{query}` finds both: {names:?}");
    }
    let merged = of("xinchong", "320902107214");
    assert_eq!(merged[0]["validUntil"], "2024-01-01", "what has ended is found, and said to have ended");
    assert_eq!(texts(&merged[0]["successors"], "code"), ["320902107215"], "with what followed it");
    let then = clerk.ask(&["place", "show", "320902107200", "--on", "2023-06-01"]).expect("known");
    assert_eq!(then["place"]["name"], "中东村委会", "a paper of 2023 is read with the names of 2023");
    let lies = clerk.ask(&["place", "of", &works]).expect("its places");
    assert_eq!(lies[0]["place"]["name"], "新冲村委会", "and a works of then still lies where it lay");
}

/// A list as a township keeps it, saved by a spreadsheet.
fn messy(path: &Path, sewer: f64) -> Result<(), rust_xlsxwriter::XlsxError> {
    let mut workbook = Workbook::new();
    let (plain, date) = (Format::new(), Format::new().set_num_format("yyyy/m/d"));
    let sheet = workbook.add_worksheet().set_name("明细")?;
    sheet.merge_range(0, 0, 0, 5, "盐东镇2026年农村环境整治工程明细表", &plain)?;
    for (column, heading) in (0..).zip(["村名", "工程名称", "整治类别", "合同价（万元）", "计划开工", "计划完工"])
    {
        sheet.write_string(1, column, heading)?;
    }
    sheet.merge_range(2, 0, 3, 0, "中东村", &plain)?;
    let rows = [("污水管网", "生活污水"), ("垃圾收集房", "生活垃圾"), ("沟渠清淤", "黑臭水体"), ("氧化塘", "生活污水")];
    for (row, (name, category)) in (2..).zip(rows) {
        sheet.write_string(row, 1, name)?.write_string(row, 2, category)?;
    }
    sheet.write_string(4, 0, "洋桥")?.write_string(5, 0, "正样村")?;
    sheet.write_number(2, 3, sewer)?.write_number(3, 3, 8)?.write_string(4, 3, "３６．２")?;
    let march = ExcelDateTime::from_ymd(2026, 3, 1)?;
    sheet.write_datetime_with_format(2, 4, &march, &date)?.write_string(3, 4, "2026.3.5")?;
    sheet.write_string(4, 5, "2026年5月底")?;
    sheet.write_string(6, 0, "合计")?.write_formula(6, 3, "=SUM(D3:D6)")?;
    workbook.save(path)
}

#[test]
fn a_messy_table_is_checked_agreed_to_read_once_and_taken_back() {
    let office = Office::new();
    let clerk = office.laptop("王芳", "clerk");
    let path = office.path("整治工程明细.xlsx");
    messy(&path, 128.5).expect("a table");
    let file = path.to_string_lossy().into_owned();
    let import = |more: &[&str]| [&["import", &file, "--kind", "works"], more].concat().join("\u{1f}");
    let ask = |line: &str| clerk.ask(&line.split('\u{1f}').collect::<Vec<_>>()).expect("a table");
    let verdicts = |report: &Value| texts(&report["rows"], "verdict").join(" ");

    let first = ask(&import(&["--check"]));
    assert_eq!(verdicts(&first), "new new undecided undecided", "every row has its verdict: {first}");
    assert_eq!(first["totals"], json!([7]), "the row of totals is no works");
    let questions = each(&first["questions"]);
    let date = questions.iter().find(|one| one["field"] == "planned_end").expect("a question");
    assert_eq!(
        (&date["given"], &date["offers"][0]["value"]),
        (&json!("2026年5月底"), &json!("2026-05-31")),
        "a free-text date is offered, never guessed"
    );
    let near = questions.iter().find(|one| one["given"] == "正样村").expect("a question");
    assert!(texts(&near["offers"], "value").contains(&"320902107207"), "a mistyped village is offered 正洋村: {near}");
    assert!(clerk.list("works").expect("a list").is_empty(), "a check writes nothing");

    let answer = ["--means", "planned_end:2026年5月底=2026-05-31"];
    let seen = ask(&import(&[&["--check"], &answer[..]].concat()));
    assert_eq!(verdicts(&seen), "new new new undecided");
    let plan = seen["plan"].as_str().expect("a plan");
    messy(&path, 130.0).expect("somebody saves the table meanwhile");
    let agreed = import(&[&answer[..], &["--agreed", plan]].concat());
    let changed = clerk.refused(&agreed.split('\u{1f}').collect::<Vec<_>>()).expect("refused");
    assert_eq!(changed.code, "planChanged", "only what the person saw is written");
    messy(&path, 128.5).expect("the table as it was seen");
    let done = ask(&agreed);
    assert_eq!((&done["new"], &done["rejected"]), (&json!(3), &json!(1)), "the good rows go in, the other is named");
    let works = clerk.list("works").expect("a list");
    let of =
        |name: &str| works.iter().find(|one| one["fields"]["name"] == name).expect("it is there")["fields"].clone();
    let (sewer, house, mud) = (of("污水管网"), of("垃圾收集房"), of("沟渠清淤"));
    assert_eq!(sewer["contract_amount"], 128_500_000, "万元 in the heading, 分 in the record");
    assert_eq!(mud["contract_amount"], 36_200_000, "full-width digits are digits");
    assert_eq!(house["village"], sewer["village"], "a merged cell is said of each of its rows");
    assert_eq!(sewer["village"], json!(village(&clerk, "320902107200")), "中东村 is 中东村委会");
    assert_eq!((&sewer["planned_start"], &house["planned_start"]), (&json!("2026-03-01"), &json!("2026-03-05")));
    assert_eq!(mud["planned_end"], "2026-05-31", "as the person said");

    let again = ask(&import(&answer));
    assert_eq!((&again["new"], &again["changed"], &again["same"]), (&json!(0), &json!(0), &json!(3)), "no works twice");
    assert_eq!(again["batch"], Value::Null, "and no import that could be taken back");
    let batch = done["batch"].as_str().expect("the import's id");
    let undone = clerk.ask(&["import", "undo", batch]).expect("taken back");
    assert_eq!((&undone["deleted"], each(&undone["left"]).len()), (&json!(3), 0), "as one step");
    assert!(clerk.list("works").expect("a list").is_empty());
    sync(&clerk);
    assert!(office.district.list("works").expect("a list").is_empty(), "the district sees none of them either");
}

#[test]
fn the_districts_tables_are_filled_with_every_record_and_their_totals_add_up() {
    let office = Office::new();
    let clerk = office.laptop("王芳", "clerk");
    let table = office.path("整治工程明细.xlsx");
    messy(&table, 128.5).expect("a table");
    clerk.ask(&["import", &table.to_string_lossy(), "--kind", "works"]).expect("imported");
    let works = clerk.list("works").expect("a list");
    assert_eq!(works.len(), 2, "the two rows about which nothing is to be asked");
    let wrong = progress(&clerk, works[0]["id"].as_str().expect("an id"), "9000000", None);
    progress(&clerk, works[0]["id"].as_str().expect("an id"), "4000000", Some(&wrong));
    let (of, dated) =
        (format!("works={}", works[0]["id"].as_str().expect("an id")), format!("dated={}", last_month(12)));
    let money = ["fund", "add", "sort=arrived", "level=central", "amount=4万元", &of, &dated];
    let entered = clerk.ask(&money).expect("entered")["id"].as_str().expect("an id").to_owned();
    clerk.ask(&["fund", "reverse", &entered, "--dated", &last_month(13).to_string()]).expect("reversed");
    let water = [&format!("village={}", village(&clerk, "320902107200")), "name=中东中沟", "sort=ditch", "area=1200.5"];
    clerk.add("water_body", &water).expect("saved");

    let about = village(&clerk, "320902107200");
    let month = month_of(last_month(1));
    let filled = |template: &str, more: &[&str]| {
        let path = office.path(&format!("{template}-填好.xlsx"));
        let out = path.to_string_lossy().into_owned();
        let done = clerk.ask(&[&["export", "--template", template, "--out", &out], more].concat()).expect("exported");
        (done["records"].as_u64().expect("a number"), path)
    };
    for (template, more, records) in [
        ("工程台账", &[][..], 2),
        ("资金台账", &[], 2), // What was entered and what undoes it: money is never taken out of a ledger.
        ("月调度表", &["--month", &month], 2),
        ("黑臭水体清单", &[], 1),
        ("一村一档", &["--of", &about], 2),
    ] {
        let (written, path) = filled(template, more);
        assert_eq!(written, records, "{template}: every record, and none that a later entry replaced");
        let (values, totals) = totals(&path);
        let open: Vec<String> =
            values.used_cells().map(|(_, _, cell)| cell.to_string()).filter(|text| text.contains("{{")).collect();
        assert!(open.is_empty(), "{template}: no placeholder is handed in: {open:?}");
        for (formula, shown, sum) in &totals {
            assert!((shown - sum).abs() < 1e-9, "{template}: {formula} shows {shown}, its cells make {sum}");
        }
        if template == "工程台账" {
            let amounts: Vec<f64> = totals.iter().map(|(_, shown, _)| *shown).collect();
            assert!(amounts.contains(&136.5), "128.5 and 8 万元, as a formula that goes on adding: {totals:?}");
        }
    }
    let (_, path) = filled("工程台账", &[]);
    let back = clerk.ask(&["import", &path.to_string_lossy(), "--kind", "works", "--check"]).expect("a table");
    assert_eq!((&back["same"], &back["rejected"]), (&json!(2), &json!(0)), "what went out comes back as the same");
}

/// An entry of progress of last month.
fn progress(laptop: &Laptop, works: &str, received: &str, corrects: Option<&str>) -> String {
    let corrects = corrects.map(|id| format!("corrects={id}"));
    let fields = [format!("works={works}"), format!("date={}", last_month(12)), format!("received={received}")];
    let fields: Vec<&str> = fields.iter().chain(&corrects).map(String::as_str).chain(["percent=20"]).collect();
    laptop.add("progress", &fields).expect("saved")
}

/// The cells of the first sheet; and each sum down a column, with what it shows and what its cells make.
fn totals(path: &Path) -> (Range<Data>, Vec<(String, f64, f64)>) {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook that others can open");
    let values = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
    let name = book.sheet_names()[0].clone();
    let formulas = book.worksheet_formula(&name).expect("its formulas");
    let (top, left) = formulas.start().unwrap_or_default();
    let number = |row: u32, column: u32| values.get_value((row, column)).and_then(calamine::DataType::as_f64);
    let sums = formulas.used_cells().filter_map(|(row, column, formula)| {
        let rows = formula.strip_prefix("SUM(")?.strip_suffix(')')?.split_once(':')?;
        let row_of =
            |cell: &str| cell.trim_start_matches(|letter: char| letter.is_ascii_uppercase()).parse::<u32>().ok();
        let (first, last) = (row_of(rows.0)?, row_of(rows.1)?);
        let column = left + u32::try_from(column).ok()?;
        let shown = number(top + u32::try_from(row).ok()?, column)?;
        let sum = (first - 1..last).filter_map(|row| number(row, column)).sum();
        Some((formula.clone(), shown, sum))
    });
    let sums = sums.collect();
    (values, sums)
}
