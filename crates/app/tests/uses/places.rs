//! Places on a laptop: what the district loads is found here, through the years.

use std::ops::ControlFlow;

use app::ImportAsked;
use district::{PlaceLoad, Succession};
use serde_json::json;

use crate::world::{World, add_works, code_of, fields, sync, village};

/// 中东村 has gone up in 正洋村, which is a community now; 古河村 is unchanged.
const NEWER: &str = "code,name,parent,level,kind
320902000000,亭湖区,320900000000,3,
320902107000,盐东镇,320902000000,4,镇
320902107201,正洋社区居委会,320902107000,5,居委会
320902102000,新兴镇,320902000000,4,镇
320902102202,古河村委会,320902102000,5,村委会
";

#[test]
fn a_village_that_was_merged_is_found_with_its_records_its_old_name_and_its_successor() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let works = add_works(&mut laptop, "中东村污水管网");
    laptop.set(works.id, fields(json!({"planned_start": "2023-05-01"}))).expect("saved");

    let file = world.path("newer.csv");
    std::fs::write(&file, NEWER).expect("written");
    let from = Some("2024-01-01".parse().expect("a day"));
    let load = PlaceLoad { file, from, complete: vec!["320902".to_owned()], ..PlaceLoad::default() };
    let district = world.district().district();
    assert_eq!(district.load_places_as(&load).expect("loaded").codes.ended, 1);
    let (old, new) = ("320902107200".to_owned(), vec!["320902107201".to_owned()]);
    district.succeed_place(&Succession { old, new, ..Succession::default() }).expect("said");
    sync(&mut laptop);

    for query in ["中东", "zhongdong", "zd", "320902107200"] {
        let hits = laptop.find_place(query, 20).expect("a search");
        let hit = hits.iter().find(|hit| hit.code == "320902107200").expect("what has ended is still found");
        assert_eq!(hit.valid_until.as_deref(), Some("2024-01-01"), "`{query}`");
        assert_eq!(hit.successors[0].name, "正洋社区居委会", "with what followed it");
        assert_eq!(hit.record, Some(village(&laptop)), "and its record, with all that refers to it");
        assert_eq!(hit.path, ["亭湖区", "盐东镇", "中东村委会"]);
    }
    assert_eq!(laptop.show(works.id).expect("there").fields["village"], json!(village(&laptop).to_string()));
    let then = laptop.places_of(works.id).expect("its places");
    assert_eq!((then[0].place.name.as_str(), then[0].day.as_str()), ("中东村委会", "2023-05-01"));

    let neighbour =
        |day: &str| laptop.place("320902107201", Some(day.parse().expect("a day"))).expect("known").place.name;
    assert_eq!((neighbour("2023-12-31"), neighbour("2024-01-01")), ("正洋村委会".into(), "正洋社区居委会".into()));
    assert_eq!(code_of(laptop.place("320902107299", None)), "unknownPlace");

    // A table of before the merger says so, and asks where its rows belong now.
    let table = "行政村,工程名称,整治类别\n320902107200,新管网,生活污水\n中东村,新泵站,生活污水\n";
    let told = laptop.import("旧表.csv", table.as_bytes(), "works", true).expect("a table");
    assert_eq!((told.new, told.undecided), (0, 2), "{:?}", told.rows);
    let reason = told.rows[0].reason.as_ref().expect("a reason");
    assert_eq!((reason.code.as_str(), reason.fields["until"].as_str()), ("placeEnded", "2024-01-01"));
    assert!(reason.fields["into"].contains("正洋社区居委会"), "{reason:?}");
    let offers: Vec<&str> = told.questions[0].offers.iter().map(|offer| offer.value.as_str()).collect();
    assert_eq!(
        offers,
        ["320902107201", village(&laptop).to_string().as_str()],
        "the new village, and the one as it was"
    );
    let chosen = table.replace("320902107200", offers[0]).replace("中东村", offers[1]);
    let told = laptop.import("旧表.csv", chosen.as_bytes(), "works", true).expect("a table");
    assert_eq!((told.new, told.rejected), (2, 0), "both answers are taken: {:?}", told.rows);

    // So does a table of the villages themselves, by the code of one that is no more.
    let table = "区划代码,村名,户籍户数\n320902107200,中东村委会,512\n";
    let asked = |meanings: serde_json::Value| {
        let matching = serde_json::from_value(json!({ "meanings": { "code": meanings } })).expect("a match");
        ImportAsked { kind: "village".to_owned(), matching, ..ImportAsked::default() }
    };
    let check = |meanings| laptop.check_import("村表.csv", table.as_bytes(), &asked(meanings)).expect("a table");
    let told = check(json!({}));
    assert_eq!((told.undecided, told.questions.len()), (1, 1), "never the old record without a word: {:?}", told.rows);
    assert_eq!(told.rows[0].reason.as_ref().map(|reason| reason.code.as_str()), Some("placeEnded"));
    let offers: Vec<&str> = told.questions[0].offers.iter().map(|offer| offer.value.as_str()).collect();
    assert_eq!(offers, ["320902107201", "320902107200"]);
    for code in offers {
        let told = check(json!({ "320902107200": code }));
        assert_eq!(told.undecided, 0, "the answer is taken: {code}: {:?}", told.rows);
    }
}

#[test]
fn the_country_is_found_beside_the_county_once_it_is_loaded() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    assert!(laptop.find_place("西湖", 20).expect("a search").is_empty(), "the county has no such place");
    let file = world.path("country.csv");
    let list = "code,name,parent,level,kind
330000000000,浙江省,,1,
330100000000,杭州市,330000000000,2,
330106000000,西湖区,330100000000,3,
330106002000,西溪街道,330106000000,4,街道
320902107000,另一个名字,320902000000,4,镇
";
    std::fs::write(&file, list).expect("written");
    let loaded = laptop.load_country(&file, &mut |_, _| ControlFlow::Continue(())).expect("loaded");
    assert_eq!(loaded.places, 5);
    assert_eq!(laptop.find_place("xhq", 20).expect("a search")[0].path, ["浙江省", "杭州市", "西湖区"]);
    assert!(
        laptop.find_place("另一个", 20).expect("a search").is_empty(),
        "on its own codes the district has the word"
    );

    std::fs::write(&file, list.replace("330106000000,西湖区", "33010600000,西湖区")).expect("written");
    let refused = laptop.load_country(&file, &mut |_, _| ControlFlow::Continue(()));
    let (code, blanks) = crate::world::refusal(refused);
    assert_eq!((code.as_str(), blanks["line"].as_str()), ("placeListWrong", "4"));
    assert_eq!(laptop.find_place("西湖", 20).expect("a search").len(), 1, "the list is as it was");
    laptop.forget_country().expect("given up");
    assert!(laptop.find_place("西湖", 20).expect("a search").is_empty());
    assert!(!laptop.find_place("盐东", 20).expect("a search").is_empty(), "our own stays");
}

#[test]
fn the_list_follows_what_the_district_edits_and_takes_no_clerks_word() {
    let world = World::new();
    let mut office = world.laptop_of("区", "320902", "reviewer");
    let mut clerk = world.laptop("甲");
    let place = json!({"code": "320902107205", "name": "重兴村委会", "level": "village", "valid_from": "2025-01-01"});
    assert_eq!(code_of(clerk.add("place", fields(place.clone()))), "notAllowed", "codes are the district's");
    let added = office.add("place", fields(place)).expect("saved");
    assert_eq!(added.scope, "320902", "in the shared scope, for every laptop");
    assert!(!office.find_place("chongxing", 20).expect("a search").is_empty(), "at once where it was saved");
    let wrong = json!({"code": "3209021072", "name": "某村", "level": "village"});
    assert_eq!(code_of(office.add("place", fields(wrong))), "wrongDigits", "ten digits are no place");

    let area = json!({"name": "盐东片区", "organisation_type": "area"});
    let area = office.add("organisation", fields(area)).expect("saved");
    let serves = json!({"name": "盐东镇生态环境站", "parent": "盐东片区", "serves": [added.id.to_string()]});
    let station = office.add("organisation", fields(serves)).expect("the tree of offices is another one");
    sync(&mut office);
    sync(&mut clerk);
    assert_eq!(clerk.find_place("zhongxing", 20).expect("a search")[0].name, "重兴村委会", "by either reading");
    let station = clerk.show(station.id).expect("it came");
    assert_eq!(station.fields["parent"], json!(area.id.to_string()));
    office.delete(added.id).expect("deleted");
    sync(&mut office);
    sync(&mut clerk);
    assert!(clerk.find_place("重兴", 20).expect("a search").is_empty(), "and gone where it is gone");
}
