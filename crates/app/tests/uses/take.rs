//! Photos taken in by the hundred, from folders as people keep them.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use app::{Laptop, RecordId, TakenIn, TakenVerdict};
use domain::evidence::Oddity;
use serde_json::json;

use crate::camera::Snap;
use crate::world::{World, add_works, code_of, fields, sync};

/// A folder of photos as a phone leaves them: in folders, with other things between.
fn card(world: &World, photos: u32) -> PathBuf {
    let card = world.path("DCIM");
    for scene in 0..photos {
        let folder = card.join(format!("{:03}", scene / 30));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(format!("IMG_{scene:04}.jpg")), snap(scene)).expect("a photo");
    }
    fs::write(card.join("000/说明.txt"), "第一批").expect("a note");
    fs::write(card.join("000/.thumb.jpg"), snap(0)).expect("a hidden one");
    fs::create_dir_all(card.join("备份")).expect("a folder");
    fs::write(card.join("备份/IMG_0000.jpg"), snap(0)).expect("a copy");
    card
}

fn snap(scene: u32) -> Vec<u8> {
    let taken = format!("2026:05:{:02} 09:{:02}:00", scene / 60 % 28 + 1, scene % 60);
    Snap { scene, taken: Some(&taken), at: Some((120.45, 33.40)), ..Snap::default() }.press()
}

fn take(laptop: &mut Laptop, id: RecordId, path: &Path) -> TakenIn {
    laptop.take_in(id, None, &[path.to_owned()], &mut |_, _| ControlFlow::Continue(())).expect("taken in")
}

#[test]
fn a_cards_photos_are_taken_in_once_and_their_bytes_stay_what_they_were() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (id, card) = (add_works(&mut laptop, "清淤").id, card(&world, 70));
    let before =
        |card: &Path| fs::metadata(card.join("000/IMG_0007.jpg")).and_then(|meta| meta.modified()).expect("a time");
    let untouched = before(&card);

    let mut heard = Vec::new();
    let taken = laptop.take_in(id, None, std::slice::from_ref(&card), &mut |done, total| {
        heard.push((done, total));
        ControlFlow::Continue(())
    });
    let taken = taken.expect("taken in");
    assert_eq!((taken.taken, taken.same, taken.passed_over, taken.refused), (70, 1, 1, 0), "{taken:?}");
    assert_eq!(heard.last(), Some(&(72, 72)), "all of it was told");
    let views = laptop.attachments(id, "photos").expect("its photos");
    let names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    assert!(names.is_sorted(), "in the card's own order: {names:?}");
    assert!(views.iter().all(|view| view.taken.as_deref().is_some_and(|at| at.starts_with("2026-05-"))));

    for scene in [0, 33, 69] {
        let sha = &views.iter().find(|view| view.name == format!("IMG_{scene:04}.jpg")).expect("taken").sha256;
        assert_eq!(laptop.original(sha).expect("the original"), snap(scene), "byte for byte");
    }
    assert_eq!(before(&card), untouched, "and the card is as it was");
    let shown = laptop.show(id).expect("the works");
    assert!(shown.fields["photos"][0]["modified"].is_string(), "when the file was written goes along");

    let again = take(&mut laptop, id, &card);
    assert_eq!((again.taken, again.same), (0, 71), "what is here is passed over");
    assert_eq!(laptop.status().expect("a status").pending, 4, "the works and three batches of photos");
    sync(&mut laptop);
    let mut lead = world.laptop_of("镇长", "320902107", "lead");
    assert_eq!(lead.attachments(id, "photos").expect("its photos").len(), 70);
    let (mine, theirs) = (laptop.works_photos(id).expect("photos"), lead.works_photos(id).expect("photos"));
    let facts =
        |photos: app::WorksPhotos| photos.others[0].photos.iter().map(|photo| photo.facts.clone()).collect::<Vec<_>>();
    assert_eq!(facts(mine), facts(theirs), "whoever has the bytes has the same facts");
    sync(&mut lead);
}

#[test]
fn what_is_stopped_stays_and_goes_on_where_it_was() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let (id, card) = (add_works(&mut laptop, "清淤").id, card(&world, 60));
    let stopped = laptop.take_in(id, None, std::slice::from_ref(&card), &mut |done, _| {
        if done >= 30 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let stopped = stopped.expect("stopped");
    assert!(stopped.stopped && (25..60).contains(&stopped.taken), "some are in: {}", stopped.taken);
    assert_eq!(laptop.attachments(id, "photos").expect("its photos").len() as u64, stopped.taken, "all that was told");
    let rest = take(&mut laptop, id, &card);
    assert_eq!(stopped.taken + rest.taken, 60, "each once");
    assert!(!rest.stopped && rest.same >= stopped.taken);
}

#[test]
fn one_bad_file_holds_up_no_other_and_a_wrong_record_takes_none() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "清淤").id;
    let card = card(&world, 3);
    let paths = [card.join("没有.jpg"), card.join("000/IMG_0001.jpg"), card.join("000/说明.txt")];
    let taken = laptop.take_in(id, None, &paths, &mut |_, _| ControlFlow::Continue(())).expect("taken in");
    let verdicts: Vec<_> = taken.files.iter().map(|file| file.verdict).collect();
    assert_eq!(
        verdicts,
        [TakenVerdict::Refused, TakenVerdict::Taken, TakenVerdict::Taken],
        "what is named is taken, picture or not"
    );
    assert_eq!(taken.files[0].reason.as_ref().map(|reason| reason.code.as_str()), Some("fileUnreadable"));

    let spare = add_works(&mut laptop, "另一处").id;
    let refused = laptop.take_in(spare, Some("portraits"), &paths, &mut |_, _| ControlFlow::Continue(()));
    assert_eq!(code_of(refused), "unknownField");
    laptop.delete(spare).expect("deleted");
    let refused = laptop.take_in(spare, None, &paths, &mut |_, _| ControlFlow::Continue(()));
    assert_eq!(code_of(refused), "deleted", "asked before a file is read");
}

#[test]
fn a_spots_pictures_come_out_by_phase_in_the_order_they_were_taken() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let works = add_works(&mut laptop, "清淤").id;
    let spot = fields(json!({"works": works.to_string(), "name": "村口桥东侧", "direction": "朝北"}));
    let spot = laptop.add("spot", spot).expect("saved").id;
    let snap = |scene, taken| Snap { scene, taken: Some(taken), ..Snap::default() }.press();
    let (late, early) = (snap(1, "2026:03:02 10:00:00"), snap(2, "2026:03:01 10:00:00"));
    laptop.attach(spot, Some("before"), &[("后拍.jpg", &late), ("先拍.jpg", &early)]).expect("attached");
    laptop.attach(spot, Some("after"), &[("完成.jpg", &snap(3, "2026:06:20 10:00:00"))]).expect("attached");
    laptop.attach(works, None, &[("全景.jpg", &snap(4, "2026:06:20 11:00:00"))]).expect("attached");
    laptop.attach(works, Some("contract_files"), &[("合同.jpg", &snap(5, "2026:01:20 11:00:00"))]).expect("attached");

    let photos = laptop.works_photos(works).expect("its photos");
    let [spot] = photos.spots.as_slice() else { panic!("one spot: {photos:?}") };
    let names = |views: &[app::PhotoView]| views.iter().map(|view| view.name.clone()).collect::<Vec<_>>();
    assert_eq!((spot.name.as_str(), spot.direction.as_deref()), ("村口桥东侧", Some("朝北")));
    assert_eq!(
        (names(&spot.before), names(&spot.during), names(&spot.after)),
        (vec!["先拍.jpg".into(), "后拍.jpg".into()], vec![], vec!["完成.jpg".into()])
    );
    assert_eq!(photos.others.len(), 1, "a scan of a contract is no photo of the works");
    assert_eq!(names(&photos.others[0].photos), ["全景.jpg"]);
}

#[test]
fn a_picture_that_cannot_be_shown_is_kept_and_says_why() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "清淤").id;
    let heic = [&[0, 0, 0, 24][..], b"ftypheic\0\0\0\0mif1heic", &[0; 64]].concat();
    let (half, head) = (&snap(1)[..2_000], &snap(2)[..300]);
    let files: [(&str, &[u8]); 4] =
        [("IMG_1.HEIC", &heic), ("开头.jpg", head), ("电话.jpg", b"not a picture"), ("半张.jpg", half)];
    laptop.attach(id, None, &files).expect("kept");
    let views = laptop.attachments(id, "photos").expect("its photos");
    let codes: Vec<String> = views[..3].iter().map(|view| code_of(laptop.thumbnail(&view.sha256, 160))).collect();
    assert_eq!(codes, ["pictureNotShown", "pictureDamaged", "notAPicture"]);
    laptop.thumbnail(&views[3].sha256, 160).expect("half a picture is better than none");
    let facts = laptop.photo_facts(&views[3].sha256).expect("read").expect("facts");
    assert_eq!(facts.odd, [Oddity::CutShort], "and says that it is half");
    assert_eq!(laptop.original(&views[0].sha256).expect("the original"), heic, "not shown, and not touched");
}

#[test]
fn a_film_too_large_for_memory_is_kept_byte_for_byte_and_once() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "清淤").id;
    let film = world.path("航拍.mp4");
    let bytes: Vec<u8> = (0..65_u32 << 18).flat_map(u32::to_le_bytes).collect();
    fs::write(&film, &bytes).expect("65 MB");
    let taken = take(&mut laptop, id, &film);
    assert_eq!((taken.taken, taken.refused), (1, 0), "{taken:?}");
    let sha = taken.files[0].sha256.clone().expect("hashed on the way");
    assert!(laptop.original(&sha).expect("the original") == bytes, "what was read in pieces is whole");
    assert_eq!(laptop.photo_facts(&sha).expect("read"), None, "and nobody looks into it");
    assert_eq!(take(&mut laptop, id, &film).same, 1);
    let left = fs::read_dir(world.path("王芳").join("attachments")).expect("the folder");
    let unnamed = left
        .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with("unnamed")));
    assert_eq!(unnamed.count(), 0, "nothing half made is left");
}
