//! What an application comes to out of its records: nothing is typed that a
//! record holds, and the district computes the same from the same records.

use std::collections::BTreeMap;
use std::convert::Infallible;

use domain::programme::{AmountProblem, Case, Programme, SHIPPED, recompute};
use domain::submission::{Shelf, Submission};
use domain::{Record, RecordId, Scope, Value, money};
use serde_json::json;
use uuid::Uuid;

const WAN: i64 = money::WAN;

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn text(code: &str) -> &'static str {
    SHIPPED.iter().find(|(name, _)| *name == format!("{code}.toml")).expect("it ships").1
}

/// Records in a drawer.
#[derive(Default)]
struct Drawer(BTreeMap<RecordId, Record>);

impl Drawer {
    fn add(&mut self, kind: &str, number: u128, state: &str, fields: &Value) -> &mut Self {
        let state = Some(state).filter(|state| !state.is_empty());
        let value = json!({"id": id(number), "kind": kind, "scope": "320902107", "fields": fields, "state": state});
        self.0.insert(id(number), serde_json::from_value(value).expect("a record"));
        self
    }

    /// An application (1) for two villages (2, 3), the second with a works (4) under a contract (5), by `code` (9).
    fn with(code: &str) -> Self {
        let mut drawer = Self::default();
        drawer
            .add("programme", 9, "published", &json!({"rules": text(code), "code": code, "version": 1}))
            .add("village", 2, "", &json!({"name": "中东村", "households": 812, "village_type": "problem"}))
            .add("village", 3, "", &json!({"name": "正洋村", "households": 640, "village_type": "ordinary"}))
            .add("works", 4, "building", &json!({"name": "管网", "village": id(3), "category": "sewage"}))
            .add("contract", 5, "signed", &json!({"works": id(4), "sort": "construction", "amount": 80 * WAN}))
            .add(
                "application",
                1,
                "draft",
                &json!({
                    "name": "申报", "policy": id(9), "villages": [id(2), id(3)], "works": [id(4)],
                }),
            );
        drawer
    }

    fn submission(&self) -> Submission {
        Submission::gather(self, id(1)).expect("a drawer is always readable").expect("the application")
    }

    fn case(&self) -> Case {
        let submission = self.submission();
        let rules = submission.programme.as_ref().and_then(|record| record.text("rules")).expect("a programme");
        Case::of(&submission, &Programme::parse(rules).expect("it holds together"), day())
    }
}

fn day() -> chrono::NaiveDate {
    "2026-06-01".parse().expect("a date")
}

impl Shelf for Drawer {
    type Error = Infallible;

    fn record(&self, id: RecordId) -> Result<Option<Record>, Infallible> {
        Ok(self.0.get(&id).cloned())
    }

    fn referring(&self, kind: &str, field: &str, to: &[RecordId]) -> Result<Vec<Record>, Infallible> {
        let names = |record: &&Record| {
            let value = record.fields.get(field);
            let items = value
                .and_then(Value::as_array)
                .map_or(value.into_iter().collect(), |all| all.iter().collect::<Vec<_>>());
            items.iter().any(|item| item.as_str().and_then(|id| id.parse().ok()).is_some_and(|id| to.contains(&id)))
        };
        Ok(self.0.values().filter(|record| record.kind == kind).filter(names).cloned().collect())
    }

    fn all(&self, kind: &str, _: &Scope) -> Result<Vec<Record>, Infallible> {
        self.everywhere(kind)
    }

    fn everywhere(&self, kind: &str) -> Result<Vec<Record>, Infallible> {
        Ok(self.0.values().filter(|record| record.kind == kind).cloned().collect())
    }
}

#[test]
fn a_works_stage_price_and_acceptance_come_from_its_records() {
    let mut drawer = Drawer::with("municipality-2010-linked");
    let works = |drawer: &Drawer, name: &str| drawer.case().works[0].get(name).cloned().unwrap_or(Value::Null);
    assert_eq!(works(&drawer, "contract_amount"), json!(80 * WAN), "of its contract");
    assert_eq!(works(&drawer, "stage"), json!("entry"), "it is being built, and nobody entered how far");
    for (number, percent, stage) in
        [(20, 29, "entry"), (21, 30, "p30"), (22, 69, "p50"), (23, 70, "p70"), (24, 99, "p90")]
    {
        let dated = format!("2026-05-{number}");
        drawer.add("progress", number, "", &json!({"works": id(4), "date": dated, "percent": percent}));
        assert_eq!(works(&drawer, "stage"), json!(stage), "{percent} percent");
    }
    drawer.add("contract", 6, "drafted", &json!({"works": id(4), "sort": "construction", "amount": WAN}));
    drawer.add("contract", 7, "signed", &json!({"works": id(4), "sort": "design", "amount": WAN}));
    assert_eq!(works(&drawer, "contract_amount"), json!(80 * WAN), "neither drafts nor design count");
    assert_eq!(works(&drawer, "settled_amount"), Value::Null, "it is not settled");
    let settled = json!({"works": id(4), "sort": "construction", "amount": 80 * WAN, "settled_amount": 79 * WAN});
    drawer.add("contract", 5, "settled", &settled);
    assert_eq!(works(&drawer, "settled_amount"), json!(79 * WAN));
    drawer.add(
        "acceptance",
        8,
        "passed",
        &json!({
            "subject": "contract", "contract": id(5), "level": "county", "held_on": "2026-05-30"
        }),
    );
    assert_eq!(
        [works(&drawer, "stage"), works(&drawer, "accepted_on"), works(&drawer, "accepted_level")],
        [json!("acceptance"), json!("2026-05-30"), json!("county")]
    );
    drawer.add(
        "evaluation",
        10,
        "draft",
        &json!({"application": id(1), "sort": "effect", "score": "95", "held_on": "2026-05-31"}),
    );
    assert_eq!(works(&drawer, "outcome_score"), Value::Null, "a draft is no evaluation");
    drawer.add(
        "evaluation",
        10,
        "confirmed",
        &json!({"application": id(1), "sort": "effect", "score": "95", "held_on": "2026-05-31"}),
    );
    assert_eq!(works(&drawer, "outcome_score"), json!("95"));
}

#[test]
fn estimates_belong_to_the_village_of_their_works_and_are_capped_there() {
    let mut drawer = Drawer::with("municipality-2010-linked");
    let line = |works: Option<u128>, amount: i64| {
        json!({
            "application": id(1), "works": works.map(id), "content": "管网", "quantity": "1", "amount": amount
        })
    };
    drawer.add("estimate_line", 30, "", &line(Some(4), 120 * WAN));
    let computed =
        |drawer: &Drawer| recompute(&drawer.submission(), day()).expect("a programme").expect("it holds together");
    let missing = computed(&drawer).problems;
    assert!(
        matches!(&missing[..], [AmountProblem::AmountInputMissing { input, who, .. }]
        if input == "village.estimate" && who == "中东村"),
        "{missing:?}"
    );
    drawer.add("works", 11, "planned", &json!({"name": "垃圾池", "village": id(2), "category": "waste"}));
    drawer.add(
        "application",
        1,
        "draft",
        &json!({
            "name": "申报", "policy": id(9), "villages": [id(2), id(3)], "works": [id(4), id(11)],
            "requested": 240 * WAN, "total": 250 * WAN, "central": 220 * WAN,
        }),
    );
    drawer.add("estimate_line", 31, "", &line(Some(11), 120 * WAN));
    let view = computed(&drawer);
    assert_eq!(view.amount.expect("an amount").total, 220 * WAN, "120 for the problem village, 100 for the other");
    let differs: Vec<_> = view.differences.iter().map(|one| (one.field.as_str(), one.said, one.computed)).collect();
    assert_eq!(differs, [("requested", Some(240 * WAN), 220 * WAN)], "more is asked for than the caps leave");
}

#[test]
fn what_no_record_holds_is_counted_from_lines_or_given_with_its_evidence() {
    let mut drawer = Drawer::with("yongzhou-2019-toilet");
    let village = |drawer: &Drawer, name: &str| drawer.case().villages[1].get(name).cloned();
    drawer.add(
        "estimate_line",
        30,
        "",
        &json!({
            "application": id(1), "works": id(4), "content": "户厕改造", "quantity": "120", "unit": "household"
        }),
    );
    drawer.add(
        "estimate_line",
        31,
        "",
        &json!({"application": id(1), "works": id(4), "content": "管网", "quantity": "900"}),
    );
    assert_eq!(village(&drawer, "planned_toilets"), Some(json!(120)), "from the line that speaks of it");
    assert_eq!(village(&drawer, "completed_toilets"), None);
    let figure = |village: u128, value: &str, dated: &str| {
        json!({
            "application": id(1), "village": id(village), "input": "completed_toilets", "value": value, "dated": dated
        })
    };
    drawer.add("figure", 40, "", &figure(3, "111", "2026-05-02"));
    drawer.add("figure", 41, "", &figure(3, "98", "2026-04-02"));
    drawer.add("figure", 42, "", &figure(2, "7", "2026-05-03"));
    let typed = json!({"application": id(1), "village": id(3), "input": "planned_toilets", "value": "500"});
    drawer.add("figure", 43, "", &typed);
    assert_eq!(village(&drawer, "planned_toilets"), Some(json!(120)), "what a record holds comes first");
    assert_eq!(village(&drawer, "completed_toilets"), Some(json!("111")), "the latest of this village");
}

#[test]
fn the_score_of_a_village_is_that_of_its_latest_passed_acceptance() {
    let mut drawer = Drawer::with("taixing-green-village");
    let act = |score: &str, held: &str| json!({"subject": "village", "village": id(3), "score": score, "held_on": held, "level": "county"});
    drawer.add("acceptance", 50, "passed", &act("82.99", "2026-03-01"));
    drawer.add("acceptance", 51, "failed", &act("99", "2026-05-01"));
    drawer.add("acceptance", 52, "passed", &act("83", "2026-04-01"));
    assert_eq!(drawer.case().villages[1]["acceptance_score"], json!("83"));
    assert!(!drawer.case().villages[0].contains_key("acceptance_score"), "nobody accepted the other");
}

/// An empty source means nothing while the money is not filled in, and none once its total is.
#[test]
fn an_empty_source_of_money_is_none_once_the_total_is_filled() {
    let mut drawer = Drawer::with("kaiping-one-issue");
    assert!(!drawer.case().application.contains_key("labour"));
    drawer.add(
        "application",
        1,
        "draft",
        &json!({"policy": id(9), "villages": [id(2)], "total": 30 * WAN, "villagers": 10 * WAN}),
    );
    assert_eq!(drawer.case().application["labour"], json!(0));
    let view = recompute(&drawer.submission(), day()).expect("a programme").expect("it holds together");
    assert_eq!(view.amount.expect("an amount").total, 5 * WAN);
}

#[test]
fn a_frozen_text_that_is_no_programme_is_said_to_be_none() {
    let mut drawer = Drawer::with("kaiping-one-issue");
    drawer.add("programme", 9, "published", &json!({"rules": "code = 1"}));
    assert!(recompute(&drawer.submission(), day()).expect("there is a text").is_err());
    drawer.add("application", 1, "draft", &json!({"name": "没选"}));
    assert!(recompute(&drawer.submission(), day()).is_none());
}

#[test]
fn an_advance_that_was_reversed_was_not_paid() {
    let mut drawer = Drawer::with("kaiping-one-issue");
    assert!(!drawer.case().application.contains_key("prepaid"), "nobody keeps the books yet");
    let entry = |sort: &str, amount: i64, reverses: Option<u128>| json!({"application": id(1), "sort": sort, "amount": amount, "reverses": reverses.map(id)});
    drawer.add("fund_entry", 60, "", &entry("advance", 300, None));
    drawer.add("fund_entry", 61, "", &entry("advance", 500, None));
    drawer.add("fund_entry", 62, "", &entry("payment", 900, None));
    drawer.add("fund_entry", 63, "", &entry("reversal", 300, Some(60)));
    assert_eq!(drawer.case().application["prepaid"], json!(500));
}
