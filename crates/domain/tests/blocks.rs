//! Blocks that belong to a record at times, entries that are never edited, and
//! a data folder's catalog laid over the one that ships.

use domain::catalog::{Catalog, CatalogError, SHIPPED};
use domain::rules::{Post, admit};
use domain::{
    Action, Change, ChangeId, DeviceId, Fields, Record, RecordId, Refusal, Scope, Value, Writer, merge, overlay,
};
use serde_json::json;
use uuid::Uuid;

/// The shipped files with `more` written at the end of one.
fn with(file: &str, more: &str) -> Result<Catalog, CatalogError> {
    let files: Vec<(String, String)> = SHIPPED
        .iter()
        .map(|(name, text)| {
            ((*name).to_owned(), if *name == file { format!("{text}\n{more}") } else { (*text).to_owned() })
        })
        .collect();
    assert!(files.iter().any(|(name, _)| name == file), "there is no {file}");
    Catalog::parse(&files)
}

/// Works that must say how many bins they bring, and have an effect from completion on.
fn strict() -> Catalog {
    let field =
        "[[field]]\nname = \"lids\"\nlabel = { zh = \"桶盖\", en = \"Lids\" }\ntype = \"integer\"\nrequired = true";
    with("works.waste.toml", field).expect("one field more")
}

fn change(kind: &str, actions: Vec<Action>) -> Change {
    Change {
        id: ChangeId(Uuid::from_u128(1)),
        writer: Writer { device: DeviceId(Uuid::from_u128(2)), incarnation: 1 },
        counter: 1,
        author: "张三".to_owned(),
        at: "2026-05-01T08:00:00+08:00".to_owned(),
        record: RecordId(Uuid::from_u128(3)),
        kind: kind.to_owned(),
        scope: Scope::parse("320902107").expect("a scope"),
        seen: 9,
        actions,
    }
}

fn create(catalog: &Catalog, kind: &str, values: Value) -> Change {
    let of = catalog.kind(kind).expect("the kind ships");
    let fields: Fields = serde_json::from_value(values).expect("an object");
    let mut actions = vec![Action::Create { state: of.states.first().map(|state| state.name.clone()) }];
    actions.extend(of.edit(&Fields::new(), &fields).expect("fields of the kind"));
    change(kind, actions)
}

fn write(field: &str, value: Value) -> Action {
    Action::Write { group: field.to_owned(), values: Fields::from([(field.to_owned(), value)]) }
}

fn ask(catalog: &Catalog, record: Option<&Record>, change: &Change) -> Result<(), Refusal> {
    let post = Post { role: "clerk".to_owned(), scopes: vec![change.scope.clone()] };
    admit(catalog, &post, record, change)
}

fn works(category: &str) -> Value {
    json!({"village": Uuid::from_u128(7).to_string(), "name": "污水管网", "category": category})
}

#[test]
fn a_block_asks_for_its_fields_only_where_it_belongs_to_the_record() {
    let catalog = strict();
    let lids = || Err(Refusal::Required { field: "lids".to_owned() });
    let sewage = create(&catalog, "works", works("sewage"));
    assert_eq!(ask(&catalog, None, &sewage), Ok(()), "sewage works have no bins");
    assert_eq!(ask(&catalog, None, &create(&catalog, "works", works("waste"))), lids());
    let (record, _) = merge(None, &sewage, 1);
    let turned = change("works", vec![write("category", json!("waste"))]);
    assert_eq!(
        ask(&catalog, Some(&record), &turned),
        lids(),
        "another category brings its block in, and its questions"
    );
    let both = change("works", vec![write("category", json!("waste")), write("lids", json!(12))]);
    assert_eq!(ask(&catalog, Some(&record), &both), Ok(()));
    let elsewhere = change("works", vec![write("note", json!("已公示"))]);
    assert_eq!(ask(&catalog, Some(&record), &elsewhere), Ok(()), "and an edit elsewhere is asked nothing");
}

#[test]
fn what_a_state_needs_of_a_block_is_not_asked_where_the_block_is_another() {
    let catalog = Catalog::shipped();
    let mut acceptance = json!({"village": Uuid::from_u128(7).to_string(), "name": "竣工验收", "subject": "village", "level": "township"});
    assert_eq!(
        ask(&catalog, None, &create(&catalog, "acceptance", acceptance.clone())),
        Ok(()),
        "a village has no contract"
    );
    acceptance["subject"] = json!("contract");
    let refused = ask(&catalog, None, &create(&catalog, "acceptance", acceptance));
    assert_eq!(refused, Err(Refusal::Required { field: "contract".to_owned() }));
    let mut check = json!({"facility": Uuid::from_u128(8).to_string(), "date": "2026-05-01", "running": true});
    assert_eq!(ask(&catalog, None, &create(&catalog, "facility_check", check.clone())), Ok(()));
    check["running"] = json!(false);
    let refused = ask(&catalog, None, &create(&catalog, "facility_check", check));
    assert_eq!(refused, Err(Refusal::Required { field: "stopped_days".to_owned() }), "who says stopped says how long");
}

#[test]
fn values_of_a_block_that_no_longer_applies_are_kept_and_said_so() {
    let catalog = Catalog::shipped();
    let kind = catalog.kind("works").expect("works ship");
    let mut values = works("sewage");
    values["capacity"] = json!("8");
    let (record, _) = merge(None, &create(&catalog, "works", values), 1);
    assert_eq!(kind.idle(&record.fields).count(), 0);
    let turned = overlay(Some(record), &change("works", vec![write("category", json!("waste"))]));
    assert_eq!(turned.text("capacity"), Some("8"), "kept");
    let idle: Vec<&str> = kind.idle(&turned.fields).map(|field| field.name.as_str()).collect();
    assert_eq!(idle, ["capacity"], "and named, so that a form can say it");
    let back = overlay(Some(turned), &change("works", vec![write("category", json!("sewage"))]));
    assert_eq!(kind.idle(&back.fields).count(), 0, "it comes back with its category");
}

#[test]
fn an_entry_is_never_edited_or_deleted_and_may_be_given_its_photos() {
    let catalog = Catalog::shipped();
    let values = json!({"works": Uuid::from_u128(7).to_string(), "date": "2026-05-01", "percent": 40});
    let made = create(&catalog, "progress", values);
    assert_eq!(ask(&catalog, None, &made), Ok(()));
    let (mut record, _) = merge(None, &made, 1);
    let only = Refusal::AppendOnly { kind: "progress".to_owned() };
    let photo = json!({"sha256": "a".repeat(64), "name": "a.jpg", "bytes": 9});
    let add = |field: &str, item: Value| Action::Add { field: field.to_owned(), items: vec![item] };
    for action in [
        write("percent", json!(60)),
        write("note", json!("补充")),
        Action::Remove { field: "photos".to_owned(), keys: vec!["a".repeat(64)] },
        Action::Delete,
    ] {
        let refused = ask(&catalog, Some(&record), &change("progress", vec![action.clone()]));
        assert_eq!(refused, Err(only.clone()), "{action:?}");
    }
    assert_eq!(ask(&catalog, Some(&record), &change("progress", vec![write("percent", json!(40))])), Ok(()), "no edit");
    assert_eq!(ask(&catalog, Some(&record), &change("progress", vec![add("photos", photo)])), Ok(()), "evidence joins");
    // Two values that met before entries were kept so: a person may still decide between them.
    let mut late = change("progress", vec![write("percent", json!(70))]);
    (late.id, late.seen, late.writer.incarnation) = (ChangeId(Uuid::from_u128(5)), 0, 2);
    (record, _) = merge(Some(record), &late, 10);
    assert_eq!(record.conflicts.len(), 1, "they met");
    assert_eq!(ask(&catalog, Some(&record), &change("progress", vec![write("percent", json!(70))])), Ok(()));
    let refused = ask(&catalog, Some(&record), &change("progress", vec![write("note", json!("顺便"))]));
    assert_eq!(refused, Err(only), "and that is no way to edit the rest");
}

#[test]
fn a_wrong_block_or_rule_is_refused_with_file_and_reason() {
    let field =
        |more: &str| format!("[[field]]\nname = \"x\"\nlabel = {{ zh = \"甲\", en = \"x\" }}\ntype = \"text\"\n{more}");
    let section = "[[section]]\nname = \"s\"\nlabel = { zh = \"甲\", en = \"s\" }\nwhen = ";
    let threshold = "[[threshold]]\nname = \"x\"\ngoal = { zh = \"甲\", en = \"x\" }\nlevels = []\nsource = \"s\"\n";
    for (file, more, at, reason) in [
        ("bill.toml", field("section = \"nowhere\""), "bill.toml", "no section `nowhere`"),
        ("bill.toml", field("when = { field = \"colour\", is = [\"red\"] }"), "bill.toml", "no field `colour`"),
        ("bill.toml", field("when = { field = \"sort\", is = [\"red\"] }"), "bill.toml", "never `red`"),
        ("bill.toml", field("when = { field = \"amount\", is = [\"1\"] }"), "bill.toml", "never `1`"),
        ("bill.toml", format!("{section}{{ field = \"sort\", is = [\"labor\"] }}"), "bill.toml", "never `labor`"),
        (
            "facility_check.toml",
            field("when = { field = \"stop_reason\", is = [\"x\"] }"),
            "facility_check.toml",
            "only at times",
        ),
        (
            "indicators.toml",
            format!("{threshold}indicator = \"luck\"\nat_least = \"5\"\nfrom = \"2020-01-01\""),
            "indicators.toml",
            "no indicator `luck`",
        ),
        (
            "indicators.toml",
            format!("{threshold}indicator = \"waste_rate\"\nat_least = \"half\"\nfrom = \"2020-01-01\""),
            "indicators.toml",
            "no percentage",
        ),
        (
            "indicators.toml",
            format!("{threshold}indicator = \"waste_rate\"\nat_least = \"5\"\nfrom = \"2020-02-30\""),
            "indicators.toml",
            "dates",
        ),
    ] {
        let error = with(file, &more).expect_err(reason);
        assert_eq!(error.file, at, "{error}");
        assert!(error.reason.contains(reason), "{error}: expected {reason}");
    }
    let mut files: Vec<(&str, &str)> = SHIPPED.to_vec();
    let (_, progress) = *files.iter().find(|(name, _)| *name == "progress.toml").expect("progress ships");
    let headless = progress.replace("name = \"corrects\"", "name = \"rights\"");
    files.retain(|(name, _)| *name != "progress.toml");
    files.push(("progress.toml", &headless));
    assert_eq!(Catalog::parse(&files).expect_err("nothing could be corrected").key, "append_only");
}

#[test]
fn a_folder_of_an_older_program_gets_the_newer_kinds_and_fields_in_their_places() {
    // What a district wrote when works were simpler: its own words, its own order, its own rights.
    let works = r#"
kind = "works"
label = { zh = "整治项目", en = "Projects" }
title = "name"
scope = { reference = "village" }
list = ["name", "village"]
search = ["name"]
source = "本区"

[[field]]
name = "name"
label = { zh = "项目名", en = "Name" }
type = "text"
required = true

[[field]]
name = "village"
label = { zh = "所在村", en = "Village" }
type = "reference"
to = "village"

[[field]]
name = "category"
label = { zh = "类别", en = "Category" }
type = "choice"
choices = [
  { value = "waste", label = { zh = "垃圾整治", en = "Waste" } },
  { value = "toilets", label = { zh = "厕所革命", en = "Toilets" } },
]
"#;
    let roles = r#"
[[role]]
name = "clerk"
label = { zh = "村级填报", en = "Clerk" }
writes = ["works"]
[[role]]
name = "inspector"
label = { zh = "巡查员", en = "Inspector" }
writes = ["progress", "village"]
"#;
    let catalog = Catalog::over_shipped(&[("works.toml", works), ("roles.toml", roles)]).expect("old, and right");
    let shipped = Catalog::shipped();
    assert_eq!(catalog.kinds.len(), shipped.kinds.len(), "every newer kind is there");
    let kind = catalog.kind("works").expect("works");
    assert_eq!(
        (kind.label.zh.as_str(), kind.list.as_slice()),
        ("整治项目", &["name".to_owned(), "village".into()][..])
    );
    let names: Vec<&str> = kind.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(
        names[..3],
        ["number", "name", "village"].map(|name| name),
        "its order, the new ones after their neighbours"
    );
    assert_eq!(kind.fields.len(), shipped.kind("works").expect("works").fields.len(), "and none lost");
    let category = kind.field("category").expect("a field");
    let choices: Vec<&str> = category.choices.iter().map(|choice| choice.label.zh.as_str()).collect();
    assert!(
        choices.contains(&"厕所革命") && choices.contains(&"垃圾整治") && choices.contains(&"生活污水"),
        "{choices:?}"
    );
    assert!(kind.field("village").expect("a field").required == domain::catalog::Required::Always(true), "as it ships");

    let writes = |role: &str| catalog.role(role).expect("a role").writes.clone();
    assert!(writes("clerk").contains(&"water_body".to_owned()), "a kind that the folder never heard of");
    assert!(!writes("clerk").contains(&"progress".to_owned()), "and not one that it gave to others");
    assert_eq!(writes("inspector"), ["progress", "village"], "its own roles stay");
    assert!(catalog.role("admin").is_some(), "as do those that it does not mention");

    let typo = Catalog::over_shipped(&[("works.toml", works.replace("required = true", "requird = true"))]);
    let error = typo.expect_err("a wrong key");
    assert_eq!((error.file.as_str(), error.key.as_str()), ("works.toml", "line 14"), "{error}: said with its line");
    let part = Catalog::over_shipped(&[("clocks.toml", "[[clock]]\nname = \"month_report_2016\"\nday = 25\n")]);
    let catalog = part.expect("a part of an entry is enough");
    let clock = catalog.clock("month_report", "2026-05-01").expect("a rule");
    assert_eq!((clock.day, clock.remind), (Some(25), 7), "the district's own day");
}
