//! Bundle: the exchange on a stick, with a district in the same process.

use std::ops::ControlFlow;
use std::path::Path;

use app::{BundleTaken, BundleWishes, BundleWritten, Laptop};
use district::{BundleRead, ReplyTerms};
use domain::Scope;
use sync::bundle::{LIMIT, Terms};

use crate::world::{World, XINXING, YANDONG, add_works, code_of, enrolment, fields, list, photo, sync, village};

fn on(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn write(laptop: &mut Laptop, file: &Path) -> BundleWritten {
    laptop.write_bundle(file, &BundleWishes::default(), &mut on).expect("written")
}

fn take(world: &World, file: &Path, reply: &Path, terms: Terms) -> BundleRead {
    let wanted = ReplyTerms { terms, files: true };
    world.district().district().read_bundle(file, reply, &wanted, &mut on).expect("read")
}

const ALL: Terms = Terms { limit: LIMIT, room: u64::MAX };

/// There and back, once.
fn trip(world: &World, laptop: &mut Laptop) -> (BundleRead, BundleTaken) {
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    write(laptop, &out);
    let read = take(world, &out, &back, ALL);
    (read, laptop.read_bundle(&back, &mut on).expect("the reply is read"))
}

#[test]
fn a_laptop_that_never_spoke_over_the_line_begins_and_works_by_stick() {
    let world = World::new();
    let asked = enrolment(&world.code(YANDONG, "clerk"), "样例甲");
    let (mut laptop, _) = app::enrol(&world.path("样例甲"), &asked).expect("a fresh code lets in");
    let (_, taken) = trip(&world, &mut laptop);
    assert!(taken.brought.pulled > 0 && !taken.more, "its places come with the first reply: {taken:?}");
    assert_eq!(list(&laptop, "village").len(), 2);
    let works = add_works(&mut laptop, "没有网也能办");
    laptop.attach_paths(works.id, None, &[&photo("ditch-before.jpg")]).expect("attached");
    let (read, taken) = trip(&world, &mut laptop);
    assert_eq!((read.verdicts.accepted, read.files), (2, 1), "{read:?}");
    assert_eq!((taken.brought.pushed, taken.brought.attachments.sent), (2, 1), "{taken:?}");
    let status = laptop.status().expect("a status");
    assert_eq!((status.pending, status.attachments.files), (0, 0));
    assert!(status.last_contact.is_some(), "it has heard from its district");
}

#[test]
fn thousands_of_changes_and_a_first_fill_go_with_one_stick_each() {
    let world = World::new();
    let mut first = world.laptop("样例甲");
    let place = village(&first).to_string();
    for n in 0..1_100 {
        let works = serde_json::json!({"village": place, "name": format!("工程{n}"), "category": "sewage"});
        first.add("works", fields(works)).expect("saved");
    }
    let (read, taken) = trip(&world, &mut first);
    assert_eq!(read.verdicts.accepted, 1_100, "more than one message holds: {read:?}");
    assert_eq!((taken.brought.pushed, taken.more), (1_100, false), "{taken:?}");
    assert!(!taken.brought.reborn, "many answers in one reply are no sign of another life");
    assert_eq!(first.status().expect("a status").pending, 0);

    let asked = enrolment(&world.code(YANDONG, "clerk"), "样例乙");
    let (mut second, _) = app::enrol(&world.path("样例乙"), &asked).expect("a fresh code lets in");
    let (read, taken) = trip(&world, &mut second);
    assert!(taken.brought.filled > 1_000, "the records as they stand, in pages: {taken:?}");
    assert!(!taken.more && !read.reply.more, "and the history after them: {taken:?}");
    assert_eq!(list(&second, "works").len(), 1_000, "a page of the list");
    let (query, works) = (app::types::Query { kind: "works".to_owned(), ..Default::default() }, 1_100);
    assert_eq!(second.list(&query).expect("a list").total, works);
    let (again, taken) = trip(&world, &mut second);
    assert_eq!((again.reply.news, taken.brought.pulled + taken.brought.filled), (0, 0), "nothing is left to say");
}

#[test]
fn a_reply_that_lay_on_a_stick_takes_back_no_township_that_was_granted_since() {
    let world = World::new();
    let mut laptop = world.laptop("样例甲");
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    write(&mut laptop, &out);
    take(&world, &out, &back, ALL);
    let district = world.district().district();
    let device = district.devices().expect("the laptops")[0].id.to_string();
    let xinxing = Scope::parse(XINXING).expect("a scope");
    district.reach(&device, std::slice::from_ref(&xinxing), &[]).expect("granted");
    sync(&mut laptop);
    assert_eq!(list(&laptop, "village").len(), 3, "the new township's village came");
    laptop.read_bundle(&back, &mut on).expect("the old reply");
    assert_eq!(list(&laptop, "village").len(), 3, "and stays");

    write(&mut laptop, &out);
    take(&world, &out, &back, ALL);
    district.reach(&device, &[], &[xinxing]).expect("withdrawn");
    sync(&mut laptop);
    assert_eq!(list(&laptop, "village").len(), 2);
    laptop.read_bundle(&back, &mut on).expect("the old reply");
    assert_eq!(list(&laptop, "village").len(), 2, "nor does it give back what was withdrawn");
}

#[test]
fn whoever_stops_or_has_no_room_keeps_the_earlier_file_and_his_changes_are_not_called_sent() {
    let world = World::new();
    let mut laptop = world.laptop("样例甲");
    let works = add_works(&mut laptop, "半途");
    laptop.attach_paths(works.id, None, &[&photo("ditch-before.jpg")]).expect("attached");
    let file = world.path("out.nhb");
    std::fs::write(&file, "earlier").expect("written");
    let mut stop = |_, _| ControlFlow::Break(());
    assert_eq!(code_of(laptop.write_bundle(&file, &BundleWishes::default(), &mut stop)), "cancelled");
    let tight = |limit, room| BundleWishes { limit: Some(limit), room: Some(room), ..BundleWishes::default() };
    assert_eq!(code_of(laptop.write_bundle(&file, &tight(LIMIT, 1_000), &mut on)), "stickFull");
    assert_eq!(code_of(laptop.write_bundle(&file, &tight(1_000, LIMIT), &mut on)), "limitTooSmall");
    let nowhere = world.path("no/such/folder/out.nhb");
    assert_eq!(code_of(laptop.write_bundle(&nowhere, &BundleWishes::default(), &mut on)), "folderGone");
    assert_eq!(std::fs::read(&file).expect("there"), b"earlier");
    let status = laptop.status().expect("a status");
    assert_eq!((status.pending, status.sending), (2, 0), "nothing went out");
    let written = write(&mut laptop, &file);
    assert_eq!((written.changes, written.carried.files), (2, 1), "nothing counts as carried that was not: {written:?}");
    assert_eq!(laptop.status().expect("a status").sending, 2, "now they are on their way");
}

#[test]
fn a_file_that_is_being_carried_is_not_fetched_and_sent_again_by_the_district() {
    let world = World::new();
    let (mut first, mut second) = (world.laptop("样例甲"), world.laptop("样例乙"));
    let works = add_works(&mut first, "同一张照片");
    first.attach_paths(works.id, None, &[&photo("ditch-before.jpg")]).expect("attached");
    sync(&mut first);
    let (out, back) = (world.path("out.nhb"), world.path("back.nhb"));
    write(&mut second, &out);
    let small = Terms { limit: LIMIT, room: 100_000 };
    let read = take(&world, &out, &back, small);
    assert_eq!((read.reply.files, read.reply.left), (1, 1), "half of it: {read:?}");
    let taken = second.read_bundle(&back, &mut on).expect("half of it");
    assert_eq!(taken.brought.attachments.received, 0);
    let report = sync(&mut second);
    assert_eq!(report.attachments.received, 1, "the line brings the other half");
    let (read, taken) = trip(&world, &mut second);
    assert_eq!((read.reply.files, taken.brought.attachments.received), (0, 0), "it is here: {read:?}");
}
