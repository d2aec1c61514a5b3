//! Bad lines: they break, delay, bend bits and go silent, and in the end the same
//! is true as on a good one.

use std::fs;
use std::time::Duration;

use nonghuan_tests::{Chance, Laptop, Line, Outcome, Way, Weather, YANDONG, sample, until};
use serde_json::json;

use crate::world::{World, add_works, rounds, said};

/// The most exchanges that are tried over one bad line.
const TRIES: u64 = 300;

/// Exchanges until one succeeds, as an impatient person does; how often it took.
fn insist(laptop: &Laptop) -> u64 {
    for attempt in 1..=TRIES {
        // A length that was bent leaves both ends waiting for bytes that nobody sends.
        match laptop.strike(&["sync"], Duration::from_secs(4)).expect("it ends as a program ends") {
            Outcome::Done(_) => return attempt,
            Outcome::Killed => {}
            Outcome::Refused(refused) => {
                assert_eq!(refused.code, "unreachable", "only the line is to blame: {refused:?}");
            }
        }
    }
    panic!("no exchange in {TRIES} tries");
}

/// Two laptops with something to say to each other, both sides of a conflict among
/// it, until what is bad about the line has happened some times.
fn talk(world: &World, weathers: &[Weather], times: u64, happened: impl Fn(&Line) -> u64) {
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let common = add_works(&a, "共同工程");
    world.settle(&[&a, &b]);
    let (list, mut chance) = (sample("works-盐东镇.xlsx"), world.chance("line"));
    a.ask(&["import", &list.to_string_lossy(), "--kind", "works"]).expect("imported");
    let mut expected = 1 + 11;
    for (n, weather) in (0..times * 20).zip(weathers.iter().cycle()) {
        if n >= rounds(times) && happened(&world.line) >= 3 {
            break;
        }
        for (laptop, name) in [(&a, "甲"), (&b, "乙")] {
            add_works(laptop, &format!("{name}的工程{n}"));
            laptop.ask(&["set", &common, &format!("content={name}{n}")]).expect("saved");
            expected += 1;
        }
        world.line.is_like(weather.clone(), Chance::of(chance.number(), "weather"));
        let took = (insist(&a), insist(&b));
        said(&format!("{weather:?}: {took:?} exchanges until one was through"));
    }
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    assert_eq!(world.at_district("works").len(), expected, "each works is there once");
    let conflicts = a.ask(&["status"]).expect("a status")["conflicts"].clone();
    assert_ne!(conflicts, json!(0), "who had not seen the other's word did not overwrite it");
}

#[test]
fn a_line_that_breaks_and_delays_brings_everything_in_the_end() {
    let world = World::new();
    let breaks = |breaks_after| Weather { breaks_after: Some(breaks_after), delay: Some(0..12), ..Weather::default() };
    talk(&world, &[breaks(1_000..7_000), breaks(3_000..20_000), breaks(1..8_000)], 3, Line::broken);
    said(&format!("{} connections broke", world.line.broken()));
    assert!(world.line.broken() >= 3, "the line did break");
}

#[test]
fn a_line_that_bends_bits_is_noticed_and_nothing_wrong_is_applied() {
    let world = World::new();
    let bends = |way, range| Weather { bends: Some((way, range)), ..Weather::default() };
    talk(&world, &[bends(Way::ToDistrict, 500..12_000), bends(Way::ToLaptop, 500..12_000)], 4, Line::bent);
    said(&format!("{} bits were bent", world.line.bent()));
    assert!(world.line.bent() >= 3, "the line did bend bits");
}

#[test]
fn a_line_that_is_silent_one_way_is_survived_by_both_ends() {
    let world = World::new();
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let mut chance = world.chance("silence");
    for (n, way) in [Way::ToLaptop, Way::ToDistrict, Way::ToLaptop].into_iter().enumerate() {
        add_works(&a, &format!("工程{n}"));
        let mut exchange = a.start(&["sync"]).expect("the exchange starts");
        let from = world.line.carried(Way::ToDistrict);
        let so_far = from + chance.within(1..3_000);
        // Somewhere in the midst of it, or never, when it is through by then.
        until("the exchange to be under way", Duration::from_secs(30), || {
            (world.line.carried(Way::ToDistrict) >= so_far || !exchange.runs()).then_some(())
        })
        .expect("under way");
        world.line.is_like(Weather { silent: Some(way), ..Weather::default() }, chance.clone());
        let outcome = b.strike(&["sync"], Duration::from_millis(600)).expect("it ends as a program ends");
        assert!(!matches!(outcome, Outcome::Done(_)), "nobody is heard over a silent line");
        exchange.kill();
        world.line.mend();
    }
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    assert_eq!(world.at_district("works").len(), 3, "each works is there once");
}

#[test]
fn photos_go_on_where_the_line_broke() {
    let world = World::new();
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let id = add_works(&a, "有照片的工程");
    let mut chance = world.chance("photos");
    let mut total = 0;
    for n in 1..=3 {
        let photo = world.path(&format!("照片{n}.jpg"));
        let many = usize::try_from(chance.within(1_000_000..3_000_000)).expect("small");
        let bytes = chance.bytes(many);
        total += bytes.len() as u64;
        fs::write(&photo, bytes).expect("a photo");
        a.attach(&id, &[photo]).expect("attached");
    }
    let weather = Weather { breaks_after: Some(300_000..900_000), ..Weather::default() };
    let carry = |line: &Line, laptop: &Laptop, way| {
        line.is_like(weather.clone(), chance.clone());
        let before = line.carried(way);
        let tries = insist(laptop);
        let carried = line.carried(way) - before;
        line.mend();
        said(&format!("{way:?}: {total} bytes of photos took {carried} in {tries} exchanges"));
        assert!(tries > 2, "the line did break: {tries} exchanges");
        // What was under way when it broke is all that may go again.
        assert!(carried < total * 3 / 2 + tries * 20_000, "{carried} bytes went for {total}, in {tries} exchanges");
    };
    carry(&world.line, &a, Way::ToDistrict);
    carry(&world.line, &b, Way::ToLaptop);
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    let again = b.ask(&["sync"]).expect("exchanged");
    assert_eq!(again["attachments"], json!({ "sent": 0, "received": 0 }), "the files are all there");
}

/// A township's year of work over a line that never carries more than a small part of it.
#[test]
fn much_that_is_to_be_said_is_said_in_pieces_that_the_line_can_carry() {
    let world = World::new();
    let a = world.laptop("甲");
    let mut chance = world.chance("much");
    let mut list = String::from("行政村,工程名称,整治类别,建设内容与规模\n");
    for n in 0..800 {
        let text: String =
            (0..200).filter_map(|_| char::from_u32(0x4E00 + u32::try_from(chance.within(0..3_000)).ok()?)).collect();
        list.push_str(&format!("320902107200,工程{n},sewage,{text}\n"));
    }
    let file = world.path("工程.csv");
    fs::write(&file, list).expect("a list");
    let read = a.ask(&["import", &file.to_string_lossy(), "--kind", "works"]).expect("imported");
    assert_eq!(read["new"], json!(800), "each row is a works: {read}");
    // Enrolled while the line is good, and told nothing yet: its first fill is to come.
    let code = world.district.code_over(world.line.address(), YANDONG, "clerk").expect("a code");
    let carry = |laptop: &Laptop, way| {
        let (before, weather) =
            (world.line.carried(way), Weather { breaks_after: Some(60_000..150_000), ..Weather::default() });
        world.line.is_like(weather, chance.clone());
        let tries = insist(laptop);
        world.line.mend();
        let carried = world.line.carried(way) - before;
        said(&format!("{way:?}: {carried} bytes in {tries} exchanges"));
        assert!((3..100).contains(&tries), "the line broke, and not for ever: {tries} exchanges");
    };
    carry(&a, Way::ToDistrict);
    let b = a.in_folder(&world.path("乙"));
    world.line.is_like(Weather { breaks_after: Some(8_000..12_000), ..Weather::default() }, world.chance("enrolment"));
    b.enrol(&code, "乙").expect("enrolled, its first exchange breaks off");
    assert!(b.list("works").expect("a list").is_empty(), "it has still to be filled");
    carry(&b, Way::ToLaptop);
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    assert_eq!(world.at_district("works").len(), 800, "each works is there once");
}

#[test]
fn a_backlog_that_goes_out_ahead_of_its_answers_arrives_once_over_a_line_that_breaks() {
    let world = World::new();
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    // More than a message takes, so that the next goes out while the last is answered.
    let rows = (0..1_300).map(|n| format!("中东村,工程{n},生活污水\n"));
    let list = world.path("积压.csv");
    fs::write(&list, "行政村,工程名称,整治类别\n".to_owned() + &rows.collect::<String>()).expect("written");
    a.ask(&["import", &list.to_string_lossy(), "--kind", "works"]).expect("imported");
    world.line.is_like(Weather { breaks_after: Some(5_000..25_000), ..Weather::default() }, world.chance("backlog"));
    said(&format!("{} exchanges until all of it was through", insist(&a)));
    assert!(world.line.broken() > 0, "the line did break");
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    assert_eq!(world.at_district("works").len(), 1_300, "each works is there once");
}
