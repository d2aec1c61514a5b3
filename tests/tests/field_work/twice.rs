//! The same works recorded on two laptops: found, joined, and taken apart again.

use std::path::Path;

use calamine::{Reader, Xlsx, open_workbook};
use nonghuan_tests::Laptop;
use serde_json::json;

use crate::office::{Office, YANGQIAO, ditch, each, sync_all, texts, village};

#[test]
fn the_same_works_of_two_laptops_is_found_joined_with_nothing_lost_and_taken_apart_again() {
    let office = Office::new();
    let (one, other) = (office.laptop("王芳", "clerk"), office.laptop("李雷", "clerk"));
    let kept = ditch(&one);
    progress(&one, &kept, "30");
    money(&one, &kept);
    let fields = [
        &format!("village={}", village(&other, YANGQIAO)),
        "name=洋桥村沟渠清淤工程",
        "category=black_odour",
        "content=清淤 1.2 公里",
    ];
    let joined = other.add("works", &fields).expect("saved");
    progress(&other, &joined, "45");
    money(&other, &joined);
    assert_eq!(one.ask(&["duplicates"]).expect("a search"), json!([]), "nobody can know yet");

    sync_all(&[&one, &other]);
    for laptop in [&one, &other] {
        let found = laptop.ask(&["duplicates"]).expect("a search");
        assert_eq!(each(&found).len(), 1, "both are offered the pair: {found}");
        assert_eq!((&found[0]["one"]["by"], &found[0]["other"]["by"]), (&json!("王芳"), &json!("李雷")), "whom to ask");
        assert!(texts(&found[0]["reasons"], "reason").contains(&"name"), "with what speaks for it: {found}");
    }
    let done = one.ask(&["join", &kept, &joined]).expect("joined");
    assert_eq!(done["kept"]["fields"]["content"], "清淤 1.2 公里", "what only the other knew is taken over");
    assert!(done["differing"].to_string().contains("name"), "what both knew differently is named: {done}");

    sync_all(&[&one, &other]);
    for laptop in [&one, &other] {
        assert_eq!(ids(laptop, "works"), std::slice::from_ref(&kept), "the ledger counts it once");
        assert_eq!(of_works(laptop, &kept), 2, "with the entries of both");
        assert_eq!(laptop.ask(&["duplicates"]).expect("a search"), json!([]), "and asks no more");
    }
    let ledger = office.path("资金台账.xlsx");
    let args = ["export", "--template", "资金台账", "--out", &ledger.to_string_lossy()];
    assert_eq!(one.ask(&args).expect("exported")["records"], 2);
    let name = one.ask(&["show", &kept]).expect("the works")["fields"]["name"].clone();
    let names = cells_with(&ledger, name.as_str().expect("a name"));
    assert_eq!(json!(names), json!([name, name]), "on paper too, both entries are of the works that was kept");
    let there = office.district.list("progress").expect("the district's list");
    assert_eq!(there.len(), 2, "the district has lost none either");

    other.ask(&["unjoin", &joined]).expect("taken apart, on the laptop that did not join them");
    sync_all(&[&other, &one]);
    for laptop in [&one, &other] {
        assert_eq!(ids(laptop, "works").len(), 2, "two again");
        assert_eq!((of_works(laptop, &kept), of_works(laptop, &joined)), (1, 1), "each with its own entry");
        let kept = laptop.ask(&["show", &kept]).expect("the works");
        assert!(kept["fields"].get("content").is_none_or(serde_json::Value::is_null), "what was taken is given back");
    }
    one.ask(&["distinct", &kept, &joined]).expect("noted");
    sync_all(&[&one, &other]);
    assert_eq!(other.ask(&["duplicates"]).expect("a search"), json!([]), "one answer is enough for everybody");
}

fn progress(laptop: &Laptop, works: &str, percent: &str) {
    let (works, percent) = (format!("works={works}"), format!("percent={percent}"));
    laptop.add("progress", &[&works, "date=2026-05-01", &percent]).expect("saved");
}

fn money(laptop: &Laptop, works: &str) {
    let entry = ["fund", "add", "sort=arrived", "level=central", "amount=4万元", "dated=2026-05-02"];
    laptop.ask(&[&entry[..], &[&format!("works={works}")]].concat()).expect("entered");
}

fn ids(laptop: &Laptop, kind: &str) -> Vec<String> {
    let records = laptop.list(kind).expect("a list");
    records.iter().map(|record| record["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// How many entries of progress a works has.
fn of_works(laptop: &Laptop, works: &str) -> u64 {
    let answer = laptop.ask(&["list", "progress", "--where", &format!("works={works}")]).expect("a list");
    answer["total"].as_u64().expect("a number")
}

/// The cells of the first sheet that begin so.
fn cells_with(path: &Path, beginning: &str) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook that others can open");
    let values = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
    values.used_cells().map(|(_, _, cell)| cell.to_string()).filter(|text| text.starts_with(beginning)).collect()
}
