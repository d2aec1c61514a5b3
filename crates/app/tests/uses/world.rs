//! A district with two townships, and laptops of its people.

use std::path::{Path, PathBuf};

use app::types::{ConflictView, Shown, SyncReport};
use app::{AppError, Enrolment, Fields, Laptop, RecordId, Terms};
use district::{Config, Location, NewCode, Running, Server};
use domain::Scope;
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const YANDONG: &str = "320902107";
pub(crate) const XINXING: &str = "320902102";
pub(crate) const PIN: &str = "2468";

/// 盐东镇 and 新兴镇 with three villages, as the national list of 2023 has them.
const PLACES: &str = "code,name,parent,level,kind
320902107000,盐东镇,320902000000,4,镇
320902107200,中东村委会,320902107000,5,村委会
320902107201,正洋村委会,320902107000,5,村委会
320902102000,新兴镇,320902000000,4,镇
320902102202,古河村委会,320902102000,5,村委会
";

/// A running district; ends with this.
pub(crate) struct World {
    pub(crate) district: Option<Running>,
    pub(crate) folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let places = folder.path().join("places.csv");
        std::fs::write(&places, PLACES).expect("written");
        let location = Location { data: folder.path().join("district"), ..Location::default() };
        let listen = "127.0.0.1:0".parse().expect("an address");
        let running = Server::start(&Config { location, listen }).expect("the server starts");
        running.district().load_places(&places, "样例").expect("the places are loaded");
        Self { district: Some(running), folder }
    }

    pub(crate) fn district(&self) -> &Running {
        self.district.as_ref().expect("it runs")
    }

    /// Stops the district's server and starts it again where its laptops know it.
    pub(crate) fn restart(&mut self) {
        let listen = self.district().address;
        drop(self.district.take());
        let location = Location { data: self.folder.path().join("district"), ..Location::default() };
        self.district = Some(Server::start(&Config { location, listen }).expect("the server starts again"));
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn code(&self, scope: &str, role: &str) -> String {
        let scope = Some(Scope::parse(scope).expect("a scope"));
        let new = NewCode { scope, role: role.to_owned(), address: None, days: 7, person: None };
        self.district().district().code(&new).expect("a code").code
    }

    /// A laptop of 盐东镇 that has its places.
    pub(crate) fn laptop(&self, name: &str) -> Laptop {
        self.laptop_of(name, YANDONG, "clerk")
    }

    /// The same with records and no files yet.
    pub(crate) fn laptop_without_files(&self, name: &str) -> Laptop {
        let asked = enrolment(&self.code(YANDONG, "clerk"), name);
        let (mut laptop, _) = app::enrol(&self.path(name), &asked).expect("a fresh code lets in");
        laptop.set_terms(Terms { files: false, bytes_per_second: None }).expect("said");
        sync(&mut laptop);
        laptop
    }

    pub(crate) fn laptop_of(&self, name: &str, scope: &str, role: &str) -> Laptop {
        let asked = enrolment(&self.code(scope, role), name);
        let (mut laptop, _) = app::enrol(&self.path(name), &asked).expect("a fresh code lets in");
        sync(&mut laptop);
        laptop
    }
}

pub(crate) fn enrolment(code: &str, name: &str) -> Enrolment {
    Enrolment { code: code.to_owned(), name: name.to_owned(), pin: PIN.to_owned() }
}

pub(crate) fn sync(laptop: &mut Laptop) -> SyncReport {
    laptop.exchange(&mut |_| {}).expect("an exchange")
}

/// The fields of a JSON object.
pub(crate) fn fields(value: Value) -> Fields {
    serde_json::from_value(value).expect("an object")
}

/// 中东村 on this laptop.
pub(crate) fn village(laptop: &Laptop) -> RecordId {
    let filters = [("code".to_owned(), "320902107200".to_owned())].into();
    let query = app::types::Query { kind: "village".to_owned(), filters, ..Default::default() };
    laptop.list(&query).expect("a list").records[0].id
}

pub(crate) fn add_works(laptop: &mut Laptop, name: &str) -> Shown {
    let village = village(laptop).to_string();
    let works = serde_json::json!({"village": village, "name": name, "category": "sewage"});
    laptop.add("works", fields(works)).expect("saved")
}

pub(crate) fn list(laptop: &Laptop, kind: &str) -> Vec<Shown> {
    let query = app::types::Query { kind: kind.to_owned(), limit: Some(1_000), ..Default::default() };
    laptop.list(&query).expect("a list").records
}

/// The one open conflict.
pub(crate) fn conflict(laptop: &Laptop) -> ConflictView {
    let mut open = laptop.conflicts().expect("a list");
    assert_eq!(open.len(), 1, "one conflict was expected: {open:?}");
    open.remove(0)
}

/// The code and fields of the refusal that was due.
pub(crate) fn refusal<T>(answer: Result<T, AppError>) -> (String, std::collections::BTreeMap<String, String>) {
    match answer {
        Ok(_) => panic!("a refusal was due"),
        Err(error) => {
            let view = error.view();
            (view.code, view.fields)
        }
    }
}

pub(crate) fn code_of<T>(answer: Result<T, AppError>) -> String {
    refusal(answer).0
}

/// A photo of the sample.
pub(crate) fn photo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/tinghu/photos").join(name)
}

/// Brings a works to 已验收, where its name is locked; the works must have a contract.
pub(crate) fn accept(lead: &mut Laptop, id: RecordId) {
    let dates = serde_json::json!({
        "contract_amount": 12_500_000, "actual_start": "2026-03-01", "actual_end": "2026-06-01"
    });
    lead.set(id, fields(dates)).expect("saved");
    for state in ["contracted", "building", "completed", "accepted"] {
        lead.move_to(id, state, None).expect("the lifecycle's way");
    }
}

/// Makes the choice of an application public, long enough ago for it to be reported.
pub(crate) fn announced(laptop: &mut Laptop, application: RecordId) {
    let notice = serde_json::json!({"name": "项目公示", "about": "selection", "application": application,
        "start": "2026-03-01", "end": "2026-03-12"});
    let notice = laptop.add("notice", fields(notice)).expect("saved").id;
    laptop.move_to(notice, "posted", None).expect("put up");
}
