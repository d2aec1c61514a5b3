//! What the rules let through and what they refuse, by the shipped catalog.

use domain::catalog::Catalog;
use domain::rules::{Post, admit};
use domain::{Action, Change, ChangeId, DeviceId, Fields, Record, RecordId, Refusal, Scope, Value, Writer, merge};
use serde_json::json;
use uuid::Uuid;

fn scope() -> Scope {
    Scope::parse("320902107").expect("a scope")
}

fn post(role: &str) -> Post {
    Post { role: role.to_owned(), scopes: vec![scope()] }
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
        scope: scope(),
        seen: 9,
        actions,
    }
}

fn create(kind: &str, values: &[(&str, Value)]) -> Change {
    let catalog = Catalog::shipped();
    let kind_of = catalog.kind(kind).expect("the kind ships");
    let fields: Fields = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let mut actions = vec![Action::Create { state: kind_of.states.first().map(|state| state.name.clone()) }];
    actions.extend(kind_of.edit(&Fields::new(), &fields).expect("fields of the kind"));
    change(kind, actions)
}

fn works() -> (Change, Record) {
    let village = json!(Uuid::from_u128(7).to_string());
    let change = create("works", &[("village", village), ("name", json!("污水管网")), ("category", json!("sewage"))]);
    let (record, _) = merge(None, &change, 1);
    (change, record)
}

fn move_to(state: &str) -> Change {
    change("works", vec![Action::Move { to: state.to_owned(), remark: None }])
}

#[test]
fn a_clerk_may_add_works_in_his_township_and_a_reader_may_not() {
    let (change, _) = works();
    assert_eq!(admit(&Catalog::shipped(), &post("clerk"), None, &change), Ok(()));
    let refused = admit(&Catalog::shipped(), &post("reader"), None, &change);
    assert!(matches!(refused, Err(Refusal::NotAllowed { .. })), "{refused:?}");
}

#[test]
fn a_change_for_another_township_is_refused() {
    let (mut change, _) = works();
    change.scope = Scope::parse("320902102").expect("a scope");
    let refused = admit(&Catalog::shipped(), &post("clerk"), None, &change);
    assert!(matches!(refused, Err(Refusal::OutsideScope { .. })), "{refused:?}");
}

#[test]
fn a_village_code_of_another_township_is_refused() {
    let code = json!("320902102200");
    let change = create("village", &[("code", code), ("name", json!("某村")), ("township", json!("320902107"))]);
    let refused = admit(&Catalog::shipped(), &post("clerk"), None, &change);
    assert!(matches!(&refused, Err(Refusal::OutsideScope { given, .. }) if given == "320902102200"), "{refused:?}");
}

#[test]
fn what_must_be_filled_is_asked_for_and_cannot_be_emptied_later() {
    let nameless = create("works", &[("village", json!(Uuid::nil().to_string())), ("category", json!("sewage"))]);
    let refused = admit(&Catalog::shipped(), &post("clerk"), None, &nameless);
    assert_eq!(refused, Err(Refusal::Required { field: "name".to_owned() }));
    let (_, record) = works();
    let emptied = change(
        "works",
        vec![Action::Write { group: "name".to_owned(), values: Fields::from([("name".to_owned(), Value::Null)]) }],
    );
    let refused = admit(&Catalog::shipped(), &post("clerk"), Some(&record), &emptied);
    assert_eq!(refused, Err(Refusal::Required { field: "name".to_owned() }));
}

#[test]
fn a_lifecycle_goes_its_way_and_asks_for_what_each_state_needs() {
    let (_, record) = works();
    let catalog = Catalog::shipped();
    assert_eq!(admit(&catalog, &post("clerk"), Some(&record), &move_to("tendered")), Ok(()));
    let skipped = admit(&catalog, &post("clerk"), Some(&record), &move_to("accepted"));
    assert!(matches!(skipped, Err(Refusal::WrongState { .. })), "{skipped:?}");
    let priceless = admit(&catalog, &post("clerk"), Some(&record), &move_to("contracted"));
    assert_eq!(priceless, Err(Refusal::Required { field: "contract_amount".to_owned() }), "a contract has a price");
    let foreign = admit(&catalog, &post("finance"), Some(&record), &move_to("tendered"));
    assert!(matches!(foreign, Err(Refusal::MoveNotAllowed { .. })), "{foreign:?}");
}

#[test]
fn a_locked_field_stays_as_it_was_and_the_others_can_be_edited() {
    let (_, mut record) = works();
    record.state = Some("accepted".to_owned());
    let write = |name: &str, value: Value| {
        change(
            "works",
            vec![Action::Write { group: name.to_owned(), values: Fields::from([(name.to_owned(), value)]) }],
        )
    };
    let refused = admit(&Catalog::shipped(), &post("clerk"), Some(&record), &write("name", json!("另一工程")));
    assert!(matches!(refused, Err(Refusal::Locked { .. })), "{refused:?}");
    assert_eq!(admit(&Catalog::shipped(), &post("clerk"), Some(&record), &write("note", json!("已挂牌"))), Ok(()));
}

#[test]
fn a_field_cannot_be_written_under_an_invented_group() {
    let (_, record) = works();
    let sly = change(
        "works",
        vec![Action::Write { group: "sly".to_owned(), values: Fields::from([("note".to_owned(), json!("x"))]) }],
    );
    let refused = admit(&Catalog::shipped(), &post("clerk"), Some(&record), &sly);
    assert!(matches!(refused, Err(Refusal::WrongGroup { .. })), "it would write past every conflict: {refused:?}");
}

#[test]
fn a_kind_of_a_newer_peer_is_let_through() {
    let newer = change("ledger_of_2031", vec![Action::Create { state: None }]);
    assert_eq!(admit(&Catalog::shipped(), &post("clerk"), None, &newer), Ok(()));
}

#[test]
fn what_follows_a_restoration_is_done_to_a_record_that_is_there_again() {
    let (_, record) = works();
    let (gone, _) = merge(Some(record), &change("works", vec![Action::Delete]), 2);
    let write =
        Action::Write { group: "note".to_owned(), values: Fields::from([("note".to_owned(), json!("仍要建"))]) };
    let ask = |actions| admit(&Catalog::shipped(), &post("clerk"), Some(&gone), &change("works", actions));
    assert!(matches!(ask(vec![write.clone()]), Err(Refusal::Deleted { .. })), "nobody writes on what is gone");
    assert_eq!(ask(vec![Action::Restore, write.clone()]), Ok(()), "a parked edit is taken up so");
    assert_eq!(ask(vec![Action::Restore, Action::Delete]), Ok(()), "and put down so");
    let late = ask(vec![write, Action::Restore]);
    assert!(matches!(late, Err(Refusal::Deleted { .. })), "in this order only: {late:?}");
}
