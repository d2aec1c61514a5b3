//! What a whole package says, to a person and to others' programs.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Reader, Xlsx, open_workbook};
use nonghuan_tests::bagit;
use serde_json::{Value, json};
use zip::ZipArchive;

use crate::sample::{DAY, World, text};

/// The text of the sample's volume, page by page, as it was read and found good.
const GOLDEN: &str = include_str!("申报书.txt");

/// Unpacks the package; its top folder.
fn unpacked(package: &Path, into: &Path) -> PathBuf {
    let mut archive = ZipArchive::new(File::open(package).expect("the package")).expect("a ZIP");
    archive.extract(into).expect("unpacked");
    let folder = fs::read_dir(into).expect("a folder").flatten().next().expect("one top folder");
    folder.path()
}

/// What a PDF reader reads, page by page; digests and log positions differ each time.
fn pages(pdf: &Path) -> Vec<String> {
    let done = Command::new("pdftotext").args(["-layout", "-enc", "UTF-8"]).arg(pdf).arg("-").output();
    let said = String::from_utf8(done.expect("pdftotext is there").stdout).expect("UTF-8");
    let plain = |line: &str| {
        let words = line.split_whitespace().map(|word| {
            let hex = word.len() >= 16 && word.chars().all(|c| c.is_ascii_hexdigit());
            if hex { "#" } else { word }
        });
        words.collect::<Vec<_>>().join(" ")
    };
    let page = |page: &str| {
        let lines = page.lines().map(plain).filter(|line| !line.is_empty() && !line.contains("数据截至"));
        lines.map(|line| line + "\n").collect::<String>()
    };
    said.split_terminator('\u{c}').map(page).collect()
}

#[test]
fn the_sample_volume_reads_as_it_was_approved() {
    let world = World::new();
    let application = world.application();
    let package = world.path("申报.zip");
    let compiled = world.compile(&application, &package);
    let folder = unpacked(&package, &world.path("unpacked"));
    let pages = pages(&folder.join("data/申报书.pdf"));
    assert_eq!(compiled["pages"], json!(pages.len()), "the program counts the pages that a reader sees");
    let read: String = (1..).zip(&pages).map(|(number, page)| format!("━━ {number}\n{page}")).collect();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packages/申报书.txt");
    if std::env::var_os("NONGHUAN_APPROVE").is_some() {
        fs::write(&golden, &read).expect("written");
    }
    for (number, (read, golden)) in (1..).zip(read.lines().zip(GOLDEN.lines())) {
        assert_eq!(read, golden, "line {number}; if the change is meant, look at the pages and set NONGHUAN_APPROVE");
    }
    assert_eq!(read.lines().count(), GOLDEN.lines().count(), "and nothing is missing at the end");
}

#[test]
fn others_take_it_for_a_bag_a_workbook_and_the_data_on_the_cover() {
    let world = World::new();
    let application = world.application();
    let package = world.path("申报.zip");
    let compiled = world.compile(&application, &package);
    assert_eq!(world.compile(&application, &world.path("again.zip"))["sha256"], compiled["sha256"], "the same bytes");
    let folder = unpacked(&package, &world.path("unpacked"));
    assert_eq!(bagit::validate(&folder).expect("the validator"), None, "the Library of Congress says it is a bag");

    let mut book: Xlsx<_> = open_workbook(folder.join("data/申报表格.xlsx")).expect("a workbook");
    let formulas = book.worksheet_formula("投资估算").expect("formulas");
    let formulas: Vec<&String> =
        formulas.cells().map(|(_, _, formula)| formula).filter(|one| !one.is_empty()).collect();
    for wanted in ["ROUND(E4*G4,2)", "ROUND(E7*G7,2)", "SUM(H4:H7)", "SUM(I4:I7)"] {
        assert!(formulas.iter().any(|formula| *formula == wanted), "{wanted} is live: {formulas:?}");
    }
    let list = book.worksheet_range("项目汇总").expect("a sheet");
    assert!(list.used_cells().any(|(_, _, cell)| *cell == Data::Float(132.8)), "the works' money in 万元: {list:?}");

    let data: Value =
        serde_json::from_slice(&fs::read(folder.join("data/application.json")).expect("data")).expect("JSON");
    assert_eq!(data["day"], DAY);
    assert_eq!(data["programme"]["code"], "jiangsu-2014-match", "the version is frozen with its text");
    assert!(data["programme"]["text"].as_str().is_some_and(|text| text.contains("苏财建")), "the text itself");
    assert_eq!(data["amount"]["total"], 200_000_000, "50 万 for each of two villages, matched by the district");
    assert!(data["log"]["heads"].as_array().is_some_and(|heads| heads.len() == 2), "both scopes: {}", data["log"]);
    assert!(data["log"]["pending"].as_u64().is_some_and(|pending| pending > 10), "and what is not sent yet");

    let verified = world.verify(&package);
    assert_eq!((&verified["ok"], &verified["data"]), (&json!(true), &compiled["data"]), "the digest on the cover");
}

#[test]
fn the_district_countersigns_what_its_laptop_made_and_nothing_else() {
    let world = World::new();
    let application = world.add("application", &["name=空申报（样例）", "year=2026", "programme=以奖促治"]);
    let (package, signed) = (world.path("申报.zip"), world.path("签收.zip"));
    world.compile(&application, &package);
    let receive =
        |from: &Path| world.district.ask(&["--json", "package", "receive", &text(from), "--out", &text(&signed)]);
    let received: Value = serde_json::from_str(&receive(&package).expect("received")).expect("JSON");
    assert_eq!((&received["name"], &received["by"]), (&json!("样例填报"), &json!("盐城市亭湖区")), "{received}");
    let verified = world.verify(&signed);
    assert_eq!(verified["ok"], json!(true), "{verified}");
    let roles: Vec<&Value> = verified["signatures"].as_array().into_iter().flatten().map(|one| &one["role"]).collect();
    assert_eq!(roles, ["device", "district"], "both say their word");
    assert_eq!(
        verified["signatures"][1]["device"],
        "A 样例填报".replace('A', received["letter"].as_str().expect("a letter"))
    );
    let folder = unpacked(&signed, &world.path("unpacked"));
    assert_eq!(bagit::validate(&folder).expect("the validator"), None, "and it is a bag as before");
    receive(&signed).expect_err("once is enough");

    let device = received["device"].as_str().expect("an id").to_owned();
    fs::remove_file(&signed).expect("gone");
    world.district.ask(&["device", "revoke", &device]).expect("shut out");
    receive(&package).expect_err("a laptop that was shut out signs for nobody");
    assert!(!signed.exists(), "and nothing was written");
}
