//! Packages that somebody changed, and originals that are gone.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

#[cfg(target_os = "linux")]
use nonghuan_tests::{Laptop, Programs, SmallDisk};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::sample::{DAY, World, text};

type Files = BTreeMap<String, Vec<u8>>;

fn read(package: &Path) -> Files {
    let mut archive = ZipArchive::new(File::open(package).expect("the package")).expect("a ZIP");
    let mut files = Files::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).expect("a file");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("its bytes");
        files.insert(file.name().expect("UTF-8").into_owned(), bytes);
    }
    files
}

fn write(files: &Files, to: &Path, compression: CompressionMethod) {
    let mut out = ZipWriter::new(File::create(to).expect("a file"));
    for (name, bytes) in files {
        out.start_file(name, SimpleFileOptions::default().compression_method(compression)).expect("an entry");
        out.write_all(bytes).expect("written");
    }
    out.finish().expect("a ZIP");
}

fn problems(verified: &Value) -> Vec<(String, String)> {
    let of = |problem: &Value, name: &str| problem[name].as_str().unwrap_or_default().to_owned();
    verified["problems"].as_array().into_iter().flatten().map(|one| (of(one, "path"), of(one, "kind"))).collect()
}

/// What somebody does to a package's files.
type Harm<'a> = Box<dyn Fn(&mut Files) + 'a>;

#[test]
fn whatever_is_done_to_a_package_is_named_by_file() {
    let world = World::new();
    let application = world.application();
    let package = world.path("申报.zip");
    world.compile(&application, &package);
    let whole = read(&package);
    let name = |end: &str| whole.keys().find(|name| name.ends_with(end)).expect("there").clone();
    let inner = |name: &str| name.split_once('/').map_or(name, |(_, inner)| inner).to_owned();
    let (photo, pdf) = (name("ditch-before.jpg"), name("申报书.pdf"));
    let top = photo.split_once('/').expect("a top folder").0.to_owned();
    let cases: [(&str, Harm<'_>, String, &str); 5] = [
        (
            "a photo altered",
            Box::new(|f: &mut Files| f.get_mut(&photo).expect("there")[9_000] ^= 1),
            inner(&photo),
            "changed",
        ),
        ("the volume removed", Box::new(|f: &mut Files| drop(f.remove(&pdf))), inner(&pdf), "missing"),
        (
            "a file added",
            Box::new(|f: &mut Files| drop(f.insert(format!("{top}/data/夹带.txt"), vec![1]))),
            "data/夹带.txt".into(),
            "added",
        ),
        (
            "a photo renamed",
            Box::new(|f: &mut Files| {
                let bytes = f.remove(&photo).expect("there");
                f.insert(format!("{photo}.old"), bytes);
            }),
            inner(&photo),
            "missing",
        ),
        (
            "a path that leads outside",
            Box::new(|f: &mut Files| drop(f.insert("../../逃逸.txt".into(), vec![1]))),
            "../../逃逸.txt".into(),
            "unreadable",
        ),
    ];
    let changed = world.path("改过.zip");
    for (what, harm, path, kind) in cases {
        let mut files = whole.clone();
        harm(&mut files);
        write(&files, &changed, CompressionMethod::Stored);
        let verified = world.verify(&changed);
        assert_eq!(verified["ok"], false, "{what}");
        assert!(problems(&verified).contains(&(path, kind.to_owned())), "{what}: {:?}", problems(&verified));
    }
    assert!(!world.folder.path().join("逃逸.txt").exists(), "nothing is unpacked by looking");

    let mut linked = ZipWriter::new(File::create(&changed).expect("a file"));
    for (name, bytes) in &whole {
        linked
            .start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Stored))
            .expect("an entry");
        linked.write_all(bytes).expect("written");
    }
    let link = format!("{top}/data/链接.jpg");
    linked.add_symlink(&link, "/etc/passwd", SimpleFileOptions::default()).expect("a link");
    linked.finish().expect("a ZIP");
    let verified = world.verify(&changed);
    assert!(problems(&verified).contains(&(link, "unreadable".into())), "a link is not followed: {verified}");

    let mut bomb = whole.clone();
    bomb.insert(format!("{top}/data/炸弹.bin"), vec![0; 64 << 20]);
    write(&bomb, &changed, CompressionMethod::Deflated);
    let verified = world.verify(&changed);
    assert!(problems(&verified).contains(&("data/炸弹.bin".into(), "container".into())), "it is not unpacked");
}

#[test]
fn a_photo_gone_from_the_disk_is_named_and_no_half_package_is_left() {
    let world = World::new();
    let application = world.application();
    let package = world.path("申报.zip");
    world.compile(&application, &package);
    let before = fs::read(&package).expect("the first package");
    let data: Value = serde_json::from_slice(
        &read(&package).into_iter().find(|(name, _)| name.ends_with("/application.json")).expect("data").1,
    )
    .expect("JSON");
    let spot = data["records"].as_array().into_iter().flatten().find(|record| record["kind"] == "spot");
    let photo = spot.expect("a spot")["fields"]["before"][0].clone();
    let sha256 = photo["sha256"].as_str().expect("a hash").to_owned();
    fs::remove_file(world.clerk.folder().join("attachments").join(&sha256[..2]).join(&sha256)).expect("it was there");
    let refused = world.clerk.refused(&["compile", &application, "--out", &text(&package)]).expect("refused");
    assert!(format!("{:?}", refused.fields).contains("ditch-before.jpg"), "by its name: {refused:?}");
    assert_eq!(fs::read(&package).expect("still there"), before, "the package that stood there stands there still");
    let beside = fs::read_dir(world.folder.path()).expect("a folder").flatten();
    let parts: Vec<_> =
        beside.map(|entry| entry.file_name()).filter(|name| name.to_string_lossy().contains("part")).collect();
    assert!(parts.is_empty(), "nothing half written: {parts:?}");
}

#[test]
fn a_name_that_no_font_has_is_named_before_anything_is_written() {
    let world = World::new();
    let application = world.add("application", &["name=高\u{e170}村整治（样例）", "year=2026", "programme=以奖促治"]);
    let package = world.path("申报.zip");
    let refused = world.clerk.refused(&["compile", &application, "--out", &text(&package)]).expect("refused");
    assert_eq!(refused.code, "glyphMissing");
    assert!(refused.fields.to_string().contains('\u{e170}'), "{refused:?}");
    assert!(!package.exists(), "nothing was written");
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_is_said_and_the_package_that_stood_there_stands_there_still() {
    let world = World::new();
    let application = world.application();
    let disk = SmallDisk::new(&world.path("优盘"), 12 << 10).expect("a small disk");
    let programs = Programs::built().expect("the programs build");
    let clerk = Laptop::new(&disk.seen_by(&programs), world.clerk.folder());
    let package = disk.folder().join("申报.zip");
    let first = clerk.ask(&["compile", &application, "--out", &text(&package), "--on", DAY]).expect("there is room");
    disk.fill(600).expect("filled");
    let refused = clerk.refused(&["compile", &application, "--out", &text(&package), "--on", DAY]).expect("refused");
    assert!(["fileUnwritable", "packageUnwritable"].contains(&refused.code.as_str()), "{refused:?}");
    disk.make_room().expect("room again");
    let again = clerk.ask(&["compile", &application, "--out", &text(&package), "--on", DAY]).expect("compiled");
    assert_eq!(again["sha256"], first["sha256"], "nothing half written was in the way");
    let verified = clerk.ask(&["verify", &text(&package)]).expect("whole");
    assert_eq!(verified["ok"], true);
}
