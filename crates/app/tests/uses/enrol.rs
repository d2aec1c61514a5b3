//! Letting a laptop in, and opening it afterwards.

use app::types::Stage;
use app::{Enrolment, Laptop, stage};

use crate::world::{PIN, World, YANDONG, add_works, code_of, enrolment, list, refusal, sync};

#[test]
fn a_code_makes_a_folder_a_laptop_of_the_district_once() {
    let world = World::new();
    let (folder, code) = (world.path("甲"), world.code(YANDONG, "clerk"));
    assert_eq!(stage(&folder).expect("read"), Stage::New);
    let (laptop, enrolled) = app::enrol(&folder, &enrolment(&code, "王芳")).expect("a fresh code");
    assert_eq!((enrolled.letter.as_str(), enrolled.role.as_str()), ("A", "clerk"));
    assert!(enrolled.scopes.contains(&YANDONG.to_owned()), "{:?}", enrolled.scopes);
    assert!(matches!(laptop.stage().expect("open"), Stage::Open { person, .. } if person == "王芳"));
    drop(laptop);
    assert_eq!(stage(&folder).expect("read"), Stage::Locked { person: "王芳".to_owned() });

    let (code_word, fields) = refusal(app::enrol(&folder, &enrolment(&world.code(YANDONG, "clerk"), "李雷")));
    assert_eq!((code_word.as_str(), fields["person"].as_str()), ("alreadyEnrolled", "王芳"));
    assert_eq!(code_of(app::enrol(&world.path("乙"), &enrolment(&code, "李雷"))), "codeUsed");
    assert_eq!(stage(&world.path("乙")).expect("read"), Stage::New, "a used code lets nobody in");
}

#[test]
fn what_is_wrong_with_the_request_is_said_before_the_code_is_spent() {
    let world = World::new();
    let (folder, code) = (world.path("甲"), world.code(YANDONG, "clerk"));
    let short = Enrolment { pin: "246".to_owned(), ..enrolment(&code, "王芳") };
    assert_eq!(code_of(app::enrol(&folder, &short)), "pinTooShort");
    let mistyped = code.replacen('-', "", 1).replace('A', "B");
    assert_eq!(code_of(app::enrol(&folder, &enrolment(&mistyped, "王芳"))), "codeUnreadable");
    assert!(!folder.join("records.db").exists(), "nothing was made");
    app::enrol(&folder, &enrolment(&code, "王芳")).expect("the code is still good");
}

#[test]
fn a_district_that_does_not_answer_leaves_a_folder_that_can_try_again() {
    let mut world = World::new();
    let (folder, code) = (world.path("甲"), world.code(YANDONG, "clerk"));
    drop(world.district.take());
    assert_eq!(code_of(app::enrol(&folder, &enrolment(&code, "王芳"))), "unreachable");
    assert_eq!(stage(&folder).expect("read"), Stage::New, "it is not enrolled");
    assert_eq!(code_of(Laptop::open(&folder, PIN)), "notEnrolled");
    let left: Vec<_> = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|e| e.file_name()).collect();
    assert!(left.is_empty(), "nothing lies about: {left:?}");

    let again = World::new();
    app::enrol(&folder, &enrolment(&again.code(YANDONG, "clerk"), "王芳")).expect("the next try");
}

#[test]
fn a_server_with_another_certificate_is_named_and_gets_nothing() {
    let world = World::new();
    let folder = world.path("甲");
    let mut code: sync::wire::EnrolmentCode = world.code(YANDONG, "clerk").parse().expect("a code");
    let asked = enrolment(&code.to_string(), "王芳");
    code.fingerprint[0] ^= 1;
    let (found, blanks) = refusal(app::enrol(&folder, &enrolment(&code.to_string(), "王芳")));
    assert_eq!((found.as_str(), blanks.get("address")), ("untrusted", Some(&code.address)), "{blanks:?}");
    app::enrol(&folder, &asked).expect("the code was not spent on a stranger");
}

#[test]
fn the_pin_and_the_recovery_key_open_it_and_nothing_else_does() {
    let world = World::new();
    let folder = world.path("甲");
    let asked = enrolment(&world.code(YANDONG, "clerk"), "王芳");
    let (laptop, enrolled) = app::enrol(&folder, &asked).expect("a fresh code");
    drop(laptop);
    for wrong in ["", "2469", "24680", "王芳"] {
        assert_eq!(code_of(Laptop::open(&folder, wrong)), "wrongPin", "`{wrong}`");
    }
    Laptop::open(&folder, PIN).expect("the PIN");
    let typed = enrolled.recovery_key.to_lowercase().replace('-', " ");
    Laptop::open(&folder, &typed).expect("the recovery key as a hand types it");
}

#[test]
fn a_laptop_with_a_broken_catalog_says_which_file_is_wrong() {
    let world = World::new();
    let laptop = world.laptop("甲");
    drop(laptop);
    let catalog = world.path("甲").join("catalog");
    std::fs::create_dir(&catalog).expect("a folder");
    let laptop = Laptop::open(&world.path("甲"), PIN).expect("an empty folder lays nothing over what ships");
    assert!(laptop.catalog().kind("works").is_ok());
    drop(laptop);
    std::fs::write(catalog.join("works.toml"), "kind = [").expect("written");
    let (code, fields) = refusal(Laptop::open(&world.path("甲"), PIN));
    assert_eq!((code.as_str(), fields["file"].as_str()), ("catalogWrong", "works.toml"));
    std::fs::remove_dir_all(&catalog).expect("removed");
    let laptop = Laptop::open(&world.path("甲"), PIN).expect("mended");
    assert_eq!(list(&laptop, "village").len(), 2, "and the records are as they were");
}

#[test]
fn what_is_gone_from_an_enrolled_folder_is_named_and_no_new_enrolment_takes_its_place() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    add_works(&mut laptop, "污水管网");
    sync(&mut laptop);
    drop(laptop);
    let (folder, away) = (world.path("甲"), world.path("移走"));
    let records = folder.join("records.db");
    std::fs::rename(&records, &away).expect("moved");
    assert_eq!(code_of(Laptop::open(&folder, PIN)), "databaseMissing");
    assert!(!records.exists(), "none is made in its place");
    let whole = std::fs::read(&away).expect("the records");
    for (left, code, why) in [(0, "databaseMissing", "emptied"), (whole.len() / 2, "databaseDamaged", "cut in half")] {
        std::fs::write(&records, &whole[..left]).expect("written");
        assert_eq!(code_of(Laptop::open(&folder, PIN)), code, "{why}");
    }
    std::fs::write(&records, &whole).expect("put back");

    let keys = std::fs::read(folder.join("keys.json")).expect("the keys");
    std::fs::remove_file(folder.join("keys.json")).expect("gone");
    let asked = enrolment(&world.code(YANDONG, "clerk"), "李雷");
    assert_eq!(code_of(stage(&folder)), "keysMissing");
    assert_eq!(code_of(app::enrol(&folder, &asked)), "keysMissing", "it would clear the records away");
    assert_eq!(code_of(app::ask_to_enrol(&folder, &asked, &world.path("申请.nhe"))), "keysMissing");
    assert!(std::fs::read(&records).expect("the records") == whole, "not a byte of them was touched");
    std::fs::write(folder.join("keys.json"), &keys[1..]).expect("written");
    assert_eq!(code_of(stage(&folder)), "keysUnreadable");
    std::fs::write(folder.join("keys.json"), &keys).expect("put back");
    assert_eq!(list(&Laptop::open(&folder, PIN).expect("all is as before"), "works").len(), 1);
}
