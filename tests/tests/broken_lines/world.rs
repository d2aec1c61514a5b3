//! A district, a line to it and laptops; and what must be true of them in the end.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nonghuan_tests::{Chance, District, Laptop, Line, Programs, SmallDisk, YANDONG, sample};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The kinds of which the tests make records.
const KINDS: [&str; 2] = ["works", "village"];

/// A district with its places, and a line to it that can be as bad as it likes.
pub(crate) struct World {
    programs: Programs,
    pub(crate) district: District,
    pub(crate) line: Line,
    pub(crate) seed: u64,
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
        Self::of(programs, folder, district)
    }

    /// A world whose district lies on a disk of so many KiB.
    pub(crate) fn on_small_disk(kib: u64) -> (Self, SmallDisk) {
        let programs = Programs::built().expect("the programs build");
        let folder = TempDir::new().expect("a folder");
        let disk = SmallDisk::new(&folder.path().join("小盘"), kib).expect("a small disk");
        let district = District::start(&disk.seen_by(&programs), &disk.folder().join("district"));
        (Self::of(programs, folder, district.expect("the district starts")), disk)
    }

    fn of(programs: Programs, folder: TempDir, district: District) -> Self {
        district.load_places(&sample("places.csv")).expect("the places are loaded");
        let line = Line::to(district.address()).expect("a line");
        let seed = Chance::seed();
        said(&format!("NONGHUAN_SEED={seed}"));
        Self { programs, district, line, seed, folder }
    }

    pub(crate) fn chance(&self, purpose: &str) -> Chance {
        Chance::of(self.seed, purpose)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A laptop of 盐东镇 that has its villages.
    pub(crate) fn laptop(&self, name: &str) -> Laptop {
        self.enrolled(Laptop::new(&self.programs, &self.path(name)), name)
    }

    /// A laptop of 盐东镇 whose folder lies on that disk.
    pub(crate) fn laptop_on(&self, disk: &SmallDisk, name: &str) -> Laptop {
        self.enrolled(Laptop::new(&disk.seen_by(&self.programs), &disk.folder().join(name)), name)
    }

    /// A code for a laptop of 盐东镇.
    pub(crate) fn code(&self) -> String {
        self.district.code_over(self.line.address(), YANDONG, "clerk").expect("a code")
    }

    fn enrolled(&self, laptop: Laptop, name: &str) -> Laptop {
        laptop.enrol(&self.code(), name).expect("enrolled");
        laptop.ask(&["sync"]).expect("the first exchange");
        laptop
    }

    /// The line is whole, everyone exchanges until nobody has anything to say.
    pub(crate) fn settle(&self, laptops: &[&Laptop]) {
        self.line.mend();
        for _ in 0..2 {
            for laptop in laptops {
                laptop.ask(&["sync"]).expect("nothing is in the way of an exchange");
            }
        }
    }

    /// What must be true when everyone has exchanged: every audit is content,
    /// nothing waits, and every laptop shows what the district has.
    pub(crate) fn agree(&self, laptops: &[&Laptop]) {
        let audit = self.district.audit().expect("the district's audit");
        assert_eq!(audit["ok"], json!(true), "the district's logs hold: {}", audit["broken"]);
        for laptop in laptops {
            let name = laptop.folder().display();
            laptop.ask(&["audit"]).expect("the laptop's logs hold");
            let status = laptop.ask(&["status"]).expect("a status");
            let left = [&status["pending"], &status["sending"], &status["attachments"]["files"]];
            assert_eq!(left, [&json!(0); 3], "{name}: everything has its receipt: {status}");
        }
        for kind in KINDS {
            let there = self.at_district(kind);
            for laptop in laptops {
                let name = laptop.folder().display();
                let here = laptop.list(kind).expect("a list");
                let (refused, here): (Vec<_>, Vec<_>) =
                    here.into_iter().partition(|record| record["sync"] == "refused");
                let mut expected = there.clone();
                for draft in refused {
                    expected.remove(id_of(&draft)); // It shows what its person wanted, beside why it is not so.
                }
                let is_told = |record: &Value| record["sync"] == "district" || record["sync"] == "conflict";
                assert!(here.iter().all(is_told), "{name}: all {kind} have their receipts: {here:?}");
                let here: BTreeMap<String, Value> =
                    here.iter().map(|record| (id_of(record).to_owned(), content(record))).collect();
                assert_eq!(here, expected, "{name}: its {kind} are the district's");
            }
        }
    }

    /// What the district has of 盐东镇, by id.
    pub(crate) fn at_district(&self, kind: &str) -> BTreeMap<String, Value> {
        let all = self.district.list(kind).expect("the district's list");
        let ours = all.iter().filter(|record| record["scope"] == YANDONG && record["deleted"] == json!(false));
        ours.map(|record| (id_of(record).to_owned(), content(record))).collect()
    }
}

/// What both sides say of a record.
fn content(record: &Value) -> Value {
    let conflicts = record["conflicts"].as_array().map_or(0, Vec::len);
    json!({ "fields": record["fields"], "state": record["state"], "conflicts": conflicts })
}

pub(crate) fn id_of(record: &Value) -> &str {
    record["id"].as_str().unwrap_or_default()
}

/// A village of 盐东镇, as the value of a field.
pub(crate) fn village(laptop: &Laptop) -> String {
    format!("village={}", laptop.find("village", "code", "320902107200").expect("中东村 is here"))
}

pub(crate) fn add_works(laptop: &Laptop, name: &str) -> String {
    let name = format!("name={name}");
    laptop.add("works", &[&village(laptop), &name, "category=sewage"]).expect("saved")
}

/// The entries of a record's history in which `field` became `value`.
pub(crate) fn times_written(laptop: &Laptop, id: &str, field: &str, value: &str) -> Vec<Value> {
    let history = laptop.ask(&["history", id]).expect("a history");
    let entries = history.as_array().cloned().unwrap_or_default();
    entries.into_iter().filter(|entry| entry["after"][field] == value).collect()
}

/// How often a thing is done: `NONGHUAN_ROUNDS` for long runs.
pub(crate) fn rounds(usual: u64) -> u64 {
    std::env::var("NONGHUAN_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// For whoever reads the test's output.
#[expect(clippy::print_stderr, reason = "a seed that nobody sees repeats nothing")]
pub(crate) fn said(words: &str) {
    eprintln!("{words}");
}

/// `cp -r`.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to read") {
        let entry = entry.expect("an entry");
        let goal = to.join(entry.file_name());
        if entry.file_type().expect("its kind").is_dir() {
            copy(&entry.path(), &goal);
        } else {
            fs::copy(entry.path(), goal).expect("copied");
        }
    }
}

/// Puts the copy in the place of the folder.
pub(crate) fn put_back(copied: &Path, folder: &Path) {
    fs::remove_dir_all(folder).expect("removed");
    copy(copied, folder);
}
