//! What is sent to whoever helps says nothing about people, places and money.

use serde_json::json;

use crate::world::{World, YANDONG, enrolment, fields, sync, village};

#[test]
fn a_diagnosis_has_numbers_and_codes_and_nothing_about_anybody() {
    let world = World::new();
    let folder = world.path("laptop");
    let asked = enrolment(&world.code(YANDONG, "clerk"), "Zhang Sanfeng");
    let (mut laptop, _) = app::enrol(&folder, &asked).expect("enrolled");
    sync(&mut laptop);
    let works = json!({
        "village": village(&laptop).to_string(), "name": "机密工程Alpha", "category": "sewage", "contract_amount": 98_765_432
    });
    laptop.add("works", fields(works)).expect("saved");
    std::fs::create_dir(folder.join("logs")).expect("a folder");
    let log = format!("WARN cannot read {}/机密.jpg of Zhang Sanfeng: 机密工程 is gone\n", folder.display());
    std::fs::write(folder.join("logs/nonghuan.2026-05-03.log"), log).expect("a log");

    let out = world.path("诊断.txt");
    let bytes = laptop.diagnose(&out).expect("written");
    let text = std::fs::read_to_string(&out).expect("a text that a person can read");
    assert_eq!(text.len() as u64, bytes);
    for wanted in
        ["kind works 1", "kind village 2", "pending 1", "exchange ", "cannot read <data>/", env!("CARGO_PKG_VERSION")]
    {
        assert!(text.contains(wanted), "`{wanted}` helps: {text}");
    }
    for secret in ["Zhang", "机密", "Alpha", "987654", "98_765", &folder.display().to_string(), "127.0.0.1"] {
        assert!(!text.contains(secret), "`{secret}` is nobody's business: {text}");
    }
}
