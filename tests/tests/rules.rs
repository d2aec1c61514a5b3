//! The district's own forms and rules: laid into its folder, and soon at every laptop.

use std::fs;

use nonghuan_tests::{District, Laptop, Line, Programs, YANDONG, sample};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A field that only this district has.
const OWN: &str = r#"
kind = "works"

[[field]]
name = "district_number"
label = { zh = "区编号", en = "District number" }
type = "text"
"#;

fn add(laptop: &Laptop, name: &str, village: &str) -> Result<Value, String> {
    let fields = ["add", "works", village, &format!("name={name}"), "category=sewage", "district_number=7"];
    laptop.try_ask(&fields).expect("it starts").map_err(|refused| refused.code)
}

#[test]
fn a_field_of_the_districts_own_is_on_its_laptops_after_one_exchange_by_line_or_stick() {
    let programs = Programs::built().expect("the programs build");
    let folder = TempDir::new().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let mut district = District::start(&programs, &folder.path().join("district")).expect("the district starts");
    district.load_places(&sample("places.csv")).expect("the places are loaded");
    let line = Line::to(district.address()).expect("a line");
    let enrolled = |name: &str| {
        let laptop = Laptop::new(&programs, &folder.path().join(name));
        laptop.enrol(&district.code_over(line.address(), YANDONG, "clerk").expect("a code"), name).expect("enrolled");
        laptop.ask(&["sync"]).expect("the first exchange");
        laptop
    };
    let (near, far) = (enrolled("甲"), enrolled("乙"));
    let village = format!("village={}", near.find("village", "code", "320902107200").expect("中东村 is here"));
    assert_eq!(add(&near, "早了", &village), Err("unknownField".to_owned()), "nobody knows the field yet");

    let catalog = district.folder().join("catalog");
    fs::create_dir(&catalog).expect("the district's own catalog");
    fs::write(catalog.join("works.toml"), OWN).expect("written");
    district.start_again().expect("the district reads it");

    let report = near.ask(&["sync"]).expect("an exchange");
    assert_eq!(report["rules"], "taken", "{report}");
    add(&near, "有区编号的工程", &village).expect("the field is on the form");
    let report = near.ask(&["sync"]).expect("an exchange");
    assert_eq!(
        (&report["verdicts"]["accepted"], &report["rules"]),
        (&json!(1), &Value::Null),
        "once is enough: {report}"
    );

    line.cut();
    let (out, back) = (path("out.nhb"), path("back.nhb"));
    far.ask(&["bundle", "write", &out]).expect("written");
    district.ask(&["bundle", "read", &out, "--reply", &back]).expect("read");
    let taken = far.ask(&["bundle", "read", &back]).expect("the reply is read");
    assert_eq!(taken["brought"]["rules"], "taken", "a stick does what the line does: {taken}");
    add(&far, "线断时也有", &village).expect("the field is on the form");

    // And gone again, once the district has thought better of it.
    fs::remove_dir_all(&catalog).expect("removed");
    district.start_again().expect("the district ships with none");
    line.mend();
    assert_eq!(near.ask(&["sync"]).expect("an exchange")["rules"], "taken");
    assert_eq!(add(&near, "晚了", &village), Err("unknownField".to_owned()));
}
