//! Tables in and out.

use app::{ImportAsked, ImportReport, Laptop};
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
    assert_eq!(again.batch, None, "and is no import that could be taken back");
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

/// A match that a person made, as the window sends it.
fn asked(kind: &str, matching: serde_json::Value) -> ImportAsked {
    let matching = serde_json::from_value(matching).expect("a match");
    ImportAsked { kind: kind.to_owned(), matching, ..ImportAsked::default() }
}

#[test]
fn what_a_name_or_a_date_may_mean_is_asked_once_and_the_answer_is_kept_for_next_month() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let table = "村,工程名称,工程类别,中标价,计划开工\n\
        盐东镇中东村,一号,生活污水,12.5,2026年5月底\n正洋,二号,生活污水,3,2026年5月底\n正样村,三号,生活污水,3,\n";
    let first = laptop.check_import("六月.csv", table.as_bytes(), &asked("works", json!({}))).expect("a table");
    let verdicts: Vec<&str> = first.rows.iter().map(|row| row.verdict.as_str()).collect();
    assert_eq!(verdicts, ["undecided"; 3]);
    let heading = first.headings.iter().find(|heading| heading.heading == "中标价").expect("it is said");
    assert_eq!(heading.field, None, "no field is called so");
    let date = first.questions.iter().find(|question| question.field == "planned_start").expect("a question");
    assert_eq!((date.rows, date.offers[0].value.as_str()), (2, "2026-05-31"), "asked once for both rows");
    let village = first.questions.iter().find(|question| question.field == "village").expect("a question");
    assert_eq!((village.given.as_str(), village.offers[0].value.as_str()), ("正样村", "320902107201"));
    assert!(village.offers[0].reading.zh.contains("盐东镇"), "with the place where it lies: {village:?}");
    assert!(list(&laptop, "works").is_empty(), "nothing is written before it is agreed to");

    let mut answered = asked(
        "works",
        json!({
            "columns": {"中标价": "contract_amount"}, "units": {"中标价": "万元"},
            "meanings": {"planned_start": {"2026年5月底": "2026-05-31"}, "village": {"正样村": "320902107201"}}
        }),
    );
    answered.save_template = Some("月报".to_owned());
    let done = laptop.import_table("六月.csv", table.as_bytes(), &answered).expect("imported");
    assert_eq!(counts(&done), [3, 0, 0, 0], "{:?}", done.rows);
    let works = list(&laptop, "works");
    let of = |name: &str| works.iter().find(|works| works.fields["name"] == name).expect("it is there").fields.clone();
    assert_eq!(of("一号")["village"], village_id(&laptop, "320902107200"), "中东村 of 盐东镇 is 中东村委会");
    assert_eq!(of("三号")["village"], village_id(&laptop, "320902107201"), "as the person said");
    assert_eq!(of("一号")["contract_amount"], json!(12_500_000), "in the unit that was said");

    let july = table.replace("三号", "四号").replace("12.5", "13");
    let template =
        ImportAsked { kind: "works".to_owned(), template: Some("月报".to_owned()), ..ImportAsked::default() };
    let next = laptop.import_table("七月.csv", july.as_bytes(), &template).expect("imported");
    assert_eq!(counts(&next), [1, 1, 1, 0], "no question is asked twice: {:?}", next.questions);
    let change = &next.rows[0].changes;
    assert_eq!(
        (change[0].before.clone(), change[0].after.clone()),
        (json!(12_500_000), json!(13_000_000)),
        "old → new"
    );
    let unknown = ImportAsked { template: Some("年报".to_owned()), ..template };
    assert_eq!(code_of(laptop.import_table("七月.csv", july.as_bytes(), &unknown)), "unknownTemplate");
}

fn village_id(laptop: &Laptop, code: &str) -> serde_json::Value {
    let village = list(laptop, "village").into_iter().find(|village| village.fields["code"] == code);
    json!(village.expect("a village").id)
}

#[test]
fn only_what_the_person_saw_is_written() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let mut agreed = asked("works", json!({}));
    let seen = laptop.check_import("工程.csv", TABLE.as_bytes(), &agreed).expect("a table");
    agreed.agreed = Some(seen.plan);
    let other = TABLE.replace("12.5万元", "13万元");
    assert_eq!(code_of(laptop.import_table("工程.csv", other.as_bytes(), &agreed)), "planChanged");
    assert!(list(&laptop, "works").is_empty(), "and nothing of it");
    laptop.import_table("工程.csv", TABLE.as_bytes(), &agreed).expect("this is what was agreed to");
}

#[test]
fn two_rows_that_say_two_things_of_one_record_are_told_apart_before_anything_is_written() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let table =
        "村名,工程名称,整治类别,合同价（元）\n中东村,管网,生活污水,1\n中东村,管网,生活污水,1\n中东村,管网,生活污水,2\n";
    let report = laptop.import("工程.csv", table.as_bytes(), "works", false).expect("a table");
    assert_eq!(counts(&report), [1, 0, 1, 1]);
    assert_eq!(reasons(&report), [(4, "rowTwice".to_owned())]);
    assert_eq!(list(&laptop, "works").len(), 1);
}

#[test]
fn an_import_is_taken_back_as_one_step_but_never_over_somebody_elses_work() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let old = add_works(&mut laptop, "老工程");
    let table = |rows: &str| format!("村名,工程名称,整治类别,合同价（元）,备注\n{rows}");
    let rows = "中东村委会,老工程,生活污水,100,新备注\n中东村委会,甲,生活污水,1,\n中东村委会,乙,生活污水,2,\n中东村委会,丙,生活污水,3,\n中东村委会,丁,生活污水,4,\n";
    let done = laptop.import("工程.csv", table(rows).as_bytes(), "works", false).expect("imported");
    assert_eq!(counts(&done), [4, 1, 0, 0]);
    let batch = done.batch.expect("something was written");
    let id = |laptop: &Laptop, name: &str| {
        list(laptop, "works").into_iter().find(|works| works.fields["name"] == name).expect("it is there").id
    };
    // Since then: one field of 老工程 was written, 乙 was edited, progress of 丙 was recorded, and 丁 is in a contract.
    laptop.set(old.id, fields(json!({"note": "现场核实"}))).expect("saved");
    let (second, third) = (id(&laptop, "乙"), id(&laptop, "丙"));
    laptop.set(second, fields(json!({"contract_amount": 5}))).expect("saved");
    laptop.add("progress", fields(json!({"works": third, "date": "2026-05-01", "percent": 40}))).expect("saved");
    let fourth = id(&laptop, "丁");
    let contract = json!({"works": old.id, "more_works": [fourth], "name": "施工合同", "sort": "construction"});
    laptop.add("contract", fields(contract)).expect("saved");

    let undone = laptop.undo_import(&batch).expect("taken back");
    assert_eq!((undone.deleted, undone.restored), (1, 1), "甲 goes, 老工程 has its old amount: {undone:?}");
    let left: Vec<(u32, &str)> = undone.left.iter().map(|left| (left.row, left.reason.code.as_str())).collect();
    assert_eq!(
        left,
        [(2, "writtenSince"), (4, "writtenSince"), (5, "builtOn"), (6, "builtOn")],
        "and it says what it left"
    );
    assert_eq!(undone.left[0].fields, ["note"]);
    let names: Vec<_> = list(&laptop, "works").iter().map(|works| works.fields["name"].clone()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    let shown = laptop.show(old.id).expect("it is there");
    assert_eq!(shown.fields.get("contract_amount").unwrap_or(&json!(null)), &json!(null), "as before");
    assert_eq!(shown.fields["note"], "现场核实", "nobody's work is undone");

    let again = laptop.undo_import(&batch).expect("nothing is left to do");
    assert_eq!((again.deleted, again.restored), (0, 0));
    assert_eq!(code_of(laptop.undo_import("nonsense")), "unknownImport");
    let known = laptop.imports().expect("a list");
    assert!(known[0].undone_at.is_some() && known[0].file == "工程.csv", "{known:?}");
    assert_eq!(known[0].standing, 3, "of the five rows 乙, 丙 and 丁 still stand, and that is said");
    let back = laptop.import("工程.csv", table(rows).as_bytes(), "works", true).expect("a table");
    assert_eq!(back.new, 1, "甲 can be imported anew");
}

#[test]
fn what_may_only_be_added_to_stays_when_its_import_is_taken_back_and_says_why() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    add_works(&mut laptop, "管网");
    let table = "整治工程,日期,形象进度\n管网,2026-05-12,45\n管网,2026-06-12,60\n";
    let done = laptop.import("进度.csv", table.as_bytes(), "progress", false).expect("a table");
    let undone = laptop.undo_import(&done.batch.expect("something was written")).expect("no failure, an answer");
    assert_eq!((undone.deleted, undone.restored), (0, 0), "an entry is corrected by a new one, never deleted");
    let left: Vec<(u32, &str)> = undone.left.iter().map(|left| (left.row, left.reason.code.as_str())).collect();
    assert_eq!(left, [(2, "appendOnly"), (3, "appendOnly")], "each row with its reason");
    let known = laptop.imports().expect("listed");
    assert_eq!(
        (known[0].undone_at.as_deref(), known[0].standing),
        (None, 2),
        "of which nothing was taken back, nothing is called taken back"
    );
    assert_eq!(list(&laptop, "progress").len(), 2, "both entries stand");
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
