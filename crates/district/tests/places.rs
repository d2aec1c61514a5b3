//! Place codes over the years: a newer list, what it ends, and what the district says of it.

mod common;

use std::path::PathBuf;

use chrono::NaiveDate;
use common::scratch;
use common::scratch::Scratch;
use district::{District, Loaded, Location, PlaceLoad, Succession};
use domain::places::Place;
use serde_json::json;
use tempfile::TempDir;

const YEAR_2023: &str = "code,name,parent,level,kind
320000000000,江苏省,,1,
320900000000,盐城市,320000000000,2,
320902000000,亭湖区,320900000000,3,
320902107000,盐东镇,320902000000,4,镇
320902107200,中东村委会,320902107000,5,村委会
320902107201,正洋村委会,320902107000,5,村委会
320902107202,新灶村委会,320902107000,5,村委会
320902102000,新兴镇,320902000000,4,镇
320902102202,古河村委会,320902102000,5,村委会
";

/// 中东村 has become 中东社区 under a code of its own, 正洋村 a community under the same, 新灶村 is no more.
const YEAR_2024: &str = "code,name,parent,level,kind
320902000000,亭湖区,320900000000,3,
320902107000,盐东镇,320902000000,4,镇
320902107003,中东社区居委会,320902107000,5,居委会
320902107201,正洋社区居委会,320902107000,5,居委会
320902102000,新兴镇,320902000000,4,镇
320902102202,古河村委会,320902102000,5,村委会
";

struct Office {
    folder: TempDir,
    district: District,
    /// Outlives the district that is on it.
    _scratch: Option<Scratch>,
}

impl Office {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let scratch = scratch();
        let database = scratch.as_ref().map(Scratch::url);
        let location = Location { data: folder.path().join("district"), database, attachments: None };
        let district = District::open(&location).expect("a new district");
        Self { folder, district, _scratch: scratch }
    }

    fn file(&self, text: &str) -> PathBuf {
        let file = self.folder.path().join("places.csv");
        std::fs::write(&file, text).expect("written");
        file
    }

    fn load(&self, text: &str, change: impl FnOnce(&mut PlaceLoad)) -> Result<Loaded, district::DistrictError> {
        let mut load = PlaceLoad { file: self.file(text), author: "李科长".to_owned(), ..PlaceLoad::default() };
        change(&mut load);
        self.district.load_places_as(&load)
    }

    fn places(&self) -> Vec<district::RecordView> {
        self.district.list("place", None, 0).expect("a list").records
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn newer(load: &mut PlaceLoad) {
    load.from = Some(day("2024-01-01"));
    load.complete = vec!["320902".to_owned()];
}

#[test]
fn a_newer_list_renames_ends_and_begins_codes_and_keeps_every_earlier_name() {
    let office = Office::new();
    let first = office.load(YEAR_2023, |_| {}).expect("loaded");
    assert_eq!((first.codes.new, first.townships.new, first.villages.new), (9, 2, 4), "province to village");

    let trial = office
        .load(YEAR_2024, |load| {
            newer(load);
            load.dry_run = true;
        })
        .expect("computed");
    assert_eq!(office.places().len(), 9, "a trial writes nothing");
    let loaded = office.load(YEAR_2024, newer).expect("loaded");
    assert_eq!(trial, loaded, "and says what is then done");
    let codes = (loaded.codes.new, loaded.codes.renamed, loaded.codes.ended, loaded.codes.same);
    assert_eq!(codes, (1, 1, 2, 4), "中东社区; 正洋; 中东村 and 新灶村; the rest");
    let ended: Vec<&str> = loaded.ended.iter().map(|ended| ended.code.as_str()).collect();
    assert_eq!(ended, ["320902107200", "320902107202"]);
    let suggested = &loaded.ended[0].suggestions;
    assert_eq!(suggested[0].name, "中东社区居委会", "by name; but nothing is decided by it");
    assert!(loaded.ended[0].successors.is_empty() && loaded.ended[0].change.is_none());

    // The ledgers of the villages stay, with all that refers to them, and have the present name.
    let villages = office.district.list("village", None, 0).expect("a list");
    assert_eq!(villages.total, 5, "none is gone");
    let named = |name: &str| villages.records.iter().any(|village| village.fields["name"] == json!(name));
    assert!(named("中东村委会") && named("正洋社区居委会") && !named("正洋村委会"));

    // Both names of 正洋 are there, each in its time, the later one following the earlier.
    let periods: Vec<_> = office.places().into_iter().filter(|p| p.fields["code"] == json!("320902107201")).collect();
    let until = |at: usize| periods[at].fields.get("valid_until").cloned();
    assert_eq!((until(0), until(1)), (Some(json!("2024-01-01")), None));
    assert_eq!(periods[0].fields["successors"], json!([periods[1].id]), "for a new name the code itself says so");
    assert_eq!(office.load(YEAR_2024, newer).expect("again").codes.same, 6, "loading it again changes nothing");
}

#[test]
fn what_became_of_a_code_is_said_by_the_district_and_by_nobody_else() {
    let office = Office::new();
    office.load(YEAR_2023, |_| {}).expect("loaded");
    office.load(YEAR_2024, newer).expect("loaded");
    let changes = office.district.place_changes().expect("a list");
    let open: Vec<&str> = changes.iter().filter(|c| c.change.is_none()).map(|c| c.code.as_str()).collect();
    assert_eq!(open, ["320902107200", "320902107202"], "first those that wait for a word");

    let said = |old: &str, new: &[&str]| Succession {
        old: old.to_owned(),
        new: new.iter().map(|code| (*code).to_owned()).collect(),
        author: "李科长".to_owned(),
        ..Succession::default()
    };
    let merged = office.district.succeed_place(&said("320902107200", &["320902107003"])).expect("said");
    assert_eq!((merged.change.as_deref(), merged.successors[0].name.as_str()), (Some("merged"), "中东社区居委会"));
    let split = office.district.succeed_place(&said("320902107202", &["320902107003", "320902107201"])).expect("said");
    assert_eq!((split.change.as_deref(), split.successors.len()), (Some("split"), 2));
    assert!(split.suggestions.is_empty(), "what was said needs no suggestion");

    let code = |refused: Result<district::Ended, district::DistrictError>| {
        serde_json::to_value(refused.expect_err("refused")).expect("JSON")["code"].clone()
    };
    assert_eq!(code(office.district.succeed_place(&said("320902107299", &[]))), "unknownPlace");
    assert_eq!(code(office.district.succeed_place(&said("320902107200", &["320902107299"]))), "unknownPlace");
    assert_eq!(code(office.district.succeed_place(&said("320902102202", &[]))), "placeInUse", "no day was said");
    let ends = Succession { from: Some(day("2025-07-01")), ..said("320902102202", &[]) };
    let ended = office.district.succeed_place(&ends).expect("said with its day");
    assert_eq!((ended.change.as_deref(), ended.until.as_deref()), (Some("abolished"), Some("2025-07-01")));
}

#[test]
fn what_a_list_does_not_say_is_asked_or_left_alone() {
    let office = Office::new();
    office.load(YEAR_2023, |_| {}).expect("loaded");
    let code = |refused: Result<Loaded, district::DistrictError>| {
        serde_json::to_value(refused.expect_err("refused")).expect("JSON")["code"].clone()
    };
    assert_eq!(code(office.load(YEAR_2024, |load| load.complete = vec!["320902".to_owned()])), "placesDateNeeded");
    let partial = office.load(YEAR_2024, |load| load.from = Some(day("2024-01-01"))).expect("loaded");
    assert_eq!((partial.codes.ended, partial.codes.renamed), (0, 1), "nobody said that the list is complete");
    let earlier = office.load(YEAR_2023, |load| load.from = Some(day("2023-01-01")));
    assert_eq!(code(earlier), "placesDateEarly", "no list from before the one that stands");
}

#[test]
fn a_county_is_taken_out_of_a_larger_list() {
    let office = Office::new();
    let larger = format!("{YEAR_2023}320903000000,盐都区,320900000000,3,\n320903100000,大纵湖镇,320903000000,4,镇\n");
    let loaded = office.load(&larger, |load| load.within = "320902".to_owned()).expect("loaded");
    assert_eq!((loaded.codes.new, loaded.townships.new), (9, 2), "only 亭湖区, with what stands above it");
    let catalog = domain::Catalog::shipped();
    let place = catalog.kind("place").expect("it ships");
    for field in Place::FIELDS {
        assert!(place.field(field).is_ok(), "`{field}` is read by the code");
    }
}

/// Its database was kept by the program of the version before codes had records of their own.
#[test]
fn a_district_from_before_codes_were_kept_gets_them_with_the_names_that_it_had() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("district");
    std::fs::create_dir(&data).expect("made");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/district-v4.sqlite");
    // Under a key of its own: whose the logs were is not what this is about.
    let forget = "DELETE FROM setting WHERE name = 'public_key'";
    let scratch = scratch();
    if let Some(scratch) = &scratch {
        scratch.fill(4, fixture.as_ref());
        scratch.execute(forget);
    } else {
        std::fs::copy(fixture, data.join("district.sqlite")).expect("the fixture");
        let database = rusqlite::Connection::open(data.join("district.sqlite")).expect("a database");
        database.execute(forget, []).expect("forgotten");
    }
    let database = scratch.as_ref().map(Scratch::url);
    let district = District::open(&Location { data, database, attachments: None }).expect("it opens");
    let office = Office { folder, district, _scratch: scratch };
    let list = "code,name,parent,level,kind
320902107000,黄尖镇,320902000000,4,镇
320902107200,洋中社区居委会,320902107000,5,居委会
";
    let from = Some(day("2024-01-01"));
    let loaded = office.load(list, |load| {
        load.from = from;
        load.complete = vec!["320902107".to_owned()];
    });
    let codes = loaded.expect("loaded").codes;
    assert_eq!((codes.same, codes.renamed, codes.ended), (1, 1, 1), "洋中村 renamed, 新洋村 ended");
    let mut names: Vec<(Option<String>, bool)> = office
        .places()
        .iter()
        .map(|place| (place.fields["name"].as_str().map(str::to_owned), place.fields.contains_key("valid_until")))
        .collect();
    names.sort();
    let named = |name: &str, ended: bool| (Some(name.to_owned()), ended);
    let expected =
        [named("新洋村", true), named("洋中村", true), named("洋中社区居委会", false), named("黄尖镇", false)];
    assert_eq!(names, expected, "the former names are not forgotten");
}
