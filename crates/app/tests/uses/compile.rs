//! An application becomes one package that anyone can check.

use std::fs;
use std::ops::ControlFlow;

use app::{CompileStage, CompileStep, Laptop, RecordId};
use serde_json::json;

use crate::world::{World, add_works, code_of, fields, photo, sync};

pub(crate) fn application(laptop: &mut Laptop) -> (RecordId, RecordId) {
    let works = add_works(laptop, "黑臭治理").id;
    laptop.set(works, fields(json!({"contract_amount": 12_500_000}))).expect("saved");
    laptop.attach_paths(works, None, &[&photo("ditch-before.jpg")]).expect("attached");
    let progress = json!({"works": works, "date": "2026-05-01", "percent": 40});
    let progress = laptop.add("progress", fields(progress)).expect("saved").id;
    laptop.attach_paths(progress, None, &[&photo("ditch-during.jpg")]).expect("attached");
    let values = json!({"name": "整镇推进", "year": 2026, "programme": "以奖代补", "works": [works], "requested": 100});
    (laptop.add("application", fields(values)).expect("saved").id, works)
}

#[test]
fn a_package_is_whole_signed_and_betrays_one_changed_byte() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (id, works) = application(&mut laptop);
    let path = world.path("申报.zip");
    let mut stages = Vec::new();
    let mut listen = |step: app::CompileStep| {
        assert!(step.done <= step.total, "{step:?}");
        stages.push(step.stage);
        ControlFlow::Continue(())
    };
    let compiled = laptop.compile(id, &path, None, &mut listen).expect("compiled");
    stages.dedup();
    // The originals are written while the pages are set.
    let (pictures, pages, files) = (CompileStage::Pictures, CompileStage::Pages, CompileStage::Files);
    assert_eq!(stages, [pictures, pages, files, pages, files], "each stage is told");
    assert_eq!(fs::metadata(&path).expect("the file").len(), compiled.bytes);
    assert!(compiled.pages >= 1 && compiled.files >= 5, "form, list, data and two photos: {compiled:?}");
    let checked = app::verify(&path).expect("read");
    assert!(checked.ok && checked.problems.is_empty(), "{checked:?}");
    assert!(checked.signatures[0].ok && checked.signatures[0].by.starts_with("王芳"), "{:?}", checked.signatures);

    let mut bytes = fs::read(&path).expect("the file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("written");
    assert!(!app::verify(&path).expect("read").ok, "one bit");
    assert_eq!(code_of(app::verify(&world.path("没有.zip"))), "fileUnreadable");
    assert_eq!(code_of(laptop.compile(works, &path, None, &mut |_| ControlFlow::Continue(()))), "unknownRecord");
}

#[test]
fn a_package_that_cannot_be_finished_leaves_what_was_there() {
    let world = World::new();
    let mut first = world.laptop("甲");
    let (id, _) = application(&mut first);
    let path = world.path("申报.zip");
    fs::write(&path, "上一次的").expect("written");
    first.compile(id, &path, None, &mut |_| ControlFlow::Break(())).expect_err("stopped by hand");
    assert_eq!(fs::read_to_string(&path).expect("the file"), "上一次的");
    let beside = fs::read_dir(world.folder.path()).expect("the folder").flatten();
    let left: Vec<_> =
        beside.map(|entry| entry.file_name()).filter(|name| name.to_string_lossy().contains("part")).collect();
    assert!(left.is_empty(), "no half of a file lies about: {left:?}");
    let nowhere = world.path("没有").join("申报.zip");
    assert_eq!(code_of(first.compile(id, &nowhere, None, &mut |_| ControlFlow::Continue(()))), "fileUnwritable");

    sync(&mut first);
    let mut second = world.laptop("乙");
    sync(&mut second);
    fs::remove_dir_all(world.path("乙").join("attachments")).expect("its photos are lost");
    second.compile(id, &path, None, &mut |_| ControlFlow::Continue(())).expect_err("a photo is missing");
    assert_eq!(fs::read_to_string(&path).expect("the file"), "上一次的");
}

#[test]
fn a_works_that_was_joined_stands_in_the_package_once_with_the_files_of_both() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (id, works) = application(&mut laptop);
    let other = add_works(&mut laptop, "黑臭水体治理").id;
    laptop.attach_paths(other, None, &[&photo("sewage-before.jpg")]).expect("attached");
    laptop.set(id, fields(json!({"works": [works, other]}))).expect("saved");
    let path = world.path("申报.zip");
    let two = laptop.compile(id, &path, None, &mut |_| ControlFlow::Continue(())).expect("compiled").files;
    laptop.join(works, other).expect("joined");
    let one = laptop.compile(id, &path, None, &mut |_| ControlFlow::Continue(())).expect("compiled").files;
    assert_eq!(one, two, "every photo is there, and none of them twice");
}

#[test]
fn the_code_on_the_cover_is_the_digest_of_the_data_in_the_package() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (id, _) = application(&mut laptop);
    let path = world.path("申报.zip");
    let onward = &mut |_| ControlFlow::Continue(());
    let compiled = laptop.compile(id, &path, Some("2026-11-23"), onward).expect("compiled");
    let set = laptop.set_volume(id, Some("2026-11-23"), onward).expect("set");
    assert_eq!(u64::from(set.pages()), compiled.pages, "what is looked at is what is compiled");
    let cover = set.page(1, Some(3.0)).expect("drawn");
    let codes = photo::codes(&cover.png).expect("a picture");
    let number = laptop.show(id).expect("shown").fields["number"].as_str().expect("a number").to_owned();
    assert_eq!(codes, [package::volume::code(&number, &compiled.data)], "as any telephone reads it");
    assert_eq!(app::verify(&path).expect("read").data, Some(compiled.data), "and as the package has it");
    assert!(set.page(set.pages() + 1, None).expect("no fault").png.is_empty(), "there is no page behind the last");

    laptop.set(id, fields(json!({"note": "改了一处"}))).expect("saved");
    let changed = laptop.set_volume(id, Some("2026-11-23"), onward).expect("set").page(1, Some(3.0)).expect("drawn");
    assert_ne!(photo::codes(&changed.png).expect("a picture"), codes, "other data, another code");
}

#[test]
fn a_stop_in_any_stage_leaves_nothing() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let (id, _) = application(&mut laptop);
    let path = world.path("申报.zip");
    let before = fs::read_dir(world.folder.path()).expect("the folder").count();
    for stage in [CompileStage::Pictures, CompileStage::Pages, CompileStage::Files] {
        let stop =
            |step: CompileStep| if step.stage == stage { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        assert_eq!(code_of(laptop.compile(id, &path, None, &mut { stop })), "cancelled", "stopped at {stage:?}");
        assert_eq!(fs::read_dir(world.folder.path()).expect("the folder").count(), before, "nothing was left");
    }
}

#[test]
fn a_photo_that_goes_while_the_package_is_written_is_named_and_nothing_is_left() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let (id, _) = application(&mut laptop);
    let path = world.path("申报.zip");
    let before = fs::read_dir(world.folder.path()).expect("the folder").count();
    let originals = world.path("甲").join("attachments");
    let mut take_away = |step: CompileStep| {
        if step.stage == CompileStage::Pages && originals.exists() {
            fs::remove_dir_all(&originals).expect("its photos are lost");
        }
        ControlFlow::Continue(())
    };
    let refused = laptop.compile(id, &path, None, &mut take_away).expect_err("its bytes are gone").view();
    assert_eq!(refused.code, "payloadUnreadable");
    assert!(refused.fields["path"].contains("ditch-"), "by its name: {refused:?}");
    assert_eq!(fs::read_dir(world.folder.path()).expect("the folder").count(), before, "nothing was left");
}

#[test]
fn a_stack_of_paper_that_a_copier_scanned_is_bound_page_by_page() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let (id, _) = application(&mut laptop);
    let onward = &mut |_| ControlFlow::Continue(());
    let path = world.path("申报.zip");
    let values = json!({"application": id, "sort": "feasibility", "title": "可研批复", "dated": "2026-03-02"});
    let document = laptop.add("document", fields(values)).expect("saved").id;
    let without = laptop.compile(id, &path, None, onward).expect("compiled");
    let file = world.path("可研批复.TIF");
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../photo/tests/pictures/copier.tif"), &file).expect("copied");
    laptop.attach_paths(document, Some("files"), &[&file]).expect("attached");
    let with = laptop.compile(id, &path, None, onward).expect("compiled");
    assert_eq!(with.omitted, without.omitted, "nothing of it is left out");
    assert_eq!((with.files, with.pages), (without.files + 1, without.pages + 3), "a page for each sheet");
}

#[test]
fn a_scan_that_cannot_be_bound_is_named_and_carried_all_the_same() {
    let world = World::new();
    let mut laptop = world.laptop("甲");
    let (id, _) = application(&mut laptop);
    let onward = &mut |_| ControlFlow::Continue(());
    let path = world.path("申报.zip");
    let without = laptop.compile(id, &path, None, onward).expect("compiled");
    assert!(without.omitted.is_empty(), "photos that can be shown: {:?}", without.omitted);
    let values = json!({"application": id, "sort": "feasibility", "title": "可研批复", "dated": "2026-03-02"});
    let document = laptop.add("document", fields(values)).expect("saved").id;
    for (name, bytes) in [("断了的.pdf", b"%PDF-1.7\n1 0 obj".as_slice()), ("台账.xlsx", b"PK")] {
        let file = world.path(name);
        fs::write(&file, bytes).expect("written");
        laptop.attach_paths(document, Some("files"), &[&file]).expect("attached");
    }
    let with = laptop.compile(id, &path, None, onward).expect("the rest goes on");
    let said: Vec<_> = with.omitted.iter().map(|why| (why.code.as_str(), why.fields["name"].as_str())).collect();
    assert_eq!(said, [("scanDamaged", "断了的.pdf"), ("scanNotBound", "台账.xlsx")], "each by name");
    assert_eq!(with.files, without.files + 2, "both are in the package");
    assert!(app::verify(&path).expect("read").ok, "which is whole");
}
