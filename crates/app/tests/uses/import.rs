//! Tables in and out.

use app::types::ImportReport;
use serde_json::json;

use crate::world::{World, add_works, code_of, fields, list, village};

const TABLE: &str = "村名,工程名称,整治类别,合同价,计划开工,处理规模\n\
    中东村委会,污水管网,生活污水,12.5万元,2026-03-01,12.50\n\
    正洋村委会,黑臭治理,黑臭水体,80000元,2026-04-01,\n\
    没有这个村,落空,生活污水,,,\n\
    中东村委会,坏日期,生活污水,,2026-02-30,\n\
    中东村委会,,生活污水,,,\n";

fn counts(report: &ImportReport) -> [u64; 4] {
    [report.new, report.changed, report.same, report.rejected]
}

fn reasons(report: &ImportReport) -> Vec<(u32, String)> {
    report.rows.iter().filter_map(|row| row.reason.as_ref().map(|reason| (row.row, reason.code.clone()))).collect()
}

#[test]
fn a_trial_writes_nothing_and_says_what_the_import_then_does() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let bytes = TABLE.as_bytes();
    let trial = laptop.import("工程.csv", bytes, "works", true).expect("a table");
    assert_eq!(counts(&trial), [2, 0, 0, 3]);
    assert!(list(&laptop, "works").is_empty(), "a trial writes nothing");
    assert_eq!(laptop.status().expect("a status").pending, 0);

    let done = laptop.import("工程.csv", bytes, "works", false).expect("a table");
    assert_eq!(counts(&done), counts(&trial));
    let named = [(4, "unknownReference".to_owned()), (5, "noSuchDate".to_owned()), (6, "required".to_owned())];
    assert_eq!(reasons(&done), named, "rows by their number in the file, each with its reason");
    let amounts: Vec<_> = list(&laptop, "works").iter().map(|works| works.fields["contract_amount"].clone()).collect();
    assert_eq!(amounts, [json!(8_000_000), json!(12_500_000)]);

    let pending = laptop.status().expect("a status").pending;
    let again = laptop.import("工程.csv", bytes, "works", false).expect("a table");
    assert_eq!(counts(&again), [0, 0, 2, 3], "the same file twice changes nothing");
    assert_eq!(laptop.status().expect("a status").pending, pending);

    let spelt = TABLE.replace(",12.50\n", ",12.5\n");
    let again = laptop.import("工程.csv", spelt.as_bytes(), "works", false).expect("a table");
    assert_eq!(counts(&again), [0, 0, 2, 3], "a spreadsheet drops the last zero of a decimal; that is no edit");
    let edited = TABLE.replace("12.5万元", "13万元");
    let changed = laptop.import("工程.csv", edited.as_bytes(), "works", false).expect("a table");
    assert_eq!(counts(&changed), [0, 1, 1, 3]);
    assert_eq!(list(&laptop, "works")[1].fields["contract_amount"], json!(13_000_000), "and is written");
    assert_eq!(list(&laptop, "works").len(), 2);
}

#[test]
fn what_is_exported_reads_back_as_the_same() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "厕所改造（含化粪池）").id;
    let values = json!({
        "contract_amount": 12_500_050, "capacity": "12.50", "planned_start": "2026-03-01", "note": "第一行\n第二行",
        "place": {"lon": 120.25, "lat": 33.5, "accuracy": 8, "system": "wgs84"}, "households": 0, "approval": "0012"
    });
    laptop.set(id, fields(values)).expect("saved");
    let works = [id.to_string()];
    let application = json!({"name": "整镇推进", "year": 2026, "works": works, "requested": 100});
    laptop.add("application", fields(application)).expect("saved");
    laptop.add("progress", fields(json!({"works": id, "date": "2026-05-01", "percent": 40}))).expect("saved");
    let village = village(&laptop);
    let rate = json!({"numerator": 3, "denominator": 7, "asOf": "2026-01-01", "basis": "户"});
    laptop.set(village, fields(json!({"sewage_rate": rate}))).expect("saved");
    for (kind, rows) in [("works", 1), ("village", 2), ("township", 1), ("application", 1), ("progress", 1)] {
        let path = world.path(&format!("{kind}.xlsx"));
        assert_eq!(laptop.export(kind, &path).expect("exported"), rows, "{kind}");
        let bytes = std::fs::read(&path).expect("the file");
        let report = laptop.import("表.xlsx", &bytes, kind, false).expect("a table");
        assert_eq!((counts(&report), reasons(&report)), ([0, 0, rows, 0], vec![]), "{kind}: {:?}", report.rows);
    }
}

#[test]
fn what_is_no_table_of_this_kind_is_refused_as_a_whole() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    for (name, bytes) in [("照片.xlsx", &b"\xff\xd8\xff\xe0 no table"[..]), ("空.csv", b""), ("空.xlsx", b"")] {
        laptop.import(name, bytes, "works", false).expect_err("no table");
    }
    assert_eq!(code_of(laptop.import("表.csv", TABLE.as_bytes(), "spaceship", false)), "unknownKind");
    assert_eq!(code_of(laptop.export("works", &world.path("没有/文件夹").join("\0"))), "fileUnwritable");
    assert!(list(&laptop, "works").is_empty());
}
