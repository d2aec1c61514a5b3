//! A laptop whose files are gone, and a district that has forgotten it: what the
//! window says, and how its person goes on.

use std::fs;
use std::path::Path;
use std::process::Command;

use nonghuan_tests::{District, Laptop, PIN, YANDONG};
use serde_json::json;

use crate::desk::{Office, named};

#[test]
fn what_is_gone_is_named_nothing_takes_its_place_and_back_again_it_opens() {
    let office = Office::new();
    let file = |name: &str| office.laptop.folder().join(name);
    let (records, aside) = (file("records.db"), file("aside.db"));
    fs::rename(&records, &aside).expect("put aside");
    let desk = office.open();
    desk.unlock(PIN);
    desk.appears("[data-testid=refusal][data-code=databaseMissing]");
    desk.sees("报到区里的记录，区里都有");
    assert!(!records.exists(), "an empty one would look as if all were lost");
    fs::rename(&aside, &records).expect("put back");
    desk.unlock(PIN);
    desk.click("nav-works");
    desk.sees("终端里登记的工程");
    drop(desk);

    let keys = fs::read(file("keys.json")).expect("the keys");
    for (lost, code) in [(None, "keysMissing"), (Some(&keys[..keys.len() / 2]), "keysUnreadable")] {
        match lost {
            None => fs::remove_file(file("keys.json")).expect("removed"),
            Some(half) => fs::write(file("keys.json"), half).expect("written"),
        }
        let desk = office.open();
        desk.appears(&format!("[data-testid=refusal][data-code={code}]"));
        let shown = desk.window.words().expect("the page");
        assert!(!shown.contains("登记这台电脑"), "enrolling anew would clear the records away: {shown}");
        fs::write(file("keys.json"), &keys).expect("put back");
        // It may have looked again by itself.
        let again = "document.querySelector('[data-testid=try-again]')?.click()";
        desk.window.script(again, &[]).expect("asked again");
        desk.unlock(PIN);
        desk.click("nav-works");
        desk.sees("终端里登记的工程");
    }
}

#[test]
fn a_district_restored_from_a_backup_takes_its_laptop_in_again_with_all_it_has() {
    let mut office = Office::new();
    let (folder, backup) = (office.district.folder().to_owned(), office.path("备份"));
    let copied = |from: &Path, to: &Path| {
        let done = Command::new("cp").arg("-a").args([from, to]).status().expect("cp");
        assert!(done.success(), "{} is copied", from.display());
    };
    office.district.kill();
    copied(&folder, &backup);
    office.district.start_again().expect("it goes on");
    let later = Laptop::new(&office.programs, &office.path("后来的电脑"));
    office.enrol(&later);
    let village = later.find("village", "code", "320902107200").expect("中东村 is here");
    let fields = [&format!("village={village}"), "name=备份以后报的工程", "category=waste"];
    later.add("works", &fields).expect("saved");
    later.ask(&["sync"]).expect("acknowledged");
    office.district.kill();
    fs::remove_dir_all(&folder).expect("lost");
    copied(&backup, &folder);
    office.district.start_again().expect("it is up, and knows nothing of it");
    let stranger = District::start(&office.programs, &office.path("别的区")).expect("another district");

    let desk = office.open_with(&later, &[]);
    desk.unlock(PIN);
    desk.click("nav-sync");
    desk.appears(&named("enrol-again"));
    desk.fill("new-code", &stranger.code(YANDONG, "clerk").expect("a code"));
    desk.click("enrol-again-now");
    desk.appears("[data-testid=enrol-again] [data-code=anotherDistrict]");
    desk.fill("new-code", &office.district.code(YANDONG, "clerk").expect("a code"));
    desk.click("enrol-again-now");
    desk.disappears(&named("enrol-again"));
    desk.appears(&named("sync-result"));
    let there = office.district.list("works").expect("the district's list");
    let names: Vec<_> = there.iter().map(|works| works["fields"]["name"].clone()).collect();
    assert_eq!(names, [json!("备份以后报的工程")], "what the district lost it was given back");
    assert_eq!(later.ask(&["status"]).expect("a status")["pending"], json!(0));
}
