//! Copied and restored folders: two laptops out of one, a laptop out of its
//! backup, a district out of its backup.

use std::collections::BTreeSet;

use nonghuan_tests::Laptop;
use serde_json::json;

use crate::world::{World, add_works, copy, put_back, times_written};

/// Whether each of these is at the district once, under a number of its own, when
/// the person of `laptop` has sent again what was refused; the number of a save is
/// the only thing that two lives of a laptop can have taken both.
fn each_is_once(world: &World, laptop: &Laptop, others: &[&Laptop], names: &[&str]) {
    let drafts = |laptop: &Laptop| {
        let drafts = laptop.ask(&["refused"]).expect("the refused drafts");
        drafts.as_array().cloned().unwrap_or_default()
    };
    for name in names {
        let taken = world.at_district("works").values().filter(|works| works["fields"]["name"] == *name).count();
        let kept = drafts(laptop).iter().filter(|draft| draft["values"]["name"] == *name).count();
        assert_eq!(taken + kept, 1, "{name}: {taken} times at the district, {kept} times refused");
    }
    for draft in drafts(laptop) {
        assert_eq!(draft["reason"]["fields"]["field"], "number", "only numbers were given twice: {draft}");
        laptop.ask(&["resend", draft["change"].as_str().unwrap_or_default()]).expect("sent again");
    }
    for other in others {
        for draft in drafts(other) {
            other.ask(&["discard", draft["change"].as_str().unwrap_or_default()]).expect("left to the other");
        }
    }
    let all: Vec<&Laptop> = [laptop].into_iter().chain(others.iter().copied()).collect();
    world.settle(&all);
    world.agree(&all);
    let there = world.at_district("works");
    for name in names {
        let taken = there.values().filter(|works| works["fields"]["name"] == *name).count();
        assert_eq!(taken, 1, "{name} is at the district once");
    }
    let numbers: BTreeSet<&str> = there.values().filter_map(|works| works["fields"]["number"].as_str()).collect();
    assert_eq!(numbers.len(), there.len(), "each has a number of its own: {numbers:?}");
}

#[test]
fn two_laptops_out_of_one_folder_lose_nothing_and_overwrite_nothing_unseen() {
    let world = World::new();
    let a = world.laptop("甲");
    let shared = add_works(&a, "共同工程");
    a.ask(&["sync"]).expect("acknowledged");
    add_works(&a, "复制前待送的工程");
    let b = a.in_folder(&world.path("甲的副本"));
    copy(a.folder(), b.folder());

    add_works(&a, "甲的工程");
    a.ask(&["set", &shared, "content=甲写的"]).expect("saved");
    add_works(&b, "副本的工程");
    b.ask(&["set", &shared, "content=副本写的"]).expect("saved");
    a.ask(&["sync"]).expect("the first is the laptop");
    let report = b.ask(&["sync"]).expect("the second is another");
    assert_eq!(report["reborn"], json!(true), "the copy has begun a life of its own: {report}");
    add_works(&a, "甲后来的工程");
    add_works(&b, "副本后来的工程");
    world.settle(&[&a, &b]);
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    let names = ["复制前待送的工程", "甲的工程", "副本的工程", "甲后来的工程", "副本后来的工程"];
    each_is_once(&world, &b, &[&a], &names);
    for value in ["甲写的", "副本写的"] {
        assert_eq!(times_written(&a, &shared, "content", value).len(), 1, "{value} is in the log once");
    }
    let conflicts = a.ask(&["conflicts"]).expect("the conflicts");
    let text = conflicts.to_string();
    assert!(text.contains("甲写的") && text.contains("副本写的"), "both words are shown: {text}");
}

#[test]
fn a_laptop_out_of_an_older_copy_gets_back_what_it_forgot_and_sends_what_is_new() {
    let world = World::new();
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let shared = add_works(&a, "共同工程");
    a.ask(&["sync"]).expect("acknowledged");
    add_works(&a, "备份前待送的工程");
    let backup = world.path("备份");
    copy(a.folder(), &backup);

    add_works(&a, "备份后送出的工程");
    a.ask(&["set", &shared, "content=备份后写的"]).expect("saved");
    a.ask(&["sync"]).expect("acknowledged");
    b.ask(&["sync"]).expect("exchanged");
    put_back(&backup, a.folder());
    add_works(&a, "恢复后的工程");
    a.ask(&["set", &shared, "content=恢复后写的"]).expect("saved");
    world.settle(&[&a, &b]);
    world.settle(&[&a, &b]);
    world.agree(&[&a, &b]);
    each_is_once(&world, &a, &[&b], &["备份前待送的工程", "备份后送出的工程", "恢复后的工程"]);
    for value in ["备份后写的", "恢复后写的"] {
        assert_eq!(times_written(&b, &shared, "content", value).len(), 1, "{value} is in the log once");
    }
    let text = b.ask(&["conflicts"]).expect("the conflicts").to_string();
    assert!(text.contains("备份后写的") && text.contains("恢复后写的"), "both words are shown: {text}");
}

#[test]
fn a_district_out_of_an_older_copy_gets_everything_back_from_its_laptops() {
    let mut world = World::new();
    let (a, b) = (world.laptop("甲"), world.laptop("乙"));
    let shared = add_works(&a, "共同工程");
    world.settle(&[&a, &b]);
    let (folder, backup) = (world.district.folder().to_path_buf(), world.path("区备份"));
    world.district.kill();
    copy(&folder, &backup);
    world.district.start_again().expect("the district goes on");

    add_works(&a, "备份后甲的工程");
    a.ask(&["set", &shared, "content=甲写的"]).expect("saved");
    a.ask(&["sync"]).expect("acknowledged");
    b.ask(&["sync"]).expect("it has seen that");
    b.ask(&["set", &shared, "content=乙接着写的"]).expect("saved");
    add_works(&b, "备份后乙的工程");
    b.ask(&["sync"]).expect("acknowledged");
    add_works(&a, "甲待送的工程");

    world.district.kill();
    put_back(&backup, &folder);
    world.district.start_again().expect("the district comes back out of its backup");
    let newcomer = world.laptop("丙");
    add_works(&newcomer, "恢复后丙的工程");
    newcomer.ask(&["sync"]).expect("it has nothing to give back");
    let all = [&a, &b, &newcomer];
    let mut returned = 0;
    for _ in 0..2 {
        for laptop in all {
            let report = laptop.ask(&["sync"]).expect("exchanged");
            returned += report["returned"].as_u64().unwrap_or(0);
        }
    }
    assert!(returned > 0, "laptops gave back what the district had lost");
    world.settle(&all);
    world.agree(&all);
    let names = ["共同工程", "备份后甲的工程", "备份后乙的工程", "甲待送的工程", "恢复后丙的工程"];
    each_is_once(&world, &newcomer, &[&a, &b], &names);
    for value in ["甲写的", "乙接着写的"] {
        assert_eq!(times_written(&newcomer, &shared, "content", value).len(), 1, "{value} is in the log once");
    }
    let there = world.district.show(&shared).expect("it is there");
    let text = there.to_string();
    assert!(text.contains("乙接着写的"), "the last word that had seen the other stands or is shown: {text}");
}

#[test]
fn a_laptop_that_came_after_the_backup_is_enrolled_anew_and_nothing_of_it_is_lost() {
    let mut world = World::new();
    let a = world.laptop("甲");
    let shared = add_works(&a, "共同工程");
    world.settle(&[&a]);
    let (folder, backup) = (world.district.folder().to_path_buf(), world.path("区备份"));
    world.district.kill();
    copy(&folder, &backup);
    world.district.start_again().expect("the district goes on");

    let later = world.laptop("戊");
    add_works(&later, "备份后戊的工程");
    later.ask(&["set", &shared, "content=戊写的"]).expect("saved");
    later.ask(&["sync"]).expect("acknowledged");
    add_works(&later, "戊待送的工程");

    world.district.kill();
    put_back(&backup, &folder);
    world.district.start_again().expect("the district comes back out of its backup");
    assert_eq!(later.refused(&["sync"]).expect("nobody there knows it").code, "deviceUnknown");
    let other = World::new();
    let wrong = later.refused(&["enrol-again", &other.code()]).expect("another district's code");
    assert_eq!(wrong.code, "anotherDistrict", "what is here stays this district's");
    later.ask(&["enrol-again", &world.code()]).expect("the administrator lets it in once more");
    world.settle(&[&later, &a]);
    world.settle(&[&later, &a]);
    world.agree(&[&a, &later]);
    each_is_once(&world, &later, &[&a], &["共同工程", "备份后戊的工程", "戊待送的工程"]);
    assert_eq!(times_written(&a, &shared, "content", "戊写的").len(), 1, "what it had sent before is in the log once");
    let works = add_works(&later, "戊后来的工程");
    world.settle(&[&later, &a]);
    assert!(world.at_district("works").contains_key(&works), "and it goes on as before");
}
