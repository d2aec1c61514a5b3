//! A laptop that never has a line: let in by a stick, and at work from then on.

use std::fs;

use nonghuan_tests::{Laptop, YANDONG, sample};
use serde_json::json;

use super::{World, add_works, all_agree, photo};

/// A laptop that is nobody's yet, and a code for it.
fn newcomer(world: &World, name: &str) -> (Laptop, String) {
    let laptop = Laptop::new(&world.programs, world.path(name).as_ref());
    (laptop, world.district.code(YANDONG, "clerk").expect("a code"))
}

#[test]
fn a_laptop_without_a_line_is_let_in_by_a_stick_with_its_records_and_photos() {
    let world = World::new();
    let first = world.laptop("样例甲");
    let works = add_works(&first, "甲的工程");
    first.attach(&works, &[photo("ditch-before")]).expect("attached");
    world.trip(&first);

    let (laptop, code) = newcomer(&world, "样例乙");
    let asked = laptop.ask(&["enrol-request", &world.path(""), "--code", &code, "--name", "样例乙"]).expect("asked");
    let file = asked["file"].as_str().expect("a file").to_owned();
    assert!(file.ends_with("nonghuan-样例乙.nhe"), "named after its person: {file}");
    assert!(asked["recoveryKey"].as_str().is_some_and(|key| key.len() > 30), "shown once: {asked}");
    let text = fs::read_to_string(&file).expect("the request");
    assert!(!text.contains(&code[4..20]), "the code's secret does not travel");
    assert_eq!(laptop.refused(&["status"]).expect("a refusal").code, "notEnrolled", "it waits for the reply");

    let back = world.path("back.nhb");
    let admitted = world.at_district(&["enrol", &file, "--reply", &back]).expect("let in");
    assert_eq!((&admitted["name"], &admitted["role"]), (&json!("样例乙"), &json!("clerk")));
    assert_eq!(laptop.with_pin("9999").refused(&["enrol-reply", &back]).expect("a refusal").code, "wrongPin");
    let read = laptop.ask(&["enrol-reply", &back]).expect("read");
    assert_eq!(read["enrolled"]["letter"], admitted["letter"]);
    assert_eq!(read["taken"]["brought"]["attachments"]["received"], json!(1), "the photo came along: {read}");

    add_works(&laptop, "乙的工程");
    world.trip(&laptop);
    world.trip(&first);
    all_agree(&world, &[&first, &laptop]);
    // The first line that it ever has: the token that it was given on the stick is good there.
    laptop.ask(&["sync"]).expect("the district knows it");
}

#[test]
fn a_request_that_was_lost_is_asked_again_and_no_other_file_lets_anybody_in() {
    let world = World::new();
    let (laptop, code) = newcomer(&world, "样例甲");
    let ask = |file: &str, name: &str| {
        laptop.ask(&["enrol-request", &world.path(file), "--code", &code, "--name", name]).expect("asked")
    };
    ask("lost.nhe", "样例假");
    let once = world.at_district(&["enrol", &world.path("lost.nhe"), "--reply", &world.path("lost.nhb")]);
    let once = once.expect("let in");
    // The stick with the reply is lost, and the name had a slip: asked again, it is the same laptop.
    ask("again.nhe", "样例甲");
    let again = world.at_district(&["enrol", &world.path("again.nhe"), "--reply", &world.path("again.nhb")]);
    assert_eq!(again.expect("let in again")["device"], once["device"], "one code lets in one laptop");

    // Somebody who has found the file puts his own name into it.
    let text = fs::read_to_string(world.path("again.nhe")).expect("the request");
    fs::write(world.path("forged.nhe"), text.replace("样例甲", "样例乙")).expect("written");
    let forged = world.at_district(&["enrol", &world.path("forged.nhe"), "--reply", &world.path("forged.nhb")]);
    assert_eq!(forged.expect_err("refused").code, "codeUnknown", "the request is not proved by the code");
    let photo = sample("photos/ditch-before.jpg").to_string_lossy().into_owned();
    let none = world.at_district(&["enrol", &photo, "--reply", &world.path("none.nhb")]);
    assert_eq!(none.expect_err("refused").code, "notABundle", "a file that is not what it says");

    // Another laptop's reply, and one that answers an earlier request.
    let (other, code) = newcomer(&world, "样例丙");
    other.ask(&["enrol-request", &world.path("other.nhe"), "--code", &code, "--name", "样例丙"]).expect("asked");
    for foreign in ["lost.nhb", "again.nhb"] {
        let refused = other.refused(&["enrol-reply", &world.path(foreign)]).expect("a refusal");
        assert_eq!(refused.code, "admissionForeign", "{foreign} lets in another laptop");
    }
    let earlier = laptop.refused(&["enrol-reply", &world.path("lost.nhb")]).expect("a refusal");
    assert_eq!(earlier.code, "admissionForeign", "it answers what was asked before");
    laptop.ask(&["enrol-reply", &world.path("again.nhb")]).expect("read");
    laptop.ask(&["sync"]).expect("the district knows it");
}
