//! Refused by the district: kept here with its reason, mended and sent again, or given up.

use app::types::SyncState;
use app::{Laptop, RecordId};
use serde_json::json;

use crate::world::{World, accept, add_works, code_of, fields, list, sync};

/// A clerk's edit of a name that the lead had locked meanwhile.
fn refused_edit(world: &World) -> (Laptop, RecordId) {
    let (mut lead, mut clerk) = (world.laptop_of("镇长", "320902107", "lead"), world.laptop("王芳"));
    let id = add_works(&mut lead, "污水管网").id;
    sync(&mut lead);
    sync(&mut clerk);
    clerk.set(id, fields(json!({"name": "改名", "note": "一并改"}))).expect("saved, not knowing");
    accept(&mut lead, id);
    sync(&mut lead);
    assert_eq!(sync(&mut clerk).verdicts.refused, 1);
    (clerk, id)
}

#[test]
fn a_refused_edit_is_a_draft_with_its_reason_and_stops_nothing_else() {
    let world = World::new();
    let (mut clerk, id) = refused_edit(&world);
    let shown = clerk.show(id).expect("shown");
    assert_eq!((shown.sync, &shown.fields["name"]), (SyncState::Refused, &json!("污水管网")), "what stands is shown");
    let drafts = clerk.refused().expect("drafts");
    assert_eq!(drafts.len(), 1);
    assert_eq!((drafts[0].record, drafts[0].title.as_str()), (id, "污水管网"));
    assert_eq!((&drafts[0].values["name"], &drafts[0].values["note"]), (&json!("改名"), &json!("一并改")));
    assert_eq!((drafts[0].reason.code.as_str(), drafts[0].reason.fields["field"].as_str()), ("locked", "name"));
    assert_eq!(
        clerk.history(id).expect("its past").last().map(|entry| entry.verdict.clone()).as_deref(),
        Some("refused")
    );
    add_works(&mut clerk, "另一工程");
    assert_eq!(sync(&mut clerk).verdicts.accepted, 1, "the queue goes on");
}

#[test]
fn a_refused_edit_is_mended_and_sent_again() {
    let world = World::new();
    let (mut clerk, id) = refused_edit(&world);
    let change = clerk.refused().expect("drafts")[0].change.clone();
    assert_eq!(code_of(clerk.resend(&change, fields(json!({})))), "locked", "as it was it is refused here already");
    assert_eq!(clerk.refused().expect("drafts").len(), 1, "and stays a draft");
    let shown = clerk.resend(&change, fields(json!({"name": "污水管网", "note": "改好了"}))).expect("mended");
    assert_eq!((shown.sync, &shown.fields["note"]), (SyncState::Saved, &json!("改好了")));
    assert!(clerk.refused().expect("drafts").is_empty());
    assert_eq!(code_of(clerk.resend(&change, fields(json!({})))), "unknownRecord", "sent once");
    assert_eq!(sync(&mut clerk).verdicts.refused, 0);
    assert_eq!(clerk.show(id).expect("shown").sync, SyncState::District);
}

#[test]
fn a_refused_edit_is_given_up() {
    let world = World::new();
    let (mut clerk, id) = refused_edit(&world);
    let change = clerk.refused().expect("drafts")[0].change.clone();
    clerk.discard(&change).expect("given up");
    assert_eq!(code_of(clerk.discard(&change)), "unknownRecord");
    let shown = clerk.show(id).expect("shown");
    assert_eq!((shown.sync, &shown.fields["name"]), (SyncState::District, &json!("污水管网")));
    sync(&mut clerk);
    assert!(clerk.refused().expect("drafts").is_empty(), "it does not come back");
}

/// A village that another laptop had entered under the same code; with a works in it.
fn refused_creation(world: &World) -> (Laptop, RecordId, RecordId) {
    let (mut first, mut second) = (world.laptop("甲"), world.laptop("乙"));
    let village = |name: &str| fields(json!({"code": "320902107299", "name": name}));
    first.add("village", village("新村")).expect("saved");
    let mine = second.add("village", village("新设村")).expect("saved, not knowing").id;
    let works = json!({"village": mine, "name": "管网", "category": "sewage"});
    let works = second.add("works", fields(works)).expect("saved").id;
    sync(&mut first);
    let report = sync(&mut second);
    assert_eq!((report.verdicts.refused, report.verdicts.accepted), (1, 1), "{report:?}");
    (second, mine, works)
}

#[test]
fn a_refused_creation_stays_visible_and_is_sent_again_as_the_same_record() {
    let world = World::new();
    let (mut laptop, id, works) = refused_creation(&world);
    let draft = laptop.refused().expect("drafts").remove(0);
    assert_eq!((draft.reason.code.as_str(), draft.title.as_str(), draft.record), ("duplicate", "新设村", id));
    assert_eq!(laptop.show(id).expect("still shown").sync, SyncState::Refused);

    let shown = laptop.resend(&draft.change, fields(json!({"code": "320902107298"}))).expect("mended");
    assert_eq!((shown.id, shown.sync), (id, SyncState::Saved), "what refers to it still finds it");
    assert_eq!(sync(&mut laptop).verdicts.accepted, 1);
    let mended = laptop.show(id).expect("shown");
    assert_eq!((mended.sync, &mended.fields["code"]), (SyncState::District, &json!("320902107298")));
    assert_eq!(laptop.show(works).expect("shown").names[&id.to_string()], "新设村");
    assert!(laptop.refused().expect("drafts").is_empty());
}

#[test]
fn a_refused_creation_that_is_given_up_is_gone() {
    let world = World::new();
    let (mut laptop, id, _) = refused_creation(&world);
    assert_eq!(code_of(laptop.set(id, fields(json!({"name": "再改"})))), "unknownRecord", "mend the draft instead");
    let change = laptop.refused().expect("drafts")[0].change.clone();
    laptop.discard(&change).expect("given up");
    assert_eq!(code_of(laptop.show(id)), "unknownRecord");
    assert_eq!(list(&laptop, "village").len(), 3, "those of the district");
}
