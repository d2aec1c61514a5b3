//! Adding, editing, moving along, deleting, and looking at what was done.

use app::types::{Query, SyncState};
use serde_json::{Value, json};

use crate::world::{World, XINXING, accept, add_works, code_of, fields, list, refusal, sync, village};

#[test]
fn every_wrong_value_is_named_and_nothing_is_saved() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let village = village(&laptop).to_string();
    let good = json!({"village": village, "name": "污水管网", "category": "sewage"});
    let with = |name: &str, value: Value| {
        let mut fields = fields(good.clone());
        fields.insert(name.to_owned(), value);
        fields
    };
    let cases = [
        ("colour", json!("red"), "unknownField"),
        ("planned_start", json!("2026-02-30"), "noSuchDate"),
        ("planned_start", json!("明年"), "wrongType"),
        ("contract_amount", json!("很多"), "wrongType"),
        ("contract_amount", json!(12.5), "wrongType"),
        ("contract_amount", json!(-1), "outOfRange"),
        ("capacity", json!("8 吨"), "wrongType"),
        ("households", json!(-3), "outOfRange"),
        ("category", json!("castle"), "notAChoice"),
        ("place", json!({"lon": 200, "lat": 33}), "outOfRange"),
        ("place", json!({"lon": 120, "lat": 33, "system": "beijing54"}), "notAChoice"),
        ("photos", json!([{"sha256": "kurz", "name": "a", "bytes": 1}]), "wrongType"),
        ("name", json!("  "), "required"),
        ("village", json!(null), "required"),
        ("village", json!("没有这个村"), "unknownReference"),
        ("village", json!("01900000-0000-7000-8000-000000000000"), "unknownReference"),
        ("number", json!("GC-1"), "givenByProgram"),
    ];
    for (name, value, code) in cases {
        let (found, blanks) = refusal(laptop.add("works", with(name, value.clone())));
        assert_eq!(found, code, "{name} = {value}");
        assert_eq!(blanks["field"], name, "{name} = {value}: the field is named");
    }
    let add = |kind: &str, value: Value, laptop: &mut app::Laptop| code_of(laptop.add(kind, fields(value)));
    assert_eq!(add("spaceship", json!({}), &mut laptop), "unknownKind");
    let elsewhere = json!({"code": format!("{XINXING}299"), "name": "越界村"});
    assert_eq!(add("village", elsewhere, &mut laptop), "outsideScope");
    assert_eq!(add("village", json!({"code": "32090210729", "name": "短码村"}), &mut laptop), "wrongDigits");
    assert_eq!(add("township", json!({"code": "320902107", "name": "镇"}), &mut laptop), "notAllowed");
    assert_eq!(code_of(laptop.read_fields("works", [("planned_start", "2026-13-01")])), "noSuchDate");

    assert!(list(&laptop, "works").is_empty());
    assert_eq!(laptop.status().expect("a status").pending, 0, "nothing of it waits to be sent");
    let saved = laptop.add("works", fields(good)).expect("what is right is saved");
    for (name, value) in [("planned_start", json!("2026-02-30")), ("colour", json!(1)), ("name", json!(""))] {
        laptop.set(saved.id, fields(json!({name: value}))).expect_err("refused as well when it is edited");
    }
    assert_eq!(laptop.show(saved.id).expect("shown"), saved, "and it is as it was");
    let unknown = "01900000-0000-7000-8000-000000000000".parse().expect("an id");
    assert_eq!(code_of(laptop.show(unknown)), "unknownRecord");
    assert_eq!(code_of(laptop.set(unknown, fields(json!({"name": "x"})))), "unknownRecord");
    assert_eq!(laptop.status().expect("a status").pending, 1);
}

#[test]
fn a_name_that_means_two_is_asked_back_and_one_that_means_one_is_taken() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let twin = laptop.add("village", fields(json!({"code": "320902107299", "name": "正洋村委会"}))).expect("saved");
    assert_eq!(twin.fields["township"], json!("320902107"), "a code says its township");
    let works = |village: &str| fields(json!({"village": village, "name": "管网", "category": "sewage"}));
    let (code, blanks) = refusal(laptop.add("works", works("正洋村委会")));
    assert_eq!((code.as_str(), blanks["count"].as_str()), ("ambiguousReference", "2"));
    let by_code = laptop.add("works", works("320902107299")).expect("its code is its own");
    assert_eq!(by_code.fields["village"], json!(twin.id));
    let by_name = laptop.add("works", works("中东村委会")).expect("one has this name");
    assert_eq!(by_name.names[by_name.fields["village"].as_str().expect("an id")], "中东村委会");
}

#[test]
fn numbers_count_on_and_carry_the_laptops_letter() {
    let world = World::new();
    let (mut a, mut b) = (world.laptop("甲"), world.laptop("乙"));
    let number = |shown: &app::types::Shown| shown.fields["number"].as_str().expect("a number").to_owned();
    let first = number(&add_works(&mut a, "一"));
    assert_eq!(code_of(a.add("works", fields(json!({"name": "无村"})))), "required");
    let second = number(&add_works(&mut a, "二"));
    let third = number(&add_works(&mut b, "三"));
    assert!(first.starts_with("GC-") && first.ends_with("-A-001"), "{first}");
    assert!(second.ends_with("-A-002"), "a refused works takes no number: {second}");
    assert!(third.ends_with("-B-001"), "another laptop, another letter: {third}");
    let deleted = list(&a, "works")[0].id;
    a.delete(deleted).expect("deleted");
    assert!(number(&add_works(&mut a, "四")).ends_with("-A-003"), "a number is given once");
}

#[test]
fn a_works_goes_along_its_lifecycle_and_no_other_way() {
    let world = World::new();
    let mut clerk = world.laptop("王芳");
    let id = add_works(&mut clerk, "污水管网").id;
    assert_eq!(clerk.moves(id).expect("ways"), ["tendered", "contracted"]);
    assert_eq!(code_of(clerk.move_to(id, "completed", None)), "wrongState");
    assert_eq!(code_of(clerk.move_to(id, "flying", None)), "unknownState");
    assert_eq!(refusal(clerk.move_to(id, "contracted", None)).1["field"], "contract_amount", "first the contract");
    assert_eq!(clerk.show(id).expect("shown").state.as_deref(), Some("planned"), "refused moves move nothing");
    clerk.set(id, fields(json!({"contract_amount": 1}))).expect("saved");
    let moved = clerk.move_to(id, "contracted", Some("已签".to_owned())).expect("now it may");
    assert_eq!(moved.state.as_deref(), Some("contracted"));
    assert_eq!(refusal(clerk.set(id, fields(json!({"contract_amount": null})))).1["field"], "contract_amount");
    clerk.move_to(id, "building", None).expect("begun");
    clerk.set(id, fields(json!({"actual_start": "2026-03-01", "actual_end": "2026-06-01"}))).expect("saved");
    clerk.move_to(id, "completed", None).expect("done");
    assert_eq!(code_of(clerk.move_to(id, "accepted", None)), "moveNotAllowed", "a clerk accepts nothing");
}

#[test]
fn a_locked_record_keeps_what_was_accepted() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", "320902107", "lead");
    let id = add_works(&mut lead, "污水管网").id;
    accept(&mut lead, id);
    assert_eq!(code_of(lead.set(id, fields(json!({"name": "改名"})))), "locked");
    assert_eq!(code_of(lead.delete(id)), "locked");
    lead.set(id, fields(json!({"note": "运行良好"}))).expect("what is not locked can be edited");
}

#[test]
fn a_deleted_record_is_gone_from_lists_and_search_and_comes_back_whole() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "厕所改造").id;
    laptop.index();
    assert_eq!(laptop.search("厕所", 10).expect("hits").len(), 1);
    assert!(laptop.delete(id).expect("deleted").deleted);
    assert!(list(&laptop, "works").is_empty());
    assert!(laptop.search("厕所", 10).expect("hits").is_empty());
    assert_eq!(code_of(laptop.set(id, fields(json!({"note": "迟到"})))), "deleted");
    laptop.restore(id).expect("restored");
    laptop.index();
    assert_eq!((list(&laptop, "works").len(), laptop.search("厕所", 10).expect("hits").len()), (1, 1));
}

#[test]
fn history_says_who_did_what_and_what_was_before() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "污水管网").id;
    sync(&mut laptop);
    laptop.set(id, fields(json!({"name": "污水管网一期"}))).expect("saved");
    laptop.set(id, fields(json!({"name": "污水管网一期"}))).expect("the same once more is no change");
    laptop.move_to(id, "tendered", None).expect("moved");
    let history = laptop.history(id).expect("its past");
    let verdicts: Vec<&str> = history.iter().map(|entry| entry.verdict.as_str()).collect();
    assert_eq!(verdicts, ["accepted", "pending", "pending"], "the district's first, then what waits here");
    assert!(history[0].seq.is_some() && history[1].seq.is_none());
    assert!(history[0].before.is_empty(), "before its beginning there was nothing");
    assert_eq!(history[0].after["name"], json!("污水管网"));
    assert_eq!((&history[1].before["name"], &history[1].after["name"]), (&json!("污水管网"), &json!("污水管网一期")));
    assert_eq!((&history[2].before["@state"], &history[2].after["@state"]), (&json!("planned"), &json!("tendered")));
    assert!(history.iter().all(|entry| entry.by == "王芳" && !entry.at.is_empty()));
}

#[test]
fn a_list_is_filtered_by_what_a_person_would_type() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let one = add_works(&mut laptop, "污水管网").id;
    let two = add_works(&mut laptop, "厕所改造").id;
    laptop.set(one, fields(json!({"contract_amount": 12_500_000}))).expect("saved");
    let found = |name: &str, text: &str| {
        let filters = [(name.to_owned(), text.to_owned())].into();
        let page = laptop.list(&Query { kind: "works".to_owned(), filters, ..Query::default() })?;
        Ok::<_, app::AppError>(page.records.iter().map(|shown| shown.id).collect::<Vec<_>>())
    };
    for (name, text, expected) in [
        ("name", "厕所改造", vec![two]),
        ("contract_amount", "12.5万元", vec![one]),
        ("category", "生活污水", vec![two, one]),
        ("village", "中东村委会", vec![two, one]),
        ("village", "320902107200", vec![two, one]),
        ("state", "planned", vec![two, one]),
        ("sync", "saved", vec![two, one]),
        ("sync", "district", vec![]),
    ] {
        assert_eq!(found(name, text).expect("a list"), expected, "{name} = {text}");
    }
    assert_eq!(code_of(found("colour", "red")), "unknownField");
    assert_eq!(code_of(found("contract_amount", "很多")), "wrongType");
    assert_eq!(code_of(found("state", "flying")), "unknownState");
    let sorted = Query { kind: "works".to_owned(), sort: Some("-contract_amount".to_owned()), ..Query::default() };
    let page = laptop.list(&sorted).expect("a list");
    assert_eq!((page.total, page.records[0].id, page.records[0].sync), (2, one, SyncState::Saved));
    assert_eq!(
        code_of(laptop.list(&Query { kind: "works".to_owned(), sort: Some("-colour".to_owned()), ..Query::default() })),
        "unknownField"
    );
}
