//! The district with its places, the people of 盐东镇 before their laptops, and
//! what they say again and again.

use std::path::PathBuf;

use chrono::{Datelike, Days, Local, Months, NaiveDate};
use nonghuan_tests::{District, Laptop, Programs, YANDONG, sample};
use serde_json::Value;
use tempfile::TempDir;

/// 洋桥村, where most of the works of these tests lie.
pub(crate) const YANGQIAO: &str = "320902107215";

/// A running district; ends with this.
pub(crate) struct Office {
    pub(crate) district: District,
    programs: Programs,
    folder: TempDir,
}

impl Office {
    /// A district that has loaded its places.
    pub(crate) fn new() -> Self {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        district.load_places(&sample("places.csv")).expect("the places are loaded");
        Self { district, programs, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The laptop of `name` in 盐东镇, with its villages.
    pub(crate) fn laptop(&self, name: &str, role: &str) -> Laptop {
        let laptop = Laptop::new(&self.programs, &self.path(name));
        let code = self.district.code(YANDONG, role).expect("a code");
        laptop.enrol(&code, name).expect("enrolled");
        sync(&laptop);
        laptop
    }
}

/// One exchange, in which the district refuses nothing.
pub(crate) fn sync(laptop: &Laptop) {
    let report = laptop.ask(&["sync"]).expect("an exchange");
    assert_eq!(report["verdicts"]["refused"], 0, "the district takes what the laptop took: {report}");
}

/// What everybody has said reaches everybody.
pub(crate) fn sync_all(laptops: &[&Laptop]) {
    for _ in 0..2 {
        laptops.iter().for_each(|laptop| sync(laptop));
    }
}

/// The id of the village with this code.
pub(crate) fn village(laptop: &Laptop, code: &str) -> String {
    laptop.find("village", "code", code).expect("the village is here")
}

/// A works in 洋桥村, which is cleaned of mud since last year.
pub(crate) fn ditch(laptop: &Laptop) -> String {
    let village = format!("village={}", village(laptop, YANGQIAO));
    let began = format!("actual_start={}", today() - Months::new(12));
    let fields = [&village, "name=洋桥村沟渠清淤", "category=black_odour", "contract_amount=36200000", &began];
    laptop.add("works", &fields).expect("saved")
}

/// The list in an answer.
pub(crate) fn each(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The texts of `name` in each item of a list.
pub(crate) fn texts<'v>(list: &'v Value, name: &str) -> Vec<&'v str> {
    each(list).iter().map(|item| item[name].as_str().unwrap_or_default()).collect()
}

pub(crate) fn today() -> NaiveDate {
    Local::now().date_naive()
}

/// A day of the month before this one.
pub(crate) fn last_month(day: u32) -> NaiveDate {
    let first = today().with_day(1).expect("every month has a first") - Months::new(1);
    first + Days::new(u64::from(day) - 1)
}

/// `2026-10`, of a day in it.
pub(crate) fn month_of(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}
