//! Lists: filters by every sort of field, order, and pages that fit together.

use std::collections::BTreeSet;

use domain::{Action, Catalog, RecordId, Value};
use proptest::prelude::*;
use serde_json::json;
use store::{Filter, ListQuery, Sort, Store, Sum};
use uuid::Uuid;

use crate::desk::{Desk, KEY, creation, draft, own, works};

fn query(kind: &domain::catalog::Kind, filters: Vec<Filter>) -> ListQuery<'_> {
    ListQuery { kind, filters, sort: None, limit: 100, offset: 0 }
}

fn found(desk: &Desk, filters: Vec<Filter>) -> Vec<RecordId> {
    let works = desk.store.catalog().kind("works").expect("a shipped kind").clone();
    let (total, rows) = desk.store.list(&query(&works, filters)).expect("a list");
    assert_eq!(total as usize, rows.len(), "the total counts what the filter lets through");
    rows.into_iter().map(|row| row.record.id).collect()
}

fn field(name: &str, value: Value) -> Vec<Filter> {
    vec![Filter::Field(name.to_owned(), value)]
}

#[test]
fn a_filter_finds_by_every_sort_of_field() {
    let mut desk = Desk::new();
    let village = Uuid::now_v7().to_string();
    let photo = json!({"sha256": "a".repeat(64), "name": "a.jpg", "bytes": 3});
    let one = desk.add(
        "works",
        &json!({"name": "厕所改造", "category": "sewage", "contract_amount": 12_500_000, "capacity": "12.50",
                "village": village, "planned_start": "2026-03-01", "households": 30, "photos": [photo]}),
    );
    let two = desk.add("works", &json!({"name": "黑臭水体", "category": "black_odour", "capacity": "8"}));
    let application = desk.add("application", &json!({"name": "申报", "year": 2026, "works": [one.to_string()]}));

    for (name, value) in [
        ("name", json!("厕所改造")),
        ("category", json!("sewage")),
        ("contract_amount", json!(12_500_000)),
        ("capacity", json!("12.5")),
        ("village", json!(village)),
        ("planned_start", json!("2026-03-01")),
        ("households", json!(30)),
        ("photos", photo),
    ] {
        assert_eq!(found(&desk, field(name, value.clone())), [one], "{name} = {value}");
    }
    assert_eq!(found(&desk, field("contract_amount", Value::Null)), [two], "an empty field is found as empty");
    assert_eq!(found(&desk, field("capacity", Value::Null)), [] as [RecordId; 0], "both say one");
    assert_eq!(found(&desk, field("name", json!("厕所"))), [] as [RecordId; 0], "a filter is no search");
    assert_eq!(found(&desk, field("colour", json!("red"))), [] as [RecordId; 0], "no field, nothing found");
    let both = vec![Filter::Field("category".to_owned(), json!("sewage")), Filter::State("planned".to_owned())];
    assert_eq!(found(&desk, both), [one]);
    assert_eq!(found(&desk, vec![Filter::Scope("320902106".to_owned())]), [] as [RecordId; 0]);
    assert_eq!(found(&desk, vec![Filter::Scope("320902107".to_owned())]).len(), 2);
    assert_eq!(found(&desk, vec![Filter::Sync("saved".to_owned())]).len(), 2);
    assert_eq!(found(&desk, vec![Filter::Sync("district".to_owned())]), [] as [RecordId; 0]);

    let kind = desk.store.catalog().kind("application").expect("a shipped kind").clone();
    let sets = field("works", json!(one.to_string()));
    let rows = desk.store.list(&query(&kind, sets)).expect("a list").1;
    assert_eq!(rows.iter().map(|row| row.record.id).collect::<Vec<_>>(), [application], "an item of a set");

    desk.store.mark_sent(&desk.pending()).expect("on its way");
    assert_eq!(found(&desk, vec![Filter::Sync("sending".to_owned())]).len(), 2);
}

#[test]
fn yes_and_no_are_told_from_empty() {
    let mut files: Vec<(String, String)> =
        domain::catalog::SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let at = files.iter().position(|(name, _)| name == "township.toml").expect("a shipped file");
    files[at]
        .1
        .push_str("\n[[field]]\nname = \"seaside\"\nlabel = { zh = \"沿海\", en = \"Seaside\" }\ntype = \"yes_no\"\n");
    let catalog = Catalog::parse(&files).expect("one field more");
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = Store::open(&folder.path().join("records.db"), &KEY, catalog).expect("a database");
    store.set_writer(own()).expect("a writer");
    let mut add = |value: Value| {
        let values = domain::Fields::from([("seaside".to_owned(), value)]);
        let mut draft = creation("township", &json!({"code": "320902107", "name": "黄尖镇"}));
        draft.actions.push(Action::Write { group: "seaside".to_owned(), values });
        store.save(draft, |_, _| Ok(())).expect("saved").record.id
    };
    let (yes, no, empty) = (add(json!(true)), add(json!(false)), add(Value::Null));
    let kind = store.catalog().kind("township").expect("a kind").clone();
    for (value, id) in [(json!(true), yes), (json!(false), no), (Value::Null, empty)] {
        let rows = store.list(&query(&kind, field("seaside", value.clone()))).expect("a list").1;
        assert_eq!(rows.iter().map(|row| row.record.id).collect::<Vec<_>>(), [id], "seaside = {value}");
    }
}

#[test]
fn sums_are_of_everything_that_the_filter_and_the_words_let_through_whatever_the_page() {
    let mut desk = Desk::new();
    for (name, amount, capacity) in
        [("厕所改造一", Some(12_500_001), "1.25"), ("厕所改造二", None, "2.5"), ("塘", Some(7), "4")]
    {
        let mut fields = json!({"name": name, "category": "sewage", "capacity": capacity, "households": 3});
        if let Some(amount) = amount {
            fields["contract_amount"] = json!(amount);
        }
        desk.add("works", &fields);
    }
    let kind = desk.store.catalog().kind("works").expect("a shipped kind").clone();
    let of: Vec<&domain::catalog::Field> =
        ["contract_amount", "capacity", "households"].map(|name| kind.field(name).expect("a field")).to_vec();
    let words = |text: &str| ListQuery { limit: 1, ..query(&kind, vec![Filter::Words(text.to_owned())]) };
    let sums = |query: &ListQuery<'_>| desk.store.sums(query, &of).expect("sums");
    let all = ListQuery { limit: 1, ..query(&kind, Vec::new()) };
    assert_eq!(sums(&all), (3, vec![Sum::Whole(12_500_008), Sum::Decimal(7.75), Sum::Whole(9)]));
    let toilets = (2, vec![Sum::Whole(12_500_001), Sum::Decimal(3.75), Sum::Whole(6)]);
    assert_eq!(sums(&words("厕所 改造")), toilets, "the list's own filter, and to the last 分");
    assert_eq!(desk.store.list(&words("厕所")).expect("a list").0, 2, "words filter the list itself");
    assert_eq!(sums(&words("——")).0, 0, "text without a word finds nothing, and breaks nothing");
}

#[test]
fn what_was_deleted_is_in_no_list_and_comes_back_with_its_restoration() {
    let mut desk = Desk::new();
    let id = desk.add("works", &works("一号"));
    let kept = desk.add("works", &works("二号"));
    desk.save(draft(id, "works", vec![Action::Delete]));
    assert_eq!(found(&desk, Vec::new()), [kept]);
    assert_eq!(found(&desk, field("name", json!("一号"))), [] as [RecordId; 0]);
    desk.save(draft(id, "works", vec![Action::Restore]));
    assert_eq!(found(&desk, Vec::new()), [kept, id], "newest first");
}

/// How a list of amounts is cut: amounts (with ties and gaps), page size, direction.
fn pages() -> impl Strategy<Value = (Vec<Option<u8>>, u32, bool, &'static str)> {
    let sorts = prop_oneof![Just(""), Just("contract_amount"), Just("capacity"), Just("state"), Just("note")];
    (prop::collection::vec(prop::option::of(0..4_u8), 0..30), 1..8_u32, any::<bool>(), sorts)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_laid_end_to_end_are_the_list_with_each_record_once((amounts, limit, descending, by) in pages()) {
        let mut desk = Desk::new();
        for amount in &amounts {
            let capacity = amount.map(|n| json!(format!("{n}.0")));
            desk.add("works", &json!({"name": "工程", "contract_amount": amount, "capacity": capacity, "note": capacity}));
        }
        let gone = desk.add("works", &works("已删"));
        desk.save(draft(gone, "works", vec![Action::Delete]));
        let kind = desk.store.catalog().kind("works").expect("a shipped kind").clone();
        let sort = (!by.is_empty()).then(|| Sort { field: by.to_owned(), descending });
        let page = |limit: u32, offset: u32| {
            let query = ListQuery { kind: &kind, filters: Vec::new(), sort: sort.clone(), limit, offset };
            desk.store.list(&query).expect("a page")
        };
        let (total, whole) = page(u32::MAX, 0);
        prop_assert_eq!(total as usize, amounts.len());
        prop_assert_eq!(whole.len(), amounts.len());

        let mut cut = Vec::new();
        for offset in (0..=u32::try_from(amounts.len()).expect("few")).step_by(limit as usize) {
            let (counted, rows) = page(limit, offset);
            prop_assert_eq!(counted, total, "the total is the same on every page");
            cut.extend(rows);
        }
        prop_assert_eq!(&cut, &whole, "nothing twice, nothing left out, one order");
        prop_assert!(page(limit, 1_000).1.is_empty(), "beyond the end there is nothing");
        let ids: BTreeSet<RecordId> = cut.iter().map(|row| row.record.id).collect();
        prop_assert_eq!(ids.len(), amounts.len());

        let newest: Vec<RecordId> = whole.iter().map(|row| row.record.id).collect();
        if by.is_empty() {
            prop_assert!(newest.is_sorted_by(|a, b| a > b), "by age, newest first");
        }
        if by == "contract_amount" {
            let keys: Vec<(Option<i64>, RecordId)> =
                whole.iter().map(|row| (row.record.integer(by), row.record.id)).collect();
            prop_assert!(keys.is_sorted_by(|a, b| if descending { a >= b } else { a <= b }), "{:?}", keys);
        }
    }
}
