//! Power cuts: laptops and the server are killed again and again, in the midst of
//! whatever they are doing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nonghuan_tests::{Chance, Laptop, Outcome};
use serde_json::Value;

use crate::world::{World, add_works, id_of, rounds, said, times_written, village};

/// What one laptop did, and what it was told.
#[derive(Default)]
struct Sheet {
    /// Names of works, with the id where the save was acknowledged.
    works: BTreeMap<String, Option<String>>,
    /// Values that were written into a record, with whether it was acknowledged.
    written: Vec<(String, String, bool)>,
    /// Files that were attached to a record and acknowledged.
    files: Vec<(String, PathBuf)>,
    /// Names of villages, acknowledged; two of one code cannot both be accepted.
    villages: Vec<String>,
    killed: u64,
}

#[test]
fn killed_at_any_moment_nothing_acknowledged_is_lost_or_doubled() {
    let mut world = World::new();
    let laptops = ["甲", "乙", "丙"].map(|name| world.laptop(name));
    let shared: Vec<String> = (1..=3).map(|n| add_works(&laptops[0], &format!("共同工程{n}"))).collect();
    world.settle(&laptops.each_ref());

    let mut chance = world.chance("server");
    let mut struck = 0;
    let sheets: Vec<Sheet> = std::thread::scope(|scope| {
        let busy: Vec<_> = laptops
            .iter()
            .zip(["甲", "乙", "丙"])
            .map(|(laptop, name)| {
                let (chance, shared) = (world.chance(name), &shared);
                let folder = world.path(&format!("{name}的照片"));
                scope.spawn(move || work(laptop, name, chance, shared, &folder))
            })
            .collect();
        while busy.iter().any(|laptop| !laptop.is_finished()) {
            world.district.strike(Duration::from_millis(chance.within(100..1_500)));
            struck += 1;
            world.district.start_again().expect("the district comes back after a power cut");
        }
        busy.into_iter().map(|laptop| laptop.join().expect("it did its work")).collect()
    });
    let killed: u64 = sheets.iter().map(|sheet| sheet.killed).sum();
    said(&format!("killed: the server {struck} times, laptops {killed} times"));
    assert!(killed > 0 && struck > 0, "something was killed");

    world.settle(&laptops.each_ref());
    world.agree(&laptops.each_ref());
    for (laptop, sheet) in laptops.iter().zip(&sheets) {
        check(&world, laptop, sheet);
    }
}

/// What a person does in a day, with a bad battery.
fn work(laptop: &Laptop, name: &str, mut chance: Chance, shared: &[String], folder: &Path) -> Sheet {
    fs::create_dir_all(folder).expect("a folder for photos");
    let village = village(laptop);
    let mut sheet = Sheet::default();
    for round in 0..rounds(16) {
        let moment = if chance.once_in(2) { chance.within(1..250) } else { 60_000 };
        let moment = Duration::from_millis(moment);
        let text = format!("{name}{round}");
        let own: Vec<&String> = sheet.works.values().flatten().chain(shared).collect();
        let record = chance.one(&own).expect("there are shared works").to_string();
        let outcome = match chance.within(0..10) {
            0..3 => {
                let outcome =
                    strike(laptop, &["add", "works", &village, &format!("name={text}"), "category=sewage"], moment);
                let id = match &outcome {
                    Outcome::Done(answer) => Some(id_of(answer).to_owned()),
                    _ => None,
                };
                sheet.works.insert(text, id);
                outcome
            }
            3..5 => {
                let outcome = strike(laptop, &["set", &record, &format!("content={text}")], moment);
                sheet.written.push((record, text, matches!(outcome, Outcome::Done(_))));
                outcome
            }
            5 => {
                let file = folder.join(format!("{text}.jpg"));
                let many = usize::try_from(chance.within(1_000..400_000)).expect("small");
                fs::write(&file, chance.bytes(many)).expect("a photo");
                let outcome = strike(laptop, &["attach", &record, &file.to_string_lossy()], moment);
                if let Outcome::Done(_) = outcome {
                    sheet.files.push((record, file));
                }
                outcome
            }
            6 => {
                let code = format!("code=32090210729{}", chance.within(0..3));
                let outcome = strike(laptop, &["add", "village", &code, &format!("name={text}")], moment);
                if let Outcome::Done(_) = outcome {
                    sheet.villages.push(text);
                }
                outcome
            }
            _ => strike(laptop, &["sync"], moment),
        };
        sheet.killed += u64::from(outcome == Outcome::Killed);
    }
    sheet
}

/// Refusals are of the line or of a village that is there already; anything else is a fault.
fn strike(laptop: &Laptop, args: &[&str], moment: Duration) -> Outcome {
    let outcome = laptop.strike(args, moment).expect("it ends as a program ends");
    if let Outcome::Refused(refused) = &outcome {
        assert!(["unreachable", "duplicate"].contains(&refused.code.as_str()), "{args:?} was refused: {refused:?}");
    }
    outcome
}

/// Whether all that the laptop was told is so.
fn check(world: &World, laptop: &Laptop, sheet: &Sheet) {
    let there = world.at_district("works");
    for (name, acknowledged) in &sheet.works {
        let found: Vec<&String> =
            there.iter().filter(|(_, works)| works["fields"]["name"] == *name).map(|(id, _)| id).collect();
        match acknowledged {
            Some(id) => assert_eq!(found, [id], "{name} was acknowledged: it is there once"),
            None => assert!(found.len() <= 1, "{name} may or may not be there, but not twice: {found:?}"),
        }
    }
    for (record, value, acknowledged) in &sheet.written {
        let times = times_written(laptop, record, "content", value).len();
        let right = if *acknowledged { times == 1 } else { times <= 1 };
        assert!(right, "{value} stands {times} times in the history of {record}, acknowledged: {acknowledged}");
    }
    for (record, file) in &sheet.files {
        let name = file.file_name().expect("a name").to_string_lossy();
        let shown = world.district.show(record).expect("the record is there");
        let photos = shown["fields"]["photos"].as_array().cloned().unwrap_or_default();
        let named: Vec<&Value> = photos.iter().filter(|photo| photo["name"] == *name).collect();
        let [photo] = named.as_slice() else { panic!("{name} is once among {photos:?}") };
        let held = find(world.district.folder(), photo["sha256"].as_str().unwrap_or_default());
        let held = held.unwrap_or_else(|| panic!("the district holds {name}"));
        assert!(fs::read(held).expect("readable") == fs::read(file).expect("readable"), "{name} is whole");
    }
    let refused = laptop.ask(&["refused"]).expect("the refused drafts");
    let refused = refused.as_array().cloned().unwrap_or_default();
    let villages = world.at_district("village");
    for name in &sheet.villages {
        let taken = villages.values().filter(|village| village["fields"]["name"] == *name).count();
        let kept = refused.iter().filter(|draft| draft["values"]["name"] == *name).count();
        assert_eq!(taken + kept, 1, "{name} is at the district or kept as refused: {taken} there, {kept} here");
    }
}

/// The file of this name somewhere below `folder`.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() { find(&path, name) } else { (entry.file_name().to_string_lossy() == name).then_some(path) }
    })
}
