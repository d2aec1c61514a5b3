//! Bags written and checked: by this program, by the rules of RFC 8493 counted
//! out here again with nothing but SHA-256, and by someone who wants to cheat.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;

use bag::{
    Bag, BagError, Countersigner, Description, PayloadFile, ProblemKind, Receipt, Report, SignatureRole, Signer,
    Source, Written, countersign, verify,
};
use ed25519_dalek::{Signer as _, SigningKey};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

/// The files of a bag by path.
type Files = BTreeMap<String, Vec<u8>>;

fn about() -> Description {
    Description {
        organization: "盐城市亭湖区南洋镇人民政府".to_owned(),
        identifier: "SB-2026-A-1".to_owned(),
        date: "2026-04-20".to_owned(),
        software: "Nonghuan 0.1.0".to_owned(),
    }
}

fn payload() -> Vec<PayloadFile<'static>> {
    vec![
        PayloadFile::made("申报表.pdf", b"%PDF-1.7 sample".to_vec()),
        PayloadFile::made("照片/整治前 100%.jpg", vec![7; 300]),
        PayloadFile::made("照片/湖㳇村.jpg", vec![8; 200]),
        PayloadFile::made("application.json", br#"{"year":2026}"#.to_vec()),
        PayloadFile::made("空.txt", Vec::new()),
    ]
}

fn onward(_: u64, _: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// A whole bag in one go.
fn whole(
    out: impl io::Write,
    about: &Description,
    files: &[PayloadFile<'_>],
    signer: Option<&Signer<'_>>,
    progress: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Written, BagError> {
    let mut bag = Bag::begin(out, about);
    bag.add(files, progress)?;
    bag.end(signer)
}

fn written(files: &[PayloadFile<'_>], signed: bool) -> Result<(Vec<u8>, Written), BagError> {
    let key = SigningKey::from_bytes(&[3; 32]);
    let sign = |bytes: &[u8]| key.sign(bytes).to_bytes();
    let hex = hex::encode(key.verifying_key().to_bytes());
    let signer = Signer { by: "张三（南洋镇）".to_owned(), key: hex, sign: &sign };
    let mut out = Vec::new();
    let written = whole(&mut out, &about(), files, signed.then_some(&signer), &mut onward)?;
    Ok((out, written))
}

fn sample(signed: bool) -> Vec<u8> {
    written(&payload(), signed).expect("sound files").0
}

fn check(bytes: &[u8]) -> Report {
    verify(Cursor::new(bytes))
}

fn found(report: &Report) -> Vec<(&str, ProblemKind)> {
    report.problems.iter().map(|problem| (problem.path.as_str(), problem.kind)).collect()
}

/// The files of the ZIP by path in the bag, read by the ZIP library alone.
fn unpacked(bytes: &[u8]) -> Files {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a ZIP");
    (0..archive.len())
        .map(|i| {
            let mut entry = archive.by_index(i).expect("an entry");
            let path = entry.name().expect("UTF-8").into_owned();
            let inner = path.strip_prefix("SB-2026-A-1/").expect("one top folder").to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("whole");
            (inner, content)
        })
        .collect()
}

/// The ZIP of `files`, well made, as a cheat with good tools would make it.
fn repacked(files: &Files) -> Vec<u8> {
    use io::Write;
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (path, content) in files {
        target.start_file(format!("SB-2026-A-1/{path}"), stored).expect("an entry");
        target.write_all(content).expect("memory");
    }
    target.finish().expect("a ZIP").into_inner()
}

#[test]
fn a_bag_is_whole_by_the_rules_of_bagit_counted_independently() {
    let files = unpacked(&sample(true));
    assert_eq!(files["bagit.txt"], b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "section 2.1.1");
    let mut payload: Vec<&str> = files.keys().map(String::as_str).filter(|path| path.starts_with("data/")).collect();
    let manifest = String::from_utf8(files["manifest-sha256.txt"].clone()).expect("UTF-8");
    let mut listed = Vec::new();
    for line in manifest.lines() {
        let (sum, path) = line.split_once("  ").expect("a checksum, two spaces, a path");
        let path = path.replace("%25", "%");
        assert_eq!(sum, hex::encode(Sha256::digest(&files[&path])), "section 2.1.3: {path}");
        listed.push(path);
    }
    payload.sort_unstable();
    listed.sort_unstable();
    assert_eq!(listed, payload, "every payload file is listed once");
    let tags = String::from_utf8(files["tagmanifest-sha256.txt"].clone()).expect("UTF-8");
    for line in tags.lines() {
        let (sum, path) = line.split_once("  ").expect("a checksum, two spaces, a path");
        assert_eq!(sum, hex::encode(Sha256::digest(&files[path])), "section 2.2.1: {path}");
    }
    assert_eq!(tags.lines().count(), 3, "bagit.txt, bag-info.txt and the manifest");
    let info = String::from_utf8(files["bag-info.txt"].clone()).expect("UTF-8");
    let octets: usize = files.iter().filter(|(path, _)| path.starts_with("data/")).map(|(_, bytes)| bytes.len()).sum();
    assert!(info.contains(&format!("Payload-Oxum: {octets}.5\n")), "section 2.2.2: {info}");
}

#[test]
fn the_same_application_gives_the_same_bytes_and_says_their_hash() {
    let (bytes, written) = written(&payload(), true).expect("sound files");
    assert_eq!(bytes, sample(true), "compiled twice, it is the same package");
    assert_eq!(written.sha256, hex::encode(Sha256::digest(&bytes)), "the hash of the whole file");
    assert_eq!((written.bytes, written.files), (bytes.len() as u64, 10), "five payloads, five tag files");
}

#[test]
fn an_untouched_bag_is_whole_signed_or_not() {
    let report = check(&sample(true));
    assert!(report.ok, "{report:?}");
    assert_eq!(report.signatures.len(), 1, "one signature");
    assert!(report.signatures[0].ok && report.signatures[0].by == "张三（南洋镇）", "{report:?}");
    let report = check(&sample(false));
    assert!(report.ok && report.signatures.is_empty(), "an unsigned bag can be whole: {report:?}");
}

#[test]
fn a_package_of_the_older_order_is_still_whole_and_still_received() {
    let older = include_bytes!("packages/sorted.zip");
    assert_ne!(older.as_slice(), sample(true), "it is another order");
    assert_eq!(unpacked(older), unpacked(&sample(true)), "of the same files");
    let report = check(older);
    assert!(report.ok && report.signatures[0].ok, "{report:?}");
    assert!(check(&received(older).expect("whole and signed")).ok, "and countersigned like any other");
    for at in 0..older.len() {
        let mut bytes = older.to_vec();
        bytes[at] ^= 1 << (at % 8);
        assert!(!check(&bytes).ok, "byte {at} was changed unseen");
    }
}

#[test]
fn originals_are_written_before_what_is_made_of_them() {
    let (first, later): (Vec<_>, Vec<_>) = payload().into_iter().partition(|file| file.path.contains('/'));
    let mut out = Vec::new();
    let about = about();
    let mut bag = bag::Bag::begin(&mut out, &about);
    bag.add(&first, &mut onward).expect("sound files");
    bag.add(&later, &mut onward).expect("sound files");
    bag.end(None).expect("written");
    assert_eq!(out, written(&payload(), false).expect("sound files").0, "in two steps or in one, the same bytes");
    let mut bag = bag::Bag::begin(io::sink(), &about);
    bag.add(&later, &mut onward).expect("sound files");
    let refused = bag.add(&first, &mut onward);
    assert!(matches!(refused, Err(BagError::PackageUnwritable { .. })), "no second form of one package: {refused:?}");
}

#[test]
fn every_kind_of_cheating_leaves_its_trace() {
    use ProblemKind::{Added, Changed, Container, Missing, Signature};
    let cheat = |change: &dyn Fn(&mut Files)| {
        let mut files = unpacked(&sample(true));
        change(&mut files);
        check(&repacked(&files))
    };
    let cases: [(&str, Report, (&str, ProblemKind)); 6] = [
        (
            "a photo exchanged",
            cheat(&|f| f.get_mut("data/照片/湖㳇村.jpg").expect("there")[0] = 9),
            ("data/照片/湖㳇村.jpg", Changed),
        ),
        ("a photo taken out", cheat(&|f| drop(f.remove("data/照片/湖㳇村.jpg"))), ("data/照片/湖㳇村.jpg", Missing)),
        ("a photo put in", cheat(&|f| drop(f.insert("data/x.jpg".into(), vec![1]))), ("data/x.jpg", Added)),
        ("a tag file put in", cheat(&|f| drop(f.insert("note.txt".into(), vec![1]))), ("note.txt", Added)),
        ("the signature taken out", cheat(&|f| drop(f.remove("signature.json"))), ("signature.json", Missing)),
        ("nothing but packed anew", cheat(&|_| ()), ("", Container)),
    ];
    for (what, report, trace) in cases {
        assert!(!report.ok && found(&report).contains(&trace), "{what}: {report:?}");
    }
    // Photo, manifest and tag manifest all rewritten to agree: only the signature knows.
    let report = cheat(&|files| {
        files.insert("data/照片/湖㳇村.jpg".into(), vec![9; 200]);
        let sum = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let swap = |text: &[u8], old: &str, new: &str| String::from_utf8_lossy(text).replace(old, new).into_bytes();
        let manifest = swap(&files["manifest-sha256.txt"], &sum(&[8; 200]), &sum(&[9; 200]));
        let tags = swap(&files["tagmanifest-sha256.txt"], &sum(&files["manifest-sha256.txt"]), &sum(&manifest));
        files.insert("manifest-sha256.txt".into(), manifest);
        files.insert("tagmanifest-sha256.txt".into(), tags);
    });
    assert!(found(&report).contains(&("signature.json", Signature)), "{report:?}");
    assert!(report.signatures.iter().all(|signature| !signature.ok), "and says so of the signer");
}

#[test]
fn a_payload_that_is_not_what_was_attached_stops_the_writing() {
    let mut files = payload();
    files[2].source = Source::Bytes(vec![9; 200]);
    let refused = written(&files, true).expect_err("the bytes are others");
    assert_eq!(refused, BagError::PayloadDamaged { path: "照片/湖㳇村.jpg".to_owned() });
    files[2].source = Source::Bytes(vec![8; 199]);
    assert!(matches!(written(&files, true), Err(BagError::PayloadDamaged { .. })), "cut off is damaged too");
    files[2].source = Source::Open(Box::new(|| Err(io::Error::other("gone"))));
    assert!(matches!(written(&files, true), Err(BagError::PayloadUnreadable { .. })), "not there at all");
}

#[test]
fn paths_that_lead_outside_or_collide_are_refused() {
    for path in ["../a", "/a", "a//b", "a/./b", "c:\\a", "a\\b", "", "a."] {
        let refused = written(&[PayloadFile::made(path, vec![1])], false);
        assert!(matches!(refused, Err(BagError::BadPath { .. })), "`{path}`: {refused:?}");
    }
    let twice = [PayloadFile::made("A.jpg", vec![1]), PayloadFile::made("a.JPG", vec![2])];
    assert!(matches!(written(&twice, false), Err(BagError::DuplicatePath { .. })), "one file on Windows");
}

#[test]
fn a_foreign_zip_with_a_path_outside_is_a_problem_and_not_followed() {
    let mut files = unpacked(&sample(true));
    files.insert("../../outside.txt".into(), vec![1]);
    let report = check(&repacked(&files));
    assert!(
        found(&report).iter().any(|(path, kind)| path.ends_with("outside.txt") && *kind == ProblemKind::Unreadable),
        "{report:?}"
    );
}

#[test]
fn a_compressed_bomb_is_not_unpacked() {
    use io::Write;
    let mut target = zip::ZipWriter::new(Cursor::new(Vec::new()));
    target.start_file("SB/data/bomb", zip::write::SimpleFileOptions::default()).expect("an entry");
    target.write_all(&vec![0; 8 << 20]).expect("memory");
    let report = check(&target.finish().expect("a ZIP").into_inner());
    assert!(found(&report).contains(&("data/bomb", ProblemKind::Container)), "{report:?}");
}

#[test]
fn the_writing_tells_how_far_it_is_and_stops_on_request() {
    let mut told = Vec::new();
    let mut listen = |done, total| {
        told.push((done, total));
        ControlFlow::Continue(())
    };
    whole(io::sink(), &about(), &payload(), None, &mut listen).expect("sound files");
    let (done, total) = told.last().copied().expect("it was told");
    assert_eq!(done, total, "at the end, all is done");
    assert!(told.is_sorted(), "and it never went backwards");
    let stopped = whole(io::sink(), &about(), &payload(), None, &mut |_, _| ControlFlow::Break(()));
    assert_eq!(stopped, Err(BagError::Cancelled), "a person may change their mind");
}

/// A source of any length that costs no memory.
struct Endless(u64);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(usize::try_from(self.0).unwrap_or(usize::MAX));
        buffer[..length].fill(5);
        self.0 -= length as u64;
        Ok(length)
    }
}

#[test]
fn long_files_stream_through() {
    const LENGTH: u64 = 40 << 20;
    let mut hash = Sha256::new();
    io::copy(&mut Endless(LENGTH), &mut hash).expect("a hash takes every byte");
    let open = || Ok(Box::new(Endless(LENGTH)) as Box<dyn Read>);
    let file = PayloadFile {
        path: "视频.mp4".to_owned(),
        source: Source::Open(Box::new(open)),
        sha256: hex::encode(hash.finalize()),
        bytes: LENGTH,
    };
    let (bytes, _) = written(&[file], false).expect("a sound file");
    assert!(check(&bytes).ok, "and is whole at the other end");
}

#[derive(Debug, Clone)]
enum Harm {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        4 => (index(), 1..=255_u8).prop_map(|(at, bits)| Harm::Flip(at, bits)),
        1 => index().prop_map(Harm::Cut),
        2 => (index(), any::<u8>()).prop_map(|(at, byte)| Harm::Insert(at, byte)),
        1 => index().prop_map(Harm::Remove),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_byte_can_be_changed_cut_or_added_unseen(harm in harm(), signed in any::<bool>()) {
        let mut bytes = sample(signed);
        match harm {
            Harm::Flip(at, bits) => { let at = at.index(bytes.len()); bytes[at] ^= bits; }
            Harm::Cut(at) => bytes.truncate(at.index(bytes.len())),
            Harm::Insert(at, byte) => bytes.insert(at.index(bytes.len() + 1), byte),
            Harm::Remove(at) => { bytes.remove(at.index(bytes.len())); }
        }
        prop_assert!(!check(&bytes).ok);
    }

    #[test]
    fn random_bytes_are_no_bag_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..600), zip in any::<bool>()) {
        let mut file = if zip { b"PK\x05\x06".to_vec() } else { Vec::new() };
        file.extend(bytes);
        prop_assert!(!check(&file).ok);
    }
}

#[test]
fn every_single_bit_of_a_small_bag_counts() {
    let files = [PayloadFile::made("a", b"1".to_vec())];
    let (whole, _) = written(&files, true).expect("sound files");
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(!check(&bytes).ok, "byte {at} was changed unseen");
    }
}

/// The bag received by the district, whose key is another.
fn received(bytes: &[u8]) -> Result<Vec<u8>, BagError> {
    let key = SigningKey::from_bytes(&[5; 32]);
    let receipt = Receipt::of(Cursor::new(bytes))?;
    let by = Countersigner {
        by: "盐城市亭湖区".to_owned(),
        key: hex::encode(key.verifying_key().to_bytes()),
        received_at: "2026-04-21T09:00:00+08:00".to_owned(),
        device: "A 王芳".to_owned(),
        sign: &|bytes| key.sign(bytes).to_bytes(),
    };
    let mut out = Vec::new();
    let written = countersign(receipt, &by, &mut out)?;
    assert_eq!(written.sha256, hex::encode(Sha256::digest(&out)), "it says the hash of what it wrote");
    Ok(out)
}

#[test]
fn a_received_bag_bears_both_signatures_and_is_otherwise_what_was_handed_in() {
    let handed_in = sample(true);
    let bytes = received(&handed_in).expect("whole and signed");
    let report = check(&bytes);
    assert!(report.ok, "{report:?}");
    let roles: Vec<SignatureRole> = report.signatures.iter().map(|signature| signature.role).collect();
    assert_eq!(roles, [SignatureRole::Device, SignatureRole::District], "one word each");
    let district = &report.signatures[1];
    assert!(district.ok && district.device.as_deref() == Some("A 王芳"), "{district:?}");
    assert_eq!(district.at.as_deref(), Some("2026-04-21T09:00:00+08:00"), "when it was received");
    let mut files = unpacked(&bytes);
    files.remove("countersignature.json").expect("there");
    assert_eq!(files, unpacked(&handed_in), "the files are those that were handed in");
    assert_eq!(received(&handed_in).expect("again"), bytes, "the same receipt is the same file");
    assert!(matches!(received(&bytes), Err(BagError::CountersignedAlready { .. })), "once is enough");
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1 << (at % 8);
        assert!(!check(&bytes).ok, "byte {at} was changed unseen");
    }
}

#[test]
fn a_bag_that_is_altered_or_unsigned_is_not_received() {
    let mut bytes = sample(true);
    let at = bytes.windows(4).position(|window| window == [8; 4]).expect("the photo");
    bytes[at] ^= 1;
    assert_eq!(received(&bytes), Err(BagError::PackageNotWhole { path: "data/照片/湖㳇村.jpg".to_owned() }));
    assert_eq!(received(&sample(false)), Err(BagError::PackageUnsigned));
}

#[test]
fn a_countersignature_that_was_put_over_another_bag_does_not_hold() {
    let other = written(&[PayloadFile::made("a", b"1".to_vec())], true).expect("sound").0;
    let foreign = unpacked(&received(&sample(true)).expect("received"));
    let mut files = unpacked(&other);
    files.insert("countersignature.json".into(), foreign["countersignature.json"].clone());
    let report = check(&repacked(&files));
    assert!(found(&report).contains(&("countersignature.json", ProblemKind::Signature)), "{report:?}");
}

/// A long file whose bytes are others the second time they are read.
#[test]
fn a_long_file_that_changes_while_it_is_read_stops_the_writing() {
    const LENGTH: u64 = 20 << 20;
    let mut hash = Sha256::new();
    io::copy(&mut Endless(LENGTH), &mut hash).expect("a hash takes every byte");
    let opened = std::sync::atomic::AtomicUsize::new(0);
    let open = || -> io::Result<Box<dyn Read>> {
        let first = opened.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        let end = if first { Cursor::new(vec![5_u8; 10]) } else { Cursor::new(vec![6_u8; 10]) };
        Ok(Box::new(Endless(LENGTH - 10).chain(end)))
    };
    let file = PayloadFile {
        path: "视频.mp4".to_owned(),
        source: Source::Open(Box::new(open)),
        sha256: hex::encode(hash.finalize()),
        bytes: LENGTH,
    };
    assert_eq!(written(&[file], false).err(), Some(BagError::PayloadDamaged { path: "视频.mp4".to_owned() }));
}
