//! `cargo xtask bench package`: a package with 60 pages and 200 photos of 2 MB
//! compiled, beside one pass that reads, hashes, checksums, writes and syncs the
//! photos plus one Typst run of the pages.
//!
//! Ours decrypts the photos, gathers the records, makes tables and narrative, and
//! hashes the whole as well, but sets the pages while it writes the photos. The small pictures on the photo sheets were made when
//! the photos came in, as the program does beside its work; what making them costs
//! when nobody did is said too.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use app::{Enrolment, Fields, Laptop, RecordId, Terms};
use district::{Config, Location, NewCode, Server};
use domain::Scope;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const PHOTOS: usize = 200;
const BYTES: usize = 2_000_000;
const PAGES: u64 = 60;
const WORKS: usize = 30;
const DAY: &str = "2026-11-23";

/// How often both are measured; the best of each counts, for a disk is never quicker than it is.
const ROUNDS: usize = 5;

/// What ours may take of the floor's time.
const LIMIT: f64 = 1.5;

/// The most memory, in MB: the district's server and the photos' making are in the same program.
const MEMORY: f64 = 600.0;

fn main() {
    let wanted = std::env::args().nth(1).filter(|name| !name.starts_with('-')).unwrap_or_default();
    if "package".contains(&wanted) {
        package();
    }
}

fn package() {
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    let mut laptop = laptop(folder.path());
    let card = folder.path().join("card");
    let photos = fill(&card);
    let application = application(&mut laptop, &photos);
    let onward = &mut |_| ControlFlow::Continue(());

    let started = Instant::now();
    laptop.look_at_photos(&mut |_| ControlFlow::Continue(())).expect("looked at");
    println!(
        "package   {PHOTOS} photos looked at, a small picture of each kept: {:.1} s",
        started.elapsed().as_secs_f64()
    );

    let (target, plain) = (folder.path().join("申报.zip"), folder.path().join("plain"));
    let (mut ours, mut floor, mut pages) = (Vec::new(), Vec::new(), 0);
    for round in 0..ROUNDS {
        let started = Instant::now();
        let compiled = laptop.compile(application, &target, Some(DAY), onward).expect("compiled");
        ours.push(started.elapsed());
        pages = compiled.pages;
        assert!(pages >= PAGES, "{pages} pages are too few to measure");

        let photos = pass(&photos, &plain);
        let typst = typst(&laptop, application, round);
        floor.push(photos + typst);
        println!(
            "package   round {round}: ours {:.2} s, floor {:.2} s (photos {:.2} s, Typst {:.2} s)",
            ours[round].as_secs_f64(),
            floor[round].as_secs_f64(),
            photos.as_secs_f64(),
            typst.as_secs_f64()
        );
    }
    let best = |times: &[Duration]| times.iter().min().expect("some").as_secs_f64();
    let ratio = best(&ours) / best(&floor);
    verdict(
        &format!("{pages} pages and {PHOTOS} photos of 2 MB compiled, over the photos' pass and Typst"),
        ratio,
        LIMIT,
    );
    #[cfg(target_os = "linux")]
    verdict("peak of memory, in MB", peak() as f64 / f64::from(1 << 20), MEMORY);
}

/// One Typst run of the same pages: what setting them takes beyond gathering, and the PDF.
fn typst(laptop: &Laptop, application: RecordId, round: usize) -> Duration {
    let onward = &mut |_| ControlFlow::Continue(());
    // Another day is another volume, so that nothing is remembered.
    let day = format!("2026-10-{:02}", round + 1);
    let started = Instant::now();
    let set = laptop.set_volume(application, Some(&day), onward).expect("set");
    set.pdf().expect("a PDF");
    let with = started.elapsed();
    let started = Instant::now();
    laptop.set_volume(application, Some(&day), onward).expect("set before");
    with - started.elapsed()
}

/// The floor: every photo read, hashed, checksummed and written to one file, which is then on disk.
fn pass(photos: &[PathBuf], plain: &Path) -> Duration {
    let started = Instant::now();
    let mut out = BufWriter::new(File::create(plain).expect("a file"));
    for photo in photos {
        let bytes = fs::read(photo).expect("a photo");
        let (hash, checksum) = (Sha256::digest(&bytes), crc32fast::hash(&bytes));
        out.write_all(&bytes).expect("written");
        out.write_all(&hash).and_then(|()| out.write_all(&checksum.to_le_bytes())).expect("written");
    }
    let file = out.into_inner().expect("written");
    file.sync_all().expect("on disk");
    started.elapsed()
}

fn laptop(folder: &Path) -> Laptop {
    let places = folder.join("places.csv");
    fs::write(&places, "code,name,parent,level,kind\n320902107000,盐东镇,320902000000,4,镇\n320902107200,中东村委会,320902107000,5,村委会\n")
        .expect("written");
    let location = Location { data: folder.join("district"), ..Location::default() };
    let server =
        Server::start(&Config { location, listen: "127.0.0.1:0".parse().expect("an address") }).expect("a server");
    server.district().load_places(&places, "样例").expect("places");
    let new =
        NewCode { scope: Scope::parse("320902107"), role: "clerk".to_owned(), address: None, days: 1, person: None };
    let code = server.district().code(&new).expect("a code").code;
    let enrolment = Enrolment { code, name: "王芳".to_owned(), pin: "2468".to_owned() };
    let (mut laptop, _) = app::enrol(&folder.join("laptop"), &enrolment).expect("enrolled");
    laptop.set_terms(Terms { files: false, bytes_per_second: None }).expect("said");
    laptop.exchange(&mut |_| {}).expect("its places");
    laptop
}

/// Photos of 12 megapixels that decode, each another file.
fn fill(card: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(card).expect("a folder");
    let (width, height) = (4_000_u32, 3_000_u32);
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    let mut state = 7_u32;
    for y in 0..height {
        for x in 0..width {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let grain = (state >> 28) as u8;
            pixels.extend([(x / 16) as u8 ^ grain, (y / 12) as u8 ^ grain, ((x + y) / 32) as u8 ^ grain]);
        }
    }
    let mut scene = Vec::new();
    JpegEncoder::new_with_quality(&mut scene, 60)
        .write_image(&pixels, width, height, ExtendedColorType::Rgb8)
        .expect("a JPEG");
    (0..PHOTOS)
        .map(|nth| {
            let mut bytes = scene.clone();
            bytes.extend((nth as u64).to_le_bytes()); // Behind the picture, as some cameras write.
            bytes.resize(BYTES.max(bytes.len()), (nth % 251) as u8);
            let path = card.join(format!("IMG_{nth:04}.jpg"));
            fs::write(&path, bytes).expect("a photo");
            path
        })
        .collect()
}

fn application(laptop: &mut Laptop, photos: &[PathBuf]) -> RecordId {
    let add = |laptop: &mut Laptop, kind: &str, values: Value| {
        let fields: Fields = serde_json::from_value(values).expect("fields");
        laptop.add(kind, fields).expect("saved").id
    };
    let query = app::types::Query { kind: "village".to_owned(), ..Default::default() };
    let village = laptop.list(&query).expect("a list").records[0].id;
    let mut photos = photos.iter().map(PathBuf::as_path);
    let mut works = Vec::new();
    for nth in 0..WORKS {
        let one = json!({
            "village": village, "name": format!("第{nth}号生活污水治理工程（样例）"), "category": "sewage",
            "content": "新建一体化处理设施 1 座（30 t/d），铺设管网 1250 m，接户 86 户", "approved_amount": 12_345_600,
        });
        let one = add(laptop, "works", one);
        for side in ["东", "西"] {
            let spot = add(laptop, "spot", json!({"works": one, "name": format!("处理站{side}侧")}));
            for phase in ["before", "during", "after"] {
                let some: Vec<&Path> = photos.by_ref().take(if phase == "during" { 2 } else { 1 }).collect();
                if !some.is_empty() {
                    laptop.attach_paths(spot, Some(phase), &some).expect("attached");
                }
            }
        }
        works.push(one);
    }
    let application =
        json!({"name": "连片整治（样例）", "year": 2026, "programme": "以奖促治", "works": works, "requested": 100});
    let application = add(laptop, "application", application);
    for place in 1..=8 {
        let text = "铺设管网，新建一体化处理设施，完工后委托运维，逐村核对受益户数。".repeat(60);
        let chapter = json!({"application": application, "outline": "f2", "place": place, "title": format!("第{place}部分"), "text": text});
        add(laptop, "chapter", chapter);
    }
    for (nth, one) in works.iter().enumerate() {
        for part in ["处理设施", "管网", "户接入", "检查井"] {
            let line = json!({
                "application": application, "works": one, "part": part, "content": format!("{part}（{nth}）"),
                "quantity": "3", "unit": "set", "unit_price": 1_028_800, "amount": 3_086_400,
            });
            add(laptop, "estimate_line", line);
        }
    }
    application
}

#[cfg(target_os = "linux")]
fn peak() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("the kernel says");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") << 10
}

fn verdict(what: &str, measured: f64, limit: f64) {
    let word = if measured <= limit { "ok" } else { "OVER" };
    println!("{word:<9} {what}: {measured:.2} (limit {limit})");
}
