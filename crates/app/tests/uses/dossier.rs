//! 一村一档: what is there and what is missing, as a folder and as one PDF.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use app::{Dossier, Laptop, RecordId};
use serde_json::json;

use crate::world::{World, add_works, code_of, fields, list, photo, village};

const DAY: &str = "2026-11-20";

fn go(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn section<'d>(dossier: &'d Dossier, name: &str) -> &'d app::DossierSection {
    dossier.sections.iter().find(|section| section.name == name).expect("one of the seven")
}

/// Every file below `folder`, by its path in it.
fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut open) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_string_lossy().replace('\\', "/");
                found.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    found
}

/// 中东村 with one works, its contract and an acceptance.
fn filled(world: &World, laptop: &mut Laptop) -> RecordId {
    let village = village(laptop);
    let about = json!({"history": "由三个自然村合并。", "population": 3120, "households": 980, "natural_villages": 6,
        "problems": "生活污水直排。联系人 13812345678"});
    laptop.set(village, fields(about)).expect("saved");
    let works = add_works(laptop, "污水管网").id;
    // By its EXIF the photo is of 12 March 2026: in the course of the works, whatever it is called.
    let dates = json!({"actual_start": "2026-03-01", "actual_end": "2026-08-31", "content": "管网 3.2 公里"});
    laptop.set(works, fields(dates)).expect("saved");
    laptop.attach_paths(works, None, &[&photo("ditch-before.jpg")]).expect("attached");
    let contract = json!({"works": works.to_string(), "name": "施工合同", "sort": "construction", "grade": "市政三级"});
    let contract = laptop.add("contract", fields(contract)).expect("saved").id;
    let scan = world.path("施工合同_扫描.pdf");
    std::fs::write(&scan, b"%PDF-1.4 a scan").expect("written");
    laptop.attach_paths(contract, Some("files"), &[&scan]).expect("attached");
    village
}

#[test]
fn the_score_says_of_each_section_what_is_missing_and_follows_what_is_filled_in() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let village = village(&laptop);
    let empty = laptop.dossier(village).expect("a file");
    assert_eq!(empty.sections.len(), 7, "the seven sections of the form");
    assert_eq!(empty.have, 0, "nothing is there yet");
    assert!(
        section(&empty, "during").missing.iter().any(|missing| missing.zh == "设计、施工合同"),
        "{:?}",
        section(&empty, "during")
    );
    assert_eq!(section(&empty, "oversight").wanted, 0, "no facility, so no checks of one are asked for");
    assert_eq!(empty.path, ["盐东镇", "中东村委会"], "as far as the list goes");

    filled(&world, &mut laptop);
    let dossier = laptop.dossier(village).expect("a file");
    let basics = section(&dossier, "basics");
    assert_eq!((basics.have, basics.wanted, basics.missing.len()), (2, 2, 0));
    let during = section(&dossier, "during");
    assert!(!during.missing.iter().any(|missing| missing.zh.starts_with("设计、施工合同")), "{:?}", during.missing);
    assert!(
        during
            .missing
            .iter()
            .any(|missing| missing.zh == "招标公示、中标公示（中标公示）" || missing.zh.starts_with("招标公示"))
    );
    assert_eq!(dossier.have, dossier.sections.iter().map(|section| section.have).sum::<u32>());
    let text = serde_json::to_string(&dossier).expect("JSON");
    assert!(!text.contains("13812345678") && text.contains("138****5678"), "personal numbers are masked");

    assert!(
        section(&dossier, "before").missing.iter().any(|missing| missing.zh.starts_with("整治前照片")),
        "none is said to be"
    );
    let works = list(&laptop, "works")[0].id;
    let spot = json!({"works": works.to_string(), "name": "村东沟渠"});
    let spot = laptop.add("spot", fields(spot)).expect("saved").id;
    laptop.attach_paths(spot, Some("before"), &[&photo("ditch-before.jpg")]).expect("attached");
    let before = laptop.dossier(village).expect("a file");
    let missing = &section(&before, "before").missing;
    assert!(
        !missing.iter().any(|missing| missing.zh.starts_with("整治前照片")),
        "a spot says which is which: {missing:?}"
    );

    let facility = json!({"village": village.to_string(), "name": "一体化污水站", "sort": "station"});
    laptop.add("facility", fields(facility)).expect("saved");
    let asked = laptop.dossier(village).expect("a file");
    assert!(section(&asked, "oversight").wanted >= 2, "a facility is to be checked and its water sampled");
    let neighbour = laptop.village_called("正洋村委会").expect("by name");
    assert_eq!(laptop.dossier(neighbour).expect("a file").have, 0, "and none of it is the neighbour's");
    assert_eq!(code_of(laptop.village_called("没有的村")), "unknownReference");
}

#[test]
fn the_folder_has_a_numbered_folder_for_each_section_with_the_originals_and_one_pdf_and_comes_out_the_same_twice() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let village = filled(&world, &mut laptop);
    let (one, two) = (world.path("一"), world.path("二"));
    let mut steps = Vec::new();
    let written = laptop
        .export_dossier(village, &one, DAY, &mut |done, total| {
            steps.push((done, total));
            ControlFlow::Continue(())
        })
        .expect("written");
    assert_eq!(steps.last().map(|(done, total)| done == total), Some(true), "it says how far it is: {steps:?}");
    let folder = Path::new(&written.path);
    assert_eq!(folder.file_name().and_then(|name| name.to_str()), Some("320902107200-中东村委会-一村一档"));
    let files = tree(folder);
    let names: Vec<&String> = files.keys().collect();
    assert!(files["0-中东村委会-一村一档.pdf"].starts_with(b"%PDF"), "{names:?}");
    let scan =
        files.iter().find(|(name, _)| name.starts_with("4-整治中/") && name.ends_with(".pdf")).expect("the contract");
    assert_eq!(scan.1, b"%PDF-1.4 a scan", "the original's very bytes: {names:?}");
    let before = std::fs::read(photo("ditch-before.jpg")).expect("a photo");
    assert!(files.values().any(|bytes| *bytes == before), "and the photo's: {names:?}");
    assert!(written.pages >= 9 && written.absent.is_empty(), "cover, index and seven sections: {written:?}");

    laptop.export_dossier(village, &two, DAY, &mut go).expect("written again");
    assert!(files == tree(&two.join(folder.file_name().expect("a name"))), "same records, same day, same bytes");
    laptop.export_dossier(village, &one, DAY, &mut go).expect("over the first");
    assert_eq!(std::fs::read_dir(&one).expect("a folder").count(), 1, "nothing is left beside it");
    let pdf = world.path("one.pdf");
    laptop.dossier_pdf(village, &pdf, DAY, &mut go).expect("written");
    assert_eq!(std::fs::read(pdf).expect("there"), files["0-中东村委会-一村一档.pdf"], "the PDF alone is the same");
}

#[test]
fn a_stop_or_a_disk_that_cannot_be_written_leaves_what_was_there() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let village = filled(&world, &mut laptop);
    let into = world.path("out");
    laptop.export_dossier(village, &into, DAY, &mut go).expect("written");
    let before = tree(&into);
    laptop.set(village, fields(json!({"population": 3121}))).expect("saved");
    let stopped = laptop.export_dossier(village, &into, DAY, &mut |_, _| ControlFlow::Break(()));
    assert_eq!(code_of(stopped), "cancelled");
    assert!(tree(&into) == before, "the earlier one, whole, and nothing beside it");
    let file = world.path("a-file");
    std::fs::write(&file, b"no folder").expect("written");
    assert_eq!(code_of(laptop.export_dossier(village, &file, DAY, &mut go)), "fileUnwritable");
}
