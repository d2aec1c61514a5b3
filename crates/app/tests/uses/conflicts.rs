//! Two people, one record, neither had seen the other: each way to decide it.

use app::types::{ConflictView, Decision, SyncState};
use app::{Fields, Laptop, RecordId};
use domain::Value;
use serde_json::json;

use crate::world::{World, add_works, code_of, conflict, fields, sync};

/// A works that two laptops have, each without the other's next word.
struct Quarrel {
    _world: World,
    first: Laptop,
    second: Laptop,
    id: RecordId,
}

impl Quarrel {
    /// What `first` does stands; what `second` does comes too late.
    fn over(first_does: impl FnOnce(&mut Laptop, RecordId), second_does: impl FnOnce(&mut Laptop, RecordId)) -> Self {
        let world = World::new();
        let (mut first, mut second) = (world.laptop("甲"), world.laptop("乙"));
        let id = add_works(&mut first, "污水管网").id;
        first.set(id, fields(json!({"contract_amount": 5}))).expect("saved");
        sync(&mut first);
        sync(&mut second);
        first_does(&mut first, id);
        second_does(&mut second, id);
        sync(&mut first);
        assert_eq!(sync(&mut second).verdicts.conflict, 1, "the second comes too late");
        sync(&mut first);
        Self { _world: world, first, second, id }
    }

    /// The conflict as both see it.
    fn conflict(&self) -> ConflictView {
        let (mine, theirs) = (conflict(&self.second), conflict(&self.first));
        assert!(mine.mine && !theirs.mine, "the late value is the second's");
        assert_eq!((&mine.id, &mine.standing, &mine.parked), (&theirs.id, &theirs.standing, &theirs.parked));
        assert_eq!(self.first.show(self.id).expect("shown").sync, SyncState::Conflict);
        mine
    }

    /// The first laptop decides; both then see the same and nothing open.
    fn settle(&mut self, decision: &Decision) -> app::types::Shown {
        let conflict = conflict(&self.first).id;
        let shown = self.first.settle(&conflict, decision).expect("decided");
        assert!(shown.conflicts.is_empty(), "decided on the screen at once");
        assert_eq!(code_of(self.first.settle(&conflict, decision)), "unknownConflict", "decided once");
        let report = sync(&mut self.first);
        assert_eq!((report.verdicts.refused, report.verdicts.conflict), (0, 0), "the district agrees");
        sync(&mut self.second);
        let (here, there) = (self.first.show(self.id).expect("shown"), self.second.show(self.id).expect("shown"));
        assert_eq!((&here.fields, &here.state, here.deleted), (&there.fields, &there.state, there.deleted));
        assert!(here.conflicts.is_empty() && there.conflicts.is_empty());
        assert_eq!((here.sync, there.sync), (SyncState::District, SyncState::District));
        here
    }
}

fn write(value: Value) -> impl FnOnce(&mut Laptop, RecordId) {
    move |laptop, id| drop(laptop.set(id, fields(value)).expect("saved"))
}

fn go(state: &'static str) -> impl FnOnce(&mut Laptop, RecordId) {
    move |laptop, id| drop(laptop.move_to(id, state, None).expect("moved"))
}

fn delete(laptop: &mut Laptop, id: RecordId) {
    laptop.delete(id).expect("deleted");
}

fn other(values: Value) -> Decision {
    Decision::Other { values: fields(values) }
}

fn contract() -> Quarrel {
    Quarrel::over(
        write(json!({"contract_amount": 10, "contractor": "甲公司"})),
        write(json!({"contract_amount": 20, "contractor": "甲公司"})),
    )
}

#[test]
fn two_values_of_one_field_are_shown_with_who_wrote_them() {
    let quarrel = contract();
    let conflict = quarrel.conflict();
    assert_eq!(conflict.fields, ["contract_amount"], "what both say alike is no question");
    let only = |amount: i64| Fields::from([("contract_amount".to_owned(), json!(amount))]);
    assert_eq!((&conflict.standing.values, &conflict.parked.values), (&only(10), &only(20)));
    assert_eq!((conflict.standing.by.as_str(), conflict.parked.by.as_str()), ("甲", "乙"));
    assert_eq!((conflict.title.as_str(), conflict.kind.as_str()), ("污水管网", "works"));
    assert_eq!(quarrel.first.status().expect("a status").conflicts, 1);
}

#[test]
fn a_write_conflict_is_decided_for_what_stands() {
    let shown = contract().settle(&Decision::Standing);
    assert_eq!((&shown.fields["contract_amount"], &shown.fields["contractor"]), (&json!(10), &json!("甲公司")));
}

#[test]
fn a_write_conflict_is_decided_for_what_was_parked() {
    assert_eq!(contract().settle(&Decision::Parked).fields["contract_amount"], json!(20));
}

#[test]
fn a_write_conflict_is_decided_for_a_third_value_of_the_same_fields() {
    let mut quarrel = contract();
    let id = quarrel.conflict().id;
    assert_eq!(code_of(quarrel.first.settle(&id, &other(json!({"note": "别处"})))), "wrongGroup");
    assert_eq!(code_of(quarrel.first.settle(&id, &other(json!({"contract_amount": "很多"})))), "wrongType");
    assert_eq!(code_of(quarrel.first.settle("nonsense", &Decision::Parked)), "unknownConflict");
    quarrel.conflict(); // Still open, after all that was refused.
    let shown = quarrel.settle(&other(json!({"contract_amount": 15})));
    assert_eq!((&shown.fields["contract_amount"], &shown.fields["contractor"]), (&json!(15), &json!("甲公司")));
}

#[test]
fn a_state_conflict_is_decided_for_either_or_a_third() {
    let states = || Quarrel::over(go("tendered"), go("contracted"));
    let conflict = states().conflict();
    assert_eq!(conflict.fields, ["@state"]);
    assert_eq!(
        (&conflict.standing.values["@state"], &conflict.parked.values["@state"]),
        (&json!("tendered"), &json!("contracted"))
    );
    assert_eq!(states().settle(&Decision::Standing).state.as_deref(), Some("tendered"));
    assert_eq!(states().settle(&Decision::Parked).state.as_deref(), Some("contracted"));
    let mut quarrel = states();
    let id = quarrel.conflict().id;
    assert_eq!(code_of(quarrel.first.settle(&id, &other(json!({})))), "required", "a third state must be named");
    assert_eq!(code_of(quarrel.first.settle(&id, &other(json!({"@state": "completed"})))), "wrongState");
    let shown = quarrel.settle(&other(json!({"@state": "contracted"})));
    assert_eq!((shown.state.as_deref(), shown.fields.contains_key("@state")), (Some("contracted"), false));
}

#[test]
fn an_edit_that_met_a_deletion_is_taken_up_put_down_or_changed() {
    let edits = || Quarrel::over(delete, write(json!({"note": "仍要建"})));
    assert!(edits().first.show(edits().id).is_err() || edits().conflict().fields == ["note"]);
    assert!(edits().settle(&Decision::Standing).deleted, "it stays deleted");
    let taken = edits().settle(&Decision::Parked);
    assert_eq!((taken.deleted, &taken.fields["note"]), (false, &json!("仍要建")), "it lives, with the edit");
    let third = edits().settle(&other(json!({"note": "改建"})));
    assert_eq!((third.deleted, &third.fields["note"]), (false, &json!("改建")));
}

#[test]
fn a_move_that_met_a_deletion_is_taken_up_or_put_down() {
    let moves = || Quarrel::over(delete, go("tendered"));
    assert!(moves().settle(&Decision::Standing).deleted);
    let taken = moves().settle(&Decision::Parked);
    assert_eq!((taken.deleted, taken.state.as_deref()), (false, Some("tendered")));
}

#[test]
fn a_photo_that_met_a_deletion_is_taken_up_or_put_down() {
    let attach = |laptop: &mut Laptop, id: RecordId| {
        laptop.attach(id, None, &[("a.jpg", b"picture")]).expect("attached");
    };
    let photos = || Quarrel::over(delete, attach);
    assert!(photos().settle(&Decision::Standing).deleted);
    let mut quarrel = photos();
    let id = quarrel.conflict().id;
    assert_eq!(code_of(quarrel.first.settle(&id, &other(json!({"photos": []})))), "wrongGroup", "in or out, no third");
    let taken = quarrel.settle(&Decision::Parked);
    assert_eq!((taken.deleted, taken.fields["photos"].as_array().map(Vec::len)), (false, Some(1)));
}

#[test]
fn a_deletion_that_met_an_edit_is_carried_out_or_dropped() {
    let deletions = || Quarrel::over(write(json!({"note": "新情况"})), delete);
    let conflict = deletions().conflict();
    assert_eq!(
        (conflict.fields.as_slice(), &conflict.parked.values["@deleted"]),
        (&["@deleted".to_owned()][..], &json!(true))
    );
    let kept = deletions().settle(&Decision::Standing);
    assert_eq!((kept.deleted, &kept.fields["note"]), (false, &json!("新情况")));
    assert!(deletions().settle(&Decision::Parked).deleted);
    let mut quarrel = deletions();
    let id = quarrel.conflict().id;
    assert_eq!(
        code_of(quarrel.first.settle(&id, &other(json!({"@deleted": true})))),
        "wrongGroup",
        "there is no third"
    );
}

#[test]
fn a_conflict_shows_what_both_began_with() {
    let amount = |amount: i64| {
        move |laptop: &mut Laptop, id| drop(laptop.set(id, fields(json!({"contract_amount": amount}))).expect("saved"))
    };
    let quarrel = Quarrel::over(amount(6), amount(7));
    for laptop in [&quarrel.first, &quarrel.second] {
        for conflict in laptop.conflicts().expect("a list") {
            let original = conflict.original.expect("the log is here");
            assert_eq!(original["contract_amount"], json!(5), "neither the one's value nor the other's");
        }
    }
}
