//! Files on their way: from where they broke off, in the terms that their person
//! set, and none for nobody.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use app::types::Moved;
use app::{Laptop, RecordId, Step, Terms};

use crate::compile::application;
use crate::world::{PIN, World, add_works, announced, code_of, photo, sync};

/// Three and a half pieces of bytes that no program makes shorter.
fn film() -> Vec<u8> {
    let mut state = 7_u64;
    let byte = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56).to_le_bytes()[0]
    };
    (0..(7 << 19)).map(byte).collect()
}

/// One exchange that is stopped after so many pieces, and how far the files came.
fn stopped_after(pieces: u32, laptop: &mut Laptop) -> Vec<Step> {
    let (steps, seen) = (std::sync::Mutex::new(Vec::new()), AtomicU32::new(0));
    let mut note = |step: Step| {
        if let Step::Sending(..) | Step::Receiving(..) = step {
            seen.fetch_add(1, Ordering::Relaxed);
            steps.lock().expect("unpoisoned").push(step);
        }
    };
    laptop.exchange_until(&mut note, &|| seen.load(Ordering::Relaxed) >= pieces).expect("a stop is no failure");
    steps.into_inner().expect("unpoisoned")
}

fn with_film(world: &World) -> (Laptop, RecordId, String) {
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "清淤").id;
    laptop.attach(id, None, &[("film.jpg", &film())]).expect("attached");
    let sha256 = laptop.attachments(id, "photos").expect("its photos")[0].sha256.clone();
    (laptop, id, sha256)
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

#[test]
fn a_file_goes_on_where_it_stood_after_both_sides_were_started_again() {
    let mut world = World::new();
    let (mut laptop, id, _) = with_film(&world);
    let total = 7 << 19;
    let steps = stopped_after(3, &mut laptop);
    // Small pieces to begin with: nobody knows yet what the line carries.
    assert_eq!(steps[..3], [0, 64 << 10, 128 << 10].map(|at| Step::Sending(at, total)), "asked, and two pieces sent");
    assert_eq!(laptop.status().expect("a status").attachments.files, 1, "half a file is not sent");

    drop(laptop);
    world.restart();
    let mut laptop = Laptop::open(&world.path("王芳"), PIN).expect("opened again");
    let steps = stopped_after(u32::MAX, &mut laptop);
    assert_eq!(steps.first(), Some(&Step::Sending(128 << 10, total)), "what the district had is not sent again");
    assert_eq!(steps.last(), Some(&Step::Sending(total, total)), "and the rest is");
    assert!(laptop.attachments(id, "photos").expect("its photos")[0].district);
}

#[test]
fn a_download_goes_on_from_its_pieces_and_they_cannot_be_read_on_the_disk() {
    let mut world = World::new();
    let (mut sender, id, sha256) = with_film(&world);
    sync(&mut sender);
    let mut laptop = world.laptop_without_files("李强");
    laptop.set_terms(Terms::default()).expect("said");
    stopped_after(1, &mut laptop);
    let coming = world.path("李强").join("attachments/coming").join(&sha256);
    let pieces = files_under(&coming);
    assert!(!pieces.is_empty(), "what came is kept");
    let film = film();
    for piece in &pieces {
        let bytes = fs::read(piece).expect("a piece");
        assert!(!bytes.windows(64).any(|window| window == &film[500..564]), "{} lies open", piece.display());
    }

    drop(laptop);
    world.restart();
    let mut laptop = Laptop::open(&world.path("李强"), PIN).expect("opened again");
    let steps = stopped_after(u32::MAX, &mut laptop);
    let Some(Step::Receiving(first, _)) = steps.first() else { panic!("{steps:?}") };
    assert!(*first > 1 << 20, "it went on after the first piece: {steps:?}");
    assert!(laptop.attachments(id, "photos").expect("its photos")[0].here);
    assert!(!coming.exists(), "the pieces are one file now");
    assert_eq!(code_of(laptop.thumbnail(&sha256, 10)), "notAPicture", "read to its end, and no picture");
}

#[test]
fn a_piece_that_the_disk_has_bent_is_noticed_and_fetched_again() {
    let world = World::new();
    let (mut sender, id, sha256) = with_film(&world);
    sync(&mut sender);
    let mut laptop = world.laptop_without_files("李强");
    laptop.set_terms(Terms::default()).expect("said");
    stopped_after(1, &mut laptop);
    let pieces = files_under(&world.path("李强").join("attachments/coming").join(&sha256));
    let mut bytes = fs::read(&pieces[0]).expect("a piece");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&pieces[0], bytes).expect("bent");
    assert_eq!(code_of(laptop.exchange(&mut |_| {})), "attachmentDamaged");
    assert!(!laptop.attachments(id, "photos").expect("its photos")[0].here, "wrong bytes are not kept under its name");
    assert_eq!(sync(&mut laptop).attachments.received, 1, "and the next time all of it comes");
    assert_eq!(code_of(laptop.thumbnail(&sha256, 10)), "notAPicture", "read to its end, and no picture");
}

#[test]
fn a_file_that_cannot_go_holds_up_no_other() {
    let world = World::new();
    let mut laptop = world.laptop("王芳");
    let id = add_works(&mut laptop, "清淤").id;
    laptop.attach_paths(id, None, &[&photo("ditch-before.jpg"), &photo("ditch-after.jpg")]).expect("attached");
    let views = laptop.attachments(id, "photos").expect("its photos");
    let smaller = views.iter().min_by_key(|view| view.bytes).expect("two").sha256.clone();
    fs::remove_file(world.path("王芳").join("attachments").join(&smaller[..2]).join(&smaller)).expect("lost");
    assert_eq!(code_of(laptop.exchange(&mut |_| {})), "storage", "it is said");
    let views = laptop.attachments(id, "photos").expect("its photos");
    assert!(views.iter().all(|view| view.district == (view.sha256 != smaller)), "the other has gone: {views:?}");
}

#[test]
fn with_photos_later_only_records_move() {
    let world = World::new();
    let (mut laptop, id, _) = with_film(&world);
    assert_eq!(laptop.terms().expect("read"), Terms { files: true, bytes_per_second: None });
    let later = Terms { files: false, bytes_per_second: Some(100_000) };
    laptop.set_terms(later).expect("said");
    let report = sync(&mut laptop);
    assert_eq!((report.pushed, report.attachments), (2, Moved { sent: 0, received: 0 }));
    assert_eq!(laptop.status().expect("a status").attachments.files, 1, "it is not forgotten");
    drop(laptop);
    let mut laptop = Laptop::open(&world.path("王芳"), PIN).expect("opened again");
    assert_eq!(laptop.terms().expect("read"), later, "said once is said");
    laptop.set_terms(Terms::default()).expect("said");
    assert_eq!(sync(&mut laptop).attachments.sent, 1);
    assert!(laptop.attachments(id, "photos").expect("its photos")[0].district);
}

#[test]
fn the_file_of_a_discarded_draft_waits_for_nobody() {
    let world = World::new();
    let (mut lead, mut clerk) = (world.laptop_of("镇长", "320902107", "lead"), world.laptop("王芳"));
    let (id, _) = application(&mut lead);
    announced(&mut lead, id);
    sync(&mut lead);
    sync(&mut clerk);
    clerk.attach(id, Some("files"), &[("公示.txt", "公示七日".as_bytes())]).expect("attached, not knowing");
    for state in ["village_notice", "township_review", "reported"] {
        lead.move_to(id, state, None).expect("the lifecycle's way");
    }
    sync(&mut lead);
    assert_eq!(sync(&mut clerk).verdicts.refused, 1, "an application that was reported is locked");
    let due = |clerk: &Laptop| clerk.status().expect("a status").attachments.files;
    assert_eq!(due(&clerk), 1, "its draft may be sent again");
    sync(&mut clerk);
    assert_eq!(due(&clerk), 1, "however often the district says that it knows nothing of it");

    let draft = clerk.refused().expect("drafts").remove(0).change;
    clerk.discard(&draft).expect("given up");
    sync(&mut clerk);
    assert_eq!(due(&clerk), 0, "nothing names it any more");
    let works = add_works(&mut clerk, "清淤").id;
    clerk.attach(works, None, &[("公示.txt", "公示七日".as_bytes())]).expect("the same file, elsewhere");
    assert_eq!(due(&clerk), 1, "named again, due again");
    assert_eq!(sync(&mut clerk).attachments.sent, 1);
}

#[test]
fn the_photos_of_a_withdrawn_township_leave_the_laptop_with_its_records() {
    let world = World::new();
    let (mut lead, mut laptop) = (world.laptop_of("镇长", "320902107", "lead"), world.laptop("王芳"));
    let id = add_works(&mut laptop, "清淤").id;
    laptop.attach_paths(id, None, &[&photo("ditch-before.jpg")]).expect("attached");
    sync(&mut laptop);
    sync(&mut lead);
    let devices = world.district().district().devices().expect("devices");
    let device = devices.iter().find(|device| device.name == "王芳").expect("hers").id.to_string();
    let scope = |text| domain::Scope::parse(text).expect("a scope");
    world.district().district().reach(&device, &[scope("320902102")], &[scope("320902107")]).expect("moved");
    assert_eq!(files_under(&world.path("王芳").join("attachments")).len(), 1);
    sync(&mut laptop);
    assert_eq!(code_of(laptop.show(id)), "unknownRecord");
    assert!(files_under(&world.path("王芳").join("attachments")).is_empty(), "nothing of it stays on the disk");
    assert_eq!(files_under(&world.path("镇长").join("attachments")).len(), 1, "where it is held it stays");
    assert_eq!(sync(&mut laptop).attachments, Moved { sent: 0, received: 0 }, "and is not asked for again");
}
