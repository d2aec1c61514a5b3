//! The gate: what the records around a change have to say about it.

use std::collections::BTreeMap;
use std::convert::Infallible;

use chrono::NaiveDate;
use domain::change::Writer;
use domain::programme::SHIPPED;
use domain::review::review;
use domain::submission::{Shelf, Submission};
use domain::{Action, Catalog, Change, ChangeId, DeviceId, Fields, Record, RecordId, Refusal, Scope, gate};
use serde_json::{Value, json};
use uuid::Uuid;

/// Records by their numbers.
#[derive(Default)]
struct Desk(BTreeMap<RecordId, Record>);

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn fields(value: Value) -> Fields {
    serde_json::from_value(value).expect("an object is fields")
}

fn today() -> NaiveDate {
    "2026-06-15".parse().expect("a day")
}

fn change(number: u128, kind: &str, actions: Vec<Action>) -> Change {
    Change {
        id: ChangeId(Uuid::from_u128(900)),
        writer: Writer { device: DeviceId(Uuid::from_u128(901)), incarnation: 1 },
        counter: 1,
        author: "王芳".to_owned(),
        at: "2026-06-15T08:00:00+08:00".to_owned(),
        record: id(number),
        kind: kind.to_owned(),
        scope: Scope::parse("320902107").expect("a scope"),
        seen: 1,
        actions,
    }
}

fn to(state: &str) -> Vec<Action> {
    vec![Action::Move { to: state.to_owned(), remark: None }]
}

fn writes(field: &str, value: Value) -> Action {
    Action::Write { group: field.to_owned(), values: Fields::from([(field.to_owned(), value)]) }
}

impl Desk {
    fn put(&mut self, number: u128, kind: &str, state: &str, held: &Value) -> &mut Self {
        let state = Some(state).filter(|state| !state.is_empty());
        let value = json!({"id": id(number), "kind": kind, "scope": "320902107", "fields": held, "state": state});
        self.0.insert(id(number), serde_json::from_value(value).expect("a record"));
        self
    }

    fn asked(&self, number: u128, kind: &str, actions: Vec<Action>) -> Option<Refusal> {
        let asked = change(number, kind, actions);
        gate::refusal(self, &Catalog::shipped(), self.0.get(&id(number)), &asked, today()).expect("a desk is readable")
    }
}

impl Shelf for Desk {
    type Error = Infallible;

    fn record(&self, id: RecordId) -> Result<Option<Record>, Infallible> {
        Ok(self.0.get(&id).cloned())
    }

    fn referring(&self, kind: &str, field: &str, to: &[RecordId]) -> Result<Vec<Record>, Infallible> {
        let names = |record: &&Record| domain::submission::id_in(record, field).is_some_and(|one| to.contains(&one));
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
fn what_blocks_keeps_it_from_being_reported_and_what_warns_does_not() {
    let mut desk = Desk::default();
    let notice =
        json!({"name": "公示", "about": "selection", "application": id(1), "start": "2026-05-01", "end": "2026-05-10"});
    desk.put(1, "application", "township_review", &json!({"name": "申报"})).put(2, "notice", "ended", &notice);
    let submission = Submission::gather(&desk, id(1)).expect("readable").expect("the application");
    assert!(!review(&submission, &Catalog::shipped(), today()).is_empty(), "there is much to say");
    assert_eq!(desk.asked(1, "application", to("reported")), None, "and none of it blocks");

    let mut with = vec![writes("total", json!(100))];
    with.extend(to("reported"));
    let refusal = desk.asked(1, "application", with).expect("what the same change writes is looked at");
    let Refusal::NotReady { rule, count, .. } = &refusal else { panic!("{refusal:?}") };
    assert_eq!((rule.as_str(), count.as_str()), ("fundingMissing", "1"));
    assert_eq!(desk.asked(1, "application", to("village_notice")), None, "other steps are free");
}

#[test]
fn an_application_is_returned_only_with_a_remark_that_waits_for_an_answer() {
    let mut desk = Desk::default();
    desk.put(1, "application", "reported", &json!({}));
    let remark = |desk: &mut Desk, state: &str, of: u128| {
        desk.put(2, "review_remark", state, &json!({"application": id(of), "place": 1, "text": "补充"}));
        desk.asked(1, "application", to("returned"))
    };
    assert_eq!(desk.asked(1, "application", to("returned")), Some(Refusal::ReturnedWithoutRemark), "there is none");
    assert_eq!(remark(&mut desk, "closed", 1), Some(Refusal::ReturnedWithoutRemark), "nothing is left to answer");
    assert_eq!(remark(&mut desk, "answered", 1), Some(Refusal::ReturnedWithoutRemark), "it was answered already");
    assert_eq!(remark(&mut desk, "open", 7), Some(Refusal::ReturnedWithoutRemark), "another application's");
    assert_eq!(remark(&mut desk, "reopened", 1), None, "asked again");
    assert_eq!(remark(&mut desk, "open", 1), None);
    assert_eq!(desk.asked(1, "application", to("not_supported")), None, "only what can be mended needs one");
}

#[test]
fn what_an_application_rests_on_is_held_fast_with_it() {
    let mut desk = Desk::default();
    let make = |of: u128| {
        let said = fields(json!({"application": id(of), "input": "completed_toilets", "value": "98"}));
        let mut actions = vec![Action::Create { state: None }];
        actions.extend(said.into_iter().map(|(name, value)| writes(&name, value)));
        actions
    };
    desk.put(2, "figure", "", &json!({"application": id(1), "input": "completed_toilets", "value": "98"}));
    desk.put(3, "estimate_line", "", &json!({"application": id(1), "amount": 1}));
    for (state, adds, edits, of_line) in [
        ("draft", true, true, true),
        ("returned", true, true, true),
        ("reported", false, false, false),
        ("in_library", false, false, false),
        ("building", true, false, true), // A settlement needs new figures; the plan follows the allocation.
        ("archived", false, false, false),
    ] {
        desk.put(1, "application", state, &json!({}));
        let free = |refusal: Option<Refusal>| match refusal {
            None => true,
            Some(Refusal::LockedWith { with, state: said, .. }) if with == "application" && said == state => false,
            other => panic!("{other:?}"),
        };
        assert_eq!(free(desk.asked(5, "figure", make(1))), adds, "a new figure while {state}");
        assert_eq!(
            free(desk.asked(2, "figure", vec![writes("value", json!("111"))])),
            edits,
            "its value while {state}"
        );
        assert_eq!(free(desk.asked(2, "figure", vec![Action::Delete])), edits, "it is not taken out while {state}");
        assert_eq!(free(desk.asked(3, "estimate_line", vec![writes("amount", json!(2))])), of_line, "a line, {state}");
    }
    desk.put(1, "application", "reported", &json!({})).put(4, "application", "draft", &json!({}));
    let moved = vec![writes("application", json!(id(4)))];
    assert!(desk.asked(2, "figure", moved).is_some(), "nor is it moved into another application");
}

#[test]
fn a_version_of_a_programme_is_published_once_and_whole() {
    let text = SHIPPED[0].1;
    let programme = domain::programme::Programme::parse(text).expect("it ships");
    let held =
        |text: &str, version: u32| json!({"code": programme.code, "version": version, "name": "政策", "rules": text});
    let mut desk = Desk::default();
    desk.put(1, "programme", "drafted", &held(text, programme.version));
    assert_eq!(desk.asked(1, "programme", to("published")), None, "it is the first");
    desk.put(2, "programme", "drafted", &held(text, programme.version));
    assert_eq!(desk.asked(1, "programme", to("published")), None, "drafts bind nobody");
    for state in ["published", "retired"] {
        desk.put(2, "programme", state, &held(text, programme.version));
        let refusal = desk.asked(1, "programme", to("published"));
        assert!(matches!(refusal, Some(Refusal::ProgrammePublished { .. })), "{state}: {refusal:?}");
    }
    desk.put(1, "programme", "drafted", &held(text, programme.version + 1));
    let refusal = desk.asked(1, "programme", to("published"));
    assert_eq!(refusal, Some(Refusal::ProgrammeUnsound { place: "version".to_owned() }), "its text is of another");
    desk.put(1, "programme", "drafted", &held("code = \"x\"", 7));
    let refusal = desk.asked(1, "programme", to("published"));
    assert!(matches!(refusal, Some(Refusal::ProgrammeUnsound { .. })), "what is no programme: {refusal:?}");
}

#[test]
fn none_is_called_accepted_paid_or_evaluated_without_the_records_of_it() {
    let mut desk = Desk::default();
    let works = |desk: &mut Desk, number: u128, held: Value| {
        let mut said = json!({"name": format!("工程{number}"), "village": id(9)});
        said.as_object_mut().expect("an object").extend(held.as_object().expect("an object").clone());
        desk.put(number, "works", "accepted", &said);
    };
    let stands = |desk: &mut Desk, state: &str| {
        desk.put(1, "application", state, &json!({"name": "整镇推进", "works": [id(2), id(3)]}));
    };
    let acceptance = |desk: &mut Desk, number: u128, state: &str, level: &str, of: Value| {
        let mut said = json!({"village": id(9), "level": level, "held_on": "2026-06-01"});
        said.as_object_mut().expect("an object").extend(of.as_object().expect("an object").clone());
        desk.put(number, "acceptance", state, &said);
    };
    let not_accepted = |of: &str, to: &str| Some(Refusal::NotAccepted { of: of.to_owned(), to: to.to_owned() });
    desk.put(9, "village", "", &json!({"name": "正样村"}));
    desk.put(4, "contract", "signed", &json!({"name": "合同", "works": id(3), "amount": 100}));
    works(&mut desk, 2, json!({}));
    works(&mut desk, 3, json!({}));

    stands(&mut desk, "completed");
    let township = |desk: &Desk| desk.asked(1, "application", to("township_accepted"));
    assert_eq!(township(&desk), not_accepted("工程2", "township_accepted"), "a works' own word is no record");
    acceptance(&mut desk, 5, "rectifying", "township", json!({"subject": "works", "works": id(2)}));
    assert_eq!(township(&desk), not_accepted("工程2", "township_accepted"), "held is not passed");
    acceptance(&mut desk, 5, "passed", "township", json!({"subject": "works", "works": id(2)}));
    assert_eq!(township(&desk), not_accepted("工程3", "township_accepted"), "each of them");
    acceptance(&mut desk, 6, "passed", "township", json!({"subject": "contract", "contract": id(4)}));
    assert_eq!(township(&desk), None, "a contract's counts for its works (S22)");
    acceptance(
        &mut desk,
        6,
        "passed",
        "township",
        json!({"held_on": "2026-06-16", "subject": "contract", "contract": id(4)}),
    );
    assert!(township(&desk).is_some(), "tomorrow's does not count today");
    acceptance(&mut desk, 6, "passed", "township", json!({"subject": "contract", "contract": id(4)}));

    stands(&mut desk, "township_accepted");
    let district = |desk: &Desk| desk.asked(1, "application", to("district_accepted"));
    assert_eq!(district(&desk), not_accepted("工程2", "district_accepted"), "the township's is not the district's");
    acceptance(&mut desk, 7, "passed", "county", json!({"subject": "village"}));
    assert_eq!(district(&desk), None, "a village's counts for all of its works (S22)");
    stands(&mut desk, "district_accepted");
    let spot = |desk: &Desk| desk.asked(1, "application", to("spot_checked"));
    assert_eq!(spot(&desk), not_accepted("整镇推进", "spot_checked"));
    acceptance(&mut desk, 8, "passed", "spot_check", json!({"subject": "works", "works": id(3)}));
    assert_eq!(spot(&desk), None, "one of them is looked at");

    let paid = |desk: &Desk| desk.asked(1, "application", to("paid"));
    stands(&mut desk, "building");
    assert_eq!(paid(&desk), None, "a step that does not follow is refused for that, by the rules");
    stands(&mut desk, "spot_checked");
    let money = |sort: &str| json!({"application": id(1), "sort": sort, "level": "central", "dated": "2026-06-10", "amount": 5});
    desk.put(20, "fund_entry", "", &money("arrived"));
    assert_eq!(paid(&desk), Some(Refusal::NotPaid { of: "整镇推进".to_owned() }), "what arrived is not paid");
    desk.put(21, "fund_entry", "", &money("payment"));
    assert_eq!(paid(&desk), None);
    let mut reversal = money("reversal");
    reversal["reverses"] = json!(id(21));
    desk.put(22, "fund_entry", "", &reversal);
    assert!(paid(&desk).is_some(), "what was reversed was not paid");

    stands(&mut desk, "paid");
    let over = |desk: &Desk| desk.asked(1, "application", to("handed_over"));
    works(&mut desk, 2, json!({"handed_over_on": "2026-06-12"}));
    assert_eq!(over(&desk), Some(Refusal::NotHandedOver { of: "工程3".to_owned() }));
    desk.put(3, "works", "stopped", &json!({"name": "工程3", "village": id(9)}));
    assert_eq!(over(&desk), None, "what was given up is handed to nobody");

    stands(&mut desk, "handed_over");
    let evaluated = |desk: &Desk| desk.asked(1, "application", to("evaluated"));
    desk.put(30, "evaluation", "draft", &json!({"application": id(1), "sort": "self"}));
    assert_eq!(evaluated(&desk), Some(Refusal::NotEvaluated { of: "整镇推进".to_owned() }), "a draft is none");
    desk.put(30, "evaluation", "handed_in", &json!({"application": id(1), "sort": "self"}));
    assert_eq!(evaluated(&desk), None);
    assert_eq!(desk.asked(1, "application", to("archived")), None, "other steps rest on the record alone");
}
