//! The main job where it meets the world: broken lines, wrong input, power cuts.
//! The programs are the real ones; each test has its own district and laptops.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use nonghuan_tests::{District, Laptop, Line, Programs, XINXING, YANDONG, sample, until};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A district with its places, and a line to it that can be cut.
struct World {
    programs: Programs,
    district: District,
    line: Line,
    folder: TempDir,
}

impl World {
    fn new() -> Self {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        district.load_places(&sample("places.csv")).expect("the places are loaded");
        let line = Line::to(district.address()).expect("a line");
        Self { programs, district, line, folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn code(&self, township: &str) -> String {
        self.district.code_over(self.line.address(), township, "clerk").expect("a code")
    }

    /// A laptop that has not been enrolled.
    fn new_laptop(&self, name: &str) -> Laptop {
        Laptop::new(&self.programs, &self.path(name))
    }

    /// A laptop of 盐东镇 that has its villages.
    fn laptop(&self, name: &str) -> Laptop {
        let laptop = self.new_laptop(name);
        laptop.enrol(&self.code(YANDONG), name).expect("enrolled");
        laptop.ask(&["sync"]).expect("the first exchange");
        laptop
    }
}

/// A village of 盐东镇, as the value of a field.
fn village(laptop: &Laptop) -> String {
    format!("village={}", laptop.find("village", "code", "320902107200").expect("中东村 is here"))
}

fn add_works(laptop: &Laptop, name: &str) -> String {
    let name = format!("name={name}");
    laptop.add("works", &[&village(laptop), &name, "category=sewage"]).expect("saved")
}

fn status(laptop: &Laptop, count: &str) -> Value {
    laptop.ask(&["status"]).expect("a status")[count].clone()
}

#[test]
fn a_lost_line_loses_nothing_and_is_named() {
    let world = World::new();
    let laptop = world.laptop("样例甲");
    world.line.cut();
    let id = add_works(&laptop, "断网时填报的工程");
    let refused = laptop.refused(&["sync"]).expect("no line, no exchange");
    assert_eq!(refused.code, "unreachable");
    assert_eq!(status(&laptop, "pending"), json!(1), "the change waits for the line");
    let shown = laptop.ask(&["show", &id]).expect("the record is on the laptop");
    assert_ne!(shown["sync"], "district", "nothing is called synced without a receipt");

    world.line.mend();
    laptop.ask(&["sync"]).expect("the line is back");
    assert_eq!(status(&laptop, "pending"), json!(0));
    let there = world.district.show(&id).expect("the district has it");
    assert_eq!(there["fields"]["name"], "断网时填报的工程");
}

/// The district stored the changes, but the laptop was switched off before it heard so.
#[test]
fn a_power_cut_in_the_middle_of_an_exchange_neither_loses_nor_doubles() {
    let world = World::new();
    let laptop = world.laptop("样例甲");
    let ids: Vec<String> = (1..=5).map(|n| add_works(&laptop, &format!("工程{n}"))).collect();
    let list = sample("works-盐东镇.xlsx");
    laptop.ask(&["import", &list.to_string_lossy(), "--kind", "works"]).expect("imported");
    laptop.attach(&ids[0], &[sample("photos/ditch-before.jpg")]).expect("attached");

    // The greeting is short, the changes are not: what is lost is the word on the changes.
    world.line.lose_answers_after(1_500);
    let mut exchange = laptop.start(&["sync"]).expect("the exchange starts");
    until("the district to store the changes", Duration::from_secs(60), || {
        world.district.list("works").ok().filter(|works| !works.is_empty())
    })
    .expect("the changes arrive");
    exchange.kill();
    world.line.mend();
    assert_ne!(status(&laptop, "pending"), json!(0), "the laptop cannot know that they have arrived");

    for _ in 0..2 {
        laptop.ask(&["sync"]).expect("the next exchange");
    }
    assert_eq!(status(&laptop, "pending"), json!(0), "everything got its receipt");
    assert_eq!(status(&laptop, "conflicts"), json!(0), "a change sent twice is one change");
    let there = world.district.list("works").expect("the district's list");
    assert_eq!(there.len(), 5 + 11, "each works once");
    for id in &ids {
        assert!(there.iter().any(|record| record["id"] == json!(id)), "{id} has arrived");
    }
}

#[test]
fn a_district_killed_while_it_serves_has_kept_what_it_acknowledged() {
    let mut world = World::new();
    let laptop = world.laptop("样例甲");
    let id = add_works(&laptop, "断电前的工程");
    laptop.ask(&["sync"]).expect("acknowledged");
    world.district.kill();
    assert_eq!(laptop.refused(&["sync"]).expect("nobody answers").code, "unreachable");

    let address = world.district.address().to_string();
    let folder = world.district.folder().to_path_buf();
    world.district = District::start_at(&world.programs, &folder, &address).expect("the district starts again");
    laptop.ask(&["sync"]).expect("the laptop knows it again");
    let there = world.district.show(&id).expect("it is still there");
    assert_eq!(there["fields"]["name"], "断电前的工程", "a receipt outlives a power cut");
}

#[test]
fn a_wrong_pin_opens_nothing() {
    let world = World::new();
    let laptop = world.laptop("样例甲");
    let stranger = laptop.with_pin("654321");
    for args in [&["list", "works"] as &[&str], &["status"], &["sync"], &["add", "works", "name=盗用"]] {
        let refused = stranger.refused(args).expect("refused");
        assert_eq!(refused.code, "wrongPin", "{args:?}");
    }
    laptop.ask(&["status"]).expect("the right one still opens it");
}

#[test]
fn a_code_lets_in_one_laptop_and_a_mistyped_one_none() {
    let world = World::new();
    let code = world.code(YANDONG);
    world.new_laptop("样例甲").enrol(&code, "样例甲").expect("the first may come in");
    let refused = world.new_laptop("样例乙").refused(&["enrol", &code, "--name", "样例乙"]).expect("refused");
    assert_eq!(refused.code, "codeUsed");
    let mistyped = world.new_laptop("样例丙").refused(&["enrol", "NH1-ABCDE", "--name", "样例丙"]).expect("refused");
    assert_eq!(mistyped.code, "codeUnreadable");
    let early = world.new_laptop("样例丁").refused(&["list", "works"]).expect("refused");
    assert_eq!(early.code, "notEnrolled");
}

#[test]
fn bad_input_is_refused_by_name_and_changes_nothing() {
    let world = World::new();
    let laptop = world.laptop("样例甲");
    let village = village(&laptop);
    let works = |more: &'static str| vec!["add", "works", village.as_str(), "name=错误", "category=sewage", more];
    let cases: Vec<(Vec<&str>, &str, Value)> = vec![
        (vec!["add", "spaceship", "name=错误"], "unknownKind", json!({ "kind": "spaceship" })),
        (works("colour=red"), "unknownField", json!({ "kind": "works", "field": "colour" })),
        (works("planned_start=2026-02-30"), "noSuchDate", json!({ "field": "planned_start", "given": "2026-02-30" })),
        (works("planned_start=明年"), "wrongType", json!({ "field": "planned_start", "given": "明年" })),
        (works("contract_amount=很多"), "wrongType", json!({ "field": "contract_amount", "given": "很多" })),
        (works("households=-3"), "outOfRange", json!({ "field": "households", "given": "-3" })),
        (works("category=castle"), "notAChoice", json!({ "field": "category", "given": "castle" })),
        (vec!["add", "works", &village, "category=sewage"], "required", json!({ "field": "name" })),
        (vec!["show", "01900000-0000-7000-8000-000000000000"], "unknownRecord", json!({})),
    ];
    for (args, code, fields) in cases {
        let refused = laptop.refused(&args).expect("refused");
        assert_eq!(refused.code, code, "{args:?} was refused as {refused:?}");
        for (name, value) in fields.as_object().into_iter().flatten() {
            assert_eq!(&refused.fields[name], value, "{name} of the refusal of {args:?}");
        }
    }
    assert_eq!(status(&laptop, "pending"), json!(0), "nothing was kept of what was refused");
    assert_eq!(laptop.list("works").expect("a list").len(), 0);
}

#[test]
fn a_township_neither_writes_nor_sees_another_townships_records() {
    let world = World::new();
    let laptop = world.laptop("样例甲");
    let other = format!("code={XINXING}299");
    let refused = laptop.refused(&["add", "village", &other, "name=越界村"]).expect("refused");
    assert_eq!(refused.code, "outsideScope");
    let id = add_works(&laptop, "盐东镇的工程");
    laptop.ask(&["sync"]).expect("sent");

    let neighbour = world.new_laptop("样例丙");
    neighbour.enrol(&world.code(XINXING), "样例丙").expect("enrolled");
    neighbour.ask(&["sync"]).expect("exchanged");
    assert_eq!(neighbour.list("works").expect("a list").len(), 0);
    assert_eq!(neighbour.refused(&["show", &id]).expect("refused").code, "unknownRecord");
}

#[test]
fn a_file_that_is_no_table_is_named_and_nothing_is_imported() {
    let world = World::new();
    let laptop = world.laptop("样例甲");
    let whole = fs::read(sample("works-盐东镇.xlsx")).expect("the sample list");
    let no_table = world.path("照片.xlsx");
    fs::copy(sample("photos/ditch-after.jpg"), &no_table).expect("a photo in disguise");
    let torn = world.path("断开.xlsx");
    fs::write(&torn, &whole[..whole.len() / 2]).expect("half a file");
    let absent = world.path("不存在.xlsx");
    for (file, code) in [(no_table, "notATable"), (torn, "notAWorkbook"), (absent, "fileUnreadable")] {
        let refused = laptop.refused(&["import", &file.to_string_lossy(), "--kind", "works"]).expect("refused");
        assert_eq!(refused.code, code, "{}", file.display());
    }
    assert_eq!(laptop.list("works").expect("a list").len(), 0);
}

#[test]
fn a_port_in_use_is_named_and_the_data_stay_as_they_were() {
    let programs = Programs::built().expect("the programs build");
    let folder = TempDir::new().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let done = programs
        .command("nonghuan-district")
        .arg("--data")
        .arg(folder.path().join("district"))
        .args(["--json", "serve", "--listen", &address])
        .output()
        .expect("it starts");
    assert_eq!(done.status.code(), Some(1), "refused, not crashed");
    let said: Value = serde_json::from_slice(&done.stdout).expect("one JSON document");
    assert_eq!(said["error"]["code"], "portInUse");
    assert_eq!(said["error"]["fields"]["address"], json!(address), "it says which");
}

#[test]
fn wrong_usage_is_told_from_a_refusal_by_its_exit_code() {
    let programs = Programs::built().expect("the programs build");
    for args in [&["fly"] as &[&str], &["add"], &["list"]] {
        let done = programs.command("nonghuan").args(args).output().expect("it starts");
        assert_eq!(done.status.code(), Some(2), "{args:?}");
    }
}
