//! Works that stand still.

use app::Laptop;
use serde_json::json;

use crate::camera::Snap;
use crate::world::{World, add_works, fields};

/// A works under way.
fn building(laptop: &mut Laptop, name: &str) -> app::RecordId {
    let id = add_works(laptop, name).id;
    laptop.set(id, fields(json!({"contract_amount": 80_000_000, "actual_start": "2026-03-05"}))).expect("saved");
    laptop.move_to(id, "contracted", None).expect("signed");
    laptop.move_to(id, "building", None).expect("begun");
    id
}

#[test]
fn works_of_which_nothing_was_said_for_a_month_are_named_whatever_else_there_is() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    add_works(&mut laptop, "还没开工");
    let (still, reported, late, pictured) = (
        building(&mut laptop, "停了"),
        building(&mut laptop, "有进度"),
        building(&mut laptop, "早有进度"),
        building(&mut laptop, "有照片"),
    );
    for (works, date) in [(reported, "2026-05-02"), (late, "2026-05-01")] {
        laptop.add("progress", fields(json!({"works": works, "date": date, "percent": 20}))).expect("saved");
    }
    let snap = Snap { scene: 1, taken: Some("2026:05:20 09:12:33"), ..Snap::default() };
    laptop.attach(pictured, None, &[("近照.jpg", snap.press().as_slice())]).expect("attached");

    let page = laptop.standing_still_on("2026-06-01", 30, 20).expect("a page");
    let ids: Vec<_> = page.records.iter().map(|one| one.id).collect();
    assert_eq!((page.total, ids), (2, vec![still, late]), "the thirtieth day before counts");
    let one = laptop.standing_still_on("2026-06-01", 30, 1).expect("a page");
    assert_eq!((one.total, one.records.len()), (2, 1), "all are counted, and some named");
    laptop.delete(still).expect("deleted");
    assert_eq!(laptop.standing_still_on("2026-06-01", 30, 20).expect("a page").total, 1, "what is deleted rests");
}
