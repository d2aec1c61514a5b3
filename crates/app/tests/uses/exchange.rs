//! Two laptops and a district: what one saves the other sees, and nothing is lost on the way.

use app::types::SyncState;
use serde_json::json;

use crate::world::{PIN, World, XINXING, add_works, code_of, fields, list, photo, sync};

#[test]
fn what_one_laptop_saves_the_other_sees_with_its_photos() {
    let world = World::new();
    let (mut a, mut b) = (world.laptop("甲"), world.laptop("乙"));
    let id = add_works(&mut a, "厕所改造").id;
    a.attach_paths(id, None, &[&photo("ditch-before.jpg")]).expect("attached");
    let report = sync(&mut a);
    assert_eq!((report.pushed, report.verdicts.accepted, report.attachments.sent), (2, 2, 1));
    assert_eq!(a.show(id).expect("shown").sync, SyncState::District);
    let got = sync(&mut b);
    assert_eq!((got.pulled, got.attachments.received), (2, 1));
    assert_eq!(b.show(id).expect("shown").fields, a.show(id).expect("shown").fields);
    assert!(b.attachments(id, "photos").expect("files")[0].here);
    assert_eq!(b.search("厕所", 10).expect("hits").len(), 1, "an exchange is searchable when it returns");
    let quiet = sync(&mut b);
    assert_eq!((quiet.pushed, quiet.pulled), (0, 0));

    let mut neighbour = world.laptop_of("丙", XINXING, "clerk");
    sync(&mut neighbour);
    assert!(list(&neighbour, "works").is_empty(), "a township sees its own");
}

#[test]
fn edits_of_different_fields_meet_without_a_conflict() {
    let world = World::new();
    let (mut a, mut b) = (world.laptop("甲"), world.laptop("乙"));
    let id = add_works(&mut a, "污水管网").id;
    sync(&mut a);
    sync(&mut b);
    a.set(id, fields(json!({"note": "甲的备注"}))).expect("saved");
    b.set(id, fields(json!({"content": "乙的规模"}))).expect("saved");
    sync(&mut a);
    let report = sync(&mut b);
    assert_eq!(report.verdicts.merged, 1);
    sync(&mut a);
    for laptop in [&a, &b] {
        let shown = laptop.show(id).expect("shown");
        assert_eq!((&shown.fields["note"], &shown.fields["content"]), (&json!("甲的备注"), &json!("乙的规模")));
        assert_eq!((shown.sync, shown.conflicts.len()), (SyncState::District, 0));
    }
}

#[test]
fn a_district_that_does_not_answer_costs_nothing_and_the_next_exchange_goes_on() {
    let mut world = World::new();
    let mut a = world.laptop("甲");
    let id = add_works(&mut a, "污水管网").id;
    drop(world.district.take());
    assert_eq!(code_of(a.exchange(&mut |_| {})), "unreachable");
    let status = a.status().expect("a status");
    assert_eq!((status.pending, status.sending), (1, 0), "nothing went out");
    assert!(status.last_contact.is_some(), "of the first exchange");
    a.set(id, fields(json!({"note": "离线"}))).expect("work goes on");
    drop(a);
    let again = app::Laptop::open(&world.path("甲"), PIN).expect("opened again");
    assert_eq!(again.show(id).expect("shown").fields["note"], json!("离线"));
    assert_eq!(again.status().expect("a status").pending, 2);
}

#[test]
fn a_revoked_laptop_keeps_its_records_and_hears_why() {
    let world = World::new();
    let mut a = world.laptop("甲");
    let id = add_works(&mut a, "污水管网").id;
    let device = world.district().district().devices().expect("devices")[0].id.to_string();
    world.district().district().revoke(&device).expect("revoked");
    assert_eq!(code_of(a.exchange(&mut |_| {})), "deviceRevoked");
    assert_eq!(a.show(id).expect("shown").sync, SyncState::Saved);
}
