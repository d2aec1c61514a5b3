//! `cargo xtask bench photos`: 200 photos of 2 MB taken in, beside one pass that
//! reads, hashes, writes and syncs them; and how long it takes to find what looks
//! like one picture, or every two that look alike, among 100,000.
//!
//! Ours encrypts what it writes, reads the EXIF and keeps records of all of it.
//! Both read what the system still holds in memory and write to one disk, by turns.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use app::{Enrolment, Laptop, RecordId, Terms};
use district::{Config, Location, NewCode, Server};
use domain::Scope;
use domain::evidence::{Likeness, Limits, near, pairs};
use serde_json::json;
use sha2::{Digest, Sha256};

const PHOTOS: usize = 200;
const BYTES: usize = 2_000_000;

/// How often both are measured; the best of each counts, for a disk is never quicker than it is.
const ROUNDS: usize = 5;

/// What ours may take of the floor's time.
const LIMIT: f64 = 1.5;

/// Pictures that are compared.
const PICTURES: usize = 100_000;

fn main() {
    let wanted = std::env::args().nth(1).filter(|name| !name.starts_with('-')).unwrap_or_default();
    if "photos take".contains(&wanted) {
        take();
    }
    if "photos alike".contains(&wanted) {
        alike();
    }
}

fn take() {
    let folder = tempfile::tempdir().expect("a folder for the benchmark");
    let places = folder.path().join("places.csv");
    fs::write(&places, "code,name,parent,level,kind\n320902107000,盐东镇,320902000000,4,镇\n320902107200,中东村委会,320902107000,5,村委会\n")
        .expect("written");
    let location = Location { data: folder.path().join("district"), ..Location::default() };
    let server =
        Server::start(&Config { location, listen: "127.0.0.1:0".parse().expect("an address") }).expect("a server");
    server.district().load_places(&places, "样例").expect("places");
    let scope = Scope::parse("320902107");
    let new = NewCode { scope, role: "clerk".to_owned(), address: None, days: 1, person: None };
    let code = server.district().code(&new).expect("a code").code;
    let enrolment = Enrolment { code, name: "王芳".to_owned(), pin: "2468".to_owned() };
    let (mut laptop, _) = app::enrol(&folder.path().join("laptop"), &enrolment).expect("enrolled");
    laptop.set_terms(Terms { files: false, bytes_per_second: None }).expect("said");
    laptop.exchange(&mut |_| {}).expect("its places");
    let village =
        laptop.list(&app::types::Query { kind: "village".to_owned(), ..Default::default() }).expect("a list").records
            [0]
        .id;

    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let card = folder.path().join(format!("card-{round}"));
        fill(&card, round);
        let works = json!({"village": village.to_string(), "name": format!("第{round}批"), "category": "sewage"});
        let works = laptop.add("works", serde_json::from_value(works).expect("fields")).expect("a works").id;
        let plain = folder.path().join(format!("plain-{round}"));
        // By turns: whoever comes second finds the disk as the other left it.
        if round % 2 == 0 {
            floor.push(pass(&card, &plain));
            ours.push(taken(&mut laptop, works, &card));
        } else {
            ours.push(taken(&mut laptop, works, &card));
            floor.push(pass(&card, &plain));
        }
        println!(
            "take      round {round}: ours {:.2} s, floor {:.2} s",
            ours[round].as_secs_f64(),
            floor[round].as_secs_f64()
        );
        fs::remove_dir_all(&plain).and_then(|()| fs::remove_dir_all(&card)).expect("room again");
    }
    let best = |times: &[Duration]| times.iter().min().expect("some").as_secs_f64();
    verdict("200 photos of 2 MB taken in, over read, hash, write and sync", best(&ours) / best(&floor), LIMIT);
    #[cfg(target_os = "linux")]
    println!("take      at most {} MB of memory, the district's server in the same program", peak() >> 20);
}

/// Photos of a camera: a JPEG with EXIF before its scan, and what no packing makes smaller in it.
fn fill(card: &Path, round: usize) {
    fs::create_dir_all(card).expect("a folder");
    let head = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/tinghu/photos/ditch-before.jpg");
    let head = fs::read(head).expect("a photo of the sample");
    let scan = head.windows(2).position(|mark| mark == [0xff, 0xda]).expect("a scan") + 14;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64 ^ round as u64;
    for nth in 0..PHOTOS {
        let mut bytes = head[..scan].to_vec();
        while bytes.len() < BYTES - 2 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bytes.extend((state >> 8).to_be_bytes().map(|byte| byte & 0x7f));
        }
        bytes.truncate(BYTES - 2);
        bytes.extend([0xff, 0xd9]);
        fs::write(card.join(format!("IMG_{nth:04}.jpg")), bytes).expect("a photo");
    }
}

fn taken(laptop: &mut Laptop, works: RecordId, card: &Path) -> Duration {
    let started = Instant::now();
    let taken =
        laptop.take_in(works, None, &[card.to_owned()], &mut |_, _| ControlFlow::Continue(())).expect("taken in");
    let took = started.elapsed();
    assert_eq!(taken.taken, PHOTOS as u64, "all of them");
    took
}

/// The floor: each file read, hashed, written and on disk before the next.
fn pass(card: &Path, plain: &Path) -> Duration {
    let started = Instant::now();
    fs::create_dir_all(plain).expect("a folder");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(card).expect("the card").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        let bytes = fs::read(&path).expect("a photo");
        let name = hex::encode(Sha256::digest(&bytes));
        let mut file = File::create(plain.join(name)).expect("a file");
        file.write_all(&bytes).and_then(|()| file.sync_all()).expect("on disk");
    }
    started.elapsed()
}

fn alike() {
    let limit = Limits::default().alike_bits;
    let mut state = 7_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state ^ (state >> 29)
    };
    // One in a hundred was sent on: it differs from an earlier one in a few bits.
    let mut looks: Vec<Likeness> = Vec::with_capacity(PICTURES);
    for nth in 0..PICTURES {
        let mut look = Likeness([next(), next(), next(), next()]);
        if nth % 100 == 99 {
            look = looks[nth / 2];
            for _ in 0..next() % 10 {
                look.0[(next() % 4) as usize] ^= 1 << (next() % 64);
            }
        }
        looks.push(look);
    }
    let started = Instant::now();
    for one in &looks[..1_000] {
        black_box(near(black_box(one), &looks, limit).count());
    }
    println!("alike     one picture among {PICTURES}: {:.3} ms", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let found = pairs(&looks, limit);
    let took = started.elapsed().as_secs_f64();
    assert!(found.len() >= PICTURES / 100, "those that were sent on are found: {}", found.len());
    println!("alike     {} pairs among {PICTURES}: {took:.2} s", found.len());
    verdict("every two that look alike among 100,000, in s", took, 2.0);
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
