//! The checks of photos: what each asks, and what it must not ask.

use chrono::NaiveDate;
use domain::evidence::{Facts, Limits, Phase, PhotoPlace, Use, WorksFrame, alike, missing, of_photo, twice};
use domain::finding::FindingRule;
use domain::geo::{Point, System};
use domain::{Record, RecordId};
use serde_json::json;
use uuid::Uuid;

fn id(number: u128) -> RecordId {
    RecordId(Uuid::from_u128(number))
}

fn used(works: u128, phase: Option<Phase>) -> Use {
    Use {
        sha256: "ab".repeat(32),
        name: "照片.jpg".to_owned(),
        record: id(works * 100 + phase.map_or(0, |phase| phase as u128 + 1)),
        works: Some(id(works)),
        village: Some(id(9)),
        phase,
        attached: Some("2026-06-30T08:00:00+08:00".to_owned()),
        modified: None,
        shown: format!("工程{works}"),
    }
}

/// From 2026-03-01 to 2026-06-01.
fn works() -> WorksFrame {
    WorksFrame {
        id: id(1),
        name: "清淤".to_owned(),
        start: NaiveDate::from_ymd_opt(2026, 3, 1),
        end: NaiveDate::from_ymd_opt(2026, 6, 1),
        completed: true,
        place: Point::new(120.45, 33.40, System::Wgs84),
        village_place: None,
    }
}

fn taken(at: &str) -> Facts {
    Facts { format: "jpeg".to_owned(), exif: true, orientation: 1, taken: Some(at.to_owned()), ..Facts::default() }
}

fn asked(used: &Use, facts: &Facts) -> Vec<FindingRule> {
    of_photo(&Limits::default(), Some(&works()), used, facts).into_iter().map(|finding| finding.rule).collect()
}

#[test]
fn each_phase_has_its_own_days() {
    use Phase::{After, Before, During};
    for (phase, day, fits) in [
        (Some(Before), "2026-02-20", true),
        (Some(Before), "2026-03-31", true), // Thirty days' grace.
        (Some(Before), "2026-04-01", false),
        (Some(Before), "2023-02-28", false), // What was there three years ago is no 整治前.
        (Some(During), "2026-05-03", true),
        (Some(During), "2026-01-29", false),
        (Some(During), "2026-07-02", false),
        (Some(After), "2026-05-01", false),
        (Some(After), "2026-05-02", true),
        (Some(After), "2027-06-02", false),
        (None, "2024-03-01", true), // Nobody has said what it stands for.
        (None, "2024-02-29", false),
    ] {
        let rules = asked(&used(1, phase), &taken(&format!("{day}T00:30:00")));
        // Taken after it was attached is the clock's question, not the dates'.
        let outside = rules.contains(&FindingRule::PhotoOutsideDates);
        assert_eq!(outside, !fits, "{phase:?} on {day}: {rules:?}");
    }
    let planless = WorksFrame { start: None, end: None, ..works() };
    let found = of_photo(&Limits::default(), Some(&planless), &used(1, Some(Before)), &taken("2020-01-01T00:00:00"));
    assert_eq!(found, [], "without dates there is nothing to be outside of");
}

#[test]
fn a_picture_is_not_older_than_its_file_nor_its_clock_than_the_satellites() {
    let late = Facts { taken: Some("2026-06-30T12:00:00".to_owned()), ..taken("") };
    assert_eq!(asked(&used(1, None), &late), [FindingRule::PhotoClock], "attached at eight, taken at noon");
    let mut old_file = used(1, None);
    old_file.modified = Some("2026-05-01T08:00:00+08:00".to_owned());
    assert_eq!(asked(&old_file, &taken("2026-05-03T08:00:00")), [FindingRule::PhotoClock]);
    assert_eq!(asked(&old_file, &taken("2026-05-01T08:40:00")), [], "an hour is no matter");
    let satellite = |at: &str| Facts { satellite: Some(at.to_owned()), ..taken("2026-05-03T09:12:33") };
    assert_eq!(
        asked(&used(1, None), &satellite("2026-05-03T01:12:30Z")),
        [],
        "北京时间, where the camera says no zone"
    );
    assert_eq!(asked(&used(1, None), &satellite("2026-05-02T01:12:30Z")), [FindingRule::PhotoClock]);
    let abroad = Facts { offset: Some("+09:00".to_owned()), ..satellite("2026-05-03T00:12:30Z") };
    assert_eq!(asked(&used(1, None), &abroad), [], "the zone that the camera says counts");
    assert_eq!(
        asked(&used(1, None), &taken("2000-01-01T00:00:12"))[1..],
        [FindingRule::PhotoOdd],
        "a clock that nobody set"
    );
}

#[test]
fn what_a_phone_may_be_off_by_is_in_its_favour() {
    let at = |lon: f64, accuracy, stated| {
        let place = PhotoPlace { lon, lat: 33.40, accuracy, system: System::Wgs84, stated };
        asked(&used(1, None), &Facts { place: Some(place), ..taken("2026-05-03T09:12:33") })
    };
    // 0.0108° are 1,004 m here.
    assert_eq!(at(120.4608, None, true), [FindingRule::PhotoFarAway]);
    assert_eq!(at(120.4608, Some(20.0), true), [], "give or take 20 m");
    assert_eq!(at(120.4608, Some(f64::INFINITY), true), [], "and no further than a kilometre");
    assert_eq!(at(120.4648, None, false), [], "shifted degrees, where the camera does not say which they are");
    let placeless = WorksFrame { place: None, ..works() };
    let place = PhotoPlace { lon: 0.1, lat: 0.1, accuracy: None, system: System::Wgs84, stated: true };
    let facts = Facts { place: Some(place), ..taken("2026-05-03T09:12:33") };
    assert_eq!(of_photo(&Limits::default(), Some(&placeless), &used(1, None), &facts), [], "far from nothing");
}

#[test]
fn one_picture_may_stand_in_a_works_and_its_reports_and_nowhere_else() {
    let (here, report) = (used(1, None), Use { record: id(77), ..used(1, None) });
    assert_eq!(twice(&[here.clone(), report]), None);
    assert!(twice(&[here.clone(), used(2, None)]).is_some(), "of two works");
    assert!(twice(&[used(1, Some(Phase::Before)), used(1, Some(Phase::After))]).is_some(), "of two phases");
    let one = twice(&[here.clone(), used(2, None)]).expect("a finding");
    let turned = twice(&[used(2, None), here.clone()]).expect("a finding");
    assert_eq!(one.key, turned.key, "one question, from whichever works it is seen");
    let limits = Limits::default();
    assert!(alike(&limits, std::slice::from_ref(&here), &[used(2, None)], limits.alike_bits).is_some());
    assert_eq!(alike(&limits, &[here], &[used(2, None)], limits.alike_bits + 1), None);
}

#[test]
fn only_a_completed_works_lacks_pictures_and_each_missing_phase_is_named() {
    let lacks = |works: &WorksFrame, uses: &[Use]| missing(works, uses).map(|finding| finding.fields["phases"].clone());
    let (before, after) = (used(1, Some(Phase::Before)), used(1, Some(Phase::After)));
    assert_eq!(lacks(&works(), &[]), Some("整治前、整治完成".to_owned()));
    assert_eq!(lacks(&works(), std::slice::from_ref(&before)), Some("整治完成".to_owned()));
    assert_eq!(lacks(&works(), &[before.clone(), after.clone()]), None);
    assert_eq!(
        lacks(&works(), &[used(2, Some(Phase::Before)), after]),
        Some("整治前".to_owned()),
        "another's is not its own"
    );
    assert_eq!(lacks(&WorksFrame { completed: false, ..works() }, &[]), None);
}

#[test]
fn a_districts_limits_are_read_and_what_it_leaves_empty_stays() {
    let record: Record = serde_json::from_value(json!({
        "id": Uuid::from_u128(5), "kind": Limits::KIND, "scope": "320902",
        "fields": {"name": "2026", "works_metres": 300, "editors": "醒图，某某修图"},
    }))
    .expect("a record");
    let limits = Limits::of(&record);
    assert_eq!((limits.works_metres, limits.village_metres), (300, Limits::default().village_metres));
    assert!(limits.edits("某某修图 3.1") && !limits.edits("Adobe Photoshop"));
    assert!(Limits::default().edits("Adobe Photoshop 25.0 (Windows)") && !Limits::default().edits("HarmonyOS 4.2"));
    let catalog = domain::Catalog::shipped();
    let kind = catalog.kind(Limits::KIND).expect("it ships");
    for field in Limits::FIELDS {
        assert!(kind.field(field).is_ok(), "{} lost `{field}`, which the code reads", Limits::KIND);
    }
}
