//! Photos as evidence, the figures of a village, and its file.

use std::fs;
use std::path::Path;

use nonghuan_tests::{Laptop, sample};
use serde_json::{Value, json};

use crate::office::{Office, YANGQIAO, ditch, each, sync, sync_all, texts, village};

/// A spot of the works, with the pictures of its three phases as a folder brings them.
fn spot(office: &Office, laptop: &Laptop, works: &str) -> String {
    let spot = laptop.add("spot", &[&format!("works={works}"), "name=桥头"]).expect("saved");
    for phase in ["before", "during", "after"] {
        let folder = office.path("手机照片").join(phase);
        fs::create_dir_all(&folder).expect("a folder");
        fs::copy(sample(&format!("photos/ditch-{phase}.jpg")), folder.join("IMG_0001.jpg")).expect("a photo");
        fs::write(folder.join("说明.txt"), "手机自动生成").expect("what else lies there");
        let taken = take(laptop, &spot, phase, &folder);
        assert_eq!((&taken["taken"], &taken["passedOver"]), (&json!(1), &json!(1)), "pictures, and nothing else");
    }
    spot
}

fn take(laptop: &Laptop, spot: &str, phase: &str, folder: &Path) -> Value {
    laptop.ask(&["take", spot, &folder.to_string_lossy(), "--field", phase]).expect("taken in")
}

#[test]
fn photos_of_a_spot_stand_side_by_side_and_what_is_odd_about_one_is_answered_once_for_everybody() {
    let office = Office::new();
    let (clerk, lead) = (office.laptop("王芳", "clerk"), office.laptop("镇长", "lead"));
    let works = ditch(&clerk);
    // By its EXIF the last picture is of 2026-08-26, four months before the works was to end.
    clerk.ask(&["set", &works, "actual_start=2026-03-01", "planned_end=2026-12-31"]).expect("saved");
    let spot = spot(&office, &clerk, &works);
    let again = take(&clerk, &spot, "after", &office.path("手机照片").join("after"));
    assert_eq!((&again["taken"], &again["same"]), (&json!(0), &json!(1)), "the same cable twice makes no second photo");

    sync_all(&[&clerk, &lead]);
    let seen = lead.ask(&["photos", &works]).expect("the photos");
    let phases: Vec<&Value> = ["before", "during", "after"].iter().map(|phase| &seen["spots"][0][phase][0]).collect();
    let taken: Vec<&str> = phases.iter().filter_map(|photo| photo["facts"]["taken"].as_str()).collect();
    assert_eq!(
        taken,
        ["2026-03-12T09:20:11", "2026-05-20T14:05:42", "2026-08-26T10:31:07"],
        "each phase with its own picture, dated by the camera and read on the laptop that got it by the line"
    );
    assert!(phases.iter().all(|photo| photo["here"] == true && photo["district"] == true), "the originals are there");

    let found = lead.ask(&["findings", &works]).expect("findings");
    assert_eq!(texts(&found["findings"], "rule"), ["photoOutsideDates"], "one question, and no other: {found}");
    let asked = &found["findings"][0];
    assert!(asked["text"].as_str().is_some_and(|text| text.contains("2026-08-26")), "it says what it is about");
    let key = asked["key"].as_str().expect("a key");
    let answer = ["finding", "accept", key, "--works", &works, "--remark", "已提前完工，现场核实"];
    assert_eq!(clerk.refused(&answer).expect("refused").code, "notAllowed", "nobody answers for their own photos");
    lead.ask(&answer).expect("accepted");
    sync_all(&[&lead, &clerk]);
    let there = clerk.ask(&["findings", &works]).expect("findings");
    let accepted = &there["findings"][0]["accepted"];
    assert_eq!(
        (&accepted["by"], &accepted["remark"]),
        (&json!("镇长"), &json!("已提前完工，现场核实")),
        "the question stays, with who answered it and why"
    );
    lead.ask(&["finding", "reopen", key]).expect("taken back");
    sync_all(&[&lead, &clerk]);
    let open = clerk.ask(&["findings", &works]).expect("findings");
    assert_eq!(open["findings"][0]["accepted"], Value::Null, "an answer can be taken back, for everybody too");
}

#[test]
fn a_villages_figures_name_their_records_and_its_file_says_what_is_missing() {
    let office = Office::new();
    let lead = office.laptop("镇长", "lead");
    let here = village(&lead, YANGQIAO);
    lead.ask(&["set", &here, "households=200", "population=800", "history=由三个自然村合并"]).expect("saved");
    let of_village = format!("village={here}");
    let fields = [
        &of_village,
        "name=洋桥村污水管网",
        "category=sewage",
        "households=119",
        "contract_amount=128500000",
        "actual_start=2026-03-01",
        "actual_end=2026-08-01",
        "accepted_on=2026-08-20",
    ];
    let pipes = lead.add("works", &fields).expect("saved");
    let sewage = |day: &str| {
        let place = lead.ask(&["indicators", YANGQIAO, "--as-of", day]).expect("figures");
        let figure = each(&place["figures"]).iter().find(|one| one["indicator"] == "sewage_households");
        (figure.expect("it is asked of a village").clone(), place["titles"].clone())
    };
    assert_eq!(sewage("2026-10-31").0["numerator"], 0, "what is not accepted serves nobody yet");
    for state in ["contracted", "building", "completed", "accepted"] {
        lead.ask(&["move", &pipes, state]).expect("the works' way");
    }
    let (figure, titles) = sewage("2026-10-31");
    assert_eq!((&figure["numerator"], &figure["denominator"]), (&json!(119), &json!(200)), "never a bare percentage");
    assert_eq!((&figure["counted"], &figure["among"]), (&json!([pipes]), &json!([here])), "the records behind it");
    assert_eq!(titles[&pipes], "洋桥村污水管网", "by a name that a person knows");
    let goals = each(&figure["compared"]);
    assert!(!goals.is_empty() && goals.iter().all(|goal| goal["met"] == false), "59.5 % is not 60 %: {figure}");
    assert_eq!(sewage("2026-08-19").0["numerator"], 0, "a figure of the day before the acceptance is of that day");

    let empty = lead.ask(&["dossier", YANGQIAO]).expect("its file");
    let ditch = ditch(&lead);
    spot(&office, &lead, &ditch);
    let filled = lead.ask(&["dossier", YANGQIAO]).expect("its file");
    let (before, after) = (empty["have"].as_u64(), filled["have"].as_u64());
    assert!(before < after && after < filled["wanted"].as_u64(), "photos of three phases count, and are not all");
    assert_eq!(each(&filled["sections"]).len(), 7, "the seven sections of the form");

    let out = office.path("档案");
    let pdf = office.path("档案.pdf");
    let (to, alone) = (out.to_string_lossy(), pdf.to_string_lossy());
    let args = ["dossier", YANGQIAO, "--out", &to, "--pdf", &alone, "--on", "2026-11-20"];
    let written = lead.ask(&args).expect("written");
    assert_eq!(written[0]["files"], 3, "the originals of the three photos");
    assert_eq!(written[0]["have"].as_u64(), after, "the folder's score is the screen's");
    assert_eq!(each(&written[0]["absent"]).len(), 0, "and nothing is left out in silence");
    let missing = written[0]["missing"].to_string();
    assert!(missing.contains("资金文件") && missing.contains("资金文号"), "what is missing is named: {missing}");
    let folder = Path::new(written[0]["path"].as_str().expect("a path"));
    let copy = fs::read(folder.join("5-整治完成/5.03-整治后照片/桥头-IMG_0001.jpg")).expect("the photo of after");
    let original = fs::read(sample("photos/ditch-after.jpg")).expect("the photo");
    assert!(copy == original, "to the last byte, in the section where an inspector looks for it");
    assert!(fs::read(&pdf).expect("the PDF").starts_with(b"%PDF-"), "one file to print");
    sync(&lead);
}
