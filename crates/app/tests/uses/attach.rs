//! Original files: kept once, encrypted, shown small.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::world::{World, accept, add_works, code_of, fields, photo, sync};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), fs::read(&path).expect("a file")));
        }
    }
    found
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_photo_is_kept_once_and_knows_when_it_was_taken() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "清淤").id;
    let (before, after) = (photo("ditch-before.jpg"), photo("ditch-after.jpg"));
    laptop.attach_paths(id, None, &[&before, &after, &before]).expect("attached");
    let again = laptop.attach_paths(id, Some("photos"), &[&before]).expect("the same once more");
    assert_eq!(again.fields["photos"].as_array().map(Vec::len), Some(2), "one photo is one photo");
    assert_eq!(laptop.status().expect("a status").pending, 2, "attaching what is there is no change");

    let views = laptop.attachments(id, "photos").expect("its photos");
    assert_eq!(
        views.iter().map(|view| view.name.as_str()).collect::<Vec<_>>(),
        ["ditch-before.jpg", "ditch-after.jpg"]
    );
    let bytes: u64 = views.iter().map(|view| view.bytes).sum();
    assert!(views.iter().all(|view| view.here && !view.district));
    assert!(views.iter().all(|view| view.taken.as_deref().is_some_and(|at| at.starts_with("20"))), "{views:?}");
    let due = laptop.status().expect("a status").attachments;
    assert_eq!((due.files, due.bytes), (2, bytes));
    assert_eq!(sync(&mut laptop).attachments.sent, 2);
    assert!(laptop.attachments(id, "photos").expect("its photos").iter().all(|view| view.district));
    assert_eq!(laptop.status().expect("a status").attachments.files, 0);
}

#[test]
fn a_thumbnail_is_a_small_jpeg_and_what_is_no_picture_says_so() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "清淤").id;
    laptop.attach_paths(id, None, &[&photo("ditch-before.jpg")]).expect("attached");
    laptop.attach(id, Some("contract_files"), &[("合同.txt", "甲方乙方".as_bytes())]).expect("attached");
    let sha = |field: &str| laptop.attachments(id, field).expect("files")[0].sha256.clone();
    let small = laptop.thumbnail(&sha("photos"), 160).expect("a thumbnail");
    assert_eq!(small[..3], [0xff, 0xd8, 0xff], "a JPEG");
    let whole = fs::metadata(photo("ditch-before.jpg")).expect("the photo").len();
    assert!((small.len() as u64) < whole, "smaller than the original");
    let original = world.path("王芳").join("attachments");
    let original = walkdir(&original).into_iter().find(|path| path.ends_with(sha("photos"))).expect("the original");
    fs::write(original, b"gone").expect("written over");
    assert_eq!(laptop.thumbnail(&sha("photos"), 160).expect("a thumbnail"), small, "no original is decoded twice");
    assert!(laptop.thumbnail(&sha("photos"), 1_600).is_err(), "what is larger comes from the original");
    assert_eq!(code_of(laptop.thumbnail(&sha("contract_files"), 160)), "notAPicture");
    assert_eq!(code_of(laptop.thumbnail(&"0".repeat(64), 160)), "attachmentAbsent");
}

#[test]
fn a_file_that_cannot_be_attached_is_not_kept_either() {
    let world = World::new();
    let mut lead = world.laptop_of("镇长", "320902107", "lead");
    let id = add_works(&mut lead, "清淤").id;
    let path = photo("ditch-before.jpg");
    assert_eq!(code_of(lead.attach_paths(id, Some("portraits"), &[&path])), "unknownField");
    assert_eq!(code_of(lead.attach_paths(id, None, &[&world.path("没有.jpg")])), "fileUnreadable");
    lead.delete(id).expect("deleted");
    assert_eq!(code_of(lead.attach_paths(id, None, &[&path])), "deleted");
    assert_eq!(lead.status().expect("a status").attachments.files, 0, "nothing waits to be sent for nobody");
    assert!(!world.path("镇长").join("attachments").exists(), "and nothing lies on the disk");
    lead.restore(id).expect("restored");
    accept(&mut lead, id);
    lead.attach_paths(id, None, &[&path]).expect("photos are not locked");
}

#[test]
fn nothing_on_the_disk_can_be_read_without_the_pin() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "厕所改造").id;
    laptop.set(id, fields(json!({"note": "黑臭水体"}))).expect("saved");
    laptop.attach_paths(id, None, &[&photo("ditch-before.jpg")]).expect("attached");
    laptop.index();
    let picture = fs::read(photo("ditch-before.jpg")).expect("the photo");
    let middle = &picture[picture.len() / 2..picture.len() / 2 + 64];
    let kept = files(&world.path("王芳"));
    assert!(kept.len() >= 3, "keys, records and a photo: {}", kept.len());
    for (path, bytes) in &kept {
        assert!(!contains(bytes, middle), "the photo can be seen in {path}");
        for word in ["厕所", "黑臭", "SQLite format 3", "Exif"] {
            assert!(!contains(bytes, word.as_bytes()), "`{word}` can be read in {path}");
        }
    }
}

/// Every file below `folder`.
fn walkdir(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { walkdir(&path) } else { vec![path] }).collect()
}
