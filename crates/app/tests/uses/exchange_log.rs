//! What people read of the exchange: its log, what is on its way, a pause, a stick.

use std::ops::ControlFlow;

use app::{BundleWishes, ExchangeWay};

use crate::world::{World, add_works, code_of, photo, sync};

#[test]
fn the_log_says_what_moved_and_how_long_the_line_was_down_and_nothing_of_what_had_nothing_to_do() {
    let mut world = World::new();
    let mut laptop = world.laptop("甲");
    let lines = laptop.exchanges(50).expect("the log").len();
    sync(&mut laptop);
    assert_eq!(laptop.exchanges(50).expect("the log").len(), lines, "nothing to do is no line");
    add_works(&mut laptop, "污水管网");
    sync(&mut laptop);
    let log = laptop.exchanges(50).expect("the log");
    let report = log[0].outcome.report.as_ref().expect("what moved");
    assert_eq!((log[0].way, report.pushed), (ExchangeWay::Line, 1));

    drop(world.district.take());
    // It remembers where it served; a laptop that asks meanwhile finds nobody.
    for _ in 0..2 {
        assert_eq!(code_of(laptop.exchange(&mut |_| {})), "unreachable");
    }
    let log = laptop.exchanges(50).expect("the log");
    let error = log[0].outcome.error.as_ref().expect("why not");
    assert_eq!((error.code.as_str(), log[0].times), ("unreachable", 2), "two of one kind are one line");
}

#[test]
fn a_stick_that_is_pulled_out_is_said_so_and_nothing_counts_as_carried() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let works = add_works(&mut laptop, "污水管网").id;
    laptop.attach_paths(works, None, &[&photo("ditch-before.jpg")]).expect("attached");
    let stick = world.path("U盘");
    std::fs::create_dir(&stick).expect("a stick");
    let file = stick.join("out.nhb");
    let mut pull = |_, _| {
        let _ = std::fs::remove_dir_all(&stick); // It is there once.
        ControlFlow::Continue(())
    };
    assert_eq!(code_of(laptop.write_bundle(&file, &BundleWishes::default(), &mut pull)), "stickGone");
    let status = laptop.status().expect("a status");
    assert_eq!((status.pending, status.sending, status.attachments.files), (2, 0, 1), "all of it still waits");
    let way = laptop.on_its_way().expect("a list");
    assert_eq!((way.records_total, way.records[0].changes, way.records[0].sent), (1, 2, false));
    assert_eq!((way.files[0].carried, way.files[0].record.as_ref().map(|one| one.id)), (0, Some(works)));
    let log = laptop.exchanges(1).expect("the log");
    assert_eq!(log[0].way, ExchangeWay::StickOut);
    assert_eq!(log[0].outcome.error.as_ref().map(|error| error.code.as_str()), Some("stickGone"));

    sync(&mut laptop);
    let way = laptop.on_its_way().expect("a list");
    assert_eq!((way.records_total, way.files.len()), (0, 0), "the line carries what the stick did not");
    assert_eq!(way.arrived[0].id, works, "and says what arrived");
}

#[test]
fn a_pause_is_kept_and_an_exchange_by_hand_is_done_all_the_same() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    laptop.pause(true).expect("paused");
    assert!(laptop.twin().expect("another").status().expect("a status").paused, "whoever opens the laptop next knows");
    add_works(&mut laptop, "污水管网");
    assert_eq!(sync(&mut laptop).pushed, 1);
    laptop.pause(false).expect("resumed");
    assert!(!laptop.status().expect("a status").paused);
}
