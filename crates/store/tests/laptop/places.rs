//! The picker's lists: what is typed finds the place, with the path that tells
//! it from another of the same name.

use std::ops::ControlFlow;

use store::{PlaceHit, PlaceRow, Places};
use tempfile::TempDir;

fn place(code: &str, name: &str) -> PlaceRow {
    PlaceRow {
        code: code.to_owned(),
        name: name.to_owned(),
        category: String::new(),
        valid_from: None,
        valid_until: None,
        successors: Vec::new(),
    }
}

fn sample(name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/");
    std::fs::read_to_string(format!("{folder}{name}")).expect("a file of the project")
}

/// 亭湖区 as the list of 2023 has it.
fn tinghu() -> Vec<PlaceRow> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        place(domain::places::cut(cells[0], cells[3].parse().expect("a level")).expect("a code"), cells[1])
    };
    sample("tinghu/places.csv").lines().skip(1).map(row).collect()
}

fn lists() -> (TempDir, Places) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut places = Places::open(&folder.path().join("places.db")).expect("a new file");
    places.put_own(tinghu(), "2023").expect("made");
    (folder, places)
}

fn load(places: &mut Places, rows: Vec<PlaceRow>) {
    assert!(places.put_country(rows, "test", &mut |_| ControlFlow::Continue(())).expect("loaded"), "nobody stopped it");
}

fn paths(hits: &[PlaceHit]) -> Vec<String> {
    hits.iter().map(|hit| hit.path.join("/")).collect()
}

#[test]
fn a_place_is_found_by_characters_pinyin_initials_and_code_with_its_path() {
    let (_folder, places) = lists();
    for query in ["盐东", "东镇", "yandong", "ydz", "yandongz", "盐dong", "320902107", "320902107000", "YanDong Zhen"]
    {
        let hits = places.find(query, 20).expect("a search");
        let path = "江苏省/盐城市/亭湖区/盐东镇";
        assert!(paths(&hits).contains(&path.to_owned()), "`{query}` finds 盐东镇: {:?}", paths(&hits));
    }
    let first = places.find("盐东", 1).expect("a search");
    assert_eq!(first[0].place.code, "320902107", "the town before what lies in it, and what begins so first");
    assert!(places.find("", 20).expect("a search").is_empty(), "nothing typed, nothing found");
    assert!(places.find("'; DROP TABLE own_place; --", 20).expect("a search").is_empty(), "and it is only text");
}

#[test]
fn every_village_of_the_county_is_found_by_any_part_of_its_name_and_by_its_pinyin() {
    let (_folder, places) = lists();
    for village in tinghu() {
        let chars: Vec<char> = village.name.chars().collect();
        let parts = chars.windows(2).map(|pair| pair.iter().collect()).chain(chars.iter().map(char::to_string));
        for part in parts {
            let part: String = part;
            let hits = places.find(&part, 1_000).expect("a search");
            assert!(hits.iter().any(|hit| hit.place.code == village.code), "`{part}` finds {}", village.name);
            assert!(hits.iter().all(|hit| hit.place.name.contains(&part)), "and only names that have it");
        }
    }
}

#[test]
fn one_name_twice_in_a_county_is_told_apart_by_the_path() {
    let (_folder, mut places) = lists();
    let mut rows = vec![place("32", "江苏省"), place("3201", "南京市"), place("320111", "浦口区")];
    rows.extend([place("320111001", "江浦街道"), place("320111009", "桥林街道")]);
    let mut twice = 0;
    for line in sample("places/same_name_in_one_county_jiangsu.csv").lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        rows.extend(cells[3].split(' ').map(|code| place(code, cells[2])));
        twice += 1;
    }
    load(&mut places, rows);
    assert!(twice > 100, "there are many such names");
    let hits = places.find("大桥社区", 20).expect("a search");
    let paths: Vec<String> = paths(&hits).into_iter().filter(|path| path.contains("浦口区")).collect();
    assert_eq!(
        paths,
        ["江苏省/南京市/浦口区/江浦街道/大桥社区居委会", "江苏省/南京市/浦口区/桥林街道/大桥社区居委会"],
        "the same name under two streets"
    );
}

#[test]
fn names_that_gbk_cannot_write_are_found_as_well() {
    let (_folder, mut places) = lists();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let rare: Vec<Vec<String>> = sample("places/names_not_in_gbk.csv").lines().skip(1).map(cells).collect();
    load(&mut places, rare.iter().map(|cells| place(&cells[0], &cells[1])).collect());
    for cells in &rare {
        let odd: String =
            cells[1].chars().filter(|c| cells[3].contains(&format!("{:04X}", *c as u32))).take(1).collect();
        let hits = places.find(&odd, 100).expect("a search");
        assert!(hits.iter().any(|hit| hit.place.name == cells[1]), "`{odd}` finds {}", cells[1]);
    }
}

#[test]
fn the_districts_own_word_comes_first_and_is_the_last_on_a_code() {
    let (_folder, mut places) = lists();
    let mut ended = place("320902107299", "盐东老街居委会");
    ended.valid_until = Some("2024-01-01".to_owned());
    ended.successors = vec!["320902107200".to_owned()];
    let mut own = tinghu();
    own.push(ended);
    places.put_own(own, "2024").expect("made anew");
    load(&mut places, vec![place("320902107", "盐东公社"), place("3301061", "盐东"), place("330106100", "盐东街道")]);
    let hits = places.find("盐东", 20).expect("a search");
    let names: Vec<&str> = hits.iter().map(|hit| hit.place.name.as_str()).collect();
    assert_eq!(names[0], "盐东镇", "our own first");
    assert!(!names.contains(&"盐东公社"), "what the country's list says of our code does not count: {names:?}");
    let ended = hits.iter().position(|hit| hit.place.valid_until.is_some()).expect("what has ended is still found");
    assert_eq!(hits[ended].place.successors, ["320902107200"], "with what followed it");
    assert!(hits[..ended].iter().all(|hit| hit.own) && hits.len() > ended + 1, "before the country, after ours in use");
}

#[test]
fn a_stopped_load_and_a_damaged_file_leave_a_list_that_works() {
    let (folder, mut places) = lists();
    let many: Vec<PlaceRow> = (0..25_000).map(|n| place(&format!("330106{n:06}"), "甲乙村")).collect();
    let stopped = places.put_country(many, "half", &mut |_| ControlFlow::Break(())).expect("stopped");
    assert!(!stopped && places.country().expect("read").is_none(), "it was not loaded");
    assert!(places.find("甲乙", 20).expect("a search").is_empty(), "not by half either");
    assert!(!places.find("盐东", 20).expect("a search").is_empty(), "ours is as it was");
    drop(places);

    let file = folder.path().join("places.db");
    std::fs::write(&file, b"no database at all, and longer than a header of one hundred bytes ".repeat(9))
        .expect("written");
    let places = Places::open(&file).expect("made anew");
    assert_eq!(places.own_made_of().expect("read"), None, "so that its owner fills it again");
}
